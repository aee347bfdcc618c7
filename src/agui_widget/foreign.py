"""HTML of others without what it would load: for hosts that draw it, and fetch what it names, before anybody looks.

The HTML is read and written anew, so that what stands in it is what was looked at. It may still be hostile: it is
shown where no script runs. Pure.
"""

from __future__ import annotations

import re
from html import escape
from html.parser import HTMLParser
from typing import Any

# Elements that load, run or turn the rest into something else; what stands in those of the second list goes too.
DROPPED = frozenset("base link meta embed frame frameset param animate animatemotion animatetransform set".split())
DROPPED_WHOLE = frozenset(
    "script iframe object applet noscript noembed noframes template xmp plaintext portal fencedframe".split()
)
INLINE = frozenset("a abbr b code em font i kbd mark q s samp small span strong sub sup u var".split())
CELLS = frozenset("td th".split())
ADDRESSES = frozenset("src href xlink:href".split())
DROPPED_ATTRIBUTES = frozenset(
    "srcset imagesrcset ping poster background data action formaction srcdoc code codebase archive lowsrc dynsrc "
    "longdesc manifest profile cite attributionsrc".split()
)

_NAME = re.compile(r"[a-z_][\w:.-]*")
_ESCAPED_LETTER = re.compile(r"\\(?:0{0,4}([2-7][0-9a-f])[ \t\r\n\f]?|([g-z@(:-]))", re.IGNORECASE)
_ADDRESS = re.compile(r"url\(\s*(?!['\"]?\s*(?:data:(?:image|font)/|#))[^)]*\)?", re.IGNORECASE)
_IMPORT = re.compile(r"@(?:import|namespace)\b[^;]*;?", re.IGNORECASE)
_LOADING = re.compile(r"(?<![\w-])(?:(?:-webkit-)?(?:image-set|cross-fade)|image|src)\([^)]*\)?", re.IGNORECASE)
_EMBEDDED = re.compile(r"\s*(?:#|data:(?:image|audio|video)/)", re.IGNORECASE)
_LINK = re.compile(r"\s*(?:#|https?:|mailto:)", re.IGNORECASE)
_COMMENT = re.compile(r"/\*.*?(?:\*/|$)", re.DOTALL)


def without_loads(html: str) -> str:
    """The HTML with only what it carries itself: pictures as data, links to follow, styles without addresses."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return "".join(reader.written)


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
    reader = _Words()
    reader.feed(html)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.written).split("\n"))
    return "\n".join(filter(None, lines))


def _unescaped(match: re.Match[str]) -> str:
    """A letter that was written as an escape; quotes and the like stay as they are."""
    letter = chr(int(match[1], 16)) if match[1] else match[2]
    return letter if letter.isalpha() or letter in "@(:-" else match[0]


class HtmlReader(HTMLParser):
    """`html.parser` that takes any text: a marked section that is none is a comment, as in browsers."""

    def parse_marked_section(self, i: int, report: int = 1) -> int:
        """The end of a section; -1 if it is not there yet."""
        return self.parse_bogus_comment(i, bool(report))


class _Reader(HtmlReader):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.written: list[str] = []
        self._dropped: list[str] = []  # the elements that go with all they hold, and that are open
        self._is_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in DROPPED_WHOLE:
            self._dropped.append(tag)
        elif not self._dropped and tag not in DROPPED and _NAME.fullmatch(tag):
            self.written.append(f"<{tag}{''.join(_attribute(tag, *each) for each in attrs)}>")
            self._is_style = tag == "style"

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag in DROPPED_WHOLE:
            self._dropped.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag in self._dropped:
            while self._dropped.pop() != tag:
                pass
        elif not self._dropped and tag not in DROPPED and _NAME.fullmatch(tag):
            self.written.append(f"</{tag}>")
        self._is_style = False

    def handle_data(self, data: str) -> None:
        if not self._dropped:
            self.written.append(style_without_loads(data) if self._is_style else escape(data, quote=False))


class _Words(_Reader):
    """Takes the text alone; cells of a row stay apart."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        before = len(self.written)
        super().handle_starttag(tag, [])
        self.written[before:] = ["" if tag in INLINE else "  " if tag in CELLS else "\n"] * (len(self.written) - before)

    def handle_endtag(self, tag: str) -> None:
        before = len(self.written)
        super().handle_endtag(tag)
        del self.written[before:]

    def handle_data(self, data: str) -> None:
        if not self._dropped and not self._is_style:
            self.written.append(data)


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
