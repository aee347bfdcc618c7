"""The kinds of objects with a look of their own; the first that recognises a value shows it.

A new kind is a row: how it is recognised, how it looks, and what an agent is told of it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from pydantic_core import to_json

from . import charts, figures, media, tables, texts, widgets
from .notebook import is_registered
from .own import own_forms, own_text
from .recognise import Bundle, failed

MAX_RESULT_CHARS = 1_000_000
MAX_REPR_CHARS = 4_000


class Kind(NamedTuple):
    """One kind of object. Without `says` an agent is told of it as JSON, by the text of its own bundle, or its repr."""

    recognises: Callable[[Any], bool]
    looks: Callable[[Any], Bundle]
    says: Callable[[Any], str] | None = None


KINDS: list[Kind] = [
    Kind(lambda value: isinstance(value, str), texts.words, str),
    Kind(widgets.is_widget, widgets.view, widgets.says),
    Kind(media.are_pictures, media.gallery, media.says_pictures),
    Kind(figures.is_figure, figures.picture, figures.says),
    Kind(tables.is_table, tables.form, tables.says),
    Kind(tables.is_styler, tables.styled, tables.says_styled),
    Kind(is_registered, own_forms),
    Kind(charts.is_altair, charts.vega_lite, charts.says_altair),
    Kind(charts.is_plotly, charts.plotly, charts.says_plotly),
    Kind(media.is_image, media.of_image, media.says_image),
    Kind(media.is_playable, media.of_playable, media.says_playable),
    Kind(media.is_bytes, media.of_bytes, media.says_bytes),
    Kind(texts.is_written, own_forms, texts.source),
    Kind(texts.is_plain, texts.plain),
    Kind(lambda value: True, own_forms),
]


def kind_of(value: Any) -> Kind:
    """The kind of a value."""
    return next(kind for kind in KINDS if kind.recognises(value))


def agent_text(value: Any) -> str:
    """A value as an agent gets it: text as it is, tables and pictures in words, others as JSON, else their repr."""
    try:
        says = kind_of(value).says or _as_data
        return _cut(says(value), MAX_RESULT_CHARS)
    except BaseException as error:  # anybody's code; a panic in Rust is no `Exception`
        return failed(value, error)


def _as_data(value: Any) -> str:
    try:
        return to_json(value).decode()
    except (ValueError, TypeError):
        return _cut(own_text(value) or repr(value), MAX_REPR_CHARS)


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[:limit]}… (cut: {len(text) - limit:,} more characters)"
