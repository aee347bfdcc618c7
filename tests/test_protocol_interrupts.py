"""What a run waits for, and the answer it gets."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from agui_widget.errors import AguiError
from agui_widget.protocol import build_resume, is_expired, replay
from agui_widget.protocol.interrupts import is_legacy

from .protocol.corpora import folder, read_lines
from .protocol.say import a_run, event, finished, started

NOW = datetime(2026, 9, 17, 12, tzinfo=timezone.utc)
FIRST: dict[str, Any] = {"id": "i", "reason": "confirmation"}
SECOND: dict[str, Any] = {"id": "j", "reason": "input_required", "expiresAt": "2026-09-17T11:59:59Z"}


def interrupted(*interrupts: dict[str, Any]) -> list[dict[str, Any]]:
    return [started(), finished(outcome={"type": "interrupt", "interrupts": list(interrupts)})]


def test_an_interrupted_run_says_what_it_waits_for() -> None:
    verdict = replay(interrupted(FIRST, SECOND), strict=True)
    assert (verdict.outcome, verdict.detail["type"], verdict.pending_interrupts) == (
        "finished",
        "interrupt",
        [FIRST, SECOND],
    )


def test_interrupts_stay_pending_until_a_run_finishes_without_them() -> None:
    assert replay([started()], pending_interrupts=[FIRST]).pending_interrupts == [FIRST]
    failed = [started(), event("RUN_ERROR", message="no")]
    assert replay(failed, pending_interrupts=[FIRST]).pending_interrupts == [FIRST]
    assert replay(a_run(), pending_interrupts=[FIRST]).pending_interrupts == []


def test_every_open_interrupt_gets_its_entry_in_order() -> None:
    answers = {
        "j": {"status": "cancelled"},
        "i": {"status": "resolved", "payload": {"ok": 1}, "metadata": {"by": "me"}},
    }
    assert build_resume([FIRST, SECOND], answers) == [
        {"interruptId": "i", "status": "resolved", "payload": {"ok": 1}, "metadata": {"by": "me"}},
        {"interruptId": "j", "status": "cancelled"},
    ]


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"i": {"status": "cancelled"}}, "missing: j"),
        (
            {"i": {"status": "cancelled"}, "j": {"status": "cancelled"}, "k": {"status": "cancelled"}},
            "No such open interrupt: k",
        ),
        ({"i": {"status": "perhaps"}, "j": {"status": "cancelled"}}, "needs a status"),
        ({"i": True, "j": {"status": "cancelled"}}, "needs a status"),
    ],
)
def test_an_answer_that_covers_not_exactly_what_is_open_is_refused(answers: dict[str, Any], words: str) -> None:
    with pytest.raises(AguiError, match=words):
        build_resume([FIRST, SECOND], answers)


def test_nothing_open_needs_no_answer() -> None:
    assert build_resume([], {}) == []


def test_an_expired_interrupt_can_only_be_cancelled() -> None:
    with pytest.raises(AguiError, match="expired"):
        build_resume([SECOND], {"j": {"status": "resolved"}}, now=NOW)
    assert build_resume([SECOND], {"j": {"status": "cancelled"}}, now=NOW)
    assert build_resume([SECOND], {"j": {"status": "resolved"}}, now=NOW - timedelta(minutes=1))


@pytest.mark.parametrize(
    ("expires_at", "expected"),
    [
        (None, False),
        ("2026-09-17T12:00:00Z", True),
        ("2026-09-17T12:00:01Z", False),
        ("2026-09-17T14:00:00+02:00", True),
        ("2026-09-17T12:00:00.5Z", False),
        ("2026-09-17T11:59:59.123456789Z", True),
        ("2026-09-17", True),
        ("when pigs fly", False),
    ],
)
def test_expiry_is_a_moment_of_iso_8601(expires_at: str | None, expected: bool) -> None:
    interrupt = {**FIRST, **({"expiresAt": expires_at} if expires_at else {})}
    assert is_expired(interrupt, NOW) is expected


# --- LangGraph's on_interrupt, from before interrupts were in the protocol ------------------------------


def legacy(value: Any) -> list[dict[str, Any]]:
    return a_run(event("CUSTOM", name="on_interrupt", value=value))


def test_a_legacy_interrupt_is_read_as_one() -> None:
    (interrupt,) = replay(legacy('{"question": "Approve?", "reason": "approval"}')).pending_interrupts
    assert (interrupt["message"], interrupt["reason"], is_legacy(interrupt)) == ("Approve?", "approval", True)


def test_a_replay_gives_a_legacy_interrupt_the_same_id() -> None:
    first, second = (replay(legacy("Go on?")).pending_interrupts for _ in range(2))
    assert first == second and first[0]["message"] == "Go on?"


@pytest.mark.parametrize("value", [None, 7, [], ["a"], "[1]", {"x": 1}, '{"reason": 5}', "{"])
def test_whatever_a_legacy_interrupt_carries_it_is_a_valid_one(value: Any) -> None:
    verdict = replay(legacy(value))
    assert verdict.detail["type"] == "interrupt"
    again = replay(interrupted(*verdict.pending_interrupts), strict=True)
    assert (again.outcome, again.warnings) == ("finished", [])


def test_the_standard_outcome_wins_over_the_legacy_event() -> None:
    events = read_lines(folder("agui/captures") / "langgraph_interrupt.jsonl")
    (interrupt,) = replay(events).pending_interrupts
    assert not is_legacy(interrupt)


def test_strict_mode_knows_no_legacy_interrupts() -> None:
    assert replay(legacy("x"), strict=True).pending_interrupts == []
