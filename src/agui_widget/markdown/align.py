"""Where the words of a tree stand in the Markdown they were read from.

The inline parser keeps no positions, so the tree is followed through its source once more: what each element writes
around its words is passed over by the element's entry in a table, and a word is taken where it stands. A word that is
not found (a character reference in a tag, say) has no place of its own: what is asked for it is answered by the word
before it, so a mistake stays inside one word.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from .engine import link_end, unescape
from .nodes import INLINE, SHAPES, Element, Node
from .tags import TAG

# What is shown whole: nothing is put into it, only behind it.
ATOMS = frozenset({"img", "fnref"})
SHUT = frozenset({"a", "code", "fence", "math", "video", "audio"}) | SHAPES
SILENT = frozenset({"note", "cite"})  # not written by the agent
_LITERAL = frozenset({"code", "fence", "math"})  # no escapes and no character references in them

_MARKS = frozenset("*_~`[]()<>#|\\!$+-=:.{}^\"'")  # what may be passed over on the way to a word
_FAR = 4_000  # how far ahead a lost word is looked for, and by how much of the text behind it
_CONTEXT = 24
_WORDS = re.compile(r"\S+")
_SPACE = re.compile(r"\s+")
_QUOTED_SPACE = re.compile(r"\s*(?:\n[ \t]*(?:>[ \t]?)+\s*)*")
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_ESCAPED = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
# What an element writes before its words, and behind them.
BEFORE: dict[str, re.Pattern[str]] = {
    "strong": re.compile(r"\*\*|__"),
    "em": re.compile(r"[*_]"),
    "del": re.compile(r"~~?"),
    "code": re.compile(r"`+"),
    "math": re.compile(r"\$\$?|\\[\[(]"),
    "a": re.compile(r"\[|<"),
    "img": re.compile(r"!\["),
    "fnref": re.compile(r"!?\[\^[^\[\]\s]+\]"),
    "fence": re.compile(r"(?:`{3,}|~{3,})[^\n]*"),
    "blockquote": re.compile(r">"),
    "li": re.compile(r"(?:[-+*]|[0-9]{1,9}[.)])(?=\s|$)(?:[ \t]+\[[ xX]\](?=\s))?"),
    "hr": re.compile(r"[-*_](?:[ \t]*[-*_]){2,}"),
    "th": re.compile(r"\|"),
    "td": re.compile(r"\|"),
    **dict.fromkeys(_HEADINGS, re.compile(r"#{1,6}(?=\s|$)")),
}
BEHIND: dict[str, re.Pattern[str]] = {
    "strong": BEFORE["strong"],
    "em": BEFORE["em"],
    "del": BEFORE["del"],
    "code": re.compile(r" ?`+"),
    "math": re.compile(r"\s*(?:\$\$?|\\[\])])"),
    "fence": re.compile(r"\s*[>\s]*(?:`{3,}|~{3,})[ \t]*(?=\n|$)"),
    "blockquote": re.compile(r"(?:[ \t]*\n[ \t]*(?:>[ \t]*)+(?=\n|$))+"),
    "thead": re.compile(r"[ \t|]*\n[ \t>]*[|:-][-:| \t]*(?=\n|$)"),
    **dict.fromkeys(("h1", "h2"), re.compile(r"[ \t#]*\n[ \t>]*(?:=+|-+)[ \t]*(?=\n|$)")),
}


@dataclass(slots=True)
class Leaf:
    """One text of a tree, or an element that is shown whole; `is_glued` if it goes on where the one before ended."""

    text: str
    is_shut: bool
    is_glued: bool


class _Stretch(NamedTuple):
    """So many characters of the source that stand, as they are, in a leaf."""

    start: int
    leaf: int
    at: int
    length: int


class Alignment:
    """The leaves of some nodes, in order, and where each character of their source is in them."""

    def __init__(self, source: str, nodes: Iterable[Node]) -> None:
        self.leaves: list[Leaf] = []
        self._source = source
        self._at = 0
        self._stretches: list[_Stretch] = []
        self._quotes = 0
        self._is_glued = False
        for node in nodes:
            self._node(node, "", is_shut=False)
        self._starts = [stretch.start for stretch in self._stretches]

    def place(self, offset: int) -> tuple[int, int] | None:
        """The leaf and the place in it behind the last shown character before `offset`; None if there is none."""
        found = bisect_left(self._starts, offset) - 1
        if found < 0:
            return None
        start, leaf, at, length = self._stretches[found]
        return leaf, at + min(length, offset - start)

    # -- along the tree ------------------------------------------------------------------------------

    def _node(self, node: Node, parent: str, *, is_shut: bool) -> None:
        if isinstance(node, str):
            self._text(node, is_literal=parent in _LITERAL, is_shut=is_shut)
        elif node["t"] not in SILENT:
            self._element(node, is_shut=is_shut)

    def _element(self, node: Element, *, is_shut: bool) -> None:
        name = node["t"]
        is_line = name in INLINE and name != "br"
        self._is_glued = self._is_glued and is_line
        self._quotes += name == "blockquote"
        self._skip_space()
        start = self._at
        if not _first_text(node).startswith("<"):  # a tag that is not read as one is shown
            self._skip_tag()
        self._skip(BEFORE.get(name))
        if name in ATOMS:
            self._atom(node, start)
        for child in node.get("c", ()):
            self._node(child, name, is_shut=is_shut or name in SHUT)
        LEAVES.get(name, Alignment._leave)(self, name)
        self._quotes -= name == "blockquote"
        self._is_glued = self._is_glued and is_line

    def _atom(self, node: Element, start: int) -> None:
        if self._at > start:
            self._stretches.append(_Stretch(start, len(self.leaves), 0, 0))
        self._text(node.get("a", {}).get("alt", ""), is_literal=False, is_shut=True)

    def _leave(self, name: str) -> None:
        self._skip(BEHIND.get(name))
        self._skip_tag("</")

    def _leave_link(self, name: str) -> None:
        """Behind the words of a link or an image: its address, its label, or nothing."""
        source, at = self._source, self._at
        if source.startswith("](", at):
            self._at = link_end(source, at + 2) or at + 1
        elif source.startswith("][", at):
            self._at = source.find("]", at + 2) + 1 or at + 1
        elif source.startswith(("]", ">"), at):
            self._at += 1
        else:
            self._skip_tag("</")

    def _text(self, text: str, *, is_literal: bool, is_shut: bool) -> None:
        self.leaves.append(Leaf(text, is_shut, self._is_glued))
        self._is_glued = True
        for match in _WORDS.finditer(text):
            self._skip_space()
            if not self._word(match[0], match.start(), is_literal=is_literal):
                self._lost(text, match)

    # -- along the source ----------------------------------------------------------------------------

    def _skip(self, pattern: re.Pattern[str] | None) -> None:
        if pattern and (match := pattern.match(self._source, self._at)):
            self._at = match.end()

    def _skip_space(self) -> None:
        self._skip(_QUOTED_SPACE if self._quotes else _SPACE)

    def _skip_tag(self, start: str = "<") -> None:
        if self._source.startswith(start, self._at):
            self._skip(TAG)

    def _word(self, word: str, at: int, *, is_literal: bool) -> bool:
        """Take a word that stands here, as it is or with escapes, character references and marks in it."""
        leaf = len(self.leaves) - 1
        if self._source.startswith(word, self._at):
            self._stretches.append(_Stretch(self._at, leaf, at, len(word)))
            self._at += len(word)
            return True
        found: list[_Stretch] = []
        end, shown = self._at, 0
        while shown < len(word):
            read = self._character(word, shown, end, is_literal=is_literal)
            if read is None:
                return False
            start, end, count = read
            if count:
                found.append(_Stretch(start, leaf, at + shown, count))
            shown += count
        self._stretches += found
        self._at = end
        return True

    def _character(self, word: str, shown: int, at: int, *, is_literal: bool) -> tuple[int, int, int] | None:
        """From where to where the source is read for how many characters of the word; None if it does not fit."""
        source = self._source
        if at >= len(source):
            return None
        character = source[at]
        if character == "&" and not is_literal and (match := _REFERENCE.match(source, at)):
            meant = unescape(match[0])
            if word.startswith(meant, shown) and meant != match[0]:
                return at, match.end(), len(meant)
            if meant.isspace():
                return at, match.end(), 0
        if character == "\\" and not is_literal and source[at + 1 : at + 2] == word[shown] and word[shown] in _ESCAPED:
            return at, at + 2, 1
        if character == word[shown]:
            return at, at + 1, 1
        if character == "<" and (match := TAG.match(source, at)):
            return at, match.end(), 0
        return (at, at + 1, 0) if character in _MARKS else None

    def _lost(self, text: str, word: re.Match[str]) -> None:
        """Go on at the next place where the text goes on like this; a word that is nowhere is passed over."""
        context = text[word.start() : word.start() + _CONTEXT].split("\n")[0].rstrip()
        found = self._source.find(context, self._at, self._at + _FAR) if len(context) > 2 else -1
        if found >= 0:
            self._at = found
            self._word(word[0], word.start(), is_literal=True)


def _first_text(node: Node) -> str:
    while isinstance(node, dict):
        node = next(iter(node.get("c", ())), "")
    return node.lstrip()


LEAVES: dict[str, Callable[[Alignment, str], None]] = {"a": Alignment._leave_link, "img": Alignment._leave_link}
