"""What is a number in JSON: true and false are none, though for Python they are 1 and 0."""

from __future__ import annotations

from typing import TypeGuard


def is_number(value: object) -> TypeGuard[int | float]:
    """True for an integer or a float."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_int(value: object) -> TypeGuard[int]:
    """True for an integer."""
    return isinstance(value, int) and not isinstance(value, bool)
