"""An AG-UI client for one thread: it runs an agent, and keeps the messages and the state.

    agent ─► protocol.Pipeline (enforce, expand, verify, apply) ─► the caller

Works without any notebook:

    client = AgentClient("http://127.0.0.1:8000/")
    async for event in client.run("Hello"):
        ...
    client.outcome, client.messages
"""

from __future__ import annotations

import asyncio
import threading
import traceback
import uuid
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

from .agents import Agent, as_agent
from .agents.loop_bound import LoopBoundAgent
from .errors import AguiError, ProtocolViolation, TransportError
from .protocol import PROTOCOL_VERSION, Event, Pipeline

Message = dict[str, Any]
Warn = Callable[[dict[str, Any]], None]


def new_id() -> str:
    """A fresh id for a thread, a run or a message."""
    return uuid.uuid4().hex


class AgentClient:
    """Runs an agent (anything that `as_agent` understands), one run at a time, on one thread of messages.

    `home` is the event loop that the agent must run on, if that is not the caller's. Options go to the
    agent's adapter. After a run `outcome` is one of finished, error, rejected, truncated, aborted, and `detail` says more.
    Reading is safe from any thread.
    """

    def __init__(
        self,
        agent: Any,
        *,
        thread_id: str | None = None,
        messages: Iterable[Message] = (),
        state: Any = None,
        strict: bool = False,
        home: asyncio.AbstractEventLoop | None = None,
        on_warning: Warn | None = None,
        **options: Any,
    ) -> None:
        adapted = as_agent(agent, **options)
        self._agent: Agent = adapted if home is None else LoopBoundAgent(adapted, home)
        self.thread_id = thread_id or new_id()
        self._strict = strict
        self._on_warning = on_warning
        self._lock = threading.Lock()
        self._pipeline = Pipeline(messages=messages, state=state, strict=strict, new_id=new_id)
        self._error: dict[str, Any] | None = None
        self.result: Any = None  # what the last run gave as its result, if it did

    @property
    def messages(self) -> list[Message]:
        """The conversation as AG-UI messages (a copy)."""
        with self._lock:
            return self._pipeline.messages

    @messages.setter
    def messages(self, messages: Iterable[Message]) -> None:
        with self._lock:
            state = self._pipeline.state
            self._pipeline = Pipeline(messages=messages, state=state, strict=self._strict, new_id=new_id)

    @property
    def state(self) -> Any:
        """The shared state."""
        return self._pipeline.state

    @property
    def outcome(self) -> str:
        """How the last run ended, or `running`."""
        return self._pipeline.outcome

    @property
    def detail(self) -> dict[str, Any]:
        """What the ending says: `{"type": "success"}`, or an error's `message`, `code`, `traceback`."""
        return self._error or self._pipeline.detail or {}

    @property
    def usage(self) -> list[dict[str, Any]]:
        """The last run's token usage, one entry per provider and model."""
        return self._pipeline.usage

    def add_user_message(self, text: str) -> Message:
        """Append what the user says; gives the message."""
        message = {"id": new_id(), "role": "user", "content": text}
        self.messages = [*self.messages, message]
        return message

    async def run(self, text: str | None = None, *, run_id: str | None = None) -> AsyncGenerator[Event, None]:
        """Run the agent, with a new user message if there is one, and yield each event after it is applied.

        Never raises for what the agent does: that ends the run, and `outcome` and `detail` say how.
        Closing the generator, or cancelling the task, aborts the run and closes the agent.
        """
        if text is not None:
            self.add_user_message(text)
        self.messages = self.messages  # a fresh pipeline: what an abandoned run still says goes to its own
        self._error, self.result = None, None
        pipeline = self._pipeline
        async with aclosing(self._deliveries(pipeline, self._input(run_id or new_id()))) as deliveries:
            told = 0
            async for events in deliveries:
                told = self._tell_warnings(pipeline, told)
                for event in events:
                    self.result = event.get("result") if event["type"] == "RUN_FINISHED" else self.result
                    yield event

    async def _deliveries(self, pipeline: Pipeline, run_input: dict[str, Any]) -> AsyncGenerator[list[Event], None]:
        has_started = False
        try:
            async with _closing(self._agent(run_input)) as source:
                async for item in source:
                    with self._lock:
                        events = pipeline.feed(item)
                    has_started = has_started or bool(events)
                    yield events
        except ProtocolViolation as error:
            self._error = {"message": str(error), "code": error.rule}
            yield error.delivered
        except Exception as error:
            self._error = _error_detail(error)
            # A stream that is cut in the middle is truncated, which is not the agent's own error.
            if not (has_started and isinstance(error, TransportError)):
                yield pipeline.feed({"type": "RUN_ERROR", **_without_traceback(self._error)})
        except BaseException:  # cancelled, or the caller lost interest
            pipeline.abort()
            raise
        with self._lock:
            last = pipeline.close()
        yield last

    def _input(self, run_id: str) -> dict[str, Any]:
        state = self.state
        return {
            "threadId": self.thread_id,
            "runId": run_id,
            "protocolVersion": PROTOCOL_VERSION,
            "messages": [message for message in self.messages if message["role"] != "activity"],
            "state": {} if state is None else state,
            "tools": [],
            "context": [],
            "forwardedProps": {},
        }

    def _tell_warnings(self, pipeline: Pipeline, told: int) -> int:
        warnings = pipeline.warnings
        if self._on_warning is not None:
            for warning in warnings[told:]:
                self._on_warning(warning)
        return len(warnings)


@asynccontextmanager
async def _closing(source: AsyncIterator[Any]) -> AsyncIterator[AsyncIterator[Any]]:
    """`contextlib.aclosing`, for iterators that need not have `aclose`."""
    try:
        yield source
    finally:
        if isinstance(source, AsyncGenerator) or hasattr(source, "aclose"):
            await source.aclose()


def _error_detail(error: Exception) -> dict[str, Any]:
    """What an exception of an agent says. Our own errors are messages for people; others get a traceback."""
    code = type(error).__name__
    if isinstance(error, AguiError):
        return {"message": str(error), "code": code}
    return {"message": f"{code}: {error}", "code": code, "traceback": _traceback(error)}


def _without_traceback(detail: dict[str, Any]) -> dict[str, Any]:
    return {name: detail[name] for name in ("message", "code")}


def _traceback(error: Exception) -> str:
    """The traceback from the first frame that is not ours: the agent's author does not care for our frames."""
    ours = str(Path(__file__).parent)
    frame: TracebackType | None = error.__traceback__
    while frame is not None and frame.tb_frame.f_code.co_filename.startswith(ours):
        frame = frame.tb_next
    return "".join(traceback.format_exception(type(error), error, frame))
