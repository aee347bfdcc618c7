"""A snapshot read as turns: who spoke, and what there is to show of it, in the order of the screen.

What changes from one execution to the next (times, ids, figures) and what nobody must read (notices) is left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from math import inf
from typing import Any, TypeAlias

from .. import drawings, exhibits, markdown
from ..artifacts import ACTIVITY as ARTIFACT
from ..envelope import LANES
from ..literal import literal, without_ansi
from . import artifacts, outputs, surfaces
from .figures import Figures
from .outputs import Code, File, Gallery, Picture, Table

Json = dict[str, Any]

MAX_DEPTH = 2
LINE_CHARS = 76
SAYS_CHARS = 80

# How a run ended, as its footer says it → the word; those of a run that is on have none.
ENDINGS = {"stopped": "stopped", "failed": "failed", "truncated": "cut short", "waiting": "waiting for you"}
# The same for a run's outcome.
OUTCOMES = {"aborted": "stopped", "error": "failed", "rejected": "failed", "truncated": "cut short"}
NO_INTERFACE = "The interface could not be made."
CALL_STATES = {"error": "failed", "waiting": "waiting for you"}

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True)
class Words:
    """Something said, or shown: formatted if there are nodes, else plain."""

    text: str
    nodes: list[markdown.Node] | None = None
    figures: Figures | None = None  # what stands in the place of its blocks of code


@dataclass(frozen=True)
class Thought:
    """Reasoning, plain."""

    text: str


@dataclass(frozen=True)
class Figure:
    """A drawing of an output, and the output's source."""

    drawing: drawings.Drawing
    source: str


@dataclass(frozen=True)
class Call:
    """A tool call."""

    name: str
    state: str
    arguments: str = ""
    result: str = ""
    error: str = ""
    says: str = ""  # what it was given, in a few words


@dataclass(frozen=True)
class Interface:
    """An interface that the agent made, as lines to read."""

    lines: list[surfaces.Line]


@dataclass(frozen=True)
class Question:
    """What the agent waits for, and the line of Python that answers it."""

    message: str
    answer: str


@dataclass(frozen=True)
class Source:
    """A numbered source of the answer."""

    number: int
    title: str
    url: str
    host: str
    snippet: str


@dataclass(frozen=True)
class Sources:
    """The sources of one message."""

    entries: list[Source]


@dataclass(frozen=True)
class Failure:
    """An error."""

    message: str
    kept: str = ""
    detail: str = ""


@dataclass(frozen=True)
class Ending:
    """How it ended, if not well."""

    word: str


Item: TypeAlias = (
    Words
    | Picture
    | Gallery
    | File
    | Table
    | Figure
    | Thought
    | Code
    | Call
    | Interface
    | Question
    | Sources
    | Failure
    | Ending
)


@dataclass(frozen=True)
class Turn:
    """What one speaker said until another did. `depth` counts the agents above a subagent."""

    speaker: str
    is_user: bool = False
    depth: int = 0
    items: list[Item] = field(default_factory=list)


def read(snapshot: Json, *, title: str = "Agent", limit: int | None = None, drawn: float = inf) -> list[Turn]:
    """The turns of a snapshot (docs/wire.md). `limit` cuts each text that is no answer, with a note.

    Of drawings there are at most `drawn` characters, the latest first; the others are a table, or their source.
    """
    messages = snapshot["messages"]
    reader = _Reader({message["id"]: message for message in messages}, title, limit, Figures.of(messages, drawn))
    turns: list[Turn] = []
    speaker: tuple[Any, ...] | None = None
    for message in messages:
        items = [item for lane in LANES for item in reader.lane(lane, message["lanes"].get(lane))]
        whose = (message["role"], message.get("parent"), message.get("corr"))
        is_named = bool(message.get("name")) and "parent" in message
        if whose != speaker or is_named or message["role"] == "user":
            turns.append(reader.turn(message))
            speaker = whose
        turns[-1].items.extend(items)
    return [_tidy(turn) for turn in turns if turn.items]


def unfinished(outcome: str) -> str:
    """The word for a run that did not come to its end; empty for one that did."""
    return OUTCOMES.get(outcome, "")


def plain(text: object) -> str:
    """Prose: without terminal colours and control characters."""
    return _CONTROLS.sub("\ufffd", _with_newlines(without_ansi(str(text))))


def exact(text: object) -> str:
    """Text of a program, or a name: what hides in it is shown."""
    return literal(_with_newlines(str(text)))


def _with_newlines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def pretty(text: str) -> str:
    """JSON in lines, or in one if it is short; anything else as it is."""
    with suppress(ValueError, RecursionError):
        value = json.loads(text)
        line = json.dumps(value, ensure_ascii=False)
        return line if len(line) <= LINE_CHARS else json.dumps(value, indent=2, ensure_ascii=False)
    return text


def _tidy(turn: Turn) -> Turn:
    """One turn's prints in one piece, as often as they were gathered; its ending last."""
    printed: dict[str, str] = {}
    rest: list[Item] = []
    endings: list[Item] = []
    for item in turn.items:
        if isinstance(item, Code) and item.label:
            printed[item.label] = printed.get(item.label, "") + item.text
        elif isinstance(item, Ending):
            endings = [item]
        else:
            rest.append(item)
    prints = [Code(text, label) for label, text in printed.items()]
    return Turn(turn.speaker, turn.is_user, turn.depth, [*rest, *prints, *endings])


@dataclass(frozen=True)
class _Reader:
    messages: dict[str, Json]
    title: str
    limit: int | None
    figures: Figures

    def turn(self, message: Json) -> Turn:
        depth = self._depth(message)
        if message["role"] == "user":
            return Turn("You", is_user=True, depth=depth)
        if message["role"] != "assistant":
            return Turn(exact(message["role"]).capitalize(), depth=depth)
        return Turn(f"{exact(message.get('name') or 'agent')} (subagent)" if depth else self.title, depth=depth)

    def _depth(self, message: Json) -> int:
        depth, parent = 0, message.get("parent")
        while parent is not None and depth < MAX_DEPTH:
            depth, parent = depth + 1, self.messages.get(parent, {}).get("parent")
        return depth

    def lane(self, name: str, lane: Json | None) -> Iterable[Item]:
        if lane is None:
            return
        if name in ("thinking", "reasoning"):
            text = "\n\n".join(str(part["text"]) for part in lane["parts"] if part["kind"] in ("text", "blocks"))
            yield from [Thought(text)] if text.strip() else []
        elif name == "citations":
            sources = [_source(part["value"]) for part in lane["parts"] if part["kind"] == "citation"]
            yield from [Sources(sources)] if sources else []
        else:
            for part in lane["parts"]:
                yield from PARTS[part["kind"]](self, part) if part["kind"] in PARTS else ()
        word = ENDINGS.get((lane.get("status") or {}).get("status", ""))
        if name == "status" and word:
            yield Ending(word)

    def prose(self, text: str) -> str:
        whole = plain(text)
        return whole if self.limit is None or len(whole) <= self.limit else f"{whole[: self.limit]}…"

    def cut(self, text: object) -> str:
        whole = exact(text)
        if self.limit is None or len(whole) <= self.limit:
            return whole
        return f"{whole[: self.limit]}\n… cut: {len(whole) - self.limit:,} more characters"


def _text(reader: _Reader, part: Json) -> list[Item]:
    return [Words(part["text"])] if part["text"].strip() else []


def _blocks(reader: _Reader, part: Json) -> list[Item]:
    return [Words(part["text"], part["nodes"], reader.figures)] if part["nodes"] else []


def _tool(reader: _Reader, part: Json) -> list[Item]:
    row = part["value"]
    texts = {name: reader.cut(row.get(name) or "") for name in ("result", "error")}
    state = row.get("state", "queued")
    args = row.get("args") or ""
    arguments = reader.cut(pretty(args))
    call = Call(exact(row.get("name") or "tool"), CALL_STATES.get(state, state), arguments, says=_says(args), **texts)
    return [call, *_shown(reader, part["key"], row.get("output") or {})]


def _says(arguments: str) -> str:
    """The arguments in a line, if they are the names and values that they should be."""
    try:
        given = json.loads(arguments)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(given, dict):
        return ""
    line = ", ".join(f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in given.items())
    return exact(line if len(line) <= SAYS_CHARS else f"{line[:SAYS_CHARS]}…")


def _question(reader: _Reader, part: Json) -> list[Item]:
    return [Question(plain(part["value"].get("message", "")), exact(part["value"].get("answer", "")))]


def _error(reader: _Reader, part: Json) -> list[Item]:
    value = part["value"]
    return [Failure(exact(value["message"]), exact(value.get("kept") or ""), reader.cut(value.get("detail") or ""))]


def _surface(reader: _Reader, part: Json) -> list[Item]:
    value = part["value"]
    shown = [
        surfaces.Line(each.kind, reader.prose(each.text), reader.prose(each.label)) for each in surfaces.lines(value)
    ]
    items: list[Item] = [Interface(shown)] if shown else []
    status = value.get("status") or {}
    if status.get("status") == "failed":
        items.append(Failure(NO_INTERFACE, detail=reader.cut(status.get("error") or "")))
    return items


def _activity(reader: _Reader, part: Json) -> list[Item]:
    if part["value"].get("type") == exhibits.STEP and (step := exhibits.step(part["value"].get("content") or {})):
        return [Words(plain(exhibits.step_text(step)))]
    if part["value"].get("type") == ARTIFACT:
        card = artifacts.line(part["value"].get("content"))
        text, label, note = map(reader.cut, (card.text, card.label, card.note))
        return [Interface([replace(card, text=text, label=label, note=note)])]
    content = json.dumps(part["value"].get("content"), indent=2, ensure_ascii=False, default=str)
    return [Code(reader.cut(content), exact(part["value"].get("type", "activity")))]


def _output(reader: _Reader, part: Json) -> list[Item]:
    """An object, or what was printed."""
    value = part["value"]
    if not value.get("name"):
        return _shown(reader, part["key"], value)
    text = str((value.get("data") or {}).get("text/plain", ""))
    return [Code(reader.cut(text), "Printed output")] if text else []


def _shown(reader: _Reader, key: str, value: Json) -> list[Item]:
    """What an output shows: what was drawn of it, else its first form here, each text read as what it is."""
    data = value.get("data")
    if isinstance(data, dict) and (drawing := reader.figures.of_output(key, data)):
        return [Figure(drawing, reader.cut(data.get("text/plain", "")))]
    return [_MADE_SAFE[type(item)](reader, item) for item in outputs.shown(value)]


_MADE_SAFE: dict[type, Callable[[_Reader, Any], Item]] = {
    outputs.Markdown: lambda reader, item: Words(item.text, markdown.parse(item.text), reader.figures),
    outputs.Latex: lambda reader, item: Words(item.text, markdown.latex_nodes(item.text)),
    Picture: lambda reader, item: replace(item, text=plain(item.text)),
    Gallery: lambda reader, item: Gallery([replace(each, text=plain(each.text)) for each in item.pictures]),
    File: lambda reader, item: File(exact(item.text)),
    Code: lambda reader, item: Code(reader.cut(item.text)),
    Table: lambda reader, item: item,  # it is safe as it was made
}


PARTS: dict[str, Callable[[_Reader, Json], list[Item]]] = {
    "text": _text,
    "blocks": _blocks,
    "tool": _tool,
    "question": _question,
    "error": _error,
    "activity": _activity,
    "surface": _surface,
    "output": _output,
}


def _source(value: Json) -> Source:
    number = value.get("index")
    fields = {name: exact(value.get(name) or "") for name in ("title", "url", "host", "snippet")}
    return Source(number if isinstance(number, int) else 0, **fields)
