"""The types that catalogue documents refer to, `common_types.json#/$defs/…`: as checks, and as schemas to inline.

The schemas say what the specification's own say, for those who read a catalogue; the checks decide.
"""

from __future__ import annotations

from typing import Any

from .kinds import (
    KINDS,
    action,
    anything,
    binding,
    call,
    child,
    dynamic_string,
    fields,
    identifier_keys,
    one_of,
    rules,
    string,
)
from .problem import Place
from .walk import Check, Walk

Schema = dict[str, Any]


def _binding(value: Any, place: Place, walk: Walk) -> None:
    if isinstance(value, dict) and walk.path_key in value:
        binding(value, place, walk)
    elif isinstance(value, dict):
        walk.missing(place, walk.path_key)
    else:
        walk.mismatch(value, place, "object")


def _accessibility(value: Any, place: Place, walk: Walk) -> None:
    (_accessibility_1_0 if walk.version == "1.0" else _accessibility_0_9)(value, place, walk)


_labels = {"label": dynamic_string, "description": dynamic_string}
_accessibility_0_9 = fields(_labels, is_open=True)
_accessibility_1_0 = fields(
    {**_labels, "live": one_of(["off", "polite", "assertive"]), "hidden": KINDS["DynamicBoolean"]}
)

# What a `$ref` to a common type checks; what is part of every component (`ComponentCommon`) is checked with it.
CHECKS: dict[str, Check] = {
    **{name: check for name, check in KINDS.items() if name[0].isupper() and not name.startswith("Bound")},
    "Child": child,
    "CallId": string,
    "DataBinding": _binding,
    "FunctionCall": call,
    "CheckRule": lambda value, place, walk: rules([value], place, walk),
    "AccessibilityAttributes": _accessibility,
    "Extensions": identifier_keys,
    "Action": action,
}

# Those that only add properties to an object. What every component has is checked with the component.
MIXINS: dict[str, dict[str, Check]] = {
    "ComponentCommon": dict.fromkeys(("id", "accessibility", "catalogId", "metadata"), anything),
    "FunctionCommon": {"catalogId": string},
    "Checkable": {"checks": rules},
}

_COMPONENT_ID: Schema = {
    "type": "string",
    "description": "The unique identifier for a component, used for both definitions and references within the same "
    "surface.",
}
_DATA_BINDING: Schema = {
    "type": "object",
    "properties": {"path": {"type": "string", "description": "A JSON Pointer path to a value in the data model."}},
    "required": ["path"],
    "additionalProperties": False,
}
_FUNCTION_CALL: Schema = {
    "type": "object",
    "properties": {"call": {"type": "string"}, "args": {"type": "object"}, "returnType": {"type": "string"}},
    "required": ["call"],
}
_CHILD_LIST: Schema = {
    "oneOf": [
        {"type": "array", "items": _COMPONENT_ID, "description": "A static list of child component IDs."},
        {
            "type": "object",
            "description": "A template for generating a dynamic list of children from a data model list. "
            "The `componentId` is the component to use as a template.",
            "properties": {
                "componentId": _COMPONENT_ID,
                "path": {
                    "type": "string",
                    "description": "The path to the list of component property objects in the data model.",
                },
            },
            "required": ["componentId", "path"],
            "additionalProperties": False,
        },
    ]
}


def _dynamic(literal: Schema) -> Schema:
    return {"oneOf": [literal, _DATA_BINDING, _FUNCTION_CALL]}


_DYNAMIC_STRING = _dynamic({"type": "string"})
_DYNAMIC_BOOLEAN = _dynamic({"type": "boolean"})
_DYNAMIC_VALUE: Schema = {
    "oneOf": [
        {"type": "string"},
        {"type": "number"},
        {"type": "boolean"},
        {"type": "array"},
        _DATA_BINDING,
        _FUNCTION_CALL,
    ]
}
_CHECKS: Schema = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {"condition": _DYNAMIC_BOOLEAN, "message": {"type": "string"}},
        "required": ["condition", "message"],
        "additionalProperties": False,
    },
}
_EVENT: Schema = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "context": {"type": "object", "additionalProperties": _DYNAMIC_VALUE},
    },
    "required": ["name"],
    "additionalProperties": False,
}

SCHEMAS: dict[str, Schema] = {
    "ComponentId": _COMPONENT_ID,
    "Child": _COMPONENT_ID,
    "CallId": {"type": "string"},
    "ChildList": _CHILD_LIST,
    "DataBinding": _DATA_BINDING,
    "FunctionCall": _FUNCTION_CALL,
    "DynamicString": _DYNAMIC_STRING,
    "DynamicNumber": _dynamic({"type": "number"}),
    "DynamicBoolean": _DYNAMIC_BOOLEAN,
    "DynamicStringList": _dynamic({"type": "array", "items": {"type": "string"}}),
    "DynamicValue": _DYNAMIC_VALUE,
    "CheckRule": _CHECKS["items"],
    "Checkable": {"type": "object", "properties": {"checks": _CHECKS}},
    "Action": {
        "oneOf": [
            {
                "type": "object",
                "properties": {"event": _EVENT},
                "required": ["event"],
                "additionalProperties": False,
            },
            {
                "type": "object",
                "properties": {"functionCall": _FUNCTION_CALL},
                "required": ["functionCall"],
                "additionalProperties": False,
            },
        ]
    },
    "AccessibilityAttributes": {
        "type": "object",
        "properties": {"label": _DYNAMIC_STRING, "description": _DYNAMIC_STRING},
    },
    "ComponentCommon": {
        "type": "object",
        "properties": {"id": _COMPONENT_ID},
        "required": ["id"],
    },
    "FunctionCommon": {"type": "object", "properties": {"catalogId": {"type": "string"}}},
}
