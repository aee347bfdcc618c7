"""The one daemon thread with the one event loop of this process, where agents run.

Because it is not the cell's loop, streaming, Stop and answers go on while a cell blocks the kernel.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, ClassVar, ParamSpec, TypeVar

T = TypeVar("T")
P = ParamSpec("P")


class DriverLoop:
    """An event loop that runs for ever in a daemon thread. `DriverLoop.shared()` gives the process's own."""

    _shared: ClassVar[DriverLoop | None] = None
    _lock: ClassVar[threading.Lock] = threading.Lock()

    def __init__(self) -> None:
        self._pid = os.getpid()
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="agui-driver", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        """Run until the loop is stopped. A task that would end the process ends by itself: other chats go on."""
        is_on = True
        while is_on:
            with suppress(SystemExit, KeyboardInterrupt):
                self.loop.run_forever()
                is_on = False

    @classmethod
    def shared(cls) -> DriverLoop:
        """The loop of this process; a forked child gets its own."""
        with cls._lock:
            if cls._shared is None or cls._shared._pid != os.getpid():
                cls._shared = cls()
            return cls._shared

    @property
    def is_current(self) -> bool:
        """True when called from the driver's own thread, where waiting for it would never end."""
        return threading.current_thread() is self._thread

    def submit(self, coroutine: Coroutine[Any, Any, T]) -> Future[T]:
        """Start a coroutine on the loop, from any thread."""
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop)

    def post(self, function: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None:
        """Call a function on the loop soon, from any thread; nobody waits for it."""
        self.loop.call_soon_threadsafe(lambda: function(*args, **kwargs))

    def call(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call a function on the loop and wait for what it gives; from the loop itself, just call it."""
        if self.is_current:
            return function(*args, **kwargs)

        async def called() -> T:
            return function(*args, **kwargs)

        return self.submit(called()).result()
