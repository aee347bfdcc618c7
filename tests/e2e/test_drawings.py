"""From the fence to the file: drawn on a page, handed back, kept by a chat, shown without what drew it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from agui_widget import AgentChat

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(60)]

FLOW = {"nodes": [{"id": "a", "label": "Plan"}, {"id": "b", "label": "Answer"}], "edges": [{"from": "a", "to": "b"}]}
CHART = {
    "data": {"values": [{"month": "Jan", "sales": 3}, {"month": "Feb", "sales": 7}]},
    "mark": "bar",
    "encoding": {"x": {"field": "month"}, "y": {"field": "sales", "type": "quantitative"}},
}
SOURCES = {"mermaid": "graph LR\n  A[Plan] --> B[Answer]", "flow": json.dumps(FLOW), "vega-lite": json.dumps(CHART)}
ANSWER = "\n\n".join(f"```{language}\n{source}\n```" for language, source in SOURCES.items())


@pytest.fixture
def page(context: BrowserContext, origin: str) -> Iterator[Page]:
    page = context.new_page()
    page.goto(f"{origin}/js/index.html?bare&recording=")
    expect(page.locator("html")).to_have_attribute("data-played", "true")
    yield page
    page.close()


@pytest.fixture
def chat() -> AgentChat:
    chat = AgentChat(lambda: ANSWER, title="Echo")
    chat.ask_sync("draw")
    return chat


def show(page: Page, chat: AgentChat) -> None:
    page.evaluate("s => agui.model.receive({t: 'snap', s})", chat._driver.session.snapshot())
    expect(page.locator(".fence[data-drawn]")).to_have_count(len(SOURCES), timeout=20_000)


def hand_back(page: Page, chat: AgentChat) -> list[dict[str, Any]]:
    """Give what the page drew to the chat."""
    deadline = time.monotonic() + 20
    drawn: list[dict[str, Any]] = []
    while len(drawn) < len(SOURCES):
        assert time.monotonic() < deadline
        page.wait_for_timeout(50)
        drawn = [intent for intent in page.evaluate("agui.model.sent") if intent["t"] == "drawn"]
    for intent in drawn:
        chat._receive(intent)
    while json.dumps(chat._driver.session.snapshot()).count('"kind": "drawing"') < len(SOURCES):
        assert time.monotonic() < deadline
        time.sleep(0.01)  # the driver keeps them in its own time
    return drawn


def test_what_is_drawn_follows_the_theme_of_its_host(page: Page, chat: AgentChat) -> None:
    show(page, chat)
    expect(page.locator(".drawing[data-scheme=light]")).to_have_count(len(SOURCES))
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    expect(page.locator(".drawing[data-scheme=dark]")).to_have_count(len(SOURCES), timeout=20_000)
    expect(page.locator(".paper")).to_have_count(len(SOURCES))


def test_a_file_shows_what_was_drawn_and_carries_nobody_who_draws(
    page: Page, chat: AgentChat, browser: Browser, tmp_path: Path
) -> None:
    show(page, chat)
    assert {(each["kind"], each["text"]) for each in hand_back(page, chat)} == set(SOURCES.items())
    asked: list[str] = []
    for name, html in {"still": chat.to_html(), "live": chat.to_html(live=True)}.items():
        path = tmp_path / f"{name}.html"
        path.write_text(html, "utf-8")
        reader = browser.new_page()
        reader.on("request", lambda request: asked.append(request.url))
        reader.goto(path.as_uri())
        pictures = reader.locator("figure.drawing :is(img, .kept > svg)")
        expect(pictures).to_have_count(len(SOURCES))
        assert all(box["width"] > 50 and box["height"] > 20 for each in pictures.all() if (box := each.bounding_box()))
        reader.close()
    assert '"mermaid":"' not in html and '"charts":"' not in html and '"flow":"' not in html
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []


def test_ten_widgets_of_a_page_ask_once_for_each_part(page: Page, chat: AgentChat) -> None:
    asked = page.evaluate(
        """async snapshot => {
          const { default: factory } = await import("/src/agui_widget/static/widget.js");
          const { FakeModel, gzipped } = await import("/js/dev/fake-model.js");
          const asked = [];
          const signal = new AbortController().signal;
          for (let n = 0; n < 10; n++) {
            const model = new FakeModel({ title: "T", theme: "auto", height: 0, placeholder: "" });
            model.onIntent = async ({ t, name }) => {
              if (t !== "chunk") return;
              asked.push([n, name]);
              model.receive({ t, name }, [await gzipped(name)]);
            };
            const el = document.querySelector("main").appendChild(document.createElement("div"));
            const widget = await factory();
            await widget.initialize({ model, signal });
            await widget.render({ model, el, signal });
            model.receive({ t: "snap", s: snapshot });
          }
          const until = async (isTrue) => {
            for (let n = 0; n < 1600 && !isTrue(); n++) await new Promise((done) => setTimeout(done, 25));
          };
          const hosts = [...document.querySelectorAll(".agui-host")].slice(1); // the first is the page's own
          const fencesOf = ({ shadowRoot }) => [...shadowRoot.querySelectorAll(".fence")];
          for (const host of hosts) {
            host.scrollIntoView();
            await until(() => fencesOf(host).length);
            for (const fence of fencesOf(host)) {
              fence.scrollIntoView();
              await until(() => fence.hasAttribute("data-drawn"));
            }
          }
          const drawn = hosts.flatMap(fencesOf).filter((fence) => fence.hasAttribute("data-drawn"));
          return [asked, drawn.length];
        }""",
        chat._driver.session.snapshot(),
    )
    pairs, drawn = asked
    names = [name for _, name in {tuple(pair) for pair in pairs}]  # a slow page may ask again
    assert drawn == 10 * len(SOURCES)
    assert {"sketch", "mermaid", "flow", "charts"} <= set(names)
    assert len(names) == len(set(names))
