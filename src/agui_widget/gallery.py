"""Images in one output, which grows. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

MEDIA = "application/vnd.agui_widget.media+json"
MAX_IMAGES = 500  # of one gallery, here and on a page (twin of js/src/fold.ts)


def append_items(value: Any, items: Iterable[dict[str, Any]], text: str) -> None:
    """Let a gallery that is shown grow, and its plain text; nothing for any other value, or beyond its bound."""
    data = value.get("data") if isinstance(value, dict) else None
    gallery = data.get(MEDIA) if isinstance(data, dict) else None
    shown = gallery.get("items") if isinstance(gallery, dict) else None
    if isinstance(data, dict) and isinstance(shown, list):
        shown += items
        del shown[MAX_IMAGES:]
        data["text/plain"] = f"{data.get('text/plain', '')}{text}"
