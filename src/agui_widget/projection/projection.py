"""AG-UI events become envelopes: which lane of which message shell each event changes.

Runs on events that the protocol pipeline has let through and applied, so it never checks or applies them
again: what a patch or a snapshot made of a message, it reads from the conversation. Pure: the time is an
argument (epoch milliseconds). Where things stand on screen is decided in `shells`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

from ..a2ui import ACTIVITY_TYPE, LOG_TOOL, RENDER_TOOL
from ..activities import Activities, Look
from ..citations import CITATION, Citations
from ..content import Content, content_text, media_output
from ..envelope import LANES, Draft
from ..hypertext import html_source, links_of, words_of
from ..lanes import rebuild
from ..markdown import MarkdownStream, parse
from ..protocol import REPLACE
from ..protocol.interrupts import LEGACY_EVENT
from ..shells import Owner, Shell, Shells
from ..surfaces import SPEC_EVENT, Surfaces

Event = dict[str, Any]
Message = dict[str, Any]

OBJECT_KEY = "agui_widget.object"  # in the metadata of a tool's result: the key of what the tool gave
TOOL_PROGRESS = "agui_widget.tool_progress"  # value: {"toolCallId", "progress"?, "summary"?}
PROBLEM = "agui_widget.problem"  # value: {"message", "code"}: an error, and the run goes on
NOTICE = "agui_widget.notice"  # value: {"message", "code"}: said to who looks closer
HIDDEN_ACTIVITIES = ("pydantic_ai_",)  # a framework's own notes, by the start of their type

BUNDLE = "bundle"  # value: {lane: HTML}, for several lanes at once
RESUMING = "resuming"  # the code of a warning that the connection was lost and is tried again
SILENT = "silent"  # the code of a warning that heartbeats are missing
LIVE_NOTICES = {RESUMING: "Connection lost, trying again", SILENT: ""}  # said in the live line: this, or the message

FEED_MS = 30  # how often words that stream are read as markdown: as often as a page is sent something
STATE_MS = 200  # how often a state that is patched is shown: each time it is sent whole
MAX_NOTICES = 1_000
MAX_PROBLEMS = 20  # errors of one run that end nothing; further ones are notices
NOTICE_CHARS = 500

UNFINISHED = ("queued", "running")  # the states of a call whose result may still come

# What an agent does with its memory, in words.
MEMORY = {"set": "remembers {key}: {value}", "append": "adds to {key}: {value}", "delete": "forgets {key}"}

# How a run ended, or the type of a finished run's outcome → (the footer's word, what becomes of open calls).
ENDINGS: dict[str, tuple[str, str]] = {
    "finished": ("done", "waiting"),
    "interrupt": ("waiting", "waiting"),
    "cancelled": ("stopped", "cancelled"),
    "error": ("failed", "cancelled"),
    "rejected": ("failed", "cancelled"),
    "truncated": ("truncated", "cancelled"),
    "aborted": ("stopped", "cancelled"),
}


def media_key(part: str) -> str:
    """The key of the part with the media of the message whose words are in `part`."""
    return f"{part}-media"


class Conversation(Protocol):
    """Where the projection reads what an event made of the messages: the client."""

    @property
    def messages(self) -> list[Message]:
        """All messages."""

    @property
    def state(self) -> Any:
        """The shared state."""

    def find_message(self, message_id: str) -> Message | None:
        """One of them."""


Place = tuple[str, str, str]  # shell, lane, part
Shown = Callable[[str, str, str], str | None]  # (shell, lane, part) → the words, or arguments, on screen


@dataclass
class _Writer:
    """A text or reasoning message: where its next words go.

    With a `stream` the words are read as markdown; `waiting` are those that were not read yet.
    """

    shell: Shell
    lane: str
    part: str
    stream: MarkdownStream | None = None
    waiting: list[str] = field(default_factory=list)
    fed_ms: int = 0
    is_open: bool = True

    def where(self, payload: dict[str, Any]) -> dict[str, Any]:
        """The payload of a change of this part."""
        return payload if self.part == "text" else {**payload, "part": self.part}


@dataclass
class _Call:
    """A tool call from its start to its result."""

    shell: Shell
    started_ms: int
    state: str = "queued"
    has_summary: bool = False


def _known_call(shell: Shell, row: dict[str, Any]) -> _Call:
    return _Call(shell, row.get("started_ms", 0), row.get("state", "queued"), "summary" in row)


class Projection:
    """Turns one conversation's events into envelope drafts.

    The driver calls `user_message`, `start_run`, `feed` for each event and `end_run`; each returns the
    drafts in order. `notice` and `printed` may come at any time.
    """

    def __init__(
        self,
        conversation: Conversation | None = None,
        shown: Shown = lambda *place: None,
        *,
        markdown: str = "live",
        look: Look = lambda key: None,
    ) -> None:
        self.conversation = conversation
        self.shown = shown
        self.look = look
        self.markdown = markdown  # `live`, `final` (plain while it streams) or `off`
        self.shells = Shells()
        self.citations = Citations(self.shells, self._shell_of, self._mark)
        self.surfaces = Surfaces(self.shells, self.note)
        self.activities = Activities(self.shells, look, self.note)
        self._notices = 0
        self.calls: dict[str, _Call] = {}
        self.places: dict[tuple[str, str], Place] = {}  # by role and message id
        self.media: dict[tuple[str, str], dict[str, Any]] = {}  # what is shown beside a message's words, likewise
        self._questions: list[tuple[str, str]] = []  # (shell, part) of each open interrupt
        self._reset()

    def _reset(self) -> None:
        self._run_state = ""
        self._writers: dict[tuple[str, str], _Writer] = {}  # (lane, message id)
        self._waiting: list[_Writer] = []  # have words that were not read yet
        self._starts: dict[str, Event] = {}  # text message id → its start: role and name
        self._running_calls = 0
        self._state_ms = -STATE_MS  # when the state was last shown
        self._has_new_state = False
        self._is_resuming = False
        self._steps: list[tuple[Owner, str]] = []
        self.usage: list[dict[str, Any]] = []
        self._problems = 0

    # -- what the driver calls -----------------------------------------------------------------------

    def user_message(self, content: Content, *, message_id: str = "", nonce: str | None = None) -> list[Draft]:
        """What the user says, and what goes along with it, as a message of its own."""
        self.shells.begin("")
        shell = self.shells.open("user", nonce=nonce)
        self.places["user", message_id] = (shell.id, "text", "text")
        self.show_media(("user", message_id), content)
        if text := content_text(content):
            self.shells.emit(shell, "token.delta", "text", {"text": text})
        self.shells.emit(shell, "lane.seal", "text", {})
        return self.shells.take()

    def history(self, messages: list[Message], now: int) -> list[Draft]:
        """A conversation that was before this one. A call without a result will get none."""
        self.shells.begin("")
        self.shells.now = now
        reconcile(self, messages)
        self._close_calls("cancelled")
        self.shells.end({"status": "done"})
        return self.shells.take()

    def start_run(self, run_id: str, now: int) -> list[Draft]:
        """A shell with a live status line, before the agent has said anything. Answered questions go."""
        self.shells.begin(run_id)
        self.shells.now = self._started_ms = now
        self._reset()
        self.citations.begin()
        self.surfaces.begin()
        self.activities.begin()
        for shell_id, key in self._questions:
            self.shells.put("part.remove", "tools", {"key": key}, shell_id)
        self._questions = []
        self.shells.answered()
        self.set_run_state("preparing", started_ms=now)
        self.shells.open("assistant")
        return self.shells.take()

    def feed(self, event: Event, now: int) -> list[Draft]:
        """What one delivered event changes."""
        self.shells.now = now
        if event["type"] != "TEXT_MESSAGE_CONTENT":
            self._feed_waiting()
        if self._is_resuming:
            self._is_resuming = False
            self.say_status(None)
        HANDLERS.get(event["type"], _unknown)(self, event)
        return self.shells.take()

    def tick(self, now: int) -> list[Draft]:
        """Read the words that wait; the driver calls this a moment after `has_waiting` became true."""
        self.shells.now = now
        self._feed_waiting()
        return self.shells.take()

    @property
    def has_waiting(self) -> bool:
        """True if words wait to be read as markdown."""
        return bool(self._waiting)

    def end_run(
        self,
        outcome: str,
        now: int,
        *,
        detail: str | None = None,
        error: dict[str, Any] | None = None,
        questions: Iterable[dict[str, Any]] = (),
    ) -> list[Draft]:
        """Close everything that is open, and say how it ended.

        `outcome` is one of the protocol's endings and `detail` the type of a finished run's outcome;
        `error` is the payload of the errors lane; `questions` are what the run waits for (see `hitl`).
        """
        self.shells.now = now
        word, call_state = ENDINGS.get(detail or "", ENDINGS[outcome])
        self._close_calls(call_state)
        for key in self._writers:
            self._end_writer(key)
        for question in questions:
            self._ask(question)
        self.activities.end_run("done" if word == "done" else "cancelled")
        self.citations.end_run()
        self.surfaces.end_run()
        if self._has_new_state:
            self.show_state()
        if error is not None:
            self._raise(self.shells.status_shell(), error)
        figures = {"duration_ms": now - self._started_ms, "usage": self.usage}
        figures = {name: figure for name, figure in figures.items() if figure != []}
        self.shells.end({"status": word, **figures})
        self.set_run_state(outcome, **({"detail": detail} if detail else {}), **figures)
        return self.shells.take()

    def notice(self, code: str, message: str) -> list[Draft]:
        """A diagnostic: a repair, something unknown. Bounded; the last one says that more were left out.

        That a connection is tried again, or silent, is only said in the live line: what recovers leaves no trace.
        """
        if code in LIVE_NOTICES:
            self._is_resuming = True
            self.shells.say(None, {"status": "step", "label": LIVE_NOTICES[code] or message})
        else:
            self.note(code, message)
        return self.shells.take()

    def problem(self, code: str, message: str) -> list[Draft]:
        """What went wrong beside a run, as an error."""
        self._raise(self.shells.status_shell(), {"message": message, "code": code})
        return self.shells.take()

    def printed(self, stream: str, text: str) -> list[Draft]:
        """What the agent printed, as a part of the status lane."""
        value = {"name": stream, "data": {"text/plain": text}}
        payload = {"key": self.shells.next_id("out"), "kind": "output", "value": value}
        self.shells.emit(self.shells.status_shell(), "part.put", "status", payload)
        return self.shells.take()

    def clear(self, *, keep: int = 0) -> list[Draft]:
        """Remove all messages but the first `keep`."""
        self.shells.begin("")
        gone = set(self.shells.ids[keep:])
        for shell_id in self.shells.ids[keep:]:
            self.shells.remove(shell_id)
        # The same ids may come again, and then have a new place.
        self.places = {key: place for key, place in self.places.items() if place[0] not in gone}
        self.media = {key: output for key, output in self.media.items() if key in self.places}
        self.calls = {key: call for key, call in self.calls.items() if call.shell.id not in gone}
        self.activities.drop(gone)
        self.citations.forget(gone)
        self.surfaces.forget(gone)
        self._questions = []
        self.shells.waiting = {}
        return self.shells.take()

    def memory(self) -> dict[str, list[list[str]]]:
        """Where messages and activities of the conversation stand; with the snapshot, what `restore` needs."""
        return {
            "places": [[*key, *place] for key, place in self.places.items()],
            "activities": [*self.activities.memory(), *self.surfaces.memory()],
        }

    def restore(
        self, snapshot: dict[str, Any], *, places: Iterable[list[str]], activities: Iterable[list[str]]
    ) -> list[Draft]:
        """Show a snapshot where nothing is shown, and remember what stands where."""
        messages = snapshot["messages"]
        shells = {each["id"]: Shell(each["id"], each["role"]) for each in messages}
        lanes = [(shells[each["id"]], name, lane) for each in messages for name, lane in each["lanes"].items()]
        parts = [(shell, part) for shell, _, lane in lanes for part in lane["parts"]]
        lane_of = {(shell.id, part["key"]): name for shell, name, lane in lanes for part in lane["parts"]}
        self.shells.adopt(list(shells), (part["key"] for _, part in parts))
        self.places = {(role, key): (shell, lane, part) for role, key, shell, lane, part in places}
        owners = {(shell, media_key(part)): key for key, (shell, _, part) in self.places.items()}
        self.media = {owners[at]: part["value"] for shell, part in parts if (at := (shell.id, part["key"])) in owners}
        surfaces = [(shell, part) for shell, part in parts if part["kind"] == "surface"]
        standing = {(shell.id, part["key"]) for shell, part in surfaces}
        self.surfaces.restore(surfaces, [row for row in activities if (row[1], row[2]) in standing])
        self.activities.restore(shells, [row for row in activities if (row[1], row[2]) not in standing], lane_of)
        self.calls = {part["key"]: _known_call(shell, part["value"]) for shell, part in parts if part["kind"] == "tool"}
        self._questions = [(shell.id, part["key"]) for shell, part in parts if part["kind"] == "question"]
        footers = {each["id"]: each["lanes"].get("status", {}).get("status") or {} for each in messages}
        self.shells.waiting = {key: footer for key, footer in footers.items() if footer.get("status") == "waiting"}
        return rebuild(snapshot)

    @property
    def run_state(self) -> str:
        """The state of the last run: one of the live states or of the endings."""
        return self._run_state

    @property
    def message_count(self) -> int:
        """How many message shells there are; what `clear(keep=…)` counts in."""
        return len(self.shells.ids)

    # -- run state -----------------------------------------------------------------------------------

    def set_run_state(self, state: str, **more: Any) -> None:
        """Say what the run is doing, if that is news."""
        if state == self._run_state and not more:
            return
        self._run_state = state
        self.shells.put("run.update", "status", {"run_id": self.shells.run_id, "state": state, **more})
        if state not in ENDINGS:
            self.say_status(None)

    def set_working_state(self) -> None:
        """The run streams, or waits for tools."""
        self.set_run_state("executing_tools" if self._running_calls else "streaming")

    def say_status(self, owner: Owner) -> None:
        """The live line: the owner's last open step, else what the run does."""
        steps = [name for whose, name in self._steps if whose == owner]
        state = self._run_state if owner is None else "streaming"
        self.shells.say(owner, {"status": "step", "label": steps[-1]} if steps else {"status": state})

    # -- text and reasoning --------------------------------------------------------------------------

    def write(self, lane: str, event: Event) -> None:
        """Append the event's words to their message's part."""
        delta = event["delta"]
        if not delta:
            return  # an empty message never shows
        key = (lane, event["messageId"])
        writer = self._writers.get(key)
        if writer is None or not writer.is_open:
            writer = self._open_writer(key, event)
        if writer.stream is None:
            self.shells.emit(writer.shell, "token.delta", lane, writer.where({"text": delta}))
        else:
            writer.waiting.append(delta)
            if self.shells.now - writer.fed_ms >= FEED_MS:
                self._read(writer)
            elif len(writer.waiting) == 1:
                self._waiting.append(writer)
        self.set_run_state("streaming")

    def _feed_waiting(self) -> None:
        waiting, self._waiting = self._waiting, []
        for writer in waiting:
            if writer.waiting:
                self._read(writer)

    def _read(self, writer: _Writer) -> None:
        """Read the waiting words as markdown: what changes of the tree is what is sent."""
        assert writer.stream is not None
        text = "".join(writer.waiting)
        writer.waiting.clear()
        writer.fed_ms = self.shells.now
        ops = writer.stream.feed(text)
        self.shells.emit(writer.shell, "blocks.patch", writer.lane, writer.where({"ops": ops, "text": text}))

    def _open_writer(self, key: tuple[str, str], event: Event) -> _Writer:
        """A new part, or the old one where a message that had ended goes on in its place."""
        lane, message_id = key
        ended = self._writers.get(key)
        if ended is not None and ended.shell.takes(lane) and ended.shell in self.shells.current.values():
            ended.is_open = True
            writer = ended
            if writer.stream is not None:
                self._begin_again(writer)
        else:
            start = self._starts.get(message_id, {}) if lane == "text" else {}
            role = start.get("role", "assistant")
            shell = self.shells.shell_for(lane, event.get("subagentRunId"), role=role, name=start.get("name"))
            writer = self._writers[key] = _Writer(shell, lane, shell.next_part(lane))
            if lane == "text" and role == "assistant" and self.markdown == "live":
                writer.stream = MarkdownStream()
            whose = role if lane == "text" else "reasoning"
            self.places[whose, message_id] = (shell.id, lane, writer.part)
            if whose == "assistant":
                self.citations.said(message_id, shell)
        writer.shell.writing[lane] += 1
        return writer

    def _end_writer(self, key: tuple[str, str]) -> None:
        writer = self._writers.get(key)
        if writer is not None and writer.is_open:
            if writer.stream is not None:
                self._close_markdown(writer)
            elif writer.lane == "text" and writer.shell.role == "assistant" and self.markdown == "final":
                self._format(writer)
            writer.is_open = False
            writer.shell.writing[writer.lane] -= 1
            self.shells.seal_after_write(writer.shell)

    def _close_markdown(self, writer: _Writer) -> None:
        """The whole text is read once more; only what that changes is sent."""
        assert writer.stream is not None
        if writer.waiting:
            self._read(writer)
        ops = writer.stream.close()
        if ops:
            self.shells.emit(writer.shell, "blocks.patch", writer.lane, writer.where({"ops": ops, "text": ""}))

    def _begin_again(self, writer: _Writer) -> None:
        """A message that had ended goes on: its text is open again."""
        if writer.stream is not None:
            self.rewrite((writer.shell.id, writer.lane, writer.part), writer.stream.text, is_answer=True)

    def rewrite(self, place: Place, text: str, *, is_answer: bool) -> None:
        """Show another text in the place of one; what still streams goes on behind it."""
        shell_id, lane, part = place
        shown: dict[str, Any] = {"kind": "text"}
        writer = self._writer_at(place)
        if writer is not None and writer.stream is not None:
            writer.stream = MarkdownStream()
            writer.stream.cite(*self._cited_at(place))
            writer.stream.feed(text)
            if not writer.is_open:
                writer.stream.close()
            shown = {"kind": "blocks", "nodes": writer.stream.nodes}
        elif is_answer and self.markdown != "off" and not (writer and writer.is_open):
            shown = {"kind": "blocks", "nodes": parse(text, *self._cited_at(place))}
        self.shells.put("part.put", lane, {"key": part, **shown, "text": text}, shell_id)

    def _writer_at(self, place: Place) -> _Writer | None:
        found = (each for each in self._writers.values() if (each.shell.id, each.lane, each.part) == place)
        return next(found, None)

    def _format(self, writer: _Writer) -> None:
        """Plain while it streamed, read as markdown now that it has ended."""
        text = self.shown(writer.shell.id, writer.lane, writer.part) or ""
        nodes = parse(text, *self._cited_at((writer.shell.id, writer.lane, writer.part)))
        part = {"key": writer.part, "kind": "blocks", "nodes": nodes, "text": text}
        self.shells.emit(writer.shell, "part.put", writer.lane, part)

    # -- citations -----------------------------------------------------------------------------------

    def _shell_of(self, message_id: str) -> str | None:
        place = self.places.get(("assistant", message_id))
        return place[0] if place else None

    def _cited_at(self, place: Place) -> tuple[list[tuple[int, int]], list[int]]:
        """What the text at a place cites: offsets with numbers, and the numbers there are."""
        message_id = next((key[1] for key, its in self.places.items() if its == place), None)
        return self.citations.of(message_id) if message_id is not None else ([], [])

    def _mark(self, shell_id: str) -> None:
        """The sources of an answer have changed: so do the numbers in its texts."""
        for (role, message_id), place in list(self.places.items()):
            if place[0] == shell_id and role == "assistant":
                self._mark_text(message_id, place)

    def _mark_text(self, message_id: str, place: Place) -> None:
        writer = self._writer_at(place)
        if writer is None:
            message = self.conversation.find_message(message_id) if self.conversation else None
            if message is not None and message["role"] == "assistant" and self.markdown != "off":
                self.rewrite(place, content_text(message.get("content") or ""), is_answer=True)
        elif writer.stream is not None:
            ops = writer.stream.cite(*self.citations.of(message_id))
            if ops:
                self.shells.emit(writer.shell, "blocks.patch", writer.lane, writer.where({"ops": ops, "text": ""}))
        elif not writer.is_open and self.markdown == "final":
            self._format(writer)

    # -- tools ---------------------------------------------------------------------------------------

    def open_call(self, call_id: str, owner: Owner) -> _Call:
        """A row for a call, in the shell where tools go now."""
        shell = self.shells.shell_for("tools", owner)
        shell.writing["tools"] += 1
        call = self.calls[call_id] = _Call(shell, self.shells.now)
        return call

    def row(self, call: _Call, row: dict[str, Any], kind: str = "tools.update") -> None:
        """Patch a call's row, and keep count of what still runs."""
        before, after = call.state, row.get("state", call.state)
        call.state = after
        call.has_summary = call.has_summary or "summary" in row
        self._running_calls += (after == "running") - (before == "running")
        call.shell.writing["tools"] += (after in UNFINISHED) - (before in UNFINISHED)
        self.shells.emit(call.shell, kind, "tools", {"tools": [row]})

    def answer(
        self, call_id: str, call: _Call, content: Any, error: Any, output: Any = None, duration_ms: float | None = None
    ) -> None:
        """The row's result, and how it looks if it is an object. What the progress said last goes: it is no result.

        `duration_ms` is what the agent says of the time; without it, it is taken here.
        """
        row: dict[str, Any] = {"call_id": call_id, "result": content_text(content)}
        row |= {"state": "error", "error": str(error)} if error else {"state": "done", "progress": 1}
        if (output := output or media_output(content, call_id)) is not None:
            row["output"] = output
        if call.has_summary:
            row["summary"] = ""
        if call.state in UNFINISHED:
            row["duration_ms"] = self.shells.now - call.started_ms if duration_ms is None else duration_ms
        self.row(call, row)
        self.citations.found(call.shell, content)
        if error:
            self.surfaces.fail_call(call_id, str(error))
        else:
            self.surfaces.show_result(call_id, call.shell.owner, content)
        self.shells.seal_after_write(call.shell)

    def _close_calls(self, state: str) -> None:
        for call_id, call in self.calls.items():
            if call.state in UNFINISHED:
                self.row(call, {"call_id": call_id, "state": state})

    # -- other parts ---------------------------------------------------------------------------------

    def show_media(self, key: tuple[str, str], content: Content) -> None:
        """What a message's content has beside its words, in the lane of its words, if it is not shown already."""
        output = media_output(content, key[1])
        if output == self.media.get(key):
            return
        if output is None:
            self.drop_media(key, self.places[key])
            return
        shell_id, lane, part = self.places[key]
        self.media[key] = output
        self.shells.put("part.put", lane, {"key": media_key(part), "kind": "output", "value": output}, shell_id)

    def drop_media(self, key: tuple[str, str], place: Place) -> None:
        """Take away what is shown beside the words at a place."""
        shell_id, lane, part = place
        if self.media.pop(key, None) is not None:
            self.shells.put("part.remove", lane, {"key": media_key(part)}, shell_id)

    def show_activity(self, message_id: str, patch: list[dict[str, Any]] | None = None) -> None:
        """An activity as the conversation has it now: an output, or a card with its content.

        `patch` is what made it so: of a chart that grows, only the new rows are sent.
        """
        message = self.conversation.find_message(message_id) if self.conversation else None
        if message is None or message["activityType"].startswith(HIDDEN_ACTIVITIES):
            return
        if message["activityType"] == ACTIVITY_TYPE and self.surfaces.show_activity(message):
            self.set_working_state()
            return
        if self.activities.show(message, patch):
            self.set_working_state()

    def patch_state(self) -> None:
        """The state has changed: show it, now or soon."""
        self._has_new_state = True
        if self.shells.now - self._state_ms >= STATE_MS:
            self.show_state()

    def show_state(self) -> None:
        """The shared state as the conversation has it now."""
        self._has_new_state, self._state_ms = False, self.shells.now
        if self.conversation is not None:
            self.shells.put("state.update", "status", {"state": self.conversation.state})

    def _ask(self, question: dict[str, Any]) -> None:
        call = self.calls.get(question.get("call_id", ""))
        shell = call.shell if call else self.shells.shell_for("tools", None)
        self._questions.append((shell.id, question["id"]))
        payload = {"key": question["id"], "kind": "question", "value": question}
        self.shells.emit(shell, "part.put", "tools", payload)

    def _raise(self, shell: Shell, error: dict[str, Any]) -> None:
        self.shells.open_lane(shell, "errors")
        self.shells.emit(shell, "error.raise", "errors", {"key": self.shells.next_id("error"), **error})

    def raise_problem(self, error: dict[str, Any]) -> None:
        """An error beside what goes on; a run that has many of them has the rest as notices."""
        self._problems += 1
        if self._problems > MAX_PROBLEMS:
            self.note(error.get("code", "problem"), error["message"])
        else:
            self._raise(self.shells.status_shell(), error)

    def note(self, code: str, message: str) -> None:
        """A notice in the status lane."""
        self._notices += 1
        if self._notices <= MAX_NOTICES:
            self._put_notice(f"notice-{self._notices}", code, message[:NOTICE_CHARS])
        elif self._notices % MAX_NOTICES == 1:
            self._put_notice("notice-more", "more", f"after {self._notices - 1} notices the rest is not shown")

    def _put_notice(self, key: str, code: str, message: str) -> None:
        payload = {"key": key, "kind": "notice", "value": {"code": code, "message": message}}
        self.shells.emit(self.shells.status_shell(), "part.put", "status", payload)


# -- one short function per event type ---------------------------------------------------------------


def _run_ended(projection: Projection, event: Event) -> None:
    projection.usage = [*projection.usage, *event.get("usage", [])]  # a run that called tools has several


def _text_start(projection: Projection, event: Event) -> None:
    projection._starts[event["messageId"]] = event  # the shell is opened by the first words
    projection.citations.cited(event["messageId"], event.get("metadata"))


def _text_content(projection: Projection, event: Event) -> None:
    projection.write("text", event)
    projection.citations.cited(event["messageId"], event.get("metadata"))


def _text_end(projection: Projection, event: Event) -> None:
    projection.citations.cited(event["messageId"], event.get("metadata"))
    projection._end_writer(("text", event["messageId"]))


def _reasoning_content(projection: Projection, event: Event) -> None:
    is_thinking = (event.get("metadata") or {}).get("lane") == "thinking"
    projection.write("thinking" if is_thinking else "reasoning", event)


def _reasoning_end(projection: Projection, event: Event) -> None:
    for lane in ("thinking", "reasoning"):
        projection._end_writer((lane, event["messageId"]))


def _tool_start(projection: Projection, event: Event) -> None:
    call_id = event["toolCallId"]
    known = projection.calls.get(call_id)
    if known is None or known.state not in (*UNFINISHED, "waiting"):
        row = {
            "call_id": call_id,
            "name": event["toolCallName"],
            "state": "queued",
            "started_ms": projection.shells.now,
        }
        projection.row(projection.open_call(call_id, event.get("subagentRunId")), row)
        if event["toolCallName"] == RENDER_TOOL:
            projection.surfaces.start_call(call_id, event.get("subagentRunId"))


def _tool_args(projection: Projection, event: Event) -> None:
    call = projection.calls.get(event["toolCallId"])
    if call is not None and event["delta"]:
        payload = {"call_id": event["toolCallId"], "text": event["delta"]}
        projection.shells.emit(call.shell, "tool.args", "tools", payload)
        projection.surfaces.write(event["toolCallId"], event["delta"])


def _tool_end(projection: Projection, event: Event) -> None:
    call = projection.calls.get(event["toolCallId"])
    if call is not None and call.state == "queued":
        projection.row(call, {"call_id": event["toolCallId"], "state": "running"})
        projection.surfaces.end_call(event["toolCallId"])
        projection.set_working_state()


def _tool_result(projection: Projection, event: Event) -> None:
    call_id = event["toolCallId"]
    call = projection.calls.get(call_id)
    if call is None:  # a call that was never announced
        call = projection.open_call(call_id, event.get("subagentRunId"))
        projection.row(call, {"call_id": call_id, "name": "tool"})
    metadata = event.get("metadata") or {}
    key = metadata.get(OBJECT_KEY)
    output = projection.look(key) if isinstance(key, str) else None
    took = metadata.get("durationMs")
    duration_ms = took if isinstance(took, (int, float)) and 0 <= took < math.inf else None
    projection.answer(call_id, call, event["content"], metadata.get("error"), output, duration_ms)
    projection.set_working_state()


def _step_started(projection: Projection, event: Event) -> None:
    projection._steps.append((event.get("subagentRunId"), event["stepName"]))
    projection.say_status(event.get("subagentRunId"))


def _step_finished(projection: Projection, event: Event) -> None:
    step = (event.get("subagentRunId"), event["stepName"])
    if step in projection._steps:
        projection._steps.remove(step)
        projection.say_status(step[0])


def _subagent_started(projection: Projection, event: Event) -> None:
    owner = event["subagentRunId"]
    projection.shells.group(owner, event["name"], event.get("parentSubagentRunId"))
    if "description" in event:
        projection.shells.say(owner, {"status": "step", "label": event["description"]})


def _subagent_finished(projection: Projection, event: Event) -> None:
    is_suspended = (event.get("outcome") or {}).get("type") == "suspended"
    projection.shells.end_owner(event["subagentRunId"], {"status": "waiting" if is_suspended else "done"})


def _subagent_error(projection: Projection, event: Event) -> None:
    owner = event["subagentRunId"]
    error: dict[str, Any] = {key: event[key] for key in ("message", "code") if key in event}
    projection._raise(projection.shells.current.get(owner) or projection.shells.status_shell(), error)
    projection.shells.end_owner(owner, {"status": "failed"})


def _state(projection: Projection, event: Event) -> None:
    projection.show_state()


def _state_patched(projection: Projection, event: Event) -> None:
    projection.patch_state()


def _activity(projection: Projection, event: Event) -> None:
    projection.show_activity(event["messageId"], event.get("patch"))


def _messages_snapshot(projection: Projection, event: Event) -> None:
    if projection.conversation is not None:
        reconcile(projection, projection.conversation.messages)


def _custom(projection: Projection, event: Event) -> None:
    if event["name"] == LEGACY_EVENT:
        return  # an interrupt, which the end of the run asks
    if event["name"] == CITATION:
        projection.citations.custom(event["value"], event.get("subagentRunId"))
        return
    if event["name"] == SPEC_EVENT and isinstance(event["value"], dict):
        projection.surfaces.show_spec(event["value"], event.get("subagentRunId"))
        return
    handler = CUSTOM_HANDLERS.get(event["name"])
    if handler is None or not isinstance(event["value"], dict):
        _unknown(projection, event)
    else:
        handler(projection, event["value"])


def _tool_progress(projection: Projection, value: dict[str, Any]) -> None:
    call_id = value.get("toolCallId")
    call = projection.calls.get(call_id) if isinstance(call_id, str) else None
    if call is not None:
        row = _said(value, "progress", "summary") | {"call_id": call_id, "state": "running"}
        projection.row(call, row, "tools.progress")
        projection.set_working_state()


def _custom_status(projection: Projection, value: dict[str, Any]) -> None:
    projection.shells.say(None, _said(value, "status", "label", "progress"))


def _said(value: dict[str, Any], *names: str) -> dict[str, Any]:
    """What an agent's own event says by these names: how far as a number, everything else in words."""
    kinds = {name: int | float if name == "progress" else str for name in names}
    said = {name: value[name] for name, kind in kinds.items() if isinstance(value.get(name), kind)}
    return {name: each for name, each in said.items() if not isinstance(each, bool)}


def _problem(projection: Projection, value: dict[str, Any]) -> None:
    error = {name: value[name] for name in ("message", "code") if isinstance(value.get(name), str)}
    projection.raise_problem({"message": "a frame could not be read", **error})


def _custom_notice(projection: Projection, value: dict[str, Any]) -> None:
    projection.note(str(value.get("code", "notice")), str(value.get("message", "")))


def _memory(projection: Projection, value: dict[str, Any]) -> None:
    wording = MEMORY.get(str(value.get("operation", "set")), MEMORY["set"])
    content = value.get("value")
    words = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False, default=str)
    projection.note("memory", wording.format(key=value.get("key"), value=words))


def _unknown(projection: Projection, event: Event) -> None:
    code = event["type"].lower().replace("_", "-")
    projection.note(code, json.dumps(event, ensure_ascii=False, default=str))


def _nothing(projection: Projection, event: Event) -> None:
    """Changes nothing on screen."""


Handler = Callable[[Projection, Event], None]

HANDLERS: dict[str, Handler] = {
    "RUN_STARTED": _nothing,
    "RUN_FINISHED": _run_ended,
    "RUN_ERROR": _run_ended,
    "STEP_STARTED": _step_started,
    "STEP_FINISHED": _step_finished,
    "TEXT_MESSAGE_START": _text_start,
    "TEXT_MESSAGE_CONTENT": _text_content,
    "TEXT_MESSAGE_END": _text_end,
    "REASONING_START": _nothing,
    "REASONING_MESSAGE_START": _nothing,
    "REASONING_MESSAGE_CONTENT": _reasoning_content,
    "REASONING_MESSAGE_END": _reasoning_end,
    "REASONING_END": _nothing,
    "REASONING_ENCRYPTED_VALUE": _nothing,
    "TOOL_CALL_START": _tool_start,
    "TOOL_CALL_ARGS": _tool_args,
    "TOOL_CALL_END": _tool_end,
    "TOOL_CALL_RESULT": _tool_result,
    "STATE_SNAPSHOT": _state,
    "STATE_DELTA": _state_patched,
    "MESSAGES_SNAPSHOT": _messages_snapshot,
    "ACTIVITY_SNAPSHOT": _activity,
    "ACTIVITY_DELTA": _activity,
    "SUBAGENT_STARTED": _subagent_started,
    "SUBAGENT_FINISHED": _subagent_finished,
    "SUBAGENT_ERROR": _subagent_error,
    "CUSTOM": _custom,
}


def _replace(projection: Projection, value: dict[str, Any]) -> None:
    message_id, text = value.get("messageId"), value.get("text")
    for role in ("assistant", "reasoning"):
        place = projection.places.get((role, message_id)) if isinstance(message_id, str) else None
        if place is not None and isinstance(text, str):
            projection.rewrite(place, text, is_answer=role == "assistant")


def _bundle(projection: Projection, value: dict[str, Any]) -> None:
    """Several lanes at once, each by its HTML: what comes of it is one batch."""
    shell = projection.shells.status_shell()
    shown = {lane: html for lane, html in value.items() if lane in LANE_HTML and isinstance(html, str)}
    for lane in sorted(shown, key=LANES.index):
        LANE_HTML[lane](projection, shell, lane, shown[lane])
    if len(shown) < len(value):
        projection.note("bundle", f"{len(value) - len(shown)} of {len(value)} fragments are for no lane: dropped")


def _html_words(projection: Projection, shell: Shell, lane: str, html: str) -> None:
    """What a lane of words says, in the place of all it said."""
    projection.shells.open_lane(shell, lane)
    part = "text" if shell.parts[lane] else shell.next_part(lane)
    text = html_source(html) if lane == "text" else words_of(html)
    projection.rewrite((shell.id, lane, part), text, is_answer=lane == "text")


def _html_tools(projection: Projection, shell: Shell, lane: str, html: str) -> None:
    """How the calls of a message have ended, said of the last of them."""
    mine = [(call_id, call) for call_id, call in projection.calls.items() if call.shell is shell]
    if not mine:
        projection.note("bundle", words_of(html))
        return
    call_id, call = mine[-1]
    projection.row(call, {"call_id": call_id, "summary": words_of(html)})


def _html_card(projection: Projection, shell: Shell, lane: str, html: str) -> None:
    card = {"schema": "a2ui.v1", "component": "card", "props": {"content": words_of(html)}}
    projection.surfaces.show_spec(card, None)


def _html_citations(projection: Projection, shell: Shell, lane: str, html: str) -> None:
    projection.citations.custom(links_of(html), None)


def _html_error(projection: Projection, shell: Shell, lane: str, html: str) -> None:
    projection.raise_problem({"message": words_of(html), "code": "bundle"})


def _html_status(projection: Projection, shell: Shell, lane: str, html: str) -> None:
    projection.shells.say(None, {"status": "step", "label": words_of(html)})


LANE_HTML: dict[str, Callable[[Projection, Shell, str, str], None]] = {
    "thinking": _html_words,
    "reasoning": _html_words,
    "text": _html_words,
    "tools": _html_tools,
    "a2ui": _html_card,
    "citations": _html_citations,
    "errors": _html_error,
    "status": _html_status,
}


CUSTOM_HANDLERS: dict[str, Callable[[Projection, dict[str, Any]], None]] = {
    REPLACE: _replace,
    BUNDLE: _bundle,
    TOOL_PROGRESS: _tool_progress,
    PROBLEM: _problem,
    NOTICE: _custom_notice,
    "memory": _memory,
    "status": _custom_status,
}


# -- a messages snapshot -----------------------------------------------------------------------------


def reconcile(projection: Projection, messages: list[Message]) -> None:
    """Bring the screen to what a MESSAGES_SNAPSHOT made of the messages, touching only what differs."""
    wanted = {(message["role"], message["id"]) for message in messages}
    gone = {key: place for key, place in projection.places.items() if key not in wanted}
    for message in messages:
        SHOW_MESSAGE.get(message["role"], _show_words)(projection, message, gone)
    for key, (shell_id, lane, part) in gone.items():
        projection.places.pop(key, None)
        projection.drop_media(key, (shell_id, lane, part))
        projection.shells.put("part.remove", lane, {"key": part}, shell_id)
        projection.citations.drop(key[1], shell_id)


Places = dict[tuple[str, str], Place]


def _show_words(projection: Projection, message: Message, gone: Places) -> None:
    content = message.get("content") or ""
    text = content_text(content)
    key = (message["role"], message["id"])
    place = projection.places.get(key)
    if place is None and (text or media_output(content)):
        place = _renamed(projection, key, content, gone) or _new_place(projection, message)
        projection.places[key] = place
    if place is not None:
        projection.show_media(key, content)
        if (projection.shown(*place) or "") != text:
            projection.rewrite(place, text, is_answer=message["role"] == "assistant")
    if message["role"] == "assistant":
        projection.citations.cited(message["id"], message.get("metadata"))
    for call in message.get("toolCalls") or ():
        _show_call(projection, call, message.get("subagentRunId"))


def _renamed(projection: Projection, renamed: tuple[str, str], content: Content, gone: Places) -> Place | None:
    """The place of a message that only got a new id: the same role, words and media."""
    for key, place in gone.items():
        said = (renamed[0], content_text(content), media_output(content, key[1]))
        if said == (key[0], projection.shown(*place) or "", projection.media.get(key)):
            projection.places.pop(key, None)
            if key in projection.media:
                projection.media[renamed] = projection.media.pop(key)
            projection.citations.rename(key[1], renamed[1])
            return gone.pop(key)
    return None


def _new_place(projection: Projection, message: Message) -> Place:
    lane = "reasoning" if message["role"] == "reasoning" else "text"
    role = "assistant" if lane == "reasoning" else message["role"]
    shell = projection.shells.shell_for(lane, message.get("subagentRunId"), role=role, name=message.get("name"))
    if message["role"] == "assistant":
        projection.citations.said(message["id"], shell)
    return shell.id, lane, shell.next_part(lane)


def _show_call(projection: Projection, call: dict[str, Any], owner: Owner) -> None:
    known = projection.calls.get(call["id"])
    row = {"call_id": call["id"], "name": call["function"]["name"], "args": call["function"]["arguments"]}
    if row["name"] == LOG_TOOL:
        return  # how the agent was told of what the user did
    if known is None:
        projection.row(projection.open_call(call["id"], owner), {**row, "state": "running"})
        if row["name"] == RENDER_TOOL:
            projection.surfaces.start_call(call["id"], owner)
            projection.surfaces.write(call["id"], row["args"])
            projection.surfaces.end_call(call["id"])
    elif projection.shown(known.shell.id, "tools", call["id"]) != row["args"]:
        projection.row(known, row)


def _show_result(projection: Projection, message: Message, gone: Places) -> None:
    call = projection.calls.get(message["toolCallId"])
    if call is not None and call.state in (*UNFINISHED, "waiting"):
        projection.answer(message["toolCallId"], call, message["content"], message.get("error"))


def _show_activity(projection: Projection, message: Message, gone: Places) -> None:
    projection.show_activity(message["id"])


SHOW_MESSAGE: dict[str, Callable[[Projection, Message, Places], None]] = {
    "tool": _show_result,
    "activity": _show_activity,
}
