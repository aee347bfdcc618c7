"""`dialect="auto"`: the first frames tell which dialect a stream is in."""

from __future__ import annotations

from collections.abc import Mapping

from ..sse import ServerSentEvent
from .dialect import Decoder, Dialect
from .frames import json_object
from .writer import Event, RunWriter

AUTO = "auto"
FALLBACK = "agui"
MAX_WAITING = 8  # frames that are kept until one is recognised; heartbeats are not counted
BEATS = ("ping", "heartbeat", "keepalive", "keep-alive", "tick")  # what servers call theirs


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
        self._waiting.append(frame)
        self._said += frame.event not in BEATS and (json_object(frame) or {}).get("type") not in BEATS
        recognised = next((each for each in self._dialects.values() if each.recognises(frame)), None)
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
