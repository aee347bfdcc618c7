"""The notebook around a chat: its keys, its scroll position and its shortcuts stay its own."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from .agents import counting
from .jupyter import Notebook

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(120)]

# In command mode each of these would change the notebook, run a cell or move the selection.
KEYS = ["a", "b", "d", "d", "Shift+Enter", "x", "0", "0", "i", "i", "Escape", "ArrowDown", "ArrowUp", "Alt+Enter", "m"]


def test_keys_typed_in_the_composer_never_reach_the_notebook(nb: Notebook) -> None:
    chat = nb.show(counting(1) + "chat")
    nb.fill_with_cells(3)
    chat.composer.click()
    before = nb.editing_state()
    for key in KEYS:
        nb.page.keyboard.press(key)
        assert nb.editing_state() == before, f"{key} reached the notebook"
    expect(chat.composer).to_be_focused()


@pytest.mark.parametrize("key", ["Enter", "Control+Enter"])
def test_the_key_that_sends_does_not_run_the_cell(nb: Notebook, key: str) -> None:
    chat = nb.show(counting(1) + "chat")
    nb.fill_with_cells(3)
    chat.type("hello")
    before = nb.editing_state()
    nb.page.keyboard.press(key)
    chat.wait_until_done(turns=1)
    assert nb.editing_state() == before


def test_a_click_on_the_transcript_does_not_arm_the_notebooks_shortcuts(nb: Notebook) -> None:
    chat = nb.show(counting(30) + "chat")
    chat.say("go")
    chat.wait_until_done(turns=1)
    chat.lane("text").click()
    before = nb.editing_state()
    nb.page.keyboard.press("b")
    assert nb.editing_state() == before


def test_control_s_in_the_composer_saves_the_notebook(nb: Notebook) -> None:
    chat = nb.show(counting(1) + "chat")
    chat.type("a draft")
    nb.page.keyboard.press("Control+s")
    nb.wait_until_saved()
    expect(chat.composer).to_have_value("a draft")


def test_control_shift_c_in_the_composer_opens_the_command_palette(nb: Notebook) -> None:
    chat = nb.show(counting(1) + "chat")
    chat.composer.click()
    nb.page.keyboard.press("Control+Shift+c")
    expect(nb.page.locator(".lm-CommandPalette").last).to_be_visible()


@pytest.mark.parametrize("visible_part", ["its upper half", "its lower half"])
def test_a_stream_in_a_half_visible_cell_does_not_move_the_notebook(nb: Notebook, visible_part: str) -> None:
    nb.fill_with_cells(12)
    chat = nb.show(counting(400, 0.005) + "chat")
    nb.fill_with_cells(30)
    nb.scroll_to(chat.host, y=nb.page.viewport_size["height"] - 80 if visible_part == "its upper half" else 20)
    before = nb.scroll_positions(chat.host)
    assert before[0] > 0
    nb.js("kernel.requestExecute({ code: 'chat.submit(\"go\")' })")
    positions = []
    for length in range(300, 3_600, 600):
        chat.wait_until_said(length)
        positions.append(nb.scroll_positions(chat.host))
    chat.wait_until_done(turns=1)
    assert positions == [before] * len(positions)


def test_the_end_stays_in_sight_until_the_reader_goes_up(nb: Notebook) -> None:
    chat = nb.show(counting(20_000, 0.005, height=320) + "chat")
    chat.say("go")
    chat.wait_until_said(3_000)
    assert chat.distance_from_end() <= 24
    chat.wheel(-300)
    expect(chat.jump_button).to_be_visible()
    held = chat.scroll_top()
    chat.wait_until_said(len(chat.said) + 2_000)
    assert chat.scroll_top() == held
    chat.jump_button.click()
    chat.wait_until_said(len(chat.said) + 1_000)
    assert chat.distance_from_end() <= 24
