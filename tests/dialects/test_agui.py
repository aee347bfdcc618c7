"""The `agui` dialect: events as they are."""

from __future__ import annotations

from agui_widget.protocol import replay

from .harness import capture, frame, frames_of, problems, read

STARTED = {"type": "RUN_STARTED", "threadId": "t", "runId": "r"}
FINISHED = {"type": "RUN_FINISHED", "threadId": "t", "runId": "r"}


def test_events_go_through_as_they_are() -> None:
    assert read("agui", [frame(STARTED), frame({"type": "NEW", "x": [1]})]) == [STARTED, {"type": "NEW", "x": [1]}]


def test_what_is_no_event_is_said_inside_the_run_and_the_rest_is_read() -> None:
    events = read("agui", [frame("{broken"), frame(STARTED), frame("[]"), frame(FINISHED)])
    assert [event["type"] for event in events] == ["RUN_STARTED", "CUSTOM", "CUSTOM", "RUN_FINISHED"]
    assert problems(events) == ["frame 1 is no JSON object: {broken", "frame 3 is no JSON object: []"]
    assert replay(events, strict=True).outcome == "finished"


def test_a_stream_of_nothing_that_is_an_event_says_so() -> None:
    assert len(problems(read("agui", [frame("<html>")]))) == 1


def test_the_story_is_a_clean_run() -> None:
    assert replay(read("agui", frames_of(capture("agui/story.sse"))), strict=True).warnings == []
