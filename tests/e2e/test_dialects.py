"""Steps, images and words at once on a plain page: what is drawn, and the keys of the gallery and the grid."""

from __future__ import annotations

import json
import struct
import zlib
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from agui_widget.dialects import RunWriter, decoder_for
from agui_widget.envelope import coalesce, stamp
from agui_widget.projection import Projection
from agui_widget.protocol import Pipeline
from agui_widget.sse import ServerSentEvent

from .test_plain_page import Plain, plain  # noqa: F401  # a fixture

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(60)]

EVENTS = 800
EVENTS_PER_S = 200
BATCH_S = 0.03
STEPS, IMAGES = EVENTS // 10, EVENTS // 20
TASKS = "new PerformanceObserver(list => window.tasks.push(...list.getEntries().map(each => each.duration))).observe({type: 'longtask'})"


def picture(number: int) -> str:
    """A ring seen from aside, in a colour of its own."""
    width, height = 96, 64

    def pixel(x: int, y: int) -> bytes:
        far = ((x - 48) / 44) ** 2 + ((y - 32) / (10 + number % 18)) ** 2
        shade = 1.0 if 0.55 < far < 1 else 0.12
        return bytes(int(shade * part) for part in (120 + number * 3 % 130, 90 + number * 7 % 120, 200))

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = b"".join(b"\0" + b"".join(pixel(x, y) for x in range(width)) for y in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    png = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return f"data:image/png;base64,{b64encode(png).decode()}"


def frames(count: int) -> list[dict[str, Any]]:
    """A stream in which three senders speak at once."""
    said: list[dict[str, Any]] = []
    words = 0
    for number in range(count):
        if number % 20 == 7:
            image = {"label": f"Ring {number // 20 + 1}", "url": picture(number // 20), "width": 96, "height": 64}
            said.append({"type": "saturn.image", "data": image})
        elif number % 10 == 3:
            step = {"message": f"Measuring ring {number // 10 + 1}", "step": number // 10 + 1, "total": count // 10}
            said.append({"type": "saturn.step", "data": step})
        else:
            token = "word " if words % 60 else "\n\nA paragraph: **ring** "
            said.append({"type": "grover.token", "data": {"token": token, "index": words}})
            words += 1
    grid = {
        "title": "Where the rings are",
        "rows": [[(x * y + x) % 5 for x in range(16)] for y in range(8)],
        "legend": {
            "0": {"label": "nothing"},
            **{str(n): {"label": f"ring {n}"} for n in range(1, 4)},
            "4": {"label": "moon", "colour": "#7a4a12"},
        },
    }
    ends = [
        {"type": "saturn.grid", "data": grid},
        {"type": "saturn.done", "data": {}},
        {"type": "grover.done", "data": {}},
    ]
    return [{"v": "1", **each} for each in [*said, *ends]]


class Told:
    """What a kernel sends of a stream, batch by batch, as it comes at so many events a second."""

    def __init__(self, count: int) -> None:
        self.pipeline = Pipeline()
        self.projection = Projection(self.pipeline)  # type: ignore[arg-type]  # it has what is read
        self.batches: list[list[dict[str, Any]]] = []
        self.seq = 0
        self._put(0, self.projection.start_run("r", 0))
        numbers = iter(range(10**6))
        decoder = decoder_for("envelope", RunWriter(thread_id="t", run_id="r", new_id=lambda: f"m{next(numbers)}"))
        for number, each in enumerate(frames(count)):
            now = number * 1000 // EVENTS_PER_S
            for event in decoder.decode(ServerSentEvent(data=json.dumps(each))):
                self._feed(now, event)
        for event in decoder.close():
            self._feed(now, event)
        self._put(now, self.projection.end_run("finished", now))

    def _feed(self, now: int, event: dict[str, Any]) -> None:
        for each in self.pipeline.feed(event):
            self._put(now, self.projection.feed(each, now))

    def _put(self, now: int, drafts: list[dict[str, Any]]) -> None:
        at = int(now / 1000 / BATCH_S)
        self.batches += [[] for _ in range(at + 1 - len(self.batches))]
        for draft in drafts:
            self.seq += 1
            self.batches[at].append(stamp(draft, stream="told", seq=self.seq, ts=1000 + now))

    @property
    def messages(self) -> list[dict[str, Any]]:
        return [{"t": "batch", "e": coalesce(batch)} for batch in self.batches if batch]


def play(plain: Plain, count: int, *, wait_ms: float, **query: object) -> Page:  # noqa: F811
    """A stream on the page, a batch each `wait_ms`; the tasks over 50 ms are in `window.tasks`."""
    options = "".join(f"&{name}={value}" for name, value in query.items())
    page = plain.page
    page.goto(f"{plain.origin}/js/index.html?bare&recording={options}")
    expect(page.locator("html")).to_have_attribute("data-played", "true")
    page.evaluate(f"window.tasks = []; {TASKS}")
    page.evaluate(
        """async ([messages, wait]) => {
             for (const message of messages) {
               agui.model.receive(message);
               await new Promise(done => wait ? setTimeout(done, wait) : done());
             }
           }""",
        [Told(count).messages, wait_ms],
    )
    expect(page.locator(".tile").first).to_be_visible()
    return page


def test_steps_images_and_words_at_200_events_a_second(plain: Plain) -> None:  # noqa: F811
    page = play(plain, EVENTS, wait_ms=1000 * BATCH_S, height=800)
    expect(page.locator(".step")).to_have_count(1)
    expect(page.locator(".step .time")).to_have_text(f"{STEPS} of {STEPS}")
    expect(page.locator(".gallery .tile")).to_have_count(24)
    expect(page.locator(".gallery .more")).to_have_text(f"Show all {IMAGES} images")
    said = [each["data"]["token"] for each in frames(EVENTS) if each["type"] == "grover.token"]
    assert (page.locator(".nodes").text_content() or "").count("word") == said.count("word ")
    print(f"tasks over 50 ms: {page.evaluate('window.tasks')}")
    assert not plain.has_asked_elsewhere() and plain.complaints == []


def test_what_came_during_a_pause_is_drawn_afterwards(plain: Plain) -> None:  # noqa: F811
    page = play(plain, 40, wait_ms=0, height=800)
    page.get_by_role("button", name="More").click()
    expect(page.get_by_role("menuitem").first).to_be_focused()  # it is loaded now
    page.keyboard.press("Enter")
    page.evaluate(
        """seq => agui.model.receive({t: "batch", e: Array.from({length: 300}, (_, n) => ({
             v: "agui.v1", id: `told:${seq + n}`, ts: 9999, stream: "told", corr: "r", seq: seq + n,
             message_id: n ? "late" : null, lane: "text", kind: n === 1 ? "message.start" : n ? "token.delta" : "run.update",
             payload: n === 1 ? {role: "assistant"} : n ? {text: "late "} : {run_id: "r2", state: "streaming"},
           }))})""",
        Told(40).seq + 1,
    )
    expect(page.locator(".paused")).to_have_text("Paused · 300 new")
    expect(page.locator("[data-message=late]")).to_have_count(0)
    page.locator(".paused").click()
    expect(page.locator("[data-message=late]")).to_contain_text("late late")
    expect(page.locator("[data-composer]")).to_be_focused()


def test_the_gallery_and_the_grid_are_gone_through_by_keys(plain: Plain) -> None:  # noqa: F811
    page = play(plain, 100, wait_ms=0, height=800)
    page.locator("button.tile-body").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("dialog [role=status]")).to_have_text("1 of 5: Ring 1")
    page.keyboard.press("End")
    expect(page.locator("dialog [role=status]")).to_have_text("5 of 5: Ring 5")
    page.keyboard.press("Escape")
    cells = page.get_by_role("gridcell")
    cells.first.focus()
    for key in ("ArrowRight", "ArrowDown", "End"):
        page.keyboard.press(key)
    expect(cells.nth(31)).to_be_focused()
    expect(page.locator(".cells-says")).to_have_text("0 nothing: row 2, column 16")
    page.keyboard.press("Tab")
    expect(page.locator("td:focus")).to_have_count(0)
    assert plain.sent("stop") == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pictures_of_a_stream(plain: Plain, screenshots: Path, theme: str) -> None:  # noqa: F811
    page = play(plain, 160, wait_ms=0, theme=theme, height=1300)
    page.set_viewport_size({"width": 940, "height": 1400})
    page.get_by_role("gridcell").nth(20).focus()
    page.get_by_role("button", name="More").click()
    expect(page.get_by_role("menuitem").first).to_be_focused()
    page.screenshot(path=screenshots / f"envelope-{theme}.png", animations="disabled")
