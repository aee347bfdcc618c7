"""The stages in their normative order: boundary, enforcement, expansion, verification, application."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from ..errors import ProtocolViolation
from .apply import Apply
from .boundary import Boundary, Repair
from .enforce import Enforce
from .expand import Expand
from .values import Event, copy_json, to_event
from .verify import Verify
from .warnings import Warnings

Outcome = Literal["running", "finished", "error", "rejected", "truncated", "aborted"]
_OUTCOMES: dict[str, Outcome] = {
    "RUN_STARTED": "running",
    "RUN_FINISHED": "finished",
    "RUN_ERROR": "error",
}
TRUNCATED = "The stream ended without RUN_FINISHED or RUN_ERROR"


class Pipeline:
    """One stream of AG-UI events, applied as they come. Does no I/O.

    `strict` gives the reference client's verdicts; otherwise what real agents get wrong is
    repaired, each time with a warning. `new_id` names the reasoning of legacy peers, which
    has no ids; without it ids are made of the run's.
    `peer` is the version of an agent known to be older than 1.0.

        pipeline = Pipeline()
        for event in events:
            for delivered in pipeline.feed(event): ...
        pipeline.close()
    """

    def __init__(
        self,
        *,
        messages: Iterable[dict[str, Any]] = (),
        state: Any = None,
        pending_interrupts: Iterable[dict[str, Any]] = (),
        strict: bool = False,
        new_id: Callable[[], str] | None = None,
        peer: str | None = None,
    ) -> None:
        self._log = Warnings()
        self._boundary = Boundary(self._log, new_id=new_id, peer=peer)
        self._enforce = Enforce(self._log, repair=None if strict else Repair(self._log))
        self._expand = Expand()
        self._verify = Verify(self._log, strict=strict)
        self._apply = Apply(
            self._log,
            messages=messages,
            state=state,
            pending_interrupts=pending_interrupts,
            reads_legacy_interrupts=not strict,
        )
        self.outcome: Outcome = "running"
        self._failure: dict[str, Any] = {}

    def feed(self, event: Any) -> list[Event]:
        """Return the events that `event` amounts to; each is already applied.

        `event` is a dict, JSON text, or an object with `model_dump`. Raises `ProtocolViolation` when it
        breaks a rule: `delivered` then holds what the same call had let through, and the run is over.
        """
        self._log.event_number += 1
        delivered: list[Event] = []
        try:
            self._require_open()
            for accepted in self._accept(event):
                for verified in self._verify.feed(accepted):
                    delivered += self._apply.feed(verified)
                    self.outcome = _OUTCOMES.get(verified["type"], self.outcome)
        except ProtocolViolation as violation:
            raise self._rejected(violation, delivered) from violation.__cause__
        return delivered

    def _accept(self, event: Any) -> list[Event]:
        """Return `event` in its 1.0 spelling, without unknown material, chunks expanded."""
        replaced: list[str] = []
        plain = to_event(event, replaced=replaced)
        for path in replaced:
            self._log.add("not-json", f"A value at '{path}' that JSON cannot express was replaced.", path)
        return [
            expanded
            for modern in self._boundary.feed(plain)
            for known in self._enforce.feed(modern)
            for expanded in self._expand.feed(known)
        ]

    def _require_open(self) -> None:
        if self.outcome in ("rejected", "aborted", "truncated"):
            raise ProtocolViolation(f"The stream is over: it was {self.outcome}", rule="after-end")

    def _rejected(self, violation: ProtocolViolation, delivered: list[Event]) -> ProtocolViolation:
        number = self._log.event_number
        if violation.rule != "after-end":
            self.outcome = "rejected"
            self._failure = {"message": str(violation), "rule": violation.rule, "event": number}
        return ProtocolViolation(str(violation), rule=violation.rule, event_number=number, delivered=delivered)

    def close(self) -> list[Event]:
        """Note the end of the stream: without a terminal event the run is truncated, never a success.

        Returns the events that repairs added. There are none: what a cut stream left open stays open,
        so that it can be shown as interrupted.
        """
        if self.outcome == "running":
            self.outcome = "truncated"
            self._failure = {"message": TRUNCATED}
        return []

    def abort(self) -> None:
        """Note that the user stopped the run. What was delivered stays."""
        if self.outcome == "running":
            self.outcome = "aborted"

    @property
    def detail(self) -> dict[str, Any]:
        """How the run ended: its outcome object, or the error's `{message, code?}`."""
        is_ours = self.outcome in ("rejected", "truncated")
        return {**(self._failure if is_ours else self._apply.detail)}

    @property
    def messages(self) -> list[dict[str, Any]]:
        """The conversation as plain JSON values; a copy, made when read."""
        return self._apply.messages.plain()

    def find_message(self, message_id: str) -> dict[str, Any] | None:
        """Return the first message with that id; a copy of that one alone."""
        return self._apply.messages.plain_message(message_id)

    @property
    def state(self) -> Any:
        """The shared state; a copy, made when read."""
        return copy_json(self._apply.state)

    @property
    def state_in_step(self) -> bool:
        """False from a STATE_DELTA that did not apply until the next STATE_SNAPSHOT."""
        return self._apply.state_in_step

    @property
    def pending_interrupts(self) -> list[dict[str, Any]]:
        """What the last run waits for a human to decide."""
        return list(map(copy_json, self._apply.pending_interrupts))

    @property
    def pending_tool_call_ids(self) -> list[str]:
        """The calls of the last run that the application must answer."""
        return list(self._apply.pending_tool_call_ids)

    @property
    def unanswered_calls(self) -> list[dict[str, Any]]:
        """The calls that this run has made so far and that have no result; copies."""
        return list(map(copy_json, self._apply.unanswered_calls()))

    @property
    def usage(self) -> list[dict[str, Any]]:
        """The tokens of the last run, one entry per provider and model."""
        return list(map(copy_json, self._apply.usage))

    @property
    def subagents(self) -> dict[str, dict[str, Any]]:
        """The subagents of the last run by `subagentRunId`, each with a `status`."""
        return {name: copy_json(entry) for name, entry in self._apply.subagents.items()}

    @property
    def warnings(self) -> list[dict[str, Any]]:
        """What was repaired, removed or ignored: `{code, message, event, path?}`, the first 1,000."""
        return self._log.entries

    @property
    def warning_count(self) -> int:
        """How many warnings there were, also those past the first 1,000."""
        return self._log.count


@dataclass(frozen=True)
class Result:
    """What a whole stream amounts to, as plain JSON values."""

    outcome: Outcome
    detail: dict[str, Any]
    messages: list[dict[str, Any]]
    state: Any
    pending_interrupts: list[dict[str, Any]]
    pending_tool_call_ids: list[str]
    warnings: list[dict[str, Any]]
    delivered: list[Event] = field(repr=False)


def replay(
    events: Iterable[Any],
    *,
    messages: Iterable[dict[str, Any]] = (),
    state: Any = None,
    pending_interrupts: Iterable[dict[str, Any]] = (),
    strict: bool = False,
) -> Result:
    """Return what a stream of events amounts to. A bad stream is a result, not an exception.

    Example: `assert replay(events, strict=True).outcome == "finished"`.
    """
    pipeline = Pipeline(messages=messages, state=state, pending_interrupts=pending_interrupts, strict=strict)
    delivered: list[Event] = []
    try:
        for event in events:
            delivered += pipeline.feed(event)
        delivered += pipeline.close()
    except ProtocolViolation as violation:
        delivered += violation.delivered
    return Result(
        pipeline.outcome,
        pipeline.detail,
        pipeline.messages,
        pipeline.state,
        pipeline.pending_interrupts,
        pipeline.pending_tool_call_ids,
        list(pipeline.warnings),
        delivered,
    )
