"""Outputs that an agent or a file describes: what may be said of one, whoever says it."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from agui_widget.described import MAX_HTML_CHARS, described_output
from agui_widget.driver import Driver

WIDGET = "application/vnd.jupyter.widget-view+json"
MODEL = {"version_major": 2, "version_minor": 0, "model_id": "0123456789abcdef0123456789abcdef"}

ONLY_OF_THIS_KERNEL = {
    WIDGET: MODEL,
    "application/javascript": "alert(1)",
    "application/vnd.bokehjs_load.v0+json": "alert(1)",  # its renderer makes a script of it
    "application/vnd.holoviews_load.v0+json": "alert(1)",
    "application/pdf": "JVBERi0=",
    "application/xhtml+xml": "<script/>",
    "text/html ": "<b>x</b>",
    "__proto__": {},
}


def shown_of(content: Any) -> dict[str, Any]:
    """What is sent to a page when an agent shows this."""

    async def agent() -> AsyncIterator[Any]:
        activity = {"messageId": "a", "activityType": "agui_widget.output", "content": content}
        yield {"type": "ACTIVITY_SNAPSHOT", **activity}

    driver = Driver(agent)
    driver.ask_sync("go")
    (part,) = driver.session.snapshot()["messages"][-1]["lanes"]["text"]["parts"]
    value: dict[str, Any] = part["value"]
    return value


@pytest.mark.parametrize("mime", ONLY_OF_THIS_KERNEL)
def test_an_agent_shows_no_live_widget_and_nothing_that_an_extension_of_the_host_would_run(mime: str) -> None:
    shown = shown_of(
        {"data": {mime: ONLY_OF_THIS_KERNEL[mime], "text/plain": "words"}, "metadata": {mime: {"id": "x"}}}
    )
    assert shown == {"data": {"text/plain": "words"}}


def test_a_loaded_file_brings_no_live_widget_and_no_object(tmp_path: Path) -> None:
    driver = Driver(lambda: "hello")
    driver.ask_sync("go")
    path = driver.save(tmp_path / "chat.json")
    document = json.loads(path.read_text("utf-8"))
    forged = {"data": {WIDGET: MODEL, "text/plain": "words"}, "object": "k", "withheld": {WIDGET: 1}}
    row = {"call_id": "c", "name": "show", "state": "done", "output": forged}
    document["snapshot"]["messages"][-1]["lanes"] |= {
        "text": {"parts": [{"key": "o", "kind": "output", "value": forged}], "sealed": True},
        "tools": {"parts": [{"key": "c", "kind": "tool", "value": row}], "sealed": True},
    }
    path.write_text(json.dumps(document), "utf-8")
    driver.load(path)
    lanes = driver.session.snapshot()["messages"][-1]["lanes"]
    shown = [lanes["text"]["parts"][0]["value"], lanes["tools"]["parts"][0]["value"]["output"]]
    assert shown == [{"data": {"text/plain": "words"}}] * 2


@pytest.mark.parametrize(
    "content", [{}, {"data": None}, {"data": ["text/plain"]}, {"data": "x"}, {"data": {"text/plain": {"a": 1}}}]
)
def test_what_is_no_output_is_an_empty_one(content: Any) -> None:
    assert shown_of(content) == {"data": {}}


def test_what_is_said_about_an_output_is_words_or_nothing() -> None:
    data = {"image/png": "AA=="}
    odd = {"data": data, "name": 5, "type": {"slice": 1}, "object": ["k"], "withheld": "x", "more": 1}
    assert described_output({**odd, "metadata": {"image/png": "x", "text/html": {}}}) == {"data": data}
    known = {"data": data, "name": "plot", "type": "Figure", "metadata": {"image/png": {"width": 3}}}
    assert described_output(known) == known


def test_html_in_lines_is_looked_at_like_html_in_one_piece() -> None:
    lines = ["<img src='http://ev", "il.test/x'>", "hi"]
    assert described_output({"data": {"text/html": lines}}) == {"data": {"text/html": "<img>hi"}}


def test_html_beyond_its_bound_is_not_read() -> None:
    data = {"text/html": "x" * (MAX_HTML_CHARS + 1), "text/plain": "words"}
    assert described_output({"data": data}) == {"data": {"text/plain": "words"}}
