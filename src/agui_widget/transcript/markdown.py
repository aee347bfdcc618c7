"""Turns as markdown: answers by their source, what programs made in fences that cannot be left from inside."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from html import escape
from typing import Any

from ..drawings import Drawing
from ..markdown import urls
from ..markdown.closing import closed
from .figures import Figures
from .outputs import Code, File, Gallery, Picture, Table
from .surfaces import Line
from .turns import (
    Call,
    Ending,
    Failure,
    Figure,
    Interface,
    Item,
    Question,
    Source,
    Sources,
    Thought,
    Turn,
    Words,
    plain,
)

# A block of code at the edge; one that stands in another is the other's.
_FENCE = re.compile(
    r"^(?P<marks>`{3,}|~{3,})[ \t]*(?P<lang>[^\s`]+)[^\n]*\n(?P<code>.*?)\n(?P=marks)[`~]*[ \t]*$",
    re.DOTALL | re.MULTILINE,
)
_MARKS = re.compile(r"[\\`*_{}\[\]<>|~$&#]")


def to_markdown(turns: Iterable[Turn], *, title: str) -> str:
    """The turns as a markdown document."""
    return "\n\n".join([f"# {_line(title)}", *map(_turn, turns)]) + "\n"


def _turn(turn: Turn) -> str:
    words = [_quoted(closed(item.text)) if turn.is_user and isinstance(item, Words) else None for item in turn.items]
    said = [own or WRITERS[type(item)](item) for own, item in zip(words, turn.items, strict=True)]
    text = "\n\n".join([f"**{_line(turn.speaker)}**", *said])
    for _ in range(turn.depth):
        text = _quoted(text)
    return text


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def _line(text: str) -> str:
    """Text in one line, in which nothing is markdown."""
    return _MARKS.sub(r"\\\g<0>", " ".join(plain(text).split()))


def _fence(text: str, lang: str = "") -> str:
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    marks = "`" * max(3, longest + 1)
    return f"{marks}{lang}\n{text}\n{marks}"


def _folded(label: str, inside: Iterable[str]) -> str:
    return "\n\n".join([f"<details><summary>{label}</summary>", *inside, "</details>"])


def _words(words: Words) -> str:
    text, figures = closed(words.text.strip("\n")), words.figures
    return _FENCE.sub(lambda fence: _shown(fence, figures), text) if figures else text


def _shown(fence: re.Match[str], figures: Figures) -> str:
    """What stands in the place of a block of code; else itself, for hosts that draw such blocks."""
    found = figures.of_fence(fence["lang"].lower(), fence["code"])
    if found is None:
        return fence[0]
    shown = _table(found) if isinstance(found, Table) else _drawing(found)
    return f"{shown}\n\n{_folded('Source', [fence[0]])}"


def _drawing(drawing: Drawing) -> str:
    words = "; ".join(drawing.text.split("\n")) or "Drawing"
    return f"![{_line(words)}]({drawing.source})"


def _figure(figure: Figure) -> str:
    return f"{_drawing(figure.drawing)}\n\n{_folded('Source', [_fence(figure.source)])}"


def _picture(picture: Picture) -> str:
    source = urls.image(picture.source)
    return f"![{_line(picture.text)}]({source})" if source else _fence(picture.text)


def _table(table: Table) -> str:
    rule = ("---:" if at in table.numbers else "---" for at in range(len(table.head)))
    lines = [map(_line, table.head), rule, *(map(_line, row) for row in table.rows)]
    rows = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    title = [f"**{_line(table.title)}**"] if table.title else []
    note = [f"*{_line(table.note)}*"] if table.note else []
    return "\n\n".join([*title, *map(_line, table.about), rows, *note])


def _thought(thought: Thought) -> str:
    return _folded("Thought", [_quoted(closed(thought.text.strip("\n")))])


def _code(code: Code) -> str:
    fence = _fence(code.text)
    return _folded(escape(" ".join(code.label.split())), [fence]) if code.label else fence


def _call(call: Call) -> str:
    words = f"<code>{escape(call.name)}</code> {escape(call.says)} · {escape(call.state)}"
    label = " ".join(words.split())
    sections = {"Arguments": (call.arguments, "json"), "Result": (call.result, ""), "Error": (call.error, "")}
    return _folded(label, [f"{name}\n\n{_fence(*given)}" for name, given in sections.items() if given[0]])


def _question(question: Question) -> str:
    return f"**{_line(question.message)}**\n\n{_fence(question.answer, 'python')}"


def _interface(interface: Interface) -> str:
    return _quoted("\n\n".join(filter(None, (_surface_line(each) for each in interface.lines))))


def _surface_line(line: Line) -> str:
    if line.kind == "field":
        text = f" **{_line(line.text)}**" if line.text else ""
        note = f" · {_line(line.note)}" if line.note else ""
        return f"{_line(line.label)}:{text}{note}"
    if line.kind == "text":
        return closed(line.text.strip("\n"))
    return f"**{_line(line.text)}**" if line.kind == "heading" else f"\\[{_line(line.text)}\\]"


def _sources(sources: Sources) -> str:
    is_counted = [each.number for each in sources.entries] == list(range(1, len(sources.entries) + 1))
    return "\n".join(["**Sources**", "", *(_source(each, is_counted) for each in sources.entries)])


def _source(source: Source, is_counted: bool) -> str:
    """A row; a list that leaves numbers out would be counted anew by who reads it."""
    mark = f"{source.number}." if is_counted else f"- **{source.number}**"
    label = _line(source.title or source.url or source.host or "Source")
    address = urls.link(source.url)
    linked = f"[{label}](<{address.href}>)" if address else label
    host = f" ({_line(source.host)})" if source.host else ""
    snippet = f": {_line(source.snippet)}" if source.snippet else ""
    return f"{mark} {linked}{host}{snippet}"


def _failure(failure: Failure) -> str:
    said = f"**Error:** {_line(failure.message)} {_line(failure.kept)}".rstrip()
    return "\n\n".join([said, *([_folded("Details", [_fence(failure.detail)])] if failure.detail else [])])


def _ending(ending: Ending) -> str:
    return f"*{_line(ending.word)}*"


WRITERS: dict[type[Item], Callable[[Any], str]] = {
    Words: _words,
    Picture: _picture,
    Gallery: lambda gallery: "\n\n".join(map(_picture, gallery.pictures)),
    File: lambda file: _line(file.text),
    Table: _table,
    Figure: _figure,
    Thought: _thought,
    Code: _code,
    Call: _call,
    Interface: _interface,
    Question: _question,
    Sources: _sources,
    Failure: _failure,
    Ending: _ending,
}
