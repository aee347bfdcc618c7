"""AG-UI events → `normalized`: the first family, its mirror, or both for every event."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from pydantic import ValidationError

from ..sse import ServerSentEvent
from .frames import Payload
from .normalized import MIRROR, TOKENS, UNFOLDED, CitationAdded, MemoryUpdate
from .writer import Event

Said = tuple[str, dict[str, Any]]  # a type and its data


def encode(events: Iterable[Event]) -> Iterator[ServerSentEvent]:
    """The frames of a run's events, of the first family. The events are in order, and no chunks."""
    return _encode(events, [_first])


def encode_mirror(events: Iterable[Event]) -> Iterator[ServerSentEvent]:
    """The frames of the mirror family."""
    return _encode(events, [_mirror])


def encode_dual(events: Iterable[Event]) -> Iterator[ServerSentEvent]:
    """The frames of both families, one behind the other."""
    return _encode(events, [_first, _mirror])


Family = Callable[[str, dict[str, Any], str], tuple[str, dict[str, Any]]]


def _encode(events: Iterable[Event], families: list[Family]) -> Iterator[ServerSentEvent]:
    writer = _Writer()
    for event in events:
        for kind, payload in WRITERS.get(event["type"], _nothing)(writer, event):
            for family in families:
                name, value = family(kind, payload, writer.run_id)
                yield ServerSentEvent(name, json.dumps(value, ensure_ascii=False))


def _first(kind: str, payload: dict[str, Any], run_id: str) -> tuple[str, dict[str, Any]]:
    return kind, {"type": kind} | ({} if kind == "done" else {"data": payload})


def _mirror(kind: str, payload: dict[str, Any], run_id: str) -> tuple[str, dict[str, Any]]:
    """The payload laid flat; what kind it is of stands in it, and in which phase that is."""
    what, _, phase = kind.partition(".")
    delta = {name: payload[theirs] for name, theirs in UNFOLDED.items() if theirs in payload}
    flat = {name: value for name, value in payload.items() if name not in UNFOLDED.values()}
    marks = {"kind": what} | ({"phase": phase} if phase else {}) | {"request_id": run_id}
    return MIRROR + kind, marks | flat | ({"delta": delta} if delta else {})


class _Writer:
    """What the frames of a run need to know of those before."""

    def __init__(self) -> None:
        self.run_id = ""
        self.citations = 0
        self.names: dict[str, str] = {}  # of the calls, by id, in the order of their numbers
        self.arguments: dict[str, str] = {}

    def number(self, call_id: str) -> int:
        """A call's number."""
        return list(self.names).index(call_id)


def _start(writer: _Writer, event: Event) -> list[Said]:
    writer.run_id = event["runId"]
    return [("stream.start", {"request_id": writer.run_id})]


def _text(writer: _Writer, event: Event) -> list[Said]:
    return [("message.delta", {"text": event["delta"]})]


def _thought(writer: _Writer, event: Event) -> list[Said]:
    is_thinking = (event.get("metadata") or {}).get("lane") == "thinking"
    return [("thinking.delta" if is_thinking else "reasoning.delta", {"text": event["delta"]})]


def _call(writer: _Writer, event: Event) -> list[Said]:
    call_id, name = event["toolCallId"], event["toolCallName"]
    writer.names[call_id], writer.arguments[call_id] = name, ""
    return [("tool_call.delta", {"call_index": writer.number(call_id), "id": call_id, "name": name})]


def _arguments(writer: _Writer, event: Event) -> list[Said]:
    call_id = event["toolCallId"]
    writer.arguments[call_id] += event["delta"]
    return [("tool_call.delta", {"call_index": writer.number(call_id), "arguments_delta": event["delta"]})]


def _call_end(writer: _Writer, event: Event) -> list[Said]:
    call_id = event["toolCallId"]
    whole = {"id": call_id, "name": writer.names[call_id], "arguments_json": writer.arguments[call_id]}
    return [("tool_call.complete", {"call_index": writer.number(call_id), **whole})]


def _result(writer: _Writer, event: Event) -> list[Said]:
    call_id, content = event["toolCallId"], event["content"]
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
    error = (event.get("metadata") or {}).get("error")
    named = {"id": call_id, "name": writer.names.get(call_id, "tool")}
    return [("tool_result", {**named, "content": str(error) if error else text, "success": not error})]


def _citation(writer: _Writer, value: Any) -> list[Said]:
    said = _checked("citation.added", CitationAdded, {"index": writer.citations} | value)
    writer.citations += len(said)
    return said


def _memory(writer: _Writer, value: Any) -> list[Said]:
    return _checked("memory.update", MemoryUpdate, value)


def _checked(kind: str, model: type[Payload], value: Any) -> list[Said]:
    """The value as the dialect has it; nothing for one that it cannot say, such as a source without an address."""
    try:
        return [(kind, model.model_validate(value).model_dump(exclude_none=True))]
    except ValidationError:
        return []


CUSTOMS: dict[str, Callable[[_Writer, dict[str, Any]], list[Said]]] = {"citation": _citation, "memory": _memory}


def _custom(writer: _Writer, event: Event) -> list[Said]:
    write, value = CUSTOMS.get(event["name"]), event["value"]
    values = [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, dict)]
    return [said for each in values for said in write(writer, each)] if write else []


def _end(writer: _Writer, event: Event) -> list[Said]:
    return [*_usage(event), ("done", {})]


def _error(writer: _Writer, event: Event) -> list[Said]:
    error: dict[str, Any] = {name: event[name] for name in ("message", "code") if name in event}
    return [*_usage(event), ("error", error), ("done", {})]


def _usage(event: Event) -> list[Said]:
    """What all models of the run have cost together; nothing without figures."""
    used = event.get("usage") or []
    total = {name: sum(each.get(theirs, 0) for each in used) for name, theirs in TOKENS.items()}
    total["total_tokens"] = total["total_tokens"] or total["prompt_tokens"] + total["completion_tokens"]
    return [("usage", total)] if used else []


def _nothing(writer: _Writer, event: Event) -> list[Said]:
    """What the dialect has no words for."""
    return []


WRITERS: dict[str, Callable[[_Writer, Event], list[Said]]] = {
    "RUN_STARTED": _start,
    "TEXT_MESSAGE_CONTENT": _text,
    "REASONING_MESSAGE_CONTENT": _thought,
    "TOOL_CALL_START": _call,
    "TOOL_CALL_ARGS": _arguments,
    "TOOL_CALL_END": _call_end,
    "TOOL_CALL_RESULT": _result,
    "CUSTOM": _custom,
    "RUN_FINISHED": _end,
    "RUN_ERROR": _error,
}
