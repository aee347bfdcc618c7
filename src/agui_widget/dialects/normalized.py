"""`normalized`: one enum of events, `{"type": T, "data": {…}}`; its mirror family `agui.T`; or both at once.

A *dual* stream says everything twice. Whichever family speaks first is read, and the other one is not.
"""

from __future__ import annotations

import json
from typing import Any, Literal

from pydantic import Field

from ..sse import ServerSentEvent
from .frames import Payload, Row, read_frame
from .writer import Event, RunWriter

NAME = "normalized"
MIRROR = "agui."


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

    prompt_tokens: int = Field(0, ge=0)
    completion_tokens: int = Field(0, ge=0)
    total_tokens: int | None = None


class Failure(Payload):
    """The run has failed."""

    message: str
    code: str | None = None


class Done(Payload):
    """The run has ended."""


class Normalized:
    """Reads either family: the one that speaks first."""

    def __init__(self, run: RunWriter) -> None:
        self.run = run
        self.usage: Usage | None = None
        self._is_mirror: bool | None = None
        self._calls: dict[int, _Call] = {}

    def decode(self, frame: ServerSentEvent) -> list[Event]:
        """The events of one frame; none for one of the other family."""
        value = self.run.read_json(frame)
        if not isinstance(value, dict):
            return self.run.malformed(frame, "is no JSON object")
        kind = _kind(frame, value)
        is_mirror = kind.startswith(MIRROR)
        if self._is_mirror is None:
            self._is_mirror = is_mirror
        if is_mirror is not self._is_mirror:
            return []
        payload = _unfolded(value) if is_mirror else value.get("data", {})
        return read_frame(self, self.run, ROWS, kind.removeprefix(MIRROR), payload, frame, dialect=NAME)

    def close(self) -> list[Event]:
        """Nothing: `done` is the end."""
        return []

    def call(self, index: int) -> _Call:
        """What is known of a call so far."""
        return self._calls.setdefault(index, _Call())


class _Call:
    """A call that comes in pieces: nothing is said of it before it has its id and its name."""

    def __init__(self) -> None:
        self.id = ""
        self.name = ""
        self.has_arguments = False
        self._waiting = ""
        self._is_open = False

    def add(self, run: RunWriter, call_id: str | None, name: str | None, arguments: str | None) -> list[Event]:
        """The events of one piece."""
        self.id, self.name = self.id or call_id or "", self.name or name or ""
        self._waiting += arguments or ""
        if not (self.id and self.name):
            return []
        begun = [] if self._is_open else run.call(self.id, self.name)
        self._is_open = True
        self.has_arguments = self.has_arguments or bool(self._waiting)
        rest, self._waiting = self._waiting, ""
        return [*begun, *run.arguments(self.id, rest)]


def _start(decoder: Normalized, payload: Start) -> list[Event]:
    return decoder.run.start()


def _message(decoder: Normalized, payload: Words) -> list[Event]:
    return decoder.run.text(payload.text)


def _thinking(decoder: Normalized, payload: Words) -> list[Event]:
    return decoder.run.think(payload.text, "thinking")


def _reasoning(decoder: Normalized, payload: Words) -> list[Event]:
    return decoder.run.think(payload.text)


def _citation(decoder: Normalized, payload: CitationAdded) -> list[Event]:
    return decoder.run.custom("citation", payload.model_dump(exclude_none=True) | {"index": payload.index + 1})


def _memory(decoder: Normalized, payload: MemoryUpdate) -> list[Event]:
    return decoder.run.custom("memory", payload.model_dump())


def _call_delta(decoder: Normalized, payload: CallDelta) -> list[Event]:
    call = decoder.call(payload.call_index)
    return call.add(decoder.run, payload.id, payload.name, payload.arguments_delta)


def _call_complete(decoder: Normalized, payload: CallComplete) -> list[Event]:
    call = decoder.call(payload.call_index)
    events = call.add(decoder.run, payload.id, payload.name, None)
    whole = [] if call.has_arguments else decoder.run.arguments(call.id, payload.arguments_json)
    return [*events, *whole, *decoder.run.end_call(call.id)]


def _tool_result(decoder: Normalized, payload: ToolResult) -> list[Event]:
    run = decoder.run
    unknown = [] if run.knows(payload.id) else run.call(payload.id, payload.name)
    return [*unknown, *run.result(payload.id, payload.content, None if payload.success else payload.content)]


def _usage(decoder: Normalized, payload: Usage) -> list[Event]:
    decoder.usage = payload
    return decoder.run.start()


def _error(decoder: Normalized, payload: Failure) -> list[Event]:
    return decoder.run.fail(payload.message, payload.code)


def _done(decoder: Normalized, payload: Done) -> list[Event]:
    used = decoder.usage
    usage = [{"inputTokens": used.prompt_tokens, "outputTokens": used.completion_tokens}] if used else []
    return decoder.run.finish(**({"usage": usage} if usage else {}))


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


def _kind(frame: ServerSentEvent, value: dict[str, Any]) -> str:
    """What the frame says it is: its event, or in a stream without events the type in it."""
    kind = value.get("type") if frame.event == "message" else frame.event
    return kind if isinstance(kind, str) else ""


def _unfolded(value: dict[str, Any]) -> dict[str, Any]:
    """A mirror's flat payload as the other family has it: words and arguments stand under `delta`."""
    delta = value.get("delta")
    if not isinstance(delta, dict):
        return value
    names = {"text": "text", "arguments": "arguments_delta"}
    return {**value, **{names[name]: delta[name] for name in names if name in delta}}


def recognises(frame: ServerSentEvent) -> bool:
    """True for a type of either family in the shape that only this dialect has."""
    try:
        value = json.loads(frame.data)
    except (ValueError, RecursionError):
        return False
    if not isinstance(value, dict):
        return False
    kind = _kind(frame, value)
    if kind.startswith(MIRROR):
        return kind.removeprefix(MIRROR) in ROWS and "kind" in value
    return kind in ROWS and value.get("type") == kind and (isinstance(value.get("data"), dict) or kind == "done")
