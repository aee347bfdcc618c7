"""A conversation as an agent can take it: every tool call with exactly one result, right behind it.

Model providers refuse a history in which a call has no result, or two, or anything in between. Real streams leave
such: a run that was stopped, a server that gave its results new ids.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

Message = dict[str, Any]

UNANSWERED = "No result: the run ended before this call was answered."


def repaired(messages: Iterable[Message], *, waiting: Iterable[str] = ()) -> list[Message]:
    """The messages with each call's first result behind it, and a stand-in for a result that never came.

    A call in `waiting` (of an open interrupt) keeps waiting. Results that belong to no call are left out.
    An error is also the content where there is none: models are shown that alone.
    """
    kept = list(messages)
    results: dict[str, Message] = {}
    for message in kept:
        if message["role"] == "tool":
            results.setdefault(message["toolCallId"], _readable(message))
    still_open = set(waiting)
    history: list[Message] = []
    for message in kept:
        if message["role"] != "tool":
            history.append(message)
            calls = [call["id"] for call in message.get("toolCalls") or ()]
            history += [results.get(call_id) or unanswered(call_id) for call_id in calls if call_id not in still_open]
    return history


def _readable(result: Message) -> Message:
    return {**result, "content": result["content"] or result.get("error", "")}


def unanswered(call_id: str, reason: str = UNANSWERED) -> Message:
    """The tool message that stands for a result that will not come."""
    return {"id": f"{call_id}-unanswered", "role": "tool", "toolCallId": call_id, "content": reason, "error": reason}


def with_results(messages: Iterable[Message], results: Iterable[Message]) -> list[Message]:
    """The messages with each result behind its call and the results already there; at the end without a call."""
    history = list(messages)
    for result in results:
        place = next((i for i, m in enumerate(history) if _calls(m, result["toolCallId"])), len(history) - 1) + 1
        while place < len(history) and history[place]["role"] == "tool":
            place += 1
        history.insert(place, result)
    return history


def _calls(message: Message, call_id: str) -> bool:
    return any(call["id"] == call_id for call in message.get("toolCalls") or ())
