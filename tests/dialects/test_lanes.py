"""`lanes`: envelopes of others and of our own session become the same conversation."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agui_widget import Driver, telemetry
from agui_widget.dialects import DIALECTS
from agui_widget.dialects.lanes_encode import encode, encode_run
from agui_widget.dialects.lanes_v1 import ROWS
from agui_widget.envelope import coalesce, draft
from agui_widget.protocol import replay
from agui_widget.session import Session
from agui_widget.sse import ServerSentEvent, decode
from agui_widget.sse import encode as as_bytes

from .harness import (
    Event,
    capture,
    damages,
    frames_of,
    problems,
    read,
)

STORY, KINDS = capture("lanes/story.sse"), capture("lanes/kinds.sse")


def envelope(kind: str, lane: str, payload: dict[str, Any], seq: int, **more: Any) -> ServerSentEvent:
    sent = {"v": "agui.v1", "id": f"s:{seq}", "ts": 1, "stream": "s", "message_id": "m", "kind": kind, "lane": lane}
    return ServerSentEvent("agui", json.dumps({**sent, "corr": "r", "seq": seq, "payload": payload, **more}))


def words(*texts: str) -> list[ServerSentEvent]:
    return [envelope("token.delta", "text", {"text": text}, seq) for seq, text in enumerate(texts, start=1)]


def said(events: Iterable[Event]) -> str:
    """What the agent has said in the end, as it is in the history."""
    messages = replay([*events]).messages
    return "\n".join(each["content"] for each in messages if each["role"] == "assistant" and each.get("content"))


def notices(events: Iterable[Event]) -> list[str]:
    return [each["value"]["message"] for each in events if each.get("name") == "agui_widget.notice"]


def values(events: Iterable[Event], name: str) -> list[Any]:
    return [each["value"] for each in events if each.get("name") == name]


def chat_of(events: list[Event]) -> Driver:
    async def agent() -> AsyncIterator[Event]:
        for event in events:
            yield event

    driver = Driver(agent)
    driver.submit("hi")
    driver.wait()
    return driver


def lane_texts(snapshot: dict[str, Any]) -> list[tuple[str, str]]:
    """The words on screen in their order: (lane, text)."""
    return [
        (name, part["text"])
        for message in snapshot["messages"]
        if message["role"] != "user"
        for name, lane in message["lanes"].items()
        for part in lane["parts"]
        if part["kind"] in ("text", "blocks") and part["text"]
    ]


# Captures


@pytest.mark.parametrize("content", [STORY, KINDS], ids=["story", "kinds"])
def test_what_is_read_is_a_run_that_the_protocol_takes_as_it_is(content: bytes) -> None:
    result = replay(read("lanes", frames_of(content)), strict=True)
    assert (result.outcome, result.warnings) == ("finished", [])


def test_the_capture_of_kinds_has_every_kind_that_stands_in_a_stream_of_others() -> None:
    kinds = {json.loads(frame.data)["kind"] for frame in frames_of(KINDS)}
    assert kinds >= ROWS.keys() - {"run.update", "a2ui.edit", "telemetry.append", "media.append"}
    assert problems(read("lanes", frames_of(KINDS))) == ["half the figures are missing"]


def test_damage_is_seen_and_survived() -> None:
    frames = frames_of(STORY)
    for number in range(len(frames)):
        for wrong in ("{", "[]", "7", '{"v": "agui.v2"}', '{"v": "agui.v1"}', "null"):
            damaged = [*frames[:number], ServerSentEvent("agui", wrong), *frames[number + 1 :]]
            found = problems(read("lanes", damaged))
            assert any(f"frame {number + 1} " in each for each in found), (number, wrong, found)


@pytest.mark.parametrize("content", [STORY, KINDS], ids=["story", "kinds"])
def test_no_damage_of_any_field_breaks_the_run_or_its_picture(content: bytes) -> None:
    frames = frames_of(content)
    for damage in damages(frames):
        events = read("lanes", [*frames[: damage.number - 1], damage.frame, *frames[damage.number :]])
        assert replay(events).outcome in ("finished", "truncated"), str(damage)


@pytest.mark.parametrize(
    ("kind", "lane", "payload", "field"),
    [
        ("token.delta", "text", {"text": 7}, "text"),
        ("message.status", "status", {"status": "x", "progress": 7}, "progress"),
        ("tools.update", "tools", {"tools": [{"call_id": "a", "state": "dancing"}]}, "tools.0.state"),
        ("tools.progress", "tools", {"tools": [{}]}, "tools.0.call_id"),
        ("tools.summary", "tools", {"html": []}, "html"),
        ("tool.call", "tools", {"tool": "a"}, "call_id"),
        ("tool.result", "tools", {"ok": "yes"}, "ok"),
        ("tool.args", "tools", {"call_id": "a"}, "text"),
        ("a2ui.render", "a2ui", {"spec": []}, "spec"),
        ("citations.update", "citations", {"citations": [{"url": 1}]}, "citations.0.url"),
        ("error.raise", "errors", {}, "message"),
        ("state.update", "status", {}, "state"),
        ("message.final", "text", {"markdown": 1}, "markdown"),
        ("message.snapshot", "all", {"lanes": []}, "lanes"),
        ("bundle.html", "status", {"html": 1}, "html"),
        ("resync.required", "status", {"reason": 1}, "reason"),
        ("message.start", "status", {}, "role"),
        ("blocks.patch", "text", {"text": 1}, "text"),
        ("part.put", "text", {"kind": "text"}, "key"),
        ("telemetry.append", "text", {"part": "x", "rows": [1]}, "rows.0"),
        ("run.update", "status", {"state": 1}, "state"),
    ],
)
def test_a_payload_of_a_wrong_shape_is_an_error_that_names_frame_kind_and_field(
    kind: str, lane: str, payload: dict[str, Any], field: str
) -> None:
    events = read(
        "lanes", [*words("so "), envelope(kind, lane, payload, 2), envelope("token.delta", "text", {"text": "good"}, 3)]
    )
    (problem,) = problems(events)
    assert f"frame 2 ({kind}) is malformed: {field}:" in problem
    assert said(events) == "so good"


def test_words_in_a_lane_of_something_else_are_an_error() -> None:
    (problem,) = problems(read("lanes", [envelope("token.delta", "tools", {"text": "x"}, 1)]))
    assert problem == "frame 1 (token.delta) is malformed: lane: there are no words in 'tools'"


def test_an_envelope_that_cannot_be_read_is_said_once_and_is_no_gap() -> None:
    strange = envelope("token.delta", "kitchen", {"text": "b"}, 2)
    (problem,) = problems(read("lanes", [*words("a"), strange, envelope("token.delta", "text", {"text": "c"}, 3)]))
    assert problem.startswith("frame 2 (token.delta) is malformed: lane: Input should be 'thinking', ")


def test_another_version_is_named() -> None:
    (problem,) = problems(read("lanes", [*words("a"), envelope("token.delta", "text", {"text": "b"}, 2, v="agui.v2")]))
    assert "'agui.v2'" in problem and "'agui.v1'" in problem


def test_an_unknown_kind_is_kept_as_it_came() -> None:
    events = read("lanes", [envelope("dance.begin", "text", {"step": 1}, 1)])
    (raw,) = [each for each in events if each["type"] == "RAW"]
    assert raw["event"]["data"]["payload"] == {"step": 1}


def test_the_dialect_is_recognised_by_its_envelopes() -> None:
    assert DIALECTS["lanes"].recognises(words("a")[0])
    assert not DIALECTS["lanes"].recognises(ServerSentEvent("agui", '{"v": "agui.v1", "event": "token.delta"}'))


# Messages of subagents

OF_A = {"message_id": "a"}
SUBAGENT = ("message.start", "status", {"role": "assistant", "name": "helper", "parent": "group"})
WORD = ("token.delta", "text", {"text": "x"})
THOUGHT = ("token.delta", "thinking", {"text": "x"})
CALL = ("tool.args", "tools", {"call_id": "c", "text": "{"})
END = ("run.update", "status", {"state": "finished"})


def numbered(*sent: tuple[tuple[str, str, dict[str, Any]], dict[str, Any]]) -> list[ServerSentEvent]:
    return [envelope(*each, seq, **more) for seq, (each, more) in enumerate(sent, start=1)]


@pytest.mark.parametrize("begun", [WORD, THOUGHT, CALL], ids=lambda each: f"{each[0]} {each[1]}")
@pytest.mark.parametrize("ending", [{}, OF_A], ids=["of the agent", "of the subagent"])
def test_what_has_begun_stays_whose_it_is(begun: Any, ending: dict[str, Any]) -> None:
    of_the_agent = numbered((begun, OF_A), (SUBAGENT, {"message_id": "b"}), (SUBAGENT, OF_A), (END, ending))
    of_a_subagent = numbered((SUBAGENT, OF_A), (begun, OF_A), (begun, {}), (END, ending))
    for frames in (of_the_agent, of_a_subagent):
        result = replay(read("lanes", frames), strict=True)
        assert (result.outcome, result.warnings) == ("finished", [])


def test_a_gap_before_what_a_user_says_is_said() -> None:
    user = ("message.start", "status", {"role": "user"})
    frames = [*numbered((user, OF_A)), envelope(*WORD, 5, **OF_A), envelope(*WORD, 6)]
    events = read("lanes", frames)
    assert len(problems(events)) == 1 and replay(events).outcome == "truncated"


# Numbers


def test_a_change_that_comes_twice_is_dropped_and_counted() -> None:
    one, two = words("so ", "good")
    done = envelope("message.status", "status", {"status": "done"}, 3)
    events = read("lanes", [one, one, two, one, done])
    assert said(events) == "so good"
    assert notices(events) == ["2 changes came twice and were dropped"]


def test_changes_that_are_missing_are_said_and_the_rest_is_read() -> None:
    events = read("lanes", [*words("so "), envelope("token.delta", "text", {"text": "good"}, 5)])
    assert problems(events) == ["changes 2 to 4 are missing: what is shown may be incomplete"]
    assert said(events) == "so good"


def test_one_change_that_is_missing_is_named() -> None:
    events = read("lanes", [*words("so "), envelope("token.delta", "text", {"text": "good"}, 3)])
    assert problems(events) == ["change 2 is missing: what is shown may be incomplete"]


def test_a_merged_envelope_stands_for_all_its_numbers() -> None:
    merged = envelope("token.delta", "text", {"text": "good"}, 4, seq_from=2)
    assert not problems(read("lanes", [*words("so "), merged, envelope("token.delta", "text", {"text": "!"}, 5)]))


def test_a_stream_may_begin_anywhere() -> None:
    assert not problems(read("lanes", [envelope("token.delta", "text", {"text": "a"}, 77)]))


def test_a_snapshot_fills_a_gap_and_moves_the_cursor() -> None:
    snapshot = {"lanes": {"text": "so far"}, "cursor": {"last_seq": 40, "last_event_id": "s:40"}}
    events = read(
        "lanes",
        [
            *words("so "),
            envelope("resync.required", "status", {"reason": "too old"}, 2),
            envelope("message.snapshot", "all", snapshot, 40),
            envelope("token.delta", "text", {"text": " so good"}, 41),
        ],
    )
    assert (said(events), problems(events)) == ("so far so good", [])
    assert "too old" in notices(events)[0]


# What each kind becomes


def test_the_final_text_replaces_what_was_streamed() -> None:
    events = read("lanes", [*words("dr", "aft"), envelope("message.final", "text", {"markdown": "The **end**."}, 3)])
    assert said(events) == "The **end**."
    assert lane_texts(chat_of(events).session.snapshot()) == [("text", "The **end**.")]


def test_a_stream_that_closes_after_its_last_message_was_final_has_ended_well() -> None:
    final = envelope("message.final", "text", {"markdown": "done"}, 2)
    assert read("lanes", [*words("do"), final])[-1]["type"] == "RUN_FINISHED"
    assert replay(read("lanes", words("do"))).outcome == "truncated"


def test_a_run_that_failed_there_fails_here() -> None:
    run = envelope("run.update", "status", {"run_id": "r", "state": "error"}, 2)
    assert replay(read("lanes", [*words("so "), run])).outcome == "error"


def test_rows_of_calls_become_calls_with_arguments_and_results() -> None:
    messages = replay(read("lanes", frames_of(KINDS))).messages
    calls = {call["id"]: call["function"] for each in messages for call in each.get("toolCalls", ())}
    results = {each["toolCallId"]: each["content"] for each in messages if each["role"] == "tool"}
    assert calls == {
        "a": {"name": "search", "arguments": '{"q": 1}'},
        "b": {"name": "plot", "arguments": '{"x": 1}'},
        "c": {"name": "add", "arguments": '{"a": 1}'},
    }
    assert results == {"a": "found", "b": "", "c": '{"sum": 2}'}


def test_a_result_without_an_id_is_that_of_the_run() -> None:
    result = envelope("tool.result", "tools", {"ok": False, "result": "no"}, 1)
    (found,) = [each for each in read("lanes", [result]) if each["type"] == "TOOL_CALL_RESULT"]
    assert (found["toolCallId"], found["metadata"]["error"]) == ("r", "no")


def test_each_kind_stands_in_its_lane() -> None:
    snapshot = chat_of(read("lanes", frames_of(KINDS))).session.snapshot()
    shown = {name for each in snapshot["messages"] for name, lane in each["lanes"].items() if lane["parts"]}
    assert shown >= {"text", "tools", "a2ui", "citations", "errors", "status"}
    assert snapshot["state"] == {"step": 1}
    texts = [text for _, text in lane_texts(snapshot)]
    assert "A helper's words." in texts and "taken back" not in texts and "How did the margins do?" not in texts
    assert {each.get("name") for each in snapshot["messages"]} >= {"Helper"}


def test_a_chart_grows_by_its_rows() -> None:
    chart = telemetry.output({"title": "Loss", "series": [{"name": "y"}], "rows": [[1, 2]]})
    events = read(
        "lanes",
        [
            envelope("part.put", "text", {"key": "c", "kind": "output", "value": chart}, 1),
            envelope("telemetry.append", "text", {"part": "c", "rows": [[2, 3]]}, 2),
            envelope("message.status", "status", {"status": "done"}, 3),
        ],
    )
    lanes = [each["lanes"] for each in chat_of(events).session.snapshot()["messages"]]
    (shown,) = [part for each in lanes for part in each.get("text", {"parts": []})["parts"] if part["kind"] == "output"]
    assert shown["value"]["data"][telemetry.MIME]["rows"] == [[1, 2], [2, 3]]


def test_a_tree_of_others_is_not_taken_over() -> None:
    snapshot = json.dumps(chat_of(read("lanes", frames_of(KINDS))).session.snapshot())
    assert "alert(1)" not in snapshot and '"script"' not in snapshot


def test_the_same_messages_of_another_run_are_other_messages() -> None:
    first, second = (
        {each["messageId"] for each in read("lanes", words("a")) if "messageId" in each},
        {each["messageId"] for each in read("lanes", words("a")) if "messageId" in each},
    )
    assert first == second == {"id-1"}  # ids are the reader's own, never theirs


# Our own session, written and read


async def told() -> AsyncIterator[Event]:
    yield {"type": "RUN_STARTED", "threadId": "t", "runId": "r"}
    for event in read("agui", frames_of(capture("agui/story.sse")))[1:]:
        yield event
        await asyncio.sleep(0)


def test_a_session_that_is_relayed_shows_the_same_words_and_calls() -> None:
    origin = Driver(told)
    origin.ask_sync("How did the margins do?")
    sent = origin.session.since(0)
    assert sent
    relayed = chat_of(read("lanes", encode(sent)))
    assert lane_texts(relayed.session.snapshot()) == lane_texts(origin.session.snapshot())
    assert [call.arguments for call in relayed.tool_calls] == [call.arguments for call in origin.tool_calls]
    assert relayed.client.state == origin.client.state
    assert relayed.client.usage == origin.client.usage


def test_a_run_that_is_written_without_a_session_says_the_same() -> None:
    story = read("agui", frames_of(capture("agui/story.sse")))
    written = read("lanes", encode_run(story))
    assert lane_texts(chat_of(written).session.snapshot()) == lane_texts(chat_of(story).session.snapshot())
    assert replay(written).state == replay(story).state


def test_a_gallery_that_grew_is_relayed_with_all_its_images() -> None:
    images = [
        {
            "type": "ACTIVITY_SNAPSHOT",
            "messageId": f"i{n}",
            "activityType": "image",
            "content": {"url": f"https://example.org/{n}.png", "label": f"Frame {n}"},
        }
        for n in range(3)
    ]
    ids = {"threadId": "t", "runId": "r"}
    story = [{"type": "RUN_STARTED", **ids}, *images, {"type": "RUN_FINISHED", **ids}]
    relayed = chat_of(read("lanes", encode_run(story))).session.snapshot()
    (gallery,) = [
        part["value"]["data"]["application/vnd.agui_widget.media+json"]["items"]
        for message in relayed["messages"]
        for part in message["lanes"].get("text", {"parts": []})["parts"]
        if part["kind"] == "output"
    ]
    assert [each["name"] for each in gallery] == ["Frame 0", "Frame 1", "Frame 2"]


@pytest.mark.parametrize(
    ("ending", "outcome"),
    [
        ([{"type": "RUN_ERROR", "message": "no"}], "error"),
        ([], "error"),
        ([{"type": "RUN_FINISHED", "threadId": "t", "runId": "r"}], "finished"),
    ],
)
def test_a_run_ends_as_it_was_written(ending: list[Event], outcome: str) -> None:
    begun = [{"type": "RUN_STARTED", "threadId": "t", "runId": "r"}]
    assert replay(read("lanes", encode_run([*begun, *ending]))).outcome == outcome


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
DRAFTS = st.lists(
    st.one_of(
        st.builds(
            lambda text, part: ("token.delta", "text", {"text": text, "part": part}), TEXTS, st.sampled_from("ab")
        ),
        st.builds(lambda text: ("token.delta", "reasoning", {"text": text}), TEXTS),
        st.builds(lambda text: ("tool.args", "tools", {"call_id": "c", "text": text}), TEXTS),
        st.builds(lambda value: ("state.update", "status", {"state": value}), st.dictionaries(TEXTS, st.integers())),
    ),
    max_size=20,
)


@given(DRAFTS, st.booleans())
def test_what_is_written_is_what_is_read(changes: list[tuple[str, str, dict[str, Any]]], is_merged: bool) -> None:
    session = Session("s1", now=lambda: 1)
    session.append([draft("message.start", "status", {"role": "assistant"}, message_id="m", corr="r")])
    sent = session.append(draft(*each, message_id="m", corr="r") for each in changes)
    envelopes = coalesce(sent) if is_merged else sent
    frames = decode(as_bytes(frame) for frame in encode(envelopes)).events
    assert [json.loads(frame.data) for frame in frames] == envelopes
    assert [frame.id for frame in frames] == [f"s1:{each['seq']}" for each in envelopes]
    events = read("lanes", frames)
    spoken = "".join(payload["text"] for kind, lane, payload in changes if lane == "text")
    assert "".join(each["delta"] for each in events if each["type"] == "TEXT_MESSAGE_CONTENT") == spoken
    assert problems(events) == []
