"""A document as nodes: its blocks, each by its entry in a table, then the footnotes it refers to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

from ..nodes import utf16_length
from . import bounds, colours, inlines, repair, tables
from .anchors import Anchor, CitedTree, Passage
from .blocks import Block, BlockParser
from .definitions import normalized
from .engine import unescape, without_backslashes
from .inlines import Scope
from .nodes import Element, Node, element, note
from .tags import Builder, strip

_TASK = re.compile(r"\[([ xX])\][ \t\n]+(?=\S)")


def parse(text: str, anchors: Iterable[Anchor] = (), numbers: Iterable[int] = ()) -> list[Node]:
    """The nodes of a whole text.

    `anchors` are (offset in UTF-16 units, number of the source), `numbers` those that `[n]` in the text may mean.
    """
    document = read(text)
    plain = [*(node for passage in document.passages for node in passage.nodes), *document.tail]
    cited = CitedTree(anchors, numbers)
    if not cited.is_asked:
        return plain
    cited.locate(lambda: text, utf16_length(text), len(document.text))
    return cited.nodes(document.passages, document.tail, lambda start, end: document.text[start:end])


@dataclass
class Document:
    """A text as it is read, its blocks, and what stands behind them: footnotes, and the remark that it was cut."""

    text: str
    passages: list[Passage]
    tail: list[Node]


def read(text: str) -> Document:
    """A whole text, block by block."""
    text, remark = bounds.cut(with_plain_line_ends(text))
    parser = BlockParser()
    lines = text.removesuffix("\n").split("\n")
    for line in lines:
        parser.feed(line)
    blocks = parser.finish()
    footnotes = footnotes_of(blocks.children)
    reader = Reader(Scope(parser.definitions, frozenset(footnotes)))
    groups = reader.groups(blocks.children)
    tail = reader.footnotes(footnotes)
    return Document(text, passages(groups, lines), [*tail, note(remark)] if remark else tail)


def with_plain_line_ends(text: str) -> str:
    """The text with LF line ends, and without NUL characters."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")


def footnotes_of(blocks: Iterable[Block]) -> dict[str, Block]:
    """The footnotes defined anywhere in these blocks; the first definition of a label counts."""
    found: dict[str, Block] = {}
    pending = list(blocks)[::-1]
    while pending:
        block = pending.pop()
        if block.kind == "footnote":
            found.setdefault(normalized(block.info), block)
        pending.extend(reversed(block.children))
    return found


@dataclass
class Group:
    """The nodes of one or more blocks that only make sense together, and the line on which they begin."""

    start: int
    nodes: list[Node] = field(default_factory=list)


def passages(groups: list[Group], lines: list[str], at: int = 0) -> list[Passage]:
    """The groups with the characters at which they begin; the first of the `lines` begins at `at`."""
    starts = list(accumulate((len(line) + 1 for line in lines), initial=at))
    return [Passage(starts[group.start], group.nodes) for group in groups]


class Reader:
    """Turns blocks into nodes; `open_leaf` is the block that may still grow, if there is one."""

    def __init__(
        self, scope: Scope, open_leaf: Block | None = None, growing: colours.GrowingRuns | None = None
    ) -> None:
        self.scope = scope
        self.open_leaf = open_leaf
        self.has_open_line = False  # the last line has no end yet
        self.last_line = 0
        self._growing = growing if growing is not None else colours.GrowingRuns()

    def groups(self, blocks: Iterable[Block]) -> list[Group]:
        """The nodes of the top-level blocks. Blocks between an HTML tag and its end are one group."""
        groups: list[Group] = []
        builder = Builder(is_inline=False)
        for block in blocks:
            if not builder.is_nested:
                groups.append(Group(block.start))
            self._add(builder, block, depth=1)
            remarks = dict.fromkeys([*([block.remark] if block.remark else []), *self.scope.remarks])
            builder.add(*(note(remark) for remark in remarks))
            self.scope.remarks.clear()
            if not builder.is_nested:
                groups[-1].nodes = builder.nodes()
                builder = Builder(is_inline=False)
        if builder.is_nested:
            groups[-1].nodes = builder.nodes()
        return groups

    def footnotes(self, definitions: dict[str, Block]) -> list[Node]:
        """The footnotes that were referred to, as one element; footnotes may refer to others."""
        items: list[Node] = []
        labels = list(self.scope.numbers)
        while definitions and len(items) < len(labels):
            block = definitions.get(labels[len(items)])
            items.append(element("li", {"n": len(items) + 1}, self.children(block, depth=1) if block else []))
            if len(items) == len(labels):
                labels = list(self.scope.numbers)  # a footnote may have referred to more
        return [element("footnotes", None, items)] if items else []

    def children(self, block: Block, depth: int) -> list[Node]:
        """The nodes of the blocks in a container."""
        builder = Builder(is_inline=False, depth=depth)
        for child in block.children:
            self._add(builder, child, depth + 1)
        return builder.nodes()

    def _add(self, builder: Builder, block: Block, depth: int) -> None:
        if block.kind == "html":
            builder.html(repair.html(block.text) if block is self.open_leaf else block.text)
        else:
            builder.add(*NODES[block.kind](self, block, depth))

    def inline(self, text: str, block: Block) -> list[Node]:
        """The nodes of a block's text; what is unfinished in the open one is finished first."""
        if block is not self.open_leaf or bounds.inline_remark(text):
            return inlines.read(text, self.scope)
        return inlines.read(repair.inline(text), self.scope, is_open=True)

    def _paragraph(self, block: Block, depth: int) -> list[Node]:
        if block is self.open_leaf and repair.is_header_row(block.text):
            return [self._header(block)]
        nodes = self.inline(block.text, block)
        if len(nodes) == 1 and isinstance(nodes[0], dict) and nodes[0]["t"] == "math" and "a" in nodes[0]:
            return nodes
        return [element("p", None, nodes)] if nodes else []

    def _heading(self, block: Block, depth: int) -> list[Node]:
        return [element(f"h{block.level}", None, self.inline(block.text, block))]

    def _quote(self, block: Block, depth: int) -> list[Node]:
        return [element("blockquote", None, self.children(block, depth))]

    def _list(self, block: Block, depth: int) -> list[Node]:
        is_ordered = block.marker in ".)"
        attributes = {"start": block.number} if is_ordered and block.number != 1 else None
        items = [self._item(item, depth + 1, is_tight=block.is_tight) for item in block.children]
        return [element("ol" if is_ordered else "ul", attributes, items)]

    def _item(self, item: Block, depth: int, *, is_tight: bool) -> Element:
        builder = Builder(is_inline=False, depth=depth)
        task = ""
        for number, child in enumerate(item.children):
            if number == 0 and child.kind == "paragraph" and (match := _TASK.match(child.text)):
                task = "open" if match[1] == " " else "done"
                child.lines = child.text[match.end() :].split("\n")
            if is_tight and child.kind == "paragraph":
                builder.add(*self.inline(child.text, child))
            else:
                self._add(builder, child, depth + 1)
        return element("li", {"task": task} if task else None, builder.nodes())

    def _fence(self, block: Block, depth: int) -> list[Node]:
        is_open = block is self.open_leaf
        info = "" if is_open and self.has_open_line and block.start == self.last_line else block.info
        lang = next(iter(unescape(without_backslashes(info)).split()), "")
        text = block.text
        found = self._runs(lang, text, is_open=is_open)
        attributes: dict[str, Any] = {"lang": lang} if lang else {}
        if is_open:
            attributes["open"] = True
        if found:
            attributes["runs"] = found
        return [element("fence", attributes, [text])]

    def _runs(self, lang: str, text: str, *, is_open: bool) -> list[colours.Run]:
        if not lang or self.scope.coloured + len(text) > bounds.MAX_COLOURED_IN_ALL:
            return []
        if is_open:
            return self._growing.of(lang, text)
        self.scope.coloured += len(text)
        return colours.runs(lang, text)

    def _code(self, block: Block, depth: int) -> list[Node]:
        return [element("fence", None, [block.text])]

    def _math(self, block: Block, depth: int) -> list[Node]:
        tex = block.text.strip()
        if block is self.open_leaf:
            tex = tex.rstrip("$\\").rstrip()
            if not tex:
                return []
        return [element("math", {"display": True}, [tex])]

    def _thematic(self, block: Block, depth: int) -> list[Node]:
        return [element("hr")]

    def _plain(self, block: Block, depth: int) -> list[Node]:
        return [element("p", None, strip([block.text]))]

    def _table(self, block: Block, depth: int) -> list[Node]:
        columns = len(block.aligns)
        header, rows = block.lines[0], block.lines[2:]
        if columns * len(rows) > bounds.MAX_CELLS:
            rows = rows[: bounds.MAX_CELLS // columns]
            self.scope.remarks.append(f"A table is cut at {len(rows):,} rows: more than {bounds.MAX_CELLS:,} cells.")
        head = element("thead", None, [self._row("th", header, block)])
        body = [self._row("td", row, block, is_last=row is block.lines[-1]) for row in rows]
        return [element("table", None, [head, element("tbody", None, body)] if body else [head])]

    def _header(self, block: Block) -> Element:
        """The first row of a table whose row of dashes is still to come."""
        cells = [element("th", None, inlines.read(text, self.scope)) for text in tables.cells(block.text)]
        return element("table", None, [element("thead", None, [element("tr", None, cells)])])

    def _row(self, name: str, line: str, block: Block, *, is_last: bool = False) -> Element:
        columns = len(block.aligns)
        texts = tables.cells(line, columns)[:columns]
        texts += [""] * (columns - len(texts))
        last = max((number for number, text in enumerate(texts) if text), default=0) if is_last else -1
        cells = []
        for number, (text, align) in enumerate(zip(texts, block.aligns, strict=True)):
            nodes = self.inline(text, block) if number == last else inlines.read(text, self.scope)
            cells.append(element(name, {"align": align} if align else None, nodes))
        return element("tr", None, cells)

    def _nothing(self, block: Block, depth: int) -> list[Node]:
        return []


NODES: dict[str, Callable[[Reader, Block, int], list[Node]]] = {
    "paragraph": Reader._paragraph,
    "heading": Reader._heading,
    "quote": Reader._quote,
    "list": Reader._list,
    "fence": Reader._fence,
    "code": Reader._code,
    "math": Reader._math,
    "thematic": Reader._thematic,
    "plain": Reader._plain,
    "table": Reader._table,
    "footnote": Reader._nothing,  # shown at the end
}
