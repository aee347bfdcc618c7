"""A flow drawn without a page, for who reads a transcript: cards with their words, and arrows between them. Pure."""

from __future__ import annotations

from itertools import pairwise
from textwrap import wrap
from typing import Any, NamedTuple
from unicodedata import east_asian_width

from ..flow import Flow, lines
from ..literal import literal
from ..markdown.nodes import Element, element
from .flow_layout import Edge, Layout, Point, laid_out

MAX_NODES = 60  # more cannot be read on a page
MAX_EDGES = 120
WIDEST = 1_000  # what is wider goes from top to bottom, whatever it says: paper is narrow

HEADING, LABEL, NOTE = 14, 13, 11.5  # sizes of the fonts
HEADING_CHARS, LABEL_CHARS, NOTE_CHARS, TAG_CHARS = 80, 26, 34, 24
WORDS_CHARS = 300  # that are looked at of each text
SAID_CHARS = 2_000  # of all edges in words
INSET, PADDING, LINE, MARGIN = 14, 9, 18, 16
NARROWEST = 72
HEAD, HALF_HEAD = 8, 3.5  # how long an arrow's head is, and half of how wide

INK, SOFT, GREY, PAPER = "#212121", "#5f6368", "#8d9196", "#fff"
GREEN, BLUE, TEAL, PURPLE, AMBER, RED = "#2e7d32", "#1562ac", "#0f766e", "#7b3fb5", "#9a5b00", "#c62828"
TONES = {
    "start": GREEN,
    "agent": BLUE,
    "model": BLUE,
    "tool": TEAL,
    "decision": AMBER,
    "data": PURPLE,
    "human": AMBER,
    "error": RED,
}
ROUND = ("start", "end")
FONT = {"font-family": "system-ui, sans-serif", "text-anchor": "middle", "dominant-baseline": "central"}


def picture(flow: Flow) -> Element | None:
    """The flow as an `svg` of the node tree; None if there is nothing in it, or more than can be read on a page."""
    if not 0 < len(flow.nodes) <= MAX_NODES or len(flow.edges) > MAX_EDGES:
        return None
    tags = _tags(flow)
    cards = [_card(node, tags.pop((at, at), None)) for at, node in enumerate(flow.nodes)]
    is_down = flow.direction == "TB"
    layout = _layout(cards, tags, is_down)
    if layout.size[0] > WIDEST and not is_down:
        is_down, layout = True, _layout(cards, tags, True)
    drawn = _shapes(layout, cards, [*tags.values()], is_down)
    said = literal("\n".join(lines(flow.to_json()))[:SAID_CHARS])
    return _on_paper(layout, drawn, _cut(_words(flow.title or ""), HEADING_CHARS), said)


def _layout(cards: list[_Card], tags: dict[Edge, str], is_down: bool) -> Layout:
    sizes = [card.size for card in cards]
    words = [(_width(tag, NOTE), LINE if tag else 0.0) for tag in tags.values()]
    if not is_down:
        return laid_out(sizes, list(tags), words)
    return laid_out([size[::-1] for size in sizes], list(tags), [size[::-1] for size in words]).turned()


# -- what is written, and how much room it takes -------------------------------------------------------


class _Card(NamedTuple):
    """What is written on a node."""

    label: list[str]
    note: str
    kind: str

    @property
    def rows(self) -> list[float]:
        """Where each line is, seen from the middle: the label's, and the note's below them."""
        count = len(self.label) + bool(self.note)
        return [LINE * (at - (count - 1) / 2) for at in range(count)]

    @property
    def size(self) -> Point:
        """Width and height."""
        words = [*(_width(line, LABEL) for line in self.label), _width(self.note, NOTE)]
        return max(NARROWEST, max(words) + 2 * INSET), 2 * PADDING + LINE * len(self.rows)


def _card(node: dict[str, Any], loop: str | None) -> _Card:
    """`loop` is what is written on an edge from the node to itself."""
    first, *more = wrap(_words(node.get("label", "")) or _words(node["id"]), LABEL_CHARS) or [""]
    label = [first, *([_cut(" ".join(more), LABEL_CHARS)] if more else [])]
    said = [_words(node.get(name, "")) for name in ("group", "kind", "detail")]
    said += [f"↻ {loop}".rstrip()] if loop is not None else []
    note = _cut(" · ".join(each for each in said if each and each.lower() != first.lower()), NOTE_CHARS)
    return _Card(label, note, node.get("kind", "").lower())


def _tags(flow: Flow) -> dict[Edge, str]:
    """What is written on each edge, by the places of its nodes; several between the same two are one."""
    places = {node["id"]: place for place, node in enumerate(flow.nodes)}
    said: dict[Edge, list[str]] = {}
    for edge in flow.edges:
        words = said.setdefault((places[edge["from"]], places[edge["to"]]), [])
        words += filter(None, [_words(edge.get("label", ""))])
    return {edge: _cut(", ".join(words), TAG_CHARS) for edge, words in said.items()}


def _words(text: str) -> str:
    return " ".join(literal(text[:WORDS_CHARS]).split())


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _width(text: str, font: float) -> float:
    """Not less than it is in most fonts."""
    return font * sum(1 if east_asian_width(sign) in "WF" else 0.6 for sign in text)


# -- what is drawn -------------------------------------------------------------------------------------


def _shapes(layout: Layout, cards: list[_Card], tags: list[str], is_down: bool) -> list[Element]:
    """From the ground up."""
    arrows = [_arrow(route.points, is_down) for route in layout.routes]
    said = [(route.words, tag) for route, tag in zip(layout.routes, tags, strict=True) if tag]
    placed = [*zip(layout.nodes, cards, strict=True)]
    papers = [_rect(middle, (_width(tag, NOTE), LINE), 4) for middle, tag in said]
    labels = [
        _text((x, y + at), line) for (x, y), card in placed for at, line in zip(card.rows, card.label, strict=False)
    ]
    notes = [_text((x, y + card.rows[-1]), card.note) for (x, y), card in placed if card.note]
    return [
        _group({"fill": "none", "stroke": GREY, "stroke-width": 1.4}, [_path(line) for line, _ in arrows]),
        _group({"fill": GREY}, [_path(head) for _, head in arrows]),
        _group({"fill": PAPER, "stroke-width": 1.3}, [*papers, *(_outline(*each) for each in placed)]),
        _group({"fill": INK, "font-size": LABEL}, labels),
        _group({"fill": SOFT, "font-size": NOTE}, [*notes, *(_text(*each) for each in said)]),
    ]


def _on_paper(layout: Layout, shapes: list[Element], heading: str, words: str) -> Element:
    """The shapes below a heading; the words are for who cannot see them."""
    (left, top), (width, height) = layout.start, layout.size
    above = 2 * HEADING if heading else 0
    style = {"font-size": HEADING, "font-weight": 600, "text-anchor": "start"}
    shapes = [*shapes, *([_group({"fill": INK, **style}, [_text((left, top - above), heading)])] if heading else [])]
    sides = max(width, _width(heading, HEADING)) + 2 * MARGIN, height + above + 2 * MARGIN
    box = _numbers(left - MARGIN, top - above - MARGIN, *sides)
    return element("svg", {"viewBox": box}, [element("title", None, [words]), _group(FONT, shapes)])


def _outline(middle: Point, card: _Card) -> Element:
    radius = card.size[1] / 2 if card.kind in ROUND else 9
    return _rect(middle, card.size, radius, {"stroke": TONES.get(card.kind, GREY)})


def _arrow(points: list[Point], is_down: bool) -> tuple[str, str]:
    """The line, which ends inside of the arrow's head, and the head."""
    (before_x, before_y), (x, y) = points[-2:]
    way_x, way_y = (x > before_x) - (x < before_x), (y > before_y) - (y < before_y)
    foot = (x - way_x * HEAD, y - way_y * HEAD)
    corners = [(foot[0] + side * way_y, foot[1] + side * way_x) for side in (HALF_HEAD, -HALF_HEAD)]
    steps = enumerate(pairwise([*points[:-1], foot]))
    line = "".join(_bend(*step, is_down) if at % 2 else f"L{_numbers(*step[1])}" for at, step in steps)
    head = "".join(f"L{_numbers(*corner)}" for corner in corners)
    return f"M{_numbers(*points[0])}{line}", f"M{_numbers(x, y)}{head}z"


def _bend(start: Point, end: Point, is_down: bool) -> str:
    """A curve that leaves and arrives the way that the flow goes."""
    x, y = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
    towards = [(start[0], y), (end[0], y)] if is_down else [(x, start[1]), (x, end[1])]
    return f"C{' '.join(_numbers(*point) for point in (*towards, end))}"


def _group(style: dict[str, Any], shapes: list[Element]) -> Element:
    return element("g", style, shapes)


def _path(way: str) -> Element:
    return element("path", {"d": way})


def _rect(middle: Point, size: Point, radius: float, style: dict[str, Any] | None = None) -> Element:
    (x, y), (width, height) = middle, size
    box = {"x": x - width / 2, "y": y - height / 2, "width": width, "height": height, "rx": radius}
    return element("rect", {**{name: _numbers(value) for name, value in box.items()}, **(style or {})})


def _text(middle: Point, words: str) -> Element:
    return element("text", {"x": _numbers(middle[0]), "y": _numbers(middle[1])}, [words])


def _numbers(*values: float) -> str:
    """To a tenth of a pixel: that is enough, and short."""
    return " ".join(f"{value:.1f}".removesuffix(".0") for value in values)
