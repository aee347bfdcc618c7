"""Markdown, formulas and plain data as outputs."""

from __future__ import annotations

import dataclasses
import json
from contextlib import suppress
from typing import Any

from pydantic_core import to_json

from .. import markdown
from .notebook import text_of
from .own import has_own_forms
from .recognise import Bundle, is_a

NODES = "application/vnd.agui_widget.nodes+json"
MAX_SOURCE_CHARS = 4_000
MAX_JSON_BYTES = 20_000_000
PLAIN_TYPES = (dict, list, tuple, set, frozenset)


def nodes_of(data: dict[str, Any]) -> list[markdown.Node] | None:
    """The node tree of what is written in markdown or LaTeX; None if nothing is."""
    if isinstance(data.get("text/markdown"), str):
        return markdown.parse(data["text/markdown"])
    if isinstance(data.get("text/latex"), str):
        return markdown.latex_nodes(data["text/latex"])
    return None


def is_plain(value: Any) -> bool:
    """True for data without a look of its own: containers, dataclasses, models of pydantic."""
    is_model = hasattr(type(value), "model_dump") or (dataclasses.is_dataclass(value) and not isinstance(value, type))
    return (is_model or isinstance(value, PLAIN_TYPES)) and not has_own_forms(value)


def plain(value: Any) -> Bundle:
    """Data as JSON, where JSON can say it, and as text."""
    data: dict[str, Any] = {"text/plain": text_of(value)}
    with suppress(ValueError, TypeError, RecursionError):  # what JSON cannot say, its text says
        written = to_json(value)
        if len(written) <= MAX_JSON_BYTES:
            data["application/json"] = json.loads(written)
    return Bundle(data, {})


def is_written(value: Any) -> bool:
    """True for IPython's Markdown, Math, HTML and the like."""
    return is_a(value, "IPython", "DisplayObject") and isinstance(getattr(value, "data", None), str)


def source(value: Any) -> str:
    """What was written."""
    return str(value.data)[:MAX_SOURCE_CHARS]


def words(value: str) -> Bundle:
    """Text as it is."""
    return Bundle({"text/plain": value}, {})
