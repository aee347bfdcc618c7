"""One story told in every dialect (tests/wire/STORY.md) gives one picture, up to what a dialect has no words for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from agui_widget import Driver
from agui_widget.dialects import DIALECTS

from .harness import WIRE, Event, capture, frames_of, read

QUESTION = "How did the margins do?"
STORIES = sorted(str(path.relative_to(WIRE)) for path in WIRE.glob("*/story*.*"))
PASSING = {
    "corr",
    "duration_ms",
    "started_ms",
    "ts",
    "id",
    "run_id",
    "key",
    "call_id",
    "model",
    "provider",
    "reasoningTokens",
}


def no_state(events: list[Event]) -> list[Event]:
    return [event for event in events if not event["type"].startswith("STATE_")]


def no_thinking(events: list[Event]) -> list[Event]:
    thinking = {event["messageId"] for event in events if (event.get("metadata") or {}).get("lane") == "thinking"}
    return [event for event in events if event.get("messageId") not in thinking]


def no_reasoning(events: list[Event]) -> list[Event]:
    words = {event["messageId"] for event in events if event["type"].startswith("REASONING_")}
    thinking = {event["messageId"] for event in events if (event.get("metadata") or {}).get("lane") == "thinking"}
    return [event for event in events if event.get("messageId") not in words - thinking]


def no_results(events: list[Event]) -> list[Event]:
    return [event for event in events if event["type"] != "TOOL_CALL_RESULT"]


def no_snippets(events: list[Event]) -> list[Event]:
    def cut(event: Event) -> Event:
        value = event.get("value")
        return {**event, "value": {**value, "snippet": ""}} if event.get("name") == "citation" and value else event

    return list(map(cut, events))


def no_citations(events: list[Event]) -> list[Event]:
    return [event for event in events if event.get("name") != "citation"]


def no_usage(events: list[Event]) -> list[Event]:
    return [{name: value for name, value in event.items() if name != "usage"} for event in events]


def no_calls(events: list[Event]) -> list[Event]:
    """Without calls, the two texts are one."""
    return list(_joined([event for event in events if not event["type"].startswith("TOOL_CALL")]))


def _joined(events: list[Event]) -> Iterator[Event]:
    first = next(event["messageId"] for event in events if event["type"] == "TEXT_MESSAGE_START")
    last_end = max(number for number, event in enumerate(events) if event["type"] == "TEXT_MESSAGE_END")
    for number, event in enumerate(events):
        is_seam = event["type"] == "TEXT_MESSAGE_END" and number < last_end
        is_start_of_another = event["type"] == "TEXT_MESSAGE_START" and event["messageId"] != first
        if not (is_seam or is_start_of_another):
            yield {**event, "messageId": first} if event["type"].startswith("TEXT_") else event


Silence = Callable[[list[Event]], list[Event]]

# What a dialect has no words for: taken from AG-UI's story before it is compared.
SILENCES: dict[str, list[Silence]] = {
    "agui": [],
    "normalized": [no_state],
    "mirror": [no_state],
    "dual": [no_state],
    "openai": [no_state, no_thinking, no_results, no_snippets],
    "lanes": [],
    "dotted": [no_thinking, no_reasoning, no_citations, no_usage],
    "artifact": [no_thinking, no_reasoning, no_citations, no_state],
    "envelope": [no_thinking, no_reasoning, no_calls, no_citations, no_state, no_usage],
    "htmx": [no_reasoning, no_calls, no_citations, no_state, no_usage],
}


def picture(events: list[Event]) -> Any:
    """What the whole chat shows when an agent says these events; without times and ids."""

    async def agent() -> Any:
        for event in events:
            yield event

    driver = Driver(agent)
    driver.ask_sync(QUESTION)
    snapshot = driver.session.snapshot()
    return _scrubbed({name: snapshot[name] for name in ("messages", "runs", "state")})


def _scrubbed(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _scrubbed(each) for name, each in value.items() if name not in PASSING}
    return list(map(_scrubbed, value)) if isinstance(value, list) else value


def silenced(events: list[Event], silences: list[Silence]) -> list[Event]:
    for silence in silences:
        events = silence(events)
    return events


def agui_story() -> list[Event]:
    return read("agui", frames_of(capture("agui/story.sse")))


@pytest.mark.parametrize("name", STORIES)
def test_every_telling_of_the_story_gives_the_same_picture(name: str) -> None:
    dialect = name.partition("/")[0]
    silences = SILENCES[dialect]
    told = read(dialect, frames_of(capture(name)))
    assert picture(told) == picture(silenced(agui_story(), silences))


def test_the_story_shows_all_it_tells() -> None:
    messages = picture(agui_story())["messages"]
    shown = {name for message in messages for name, lane in message["lanes"].items() if lane["parts"]}
    assert shown >= {"thinking", "reasoning", "text", "tools", "citations"}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_dialect_tells_the_story(dialect: str) -> None:
    assert [name for name in STORIES if name.startswith(f"{dialect}/")]
    assert dialect in SILENCES
