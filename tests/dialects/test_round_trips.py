"""What is written in a dialect is read back as it was, up to what the dialect cannot say.

Dialects without ids for messages and with hints for ends keep what is said and its order, so runs are compared in a
canonical form: words of one kind that follow each other are one saying; a call stands where it began, with all its
arguments; ids of messages and of results are gone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agui_widget import sse
from agui_widget.dialects import DIALECTS, RunWriter
from agui_widget.dialects.lanes_encode import encode_run
from agui_widget.lanes import Snapshot, fold_all
from agui_widget.protocol import replay
from tests.protocol.streams import streams

from .harness import Event, problems, read

Saying = tuple[Any, ...]

# What cannot be said, by the first word of a saying. `lanes` says what is on screen, and is compared there.
UNSAID: dict[str, set[str]] = {
    "agui": set(),
    "normalized": {"state"},
    "mirror": {"state"},
    "dual": {"state"},
    "openai": {"state", "result", "memory"},
}
QUICK = settings(max_examples=30)
TEXTS = st.text('aé🙂 \n\r\x00\u2028"{}:,', min_size=1, max_size=8)  # what lines, JSON and UTF-8 could trip over
TOKENS = st.integers(0, 10_000)
URLS = st.integers(0, 99).map(lambda number: f"https://example.org/{number}")


def pieces(text: str, cuts: list[int]) -> list[str]:
    """A text in pieces."""
    at = sorted({0, len(text), *(cut % (len(text) + 1) for cut in cuts)})
    return [text[start:end] for start, end in zip(at, at[1:], strict=False)]


@st.composite
def runs(draw: st.DrawFn) -> list[Event]:
    """A run of everything that several dialects can say, in any order."""
    numbers = count(1)
    run = RunWriter(thread_id="t", run_id="r", new_id=lambda: f"id-{next(numbers)}")
    events = run.start()
    for verb in draw(st.lists(st.sampled_from(sorted(VERBS)), max_size=12)):
        events += VERBS[verb](draw, run, f"call-{next(numbers)}")
    usage = draw(st.none() | st.fixed_dictionaries({"inputTokens": TOKENS, "outputTokens": TOKENS}))
    more = {"usage": [{**usage, "totalTokens": sum(usage.values())}]} if usage else {}
    is_failing = draw(st.booleans())
    return events + (run.fail(draw(TEXTS), draw(TEXTS), **more) if is_failing else run.finish(**more))


def _call(draw: st.DrawFn, run: RunWriter, call_id: str) -> list[Event]:
    arguments = json.dumps(draw(st.dictionaries(TEXTS, TEXTS, max_size=2)))
    cut = pieces(arguments, draw(st.lists(st.integers(0, 50), max_size=3)))
    events = [*run.call(call_id, draw(TEXTS)), *run.arguments(call_id, cut[0])]
    if draw(st.booleans()):  # words between the pieces
        events += run.text(draw(TEXTS))
    events += [event for piece in cut[1:] for event in run.arguments(call_id, piece)]
    events += run.end_call(call_id)
    if draw(st.booleans()):
        error = draw(TEXTS) if draw(st.booleans()) else None
        events += run.result(call_id, error or draw(TEXTS), error)
    return events


def _citation(draw: st.DrawFn, run: RunWriter, call_id: str) -> list[Event]:
    return run.custom("citation", {"url": draw(URLS), "title": draw(TEXTS)})


def _memory(draw: st.DrawFn, run: RunWriter, call_id: str) -> list[Event]:
    operation = draw(st.sampled_from(["set", "append", "delete"]))
    return run.custom("memory", {"key": draw(TEXTS), "value": draw(TEXTS), "operation": operation})


VERBS = {
    "text": lambda draw, run, call_id: run.text(draw(TEXTS)),
    "thinking": lambda draw, run, call_id: run.think(draw(TEXTS), "thinking"),
    "reasoning": lambda draw, run, call_id: run.think(draw(TEXTS)),
    "call": _call,
    "citation": _citation,
    "memory": _memory,
    "state": lambda draw, run, call_id: run.event({"type": "STATE_SNAPSHOT", "snapshot": {"a": draw(TEXTS)}}),
}


def canonical(events: Iterable[Event], unsaid: set[str]) -> list[Saying]:
    """What a run says, in its order."""
    sayings: list[list[Any]] = []
    calls: dict[str, list[Any]] = {}
    for event in events:
        kind, *rest = _saying(event)
        if kind == "arguments":
            calls[rest[0]][-1] += rest[1]
        elif kind in WORDS and sayings and sayings[-1][0] == kind:
            sayings[-1][1] += rest[0]
        elif kind and kind not in unsaid:
            sayings.append([kind, *rest])
        if kind == "call":
            calls[rest[0]] = sayings[-1]
    return list(map(tuple, sayings))


WORDS = ("text", "thinking", "reasoning")


def _saying(event: Event) -> Saying:
    metadata = event.get("metadata") or {}
    match event["type"]:
        case "TEXT_MESSAGE_CONTENT":
            return "text", event["delta"]
        case "REASONING_MESSAGE_CONTENT":
            return metadata.get("lane", "reasoning"), event["delta"]
        case "TOOL_CALL_START":
            return "call", event["toolCallId"], event["toolCallName"], ""
        case "TOOL_CALL_ARGS":
            return "arguments", event["toolCallId"], event["delta"]
        case "TOOL_CALL_RESULT":
            return "result", event["toolCallId"], event["content"], metadata.get("error")
        case "STATE_SNAPSHOT":
            return "state", event["snapshot"]
        case "CUSTOM":
            return event["name"], {name: each for name, each in event["value"].items() if name != "index"}
        case "RUN_FINISHED":
            return "end", _counts(event)
        case "RUN_ERROR":
            return "error", event["message"], event["code"], _counts(event)
    return ("",)


def _counts(event: Event) -> Any:
    return [{name: count for name, count in each.items() if name != "model"} for each in event.get("usage", [])]


def through(dialect: str, events: list[Event]) -> list[Event]:
    """The events written in a dialect, sent as bytes, and read again."""
    encoder = DIALECTS[dialect].encoder
    assert encoder
    return read(dialect, sse.decode([b"".join(map(sse.encode, encoder(events)))]).events)


@pytest.mark.parametrize("dialect", UNSAID)
@QUICK
@given(events=runs())
def test_what_is_written_is_read_back(dialect: str, events: list[Event]) -> None:
    unsaid = UNSAID[dialect]
    assert canonical(through(dialect, events), unsaid) == canonical(_as_said(dialect, events), unsaid)


def _as_said(dialect: str, events: list[Event]) -> list[Event]:
    """Chunks have one word for both kinds of thought."""
    thoughts = "REASONING_MESSAGE_CONTENT"
    return [{**each, "metadata": {}} if dialect == "openai" and each["type"] == thoughts else each for each in events]


@pytest.mark.parametrize("dialect", sorted(set(UNSAID) - {"agui"}))
@QUICK
@given(events=streams(with_damage=False))
def test_whatever_an_agent_says_can_be_written_and_read(dialect: str, events: list[Event]) -> None:
    run = _first_run(replay(events).delivered)
    heard = through(dialect, run)
    assert problems(heard) == []
    assert replay(heard, strict=True).outcome == replay(run).outcome


def _first_run(events: list[Event]) -> list[Event]:
    ends = (number for number, event in enumerate(events) if event["type"] in ("RUN_FINISHED", "RUN_ERROR"))
    return events[: next(ends, len(events)) + 1]


@QUICK
@given(events=runs())
def test_a_run_that_is_written_as_envelopes_shows_the_same(events: list[Event]) -> None:
    heard = through("lanes", events)
    assert [each for each in problems(heard) if "malformed" in each] == []
    assert replay(heard, strict=True).outcome == replay(events).outcome
    assert on_screen(heard) == on_screen(events)


def on_screen(events: list[Event]) -> list[Saying]:
    """What a run leaves on screen, in its order; errors are said again in words of who relays them."""
    envelopes = [json.loads(frame.data) for frame in encode_run(events)]
    snapshot = fold_all(Snapshot("run"), envelopes).to_json()
    parts = [
        (lane, part)
        for message in snapshot["messages"]
        for lane, held in message["lanes"].items()
        if lane != "errors"
        for part in held["parts"]
    ]
    return [(lane, part.get("text"), part.get("value")) for lane, part in parts]


@QUICK
@given(events=streams())
def test_ag_ui_says_it_all(events: list[Event]) -> None:
    assert through("agui", events) == events
