"""What is loaded later makes no code and no markup of text, whatever library is in it."""

import gzip
import re
from pathlib import Path

import pytest

CHUNKS = Path(__file__).parent.parent / "src" / "agui_widget" / "static" / "chunks"

# A method may be called `eval`; nothing calls the function.
FORBIDDEN = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|srcdoc"
    r"|(?<![.\w])(?:eval|Function|import)\((?![\w,]*\)\{)"
)


@pytest.mark.parametrize("name", ["charts", "telemetry"])
def test_a_chunk_makes_nothing_of_text(name: str) -> None:
    source = gzip.decompress((CHUNKS / f"{name}.gz").read_bytes()).decode()
    assert len(source) > 10_000
    assert FORBIDDEN.findall(source) == []
