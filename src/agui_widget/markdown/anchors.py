"""The numbers of sources in a text: `cite` nodes behind what is cited.

    anchors, as offsets in the source ─▶ align ─▶ places in the tree ─┐
    «[1]» in the text, if there is such a source ─────────────────────┴─▶ the tree with `cite` nodes

A `cite` stands behind the word that its offset reaches, never in what is shown whole (code, formulas, links,
drawings). Without them the tree is the one it was.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from .align import ATOMS, SHUT, SILENT, Alignment, Leaf
from .nodes import Element, Node, element, join

Anchor = tuple[int, int]  # offset, number of the source
_Place = tuple[int, int, int]  # leaf, place in it, number of the source

_MARKER = re.compile("\\[[0-9]{1,3}(?:[,;][ \t]?[0-9]{1,3}){0,15}\\]|【[0-9]{1,3}(?:[,;][ \t]?[0-9]{1,3}){0,15}】")
_NUMBER = re.compile("[0-9]+")
_FORMATS = frozenset("strong em del u s mark sub sup kbd small abbr span".split())
# Scripts that put no space between words: there every character may end one.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\ua4cf\uf900-\ufaff\U00020000-\U0003ffff]")
_JOINER = "\u200d"
_SKIN = re.compile("[\U0001f3fb-\U0001f3ff]")


@dataclass(eq=False, slots=True)
class Passage:
    """The nodes of some blocks, and at which character of the text the first of them begins."""

    at: int
    nodes: list[Node]


@dataclass(slots=True)
class _Known:
    """What was found for a passage, and what for."""

    nodes: list[Node]
    own: list[Anchor]
    places: list[_Place]
    early: list[int]
    end: tuple[int, int] | None
    asked: tuple[list[_Place], frozenset[int]] | None = None
    cited: list[Node] = field(default_factory=list)


class CitedTree:
    """Puts the numbers of sources into passages; what did not change since the last time is the same object."""

    def __init__(self, anchors: Iterable[Anchor] = (), numbers: Iterable[int] = ()) -> None:
        self._asked = sorted(anchors, key=lambda anchor: anchor[0])  # offsets in UTF-16 units
        self.numbers = frozenset(numbers)
        self._characters: dict[int, int] = {}  # the same in characters; a text that grows does not change them
        self._anchors: list[Anchor] = []  # those that the text reaches, in characters
        self._shown: list[_Known] = []
        self._shown_for: tuple[list[Anchor], frozenset[int]] = [], frozenset()

    @property
    def is_asked(self) -> bool:
        """Whether there is anything to put in."""
        return bool(self._asked or self.numbers)

    def ask(self, anchors: Iterable[Anchor], numbers: Iterable[int]) -> None:
        """Other anchors and numbers from now on."""
        self._asked = sorted(anchors, key=lambda anchor: anchor[0])
        self.numbers = frozenset(numbers)

    def locate(self, text_of: Callable[[], str], units: int, end: int) -> None:
        """Find the anchors within a text of so many UTF-16 units; those behind the character `end` wait."""
        if any(unit <= units and unit not in self._characters for unit, _ in self._asked):
            self._characters |= characters(text_of(), (unit for unit, _ in self._asked if unit <= units))
        places = ((self._characters.get(unit, end + 1), number) for unit, number in self._asked)
        self._anchors = [anchor for anchor in places if anchor[0] <= end]

    def nodes(
        self, passages: list[Passage], tail: list[Node], text_of: Callable[[int, int | None], str], settled: int = 0
    ) -> list[Node]:
        """The passages and what stands behind them as one tree; `text_of` gives a stretch of the text.

        The first `settled` passages are those of the last time.
        """
        before = self._shown[: self._kept(settled)]
        now = [self._passage(at, passages, text_of) for at in range(len(before), len(passages))]
        for each, places in zip(now, _with_early(now, is_start=not before), strict=True):
            if each.asked != (places, self.numbers):
                each.asked = places, self.numbers
                each.cited = _Writer(places, self.numbers).children(each.nodes)
        self._shown = before + now
        self._shown_for = self._anchors, self.numbers
        cited = [node for each in self._shown for node in each.cited]
        return [*cited, *_Writer([], self.numbers).children(tail)]

    def _kept(self, settled: int) -> int:
        """How many of them need not be looked at: the last with a word may still get numbers from those behind it."""
        if self._shown_for != (self._anchors, self.numbers):
            return 0
        kept = min(settled, len(self._shown))
        while kept and self._shown[kept - 1].end is None:
            kept -= 1
        return max(0, kept - 1)

    def _passage(self, number: int, passages: list[Passage], text_of: Callable[[int, int | None], str]) -> _Known:
        """The places of the anchors whose last character is in a passage."""
        passage = passages[number]
        end = passages[number + 1].at if number + 1 < len(passages) else None
        first = bisect_right(self._anchors, (passage.at, 1 << 30)) if number else 0
        last = bisect_right(self._anchors, (end, 1 << 30)) if end is not None else len(self._anchors)
        own = self._anchors[first:last]
        known = self._shown[number] if number < len(self._shown) else None
        if known is None or known.nodes is not passage.nodes or known.own != own:
            known = _Known(passage.nodes, own, *_placed(passage, own, text_of, end), _end(passage.nodes))
        return known


def _with_early(known: list[_Known], *, is_start: bool) -> list[list[_Place]]:
    """The places in each passage, and behind them those before the first word of the next passage.

    What stands before all of them is behind the passage before them already, if they are not the start.
    """
    places = [each.places for each in known]
    early: list[int] = []
    for at in range(len(known) - 1, -1, -1):
        if early and (end := known[at].end):
            places[at] = [*places[at], *((*end, number) for number in early)]
            early = []
        early = known[at].early + early
    if early and is_start:
        first = next((at for at, each in enumerate(known) if each.end), None)
        if first is not None:
            places[first] = [*((0, 0, number) for number in early), *places[first]]
    return places


def _placed(
    passage: Passage, own: list[Anchor], text_of: Callable[[int, int | None], str], end: int | None
) -> tuple[list[_Place], list[int]]:
    """The places of anchors in a passage, and the numbers of those that have no word before them."""
    if not own:
        return [], []
    alignment = Alignment(text_of(passage.at, end), passage.nodes)
    places: list[_Place] = []
    early: list[int] = []
    for offset, number in own:
        place = alignment.place(offset - passage.at)
        if place is None:
            early.append(number)
        else:
            places.append((*_behind_the_word(alignment.leaves, *place), number))
    return places, early


def _end(nodes: list[Node]) -> tuple[int, int] | None:
    """The place behind the last word of some nodes, or behind what is shown whole."""
    end = None
    for number, (text, is_shut) in enumerate(_leaves(nodes)):
        if is_shut or not text.isspace():
            end = number, len(text.rstrip())
    return end


def _leaves(nodes: Iterable[Node], *, is_shut: bool = False) -> Iterator[tuple[str, bool]]:
    """The leaves of an alignment, without one."""
    for node in nodes:
        if isinstance(node, str):
            yield node, is_shut
        elif node["t"] in ATOMS:
            yield node.get("a", {}).get("alt", ""), True
        elif node["t"] not in SILENT:
            yield from _leaves(node.get("c", ()), is_shut=is_shut or node["t"] in SHUT)


def _behind_the_word(leaves: list[Leaf], leaf: int, at: int) -> tuple[int, int]:
    """The end of the word, or of the character made of several, that is cut here; it may go on in the next leaf."""
    while not leaves[leaf].is_shut:
        text = leaves[leaf].text
        before = text[at - 1] if at else ""
        while at < len(text) and _is_one(before, text[at]):
            before = text[at]
            at += 1
        after = leaves[leaf + 1] if at == len(text) and leaf + 1 < len(leaves) else None
        if after is None or after.is_shut or not after.is_glued or not _is_one(before, after.text[:1]):
            break
        leaf, at = leaf + 1, 1
    return leaf, at


def _is_one(before: str, after: str) -> bool:
    """Whether two characters may not be parted."""
    if not before or not after:
        return False
    if after == _JOINER or before == _JOINER or unicodedata.category(after)[0] == "M" or _SKIN.match(after):
        return True
    return _is_in_word(before) and _is_in_word(after)


def _is_in_word(character: str) -> bool:
    return (character.isalnum() or unicodedata.category(character)[0] == "M") and not _UNSPACED.match(character)


class _Writer:
    """Copies nodes with `cite` nodes at their places; what gets none is not copied."""

    def __init__(self, places: Iterable[_Place], numbers: frozenset[int]) -> None:
        self._numbers = numbers
        self._leaf = 0
        self._places: dict[int, list[tuple[int, int]]] = {}
        for leaf, at, number in places:
            self._places.setdefault(leaf, []).append((at, number))

    def children(self, nodes: list[Node]) -> list[Node]:
        """The nodes with what is cited behind them."""
        made: list[Node] = []
        is_same = True
        for node in nodes:
            written = [*self._node(node)]
            is_same = is_same and len(written) == 1 and written[0] is node
            made += written
        return nodes if is_same else _without_repeats(made)

    def _node(self, node: Node) -> list[Node]:
        if isinstance(node, str):
            return self._text(node)
        if node["t"] in SILENT:
            return [node]
        if node["t"] in ATOMS or node["t"] in SHUT:
            return [node, *self._behind(sum(1 for _ in _leaves([node])))]
        before = node.get("c", [])
        children = self.children(before)
        return [node] if children is before else _reaching_out({**node, "c": children})

    def _behind(self, leaves: int) -> list[Node]:
        """The numbers that belong into what is shown whole."""
        self._leaf += leaves
        inside = range(self._leaf - leaves, self._leaf)
        return [_cite(number) for leaf in inside for _, number in self._places.get(leaf, ())]

    def _text(self, text: str) -> list[Node]:
        places = self._places.get(self._leaf, [])
        self._leaf += 1
        markers = self._markers(text)
        if not places and not markers:
            return [text]
        made: list[Node] = []
        end = 0
        for at, after, numbers in _in_order(places, markers):
            made += [text[end:at], *map(_cite, numbers)]
            end = after
        return join([*made, text[end:]])

    def _markers(self, text: str) -> list[tuple[int, int, list[int]]]:
        """What is written like the number of a source, if there are sources of all these numbers."""
        if not self._numbers or not ("[" in text or "【" in text):
            return []
        found = ((match.span(), [int(n) for n in _NUMBER.findall(match[0])]) for match in _MARKER.finditer(text))
        return [(*span, numbers) for span, numbers in found if self._numbers.issuperset(numbers)]


def _in_order(
    places: list[tuple[int, int]], markers: list[tuple[int, int, list[int]]]
) -> Iterable[tuple[int, int, list[int]]]:
    """Both as (from, to, numbers): a place in a marker is one behind it."""
    cuts = list(markers)
    for at, number in places:
        at = next((end for start, end, _ in markers if start < at < end), at)
        cuts.append((at, at, [number]))
    return sorted(cuts, key=lambda cut: cut[1])


def _cite(number: int) -> Element:
    return element("cite", {"n": number})


def _is_cite(node: Node) -> bool:
    return isinstance(node, dict) and node["t"] == "cite"


def _reaching_out(node: Element) -> list[Node]:
    """An element, and behind it the numbers that stood at its end: they are not bold because the words are."""
    children: list[Node] = node["c"]
    end = len(children)
    while end and _is_cite(children[end - 1]):
        end -= 1
    if node["t"] not in _FORMATS or end in (0, len(children)):
        return [node]
    return [{**node, "c": children[:end]}, *children[end:]]


def _without_repeats(nodes: list[Node]) -> list[Node]:
    """The nodes, each number once where several stand side by side."""
    made: list[Node] = []
    numbers: set[int] = set()
    for node in nodes:
        if not (isinstance(node, dict) and node["t"] == "cite"):
            numbers.clear()
        elif node["a"]["n"] in numbers:
            continue
        else:
            numbers.add(node["a"]["n"])
        made.append(node)
    return made


def characters(text: str, units: Iterable[int]) -> dict[int, int]:
    """UTF-16 offsets in a text as offsets in characters of the same text with plain line ends.

    An offset inside a character is one behind it.
    """
    encoded = text.encode("utf-16-le", "surrogatepass")
    found: dict[int, int] = {}
    at = count = pairs = 0
    for unit in sorted(set(units)):
        end = unit + 1 if 0xDC <= encoded[2 * unit + 1 : 2 * unit + 2].rjust(1, b"\0")[0] <= 0xDF and unit else unit
        if end > at:
            more = len(encoded[2 * at : 2 * end].decode("utf-16-le", "surrogatepass"))
            pairs += text.count("\r\n", max(0, count - 1), count + more)
            at, count = end, count + more
        found[unit] = count - pairs
    return found
