"""AG-UI events → OpenAI's chat-completions chunks. They have no words for results of tools, nor for state."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from ..sse import ServerSentEvent
from .openai import DONE
from .writer import Event

MODEL = "agent"  # a chunk must name a model
Delta = dict[str, Any]


def encode(events: Iterable[Event]) -> Iterator[ServerSentEvent]:
    """The chunks of a run's events. The events are in order, and no chunks themselves."""
    writer = _Writer()
    for event in events:
        yield from map(_frame, WRITERS.get(event["type"], _nothing)(writer, event))


def _frame(value: dict[str, Any] | str) -> ServerSentEvent:
    return ServerSentEvent(data=value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


class _Writer:
    """What the chunks of a run have in common."""

    def __init__(self) -> None:
        self.run_id = ""
        self.created = 0
        self.calls: list[str] = []  # ids, in the order of their numbers
        self.unanswered: set[str] = set()

    def chunk(self, *choices: dict[str, Any], **more: Any) -> dict[str, Any]:
        """One chunk."""
        head = {"id": self.run_id, "object": "chat.completion.chunk", "created": self.created, "model": MODEL}
        return {**head, "choices": list(choices), **more}

    def delta(self, delta: Delta, finish_reason: str | None = None) -> list[Chunk]:
        """One chunk with what is new."""
        return [self.chunk({"index": 0, "delta": delta, "finish_reason": finish_reason})]

    def piece(self, call_id: str, **piece: Any) -> list[Chunk]:
        """One chunk with a piece of a call."""
        return self.delta({"tool_calls": [{"index": self.calls.index(call_id), **piece}]})


Chunk = dict[str, Any] | str


def _start(writer: _Writer, event: Event) -> list[Chunk]:
    writer.run_id, writer.created = event["runId"], event.get("timestamp", 0) // 1000
    return writer.delta({"role": "assistant", "content": ""})


def _text(writer: _Writer, event: Event) -> list[Chunk]:
    return writer.delta({"content": event["delta"]})


def _thought(writer: _Writer, event: Event) -> list[Chunk]:
    return writer.delta({"reasoning_content": event["delta"]})


def _call(writer: _Writer, event: Event) -> list[Chunk]:
    call_id = event["toolCallId"]
    writer.calls.append(call_id)
    writer.unanswered.add(call_id)
    function = {"name": event["toolCallName"], "arguments": ""}
    return writer.piece(call_id, id=call_id, type="function", function=function)


def _arguments(writer: _Writer, event: Event) -> list[Chunk]:
    return writer.piece(event["toolCallId"], function={"arguments": event["delta"]})


def _result(writer: _Writer, event: Event) -> list[Chunk]:
    writer.unanswered.discard(event["toolCallId"])
    return []


def _custom(writer: _Writer, event: Event) -> list[Chunk]:
    """A citation of a page; other customs, and citations without an address, are left out."""
    value = event["value"]
    values = value if isinstance(value, list) else [value]
    is_citation = event["name"] == "citation"
    pages = [each for each in values if is_citation and isinstance(each, dict) and isinstance(each.get("url"), str)]
    notes = [{"type": "url_citation", "url_citation": _page(each)} for each in pages]
    return writer.delta({"annotations": notes}) if notes else []


def _page(citation: dict[str, Any]) -> dict[str, str]:
    return {name: citation[name] for name in ("url", "title") if isinstance(citation.get(name), str)}


def _end(writer: _Writer, event: Event) -> list[Chunk]:
    reason = writer.delta({}, "tool_calls" if writer.unanswered else "stop")
    return [*reason, *_usage(writer, event), DONE]


def _error(writer: _Writer, event: Event) -> list[Chunk]:
    error = {"message": event["message"], "type": "server_error", "code": event.get("code")}
    return [*_usage(writer, event), {"error": error}, DONE]


COUNTS = {"prompt_tokens": "inputTokens", "completion_tokens": "outputTokens"}


def _usage(writer: _Writer, event: Event) -> list[Chunk]:
    """What all models of the run have cost together; nothing without figures."""
    used = event.get("usage") or []
    counts = {name: sum(each.get(theirs, 0) for each in used) for name, theirs in COUNTS.items()}
    total = sum(each.get("totalTokens", 0) for each in used) or sum(counts.values())
    return [writer.chunk(usage={**counts, "total_tokens": total})] if used else []


def _nothing(writer: _Writer, event: Event) -> list[Chunk]:
    """What the dialect has no words for."""
    return []


WRITERS: dict[str, Callable[[_Writer, Event], list[Chunk]]] = {
    "RUN_STARTED": _start,
    "TEXT_MESSAGE_CONTENT": _text,
    "REASONING_MESSAGE_CONTENT": _thought,
    "TOOL_CALL_START": _call,
    "TOOL_CALL_ARGS": _arguments,
    "TOOL_CALL_RESULT": _result,
    "CUSTOM": _custom,
    "RUN_FINISHED": _end,
    "RUN_ERROR": _error,
}
