"""Live objects in a real kernel: what is under the cells, what is in the saved notebook, what the page hears of."""

from __future__ import annotations

from typing import Any

import pytest

from .test_static_output import VIEW, executed, outputs

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

STATE = "application/vnd.jupyter.widget-state+json"
SHOW_EVERYTHING = """
import altair, ipywidgets, pandas, plotly.graph_objects as go, sympy
import matplotlib.pyplot as plt
from PIL import Image
from IPython.display import HTML, Markdown, display
from agui_widget import AgentChat

frame = pandas.DataFrame({"price": range(1_000_000)})
class Displayed:
    def _ipython_display_(self):
        display(Markdown("displayed **by itself**"))

def agent():
    figure, axes = plt.subplots()
    yield figure
    yield frame
    yield altair.Chart(frame.head(3)).mark_bar().encode(x="price:Q")
    yield go.Figure(go.Scatter(x=[1, 2], y=[3, 4], name="a trace"))
    yield Image.new("RGB", (20, 10))
    yield sympy.sqrt(sympy.Symbol("x"))
    yield HTML("<h1>A <b>report</b></h1>")
    yield Displayed()
    yield ipywidgets.IntSlider(description="made by the agent")

chat = AgentChat(agent)
chat
"""


@pytest.fixture(scope="module")
def notebook() -> Any:
    return executed(
        SHOW_EVERYTHING,
        "chat.ask_sync('go');",
        "objects = chat._driver.client.objects\nfor key in list(objects._kept): print(objects.bind(key)['name'])",
        "print(df is frame, fig.axes[0] is not None)",
        "print(chat.tool_calls, plt.get_fignums())",
    )


def kept(notebook: Any) -> str:
    """The transcript under the chat, as HTML."""
    return next(str(o.data["text/html"]) for o in outputs(notebook, 0) if "text/html" in o.get("data", {}))


def test_what_an_agent_shows_is_in_the_chat_and_not_under_the_cell_too(notebook: Any) -> None:
    assert outputs(notebook, 1) == []
    assert notebook.cells[4].outputs[0].text == "[] []\n"


@pytest.mark.parametrize(
    "shown",
    [
        '<img src="data:image/png;base64,',
        "20 of 1,000,000 rows",
        '<th align="right">price</th>',
        "<td>a trace</td><td>scatter</td>",
        r"\sqrt{x}",
        "A report",
        "displayed <strong>by itself</strong>",
        "made by the agent",
    ],
)
def test_a_saved_notebook_shows_each_object_as_a_picture_a_table_or_words(notebook: Any, shown: str) -> None:
    assert shown in kept(notebook)


def test_a_widget_that_an_agent_makes_in_its_thread_reaches_the_page(notebook: Any) -> None:
    models = notebook.metadata.widgets[STATE]["state"].values()
    assert "made by the agent" in [model["state"].get("description") for model in models]


def test_objects_become_variables_of_the_notebook(notebook: Any) -> None:
    names = notebook.cells[2].outputs[0].text.split()
    assert notebook.cells[3].outputs[0].text == "True True\n"
    assert names == ["fig", "df", "chart", "fig_2", "img", "result", "result_2", "result_3", "result_4"]


def test_the_view_still_comes_first(notebook: Any) -> None:
    assert VIEW in outputs(notebook, 0)[0].data
