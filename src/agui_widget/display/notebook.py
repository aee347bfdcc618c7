"""IPython, where there is one: what is registered with its display formatter, and the names of its user."""

from __future__ import annotations

import builtins
import keyword
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from io import StringIO
from typing import Any
from unicodedata import normalize

from ..errors import ObjectError

Printer = Callable[[Any], Any]

# What an object is called when nobody says how: by the name of its class, or of one above it.
NAMES = {"DataFrame": "df", "Series": "series", "Figure": "fig", "Axes": "ax", "Image": "img", "TopLevelMixin": "chart"}
ANY_NAME = "result"


def shell() -> Any:
    """The running IPython, or None."""
    try:
        from IPython.core.getipython import get_ipython
    except ImportError:
        return None
    return get_ipython()


def registered(mime: str, value: Any) -> Printer | None:
    """The function that somebody registered for a value with IPython's formatter of a MIME type."""
    formatter = _formatters().get(mime)
    if formatter is not None:
        with suppress(KeyError):
            printer: Printer = formatter.lookup(value)
            return printer
    return None


def is_registered(value: Any) -> bool:
    """True if somebody told IPython how to show such a value, other than as text."""
    return any(registered(mime, value) is not None for mime in _formatters() if mime != "text/plain")


def _formatters() -> dict[str, Any]:
    found = shell()
    return dict(found.display_formatter.formatters) if found is not None else {}


def text_of(value: Any) -> str:
    """The text that a cell would show. Raises what the value's repr raises: the formatter itself would print that."""
    try:
        from IPython.lib.pretty import RepresentationPrinter
    except ImportError:
        return repr(value)
    known = _formatters().get("text/plain")
    names = ("singleton", "type", "deferred")
    tables = {} if known is None else {f"{name}_pprinters": getattr(known, f"{name}_printers") for name in names}
    text = StringIO()
    printer: Any = RepresentationPrinter(text, **tables)  # type: ignore[no-untyped-call]
    printer.pretty(value)
    printer.flush()
    return text.getvalue()


@contextmanager
def published(into: list[dict[str, Any]]) -> Iterator[None]:
    """Keep what this thread displays in a list, in the place of showing it under a cell; see `can_capture`."""
    publisher = shell().display_pub

    def keep(message: dict[str, Any]) -> None:
        if message["header"]["msg_type"] == "display_data":
            into.append(message["content"])

    publisher.register_hook(keep)
    try:
        yield
    finally:
        publisher.unregister_hook(keep)


def can_capture() -> bool:
    """True if what an object displays by itself can be kept from the cell: a kernel can, a terminal would print it."""
    return hasattr(getattr(shell(), "display_pub", None), "register_hook")


def bind(value: Any, name: str | None = None) -> str:
    """Give the notebook's user a variable; gives its name, a free one if none is asked for.

    Raises `ObjectError` for a name that is none or that stands for something: nothing is ever overwritten.
    """
    found = shell()
    if found is None:
        raise ObjectError("there is no notebook here to put a variable in")
    taken = {*found.user_ns, *dir(builtins)}
    chosen = _free(_name_for(value), taken) if name is None else normalize("NFKC", name)  # as Python reads names
    if not chosen.isidentifier() or keyword.iskeyword(chosen) or chosen.startswith("_"):  # those are IPython's own
        raise ObjectError(f"{chosen[:80]!r} cannot name a variable")
    if chosen in taken:
        raise ObjectError(f"there is a variable {chosen!r} already: choose another name")
    found.push({chosen: value})
    return chosen


def _name_for(value: Any) -> str:
    return next((NAMES[kind.__name__] for kind in type(value).__mro__ if kind.__name__ in NAMES), ANY_NAME)


def _free(name: str, taken: set[str]) -> str:
    number = 2
    free = name
    while free in taken:
        free, number = f"{name}_{number}", number + 1
    return free
