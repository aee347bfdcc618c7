"""Every page and view shows the same conversation, whatever happens to the page."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from .agents import GO_ON, counting, demo, words
from .jupyter import Notebook

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(120)]

# What the kernel sends next is lost on its way, once; `again` is how it was sent again.
LOSE_ONE_BATCH = """
lost, again = [], []
def send_but_one(message, send=chat._outbox._send):
    if message["t"] == "batch" and not lost:
        lost.extend(envelope["seq"] for envelope in message["e"])
        return
    if message["t"] == "snap" or any(e.get("seq_from", e["seq"]) <= lost[-1] for e in message["e"] if lost):
        again.append(message["t"])
    send(message)
chat._outbox._send = send_but_one
"""
FORGET_THE_LOG = """
chat._driver.session.since = lambda have: None
"""
# Two tools run until `GO_ON`.
WITH_TOOLS = """
import asyncio
from agui_widget import AgentChat

goes_on = False

async def agent():
    yield "Looking at it. "
    for call in "ab":
        yield {"type": "TOOL_CALL_START", "toolCallId": call, "toolCallName": "load"}
        yield {"type": "TOOL_CALL_END", "toolCallId": call}
    while not goes_on:
        await asyncio.sleep(0.02)
    for call in "ab":
        yield {"type": "TOOL_CALL_RESULT", "messageId": f"{call}-result", "toolCallId": call, "content": "found"}
    for n in range(50):
        yield f"word {n}. "
        await asyncio.sleep(0.02)

chat = AgentChat(agent)
chat
"""


def test_a_reload_in_mid_stream_loses_nothing(nb: Notebook) -> None:
    chat = nb.show(counting(300, halt=299) + "chat")
    chat.say("go")
    chat.wait_until_said(100)
    nb.reload()
    expect(chat.root).to_have_attribute("data-status", "streaming")
    nb.run(GO_ON)
    chat.wait_until_done(turns=1)
    expect(chat.answers).to_have_count(1)
    assert chat.said == words(300)


def test_two_views_of_a_chat_stream_the_same(nb: Notebook) -> None:
    first = nb.show(counting(200, halt=199) + "chat")
    second = nb.show("chat")
    second.say("go")
    for view in (first, second):
        view.wait_until_said(100)
        expect(view.root).to_have_attribute("data-status", "streaming")
    nb.run(GO_ON)
    for view in (first, second):
        view.wait_until_done(turns=1)
    assert first.outline() == second.outline()
    assert first.said == second.said == words(200)


def test_a_view_that_is_opened_later_shows_what_the_first_one_shows(nb: Notebook) -> None:
    first = nb.show(demo(pace=0.1) + "chat")
    first.say("Which products lost margin?")
    first.wait_until_done(turns=1)
    second = nb.show("chat")
    second.wait_until_done(turns=1)
    assert first.outline() == second.outline()


def test_a_second_tab_streams_the_same_and_can_stop_it(nb: Notebook) -> None:
    chat = nb.show(counting(5_000) + "chat")
    nb.save()
    elsewhere = nb.another_tab().chat.wait_until_live()
    chat.say("go")
    elsewhere.wait_until_said(100)
    elsewhere.stop()
    for view in (chat, elsewhere):
        view.wait_until_done(turns=1)
    assert chat.said == elsewhere.said


def test_a_page_that_was_frozen_for_five_seconds_catches_up(nb: Notebook) -> None:
    chat = nb.show(counting(300) + "chat")
    chat.say("go")
    chat.wait_until_said(50)
    nb.freeze(seconds=5)
    chat.wait_until_done(turns=1)
    assert chat.said == words(300)


def test_a_message_lost_on_the_way_is_made_good(nb: Notebook) -> None:
    chat = nb.show(counting(200, halt=100) + "chat")
    chat.say("go")
    chat.wait_until_said(50)
    nb.run(LOSE_ONE_BATCH + GO_ON)
    chat.wait_until_done(turns=1)
    assert nb.evaluate("again") == ["batch"]
    assert chat.said == words(200)


def test_shells_and_tool_rows_stay_the_same_nodes_even_through_a_snapshot(nb: Notebook) -> None:
    chat = nb.show(WITH_TOOLS)
    chat.say("go")
    expect(chat.tools("running")).to_have_count(2)
    tagged = chat.tag_nodes()
    nb.run(FORGET_THE_LOG + LOSE_ONE_BATCH + GO_ON)
    chat.wait_until_done(turns=1)
    assert "snap" in nb.evaluate("again")
    assert chat.tags() == list(range(tagged))


def test_a_chat_that_was_out_of_sight_shows_everything_when_it_comes_back(nb: Notebook) -> None:
    chat = nb.show(counting(100) + "chat")
    nb.fill_with_cells(30)
    chat.say("go")
    chat.wait_until_said(20)
    nb.scroll_to_end()
    nb.run("chat.wait()")
    chat.host.scroll_into_view_if_needed()
    chat.wait_until_done(turns=1)
    assert chat.said == words(100)


def test_a_draft_outlives_a_reload(nb: Notebook) -> None:
    chat = nb.show(counting(1) + "chat")
    chat.type("half a thought")
    nb.reload()
    chat.wait_until_live()
    expect(chat.composer).to_have_value("half a thought")
