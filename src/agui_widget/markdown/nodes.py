"""The node tree of `docs/nodes.md`: its types, its lists, and how nodes are made."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeAlias

from ..nodes import utf16_length

# An element is {"t": name, "a": attributes, "c": children}; a text is a string. Plain JSON, never changed once made.
Element: TypeAlias = dict[str, Any]
Node: TypeAlias = str | Element

width = utf16_length  # the browser counts in UTF-16 units

_PLAIN = (
    "p h1 h2 h3 h4 h5 h6 blockquote ul hr br strong em del code sub sup kbd mark u s small dl dt dd summary figure "
    "figcaption div span table thead tbody tr note"
)
_GEOMETRY = "x y x1 y1 x2 y2 cx cy r rx ry dx dy d points width height viewBox transform pathLength preserveAspectRatio"
_PRESENTATION = (
    "fill fill-opacity fill-rule stroke stroke-width stroke-opacity stroke-linecap stroke-linejoin stroke-dasharray "
    "stroke-dashoffset stroke-miterlimit opacity color font-size font-family font-weight font-style text-anchor "
    "dominant-baseline letter-spacing"
)
_SHAPES = "svg g path circle rect line polyline polygon ellipse text tspan title"
SHAPES = frozenset(_SHAPES.split())
SHAPE_ATTRIBUTES = frozenset(f"{_GEOMETRY} {_PRESENTATION}".split())

# Every element of a tree with every attribute it may have. `js/src/nodes.ts` has the same list.
ELEMENTS: dict[str, frozenset[str]] = {
    **{name: frozenset[str]() for name in _PLAIN.split()},
    **dict.fromkeys(SHAPES, SHAPE_ATTRIBUTES),
    "abbr": frozenset({"title"}),
    "details": frozenset({"open"}),
    "ol": frozenset({"start"}),
    "li": frozenset({"task", "n"}),
    "th": frozenset({"align", "colspan", "rowspan"}),
    "td": frozenset({"align", "colspan", "rowspan"}),
    "a": frozenset({"href", "host", "title"}),
    "img": frozenset({"src", "alt", "title", "width", "height"}),
    "video": frozenset({"src", "title"}),
    "audio": frozenset({"src", "title"}),
    "fence": frozenset({"lang", "open", "runs"}),
    "math": frozenset({"display"}),
    "fnref": frozenset({"n", "to"}),
    "footnotes": frozenset(),
    "cite": frozenset({"n"}),
}

INLINE = frozenset(
    "a abbr audio br cite code del em fnref img kbd mark math s small span strong sub sup svg u video".split()
)


def element(name: str, attributes: dict[str, Any] | None = None, children: Iterable[Node] = ()) -> Element:
    """An element; empty attributes and children are left out, neighbouring texts become one."""
    made: Element = {"t": name}
    if attributes:
        made["a"] = attributes
    joined = join(children)
    if joined:
        made["c"] = joined
    return made


def join(nodes: Iterable[Node]) -> list[Node]:
    """The same nodes without empty texts, and with neighbouring texts in one."""
    joined: list[Node] = []
    texts: list[str] = []
    for node in nodes:
        if isinstance(node, str):
            texts.append(node)
            continue
        if text := "".join(texts):
            joined.append(text)
        texts.clear()
        joined.append(node)
    if text := "".join(texts):
        joined.append(text)
    return joined


def note(remark: str) -> Element:
    """A remark of ours, shown apart from what the agent said."""
    return element("note", None, [remark])
