"""The blocks of a document: quotes, lists, headings, code, tables, by the algorithm of the CommonMark specification.

mistune's own block parser re-reads the source of every container, forgets where a block began and differs from
GFM in lists, indented code, tabs and tables. This one goes through the lines once, knows on which line each
block began (so finished ones can be sealed), and hands the texts of the blocks to mistune.

    line ──▶ which open blocks go on? ──▶ does it start new ones? ──▶ add its text to the last open block
              CONTINUES                     STARTS                     (or to a paragraph left open: laziness)

Source: https://spec.commonmark.org/0.31.2/#appendix-a-parsing-strategy, and GFM 0.29 for tables.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from . import bounds, tables
from .definitions import Definitions, take
from .line import Line


@dataclass(slots=True, eq=False)
class Block:
    """One block; `start` is the number of its first line."""

    kind: str
    start: int
    parent: Block | None = None
    depth: int = 0
    children: list[Block] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    is_open: bool = True
    ends_blank: bool = False
    is_tight: bool = True  # list
    level: int = 0  # heading
    info: str = ""  # fence, footnote: the label
    fence: str = ""  # fence, math: what closes it
    indent: int = 0  # fence: white space to strip; item: columns its content stands in
    marker: str = ""  # list: the bullet, or what follows the number
    number: int = 0  # ordered list
    html: int = 0  # which of the seven kinds
    aligns: list[str] = field(default_factory=list)  # table: of each column; its first two lines are header and dashes
    remark: str = ""  # of a bound that cut in

    @property
    def text(self) -> str:
        """Its lines."""
        return "\n".join(self.lines)


CONTAINERS = frozenset({"document", "quote", "list", "item", "footnote"})
LEAVES_WITH_LINES = frozenset({"paragraph", "fence", "code", "html", "math", "table", "plain"})

_THEMATIC = re.compile(r"(?:\*[ \t]*){3,}$|(?:_[ \t]*){3,}$|(?:-[ \t]*){3,}$")
_HEADING = re.compile(r"(#{1,6})(?:[ \t]+|$)")
_SETEXT = re.compile(r"(?:=+|-+)[ \t]*$")
_FENCE = re.compile(r"`{3,}(?!.*`)|~{3,}")
_BULLET = re.compile(r"[*+-](?=[ \t]|$)")
_ORDERED = re.compile(r"(\d{1,9})([.)])(?=[ \t]|$)", re.ASCII)
_FOOTNOTE = re.compile(r"\[\^([^\]\[\s]{1,500})\]:[ \t]*")
_MATH = {"$$": "$$", "\\[": "\\]"}
_SPECIAL = frozenset("#`~*+_=<>-$\\|[:0123456789")  # what a line that starts a block can begin with

_ATTRIBUTE = r"""[ \t]+[a-zA-Z_:][a-zA-Z0-9_.:-]*(?:[ \t]*=[ \t]*(?:[^\s"'=<>`]+|'[^']*'|"[^"]*"))?"""
_HTML_STARTS = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"<(?:script|pre|textarea|style)(?:\s|>|$)",
        r"<!--",
        r"<\?",
        r"<![A-Za-z]",
        r"<!\[CDATA\[",
        r"</?(?:address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|"
        r"div|dl|dt|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|"
        r"link|main|menu|menuitem|nav|noframes|ol|optgroup|option|p|param|search|section|summary|table|tbody|td|tfoot|"
        r"th|thead|title|tr|track|ul)(?:\s|/?>|$)",
        rf"(?:<[a-zA-Z][a-zA-Z0-9-]*(?:{_ATTRIBUTE})*[ \t]*/?>|</[a-zA-Z][a-zA-Z0-9-]*[ \t]*>)[ \t]*$",
    )
]
_HTML_ENDS = [re.compile(end, re.IGNORECASE) for end in ("</(?:script|pre|textarea|style)>", "-->", r"\?>", ">", "]]>")]
_UNTIL_BLANK = 5  # HTML of this kind and the next ends at a blank line

_GOES_ON, _ENDS, _CLOSED = range(3)


class BlockParser:
    """Reads a document line by line; `document` is the tree so far, `tip` the innermost open block."""

    def __init__(self, definitions: Definitions | None = None) -> None:
        self.document = Block("document", 0)
        self.tip = self.document
        self.definitions = definitions if definitions is not None else Definitions()
        self._number = 0
        self._blank_lines = 0
        self._matched = self.document  # the innermost block that this line continues
        self._before = self.document  # the tip before this line
        self._all_closed = True

    def feed(self, text: str) -> None:
        """Take the next line, without its line end."""
        if self._skips(text):
            return
        remark = bounds.line_remark(text)
        if remark and self.tip.kind not in ("fence", "code"):
            self._add_plain(text, remark)
        else:
            self._read(Line(text))
        self._number += 1

    def finish(self) -> Block:
        """Close everything and return the document."""
        while self.tip is not self.document:
            self._finalize(self.tip)
        return self.document

    def _skips(self, text: str) -> bool:
        """A third blank line in a row changes nothing, unless it is part of a text; the nesting need not be walked."""
        if text.strip(" \t"):
            self._blank_lines = 0
            return False
        self._blank_lines += 1
        if self._blank_lines < 3 or self.tip.kind in LEAVES_WITH_LINES:
            return False
        self._number += 1
        return True

    def _add_plain(self, text: str, remark: str) -> None:
        self._before, self._matched = self.tip, self.document
        self._close_unmatched()
        plain = self._add_child("plain")
        plain.lines.append(text)
        plain.remark = remark
        self._finalize(plain)

    def _read(self, line: Line) -> None:
        self._before = self.tip
        block = self._continue(line)
        if block is None:
            return
        self._matched = block
        self._all_closed = block is self._before
        block = self._start(block, line)
        if not self._all_closed and not line.is_blank and self.tip.kind == "paragraph":
            self.tip.lines.append(line.rest)
            return
        self._close_unmatched()
        self._remember_blank(block, line)
        self._add_text(block, line)

    def _continue(self, line: Line) -> Block | None:
        """The innermost block that the line belongs to; None if the line only closed a fence."""
        block = self.document
        while block.children and block.children[-1].is_open:
            child = block.children[-1]
            verdict = CONTINUES[child.kind](child, line)
            if verdict == _CLOSED:
                self._matched = child
                while self.tip is not child:
                    self._finalize(self.tip)
                self._finalize(child)
                return None
            if verdict == _ENDS:
                return block
            block = child
        return block

    def _start(self, block: Block, line: Line) -> Block:
        """Open the blocks that begin on the line; returns the one that gets its text."""
        is_leaf = block.kind in LEAVES_WITH_LINES - {"paragraph", "table"}
        while not is_leaf:
            if line.indent < 4 and (line.is_blank or line.text[line.first] not in _SPECIAL):
                break
            started = self._try(block, line)
            if started is None:
                break
            block = started
            is_leaf = block.kind not in CONTAINERS
        return block

    def _try(self, block: Block, line: Line) -> Block | None:
        if line.indent >= 4:
            return self._start_code(line)
        for start in STARTS:
            if started := start(self, block, line):
                return started
        return None

    def _remember_blank(self, block: Block, line: Line) -> None:
        """Blank lines between the children of an item make its list loose."""
        if line.is_blank and block.children:
            block.children[-1].ends_blank = True
        is_blank = line.is_blank and not (
            block.kind in ("quote", "fence", "math")
            or (block.kind == "item" and not block.children and block.start == self._number)
        )
        up: Block | None = block
        while up is not None:
            up.ends_blank = is_blank
            up = up.parent

    def _add_text(self, block: Block, line: Line) -> None:
        if block.kind in ("paragraph", "table"):
            if not line.is_blank:
                block.lines.append(line.rest)
        elif block.kind == "math":
            self._add_math(block, line)
        elif block.kind in LEAVES_WITH_LINES:
            if not (block.kind == "fence" and block.start == self._number):
                block.lines.append(line.remainder())
            if block.kind == "html" and block.html < _UNTIL_BLANK:
                if _HTML_ENDS[block.html].search(line.text, line.offset):
                    self._finalize(block)
        elif not line.is_blank and block.kind in CONTAINERS:
            self._add_child("paragraph").lines.append(line.rest)

    def _add_math(self, block: Block, line: Line) -> None:
        text = line.remainder().rstrip(" \t")
        if block.start == self._number:
            text = line.rest.rstrip(" \t")[2:]
        is_end = text.endswith(block.fence)
        block.lines.append(text.removesuffix(block.fence) if is_end else text)
        if is_end:
            block.info = "closed"
            self._finalize(block)

    # Adding and closing

    def _add_child(self, kind: str, start: int | None = None) -> Block:
        while self.tip.kind not in CONTAINERS or (self.tip.kind == "list" and kind != "item"):
            self._finalize(self.tip)
        child = Block(kind, self._number if start is None else start, self.tip, self.tip.depth + 1)
        self.tip.children.append(child)
        self.tip = child
        return child

    def _close_unmatched(self) -> None:
        while self._before is not self._matched and self._before.is_open:
            self._finalize(self._before)
            assert self._before.parent is not None
            self._before = self._before.parent
        self._all_closed = True

    def _finalize(self, block: Block) -> None:
        assert block.parent is not None
        block.is_open = False
        if finalize := FINALIZES.get(block.kind):
            finalize(self, block)
        self.tip = block.parent

    def _open(self, kind: str) -> Block:
        self._close_unmatched()
        return self._add_child(kind)

    def _is_too_deep(self, levels: int = 1) -> bool:
        block = self._matched if not self._all_closed else self.tip
        if block.depth + levels < bounds.MAX_DEPTH:
            return False
        top = block
        while top.parent is not None and top.parent.kind != "document":
            top = top.parent
        top.remark = f"Nested deeper than {bounds.MAX_DEPTH} levels: shown as text from there on."
        return True

    # What can begin on a line

    def _start_quote(self, block: Block, line: Line) -> Block | None:
        if line.text[line.first] != ">" or self._is_too_deep():
            return None
        _eat_quote_mark(line)
        return self._open("quote")

    def _start_heading(self, block: Block, line: Line) -> Block | None:
        match = _HEADING.match(line.text, line.first)
        if match is None:
            return None
        heading = self._open("heading")
        heading.level = len(match[1])
        heading.lines = [_without_closing_marks(line.text[match.end() :])]
        return heading

    def _start_fence(self, block: Block, line: Line) -> Block | None:
        match = _FENCE.match(line.text, line.first)
        if match is None:
            return None
        fence = self._open("fence")
        fence.fence, fence.indent = match[0], line.indent
        fence.info = line.text[match.end() :].strip()
        return fence

    def _start_math(self, block: Block, line: Line) -> Block | None:
        mark = line.text[line.first : line.first + 2]
        if mark not in _MATH:
            return None
        rest = line.text[line.first + 2 :].rstrip(" \t")
        closing = rest.find(_MATH[mark])
        if closing not in (-1, len(rest) - 2) or (mark == "$$" and rest.startswith("$")):
            return None
        if closing == -1 and rest and (block.kind == "paragraph" or (mark == "\\[" and rest[0] not in " \t\\")):
            return None  # an escaped bracket, or a price
        math = self._open("math")
        math.fence = _MATH[mark]
        math.marker = mark
        return math

    def _start_html(self, block: Block, line: Line) -> Block | None:
        if line.text[line.first] != "<":
            return None
        for kind, pattern in enumerate(_HTML_STARTS):
            if pattern.match(line.text, line.first):
                if kind == 6 and (block.kind == "paragraph" or (not self._all_closed and self.tip.kind == "paragraph")):
                    return None
                html = self._open("html")
                html.html = kind
                return html
        return None

    def _start_setext(self, block: Block, line: Line) -> Block | None:
        if block.kind != "paragraph" or not _SETEXT.match(line.text, line.first):
            return None
        self._close_unmatched()
        text = take(block.text, self.definitions)
        if not text:
            block.lines = []
            return None
        block.kind, block.level, block.lines = "heading", 1 if line.text[line.first] == "=" else 2, [text]
        return block

    def _start_thematic(self, block: Block, line: Line) -> Block | None:
        return self._open("thematic") if _THEMATIC.match(line.text, line.first) else None

    def _start_footnote(self, block: Block, line: Line) -> Block | None:
        match = _FOOTNOTE.match(line.text, line.first)
        if match is None or self._is_too_deep():
            return None
        line.to_first()
        line.eat(match.end() - match.start())
        footnote = self._open("footnote")
        footnote.info = match[1]
        return footnote

    def _start_item(self, block: Block, line: Line) -> Block | None:
        found = _marker(line, interrupts=block.kind == "paragraph")
        if found is None or self._is_too_deep(2):
            return None
        length, marker, number = found
        outside = line.indent
        inside = length + _eat_marker(line, length)
        self._close_unmatched()
        if self.tip.kind != "list" or self.tip.marker != marker:
            parent = self._add_child("list")
            parent.marker, parent.number = marker, number
        item = self._add_child("item")
        item.indent = outside + inside
        return item

    def _start_table(self, block: Block, line: Line) -> Block | None:
        if block.kind != "paragraph" or not block.lines or not self._all_closed:
            return None
        aligns = tables.aligns(line.rest)
        if aligns is None or not tables.is_header(block.lines[-1], len(aligns)):
            return None
        header = block.lines.pop()
        start = self._number - 1
        if not block.lines:
            assert block.parent is not None
            block.parent.children.remove(block)
            self.tip = block.parent
        table = self._add_child("table", start)
        self._matched = self._before = table
        table.aligns, table.lines = aligns, [header]
        return table

    def _start_code(self, line: Line) -> Block | None:
        if self.tip.kind == "paragraph" or line.is_blank:
            return None
        line.eat_columns(4)
        return self._open("code")


def _eat_quote_mark(line: Line) -> None:
    line.to_first()
    line.eat(1)
    if line.offset < len(line.text) and line.text[line.offset] in " \t":
        line.eat_columns(1)


def _without_closing_marks(text: str) -> str:
    text = text.strip(" \t")
    shorter = text.rstrip("#")
    return shorter.rstrip(" \t") if not shorter or shorter[-1] in " \t" else text


def _marker(line: Line, *, interrupts: bool) -> tuple[int, str, int] | None:
    """Length, kind and number of a list marker; only some may interrupt a paragraph."""
    if match := _BULLET.match(line.text, line.first):
        found = 1, match[0], 0
    elif (match := _ORDERED.match(line.text, line.first)) and (not interrupts or int(match[1]) == 1):
        found = len(match[0]), match[2], int(match[1])
    else:
        return None
    return None if interrupts and not line.text[match.end() :].strip(" \t") else found


def _eat_marker(line: Line, length: int) -> int:
    """Eat a marker and the white space that belongs to it; returns how many columns that is."""
    line.to_first()
    line.eat(length)
    columns = line.indent
    if line.is_blank or columns >= 5:
        columns = 1
    line.eat_columns(columns)
    return columns


# Whether an open block goes on


def _continue_quote(block: Block, line: Line) -> int:
    if line.indent >= 4 or line.is_blank or line.text[line.first] != ">":
        return _ENDS
    _eat_quote_mark(line)
    return _GOES_ON


def _continue_item(block: Block, line: Line) -> int:
    if line.is_blank:
        line.to_first()
        return _GOES_ON if block.children else _ENDS
    if line.indent < block.indent:
        return _ENDS
    line.eat_columns(block.indent)
    return _GOES_ON


def _continue_footnote(block: Block, line: Line) -> int:
    if line.is_blank:
        line.to_first()
        return _GOES_ON
    if line.indent < 4:
        return _ENDS
    line.eat_columns(4)
    return _GOES_ON


def _continue_fence(block: Block, line: Line) -> int:
    if line.indent < 4:
        rest = line.rest.rstrip(" \t")
        if len(rest) >= len(block.fence) and not rest.strip(block.fence[0]):
            block.marker = "closed"
            return _CLOSED
    line.eat_columns(block.indent)
    return _GOES_ON


def _continue_code(block: Block, line: Line) -> int:
    if line.indent >= 4 or line.is_blank:
        line.eat_columns(4)
        return _GOES_ON
    return _ENDS


def _until_blank(block: Block, line: Line) -> int:
    return _ENDS if line.is_blank else _GOES_ON


def _continue_html(block: Block, line: Line) -> int:
    return _ENDS if line.is_blank and block.html >= _UNTIL_BLANK else _GOES_ON


def _goes_on(block: Block, line: Line) -> int:
    return _GOES_ON


def _ends(block: Block, line: Line) -> int:
    return _ENDS


CONTINUES: dict[str, Callable[[Block, Line], int]] = {
    "list": _goes_on,
    "quote": _continue_quote,
    "item": _continue_item,
    "footnote": _continue_footnote,
    "fence": _continue_fence,
    "code": _continue_code,
    "html": _continue_html,
    "math": _until_blank,
    "paragraph": _until_blank,
    "table": _until_blank,
    "heading": _ends,
    "thematic": _ends,
    "plain": _ends,
}

# In this order: the first that fits.
STARTS: list[Callable[[BlockParser, Block, Line], Block | None]] = [
    BlockParser._start_quote,
    BlockParser._start_heading,
    BlockParser._start_fence,
    BlockParser._start_math,
    BlockParser._start_html,
    BlockParser._start_setext,
    BlockParser._start_thematic,
    BlockParser._start_footnote,
    BlockParser._start_item,
    BlockParser._start_table,
]


# What is left to do when a block closes


def _finalize_paragraph(parser: BlockParser, block: Block) -> None:
    if block.lines and block.lines[0].startswith("["):
        text = take(block.text, parser.definitions)
        block.lines = text.split("\n") if text else []


def _finalize_code(parser: BlockParser, block: Block) -> None:
    while block.lines and not block.lines[-1].strip(" \t"):
        block.lines.pop()


def _finalize_math(parser: BlockParser, block: Block) -> None:
    if block.info != "closed":  # it was none: its lines are an ordinary paragraph
        block.kind = "paragraph"
        block.lines[0] = block.marker + block.lines[0]


def _finalize_list(parser: BlockParser, block: Block) -> None:
    for number, item in enumerate(block.children):
        is_last = number == len(block.children) - 1
        if _ends_with_blank(item) and not is_last:
            block.is_tight = False
        for place, child in enumerate(item.children):
            if _ends_with_blank(child) and not (is_last and place == len(item.children) - 1):
                block.is_tight = False


def _ends_with_blank(block: Block) -> bool:
    while not block.ends_blank:
        if block.kind not in ("list", "item") or not block.children:
            return False
        block = block.children[-1]
    return True


FINALIZES: dict[str, Callable[[BlockParser, Block], Any]] = {
    "paragraph": _finalize_paragraph,
    "code": _finalize_code,
    "math": _finalize_math,
    "list": _finalize_list,
}
