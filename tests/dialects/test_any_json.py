"""JSON at its limits in a frame of any dialect: deep, not finite, half characters. It is read, kept or named."""

from __future__ import annotations

import json
from typing import Any

import pytest

from agui_widget.dialects import DIALECTS
from agui_widget.dialects.json_values import MAX_LEVELS
from agui_widget.protocol import replay
from agui_widget.sse import ServerSentEvent

from .harness import frame, problems, read

NAMES = sorted(DIALECTS)
FIRST = frame({"type": "RUN_STARTED", "threadId": "t", "runId": "r"})
HALVES = "\ud83d", "\ude00"
TOO_DEEP = f"frame 2 (custom) is nested deeper than {MAX_LEVELS} levels"


def nested(levels: int) -> str:
    """A frame whose innermost value is at a level; the type of the frame is nobody's."""
    return '{"type": "CUSTOM", "name": "x", "value":' + "[" * (levels - 1) + "1" + "]" * (levels - 1) + "}"


def events_of(dialect: str, *data: str) -> list[Any]:
    return read(dialect, [FIRST, *(ServerSentEvent("custom", each) for each in data)])


@pytest.mark.parametrize("dialect", NAMES)
@pytest.mark.parametrize("levels", [MAX_LEVELS, MAX_LEVELS + 1, 600, 100_000])
def test_what_is_nested_deeply_does_not_end_the_run(dialect: str, levels: int) -> None:
    assert replay(events_of(dialect, nested(levels))).outcome in ("finished", "truncated")


@pytest.mark.parametrize("dialect", sorted(set(NAMES) - {"htmx"}))
def test_what_is_nested_too_deeply_is_said(dialect: str) -> None:
    said = [each for each in problems(events_of(dialect, nested(MAX_LEVELS + 1))) if each.startswith("frame 2 ")]
    assert [each[: len(TOO_DEEP)] for each in said] == [TOO_DEEP]


@pytest.mark.parametrize("dialect", sorted(set(NAMES) - {"agui"}))
@pytest.mark.parametrize("data", ["NaN", "[Infinity]", '"\\ud800"', nested(MAX_LEVELS + 1)], ids=lambda data: data[:9])
def test_what_an_event_cannot_hold_is_never_in_one(dialect: str, data: str) -> None:
    events = events_of(dialect, data)
    json.dumps(events, ensure_ascii=False, allow_nan=False).encode()
    assert replay(events).warnings == []


def test_a_character_that_is_cut_between_two_events_is_whole() -> None:
    pieces = [{"type": "TEXT_MESSAGE_CHUNK", "messageId": "m", "delta": half} for half in HALVES]
    assert replay(read("agui", [FIRST, *map(frame, pieces)])).messages[0]["content"] == "".join(HALVES).encode(
        "utf-16", "surrogatepass"
    ).decode("utf-16")
