"""Which dialect a stream is in: the one that was named, or with `dialect="auto"` the one that the first frames tell."""

from __future__ import annotations

from collections.abc import Mapping

from ..projection import PROBLEM
from ..sse import ServerSentEvent
from .dialect import Decoder, Dialect
from .frames import json_object
from .writer import Event, RunWriter

AUTO = "auto"
FALLBACK = "agui"
MAX_WAITING = 8  # frames that are kept until one is recognised, and as many heartbeats
BEATS = ("ping", "heartbeat", "keepalive", "keep-alive", "tick")  # what servers call theirs


class Named:
    """Reads the dialect that was named; of a stream of which it understands nothing, it says what that looks like."""

    def __init__(self, run: RunWriter, name: str, dialects: Mapping[str, Dialect]) -> None:
        self._run = run
        self._name = name
        self._dialects = dialects
        self._decoder = dialects[name].decoder(run)
        self._first: ServerSentEvent | None = None
        self._is_understood = False

    def decode(self, frame: ServerSentEvent) -> list[Event]:
        """The events of a frame."""
        self._first = self._first or frame
        events = self._decoder.decode(frame)
        self._is_understood = self._is_understood or any(map(_says_something, events))
        return events

    def close(self) -> list[Event]:
        """What is due at the end."""
        return [*self._doubt(), *self._decoder.close()]

    def _doubt(self) -> list[Event]:
        if self._is_understood or self._first is None:
            return []
        first = self._first
        other = next((each.name for each in self._dialects.values() if each.recognises(first)), self._name)
        if other == self._name:
            return []
        return self._run.problem(f'nothing of it is {self._name}; it looks like {other}: dialect="{other}"', "dialect")


def _says_something(event: Event) -> bool:
    return event.get("type") not in (None, "RUN_STARTED", "RAW") and event.get("name") != PROBLEM


class Auto:
    """Keeps the first frames until a dialect recognises one; that one reads them all, and says so.

    It is decided once; that it is AG-UI is not worth saying. If nobody recognises any of the first frames, they are
    read as AG-UI, with an error that says what to do.
    """

    def __init__(self, run: RunWriter, dialects: Mapping[str, Dialect]) -> None:
        self._run = run
        self._dialects = dialects
        self._waiting: list[ServerSentEvent] = []
        self._said = 0  # how many of them say something
        self._decoder: Decoder | None = None
        self._notice = ""

    def decode(self, frame: ServerSentEvent) -> list[Event]:
        """The events of a frame, and of those that waited for it."""
        if self._decoder is not None:
            return self._read(self._decoder, frame)
        is_beat = frame.event in BEATS or (json_object(frame) or {}).get("type") in BEATS
        self._said += not is_beat
        recognised = next((each for each in self._dialects.values() if each.recognises(frame)), None)
        if recognised is None and is_beat and len(self._waiting) >= MAX_WAITING:
            return []
        self._waiting.append(frame)
        if recognised is not None:
            self._notice = f"read as {recognised.name}" if recognised.name != FALLBACK else ""
            return self._begin(recognised)
        return self._give_up() if self._said >= MAX_WAITING else []

    def close(self) -> list[Event]:
        """What is due at the end; a stream that was too short to be recognised is read now."""
        late = self._give_up() if self._decoder is None and self._waiting else []
        return [*late, *(self._decoder.close() if self._decoder else [])]

    def _give_up(self) -> list[Event]:
        names = ", ".join(self._dialects)
        what = f"no dialect recognises the first frames; name it: dialect=… ({names}). They are read as {FALLBACK}"
        return [*self._run.problem(what, "dialect"), *self._begin(self._dialects[FALLBACK])]

    def _begin(self, dialect: Dialect) -> list[Event]:
        decoder = self._decoder = dialect.decoder(self._run)
        waiting, self._waiting = self._waiting, []
        return [event for frame in waiting for event in self._read(decoder, frame)]

    def _read(self, decoder: Decoder, frame: ServerSentEvent) -> list[Event]:
        """The frame's events; the notice stands behind the first of them, which starts the run."""
        if self._run.is_over:
            return []
        events = decoder.decode(frame)
        if not (self._notice and events):
            return events
        notice, self._notice = self._run.notice(self._notice, "dialect"), ""
        return [events[0], *notice, *events[1:]]
