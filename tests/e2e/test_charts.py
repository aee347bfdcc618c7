"""Charts on a plain page: every kind is drawn; whatever one says, nothing runs and nothing is fetched; and some grow."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from .charts import GALLERY, hostile
from .conftest import Quiet, served

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(90)]

ENDED = ".fence:is([data-drawn], :has(.drawing[data-state=failed]))"
WINDOW = {"width": 900, "height": 30_000}  # all is in sight, and drawn


class Charts:
    """A page with a chat whose answer is charts; what it asked for, and what its console said."""

    def __init__(self, page: Page, origin: str) -> None:
        self.page = page
        self.origin = origin
        self.said: list[str] = []
        self.requests: list[str] = []
        page.on("console", lambda said: self.said.append(said.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("request", lambda request: self.requests.append(request.url))
        page.set_viewport_size(WINDOW)  # type: ignore[arg-type]

    def open(self, theme: str = "light") -> Charts:
        self.page.goto(f"{self.origin}/js/index.html?bare&recording=&theme={theme}")
        expect(self.page.locator("html")).to_have_attribute("data-played", "true")
        return self

    def show(self, sources: list[str], theme: str = "light") -> Charts:
        """Answer with each source in a block of its own, and wait until each is drawn, or is not."""
        self.open(theme)
        nodes = [{"t": "fence", "a": {"lang": "vega-lite"}, "c": [source]} for source in sources]
        self.page.evaluate("snapshot => agui.model.receive({ t: 'snap', s: snapshot })", answered(nodes))
        expect(self.page.locator(ENDED)).to_have_count(len(sources), timeout=40_000)
        return self

    def drawn(self, script: str) -> Any:
        """What a script gives for all charts."""
        return self.page.locator(".fence").evaluate_all(f"all => all.map((one) => {script})")

    def has_asked_elsewhere(self) -> list[str]:
        return [url for url in self.requests if not url.startswith((self.origin, "blob:", "data:"))]


def answered(nodes: list[dict[str, Any]]) -> dict[str, Any]:
    part = {"key": "t", "kind": "blocks", "nodes": nodes, "text": ""}
    message = {
        "id": "a",
        "role": "assistant",
        "corr": None,
        "ts": 0,
        "lanes": {"text": {"parts": [part], "sealed": True}},
    }
    return {"v": "agui.v1", "stream": "s", "seq": 1, "messages": [message], "runs": [], "state": None}


@pytest.fixture
def charts(context: BrowserContext, origin: str) -> Iterator[Charts]:
    page = context.new_page()
    yield Charts(page, origin)
    page.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_kind_of_chart_is_drawn_with_its_data_beside_it(charts: Charts, theme: str, screenshots: Path) -> None:
    titled = {name: {"title": name, **spec} for name, spec in GALLERY.items()}
    charts.show([json.dumps(spec) for spec in titled.values()], theme)
    charts.page.locator(".chat").screenshot(path=screenshots / f"charts-{theme}.png")
    assert charts.drawn("one.querySelector('.drawing').getAttribute('aria-label')") == [
        f"Chart: {name}" for name in titled
    ]
    assert all(size > 300 for size in charts.drawn("one.querySelector('canvas')?.clientWidth ?? 0"))
    assert all(
        text.startswith("Data (") for text in charts.drawn("one.querySelector('.chart-data')?.textContent ?? ''")
    )
    assert (charts.said, charts.has_asked_elsewhere()) == ([], [])


def test_a_chart_has_a_table_and_goes_with_its_window(charts: Charts) -> None:
    page = charts.show([json.dumps(GALLERY["Bars"])]).page
    page.get_by_role("button", name="Data (4 rows)").click()
    expect(page.get_by_role("row")).to_have_count(5)
    expect(page.get_by_role("columnheader", name="drink")).to_be_visible()
    canvas = page.locator(".chart canvas")
    before = canvas.bounding_box()
    page.set_viewport_size({"width": 500, "height": 900})
    expect(canvas).not_to_have_css("width", f"{before['width']:g}px" if before else "")
    fits = "one.querySelector('.chart-canvas').scrollWidth <= one.clientWidth"
    assert charts.drawn(fits) == [True]


def test_a_chart_is_saved_as_a_picture_and_handed_back(charts: Charts) -> None:
    page = charts.show([json.dumps(GALLERY["Lines"])]).page
    for name in ("PNG", "SVG"):
        with page.expect_download() as download:
            page.get_by_role("button", name=name, exact=True).click()
        assert download.value.suggested_filename == f"chart.{name.lower()}"
    page.wait_for_function("agui.model.sent.some(({ t }) => t === 'drawn')")
    [drawn] = page.evaluate("agui.model.sent.filter(({ t }) => t === 'drawn')")
    assert drawn["node"]["a"]["src"].startswith("data:image/png;base64,")
    assert (drawn["node"]["t"], drawn["node"]["a"]["alt"]) == ("img", "Chart: cups × month")


def test_a_chart_that_cannot_be_drawn_says_why_above_its_source(charts: Charts) -> None:
    sources = {
        '{"mark": bar}': "this is not JSON: line 1, column 10",
        '{"data": {"url": "https://data.example/x.csv"}, "mark": "bar"}': "data.example",
        '{"marks": []}': "only Vega-Lite",
        '{"data": {"values": [1]}, "mark": "no such mark"}': "«no such mark» is no mark of Vega-Lite",
        '{"data": {"values": [{"a": 1}]}, "mark": "bar", "transform": [{"calculate": "nosuch(1)", "as": "b"}]}': "nosuch",
    }
    page = charts.show([*sources, '{"data": {"values": []}, "mark": "bar", "encoding": {"x": {"field": "a"}}}']).page
    for at, why in enumerate(sources.values()):
        expect(page.locator(".fence").nth(at)).to_contain_text(why)
    expect(page.locator(".chart-nothing")).to_have_text("There is no data in this chart.")
    assert charts.said == []


# -- growing -----------------------------------------------------------------------------------------

GROWING = """async (chart) => {
  const packed = await (await fetch("../src/agui_widget/static/chunks/telemetry.gz")).blob();
  const source = await new Response(packed.stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
  const { css, draw } = await import(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
  const root = document.querySelector(".cell > *").shadowRoot;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  const place = document.createElement("figure");
  place.style.margin = "16px";
  root.querySelector(".chat").prepend(place);
  const scheme = document.documentElement.dataset.theme;
  const kind = "application/vnd.agui_widget.telemetry+json";
  window.chart = await draw({ kind, text: JSON.stringify(chart) }, { place, scheme, signal: new AbortController().signal });
}"""


def training(steps: int) -> dict[str, Any]:
    rows = [[step, 2 * math.exp(-step / 60), None if step % 5 else 100 * step / (step + 40)] for step in range(steps)]
    series = [{"name": "loss", "unit": "nats"}, {"name": "accuracy", "unit": "%"}]
    return {"title": "Training", "x": "step", "series": series, "rows": rows}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_chart_grows_where_it_is(charts: Charts, theme: str, screenshots: Path) -> None:
    page = charts.open(theme).page
    page.evaluate(GROWING, training(0))
    chart = page.locator(".telemetry")
    expect(chart.get_by_text("Waiting for the first values…")).to_be_visible()
    lines = chart.locator("canvas").element_handle()
    for steps in (1, 30, 200):
        assert page.evaluate("chart => window.chart.update(JSON.stringify(chart))", training(steps))
    expect(chart.get_by_role("button", name="loss")).to_have_text("loss0.072547 nats")
    expect(chart.get_by_role("img")).to_have_accessible_name("Training: loss 0.072547 nats, accuracy 82.979 %")
    assert chart.locator("canvas").element_handle().evaluate("(now, then) => now === then", lines)
    chart.get_by_role("button", name="Latest values").click()
    expect(chart.get_by_role("row", name="loss")).to_have_text("loss0.072547 nats0.072547 nats2 nats")
    chart.screenshot(path=screenshots / f"telemetry-{theme}.png")
    chart.get_by_role("button", name="accuracy").click()
    expect(chart.get_by_role("button", name="accuracy")).to_have_attribute("aria-pressed", "false")
    chart.locator(".u-over").hover()
    expect(chart.locator(".telemetry-spot")).to_have_text(re.compile("step (99|100)"))
    assert page.evaluate("window.chart.update('{}')") is False
    assert (charts.said, charts.has_asked_elsewhere()) == ([], [])


# -- hostile -----------------------------------------------------------------------------------------


class Elsewhere(Quiet):
    """A host that a chart would like to hear from."""

    paths: list[str] = []

    def do_GET(self) -> None:
        self.paths.append(self.path)
        self.send_error(404)


USED = """async () => {
  const root = document.querySelector(".cell > *").shadowRoot;
  for (const canvas of root.querySelectorAll(".chart canvas")) {
    const { left, top, width, height } = canvas.getBoundingClientRect();
    const at = { clientX: left + width / 2, clientY: top + height / 2, bubbles: true, composed: true, view: window };
    for (const type of ["pointerover", "pointermove", "mousemove", "pointerdown", "mousedown", "pointerup", "mouseup", "click", "wheel"])
      canvas.dispatchEvent(new PointerEvent(type, at));
    await new Promise((done) => setTimeout(done));
  }
  for (const button of root.querySelectorAll(".chart-data")) button.click();
  await new Promise((done) => setTimeout(done, 300));
}"""


def test_nothing_runs_and_nothing_is_fetched_whatever_a_chart_says(charts: Charts) -> None:
    with served(Elsewhere) as elsewhere:
        Elsewhere.paths.clear()
        charts.show(hostile(elsewhere))
        charts.page.evaluate(USED)
        drawn = charts.page.locator(".fence[data-drawn]").count()
        elements = charts.page.locator(".paper *").evaluate_all(
            "all => [...new Set(all.map((one) => one.localName))].sort()"
        )
        attributes = charts.page.locator(".paper *").evaluate_all(
            "all => [...new Set(all.flatMap((one) => one.getAttributeNames()))].sort()"
        )
        assert Elsewhere.paths == []
    assert charts.has_asked_elsewhere() == []
    assert charts.said == []
    assert charts.page.evaluate("[({}).polluted, Object.polluted, document.title]") == [
        None,
        None,
        "The chat on a plain page",
    ]
    assert charts.page.locator("body").evaluate("body => body.style.cursor") == ""
    assert drawn > 10  # they are seen through, not refused one and all
    assert set(elements) <= {
        "button",
        "canvas",
        "caption",
        "div",
        "p",
        "path",
        "span",
        "svg",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "tr",
    }
    assert not [name for name in attributes if name.startswith("on") or name in ("href", "src", "id")]
