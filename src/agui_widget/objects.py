"""Live Python objects behind a conversation: kept by key, looked at, paged through, given back.

Events carry keys alone. A key is a secret that only this kernel session gave out: whoever names one has been shown it.
"""

from __future__ import annotations

import json
import secrets
import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from .display import MAX_BYTES, Order, Table, bind, output_of
from .display.tables import is_table
from .errors import ObjectError, in_words
from .renderers import Renderers, rendered

KEPT = 200
SENT_BYTES = 1_000_000  # of one MIME type; what is larger is sent when somebody asks
LET_GO = f"this object was let go: a chat keeps its newest {KEPT}, and none when it is cleared or loaded"

Json = dict[str, Any]


@dataclass
class _Kept:
    """One object: itself, what is shown for it, and how that looks."""

    value: Any
    shown: Any
    look: Json
    order: tuple[Order, int, Any] | None = field(default=None)  # the last one asked for, and of how many rows


class Objects:
    """The objects of one conversation, the newest 200; older ones only as long as somebody else has them.

    Safe from any thread. What takes long (drawing, sorting) is done on the thread of who asks, without a lock.
    `tell` gets a code and a message about a renderer that failed.
    """

    def __init__(self, tell: Callable[[str, str], None] = lambda code, message: None) -> None:
        self.renderers = Renderers()
        self._tell = tell
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._old: dict[str, weakref.ref[Any]] = {}
        self._lock = threading.Lock()

    def keep(self, value: Any, *, tool: str = "", arguments: Json | None = None) -> str:
        """Keep a value, drawn now; gives its key. `tool` and `arguments` say which call gave it, for renderers."""
        shown = self._shown(value, tool, arguments or {})
        key = secrets.token_hex(8)
        entry = _Kept(value, shown, {**_sent(output_of(shown)), "object": key, "type": type(value).__name__})
        with self._lock:
            self._kept[key] = entry
            if len(self._kept) > KEPT:
                self._let_go(*self._kept.popitem(last=False))
        return key

    def look(self, key: str) -> Json | None:
        """The output value of an object (docs/wire.md); None if it was let go or never was."""
        with self._lock:
            entry = self._kept.get(key)
        return None if entry is None else entry.look

    def value(self, key: str) -> Any:
        """The object itself. Raises `ObjectError` if it was let go."""
        with self._lock:
            if key in self._kept:
                return self._kept[key].value
            reference = self._old.get(key)
        value = None if reference is None else reference()
        if value is None:
            raise ObjectError(LET_GO)
        return value

    def rows(self, key: str, start: int, count: int, sort: Order | None = None) -> Json:
        """Some rows of a table, in an order: `{"rows", "total"}`. Raises `ObjectError` if it is no table."""
        entry = self._entry(key)
        if not is_table(entry.shown):
            raise ObjectError("this object is no table")
        table = Table(entry.shown)
        positions = None if sort is None else self._positions(entry, table, sort)
        return {"rows": table.rows(start, count, positions), "total": table.total}

    def data(self, key: str, mime: str) -> Json:
        """One form of an object, also one that was too large to send: `{"data"}`. Raises `ObjectError` above 20 MB."""
        data = output_of(self._entry(key).shown)["data"]
        if mime not in data:
            raise ObjectError(f"this object has no form {mime[:80]!r}")
        size = _size(data[mime])
        if size > MAX_BYTES:
            raise ObjectError(f"{size:,} bytes are too many to show; a variable holds it all")
        return {"data": data[mime]}

    def bind(self, key: str, name: str | None = None) -> Json:
        """Make the object a variable of the notebook: `{"name"}`. Raises `ObjectError`; nothing is overwritten."""
        return {"name": bind(self.value(key), name)}

    def clear(self) -> None:
        """Let all of them go."""
        with self._lock:
            self._kept.clear()
            self._old.clear()

    def _entry(self, key: str) -> _Kept:
        with self._lock:
            entry = self._kept.get(key)
        if entry is None:
            value = self.value(key)
            return _Kept(value, value, {})
        return entry

    def _let_go(self, key: str, entry: _Kept) -> None:
        """Hold an object no longer than others do. Some cannot be looked at like that: those are gone."""
        self._old = {old: reference for old, reference in self._old.items() if reference() is not None}
        with suppress(TypeError):
            self._old[key] = weakref.ref(entry.value)

    def _shown(self, value: Any, tool: str, arguments: Json) -> Any:
        """What a renderer makes of a value; the value itself without one, or if it fails."""
        renderer = self.renderers.find(value, tool)
        if renderer is None:
            return value
        try:
            made = rendered(renderer, value, arguments)
        except BaseException as error:  # anybody's code
            name = getattr(renderer, "__name__", repr(renderer))
            self._tell("renderer", f"The renderer {name} raised {in_words(error)}")
            return value
        return value if made is None else made

    def _positions(self, entry: _Kept, table: Table, order: Order) -> Any:
        """The order of a table's rows, which pages share; made anew if the table has grown or shrunk since."""
        known = entry.order
        if known is None or known[:2] != (order, table.total):
            known = entry.order = (order, table.total, table.positions(order))
        return known[2]


def _sent(output: Json) -> Json:
    """The output without what is too large to send unasked, which it names."""
    sizes = {mime: _size(form) for mime, form in output["data"].items()}
    withheld = {mime: size for mime, size in sizes.items() if size > SENT_BYTES}
    if not withheld:
        return output
    data = {mime: form for mime, form in output["data"].items() if mime not in withheld}
    return {**output, "data": data, "withheld": withheld}


def _size(form: Any) -> int:
    text = form if isinstance(form, str) else json.dumps(form, ensure_ascii=False)
    return len(text) if text.isascii() else len(text.encode("utf-8", "replace"))
