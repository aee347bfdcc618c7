"""Pictures, sounds and documents on a plain page: the gallery, its dialog, and what is fetched only when the reader asks."""

from __future__ import annotations

import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from .hostile import DOT
from .test_plain_page import Plain, plain  # noqa: F401  # a fixture

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(60)]

REMOTE = "https://maps.example.org/tiles/harbour.png"
MEDIA = "application/vnd.agui_widget.media+json"
RECORDING = Path(__file__).parents[2] / "js" / "recordings" / "media.jsonl"


def tiles(page: Page) -> Locator:
    """Of the agent's gallery, those that open."""
    return page.locator("[data-role=assistant] .gallery").first.locator("button.tile-body")


def says(page: Page) -> Locator:
    return page.locator("dialog [role=status]")


def test_a_gallery_is_gone_through_by_keys_and_gives_the_focus_back(plain: Plain) -> None:  # noqa: F811
    page = plain.play("media").page
    page.evaluate("addEventListener('keydown', () => (window.heard = (window.heard ?? 0) + 1))")
    tiles(page).nth(1).focus()
    page.keyboard.press("Enter")
    expect(says(page)).to_have_text("2 of 6: coast.png")
    heard = page.evaluate("window.heard")
    for key, where in {
        "ArrowRight": "3 of 6: valley.png",
        "End": "6 of 6: plain.png",
        "Home": "1 of 6: north.png",
    }.items():
        page.keyboard.press(key)
        expect(says(page)).to_have_text(where)
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)
    expect(tiles(page).nth(1)).to_be_focused()
    assert page.evaluate("window.heard") == heard, "a key of the dialog reached the page"
    assert plain.sent("stop") == []
    assert not plain.has_asked_elsewhere() and plain.complaints == []


def test_a_picture_that_was_enlarged_is_drawn_about_but_not_away(plain: Plain) -> None:  # noqa: F811
    page = plain.play("media").page
    tiles(page).first.click()
    image = page.locator(".lightbox img")
    page.wait_for_function("image => image.complete && image.naturalWidth > 0", arg=image.element_handle())
    before = image.bounding_box()
    assert before is not None
    for _ in range(3):
        page.keyboard.press("+")
    page.mouse.move(before["x"] + 100, before["y"] + 100)
    page.mouse.down()
    page.mouse.move(before["x"] + 5_000, before["y"] + 100, steps=3)
    page.mouse.up()
    after = image.bounding_box()
    assert after is not None
    assert after["width"] == pytest.approx(before["width"] * 1.4**3, rel=0.01)
    assert after["x"] == pytest.approx(before["x"], abs=1)  # its left edge is where the picture's was: no further
    page.keyboard.press("0")
    assert image.bounding_box() == before


def test_what_is_elsewhere_is_fetched_once_when_the_reader_asks_and_not_before(plain: Plain) -> None:  # noqa: F811
    page = plain.page
    asked: list[dict[str, str]] = []

    def answer(route: Route) -> None:
        asked.append(route.request.headers)
        route.fulfill(body=b64decode(DOT), content_type="image/png", headers={"cache-control": "no-store"})

    page.route(REMOTE, answer)
    plain.play("media")
    assert asked == []
    offer = page.locator(".tile-offer")
    expect(offer).to_contain_text("maps.example.org")
    offer.get_by_role("button").click()
    expect(tiles(page)).to_have_count(7)
    tiles(page).nth(3).click()
    expect(says(page)).to_have_text("4 of 7: The harbour from above")
    page.keyboard.press("Escape")
    assert len(asked) == 1
    assert "referer" not in asked[0]


# How far each tile is from the edges of its gallery, and how large it is; and whether anything is wider than the chat.
PLACES = """async () => {
    for (let n = 0; n < 2; n++) await new Promise(requestAnimationFrame);
    const root = document.querySelector('.agui-host').shadowRoot;
    const [gallery, scroller] = [root.querySelector('.gallery'), root.querySelector('.scroller')];
    const { x, y } = gallery.getBoundingClientRect();
    const boxes = [...gallery.querySelectorAll('.tile')].map(tile => tile.getBoundingClientRect());
    return { boxes: boxes.map(box => [box.x - x, box.y - y, box.width, box.height].map(Math.round)),
             isWide: scroller.scrollWidth > scroller.clientWidth };
}"""


def recorded_pictures() -> list[Any]:
    messages = [json.loads(line)["msg"] for line in RECORDING.read_text("utf-8").splitlines()]
    values = [each["payload"].get("value", {}) for message in messages for each in message.get("e", [])]
    galleries = [value["data"][MEDIA]["items"] for value in values if MEDIA in value.get("data", {})]
    return max(galleries, key=len)


@pytest.mark.parametrize("width", [320, 940])
def test_what_has_its_place_stays_there_while_more_pictures_come(plain: Plain, width: int) -> None:  # noqa: F811
    page = plain.page
    page.set_viewport_size({"width": width, "height": 900})
    plain.play("", height=800)
    page.evaluate("window.faults = []; addEventListener('error', ({ message }) => faults.push(message))")
    whole: dict[str, Any] = {"key": "g", "kind": "output", "value": {"data": {MEDIA: {"items": []}, "text/plain": ""}}}
    seq = 0

    def say(kind: str, payload: Any) -> None:
        nonlocal seq
        seq += 1
        head = {"v": "agui.v1", "id": f"s:{seq}", "seq": seq, "ts": seq, "stream": "s", "corr": "r"}
        envelope = {**head, "message_id": "a", "lane": "text", "kind": kind, "payload": payload}
        page.evaluate("message => agui.model.receive(message)", {"t": "batch", "e": [envelope]})

    say("message.start", {"role": "assistant"})
    say("part.put", whole)
    before: list[Any] = []
    for picture in recorded_pictures():
        say("media.append", {"part": "g", "items": [picture]})
        expect(page.locator(".gallery .tile")).to_have_count(len(before) + 1)
        places = page.evaluate(PLACES)
        assert places["boxes"][: len(before)] == before
        assert not places["isWide"]
        before = places["boxes"]
    assert len({x for x, *_ in before}) > 1, "there is one column"
    assert page.evaluate("faults") == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pictures_of_media(plain: Plain, screenshots: Path, theme: str) -> None:  # noqa: F811
    page = plain.play("media", theme=theme, height=1000).page
    page.set_viewport_size({"width": 940, "height": 1100})
    page.locator(".scroller").evaluate("scroller => scroller.scrollTo(0, 0)")
    page.wait_for_function(
        "[...document.querySelector('.agui-host').shadowRoot.querySelectorAll('.tile img')].some(({ complete, src }) => src && complete)"
    )
    page.screenshot(path=screenshots / f"media-{theme}.png")
    tiles(page).first.click()
    expect(says(page)).to_have_text("1 of 6: north.png")
    page.screenshot(path=screenshots / f"media-{theme}-large.png", animations="disabled")
