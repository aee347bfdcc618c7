"""The AG-UI 1.0 schema as tables: 31 events, 7 message roles, content parts, sources.

A name that ends in `?` is optional: it may be absent and is never null.
Source: https://docs.ag-ui.com, specification 1.0.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .shapes import Choice, Either, Items, Leaf, Record, Shape, Tagged, record

PROTOCOL_VERSION = "1.0"
MAX_SAFE_INTEGER = 2**53 - 1
_POINTER = re.compile(r"(/([^/~]|~[01])*)*")


def _is_string(value: Any) -> bool:
    return type(value) is str


def _is_object(value: Any) -> bool:
    return type(value) is dict


def _is_boolean(value: Any) -> bool:
    return type(value) is bool


def _is_anything(value: Any) -> bool:
    return True


def _is_not_null(value: Any) -> bool:
    return value is not None


def _is_integer(value: Any) -> bool:
    is_whole = type(value) is int or (type(value) is float and value.is_integer())  # 5.0 is 5 in JSON
    return is_whole and -MAX_SAFE_INTEGER <= value <= MAX_SAFE_INTEGER


def _is_count(value: Any) -> bool:
    return _is_integer(value) and value >= 0


def _is_pointer(value: Any) -> bool:
    return type(value) is str and _POINTER.fullmatch(value) is not None


STRING = Leaf(_is_string, "string")
OBJECT = Leaf(_is_object, "object")
BOOLEAN = Leaf(_is_boolean, "boolean")
ANY = Leaf(_is_anything, "any value")
NOT_NULL = Leaf(_is_not_null, "any value but null (leave the field out)")
INTEGER = Leaf(_is_integer, "safe integer")
COUNT = Leaf(_is_count, "integer from 0")
POINTER = Leaf(_is_pointer, "JSON Pointer")


def literal(word: str) -> Leaf:
    """Return the shape that only the string `word` has."""
    return Leaf(lambda value: type(value) is str and value == word, f'"{word}"')


def one_of(*words: str) -> Choice:
    """Return the shape of a closed list of words."""
    return Choice(frozenset(words))


def _tagged(tag: str, members: Mapping[str, Mapping[str, Shape]], *, is_open: bool = False) -> Tagged:
    return Tagged(tag, {name: record({tag: literal(name), **f}, is_open=is_open) for name, f in members.items()})


# --- content parts -----------------------------------------------------------------------------

SOURCE = _tagged(
    "type",
    {
        "data": {"value": STRING, "mimeType": STRING},
        "url": {"value": STRING, "mimeType?": STRING},
        "file": {"value": STRING, "provider?": STRING, "mimeType?": STRING},
    },
)
MEDIA_TYPES = ("image", "audio", "video", "document")
_MEDIA: dict[str, Shape] = {"id?": STRING, "source": SOURCE, "metadata?": NOT_NULL}
CONTENT_PART = _tagged(
    "type",
    {"text": {"id?": STRING, "text": STRING, "metadata?": NOT_NULL}, **dict.fromkeys(MEDIA_TYPES, _MEDIA)},
)
CONTENT = Either(Items(CONTENT_PART))

# --- messages ----------------------------------------------------------------------------------

TOOL_CALL = record(
    {
        "id": STRING,
        "type": literal("function"),
        "function": record({"name": STRING, "arguments": STRING}),
        "encryptedValue?": STRING,
        "metadata?": OBJECT,
    }
)
_ANY_MESSAGE = {"id": STRING, "metadata?": OBJECT, "subagentRunId?": STRING}
_KEPT = {**_ANY_MESSAGE, "encryptedValue?": STRING}
_NAMED = {**_KEPT, "name?": STRING}
MESSAGE = _tagged(
    "role",
    {
        "developer": {**_NAMED, "content": STRING},
        "system": {**_NAMED, "content": STRING},
        "assistant": {**_NAMED, "content?": STRING, "toolCalls?": Items(TOOL_CALL)},
        "user": {**_NAMED, "content": CONTENT},
        "tool": {**_KEPT, "content": CONTENT, "toolCallId": STRING, "error?": STRING},
        "activity": {**_ANY_MESSAGE, "activityType": STRING, "content": OBJECT},
        "reasoning": {**_KEPT, "content": STRING},
    },
)
MESSAGES = Items(MESSAGE)

# --- what events carry -------------------------------------------------------------------------

_WITH_VALUE = {"path": POINTER, "value": ANY}
_WITH_FROM = {"from": POINTER, "path": POINTER}
PATCH_OPERATION = _tagged(
    "op",
    {
        "add": _WITH_VALUE,
        "remove": {"path": POINTER},
        "replace": _WITH_VALUE,
        "move": _WITH_FROM,
        "copy": _WITH_FROM,
        "test": _WITH_VALUE,
    },
    is_open=True,  # RFC 6902, section 4: members an operation does not define are ignored
)
PATCH = Items(PATCH_OPERATION)

INTERRUPT = record(
    {
        "id": STRING,
        "reason": STRING,
        "message?": STRING,
        "toolCallId?": STRING,
        "responseSchema?": OBJECT,
        "expiresAt?": STRING,
        "metadata?": OBJECT,
        "subagentRunId?": STRING,
    }
)
RUN_OUTCOME = _tagged(
    "type",
    {
        "success": {"pendingToolCallIds?": Items(STRING)},
        "interrupt": {"interrupts": Items(INTERRUPT, at_least=1)},
        "cancelled": {},
    },
)
SUBAGENT_OUTCOME = _tagged("type", {"success": {}, "suspended": {"interruptIds?": Items(STRING)}})
_COUNTS = ("input", "output", "total", "reasoning", "cachedInput", "cacheWriteInput")
TOKEN_USAGE = record({"provider?": STRING, "model?": STRING, **{f"{count}Tokens?": COUNT for count in _COUNTS}})
USAGE = Items(TOKEN_USAGE)

TOOL = record({"name": STRING, "description": STRING, "parameters?": NOT_NULL, "metadata?": OBJECT})
CONTEXT = record({"description": STRING, "value": STRING})
RESUME_ENTRY = record(
    {
        "interruptId": STRING,
        "status": one_of("resolved", "cancelled"),
        "payload?": NOT_NULL,
        "metadata?": OBJECT,
    }
)
RUN_INPUT = record(
    {
        "threadId": STRING,
        "runId": STRING,
        "messages": MESSAGES,
        "protocolVersion?": STRING,
        "parentRunId?": STRING,
        "state?": ANY,  # null counts as absent
        "tools?": Items(TOOL),
        "context?": Items(CONTEXT),
        "forwardedProps?": NOT_NULL,
        "resume?": Items(RESUME_ENTRY),
    }
)

# --- events ------------------------------------------------------------------------------------

_BASE = {"timestamp?": INTEGER, "rawEvent?": NOT_NULL, "metadata?": OBJECT}
_OWNED = {**_BASE, "subagentRunId?": STRING}  # attributable: absent means the parent agent
_SUBAGENT = {**_BASE, "subagentRunId": STRING}
_MESSAGE = {**_OWNED, "messageId": STRING}
_DELTA = {**_MESSAGE, "delta": STRING}
_CALL = {**_OWNED, "toolCallId": STRING}
_STEP = {**_OWNED, "stepName": STRING}
_RUN = {**_BASE, "threadId": STRING, "runId": STRING}
_ACTIVITY = {**_MESSAGE, "activityType": STRING}
TEXT_ROLE = one_of("developer", "system", "assistant", "user")

_EVENT_FIELDS: dict[str, Mapping[str, Shape]] = {
    "RUN_STARTED": {**_RUN, "protocolVersion?": STRING, "parentRunId?": STRING, "input?": RUN_INPUT},
    "RUN_FINISHED": {**_RUN, "result?": NOT_NULL, "outcome?": RUN_OUTCOME, "usage?": USAGE},
    "RUN_ERROR": {**_BASE, "message": STRING, "code?": STRING, "usage?": USAGE},
    "STEP_STARTED": _STEP,
    "STEP_FINISHED": _STEP,
    "TEXT_MESSAGE_START": {**_MESSAGE, "role?": TEXT_ROLE, "name?": STRING},
    "TEXT_MESSAGE_CONTENT": _DELTA,
    "TEXT_MESSAGE_END": _MESSAGE,
    "TEXT_MESSAGE_CHUNK": {
        **_OWNED,
        "messageId?": STRING,
        "role?": TEXT_ROLE,
        "delta?": STRING,
        "name?": STRING,
    },
    "TOOL_CALL_START": {**_CALL, "toolCallName": STRING, "parentMessageId?": STRING},
    "TOOL_CALL_ARGS": {**_CALL, "delta": STRING},
    "TOOL_CALL_END": _CALL,
    "TOOL_CALL_CHUNK": {
        **_OWNED,
        "toolCallId?": STRING,
        "toolCallName?": STRING,
        "parentMessageId?": STRING,
        "delta?": STRING,
    },
    "TOOL_CALL_RESULT": {**_CALL, "messageId": STRING, "content": CONTENT, "role?": literal("tool")},
    "STATE_SNAPSHOT": {**_OWNED, "snapshot": ANY},
    "STATE_DELTA": {**_OWNED, "delta": PATCH},
    "MESSAGES_SNAPSHOT": {**_BASE, "messages": MESSAGES},
    "ACTIVITY_SNAPSHOT": {**_ACTIVITY, "content": OBJECT, "replace?": BOOLEAN},
    "ACTIVITY_DELTA": {**_ACTIVITY, "patch": PATCH},
    "REASONING_START": _MESSAGE,
    "REASONING_MESSAGE_START": {**_MESSAGE, "role": literal("reasoning")},
    "REASONING_MESSAGE_CONTENT": _DELTA,
    "REASONING_MESSAGE_END": _MESSAGE,
    "REASONING_MESSAGE_CHUNK": {**_OWNED, "messageId?": STRING, "delta?": STRING},
    "REASONING_END": _MESSAGE,
    "REASONING_ENCRYPTED_VALUE": {
        **_OWNED,
        "subtype": one_of("message", "tool-call"),
        "entityId": STRING,
        "encryptedValue": STRING,
    },
    "SUBAGENT_STARTED": {
        **_SUBAGENT,
        "name": STRING,
        "description?": STRING,
        "parentSubagentRunId?": STRING,
        "parentToolCallId?": STRING,
        "parentMessageId?": STRING,
    },
    "SUBAGENT_FINISHED": {**_SUBAGENT, "result?": NOT_NULL, "outcome?": SUBAGENT_OUTCOME},
    "SUBAGENT_ERROR": {**_SUBAGENT, "message": STRING, "code?": STRING},
    "RAW": {**_OWNED, "event": ANY, "source?": STRING},
    "CUSTOM": {**_OWNED, "name": STRING, "value": ANY},
}

EVENTS: dict[str, Record] = {name: record({"type": literal(name), **fields}) for name, fields in _EVENT_FIELDS.items()}
EVENT_TYPES = frozenset(EVENTS)
