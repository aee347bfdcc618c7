"""Turns as plain text, for `text/plain`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from .. import drawings, markdown
from ..markdown.nodes import Element, element
from .outputs import Code, File, Gallery, Picture, Table, table_in
from .surfaces import Line
from .turns import (
    Call,
    Ending,
    Failure,
    Figure,
    Interface,
    Item,
    Question,
    Sources,
    Thought,
    Turn,
    Words,
    plain,
)

CODE_LINES = 20  # of what programs made


def to_text(turns: Iterable[Turn]) -> str:
    """The turns as text: who said what. Reasoning, and what tools were given and gave, is left out."""
    return "\n\n".join(_turn(turn) for turn in turns)


def _turn(turn: Turn) -> str:
    said = [text for item in turn.items if (text := WRITERS[type(item)](item))]
    whole = f"{turn.speaker}: " + "\n\n".join(said)
    indent = "    " * turn.depth
    return "\n".join(f"{indent}{line}".rstrip() for line in whole.split("\n"))


def _words(words: Words) -> str:
    if words.nodes is None:
        return plain(words.text).strip("\n")
    return markdown.to_text(drawings.illustrated(words.nodes, _shown))


def _shown(fence: Element) -> Element:
    """The values in a block of code that only a page draws; else itself."""
    found = table_in(*drawings.source_of(fence))
    return element("fence", None, [_table(found)]) if found else fence


def _picture(picture: Picture) -> str:
    return picture.text or "[image]"


def _code(code: Code) -> str:
    lines = code.text.rstrip("\n").split("\n")
    more = [f"… {len(lines) - CODE_LINES} more lines"] if len(lines) > CODE_LINES else []
    label = [f"{code.label}:"] if code.label else []
    return "\n".join([*label, *lines[:CODE_LINES], *more])


def _table(table: Table) -> str:
    lines = [table.head, *table.rows]
    widths = [max(len(line[at]) for line in lines if at < len(line)) for at in range(len(table.head))]
    rows = ["  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=False)).rstrip() for line in lines]
    title = [table.title] if table.title else []
    return "\n".join([*title, *table.about, *rows, *([f"({table.note})"] if table.note else [])])


def _sources(sources: Sources) -> str:
    return "\n".join(f"[{each.number}] {' '.join(filter(None, (each.title, each.url)))}" for each in sources.entries)


def _interface(interface: Interface) -> str:
    return "\n".join(filter(None, map(_line, interface.lines)))


def _line(line: Line) -> str:
    if line.kind == "field":
        return f"{line.label}: {line.text}"
    return f"[{line.text}]" if line.kind == "button" else markdown.to_text(markdown.parse(line.text)).strip("\n")


WRITERS: dict[type[Item], Callable[[Any], str]] = {
    Words: _words,
    Picture: _picture,
    Gallery: lambda gallery: "\n".join(map(_picture, gallery.pictures)),
    File: lambda file: file.text,
    Table: _table,
    Figure: lambda figure: figure.drawing.text or figure.source or "[drawing]",
    Thought: lambda thought: "",
    Code: _code,
    Call: lambda call: f"[{call.name}: {call.state}]",
    Interface: _interface,
    Question: lambda question: f"[waits for you: {question.message}]",
    Sources: _sources,
    Failure: lambda failure: f"[error: {failure.message}]",
    Ending: lambda ending: f"[{ending.word}]",
}
