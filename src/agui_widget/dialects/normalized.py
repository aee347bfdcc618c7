"""`normalized`: one enum of events, `{"type": T, "data": {…}}`; its mirror family `agui.T`; or both at once.

A *dual* stream says everything twice. Whichever family speaks first is read, and the other one is not.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from ..sse import ServerSentEvent
from .calls import Pieces
from .frames import Payload, Row, json_object, read_frame
from .writer import Event, RunWriter

NAME = "normalized"
MIRROR = "agui."  # what the types of the mirror family start with
UNFOLDED = {"text": "text", "arguments": "arguments_delta"}  # under a mirror's `delta` → in the first family


class Start(Payload):
    """The stream begins."""

    request_id: str = ""


class Words(Payload):
    """Words of the answer, or of what the agent thinks."""

    text: str


class CitationAdded(Payload):
    """A source; `index` counts from 0."""

    index: int = Field(ge=0)
    url: str
    title: str | None = None
    snippet: str | None = None


class MemoryUpdate(Payload):
    """Something to remember."""

    key: str
    value: Any = None
    operation: Literal["set", "append", "delete"] = "set"


class CallDelta(Payload):
    """A piece of a tool call; its id and name may come late."""

    call_index: int = Field(ge=0)
    id: str | None = None
    name: str | None = None
    arguments_delta: str | None = None


class CallComplete(Payload):
    """A tool call, whole."""

    call_index: int = Field(ge=0)
    id: str
    name: str
    arguments_json: str = ""


class ToolResult(Payload):
    """What a tool gave."""

    id: str
    name: str = "tool"
    content: str
    success: bool = True


class Usage(Payload):
    """What the run has cost, in tokens."""

    prompt_tokens: int | None = Field(None, ge=0)
    completion_tokens: int | None = Field(None, ge=0)
    total_tokens: int | None = Field(None, ge=0)


class Failure(Payload):
    """The run has failed."""

    message: str
    code: str | None = None


class Done(Payload):
    """The run has ended."""


class Said(Payload):
    """A frame of the first family, around its payload; the event of the frame names the type, too."""

    type: str = ""
    data: dict[str, Any] = {}


class Mirrored(Payload):
    """A frame of the mirror family: its payload is flat, but for the words."""

    kind: str | None = None
    delta: dict[str, Any] = {}


class Normalized:
    """Reads either family: the one that speaks first."""

    def __init__(self, run: RunWriter) -> None:
        self.run = run
        self.calls = Pieces(run)
        self.usage: Usage | None = None
        self._family: str | None = None

    def decode(self, frame: ServerSentEvent) -> list[Event]:
        """The events of one frame; none for one of the other family."""
        value = self.run.read_json(frame)
        kind = _kind(frame, value)
        family = MIRROR if kind.startswith(MIRROR) else ""
        name = kind[len(family) :]
        if self._family is None and name in ROWS:
            self._family = family
        if name in ROWS and family != self._family:
            return []
        if not isinstance(value, dict):
            return self._without_object(frame, name)
        payload = (_mirrored if family else _said)(self.run, value, kind)
        return payload if isinstance(payload, list) else self._read(name, payload, frame)

    def close(self) -> list[Event]:
        """Nothing: `done` is the end."""
        return []

    def _without_object(self, frame: ServerSentEvent, name: str) -> list[Event]:
        """The end needs no words; anything else does."""
        if name == "done" and not frame.data.strip():
            return self._read(name, {}, frame)
        return self.run.malformed(frame)

    def _read(self, name: str, payload: dict[str, Any], frame: ServerSentEvent) -> list[Event]:
        return read_frame(self, self.run, ROWS, name, payload, frame, dialect=NAME)


def _kind(frame: ServerSentEvent, value: Any) -> str:
    """What the frame says it is: its event; in a stream without events what is in it."""
    if frame.event != "message" or not isinstance(value, dict):
        return frame.event
    kind = value.get("type", "")
    if "type" not in value and isinstance(value.get("kind"), str):
        names = [value["kind"], f"{value['kind']}.{value.get('phase')}"]
        kind = next((MIRROR + name for name in names if name in ROWS), "")
    return kind if isinstance(kind, str) else ""


def _said(run: RunWriter, value: dict[str, Any], kind: str) -> dict[str, Any] | list[Event]:
    """The payload of a frame of the first family, or what is wrong with the frame."""
    said = run.read(Said, value, kind or "no type")
    return said if isinstance(said, list) else said.data


def _mirrored(run: RunWriter, value: dict[str, Any], kind: str) -> dict[str, Any] | list[Event]:
    """A mirror's flat payload as the first family has it, or what is wrong with the frame."""
    mirrored = run.read(Mirrored, value, kind)
    if isinstance(mirrored, list):
        return mirrored
    return {**value, **{UNFOLDED[name]: mirrored.delta[name] for name in UNFOLDED if name in mirrored.delta}}


def _start(decoder: Normalized, payload: Start) -> list[Event]:
    decoder.run.correlation_id = payload.request_id or decoder.run.correlation_id
    return decoder.run.start()


def _message(decoder: Normalized, payload: Words) -> list[Event]:
    return decoder.run.text(payload.text)


def _thinking(decoder: Normalized, payload: Words) -> list[Event]:
    return decoder.run.think(payload.text, "thinking")


def _reasoning(decoder: Normalized, payload: Words) -> list[Event]:
    return decoder.run.think(payload.text)


def _citation(decoder: Normalized, payload: CitationAdded) -> list[Event]:
    return decoder.run.custom("citation", payload.model_dump(exclude_none=True))


def _memory(decoder: Normalized, payload: MemoryUpdate) -> list[Event]:
    return decoder.run.custom("memory", payload.model_dump())


def _call_delta(decoder: Normalized, payload: CallDelta) -> list[Event]:
    return decoder.calls.add(payload.call_index, payload.id, payload.name, payload.arguments_delta)


def _call_complete(decoder: Normalized, payload: CallComplete) -> list[Event]:
    return decoder.calls.complete(payload.call_index, payload.id, payload.name, payload.arguments_json)


def _tool_result(decoder: Normalized, payload: ToolResult) -> list[Event]:
    run = decoder.run
    unknown = [] if run.knows(payload.id) else run.call(payload.id, payload.name)
    return [*unknown, *run.result(payload.id, payload.content, None if payload.success else payload.content)]


def _usage(decoder: Normalized, payload: Usage) -> list[Event]:
    decoder.usage = payload
    return decoder.run.start()


def _error(decoder: Normalized, payload: Failure) -> list[Event]:
    return [*decoder.calls.end_all(), *decoder.run.fail(payload.message, payload.code, **_tokens(decoder.usage))]


def _done(decoder: Normalized, payload: Done) -> list[Event]:
    return [*decoder.calls.end_all(), *decoder.run.finish(**_tokens(decoder.usage))]


TOKENS = {"prompt_tokens": "inputTokens", "completion_tokens": "outputTokens", "total_tokens": "totalTokens"}


def _tokens(usage: Usage | None) -> dict[str, Any]:
    """What the run has cost, as its end says it."""
    counts = usage.model_dump(exclude_none=True) if usage else {}
    return {"usage": [{TOKENS[name]: count for name, count in counts.items()}]} if counts else {}


ROWS: dict[str, Row[Normalized]] = {
    "stream.start": Row(Start, _start),
    "message.delta": Row(Words, _message),
    "thinking.delta": Row(Words, _thinking),
    "reasoning.delta": Row(Words, _reasoning),
    "citation.added": Row(CitationAdded, _citation),
    "memory.update": Row(MemoryUpdate, _memory),
    "tool_call.delta": Row(CallDelta, _call_delta),
    "tool_call.complete": Row(CallComplete, _call_complete),
    "tool_result": Row(ToolResult, _tool_result),
    "usage": Row(Usage, _usage),
    "error": Row(Failure, _error),
    "done": Row(Done, _done),
}


def recognises(frame: ServerSentEvent) -> bool:
    """True for a type of either family in the shape that only this dialect has."""
    value = json_object(frame)
    kind = _kind(frame, value)
    if value is None or kind.startswith(MIRROR):
        return kind[len(MIRROR) :] in ROWS
    is_wrapped = value.get("type") == kind and isinstance(value.get("data"), dict)
    return kind in ROWS and is_wrapped and "v" not in value  # an `envelope` says its version
