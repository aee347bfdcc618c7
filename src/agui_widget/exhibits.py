"""Activities that have a look of their own: what is right in their content, which may be anything. Pure.

step     {"message", "step", "total"?, "source"?, "state"?: "running" | "done" | "cancelled"}
image    {"url", "label"?, "width"?, "height"?}: the images of a run are one gallery
grid     {"rows": [[int…]…], "title"?, "legend"?: {int: {"label", "colour"?}}}
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .content import media_label
from .gallery import MAX_IMAGES, MEDIA
from .numeric import is_int, is_number
from .shells import Shell, Shells

Json = dict[str, Any]

STEP, IMAGE, GRID = "step", "image", "grid"
GRID_MIME = "application/vnd.agui_widget.grid+json"

STEP_STATES = ("running", "done", "cancelled")
WORD_CHARS = 500
MAX_COUNT = 1_000_000_000
MAX_CELLS = 4_096
MAX_COLUMNS = 128
MAX_LEGEND = 100
MAX_IMAGE_CHARS = 4_000_000  # of base64
MAX_GALLERY_CHARS = 64_000_000

_DATA_URL = re.compile(r"data:(image/[\w.+-]{1,100})(?:;[\w.+-]+=[^;,]{0,100}){0,5};base64,", re.IGNORECASE)
_COLOUR = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})\Z")


def step(content: Mapping[str, Any]) -> Json | None:
    """The content of a progress row; None for what is no step."""
    message, number, total = content.get("message"), content.get("step"), content.get("total")
    if not isinstance(message, str) or not _is_count(number):
        return None
    source, state = content.get("source"), content.get("state")
    return {
        "message": message[:WORD_CHARS],
        "step": number,
        **({"total": total} if _is_count(total) and total else {}),
        **({"source": source[:WORD_CHARS]} if isinstance(source, str) and source else {}),
        "state": state if state in STEP_STATES else "running",
    }


def step_text(shown: Mapping[str, Any]) -> str:
    """A step in a line: `Aligning frames (3 of 8)`."""
    of = f" of {shown['total']}" if "total" in shown else ""
    return f"{shown['message']} ({shown['step']}{of})"


def grid(content: Mapping[str, Any]) -> Json | None:
    """The value of the output part that shows a grid; None for what is no grid, or a grid that is too large.

    Rows may differ in length. A colour is `#rgb` or `#rrggbb`; numbers without one get one of the page's own.
    """
    rows, legend, title = content.get("rows"), content.get("legend", {}), content.get("title")
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows) or not isinstance(legend, dict):
        return None
    cells = [cell for row in rows for cell in row]
    if len(cells) > MAX_CELLS or max(map(len, rows), default=0) > MAX_COLUMNS or not all(map(_is_integer, cells)):
        return None
    shown: Json = {
        **({"title": title[:WORD_CHARS]} if isinstance(title, str) and title else {}),
        "rows": rows,
        "legend": {key: _entry(legend[key]) for key in list(legend)[:MAX_LEGEND] if _names_integer(key)},
    }
    return {"data": {GRID_MIME: shown, "text/plain": _grid_text(shown)}}


def image(content: Mapping[str, Any]) -> Json | None:
    """An image as an item of a gallery; None for what has no address. What is too large is only named."""
    url, name = content.get("url"), content.get("label")
    if not isinstance(url, str):
        return None
    words = {"name": name[:WORD_CHARS], "alt": name[:WORD_CHARS]} if isinstance(name, str) and name else {}
    sizes = {name: round(content[name]) for name in ("width", "height") if _is_count(content.get(name))}
    item = {"type": "image", **words, **sizes}
    head = _DATA_URL.match(url)
    if head is None:
        return {**item, "mime": "", "url": url} if url.startswith(("http://", "https://")) else None
    data = url[head.end() :]
    mime = head[1].lower()
    if len(data) > MAX_IMAGE_CHARS:
        return {**item, "mime": mime, "size": len(data) * 3 // 4}
    return {**item, "mime": mime, "data": data}


class Gallery:
    """The images of one run, in one part that grows."""

    def __init__(self, shell: Shell, key: str) -> None:
        self.shell = shell
        self.key = key
        self._items: dict[str, Json] = {}  # by the id of their activity
        self._chars = 0

    def show(self, shells: Shells, message_id: str, item: Json) -> bool:
        """One more image, or another one in its place; False if there is no room for it."""
        known = self._items.get(message_id)
        if known == item:
            return True
        chars = self._chars + _weight(item) - (_weight(known) if known else 0)
        if chars > MAX_GALLERY_CHARS or (known is None and len(self._items) >= MAX_IMAGES):
            return False
        self._items[message_id], self._chars = item, chars
        shells.emit(self.shell, *self._change(item, is_new=known is None))
        return True

    def _change(self, item: Json, *, is_new: bool) -> tuple[str, str, Json]:
        """What is new; all images where the first one comes, or one takes the place of another."""
        if is_new and len(self._items) > 1:
            return "media.append", "text", {"part": self.key, "items": [item], "text": f"\n{media_label(item)}"}
        items = list(self._items.values())
        value = {"data": {MEDIA: {"items": items}, "text/plain": "\n".join(map(media_label, items))}}
        return "part.put", "text", {"key": self.key, "kind": "output", "value": value}


def _weight(item: Json) -> int:
    return len(item.get("data") or item.get("url") or "")


def _is_integer(value: Any) -> bool:
    return is_int(value) and abs(value) <= MAX_COUNT


def _is_count(value: Any) -> bool:
    return is_number(value) and 0 <= value <= MAX_COUNT


def _names_integer(key: Any) -> bool:
    return isinstance(key, str) and re.fullmatch(r"-?[0-9]{1,10}", key) is not None


def _entry(given: Any) -> Json:
    """What a number means: its label, and a colour if that is one."""
    named = given if isinstance(given, dict) else {"label": given}
    words, colour = named.get("label"), named.get("colour")
    is_colour = isinstance(colour, str) and _COLOUR.match(colour) is not None
    return {"label": str("" if words is None else words)[:WORD_CHARS], **({"colour": colour} if is_colour else {})}


def _grid_text(shown: Json) -> str:
    """A grid in words: its title, its rows, and what the numbers mean."""
    title = [shown["title"]] if "title" in shown else []
    width = max((len(str(cell)) for row in shown["rows"] for cell in row), default=0)
    rows = [" ".join(str(cell).rjust(width) for cell in row) for row in shown["rows"]]
    meanings = [f"{key} = {entry['label']}" for key, entry in shown["legend"].items()]
    return "\n".join([*title, *rows, *meanings])
