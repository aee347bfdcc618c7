"""What the shapes of a drawing may say: geometry and presentation, and nothing that could point out of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..numeric import is_number
from .nodes import SHAPE_ATTRIBUTES

MAX_VALUE = 100_000  # characters of one attribute: a path may be long

# An attribute is read as CSS: without a backslash, a quote and these words it can reach for nothing.
_PLAIN = re.compile(r"[\w\s.,#%()+\-]*", re.ASCII)
_REACHES = re.compile(r"url|image|var\(", re.IGNORECASE)


def fit(attributes: Mapping[str, Any]) -> dict[str, str]:
    """The listed attributes with fit values; `js/src/nodes/allow.ts` has the same rule."""
    said = {name: _text(value) for name, value in attributes.items() if name in SHAPE_ATTRIBUTES}
    return {name: value for name, value in said.items() if value and _is_fit(value)}


def _text(value: Any) -> str:
    return str(value) if is_number(value) else value if isinstance(value, str) else ""


def _is_fit(value: str) -> bool:
    return len(value) <= MAX_VALUE and bool(_PLAIN.fullmatch(value)) and not _REACHES.search(value)
