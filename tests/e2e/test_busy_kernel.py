"""The chat goes on while a cell keeps the kernel busy, waits for it, interrupts it or loses it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from .agents import counting, words
from .jupyter import Notebook

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(120)]

ENDLESS = counting(5_000)


def test_sending_and_stopping_work_while_another_cell_sleeps(nb: Notebook) -> None:
    chat = nb.show(ENDLESS + "chat")
    cell = nb.start("import time\ntime.sleep(600)")
    chat.say("go")
    chat.wait_until_said(100)
    chat.stop()
    chat.wait_until_done(turns=1)
    assert nb.is_running(cell)
    nb.interrupt()


# Stop is dead in these two if ipykernel routes the page's messages to the shell that the cell blocks
# (agui_widget.subshell).


def test_a_run_that_a_blocking_cell_started_can_be_stopped_from_the_page(nb: Notebook) -> None:
    chat = nb.show(ENDLESS + "chat")
    cell = nb.start("chat.ask_sync('go')")
    chat.wait_until_said(100)
    chat.stop()
    chat.wait_until_done(turns=1)
    assert "[stopped]" in nb.wait_for_cell(cell)[0]["data"]["text/plain"]


def test_a_run_of_the_very_cell_that_made_the_chat_can_be_stopped_from_the_page(nb: Notebook) -> None:
    cell = nb.start(ENDLESS + "display(chat)\nchat.ask_sync('go')")
    nb.chat.wait_until_said(100)
    nb.chat.stop()
    nb.chat.wait_until_done(turns=1)
    assert "[stopped]" in nb.wait_for_cell(cell)[-1]["data"]["text/plain"]


@pytest.mark.parametrize("waiting", ["chat.ask_sync('go')", "await chat.ask('go')"])
def test_a_kernel_interrupt_stops_the_run_that_the_cell_waits_for(nb: Notebook, waiting: str) -> None:
    chat = nb.show(ENDLESS + "chat")
    cell = nb.start(waiting)
    chat.wait_until_said(100)
    nb.interrupt()
    chat.wait_until_done(turns=1)
    expect(chat.lane("status")).to_contain_text("stopped")
    assert nb.wait_for_cell(cell)[-1]["ename"] in ("KeyboardInterrupt", "CancelledError")


def test_a_restarted_kernel_is_told_and_the_transcript_stays_readable(nb: Notebook) -> None:
    chat = nb.show(counting(10) + "chat")
    chat.say("go")
    chat.wait_until_done(turns=1)
    nb.restart_kernel()
    expect(chat.banner).to_contain_text("The kernel restarted")
    expect(chat.composer).not_to_be_editable()
    assert chat.said == words(10)


def test_a_cell_that_is_run_again_after_a_restart_gives_a_chat_that_works(nb: Notebook) -> None:
    nb.show(counting(10) + "chat")
    nb.restart_kernel()
    chat = nb.show(counting(10) + "chat")
    chat.say("go")
    chat.wait_until_done(turns=1)
    assert chat.said == words(10)
