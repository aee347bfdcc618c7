"""A Python function as an agent: what it yields or returns becomes AG-UI events.

    str              text, appended to the open message
    an AG-UI event   as it is: a dict, JSON, an SSE frame, or a model of `ag_ui.core`
    None             nothing
    an interface     a component of `a2ui`, or A2UI messages: shown as a surface
    `Telemetry`      a row of a chart that grows
    anything else    shown, by IPython's display formatter; it stays reachable

The content of a TOOL_CALL_RESULT may be any object, too: it is shown, and the text for the agent is made of it.

Async generators, coroutines, generators and plain functions all work; the last two run in a thread.
"""

from __future__ import annotations

import inspect
import json
import re
import uuid
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

from ..a2ui import ACTIVITY_TYPE, OPERATIONS_KEY, Element, operations_of, surface
from ..activities import OUTPUT_ACTIVITY
from ..attachments import Attachment, received
from ..content import content_text, last_user_content
from ..errors import AgentError
from ..protocol import EVENT_TYPES, to_event
from ..sse import decode
from ..telemetry import ACTIVITY, Chart, Telemetry
from .live import LiveEvent, ToolResult
from .options import refuse_unknown
from .worker import Worker

Event = dict[str, Any]
TERMINALS = ("RUN_FINISHED", "RUN_ERROR")


@dataclass
class RunContext:
    """What an agent function gets as its `run` parameter."""

    input: dict[str, Any]
    state: Any = field(default=None)

    @property
    def text(self) -> str:
        """The user's last message, as text."""
        return last_user_text(self.messages)

    @property
    def attachments(self) -> list[Attachment]:
        """What came with the user's last message: bytes with their MIME type and name."""
        return received(last_user_content(self.messages))

    @property
    def messages(self) -> list[dict[str, Any]]:
        """The conversation so far, as AG-UI messages."""
        messages: list[dict[str, Any]] = self.input["messages"]
        return messages

    @property
    def action(self) -> dict[str, Any] | None:
        """What the user did on a surface, if this run is about that: `name`, `surfaceId`, `context`, …"""
        action: dict[str, Any] | None = self._props.get("a2uiAction", {}).get("userAction")
        return action

    @property
    def surface_data(self) -> dict[str, Any]:
        """The data of the action's surface, if it was made with `send_data=True`."""
        models = self._props.get("a2uiClientDataModel") or self._props.get("a2uiRendererDataModel") or {}
        data: dict[str, Any] = models.get("surfaces", {}).get((self.action or {}).get("surfaceId"), {})
        return data

    @property
    def _props(self) -> dict[str, Any]:
        props: dict[str, Any] = self.input.get("forwardedProps") or {}
        return props

    @property
    def run_id(self) -> str:
        """The run's id."""
        return str(self.input["runId"])


# A parameter's name says what it is given.
ARGUMENTS: dict[str, Callable[[RunContext], Any]] = {
    "text": lambda run: run.text,
    "messages": lambda run: run.messages,
    "run": lambda run: run,
    "attachments": lambda run: run.attachments,
}


def adapt(function: Callable[..., Any], **options: Any) -> FunctionAgent:
    """The function as an agent. Raises `AgentError` for a parameter that nothing can be given for."""
    refuse_unknown("an agent function", options)
    return FunctionAgent(function, _argument_names(function))


def last_user_text(messages: list[dict[str, Any]]) -> str:
    """The text of the last user message; of its text parts, if it has parts."""
    return content_text(last_user_content(messages))


class FunctionAgent:
    """Calls the function once a run and turns what it gives into a complete run of events."""

    def __init__(self, function: Callable[..., Any], argument_names: list[str]) -> None:
        self._function = function
        self._argument_names = argument_names

    async def __call__(self, run_input: dict[str, Any]) -> AsyncIterator[Event]:
        """The events of one run. What the function raises comes out here."""
        run = RunContext(run_input, json.loads(json.dumps(run_input.get("state"))))
        arguments = {name: ARGUMENTS[name](run) for name in self._argument_names}
        ids = {"threadId": run_input["threadId"], "runId": run_input["runId"]}
        writer = _EventWriter(ids)
        async with aclosing(_results(self._function, arguments)) as results:
            async for result in results:
                for event in writer.events_of(result):
                    yield event
        if run.state != run_input.get("state"):
            yield {"type": "STATE_SNAPSHOT", "snapshot": run.state}
        for event in writer.last_events():
            yield event


class _EventWriter:
    """Adds what a function leaves out: the run's start and end, and the text messages around its strings."""

    def __init__(self, ids: dict[str, str]) -> None:
        self._ids = ids
        self._has_started = False
        self._has_ended = False
        self._message_id: str | None = None
        self._surfaces = _SurfaceWriter()
        self._charts = _ChartWriter()

    def events_of(self, result: Any) -> Iterator[Event]:
        """The events that stand for one yielded value."""
        if result is None:
            return
        given = as_events(result)
        if not self._has_started:
            self._has_started = True
            if not (given and given[0]["type"] == "RUN_STARTED"):
                yield {"type": "RUN_STARTED", **self._ids}
        if given is None and isinstance(result, str):
            yield from self._text(result)
            return
        if isinstance(result, Telemetry):
            yield from self._row(result)
            return
        yield from self._close_text()
        for event in (self._surfaces.events_of(result) or [_output(result)]) if given is None else given:
            self._has_ended = event["type"] in TERMINALS
            yield event

    def last_events(self) -> Iterator[Event]:
        """What ends the run, unless the function ended it."""
        if not self._has_started:
            yield {"type": "RUN_STARTED", **self._ids}
        yield from self._close_text()
        if not self._has_ended:
            yield {"type": "RUN_FINISHED", **self._ids}

    def _text(self, delta: str) -> Iterator[Event]:
        if self._message_id is None:
            self._message_id = uuid.uuid4().hex
            yield {"type": "TEXT_MESSAGE_START", "messageId": self._message_id, "role": "assistant"}
        yield {"type": "TEXT_MESSAGE_CONTENT", "messageId": self._message_id, "delta": delta}

    def _row(self, row: Telemetry) -> Iterator[Event]:
        if self._charts.is_new(row):  # what is said while a chart grows goes on
            yield from self._close_text()
        yield self._charts.event_of(row)

    def _close_text(self) -> Iterator[Event]:
        if self._message_id is not None:
            yield {"type": "TEXT_MESSAGE_END", "messageId": self._message_id}
            self._message_id = None


def as_events(result: Any) -> list[Event] | None:
    """The AG-UI events that a yielded value is, or None if it is text or an object to show."""
    if isinstance(result, (str, bytes)):
        return _events_in_text(result)
    if isinstance(result, dict):
        return [_as_event(result)] if result.get("type") in EVENT_TYPES else None
    if hasattr(result, "model_dump") and getattr(result, "type", None) in EVENT_TYPES:
        return [to_event(result)]
    return None


def _as_event(given: Event) -> Event:
    """A given event; a tool's result may hold an object, in the place of which the client puts its text."""
    content = given.get("content")
    if given["type"] != "TOOL_CALL_RESULT" or not _is_object(content):
        return to_event(given)
    result = content if isinstance(content, ToolResult) else ToolResult(content)
    return LiveEvent({**given, "content": result.summary}, result.value)


def _events_in_text(text: str | bytes) -> list[Event] | None:
    raw = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text  # it may be cut in a character
    if raw.startswith(b"data:") and raw.endswith((b"\n\n", b"\r\n\r\n")):
        candidates = [frame.data.encode() for frame in decode([raw]).events]
    elif raw.startswith(b"{") and b'"type"' in raw:
        candidates = [raw]
    else:
        return None
    try:
        events = [json.loads(candidate) for candidate in candidates]
    except (ValueError, RecursionError):
        return None
    are_events = all(isinstance(event, dict) and event.get("type") in EVENT_TYPES for event in events)
    return events if events and are_events else None


UPDATES = frozenset(("updateComponents", "updateDataModel", "deleteSurface"))
HASHED_ID = re.compile(r"surface-[0-9a-f]{12}")  # what `a2ui.surface` makes of the content, for who names none


class _SurfaceWriter:
    """Makes activities of the interfaces that one run yields: one for each surface, which later messages go on."""

    def __init__(self) -> None:
        self._activities: dict[str, str] = {}  # surface id → the id of its activity
        self._renamed: dict[str, str] = {}

    def events_of(self, result: Any) -> list[Event]:
        """The events that show a component, or messages of A2UI; none for anything else."""
        if isinstance(result, Element):
            result = surface(result)
        received = operations_of(result) if isinstance(result, list | dict) else None
        if received is None or not received.operations:
            return []
        by_surface: dict[str, list[Event]] = {}
        for operation in map(self._with_own_id, received.operations):
            by_surface.setdefault(_surface_id(operation), []).append(operation)
        return [self._event(surface_id, operations) for surface_id, operations in by_surface.items()]

    def _event(self, surface_id: str, operations: list[Event]) -> Event:
        activity = {"messageId": self._activities.get(surface_id, ""), "activityType": ACTIVITY_TYPE}
        if activity["messageId"]:
            patch = [{"op": "add", "path": f"/{OPERATIONS_KEY}/-", "value": each} for each in operations]
            return {"type": "ACTIVITY_DELTA", **activity, "patch": patch}
        activity["messageId"] = f"a2ui-surface-{uuid.uuid4().hex}"
        if not all(UPDATES.intersection(operation) for operation in operations):
            self._activities[surface_id] = activity["messageId"]  # else it changes a surface of another run
        return {"type": "ACTIVITY_SNAPSHOT", **activity, "content": {OPERATIONS_KEY: operations}}

    def _with_own_id(self, operation: Event) -> Event:
        """The message with an id of this yield's own for a surface that nobody named: equal forms are not the same."""
        if "createSurface" in operation and HASHED_ID.fullmatch(named := _surface_id(operation)):
            self._renamed[named] = f"{named}-{uuid.uuid4().hex[:6]}"
        new = self._renamed.get(_surface_id(operation))
        if new is None:
            return operation
        return {
            name: {**body, "surfaceId": new} if isinstance(body, dict) else body for name, body in operation.items()
        }


def _surface_id(operation: Event) -> str:
    ids = (body.get("surfaceId") for body in operation.values() if isinstance(body, dict))
    return next((each for each in ids if isinstance(each, str)), "")


class _ChartWriter:
    """Makes activities of the charts of one run: one for each, to which later rows are appended."""

    def __init__(self) -> None:
        self._charts: dict[str, tuple[str, Chart]] = {}  # name → the id of its activity, and what it has said

    def is_new(self, row: Telemetry) -> bool:
        """True for the first row of its chart."""
        return row.chart not in self._charts

    def event_of(self, row: Telemetry) -> Event:
        """The event that shows a row."""
        is_new = self.is_new(row)
        message_id, chart = self._charts.setdefault(row.chart, (f"telemetry-{uuid.uuid4().hex}", Chart()))
        activity = {"messageId": message_id, "activityType": ACTIVITY}
        if is_new:
            return {"type": "ACTIVITY_SNAPSHOT", **activity, "content": chart.begin(row)}
        return {"type": "ACTIVITY_DELTA", **activity, "patch": chart.append(row)}


def _output(value: Any) -> Event:
    event = {
        "type": "ACTIVITY_SNAPSHOT",
        "messageId": uuid.uuid4().hex,
        "activityType": OUTPUT_ACTIVITY,
        "content": {"data": {}},  # the client's: drawing may take a while, and is done in a thread
    }
    return LiveEvent(event, value)


def _is_object(content: Any) -> bool:
    """True unless it is what AG-UI has there: text, or parts that each say their type."""
    is_parts = isinstance(content, list) and all(isinstance(part, dict) and "type" in part for part in content)
    return not (content is None or isinstance(content, str) or is_parts)


# -- calling the function ----------------------------------------------------------------------------


async def _results(function: Callable[..., Any], arguments: dict[str, Any]) -> AsyncGenerator[Any, None]:
    """What a function of any of the four kinds gives, one value after the other."""
    unwrapped = _unwrapped(function)
    is_async = inspect.isasyncgenfunction(unwrapped) or inspect.iscoroutinefunction(unwrapped)
    results = _async_results(function(**arguments)) if is_async else _sync_results(function, arguments)
    async with aclosing(results):
        async for value in results:
            yield value


async def _async_results(given: Any) -> AsyncGenerator[Any, None]:
    if inspect.isawaitable(given):
        given = await given
    if not hasattr(given, "__aiter__"):
        yield given
        return
    try:
        async for value in given:
            yield value
    finally:
        if hasattr(given, "aclose"):
            await given.aclose()


async def _sync_results(function: Callable[..., Any], arguments: dict[str, Any]) -> AsyncGenerator[Any, None]:
    worker = Worker("agui-agent")
    close: Callable[[], Any] = _nothing
    try:
        given = await worker.call(lambda: function(**arguments))
        if inspect.isgenerator(given):
            close = given.close
            while (value := await worker.call(next, given, _END)) is not _END:
                yield value
        else:  # a plain function may still give something async: lambda text: my_agent(text)
            async for value in _async_results(given):
                yield value
    finally:
        worker.finish(close)


_END = object()


def _nothing() -> None:
    """Nothing more to do."""


def _unwrapped(function: Callable[..., Any]) -> Any:
    """The function behind partials, decorators and objects with `__call__`."""
    unwrapped = inspect.unwrap(getattr(function, "func", function))
    return unwrapped if inspect.isroutine(unwrapped) else type(unwrapped).__call__


def _argument_names(function: Callable[..., Any]) -> list[str]:
    try:
        parameters = inspect.signature(function).parameters.values()
    except ValueError as error:  # of most builtins nobody knows what they take
        raise AgentError(f"{function!r:.80} does not say what it takes. Write: AgentChat(lambda text: …)") from error
    names = [p.name for p in parameters if p.name in ARGUMENTS]
    unknown = [
        p.name
        for p in parameters
        if p.name not in ARGUMENTS and p.default is p.empty and p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)
    ]
    if unknown:
        raise AgentError(
            f"nothing can be given for the parameter {unknown[0]!r} of {getattr(function, '__name__', function)!r}: "
            f"an agent's parameters are named {', '.join(ARGUMENTS)}, or there are none. "
            f"Write: def agent(text): …"
        )
    return names
