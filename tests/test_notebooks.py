"""The notebooks run without a front end, and what they leave behind is readable and the same each time."""

import copy
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]


def plain_texts(notebook: Any) -> list[str]:
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    return [
        o.get("text") or o.get("data", {}).get("text/plain", "") or "\n".join(o.get("traceback", [])) for o in outputs
    ]


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request: pytest.FixtureRequest) -> Any:
    return nbformat.read(request.param, as_version=4)


def executed(notebook: Any) -> Any:
    fresh = copy.deepcopy(notebook)
    return NotebookClient(fresh, timeout=60).execute()


def test_a_notebook_runs_without_a_front_end_and_leaves_what_was_saved(notebook: Any) -> None:
    assert plain_texts(executed(notebook)) == plain_texts(notebook)


def test_what_is_left_is_readable(notebook: Any) -> None:
    texts = plain_texts(notebook)
    assert texts, "save the notebook with its outputs: make notebooks"
    assert not [text for text in texts if re.search(r"0x[0-9a-f]{6,}|[0-9a-f]{32}|object at|Traceback", text)]
