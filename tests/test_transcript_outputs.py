"""Objects in transcripts: each kind as a picture, a table, formatted words or text, whoever made the output."""

from __future__ import annotations

import re
from typing import Any

import pytest

from agui_widget import transcript

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
TABLE = "application/vnd.agui_widget.table+json"
MEDIA = "application/vnd.agui_widget.media+json"
FLOW = "application/vnd.agui_widget.flow+json"
TELEMETRY = "application/vnd.agui_widget.telemetry+json"
VEGALITE = "application/vnd.vegalite.v6+json"
PLOTLY = "application/vnd.plotly.v1+json"

FRAME = {
    "columns": [{"name": "price", "dtype": "int64"}, {"name": "a|b", "dtype": "object"}],
    "index": ["id"],
    "rows": [["0", "3", "<b>"], ["1", "4", "$x$"]],
    "total": 1_000_000,
    "width": 2,
}


def snapshot(data: Any, lane: str = "text") -> dict[str, Any]:
    """A conversation with one output, shown by an agent or given by a tool."""
    parts = {
        "text": {"key": "o", "kind": "output", "value": {"data": data}},
        "tools": {
            "key": "c",
            "kind": "tool",
            "value": {"call_id": "c", "name": "prices", "state": "done", "result": "R", "output": {"data": data}},
        },
    }
    lanes = {lane: {"parts": [parts[lane]], "sealed": True}}
    message = {"id": "a1", "role": "assistant", "corr": "r", "ts": 1, "lanes": lanes}
    return {"messages": [message], "runs": [], "state": None}


def written(data: Any, lane: str = "text") -> tuple[str, str, str]:
    """An output as HTML, markdown and text."""
    turns = transcript.read(snapshot({"text/plain": "as text", **data}, lane))
    return transcript.to_html(turns), transcript.to_markdown(turns, title="t"), transcript.to_text(turns)


@pytest.mark.parametrize("lane", ["text", "tools"])
def test_a_table_is_a_table_that_says_what_is_left_out(lane: str) -> None:
    html, markdown, text = written({TABLE: FRAME}, lane)
    assert '<tr><th>id</th><th align="right">price</th><th>a|b</th></tr>' in html
    assert "<td>&lt;b&gt;</td>" in html and "2 of 1,000,000 rows" in html
    assert "| id | price | a\\|b |\n| --- | ---: | --- |\n| 0 | 3 | \\<b\\> |" in markdown
    assert "*2 of 1,000,000 rows*" in markdown
    assert "id  price  a|b\n 0      3  <b>" in text and "(2 of 1,000,000 rows)" in text


def test_a_table_without_rows_says_so_below_its_head() -> None:
    html, markdown, text = written({TABLE: {**FRAME, "rows": [], "total": 0}})
    assert "<th>a|b</th></tr></thead>" in html and "<p><small>It has no rows.</small></p>" in html
    assert markdown.rstrip().endswith("| id | price | a\\|b |\n| --- | ---: | --- |\n\n*It has no rows.*")
    assert text.endswith("id  price  a|b\n(It has no rows.)")


def test_a_table_of_nothing_is_a_sentence() -> None:
    html, markdown, text = written({TABLE: {"columns": [], "index": [""], "rows": [], "total": 0, "width": 0}})
    assert "<p>It has no rows.</p>" in html and "<table>" not in html
    assert markdown.rstrip().endswith("\n\nIt has no rows.") and text.endswith("It has no rows.")


@pytest.mark.parametrize("lane", ["text", "tools"])
def test_a_picture_is_that_picture(lane: str) -> None:
    html, markdown, text = written({"image/png": PNG}, lane)
    assert f'<img src="data:image/png;base64,{PNG}" alt="as text">' in html
    assert f"![as text](data:image/png;base64,{PNG})" in markdown
    assert "as text" in text


def test_a_picture_is_as_wide_as_it_is_meant() -> None:
    given = snapshot({"text/plain": "a", "image/png": PNG})
    given["messages"][0]["lanes"]["text"]["parts"][0]["value"]["metadata"] = {"image/png": {"width": 320}}
    assert 'width="320"' in transcript.to_html(transcript.read(given))


def test_what_the_agent_got_of_a_result_stands_in_the_call() -> None:
    html, _, _ = written({TABLE: FRAME}, "tools")
    assert html.index("<pre>R</pre>") < html.index("<table>")


def test_pictures_that_belong_together_stand_side_by_side_in_their_order() -> None:
    names = ["one", "two", "three"]
    items = [{"type": "image", "mime": "image/png", "data": PNG, "alt": name} for name in names]
    items.insert(2, {"type": "audio", "mime": "audio/wav", "data": "UklGRg==", "name": "two.wav"})
    html, markdown, text = written({MEDIA: {"items": items}})
    galleries = re.findall(r'<p class="gallery">.*</p>', html)
    assert [re.findall(r'alt="(\w+)" width="240"', gallery) for gallery in galleries] == [["one", "two"]]
    assert html.index("two") < html.index("[audio: two.wav]") < html.index('alt="three">')
    assert markdown.count("\n\n![") == 3 and "one\ntwo\n\n[audio" in text


def test_a_gallery_is_its_pictures_and_the_names_of_the_rest() -> None:
    items = [
        {"type": "image", "mime": "image/png", "data": PNG, "alt": "one"},
        {"type": "audio", "mime": "audio/wav", "data": "UklGRg==", "name": "two.wav"},
    ]
    html, _, _ = written({MEDIA: {"items": items}})
    assert html.count("<img ") == 1 and 'alt="one"' in html
    assert "[audio: two.wav]" in html


def test_a_chart_is_a_table_of_its_values() -> None:
    spec = {"data": {"name": "d"}, "datasets": {"d": [{"a": 1.25, "b": "x"}, {"a": None, "b": "y"}]}, "mark": "bar"}
    html, _, _ = written({VEGALITE: spec})
    assert '<tr><th align="right">a</th><th>b</th></tr>' in html
    assert '<tr><td align="right">1.25</td><td>x</td></tr>\n<tr><td align="right"></td><td>y</td></tr>' in html


def test_a_chart_without_values_of_its_own_is_its_text() -> None:
    html, _, _ = written({VEGALITE: {"data": {"url": "http://evil.test/d.csv"}}})
    assert "<pre>as text</pre>" in html and "evil.test" not in html


def test_a_figure_of_plotly_is_a_table_of_its_traces() -> None:
    figure = {"data": [{"type": "bar", "name": "n", "y": [1, 2, 3]}, {"x": {"bdata": "AA==", "dtype": "i1"}}]}
    html, _, _ = written({PLOTLY: figure})
    assert '<tr><td>n</td><td>bar</td><td align="right">3</td></tr>' in html


def test_a_figure_of_plotly_with_a_picture_is_that_picture() -> None:
    html, _, _ = written({PLOTLY: {"data": [{"type": "bar"}]}, "image/png": PNG})
    assert "<img " in html and "<table>" not in html


def test_a_flow_is_a_picture_that_says_its_edges() -> None:
    flow = {"nodes": [{"id": "a", "label": "Load"}, {"id": "b"}], "edges": [{"from": "a", "to": "b", "label": "yes"}]}
    html, markdown, text = written({FLOW: flow})
    assert 'src="data:image/svg+xml;base64,' in html and 'alt="Load → b (yes)"' in html
    assert "![Load → b (yes)](data:image/svg+xml;base64," in markdown
    assert "Load → b (yes)" in text


def test_series_are_a_table_of_their_last_values() -> None:
    rows = [[step, step / 3] for step in range(100)]
    html, _, _ = written({TELEMETRY: {"x": "step", "series": [{"name": "loss"}], "rows": rows}})
    assert "loss</th></tr>" in html and '>99</td><td align="right">33</td></tr>' in html
    assert "last 20 of 100 rows" in html


def test_markdown_is_formatted() -> None:
    assert "<strong>bold</strong>" in written({"text/markdown": "**bold**"})[0]


def test_a_formula_keeps_its_tex_for_who_can_draw_it() -> None:
    html = written({"text/latex": r"$\displaystyle \sqrt{x}$"})[0]
    assert r"\[\sqrt{x}\]" in html


def test_html_alone_is_its_words() -> None:
    data = {"text/html": "<h1>A <b>report</b></h1><script>x()</script>", "text/plain": "<IPython.HTML object>"}
    html, _, text = written(data)
    assert "<pre>A report</pre>" in html and "x()" not in html
    assert "A report" in text


@pytest.mark.parametrize("mime", [TABLE, MEDIA, FLOW, TELEMETRY, VEGALITE, PLOTLY, "image/png", "text/markdown"])
@pytest.mark.parametrize(
    "form",
    [
        None,
        1,
        "x",
        [],
        {},
        [[]],
        {"rows": 1},
        {"columns": [1], "index": [], "rows": [], "total": 0, "width": 0},
        {**FRAME, "rows": [[1]]},
        {**FRAME, "total": "many"},
        {"items": [1]},
        {"items": [{"type": 1, "mime": "image/png", "data": 5}]},
        {"nodes": [{}], "edges": [{"from": {}, "to": []}]},
        {"series": [{"name": 1}], "rows": [[]]},
        {"series": [{"name": "a"}], "rows": [[{}, []]]},
        {"data": {"values": [1]}, "datasets": []},
        {"data": [{"x": 1, "name": {}, "type": []}]},
    ],
)
def test_an_output_of_any_shape_is_written(mime: str, form: Any) -> None:
    assert all(written({mime: form}))


@pytest.mark.parametrize("data", [None, [], "x", {"text/plain": 1}, {}])
def test_an_output_without_forms_is_written(data: Any) -> None:
    turns = transcript.read(snapshot(data))
    assert transcript.to_html(turns) is not None
