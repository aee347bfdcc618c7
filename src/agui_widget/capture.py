"""What an agent prints goes to its run: for a run that no cell started there is no cell to print into.

`sys.stdout` and `sys.stderr` are replaced only while some run is on, and only what is written in a run's
own context (its tasks and its worker thread) is taken; everything else passes through.
"""

from __future__ import annotations

import contextvars
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TextIO

Sink = Callable[[str, str], None]  # (stream name, text)

_sink: contextvars.ContextVar[tuple[Sink, bool] | None] = contextvars.ContextVar("agui_printed", default=None)
_lock = threading.Lock()
_users = 0

STREAMS = ("stdout", "stderr")


class _Capture:
    """A text stream that gives a run's writes to the run, and all others to the stream it stands for."""

    def __init__(self, name: str, behind: TextIO) -> None:
        self.name = name
        self.behind = behind

    def write(self, text: str) -> int:
        sink, echo = _sink.get() or (None, True)
        if sink is not None:
            sink(self.name, text)
        return self.behind.write(text) if echo else len(text)

    def writelines(self, lines: list[str]) -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, attribute: str) -> Any:
        return getattr(self.behind, attribute)


@contextmanager
def captured(sink: Sink, *, echo: bool) -> Iterator[None]:
    """Send what is printed in this context, and in what it starts, to `sink`; with `echo` also where it went."""
    token = _sink.set((sink, echo))
    _enter()
    try:
        yield
    finally:
        _leave()
        _sink.reset(token)


def _enter() -> None:
    global _users
    with _lock:
        _users += 1
        for name in STREAMS:
            stream = getattr(sys, name)
            if stream is not None and not isinstance(stream, _Capture):
                setattr(sys, name, _Capture(name, stream))


def _leave() -> None:
    global _users
    with _lock:
        _users -= 1
        for name in STREAMS:
            stream = getattr(sys, name)
            if _users == 0 and isinstance(stream, _Capture):
                setattr(sys, name, stream.behind)
