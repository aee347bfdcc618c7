"""Other people's cases, read where they are: never copied into the project."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

FIXTURES = Path(os.environ.get("AGUI_FIXTURES") or Path(__file__).parents[3] / "shared" / "fixtures")


def folder(name: str) -> Path:
    """Return the folder of a corpus. Without it the test skips; with CI=true it fails."""
    path = FIXTURES / name
    if not path.is_dir():
        message = f"no corpus at {path}: set AGUI_FIXTURES to the fixtures folder"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message, allow_module_level=True)
    return path


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def read_lines(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def is_subset(expected: Any, actual: Any) -> bool:
    """The corpus's match: lists of the same length, objects only the named keys."""
    if isinstance(expected, dict):
        return isinstance(actual, dict) and all(
            name in actual and is_subset(value, actual[name]) for name, value in expected.items()
        )
    if isinstance(expected, list):
        same_length = isinstance(actual, list) and len(expected) == len(actual)
        return same_length and all(map(is_subset, expected, actual))
    return type(expected) is type(actual) and expected == actual
