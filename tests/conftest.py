"""What all tests share."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import profiles
from tests.protocol.corpora import folder

profiles.load()


@pytest.fixture(scope="session")
def fixtures() -> Path:
    """The folder of other people's test cases: `AGUI_FIXTURES`, else beside the checkout; never copied."""
    return folder(".")


@pytest.fixture
def shell() -> Iterator[Any]:
    """An IPython, as a notebook has it, that writes no history."""
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    yield InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}))
    InteractiveShell.clear_instance()
