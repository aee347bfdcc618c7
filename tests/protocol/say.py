"""Events in as few words as a test can read."""

from __future__ import annotations

from typing import Any

Event = dict[str, Any]


def event(kind: str, **fields: Any) -> Event:
    return {"type": kind, **fields}


def started(run: str = "r", thread: str = "t", **fields: Any) -> Event:
    return event("RUN_STARTED", threadId=thread, runId=run, **fields)


def finished(run: str = "r", thread: str = "t", **fields: Any) -> Event:
    return event("RUN_FINISHED", threadId=thread, runId=run, **fields)


def a_run(*events: Event) -> list[Event]:
    return [started(), *events, finished()]


def text(name: str, /, *deltas: str, **fields: Any) -> list[Event]:
    return [
        event("TEXT_MESSAGE_START", messageId=name, **fields),
        *(event("TEXT_MESSAGE_CONTENT", messageId=name, delta=delta) for delta in deltas),
        event("TEXT_MESSAGE_END", messageId=name),
    ]


def call(name: str, /, *deltas: str, tool: str = "f", **fields: Any) -> list[Event]:
    return [
        event("TOOL_CALL_START", toolCallId=name, toolCallName=tool, **fields),
        *(event("TOOL_CALL_ARGS", toolCallId=name, delta=delta) for delta in deltas),
        event("TOOL_CALL_END", toolCallId=name),
    ]


def result(name: str, /, content: Any = "ok", **fields: Any) -> Event:
    return event(
        "TOOL_CALL_RESULT", **{"messageId": f"result-{name}", "toolCallId": name, "content": content, **fields}
    )


def kinds(events: list[Event]) -> list[str]:
    return [event["type"] for event in events]
