"""What a user does on a surface, as an agent hears of it: in `forwardedProps`, and as two messages. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .capabilities import CONTEXT_DESCRIPTION, component_schema
from .catalogs import Catalog

LOG_TOOL = "log_a2ui_event"

# What AG-UI carries of an action, whatever the version of its surface.
FIELDS = ("name", "surfaceId", "sourceComponentId", "context", "timestamp", "dataContextPath")


def user_action(message: Mapping[str, Any]) -> dict[str, Any]:
    """The action in a renderer's message of any version: `{name, surfaceId, sourceComponentId, context, timestamp}`."""
    body = next((message[key] for key in ("userAction", "action") if isinstance(message.get(key), Mapping)), message)
    return {name: body[name] for name in FIELDS if body.get(name) is not None}


def forwarded_props(message: Mapping[str, Any]) -> dict[str, Any]:
    """What goes into the next run's `forwardedProps`, and into no later one's."""
    return {"a2uiAction": {"userAction": user_action(message)}}


def action_text(message: Mapping[str, Any]) -> str:
    """The action in words, as every agent over AG-UI reads it."""
    action = user_action(message)
    name, surface = action.get("name", "unknown_action"), action.get("surfaceId", "unknown_surface")
    component = action.get("sourceComponentId")
    where = f" (component: {component})" if component else ""
    return (
        f'User performed action "{name}" on surface "{surface}"{where}. Context: {_json(action.get("context") or {})}'
    )


def exchange(message: Mapping[str, Any], new_id: Callable[[], str]) -> list[dict[str, Any]]:
    """The two messages that tell an agent of the action: a call of `log_a2ui_event`, and its result.

    They are part of one request and of no history: who has the middleware upstream gets `forwarded_props` instead.
    """
    call_id = new_id()
    call = {
        "id": call_id,
        "type": "function",
        "function": {"name": LOG_TOOL, "arguments": _json(user_action(message))},
    }
    return [
        {"id": new_id(), "role": "assistant", "content": "", "toolCalls": [call]},
        {"id": new_id(), "role": "tool", "toolCallId": call_id, "content": action_text(message)},
    ]


def catalog_context(version: str = "v0.9", catalogs: Sequence[Catalog] = ()) -> dict[str, str]:
    """The entry of `RunAgentInput.context` that tells an agent which components there are."""
    return {"description": CONTEXT_DESCRIPTION, "value": _json(component_schema(version, catalogs))}


def _json(value: Any) -> str:
    """As JavaScript writes it: agents and their tests compare text."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
