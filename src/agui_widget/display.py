"""Live Python objects → rich outputs, by IPython's display formatter where there is one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

MAX_TEXT_CHARS = 20_000


def mime_bundle(value: Any) -> dict[str, str]:
    """How a value looks, by MIME type; for now its text/plain, cut at 20,000 characters with a note."""
    text = _plain_text(value)
    if len(text) > MAX_TEXT_CHARS:
        text = f"{text[:MAX_TEXT_CHARS]}\n… cut: {len(text) - MAX_TEXT_CHARS:,} more characters"
    return {"text/plain": text}


def _plain_text(value: Any) -> str:
    """The text that a cell would show. A repr that raises becomes a text that says so."""
    try:
        return str(_printer()(value))
    except Exception as error:
        return f"<{type(value).__name__}: its repr raised {type(error).__name__}: {error}>"


def _printer() -> Callable[[Any], Any]:
    try:
        from IPython.lib import pretty
    except ImportError:
        return repr
    return pretty.pretty
