"""The `dotted` dialect: the payload alone, tagged, or in an envelope."""

from __future__ import annotations

from typing import Any

import pytest

from agui_widget import Driver
from agui_widget.dialects import dotted
from agui_widget.sse import ServerSentEvent

from .harness import (
    Event,
    capture,
    frame,
    frames_of,
    problems,
    read,
)

SHAPES = ("story", "story-tagged", "story-enveloped")


def alone(kind: str, **payload: Any) -> ServerSentEvent:
    return frame(payload, kind)


def tagged(kind: str, **payload: Any) -> ServerSentEvent:
    return frame({"type": kind, "payload": payload})


def enveloped(kind: str, version: Any = "agui.v1", **payload: Any) -> ServerSentEvent:
    return frame({"v": version, "id": "e", "ts": 1, "stream": "s", "event": kind, "payload": payload}, "agui")


def events_of(*frames: ServerSentEvent) -> list[Event]:
    return read("dotted", frames)


def kinds(events: list[Event]) -> list[str]:
    return [event["type"] for event in events]


def test_all_shapes_give_the_same_events() -> None:
    first, *others = (read("dotted", frames_of(capture(f"dotted/{name}.sse"))) for name in SHAPES)
    assert others == [first, first]


@pytest.mark.parametrize("shape", [alone, tagged, enveloped])
def test_a_stream_is_found_by_its_first_frame(shape: Any) -> None:
    words = shape("token.delta", text="Hello")
    assert dotted.recognises(words)
    said = read("auto", [words])
    assert [event.get("delta") for event in said if event["type"] == "TEXT_MESSAGE_CONTENT"] == ["Hello"]


@pytest.mark.parametrize(
    "strange",
    [
        frame({"v": "agui.v1", "id": "e", "kind": "token.delta", "lane": "text", "payload": {"text": "a"}}, "agui"),
        frame({"type": "error", "message": "flat"}, "error"),
        frame({"message": "anybody's"}, "error"),
        frame({}, "keepalive"),
        frame({"type": "tool_result", "id": "c", "result": 1}, "tool_result"),
        frame({"type": "message.delta", "data": {"text": "a"}}, "message.delta"),
        frame("[]", "token.delta"),
    ],
)
def test_frames_of_others_are_not_recognised(strange: ServerSentEvent) -> None:
    assert not dotted.recognises(strange)


def test_the_end_of_the_stream_is_the_end_of_the_run() -> None:
    assert kinds(events_of(alone("token.delta", text="a")))[-2:] == ["TEXT_MESSAGE_END", "RUN_FINISHED"]
    assert events_of() == []


def test_an_error_ends_the_run() -> None:
    events = events_of(alone("error", message="No."), alone("token.delta", text="late"))
    assert events[-1] == {"type": "RUN_ERROR", "message": "No."}


@pytest.mark.parametrize(
    "beat",
    [
        alone("tick"),
        tagged("keepalive"),
        enveloped("tick", "agui.v7"),
        frame({"type": "tick"}),
        frame({"type": "keepalive", "payload": None}),
        frame("", "tick"),
        frame("2026-01-01", "tick"),
        frame("null", "keepalive"),
    ],
    ids=lambda each: f"{each.event} {each.data[:20]}",
)
def test_beats_say_nothing_whatever_they_carry(beat: ServerSentEvent) -> None:
    assert kinds(events_of(beat)) == ["RUN_STARTED", "RUN_FINISHED"]


def test_a_tag_without_its_payload_is_an_error_that_names_it() -> None:
    (problem,) = problems(events_of(frame({"type": "token.delta"})))
    assert problem.startswith("frame 1 (token.delta) is malformed: payload: ")


def test_a_stream_in_which_nothing_can_be_read_has_no_end() -> None:
    assert kinds(events_of(frame("<html>"), frame("garbage"))) == ["RUN_STARTED", "CUSTOM", "CUSTOM"]


def test_another_version_is_named_and_the_stream_goes_on() -> None:
    events = events_of(enveloped("token.delta", "agui.v7", text="a"), enveloped("token.delta", text="b"))
    (problem,) = problems(events)
    assert problem.startswith('frame 1 (agui) is of version "agui.v7", and only agui.v1 is read: ')
    assert [event["delta"] for event in events if event["type"] == "TEXT_MESSAGE_CONTENT"] == ["b"]


def test_a_problem_names_the_frame_and_the_field() -> None:
    events = events_of(tagged("tool.call", tool=7), enveloped("ui.render", schema="a2ui.v1"))
    assert problems(events) == [
        "frame 1 (tool.call) is malformed: tool: Input should be a valid string",
        "frame 2 (ui.render) is malformed: component: Field required",
    ]


def test_a_type_that_nobody_knows_is_kept() -> None:
    raw = next(event for event in events_of(tagged("token.omega", text="a")) if event["type"] == "RAW")
    assert raw["source"] == "dotted" and raw["event"]["data"] == {"type": "token.omega", "payload": {"text": "a"}}


def test_a_result_of_an_unknown_call_answers_the_oldest_call_without_an_id() -> None:
    events = events_of(
        alone("tool.call", tool="f", args={}),
        alone("tool.call", tool="g", args={}),
        alone("tool.result", call_id="x", ok=True, result=1),
        alone("tool.result", call_id="x", ok=True, result=2),
        alone("tool.result", call_id="y", ok=True, result=3),
    )
    names = {event["toolCallId"]: event["toolCallName"] for event in events if event["type"] == "TOOL_CALL_START"}
    given = [(names[e["toolCallId"]], e["content"]) for e in events if e["type"] == "TOOL_CALL_RESULT"]
    assert given == [("f", "1"), ("f", "2"), ("g", "3")]


def test_a_result_that_is_not_ok_is_an_error_of_the_call() -> None:
    result = events_of(alone("tool.result", call_id="c", ok=False, result={"why": "no file"}))[-2]
    assert (result["content"], result["metadata"]) == ('{"why": "no file"}', {"error": '{"why": "no file"}'})


# -- interfaces ------------------------------------------------------------------------------------------


def surfaces(driver: Driver) -> list[dict[str, Any]]:
    messages = driver.session.snapshot()["messages"]
    return [part for message in messages for part in message["lanes"].get("a2ui", {"parts": []})["parts"]]


def test_an_interface_is_shown_by_its_schema_and_component() -> None:
    events = read("dotted", frames_of(capture("dotted/interfaces.sse")))

    async def agent() -> Any:
        for event in events:
            yield event

    driver = Driver(agent)
    driver.ask_sync("Go")
    specs = [part["value"]["spec"] for part in surfaces(driver)]
    assert [(each["schema"], each["component"]) for each in specs] == [
        ("a2ui.v1", "card"),
        ("a2ui.v1", "form"),
        ("pasx.v4.1", "artifact.card"),
        ("pasx.v4.1", "artifact.collect_goal"),
        ("pasx.v9", "gauge"),  # the page says that nobody draws it
    ]
    assert driver.client.state == {"quarter": "Q3"}


def test_a_submitted_form_reaches_the_agent_as_its_component_and_values() -> None:
    heard: list[Any] = []

    async def agent(run: Any) -> Any:
        heard.append(run.input["forwardedProps"])
        values = heard[-1].get("a2uiAction", {}).get("userAction", {}).get("context", {}).get("values")
        spec = {"schema": "a2ui.v1", "component": "form", "props": {"fields": [{"type": "text", "name": "quarter"}]}}
        answer = alone("state.update", state=values) if values else alone("ui.render", **spec)
        for event in events_of(answer)[1:-1]:
            yield event

    driver = Driver(agent)
    driver.ask_sync("Go")
    context = {"component": "form", "values": {"quarter": "Q3"}}
    form = surfaces(driver)[0]
    action = {"name": "submit", "surfaceId": form["key"], "sourceComponentId": "submit", "context": context}
    driver.act({"version": "1.0", "action": action}, part=form["key"]).result(10)
    assert heard[1]["a2uiAction"]["userAction"]["context"] == context
    assert driver.client.state == {"quarter": "Q3"}
