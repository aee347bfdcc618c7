"""The handle of one run (`Run`), and what a finished run gives (`Answer`)."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Generator, Sequence
from concurrent.futures import Future, wait
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from . import transcript
from .client import Action
from .errors import BusyError, RunError
from .literal import literal
from .loop import DriverLoop
from .protocol import Event

HEARTBEAT_S = 0.1  # how soon a kernel interrupt reaches a cell that waits
BACKLOG_EVENTS = 2_048  # events nobody has read yet, before fragments are joined for the first time
FRAGMENTS = {"TEXT_MESSAGE_CONTENT", "REASONING_MESSAGE_CONTENT", "TOOL_CALL_ARGS"}
FRAGMENT_FIELDS = {"type", "messageId", "toolCallId", "delta", "subagentRunId"}  # more cannot be joined


@dataclass(frozen=True)
class Answer:
    """What the agent answered in one run. Its repr is readable and the same for the same conversation."""

    text: str
    question: str = ""
    status: str = "finished"
    value: Any = None
    messages: list[dict[str, Any]] = field(default_factory=list, repr=False)
    usage: list[dict[str, Any]] = field(default_factory=list, repr=False)
    run: Run | None = field(default=None, repr=False, compare=False)

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        question = f"You: {self.question}\n\n" if self.question else ""
        ending = f"\n[{self.ending}]" if self.ending else ""
        return literal(f"{question}{self.text}{ending}")  # it may be printed in a terminal

    @property
    def ending(self) -> str:
        """How it ended, if it did not come to its end: `stopped`, `failed`, `cut short`; else empty."""
        return transcript.unfinished(self.status)

    def _repr_html_(self) -> str | None:
        return transcript.answer_html(self.text, self.ending) or None

    def _repr_markdown_(self) -> str | None:
        ending = f"*{self.ending}*" if self.ending else ""
        return "\n\n".join(filter(None, (self.text, ending))) or None

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(repr(self))


class Run:
    """One run: await it for its `Answer`, iterate it for its events, cancel it, or just let it go on.

    A kernel interrupt while a cell waits for it cancels it.
    """

    def __init__(
        self,
        run_id: str,
        question: str | None,
        cancel: Callable[[Run], None],
        *,
        resume: dict[str, Any] | None = None,
        action: Action | None = None,
        attachments: Sequence[dict[str, Any]] = (),
    ) -> None:
        self.id = run_id
        self.question = question
        self.attachments = attachments  # content parts that go along with the question
        self.resume = resume  # answers to interrupts, if that is what it begins with
        self.action = action  # what the user did on a surface, if that is what it is about
        self.failure: dict[str, Any] | None = None  # what went wrong on our side
        self.status = "queued"
        self.is_stopping = False
        self._cancel = cancel
        self._answer: Future[Answer] = Future()
        self._reading = threading.Lock()
        self._backlog: list[Event] = []
        self._join_at = BACKLOG_EVENTS
        self._readers: list[Callable[[Event | None], None]] = []

    def __repr__(self) -> str:
        return f"<Run {self.status}>"

    # -- for the one who started it ------------------------------------------------------------------

    @property
    def settled(self) -> Future[Answer]:
        """Done when the run is over and the agent has let go."""
        return self._answer

    @property
    def is_done(self) -> bool:
        """True after the run has ended, however it did."""
        return self._answer.done()

    def cancel(self) -> None:
        """Stop the run; nothing happens if it has ended."""
        if not self.is_done:
            self._cancel(self)

    def result(self, timeout: float | None = None) -> Answer:
        """Wait, blocking, for the answer. Raises `RunError` if the run failed, `TimeoutError` after `timeout` s."""
        refuse_waiting_on_the_driver()
        try:
            done, _ = wait({self._answer}, timeout)
        except BaseException:  # KeyboardInterrupt: the kernel's Stop is the run's Stop
            self.cancel()
            raise
        if not done:
            raise TimeoutError(f"the run is still {self.status} after {timeout} s; it goes on")
        return self._answer.result()

    def __await__(self) -> Generator[Any, None, Answer]:
        return self._wait().__await__()

    async def _wait(self) -> Answer:
        refuse_waiting_on_the_driver()
        loop = asyncio.get_running_loop()
        is_over = loop.create_future()
        self._answer.add_done_callback(lambda _: loop.call_soon_threadsafe(_wake, is_over))
        try:
            # An idle loop sleeps in the kernel's poll and sees an interrupt only when it wakes.
            while not is_over.done():
                await asyncio.wait({is_over}, timeout=HEARTBEAT_S)
        except BaseException:
            self.cancel()
            raise
        return self._answer.result()

    async def __aiter__(self) -> AsyncIterator[Event]:
        """Every event of the run, from the first; long texts that nobody was reading come in one piece."""
        queue: asyncio.Queue[Event | None] = asyncio.Queue()
        loop = asyncio.get_running_loop()

        def receive(event: Event | None) -> None:
            loop.call_soon_threadsafe(queue.put_nowait, event)

        with self._reading:
            for event in self._backlog:
                queue.put_nowait(event)
            self._backlog = []
            self._readers.append(receive)
            if self.is_done:
                queue.put_nowait(None)
        try:
            while (next_event := await queue.get()) is not None:
                yield next_event
        finally:
            with self._reading:
                self._readers.remove(receive)

    # -- for the driver ------------------------------------------------------------------------------

    def publish(self, event: Event) -> None:
        """Hand one event to the readers, or keep it for the first of them."""
        with self._reading:
            if self._readers:
                for receive in self._readers:
                    receive(event)
                return
            self._backlog.append(event)
            if len(self._backlog) > self._join_at:
                self._backlog = joined(self._backlog)
                # Again only when it has doubled, or each event that cannot be joined would cost O(n).
                self._join_at = max(BACKLOG_EVENTS, 2 * len(self._backlog))

    def end(self, answer: Answer, failure: str | None = None) -> None:
        """Settle the run: with its answer, or with the failure that `result` and `await` raise."""
        with self._reading:
            self.status = answer.status
            if failure is None:
                self._answer.set_result(answer)
            else:
                self._answer.set_exception(RunError(failure, answer=answer))
            for receive in self._readers:
                receive(None)


def joined(events: list[Event]) -> list[Event]:
    """The same events with adjacent fragments of one text, or of one call's arguments, in one piece."""
    result: list[Event] = []
    for target, group in groupby(events, _fragment_of):
        fragments = list(group)
        if target is not None:
            fragments = [{**fragments[0], "delta": "".join(each["delta"] for each in fragments)}]
        result += fragments
    return result


def _fragment_of(event: Event) -> tuple[Any, ...] | None:
    if event["type"] not in FRAGMENTS or not FRAGMENT_FIELDS.issuperset(event):
        return None
    return event["type"], event.get("messageId"), event.get("toolCallId"), event.get("subagentRunId")


def _wake(is_over: asyncio.Future[None]) -> None:
    if not is_over.done():
        is_over.set_result(None)


def refuse_waiting_on_the_driver() -> None:
    """Raise `BusyError` where waiting for a run would keep that run from going on."""
    if DriverLoop.shared().is_current:
        raise BusyError(
            "waiting for a run inside an agent would wait for ever: the agent runs on the loop that the run needs. "
            "Start it with chat.submit(…) and go on, or call the other agent's function directly."
        )
