"""`htmx`: thoughts and answers as HTML, whole answers in the place of streamed ones, and the snippet of the bridge."""

from __future__ import annotations

from typing import Any

import pytest

from agui_widget.dialects import DIALECTS
from agui_widget.dialects.htmx import Snippet, read_snippet
from agui_widget.protocol import replay
from agui_widget.sse import ServerSentEvent

from ..protocol.corpora import folder
from ..test_markdown_security import complaints, payloads
from .harness import capture, frames_of, read
from .test_lanes import chat_of, lane_texts, said

HTML = capture("htmx/html.sse")


def htmx(*frames: tuple[str, str]) -> list[dict[str, Any]]:
    return read("htmx", [ServerSentEvent(event, text) for event, text in frames])


def trees(snapshot: dict[str, Any]) -> list[Any]:
    """Every formatted text on screen."""
    parts = [part for each in snapshot["messages"] for lane in each["lanes"].values() for part in lane["parts"]]
    return [part["nodes"] for part in parts if part["kind"] == "blocks"]


@pytest.mark.parametrize("name", ["htmx/story.sse", "htmx/html.sse"])
def test_what_is_read_is_a_run_that_the_protocol_takes_as_it_is(name: str) -> None:
    result = replay(read("htmx", frames_of(capture(name))), strict=True)
    assert (result.outcome, result.warnings) == ("finished", [])


def test_a_thought_replaces_the_one_before() -> None:
    events = htmx(
        ("thought", "One."), ("thought", "Two."), ("answer_chunk", "Yes."), ("thought", "Three."), ("close", "")
    )
    assert lane_texts(chat_of(events).session.snapshot()) == [("thinking", "Three."), ("text", "Yes.")]


@pytest.mark.parametrize("wordless", ["", "<script>", "<!-- -->", "<p></p>"])
def test_a_thought_without_words_is_none(wordless: str) -> None:
    events = htmx(("answer_chunk", "Yes."), ("thought", wordless), ("thought", "Why?"), ("thought", wordless))
    assert lane_texts(chat_of(events).session.snapshot()) == [("text", "Yes.")]


def test_a_final_answer_replaces_what_was_streamed_in_the_history_too() -> None:
    events = htmx(("answer_chunk", "Dra"), ("answer_chunk", "ft"), ("final_answer", "The end."), ("close", ""))
    assert said(events) == "The end."
    assert lane_texts(chat_of(events).session.snapshot()) == [("text", "The end.")]


def test_a_final_answer_alone_is_the_answer() -> None:
    assert said(htmx(("final_answer", "<p>All.</p>"), ("close", ""))) == "<p>All.</p>"


def test_html_becomes_a_tree_and_what_is_not_on_the_list_stays_text() -> None:
    snapshot = chat_of(read("htmx", frames_of(HTML))).session.snapshot()
    (tree,) = trees(snapshot)
    assert complaints(tree) == []
    assert tree[0] == {"t": "h2", "c": ["Result"]}
    assert {"t": "strong", "c": ["4"]} in tree[1]["c"]
    assert lane_texts(snapshot)[0] == ("thinking", "Counting & adding")


def test_an_error_ends_the_run_with_its_words() -> None:
    result = replay(htmx(("answer_chunk", "so "), ("error", "<b>Out</b> of &euro;")))
    assert (result.outcome, result.detail["message"]) == ("error", "Out of €")


@pytest.mark.parametrize(
    ("frames", "outcome"),
    [
        ([("answer_chunk", "a"), ("close", "")], "finished"),
        ([("final_answer", "a")], "finished"),
        ([("answer_chunk", "a")], "truncated"),
        ([("final_answer", "a"), ("answer_chunk", "b")], "truncated"),
    ],
)
def test_the_end_is_the_close_event_or_the_end_of_a_stream_whose_answer_was_final(
    frames: list[tuple[str, str]], outcome: str
) -> None:
    assert replay(htmx(*frames)).outcome == outcome


def test_another_event_is_kept_as_it_came() -> None:
    (raw,) = [each for each in htmx(("dance", "x")) if each["type"] == "RAW"]
    assert raw["event"] == {"event": "dance", "data": "x"}


def test_the_dialect_is_recognised_by_its_events() -> None:
    recognises = DIALECTS["htmx"].recognises
    assert recognises(ServerSentEvent("thought", "x")) and not recognises(ServerSentEvent("close", ""))


# The snippet


@pytest.mark.parametrize(
    ("html", "snippet"),
    [
        ('<div sse-connect="/s?uid=1&amp;x=2" sse-close="bye">', Snippet("/s?uid=1&x=2", "bye")),
        ('<p>hi</p><div hx-ext="sse" sse-connect=" /s "></div>', Snippet("/s", "close")),
        ("<div data-sse-connect='/s' data-sse-close=end>", Snippet("/s", "end")),
        ('<div sse-close="end"><p sse-connect="/s"></p></div>', Snippet("/s", "end")),
        ('<div sse-close="no"><p sse-connect="/s" sse-close="end"></p></div>', Snippet("/s", "end")),
        ('<div sse-connect=""></div><div sse-connect="/b">', Snippet("/b", "close")),
        ('<DIV SSE-CONNECT="/s" onclick="x()">', Snippet("/s", "close")),
    ],
)
def test_a_snippet_names_its_stream_and_its_close_event(html: str, snippet: Snippet) -> None:
    assert read_snippet(html) == snippet


@pytest.mark.parametrize(
    "html", ["", "sse-connect=/s", "<!-- <div sse-connect='/s'> -->", "<script>'<div sse-connect=/s>'</script>"]
)
def test_what_only_looks_like_a_stream_is_none(html: str) -> None:
    with pytest.raises(ValueError, match="sse-connect"):
        read_snippet(html)


def test_no_payload_gets_out_of_the_nodes_that_are_allowed() -> None:
    wrong = []
    for payload in payloads(folder("xss").parent)[::7]:
        events = htmx(("thought", payload), ("answer_chunk", payload), ("close", ""))
        final = htmx(("answer_chunk", "x"), ("final_answer", f"<div>{payload}</div>"), ("close", ""))
        for tree in [*trees(chat_of(events).session.snapshot()), *trees(chat_of(final).session.snapshot())]:
            wrong += [(payload, each) for each in complaints(tree)]
    assert wrong == []
