"""What every dialect's tests do: read a capture in pieces, damage each of its frames, see what comes out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

from agui_widget.dialects import RunWriter, decoder_for
from agui_widget.projection import PROBLEM
from agui_widget.protocol import replay
from agui_widget.sse import ServerSentEvent, decode

Event = dict[str, Any]
WIRE = Path(__file__).parent.parent / "wire"
WORDS = ("TEXT_MESSAGE_CONTENT", "REASONING_MESSAGE_CONTENT")
CHUNK_SIZES = (1, 2, 3, 7)


def capture(name: str) -> bytes:
    """A capture by its name, such as `normalized/story.sse`."""
    return (WIRE / name).read_bytes()


def frames_of(content: bytes) -> list[ServerSentEvent]:
    """The frames of a capture: server-sent events, or lines of JSON."""
    if content.lstrip().startswith(b"{"):
        return [ServerSentEvent(data=line) for line in content.decode().splitlines() if line.strip()]
    return decode([content]).events


def read(dialect: str, frames: Iterable[ServerSentEvent]) -> list[Event]:
    """The events that frames stand for; ids are numbers, so that two readings can be compared."""
    numbers = count(1)
    run = RunWriter(thread_id="t", run_id="r", new_id=lambda: f"id-{next(numbers)}")
    decoder = decoder_for(dialect, run)
    return [*(event for frame in frames for event in decoder.decode(frame)), *decoder.close()]


def frame(value: Any, event: str = "message") -> ServerSentEvent:
    """A frame with JSON in it."""
    return ServerSentEvent(event, value if isinstance(value, str) else json.dumps(value))


def problems(events: Iterable[Event]) -> list[str]:
    """What the decoder said of frames that it could not read."""
    return [event["value"]["message"] for event in events if event.get("name") == PROBLEM]


def assert_cut_anywhere_is_the_same(dialect: str, content: bytes) -> None:
    """Chunks of 1, 2, 3 and 7 bytes, and one cut at every byte, give the frames and events of the whole."""
    whole = decode([content]).events
    assert whole
    for size in CHUNK_SIZES:
        frames = decode(content[at : at + size] for at in range(0, len(content), size)).events
        assert read(dialect, frames) == read(dialect, whole), f"chunks of {size}"
    for at in range(len(content)):
        assert decode([content[:at], content[at:]]).events == whole, f"cut at {at}"


class Damage(NamedTuple):
    """One frame of a stream, damaged: its number from 1, the field, what became of it, and the frame now."""

    number: int
    field: str
    how: str
    frame: ServerSentEvent

    def __str__(self) -> str:
        return f"frame {self.number}, {self.field}: {self.how}"


def damages(frames: list[ServerSentEvent]) -> Iterator[Damage]:
    """Every field of every frame dropped, null and of a wrong type; every frame no object, and cut."""
    for number, each in enumerate(frames, start=1):
        try:
            value = json.loads(each.data)
        except ValueError:
            continue
        for data in (each.data[:-1], each.data[: len(each.data) // 2], "null", "[]", "7", '"x"', "{}"):
            yield Damage(number, "data", data[:20], ServerSentEvent(each.event, data, each.id))
        for field, how, damaged in _damaged(value):
            yield Damage(number, field, how, ServerSentEvent(each.event, json.dumps(damaged), each.id))


def _damaged(value: Any) -> Iterator[tuple[str, str, Any]]:
    """Each field below a value damaged: its name, how, and the whole value then."""
    names = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for name in names:
        wrong: Any = "wrong" if isinstance(value[name], (dict, list)) else {"wrong": []}
        yield str(name), "null", _replaced(value, name, None)
        yield str(name), "wrong", _replaced(value, name, wrong)
        if isinstance(value, dict):
            yield str(name), "dropped", {key: each for key, each in value.items() if key != name}
        for field, how, damaged in _damaged(value[name]):
            yield field, how, _replaced(value, name, damaged)


def _replaced(value: Any, name: Any, part: Any) -> Any:
    if isinstance(value, dict):
        return {**value, name: part}
    return [*value[:name], part, *value[name + 1 :]]


def assert_damage_is_seen_and_survived(
    dialect: str, frames: list[ServerSentEvent], *, free: Iterable[str] = ()
) -> None:
    """One damaged frame of a stream: nothing is raised, the protocol takes what is read, and the rest is read.

    What is of a wrong type changes nothing, or is named with frame and field, or is kept as it came. A field in
    `free` may be anything.
    """
    whole = read(dialect, frames)
    for damage in damages(frames):
        before, after = frames[: damage.number - 1], frames[damage.number :]
        events = read(dialect, [*before, damage.frame, *after])
        assert replay(events).outcome in ("finished", "error", "truncated"), str(damage)
        assert _gist(events) in _gists(whole, read(dialect, [*before, *after])), str(damage)
        if damage.how == "wrong" and damage.field not in free and events != whole:
            said = problems(events)
            is_named = any(f"frame {damage.number} " in each and damage.field in each for each in said)
            assert is_named or any(event["type"] == "RAW" for event in events), f"{damage}: {said}"


def _gist(events: list[Event]) -> tuple[str, str]:
    """The words of a run, and how it ended."""
    words = "".join(event["delta"] for event in events if event["type"] in WORDS)
    ends = [event["type"] for event in events if event["type"] in ("RUN_FINISHED", "RUN_ERROR")]
    return words, ends[-1] if ends else "truncated"


def _gists(whole: list[Event], without: list[Event]) -> list[tuple[str, str]]:
    """What may be left of a stream with a damaged frame: all that it said, or all that the others say."""
    (words, end), (fewer, other_end) = _gist(whole), _gist(without)
    return [(words, end), (fewer, end), (fewer, other_end)]
