"""What all tests share."""

from pathlib import Path

import pytest

from tests.protocol.corpora import folder


@pytest.fixture(scope="session")
def fixtures() -> Path:
    """The folder of other people's test cases: `AGUI_FIXTURES`, else beside the checkout; never copied."""
    return folder(".")
