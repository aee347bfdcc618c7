"""What tools were called in a conversation, and what they gave."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from .errors import ObjectError
from .objects import Objects

Json = dict[str, Any]


@dataclass(frozen=True)
class ToolCall:
    """A call of a tool, as far as it has got.

    `state` is one of queued, running, waiting, done, error and cancelled; `result` is the text that the agent got, or
    the error. `value` is what the tool gave: the Python object itself if the tool ran in this kernel, as long as the
    chat keeps it, else the text.
    """

    id: str
    name: str
    arguments: Json
    state: str
    result: str
    value: Any = None


def read_calls(snapshot: Json, objects: Objects) -> list[ToolCall]:
    """The calls of a snapshot (docs/wire.md), in the order of the screen."""
    lanes = (message["lanes"].get("tools", {"parts": ()}) for message in snapshot["messages"])
    rows = (part["value"] for lane in lanes for part in lane["parts"] if part["kind"] == "tool")
    return [_call(row, objects) for row in rows]


def as_object(arguments: str) -> Json:
    """Arguments as the object that their JSON text should be; empty if it is not."""
    try:
        given = json.loads(arguments)
    except (ValueError, RecursionError):
        return {}
    return given if isinstance(given, dict) else {}


def _call(row: Json, objects: Objects) -> ToolCall:
    text = row.get("error") or row.get("result") or ""
    arguments = as_object(row.get("args") or "")
    state = row.get("state", "queued")
    return ToolCall(row["call_id"], row.get("name", "tool"), arguments, state, text, _value(row, objects))


def _value(row: Json, objects: Objects) -> Any:
    key = (row.get("output") or {}).get("object")
    if key is None:
        return row.get("result")
    try:
        return objects.value(key)
    except ObjectError:
        return row.get("result")
