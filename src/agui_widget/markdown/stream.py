"""Markdown that is still being written: a tree that grows by small operations.

    sealed ─────────────────────────────┬─ open ──────────────┬─ footnotes ─┐
    blocks that are not touched again   │ parsed anew, with   │ if there    │
    until `close`                       │ its end repaired    │ are any     │
    ────────────────────────────────────┴─────────────────────┴─────────────┘

A text is cut between two blocks only if the two parts, each parsed alone, give what the whole gives. `close` parses
the whole text once more, so that in the end the tree is exactly `parse(text)`.

The numbers of sources are put into the tree that is shown, after it was read: `cite` may come at any time, and
changes only the blocks it is about.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ..nodes import Op
from . import bounds, repair
from .anchors import Anchor, CitedTree, Passage
from .blocks import CONTAINERS, Block, BlockParser
from .colours import GrowingRuns
from .definitions import Definitions
from .document import Group, Reader, footnotes_of, passages, read, with_plain_line_ends
from .inlines import Scope
from .nodes import Element, Node, element, width
from .ops import diff

_ALWAYS_READ = 4_000  # characters of the open part up to which every feed parses it
_GROWTH = 32  # above that it is parsed when it has grown by one part in so many


@dataclass
class _Reading:
    """One parse of the open part."""

    groups: list[Group]
    definitions: Definitions
    numbers: dict[str, int]
    coloured: int
    footnotes: dict[str, Block]
    footnote_nodes: list[Node]
    open_fence: Block | None  # the open leaf, if it is a fence at the top

    @property
    def nodes(self) -> list[Node]:
        return [node for group in self.groups for node in group.nodes]


class MarkdownStream:
    """Turns deltas of a text into operations on its tree; `nodes` is the tree they lead to."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self._plain: list[Node] = []  # the same without the numbers of sources
        self._cited = CitedTree()
        self._passages: list[Passage] = []
        self._tail: list[Node] = []
        self._units = 0
        self._deltas: list[str] = []
        self._length = 0
        self._newlines = 0
        self._ends_with_cr = False
        self._open = ""  # the text behind the sealed blocks, up to the last parse
        self._pending: list[str] = []  # what came since
        self._pending_length = 0
        self._open_at = 0  # where that begins in the whole text
        self._sealed: list[Node] = []
        self._sealed_passages: list[Passage] = []
        self._definitions = Definitions()
        self._numbers: dict[str, int] = {}
        self._coloured = 0
        self._footnotes: dict[str, Block] = {}
        self._cache: dict[str, list[Node]] = {}
        self._growing = GrowingRuns()
        self._fence: _OpenFence | None = None
        self._refused_cut = -1
        self._is_closed = False

    @property
    def text(self) -> str:
        """Everything that was fed."""
        return "".join(self._deltas)

    def feed(self, delta: str) -> list[Op]:
        """Take more text; returns what changed. A large open block may show it with a later delta."""
        assert not self._is_closed, "the stream is closed"
        if not delta:
            return []
        self._deltas.append(delta)
        self._units += width(delta)
        is_within = self._length <= bounds.MAX_CHARACTERS and self._newlines < bounds.MAX_LINES
        if not is_within:
            return []  # `close` says where it was cut
        new = self._with_plain_line_ends(delta)
        self._length += len(new)
        self._newlines += new.count("\n")
        self._pending.append(new)
        self._pending_length += len(new)
        if self._fence is not None:
            ops = self._fence.feed(new)
            if ops is not None:
                return self._grow_fence(self._fence.node, ops)
        return self._refresh() if self._is_due() or self._closes_most() else []

    def cite(self, anchors: Iterable[Anchor], numbers: Iterable[int]) -> list[Op]:
        """Cite sources, instead of those before; returns what changed. May come after `close`.

        `anchors` are (offset in UTF-16 units of the text, number); one behind the text waits for it. `numbers` are
        those that `[n]` in the text may mean.
        """
        self._cited.ask(anchors, numbers)
        return self._show(self._plain, self._passages, self._tail, len(self._plain), len(self._passages))

    def close(self) -> list[Op]:
        """The text is complete: parse all of it once, and return what differs."""
        self._is_closed = True
        document = read(self.text)
        plain = [*(node for passage in document.passages for node in passage.nodes), *document.tail]
        self._open, self._open_at = document.text, 0
        return self._show(plain, document.passages, document.tail)

    def _show(
        self, plain: list[Node], passages: list[Passage], tail: list[Node], first: int = 0, settled: int = 0
    ) -> list[Op]:
        """Bring the tree to these nodes and what they cite.

        Nothing before the `first` node has changed, and the `settled` passages are the same.
        """
        nodes = plain
        if self._cited.is_asked:
            self._cited.locate(lambda: self.text, self._units, self._open_at + len(self._open))
            nodes = self._cited.nodes(passages, tail, self._stretch, settled)
        ops: list[Op] = []
        diff(self.nodes, nodes, [], ops, first if self.nodes is self._plain and nodes is plain else 0)
        self.nodes, self._plain, self._passages, self._tail = nodes, plain, passages, tail
        return ops

    def _stretch(self, start: int, end: int | None) -> str:
        """A part of the text, as it was read."""
        if start >= self._open_at:
            return self._open[start - self._open_at : None if end is None else end - self._open_at]
        return with_plain_line_ends(self.text)[start:end]

    def _grow_fence(self, fence: Element, ops: list[Op]) -> list[Op]:
        """Show a longer code block at the end; numbers of sources may stand before and behind it."""
        last = self._passages[-1]
        last.nodes = [*last.nodes[:-1], fence]
        is_cited = self.nodes is not self._plain
        self._plain = [*self._plain[:-1], fence]
        if not is_cited:
            self.nodes = self._plain
            return ops
        at = len(self.nodes) - 1
        while self.nodes[at]["t"] == "cite":  # type: ignore[index]  # blocks are elements
            at -= 1
        self.nodes = [*self.nodes[:at], fence, *self.nodes[at + 1 :]]
        return [[name, [at, *path[1:]], *more] for name, path, *more in ops]

    def _with_plain_line_ends(self, delta: str) -> str:
        if self._ends_with_cr and delta.startswith("\n"):
            delta = delta[1:]
            self._ends_with_cr = False
        if delta:
            self._ends_with_cr = delta.endswith("\r")
        return with_plain_line_ends(delta)

    def _is_due(self) -> bool:
        size = len(self._open)
        return size <= _ALWAYS_READ or self._pending_length * _GROWTH >= size

    def _closes_most(self) -> bool:
        """True if a code block has ended that is most of the open part: the parse costs no more than the block has."""
        fence, self._fence = self._fence, None
        return fence is not None and 2 * fence.length >= len(self._open) + self._pending_length

    def _refresh(self) -> list[Op]:
        self._open += "".join(self._pending)
        self._pending.clear()
        self._pending_length = 0
        reading = self._read(self._open)
        plain = [*self._sealed, *reading.nodes, *reading.footnote_nodes]
        found = passages(reading.groups, self._open.split("\n"), self._open_at)
        sealed = self._sealed_passages
        ops = self._show(plain, [*sealed, *found], reading.footnote_nodes, len(self._sealed), len(sealed))
        self._seal(reading)
        self._fence = _OpenFence.of(reading, plain, self._open, self._growing)
        return ops

    def _read(self, text: str, *, is_open: bool = True) -> _Reading:
        definitions = Definitions(self._definitions)
        parser = BlockParser(definitions)
        *lines, last = text.split("\n")
        for line in lines:
            parser.feed(line)
        has_open_line = bool(last) and not (is_open and repair.is_held(last, parser.tip))
        if has_open_line:
            parser.feed(last)
        leaf = parser.tip if is_open and parser.tip.kind not in CONTAINERS else None
        if leaf is not None and leaf.kind == "math":
            leaf.info = "closed"  # shown as a formula while it is written
        document = parser.finish()
        if len(definitions) != len(self._definitions):
            self._cache.clear()
        reader = Reader(
            Scope(definitions, None, dict(self._numbers), self._coloured, cache=self._cache), leaf, self._growing
        )
        reader.has_open_line, reader.last_line = has_open_line, len(lines)
        groups = reader.groups(document.children)
        numbers = dict(reader.scope.numbers)  # footnotes that only footnotes refer to come last: not counted yet
        footnotes = {**footnotes_of(document.children), **self._footnotes}
        footnote_nodes = reader.footnotes(footnotes)
        if len(definitions) != len(self._definitions):
            self._cache.clear()  # what was read with these may read otherwise without them
        is_fence = leaf is not None and leaf.kind == "fence" and leaf.depth == 1
        return _Reading(
            groups, definitions, numbers, reader.scope.coloured, footnotes, footnote_nodes, leaf if is_fence else None
        )

    def _seal(self, reading: _Reading) -> None:
        """Let go of all blocks but the last, if the text can be cut before it."""
        if len(reading.groups) < 2 or reading.groups[-1].start == self._refused_cut:
            return
        start = reading.groups[-1].start
        lines = self._open.split("\n")
        head = self._read("\n".join(lines[:start]) + "\n", is_open=False)
        rest = "\n".join(lines[start:])
        before = self._definitions, self._numbers, self._coloured, self._footnotes
        self._definitions, self._numbers = head.definitions, head.numbers
        self._coloured, self._footnotes = head.coloured, head.footnotes
        finished = [node for group in reading.groups[:-1] for node in group.nodes]
        if head.nodes != finished or self._read(rest).nodes != reading.groups[-1].nodes:
            self._definitions, self._numbers, self._coloured, self._footnotes = before
            self._refused_cut = start
            return
        self._sealed.extend(finished)
        self._sealed_passages = self._passages[:-1]
        self._open_at += len(self._open) - len(rest)
        self._cache.clear()  # only an open block is read again
        self._open = rest
        self._refused_cut = -1


class _OpenFence:
    """A code block at the top that is being written: its text grows without a parse, until a line closes it."""

    def __init__(self, node: Element, path: list[int], mark: str, growing: GrowingRuns) -> None:
        self.node = node
        self._path = path
        self._closing = re.compile(rf" {{0,3}}{mark[0]}{{{len(mark)},}}[ \t]*")
        self._mark = mark[0]
        self._growing = growing
        self._last_line = ""
        # An end of line is shown with the line behind it, and a line that may close the block when it is whole.
        self._unshown = ""

    @classmethod
    def of(cls, reading: _Reading, nodes: list[Node], text: str, growing: GrowingRuns) -> _OpenFence | None:
        """For a reading that ends in a fence with at least one line."""
        fence = reading.open_fence
        if fence is None or fence.indent or not fence.lines or reading.footnote_nodes or not nodes:
            return None
        node = nodes[-1]
        if isinstance(node, str) or node["t"] != "fence":
            return None
        made = cls(node, [len(nodes) - 1], fence.fence, growing)
        made._last_line = text[text.rfind("\n") + 1 :]
        is_shown = made._last_line and fence.lines[-1] == made._last_line
        made._unshown = "" if is_shown else f"\n{made._last_line}"
        return made

    @property
    def length(self) -> int:
        """How many characters of code are shown."""
        return len(self.node["c"][0]) if "c" in self.node else 0

    def feed(self, delta: str) -> list[Op] | None:
        """The operations for more code; None if a line in it closes the block."""
        *lines, last = (self._last_line + delta).split("\n")
        if any(map(self._closing.fullmatch, lines)):
            return None
        self._last_line = last
        self._unshown += delta
        if last.lstrip(" ").startswith(self._mark):
            return []
        added, self._unshown = self._unshown, ""
        if added.endswith("\n"):
            added, self._unshown = added[:-1], "\n"
        return self._grow(added)

    def _grow(self, added: str) -> list[Op]:
        if not added:
            return []
        old: str = self.node["c"][0] if "c" in self.node else ""
        attributes: dict[str, Any] = self.node["a"]
        ops: list[Op] = [["text", [*self._path, 0], width(old), added]] if old else [["add", self._path, [added]]]
        found = self._growing.of(attributes.get("lang", ""), old + added)
        if found != attributes.get("runs", []):
            attributes = {**attributes, "runs": found}
            ops.append(["attr", self._path, "runs", found])
        self.node = element("fence", attributes, [old + added])
        return ops
