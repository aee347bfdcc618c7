"""What a transcript shows of blocks of code and outputs that no page has drawn."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from itertools import combinations
from pathlib import Path
from typing import Any

import ipywidgets
import pytest

from agui_widget import Driver, Flow, drawings, transcript

FLOW = "application/vnd.agui_widget.flow+json"
VEGALITE = "application/vnd.vegalite.v5+json"
CHART = {
    "title": {"text": "Freight & fuel", "subtitle": "per parcel"},
    "description": "It *grew*.",
    "mark": "bar",
    "data": {"values": [{"month": "Jul", "euros": 4.125}, {"month": "<b>", "euros": None}]},
}
STEPS = {
    "title": "How it is made",
    "nodes": [{"id": "load", "label": "Load & <clean>", "kind": "tool", "detail": "read_csv"}, "fit"],
    "edges": [{"from": "load", "to": "fit", "label": "if enough"}, {"from": "fit", "to": "load"}],
}


def fenced(kind: str, source: Any) -> str:
    return f"```{kind}\n{source if isinstance(source, str) else json.dumps(source)}\n```"


def said(answer: Any) -> Driver:
    driver = Driver(lambda: answer)
    driver.ask_sync("hi")
    return driver


def static(driver: Driver) -> dict[str, str]:
    return transcript.static_output(driver.session.snapshot(), title="T")


def pictures(html: str) -> list[str]:
    return [b64decode(each).decode() for each in re.findall(r"data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)", html)]


# -- charts ------------------------------------------------------------------------------------------


def test_a_chart_is_its_title_and_a_table_of_its_values_with_the_source_folded_behind_it() -> None:
    html = static(said(fenced("vega-lite", CHART)))["text/html"]
    assert "<strong>Freight &amp; fuel</strong>" in html and "per parcel" in html and "It *grew*." in html
    assert '<tr><th>month</th><th align="right">euros</th></tr>' in html
    assert '<tr><td>&lt;b&gt;</td><td align="right"></td></tr>' in html and "4.125" in html
    assert re.search(r"</table>\s*<details><summary>Source</summary>\s*<pre>", html)


@pytest.mark.parametrize("kind", ["vega-lite", "vegalite", "Vega-Lite"])
def test_markdown_and_text_have_the_table_too(kind: str) -> None:
    driver = said(f"Look:\n\n{fenced(kind, CHART)}\n\nDone.")
    markdown = driver.to_markdown()
    assert "**Freight \\& fuel**" in markdown and "| month | euros |\n| --- | ---: |\n| Jul | 4.125 |" in markdown
    assert f"<details><summary>Source</summary>\n\n```{kind}" in markdown and markdown.rstrip().endswith("Done.")
    text = static(driver)["text/plain"]
    assert "Freight & fuel" in text and "month  euros\n  Jul  4.125" in text


def test_values_may_be_in_a_layer_and_a_table_says_what_it_leaves_out() -> None:
    values = [{"n": n, "word": "x" * 300} for n in range(500)]
    html = static(said(fenced("vega-lite", {"layer": [{"mark": "bar"}, {"data": {"values": values}}]})))["text/html"]
    table = html[html.index("<table>") : html.index("</table>")]
    assert table.count("<tr>") == 21 and len(table) < 7_000
    assert "20 of 500 rows" in html


def test_a_chart_in_an_item_of_a_list_stays_in_it() -> None:
    block = fenced("vega-lite", CHART).replace("\n", "\n  ")
    html = static(said(f"- one\n\n  {block}\n"))["text/html"]
    assert html.index("<li>") < html.index("<table>") < html.index("</li>")


@pytest.mark.parametrize(
    "source",
    [
        "{",
        "[]",
        "7",
        "",
        {"data": {"url": "data.csv"}, "mark": "bar"},
        {"data": {"values": [1, 2]}},
        {"data": {"values": []}, "title": "T"},
        {"layer": 7},
        '{"layer": [' * 300 + '{"data": {"values": [{"a": 1}]}}' + "]}" * 300,
        '{"data": {"values": ' + "[" * 5_000,
    ],
)
def test_a_chart_without_values_or_of_no_shape_stays_its_source(source: Any) -> None:
    html = static(said(fenced("vega-lite", source)))["text/html"]
    assert '<pre><code class="language-vega-lite">' in html and "<table>" not in html


def test_a_chart_that_an_object_gave_has_its_title_as_well() -> None:
    part = {"key": "o", "kind": "output", "value": {"data": {VEGALITE: CHART, "text/plain": "alt.Chart(…)"}}}
    messages = [{"id": "a", "role": "assistant", "lanes": {"text": {"parts": [part], "sealed": True}}}]
    assert "<strong>Freight &amp; fuel</strong>" in transcript.to_html(transcript.read({"messages": messages}))


# -- flows -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", [fenced("flow", STEPS), Flow([STEPS["nodes"][0], "fit"], [("load", "fit")])])
def test_a_flow_is_a_picture_with_its_source_folded_behind_it(answer: Any) -> None:
    html = static(said(answer))["text/html"]
    (svg,) = pictures(html)
    assert "Load &amp; &lt;clean&gt;" in svg and "tool · read_csv" in svg and ">fit</text>" in svg
    figure = html[html.index("<figure") : html.index("</figure>")]
    assert "Load &amp; &lt;clean&gt; → fit" in figure  # in words, for who cannot see it
    assert "<details><summary>Source</summary>" in figure


def test_a_flow_in_markdown_and_in_text() -> None:
    driver = said(fenced("flow", STEPS))
    assert re.search(r"!\[How it is made; Load .*; fit → .*\]\(data:image/svg.*\)\n\n<details>", driver.to_markdown())
    assert re.search(r"Load & <clean> +fit  if enough\n", static(driver)["text/plain"])


def boxes(svg: str) -> list[tuple[float, float, float, float]]:
    """Left, top, right and bottom of the cards."""
    found = re.findall(r'<rect x="([-\d.]+)" y="([-\d.]+)" width="([\d.]+)" height="([\d.]+)" rx="[\d.]+" stroke', svg)
    return [(x, y, x + width, y + height) for x, y, width, height in (map(float, each) for each in found)]


def shape_of(nodes: Any, edges: Any, **options: Any) -> list[tuple[float, float, float, float]]:
    return boxes(pictures(static(said(Flow(nodes, edges, **options)))["text/html"])[0])


def test_a_flow_goes_its_way_and_back_leads_no_step_on() -> None:
    edges = [("a", "b"), ("b", "c"), ("a", "c"), ("c", "a"), ("b", "b", "again")]
    a, b, c = shape_of(["a", "b", "c"], edges)
    assert a[2] < b[0] and b[2] < c[0]
    a, b, c = shape_of(["a", "b", "c"], edges, direction="TB")
    assert a[3] < b[1] and b[3] < c[1]


def test_what_is_wider_than_paper_goes_down() -> None:
    chain = [str(n) for n in range(15)]
    cards = shape_of(chain, list(zip(chain, chain[1:], strict=False)))
    assert all(one[3] < other[1] for one, other in zip(cards, cards[1:], strict=False))


@pytest.mark.parametrize("step", [2, 3, 7, 11])
def test_no_card_lies_on_another(step: int) -> None:
    names = [f"node {n}" for n in range(40)]
    cards = shape_of(names, [(names[n], names[n * step % 40]) for n in range(40)])
    assert len(cards) == 40
    for one, other in combinations(cards, 2):
        assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


def test_more_than_can_be_read_is_a_table_of_edges() -> None:
    names = [str(n) for n in range(61)]
    html = static(said(Flow(names, [("0", each) for each in names[1:]])))["text/html"]
    assert not pictures(html) and "<td>0</td><td>20</td>" in html and "20 of 60 rows" in html


@pytest.mark.parametrize(
    "source",
    [
        "{",
        "[]",
        "7",
        {},
        {"nodes": []},
        {"nodes": 7, "edges": {}},
        {"nodes": ["a", "a"]},
        {"nodes": ["a"], "edges": [{"from": "a", "to": "b"}]},
        {"nodes": [{"id": []}]},
        {"nodes": ["a"], "direction": {}},
        '{"nodes": ' + "[" * 5_000,
        {"nodes": [str(n) for n in range(2_001)]},
    ],
)
def test_a_flow_that_says_nothing_clear_stays_its_source(source: Any) -> None:
    html = static(said(fenced("flow", source)))["text/html"]
    assert '<pre><code class="language-flow">' in html and not pictures(html)


def test_words_of_any_length_and_kind_make_a_picture_within_bounds() -> None:
    node = {"label": "\u202e" + "W" * 20_000, "kind": "k" * 9_000, "detail": "日" * 9_000, "group": {"a": 1}, "x": 1}
    spec = {
        "title": "t\u202e" * 900,
        "nodes": [{"id": 1, **node}, "2"],
        "edges": [{"from": 1, "to": 2, "label": "e" * 999}],
    }
    (svg,) = pictures(static(said(fenced("flow", spec)))["text/html"])
    assert len(svg) < 20_000 and "\u202e" not in svg


def test_what_a_page_drew_comes_before_what_is_drawn_here() -> None:
    text = json.dumps(STEPS)
    driver = said(fenced("flow", text))
    snapshot = driver.session.snapshot()
    node = drawings.checked({"t": "svg", "a": {"viewBox": "0 0 7 7"}})
    (change,) = drawings.kept(snapshot["messages"], "flow", text, "light", node)
    snapshot["messages"][-1]["lanes"]["text"]["parts"].append(change["payload"])
    (svg,) = pictures(transcript.to_html(transcript.read(snapshot)))
    assert 'viewBox="0 0 7 7"' in svg


def test_older_flows_give_way_to_newer_ones_in_a_saved_notebook(monkeypatch: pytest.MonkeyPatch) -> None:
    blocks = [fenced("flow", {**STEPS, "title": f"Number {n}"}) for n in range(3)]
    answers = iter(blocks)
    driver = Driver(lambda: next(answers))
    for _ in blocks:
        driver.ask_sync("hi")
    size = max(len(each) for each in re.findall(r"base64,[^\"]+", driver.to_html()))
    monkeypatch.setattr("agui_widget.transcript.output.DRAWN", int(2.5 * size))
    shown = pictures(static(driver)["text/html"])
    assert [re.findall(r"Number \d", svg)[0] for svg in shown] == ["Number 1", "Number 2"]


# -- mermaid, and answers by themselves --------------------------------------------------------------


def test_a_diagram_of_mermaid_is_its_source_and_says_why() -> None:
    driver = said(fenced("mermaid", "graph TD\n  A --> B"))
    html = static(driver)["text/html"]
    assert re.search(r'<p class="note">[^<]*mermaid[^<]*</p>\s*<pre><code class="language-mermaid">graph TD', html)
    assert "```mermaid\ngraph TD\n  A --> B\n```" in driver.to_markdown()  # for hosts that draw it
    assert "graph TD\n      A --> B" not in static(driver)["text/plain"] and "A --> B" in static(driver)["text/plain"]


def test_an_answer_under_a_cell_shows_the_same() -> None:
    driver = Driver(lambda: f"{fenced('flow', STEPS)}\n\n{fenced('vega-lite', CHART)}")
    html = driver.ask_sync("hi")._repr_html_()
    assert html and len(pictures(html)) == 1 and "<table>" in html


# -- live widgets ------------------------------------------------------------------------------------


def test_a_live_widget_is_a_table_of_what_it_said_also_when_its_conversation_is_loaded(tmp_path: Path) -> None:
    driver, again = said(ipywidgets.IntSlider(value=3, description="<Level>")), Driver(lambda: "")
    again.load(driver.save(tmp_path / "chat.json"))
    for each in (driver, again):
        assert "<td>&lt;Level&gt;</td><td>3</td>" in static(each)["text/html"]
        assert "| \\<Level\\> | 3 |" in each.to_markdown()
