"""Artifacts as cards in a browser: every kind, in both themes and both languages."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from agui_widget.artifacts import EntityClass
from agui_widget.driver import Driver

from ..dialects.harness import capture, frames_of
from ..dialects.test_artifact import events_of, said, shown

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(60)]

NAMES = [
    "Ada Lovelace",
    "Northern Freight",
    "Depot 4, Évora",
    "Night of 12 June",
    "Object over the ridge",
    "Grey lorry",
]


@pytest.fixture(scope="module")
def snapshot() -> dict[str, Any]:
    """What a page is shown of the capture, with a card for each class of entities and a picture of its own."""
    classes = zip(get_args(EntityClass), [*NAMES, "Winter supply", "Plausible deniability"], strict=True)
    entities = [
        shown("entity_card", entity_class=kind, entity_id=f"e{n}", canonical_name=name, total_mentions=n * 617 + 1)
        for n, (kind, name) in enumerate(classes)
    ]
    own = shown("crop_image", src=picture(), chunk_id=None, doc_id="Field report 12", page=14)
    bare = [shown(kind, title=None) for kind in ("evidence_card", "hypothesis_card", "case_card")]
    frames = frames_of(capture("artifact/artifacts.sse"))
    events = events_of(*frames[:1], *entities, *bare, own, *frames[1:-1], said("done", provider="p", model="m"))

    async def agent() -> Any:
        for event in events:
            yield event

    driver = Driver(agent)
    driver.ask_sync("What is known of the convoy?")
    return driver.session.snapshot()


def picture() -> str:
    """A page of some report, embedded."""
    from PIL import Image, ImageDraw

    page = Image.new("RGB", (420, 150), "white")
    lines = ImageDraw.Draw(page)
    for row in range(7):
        lines.line([(20, 20 + 18 * row), (400 - 37 * (row % 3), 20 + 18 * row)], fill="#777", width=4)
    lines.rectangle([14, 48, 408, 100], outline="#1976d2", width=2)
    buffer = io.BytesIO()
    page.save(buffer, "PNG")
    return f"data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode()}"


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    page = context.new_page()
    page.set_viewport_size({"width": 920, "height": 1500})
    yield page
    page.close()


def show(page: Page, origin: str, snapshot: dict[str, Any], **query: str) -> list[str]:
    """Show the snapshot; gives the addresses that were asked for elsewhere."""
    elsewhere: list[str] = []
    page.on("request", lambda r: elsewhere.append(r.url) if not r.url.startswith((origin, "data:", "blob:")) else None)
    options = "".join(f"&{name}={value}" for name, value in query.items())
    page.goto(f"{origin}/js/index.html?bare&recording={options}")
    page.evaluate("s => agui.model.receive({t: 'snap', s})", snapshot)
    page.locator(".artifact").first.wait_for()
    return elsewhere


LABELS = {
    "en": [
        "Organization",
        "23 mentions · 4 documents",
        "Grade B2",
        "Open the map",
        "Page crop",
        "p. 12 · box · public",
    ],
    "pt": ["Organização", "23 menções · 4 documentos", "Grau B2", "Abrir o mapa", "Recorte de página", "p. 12 · área"],
}


@pytest.mark.parametrize("locale", LABELS)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_contact_sheet(
    page: Page, origin: str, snapshot: dict[str, Any], screenshots: Path, theme: str, locale: str
) -> None:
    elsewhere = show(page, origin, snapshot, theme=theme, locale=locale, height="1450")
    for label in LABELS[locale]:
        expect(page.get_by_text(label).first).to_be_visible()
    expect(page.get_by_role("meter").last).to_have_attribute("aria-valuetext", "72 %")
    expect(page.get_by_text("sketch_card", exact=True)).to_be_visible()
    passage = {"en": "Passage of", "pt": "Trecho de"}[locale]
    page.get_by_label(f"{passage} Field report 12").click()
    page.screenshot(path=screenshots / f"artifacts-{theme}-{locale}.png")
    assert elsewhere == []


def test_a_remote_picture_is_fetched_when_the_reader_asks_for_it(
    page: Page, origin: str, snapshot: dict[str, Any]
) -> None:
    page.route("https://example.org/**", lambda route: route.fulfill(body=b"", content_type="image/png"))
    elsewhere = show(page, origin, snapshot, locale="en")
    page.locator(".artifact-crop").get_by_role("button", name="Load once").click()
    expect(page.get_by_text("A hand-drawn map of the depot: could not be loaded")).to_be_visible()
    assert elsewhere == ["https://example.org/crops/c-117.png"]


@pytest.mark.parametrize("width", [320, 920])
def test_cards_make_nothing_wider_than_the_chat(
    page: Page, origin: str, snapshot: dict[str, Any], screenshots: Path, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    show(page, origin, snapshot, locale="pt")
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    page.screenshot(path=screenshots / f"artifacts-{width}.png")


def test_an_offer_asks_the_kernel_and_leaves_the_page_where_it_is(
    page: Page, origin: str, snapshot: dict[str, Any]
) -> None:
    show(page, origin, snapshot, locale="en")
    before = (page.url, page.context.pages)
    page.get_by_role("button", name="Open the map").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Asked for")).to_be_visible()
    sent = [intent for intent in page.evaluate("agui.model.sent") if intent["t"] == "navigate"]
    assert [intent["target"] for intent in sent] == ["case-31/map"]
    assert (page.url, page.context.pages) == before


def test_a_chat_changes_its_language_where_it_stands(page: Page, origin: str, snapshot: dict[str, Any]) -> None:
    show(page, origin, snapshot, locale="en")
    page.evaluate("agui.model.set('locale', 'pt')")
    expect(page.get_by_text("Organização").first).to_be_visible()
    expect(page.get_by_text("Organization", exact=True)).to_have_count(0)
