"""A thread of its own for code that blocks: a sync agent must not stall the loop that serves every chat.

A daemon thread and not an executor's: an executor is joined at exit, and an agent that never returns would
keep the kernel from ending. One thread per run, so that what is bound to a thread stays usable between steps.
"""

from __future__ import annotations

import asyncio
import contextvars
import queue
import threading
from collections.abc import Callable
from typing import Any

from ..errors import in_words


class Worker:
    """Runs calls one after the other in one daemon thread, in the context it was made in."""

    def __init__(self, name: str) -> None:
        self._calls: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        context = contextvars.copy_context()
        threading.Thread(target=context.run, args=(self._work,), name=name, daemon=True).start()

    def _work(self) -> None:
        while (call := self._calls.get()) is not None:
            call()

    async def call(self, function: Callable[..., Any], *args: Any) -> Any:
        """What `function` returns or raises, without blocking the loop.

        Cancelling stops the waiting; the call itself cannot be interrupted and ends by itself.
        """
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Any] = loop.create_future()

        def run() -> None:
            try:
                result = function(*args)
            except BaseException as error:  # handed to the waiter, whatever it is
                _post(loop, _fail, answer, _bearable(error))
            else:
                _post(loop, _succeed, answer, result)

        self._calls.put(run)
        return await answer

    def finish(self, function: Callable[[], Any]) -> None:
        """Call `function` after what is under way, nobody waiting, and end the thread."""
        self._calls.put(function)
        self._calls.put(None)


def _post(loop: asyncio.AbstractEventLoop, function: Callable[..., None], *args: Any) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(function, *args)


def _succeed(answer: asyncio.Future[Any], result: Any) -> None:
    if not answer.done():
        answer.set_result(result)


def _fail(answer: asyncio.Future[Any], error: Exception) -> None:
    if not answer.done():
        answer.set_exception(error)


def _bearable(error: BaseException) -> Exception:
    """The error as the loop can raise it: what is no `Exception` would end a task in silence, or every chat's loop; and
    a future cannot carry a `StopIteration`."""
    if isinstance(error, Exception) and not isinstance(error, StopIteration):
        return error
    return RuntimeError(in_words(error))
