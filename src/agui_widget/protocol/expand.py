"""Chunk expansion: the CHUNK shorthand becomes START, CONTENT and END events.

Each subagent (and the parent, `None`) is a *lane* that assembles one stream at a time:

    chunk(id=a) chunk() chunk(id=b) RUN_FINISHED  →  START a, CONTENT a…, END a, START b, …, END b
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..errors import ProtocolViolation
from .kinds import CALL, REASONING, TEXT, Kind
from .values import Event


@dataclass(frozen=True, slots=True)
class Chunk:
    """How one kind of chunk is spelled."""

    type: str
    of: Kind
    opener_fields: tuple[str, ...]  # may be repeated by a continuation, with the same value
    required: tuple[str, ...]  # of the opening chunk
    role: str | None = None  # of the message, unless the chunk says another


CHUNKS = {
    chunk.type: chunk
    for chunk in (
        Chunk("TEXT_MESSAGE_CHUNK", TEXT, ("role", "name"), ("messageId",), "assistant"),
        Chunk("TOOL_CALL_CHUNK", CALL, ("toolCallName", "parentMessageId"), ("toolCallId", "toolCallName")),
        Chunk("REASONING_MESSAGE_CHUNK", REASONING, (), ("messageId",), "reasoning"),
    )
}

CLOSES_ALL_LANES = frozenset({"RUN_STARTED", "RUN_FINISHED", "RUN_ERROR", "MESSAGES_SNAPSHOT"})
CLOSES_NOTHING = frozenset(
    {"RAW", "ACTIVITY_SNAPSHOT", "ACTIVITY_DELTA", "REASONING_ENCRYPTED_VALUE", "SUBAGENT_STARTED"}
)


@dataclass(slots=True)
class Open:
    """The stream that a lane is assembling."""

    kind: Chunk
    start: Event

    @property
    def id(self) -> str:
        """The id of the message or tool call."""
        return str(self.start[self.kind.of.id_field])


class Expand:
    """Expands chunks; everything else passes, after the ENDs that it implies."""

    def __init__(self) -> None:
        self._lanes: dict[str | None, Open] = {}

    def feed(self, event: Event) -> list[Event]:
        """Return what `event` stands for. Raises before any lane changes."""
        kind = CHUNKS.get(event["type"])
        if kind is not None:
            return self._expand(event, kind)
        if not self._lanes or event["type"] in CLOSES_NOTHING:
            return [event]
        if event["type"] in CLOSES_ALL_LANES:
            return [end for lane in list(self._lanes) for end in self._close(lane)] + [event]
        return [*self._close(event.get("subagentRunId")), event]

    def _close(self, lane: str | None) -> list[Event]:
        pending = self._lanes.pop(lane, None)
        if pending is None:
            return []
        end = {"type": pending.kind.of.end, pending.kind.of.id_field: pending.id}
        return [_owned(end, pending.start.get("subagentRunId"))]

    def _expand(self, chunk: Event, kind: Chunk) -> list[Event]:
        lane = self._lane_of(chunk, kind)
        pending = self._lanes.get(lane)
        if pending is not None and pending.kind is kind and chunk.get(kind.of.id_field) in (None, pending.id):
            return self._continue(chunk, pending)
        for name in kind.required:
            if name not in chunk:
                raise ProtocolViolation(f"First {kind.type} must have a {name}", rule="chunk-opener")
        ended = self._close(lane)
        opened = Open(kind, _start(chunk, kind))
        self._lanes[lane] = opened
        content = [_content(chunk, opened)] if "delta" in chunk or "rawEvent" in chunk else []
        return [*ended, _with_metadata(opened.start, chunk), *content]

    def _continue(self, chunk: Event, pending: Open) -> list[Event]:
        for name in pending.kind.opener_fields:
            established = pending.start.get(name)
            if name in chunk and chunk[name] != established:
                known = "(absent)" if established is None else f"'{established}'"
                raise ProtocolViolation(
                    f"Cannot continue {pending.kind.of.label} '{pending.id}': chunk {name} '{chunk[name]}' "
                    f"does not match the open stream's {name} {known}.",
                    rule="chunk-conflict",
                )
        is_empty = "delta" not in chunk and "rawEvent" not in chunk and "metadata" not in chunk
        return [] if is_empty else [_content(chunk, pending)]

    def _lane_of(self, chunk: Event, kind: Chunk) -> str | None:
        """Return the lane of a chunk: by its id if that is open, else by its tag, else by elimination."""
        tag: str | None = chunk.get("subagentRunId")
        entity = chunk.get(kind.of.id_field)
        lanes = [lane for lane, pending in self._lanes.items() if pending.kind is kind]
        if entity is not None:
            holder = next((lane for lane in lanes if self._lanes[lane].id == entity), tag)
            if tag is not None and tag != holder:
                raise ProtocolViolation(
                    f"Cannot continue {kind.of.label} '{entity}': chunk subagentRunId '{tag}' does not match "
                    f"the open stream's subagent '{'(the parent agent)' if holder is None else holder}'.",
                    rule="attribution",
                )
            return holder
        if tag is not None or None in lanes or not lanes:
            return tag
        if len(lanes) > 1:
            raise ProtocolViolation(
                f"Ambiguous {kind.type}: it carries neither a {kind.of.id_field} nor a subagentRunId, but "
                f"{len(lanes)} lanes have an open {kind.of.label}.",
                rule="chunk-ambiguous",
            )
        return lanes[0]


def _start(chunk: Event, kind: Chunk) -> Event:
    start = {"type": kind.of.start, kind.of.id_field: chunk[kind.of.id_field]}
    if kind.role is not None:
        start["role"] = kind.role
    start.update({name: chunk[name] for name in kind.opener_fields if name in chunk})
    return _owned(start, chunk.get("subagentRunId"))


def _content(chunk: Event, pending: Open) -> Event:
    kind = pending.kind.of
    content = {"type": kind.content, kind.id_field: pending.id, "delta": chunk.get("delta", "")}
    owner = chunk.get("subagentRunId", pending.start.get("subagentRunId"))
    content = _with_metadata(_owned(content, owner), chunk)
    return {**content, "rawEvent": chunk["rawEvent"]} if "rawEvent" in chunk else content


def _owned(event: Event, owner: Any) -> Event:
    return event if owner is None else {**event, "subagentRunId": owner}


def _with_metadata(event: Event, chunk: Event) -> Event:
    return {**event, "metadata": chunk["metadata"]} if "metadata" in chunk else event
