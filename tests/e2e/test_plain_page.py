"""The front end without Jupyter: recordings on a plain page, at several widths, in both themes."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from agui_widget.lanes import Snapshot, fold_all

from .test_a2ui_components import AXE

CHECKOUT = Path(__file__).parents[2]
RECORDINGS = sorted(path.stem for path in (CHECKOUT / "js" / "recordings").glob("*.jsonl"))

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(60)]


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

    def play_until_shown(self, recording: str, selector: str) -> Page:
        """For a recording that cannot be played to its end."""
        self.page.goto(f"{self.origin}/js/index.html?bare&speed=0&recording={recording}")
        self.page.locator(selector).first.wait_for()
        return self.page

    def sent(self, kind: str) -> list[dict[str, Any]]:
        """The intents of one kind, oldest first."""
        return [intent for intent in self.page.evaluate("agui.model.sent") if intent["t"] == kind]

    def has_asked_elsewhere(self) -> bool:
        return any(not url.startswith((self.origin, "data:", "blob:")) for url in self.requests)


@pytest.fixture
def plain(context: BrowserContext, origin: str) -> Iterator[Plain]:
    page = context.new_page()
    yield Plain(page, origin)
    page.close()


@pytest.mark.parametrize("recording", RECORDINGS)
def test_a_recording_plays_without_a_complaint_and_without_the_network(plain: Plain, recording: str) -> None:
    plain.play(recording)
    assert plain.complaints == []
    assert not plain.has_asked_elsewhere()


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


# -- interfaces that an agent has built ----------------------------------------------------------------

ENTERED = {"name": "Autumn", "region": ["south"], "share": 41, "from": "2026-11-02", "mail": False}
TOLD = "count => agui.model.sent.findLast(({ t }) => t === 'edit')?.edits.length === count"
CHUNK = CHECKOUT / "src/agui_widget/static/chunks/a2ui.gz"


def fill(page: Page) -> None:
    page.get_by_label("Name").fill("Autumn")
    page.get_by_label("South").check()
    page.get_by_label("Pass on (%)").press("ArrowRight")
    page.get_by_label("From").fill("2026-11-02")
    page.get_by_label("Tell the sales team").uncheck()


def seen(page: Page) -> dict[str, Any]:
    return {
        "name": page.get_by_label("Name").input_value(),
        "region": [each.lower() for each in ("North", "South", "East") if page.get_by_label(each).is_checked()],
        "share": int(page.get_by_label("Pass on (%)").input_value()),
        "from": page.get_by_label("From").input_value(),
        "mail": page.get_by_label("Tell the sales team").is_checked(),
    }


def snapshot() -> Snapshot:
    """What a kernel knows of the recording with interfaces."""
    known = Snapshot("surfaces")
    for line in (CHECKOUT / "js/recordings/surfaces.jsonl").read_text("utf-8").splitlines():
        fold_all(known, json.loads(line)["msg"]["e"])
    return known


def test_a_form_is_filled_and_its_action_sent_with_exactly_what_was_entered(plain: Plain) -> None:
    page = plain.play("surfaces").page
    fill(page)
    page.get_by_role("button", name="Make the plan").click()
    (action,) = plain.sent("action")
    assert action["message"]["action"].pop("timestamp")
    said = {"name": "submit", "surfaceId": "plan", "sourceComponentId": "submit", "context": {"plan": ENTERED}}
    assert action == {"t": "action", "part": "c2", "message": {"version": "v0.9", "action": said}}
    expect(page.get_by_role("button", name="Make the plan")).to_have_attribute("data-sent", "")
    expect(page.locator(".unseen [role=status]")).to_have_text("Sent")
    assert plain.complaints == [] and not plain.has_asked_elsewhere()


def test_what_was_entered_is_kept_and_entered_again_after_a_reload(plain: Plain) -> None:
    page = plain.play("surfaces").page
    fill(page)
    page.wait_for_function(TOLD, arg=len(ENTERED))
    edits = plain.sent("edit")[-1]
    assert {key: edits[key] for key in ("message_id", "part", "surface")} == {
        "message_id": "a1",
        "part": "c2",
        "surface": "plan",
    }
    saved = snapshot().to_json()
    (message,) = [each for each in saved["messages"] if each["id"] == edits["message_id"]]
    (part,) = [each for each in message["lanes"]["a2ui"]["parts"] if each["key"] == edits["part"]]
    part["value"]["edits"] = {edits["surface"]: edits["edits"]}
    plain.play("")
    page.evaluate("s => agui.model.receive({ t: 'snap', s })", saved)
    expect(page.get_by_label("Name")).to_have_value("Autumn")
    assert seen(page) == ENTERED
    page.wait_for_timeout(400)
    assert plain.sent("edit") == []


def test_two_views_share_a_surface_and_what_is_entered(plain: Plain) -> None:
    page = plain.play("surfaces", views=2).page
    page.get_by_label("Name").first.fill("Autumn")
    expect(page.get_by_label("Name").last).to_have_value("Autumn")
    page.get_by_role("button", name="Make the plan").last.click()
    assert [each["message"]["action"]["context"]["plan"]["name"] for each in plain.sent("action")] == ["Autumn"]
    assert len(plain.sent("chunk")) == 1


def test_what_is_typed_in_a_form_is_no_shortcut_of_the_host(plain: Plain) -> None:
    page = plain.play("surfaces").page
    page.evaluate("window.heard = []; document.addEventListener('keydown', ({ key }) => heard.push(key))")
    page.get_by_label("Name").press_sequentially("dd")
    page.get_by_label("Name").press("Enter")
    assert page.evaluate("heard") == []


def test_a_chunk_that_was_tampered_with_never_runs_and_the_source_can_be_read(plain: Plain) -> None:
    def tamper(route: Route) -> None:
        route.fulfill(body=gzip.compress(gzip.decompress(CHUNK.read_bytes()) + b"\nwindow.ran = 1"))

    plain.page.route("**/a2ui.gz", tamper)
    page = plain.play_until_shown("surfaces", ".place .what")
    expect(page.locator(".place .what").first).to_contain_text("did not give")
    assert page.evaluate("window.ran") is None
    page.locator(".place").nth(1).get_by_role("button", name="Details").click()
    expect(page.locator(".place .code").nth(0)).to_contain_text("createSurface")
    plain.page.unroute("**/a2ui.gz")
    page.get_by_role("button", name="Retry").first.click()
    expect(page.get_by_label("Name")).to_be_visible()


def test_a_link_of_an_interface_opens_elsewhere_and_only_elsewhere(plain: Plain) -> None:
    page = plain.play("").page
    page.evaluate("() => { window.opened = []; window.open = (...words) => { opened.push(words) } }")
    urls = {"out": "https://example.com/a", "home": plain.origin, "relative": "/lab", "script": "javascript:alert(1)"}
    buttons = [
        {
            "id": id,
            "component": "Button",
            "child": f"{id}-w",
            "action": {"functionCall": {"call": "openUrl", "args": {"url": url}}},
        }
        for id, url in urls.items()
    ]
    words = [{"id": f"{id}-w", "component": "Text", "text": id} for id in urls]
    root = {"id": "root", "component": "Column", "children": list(urls)}
    create = {"surfaceId": "s", "catalogId": "basic"}
    update = {"surfaceId": "s", "components": [root, *buttons, *words]}
    operations = [{"version": "v0.9", "createSurface": create}, {"version": "v0.9", "updateComponents": update}]
    page.evaluate("s => agui.model.receive({ t: 'snap', s })", conversation_with(operations))
    for id in urls:
        page.get_by_role("button", name=id, exact=True).click()
    assert page.evaluate("opened") == [["https://example.com/a", "_blank", "noopener,noreferrer"]]


def conversation_with(operations: list[dict[str, Any]]) -> dict[str, Any]:
    return answer_of("a2ui", {"key": "p", "kind": "surface", "value": {"operations": operations}})


def answer_of(lane: str, part: dict[str, Any]) -> dict[str, Any]:
    lanes = {lane: {"parts": [part], "sealed": True}}
    message = {"id": "a1", "role": "assistant", "corr": None, "ts": 0, "lanes": lanes}
    return {"v": "agui.v1", "stream": "s", "seq": 1, "messages": [message], "runs": [], "state": None}


# -- objects -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_serious_is_wrong_with_objects_for_who_cannot_see_them(plain: Plain, theme: str) -> None:
    page = plain.play("objects", theme=theme, height=3600).page
    page.set_viewport_size({"width": 920, "height": 3700})
    expect(page.frame_locator("iframe").locator("table")).to_be_visible()
    page.add_script_tag(path=CHECKOUT / "js/node_modules/axe-core/axe.min.js")
    assert page.evaluate(AXE) == []


def test_foreign_html_is_as_high_as_it_is_and_long_html_is_cut_until_it_is_asked_for(plain: Plain) -> None:
    page = plain.play("objects").page
    frame = page.locator("iframe")
    frame.scroll_into_view_if_needed()
    content = page.frame_locator("iframe").locator("html")
    expect(page.frame_locator("iframe").locator("table")).to_be_visible()
    assert frame.bounding_box()["height"] == pytest.approx(content.evaluate("html => html.offsetHeight"), abs=1)  # type: ignore[index]
    content.evaluate("html => html.ownerDocument.body.append('word '.repeat(9000))")
    page.get_by_role("button", name="Show all", exact=True).click()
    expect(frame).to_be_focused()
    assert frame.bounding_box()["height"] == pytest.approx(content.evaluate("html => html.offsetHeight"), abs=1)  # type: ignore[index]


@pytest.mark.parametrize("width", [600, 1400])
def test_a_formula_that_is_all_of_an_output_stands_in_the_middle_of_its_card(plain: Plain, width: int) -> None:
    page = plain.page
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{plain.origin}/js/index.html?bare")
    nodes = [{"t": "math", "a": {"display": True}, "c": [r"\int_0^\infty e^{-x^2}\,dx"]}]
    data = {"text/plain": "Integral", "application/vnd.agui_widget.nodes+json": nodes}
    value = {"data": data, "type": "Integral"}
    page.evaluate(
        "s => agui.model.receive({ t: 'snap', s })", answer_of("text", {"key": "p", "kind": "output", "value": value})
    )
    page.locator(".out .math[data-drawn]").wait_for()
    left, right = page.locator(".out").evaluate(
        """card => {
            const range = document.createRange();
            range.selectNodeContents(card.querySelector(".katex-html"));
            const all = [...range.getClientRects()].filter(({ width }) => width > 0);
            const { left, right } = card.getBoundingClientRect();
            return [Math.min(...all.map(each => each.left)) - left, right - Math.max(...all.map(each => each.right))];
        }"""
    )
    assert left == pytest.approx(right, abs=2)


# A host hides all of its page while it loads a theme: here for no longer than the chat takes to answer the frame's growth.
HIDE_AS_IT_GROWS = """async ({ contentDocument, contentWindow }) => {
    const show = isShown => { document.body.style.display = isShown ? "" : "none" };
    await new Promise(requestAnimationFrame);
    contentDocument.body.append(document.createElement("hr"));
    requestAnimationFrame(() => show(false));
    await new Promise(heard => new contentWindow.ResizeObserver(heard).observe(contentDocument.documentElement));
    await new Promise(requestAnimationFrame);
    show(true);
}"""


def test_foreign_html_is_as_high_after_everything_was_hidden_while_it_changed(plain: Plain) -> None:
    page = plain.play("objects").page
    frame = page.locator("iframe")
    frame.scroll_into_view_if_needed()
    content = page.frame_locator("iframe").locator("html")
    expect(page.frame_locator("iframe").locator("table")).to_be_visible()
    before = frame.evaluate("frame => frame.offsetHeight")
    frame.evaluate(HIDE_AS_IT_GROWS)
    after = content.evaluate("html => Math.ceil(html.getBoundingClientRect().height)")
    assert after > before > 0
    expect(frame).to_have_js_property("offsetHeight", after)


def test_a_link_in_foreign_html_leads_out_of_the_frame_and_never_in_it(plain: Plain, context: BrowserContext) -> None:
    page = plain.play("objects").page
    context.route("https://pandas.pydata.org/**", lambda route: route.fulfill(body="the documentation"))
    with context.expect_page() as opened:
        page.frame_locator("iframe").get_by_role("link").click()
    assert opened.value.url.startswith("https://pandas.pydata.org/")
    assert opened.value.evaluate("window.opener") is None
    opened.value.close()
    context.unroute("https://pandas.pydata.org/**")
    expect(page.frame_locator("iframe").locator("table")).to_be_visible()
