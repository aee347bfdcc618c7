"""Events may come in this order and no other; a refused one changes nothing."""

from __future__ import annotations

from typing import Any

import pytest

from agui_widget.errors import ProtocolViolation
from agui_widget.protocol import Pipeline, replay
from agui_widget.protocol.verify import RUN_TRANSITIONS

from .protocol.say import a_run, call, event, finished, kinds, result, started, text

FAILED = event("RUN_ERROR", message="no")
TEXT = event("TEXT_MESSAGE_START", messageId="m")
CONTENT = event("TEXT_MESSAGE_CONTENT", messageId="m", delta="x")
TEXT_END = event("TEXT_MESSAGE_END", messageId="m")
CALL = event("TOOL_CALL_START", toolCallId="c", toolCallName="f")
ARGS = event("TOOL_CALL_ARGS", toolCallId="c", delta="{}")
CALL_END = event("TOOL_CALL_END", toolCallId="c")
SPAN = event("REASONING_START", messageId="m")
SPAN_END = event("REASONING_END", messageId="m")
THOUGHT = event("REASONING_MESSAGE_START", messageId="m", role="reasoning")
THOUGHT_CONTENT = event("REASONING_MESSAGE_CONTENT", messageId="m", delta="x")
THOUGHT_END = event("REASONING_MESSAGE_END", messageId="m")
STEP = event("STEP_STARTED", stepName="n")
STEP_END = event("STEP_FINISHED", stepName="n")
SUBAGENT = event("SUBAGENT_STARTED", subagentRunId="s", name="helper")
SUBAGENT_END = event("SUBAGENT_FINISHED", subagentRunId="s")


def by(owner: str, item: dict[str, Any]) -> dict[str, Any]:
    return {**item, "subagentRunId": owner}


REFUSED: list[tuple[str, list[dict[str, Any]], str]] = [
    ("first", [TEXT], "First event must be 'RUN_STARTED'"),
    ("nested", [started("r1"), started("r2")], "Cannot send 'RUN_STARTED' while a run is still active"),
    ("after finish", [started(), finished(), TEXT], "already finished with 'RUN_FINISHED'"),
    ("after error", [started(), FAILED, finished()], "already errored with 'RUN_ERROR'"),
    ("error twice", [started(), FAILED, FAILED], "already errored"),
    ("text twice", [started(), TEXT, TEXT], "A text message with ID 'm' is already in progress"),
    ("text unopened", [started(), CONTENT], "No active text message found with ID 'm'"),
    ("text closed", [started(), TEXT, TEXT_END, CONTENT], "No active text message found"),
    ("text end unopened", [started(), TEXT_END], "No active text message found"),
    ("call twice", [started(), CALL, CALL], "A tool call with ID 'c' is already in progress"),
    ("args unopened", [started(), ARGS], "No active tool call found with ID 'c'"),
    ("call end unopened", [started(), CALL_END], "No active tool call found"),
    ("span twice", [started(), SPAN, SPAN], "A reasoning span with ID 'm' is already in progress"),
    ("span unopened", [started(), SPAN_END], "No active reasoning span found"),
    ("thought twice", [started(), THOUGHT, THOUGHT], "A reasoning message with ID 'm' is already in progress"),
    ("thought unopened", [started(), SPAN, THOUGHT_CONTENT], "No active reasoning message found with ID 'm'"),
    ("thought end unopened", [started(), SPAN, THOUGHT_END], "No active reasoning message found"),
    ("step twice", [started(), STEP, STEP], "Step \"n\" is already active for 'STEP_STARTED'"),
    ("step unopened", [started(), STEP_END], 'step "n" that was not started'),
    ("step of another", [started(), by("s", STEP), STEP_END], "that step is open under subagent 's'"),
    ("step of the parent", [started(), STEP, by("s", STEP_END)], "that step is open under the parent agent"),
    ("subagent twice", [started(), SUBAGENT, SUBAGENT], "subagent 's' is already active"),
    ("subagent again", [started(), SUBAGENT, SUBAGENT_END, SUBAGENT], "cannot be reused"),
    ("subagent unknown", [started(), SUBAGENT_END], "no active subagent found with ID 's'"),
    ("subagent's parent", [started(), {**SUBAGENT, "parentSubagentRunId": "p"}], "'p' has not been started"),
    ("open step", [started(), STEP, finished()], "while steps are still active: n"),
    ("open subagent step", [started(), by("s", STEP), finished()], r"n \(subagent 's'\)"),
    ("open text", [started(), TEXT, finished()], "while text messages are still active: m"),
    ("open thought", [started(), THOUGHT, finished()], "while reasoning messages are still active: m"),
    ("open span", [started(), SPAN, finished()], "while reasoning spans are still active: m"),
    ("open call", [started(), CALL, finished()], "while tool calls are still active: c"),
    ("open subagent", [started(), SUBAGENT, finished()], "while subagents are still active: s"),
    ("tagged text of the parent", [started(), TEXT, by("s", CONTENT)], r"does not match the message 'm' opener's subagent '\(the parent agent\)'"),
    ("text of another", [started(), by("a", TEXT), by("b", CONTENT)], "opener's subagent 'a'"),
    ("text ended by another", [started(), by("a", TEXT), by("b", TEXT_END)], "opener's subagent 'a'"),
    ("text reopened by another", [started(), by("a", TEXT), TEXT_END, by("b", TEXT)], "opener's subagent 'a'"),
    ("args of another", [started(), CALL, by("s", ARGS)], r"\(the parent agent\)"),
    ("call in another's message", [started(), *text("p"), by("s", {**CALL, "parentMessageId": "p"})], "parent message 'p'"),
    (
        "call moved to another's message",
        [started(), by("s", TEXT), TEXT_END, CALL, CALL_END, {**CALL, "parentMessageId": "m"}],
        "tool call 'c' is owned by",
    ),
    ("thought of another", [started(), by("a", SPAN), by("b", THOUGHT)], "opener's subagent 'a'"),
    (
        "value for another's call",
        [started(), CALL, by("s", event("REASONING_ENCRYPTED_VALUE", subtype="tool-call", entityId="c", encryptedValue=""))],
        "tool call 'c'",
    ),
    (
        "activity of another",
        [
            started(),
            by("a", event("ACTIVITY_SNAPSHOT", messageId="x", activityType="t", content={})),
            by("b", event("ACTIVITY_DELTA", messageId="x", activityType="t", patch=[])),
        ],
        "activity 'x'",
    ),
    (
        "text of a replayed message",
        [started(), event("MESSAGES_SNAPSHOT", messages=[{"id": "m", "role": "assistant", "subagentRunId": "a"}]), by("b", TEXT)],
        "opener's subagent 'a'",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("_", "events", "words"), REFUSED, ids=[row[0] for row in REFUSED])
def test_the_order_is_enforced(_: str, events: list[dict[str, Any]], words: str) -> None:
    *before, last = events
    pipeline = Pipeline(strict=True)
    for item in before:
        pipeline.feed(item)
    messages = pipeline.messages
    with pytest.raises(ProtocolViolation, match=words) as refused:
        pipeline.feed(last)
    assert (pipeline.outcome, refused.value.event_number) == ("rejected", len(events))
    assert pipeline.messages == messages and refused.value.delivered == []


ALLOWED: dict[str, list[dict[str, Any]]] = {
    "an error first": [FAILED],
    "a run after an error": [started(), FAILED, started("r2"), finished("r2")],
    "a run after a run": [started(), finished(), started("r2"), finished("r2")],
    "an error after the end": [started(), finished(), FAILED],
    "an error with everything open": [started(), TEXT, CALL, STEP, SUBAGENT, FAILED],
    "a message again": a_run(*text("m", "a"), *text("m", "b")),
    "one id for a span and its thought": a_run(SPAN, THOUGHT, THOUGHT_CONTENT, THOUGHT_END, SPAN_END),
    "one id for a message and a call": a_run(*text("x"), *call("x")),
    "one step name for parent and subagent": a_run(STEP, by("s", STEP), by("s", STEP_END), STEP_END),
    "a subagent whose id is empty": a_run(STEP, by("", STEP), by("", STEP_END), STEP_END),
    "a tag that nobody announced": a_run(by("s", TEXT), CONTENT, by("s", TEXT_END)),
    "a call that inherits its message's owner": a_run(
        by("s", TEXT), {**CALL, "parentMessageId": "m"}, by("s", ARGS), CALL_END, TEXT_END
    ),
    "a result for a call nobody made": a_run(result("?")),
    "a subagent inside a closed one": a_run(
        SUBAGENT, SUBAGENT_END, {**by("t", SUBAGENT), "parentSubagentRunId": "s"}, by("t", SUBAGENT_END)
    ),
    "a replacing activity of another": a_run(
        by("a", event("ACTIVITY_SNAPSHOT", messageId="x", activityType="t", content={})),
        by("b", event("ACTIVITY_SNAPSHOT", messageId="x", activityType="t", content={})),
        by("b", event("ACTIVITY_DELTA", messageId="x", activityType="t", patch=[])),
    ),
}


@pytest.mark.parametrize("name", ALLOWED)
def test_what_is_legal_passes_without_a_word(name: str) -> None:
    verdict = replay(ALLOWED[name], strict=True)
    assert verdict.outcome in ("finished", "error") and verdict.warnings == [], verdict.detail


def test_every_state_of_the_run_says_what_may_come() -> None:
    states = set(RUN_TRANSITIONS)
    assert {target for row in RUN_TRANSITIONS.values() for target in row.values()} | {"idle"} == states


# --- lenient ------------------------------------------------------------------------------------------


def test_what_is_open_at_the_end_is_closed_for_the_agent() -> None:
    events = [started(), STEP, SUBAGENT, SPAN, THOUGHT, by("s", {**TEXT, "messageId": "n"}), CALL, finished()]
    verdict = replay(events)
    closed = kinds(verdict.delivered)[len(events) - 1 : -1]
    assert closed == [
        "TEXT_MESSAGE_END",
        "REASONING_MESSAGE_END",
        "REASONING_END",
        "TOOL_CALL_END",
        "STEP_FINISHED",
        "SUBAGENT_FINISHED",
    ]
    assert verdict.outcome == "finished" and [w["code"] for w in verdict.warnings] == ["auto-closed"]
    assert replay(verdict.delivered, strict=True).outcome == "finished"


@pytest.mark.parametrize("late", [TEXT, finished(), event("CUSTOM", name="x", value=1), event("FUTURE")])
def test_events_after_the_end_are_ignored_with_a_warning(late: dict[str, Any]) -> None:
    verdict = replay([started(), *text("m", "x"), finished(), late])
    assert (verdict.outcome, len(verdict.warnings)) == ("finished", 1)
    assert kinds(verdict.delivered)[-1] == "RUN_FINISHED"


def test_a_finish_after_an_error_does_not_make_it_a_success() -> None:
    verdict = replay([started(), FAILED, finished()])
    assert (verdict.outcome, verdict.detail) == ("error", {"message": "no"})
    assert [w["code"] for w in verdict.warnings] == ["after-error"]


def test_an_error_after_the_finish_makes_it_an_error() -> None:
    assert replay([started(), finished(), FAILED]).outcome == "error"


@pytest.mark.parametrize(
    "item", [started(), TEXT, TEXT_END, STEP, STEP_END, SUBAGENT, SUBAGENT_END, CALL, CALL_END, finished()]
)
def test_a_doubled_bracket_changes_nothing(item: dict[str, Any]) -> None:
    events = a_run(TEXT, CONTENT, TEXT_END, STEP, STEP_END, SUBAGENT, SUBAGENT_END, CALL, CALL_END)
    place = events.index(item)
    verdict = replay([*events[:place], item, *events[place:]])
    if item == SUBAGENT:
        assert verdict.outcome == "finished"
    assert (verdict.messages, len(verdict.warnings)) == (replay(events).messages, 1)


def test_content_that_nothing_opened_is_refused_in_lenient_mode_too() -> None:
    verdict = replay(a_run(CONTENT))
    assert (verdict.outcome, verdict.detail["rule"]) == ("rejected", "not-open")


# --- what the reference client does not look at ---------------------------------------------------------

UNCHECKED = {
    "run-ids": [started("r1"), finished("r2")],
    "other-thread": [started("r1", "a"), finished("r1", "a"), started("r2", "b"), finished("r2", "b")],
    "duplicate-interrupt": [
        started(),
        finished(outcome={"type": "interrupt", "interrupts": [{"id": "i", "reason": "x"}, {"id": "i", "reason": "y"}]}),
    ],
}


@pytest.mark.parametrize("rule", UNCHECKED)
def test_mixed_up_ids_are_a_warning_and_in_strict_mode_a_violation(rule: str) -> None:
    lenient, strict = replay(UNCHECKED[rule]), replay(UNCHECKED[rule], strict=True)
    assert (lenient.outcome, [w["code"] for w in lenient.warnings]) == ("finished", [rule])
    assert (strict.outcome, strict.detail["rule"]) == ("rejected", rule)
