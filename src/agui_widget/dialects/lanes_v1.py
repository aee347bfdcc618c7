"""`lanes`: envelopes of `agui.v1`, of others and of our own session, as AG-UI events.

    envelope ─► its number: news, old, or after a gap ─► its kind's payload ─► the events that say the same

Words become messages and calls become calls, so that they are also in the history; each message of theirs has an id
of ours. Trees of nodes are never taken over: words are read again from their source, and HTML by our own list.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from html import escape
from typing import Any

from .. import telemetry
from ..a2ui import ACTIVITY_TYPE
from ..activities import OUTPUT_ACTIVITY
from ..content import content_text
from ..envelope import VERSION, order
from ..gallery import append_items
from ..hypertext import html_source, read_bundle, words_of
from ..projection import BUNDLE, TOOL_PROGRESS
from ..sse import ServerSentEvent
from ..surfaces import SPEC_EVENT
from ..text import Text
from . import lanes_payloads as says
from .frames import Row, json_object, read_frame
from .writer import Event, RunWriter

NAME = "lanes"
FAMILY = "agui.v"  # what its versions start with
WORD_LANES = ("thinking", "reasoning", "text")

ENDED = ("done", "stopped", "failed", "truncated", "waiting")  # what a message's status says when nothing follows
SETTLED = ("done", "error")  # states of a call that has its result
WORDS = ("TEXT_MESSAGE_", "REASONING_")  # events that are whose message they are of
OTHERS = ("ACTIVITY_", "CUSTOM")  # events that are who says them

# The end of a run of theirs, by its state → why it is a failure; None for none.
ENDINGS: dict[str, str | None] = {
    "finished": None,
    "error": "the agent failed",
    "rejected": "the agent broke the protocol",
    "truncated": "the stream of the agent was cut",
    "aborted": "the run was stopped where the agent is",
}


class Lanes:
    """Reads the envelopes of one run, in the order of their numbers."""

    def __init__(self, run: RunWriter) -> None:
        self.run = run
        self.sent = says.Sent(kind="", lane="status", seq=0, payload={})
        self._last: dict[str, int] = {}  # stream → the number of what was read last
        self._twice = 0
        self._ids: dict[str | None, str] = {}  # their messages → ours
        self._of_users: set[str | None] = set()
        self._subagents: dict[str, str] = {}  # our messages → the subagent whose they are
        self._callers: dict[str, str | None] = {}  # calls → the subagent that made them
        self._open: dict[str, str] = {}  # messages of words that may go on → their lane
        self._texts: dict[str, Text] = {}  # every message of words, as it is
        self._arguments: dict[str, Text] = {}
        self._answered: set[str] = set()
        self._surfaces: dict[str, list[dict[str, Any]]] = {}
        self._charts: set[str] = set()
        self._outputs: dict[str, dict[str, Any]] = {}
        self._cited: dict[str, list[dict[str, Any]]] = {}

    def decode(self, frame: ServerSentEvent) -> list[Event]:
        """The events of one envelope."""
        value = self.run.read_json(frame)
        if not isinstance(value, dict):
            return self.run.malformed(frame)
        if value.get("v") != VERSION:
            return self.run.malformed(frame, f"has version {value.get('v')!r}; read is {VERSION!r}")
        sent = self.run.read(says.Sent, value, str(value.get("kind", NAME)))
        if isinstance(sent, list):
            return [*sent, *self._pass_over(value)]
        missing = self._take_number(sent, is_checkpoint=sent.kind == "message.snapshot")
        if missing is None:
            return []
        return missing if sent.message_id in self._of_users else [*missing, *self._read(sent, frame)]

    def _read(self, sent: says.Sent, frame: ServerSentEvent) -> list[Event]:
        self.sent = sent
        self.run.correlation_id = sent.corr or self.run.correlation_id
        return self._owned(read_frame(self, self.run, ROWS, sent.kind, sent.payload, frame, dialect=NAME))

    def close(self) -> list[Event]:
        """The end of the run, if its last message had ended."""
        return self.finish() if self.run.may_end else self._said_twice()

    # -- numbers -------------------------------------------------------------------------------------

    def _pass_over(self, value: dict[str, Any]) -> list[Event]:
        """An envelope that cannot be read has its place: what follows it is behind no gap."""
        numbered = self.run.read(says.Numbered, value, NAME)
        return [] if isinstance(numbered, list) else self._take_number(numbered) or []

    def _take_number(self, sent: says.Numbered, *, is_checkpoint: bool = False) -> list[Event] | None:
        """What is to be said of an envelope's number; None for one that was read before."""
        first, last = sent.seq if sent.seq_from is None else sent.seq_from, self._last.get(sent.stream)
        numbers = {"seq": sent.seq, "seq_from": first}
        place = "next" if last is None or is_checkpoint else order(last, numbers)
        if place == "old":
            self._twice += 1
            return None
        self._last[sent.stream] = sent.seq
        if place == "next":
            return []
        assert last is not None
        missing = f"change {first - 1} is" if first == last + 2 else f"changes {last + 1} to {first - 1} are"
        gap = f"{missing} missing" if first > last + 1 else f"change {first} came again"
        return self.run.problem(f"{gap}: what is shown may be incomplete", "gap")

    def _said_twice(self) -> list[Event]:
        count, self._twice = self._twice, 0
        return self.run.notice(f"{count} changes came twice and were dropped", "duplicates") if count else []

    # -- messages ------------------------------------------------------------------------------------

    @property
    def message_id(self) -> str:
        """Our id for the message that the envelope is about."""
        return self._ids.setdefault(self.sent.message_id, self.run.new_id())

    def _owned(self, events: list[Event]) -> list[Event]:
        """The events with the subagents that they are of, if they are of any."""
        owners = [(each, self._owner_of(each)) for each in events]
        return [each if owner is None else {**each, "subagentRunId": owner} for each, owner in owners]

    def _owner_of(self, event: Event) -> str | None:
        speaker = self._subagents.get(self._ids.get(self.sent.message_id, ""))
        if "toolCallId" in event:
            return self._callers.setdefault(event["toolCallId"], speaker)
        if event["type"].startswith(WORDS):
            return self._subagents.get(event["messageId"].partition(":")[0])
        return speaker if event["type"].startswith(OTHERS) else event.get("subagentRunId")

    def begin(self, start: says.Start) -> list[Event]:
        """A message of theirs; what a user said there is on screen here."""
        if start.role == "user":
            self._of_users.add(self.sent.message_id)
            return []
        if start.parent is None or self.sent.message_id in self._ids:  # what has begun stays whose it is
            return self.run.start()
        owner = self._ids.setdefault(start.parent, self.run.new_id())
        is_known = owner in self._subagents.values()
        self._subagents[self.message_id] = owner
        began = {"type": "SUBAGENT_STARTED", "subagentRunId": owner, "name": start.name or "agent"}
        return self.run.start() if is_known else self.run.event(began)

    def remove(self, empty: says.Empty) -> list[Event]:
        """A message of theirs is gone: its words go."""
        mine = [each for each in self._texts if each.partition(":")[0] == self.message_id]
        return [event for each in mine for event in self._rewrite(each, "")]

    def keep_place(self, empty: says.Empty) -> list[Event]:
        """Nothing: what is being read stays where it is."""
        return self.run.start()

    # -- words ---------------------------------------------------------------------------------------

    def _words_id(self, lane: str, part: str = "text") -> str:
        return self.message_id + ("" if (lane, part) == ("text", "text") else f":{lane}:{part}")

    def say(self, words: says.Words | says.Blocks) -> list[Event]:
        """More words of a message."""
        return self._say(self._words_id(self.sent.lane, words.part), self.sent.lane, words.text)

    def _say(self, message_id: str, lane: str, text: str) -> list[Event]:
        if lane not in WORD_LANES:
            return self.run.misfit(self.sent.kind, "lane", f"there are no words in {lane!r}")
        if not text:
            return self.run.start()
        self.run.may_end = False
        begun = [] if message_id in self._open else self._begin_words(message_id, lane)
        self._texts.setdefault(message_id, Text()).append(text)
        return [*self.run.start(), *begun, _words_event("CONTENT", message_id, lane, delta=text)]

    def _begin_words(self, message_id: str, lane: str) -> list[Event]:
        self._open[message_id] = lane
        if lane == "text":
            return [_words_event("START", message_id, lane, role="assistant")]
        span = {"type": "REASONING_START", "messageId": message_id}
        return [span, _words_event("START", message_id, lane, role="reasoning")]

    def _end_words(self, message_ids: Iterable[str]) -> list[Event]:
        events: list[Event] = []
        for message_id in [each for each in message_ids if each in self._open]:
            lane = self._open.pop(message_id)
            events.append(_words_event("END", message_id, lane))
            if lane != "text":
                events.append({"type": "REASONING_END", "messageId": message_id})
        return events

    def _rewrite(self, message_id: str, text: str, lane: str = "text") -> list[Event]:
        """A text, in the place of what was said of it."""
        if message_id not in self._texts:
            return self._say(message_id, lane, text)
        if str(self._texts[message_id]) == text:
            return self.run.start()
        self._texts[message_id] = Text(text)
        return self.run.replace(message_id, text)

    def finalise(self, final: says.Final) -> list[Event]:
        """The whole text: nothing more comes of it."""
        text = html_source(final.html) if final.markdown is None and final.html is not None else final.markdown
        message_id = self._words_id("text")
        events = self.run.start() if text is None else self._rewrite(message_id, text)
        self.run.may_end = True
        return [*events, *self._end_words([message_id])]

    def seal(self, empty: says.Empty) -> list[Event]:
        """Nothing more comes in a lane of a message."""
        open_here = [each for each, lane in self._open.items() if lane == self.sent.lane]
        return self._end_words(each for each in open_here if each.partition(":")[0] == self.message_id)

    # -- tools ---------------------------------------------------------------------------------------

    def update_tools(self, tools: says.Tools) -> list[Event]:
        """What is new of each call."""
        return [event for row in tools.tools for event in self._row(row)]

    def _row(self, row: says.ToolRow) -> list[Event]:
        run, call_id = self.run, row.call_id
        events = self._call(call_id, row.name or "tool")
        if row.args is not None:
            events += self._argue(call_id, _as_text(row.args))
        if row.state not in (None, "queued"):
            events += run.end_call(call_id)
        told = row.model_dump(include={"progress", "summary"}, exclude_none=True)
        if told and row.state not in SETTLED and call_id not in self._answered:
            events += run.custom(TOOL_PROGRESS, {"toolCallId": call_id, **told})
        if row.state in SETTLED and call_id not in self._answered:
            error = (row.error or "failed") if row.state == "error" else None
            events += self._result(call_id, row.summary if row.result is None else row.result, error)
        return events

    def call(self, call: says.ToolCall) -> list[Event]:
        """A call, whole."""
        begun = [*self._call(call.call_id, call.tool), *self._argue(call.call_id, _as_text(call.args))]
        return [*begun, *self.run.end_call(call.call_id)]

    def argue(self, piece: says.ToolArgs) -> list[Event]:
        """A piece of a call's arguments."""
        begun = self._call(piece.call_id, "tool")
        if not self.run.is_open(piece.call_id):
            return begun
        self._arguments.setdefault(piece.call_id, Text()).append(piece.text)
        return [*begun, *self.run.arguments(piece.call_id, piece.text)]

    def answer(self, result: says.ToolResult) -> list[Event]:
        """What a call gave, or why it failed."""
        call_id = result.call_id or self.sent.corr or self.run.correlation_id
        text = _as_text(result.result)
        return [*self._call(call_id, "tool"), *self._result(call_id, text, None if result.ok else text or "failed")]

    def _call(self, call_id: str, name: str) -> list[Event]:
        return self.run.start() if self.run.knows(call_id) else self.run.call(call_id, name)

    def _argue(self, call_id: str, whole: str) -> list[Event]:
        """What of the arguments is news."""
        before = str(self._arguments.get(call_id, ""))
        if not self.run.is_open(call_id) or not whole.startswith(before):
            return []
        self._arguments[call_id] = Text(whole)
        return self.run.arguments(call_id, whole[len(before) :])

    def _result(self, call_id: str, value: Any, error: str | None) -> list[Event]:
        self._answered.add(call_id)
        return self.run.result(call_id, _as_text(value), error)

    def summarise(self, summary: says.Summary) -> list[Event]:
        """How a group of calls has ended."""
        html = summary.html if summary.summary is None else escape(summary.summary)
        return self.run.custom(BUNDLE, {"tools": html or ""})

    # -- other lanes ---------------------------------------------------------------------------------

    def show_interface(self, interface: says.Interface) -> list[Event]:
        """An interface; of A2UI everything that it has had so far."""
        if interface.spec is not None:
            return self.run.custom(SPEC_EVENT, interface.spec)
        key = f"{self.message_id}:{interface.part}"
        before = [] if interface.reset else self._surfaces.get(key, [])
        self._surfaces[key] = [*before, *(interface.messages or interface.operations or [])]
        if not self._surfaces[key]:
            return self.run.start()
        return self.run.activity(ACTIVITY_TYPE, {"a2ui_operations": self._surfaces[key]}, key)

    def cite(self, cited: says.Citations) -> list[Event]:
        """The sources that are news."""
        before = self._cited.get(self.message_id, [])
        sources = [each.model_dump(exclude_none=True) for each in cited.citations]
        self._cited[self.message_id] = sources
        news = [{**each, **_place(each)} for each in sources if each not in before]
        spoken = {"messageId": self.message_id} if self.message_id in self._texts else {}
        return [event for each in news for event in self.run.custom("citation", {**each, **spoken})]

    def fail(self, failure: says.Failure) -> list[Event]:
        """An error that does not end the run."""
        return self.run.problem(failure.message, failure.code or "error")

    def set_state(self, state: says.State) -> list[Event]:
        """The shared state."""
        return self.run.event({"type": "STATE_SNAPSHOT", "snapshot": state.state})

    def tell_status(self, status: says.Status) -> list[Event]:
        """The live line; what ends a message may end the stream."""
        if status.status in ENDED:
            self.run.may_end = True
            return self.run.start()
        label = status.label if status.label is not None or status.html is None else words_of(status.html)
        told = {"status": status.status, "label": label, "progress": status.progress}
        return self.run.custom("status", {name: value for name, value in told.items() if value is not None})

    def apply_bundle(self, bundle: says.Html) -> list[Event]:
        """Several lanes at once."""
        lanes, dropped = read_bundle(bundle.html)
        said = f"{dropped} parts of a bundle are for no lane: dropped"
        return [
            *(self.run.custom(BUNDLE, lanes) if lanes else []),
            *(self.run.notice(said, "bundle") if dropped else []),
        ]

    # -- parts of our own session --------------------------------------------------------------------

    def put(self, part: says.Part) -> list[Event]:
        """One keyed thing, whole; what has no place in another conversation is left out."""
        show = PARTS.get(part.kind)
        return show(self, part) if show else self.run.notice(f"a part of kind {part.kind!r} is left out", NAME)

    def put_words(self, part: says.Part) -> list[Event]:
        """A text, whole."""
        lane = self.sent.lane
        return self._rewrite(self._words_id(lane, part.key), part.text or "", lane)

    def put_row(self, part: says.Part) -> list[Event]:
        """A call, whole."""
        row = self.run.read(says.ToolRow, part.value, "part.put")
        return row if isinstance(row, list) else self._row(row)

    def put_error(self, part: says.Part) -> list[Event]:
        """An error that does not end the run."""
        return self.fail(says.Failure(message=str(part.value.get("message", ""))))

    def put_notice(self, part: says.Part) -> list[Event]:
        """A remark of the other side."""
        return self.run.notice(str(part.value.get("message", "")), str(part.value.get("code", NAME)))

    def put_output(self, part: says.Part) -> list[Event]:
        """Something that is displayed; it lives over there, so only how it looks is taken."""
        key, chart = f"{self.message_id}:{part.key}", telemetry.chart_of(part.value)
        if chart is not None:
            self._charts.add(key)
            return self.run.activity(telemetry.ACTIVITY, chart, key)
        looks = {name: value for name, value in part.value.items() if name != "object"}
        self._outputs[key] = looks
        return self.run.activity(OUTPUT_ACTIVITY, looks, key)

    def put_activity(self, part: says.Part) -> list[Event]:
        """An activity, whole."""
        kind, content = part.value.get("type"), part.value.get("content")
        if not isinstance(kind, str) or not isinstance(content, dict):
            return self.run.misfit("part.put", "value", "an activity has a type and content")
        return self.run.activity(kind, content, f"{self.message_id}:{part.key}")

    def put_surface(self, part: says.Part) -> list[Event]:
        """An interface, whole."""
        interface = self.run.read(says.Interface, {**part.value, "part": part.key, "reset": True}, "part.put")
        return interface if isinstance(interface, list) else self.show_interface(interface)

    def add_rows(self, rows: says.Rows) -> list[Event]:
        """More rows of a chart."""
        key = f"{self.message_id}:{rows.part}"
        if key not in self._charts:
            return self.run.start()
        op, path = telemetry.APPEND
        patch = [{"op": op, "path": path, "value": row} for row in telemetry.clean_rows(rows.rows)]
        grown = {"type": "ACTIVITY_DELTA", "messageId": key, "activityType": telemetry.ACTIVITY, "patch": patch}
        return self.run.event(grown)

    def add_items(self, items: says.Items) -> list[Event]:
        """More images of a gallery."""
        key = f"{self.message_id}:{items.part}"
        if key not in self._outputs:
            return self.run.start()
        grown = self._outputs[key] = deepcopy(self._outputs[key])
        append_items(grown, items.items, items.text)
        return self.run.activity(OUTPUT_ACTIVITY, grown, key)

    # -- the whole stream ----------------------------------------------------------------------------

    def take_checkpoint(self, checkpoint: says.Checkpoint) -> list[Event]:
        """A message as it is now; what follows counts from there."""
        if checkpoint.cursor.last_seq is not None:
            self._last[self.sent.stream] = max(checkpoint.cursor.last_seq, self.sent.seq)
        events = self.run.start()
        for lane, content in checkpoint.lanes.items():
            events = [*events, *self._lane_as_it_is(lane, content)]
        return events

    def _lane_as_it_is(self, lane: str, content: Any) -> list[Event]:
        text = content.get("text", content.get("markdown")) if isinstance(content, dict) else content
        if lane in WORD_LANES and isinstance(text, str):
            return self._rewrite(self._words_id(lane), text, lane)
        if not isinstance(content, dict):
            return self.run.misfit("message.snapshot", f"lanes.{lane}", "Input should be text or an object")
        envelopes = [{"kind": kind, "payload": content} for kind in LANE_KINDS.get(lane, ()) if _holds(content, kind)]
        parts = content.get("parts")
        envelopes += [{"kind": "part.put", "payload": part} for part in parts] if isinstance(parts, list) else []
        return [event for each in envelopes for event in self._as_if_sent(lane, each)]

    def _as_if_sent(self, lane: str, envelope: dict[str, Any]) -> list[Event]:
        before, row = self.sent, ROWS[envelope["kind"]]
        sent = self.run.read(says.Sent, {**before.model_dump(), "lane": lane, **envelope}, "message.snapshot")
        if isinstance(sent, list):
            return sent
        payload = self.run.read(row.payload, envelope["payload"], "message.snapshot")
        self.sent = sent
        events = payload if isinstance(payload, list) else row.handler(self, payload)
        self.sent = before
        return events

    def resync(self, resync: says.Resync) -> list[Event]:
        """The other side cannot say what was missed: the next snapshot will."""
        why = f" ({resync.reason})" if resync.reason else ""
        return self.run.notice(f"what was missed cannot be sent again{why}; a snapshot follows", "resync")

    def update_run(self, run: says.Run) -> list[Event]:
        """The end of the run, if it is that."""
        if run.state not in ENDINGS:
            return self.run.start()
        why = ENDINGS[run.state]
        usage = {"usage": [each.model_dump(exclude_none=True) for each in run.usage]} if run.usage else {}
        return self.finish(**usage) if why is None else [*self._closing(), *self.run.fail(why, run.state, **usage)]

    def finish(self, **more: Any) -> list[Event]:
        """The run has ended well."""
        return [*self._closing(), *self.run.finish(**more)]

    def _closing(self) -> list[Event]:
        owners = dict.fromkeys(self._subagents.values())
        ended = [{"type": "SUBAGENT_FINISHED", "subagentRunId": owner} for owner in owners]
        return [*self._said_twice(), *self._owned(self._end_words([*self._open])), *ended]


def _words_event(moment: str, message_id: str, lane: str, **more: Any) -> Event:
    family = "TEXT_MESSAGE" if lane == "text" else "REASONING_MESSAGE"
    place = {"metadata": {"lane": lane}} if lane == "thinking" else {}
    return {"type": f"{family}_{moment}", "messageId": message_id, **more, **place}


def _place(source: Mapping[str, Any]) -> dict[str, int]:
    """Citations of AG-UI count from 0."""
    return {"index": source["index"] - 1} if "index" in source else {}


def _as_text(value: Any) -> str:
    """Arguments or a result as text."""
    if value is None or isinstance(value, str):
        return value or ""
    is_content = isinstance(value, list) and all(isinstance(each, dict) and "type" in each for each in value)
    return content_text(value) if is_content else json.dumps(value, ensure_ascii=False)


def _holds(content: Mapping[str, Any], kind: str) -> bool:
    return any(name in content for name in ROWS[kind].payload.model_fields)


ROWS: dict[str, Row[Lanes]] = {
    "token.delta": Row(says.Words, Lanes.say),
    "blocks.patch": Row(says.Blocks, Lanes.say),
    "message.start": Row(says.Start, Lanes.begin),
    "message.remove": Row(says.Empty, Lanes.remove),
    "message.move": Row(says.Empty, Lanes.keep_place),
    "message.status": Row(says.Status, Lanes.tell_status),
    "message.final": Row(says.Final, Lanes.finalise),
    "message.snapshot": Row(says.Checkpoint, Lanes.take_checkpoint),
    "tools.update": Row(says.Tools, Lanes.update_tools),
    "tools.progress": Row(says.Tools, Lanes.update_tools),
    "tools.summary": Row(says.Summary, Lanes.summarise),
    "tool.call": Row(says.ToolCall, Lanes.call),
    "tool.args": Row(says.ToolArgs, Lanes.argue),
    "tool.result": Row(says.ToolResult, Lanes.answer),
    "a2ui.render": Row(says.Interface, Lanes.show_interface),
    "a2ui.edit": Row(says.Empty, Lanes.keep_place),
    "citations.update": Row(says.Citations, Lanes.cite),
    "error.raise": Row(says.Failure, Lanes.fail),
    "state.update": Row(says.State, Lanes.set_state),
    "bundle.html": Row(says.Html, Lanes.apply_bundle),
    "resync.required": Row(says.Resync, Lanes.resync),
    "part.put": Row(says.Part, Lanes.put),
    "part.remove": Row(says.Empty, Lanes.keep_place),
    "lane.seal": Row(says.Empty, Lanes.seal),
    "telemetry.append": Row(says.Rows, Lanes.add_rows),
    "media.append": Row(says.Items, Lanes.add_items),
    "run.update": Row(says.Run, Lanes.update_run),
}

PARTS: dict[str, Callable[[Lanes, says.Part], list[Event]]] = {
    "text": Lanes.put_words,
    "blocks": Lanes.put_words,
    "tool": Lanes.put_row,
    "error": Lanes.put_error,
    "notice": Lanes.put_notice,
    "output": Lanes.put_output,
    "activity": Lanes.put_activity,
    "surface": Lanes.put_surface,
}

# What a lane of a snapshot may hold, as the payload of which kind.
LANE_KINDS: dict[str, tuple[str, ...]] = {
    "tools": ("tools.update",),
    "a2ui": ("a2ui.render",),
    "citations": ("citations.update",),
    "errors": ("error.raise",),
    "status": ("message.status",),
}


def recognises(frame: ServerSentEvent) -> bool:
    """True for an envelope of any version: it has a kind and a lane."""
    value = json_object(frame) or {}
    return str(value.get("v")).startswith(FAMILY) and "kind" in value and "lane" in value
