"""A chunk says "the same as before"; expansion says what that was."""

from __future__ import annotations

from typing import Any

import pytest

from agui_widget.errors import ProtocolViolation
from agui_widget.protocol import replay
from agui_widget.protocol.expand import Expand

from .protocol.say import a_run, event, finished, kinds, started


def chunk(delta: str | None = None, **fields: Any) -> dict[str, Any]:
    return event("TEXT_MESSAGE_CHUNK", **fields, **({} if delta is None else {"delta": delta}))


def expand(*events: dict[str, Any]) -> list[dict[str, Any]]:
    stage = Expand()
    return [expanded for item in events for expanded in stage.feed(item)]


def test_the_first_chunk_opens_and_the_end_of_the_run_closes() -> None:
    assert expand(chunk("a", messageId="m"), chunk("b"), finished()) == [
        event("TEXT_MESSAGE_START", messageId="m", role="assistant"),
        event("TEXT_MESSAGE_CONTENT", messageId="m", delta="a"),
        event("TEXT_MESSAGE_CONTENT", messageId="m", delta="b"),
        event("TEXT_MESSAGE_END", messageId="m"),
        finished(),
    ]


def test_another_id_closes_and_opens() -> None:
    result = expand(chunk("a", messageId="m"), chunk("b", messageId="n"))
    assert [(e["type"][13:], e["messageId"]) for e in result] == [
        ("START", "m"),
        ("CONTENT", "m"),
        ("END", "m"),
        ("START", "n"),
        ("CONTENT", "n"),
    ]


def test_another_kind_in_the_lane_closes_the_one_before() -> None:
    tool = event("TOOL_CALL_CHUNK", toolCallId="c", toolCallName="f", delta="{")
    reasoning = event("REASONING_MESSAGE_CHUNK", messageId="r", delta="hm")
    assert kinds(expand(chunk("a", messageId="m"), tool, reasoning))[2::3] == ["TEXT_MESSAGE_END", "TOOL_CALL_END"]


def test_an_opener_without_content_only_opens() -> None:
    assert kinds(expand(chunk(messageId="m"))) == ["TEXT_MESSAGE_START"]


def test_an_empty_id_is_an_id() -> None:
    assert expand(chunk("a", messageId=""))[0]["messageId"] == ""


def test_a_chunk_with_only_a_raw_event_or_metadata_still_says_it() -> None:
    _, *rest = expand(chunk(messageId="m"), chunk(rawEvent=1), chunk(metadata={"k": 1}), chunk())
    assert rest == [
        event("TEXT_MESSAGE_CONTENT", messageId="m", delta="", rawEvent=1),
        event("TEXT_MESSAGE_CONTENT", messageId="m", delta="", metadata={"k": 1}),
    ]


def test_metadata_rides_on_both_events_and_the_raw_event_on_the_content() -> None:
    start, content = expand(chunk("a", messageId="m", metadata={"k": 1}, rawEvent=2, timestamp=3))
    assert start == event("TEXT_MESSAGE_START", messageId="m", role="assistant", metadata={"k": 1})
    assert content == event("TEXT_MESSAGE_CONTENT", messageId="m", delta="a", metadata={"k": 1}, rawEvent=2)


def test_the_closed_message_does_not_get_the_next_ones_metadata() -> None:
    result = expand(chunk("a", messageId="m"), chunk("b", messageId="n", metadata={"k": 1}))
    assert result[2] == event("TEXT_MESSAGE_END", messageId="m")


@pytest.mark.parametrize(
    ("first", "words"),
    [
        (chunk("a"), "First TEXT_MESSAGE_CHUNK must have a messageId"),
        (event("TOOL_CALL_CHUNK", delta="{"), "First TOOL_CALL_CHUNK must have a toolCallId"),
        (event("TOOL_CALL_CHUNK", toolCallId="c"), "First TOOL_CALL_CHUNK must have a toolCallName"),
        (event("REASONING_MESSAGE_CHUNK", delta=""), "First REASONING_MESSAGE_CHUNK must have a messageId"),
    ],
)
def test_the_first_chunk_must_say_what_it_opens(first: dict[str, Any], words: str) -> None:
    with pytest.raises(ProtocolViolation, match=words):
        expand(first)


@pytest.mark.parametrize(
    ("again", "words"),
    [
        (chunk("b", role="user"), "role 'user' does not match the open stream's role 'assistant'"),
        (chunk("b", messageId="m", name="n"), r"name 'n' does not match the open stream's name \(absent\)"),
    ],
)
def test_a_continuation_may_repeat_but_not_contradict(again: dict[str, Any], words: str) -> None:
    with pytest.raises(ProtocolViolation, match=words):
        expand(chunk("a", messageId="m"), again)
    assert kinds(expand(chunk("a", messageId="m"), chunk("b", role="assistant", messageId="m")))[-1].endswith("CONTENT")


def test_a_refused_chunk_leaves_the_lane_as_it_was() -> None:
    stage = Expand()
    stage.feed(chunk("a", messageId="m"))
    for bad in (event("TOOL_CALL_CHUNK", toolCallId="c"), chunk("b", role="user")):
        with pytest.raises(ProtocolViolation):
            stage.feed(bad)
    assert stage.feed(chunk("b")) == [event("TEXT_MESSAGE_CONTENT", messageId="m", delta="b")]


def test_subagents_and_the_parent_assemble_side_by_side() -> None:
    result = expand(
        chunk("p", messageId="m"),
        chunk("s", messageId="n", subagentRunId="s"),
        chunk("P"),
        chunk("S", subagentRunId="s"),
        chunk("N", messageId="n"),
    )
    said = [(e["messageId"], e.get("subagentRunId"), e["delta"]) for e in result if "delta" in e]
    assert said == [("m", None, "p"), ("n", "s", "s"), ("m", None, "P"), ("n", "s", "S"), ("n", "s", "N")]


def test_a_bare_chunk_goes_to_the_only_open_stream_of_its_kind() -> None:
    tool = event("TOOL_CALL_CHUNK", toolCallId="c", toolCallName="f", subagentRunId="s")
    assert expand(tool, event("TOOL_CALL_CHUNK", delta="{"))[-1]["subagentRunId"] == "s"


def test_a_bare_chunk_that_could_go_to_two_is_refused() -> None:
    with pytest.raises(ProtocolViolation, match="Ambiguous TEXT_MESSAGE_CHUNK"):
        expand(chunk(messageId="m", subagentRunId="a"), chunk(messageId="n", subagentRunId="b"), chunk("?"))


def test_a_chunk_may_not_name_another_subagent_than_the_opener() -> None:
    with pytest.raises(ProtocolViolation, match=r"does not match the open stream's subagent '\(the parent agent\)'"):
        expand(chunk("a", messageId="m"), chunk("b", messageId="m", subagentRunId="s"))


CLOSES_ITS_LANE = [
    event("CUSTOM", name="x", value=1),
    event("STATE_SNAPSHOT", snapshot=1),
    event("STEP_STARTED", stepName="s"),
    event("TOOL_CALL_RESULT", messageId="r", toolCallId="c", content=""),
    event("REASONING_START", messageId="r"),
]
CLOSES_NOTHING = [
    event("RAW", event=1),
    event("ACTIVITY_SNAPSHOT", messageId="a", activityType="t", content={}),
    event("REASONING_ENCRYPTED_VALUE", subtype="message", entityId="m", encryptedValue="e"),
    event("SUBAGENT_STARTED", subagentRunId="s", name="n"),
]


@pytest.mark.parametrize("item", CLOSES_ITS_LANE, ids=lambda item: item["type"])
def test_an_event_of_the_same_lane_closes_the_stream(item: dict[str, Any]) -> None:
    assert kinds(expand(chunk("a", messageId="m"), item))[-2:] == ["TEXT_MESSAGE_END", item["type"]]
    of_another = {**item, "subagentRunId": "other"}
    assert "TEXT_MESSAGE_END" not in kinds(expand(chunk("a", messageId="m"), of_another))


@pytest.mark.parametrize("item", CLOSES_NOTHING, ids=lambda item: item["type"])
def test_an_aside_closes_nothing(item: dict[str, Any]) -> None:
    assert kinds(expand(chunk("a", messageId="m"), item, chunk("b")))[-2:] == [item["type"], "TEXT_MESSAGE_CONTENT"]


@pytest.mark.parametrize(
    "item", [started(), finished(), event("RUN_ERROR", message="x"), event("MESSAGES_SNAPSHOT", messages=[])]
)
def test_an_event_of_the_whole_run_closes_every_lane(item: dict[str, Any]) -> None:
    result = expand(chunk(messageId="m"), chunk(messageId="n", subagentRunId="s"), item)
    assert result[2:] == [
        event("TEXT_MESSAGE_END", messageId="m"),
        event("TEXT_MESSAGE_END", messageId="n", subagentRunId="s"),
        item,
    ]


def test_the_end_of_a_subagent_closes_its_lane_only() -> None:
    ended = event("SUBAGENT_FINISHED", subagentRunId="s")
    result = expand(chunk(messageId="m"), chunk(messageId="n", subagentRunId="s"), ended)
    assert [e.get("messageId") for e in result if e["type"] == "TEXT_MESSAGE_END"] == ["n"]


def test_a_stream_that_is_cut_closes_nothing() -> None:
    result = replay([started(), chunk("a", messageId="m")])
    assert (result.outcome, kinds(result.delivered)[-1]) == ("truncated", "TEXT_MESSAGE_CONTENT")


def test_chunks_make_messages() -> None:
    result = replay(a_run(chunk("a", messageId="m", name="bot"), chunk("b")), strict=True)
    assert result.messages == [{"id": "m", "role": "assistant", "name": "bot", "content": "ab"}]
