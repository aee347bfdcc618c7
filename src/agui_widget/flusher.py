"""Sends what the widgets of this kernel have to say, in batches, sharing one send budget.

Runs on the driver's loop, only while there is something to send.
"""

from __future__ import annotations

import asyncio
from collections import deque
from functools import cache

from .loop import DriverLoop
from .wire import FLUSH_S, KERNEL_SENDS_PER_S, Outbox

SENDS_PER_TICK = int(KERNEL_SENDS_PER_S * FLUSH_S)


class Flusher:
    """Flushes each outbox at most once every 30 ms; with many at work they take turns."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._dirty: deque[Outbox] = deque()
        self._task: asyncio.Task[None] | None = None

    def mark(self, outbox: Outbox) -> None:
        """Have the outbox flushed soon. On the loop's thread only."""
        if outbox not in self._dirty:
            self._dirty.append(outbox)
        if self._task is None:
            self._task = self._loop.create_task(self._work())

    async def _work(self) -> None:
        while self._dirty:
            await asyncio.sleep(FLUSH_S)
            for _ in range(min(SENDS_PER_TICK, len(self._dirty))):
                outbox = self._dirty.popleft()
                outbox.flush(self._loop.time())
                if outbox.needs_another:
                    self._dirty.append(outbox)
        self._task = None


@cache
def flusher_of(loop: DriverLoop) -> Flusher:
    """The one flusher of a driver loop."""
    return Flusher(loop.loop)
