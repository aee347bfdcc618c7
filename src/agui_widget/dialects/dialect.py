"""What a dialect is: how its frames are read, told from others, and written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, Protocol

from ..sse import ServerSentEvent
from .writer import Event, RunWriter


class Decoder(Protocol):
    """Reads the frames of one run.

    `decode` gives the events that one frame stands for, and never raises for what a frame says; `close` gives those
    that are due when the stream has ended.
    """

    def decode(self, frame: ServerSentEvent) -> list[Event]:
        """The events of one frame; a line of NDJSON is a frame that has only data."""

    def close(self) -> list[Event]:
        """The events that end what is open."""


Encoder = Callable[[Iterable[Event]], Iterator[ServerSentEvent]]


class Dialect(NamedTuple):
    """One wire format: its name, its decoder, whether a first frame is in it, and how events are written in it.

    `encoder` gives the frames of a run's events as they come, and leaves out what the dialect cannot say.
    """

    name: str
    decoder: Callable[[RunWriter], Decoder]
    recognises: Callable[[ServerSentEvent], bool] = lambda frame: False
    encoder: Encoder | None = None


class Bounded:
    """A decoder behind what all dialects share: an empty frame is a heartbeat, and nothing follows a run's end."""

    def __init__(self, decoder: Decoder, run: RunWriter) -> None:
        self._decoder = decoder
        self._run = run

    def decode(self, frame: ServerSentEvent) -> list[Event]:
        """The events of one frame, while there is something to say."""
        is_heartbeat = frame.event == "message" and not frame.data.strip()
        return [] if is_heartbeat or self._run.is_over else self._decoder.decode(frame)

    def close(self) -> list[Event]:
        """The events that end what is open."""
        return [] if self._run.is_over else self._decoder.close()
