"""Figures of matplotlib as pictures, whatever backend is in use, and without showing them a second time."""

from __future__ import annotations

import sys
import threading
from base64 import b64encode
from io import BytesIO
from typing import Any

from .recognise import Bundle, is_a

SCALE = 2  # pixels for each pixel of the page
MAX_PIXELS = 40_000_000

_drawing = threading.Lock()  # matplotlib draws one figure at a time


def figure_of(value: Any) -> Any:
    """The figure that a value is, belongs to, or consists of parts of; None if there is none."""
    if is_whole(value):
        return value
    if is_a(value, "matplotlib", "Artist", "Container", "FigureBase") or is_a(value, "seaborn", "Grid"):
        return _above(value)
    return figure_of(parts[0]) if (parts := _parts(value)) else None


def is_whole(value: Any) -> bool:
    """True for a figure itself."""
    return is_a(value, "matplotlib", "Figure")


def is_figure(value: Any) -> bool:
    """True if there is a figure to draw for a value."""
    return figure_of(value) is not None


def picture(value: Any) -> Bundle:
    """The figure as a PNG with twice the pixels; pyplot forgets it, or a cell would show it again."""
    figure = figure_of(value)
    content = png(figure)
    _forget(figure)
    width, height = (int.from_bytes(content[at : at + 4], "big") // SCALE for at in (16, 20))
    return Bundle(
        {"image/png": b64encode(content).decode(), "text/plain": says(value)},
        {"image/png": {"width": width, "height": height}},
    )


def png(figure: Any) -> bytes:
    """A figure as a PNG with twice the pixels; pyplot keeps it."""
    width, height = figure.get_size_inches()
    dpi = min(SCALE * figure.dpi, (MAX_PIXELS / max(width * height, 0.01)) ** 0.5)
    target = BytesIO()
    with _drawing:
        figure.savefig(target, format="png", dpi=dpi, bbox_inches="tight")
    return target.getvalue()


def says(value: Any) -> str:
    """What is drawn, in words."""
    figure = figure_of(value)
    width, height = (round(inches * figure.dpi) for inches in figure.get_size_inches())
    titles = [axes.get_title() for axes in figure.axes]
    about = "; ".join(filter(None, [figure.get_suptitle(), *titles]))
    return f"Figure {width}x{height} with {len(figure.axes)} Axes" + (f": {about[:500]}" if about else "")


def _parts(value: Any) -> list[Any]:
    """What a list, or an array of Axes, consists of."""
    if isinstance(value, (list, tuple)):
        are_parts = all(is_a(each, "matplotlib", "Artist", "Container") and not is_whole(each) for each in value)
        return list(value) if are_parts else []
    if is_a(value, "numpy", "ndarray") and value.dtype == object and value.size:
        return [value.flat[0]]
    return []


def _above(value: Any) -> Any:
    """The figure at the top of what a part of one belongs to."""
    seen = value
    while seen is not None and not is_whole(seen):
        parent = getattr(seen, "figure", None)
        if parent is None and is_a(seen, "matplotlib", "Container"):
            parent = seen[0] if len(seen) else None
        seen = None if parent is seen else parent
    return seen


def _forget(figure: Any) -> None:
    """Take the figure out of pyplot's list; one in a window stays, for windows belong to the main thread."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None and getattr(figure.canvas, "required_interactive_framework", None) is None:
        pyplot.close(figure)
