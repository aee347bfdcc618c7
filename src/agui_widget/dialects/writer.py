"""The AG-UI events of one run, with what most dialects leave out: who is open, and when it ends."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from ..literal import literal
from ..projection import NOTICE, PROBLEM
from ..protocol import REPLACE
from ..sse import ServerSentEvent
from .json_values import MAX_LEVELS, parsed, with_whole_characters

Event = dict[str, Any]
Frame = TypeVar("Frame", bound=BaseModel)

EXCERPT_CHARS = 200
MAY_END_AFTER = {"RUN_STARTED": False, "RUN_FINISHED": True, "RUN_ERROR": True}


class RunWriter:
    """Writes one run. Every verb gives the events that it takes, in order.

    The first verb starts the run; words go on with the open message of their kind and close the others, so that what
    a dialect only hints at has the same starts and ends as in AG-UI. `new_id` makes ids for what has none.

    `is_over` is true after the end of the run: nothing more is read. `may_end` says that it is no fault if the stream
    ends here. `correlation_id` is what the other side calls this run, by which it can be cancelled; `close_event` is
    how it calls the frame that closes the stream, where a dialect lets it say so. `redacted` takes secrets out of
    what is quoted: a server may echo them. `beside` makes a relative address in the stream absolute. `may_close`
    says that a close of the connection is the end of the run, whenever it comes.
    """

    def __init__(self, *, thread_id: str, run_id: str, new_id: Callable[[], str]) -> None:
        self.new_id = new_id
        self._ids = {"threadId": thread_id, "runId": run_id}
        self.has_started = False
        self.is_over = False
        self.may_end = False
        self.may_close = False
        self.beside: Callable[[str], str] = str
        self.correlation_id = run_id
        self.close_event = "close"
        self.redacted: Callable[[str], str] = lambda text: text
        self._frames = 0
        self._unread = ""  # why the frame that was read last is no JSON object
        self._text: str | None = None  # the open text message
        self._thought: tuple[str, str] | None = None  # the open reasoning message: its lane and id
        self._calls: dict[str, bool] = {}  # every call: whether its arguments may still come

    # -- what a frame says -----------------------------------------------------------------------------

    def read_json(self, frame: ServerSentEvent, *, is_event: bool = False) -> Any:
        """The JSON of a frame; None if it is none (`malformed` then says so).

        Half characters are replaced; not where it `is_event` of AG-UI, for the protocol joins those of two deltas.
        """
        self._frames += 1
        self._unread = "is no JSON object"
        try:
            return parsed(frame.data) if is_event else with_whole_characters(parsed(frame.data), frame.data)
        except RecursionError:
            self._unread = f"is nested deeper than {MAX_LEVELS} levels"
        except ValueError:
            pass
        return None

    def read(self, model: type[Frame], value: Any, what: str, at: str = "data") -> Frame | list[Event]:
        """The frame `what` by its model, or the events that say what is wrong with it, and where.

        `at` is where the frame has `value`, for when all of it is wrong.
        """
        try:
            return model.model_validate(value)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            return self.misfit(what, _field(first["loc"], value) or at, first["msg"])

    def misfit(self, what: str, field: str, why: str) -> list[Event]:
        """A field of the frame `what` that is not as it should be."""
        return self.problem(f"frame {self._frames} ({what}) is malformed: {field}: {why}", "malformed")

    def malformed(self, frame: ServerSentEvent, why: str | None = None) -> list[Event]:
        """A frame that cannot be read at all."""
        return self.problem(self.wording(frame, why), "malformed")

    def wording(self, frame: ServerSentEvent, why: str | None = None) -> str:
        """What is wrong with the frame that was read last, in words: `why`, or that it is no JSON object."""
        what = f" ({frame.event})" if frame.event != "message" else ""
        return f"frame {self._frames}{what} {why or self._unread}: {literal(self.redacted(frame.data)[:EXCERPT_CHARS])}"

    def raw(self, frame: ServerSentEvent, source: str) -> list[Event]:
        """A frame of a type that nobody knows: kept, and shown to who debugs."""
        try:
            value = with_whole_characters(parsed(frame.data), frame.data)
        except (ValueError, RecursionError):
            value = frame.data
        return [*self.start(), {"type": "RAW", "event": {"event": frame.event, "data": value}, "source": source}]

    def start(self) -> list[Event]:
        """The run begins; nothing if it had begun."""
        if self.has_started:
            return []
        self.has_started = True
        return [{"type": "RUN_STARTED", **self._ids}]

    # -- words -----------------------------------------------------------------------------------------

    def text(self, delta: str) -> list[Event]:
        """Words of the answer."""
        if not delta:
            return self.start()
        events = [*self.start(), *self._end_thought()]
        if self._text is None:
            self._text = self.new_id()
            events.append({"type": "TEXT_MESSAGE_START", "messageId": self._text, "role": "assistant"})
        return [*events, {"type": "TEXT_MESSAGE_CONTENT", "messageId": self._text, "delta": delta}]

    def think(self, delta: str, lane: str = "reasoning") -> list[Event]:
        """Words of what the agent thinks; `lane` is `reasoning` or `thinking`."""
        if not delta:
            return self.start()
        events = [*self.start(), *self._end_text()]
        if self._thought is None or self._thought[0] != lane:
            events += [*self._end_thought(), *self._start_thought(lane)]
        assert self._thought is not None
        return [
            *events,
            {"type": "REASONING_MESSAGE_CONTENT", "messageId": self._thought[1], "delta": delta, **_lane(lane)},
        ]

    def end_words(self) -> list[Event]:
        """The open message ends; what comes next is another one."""
        return [*self._end_thought(), *self._end_text()]

    # -- tools -----------------------------------------------------------------------------------------

    def call(self, call_id: str, name: str) -> list[Event]:
        """A tool call begins; its arguments may come in pieces."""
        self._calls[call_id] = True
        start = {"type": "TOOL_CALL_START", "toolCallId": call_id, "toolCallName": name}
        return [*self.start(), *self.end_words(), start]

    def arguments(self, call_id: str, delta: str) -> list[Event]:
        """A piece of a call's arguments."""
        return [{"type": "TOOL_CALL_ARGS", "toolCallId": call_id, "delta": delta}] if delta else []

    def whole_call(self, call_id: str, name: str, arguments: Any) -> list[Event]:
        """A call that comes at once; nothing if it had come."""
        if self.knows(call_id):
            return []
        text = "" if arguments is None else self.content(arguments)
        return [*self.call(call_id, name), *self.arguments(call_id, text), *self.end_call(call_id)]

    def end_call(self, call_id: str) -> list[Event]:
        """The arguments of a call are whole; nothing if they were."""
        if not self._calls.get(call_id):
            return []
        self._calls[call_id] = False
        return [{"type": "TOOL_CALL_END", "toolCallId": call_id}]

    def result(
        self, call_id: str, content: str, error: str | None = None, duration_ms: float | None = None
    ) -> list[Event]:
        """What a call gave, or why it failed; `duration_ms` is how long it took, if that is known."""
        event = {"type": "TOOL_CALL_RESULT", "messageId": self.new_id(), "toolCallId": call_id, "content": content}
        said = {"error": error, "durationMs": duration_ms}
        metadata = {name: each for name, each in said.items() if each is not None}
        more = {"metadata": metadata} if metadata else {}
        return [*self.start(), *self.end_words(), *self.end_call(call_id), {**event, **more}]

    @staticmethod
    def content(value: Any) -> str:
        """What a tool was given, or gave, as text: words as they are, anything else as JSON."""
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

    def knows(self, call_id: str) -> bool:
        """True for a call that has begun."""
        return call_id in self._calls

    def is_open(self, call_id: str) -> bool:
        """True for a call whose arguments may still come."""
        return self._calls.get(call_id, False)

    # -- everything else -------------------------------------------------------------------------------

    def custom(self, name: str, value: Any) -> list[Event]:
        """What AG-UI has no event for."""
        return [*self.start(), {"type": "CUSTOM", "name": name, "value": value}]

    def activity(self, kind: str, content: dict[str, Any], activity_id: str | None = None) -> list[Event]:
        """Something shown that is no message; the same id again replaces it."""
        snapshot = {"type": "ACTIVITY_SNAPSHOT", "messageId": activity_id or self.new_id()}
        return [*self.start(), {**snapshot, "activityType": kind, "content": content}]

    def event(self, event: Event) -> list[Event]:
        """An event of AG-UI as it is."""
        return [*self.start(), event]

    def adopt(self, event: Event) -> list[Event]:
        """An event of AG-UI as it came, in a stream that starts and ends its runs itself."""
        self.has_started = self.has_started or event.get("type") == "RUN_STARTED"
        self.may_end = MAY_END_AFTER.get(str(event.get("type")), self.may_end)
        return [event]

    def replace(self, message_id: str, text: str) -> list[Event]:
        """What a message says, in the place of all it said before."""
        return self.custom(REPLACE, {"messageId": message_id, "text": text})

    def problem(self, message: str, code: str) -> list[Event]:
        """An error that is seen and does not end the run."""
        return self.custom(PROBLEM, {"message": message, "code": code})

    def notice(self, message: str, code: str) -> list[Event]:
        """Something for who looks closer."""
        return self.custom(NOTICE, {"message": message, "code": code})

    # -- the end ---------------------------------------------------------------------------------------

    def finish(self, **more: Any) -> list[Event]:
        """The run has ended well; nothing if it had ended."""
        return self._ended({"type": "RUN_FINISHED", **self._ids, **more})

    def fail(self, message: str, code: str | None = None, **more: Any) -> list[Event]:
        """The run has ended with an error; nothing if it had ended."""
        return self._ended({"type": "RUN_ERROR", "message": message, **({"code": code} if code else {}), **more})

    def _ended(self, terminal: Event) -> list[Event]:
        if self.is_over:
            return []
        open_calls = [event for call_id in list(self._calls) for event in self.end_call(call_id)]
        events = [*self.start(), *self.end_words(), *open_calls, terminal]
        self.is_over = True
        return events

    def _start_thought(self, lane: str) -> list[Event]:
        self._thought = (lane, self.new_id())
        ids = {"messageId": self._thought[1], **_lane(lane)}
        return [
            {"type": "REASONING_START", **ids},
            {"type": "REASONING_MESSAGE_START", "role": "reasoning", **ids},
        ]

    def _end_thought(self) -> list[Event]:
        if self._thought is None:
            return []
        ids = {"messageId": self._thought[1], **_lane(self._thought[0])}
        self._thought = None
        return [{"type": "REASONING_MESSAGE_END", **ids}, {"type": "REASONING_END", **ids}]

    def _end_text(self) -> list[Event]:
        if self._text is None:
            return []
        message_id, self._text = self._text, None
        return [{"type": "TEXT_MESSAGE_END", "messageId": message_id}]


def _field(location: tuple[str | int, ...], value: Any) -> str:
    """Where in a value something is wrong, without the members of unions that pydantic names on its way."""
    names = []
    for name in location:
        is_member = isinstance(name, int) and isinstance(value, list)
        is_known = is_member or (isinstance(value, dict) and name in value)
        if is_known:
            value = value[name]
        if is_known or (name == location[-1] and isinstance(value, dict)):
            names.append(str(name))
    return ".".join(names)


def _lane(lane: str) -> dict[str, Any]:
    """Where its words are shown, if that is not the reasoning lane."""
    return {"metadata": {"lane": lane}} if lane != "reasoning" else {}
