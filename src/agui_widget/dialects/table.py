"""Which dialects there are, and which one a stream is in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, Protocol

from ..errors import AgentError
from ..sse import ServerSentEvent
from . import agui, artifact, dotted
from .writer import RunWriter

Event = dict[str, Any]


class Decoder(Protocol):
    """Reads the frames of one run.

    `decode` gives the events that one frame stands for, and never raises for what a frame says; `close` gives those
    that are due when the stream has ended.
    """

    def decode(self, frame: ServerSentEvent) -> list[Event]:
        """The events of one frame; a line of NDJSON is a frame that has only data."""

    def close(self) -> list[Event]:
        """The events that end what is open."""


class Dialect(NamedTuple):
    """One wire format: its name, its decoder, and whether a first frame is in it."""

    name: str
    decoder: Callable[[RunWriter], Decoder]
    recognises: Callable[[ServerSentEvent], bool] = lambda frame: False


# In the order in which a first frame is looked at: those with the most telling marks first.
DIALECTS: dict[str, Dialect] = {
    each.name: each
    for each in [
        Dialect("agui", agui.Agui, agui.recognises),
        Dialect("dotted", dotted.Dotted, dotted.recognises),
        Dialect("artifact", artifact.Artifacts, artifact.recognises),
    ]
}


def register_dialect(
    name: str,
    decoder: Callable[[RunWriter], Decoder],
    *,
    recognises: Callable[[ServerSentEvent], bool] = lambda frame: False,
) -> None:
    """Teach this process another dialect; `dialect=name` then reads it, and `auto` finds it if it recognises frames.

    Raises `AgentError` for a name that is taken.
    """
    if name in DIALECTS or name == "auto":
        raise AgentError(f"there is already a dialect {name!r}; give yours another name")
    DIALECTS[name] = Dialect(name, decoder, recognises)


def decoder_for(name: str, writer: RunWriter) -> Decoder:
    """The decoder of one run. Raises `AgentError` that lists the dialects."""
    if name not in DIALECTS:
        raise AgentError(f"no dialect is called {name!r}; there are: {', '.join(DIALECTS)}, and auto")
    return DIALECTS[name].decoder(writer)
