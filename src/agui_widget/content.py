"""What the content of an AG-UI message says and shows: its words, and its pictures, sounds, films and documents.

An address is only handed on: nothing here fetches what it names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeAlias

from .protocol.events import MEDIA_TYPES

Json = dict[str, Any]
Content: TypeAlias = str | Iterable[Json]

MEDIA = "application/vnd.agui_widget.media+json"
MAX_SHOWN = 4_000_000  # base64 characters of one item that go to a page; of a larger one its size
NAME_CHARS = 200


def content_text(content: Content) -> str:
    """The words of a content: of its text parts, if it has parts."""
    if isinstance(content, str):
        return content
    return "\n".join(part["text"] for part in content if part["type"] == "text")


def last_user_content(messages: Sequence[Json]) -> Content:
    """What the user said last; nothing if the user has not said anything."""
    return next((each["content"] for each in reversed(messages) if each["role"] == "user"), "")


def media_parts(content: Content) -> list[Json]:
    """The parts that are no words."""
    return [] if isinstance(content, str) else [part for part in content if part["type"] in MEDIA_TYPES]


def media_output(content: Content) -> Json | None:
    """What a page shows of a content beside its words, as the value of an output part; None if there is nothing."""
    items = [_item(part) for part in media_parts(content)]
    if not items:
        return None
    return {"data": {MEDIA: {"items": items}, "text/plain": "\n".join(map(media_label, items))}}


def media_label(item: Json) -> str:
    """One item in a line: `[image: plot.png]`."""
    name = item.get("name") or item.get("url") or ""
    return f"[{item['type']}: {name}]" if name else f"[{item['type']}]"


def file_name(part: Json) -> str:
    """What a part's file is called, if its sender says so."""
    metadata = part.get("metadata")
    names = (metadata.get(key) for key in ("filename", "name", "title")) if isinstance(metadata, dict) else ()
    return next((name[:NAME_CHARS] for name in names if isinstance(name, str) and name), "")


def byte_count(base64: str) -> int:
    """How many bytes a base64 text stands for."""
    return len(base64) * 3 // 4 - base64[-2:].count("=")


def _item(part: Json) -> Json:
    source, name = part["source"], file_name(part)
    item: Json = {"type": part["type"], "mime": source.get("mimeType", "")}
    if name:
        item["name"] = name
    return item | SOURCES[source["type"]](source["value"])


SOURCES: dict[str, Callable[[str], Json]] = {
    "data": lambda value: {"data": value} if len(value) <= MAX_SHOWN else {"size": byte_count(value)},
    "url": lambda value: {"url": value},
    "file": lambda value: {},  # a handle that only its owner can read
}
