"""A conversation as an agent can take it: one result per call, right behind it."""

from typing import Any

from agui_widget.history import repaired, unanswered, with_results

USER = {"id": "u", "role": "user", "content": "hi"}
ANSWER = {"id": "a", "role": "assistant", "content": "so"}


def calling(*call_ids: str) -> dict[str, Any]:
    calls = [{"id": c, "type": "function", "function": {"name": "f", "arguments": "{}"}} for c in call_ids]
    return {"id": "-".join(call_ids), "role": "assistant", "toolCalls": calls}


def result(call_id: str, message_id: str = "") -> dict[str, Any]:
    return {"id": message_id or f"r{call_id}", "role": "tool", "toolCallId": call_id, "content": "ok"}


def test_a_sound_history_is_left_as_it_is() -> None:
    history = [USER, calling("1", "2"), result("1"), result("2"), ANSWER]
    assert repaired(history) == history


def test_a_result_that_wandered_off_comes_back_behind_its_call() -> None:
    assert repaired([USER, calling("1"), ANSWER, result("1")]) == [USER, calling("1"), result("1"), ANSWER]


def test_a_second_result_of_one_call_is_left_out() -> None:
    assert repaired([calling("1"), result("1", "first"), result("1", "again")]) == [calling("1"), result("1", "first")]


def test_a_call_without_a_result_gets_one_that_says_so() -> None:
    assert repaired([calling("1"), ANSWER]) == [calling("1"), unanswered("1"), ANSWER]


def test_an_error_is_content_too_because_models_are_shown_that_alone() -> None:
    failed = {**result("1"), "content": "", "error": "too big"}
    assert repaired([calling("1"), failed])[1] == {**failed, "content": "too big"}


def test_a_call_that_waits_for_a_human_keeps_waiting() -> None:
    assert repaired([calling("1", "2")], waiting=["1"]) == [calling("1", "2"), unanswered("2")]


def test_a_result_without_a_call_is_left_out() -> None:
    assert repaired([USER, result("nobody's")]) == [USER]


def test_repairing_again_changes_nothing() -> None:
    once = repaired([calling("1"), ANSWER, result("1"), calling("2")])
    assert repaired(once) == once


def test_new_results_go_behind_their_calls_and_the_results_already_there() -> None:
    history = [calling("1", "2"), result("1"), ANSWER]
    assert with_results(history, [result("2")]) == [calling("1", "2"), result("1"), result("2"), ANSWER]
    assert with_results(history, [result("x")]) == [*history, result("x")]
