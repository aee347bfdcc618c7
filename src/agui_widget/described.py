"""Outputs that somebody else describes: an agent in an event, or a file in which a conversation was saved.

Only what this kernel drew of its own objects may name a live object or a live widget, or be of a type that an extension
of the host draws: some of those run what they are given. Pure.
"""

from __future__ import annotations

import re
from typing import Any

from .foreign import without_loads

Json = dict[str, Any]

MAX_HTML_CHARS = 2_000_000  # it is read on the loop that all chats share

# What is words: a form of these types is text, or its lines as notebooks have them.
_TEXT = re.compile(
    r"text/(?:plain|html|markdown|latex)|image/(?:png|jpeg|gif|webp|svg\+xml)|(?:audio|video)/[\w.+-]{1,60}"
)
# What is data: whoever draws it looks at it first.
_DATA = re.compile(
    r"application/(?:json|geo\+json|vnd\.plotly\.v1\+json|vnd\.vegalite\.v\d{1,3}\+json"
    r"|vnd\.agui_widget\.(?:flow|media|nodes|table|telemetry)\+json)"
)


def described_output(value: Any) -> Json:
    """The output value (docs/wire.md) of what others say that it is; what may not be said is left out."""
    said = _object(value)
    data = {mime: form for mime, given in _object(said.get("data")).items() if (form := _form(mime, given)) is not None}
    metadata = {mime: about for mime, about in _object(said.get("metadata")).items() if mime in data and _object(about)}
    words = {name: said[name] for name in ("name", "type") if isinstance(said.get(name), str)}
    return {"data": data, **words, **({"metadata": metadata} if metadata else {})}


def _form(mime: str, given: Any) -> Any:
    if _DATA.fullmatch(mime):
        return given
    text = _text(given) if _TEXT.fullmatch(mime) else None
    if text is None or mime != "text/html":
        return text
    return without_loads(text) if len(text) <= MAX_HTML_CHARS else None


def _text(given: Any) -> str | None:
    if isinstance(given, list) and all(isinstance(line, str) for line in given):
        return "".join(given)
    return given if isinstance(given, str) else None


def _object(value: Any) -> Json:
    return value if isinstance(value, dict) else {}
