"""One chat in a real notebook: what a person types, and what the agent says, shows and prints."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from .agents import counting, demo, words
from .jupyter import Notebook

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(120)]


def test_a_typed_message_is_answered_word_for_word(nb: Notebook) -> None:
    chat = nb.show(counting(40) + "chat")
    chat.say("Hello there")
    chat.wait_until_done(turns=1)
    expect(chat.questions).to_have_text("Hello there")
    assert chat.said == words(40) == nb.evaluate("chat.messages[-1]['content']")


def test_words_appear_while_the_agent_is_still_speaking(nb: Notebook) -> None:
    chat = nb.show(counting(5_000) + "chat")
    chat.say("go")
    lengths = [0]
    for _ in range(4):
        lengths.append(chat.wait_until_said(lengths[-1] + 100))
    expect(chat.root).to_have_attribute("data-status", "streaming")
    assert lengths[-1] < len(words(5_000))


def test_stop_ends_the_run_and_keeps_what_was_said(nb: Notebook) -> None:
    chat = nb.show(counting(5_000) + "chat")
    chat.say("go")
    chat.wait_until_said(100)
    chat.stop()
    chat.wait_until_done(turns=1)
    expect(chat.lane("status")).to_contain_text("stopped")
    assert chat.said == nb.evaluate("chat.messages[-1]['content']")


def test_escape_stops_too_and_leaves_the_focus_in_the_composer(nb: Notebook) -> None:
    chat = nb.show(counting(5_000) + "chat")
    chat.say("go")
    chat.wait_until_said(100)
    nb.page.keyboard.press("Escape")
    chat.wait_until_done(turns=1)
    expect(chat.composer).to_be_focused()


def test_shift_enter_starts_a_new_line_and_enter_sends_both(nb: Notebook) -> None:
    chat = nb.show(counting(1) + "chat")
    chat.type("one")
    nb.page.keyboard.press("Shift+Enter")
    nb.page.keyboard.type("two")
    nb.page.keyboard.press("Enter")
    chat.wait_until_done(turns=1)
    assert nb.evaluate("chat.messages[0]['content']") == "one\ntwo"


def test_an_input_methods_enter_does_not_send(nb: Notebook) -> None:
    chat = nb.show(counting(1) + "chat")
    chat.composer.click()
    keyboard = nb.page.context.new_cdp_session(nb.page)
    keyboard.send("Input.imeSetComposition", {"text": "にほん", "selectionStart": 3, "selectionEnd": 3})
    keyboard.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", "key": "Process", "windowsVirtualKeyCode": 229})
    chat.composer.dispatch_event("keydown", {"key": "Enter", "isComposing": True, "bubbles": True, "composed": True})
    expect(chat.composer).to_have_value("にほん")
    keyboard.send("Input.insertText", {"text": "日本"})
    expect(chat.composer).to_have_value("日本")
    expect(chat.questions).to_have_count(0)


def test_an_error_is_a_card_whose_retry_recovers(nb: Notebook) -> None:
    chat = nb.show(demo(pace=0.2) + "chat")
    chat.say("Please fail once")
    card = chat.lane("errors").locator(".card")
    expect(card).to_contain_text("The model is overloaded (429)")
    card.get_by_role("button", name="Retry").click()
    expect(chat.lane("text")).to_contain_text("This time the model answered")
    expect(card).to_have_count(0)


def test_what_an_agent_prints_is_shown_in_the_chat_and_in_no_cell(nb: Notebook) -> None:
    chat = nb.show(
        """
from agui_widget import AgentChat

def talkative():
    print("a word aside")
    yield "said aloud"

chat = AgentChat(talkative)
chat
"""
    )
    chat.say("go")
    chat.wait_until_done(turns=1)
    printed = chat.lane("status").locator(".printed")
    printed.get_by_role("button").click()
    expect(printed).to_contain_text("a word aside")
    assert (chat.said, nb.printed()) == ("said aloud", "")


def test_an_object_that_is_yielded_is_shown_as_its_plain_text(nb: Notebook) -> None:
    chat = nb.show(
        """
from agui_widget import AgentChat

class Frame:
    def __repr__(self):
        return "  product  margin\\n0  Tent L    22.9"
    def _repr_html_(self):
        return "<table><tr><td>Tent L</td></tr></table>"

async def analyst():
    yield "Here it is:"
    yield Frame()
    yield "That was it."

chat = AgentChat(analyst)
chat
"""
    )
    chat.say("go")
    chat.wait_until_done(turns=1)
    expect(chat.answers.locator(".output .code")).to_have_text(
        "  product  margin\n0  Tent L    22.9", use_inner_text=True
    )


@pytest.mark.parametrize("markdown", ["live", "off"])
def test_a_burst_of_20000_tokens_loses_nothing(nb: Notebook, markdown: str) -> None:
    chat = nb.show(
        f"""
from agui_widget import AgentChat

async def burst():
    for n in range(20_000):
        yield f"{{n}}, " if n % 50 else f"\\n\\n{{n}}, "

chat = AgentChat(burst, markdown="{markdown}")
chat
"""
    )
    chat.say("go")
    chat.wait_until_done(turns=1)
    chat.wait_until_said(sum(len(str(n)) + 1 for n in range(20_000)))
    assert [number.strip() for number in chat.said.split(",")[:-1]] == [str(n) for n in range(20_000)]


def test_an_answer_is_formatted_while_it_streams(nb: Notebook) -> None:
    chat = nb.show(
        """
import asyncio
from agui_widget import AgentChat

ANSWER = "Margins **fell**:\\n\\n| a | b |\\n|---|---|\\n| 1 | 2 |\\n\\n```python\\nfor x in y:\\n    pass\\n```\\n\\n- one\\n- two"

async def agent():
    for at in range(0, len(ANSWER), 3):
        yield ANSWER[at:at + 3]
        await asyncio.sleep(0.01)

chat = AgentChat(agent)
chat
"""
    )
    chat.say("go")
    chat.wait_until_done(turns=1)
    answer = chat.lane("text")
    expect(answer.locator("strong")).to_have_text("fell")
    expect(answer.locator("td")).to_have_text(["1", "2"])
    expect(answer.locator("li")).to_have_text(["one", "two"])
    expect(answer).to_contain_text("for x in y:\n    pass", use_inner_text=False)


def test_the_demo_shows_every_lane(nb: Notebook) -> None:
    chat = nb.show(demo(pace=0.3) + "chat")
    chat.say("Which products lost margin?")
    chat.wait_until_done(turns=1)
    expect(chat.lane("reasoning")).to_contain_text("Thought")
    expect(chat.tools("error")).to_have_count(1)
    expect(chat.tools("done")).to_have_count(2)
    expect(chat.lane("text").last).to_contain_text("Three products lost margin")
    expect(chat.lane("status").last).to_contain_text("1,204 in")
