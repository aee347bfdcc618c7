"""What is left of a chat: under its cell, in a notebook without its kernel, in exported files. All opened in Chromium."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import mistune
import nbformat
import pytest
from nbclient import NotebookClient
from nbconvert import HTMLExporter, MarkdownExporter
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from playwright.sync_api import Browser, Page, expect

from agui_widget import AgentChat, transcript
from agui_widget.widget import BUNDLE, CHUNK_NEEDS, CHUNKS
from tests.test_markdown_security import payloads
from tests.test_transcript import everywhere

from .agents import counting, words
from .jupyter import Notebook

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(180)]

THEMES = ["light", "dark"]
CHECKOUT = Path(__file__).parents[2]

# -- under a cell ------------------------------------------------------------------------------------

# How high what stands under a chat is, its whole row of the output area.
ROW_HEIGHT = "node => node.closest('.jp-OutputArea-child').getBoundingClientRect().height"


def test_the_transcript_is_there_and_takes_no_room_while_a_live_view_shows_the_same(nb: Notebook) -> None:
    chat = nb.show(counting(5) + "chat")
    chat.say("go")
    chat.wait_until_done(turns=1)
    static = nb.page.locator(".agui-static")
    expect(static).to_have_count(1)
    expect(static).to_contain_text(words(5))
    expect(static).to_be_hidden()
    assert static.evaluate(ROW_HEIGHT) == 0


def test_a_transcript_brought_up_to_date_leaves_the_view_and_its_draft_alone(nb: Notebook) -> None:
    chat = nb.show(counting(5) + "chat")
    chat.type("a draft")
    chat.host.evaluate("node => { node.aguiTag = 'the same' }")
    nb.run("for question in ('first', 'second'):\n    chat.ask_sync(question)")
    expect(nb.page.locator(".agui-static")).to_contain_text("second")
    assert chat.host.evaluate("node => node.aguiTag") == "the same"
    expect(chat.composer).to_have_value("a draft")


def test_a_run_that_the_page_began_after_the_cell_ended_is_kept_in_the_file(nb: Notebook) -> None:
    chat = nb.show(counting(3) + "chat")
    nb.run("1 + 1")
    chat.say("asked on the page")
    chat.wait_until_done(turns=1)
    expect(nb.page.locator(".agui-static")).to_contain_text(words(3))
    nb.save()
    saved = nb.js(
        "return cells.cells.flatMap(cell => cell.outputs).filter(output => output.output_type === 'display_data')"
    )
    assert len(saved) == 2
    assert json.dumps(saved).count("asked on the page") == 2  # as HTML, and as text


def test_a_notebook_opened_without_its_kernel_shows_every_transcript_and_a_live_view_hides_only_its_own(
    nb: Notebook, screenshots: Path
) -> None:
    for question in ("first question", "second question"):
        chat = nb.show(counting(3) + "chat")
        nb.run(f"chat.ask_sync({question!r});")
    statics = nb.page.locator(".agui-static")
    for at in range(2):
        expect(statics.nth(at)).to_be_hidden()
    nb.restart_kernel()
    expect(chat.banner).to_be_visible()
    expect(statics.nth(1)).to_be_hidden()  # its view is dead, and shows the same as long as the page is open
    nb.reload()
    for at, question in enumerate(("first question", "second question")):
        expect(statics.nth(at)).to_be_visible()
        expect(statics.nth(at)).to_contain_text(question)
    nb.page.screenshot(path=screenshots / f"{nb.host}-reopened.png")
    nb.complaints.clear()  # the host's own, of models that are gone
    last = max(at for at, source in enumerate(nb.cell_sources()) if source.endswith("\nchat"))
    nb.js("notebook.activeCellIndex = argument; await app.commands.execute('notebook:run-cell')", last)
    expect(statics.nth(0)).to_be_visible()
    expect(statics.nth(1)).to_be_hidden()
    nb.complaints.clear()


# -- in files ----------------------------------------------------------------------------------------

QUESTIONS = ["Which products lost margin?", "Fail once, then recover", "What is $5 in *euros*?"]
SETUP = f"from agui_widget import AgentChat, RunError\n\nquestions = {QUESTIONS!r}"
THREE_CHATS = [
    new_markdown_cell("# Three chats\n\nWhat each of them said stands under its cell."),
    new_code_cell(SETUP),
    new_code_cell("sales = AgentChat(pace=0, title='Sales analyst')\nsales"),
    new_code_cell("await sales.ask(questions[0]);"),
    new_code_cell("flaky = AgentChat(pace=0, title='Flaky')\nflaky"),
    new_code_cell("try:\n    flaky.ask_sync(questions[1])\nexcept RunError as error:\n    pass"),
    new_code_cell("echo = AgentChat(lambda text: f'You asked: {text}', title='Echo')\necho"),
    new_code_cell("await echo.ask(questions[2]);"),
]
# Each of these is said once; what the cells' own sources say is not counted.
SAID = ["Three products", "The model is overloaded", "You asked:", *QUESTIONS[:2]]


class Offline:
    """A page without a network, what it asked for, and what popped up."""

    def __init__(self, browser: Browser, theme: str = "light") -> None:
        self.context = browser.new_context(offline=True, color_scheme=theme, viewport={"width": 960, "height": 900})
        self.page: Page = self.context.new_page()
        self.asked: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", self._popped_up)

    def _popped_up(self, dialog: Any) -> None:
        self.complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def open(self, path: Path) -> Page:
        self.page.goto(path.as_uri())
        return self.page

    @property
    def requests(self) -> list[str]:
        """What was asked for beside the file itself and what it made."""
        return [url for url in self.asked if not url.startswith(("file:", "blob:", "data:"))]


@pytest.fixture
def offline(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Offline]:
    opened = Offline(browser, getattr(request, "param", "light"))
    yield opened
    opened.context.close()


@pytest.fixture(scope="module", params=[False, True], ids=["without widget state", "with widget state"])
def three_chats(request: pytest.FixtureRequest) -> Any:
    notebook = new_notebook(cells=THREE_CHATS)
    return NotebookClient(nbformat.from_dict(notebook), timeout=60, store_widget_state=request.param).execute()


def test_nbconvert_html_shows_each_conversation_once(
    three_chats: Any, offline: Offline, tmp_path: Path, screenshots: Path
) -> None:
    path = tmp_path / "three.html"
    path.write_text(HTMLExporter().from_notebook_node(three_chats)[0], "utf-8")
    page = offline.open(path)
    shown = "\n".join(page.locator(".jp-OutputArea-output").all_inner_texts())
    assert {said: shown.count(said) for said in SAID} == dict.fromkeys(SAID, 1)
    assert "What is $5 in *euros*?" in shown
    if "widgets" not in three_chats.metadata:
        page.screenshot(path=screenshots / "nbconvert-three-chats.png", full_page=True)


def test_nbconvert_markdown_shows_each_conversation_once(
    three_chats: Any, offline: Offline, tmp_path: Path, screenshots: Path
) -> None:
    source = MarkdownExporter().from_notebook_node(three_chats)[0]
    path = tmp_path / "three.html"
    html = mistune.create_markdown(escape=False, plugins=["table"])(source)
    path.write_text(f"<!doctype html><meta charset=utf-8><body style='font: 14px sans-serif'>{html}", "utf-8")
    page = offline.open(path)
    shown = "\n".join(page.locator(".agui-static").all_inner_texts())
    assert {said: shown.count(said) for said in SAID} == dict.fromkeys(SAID, 1)
    whole = page.locator("body").inner_text()
    assert all(whole.count(said) == 1 for said in SAID[:2])
    page.screenshot(path=screenshots / "nbconvert-markdown-three-chats.png", full_page=True)


def recorded(name: str) -> dict[str, Any]:
    """The last snapshot of a recording of the plain page."""
    from agui_widget.lanes import Snapshot, fold_all

    snapshot = Snapshot(name)
    for line in (CHECKOUT / "js" / "recordings" / f"{name}.jsonl").read_text().splitlines():
        message = json.loads(line)["msg"]
        if message["t"] == "batch":
            fold_all(snapshot, message["e"])
    return snapshot.to_json()


def still(snapshot: dict[str, Any]) -> str:
    return transcript.static_document(
        transcript.to_html(transcript.read(snapshot, title="Sales analyst")), title="Sales analyst"
    )


def live(snapshot: dict[str, Any]) -> str:
    names = transcript.chunks_of(snapshot, CHUNK_NEEDS)
    chunks = {name: CHUNKS[name].read_bytes() for name in names}
    return transcript.live_document(snapshot, title="Sales analyst", renderer=BUNDLE.read_text("utf-8"), chunks=chunks)


@pytest.mark.parametrize("offline", THEMES, indirect=True)
@pytest.mark.parametrize("name", ["demo", "rich", "states"])
def test_a_still_page_opens_offline_and_fits(
    name: str, offline: Offline, tmp_path: Path, screenshots: Path, request: pytest.FixtureRequest
) -> None:
    path = tmp_path / "still.html"
    path.write_text(still(recorded(name)), "utf-8")
    page = offline.open(path)
    for width in (360, 960):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
    page.screenshot(path=screenshots / f"still-{name}-{request.node.callspec.params['offline']}.png", full_page=True)
    assert offline.requests == [] and offline.complaints == []


@pytest.mark.parametrize("offline", THEMES, indirect=True)
@pytest.mark.parametrize("name", ["demo", "rich"])
def test_a_live_page_opens_offline_with_the_widgets_own_look(
    name: str, offline: Offline, tmp_path: Path, screenshots: Path, request: pytest.FixtureRequest
) -> None:
    path = tmp_path / "live.html"
    path.write_text(live(recorded(name)), "utf-8")
    page = offline.open(path)
    chat = page.locator(".chat")
    expect(chat).to_have_attribute("data-link", "saved")
    expect(chat.locator("[data-banner]")).to_contain_text("A saved conversation")
    expect(chat.locator("[data-composer]")).to_be_hidden()
    expect(chat.locator('[data-role="user"]').first).to_contain_text("Which products lost margin last quarter?")
    page.screenshot(path=screenshots / f"live-{name}-{request.node.callspec.params['offline']}.png", full_page=True)
    assert offline.requests == [] and offline.complaints == []


@pytest.mark.parametrize("offline", THEMES, indirect=True)
def test_a_live_page_brings_what_draws_interfaces_if_it_has_one(offline: Offline, tmp_path: Path) -> None:
    path = tmp_path / "live.html"
    path.write_text(live(recorded("surfaces")), "utf-8")
    page = offline.open(path)
    expect(page.get_by_label("Name")).to_be_visible()
    page.get_by_role("button", name="Make the plan").click()
    expect(page.locator(".a2-act").filter(has_text="Not sent: no kernel answers.")).to_be_visible()
    assert offline.requests == [] and offline.complaints == []
    assert '"a2ui":"' in live(recorded("surfaces")) and '"a2ui":"' not in live(recorded("demo"))


def test_a_chat_of_a_kernel_gives_both_pages(offline: Offline, tmp_path: Path) -> None:
    chat = AgentChat(pace=0)
    chat.ask_sync("Which products lost margin?")
    for name, source in (("still", chat.to_html()), ("live", chat.to_html(live=True))):
        (tmp_path / name).with_suffix(".html").write_text(source, "utf-8")
        page = offline.open((tmp_path / name).with_suffix(".html"))
        expect(page.get_by_text("Three products")).to_be_visible()
    assert offline.requests == [] and offline.complaints == []


# -- what somebody hostile said ----------------------------------------------------------------------

LOOK = """() => ({
    elements: document.querySelectorAll("script, iframe, object, embed, form, input, link, base, style").length,
    handlers: [...document.body.querySelectorAll("*")].flatMap(each => [...each.attributes])
        .filter(({ name }) => name.startsWith("on") || name === "style" || name === "id").map(({ name }) => name),
    sources: [...document.querySelectorAll("[src], [srcset], [poster], [background]")]
        .filter(each => !each.src?.startsWith("data:")).length,
})"""


def hostile(fixtures: Path, every: int) -> dict[str, Any]:
    """A conversation with every n-th payload in every field."""
    messages = [message for payload in payloads(fixtures)[::every] for message in everywhere(payload)]
    numbered = [{**each, "id": f"m{at}"} for at, each in enumerate(messages)]
    return {"v": "agui.v1", "stream": "s", "seq": 1, "messages": numbered, "runs": [], "state": None}


def test_no_payload_runs_or_asks_for_anything_even_without_the_policy(
    offline: Offline, tmp_path: Path, fixtures: Path
) -> None:
    path = tmp_path / "hostile.html"
    fragment = transcript.to_html(transcript.read(hostile(fixtures, every=3)))
    path.write_text(f"<!doctype html><meta charset=utf-8><title>x</title>{fragment}", "utf-8")
    page = offline.open(path)
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
    page.wait_for_timeout(500)
    assert page.evaluate(LOOK) == {"elements": 0, "handlers": [], "sources": 0}
    assert offline.requests == [] and offline.complaints == []


def test_no_payload_breaks_out_of_the_data_of_a_live_page(offline: Offline, tmp_path: Path, fixtures: Path) -> None:
    path = tmp_path / "hostile.html"
    path.write_text(live(hostile(fixtures, every=40)), "utf-8")
    page = offline.open(path)
    expect(page.locator(".chat")).to_have_attribute("data-link", "saved")
    page.wait_for_timeout(500)
    assert page.evaluate("document.querySelectorAll('script').length") == 2
    assert offline.requests == [] and offline.complaints == []
