"""What all tests share."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def fixtures() -> Path:
    """The folder of other people's test cases: `AGUI_FIXTURES`, else beside the checkout; never copied."""
    folder = Path(os.environ.get("AGUI_FIXTURES", ROOT.parent / "shared" / "fixtures"))
    if not folder.is_dir():
        message = f"no fixtures at {folder}: set AGUI_FIXTURES"
        pytest.fail(message) if os.environ.get("CI") == "true" else pytest.skip(message)
    return folder
