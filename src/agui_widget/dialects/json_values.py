"""JSON of a frame that an event can hold: finite numbers, whole characters, and not too deep."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, NoReturn

from ..protocol.values import MAX_DEPTH

MAX_LEVELS = MAX_DEPTH - 2  # an event has the frame's JSON inside two more


def parsed(text: str) -> Any:
    """JSON that an event can hold. Raises `ValueError` for any other, `RecursionError` if it is too deep."""
    value = json.loads(text, parse_constant=_refuse)
    # each level takes a bracket: few of them need no counting
    if text.count("[") + text.count("{") > MAX_LEVELS and _is_deeper(value, MAX_LEVELS):
        raise RecursionError
    return value


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


def _is_deeper(value: Any, levels: int) -> bool:
    """Level by level: recursion would meet Python's own limit."""
    level = [value]
    for _ in range(levels):
        level = [inner for each in level for inner in _members(each)]
    return bool(level)


def _members(value: Any) -> Iterable[Any]:
    return value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()


def with_whole_characters(value: Any, text: str) -> Any:
    """The value of JSON text with U+FFFD for half characters, which no later step could encode."""
    if "\\ud" not in text.lower():
        return value
    written = json.dumps(value, ensure_ascii=False)
    return json.loads(written.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
