"""The sources of an answer in a real notebook: numbers in the text, the list below it, and what stays while both grow."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from .jupyter import Notebook

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(120)]

CITING = """
import asyncio
from agui_widget import AgentChat

step = 0
REPORT = {"title": "Report", "url": "https://example.org/report", "snippet": "Margins fell.", "textOffset": 16}
BLOG = {"title": "Blog", "url": "https://example.net/post", "textOffset": 31}

async def reached(n):
    while step < n:
        await asyncio.sleep(0.02)

def words(text, *cited):
    event = {"type": "TEXT_MESSAGE_CONTENT", "messageId": "m", "delta": text}
    return {**event, "metadata": {"citations": list(cited)}} if cited else event

async def citing():
    yield {"type": "TEXT_MESSAGE_START", "messageId": "m", "role": "assistant"}
    yield words("**Margins fell**.\\n\\nCosts ")
    yield words("rose", REPORT)
    await reached(1)
    yield words(" again.\\n\\nEnd", REPORT)
    yield {"type": "TEXT_MESSAGE_END", "messageId": "m", "metadata": {"citations": [REPORT, BLOG]}}

chat = AgentChat(citing)
chat
"""

KEEP = "host => { const root = host.shadowRoot; root.kept = [...root.querySelectorAll('.cite, .source, .nodes > p')]; }"
ARE_KEPT = "host => host.shadowRoot.kept.every(node => node.isConnected)"
ALONE = "host => [...host.shadowRoot.querySelectorAll('.block-page > p')].map(p => p.textContent)"


@pytest.mark.parametrize("host", ["lab"])
def test_sources_come_with_the_words_and_what_stands_stays(nb: Notebook) -> None:
    chat = nb.show(CITING)
    chat.say("Why?")
    marks, rows = chat.host.locator(".cite"), chat.host.locator(".source")
    expect(marks).to_have_text(["1"])
    expect(rows).to_have_text(["1Reportexample.org"])
    expect(chat.lane("text")).to_contain_text("Costs rose")
    chat.host.evaluate(KEEP)
    nb.run("step = 1")
    chat.wait_until_done(turns=1)
    expect(marks).to_have_text(["1", "2"])
    expect(rows).to_have_text(["1Reportexample.org", "2Blogexample.net"])
    assert chat.host.evaluate(ARE_KEPT)
    assert chat.host.evaluate(ALONE) == ["Margins fell1.", "Costs rose again2.", "End"]
    assert nb.evaluate("chat.messages[-1]['content']") == "**Margins fell**.\n\nCosts rose again.\n\nEnd"

    expect(marks.first).to_have_attribute("aria-label", "Source 1: Report")
    marks.first.hover()
    expect(chat.host.locator(".tip")).to_contain_text("example.org")
    marks.last.press("Enter")
    expect(rows.last).to_be_focused()
    expect(rows.last).to_have_attribute("data-lit", "")

    nb.reload()
    chat = nb.chat_view(0)
    expect(chat.host.locator(".cite")).to_have_text(["1", "2"])
    expect(chat.host.locator(".source")).to_have_text(["1Reportexample.org", "2Blogexample.net"])
