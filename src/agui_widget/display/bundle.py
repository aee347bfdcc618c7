"""The output value of an object (docs/wire.md): its forms by MIME type, whole, bounded, and safe to hand on."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

from ..foreign import output_without_loads
from ..protocol.values import copy_json
from .kinds import kind_of
from .notebook import text_of
from .recognise import Bundle, Data, failed
from .texts import NODES, nodes_of

MAX_TEXT_CHARS = 20_000
MAX_BYTES = 20_000_000  # of one form, when it is asked for


def output_of(value: Any) -> Data:
    """How a value looks: `{"data", "metadata"?, "type"}`, the text always among the data.

    What the object's own methods raise becomes text that says so.
    """
    bundle = _forms(value)
    data = _completed(bundle.data, value)
    metadata = _sendable({mime: about for mime, about in bundle.metadata.items() if mime in data})
    output: Data = {"data": data, "type": type(value).__name__}
    return {**output, "metadata": metadata} if metadata else output


def _forms(value: Any) -> Bundle:
    try:
        return kind_of(value).looks(value)
    except BaseException as error:  # anybody's code; a panic in Rust is no `Exception`
        return Bundle({"text/plain": failed(value, error)}, {})


def _completed(forms: Data, value: Any) -> Data:
    data = _sendable(forms)
    nodes = nodes_of(data)
    if nodes is not None:
        data[NODES] = nodes
    data["text/plain"] = _bounded(data["text/plain"]) if isinstance(data.get("text/plain"), str) else _text(value)
    clean: Data = output_without_loads({"data": data})["data"]
    return clean


def _text(value: Any) -> str:
    try:
        return _bounded(text_of(value))
    except BaseException as error:
        return failed(value, error)


def _bounded(given: str) -> str:
    text: str = copy_json(given)
    if len(text) <= MAX_TEXT_CHARS:
        return text
    return f"{text[:MAX_TEXT_CHARS]}\n… cut: {len(text) - MAX_TEXT_CHARS:,} more characters"


def _sendable(forms: Data) -> Data:
    """The forms that JSON can say, by their MIME types, with whole characters only."""
    found: Data = {}
    for mime, form in forms.items():
        with suppress(Exception):  # a mapping may have methods of its own
            json.dumps(form, allow_nan=False)
            found |= copy_json({mime: form}) if isinstance(mime, str) else {}
    return found
