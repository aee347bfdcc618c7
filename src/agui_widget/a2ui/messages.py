"""The messages of every version: which there are, what they hold, and how one is told from another. Pure."""

from __future__ import annotations

import json
import re
from typing import Any

from .kinds import (
    anything,
    boolean,
    call,
    fields,
    identifier_keys,
    is_date_time,
    items,
    number,
    string,
)
from .problem import Place, shown
from .walk import Check, Walk

VERSION = re.compile(r"v?(0\.8|0\.9|0\.10|1)(\.\d+)*")

KEYS_0_8 = ("beginRendering", "surfaceUpdate", "dataModelUpdate")
KEYS_0_9 = ("createSurface", "updateComponents", "updateDataModel", "deleteSurface")


def family_of(spelled: Any) -> str | None:
    """Which table a version reads: `"v0.9.1"` → `"0.9"`, `"1.0"` → `"1.0"`; None for what is no version."""
    found = VERSION.fullmatch(spelled) if isinstance(spelled, str) else None
    if found is None:
        return None
    return "1.0" if found[1] == "1" else found[1]


def version_of(message: Any) -> str | None:
    """Which version a message is of, by its keys and its `version`; None if it does not show (`deleteSurface`)."""
    if not isinstance(message, dict):
        return None
    if any(key in message for key in KEYS_0_8) or "userAction" in message:
        return "0.8"
    family = family_of(message.get("version"))
    if family is not None:
        return family
    return "0.9" if any(key in message for key in KEYS_0_9[:3]) else None


def messages_of(payload: Any) -> list[Any]:
    """The messages of a payload: one, an array, `{messages: […]}` (an example has a name, too), JSON or JSON lines.

    Raises `ValueError` for text that is not JSON.
    """
    if isinstance(payload, str):
        return _parsed(payload)
    if isinstance(payload, dict) and isinstance(payload.get("messages"), list):
        return list(payload["messages"])
    return list(payload) if isinstance(payload, list) else [payload]


def _parsed(text: str) -> list[Any]:
    try:
        return messages_of(_json(text))
    except ValueError:
        lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
        if len(lines) < 2 or not _is_json(lines[0][1]):
            raise
        return [message for number, line in lines for message in _line(number, line)]


def _is_json(line: str) -> bool:
    """Where the first line is not, the text is one document that is broken."""
    try:
        _json(line)
    except ValueError:
        return False
    return True


def _line(number: int, line: str) -> list[Any]:
    try:
        return messages_of(_json(line))
    except ValueError as error:
        raise ValueError(f"line {number} of the text: {getattr(error, 'msg', error)}") from None


def _json(text: str) -> Any:
    try:
        found = json.loads(text)
    except RecursionError:
        raise ValueError("nested too deep") from None
    return [found] if isinstance(found, str) else found


# --- what each message holds --------------------------------------------------------------------------------


def timestamp(value: Any, place: Place, walk: Walk) -> None:
    """When something happened, as RFC 3339."""
    if not isinstance(value, str):
        walk.mismatch(value, place, "string")
    elif not is_date_time(value):
        walk.add(place, "invalid_value", f"{shown(value)} is not a 'date-time'")


def _object(value: Any, place: Place, walk: Walk) -> None:
    if not isinstance(value, dict):
        walk.mismatch(value, place, "object")


_extensions = fields({"extensions": identifier_keys})
_response_error = fields({"code": string, "message": string}, ("code", "message"))


def function_response(value: Any, place: Place, walk: Walk) -> None:
    """The answer to a call: its value or its error."""
    _response(value, place, walk)
    if isinstance(value, dict) and ("value" in value) == ("error" in value):
        walk.add(place, "invalid_value", "exactly one of 'value' and 'error' is required")


_response = fields({"functionCallId": string, "value": anything, "error": _response_error}, ("functionCallId",))


def _called_function(value: Any, place: Place, walk: Walk) -> None:
    if isinstance(value, dict):
        walk.is_at = "@call" in value
    call(value, place, walk)


def _renderer_function(value: Any, place: Place, walk: Walk) -> None:
    _called_function(value, place, walk)
    if isinstance(value, dict) and "catalogId" not in value:
        walk.missing(place, "catalogId")


_ACTION = {
    "name": string,
    "surfaceId": string,
    "sourceComponentId": string,
    "timestamp": timestamp,
    "context": _object,
}
_action = fields(_ACTION, tuple(_ACTION), is_open=True)
_action_1_0 = fields({**_ACTION, "userMessage": string, "metadata": _extensions}, tuple(_ACTION), is_open=True)

SPECIFIC_ERRORS = ("VALIDATION_FAILED", "UNALLOWED_PARENT", "UNALLOWED_CHILD")
_ERROR = {"code": string, "surfaceId": string, "path": string, "message": string}
_specific_error = fields(_ERROR, tuple(_ERROR))
_error_0_9 = fields(
    {"code": anything, "surfaceId": string, "message": string}, ("code", "surfaceId", "message"), is_open=True
)
_error_1_0 = fields({**_ERROR, "path": anything, "functionCallId": string}, ("code", "message"), is_open=True)


def error(value: Any, place: Place, walk: Walk) -> None:
    """What went wrong at the renderer: in a component, or elsewhere."""
    is_final = walk.version == "1.0"
    if isinstance(value, dict) and value.get("code") in (SPECIFIC_ERRORS if is_final else SPECIFIC_ERRORS[:1]):
        return _specific_error(value, place, walk)
    (_error_1_0 if is_final else _error_0_9)(value, place, walk)
    if is_final and isinstance(value, dict) and ("surfaceId" in value) == ("functionCallId" in value):
        walk.add(place, "invalid_value", "exactly one of 'surfaceId' and 'functionCallId' is required")


def _entries(depth: int) -> Check:
    """0.8's data: a list of keys with typed values, nested once."""
    checks: dict[str, Check] = {
        "key": string,
        "valueString": string,
        "valueNumber": number,
        "valueBoolean": boolean,
    }
    if depth:
        checks["valueMap"] = _entries(depth - 1)
    return items(fields(checks, ("key",)))


def components(value: Any, place: Place, walk: Walk) -> None:
    """A list of components; each is checked by its catalogue, see `validate`."""
    if not isinstance(value, list):
        walk.mismatch(value, place, "array")
    elif not value:
        walk.add(place, "invalid_value", "[] has fewer than 1 items")


_surface = {"surfaceId": string}
_create = fields(
    {**_surface, "catalogId": string, "theme": _object, "sendDataModel": boolean}, ("surfaceId", "catalogId")
)
_update = fields({**_surface, "components": components}, ("surfaceId", "components"))
_data = {**_surface, "path": string, "value": anything}
_delete = fields(_surface, ("surfaceId",))
_create_1_0 = fields(
    {
        **_surface,
        "catalogId": string,
        "sendDataModel": boolean,
        "components": components,
        "dataModel": _object,
        "metadata": _extensions,
        "surfaceProperties": _object,  # as drafts of mid-2026 spell the theme
    },
    ("surfaceId",),
)
_begin = fields({**_surface, "root": string, "catalogId": string, "styles": _object}, ("root", "surfaceId"))
_data_0_8 = fields({**_surface, "path": string, "contents": _entries(1)}, ("contents", "surfaceId"))

_CALLS: dict[str, Check] = {
    "callRendererFunction": fields(
        {"functionCallId": string, "callFunction": _renderer_function, "surfaceId": string},
        ("functionCallId", "callFunction"),
    ),
    "agentFunctionResponse": function_response,
}
_DRAFT_CALLS: dict[str, Check] = {"callFunction": _object, "actionResponse": _object}  # mid-2026; loosely specified

# sender → version → what a message of its is about → the check of that.
MESSAGES: dict[str, dict[str, dict[str, Check]]] = {
    "agent": {
        "0.8": {
            "beginRendering": _begin,
            "surfaceUpdate": _update,
            "dataModelUpdate": _data_0_8,
            "deleteSurface": _delete,
        },
        "0.9": {
            "createSurface": _create,
            "updateComponents": _update,
            "updateDataModel": fields(_data, ("surfaceId",)),
            "deleteSurface": _delete,
        },
        "1.0": {
            "createSurface": _create_1_0,
            "updateComponents": _update,
            "updateDataModel": fields(_data, ("surfaceId", "value")),
            "deleteSurface": _delete,
            **_CALLS,
            **_DRAFT_CALLS,
        },
    },
    "renderer": {
        "0.8": {"userAction": _action, "error": _object},
        "0.9": {"action": _action, "error": error},
        "1.0": {
            "action": _action_1_0,
            "callAgentFunction": fields(
                {"surfaceId": string, "functionCallId": string, "callFunction": _called_function},
                ("surfaceId", "functionCallId", "callFunction"),
            ),
            "rendererFunctionResponse": function_response,
            "error": error,
            "functionResponse": _object,
        },
    },
}
MESSAGES["agent"]["0.10"] = {
    **MESSAGES["agent"]["0.9"],
    **_DRAFT_CALLS,
    "createSurface": fields(
        {**_surface, "catalogId": string, "sendDataModel": boolean, "theme": _object, "surfaceProperties": _object},
        ("surfaceId", "catalogId"),
    ),
}
MESSAGES["renderer"]["0.10"] = {**MESSAGES["renderer"]["0.9"], "functionResponse": _object}
