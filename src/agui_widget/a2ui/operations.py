"""A2UI in what agents send: activities, tool results, and snapshots that repeat themselves. Pure.

An operation is an A2UI message, as AG-UI calls it.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any, Literal

from .messages import MESSAGES, version_of

ACTIVITY_TYPE = "a2ui-surface"
OPERATIONS_KEY = "a2ui_operations"
MIME_TYPES = frozenset(("application/a2ui+json", "application/json+a2ui"))
MOST_ENCODINGS = 3

Status = Literal["painted", "building", "retrying", "failed"]

KEYS = frozenset(key for checks in MESSAGES["agent"].values() for key in checks)
MAKING = frozenset(
    ("createSurface", "updateComponents", "updateDataModel", "beginRendering", "surfaceUpdate", "dataModelUpdate")
)


@dataclass(frozen=True)
class Received:
    """What an agent sent: operations, or how far it is with them. `detail` is what it says of that, as it came."""

    operations: list[dict[str, Any]] = field(default_factory=list)
    status: Status = "painted"
    detail: dict[str, Any] = field(default_factory=dict)


def activity_content(content: Any) -> Received | None:
    """What the content of an `a2ui-surface` activity holds; None for one that holds nothing known.

    `{a2ui_operations: […]}`, or `{status: "building"|"retrying"|"failed", …}` before there is something to show.
    """
    if isinstance(content, dict) and OPERATIONS_KEY not in content and content.get("status") in _STATUSES:
        detail = {key: value for key, value in content.items() if key != "status"}
        return Received(status=content["status"], detail=detail)
    return operations_of(content)


def operations_of(value: Any) -> Received | None:
    """The A2UI in a tool's result or an agent's message; None if there is none.

    Takes `{a2ui_operations: […]}`, an array of messages or one, all that as JSON (also encoded twice) or as the parts
    of a message, and the old flat form `{type: "create_surface", …}`; `{code: "a2ui_recovery_exhausted", …}` failed.
    """
    value = _decoded(value)
    if isinstance(value, dict):
        return _in_object(value)
    if not isinstance(value, list) or not value:
        return None
    operations = [_operation(each) for each in value]
    if all(operation is not None for operation in operations):
        return Received([operation for operation in operations if operation is not None])
    return _in_parts(value)


def added(before: list[Any], after: list[Any]) -> list[Any] | None:
    """What a snapshot that repeats the last one adds; None if it is another, so that all of it counts."""
    try:
        return after[len(before) :] if after[: len(before)] == before else None
    except RecursionError:
        return None


_STATUSES = ("building", "retrying", "failed")


def _in_object(value: dict[str, Any]) -> Received | None:
    if OPERATIONS_KEY in value:
        listed = _decoded(value[OPERATIONS_KEY])
        operations = [_operation(each) for each in (listed if isinstance(listed, list) else [listed])]
        detail = {key: each for key, each in value.items() if key != OPERATIONS_KEY}
        return Received([operation for operation in operations if operation is not None], detail=detail)
    if value.get("code") == "a2ui_recovery_exhausted":
        return Received(status="failed", detail={key: each for key, each in value.items() if key != "code"})
    operation = _operation(value)
    return None if operation is None else Received([operation])


def _in_parts(parts: list[Any]) -> Received | None:
    """The A2UI among the parts of a message: texts, and resources of its type."""
    found = [received for part in parts if isinstance(part, dict) and (received := _in_part(part))]
    if not found:
        return None
    failed = next((each for each in found if each.status == "failed"), None)
    return failed or Received([operation for each in found for operation in each.operations])


def _in_part(part: dict[str, Any]) -> Received | None:
    resource = part.get("resource")
    if isinstance(resource, dict) and resource.get("mimeType") in MIME_TYPES:
        return operations_of(resource.get("text"))
    is_text = part.get("type") == "text" and isinstance(part.get("text"), str)
    return operations_of(part["text"]) if is_text else None


def _operation(value: Any) -> dict[str, Any] | None:
    """A message as it is, an old flat one in today's form, None for anything else."""
    if not isinstance(value, dict):
        return None
    if any(isinstance(value.get(key), dict) for key in KEYS):
        is_known = version_of(value) is not None or not MAKING.isdisjoint(value) or _is_deletion(value)
        return value if is_known else None
    return _from_flat(value)


def _is_deletion(value: dict[str, Any]) -> bool:
    return set(value) <= {"deleteSurface", "version"}


def _from_flat(value: dict[str, Any]) -> dict[str, Any] | None:
    """`{type: "create_surface", surfaceId, …}`; see https://github.com/CopilotKit/CopilotKit/issues/5832."""
    kind = value.get("type")
    key = _camel(kind) if isinstance(kind, str) else ""
    if key not in KEYS:
        return None
    body = {_camel(name): each for name, each in value.items() if name not in ("type", "version")}
    if key == "updateDataModel" and "value" not in body and "data" in body:
        body["value"] = body.pop("data")
    if key in MESSAGES["agent"]["0.8"] and key != "deleteSurface":
        return {key: body}
    return {"version": value.get("version", "v0.9"), key: body}


def _camel(name: str) -> str:
    return re.sub(r"_([a-z])", lambda found: found[1].upper(), name)


def _decoded(value: Any) -> Any:
    """A value that may be encoded as JSON, once or more."""
    for _ in range(MOST_ENCODINGS):
        if not isinstance(value, str) or not value.lstrip().startswith(("{", "[", '"')):
            return value
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return None
    return value
