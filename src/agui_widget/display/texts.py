"""Markdown, formulas and plain data as outputs."""

from __future__ import annotations

import dataclasses
import json
import re
from typing import Any

from pydantic_core import to_json

from .. import markdown
from .notebook import text_of
from .recognise import Bundle, is_a

NODES = "application/vnd.agui_widget.nodes+json"
MAX_SOURCE_CHARS = 4_000
PLAIN_TYPES = (dict, list, tuple, set, frozenset)

_DOLLARS = re.compile(r"^\s*(\${1,2})(.*?)\1\s*$", re.DOTALL)
_STYLE = re.compile(r"^\s*\\displaystyle\s*")


def nodes_of(data: dict[str, Any]) -> list[markdown.Node] | None:
    """The node tree of what is written in markdown or LaTeX; None if nothing is."""
    if isinstance(data.get("text/markdown"), str):
        return markdown.parse(data["text/markdown"])
    if isinstance(data.get("text/latex"), str):
        return latex_nodes(data["text/latex"])
    return None


def latex_nodes(text: str) -> list[markdown.Node]:
    """LaTeX as a cell would show it: one formula on lines of its own, or text with formulas in it."""
    whole = _DOLLARS.match(text)
    if whole is None:
        return markdown.parse(text)
    return markdown.parse(f"$$\n{_STYLE.sub('', whole[2]).strip()}\n$$")


def is_plain(value: Any) -> bool:
    """True for data without a look of its own: containers, dataclasses, models of pydantic."""
    is_model = hasattr(type(value), "model_dump") or (dataclasses.is_dataclass(value) and not isinstance(value, type))
    return isinstance(value, PLAIN_TYPES) or (is_model and not hasattr(value, "_repr_html_"))


def plain(value: Any) -> Bundle:
    """Data as JSON, where JSON can say it, and as text."""
    data: dict[str, Any] = {"text/plain": text_of(value)}
    try:
        data["application/json"] = json.loads(to_json(value))
    except (ValueError, TypeError, RecursionError):
        pass  # its text says it all
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
