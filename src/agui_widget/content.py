"""What the content of an AG-UI message says and shows: its words, and its pictures, sounds, films and documents.

An address is only handed on: nothing here fetches what it names.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import Any, TypeAlias

from .gallery import MEDIA
from .image_size import image_size
from .protocol.events import MEDIA_TYPES

Json = dict[str, Any]
Content: TypeAlias = str | Iterable[Json]

SENT_CHARS = 1_000_000  # of base64; what is larger is sent when a page asks
HEAD_CHARS = 400_000  # in which the size of an image stands: a photograph's is behind its thumbnail
HELD = "part:"  # how the keys begin by which it asks
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


def media_output(content: Content, owner: str = "") -> Json | None:
    """What a page shows of a content beside its words, as the value of an output part; None if there is nothing.

    `owner` is the id of the message, or for a tool's result of its call: by it a page asks for what is held back.
    """
    items = [_item(part, f"{HELD}{owner}/{number}") for number, part in enumerate(media_parts(content))]
    if not items:
        return None
    return {"data": {MEDIA: {"items": items}, "text/plain": "\n".join(map(media_label, items))}}


def held_content(messages: Iterable[Json], key: str) -> str | None:
    """The base64 that an item with this key stands for; None if there is no such item (any more)."""
    owner, _, number = key.removeprefix(HELD).rpartition("/")
    if not (key.startswith(HELD) and number.isascii() and number.isdigit()):
        return None
    owned = (
        each for each in messages if each["role"] in ("user", "tool") and owner == each.get("toolCallId", each["id"])
    )
    parts = [part for message in owned for part in media_parts(message["content"])]
    sources = [part["source"] for part in parts[int(number) :][:1]]
    return next((source["value"] for source in sources if source["type"] == "data"), None)


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


def _item(part: Json, key: str) -> Json:
    source, name = part["source"], file_name(part)
    item: Json = {"type": part["type"], "mime": source.get("mimeType", "")}
    if name:
        item["name"] = name
    return item | SOURCES[source["type"]](source["value"], key)


def _carried(value: str, key: str) -> Json:
    if len(value) <= SENT_CHARS:
        return {"data": value}
    return {"size": byte_count(value), "object": key, **_pixels(value)}


def _pixels(base64: str) -> Json:
    """An image has its place on a page before it is there."""
    with suppress(ValueError):
        if size := image_size(b64decode(base64[:HEAD_CHARS])):
            return {"width": size[0], "height": size[1]}
    return {}


SOURCES: dict[str, Callable[[str, str], Json]] = {
    "data": _carried,
    "url": lambda value, key: {"url": value},
    "file": lambda value, key: {},  # a handle that only its owner can read
}
