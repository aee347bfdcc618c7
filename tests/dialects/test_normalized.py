"""The `normalized` dialect: the enum, its mirror, and both at once."""

from __future__ import annotations

from typing import Any

import pytest

from agui_widget.dialects import normalized
from agui_widget.sse import ServerSentEvent

from .harness import (
    Event,
    capture,
    frame,
    frames_of,
    problems,
    read,
)

FAMILIES = ("normalized", "mirror", "dual")


def said(kind: str, **payload: Any) -> ServerSentEvent:
    """A frame of the first family."""
    return frame({"type": kind, "data": payload}, kind)


def mirrored(kind: str, **payload: Any) -> ServerSentEvent:
    """A frame of the mirror family."""
    return frame({"kind": kind, "request_id": "r", **payload}, f"agui.{kind}")


def events_of(*frames: ServerSentEvent) -> list[Event]:
    return read("normalized", frames)


def words(events: list[Event]) -> str:
    return "".join(event["delta"] for event in events if event["type"] == "TEXT_MESSAGE_CONTENT")


def kinds(events: list[Event]) -> list[str]:
    return [event["type"] for event in events]


def test_all_families_give_the_same_events() -> None:
    first, *others = (read("normalized", frames_of(capture(f"{family}/story.sse"))) for family in FAMILIES)
    assert [words(other) for other in others] == [words(first)] * 2
    assert others[1] == first


@pytest.mark.parametrize("is_mirror_first", [False, True])
def test_of_a_dual_stream_the_family_that_speaks_first_is_read(is_mirror_first: bool) -> None:
    pair = [said("message.delta", text="Hello"), mirrored("message.delta", delta={"text": "Hello"})]
    frames = (pair[::-1] if is_mirror_first else pair) * 2
    assert words(events_of(*frames)) == "HelloHello"


def test_a_frame_that_nobody_knows_does_not_choose_the_family() -> None:
    events = events_of(frame({"kind": "x"}, "agui.custom"), said("message.delta", text="Hello"))
    assert words(events) == "Hello"
    assert [event["source"] for event in events if event["type"] == "RAW"] == ["normalized"]


def test_what_is_broken_in_the_family_that_is_not_read_is_not_said() -> None:
    events = events_of(said("message.delta", text="a"), ServerSentEvent("agui.message.delta", "{broken"))
    assert (words(events), problems(events)) == ("a", [])


def test_without_event_names_the_type_in_the_frame_counts() -> None:
    lines = [
        frame({"type": "message.delta", "data": {"text": "one "}}),
        frame({"type": "done"}),
    ]
    assert words(events_of(*lines)) == "one "
    mirror = [
        frame({"kind": "message", "phase": "delta", "delta": {"text": "two"}}),
        frame({"kind": "done"}),
    ]
    assert words(events_of(*mirror)) == "two"
    assert kinds(events_of(*mirror))[-1] == "RUN_FINISHED"


def test_with_an_event_name_the_type_may_be_left_out() -> None:
    assert words(events_of(frame({"data": {"text": "one"}}, "message.delta"))) == "one"


def test_the_end_needs_no_data() -> None:
    assert kinds(events_of(said("stream.start", request_id="r"), ServerSentEvent("done", "")))[-1] == "RUN_FINISHED"


@pytest.mark.parametrize("end", [{"type": "done", "data": None}, {"type": "done", "data": {}}, {}])
def test_the_end_may_say_that_it_has_no_data(end: dict[str, Any]) -> None:
    assert kinds(events_of(frame(end, "done")))[-1] == "RUN_FINISHED"


def test_an_optional_field_that_is_null_is_left_out() -> None:
    events = events_of(
        said("stream.start", request_id=None),
        said("citation.added", index=0, url="https://example.org", title=None),
        said("memory.update", key="quarter", value=None, operation=None),
        said("tool_result", id="c", name=None, content="x", success=None),
    )
    assert problems(events) == []


def test_figures_that_are_not_said_are_not_nought() -> None:
    events = events_of(said("usage", prompt_tokens=3), frame({"type": "done"}, "done"))
    assert events[-1]["usage"] == [{"inputTokens": 3}]


def test_nothing_follows_the_end() -> None:
    events = events_of(said("message.delta", text="a"), frame({"type": "done"}, "done"), said("usage"), said("x"))
    assert kinds(events)[-1] == "RUN_FINISHED"


def test_a_stream_without_its_end_is_not_ended() -> None:
    assert kinds(events_of(said("message.delta", text="a")))[-1] == "TEXT_MESSAGE_CONTENT"


def test_a_call_waits_for_its_id_and_its_name() -> None:
    frames = [
        said("tool_call.delta", call_index=0, arguments_delta='{"a"'),
        said("tool_call.delta", call_index=0, name="f"),
        said("tool_call.delta", call_index=0, id="c", arguments_delta=": 1}"),
    ]
    assert kinds(events_of(*frames[:2])) == ["RUN_STARTED"]
    events = events_of(*frames)
    assert events[1:] == [
        {"type": "TOOL_CALL_START", "toolCallId": "c", "toolCallName": "f"},
        {"type": "TOOL_CALL_ARGS", "toolCallId": "c", "delta": '{"a": 1}'},
    ]


def test_a_call_that_comes_whole_has_its_arguments() -> None:
    whole = said("tool_call.complete", call_index=0, id="c", name="f", arguments_json="{}")
    assert kinds(events_of(whole))[1:] == ["TOOL_CALL_START", "TOOL_CALL_ARGS", "TOOL_CALL_END"]


def complete(arguments: str) -> ServerSentEvent:
    return said("tool_call.complete", call_index=0, id="c", name="f", arguments_json=arguments)


def test_of_a_whole_call_what_had_not_come_in_pieces_is_added() -> None:
    piece = said("tool_call.delta", call_index=0, id="c", name="f", arguments_delta='{"a"')
    events = events_of(piece, complete('{"a": 1}'))
    assert [event["delta"] for event in events if event["type"] == "TOOL_CALL_ARGS"] == ['{"a"', ": 1}"]


@pytest.mark.parametrize(("whole", "number"), [('{"a":1}', 0), ('{"a": 2}', 1), ("[" * 900 + "]" * 900, 1), ("", 0)])
def test_a_whole_call_that_is_not_what_came_in_pieces_is_said(whole: str, number: int) -> None:
    piece = said("tool_call.delta", call_index=0, id="c", name="f", arguments_delta='{"a": 1}')
    assert len(problems(events_of(piece, complete(whole)))) == number


@pytest.mark.parametrize("known", [{}, {"id": "c"}, {"name": "f"}])
def test_a_call_that_is_never_named_is_seen_at_the_end(known: dict[str, str]) -> None:
    piece = said("tool_call.delta", call_index=0, arguments_delta="{}", **known)
    events = events_of(piece, frame({"type": "done"}, "done"))
    (start,) = [event for event in events if event["type"] == "TOOL_CALL_START"]
    assert (start["toolCallId"], start["toolCallName"]) == (known.get("id", "id-1"), known.get("name", "tool"))
    assert kinds(events)[-3:] == ["TOOL_CALL_ARGS", "TOOL_CALL_END", "RUN_FINISHED"]


def test_numbers_of_calls_begin_again_in_the_next_round() -> None:
    rounds = [
        said("tool_call.complete", call_index=0, id=call_id, name="f", arguments_json="{}") for call_id in ("c1", "c2")
    ]
    started = [event["toolCallId"] for event in events_of(*rounds) if event["type"] == "TOOL_CALL_START"]
    assert started == ["c1", "c2"]


def test_a_call_that_is_said_to_be_whole_twice_is_one_call() -> None:
    whole = said("tool_call.complete", call_index=0, id="c", name="f", arguments_json="{}")
    assert events_of(whole, whole) == events_of(whole)


def test_calls_at_the_same_time_keep_their_pieces_apart() -> None:
    events = events_of(
        said("tool_call.delta", call_index=0, id="a", name="f", arguments_delta="1"),
        said("tool_call.delta", call_index=1, id="b", name="g", arguments_delta="2"),
        said("tool_call.delta", call_index=0, arguments_delta="3"),
    )
    pieces = [(event["toolCallId"], event["delta"]) for event in events if event["type"] == "TOOL_CALL_ARGS"]
    assert pieces == [("a", "1"), ("b", "2"), ("a", "3")]


def test_a_result_without_success_is_an_error_of_the_call() -> None:
    events = events_of(said("tool_result", id="c", name="f", content="no such file", success=False))
    assert kinds(events)[1:] == ["TOOL_CALL_START", "TOOL_CALL_END", "TOOL_CALL_RESULT"]
    assert events[-1]["metadata"] == {"error": "no such file"}


def test_a_memory_is_set_unless_it_says_otherwise() -> None:
    events = events_of(said("memory.update", key="quarter", value="Q3"))
    assert events[-1] == {
        "type": "CUSTOM",
        "name": "memory",
        "value": {"key": "quarter", "value": "Q3", "operation": "set"},
    }
    assert problems(events_of(said("memory.update", key="quarter", operation="burn")))


def test_an_error_ends_the_run_with_its_code_and_what_it_has_cost() -> None:
    frames = [said("usage", prompt_tokens=3, completion_tokens=4), said("error", message="No.", code="quota")]
    events = events_of(*frames, frame({"type": "done"}, "done"))
    assert events[-1] == {
        "type": "RUN_ERROR",
        "message": "No.",
        "code": "quota",
        "usage": [{"inputTokens": 3, "outputTokens": 4}],
    }


def test_unknown_fields_are_ignored() -> None:
    assert words(events_of(frame({"type": "message.delta", "data": {"text": "a", "x": 1}, "y": 2}))) == "a"


def test_a_problem_names_the_frame_and_the_field() -> None:
    events = events_of(said("message.delta", text="a"), said("citation.added", index=-1, url="https://example.org"))
    assert problems(events) == [
        "frame 2 (citation.added) is malformed: index: Input should be greater than or equal to 0"
    ]


@pytest.mark.parametrize(
    "strange",
    [
        frame({"type": "error", "message": "flat"}, "error"),
        frame({"v": "1", "id": "e", "type": "error", "seq": 1, "ts": 1, "data": {"message": "enveloped"}}),
        frame({"type": "done", "provider": "p", "model": "m"}, "done"),
        frame("[]"),
        frame({"type": ["message.delta"]}),
    ],
)
def test_frames_of_others_are_not_recognised(strange: ServerSentEvent) -> None:
    assert not normalized.recognises(strange)
