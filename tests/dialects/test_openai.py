"""The `openai` dialect: chat-completions chunks and the events of the Responses API."""

from __future__ import annotations

from typing import Any

import pytest

from agui_widget.sse import ServerSentEvent

from .harness import (
    Event,
    frame,
    problems,
    read,
)

DONE = frame("[DONE]")


def chunk(delta: dict[str, Any], finish_reason: str | None = None, **more: Any) -> ServerSentEvent:
    return frame({"choices": [{"index": 0, "delta": delta, "finish_reason": finish_reason}], **more})


def response(kind: str, **fields: Any) -> ServerSentEvent:
    return frame({"type": f"response.{kind}", **fields}, f"response.{kind}")


def events_of(*frames: ServerSentEvent) -> list[Event]:
    return read("openai", frames)


def words(events: list[Event], kind: str = "TEXT_MESSAGE_CONTENT") -> str:
    return "".join(event["delta"] for event in events if event["type"] == kind)


def kinds(events: list[Event]) -> list[str]:
    return [event["type"] for event in events]


def notices(events: list[Event]) -> list[str]:
    return [event["value"]["message"] for event in events if event.get("name") == "agui_widget.notice"]


# -- chunks ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["reasoning_content", "reasoning"])
def test_reasoning_has_two_names(name: str) -> None:
    events = events_of(chunk({name: "Hm."}))
    assert words(events, "REASONING_MESSAGE_CONTENT") == "Hm."


def test_a_refusal_is_said_as_text() -> None:
    assert words(events_of(chunk({"refusal": "I cannot."}))) == "I cannot."


def test_calls_at_the_same_time_are_told_apart_by_their_number() -> None:
    def piece(index: int, arguments: str, **more: Any) -> dict[str, Any]:
        return {"index": index, "function": {"arguments": arguments, **more.pop("function", {})}, **more}

    events = events_of(
        chunk(
            {"tool_calls": [piece(0, "", id="a", function={"name": "f"}), piece(1, "", id="b", function={"name": "g"})]}
        ),
        chunk({"tool_calls": [piece(1, "2"), piece(0, "1")]}),
        chunk({}, "tool_calls"),
        DONE,
    )
    assert [(each["toolCallId"], each["delta"]) for each in events if "delta" in each] == [("b", "2"), ("a", "1")]
    assert kinds(events)[-3:] == ["TOOL_CALL_END", "TOOL_CALL_END", "RUN_FINISHED"]


def test_another_id_under_the_same_number_is_another_call() -> None:
    def whole(call_id: str) -> ServerSentEvent:
        return chunk({"tool_calls": [{"id": call_id, "function": {"name": "f", "arguments": "{}"}}]})

    started = [each["toolCallId"] for each in events_of(whole("a"), whole("b")) if each["type"] == "TOOL_CALL_START"]
    assert started == ["a", "b"]


def test_a_call_that_never_gets_an_id_is_given_one() -> None:
    call = chunk({"tool_calls": [{"index": 0, "function": {"name": "f", "arguments": "{}"}}]})
    assert kinds(events_of(call, DONE))[1:4] == ["TOOL_CALL_START", "TOOL_CALL_ARGS", "TOOL_CALL_END"]


def test_a_call_that_is_never_named_is_seen_at_the_end() -> None:
    call = chunk({"tool_calls": [{"index": 0, "id": "c", "function": {"arguments": "{}"}}]})
    (start,) = [event for event in events_of(call, DONE) if event["type"] == "TOOL_CALL_START"]
    assert (start["toolCallId"], start["toolCallName"]) == ("c", "tool")


@pytest.mark.parametrize(
    "value",
    [
        {"choices": None},
        {"choices": [{"index": None, "delta": None}]},
        {"choices": [{"delta": {"tool_calls": [{"index": None, "id": "c", "function": None}]}}]},
        {"choices": [], "usage": {"prompt_tokens": None, "completion_tokens_details": None}},
    ],
    ids=str,
)
def test_what_is_null_is_left_out(value: dict[str, Any]) -> None:
    assert problems(events_of(frame(value))) == []


def test_of_several_choices_the_first_is_read() -> None:
    two = frame({"choices": [{"index": 1, "delta": {"content": "b"}}, {"index": 0, "delta": {"content": "a"}}]})
    assert words(events_of(two)) == "a"


def test_the_figures_come_behind_the_reason_to_stop() -> None:
    figures = {"prompt_tokens": 3, "completion_tokens": 4, "prompt_tokens_details": {"cached_tokens": 2}}
    events = events_of(chunk({"content": "a"}, "stop"), frame({"choices": [], "model": "m", "usage": figures}), DONE)
    used = {"model": "m", "inputTokens": 3, "outputTokens": 4, "cachedInputTokens": 2}
    assert events[-1]["usage"] == [used]


@pytest.mark.parametrize("reason", ["length", "content_filter"])
def test_an_answer_that_was_cut_says_so(reason: str) -> None:
    events = events_of(chunk({"content": "a"}, reason), DONE)
    assert len(notices(events)) == 1 and kinds(events)[-1] == "RUN_FINISHED"


def test_a_server_may_leave_the_done_out_once_the_model_has_stopped() -> None:
    assert kinds(events_of(chunk({"content": "a"}, "stop")))[-1] == "RUN_FINISHED"
    assert kinds(events_of(chunk({"content": "a"})))[-1] == "TEXT_MESSAGE_CONTENT"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        ({"message": "No.", "type": "server_error", "code": None}, "server_error"),
        ({"message": "No.", "code": 429}, "429"),
        ({"message": "No.", "code": "quota", "type": "x"}, "quota"),
    ],
)
def test_an_error_ends_the_run(error: dict[str, Any], code: str) -> None:
    events = events_of(chunk({"content": "a"}), frame({"error": error}), DONE)
    assert (events[-1]["type"], events[-1]["message"], events[-1]["code"]) == ("RUN_ERROR", "No.", code)


def test_an_error_may_be_but_a_text() -> None:
    assert events_of(frame({"error": "No."}))[-1] == {"type": "RUN_ERROR", "message": "No."}


def test_a_frame_that_is_neither_is_kept_as_it_came() -> None:
    assert kinds(events_of(frame({"object": "x"}))) == ["RUN_STARTED", "RAW"]


def test_a_problem_names_the_frame_and_the_field() -> None:
    (said,) = problems(events_of(chunk({"content": "a"}), chunk({"content": 7})))
    assert said.startswith("frame 2 (chunk) is malformed: choices.0.delta.content: Input should be a valid string")


def test_the_field_of_a_problem_is_where_it_is_in_the_frame() -> None:
    (said,) = problems(events_of(frame({"error": {"code": 500}})))
    assert said == "frame 1 (chunk) is malformed: error.message: Field required"


# -- responses ---------------------------------------------------------------------------------------


def test_parts_of_a_summary_are_paragraphs_of_their_own() -> None:
    part = response("reasoning_summary_part.added")
    delta = response("reasoning_summary_text.delta", delta="Hm.")
    assert kinds(events_of(part, delta, part, delta)).count("REASONING_MESSAGE_START") == 2


def test_a_call_of_the_responses_is_known_by_its_call_id() -> None:
    item = {"type": "function_call", "id": "fc", "call_id": "c", "name": "f", "arguments": ""}
    events = events_of(
        response("output_item.added", output_index=0, item=item),
        response("function_call_arguments.delta", output_index=0, delta="{}"),
        response("output_item.done", output_index=0, item={**item, "arguments": "{}"}),
    )
    assert [each.get("toolCallId") for each in events[1:]] == ["c"] * 3
    assert words(events, "TOOL_CALL_ARGS") == "{}"


def test_arguments_that_come_only_at_the_end_count() -> None:
    item = {"type": "function_call", "call_id": "c", "name": "f"}
    begun = response("output_item.added", output_index=0, item={**item, "arguments": ""})
    whole = response("function_call_arguments.done", output_index=0, arguments="{}")
    ended = response("output_item.done", output_index=0, item={**item, "arguments": "{}"})
    for events in (events_of(ended), events_of(begun, whole), events_of(begun, whole, ended), events_of(whole, ended)):
        assert words(events, "TOOL_CALL_ARGS") == "{}"


def test_an_incomplete_response_says_why() -> None:
    events = events_of(response("incomplete", response={"incomplete_details": {"reason": "max_output_tokens"}}))
    assert notices(events) == ["the answer is not whole: max_output_tokens"]
    assert kinds(events)[-1] == "RUN_FINISHED"


def test_a_failed_response_ends_the_run() -> None:
    events = events_of(response("failed", response={"error": {"code": "server_error", "message": "No."}}))
    assert (events[-1]["type"], events[-1]["code"]) == ("RUN_ERROR", "server_error")


@pytest.mark.parametrize(
    "value",
    [{"type": "error", "message": "No.", "code": "x"}, {"type": "error", "error": {"message": "No.", "code": "x"}}],
)
def test_an_error_event_ends_the_run_in_both_of_its_shapes(value: dict[str, Any]) -> None:
    assert events_of(frame(value, "error"))[-1] == {"type": "RUN_ERROR", "message": "No.", "code": "x"}


def test_events_of_tools_that_run_elsewhere_are_kept_as_they_came() -> None:
    assert kinds(events_of(response("web_search_call.searching", item_id="ws")))[-1] == "RAW"
