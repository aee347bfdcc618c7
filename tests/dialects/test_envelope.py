"""The `envelope` dialect: steps, images and tokens at once."""

from __future__ import annotations

from typing import Any

import pytest

from agui_widget import Driver
from agui_widget.dialects import DIALECTS
from agui_widget.projection import MAX_PROBLEMS, NOTICE
from agui_widget.sse import ServerSentEvent

from .harness import (
    Event,
    capture,
    frame,
    frames_of,
    problems,
    read,
)


def envelope(kind: str, version: Any = "1", **data: Any) -> ServerSentEvent:
    return frame({"v": version, "id": "e", "type": kind, "seq": 1, "ts": 0, "data": data})


def token(text: str, index: int, sender: str = "grover") -> ServerSentEvent:
    return envelope(f"{sender}.token", token=text, index=index)


def done(sender: str = "grover") -> ServerSentEvent:
    return frame({"v": "1", "type": f"{sender}.done"})


def events_of(*frames: ServerSentEvent) -> list[Event]:
    return read("envelope", frames)


def kinds(events: list[Event]) -> list[str]:
    return [event["type"] for event in events]


def texts(events: list[Event]) -> list[str]:
    """The words of each message."""
    said: dict[str, str] = {}
    for event in events:
        if event["type"] == "TEXT_MESSAGE_CONTENT":
            said[event["messageId"]] = said.get(event["messageId"], "") + event["delta"]
    return list(said.values())


def activities(events: list[Event], kind: str) -> list[dict[str, Any]]:
    return [event["content"] for event in events if event.get("activityType") == kind]


def notices(events: list[Event]) -> list[str]:
    return [event["value"]["message"] for event in events if event.get("name") == NOTICE]


def said(*frames: ServerSentEvent) -> Driver:
    """A chat in which an agent has said this."""
    events = events_of(*frames)

    async def agent() -> Any:
        for event in events:
            yield event

    driver = Driver(agent)
    driver.submit("hi")
    driver.wait()
    return driver


def parts(driver: Driver, lane: str = "text") -> list[dict[str, Any]]:
    answers = [each for each in driver.session.snapshot()["messages"] if each["role"] == "assistant"]
    return [part for each in answers for part in each["lanes"].get(lane, {"parts": []})["parts"]]


@pytest.mark.parametrize("name", ["story", "at_once"])
def test_lines_of_json_and_server_sent_events_say_the_same(name: str) -> None:
    of_lines, of_events = (read("envelope", frames_of(capture(f"envelope/{name}.{end}"))) for end in ("ndjson", "sse"))
    assert of_lines == of_events


@pytest.mark.parametrize("name", ["story.sse", "at_once.ndjson", "failed.ndjson"])
def test_it_is_recognised_by_its_first_frame(name: str) -> None:
    frames = frames_of(capture(f"envelope/{name}"))
    first = read("auto", frames)
    assert [event["value"]["message"] for event in first if event.get("name") == NOTICE] == ["read as envelope"]
    assert [event for event in first if event.get("name") != NOTICE] == read("envelope", frames)


def test_no_other_dialect_takes_it_for_its_own() -> None:
    mine = [*frames_of(capture("envelope/at_once.ndjson")), *frames_of(capture("envelope/failed.ndjson"))]
    assert not [name for name, each in DIALECTS.items() if name != "envelope" and any(map(each.recognises, mine))]


# -- everything at once ------------------------------------------------------------------------------


def test_steps_images_and_words_are_shown_at_the_same_time() -> None:
    shown = parts(said(*frames_of(capture("envelope/at_once.sse"))))
    assert [part["kind"] for part in shown] == ["activity", "blocks", "output", "activity", "output"]
    assert shown[1]["text"] == "Two rings and a moon."


def test_each_sender_has_one_step_that_moves() -> None:
    events = read("envelope", frames_of(capture("envelope/at_once.sse")))
    steps = [event for event in events if event.get("activityType") == "step"]
    assert len({event["messageId"] for event in steps}) == 2
    assert [(each["source"], each["step"], each["state"]) for each in activities(events, "step")] == [
        ("saturn", 1, "running"),
        ("saturn", 2, "running"),
        ("mars", 1, "running"),
        ("saturn", 3, "running"),
        ("mars", 1, "done"),
        ("saturn", 3, "done"),
    ]
    assert steps[-1]["content"]["message"] == "Three rings compared"


def test_the_live_line_says_who_moved_last_of_those_who_work() -> None:
    one = envelope("saturn.step", message="one", step=1, total=4)
    two = envelope("mars.step", message="two", step=1)
    events = events_of(one, two, done("mars"), done("saturn"))
    assert [event["value"] for event in events if event.get("name") == "status"] == [
        {"status": "step", "label": "one", "progress": 0.25},
        {"status": "step", "label": "two"},
        {"status": "step", "label": "one", "progress": 0.25},
        {"status": "streaming"},
    ]


def test_the_images_of_a_run_are_one_gallery() -> None:
    frames = [envelope("saturn.image", label=f"Ring {n}", url=f"https://example.org/{n}.png") for n in range(3)]
    (gallery,) = parts(said(*frames, done("saturn")))
    items = gallery["value"]["data"]["application/vnd.agui_widget.media+json"]["items"]
    assert [item["name"] for item in items] == ["Ring 0", "Ring 1", "Ring 2"]
    assert gallery["value"]["data"]["text/plain"] == "[image: Ring 0]\n[image: Ring 1]\n[image: Ring 2]"


def test_a_grid_is_an_output_with_its_legend() -> None:
    shown = parts(said(envelope("saturn.grid", rows=[[0, 10], [1]], legend={"0": {"label": "empty"}}), done("saturn")))
    assert shown[0]["value"]["data"]["text/plain"] == " 0 10\n 1\n0 = empty"


def test_two_who_speak_at_the_same_time_have_a_message_each() -> None:
    events = events_of(token("a", 0), token("x", 0, "other"), token("b", 1), token("y", 1, "other"))
    assert texts(events) == ["ab", "xy"]


# -- the order of words ------------------------------------------------------------------------------


def test_words_are_said_in_the_order_of_their_numbers() -> None:
    events = events_of(token("a", 0), token("c", 2), token("b", 1), done())
    assert (texts(events), problems(events)) == (["abc"], [])


def test_a_token_that_comes_twice_is_said_once_and_noted() -> None:
    events = events_of(token("a", 0), token("a", 0), token("b", 1), token("b", 1), done())
    assert texts(events) == ["ab"]
    assert notices(events) == ["tokens of grover that came twice and are shown once: 2"]


def test_a_token_that_never_comes_is_an_error_and_holds_up_nothing_for_ever() -> None:
    events = events_of(token("a", 0), token("d", 3), token("f", 5), done())
    assert texts(events) == ["adf"]
    assert problems(events) == ["tokens 1 to 2 of grover never came", "token 4 of grover never came"]


def test_it_is_waited_for_while_sixty_four_others_come() -> None:
    late = [token("x", index) for index in range(2, 66)]
    assert texts(events_of(token("a", 0), *late)[: 2 + 1]) == ["a"]
    events = events_of(token("a", 0), *late, token("y", 66), token("late", 1), done())
    assert texts(events) == ["a" + "x" * 64 + "y"]
    assert problems(events) == ["token 1 of grover never came"]


def test_what_still_waits_is_said_when_the_stream_breaks_off() -> None:
    assert texts(events_of(token("a", 0), token("c", 2))) == ["ac"]


def test_who_counts_from_one_is_not_waited_for() -> None:
    events = events_of(token("a", 1), token("b", 2), token("c", 3), done())
    assert (texts(events), problems(events)) == (["abc"], [])


def test_a_count_that_begins_again_is_another_answer() -> None:
    events = events_of(
        token("one", 0), token("!", 1), token("two", 0), token("?", 1), done(), token("three", 0), done()
    )
    assert texts(events) == ["one!", "two?", "three"]


# -- how it ends -------------------------------------------------------------------------------------


def test_it_has_ended_when_the_stream_has_and_all_who_spoke_have_said_so() -> None:
    step = envelope("saturn.step", message="m", step=1)
    assert kinds(events_of(step, token("a", 0), done(), done("saturn")))[-1] == "RUN_FINISHED"
    assert "RUN_FINISHED" not in kinds(events_of(step, token("a", 0), done()))
    assert events_of() == []


def test_one_may_begin_after_another_has_ended() -> None:
    events = events_of(envelope("saturn.step", message="m", step=1), done("saturn"), token("a", 0), done())
    assert texts(events) == ["a"] and kinds(events)[-1] == "RUN_FINISHED"


def test_an_error_ends_the_run_with_its_details() -> None:
    events = read("envelope", frames_of(capture("envelope/failed.ndjson")))
    error = {"type": "RUN_ERROR", "message": 'The dome is shut ({"since": "22:10"})', "code": "telescope"}
    assert events[-1] == error and texts(events) == ["So far"]


@pytest.mark.parametrize("version", ["2", 1, None, {"major": 1}])
def test_another_version_is_named(version: Any) -> None:
    events = events_of(envelope("grover.token", version, token="a", index=0), token("b", 0), done())
    assert texts(events) == ["b"]
    (problem,) = problems(events)
    assert problem.startswith("frame 1 has version ") and 'only "1" of EventEnvelope is understood' in problem


def test_what_nobody_knows_is_kept() -> None:
    events = events_of(envelope("saturn.moon", name="Titan"), envelope("moon"))
    assert kinds(events) == ["RUN_STARTED", "RAW", "RAW"]


@pytest.mark.parametrize(
    ("data", "label"),
    [
        ("warm", "warm"),
        ({"message": "warm"}, "warm"),
        ({"status": "warm"}, "warm"),
        ({"k": 1}, '{"k": 1}'),
        (None, "null"),
    ],
)
def test_a_status_may_be_anything(data: Any, label: str) -> None:
    (status,) = [event["value"] for event in events_of(frame({"v": "1", "type": "status", "data": data}))[1:]]
    assert status["label"] == label


def test_a_flood_of_broken_frames_is_a_few_errors_and_the_rest_notices() -> None:
    driver = said(*[envelope("saturn.step", step=1)] * 100, token("a", 0), done(), done("saturn"))
    assert len(parts(driver, "errors")) == MAX_PROBLEMS
    assert len([part for part in parts(driver, "status") if part["kind"] == "notice"]) == 100 - MAX_PROBLEMS
