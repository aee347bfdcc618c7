"""Raw HTML in a message, read into the same tree through a list; what is not on the list stays text.

Where a tag ends is decided by the CommonMark grammar, alike in every Python; what it says by `html.parser`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

from . import bounds, shapes, urls
from .engine import unescape
from .nodes import INLINE, SHAPE_ATTRIBUTES, SHAPES, Node, element, join

_ATTRIBUTE = r"""\s+[a-zA-Z_:][a-zA-Z0-9_.:-]*(?:\s*=\s*(?:[^\s"'=<>`]+|'[^']*'|"[^"]*"))?"""
TAG = re.compile(rf"<[a-zA-Z][a-zA-Z0-9-]*(?:{_ATTRIBUTE})*\s*/?>|</[a-zA-Z][a-zA-Z0-9-]*\s*>")
_TAG_OR_MARK = re.compile(rf"{TAG.pattern}|<!--|<\?|<!(?=[A-Za-z])")
_MARK_ENDS = {"<!--": "-->", "<?": "?>", "<!": ">"}
_NAME = re.compile(r"</?([a-zA-Z][a-zA-Z0-9-]*)")
_SPACE = re.compile(r"[ \t]*\n\s*")

_SAME = (
    "a abbr audio blockquote br code dd del details div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr img kbd li "
    "mark ol p s small span strong sub summary sup table tbody td th thead tr u ul video"
)
# The HTML elements that are read, and what they become.
ELEMENTS: dict[str, str] = {
    **{name: name for name in _SAME.split()},
    **{shape.lower(): shape for shape in SHAPES},
    **{"b": "strong", "i": "em", "var": "em", "samp": "code", "tt": "code"},
    **{"ins": "u", "strike": "s", "tfoot": "tbody"},
}
VOID = frozenset({"br", "hr", "img"})
_RAW_TEXT = frozenset("script style textarea iframe noscript noembed noframes xmp template plaintext".split())
_PARENTS: dict[str, frozenset[str]] = {
    "summary": frozenset({"details"}),
    "figcaption": frozenset({"figure"}),
    "li": frozenset({"ul", "ol"}),
    "dt": frozenset({"dl"}),
    "dd": frozenset({"dl"}),
    "thead": frozenset({"table"}),
    "tbody": frozenset({"table"}),
    "tr": frozenset({"table", "thead", "tbody"}),
    "th": frozenset({"tr"}),
    "td": frozenset({"tr"}),
}
# What an element closes by beginning; the search for it stops at the parent it needs.
_CLOSES: dict[str, frozenset[str]] = {
    "li": frozenset({"li", "p"}),
    "dt": frozenset({"dt", "dd", "p"}),
    "dd": frozenset({"dt", "dd", "p"}),
    "tr": frozenset({"tr", "td", "th", "p"}),
    "td": frozenset({"td", "th", "p"}),
    "th": frozenset({"td", "th", "p"}),
    "thead": frozenset({"thead", "tbody", "tr", "td", "th", "p"}),
    "tbody": frozenset({"thead", "tbody", "tr", "td", "th", "p"}),
}
# These stay open from one block of HTML to the next, so that Markdown may stand in them.
_LASTING = frozenset("details div blockquote ul ol li dl dd table thead tbody tr td th figure".split())
_ONLY_ELEMENTS = frozenset("ul ol dl table thead tbody tr svg g".split())


@dataclass(slots=True)
class _Frame:
    name: str
    attributes: dict[str, Any]
    children: list[Node]


class Builder:
    """Puts nodes, and the tags between them, together; `nodes()` closes what is still open."""

    def __init__(self, *, is_inline: bool, depth: int = 0) -> None:
        self._is_inline = is_inline
        self._depth = depth
        self._root: list[Node] = []
        self._stack: list[_Frame] = []

    @property
    def is_nested(self) -> bool:
        """Whether a tag is open."""
        return bool(self._stack)

    def add(self, *nodes: Node) -> None:
        """Append nodes to the innermost open element."""
        (self._stack[-1].children if self._stack else self._root).extend(nodes)

    def nodes(self) -> list[Node]:
        """Everything, once."""
        self._close(0)
        return join(self._root)

    def html(self, raw: str) -> None:
        """Read a block of HTML; what it leaves open ends with it, except for what may have Markdown in it."""
        root, self._root = self._root, []
        for piece, is_tag in _pieces(raw):
            self.tag(piece) if is_tag else self._text(piece)
        lasting = next((at for at, frame in enumerate(self._stack) if frame.name not in _LASTING), len(self._stack))
        self._close(lasting)
        added, self._root = self._root, root
        self._root.extend(_paragraphs(added))

    def tag(self, raw: str) -> None:
        """Read one tag; it is text if it is not on the list or does not fit."""
        match = _NAME.match(raw)
        name = ELEMENTS.get(match[1].lower()) if match else None
        if name is None or (self._is_inline and name not in INLINE | SHAPES):
            self.add(raw)
        elif raw.startswith("</"):
            self._end(name, raw)
        else:
            self._start(name, raw)

    def _start(self, name: str, raw: str) -> None:
        self._close_implied(name)
        attributes = _attributes(name, raw) if self._fits(name) else None
        if attributes is None or self._depth + len(self._stack) >= bounds.MAX_DEPTH:
            self.add(raw)
        elif name in VOID or (name in SHAPES and raw.endswith("/>")):
            self.add(element(name, attributes))
        else:
            self._stack.append(_Frame(name, attributes, []))

    def _fits(self, name: str) -> bool:
        inside = self._stack[-1].name if self._stack else ""
        if inside in SHAPES or (name in SHAPES and name != "svg"):
            return inside in SHAPES and name in SHAPES
        if name == "a" and any(frame.name == "a" for frame in self._stack):
            return False
        return name not in _PARENTS or inside in _PARENTS[name]

    def _close_implied(self, name: str) -> None:
        closes = _CLOSES.get(name, frozenset())
        at = len(self._stack)
        while at and self._stack[at - 1].name in closes:
            at -= 1
        if closes:
            self._close(at)

    def _end(self, name: str, raw: str) -> None:
        if name in VOID:
            return
        for at in range(len(self._stack) - 1, -1, -1):
            if self._stack[at].name == name:
                self._close(at)
                return
        self.add(raw)

    def _close(self, height: int) -> None:
        while len(self._stack) > height:
            frame = self._stack.pop()
            self.add(element(frame.name, frame.attributes, frame.children))

    def _text(self, text: str) -> None:
        inside = self._stack[-1].name if self._stack else ""
        if text.strip():
            self.add(_SPACE.sub("\n", unescape(text)))
        elif inside and inside not in _ONLY_ELEMENTS and "\n" not in text:
            self.add(" ")


def _pieces(raw: str) -> Iterator[tuple[str, bool]]:
    """The texts and the tags of a block of HTML; comments, and what stands in a script, are each one text."""
    end = start = 0
    while match := _TAG_OR_MARK.search(raw, end):
        end, is_tag = _piece_end(raw, match)
        if not is_tag:
            continue
        if match.start() > start:
            yield raw[start : match.start()], False
        yield match[0], True
        start = end
    if start < len(raw):
        yield raw[start:], False


def _piece_end(raw: str, match: re.Match[str]) -> tuple[int, bool]:
    """Where a tag, a comment or a script ends, and whether it is a tag."""
    if closing := _MARK_ENDS.get(match[0]):
        end = raw.find(closing, match.end())
        return (end + len(closing) if end >= 0 else len(raw)), False
    name = _NAME.match(match[0])
    if name is None or name[1].lower() not in _RAW_TEXT or match[0].startswith("</"):
        return match.end(), True
    found = re.compile(rf"</{name[1]}\s*>", re.IGNORECASE).search(raw, match.end())
    return (found.end() if found else len(raw)), False


def _paragraphs(nodes: list[Node]) -> list[Node]:
    """Loose text and inline elements as paragraphs: a document is a list of blocks."""
    blocks: list[Node] = []
    loose: list[Node] = []

    def flush() -> None:
        stripped = strip(join(loose))
        if stripped:
            blocks.append(element("p", None, stripped))
        loose.clear()

    for node in nodes:
        if isinstance(node, str) or node["t"] in INLINE:
            loose.append(node)
            continue
        flush()
        blocks.append(node)
    flush()
    return blocks


def strip(nodes: list[Node]) -> list[Node]:
    """The nodes without white space at their two ends."""
    if nodes and isinstance(nodes[0], str):
        nodes = [nodes[0].lstrip(), *nodes[1:]]
    if nodes and isinstance(nodes[-1], str):
        nodes = [*nodes[:-1], nodes[-1].rstrip()]
    return join(nodes)


# Attributes


class _TagReader(HTMLParser):
    attributes: dict[str, str]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found: dict[str, str] = {}
        for name, value in attrs:
            found.setdefault(name, value or "")
        self.attributes = found


def _read(raw: str) -> dict[str, str]:
    reader = _TagReader(convert_charrefs=True)
    reader.attributes = {}
    reader.feed(raw)
    return reader.attributes


def _attributes(name: str, raw: str) -> dict[str, Any] | None:
    """The listed attributes with fit values; None if the element is nothing without one that is missing."""
    given = _read(raw)
    if name in SHAPES:
        return _shape_attributes(given)
    needs = _NEEDS.get(name)
    needed = needs(given) if needs else {}
    if needed is None:
        return None
    kept = {key: clean(given[key]) for key, clean in _KEEPS.get(name, {}).items() if key in given}
    return {**needed, **{key: value for key, value in kept.items() if value not in (None, "")}}


def _link(given: dict[str, str]) -> dict[str, Any] | None:
    address = urls.link(given.get("href", "").strip())
    return {"href": address.href, "host": address.host} if address else None


def _image(given: dict[str, str]) -> dict[str, Any] | None:
    source = urls.image(given.get("src", "").strip())
    return {"src": source, "alt": given.get("alt", "")} if source else None


def _media(given: dict[str, str]) -> dict[str, Any] | None:
    source = urls.media(given.get("src", "").strip())
    return {"src": source} if source else None


def _number(highest: int) -> Callable[[str], int | None]:
    def clean(value: str) -> int | None:
        match = re.fullmatch(r"\s*([0-9]{1,9})(?:px)?\s*", value)
        return int(match[1]) if match and int(match[1]) <= highest else None

    return clean


def _align(value: str) -> str | None:
    return value.lower() if value.lower() in ("left", "center", "right") else None


def _text_of(value: str) -> str:
    return value


_NEEDS: dict[str, Callable[[dict[str, str]], dict[str, Any] | None]] = {
    "a": _link,
    "img": _image,
    "video": _media,
    "audio": _media,
}
_CELL: dict[str, Callable[[str], Any]] = {"align": _align, "colspan": _number(100), "rowspan": _number(100)}
_KEEPS: dict[str, dict[str, Callable[[str], Any]]] = {
    "a": {"title": _text_of},
    "abbr": {"title": _text_of},
    "audio": {"title": _text_of},
    "details": {"open": lambda value: True},
    "img": {"title": _text_of, "width": _number(4096), "height": _number(4096)},
    "ol": {"start": _number(999_999_999)},
    "td": _CELL,
    "th": _CELL,
    "video": {"title": _text_of},
}

_SHAPE_CASE = {name.lower(): name for name in SHAPE_ATTRIBUTES}


def _shape_attributes(given: dict[str, str]) -> dict[str, Any]:
    return shapes.fit({_SHAPE_CASE[name]: value for name, value in given.items() if name in _SHAPE_CASE})
