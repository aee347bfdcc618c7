"""What waits for a human: how an interrupt is asked, and how an answer to it is spelled.

Source: AG-UI 1.0, interrupts; the payload of an approval (`approved`, `reason`) is its convention.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from .protocol.interrupts import Interrupt, is_expired, is_legacy

APPROVALS = ("tool_call", "confirmation")  # reasons that are answered with yes or no


def question(interrupt: Interrupt) -> dict[str, Any]:
    """What the screen says: the message, and the line of Python that answers."""
    asked: dict[str, Any] = {
        "id": interrupt["id"],
        "reason": interrupt["reason"],
        "message": interrupt.get("message") or f"The agent waits for you ({interrupt['reason']}).",
        "answer": _line(interrupt),
    }
    return {**asked, "call_id": interrupt["toolCallId"]} if "toolCallId" in interrupt else asked


def resolved(interrupt: Interrupt, payload: Any = None) -> dict[str, Any]:
    """The answer «yes», or the one given."""
    if payload is None:
        payload = True if is_legacy(interrupt) else {"approved": True}
    return {"status": "resolved", "payload": payload}


def rejected(interrupt: Interrupt, reason: str | None, now: datetime) -> dict[str, Any]:
    """The answer «no»: not approved where that was the question, else cancelled."""
    why = {"reason": reason} if reason else {}
    if is_legacy(interrupt):
        return {"status": "resolved", "payload": reason or False}
    if interrupt["reason"] in APPROVALS and not is_expired(interrupt, now):
        return {"status": "resolved", "payload": {"approved": False, **why}}
    return {"status": "cancelled", "metadata": why} if why else {"status": "cancelled"}


def _line(interrupt: Interrupt) -> str:
    fields = (interrupt.get("responseSchema") or {}).get("properties")
    if isinstance(fields, dict) and fields and interrupt["reason"] not in APPROVALS:
        values = ", ".join(f"{name!r}: …" for name in list(fields)[:6])
        return f"chat.resolve({{{values}}})"
    return 'chat.resolve()   # or chat.reject("why not")'
