"""Live widgets: shown by the id of their model, which a page already has; where there is no page, by what they say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import chain, islice, repeat
from typing import Any

from .. import foreign
from . import tables
from .recognise import Bundle, Data, is_a

VIEW = "application/vnd.jupyter.widget-view+json"

MAX_COUNTED = 1_000  # widgets in a box
MAX_DEPTH = 8  # of boxes
HIDDEN = "•" * 8


def is_widget(value: Any) -> bool:
    """True for a widget that has a view and is not closed."""
    return is_a(value, "ipywidgets", "DOMWidget") and getattr(value, "comm", None) is not None


def view(value: Any) -> Bundle:
    """The widget's view, and a table of what it says now."""
    model = {"version_major": 2, "version_minor": 0, "model_id": value.model_id}
    table: Data = {}
    with suppress(Exception):  # its traits may be anything
        table = _table(value)
    return Bundle({VIEW: model, **table, "text/plain": says(value)}, {})


def says(value: Any) -> str:
    """What the widget is, and what it says about itself."""
    return repr(value)[:4_000]


def _table(widget: Any) -> Data:
    """Names and values as a table of our type; nothing if there are none."""
    rows = list(islice(_rows(widget), MAX_COUNTED))
    columns = [{"name": "value", "dtype": "object"}]
    table = {"columns": columns, "index": ["name"], "rows": rows[: tables.HEAD], "total": len(rows), "width": 1}
    return {tables.MIME: table} if rows else {}


def _rows(widget: Any, title: str = "", depth: int = 0) -> Iterator[list[str]]:
    """The name and the value of a widget, or of each one that is in it."""
    children = _trait(widget, "children")
    if isinstance(children, (tuple, list)):
        titles = chain(_trait(widget, "titles") or (), repeat(""))
        for child, own in zip(children if depth < MAX_DEPTH else (), titles, strict=False):
            yield from _rows(child, _joined(title, own), depth + 1)
        return
    name, value = _trait(widget, "description") or "", _value(widget)
    if name or value:
        yield [tables.bounded(_joined(title, name or type(widget).__name__)), tables.bounded(value)]


def _value(widget: Any) -> str:
    read = next((read for name, read in VALUES.items() if is_a(widget, "ipywidgets", name)), _plain)
    return read(widget)


def _plain(widget: Any) -> str:
    """The value as a user sees it: of what is chosen from a list the label."""
    value = _trait(widget, "value") if _trait(widget, "label") is None else _trait(widget, "label")
    if isinstance(value, (bytes, memoryview)):
        return f"{len(value):,} bytes"
    if isinstance(value, (tuple, list)):
        return ", ".join(map(str, value[: tables.HEAD]))
    return "" if value is None else str(value)


# What is not to be seen as it is.
VALUES: dict[str, Callable[[Any], str]] = {
    "Password": lambda widget: HIDDEN if widget.value else "",
    "FileUpload": lambda widget: ", ".join(str(each["name"]) for each in widget.value[: tables.HEAD]),
    "HTML": lambda widget: foreign.text_of(widget.value),
    "HTMLMath": lambda widget: foreign.text_of(widget.value),
}


def _trait(widget: Any, name: str) -> Any:
    return getattr(widget, name) if widget.has_trait(name) else None


def _joined(*names: str) -> str:
    return " / ".join(filter(None, names))
