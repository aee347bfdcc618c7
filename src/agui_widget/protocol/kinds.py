"""The kinds of things that are opened, filled and closed within a run, as one table."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, eq=False)  # compared and hashed by identity: it is a key on the hot path
class Kind:
    """How one kind of thing is spelled on the wire and named in errors."""

    label: str
    id_field: str
    owners: str  # the record of owners that it shares; ids are unique within one
    start: str
    content: str  # empty for what holds nothing itself
    end: str


TEXT = Kind("text message", "messageId", "message", "TEXT_MESSAGE_START", "TEXT_MESSAGE_CONTENT", "TEXT_MESSAGE_END")
REASONING = Kind(
    "reasoning message",
    "messageId",
    "reasoning",
    "REASONING_MESSAGE_START",
    "REASONING_MESSAGE_CONTENT",
    "REASONING_MESSAGE_END",
)
SPAN = Kind("reasoning span", "messageId", "reasoning", "REASONING_START", "", "REASONING_END")
CALL = Kind("tool call", "toolCallId", "toolCall", "TOOL_CALL_START", "TOOL_CALL_ARGS", "TOOL_CALL_END")

KINDS = (TEXT, REASONING, SPAN, CALL)  # also the order in which RUN_FINISHED reports what is open
STARTS = {kind.start: kind for kind in KINDS}
CONTENTS = {kind.content: kind for kind in KINDS if kind.content}
ENDS = {kind.end: kind for kind in KINDS}
