"""`dotted`: the early, plain events, in three shapes.

    event: T            data: the payload alone
                        data: {"type": T, "payload": {…}}
    event: agui         data: {"v": "agui.v1", "event": T, "payload": {…}, "id", "ts", "stream", "corr"?}

It has no event for its end: that is the end of the stream.
"""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from pydantic import Field

from ..sse import ServerSentEvent
from ..surfaces import SPEC_EVENT
from .frames import Payload, Row, json_object, read_frame
from .writer import Event, RunWriter

NAME = "dotted"
VERSION = "agui.v1"
ENVELOPE = "agui"  # the SSE event of an envelope
BEATS = ("tick", "keepalive")  # the server is there, whatever else they say


class Words(Payload):
    """Words of the answer."""

    text: str


class Interface(Payload):
    """An interface that a schema names; the page knows how it is drawn."""

    schema_name: str = Field(alias="schema")
    component: str
    props: dict[str, Any] = Field(default_factory=dict)


class ToolCall(Payload):
    """A tool call, whole; without an id it is that of the next result of an unknown call."""

    tool: str
    args: Any = None
    call_id: str | None = None


class ToolResult(Payload):
    """What a tool gave."""

    call_id: str
    ok: bool = True
    result: Any = None


class State(Payload):
    """The shared state."""

    state: Any


class Failure(Payload):
    """The run has failed."""

    message: str


class Dotted:
    """Reads any of the three shapes, also side by side."""

    def __init__(self, run: RunWriter) -> None:
        self.run = run
        self._nameless: list[str] = []  # calls that came without an id, oldest first
        self._names: dict[str, str] = {}  # the id by which a result called one of those

    def decode(self, frame: ServerSentEvent) -> list[Event]:
        """The events of one frame."""
        value = self.run.read_json(frame)
        said = _unfolded(frame, value)
        self.run.may_close = self.run.may_close or said.kind in KINDS
        if said.kind in BEATS:
            return []
        if not isinstance(value, dict):
            return self.run.malformed(frame)
        if said.version not in (None, VERSION):
            why = f"is of version {json.dumps(said.version)[:40]}, and only {VERSION} is read"
            return self.run.problem(self.run.wording(frame, why), "version")
        return read_frame(self, self.run, ROWS, said.kind, said.payload, frame, dialect=NAME, at="payload")

    def close(self) -> list[Event]:
        """The end of a run that has begun."""
        return self.run.finish() if self.run.may_close else []

    def begin(self, call_id: str | None) -> str:
        """The id of a call that begins."""
        if call_id is None:
            call_id = self.run.new_id()
            self._nameless.append(call_id)
        return call_id

    def answered(self, call_id: str) -> str:
        """The id of the call that a result is of."""
        if not self.run.knows(call_id) and call_id not in self._names and self._nameless:
            self._names[call_id] = self._nameless.pop(0)
        return self._names.get(call_id, call_id)


def _token(decoder: Dotted, payload: Words) -> list[Event]:
    return decoder.run.text(payload.text)


def _render(decoder: Dotted, payload: Interface) -> list[Event]:
    spec = payload.model_dump(by_alias=True)
    return [*decoder.run.end_words(), *decoder.run.custom(SPEC_EVENT, spec)]


def _call(decoder: Dotted, payload: ToolCall) -> list[Event]:
    return decoder.run.whole_call(decoder.begin(payload.call_id), payload.tool, payload.args)


def _result(decoder: Dotted, payload: ToolResult) -> list[Event]:
    run, call_id = decoder.run, decoder.answered(payload.call_id)
    unknown = [] if run.knows(call_id) else run.call(call_id, "tool")
    content = run.content(payload.result)
    return [*unknown, *run.result(call_id, content, None if payload.ok else content)]


def _state(decoder: Dotted, payload: State) -> list[Event]:
    return decoder.run.event({"type": "STATE_SNAPSHOT", "snapshot": payload.state})


def _error(decoder: Dotted, payload: Failure) -> list[Event]:
    return decoder.run.fail(payload.message)


ROWS: dict[str, Row[Dotted]] = {
    "token.delta": Row(Words, _token),
    "ui.render": Row(Interface, _render),
    "tool.call": Row(ToolCall, _call),
    "tool.result": Row(ToolResult, _result),
    "state.update": Row(State, _state),
    "error": Row(Failure, _error),
}
KINDS = {*ROWS, *BEATS}
COMMON = ("error", *BEATS)  # names that others use too


class _Said(NamedTuple):
    """A frame of any shape."""

    kind: str
    payload: Any
    version: Any = None


def _unfolded(frame: ServerSentEvent, value: Any) -> _Said:
    """What a frame says, in whichever shape."""
    if frame.event in BEATS or not isinstance(value, dict):
        return _Said(frame.event, value)
    if frame.event == ENVELOPE or ("v" in value and "event" in value):
        return _Said(_name(value.get("event")), value.get("payload"), value.get("v", VERSION))
    kind = _name(value.get("type"))
    if kind and ("payload" in value or frame.event == "message"):
        return _Said(kind, value.get("payload"))
    return _Said(frame.event, value)


def _name(value: Any) -> str:
    return value if isinstance(value, str) else ""


def recognises(frame: ServerSentEvent) -> bool:
    """True for a type of its own in one of the three shapes; a lane envelope has `kind` where this has `event`."""
    value = json_object(frame)
    if value is None or "kind" in value:
        return False
    said = _unfolded(frame, value)
    is_alone = said.payload is value
    return said.kind in KINDS and isinstance(said.payload, dict) and not (is_alone and said.kind in COMMON)
