"""HTML of others without what it would load: for hosts that draw it, and fetch what it names, before anybody looks.

The HTML is read and written anew, so that what stands in it is what was looked at. It may still be hostile: it is
shown where no script runs. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from html import escape, unescape
from typing import Any, NamedTuple, TypeAlias

Attributes: TypeAlias = Sequence[tuple[str, str | None]]

# Elements that load, run or turn the rest into something else; what stands in those of the second list goes too.
DROPPED = frozenset("base link meta embed frame frameset param animate animatemotion animatetransform set".split())
DROPPED_WHOLE = frozenset(
    "script iframe object applet noscript noembed noframes template xmp plaintext portal fencedframe".split()
)
RAW = frozenset("style script xmp iframe noembed noframes noscript plaintext".split())  # hold no elements
INLINE = frozenset("a abbr b code em font i kbd mark q s samp small span strong sub sup u var".split())
CELLS = frozenset("td th".split())
ADDRESSES = frozenset("src href xlink:href".split())
DROPPED_ATTRIBUTES = frozenset(
    "srcset imagesrcset ping poster background data action formaction srcdoc code codebase archive lowsrc dynsrc "
    "longdesc manifest profile cite attributionsrc".split()
)

MAX_TAGS = 100_000  # and what stands behind them is left out: a second's work, and more than a frame can show

_TAG = re.compile(r"<(?P<end>/?)(?P<name>[a-zA-Z][^\s/>]*)")
_NOTE = re.compile(r"<(?:!--(?:-?>|.*?(?:--!?>|\Z))|[!?/][^>]*(?:>|\Z))", re.DOTALL)
_ATTRIBUTE = re.compile(
    r"[\s/]*(?:(?P<end>>)|(?P<name>[^\s/>][^\s/>=]*)"
    r"(?:\s*=\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[^\s\"'>][^\s>]*))?)?)"
)
_NAME = re.compile(r"[a-z_][\w:.-]*")
_ESCAPED_LETTER = re.compile(r"\\(?:0{0,4}([2-7][0-9a-f])[ \t\r\n\f]?|([g-z@(:-]))", re.IGNORECASE)
_ADDRESS = re.compile(r"url\((?!\s*(?:['\"]\s*)?(?:data:(?:image|font)/|#))[^)]*\)?", re.IGNORECASE)
_IMPORT = re.compile(r"@(?:import|namespace)\b[^;]*;?", re.IGNORECASE)
_LOADING = re.compile(r"(?<![\w-])(?:(?:-webkit-)?(?:image-set|cross-fade)|image|src)\([^)]*\)?", re.IGNORECASE)
_EMBEDDED = re.compile(r"\s*(?:#|data:(?:image|audio|video)/)", re.IGNORECASE)
_LINK = re.compile(r"\s*(?:#|https?:|mailto:)", re.IGNORECASE)
_COMMENT = re.compile(r"/\*.*?(?:\*/|$)", re.DOTALL)


def without_loads(html: str) -> str:
    """The HTML with only what it carries itself: pictures as data, links to follow, styles without addresses."""
    return "".join(WRITERS[token.kind](token) for token in _kept(_tokens(html)))


def style_without_loads(css: str) -> str:
    """A style sheet, or the declarations of one element, that names nothing to load."""
    plain = _ESCAPED_LETTER.sub(_unescaped, _COMMENT.sub("", css).replace("<", ""))
    return _LOADING.sub("none", _ADDRESS.sub("none", _IMPORT.sub("", plain)))


def output_without_loads(value: dict[str, Any]) -> dict[str, Any]:
    """An output whose HTML loads nothing."""
    data = value.get("data")
    if not isinstance(data, dict) or not isinstance(data.get("text/html"), str):
        return value
    return {**value, "data": {**data, "text/html": without_loads(data["text/html"])}}


def text_of(html: str) -> str:
    """The words of the HTML, a line for each block of it."""
    words = "".join(SPACES[token.kind](token) for token in _kept(_tokens(html)))
    lines = (" ".join(line.split()) for line in words.split("\n"))
    return "\n".join(filter(None, lines))


def _unescaped(match: re.Match[str]) -> str:
    """A letter that was written as an escape; quotes and the like stay as they are."""
    letter = chr(int(match[1], 16)) if match[1] else match[2]
    return letter if letter.isalpha() or letter in "@(:-" else match[0]


# -- reading -----------------------------------------------------------------------------------------


class _Token(NamedTuple):
    """A start or end tag with its name, a text, or the raw content of an element that holds no others."""

    kind: str
    text: str
    attributes: Attributes = ()


def _tokens(html: str) -> Iterator[_Token]:
    """What a browser would find, in linear time: what is not closed takes the rest with it."""
    html = "<".join(html.split("<", MAX_TAGS)[:MAX_TAGS])
    at = 0
    while at < len(html):
        start = _TAG.match(html, at)
        if start is not None:
            attributes, at = _attributes(html, start.end())
            if attributes is None:
                return
            name = start["name"].lower()
            yield _Token("end" if start["end"] else "start", name, attributes)
            if name in RAW and not start["end"]:
                closing = re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE).search(html, at)
                content, at = html[at : closing.start() if closing else None], closing.start() if closing else len(html)
                yield _Token("raw", content)
        elif note := _NOTE.match(html, at):
            at = note.end()
        else:
            end = html.find("<", at + 1)
            text, at = html[at : end if end > 0 else None], end if end > 0 else len(html)
            yield _Token("text", unescape(text))


def _attributes(html: str, at: int) -> tuple[Attributes | None, int]:
    """The attributes of a tag, and where it ends; None for a tag that does not end, which is none."""
    found: list[tuple[str, str | None]] = []
    while match := _ATTRIBUTE.match(html, at):
        at = match.end()
        if match["end"]:
            return found, at
        value = next((match[kind] for kind in ("double", "single", "bare") if match[kind] is not None), None)
        found.append((match["name"].lower(), None if value is None else unescape(value)))
    return None, len(html)


def _kept(tokens: Iterable[_Token]) -> Iterator[_Token]:
    """The tokens without those of elements that go, some of them with all they hold."""
    dropped, depth = "", 0
    for token in tokens:
        if dropped:
            depth += {"start": 1, "end": -1}.get(token.kind, 0) if token.text == dropped else 0
            dropped = dropped if depth else ""
        elif token.kind == "start" and token.text in DROPPED_WHOLE:
            dropped, depth = token.text, 1
        elif token.kind in ("text", "raw") or _is_kept(token.text):
            yield token


def _is_kept(name: str) -> bool:
    return name not in DROPPED and name not in DROPPED_WHOLE and _NAME.fullmatch(name) is not None


# -- writing -----------------------------------------------------------------------------------------


def _start(token: _Token) -> str:
    return f"<{token.text}{''.join(_attribute(token.text, *each) for each in token.attributes)}>"


def _attribute(tag: str, name: str, value: str | None) -> str:
    """One attribute as it may stay, or nothing."""
    text = value or ""
    if not _NAME.fullmatch(name) or name.startswith("on") or name in DROPPED_ATTRIBUTES:
        return ""
    if name in ADDRESSES and not (_LINK if tag in ("a", "area") else _EMBEDDED).match(text):
        return ""
    if name == "style" or "(" in text or "\\" in text:
        text = style_without_loads(text) if name not in ("title", "alt") else text
    return f" {name}" if value is None else f' {name}="{escape(text)}"'


WRITERS: dict[str, Callable[[_Token], str]] = {
    "start": _start,
    "end": lambda token: f"</{token.text}>",
    "text": lambda token: escape(token.text, quote=False),
    "raw": lambda token: style_without_loads(token.text),
}
SPACES: dict[str, Callable[[_Token], str]] = {
    "start": lambda token: "" if token.text in INLINE else "  " if token.text in CELLS else "\n",
    "end": lambda token: "",
    "text": lambda token: token.text,
    "raw": lambda token: "",
}
