"""An AG-UI client for one thread: it runs an agent, and keeps the messages and the state.

    history, tools, resume ─► agent ─► protocol.Pipeline (enforce, expand, verify, apply) ─► the caller
                                ▲                                                    │
                                └──── results of Python tools that it called ◄───────┘

Works without any notebook:

    client = AgentClient("http://127.0.0.1:8000/", tools=[my_function])
    async for event in client.run("Hello"):
        ...
    client.outcome, client.messages
"""

from __future__ import annotations

import asyncio
import threading
import traceback
import uuid
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable, Iterator, Mapping
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timezone
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

from . import a2ui as interfaces
from .agents import Agent, as_agent
from .agents.live import LiveEvent
from .agents.loop_bound import LoopBoundAgent
from .agents.process import ProcessAgent
from .agents.remote import RemoteAgent
from .attachments import attachment_parts, message_content
from .content import HELD, held_content
from .errors import AgentError, AguiError, ProcessError, ProtocolViolation, TransportError, in_words
from .history import repaired, with_results
from .keeper import NO_CALL, Keeper, in_thread, keyed
from .protocol import Event, Pipeline, build_resume, to_event
from .protocol.interrupts import is_legacy
from .protocol.outgoing import outgoing_input
from .tools import Tool, as_tools, error_text

Message = dict[str, Any]
Warn = Callable[[dict[str, Any]], None]

MAX_TOOL_ROUNDS = 20
MODELS = ("a2uiClientDataModel", "a2uiRendererDataModel")  # how the versions call the data that goes with an action
DECLINED = "The user declined this call."


def new_id() -> str:
    """A fresh id for a thread, a run or a message."""
    return uuid.uuid4().hex


def _with_ids(messages: Iterable[Message]) -> Iterator[Message]:
    """Messages as people write them, each with an id. Raises `AgentError` for what is none."""
    for at, each in enumerate(messages):
        if not isinstance(each, Mapping) or "role" not in each:
            example = '{"role": "user", "content": "Hello"}'
            raise AgentError(f"messages[{at}] is no message: {each!r:.80}. Write: messages=[{example}]")
        yield {"id": new_id(), **each}


@dataclass(frozen=True)
class Action:
    """What a user did on a surface, as an agent is told in one run.

    `message` is the renderer's, `model` the data that its surface sends with it. A server with A2UI's middleware
    (`has_middleware`) makes of `forwardedProps` what is otherwise added here: a call of `log_a2ui_event`.
    """

    message: dict[str, Any]
    model: dict[str, Any] = field(default_factory=dict)
    has_middleware: bool = False

    @property
    def props(self) -> dict[str, Any]:
        """For `forwardedProps`."""
        models = {name: self.model[name] for name in MODELS if name in self.model}
        return {**interfaces.forwarded_props(self.message), **models}

    def exchange(self) -> list[Message]:
        """For the messages of the request; they are in no history."""
        return [] if self.has_middleware else interfaces.exchange(self.message, new_id)


@dataclass(frozen=True)
class _Said:
    """Messages that are in a run's requests and in no history, and where they stand among the others."""

    at: int
    messages: list[Message]

    def among(self, history: list[Message]) -> list[Message]:
        """All messages; without those that an agent has sent back as part of the history."""
        known = {each["id"] for each in history}
        if any(each["id"] in known for each in self.messages):
            return history
        return [*history[: self.at], *self.messages, *history[self.at :]]


class AgentClient:
    """Runs an agent (anything that `as_agent` understands), one run at a time, on one thread of messages.

    | keyword | is |
    |---|---|
    | `thread_id`, `messages`, `state` | a conversation to go on with |
    | `tools` | Python functions that the agent may call; they run here |
    | `approve` | `"auto"` runs them without asking; `"deny"` declines every call |
    | `max_tool_rounds` | how often in a row the agent may call tools before the run is ended |
    | `context`, `forwarded_props` | sent with every run |
    | `a2ui` | True offers the agent the tool `render_a2ui`, and tells it which components there are |
    | `strict` | the reference client's verdicts; otherwise what real agents get wrong is repaired, with a warning |
    | `peer` | the AG-UI version of an agent known to be older, such as `"0.0.39"` |
    | `home` | the event loop that the agent must run on, if that is not the caller's |
    | `on_warning` | called with `{code, message, event, path?}` for each repair |
    | others | go to the agent's adapter |

    After a run `outcome` is one of finished, error, rejected, truncated, aborted, and `detail` says more.
    Reading is safe from any thread.
    """

    def __init__(
        self,
        agent: Any,
        *,
        thread_id: str | None = None,
        messages: Iterable[Message] = (),
        state: Any = None,
        tools: Iterable[Any] = (),
        approve: Literal["auto", "deny"] = "auto",
        max_tool_rounds: int = MAX_TOOL_ROUNDS,
        context: Iterable[dict[str, str]] = (),
        forwarded_props: Mapping[str, Any] | None = None,
        a2ui: bool = False,
        strict: bool = False,
        peer: str | None = None,
        home: asyncio.AbstractEventLoop | None = None,
        on_warning: Warn | None = None,
        **options: Any,
    ) -> None:
        if approve not in ("auto", "deny"):
            raise AgentError(f'approve is "auto" or "deny", got {approve!r}')
        adapted = as_agent(agent, **options)
        if isinstance(adapted, RemoteAgent | ProcessAgent):
            adapted.tell = lambda warning: self._warn([warning])
        self.is_remote = isinstance(adapted, RemoteAgent)
        self._agent: Agent = adapted if home is None else LoopBoundAgent(adapted, home)
        self.thread_id = thread_id or new_id()
        self._tools = as_tools(tools)
        self._approve = approve
        self._max_tool_rounds = max_tool_rounds
        self._context = [*context, *(_interface_context() if a2ui else ())]
        self._offers_a2ui = a2ui
        self._forwarded_props = dict(forwarded_props or {})
        self._strict = strict
        self._peer = peer
        self._on_warning = on_warning
        self._keeper = Keeper(self._warn)
        self.objects = self._keeper.objects
        self._lock = threading.Lock()
        self._pipeline = self._new_pipeline(_with_ids(messages), state)
        self._ending: tuple[str, dict[str, Any]] | None = None  # where the pipeline does not have the last word
        self.result: Any = None  # what the last run gave as its result, if it did

    # -- what there is to read -----------------------------------------------------------------------

    @property
    def messages(self) -> list[Message]:
        """The conversation as AG-UI messages (a copy)."""
        with self._lock:
            return self._pipeline.messages

    @messages.setter
    def messages(self, messages: Iterable[Message]) -> None:
        with self._lock:
            before = self._pipeline
            self._pipeline = self._new_pipeline(messages, before.state, before.pending_interrupts)

    @property
    def state(self) -> Any:
        """The shared state (a copy)."""
        with self._lock:
            return self._pipeline.state

    @property
    def outcome(self) -> str:
        """How the last run ended, or `running`."""
        return self._ending[0] if self._ending else self._pipeline.outcome

    @property
    def detail(self) -> dict[str, Any]:
        """What the ending says: `{"type": "success"}`, or an error's `message`, `code`, `traceback`."""
        return self._ending[1] if self._ending else self._pipeline.detail

    @property
    def usage(self) -> list[dict[str, Any]]:
        """The last run's token usage, one entry per provider and model."""
        return self._pipeline.usage

    @property
    def pending_interrupts(self) -> list[dict[str, Any]]:
        """What the last run waits for a human to decide; answer with `run(resume=…)`."""
        return self._pipeline.pending_interrupts

    @property
    def pending_tool_call_ids(self) -> list[str]:
        """Calls of the last run that nothing here could answer."""
        answered = {each["toolCallId"] for each in self.messages if each["role"] == "tool"}
        return [each for each in self._pipeline.pending_tool_call_ids if each not in answered]

    def find_message(self, message_id: str) -> Message | None:
        """The first message with that id (a copy)."""
        with self._lock:
            return self._pipeline.find_message(message_id)

    def look_up(self, key: str, mime: str) -> dict[str, Any]:
        """One form of what a page was shown by a key: a live object's, or a part of a message that was held back.

        Gives `{"data"}`. Raises `ObjectError` if there is none.
        """
        content = held_content(self.messages, key) if key.startswith(HELD) else None
        return self.objects.data(key, mime) if content is None else {"data": content}

    # -- doing ---------------------------------------------------------------------------------------

    def add_user_message(self, text: str, attachments: Iterable[Any] = ()) -> Message:
        """Append what the user says, and what goes along with it; gives the message.

        Attachments are paths, bytes, PIL images, matplotlib figures, data: or https: URLs, or content parts.
        Raises `AttachmentError`, with nothing changed, for what cannot be attached.
        """
        message = {"id": new_id(), "role": "user", "content": message_content(text, attachment_parts(attachments))}
        self.messages = [*self.messages, message]
        return message

    def rewind(self, count: int) -> None:
        """Go back to the first `count` messages; nothing is pending any more, the state stays."""
        with self._lock:
            before = self._pipeline
            self._pipeline = self._new_pipeline(before.messages[:count], before.state)

    def forget(self) -> None:
        """Start over on a new thread: no messages, no pending interrupts; the state stays.

        A new one, because some agents keep a thread's messages themselves and would bring them back.
        """
        with self._lock:
            self.thread_id = new_id()
            self._pipeline = self._new_pipeline((), self._pipeline.state)
        self.objects.clear()

    def restore(
        self, messages: Iterable[Message], *, state: Any, thread_id: str, pending: Iterable[dict[str, Any]] = ()
    ) -> None:
        """Go on with a conversation that was kept, in the place of this one."""
        with self._lock:
            self.thread_id = thread_id
            self._pipeline = self._new_pipeline(messages, state, pending)

    async def run(
        self,
        text: str | None = None,
        *,
        attachments: Iterable[Any] = (),
        resume: Mapping[str, Any] | None = None,
        action: Action | None = None,
        tools: Iterable[Any] | None = None,
        run_id: str | None = None,
    ) -> AsyncGenerator[Event, None]:
        """Run the agent, with a new user message if there is one, and yield each event after it is applied.

        `attachments` go along with the message: see `add_user_message`.

        Calls of Python tools are run and answered, and the agent goes on, until it has no more. `resume`
        answers every pending interrupt, by id: `{"status": "resolved", "payload": …}` or
        `{"status": "cancelled"}`. `action` is what the user did on a surface. `tools` replaces the client's own for
        this run.

        Raises `AgentError` before anything happens if a pending interrupt is not answered. What the agent
        does never raises: it ends the run, and `outcome` and `detail` say how. Closing the generator, or
        cancelling the task, aborts the run and closes the agent.
        """
        resuming = self._resume_fields(resume)
        offered = self._tools if tools is None else as_tools(tools)
        if text is not None:
            self.add_user_message(text, attachments)
        self._ending, self.result = None, None
        if action is not None:
            resuming["forwardedProps"] = {**resuming.get("forwardedProps", {}), **action.props}
        said = _Said(len(self.messages), action.exchange() if action else [])
        async with aclosing(self._rounds(run_id or new_id(), offered, resuming, said)) as events:
            async for event in events:
                self.result = event.get("result") if event["type"] == "RUN_FINISHED" else self.result
                yield event

    async def _rounds(
        self, run_id: str, offered: dict[str, Tool], resuming: dict[str, Any], said: _Said
    ) -> AsyncGenerator[Event, None]:
        """Runs, each followed by the results of the tools it called."""
        if "resume" in resuming:
            async with aclosing(self._answers(offered)) as answers:
                async for event in answers:
                    yield event
        for _ in range(self._max_tool_rounds + 1):
            async with aclosing(self._one_run(self._input(run_id, offered, resuming, said))) as events:
                async for event in events:
                    yield event
            if not (offered and self.outcome == "finished" and self.detail["type"] == "success"):
                return
            if not self.pending_tool_call_ids:
                return
            async with aclosing(self._answers(offered)) as answers:
                async for event in answers:
                    yield event
            run_id, resuming = new_id(), {}
        message = f"The agent called tools {self._max_tool_rounds + 1} times in a row. Raise max_tool_rounds to let it."
        self._ending = ("error", {"message": message, "code": "tool-rounds"})

    async def _one_run(self, run_input: dict[str, Any]) -> AsyncGenerator[Event, None]:
        # A fresh pipeline for each run: what an abandoned one still says goes to its own.
        self.messages = self.messages
        pipeline, told = self._pipeline, 0
        async with aclosing(self._deliveries(pipeline, run_input)) as deliveries:
            async for events in deliveries:
                told = self._tell_warnings(pipeline, told)
                for event in events:
                    yield event

    async def _deliveries(self, pipeline: Pipeline, run_input: dict[str, Any]) -> AsyncGenerator[list[Event], None]:
        has_started, find = False, partial(self._call, pipeline)
        try:
            async with _closing(self._agent(run_input)) as source:
                async for item in source:
                    if isinstance(item, LiveEvent):
                        item = await self._keeper.with_key(item, find)
                    for each in [*self._renderings(pipeline, item), item]:
                        with self._lock:
                            events = pipeline.feed(each)
                        has_started = has_started or bool(events)
                        yield [await self._keeper.rendered(event, find) for event in events]
        except ProtocolViolation as error:
            self._ending = ("rejected", {"message": str(error), "code": error.rule})
            yield error.delivered
        except (Exception, SystemExit) as error:
            # A stream that is cut in the middle is truncated, which is not the agent's own error.
            was_cut = has_started and isinstance(error, TransportError)
            detail = _error_detail(error)
            self._ending = ("truncated" if was_cut else "error", detail)
            if not was_cut:
                yield self._failed(pipeline, detail)
        except BaseException:
            pipeline.abort()
            raise
        with self._lock:
            last = pipeline.close()
        yield last

    def _call(self, pipeline: Pipeline, call_id: str) -> dict[str, Any]:
        """A call by its id: mostly one of those that wait, which are few."""
        with self._lock:
            waiting = next((call for call in pipeline.unanswered_calls if call["id"] == call_id), None)
            messages = [] if waiting else pipeline.messages
        calls = (call for message in reversed(messages) for call in message.get("toolCalls") or ())
        return waiting or next((call for call in calls if call["id"] == call_id), NO_CALL)

    def _renderings(self, pipeline: Pipeline, item: Any) -> list[Event]:
        """Before the end of a run, the results of its calls of `render_a2ui`: to show it was all there was to do."""
        if not _is_success(item):
            return []
        with self._lock:
            calls = pipeline.unanswered_calls
        asked = [call for call in calls if call["function"]["name"] == interfaces.RENDER_TOOL]
        return [_result_event(_rendered(call)) for call in asked]

    def _failed(self, pipeline: Pipeline, detail: dict[str, Any]) -> list[Event]:
        """Let the exception of an agent in this process be the RUN_ERROR it would have sent."""
        error = {"type": "RUN_ERROR", "message": detail["message"], "code": detail["code"]}
        with self._lock:
            return pipeline.feed(error) if pipeline.outcome == "running" else []

    # -- what goes out -------------------------------------------------------------------------------

    def _input(self, run_id: str, offered: dict[str, Tool], resuming: dict[str, Any], said: _Said) -> dict[str, Any]:
        waiting = [each["toolCallId"] for each in self.pending_interrupts if "toolCallId" in each]
        props = {**self._forwarded_props, **resuming.get("forwardedProps", {})}
        run_input, warnings = outgoing_input(
            {
                "threadId": self.thread_id,
                "runId": run_id,
                "messages": repaired(said.among(self.messages), waiting=waiting if resuming else ()),
                "state": self.state,
                "tools": self._advertised(offered),
                "context": self._context,
                **resuming,
                "forwardedProps": props,
            },
            peer=self._peer,
        )
        self._warn(warnings)
        return run_input

    def _advertised(self, offered: dict[str, Tool]) -> list[dict[str, Any]]:
        renders = self._offers_a2ui and interfaces.RENDER_TOOL not in offered
        own = [interfaces.render_tool()] if renders else []
        return [*own, *(tool.advertised for tool in offered.values())]

    def _resume_fields(self, resume: Mapping[str, Any] | None) -> dict[str, Any]:
        """The fields of the input that answer the pending interrupts; none if nothing is pending."""
        pending = self.pending_interrupts
        if pending and resume is None:
            ids = ", ".join(each["id"] for each in pending)
            raise AgentError(
                f"the agent waits for an answer to {ids} before it goes on. Write: chat.resolve() or chat.reject(); "
                "with a client: client.run(resume={id: {'status': 'resolved', 'payload': …}})"
            )
        entries = build_resume(pending, resume or {}, now=datetime.now(timezone.utc))
        legacy = [entry.get("payload") for entry, each in zip(entries, pending, strict=True) if is_legacy(each)]
        if not legacy:
            return {"resume": entries} if entries else {}
        return {"forwardedProps": {"command": {"resume": legacy[0] if len(legacy) == 1 else legacy}}}

    # -- Python tools --------------------------------------------------------------------------------

    async def _answers(self, offered: dict[str, Tool]) -> AsyncGenerator[Event, None]:
        """Run the calls that wait for this side; yield each result, and put all of them into the history."""
        self._ending = ("aborted", {})  # unless it comes to its end
        results: list[Message] = []
        try:
            for call in self._pending_calls():
                result, key = await self._answer(call, offered)
                results.append(result)
                yield keyed(_result_event(result), key)
            self._ending = None
        finally:
            self.messages = with_results(self.messages, results)

    def _pending_calls(self) -> list[dict[str, Any]]:
        ids = set(self.pending_tool_call_ids)
        return [call for m in self.messages for call in m.get("toolCalls") or () if call["id"] in ids]

    async def _answer(self, call: dict[str, Any], offered: dict[str, Tool]) -> tuple[Message, str | None]:
        """The tool message of a call, and the key of the object that the tool gave, if that is more than the text."""
        name = call["function"]["name"]
        answer = {"id": new_id(), "role": "tool", "toolCallId": call["id"]}
        if self._approve == "deny":
            return {**answer, "content": DECLINED}, None
        if name not in offered:
            return {**answer, "content": "", "error": f"There is no tool named {name!r}."}, None
        try:
            result = await offered[name].call(call["function"]["arguments"])
            text: str = await in_thread(lambda: result.text)
        except (Exception, SystemExit) as error:
            return {**answer, "content": "", "error": error_text(error)}, None
        return {**answer, "content": text}, await self._keeper.key_of(result.value, text, call)

    # -- small parts ---------------------------------------------------------------------------------

    def _new_pipeline(
        self, messages: Iterable[Message], state: Any, pending: Iterable[dict[str, Any]] = ()
    ) -> Pipeline:
        return Pipeline(
            messages=messages,
            state=state,
            pending_interrupts=pending,
            strict=self._strict,
            new_id=new_id,
            peer=self._peer,
        )

    def _tell_warnings(self, pipeline: Pipeline, told: int) -> int:
        warnings = pipeline.warnings
        if len(warnings) > told:
            self._warn(warnings[told:])
        return len(warnings)

    def _warn(self, warnings: Iterable[dict[str, Any]]) -> None:
        if self._on_warning is not None:
            for warning in warnings:
                self._on_warning(warning)


def _interface_context() -> list[dict[str, str]]:
    return [interfaces.catalog_context(), interfaces.usage_context()]


def _type_of(item: Any) -> Any:
    """The type of an event in any of the forms that a pipeline takes; text is read only if it may matter."""
    if isinstance(item, dict):
        return item.get("type")
    if isinstance(item, str):
        return "RUN_FINISHED" if '"RUN_FINISHED"' in item else None
    if isinstance(item, bytes | bytearray):
        return "RUN_FINISHED" if b'"RUN_FINISHED"' in item else None
    return getattr(getattr(item, "type", None), "value", getattr(item, "type", None))


def _is_success(item: Any) -> bool:
    """True for the end of a run that asks for nothing."""
    if _type_of(item) != "RUN_FINISHED":
        return False
    try:
        outcome = to_event(item).get("outcome")
    except ProtocolViolation:
        return False
    return not isinstance(outcome, dict) or outcome.get("type") == "success"


def _rendered(call: dict[str, Any]) -> Message:
    content = interfaces.rendered(call["function"]["arguments"])
    return {"id": new_id(), "role": "tool", "toolCallId": call["id"], "content": content}


def _result_event(result: Message) -> Event:
    """A tool message as the event that would have brought it."""
    event = {
        "type": "TOOL_CALL_RESULT",
        "messageId": result["id"],
        "toolCallId": result["toolCallId"],
        "content": result["content"],
    }
    return {**event, "metadata": {"error": result["error"]}} if "error" in result else event


@asynccontextmanager
async def _closing(source: AsyncIterator[Any]) -> AsyncIterator[AsyncIterator[Any]]:
    """`contextlib.aclosing`, for iterators that need not have `aclose`."""
    try:
        yield source
    finally:
        if isinstance(source, AsyncGenerator) or hasattr(source, "aclose"):
            await source.aclose()


def _error_detail(error: BaseException) -> dict[str, Any]:
    """What an exception of an agent says. Our own errors are messages for people; others get a traceback."""
    code = type(error).__name__
    if isinstance(error, AguiError):
        said = {"traceback": error.stderr} if isinstance(error, ProcessError) and error.stderr else {}
        return {"message": str(error), "code": code, **said}
    return {"message": in_words(error), "code": code, "traceback": _traceback(error)}


def _traceback(error: BaseException) -> str:
    """The traceback from the first frame that is not ours: the agent's author does not care for our frames."""
    ours = str(Path(__file__).parent)
    frame: TracebackType | None = error.__traceback__
    while frame is not None and frame.tb_frame.f_code.co_filename.startswith(ours):
        frame = frame.tb_next
    return "".join(traceback.format_exception(type(error), error, frame))
