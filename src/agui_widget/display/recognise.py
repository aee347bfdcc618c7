"""What an object is, by the name of its class: nothing is imported to ask."""

from __future__ import annotations

from typing import Any, NamedTuple

from ..errors import in_words

Data = dict[str, Any]


class Bundle(NamedTuple):
    """How a value looks, by MIME type, and what is known about that."""

    data: Data
    metadata: dict[str, Data]


def is_a(value: Any, package: str, *names: str) -> bool:
    """True if the class of a value, or one above it, comes from a package and has one of the names."""
    kinds = type(value).__mro__
    return any(str(kind.__module__).partition(".")[0] == package and kind.__name__ in names for kind in kinds)


def counted(number: int, noun: str) -> str:
    """A number of things: `1 row`, `2,000 rows`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def failed(value: Any, error: BaseException) -> str:
    """What is said of an object that cannot say it."""
    return f"<{type(value).__name__}: its repr raised {in_words(error)}>"
