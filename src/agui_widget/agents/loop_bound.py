"""An agent that must run on a certain event loop, used from another one.

For agents that hold on to things of the notebook's loop: an `asyncio.Queue`, a pooled HTTP or database client.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from typing import Any

RunInput = dict[str, Any]
Agent = Callable[[RunInput], AsyncIterator[Any]]
_Item = tuple[Any, BaseException | None]

_END: _Item = (None, StopAsyncIteration())


class LoopBoundAgent:
    """Runs `agent` on `home` and hands its events to the loop that iterates."""

    def __init__(self, agent: Agent, home: asyncio.AbstractEventLoop) -> None:
        self._agent = agent
        self._home = home

    async def __call__(self, run_input: RunInput) -> AsyncIterator[Any]:
        """The events of one run. Closing it cancels the agent on its own loop."""
        here = asyncio.get_running_loop()
        items: asyncio.Queue[_Item] = asyncio.Queue()
        pump = asyncio.run_coroutine_threadsafe(
            self._pump(run_input, lambda item: here.call_soon_threadsafe(items.put_nowait, item)), self._home
        )
        try:
            while (item := await items.get()) is not _END:
                value, error = item
                if error is not None:
                    raise error
                yield value
        finally:
            pump.cancel()

    async def _pump(self, run_input: RunInput, put: Callable[[_Item], object]) -> None:
        try:
            async with aclosing(self._agent(run_input)) as events:  # type: ignore[type-var]  # ours are generators
                async for event in events:
                    put((event, None))
        except BaseException as error:  # whatever it is: else the run would wait for ever, or an exit end their loop
            put((None, error))
        else:
            put(_END)
