"""AG-UI events become envelopes: which lane of which message shell each event changes.

Runs on events that the protocol pipeline has let through and applied, so it never checks or applies them
again: what a patch or a snapshot made of a message, it reads from the conversation. Pure: the time is an
argument (epoch milliseconds). Where things stand on screen is decided in `shells`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Protocol

from ..a2ui import ACTIVITY_TYPE
from ..activities import Activities, Look
from ..citations import CITATION
from ..content import Content, content_text
from ..envelope import Draft
from ..lanes import rebuild
from ..protocol import REPLACE
from ..protocol.interrupts import LEGACY_EVENT
from ..shells import Owner, Shell, Shells
from ..surfaces import SPEC_EVENT, Surfaces
from .bundles import BUNDLE, Bundles
from .calls import TOOL_PROGRESS, Calls
from .notices import NOTICE, PROBLEM, Notices
from .status import ENDINGS, LIVE_NOTICES, Status
from .words import Shown, Words

Event = dict[str, Any]
Message = dict[str, Any]

HIDDEN_ACTIVITIES = ("pydantic_ai_",)  # a framework's own notes, by the start of their type
ANY_VALUE = (CITATION, LEGACY_EVENT)  # CUSTOM events whose value need not be an object


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


def nothing(*given: object) -> None:
    """Changes nothing on screen."""


class Projection:
    """Turns one conversation's events into envelope drafts.

    The driver calls `user_message`, `start_run`, `feed` for each event and `end_run`; each returns the
    drafts in order. `notice` and `printed` may come at any time.

    `markdown` is `live`, `final` (plain while it streams) or `off`.
    """

    def __init__(
        self,
        conversation: Conversation,
        shown: Shown = lambda *place: None,
        *,
        markdown: str = "live",
        look: Look = lambda key: None,
    ) -> None:
        self._conversation = conversation
        self.shells = Shells()
        self.status = Status(self.shells, lambda: conversation.state)
        self.notices = Notices(self.shells)
        self.surfaces = Surfaces(self.shells, self.notices.note)
        self.activities = Activities(self.shells, look, self.notices.note)
        self.words = Words(self.shells, self.status, conversation.find_message, shown, markdown)
        self.calls = Calls(self.shells, self.status, self.words.citations, self.surfaces, shown, look)
        self.bundles = Bundles(self.shells, self.notices, self.words, self.calls, self.surfaces)
        self.handlers = self._by_type()
        self._custom_handlers = self._by_name()

    def _by_type(self) -> dict[str, Callable[[Event], None]]:
        """Who takes an event of which type."""
        return {
            "RUN_STARTED": nothing,
            "RUN_FINISHED": self.status.run_ended,
            "RUN_ERROR": self.status.run_ended,
            "STEP_STARTED": self.status.step_started,
            "STEP_FINISHED": self.status.step_finished,
            "TEXT_MESSAGE_START": self.words.text_started,
            "TEXT_MESSAGE_CONTENT": self.words.text,
            "TEXT_MESSAGE_END": self.words.text_ended,
            "REASONING_START": nothing,
            "REASONING_MESSAGE_START": nothing,
            "REASONING_MESSAGE_CONTENT": self.words.reasoning,
            "REASONING_MESSAGE_END": self.words.reasoning_ended,
            "REASONING_END": nothing,
            "REASONING_ENCRYPTED_VALUE": nothing,
            "TOOL_CALL_START": self.calls.started,
            "TOOL_CALL_ARGS": self.calls.arguments,
            "TOOL_CALL_END": self.calls.ended,
            "TOOL_CALL_RESULT": self.calls.result,
            "STATE_SNAPSHOT": self.status.state_snapshot,
            "STATE_DELTA": self.status.state_delta,
            "MESSAGES_SNAPSHOT": self._messages_snapshot,
            "ACTIVITY_SNAPSHOT": self._activity,
            "ACTIVITY_DELTA": self._activity,
            "SUBAGENT_STARTED": self._subagent_started,
            "SUBAGENT_FINISHED": self._subagent_finished,
            "SUBAGENT_ERROR": self._subagent_failed,
            "CUSTOM": self._custom,
        }

    def _by_name(self) -> dict[str, Callable[[Any, Owner], None]]:
        """Who takes the value of a CUSTOM event of which name."""
        return {
            REPLACE: self.words.replace,
            CITATION: self.words.citations.custom,
            SPEC_EVENT: self.surfaces.show_spec,
            BUNDLE: self.bundles.show,
            TOOL_PROGRESS: self.calls.progress,
            PROBLEM: self.notices.custom_problem,
            NOTICE: self.notices.custom_notice,
            "memory": self.notices.memory,
            "status": self.status.custom,
            LEGACY_EVENT: nothing,  # an interrupt, which the end of the run asks
        }

    def _custom(self, event: Event) -> None:
        name, value = event["name"], event["value"]
        handler = self._custom_handlers.get(name)
        if handler is None or not (isinstance(value, dict) or name in ANY_VALUE):
            self.notices.unknown(event)
        else:
            handler(value, event.get("subagentRunId"))

    def _activity(self, event: Event) -> None:
        self._show_activity(event["messageId"], event.get("patch"))

    def _show_activity(self, message_id: str, patch: list[dict[str, Any]] | None = None) -> None:
        """An activity as the conversation has it now; `patch` is what made it so."""
        message = self._conversation.find_message(message_id)
        if message is None or message["activityType"].startswith(HIDDEN_ACTIVITIES):
            return
        is_surface = message["activityType"] == ACTIVITY_TYPE and self.surfaces.show_activity(message)
        if is_surface or self.activities.show(message, patch):
            self.status.work()

    def _subagent_started(self, event: Event) -> None:
        owner = event["subagentRunId"]
        self.shells.group(owner, event["name"], event.get("parentSubagentRunId"))
        if "description" in event:
            self.shells.say(owner, {"status": "step", "label": event["description"]})

    def _subagent_finished(self, event: Event) -> None:
        is_suspended = (event.get("outcome") or {}).get("type") == "suspended"
        self.shells.end_owner(event["subagentRunId"], {"status": "waiting" if is_suspended else "done"})

    def _subagent_failed(self, event: Event) -> None:
        owner = event["subagentRunId"]
        error: dict[str, Any] = {key: event[key] for key in ("message", "code") if key in event}
        self.notices.error(error, self.shells.current.get(owner))
        self.shells.end_owner(owner, {"status": "failed"})

    def _messages_snapshot(self, event: Event) -> None:
        self._reconcile(self._conversation.messages)

    def _reconcile(self, messages: list[Message]) -> None:
        """Bring the screen to what the messages are now, touching only what differs."""
        wanted = {(message["role"], message["id"]) for message in messages}
        gone = [key for key in self.words.places.of if key not in wanted]
        for message in messages:
            if message["role"] == "tool":
                self.calls.show_result(message)
            elif message["role"] == "activity":
                self._show_activity(message["id"])
            else:
                self.words.show(message, gone)
                for call in message.get("toolCalls") or ():
                    self.calls.show(call, message.get("subagentRunId"))
        self.words.drop(gone)

    def user_message(self, content: Content, *, message_id: str = "", nonce: str | None = None) -> list[Draft]:
        """What the user says, and what goes along with it, as a message of its own."""
        self.shells.begin("")
        shell = self.shells.open("user", nonce=nonce)
        self.words.places.of["user", message_id] = (shell.id, "text", "text")
        self.words.places.show_media(("user", message_id), content)
        if text := content_text(content):
            self.shells.emit(shell, "token.delta", "text", {"text": text})
        self.shells.emit(shell, "lane.seal", "text", {})
        return self.shells.take()

    def history(self, messages: list[Message], now: int) -> list[Draft]:
        """A conversation that was before this one. A call without a result will get none."""
        self.shells.begin("")
        self.shells.now = now
        self._reconcile(messages)
        self.calls.close("cancelled")
        self.shells.end({"status": "done"})
        return self.shells.take()

    def start_run(self, run_id: str, now: int) -> list[Draft]:
        """A shell with a live status line, before the agent has said anything. Answered questions go."""
        self.shells.begin(run_id)
        self.shells.now = self._started_ms = now
        for each in (self.status, self.notices, self.words, self.surfaces, self.activities, self.calls):
            each.begin()
        self.shells.answered()
        self.status.become("preparing", started_ms=now)
        self.shells.open("assistant")
        return self.shells.take()

    def feed(self, event: Event, now: int) -> list[Draft]:
        """What one delivered event changes."""
        self.shells.now = now
        if event["type"] != "TEXT_MESSAGE_CONTENT":
            self.words.read_waiting()
        if self.status.is_resuming:
            self.status.resume()
        self.handlers.get(event["type"], self.notices.unknown)(event)
        return self.shells.take()

    def tick(self, now: int) -> list[Draft]:
        """Read the words that wait; the driver calls this a moment after `has_waiting` became true."""
        self.shells.now = now
        self.words.read_waiting()
        return self.shells.take()

    @property
    def has_waiting(self) -> bool:
        """True if words wait to be read as markdown."""
        return self.words.has_waiting

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
        self.calls.close(call_state)
        self.words.close()
        for question in questions:
            self.calls.ask(question)
        self.activities.end_run("done" if word == "done" else "cancelled")
        self.words.citations.end_run()
        self.surfaces.end_run()
        self.status.show_state()
        if error is not None:
            self.notices.error(error)
        figures = {"duration_ms": now - self._started_ms, "usage": self.status.usage}
        figures = {name: figure for name, figure in figures.items() if figure != []}
        self.shells.end({"status": word, **figures})
        self.status.become(outcome, **({"detail": detail} if detail else {}), **figures)
        return self.shells.take()

    def notice(self, code: str, message: str) -> list[Draft]:
        """A diagnostic: a repair, something unknown.

        That a connection is tried again, or silent, is only said in the live line: what recovers leaves no trace.
        """
        say = self.status.lose if code in LIVE_NOTICES else self.notices.note
        say(code, message)
        return self.shells.take()

    def problem(self, code: str, message: str) -> list[Draft]:
        """What went wrong beside a run, as an error."""
        self.notices.error({"message": message, "code": code})
        return self.shells.take()

    def printed(self, stream: str, text: str) -> list[Draft]:
        """What the agent printed, as a part of the status lane."""
        self.notices.printed(stream, text)
        return self.shells.take()

    def clear(self, *, keep: int = 0) -> list[Draft]:
        """Remove all messages but the first `keep`."""
        self.shells.begin("")
        gone = set(self.shells.ids[keep:])
        for shell_id in self.shells.ids[keep:]:
            self.shells.remove(shell_id)
        for each in (self.words, self.calls, self.activities, self.surfaces):
            each.forget(gone)
        self.shells.waiting = {}
        return self.shells.take()

    def memory(self) -> dict[str, list[list[str]]]:
        """Where messages and activities of the conversation stand; with the snapshot, what `restore` needs."""
        return {
            "places": self.words.places.memory(),
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
        self.words.places.restore(places, parts)
        surfaces = [(shell, part) for shell, part in parts if part["kind"] == "surface"]
        standing = {(shell.id, part["key"]) for shell, part in surfaces}
        self.surfaces.restore(surfaces, [row for row in activities if (row[1], row[2]) in standing])
        self.activities.restore(shells, [row for row in activities if (row[1], row[2]) not in standing], lane_of)
        self.calls.restore(parts)
        footers = {each["id"]: each["lanes"].get("status", {}).get("status") or {} for each in messages}
        self.shells.waiting = {key: footer for key, footer in footers.items() if footer.get("status") == "waiting"}
        return rebuild(snapshot)

    @property
    def run_state(self) -> str:
        """The state of the last run: one of the live states or of the endings."""
        return self.status.state

    @property
    def message_count(self) -> int:
        """How many message shells there are; what `clear(keep=…)` counts in."""
        return len(self.shells.ids)
