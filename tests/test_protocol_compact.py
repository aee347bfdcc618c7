"""A stream may be made shorter, never mean something else."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given, settings

from agui_widget.protocol import compact, replay

from .protocol.corpora import folder, read, read_lines
from .protocol.streams import streams

START = {"type": "RUN_STARTED", "threadId": "t", "runId": "r"}
FINISH = {"type": "RUN_FINISHED", "threadId": "t", "runId": "r"}


def text(name: str, *deltas: str) -> list[dict[str, Any]]:
    return [
        {"type": "TEXT_MESSAGE_START", "messageId": name},
        *({"type": "TEXT_MESSAGE_CONTENT", "messageId": name, "delta": delta} for delta in deltas),
        {"type": "TEXT_MESSAGE_END", "messageId": name},
    ]


def kinds(events: list[dict[str, Any]]) -> list[str]:
    return [event["type"] for event in events]


def meaning(events: list[Any]) -> tuple[Any, ...]:
    result = replay(events)
    return (
        result.outcome,
        result.messages,
        result.state,
        result.pending_interrupts,
        result.pending_tool_call_ids,
        result.detail if result.outcome != "rejected" else result.detail["rule"],
    )


@settings(max_examples=400)
@given(streams())
@example([])
@pytest.mark.slow
@pytest.mark.timeout(120)
def test_a_compacted_stream_means_the_same_and_is_as_short_as_it_gets(events: list[Any]) -> None:
    compacted = compact(events)
    assert meaning(compacted) == meaning(events)
    assert compact(compacted) == compacted


def test_fragments_become_one() -> None:
    assert compact([START, *text("m", "a", "b", "c"), FINISH]) == [START, *text("m", "abc"), FINISH]


def test_interleaved_messages_are_each_joined_where_they_began() -> None:
    first, second = text("m", "a", "b"), text("n", "1", "2")
    mixed = [event for pair in zip(first, second, strict=True) for event in pair]
    result = compact([START, *mixed, FINISH])
    assert [event["delta"] for event in result if "delta" in event] == ["ab", "12"]


def test_reasoning_and_arguments_are_joined_too() -> None:
    events = [
        {"type": "REASONING_MESSAGE_START", "messageId": "m", "role": "reasoning"},
        {"type": "REASONING_MESSAGE_CONTENT", "messageId": "m", "delta": "a"},
        {"type": "TOOL_CALL_START", "toolCallId": "c", "toolCallName": "f"},
        {"type": "TOOL_CALL_ARGS", "toolCallId": "c", "delta": "{"},
        {"type": "REASONING_MESSAGE_CONTENT", "messageId": "m", "delta": "b"},
        {"type": "TOOL_CALL_ARGS", "toolCallId": "c", "delta": "}"},
        {"type": "TOOL_CALL_END", "toolCallId": "c"},
        {"type": "REASONING_MESSAGE_END", "messageId": "m"},
    ]
    deltas = [event["delta"] for event in compact([START, *events, FINISH]) if "delta" in event]
    assert deltas == ["ab", "{}"]


def test_metadata_of_joined_fragments_is_merged() -> None:
    events = text("m", "a", "b")
    events[1]["metadata"], events[2]["metadata"] = {"k": 1, "l": 1}, {"k": 2}
    content = compact([START, *events, FINISH])[2]
    assert content["metadata"] == {"k": 2, "l": 1}


def test_text_does_not_move_across_a_snapshot_of_the_messages() -> None:
    snapshot = {"type": "MESSAGES_SNAPSHOT", "messages": [{"id": "m", "role": "assistant", "content": "new "}]}
    first, *rest = text("m", "a", "b")
    events = [START, first, rest[0], snapshot, rest[1], rest[2], FINISH]
    assert replay(compact(events)).messages == [{"id": "m", "role": "assistant", "content": "new b"}]


def test_an_open_message_is_closed_before_the_run_is() -> None:
    result = compact([START, *text("m", "a")[:-1], FINISH])
    assert kinds(result)[-2:] == ["TEXT_MESSAGE_END", "RUN_FINISHED"]
    assert replay(result, strict=True).outcome == "finished"


def test_chunks_come_out_as_whole_messages() -> None:
    chunks = [{"type": "TEXT_MESSAGE_CHUNK", "messageId": "m", "delta": delta} for delta in "abc"]
    expected = text("m", "abc")
    expected[0]["role"] = "assistant"
    assert compact([START, *chunks, FINISH]) == [START, *expected, FINISH]


def test_state_becomes_one_snapshot() -> None:
    events = [
        {"type": "STATE_SNAPSHOT", "snapshot": {"n": 0}},
        {"type": "STATE_DELTA", "delta": [{"op": "add", "path": "/n", "value": 1}]},
        {"type": "STATE_SNAPSHOT", "snapshot": {"n": 2}},
        {"type": "STATE_DELTA", "delta": [{"op": "add", "path": "/n", "value": 3}]},
    ]
    result = compact([START, *events, FINISH])
    assert result == [START, {"type": "STATE_SNAPSHOT", "snapshot": {"n": 3}}, FINISH]


def test_an_activity_becomes_one_snapshot_with_its_last_content() -> None:
    snapshot = {"type": "ACTIVITY_SNAPSHOT", "messageId": "a", "activityType": "plan", "content": {"n": 0}}
    delta = {
        "type": "ACTIVITY_DELTA",
        "messageId": "a",
        "activityType": "plan",
        "patch": [{"op": "replace", "path": "/n", "value": 1}],
    }
    result = compact([START, snapshot, delta, {**snapshot, "content": {"n": 5}}, delta, FINISH])
    assert result == [START, {**snapshot, "content": {"n": 1}}, FINISH]


def test_the_run_that_breaks_a_rule_is_left_as_it_is() -> None:
    bad = [START, *text("m", "a", "b"), {"type": "TEXT_MESSAGE_CONTENT", "messageId": "?", "delta": ""}, 7]
    good = [START, *text("n", "a", "b"), FINISH]
    assert compact([*good, *bad]) == [START, *text("n", "ab"), FINISH, *bad]


def test_the_given_events_are_not_changed() -> None:
    events = [START, {"type": "STATE_SNAPSHOT", "snapshot": {"n": [0]}}, *text("m", "a", "b")]
    delta = {"type": "STATE_DELTA", "delta": [{"op": "add", "path": "/n/0", "value": 1}]}
    before = repr([*events, delta, FINISH])
    events = [*events, delta, FINISH]
    compact(events)
    assert repr(events) == before


def test_captured_streams_mean_the_same_compacted() -> None:
    for path in sorted(folder("agui/captures").glob("*.jsonl")):
        events = read_lines(path)
        compacted = compact(events)
        assert meaning(compacted) == meaning(events), path.name
        assert len(compacted) <= len(replay(events).delivered), path.name


def test_the_conformance_streams_mean_the_same_compacted() -> None:
    for path in sorted(folder("agui/conformance-1.0/streams").glob("*.json")):
        events = read(path)["stream"]
        assert meaning(compact(events)) == meaning(events), path.name
