"""How it looks: it follows the host's theme; and the pictures for `screenshots/`, to be looked at."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from .agents import counting, demo
from .jupyter import Chat, Notebook

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(120)]

TALL = {"width": 1100, "height": 900}
THEMES = ["Light", "Dark"]


def test_a_theme_switch_repaints_the_chat_and_keeps_the_draft(nb: Notebook) -> None:
    chat = nb.show(counting(1) + "chat")
    chat.type("a draft")
    assert brightness(chat, "backgroundColor") > brightness(chat, "color")
    nb.use_theme("Dark")
    assert brightness(chat, "backgroundColor") < brightness(chat, "color")
    expect(chat.composer).to_have_value("a draft")
    nb.use_theme("Light")
    assert brightness(chat, "backgroundColor") > brightness(chat, "color")


def brightness(chat: Chat, prop: str) -> float:
    return sum(chat.colour(".chat", prop)[:3])


@pytest.mark.parametrize("host", ["lab"])
@pytest.mark.parametrize("theme", THEMES)
def test_pictures_of_a_conversation(nb: Notebook, screenshots: Path, theme: str) -> None:
    look = Look(nb, screenshots, theme)
    chat = nb.show(demo() + "chat")
    look.take(chat, "empty")
    chat.say("Which products lost margin last quarter?")
    expect(chat.host.locator("[data-call]").nth(1)).to_be_visible()
    look.take(chat, "running")
    expect(chat.lane("text").last).to_contain_text("Three products")
    look.take(chat, "streaming")
    chat.wait_until_done(turns=1)
    look.take(chat, "done")
    look.take(nb.page, "page")


@pytest.mark.parametrize("host", ["lab"])
@pytest.mark.parametrize("theme", THEMES)
def test_pictures_of_an_error_a_stop_and_a_lost_kernel(nb: Notebook, screenshots: Path, theme: str) -> None:
    look = Look(nb, screenshots, theme)
    chat = nb.show(demo(pace=0.3) + "chat")
    chat.say("Fail once, please")
    chat.wait_until_done(turns=1)
    look.take(chat, "error")
    chat.say("Now something long")
    chat.wait_until_said(400)
    chat.stop()
    chat.wait_until_done(turns=2)
    look.take(chat, "stopped")
    nb.restart_kernel()
    expect(chat.banner).to_be_visible()
    look.take(chat, "restarted")


class Look:
    """Takes the pictures of one test."""

    def __init__(self, nb: Notebook, folder: Path, theme: str) -> None:
        self._path = f"{folder}/{nb.host}-{{name}}-{theme.lower()}.png"
        nb.page.set_viewport_size(TALL)
        nb.use_theme(theme)
        nb.hide_side_bars()

    def take(self, shown: Chat | Page, name: str) -> None:
        """Of a chat or of the whole page; the mouse is moved away, or what is under it looks hovered."""
        shot = shown.host if isinstance(shown, Chat) else shown
        (shown.page if isinstance(shown, Chat) else shown).mouse.move(0, 0)
        shot.screenshot(path=self._path.format(name=name))
