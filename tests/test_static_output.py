"""What a notebook keeps of a chat without any page: executed by nbclient, as nbconvert, papermill and CI do."""

from __future__ import annotations

import json
from html import escape
from typing import Any

import pytest
from nbclient import NotebookClient
from nbconvert import HTMLExporter
from nbformat.v4 import new_code_cell, new_notebook

from tests.e2e.everything import EVERYTHING

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

VIEW = "application/vnd.jupyter.widget-view+json"
ECHO = """
from agui_widget import AgentChat
chat = AgentChat(lambda text: f"You **said** {text}.", title="Echo")
"""


def executed(*cells: str, **options: Any) -> Any:
    notebook = new_notebook(cells=[new_code_cell(source.strip()) for source in cells])
    return NotebookClient(notebook, timeout=60, **options).execute()


def outputs(notebook: Any, cell: int) -> list[Any]:
    return list(notebook.cells[cell].outputs)


def transcript(notebook: Any, cell: int) -> str:
    """The text of the one transcript under a cell."""
    found = [o.data for o in outputs(notebook, cell) if "agui-static" in o.get("data", {}).get("text/html", "")]
    assert len(found) == 1, outputs(notebook, cell)
    return str(found[0]["text/plain"])


@pytest.fixture(scope="module")
def conversation() -> Any:
    """A notebook with every way to say something, and chats in every place."""
    return executed(
        ECHO + "chat",
        "chat.ask_sync('one');",
        "await chat.ask('two');",
        "run = chat.submit('three')\nimport time; time.sleep(0.5)  # it ends while this cell runs",
        "chat",  # a second view
        "run = chat.submit('four')",  # it ends while no cell runs
        "import time; time.sleep(0.5)",
        "import ipywidgets\nboxed = AgentChat(lambda text: 'Boxed.')\nbox = ipywidgets.VBox([boxed])\nbox",
        "boxed.ask_sync('hi');",
        "gone = AgentChat(lambda text: 'Gone.')\ngone",
        "gone.ask_sync('hi')\ngone.clear()",
        "import os\nos.environ['AGUI_WIDGET_STATIC'] = '0'\noff = AgentChat(lambda text: 'Off.')\noff",
        "off.ask_sync('hi');",
    )


def test_the_view_comes_first_and_the_transcript_under_it(conversation: Any) -> None:
    view, kept = outputs(conversation, 0)
    assert view.data[VIEW] and view.data["text/plain"] == "AgentChat('Echo')"
    assert set(kept.data) == {"text/html", "text/plain"}


def test_every_turn_is_kept_once_wherever_its_run_ended(conversation: Any) -> None:
    turns = [f"You: {word}\n\nEcho: You said {word}." for word in ("one", "two", "three", "four")]
    assert transcript(conversation, 0) == "\n\n".join(turns)


def test_a_second_view_has_a_transcript_of_its_own_that_is_as_new(conversation: Any) -> None:
    assert transcript(conversation, 4) == transcript(conversation, 0)


def test_nothing_else_is_left_under_the_cells_that_asked(conversation: Any) -> None:
    assert [outputs(conversation, cell) for cell in (1, 2, 3, 5, 6, 8, 10)] == [[]] * 7


def test_in_a_layout_box_there_is_only_the_view(conversation: Any) -> None:
    (only,) = outputs(conversation, 7)
    assert VIEW in only.data


def test_what_was_cleared_is_not_kept(conversation: Any) -> None:
    assert transcript(conversation, 9) == "No messages yet."
    assert "Gone" not in json.dumps([cell.outputs for cell in conversation.cells])


def test_it_can_be_turned_off(conversation: Any) -> None:
    (only,) = outputs(conversation, 11)
    assert VIEW in only.data


def test_two_executions_leave_the_same() -> None:
    def once() -> list[Any]:
        source = "from agui_widget import AgentChat\nchat = AgentChat(pace=0)\nchat"
        notebook = executed(source, "await chat.ask('Which products lost margin?')")
        kept = [{**each.data, VIEW: None} for cell in notebook.cells for each in cell.outputs]
        assert len(kept) == 3
        return kept

    assert once() == once()


def test_a_transcript_that_cannot_be_made_does_not_end_the_run() -> None:
    notebook = executed(
        ECHO + "chat",
        "chat._static._render = lambda: 1 / 0\nprint(chat.ask_sync('one').status)",
        "print([p['value']['message'] for m in chat._driver.session.snapshot()['messages']"
        " for p in m['lanes'].get('status', {'parts': []})['parts'] if p['kind'] == 'notice'])",
    )
    assert outputs(notebook, 1)[0].text == "finished\n"
    assert "ZeroDivisionError" in outputs(notebook, 2)[0].text


def test_widget_state_has_no_word_of_the_conversation_and_no_key() -> None:
    notebook = executed(
        "from agui_widget import AgentChat, RunError\n"
        "chat = AgentChat('http://127.0.0.1:1/', headers={'Authorization': 'Bearer canary-key'})\nchat",
        "try:\n    chat.ask_sync('canary question')\nexcept RunError:\n    pass",
        store_widget_state=True,
    )
    state = notebook.metadata.widgets["application/vnd.jupyter.widget-state+json"]["state"]
    assert any("_esm" in model["state"] for model in state.values())
    assert "canary" not in json.dumps(state)
    assert "canary-key" not in json.dumps([notebook.metadata, *(cell.outputs for cell in notebook.cells)])
    assert "canary question" in transcript(notebook, 0)


def test_a_notebook_that_nobody_has_opened_shows_every_kind_as_a_picture_a_table_or_its_source() -> None:
    notebook = executed(EVERYTHING + "chat", "await chat.ask('Show me everything');")
    html = HTMLExporter().from_notebook_node(notebook)[0]
    kept = next(output.data["text/html"] for output in outputs(notebook, 0) if "agui-static" in str(output.data))
    assert kept.count("<img ") == 7  # the flow, the figure, the image and the gallery
    assert kept.count("<table>") == 6  # the chart, the slider, the DataFrame, those of Altair and Plotly, what grew
    for said in (
        r"\(c(d) = \alpha + \beta d\)",
        r"\hat\beta = \frac",
        "A diagram in the language mermaid",
        "graph LR",
        "Load the sales → Enough rows?",
        r"\int\limits",
    ):
        assert escape(said) in kept
    assert "<strong>Freight per parcel</strong>" in kept and "<td>Jul</td>" in kept
    assert "<td>Level</td><td>3</td>" in kept
    assert "of 1,000,000 rows" in html
