"""What is wrong with A2UI messages, said so that a model can mend it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

# A place, as a chain from the inside out: cheap to make for every value, spelled only for a problem.
Place = tuple[Any, "str | int"] | None

LONGEST_QUOTE = 60
MOST_PROBLEMS = 200


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: where (`messages.0.createSurface.surfaceId`), by which stable code, and in words.

    A warning does not make the messages wrong: it says what could not be checked.
    """

    path: str
    code: str
    message: str
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message

    def to_json(self) -> dict[str, str]:
        """The problem as a plain object."""
        return {"path": self.path, "code": self.code, "message": self.message, "severity": self.severity}


class EnoughProblems(Exception):
    """There are so many that nobody reads further."""


def spell(place: Place) -> str:
    """A place, as it stands in `Problem.path`."""
    parts: list[str] = []
    while place is not None:
        place, key = place
        parts.append(str(key))
    return ".".join(reversed(parts))


def shown(value: Any) -> str:
    """A value, short enough for a message. What is deep is not descended into."""
    if isinstance(value, dict):
        return "{…}" if value else "{}"
    if isinstance(value, list | tuple):
        return "[…]" if value else "[]"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    try:
        written = repr(value)
    except ValueError:  # an integer of more digits than Python prints
        return "a very long number"
    return written if len(written) <= LONGEST_QUOTE else f"{written[:LONGEST_QUOTE]}…"


def listed(values: Any) -> str:
    """Alternatives, as a message names them."""
    return f"[{', '.join(repr(value) for value in values)}]"
