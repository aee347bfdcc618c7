"""Compaction: the shortest list of events that amounts to the same.

    START a  CONTENT  CONTENT  CUSTOM  CONTENT  END a   →   START a  CONTENT  CUSTOM  END a

Text and arguments are joined where the first fragment stood, activities become one snapshot
where they first stood, state one snapshot. Nothing ever moves past the end of its run, nor past
an event that could see the difference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from ..errors import PatchError, ProtocolViolation
from .kinds import CALL, CONTENTS, SPAN
from .patch import apply_in_place
from .pipeline import Pipeline
from .values import Event, to_event

TERMINALS = frozenset({"RUN_FINISHED", "RUN_ERROR"})
BARRIERS = TERMINALS | {"RUN_STARTED", "MESSAGES_SNAPSHOT"}  # these see or change every message
SPANS = frozenset({SPAN.start, SPAN.end})  # their `messageId` names no message
Key = tuple[str, str]  # what a fragment belongs to: ("message" or "call", id)


def compact(events: Iterable[Any]) -> list[Event]:
    """Return events that replay to the same messages, state and outcome; compacting them again is no change.

    Chunks come out expanded and what a lenient pipeline repairs comes out repaired. From the run
    that breaks a rule on, events are returned as they are.
    """
    pipeline, compacted = Pipeline(), list[Event]()
    raw: list[Any] = []  # the current run, as it came
    delivered: list[Event] = []
    everything = list(events)
    for number, event in enumerate(everything):
        raw.append(event)
        try:
            delivered += pipeline.feed(event)
        except ProtocolViolation:
            return compacted + _plain([*raw, *everything[number + 1 :]])
        if delivered and delivered[-1]["type"] in TERMINALS:
            compacted += _Run(delivered).compacted()
            raw, delivered = [], []
    return compacted + _Run(delivered).compacted()


def _plain(events: list[Any]) -> list[Any]:
    """Return events as dicts; what cannot be read as one stays, to be refused again."""
    result = []
    for event in events:
        try:
            result.append(to_event(event))
        except ProtocolViolation:
            result.append(event)
    return result


class _Run:
    """The events of one run, valid and ours to change, being made fewer."""

    def __init__(self, events: list[Event]) -> None:
        self._events = events
        self._kept: list[Event | None] = []
        self._pieces: dict[int, list[str]] = {}  # by place in `_kept`; joined once, at the end
        self._fragments: dict[Key, int] = {}  # where the next fragment can go
        self._activities: dict[str, int] = {}  # where the snapshot is that a later change can go into
        self._state: int | None = None  # where the state snapshot is that a delta can go into
        self._state_places: list[int] = []

    def compacted(self) -> list[Event]:
        """Return what is left."""
        for event in self._events:
            fold = FOLDS.get(event["type"])
            if fold is None or not fold(self, event):
                self._keep(event)
        for place, pieces in self._pieces.items():
            first = self._kept[place]
            if first is not None:
                self._kept[place] = {**first, "delta": "".join(pieces)}
        return [event for event in self._kept if event is not None]

    def _keep(self, event: Event) -> None:
        self._forget(event)
        place, kind = len(self._kept), event["type"]
        self._kept.append(event)
        if kind in CONTENTS:
            self._fragments[_key(event)] = place
        elif kind == "ACTIVITY_SNAPSHOT" and event.get("replace", True):
            self._activities[event["messageId"]] = place
        elif kind in ("STATE_SNAPSHOT", "STATE_DELTA"):
            self._state_places.append(place)

    def _forget(self, event: Event) -> None:
        """Let nothing move across `event` that it could see or change."""
        kind = event["type"]
        if kind in BARRIERS:
            self._fragments.clear()
            self._activities.clear()
        elif kind not in SPANS:
            for field in ("messageId", "toolCallId", "parentMessageId"):
                self._fragments.pop(("message", event.get(field, "")), None)
                self._activities.pop(event.get(field, ""), None)
        if kind in (CALL.start, CALL.end):
            self._fragments.pop(("call", event["toolCallId"]), None)

    def _fold_fragment(self, event: Event) -> bool:
        place = self._fragments.get(_key(event))
        first = None if place is None else self._kept[place]
        if place is None or first is None or first["type"] != event["type"]:
            return False
        if event.get("subagentRunId", first.get("subagentRunId")) != first.get("subagentRunId"):
            return False
        self._pieces.setdefault(place, [first["delta"]]).append(event["delta"])
        first.pop("rawEvent", None)  # it describes one fragment
        _merge_metadata(first, event)
        return True

    def _fold_activity(self, event: Event) -> bool:
        place = self._activities.get(event["messageId"])
        first = None if place is None else self._kept[place]
        if first is None or not ACTIVITY_FOLDS[event["type"]](first, event):
            return False
        _merge_metadata(first, event)
        return True

    def _fold_state_snapshot(self, event: Event) -> bool:
        """Every earlier change of the state is overwritten, so it goes."""
        for place in self._state_places:
            self._kept[place] = None
        self._state_places, self._state = [], len(self._kept)
        return False

    def _fold_state_delta(self, event: Event) -> bool:
        snapshot = None if self._state is None else self._kept[self._state]
        if snapshot is None:
            return False
        try:
            snapshot["snapshot"] = apply_in_place(snapshot["snapshot"], event["delta"])
        except PatchError:
            self._state = None  # it must fail again, and what follows must find the same state
            return False
        return True


def _replace_activity(first: Event, event: Event) -> bool:
    if event.get("replace", True):
        first.pop("subagentRunId", None)
        kept = ("content", "activityType", "subagentRunId")
        first.update({name: event[name] for name in kept if name in event})
    return True


def _patch_activity(first: Event, event: Event) -> bool:
    if any(operation["path"] == "" for operation in event["patch"]):
        return False  # it may leave something that is no object, which a snapshot cannot say
    try:
        apply_in_place(first["content"], event["patch"])
    except PatchError:
        return False
    first["activityType"] = event["activityType"]
    return True


ACTIVITY_FOLDS: dict[str, Callable[[Event, Event], bool]] = {
    "ACTIVITY_SNAPSHOT": _replace_activity,
    "ACTIVITY_DELTA": _patch_activity,
}
# type → puts the event into an earlier one; False when it must stay as it is
FOLDS: dict[str, Callable[[_Run, Event], bool]] = {
    **dict.fromkeys(CONTENTS, _Run._fold_fragment),
    **dict.fromkeys(ACTIVITY_FOLDS, _Run._fold_activity),
    "STATE_SNAPSHOT": _Run._fold_state_snapshot,
    "STATE_DELTA": _Run._fold_state_delta,
}


def _key(event: Event) -> Key:
    return ("call", event["toolCallId"]) if "toolCallId" in event else ("message", event["messageId"])


def _merge_metadata(first: Event, event: Event) -> None:
    if "metadata" in event:
        first["metadata"] = {**first.get("metadata", {}), **event["metadata"]}
