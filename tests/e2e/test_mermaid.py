"""Diagrams on a plain page: every kind is drawn, and whatever a diagram says, nothing runs, is fetched or refers to anything."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from agui_widget import markdown

from .conftest import Quiet, served
from .hostile import payloads

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(60)]

SOURCES = json.loads((Path(__file__).parent / "diagrams.json").read_text(encoding="utf-8"))
ENDED = ".fence:is([data-drawn], :has(.undrawn:not([hidden])))"
WINDOW = {"width": 1000, "height": 20_000}  # all is in sight, and drawn


class Diagrams:
    """A page with a chat whose answer is diagrams; what it asked for, and what its console said."""

    def __init__(self, page: Page, origin: str) -> None:
        self.page = page
        self.said: list[str] = []
        self.dialogs: list[str] = []
        page.on("console", lambda said: self.said.append(said.text))
        page.on("dialog", lambda dialog: (self.dialogs.append(dialog.message), dialog.dismiss()))
        page.set_viewport_size(WINDOW)  # type: ignore[arg-type]
        self.origin = origin

    def show(self, sources: list[str], theme: str = "light", views: int = 1) -> Diagrams:
        """Answer with each source in a block of its own, and wait until each is drawn, or is not."""
        self.page.goto(f"{self.origin}/js/index.html?bare&recording=&theme={theme}&views={views}")
        expect(self.page.locator("html")).to_have_attribute("data-played", "true")
        self.say(sources)
        expect(self.page.locator(ENDED)).to_have_count(len(sources) * views)
        return self

    def say(self, sources: list[str]) -> None:
        self.page.evaluate("snapshot => agui.model.receive({ t: 'snap', s: snapshot })", answered(sources))


def answered(sources: list[str]) -> dict[str, object]:
    """A conversation whose answer is each source in a block of its own."""
    text = "\n\n".join(f"````mermaid\n{source}\n````" for source in sources)
    part = {"key": "t", "kind": "blocks", "nodes": markdown.parse(text), "text": text}
    lanes = {"text": {"parts": [part], "sealed": True}}
    message = {"id": "a1", "role": "assistant", "corr": None, "ts": 0, "lanes": lanes}
    return {"v": "agui.v1", "stream": "s", "seq": len(sources), "messages": [message], "runs": [], "state": None}


@pytest.fixture
def diagrams(context: BrowserContext, origin: str) -> Iterator[Diagrams]:
    page = context.new_page()
    yield Diagrams(page, origin)
    page.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_kind_of_diagram_is_drawn(diagrams: Diagrams, theme: str, screenshots: Path) -> None:
    page = diagrams.show(list(SOURCES.values()), theme).page
    labels = page.locator(".drawing").evaluate_all("each => each.map(one => one.getAttribute('aria-label'))")
    page.locator(".chat").screenshot(path=screenshots / f"diagrams-{theme}.png")
    assert labels == list(SOURCES)
    assert page.locator(".diagram svg :is(text, tspan)").filter(has_text="Load sales").count()
    title = page.locator(".diagram svg text").filter(has_text="Skills")
    assert title.evaluate("text => text.getBoundingClientRect().top >= text.closest('svg').getBoundingClientRect().top")
    assert page.locator("iframe").count() == 1
    assert diagrams.said == []


def test_a_diagram_can_be_enlarged_and_handed_on(diagrams: Diagrams) -> None:
    page = diagrams.show([SOURCES["Flowchart"]]).page
    for name in ("SVG", "PNG"):
        with page.expect_download() as download:
            page.get_by_role("button", name=name, exact=True).click()
        assert download.value.suggested_filename == f"flowchart.{name.lower()}"
    page.set_viewport_size({"width": 900, "height": 700})
    page.get_by_role("button", name="Enlarge").click()
    dialog = page.get_by_role("dialog", name="Flowchart")
    before = dialog.locator("svg").bounding_box()
    dialog.get_by_role("button", name="Zoom in").click()
    after = dialog.locator("svg").bounding_box()
    assert before and after and after["width"] > before["width"]
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


@pytest.mark.parametrize(("direction", "scrolled"), [("LR", "scrollLeft"), ("TD", "scrollTop")])
def test_a_long_diagram_stays_readable_and_is_scrolled(diagrams: Diagrams, direction: str, scrolled: str) -> None:
    page = diagrams.show([f"flowchart {direction}\n  " + " --> ".join(f"step{n}" for n in range(40))]).page
    diagram = page.locator(".diagram")
    assert diagram.locator("svg").evaluate("svg => svg.getScreenCTM().a") >= 0.65
    diagram.hover()
    page.mouse.wheel(200, 200)
    expect(diagram).not_to_have_js_property(scrolled, 0)


def test_what_cannot_be_understood_keeps_its_source_and_says_why(diagrams: Diagrams) -> None:
    page = diagrams.show(
        ["flowchart TD\n  A[open --> B", "no diagram " * 1000, SOURCES["Pie chart: Time in a run"]]
    ).page
    expect(page.locator(".undrawn").nth(0)).to_contain_text("Parse error on line")
    expect(page.locator(".undrawn").nth(1)).to_contain_text("kind of diagram")
    expect(page.locator(".fence").nth(0)).to_contain_text("A[open --> B")
    expect(page.locator(".fence[data-drawn]")).to_have_count(1)


def test_all_chats_of_a_page_share_one_frame_and_outlive_it(diagrams: Diagrams) -> None:
    pie, flowchart = SOURCES["Pie chart: Time in a run"], SOURCES["Flowchart"]
    page = diagrams.show([pie], views=2).page
    assert page.locator("iframe").count() == 1
    page.locator(".agui-host").first.evaluate("host => host.parentElement.remove()")
    expect(page.locator("iframe")).to_have_count(0)
    diagrams.say([pie, flowchart])
    expect(page.locator(".fence[data-drawn]")).to_have_count(2)


HASTE = "() => { const now = performance.now.bind(performance); performance.now = () => 100 * now(); }"


def test_a_diagram_without_end_is_given_up_and_the_next_one_is_drawn(diagrams: Diagrams) -> None:
    pie, flowchart, gantt = (
        SOURCES[name] for name in ("Pie chart: Time in a run", "Flowchart", "Gantt chart: Release plan")
    )
    page = diagrams.show([pie]).page
    page.frames[1].evaluate("addEventListener('message', () => { for (;;); }); 0")
    page.evaluate(HASTE)
    diagrams.say([pie, flowchart])
    expect(page.locator(".undrawn").nth(1)).to_contain_text("too long")
    page.evaluate("delete performance.now")
    diagrams.say([pie, flowchart, gantt])
    expect(page.locator(".fence[data-drawn]")).to_have_count(2)


# -- hostile -----------------------------------------------------------------------------------------

RUNS = "console.log('executed')"


class Elsewhere(Quiet):
    """A host that a diagram would like to hear from."""

    paths: list[str] = []

    def do_GET(self) -> None:
        self.paths.append(self.path)
        self.send_error(404)


def hostile(elsewhere: str) -> list[str]:
    """Diagrams that want more than to be drawn."""
    url = f"url({elsewhere}/x.svg#a)"
    image = f"<img src={elsewhere}/x.png onerror={RUNS}>"
    loose = '{"securityLevel": "loose", "htmlLabels": true, "flowchart": {"htmlLabels": true}}'
    style = json.dumps({"themeCSS": f"* {{ fill: {url} }} @import {url};", "fontFamily": url})
    variables = json.dumps({"themeVariables": {"fontFamily": f"a}} * {{ background: {url}", "primaryColor": url}})
    return [
        f'flowchart TD\n A["<script>{RUNS}</script>"] --> B["{image}"]',
        f'%%{{init: {loose}}}%%\nflowchart TD\n A["{image}"] --> B\n click A call alert(1)',
        'flowchart TD\n A --> B\n click A href "javascript:alert(1)"\n click B call alert("x")',
        f'---\nconfig:\n  securityLevel: loose\n  secure: []\n  htmlLabels: true\n---\nflowchart TD\n A["{image}"]',
        f"%%{{init: {style}}}%%\nflowchart TD\n A --> B",
        f"%%{{init: {variables}}}%%\nflowchart TD\n A --> B",
        f"flowchart TD\n A --> B\n style A fill:{url}\n style B fill:#f00,background-image:{url}",
        f'flowchart TD\n A["</style><script>{RUNS}</script>"] --> B["</svg><iframe src=javascript:{RUNS}>"]',
        f'flowchart TD\n A@{{ img: "{elsewhere}/x.png", label: "a", w: 60, h: 60 }} --> B',
        f'flowchart TD\n A["<meta http-equiv=refresh content=0;url={elsewhere}>"]',
        f"sequenceDiagram\n participant A\n link A: x @ {elsewhere}/x\n A->>A: {image}",
        f'classDiagram\n class A\n link A "javascript:{RUNS}"\n callback A "alert" "x"',
        f"journey\n title {image}\n section <script>{RUNS}</script>\n  {image}: 5: Me",
        f'C4Context\n Person(a, "{image}", "d", $sprite="{elsewhere}/x.png", $link="javascript:{RUNS}")',
        'flowchart TD\n A["$$\\href{javascript:alert(1)}{x}$$"]',
        '%%{init: {"__proto__": {"polluted": 1}}}%%\nflowchart TD\n A --> B',
        "flowchart TD\n" + ";".join(f" A{n} --> B{n}" for n in range(600)),
        f'flowchart TD\n A["{"x" * 60_000}"]',
    ]


CODES = str.maketrans({'"': "#quot;", "`": "#96;", "\n": " ", "\r": " "})


def labelled(words: list[str]) -> str:
    """A flowchart with words of others as its labels."""
    return "flowchart LR\n" + "\n".join(f'  n{at}["{word.translate(CODES)}"]' for at, word in enumerate(words))


def test_a_hostile_diagram_runs_nothing_fetches_nothing_and_refers_to_nothing(
    diagrams: Diagrams, fixtures: Path
) -> None:
    words = [word for word in payloads(fixtures) if len(word) < 500][::10]
    corpus = [labelled(words[at : at + 50]) for at in range(0, len(words), 50)]
    with served(Elsewhere) as elsewhere:
        wanting = hostile(elsewhere)
        page = diagrams.show([*wanting, *corpus]).page
        faults = page.evaluate(FAULTS)
    drawn = page.locator(".fence").evaluate_all("each => each.map(one => one.hasAttribute('data-drawn'))")
    assert faults == []
    assert diagrams.dialogs == []
    assert not [said for said in diagrams.said if "executed" in said]
    assert Elsewhere.paths == []
    assert page.evaluate("({}).polluted") is None
    assert drawn[: len(wanting)].count(False) == 4  # a colour and a picture from elsewhere, and two that are too large
    assert all(drawn[len(wanting) :])


FAULTS = """async () => {
  const { allFaults } = await import("/tests/e2e/judge/listed.js");
  const { shadowRoot } = document.querySelector(".agui-host");
  const seen = [...shadowRoot.querySelectorAll(".diagram")].flatMap((diagram) => [...allFaults(diagram)]);
  const frames = [...shadowRoot.children].filter((child) => child.localName === "iframe");
  const around = document.createElement("div");
  around.append(...frames.map((frame) => frame.cloneNode()));
  return [...seen, ...allFaults(around)];
}"""
