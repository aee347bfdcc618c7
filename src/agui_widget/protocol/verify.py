"""Verification: the order in which events may come, as tables that code only looks up.

    idle ──RUN_STARTED──► running ──RUN_FINISHED──► finished ──RUN_STARTED──► running
      └────RUN_ERROR────────┴─────────RUN_ERROR────────┴──► errored ──RUN_STARTED──► running

Within a run, what is opened must be closed, and who opened it (the parent or one subagent)
must be who continues it. An absent tag always agrees.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from ..errors import ProtocolViolation
from .kinds import CALL, CONTENTS, ENDS, KINDS, STARTS, Kind
from .values import Event
from .warnings import Warnings

# state → {event type: next state}; "*" is every other type; what is absent is a violation
RUN_TRANSITIONS: dict[str, dict[str, str]] = {
    "idle": {"RUN_STARTED": "running", "RUN_ERROR": "errored"},
    "running": {"RUN_FINISHED": "finished", "RUN_ERROR": "errored", "*": "running"},
    "finished": {"RUN_STARTED": "running", "RUN_ERROR": "errored"},
    "errored": {"RUN_STARTED": "running"},
}
REFUSALS = {
    "idle": ("first-event", "First event must be 'RUN_STARTED'"),
    "running": (
        "nested-run",
        "Cannot send 'RUN_STARTED' while a run is still active. The previous run must be finished with "
        "'RUN_FINISHED' before starting a new run.",
    ),
    "finished": (
        "after-finish",
        "Cannot send event type '{type}': The run has already finished with 'RUN_FINISHED'. "
        "Start a new run with 'RUN_STARTED'.",
    ),
    "errored": (
        "after-error",
        "Cannot send event type '{type}': The run has already errored with 'RUN_ERROR'. No further events can be sent.",
    ),
}
# Events that a lenient pipeline drops: they repeat what is already so, and losing them loses nothing.
HARMLESS = frozenset({"after-finish", "after-error", "already-open", "repeated-run", "not-open-end"})
# What the reference client does not check: a warning, in strict mode a violation.
UNCHECKED_BY_REFERENCE = frozenset({"run-ids", "other-thread", "duplicate-interrupt"})
# record of owners → what its entries are called in errors
OWNED = {"message": "message", "toolCall": "tool call", "reasoning": "reasoning message", "activity": "activity"}

Owner = str | None  # a subagentRunId, or None for the parent agent
NOWHERE = object()  # no owner on record


class Verify:
    """Judges one stream. `feed` raises before any record changes."""

    def __init__(self, warnings: Warnings, *, strict: bool) -> None:
        self._warnings = warnings
        self._strict = strict
        self.state = "idle"
        self._thread_id: str | None = None
        self._run_id: str | None = None
        self._reset()

    def _reset(self) -> None:
        """Forget everything about the run before."""
        self._open: dict[Kind, dict[str, None]] = {kind: {} for kind in KINDS}
        self._owners: dict[str, dict[str, Owner]] = {bucket: {} for bucket in OWNED}
        self._steps: dict[tuple[Owner, str], None] = {}
        self._subagents: dict[str, None] = {}  # active ones, in order
        self._closed_subagents: set[str] = set()

    def feed(self, event: Event) -> list[Event]:
        """Return the event, after whatever a lenient pipeline closes for it; nothing if it is dropped."""
        kind: str = event["type"]
        allowed = RUN_TRANSITIONS[self.state]
        state = allowed.get(kind) or (allowed.get("*") if kind != "RUN_STARTED" else None)
        try:
            if state is None:
                self._refuse_in_state(event)
            rule = RULES.get(kind)
            closed = rule(self, event) if rule is not None else None
        except ProtocolViolation as violation:
            if self._strict or violation.rule not in HARMLESS:
                raise
            self._warnings.add(violation.rule, f"Ignored: {violation}")
            return []
        self.state = state or self.state
        return [event] if closed is None else [*closed, event]

    def _refuse_in_state(self, event: Event) -> None:
        rule, message = REFUSALS[self.state]
        is_repeat = self.state == "running" and event.get("runId") == self._run_id
        raise ProtocolViolation(message.format(type=event["type"]), rule="repeated-run" if is_repeat else rule)

    # --- runs ----------------------------------------------------------------------------------

    def _start_run(self, event: Event) -> None:
        if self._thread_id not in (None, event["threadId"]):
            self._note(
                "other-thread",
                f"This run is on thread '{event['threadId']}', the one before on '{self._thread_id}'",
            )
        self._reset()
        self._thread_id, self._run_id = event["threadId"], event["runId"]
        self._seed(event.get("input", {}).get("messages", ()), is_authoritative=False)

    def _finish_run(self, event: Event) -> list[Event] | None:
        if (event["threadId"], event["runId"]) != (self._thread_id, self._run_id):
            self._note(
                "run-ids",
                f"RUN_FINISHED names run '{event['runId']}' on thread '{event['threadId']}', but the run "
                f"is '{self._run_id}' on '{self._thread_id}'",
            )
        self._check_interrupts(event.get("outcome", {}).get("interrupts", ()))
        unfinished = self._unfinished()
        if unfinished is None:
            return None
        message = f"Cannot send 'RUN_FINISHED' while {unfinished}"
        if self._strict:
            raise ProtocolViolation(message, rule="open-at-finish")
        self._warnings.add("auto-closed", f"{message}. They were closed for it.")
        return self._close_everything()

    def _check_interrupts(self, interrupts: Any) -> None:
        uses = Counter(interrupt["id"] for interrupt in interrupts)
        for name in (name for name, count in uses.items() if count > 1):
            self._note("duplicate-interrupt", f"{uses[name]} interrupts have the id '{name}'")

    def _unfinished(self) -> str | None:
        """Return what is still open, in the reference client's words and order, or None."""
        if self._steps:
            names = [f"{n} (subagent '{o}')" if o is not None else n for o, n in self._steps]
            return f"steps are still active: {', '.join(names)}"
        for kind in KINDS:
            if self._open[kind]:
                return f"{kind.label}s are still active: {', '.join(self._open[kind])}"
        return f"subagents are still active: {', '.join(self._subagents)}" if self._subagents else None

    def _close_everything(self) -> list[Event]:
        """Return an END for everything open, innermost kinds first, and take it off the records."""
        ends = [{"type": kind.end, kind.id_field: name} for kind in KINDS for name in self._open[kind]]
        for owner, name in self._steps:
            tag = {} if owner is None else {"subagentRunId": owner}
            ends.append({"type": "STEP_FINISHED", "stepName": name, **tag})
        ends += [{"type": "SUBAGENT_FINISHED", "subagentRunId": name} for name in reversed(self._subagents)]
        self._open = {kind: {} for kind in KINDS}
        self._steps, self._subagents = {}, {}
        return ends

    # --- messages, reasoning, tool calls -------------------------------------------------------

    def _start(self, event: Event) -> None:
        kind = STARTS[event["type"]]
        name = event[kind.id_field]
        if name in self._open[kind]:
            raise ProtocolViolation(
                f"Cannot send '{kind.start}' event: A {kind.label} with ID '{name}' is already in "
                f"progress. Complete it with '{kind.end}' first.",
                rule="already-open",
            )
        self._check_owner(event, kind.owners, name)
        owner = self._owner_of_call(event) if kind is CALL else event.get("subagentRunId")
        self._open[kind][name] = None
        self._owners[kind.owners].setdefault(name, owner)  # the first writer owns it for the whole run

    def _owner_of_call(self, event: Event) -> Owner:
        """Return who owns a tool call: a call belongs to the message that carries it."""
        tag: Owner = event.get("subagentRunId")
        call, parent = event["toolCallId"], event.get("parentMessageId")
        parent_owner = self._owners["message"].get(parent, NOWHERE) if parent is not None else NOWHERE
        if parent_owner is NOWHERE:
            return tag
        if tag is not None and tag != parent_owner:
            raise ProtocolViolation(
                f"Cannot send 'TOOL_CALL_START': subagentRunId '{tag}' does not match its parent message "
                f"'{parent}' owner '{_name(parent_owner)}'. A tool call belongs to the message that "
                "carries it.",
                rule="attribution",
            )
        known = self._owners["toolCall"].get(call, NOWHERE)
        if known is not NOWHERE and tag is None and known != parent_owner:
            raise ProtocolViolation(
                f"Cannot send 'TOOL_CALL_START': tool call '{call}' is owned by '{_name(known)}' but its "
                f"parent message '{parent}' is owned by '{_name(parent_owner)}'. A tool call belongs to "
                "the message that carries it.",
                rule="attribution",
            )
        return parent_owner  # type: ignore[return-value]  # NOWHERE was excluded above

    def _content(self, event: Event) -> None:
        kind = CONTENTS[event["type"]]
        name = event[kind.id_field]
        if name not in self._open[kind]:
            self._refuse_closed(event, kind, f"Start a {kind.label} with '{kind.start}' first.", "not-open")
        if "subagentRunId" in event:
            self._check_owner(event, kind.owners, name)

    def _end(self, event: Event) -> None:
        kind = ENDS[event["type"]]
        name = event[kind.id_field]
        if name not in self._open[kind]:
            self._refuse_closed(event, kind, f"A '{kind.start}' event must be sent first.", "not-open-end")
        self._check_owner(event, kind.owners, name)
        del self._open[kind][name]

    def _refuse_closed(self, event: Event, kind: Kind, advice: str, rule: str) -> None:
        raise ProtocolViolation(
            f"Cannot send '{event['type']}' event: No active {kind.label} found with ID "
            f"'{event[kind.id_field]}'. {advice}",
            rule=rule,
        )

    def _encrypted(self, event: Event) -> None:
        name = event["entityId"]
        if event["subtype"] == "tool-call":
            self._check_owner(event, "toolCall", name)
        else:
            self._check_owner(event, "message" if name in self._owners["message"] else "reasoning", name)

    def _check_owner(self, event: Event, bucket: str, name: str) -> None:
        """An absent tag always agrees; a present one must name the owner on record, if there is one."""
        tag, owner = event.get("subagentRunId"), self._owners[bucket].get(name, NOWHERE)
        if tag is None or owner is NOWHERE or tag == owner:
            return
        raise ProtocolViolation(
            f"Cannot send '{event['type']}': subagentRunId '{tag}' does not match the {OWNED[bucket]} '{name}' "
            f"opener's subagent '{_name(owner)}'.",
            rule="attribution",
        )

    # --- results, activities, snapshots --------------------------------------------------------

    def _result(self, event: Event) -> None:
        self._owners["message"][event["messageId"]] = event.get("subagentRunId")

    def _activity_snapshot(self, event: Event) -> None:
        owners = self._owners["activity"]
        if event.get("replace", True) or event["messageId"] not in owners:
            owners[event["messageId"]] = event.get("subagentRunId")

    def _activity_delta(self, event: Event) -> None:
        self._check_owner(event, "activity", event["messageId"])

    def _messages(self, event: Event) -> None:
        self._seed(event["messages"], is_authoritative=True)

    def _seed(self, messages: Any, *, is_authoritative: bool) -> None:
        """Put the owners of replayed messages on record; a snapshot's replace what is there."""
        for message in messages:
            bucket = message["role"] if message["role"] in ("reasoning", "activity") else "message"
            calls = [("toolCall", call["id"]) for call in message.get("toolCalls", ())]
            for where, name in [(bucket, message["id"]), *calls]:
                if is_authoritative or name not in self._owners[where]:
                    self._owners[where][name] = message.get("subagentRunId")

    # --- steps and subagents -------------------------------------------------------------------

    def _start_step(self, event: Event) -> None:
        owner, name = step = (event.get("subagentRunId"), event["stepName"])
        if step in self._steps:
            where = f" in subagent '{owner}'" if owner is not None else ""
            raise ProtocolViolation(f"Step \"{name}\" is already active for 'STEP_STARTED'{where}", rule="already-open")
        self._steps[step] = None

    def _finish_step(self, event: Event) -> None:
        owner, name = step = (event.get("subagentRunId"), event["stepName"])
        if step in self._steps:
            del self._steps[step]
            return
        others = [other for other, step_name in self._steps if step_name == name]
        if others:
            raise ProtocolViolation(
                f"Cannot send 'STEP_FINISHED' for step \"{name}\" attributed to {_agent(owner)}: that step "
                f"is open under {_agent(others[0])}. A step must be finished by whoever started it.",
                rule="attribution",
            )
        raise ProtocolViolation(
            f"Cannot send 'STEP_FINISHED' for step \"{name}\" that was not started", rule="not-open-end"
        )

    def _start_subagent(self, event: Event) -> None:
        name, parent = event["subagentRunId"], event.get("parentSubagentRunId")
        reason = ""
        if name in self._subagents:
            reason = f"subagent '{name}' is already active. Finish it with 'SUBAGENT_FINISHED' first."
        elif name in self._closed_subagents:
            reason = (
                f"subagent '{name}' has already finished in this run. Subagent IDs are per-invocation "
                "and cannot be reused."
            )
        elif parent is not None and parent not in self._subagents and parent not in self._closed_subagents:
            reason = f"parentSubagentRunId '{parent}' has not been started in this run."
        if reason:
            rule = "already-open" if name in self._subagents else "subagent"
            raise ProtocolViolation(f"Cannot send 'SUBAGENT_STARTED': {reason}", rule=rule)
        self._subagents[name] = None

    def _end_subagent(self, event: Event) -> None:
        name = event["subagentRunId"]
        if name not in self._subagents:
            raise ProtocolViolation(
                f"Cannot send '{event['type']}': no active subagent found with ID '{name}'. "
                "A 'SUBAGENT_STARTED' event must be sent first.",
                rule="not-open-end",
            )
        del self._subagents[name]
        self._closed_subagents.add(name)

    def _note(self, rule: str, message: str) -> None:
        if self._strict:
            raise ProtocolViolation(message, rule=rule)
        self._warnings.add(rule, message)


RULES: dict[str, Callable[[Verify, Event], list[Event] | None]] = {
    "RUN_STARTED": Verify._start_run,
    "RUN_FINISHED": Verify._finish_run,
    "TOOL_CALL_RESULT": Verify._result,
    "ACTIVITY_SNAPSHOT": Verify._activity_snapshot,
    "ACTIVITY_DELTA": Verify._activity_delta,
    "MESSAGES_SNAPSHOT": Verify._messages,
    "REASONING_ENCRYPTED_VALUE": Verify._encrypted,
    "STEP_STARTED": Verify._start_step,
    "STEP_FINISHED": Verify._finish_step,
    "SUBAGENT_STARTED": Verify._start_subagent,
    "SUBAGENT_FINISHED": Verify._end_subagent,
    "SUBAGENT_ERROR": Verify._end_subagent,
    **dict.fromkeys(STARTS, Verify._start),
    **dict.fromkeys(CONTENTS, Verify._content),
    **dict.fromkeys(ENDS, Verify._end),
}


def _name(owner: object) -> str:
    return "(the parent agent)" if owner is None else str(owner)


def _agent(owner: Owner) -> str:
    return "the parent agent" if owner is None else f"subagent '{owner}'"
