"""What a run waits for a human to decide: pending interrupts, their answers, their expiry."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timezone
from typing import Any

from ..errors import AgentError
from .events import INTERRUPT
from .values import Event, decoded

LEGACY_EVENT = "on_interrupt"  # LangGraph's CUSTOM event from before 1.0
LEGACY_KEY = "agui_widget"  # metadata of an interrupt that was read from one: {"legacy": LEGACY_EVENT}

Interrupt = dict[str, Any]
_FRACTION = re.compile(r"\.([0-9]+)")


def build_resume(
    interrupts: Iterable[Interrupt], answers: Mapping[str, Any], *, now: datetime | None = None
) -> list[dict[str, Any]]:
    """Return the `resume` entries that answer every open interrupt, in their order.

    `answers` maps interrupt ids to `{"status": "resolved", "payload"?, "metadata"?}` or
    `{"status": "cancelled", "metadata"?}`. Raises `AgentError` when one is missing or unknown,
    or when an interrupt that expired before `now` is resolved: it can only be cancelled.
    """
    pending = list(interrupts)
    ids = [interrupt["id"] for interrupt in pending]
    missing = [name for name in ids if name not in answers]
    if missing:
        raise AgentError(f"Every open interrupt must be answered; missing: {', '.join(missing)}")
    unknown = [name for name in answers if name not in ids]
    if unknown:
        raise AgentError(f"No such open interrupt: {', '.join(unknown)}. Open: {', '.join(ids) or 'none'}")
    return [_entry(interrupt, answers[interrupt["id"]], now) for interrupt in pending]


def _entry(interrupt: Interrupt, answer: Any, now: datetime | None) -> dict[str, Any]:
    name, status = interrupt["id"], answer.get("status") if isinstance(answer, Mapping) else None
    if status not in ("resolved", "cancelled"):
        raise AgentError(f"The answer to '{name}' needs a status: 'resolved' or 'cancelled'")
    if status == "resolved" and now is not None and is_expired(interrupt, now):
        raise AgentError(f"Interrupt {name} expired at {interrupt['expiresAt']}. Cancel it to continue the thread.")
    entry = {"interruptId": name, "status": status}
    if status == "resolved" and answer.get("payload") is not None:
        entry["payload"] = answer["payload"]
    if answer.get("metadata") is not None:
        entry["metadata"] = answer["metadata"]
    return entry


def is_expired(interrupt: Interrupt, now: datetime) -> bool:
    """True when `expiresAt` is not after `now`; never, when it is absent or not a date."""
    expires = _moment(interrupt.get("expiresAt"))
    return expires is not None and expires <= (now if now.tzinfo else now.replace(tzinfo=timezone.utc))


def _moment(text: Any) -> datetime | None:
    """Return an ISO 8601 moment; without an offset it is UTC."""
    if not isinstance(text, str):
        return None
    text = _FRACTION.sub(lambda match: f".{match[1][:6]:0<6}", text.strip())  # Python 3.10 reads 3 or 6 digits
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00").replace("z", "+00:00"))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)


def read_legacy_interrupt(event: Event, number: int, run_id: str) -> Interrupt | None:
    """Return the interrupt that a LangGraph `on_interrupt` CUSTOM event means, or None.

    Its id is made of the run and its number in it, so a replay gives the same one. It is answered by
    `forwardedProps.command.resume`, which `is_legacy` tells.
    """
    if event.get("type") != "CUSTOM" or event.get("name") != LEGACY_EVENT:
        return None
    value = decoded(event["value"])
    content = value if isinstance(value, dict) else {"message": value if isinstance(value, str) else None}
    known = {name: content[name] for name in INTERRUPT.fields if isinstance(content.get(name), str)}
    message = known.get("message") or content.get("question") or content.get("prompt")
    interrupt = {"reason": "input_required", **known, "id": f"{run_id}:{LEGACY_EVENT}:{number}"}
    interrupt["metadata"] = {LEGACY_KEY: {"legacy": LEGACY_EVENT, "value": value}}
    interrupt.pop("subagentRunId", None)
    if isinstance(message, str):
        interrupt["message"] = message
    if isinstance(content.get("responseSchema"), dict):
        interrupt["responseSchema"] = content["responseSchema"]
    return interrupt


def is_legacy(interrupt: Interrupt) -> bool:
    """True when the answer travels as `forwardedProps.command.resume`, not as `resume`."""
    mark = interrupt.get("metadata", {}).get(LEGACY_KEY)
    return isinstance(mark, dict) and mark.get("legacy") == LEGACY_EVENT
