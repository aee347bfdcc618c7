"""Live widgets: shown by the id of their model, which the page already has."""

from __future__ import annotations

from typing import Any

from .recognise import Bundle, is_a

VIEW = "application/vnd.jupyter.widget-view+json"


def is_widget(value: Any) -> bool:
    """True for a widget that has a view and is not closed."""
    return is_a(value, "ipywidgets", "DOMWidget") and getattr(value, "comm", None) is not None


def view(value: Any) -> Bundle:
    """The widget's view."""
    model = {"version_major": 2, "version_minor": 0, "model_id": value.model_id}
    return Bundle({VIEW: model, "text/plain": says(value)}, {})


def says(value: Any) -> str:
    """What the widget is, and what it says about itself."""
    return repr(value)[:4_000]
