"""Which dialect a stream is in: the one that is named, or with `auto` the one that its first frames tell."""

from __future__ import annotations

import re
from typing import Any

import pytest

from agui_widget.dialects import DIALECTS, RunWriter, decoder_for, register_dialect
from agui_widget.dialects.detect import MAX_WAITING
from agui_widget.errors import AgentError
from agui_widget.sse import ServerSentEvent

from .harness import WIRE, Event, capture, frame, frames_of, problems, read

# A frame that each dialect is known by, in each of the forms that it is sent in; several have the same words.
TELLTALES: list[tuple[str, ServerSentEvent]] = [
    ("agui", frame({"type": "RUN_STARTED", "threadId": "t", "runId": "r"})),
    ("agui", frame({"type": "TEXT_MESSAGE_CHUNK", "messageId": "m", "delta": "a"})),
    (
        "lanes",
        frame(
            {
                "v": "agui.v1",
                "id": "e",
                "ts": 1,
                "stream": "s",
                "message_id": "m",
                "kind": "token.delta",
                "lane": "text",
                "seq": 1,
                "payload": {"text": "a"},
            },
            "agui",
        ),
    ),
    ("normalized", frame({"type": "stream.start", "data": {"request_id": "r"}}, "stream.start")),
    ("normalized", frame({"type": "message.delta", "data": {"text": "a"}}, "message.delta")),
    ("normalized", frame({"type": "message.delta", "data": {"text": "a"}})),
    ("normalized", frame({"type": "error", "data": {"message": "no"}}, "error")),
    ("normalized", frame({"kind": "message", "phase": "delta", "delta": {"text": "a"}}, "agui.message.delta")),
    ("dotted", frame({"text": "a"}, "token.delta")),
    ("dotted", frame({"type": "token.delta", "payload": {"text": "a"}}, "token.delta")),
    ("dotted", frame({"type": "token.delta", "payload": {"text": "a"}})),
    (
        "dotted",
        frame({"v": "agui.v1", "id": "e", "ts": 1, "stream": "s", "event": "tick", "payload": {}}, "agui"),
    ),
    ("artifact", frame({"type": "text_delta", "delta": "a"}, "text_delta")),
    ("artifact", frame({"type": "tool_start", "id": "c", "name": "f", "args": {}}, "tool_start")),
    ("envelope", frame({"v": "1", "id": "e", "type": "grover.token", "seq": 1, "ts": 1, "data": {"token": "a"}})),
    ("envelope", frame({"v": "1", "id": "e", "type": "error", "seq": 1, "ts": 1, "data": {"message": "no"}})),
    ("htmx", frame("Thinking…", "thought")),
    ("htmx", frame("<p>Hello</p>", "answer_chunk")),
    ("openai", frame({"object": "chat.completion.chunk", "choices": [{"index": 0, "delta": {"content": "a"}}]})),
    ("openai", frame({"type": "response.created", "response": {}}, "response.created")),
    ("openai", frame({"error": {"message": "No.", "type": "server_error", "code": None}})),
    ("openai", frame({"type": "error", "error": {"message": "No."}}, "error")),
]
NAMES = {name: name for name in DIALECTS} | {"mirror": "normalized", "dual": "normalized"}
ENVELOPED = {"dotted": "story-enveloped.sse"}
CAPTURES = sorted(str(path.relative_to(WIRE)) for path in WIRE.glob("*/*.*"))


def decided(events: list[Event]) -> list[str]:
    """What the reader says it has decided."""
    said = [event["value"]["message"] for event in events if event.get("name") == "agui_widget.notice"]
    return [message for message in said if message.startswith("read as ")]


@pytest.mark.parametrize(
    ("name", "telltale"),
    [each for each in TELLTALES if each[0] in DIALECTS],
    ids=lambda value: value if isinstance(value, str) else value.event,
)
def test_a_telltale_frame_is_recognised_by_its_dialect_alone(name: str, telltale: ServerSentEvent) -> None:
    assert [each.name for each in DIALECTS.values() if each.recognises(telltale)] == [name]


@pytest.mark.parametrize("name", CAPTURES)
def test_every_capture_is_read_as_what_it_is(name: str) -> None:
    dialect = NAMES[name.partition("/")[0]]
    frames = frames_of(capture(name))
    events = read("auto", frames)
    assert decided(events) == ([] if dialect == "agui" else [f"read as {dialect}"])
    others = [event for event in events if not decided([event])]
    assert _without_ids(others) == _without_ids(read(dialect, frames))


def _without_ids(events: list[Event]) -> list[Event]:
    return [{name: value for name, value in event.items() if name != "messageId"} for event in events]


@pytest.mark.parametrize(
    "strange", ["", " ", "null", "[]", "7", '"token.delta"', "{}", '{"type": 7}', '{"type": []}', "<"]
)
def test_nobody_recognises_what_says_nothing(strange: str) -> None:
    assert not [each.name for each in DIALECTS.values() if each.recognises(frame(strange))]


def test_what_came_before_the_telltale_frame_is_read_too() -> None:
    first = frame({"type": "ping", "note": "of the server's own"})
    events = read("auto", [first, *frames_of(capture("normalized/story.sse"))])
    assert [event["event"]["data"]["type"] for event in events if event["type"] == "RAW"] == ["ping"]
    assert events[-1]["type"] == "RUN_FINISHED"


@pytest.mark.parametrize(
    "beat",
    [
        ServerSentEvent(data=""),
        ServerSentEvent("ping", "{}"),
        ServerSentEvent("heartbeat", "12:00"),
        frame({"type": "keepalive"}),
    ],
    ids=lambda each: each.event + each.data,
)
def test_heartbeats_do_not_count(beat: ServerSentEvent) -> None:
    beats = [beat] * (2 * MAX_WAITING)
    assert decided(read("auto", [*beats, *frames_of(capture("openai/story.sse"))])) == ["read as openai"]


def test_of_many_heartbeats_a_few_are_kept() -> None:
    beats = [frame({"type": "ping"})] * 1_000
    events = read("auto", [*beats, *frames_of(capture("normalized/story.sse"))])
    assert sum(event["type"] == "RAW" for event in events) == MAX_WAITING


@pytest.mark.parametrize("name", ["lanes", "envelope", "dotted"])
def test_of_another_version_of_a_dialect_the_version_is_named(name: str) -> None:
    first = next(
        each for each in frames_of(capture(f"{name}/{ENVELOPED.get(name, 'story.sse')}")) if '"v"' in each.data
    )
    (problem,) = problems(read("auto", [ServerSentEvent(first.event, first.data.replace("1", "7", 1))]))
    assert "version" in problem and "7" in problem.partition("{")[0]


def test_it_is_decided_once() -> None:
    frames = [frame({"type": "message.delta", "data": {"text": "a"}}), frames_of(capture("agui/story.sse"))[0]]
    assert decided(read("auto", frames)) == ["read as normalized"]


@pytest.mark.parametrize("number", [1, MAX_WAITING, MAX_WAITING + 5])
def test_what_nobody_recognises_is_said(number: int) -> None:
    (said,) = problems(read("auto", [frame({"hello": "there"})] * number))
    assert "no dialect recognises" in said and all(name in said for name in DIALECTS)


def test_a_stream_without_a_frame_is_silent() -> None:
    assert read("auto", []) == []


def test_a_dialect_that_is_not_known_names_those_that_are() -> None:
    with pytest.raises(AgentError, match="there are: .*normalized.*auto"):
        decoder_for("normalised", RunWriter(thread_id="t", run_id="r", new_id=str))


# -- dialects of others ------------------------------------------------------------------------------


class Shouting:
    """Each frame is words, in capitals."""

    def __init__(self, run: RunWriter) -> None:
        self.run = run

    def decode(self, frame: ServerSentEvent) -> list[Event]:
        return self.run.text(frame.data.upper())

    def close(self) -> list[Event]:
        return self.run.finish()


@pytest.fixture
def shouting() -> Any:
    register_dialect("shouting", Shouting, recognises=lambda frame: frame.event == "shout")
    yield
    del DIALECTS["shouting"]


def test_a_dialect_of_others_is_read_and_found(shouting: None) -> None:
    frames = [ServerSentEvent("shout", "hello")]
    assert [event.get("delta") for event in read("shouting", frames)][2] == "HELLO"
    assert decided(read("auto", frames)) == ["read as shouting"]


@pytest.mark.parametrize("name", ["agui", "auto"])
def test_a_name_that_is_taken_is_refused(name: str) -> None:
    with pytest.raises(AgentError, match="already a dialect"):
        register_dialect(name, Shouting)


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("x y", {"decoder": Shouting}, "the name of a dialect is one word, got 'x y'"),
        ("", {"decoder": Shouting}, "the name of a dialect is one word, got ''"),
        (3, {"decoder": Shouting}, "the name of a dialect is one word, got 3"),
        (
            "mine",
            {"decoder": 3},
            "decoder is a function or a class, got 3. Write: register_dialect('mine', MyDecoder)",
        ),
        ("mine", {"decoder": Shouting, "recognises": "event"}, "recognises is a function or a class, got 'event'"),
        ("mine", {"decoder": Shouting, "encoder": 3}, "encoder is a function or a class, got 3"),
    ],
)
def test_a_dialect_that_could_not_be_used_is_refused(name: Any, given: dict[str, Any], said: str) -> None:
    with pytest.raises(AgentError, match=re.escape(said)):
        register_dialect(name, **given)
    assert name not in DIALECTS


# -- a dialect that is named -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "capture_of", "looks_like"),
    [("normalized", "openai", "openai"), ("artifact", "dual", "normalized"), ("dotted", "envelope", "envelope")],
)
def test_a_stream_in_another_dialect_than_the_named_one_says_which(name: str, capture_of: str, looks_like: str) -> None:
    said = problems(read(name, frames_of(capture(f"{capture_of}/story.sse"))))
    assert said[-1] == f'nothing of it is {name}; it looks like {looks_like}: dialect="{looks_like}"'


@pytest.mark.parametrize("name", ["normalized", "mirror", "dual", "dotted", "artifact", "envelope", "openai"])
def test_a_stream_in_the_named_dialect_is_not_doubted(name: str) -> None:
    assert problems(read(name, frames_of(capture(f"{name}/story.sse")))) == []


def test_a_stream_that_nobody_knows_is_in_the_named_dialect() -> None:
    said = problems(read("normalized", [frame({"foo": 1})]))
    assert not [each for each in said if "looks like" in each]
