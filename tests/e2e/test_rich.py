"""An answer with everything in it, in both hosts: drawn, drawn again, used, and kept for who comes without a kernel."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, WebSocket, expect

from .conftest import WINDOW, Shelf
from .everything import EVERYTHING, FENCES
from .jupyter import HOSTS, Chat, Notebook, Server

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(180)]

THEMES = ["Light", "Dark"]
SHEET = {"width": 1080, "height": 4_600}

BLOCKS = ".math, .fence, .out"
DONE = ".math[data-drawn], .fence[data-drawn], .out:not(:has(.drawing)), .out:has(.drawing[data-state=drawn])"
OUTPUTS = 10
DRAWN = len(FENCES) + 2  # and the charts of Altair and of what grows

# What stands on the page for each kind, and how often.
KINDS = {
    "formulas": (".katex", 3),
    "diagrams, charts and flows of the text": (".fence[data-drawn] .drawing[data-state=drawn]", len(FENCES)),
    "charts of objects": (".out .drawing[data-state=drawn]", 2),
    "figures and images": (".out-picture img", 2),
    "galleries": (".gallery .tile img", 4),
    "tables": (".out-table tbody tr", 20),
    "pages of others": (".out-frame iframe", 1),
    "widgets": (".widget-slider", 1),
    "what only the host draws": (".js-plotly-plot .bars .point", 3),
}

FILLS_ITS_PLACE = """host => {
    const place = host.shadowRoot.querySelector(".out-hosted slot");
    return Math.abs(place.offsetWidth - host.querySelector(".js-plotly-plot .main-svg").clientWidth) < 2;
}"""


class Traffic:
    """What a page has asked for, and what its kernel sent it."""

    def __init__(self, page: Page) -> None:
        self.urls: list[str] = []
        self.received = 0
        page.on("request", lambda request: self.urls.append(request.url))
        page.on("websocket", self._listen)

    def elsewhere(self, server: Server) -> list[str]:
        return [url for url in self.urls if not url.startswith((server.url, "blob:", "data:"))]

    def _listen(self, socket: WebSocket) -> None:
        self.urls.append(socket.url.replace("ws:", "http:", 1))
        socket.on("framereceived", self._count)

    def _count(self, payload: str | bytes) -> None:
        self.received += len(payload)


class Answered:
    """A notebook whose first chat has shown everything: any test may be the first to use it, in a process of its own."""

    def __init__(self, nb: Notebook, server: Server) -> None:
        self.nb = nb
        self.server = server
        self.traffic = Traffic(nb.page)

    def begin(self) -> Answered:
        self.nb.open()
        self.nb.run(EVERYTHING)
        chat = self.nb.show("chat")
        chat.say("Show me everything")
        chat.wait_until_done(turns=1)
        read_through(chat)  # what nobody has come near is not drawn
        return self

    @property
    def chat(self) -> Chat:
        return self.nb.chat


def read_through(chat: Chat) -> None:
    """Bring every block into sight, one after the other, and wait until it is done."""
    expect(chat.host.locator(".out")).to_have_count(OUTPUTS)
    blocks = chat.host.locator(BLOCKS)
    at = 0
    while at < blocks.count():  # there are more of them when an output is shown
        blocks.nth(at).scroll_into_view_if_needed()
        expect(blocks.nth(at).and_(chat.host.locator(DONE))).to_be_visible()
        at += 1


def expect_all_drawn(chat: Chat) -> None:
    read_through(chat)
    for selector, count in KINDS.values():
        expect(chat.host.locator(selector)).to_have_count(count)


@pytest.fixture(scope="module", params=HOSTS)
def answered(
    request: pytest.FixtureRequest, server: Server, shelf: Shelf, context: BrowserContext
) -> Iterator[Answered]:
    nb = Notebook(context.new_page(), server, request.param, shelf.take())
    answered = Answered(nb, server)
    try:
        yield answered.begin()
        assert not nb.complaints, "the page complained:\n" + "\n".join(nb.complaints)
        assert answered.traffic.elsewhere(server) == []
    finally:
        nb.page.close()
        server.forget(nb.path)


def test_every_kind_is_drawn_and_nothing_is_asked_for_elsewhere(answered: Answered) -> None:
    expect_all_drawn(answered.chat)
    assert answered.traffic.elsewhere(answered.server) == []
    expect(answered.chat.root.frame_locator(".out-frame iframe").locator("td")).to_have_text("others")
    assert answered.nb.page.title() != "owned"


def test_objects_are_the_kernels_own(answered: Answered) -> None:
    chat, nb = answered.chat, answered.nb
    assert nb.evaluate("[chat.tool_calls[0].value is slider, chat.tool_calls[-1].value is sales]") == [True, True]
    handle = chat.host.locator(".widget-slider .noUi-handle")
    handle.focus()
    handle.press("ArrowRight")
    expect(chat.host.locator(".widget-readout")).to_have_text("4")
    assert nb.evaluate("slider.value") == 4
    nb.run("slider.value = 3")
    expect(chat.host.locator(".widget-readout")).to_have_text("3")
    line = chat.tools("done").first.locator(".line")
    line.click()
    expect(handle).to_be_hidden()
    line.click()
    expect(handle).to_be_visible()


def test_a_million_rows_are_paged_and_never_sent(answered: Answered) -> None:
    table = answered.chat.root.locator(".out-table")
    before = answered.traffic.received
    table.get_by_role("button", name="price").click()
    table.get_by_role("button", name="price").click()
    expect(table.locator("tbody tr").first).to_contain_text("108.9")
    table.get_by_role("button", name="Rows after").click()
    expect(table.locator(".out-range")).to_have_text("21–40 of 1,000,000")
    assert 0 < answered.traffic.received - before < 1_000_000


def test_a_result_becomes_a_variable(answered: Answered) -> None:
    card = answered.chat.root.locator(".out:has(.out-table)")
    card.get_by_role("button", name="To variable").click()
    expect(card.get_by_role("button", name="→ df")).to_be_visible()
    assert answered.nb.evaluate("df is sales")


def test_what_the_host_draws_is_as_wide_as_there_is_room(answered: Answered) -> None:
    page, host = answered.nb.page, answered.chat.host
    host.locator(".js-plotly-plot").scroll_into_view_if_needed()
    for size in ({"width": 900, "height": 900}, WINDOW):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.wait_for_function(FILLS_ITS_PLACE, arg=host.element_handle())


def test_a_second_view_shows_the_same(answered: Answered) -> None:
    answered.nb.run("chat")
    expect_all_drawn(answered.nb.chat_view(1))
    answered.nb.command("notebook:delete-cell")


def test_a_switch_of_the_theme_draws_anew(answered: Answered) -> None:
    read_through(answered.chat)
    for theme in ("Dark", "Light"):
        answered.nb.use_theme(theme)
        read_through(answered.chat)
        expect(answered.chat.host.locator(f".drawing[data-scheme={theme.lower()}]")).to_have_count(DRAWN)
        expect(answered.chat.host.locator(".out-frame iframe")).not_to_have_js_property("offsetHeight", 0)


def test_a_page_that_is_loaded_again_shows_the_same(answered: Answered) -> None:
    answered.nb.reload()
    answered.chat.wait_until_live()
    expect_all_drawn(answered.chat)


@pytest.mark.parametrize("answered", ["lab"], indirect=True)
def test_pictures_of_everything(answered: Answered, screenshots: Path) -> None:
    nb, chat = answered.nb, answered.chat
    nb.run("chat.height = 4300")
    nb.page.set_viewport_size(SHEET)  # type: ignore[arg-type]
    nb.hide_side_bars()
    for theme in THEMES:
        nb.use_theme(theme)
        nb.scroll_to(chat.host, 100)
        read_through(chat)
        nb.page.mouse.move(0, 0)
        chat.host.screenshot(path=screenshots / f"rich-{theme.lower()}.png", animations="disabled")


def test_who_opens_the_file_without_its_kernel_sees_what_was_drawn(answered: Answered) -> None:
    read_through(answered.chat)
    pictures = ".agui-static figure.drawing img"
    expect(answered.nb.page.locator(pictures)).to_have_count(DRAWN)
    answered.nb.save()
    path = answered.server.copy(answered.nb.path)
    reader = Notebook(answered.nb.page.context.new_page(), answered.server, answered.nb.host, path).open()
    expect(reader.page.locator(".agui-static")).to_be_visible()
    expect(reader.page.locator(pictures)).to_have_count(DRAWN)
    widths = reader.page.locator(".agui-static img").evaluate_all("all => all.map(each => each.offsetWidth)")
    assert len(widths) == DRAWN + 6 and min(widths) > 100
    reader.page.close()
    answered.server.forget(path)
