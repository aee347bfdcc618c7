"""The front end without Jupyter: recordings on a plain page, at several widths, in both themes."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

CHECKOUT = Path(__file__).parents[2]
RECORDINGS = sorted(path.stem for path in (CHECKOUT / "js" / "recordings").glob("*.jsonl"))

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(60)]


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    """The checkout, served on a free port."""
    handler = functools.partial(Quiet, directory=str(CHECKOUT))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class Plain:
    """The page, what it asked the network for, and what it complained about."""

    def __init__(self, page: Page, origin: str) -> None:
        self.page = page
        self.origin = origin
        self.requests: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)

    def play(self, recording: str, **query: object) -> Plain:
        """Play a recording at once, and wait until it has been."""
        options = "".join(f"&{name}={value}" for name, value in query.items())
        self.page.goto(f"{self.origin}/js/index.html?bare&speed=0&recording={recording}{options}")
        expect(self.page.locator("html")).to_have_attribute("data-played", "true")
        return self


@pytest.fixture
def plain(context: BrowserContext, origin: str) -> Iterator[Plain]:
    page = context.new_page()
    yield Plain(page, origin)
    page.close()


@pytest.mark.parametrize("recording", RECORDINGS)
def test_a_recording_plays_without_a_complaint_and_without_the_network(plain: Plain, recording: str) -> None:
    plain.play(recording)
    assert plain.complaints == []
    assert [url for url in plain.requests if not url.startswith((plain.origin, "data:", "blob:"))] == []


@pytest.mark.parametrize("width", [320, 760, 1600])
@pytest.mark.parametrize("recording", RECORDINGS)
def test_nothing_is_wider_than_the_chat(plain: Plain, recording: str, width: int) -> None:
    plain.page.set_viewport_size({"width": width, "height": 900})
    plain.play(recording)
    overflow = plain.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0


def test_prose_is_at_most_80_characters_wide(plain: Plain) -> None:
    plain.page.set_viewport_size({"width": 1600, "height": 900})
    plain.play("demo")
    widths = plain.page.evaluate(
        """[...document.querySelector('.agui-host').shadowRoot.querySelectorAll('[data-lane="text"] > *')]
           .map(part => part.getBoundingClientRect().width / parseFloat(getComputedStyle(part).fontSize))"""
    )
    assert max(widths) < 80 * 0.65  # a character is about 0.6 em


def test_two_views_show_the_same(plain: Plain) -> None:
    plain.play("demo", views=2)
    texts = plain.page.evaluate(
        "[...document.querySelectorAll('.agui-host')].map(h => h.shadowRoot.querySelector('[role=log]').textContent)"
    )
    assert len(texts) == 2 and texts[0] == texts[1] != ""


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("recording", RECORDINGS)
def test_pictures_of_the_recordings(plain: Plain, recording: str, theme: str) -> None:
    folder = CHECKOUT / "screenshots"
    folder.mkdir(exist_ok=True)
    plain.page.set_viewport_size({"width": 920, "height": 1400})
    plain.play(recording, theme=theme, height=1340)
    plain.page.screenshot(path=folder / f"plain-{recording}-{theme}.png")
