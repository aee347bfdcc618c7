"""The events that the benches without a browser feed: one run of one long text message."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .tokens import token

Event = dict[str, Any]

HEAD: list[Event] = [
    {"type": "RUN_STARTED", "threadId": "t", "runId": "r"},
    {"type": "TEXT_MESSAGE_START", "messageId": "m", "role": "assistant"},
]
TAIL: list[Event] = [
    {"type": "TEXT_MESSAGE_END", "messageId": "m"},
    {"type": "RUN_FINISHED", "threadId": "t", "runId": "r"},
]


def deltas(count: int) -> Iterator[Event]:
    for n in range(count):
        yield {"type": "TEXT_MESSAGE_CONTENT", "messageId": "m", "delta": token(n)}


def a_run(count: int) -> Iterator[Event]:
    yield from HEAD
    yield from deltas(count)
    yield from TAIL


def conversation(length: int) -> list[dict[str, Any]]:
    """That many messages of 200 bytes."""
    roles = ("user", "assistant")
    return [{"id": f"m{n}", "role": roles[n % 2], "content": token(n) * 10} for n in range(length)]


def tool_calls(count: int) -> Iterator[Event]:
    """A run of that many calls, four events each: nothing in it can be merged."""
    yield HEAD[0]
    for n in range(count):
        call = {"toolCallId": f"c{n}"}
        yield {"type": "TOOL_CALL_START", **call, "toolCallName": "look"}
        yield {"type": "TOOL_CALL_ARGS", **call, "delta": '{"at": 1}'}
        yield {"type": "TOOL_CALL_END", **call}
        yield {"type": "TOOL_CALL_RESULT", **call, "messageId": f"r{n}", "content": "found"}
    yield TAIL[-1]
