"""Flow diagrams on a plain page: drawn, walked, moved, selected; large ones, hostile ones, and without workers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from agui_widget import Flow, drawings

from .conftest import Quiet, served

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(60)]

HOSTILE = "<script>alert(1)</script><img src=//evil.example/x onerror=alert(1)>\u202e\x1b[31m"

REVIEW = Flow(
    [
        {"id": "ask", "label": "Question", "kind": "start"},
        {"id": "plan", "label": "Plan", "kind": "agent", "detail": "3 steps"},
        {"id": "query", "label": "Query the warehouse", "kind": "tool", "detail": "run_sql", "group": "Look it up"},
        {
            "id": "search",
            "label": "Search the documents",
            "kind": "tool",
            "detail": "search(top=8)",
            "group": "Look it up",
        },
        {"id": "sales", "label": "sales.parquet", "kind": "data", "group": "Look it up"},
        {"id": "enough", "label": "Enough?", "kind": "decision"},
        {"id": "analyst", "label": "Ask the analyst about outliers in the last quarter", "kind": "human"},
        {"id": "answer", "label": "Answer", "kind": "end"},
    ],
    [
        ("ask", "plan"),
        ("plan", "query"),
        ("plan", "search"),
        ("query", "sales"),
        ("sales", "enough"),
        ("search", "enough"),
        ("enough", "answer", "yes"),
        ("enough", "analyst", "not sure"),
        ("analyst", "plan", "try again"),
    ],
    title="How a question is answered",
).to_json()


def chain(size: int) -> dict[str, Any]:
    """Every node leads to one or two of those after it."""
    edges = [(max(0, n - 1 - n % 7), n) for n in range(1, size)] + [(n, n + 9) for n in range(0, size - 9, 3)]
    return Flow({n: f"Step {n}" for n in range(size)}, edges).to_json()


def with_words(node: Any) -> Any:
    """A drawing whose attributes are text, as the kernel keeps them."""
    if isinstance(node, str):
        return node
    attributes = {name: str(value) for name, value in node.get("a", {}).items()}
    children = [with_words(child) for child in node.get("c", [])]
    return {"t": node["t"], **({"a": attributes} if attributes else {}), **({"c": children} if children else {})}


SCROLLED = """(node, top) => new Promise((done) => {
    const look = () => (node.scrollTop !== top ? done() : requestAnimationFrame(look));
    look();
})"""


class Board:
    """The plain page with one answer on it: a block of code in the language `flow`."""

    def __init__(self, page: Page, origin: str) -> None:
        self.page = page
        self.origin = origin
        self.complaints: list[str] = []
        self.elsewhere: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", lambda dialog: (self.complaints.append(dialog.message), dialog.dismiss()))
        page.on("request", lambda request: self._note(request.url))
        self.surface = page.locator(".flow-surface")
        self.nodes = page.get_by_role("option")
        self.panel = page.locator(".flow-panel")

    def _note(self, url: str) -> None:
        if not url.startswith((self.origin, "data:", "blob:")):
            self.elsewhere.append(url)

    def show(self, flow: Any, theme: str = "light", before: int = 0) -> Board:
        """`before`: lines of an answer above it."""
        self.page.goto(f"{self.origin}/js/index.html?bare&recording=&theme={theme}")
        expect(self.page.locator("html")).to_have_attribute("data-played", "true")
        fence = {"t": "fence", "a": {"lang": "flow"}, "c": [flow if isinstance(flow, str) else json.dumps(flow)]}
        nodes = [*[{"t": "p", "c": [f"Line {n}"]} for n in range(before)], fence]
        said = [
            ("message.start", None, {"role": "assistant"}),
            ("blocks.patch", "text", {"ops": [["add", [], nodes]], "text": "x"}),
            ("lane.seal", "text", {}),
        ]
        head = {"v": "agui.v1", "ts": 1000, "stream": "s", "corr": "r1", "message_id": "a1"}
        envelopes = [
            {**head, "id": f"s:{seq}", "seq": seq, "kind": kind, "lane": lane, "payload": payload}
            for seq, (kind, lane, payload) in enumerate(said, start=1)
        ]
        self.page.evaluate("e => agui.model.receive({t: 'batch', e})", envelopes)
        return self

    def sent(self, kind: str) -> list[dict[str, Any]]:
        return [intent for intent in self.page.evaluate("agui.model.sent") if intent["t"] == kind]

    def handed_back(self) -> dict[str, Any]:
        """The picture that the kernel was given."""
        self.page.wait_for_function("agui.model.sent.some(({ t }) => t === 'drawn')")
        (drawn,) = self.sent("drawn")
        return dict(drawn)

    @property
    def view(self) -> str | None:
        """What a frame shows, once it does."""
        self.page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        return self.surface.locator("> g").get_attribute("transform")


@pytest.fixture
def board(context: BrowserContext, origin: str) -> Iterator[Board]:
    board = Board(context.new_page(), origin)
    yield board
    board.page.close()
    assert board.complaints == []
    assert board.elsewhere == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pictures_of_a_flow(board: Board, screenshots: Path, theme: str) -> None:
    board.show(REVIEW, theme)
    expect(board.nodes).to_have_count(8)
    board.nodes.nth(2).click()
    expect(board.panel).to_contain_text("run_sql")
    board.page.locator(".chat").screenshot(path=screenshots / f"flow-{theme}.png")


@pytest.mark.parametrize("size", [100, 1_000])
def test_a_large_flow_is_drawn_whole_and_handed_back(board: Board, screenshots: Path, size: int) -> None:
    board.show(chain(size))
    expect(board.nodes).to_have_count(size)
    board.page.locator(".chat").screenshot(path=screenshots / f"flow-{size}.png")
    node = board.handed_back()["node"]
    assert f'"Step {size - 1} "' in json.dumps(node)
    assert drawings.checked(node) == with_words(node)  # the kernel takes all of it
    assert board.page.workers == []  # what laid it out has gone


def test_the_keyboard_walks_along_the_edges_and_selects(board: Board) -> None:
    board.show(REVIEW)
    expect(board.nodes).to_have_count(8)
    board.surface.focus()
    board.page.keyboard.press("Tab")
    for key, name in [("ArrowRight", "Plan"), ("End", "Answer"), ("ArrowLeft", "Enough?"), ("Home", "Question")]:
        board.page.keyboard.press(key)
        expect(board.page.locator(".flow-node:focus-visible")).to_have_attribute(
            "aria-label", re.compile(rf"^{re.escape(name)},")
        )
    board.page.keyboard.press("Enter")
    (action,) = board.sent("action")
    assert action["message"]["userAction"]["name"] == "select"
    assert action["message"]["userAction"]["context"] == {"node": "ask", "label": "Question", "kind": "start"}
    board.page.keyboard.press("Escape")
    expect(board.panel).to_be_hidden()


def test_it_moves_when_it_is_dragged_or_asked_to_and_else_the_page_scrolls(board: Board) -> None:
    board.show(REVIEW, before=60)
    expect(board.nodes).to_have_count(8)
    box = board.surface.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    board.page.mouse.move(x, y)
    first = board.view
    scroller = board.page.locator(".scroller")
    top = scroller.evaluate("node => node.scrollTop")
    board.page.mouse.wheel(0, -30)
    scroller.evaluate(SCROLLED, top)
    assert board.view == first
    board.page.keyboard.down("Control")
    board.page.mouse.wheel(0, -60)
    board.page.keyboard.up("Control")
    zoomed = board.view
    assert zoomed != first
    board.page.mouse.down()
    board.page.mouse.move(x + 80, y + 10, steps=4)
    board.page.mouse.up()
    assert board.view not in (first, zoomed)
    board.page.get_by_role("button", name="Fit the whole diagram").click()
    assert board.view != zoomed
    assert board.sent("action") == []


def test_hostile_words_are_words(board: Board) -> None:
    nodes = [
        {"id": name, "label": HOSTILE, "kind": HOSTILE, "detail": HOSTILE, "group": HOSTILE}
        for name in ("__proto__", HOSTILE)
    ]
    edges = [{"from": "__proto__", "to": HOSTILE, "label": HOSTILE}]
    board.show({"title": HOSTILE, "nodes": nodes, "edges": edges})
    expect(board.nodes).to_have_count(2)
    board.nodes.nth(1).click()
    board.page.get_by_role("button", name="As a list").click()
    expect(board.page.locator(".flow-list li").first).to_contain_text("<script>")
    expect(board.page.locator(".flow :is(script, img, a, use, image, foreignObject, [style*=url])")).to_have_count(0)


def test_what_is_wrong_is_told_above_the_source(board: Board) -> None:
    board.show('{"nodes": ["a"],\n "edges": [{"from": "a", "to": "b"}]}')
    expect(
        board.page.get_by_role("note").filter(has_text='"to" names the node "b", which is not there')
    ).to_be_visible()


class WithoutWorkers(Quiet):
    """A page whose policy allows no worker."""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", "worker-src 'none'")
        super().end_headers()


def test_where_no_worker_is_allowed_it_is_laid_out_more_simply(context: BrowserContext) -> None:
    with served(WithoutWorkers) as origin:
        page = context.new_page()
        Board(page, origin).show({**REVIEW, "routing": "orthogonal"})
        expect(page.get_by_role("option")).to_have_count(8)
        expect(page.locator(".flow-note")).to_contain_text("laid out more simply")
        page.close()
