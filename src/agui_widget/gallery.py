"""Images in one output, which grows: what `lanes` folds and `activities` draws up. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

Json = dict[str, Any]

MEDIA = "application/vnd.agui_widget.media+json"
MAX_IMAGES = 500  # of one gallery, here and on a page (twin of js/src/fold.ts)


def gallery_output(items: list[Json]) -> Json:
    """The value of the output part that shows them."""
    return {"data": {MEDIA: {"items": items}, "text/plain": "\n".join(map(label, items))}}


def label(item: Json) -> str:
    """One image in a line: `[image: plot]`."""
    name = item.get("name") or item.get("url") or ""
    return f"[image: {name}]" if name else "[image]"


def append_items(value: Any, items: Iterable[Json], text: str) -> None:
    """Let a gallery that is shown grow, and its plain text; nothing for any other value, or beyond its bound."""
    data = value.get("data") if isinstance(value, dict) else None
    gallery = data.get(MEDIA) if isinstance(data, dict) else None
    shown = gallery.get("items") if isinstance(gallery, dict) else None
    if isinstance(data, dict) and isinstance(shown, list):
        shown += items
        del shown[MAX_IMAGES:]
        data["text/plain"] = f"{data.get('text/plain', '')}{text}"
