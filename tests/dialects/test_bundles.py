"""Bundles: several lanes at once, each by its HTML; what is aimed at no lane is dropped and counted."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agui_widget import Driver
from agui_widget.envelope import LANES
from agui_widget.hypertext import html_source, links_of, read_bundle, words_of
from agui_widget.markdown import parse

from ..protocol.corpora import folder
from ..test_markdown_security import complaints, payloads
from .harness import read
from .test_htmx import trees
from .test_lanes import chat_of, envelope, lane_texts, notices


def fragment(lane: str, html: str) -> str:
    return f'<div id="lane-{lane}" hx-swap-oob="innerHTML">{html}</div>'


def bundled(html: str, *before: Any) -> Driver:
    frames = [*before, envelope("bundle.html", "status", {"html": html}, len(before) + 1)]
    done = envelope("message.status", "status", {"status": "done"}, len(frames) + 1)
    return chat_of(read("lanes", [*frames, done]))


def parts(driver: Driver, lane: str) -> list[Any]:
    lanes = [message["lanes"] for message in driver.session.snapshot()["messages"]]
    return [part for each in lanes if lane in each for part in each[lane]["parts"]]


# Reading


def test_a_bundle_has_the_html_of_each_lane() -> None:
    html = f"{fragment('text', '<p>One <div>two</div></p>&amp;')}\n{fragment('status', 'Done')}"
    assert read_bundle(html) == ({"text": "<p>One <div>two</div></p>&amp;", "status": "Done"}, 0)


@pytest.mark.parametrize(
    "html",
    [
        fragment("elsewhere", "x"),
        '<div id="lane-text">no swap</div>',
        '<div id="my-lane-text" hx-swap-oob="innerHTML">x</div>',
        '<div hx-swap-oob="innerHTML:#lane-text">x</div>',
        "loose words",
        "<img src=x>",
        "<br/>",
        f"<section>{fragment('text', 'inside another')}</section>",
    ],
)
def test_what_is_aimed_at_no_lane_is_dropped_and_counted(html: str) -> None:
    assert read_bundle(html) == ({}, 1)
    assert read_bundle(fragment("text", "kept") + html) == ({"text": "kept"}, 1)


def test_a_bundle_that_is_cut_keeps_what_it_has() -> None:
    assert read_bundle('<div id="lane-text" hx-swap-oob="true"><p>cut') == ({"text": "<p>cut"}, 0)


@given(st.dictionaries(st.sampled_from(LANES), st.text("<>/divp \"'=&;ab-!")))
def test_no_content_reaches_another_lane(contents: dict[str, str]) -> None:
    html = "".join(
        fragment(lane, words_of(content).replace("<", "").replace("&", "")) for lane, content in contents.items()
    )
    assert read_bundle(html).lanes.keys() == contents.keys()


@given(st.text("<>/divp \"'=&;lane-tx#![]?"))
def test_any_text_is_a_bundle_or_none(html: str) -> None:
    assert set(read_bundle(html).lanes) <= set(LANES)


# Showing


def test_all_lanes_change_in_one_step() -> None:
    steps: list[list[str]] = []
    html = "".join(fragment(lane, f"<b>{lane}</b>") for lane in ("errors", "text", "thinking", "status"))

    async def agent() -> Any:
        frames = [
            envelope("bundle.html", "status", {"html": html}, 1),
            envelope("message.status", "status", {"status": "done"}, 2),
        ]
        for event in read("lanes", frames):
            yield event

    driver = Driver(agent)
    driver.session.subscribe(lambda changes: steps.append([each["lane"] for each in changes]))
    driver.ask_sync("hi")
    (step,) = [lanes for lanes in steps if "errors" in lanes]
    assert {"errors", "text", "thinking", "status"} <= set(step)


def test_a_bundle_replaces_the_words_of_a_lane() -> None:
    streamed = envelope("token.delta", "text", {"text": "draft"}, 1)
    driver = bundled(fragment("text", "<p>The <em>end</em>.</p>") + fragment("thinking", "<i>hm</i>"), streamed)
    assert trees(driver.session.snapshot()) == [[{"t": "p", "c": ["The ", {"t": "em", "c": ["end"]}, "."]}]]
    assert ("thinking", "hm") in lane_texts(driver.session.snapshot())


def test_each_lane_shows_its_fragment_in_its_own_way() -> None:
    call = envelope("tool.call", "tools", {"tool": "add", "call_id": "c"}, 1)
    link = '<a href="https://example.org/a">A <b>report</b></a>'
    html = "".join(
        fragment(lane, content)
        for lane, content in {
            "tools": "<b>2</b> calls",
            "errors": "<b>no</b>",
            "citations": link,
            "a2ui": "<p>card</p>",
        }.items()
    )
    driver = bundled(html, call)
    assert parts(driver, "tools")[0]["value"]["summary"] == "2 calls"
    assert parts(driver, "errors")[0]["value"]["message"] == "no"
    assert (parts(driver, "citations")[0]["value"]["title"]) == "A report"
    assert parts(driver, "a2ui")[0]["value"]["spec"]["props"] == {"content": "card"}


def test_what_was_dropped_is_said() -> None:
    bundle = envelope("bundle.html", "status", {"html": fragment("nowhere", "x") + fragment("nothing", "y")}, 1)
    assert notices(read("lanes", [bundle])) == ["2 parts of a bundle are for no lane: dropped"]


def test_a_bundle_of_an_ag_ui_agent_is_read_as_carefully() -> None:
    async def agent() -> Any:
        yield {"type": "RUN_STARTED", "threadId": "t", "runId": "r"}
        yield {"type": "CUSTOM", "name": "bundle", "value": {"text": "<script>x</script>", "nowhere": "x", "tools": 7}}
        yield {"type": "RUN_FINISHED", "threadId": "t", "runId": "r"}

    driver = Driver(agent)
    driver.ask_sync("hi")
    assert all(complaints(tree) == [] for tree in trees(driver.session.snapshot()))
    assert any("2 of 3" in part["value"]["message"] for part in parts(driver, "status") if part["kind"] == "notice")


# Hostile


def test_no_payload_gets_out_of_the_nodes_that_are_allowed() -> None:
    wrong = []
    for payload in payloads(folder("xss").parent):
        for html in (payload, f"<div>{payload}</div>"):
            wrong += [(payload, each) for each in complaints(parse(html_source(html)))]
    assert wrong == []


def test_no_payload_in_a_bundle_is_markup_in_any_lane() -> None:
    wrong = []
    for payload in payloads(folder("xss").parent)[::25]:
        snapshot = bundled("".join(fragment(lane, payload) for lane in LANES)).session.snapshot()
        wrong += [(payload, each) for tree in trees(snapshot) for each in complaints(tree)]
        sources = [
            part["value"]
            for each in snapshot["messages"]
            for part in each["lanes"].get("citations", {"parts": []})["parts"]
        ]
        wrong += [
            (payload, source) for source in sources if not source.get("url", "http").startswith(("http", "mailto:"))
        ]
        assert json.dumps(snapshot)
    assert wrong == []


def test_links_of_html_are_only_named_here() -> None:
    assert links_of('<a href="javascript:x">a</a><a>b</a> <a href="/c">c <b>d</b></a>e') == [
        {"url": "javascript:x", "title": "a"},
        {"url": "/c", "title": "c d"},
    ]
