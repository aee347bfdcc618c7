"""Live Python objects as outputs: the forms of real ones, by MIME type, and the words that an agent gets."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import datetime, timezone
from io import BytesIO
from typing import Any

import altair
import ipywidgets
import matplotlib
import numpy
import pandas
import plotly.graph_objects
import pytest
import sympy
import traitlets
from IPython import display as ipython
from PIL import Image

from agui_widget import Flow
from agui_widget.content import MEDIA
from agui_widget.display import agent_text, output_of
from agui_widget.display.tables import MIME as TABLE
from agui_widget.display.texts import NODES
from agui_widget.display.widgets import VIEW

matplotlib.use("agg")
import matplotlib.pyplot as plt

FRAME = pandas.DataFrame({"price": [1.23456789, None], "name": ["a\nb", "<b>"]}, index=pandas.Index([7, 8], name="id"))


def data_of(value: Any) -> dict[str, Any]:
    """The forms of a value, which are always JSON."""
    data: dict[str, Any] = json.loads(json.dumps(output_of(value)["data"]))
    return data


def image_of(data: dict[str, Any]) -> Image.Image:
    return Image.open(BytesIO(base64.b64decode(data["image/png"])))


@pytest.fixture
def figure() -> Any:
    figure, axes = plt.subplots(figsize=(4, 3), dpi=100)
    axes.plot([1, 2])
    axes.set_title("Sales")
    yield figure
    plt.close(figure)


# -- tables ------------------------------------------------------------------------------------------


def test_a_frame_is_a_table_with_its_shape_and_its_head() -> None:
    table = data_of(FRAME)[TABLE]
    assert table == {
        "columns": [{"name": "price", "dtype": "float64"}, {"name": "name", "dtype": str(FRAME["name"].dtype)}],
        "index": ["id"],
        "rows": [["7", "1.234568", "a\nb"], ["8", "NaN", "<b>"]],
        "total": 2,
        "width": 2,
    }


def test_numbers_look_as_the_options_of_pandas_say() -> None:
    with pandas.option_context("display.precision", 2):
        assert data_of(FRAME)[TABLE]["rows"][0][1] == "1.23"


def test_a_series_is_a_table_of_one_column() -> None:
    table = data_of(pandas.Series([1, 2], name="n"))[TABLE]
    assert [column["name"] for column in table["columns"]] == ["n"]
    assert table["rows"] == [["0", "1"], ["1", "2"]]


def test_levels_of_columns_and_rows_are_all_there() -> None:
    grouped = pandas.DataFrame({"k": [1, 1], "j": [2, 3], "v": [5, 6]}).groupby(["k", "j"]).agg({"v": ["min", "max"]})
    table = data_of(grouped)[TABLE]
    assert table["index"] == ["k", "j"]
    assert [column["name"] for column in table["columns"]] == ["v / min", "v / max"]
    assert table["rows"] == [["1", "2", "5", "5"], ["1", "3", "6", "6"]]


@pytest.mark.parametrize("frame", [pandas.DataFrame(), pandas.DataFrame({"a": []}), pandas.Series([], dtype=float)])
def test_an_empty_frame_is_a_table_without_rows(frame: Any) -> None:
    table = data_of(frame)[TABLE]
    assert (table["rows"], table["total"]) == ([], 0)


def test_columns_of_one_name_are_both_shown() -> None:
    frame = pandas.DataFrame([[1, 2]], columns=["a", "a"])
    assert data_of(frame)[TABLE]["rows"] == [["0", "1", "2"]]


def test_of_a_wide_frame_a_hundred_columns_are_sent() -> None:
    table = data_of(pandas.DataFrame(numpy.zeros((3, 500))))[TABLE]
    assert (len(table["columns"]), len(table["rows"][0]), table["width"]) == (100, 101, 500)


def test_a_styled_frame_keeps_its_style() -> None:
    data = data_of(FRAME.style.highlight_max(subset=["price"]))
    assert "background-color: yellow" in data["text/html"]
    assert data["text/plain"] == repr(FRAME)


# -- pictures ----------------------------------------------------------------------------------------


def test_a_figure_is_a_picture_of_twice_the_pixels(figure: Any) -> None:
    output = output_of(figure)
    size = output["metadata"]["image/png"]
    width, height = image_of(output["data"]).size
    assert (width // 2, height // 2) == (size["width"], size["height"])
    assert 300 < size["width"] <= 400


def test_a_figure_that_was_shown_is_not_shown_again_under_the_cell(figure: Any) -> None:
    output_of(figure)
    assert figure.number not in plt.get_fignums()


def test_a_figure_can_still_be_drawn_after_it_was_shown(figure: Any) -> None:
    assert data_of(figure) == data_of(figure)


def test_parts_of_a_figure_show_the_figure(figure: Any) -> None:
    axes = figure.axes[0]
    for part in (axes, axes.lines[0], [*axes.lines], [axes, axes], numpy.array([[axes]])):
        assert "image/png" in data_of(part), part


def test_a_figure_without_pyplot_is_drawn_too() -> None:
    from matplotlib.figure import Figure

    assert "image/png" in data_of(Figure())


def test_a_huge_figure_is_drawn_with_fewer_pixels() -> None:
    from matplotlib.figure import Figure

    width, height = image_of(data_of(Figure(figsize=(200, 200)))).size
    assert width * height < 50_000_000


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "1", "P", "CMYK", "F"])
def test_an_image_is_a_picture_whatever_its_mode(mode: str) -> None:
    output = output_of(Image.new(mode, (20, 10)))
    assert image_of(output["data"]).size == (20, 10)
    assert output["metadata"]["image/png"] == {"width": 20, "height": 10}


def test_a_list_of_pictures_is_a_gallery(figure: Any) -> None:
    items = data_of([Image.new("RGB", (20, 10)), figure])[MEDIA]["items"]
    assert [(item["type"], item["mime"], item["alt"]) for item in items] == [
        ("image", "image/png", "Image 20x10 (RGB)"),
        ("image", "image/png", "Figure 400x300 with 1 Axes: Sales"),
    ]
    assert items[0]["width"] == 20


def test_bytes_of_a_picture_are_that_picture() -> None:
    target = BytesIO()
    Image.new("RGB", (2, 2)).save(target, format="JPEG")
    assert base64.b64decode(data_of(target.getvalue())["image/jpeg"]) == target.getvalue()


def test_a_sound_is_played_without_any_html() -> None:
    data = data_of(ipython.Audio(numpy.ones(100), rate=100))
    assert base64.b64decode(data["audio/wav"]).startswith(b"RIFF")
    assert "text/html" not in data


# -- charts ------------------------------------------------------------------------------------------


def test_a_chart_of_altair_is_its_specification() -> None:
    chart = altair.Chart(pandas.DataFrame({"a": [1, 2]})).mark_bar().encode(x="a:Q")
    [(mime, spec)] = [item for item in data_of(chart).items() if "vegalite" in item[0]]
    assert spec == chart.to_dict()
    assert mime[len("application/vnd.vegalite.v") :].partition("+")[0] in spec["$schema"]


def test_a_chart_with_too_many_rows_says_so() -> None:
    data = data_of(altair.Chart(pandas.DataFrame({"a": range(6_000)})).mark_bar().encode(x="a:Q"))
    assert "more rows than Altair puts into one" in data["text/plain"]


def test_a_figure_of_plotly_is_its_json() -> None:
    figure = plotly.graph_objects.Figure(plotly.graph_objects.Scatter(x=[1, 2], y=[3, 4], name="n"))
    assert data_of(figure)["application/vnd.plotly.v1+json"]["data"][0]["name"] == "n"


# -- words and data ----------------------------------------------------------------------------------


def test_a_formula_of_sympy_is_one_in_a_node_tree() -> None:
    data = data_of(sympy.sqrt(sympy.Symbol("x")))
    assert data[NODES] == [{"t": "math", "a": {"display": True}, "c": [r"\sqrt{x}"]}]
    assert data["text/plain"] == "sqrt(x)"


def test_markdown_is_a_node_tree_beside_its_source() -> None:
    data = data_of(ipython.Markdown("# hi"))
    assert (data[NODES], data["text/markdown"]) == ([{"t": "h1", "c": ["hi"]}], "# hi")


@dataclass
class Point:
    x: int = 1
    y: int = 2


@pytest.mark.parametrize(("value", "said"), [({"a": [1]}, {"a": [1]}), ([1, 2], [1, 2]), (Point(), {"x": 1, "y": 2})])
def test_data_is_json_and_text(value: Any, said: Any) -> None:
    data = data_of(value)
    assert (data["application/json"], data["text/plain"]) == (said, repr(value))


def test_data_that_says_how_it_looks_looks_like_that() -> None:
    class Row(list[int]):
        def _repr_html_(self) -> str:
            return "<p>row</p>"

    assert data_of(Row([1])) == {"text/html": "<p>row</p>", "text/plain": "[1]"}


@pytest.mark.parametrize("form", [{5: "five"}, {None: 1}, {b"x": 1}, {("a",): "x"}, {"a/b": {"a": {1}}}])
def test_a_form_that_json_cannot_say_is_none(form: dict[Any, Any]) -> None:
    class Odd:
        def _repr_mimebundle_(self, **_: Any) -> dict[Any, Any]:
            return {"text/plain": "odd", **form}

    assert output_of(Odd())["data"] == {"text/plain": "odd"}


def test_half_a_character_is_shown_as_what_it_is() -> None:
    class File:
        def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
            return {"text/plain": "\udcff", "text/html": "<b>\ud800</b>", "application/json": {"\ud800": ["\udfff"]}}

    shown = output_of(File())["data"]
    assert shown == {
        "text/plain": "\ufffd",
        "text/html": "<b>\ufffd</b>",
        "application/json": {"\ufffd": ["\ufffd"]},
    }


def test_data_that_json_cannot_say_is_its_text() -> None:
    value = {"f": test_data_that_json_cannot_say_is_its_text}
    assert list(data_of(value)) == ["text/plain"]


def test_text_is_shown_without_quotes() -> None:
    assert data_of("a 'b'") == {"text/plain": "a 'b'"}


def test_a_live_widget_is_shown_by_its_model() -> None:
    slider = ipywidgets.IntSlider(value=3)
    assert data_of(slider)[VIEW]["model_id"] == slider.model_id


def rows_of(widget: Any) -> list[list[str]]:
    rows: list[list[str]] = data_of(widget)[TABLE]["rows"]
    return rows


@pytest.mark.parametrize(
    ("widget", "row"),
    [
        (lambda: ipywidgets.IntSlider(value=3, description="Level"), ["Level", "3"]),
        (lambda: ipywidgets.Text("hello"), ["Text", "hello"]),
        (lambda: ipywidgets.Dropdown(options=[("Old", 1), ("New", 2)], value=2, description="Which"), ["Which", "New"]),
        (lambda: ipywidgets.SelectMultiple(options=["a", "b", "c"], value=["a", "c"]), ["SelectMultiple", "a, c"]),
        (lambda: ipywidgets.IntRangeSlider(value=(2, 5), description="Range"), ["Range", "2, 5"]),
        (lambda: ipywidgets.HTML("<b>bold</b><script>x()</script>"), ["HTML", "bold"]),
        (lambda: ipywidgets.Image(value=b"12345"), ["Image", "5 bytes"]),
        (lambda: ipywidgets.DatePicker(description="When"), ["When", ""]),
        (lambda: ipywidgets.Button(description="Go"), ["Go", ""]),
    ],
)
def test_a_live_widget_says_its_name_and_value_to_who_has_no_page(widget: Any, row: list[str]) -> None:
    assert rows_of(widget()) == [row]


def test_what_is_in_boxes_is_said_row_by_row_below_their_titles() -> None:
    level, name = ipywidgets.IntSlider(value=3, description="Level"), ipywidgets.Text("x")
    tabs = ipywidgets.Tab([ipywidgets.VBox([level, name]), ipywidgets.Label("words")], titles=["First"])
    assert rows_of(tabs) == [["First / Level", "3"], ["First / Text", "x"], ["Label", "words"]]


def test_a_password_is_said_to_nobody() -> None:
    data = data_of(ipywidgets.HBox([ipywidgets.Password(value="hunter2", description="Key")]))
    assert data[TABLE]["rows"] == [["Key", "••••••••"]] and "hunter2" not in json.dumps(data)


def test_a_file_that_was_uploaded_is_said_by_its_name() -> None:
    widget = ipywidgets.FileUpload(description="File")
    content = memoryview(b"secret")
    given = {"name": "a.csv", "type": "", "size": 6, "content": content, "last_modified": datetime.now(timezone.utc)}
    widget.set_trait("value", (given,))
    assert rows_of(widget) == [["File", "a.csv"]]


def test_what_widgets_say_has_bounds() -> None:
    data = data_of(ipywidgets.VBox([ipywidgets.Text("x" * 100_000) for _ in range(60)]))[TABLE]
    assert len(data["rows"]) == 20 and data["total"] == 60 and max(map(len, data["rows"][0])) < 1_000


@pytest.mark.parametrize("widget", [ipywidgets.Output, ipywidgets.VBox])
def test_a_widget_that_says_nothing_is_its_view_and_its_text(widget: Any) -> None:
    assert list(data_of(widget())) == [VIEW, "text/plain"]


def test_a_widget_whose_value_cannot_be_said_is_shown_all_the_same() -> None:
    class Unsaid:
        def __str__(self) -> str:
            raise OSError("no")

        def __repr__(self) -> str:
            return "Unsaid()"

    class Holder(ipywidgets.DOMWidget):  # type: ignore[misc]
        value = traitlets.Any(Unsaid())

    assert list(data_of(Holder())) == [VIEW, "text/plain"]


def test_a_closed_widget_is_its_text() -> None:
    slider = ipywidgets.IntSlider()
    slider.close()
    assert VIEW not in data_of(slider)


# -- methods of their own ----------------------------------------------------------------------------


class Rich:
    def _repr_html_(self) -> str:
        return "<p onclick=x()>hi<img src='http://evil.test/x.png'><script>x()</script></p>"

    def _repr_png_(self) -> bytes:
        return b"\x89PNG"

    def __repr__(self) -> str:
        return "rich"


def test_html_of_an_object_names_nothing_that_would_be_loaded() -> None:
    assert data_of(Rich()) == {"text/html": "<p>hi<img></p>", "image/png": "iVBORw==", "text/plain": "rich"}


def test_a_bundle_of_an_object_is_taken_whole() -> None:
    class Bundled:
        def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Any:
            return {"application/vnd.x+json": {"a": 1}, "text/plain": "b"}, {"application/vnd.x+json": {"w": 1}}

    assert output_of(Bundled()) == {
        "data": {"application/vnd.x+json": {"a": 1}, "text/plain": "b"},
        "metadata": {"application/vnd.x+json": {"w": 1}},
        "type": "Bundled",
    }


def test_a_script_is_no_form_of_anything() -> None:
    assert list(data_of(ipython.Javascript("alert(1)"))) == ["text/plain"]


@pytest.mark.parametrize("method", ["__repr__", "_repr_html_", "_repr_mimebundle_"])
def test_what_raises_when_it_is_shown_becomes_text_that_says_so(method: str) -> None:
    def fail(self: Any, **_: Any) -> Any:
        raise ValueError("not today")

    broken = type("Broken", (), {method: fail})()
    assert data_of(broken) == {"text/plain": "<Broken: its repr raised ValueError: not today>"}


def test_one_method_that_raises_leaves_the_other_forms() -> None:
    class Half(Rich):
        def _repr_png_(self) -> bytes:
            raise ValueError

    assert "text/html" in data_of(Half())


def test_an_object_that_has_any_attribute_is_its_text() -> None:
    class Mock:
        def __getattr__(self, name: str) -> Any:
            return lambda *args, **kwargs: "made up"

        def __repr__(self) -> str:
            return "mock"

    assert data_of(Mock()) == {"text/plain": "mock"}


def test_a_class_is_its_name() -> None:
    assert data_of(Rich) == {"text/plain": f"{__name__}.Rich"}


def test_a_huge_text_is_cut_with_a_note() -> None:
    assert data_of("x" * 30_000)["text/plain"].endswith("cut: 10,000 more characters")


# -- the notebook (`shell` is in conftest.py) ------------------------------------------------------------------------------------


def test_what_is_registered_with_the_notebook_wins(shell: Any) -> None:
    class Temperature:
        pass

    shell.display_formatter.formatters["text/html"].for_type(Temperature, lambda value: "<b>warm</b>")
    shell.display_formatter.formatters["text/html"].for_type(pandas.DataFrame, lambda frame: "<i>mine</i>")
    assert data_of(Temperature())["text/html"] == "<b>warm</b>"
    assert data_of(FRAME)["text/html"] == "<i>mine</i>" and TABLE not in data_of(FRAME)


def test_text_that_is_registered_with_the_notebook_is_its_text(shell: Any) -> None:
    shell.display_formatter.formatters["text/plain"].for_type(
        Point, lambda value, printer, cycle: printer.text("point")
    )
    assert data_of(Point())["text/plain"] == "point"


# -- what an agent gets ------------------------------------------------------------------------------


def test_an_agent_gets_the_shape_and_the_head_of_a_table() -> None:
    frame = pandas.DataFrame({"a": range(1_000_000), "b": ["x|y\nz"] * 1_000_000})
    text = agent_text(frame)
    assert text.startswith("DataFrame: 1,000,000 rows × 2 columns\n\n|  | a | b |\n| --- | --- | --- |\n")
    assert "| 0 | 0 | x¦y z |" in text and text.endswith("20 of 1,000,000 rows")


def test_of_a_wide_table_an_agent_gets_as_much_as_fits() -> None:
    assert len(agent_text(pandas.DataFrame([["x" * 300] * 90] * 20))) < 4_200


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("as it is", "as it is"),
        ({"a": 1}, '{"a":1}'),
        (Point(), '{"x":1,"y":2}'),
        (Image.new("RGB", (20, 10)), "Image 20x10 (RGB)"),
        (ipython.Markdown("# hi"), "# hi"),
        (sympy.Symbol("x") ** 2, "x**2"),
        (None, "null"),
    ],
)
def test_an_agent_gets_the_best_text(value: Any, text: str) -> None:
    assert agent_text(value) == text


def test_an_agent_gets_the_words_that_an_object_has_for_itself() -> None:
    assert agent_text(Flow(["a", "b"], [("a", "b")])) == "a → b"


def test_an_agent_gets_pictures_in_words_and_never_as_data(figure: Any) -> None:
    target = BytesIO()
    Image.new("RGB", (2, 2)).save(target, format="PNG")
    assert agent_text(figure) == "Figure 400x300 with 1 Axes: Sales"
    assert agent_text(target.getvalue()).startswith("image/png, ")
    assert agent_text([Image.new("RGB", (2, 2))]) == "1 picture:\nImage 2x2 (RGB)"


def test_an_agent_gets_no_repr_without_end() -> None:
    class Long:
        def __repr__(self) -> str:
            return "x" * 100_000

    assert len(agent_text(Long())) < 4_100
