"""Enforcement: unknown material goes with a warning and its path, malformed known values are fatal."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ..errors import ProtocolViolation
from .events import EVENTS, PROTOCOL_VERSION
from .shapes import Record
from .values import Event
from .walk import DROP, problem, strip
from .warnings import Warnings

_VERSION = re.compile(r"[0-9]+\.[0-9]+")
Repair = Callable[[Event, Record], Event]


class Enforce:
    """Lets only events through that the 1.0 schema describes, member for member.

    `repair` mends one malformed event before it is judged; lenient pipelines give one.
    """

    def __init__(self, warnings: Warnings, *, repair: Repair | None = None) -> None:
        self._warnings = warnings
        self._repair = repair

    def feed(self, event: Event) -> list[Event]:
        """Return the event as the schema knows it, or nothing when its type is unknown."""
        kind = event.get("type")
        shape = EVENTS.get(kind) if type(kind) is str else None
        if shape is None:
            return self._drop_unknown(kind)
        if not shape.is_clean(event):
            return self._clean(event, shape)
        if kind == "RUN_STARTED":
            self._note_version(event)
        return [event]

    def _drop_unknown(self, kind: Any) -> list[Event]:
        if not isinstance(kind, str) or not kind:
            raise ProtocolViolation("An event must have a 'type' that is a non-empty string", rule="no-type")
        self._warnings.add("unknown-event", f"Dropping unrecognised event '{kind}': the protocol does not describe it.")
        return []

    def _clean(self, event: Event, shape: Record) -> list[Event]:
        kind = event["type"]
        if self._repair is not None:
            event = self._repair(event, shape)
        gone: list[str] = []
        kept = strip(shape, event, "", gone)
        malformed = None if kept is DROP else problem(shape, kept, "")
        if malformed:
            raise ProtocolViolation(f"Malformed {kind} at {malformed}", rule="malformed")
        for path in gone:
            self._warnings.add("stripped", f"Removed unrecognised material at '{path}' on {kind}.", path)
        if kept is DROP:
            self._warnings.add("unknown-value", f"Dropping {kind}: a required value of it is unrecognised.")
            return []
        if kind == "RUN_STARTED":
            self._note_version(kept)
        return [kept]

    def _note_version(self, event: Event) -> None:
        declared = event.get("protocolVersion", PROTOCOL_VERSION)
        if not _VERSION.fullmatch(declared):
            self._warnings.add(
                "version",
                f"The producer declared protocol version '{declared}', which this client cannot interpret.",
                "/protocolVersion",
            )
        elif _numbers(declared) > _numbers(PROTOCOL_VERSION):
            self._warnings.add(
                "version",
                f"The producer speaks protocol {declared}; this client speaks {PROTOCOL_VERSION}. "
                "Unrecognised material is removed, each time with a warning.",
                "/protocolVersion",
            )


def _numbers(version: str) -> list[tuple[int, str]]:
    """Return what two versions compare by; digits as text, for `int()` refuses very long ones."""
    stripped = [number.lstrip("0") for number in version.split(".")]
    return [(len(number), number) for number in stripped]
