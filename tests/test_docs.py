"""Every Python block of the README and the docs runs, in order, as one reader would type them."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from agui_widget.dialects import DIALECTS

ROOT = Path(__file__).parent.parent
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.fixture(autouse=True)
def dialects() -> Iterator[None]:
    """What a document registers is gone behind it."""
    before = dict(DIALECTS)
    yield
    DIALECTS.clear()
    DIALECTS.update(before)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_the_python_of_a_document_runs(document: Path) -> None:
    names: dict[str, object] = {}
    for number, block in enumerate(BLOCK.findall(document.read_text()), start=1):
        exec(compile(block, f"{document.name}, block {number}", "exec"), names)


@pytest.mark.parametrize("document", [*DOCUMENTS, ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md"], ids=lambda p: p.name)
def test_links_inside_the_repository_lead_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", document.read_text())
    assert not [link for link in links if "://" not in link and not (document.parent / link).exists()]


def test_the_readme_names_every_make_target_it_needs() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(
        re.findall(r"make ([a-z]+)", "".join(path.read_text() for path in [*DOCUMENTS, ROOT / "CONTRIBUTING.md"]))
    )
    assert named <= targets
