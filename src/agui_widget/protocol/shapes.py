"""What a JSON value must look like, as small shapes that are data.

    Leaf      a value with a test of its own: a string, an integer, anything but null
    Choice    one string of a closed list
    Items     a list
    Either    a string or a list
    Record    an object with named fields
    Tagged    one of several records, told apart by one field

Here is only `is_clean`, the test that runs for every event. What to do with a value that
fails it is in `walk.py`, and may take its time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True)
class Leaf:
    """A value that one test accepts; `expected` names it in errors."""

    is_clean: Callable[[Any], bool]
    expected: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One string of a closed list. A string outside it comes from a newer peer: it is stripped."""

    values: frozenset[str]

    def is_clean(self, value: Any) -> bool:
        """True for a string of the list."""
        return type(value) is str and value in self.values


@dataclass(frozen=True, slots=True)
class Items:
    """A list whose elements all have the shape `of`."""

    of: Shape
    at_least: int = 0

    def is_clean(self, value: Any) -> bool:
        """True for a list that is long enough and clean throughout."""
        return type(value) is list and len(value) >= self.at_least and all(map(self.of.is_clean, value))


@dataclass(frozen=True, slots=True)
class Either:
    """A string, or a list of the shape `items`."""

    items: Items

    def is_clean(self, value: Any) -> bool:
        """True for a string or a clean list."""
        return type(value) is str or self.items.is_clean(value)


@dataclass(frozen=True, slots=True)
class Record:
    """An object with named fields; `is_open` keeps members that it does not name."""

    fields: Mapping[str, Shape]
    required: frozenset[str]
    is_open: bool = False
    tests: dict[str, Callable[[Any], bool]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Bind the tests of the fields once: they run for every event."""
        object.__setattr__(self, "tests", {name: shape.is_clean for name, shape in self.fields.items()})

    def is_clean(self, value: Any) -> bool:
        """True for an object with every required field, none unknown and each of them clean."""
        if type(value) is not dict or not self.required <= value.keys():
            return False
        tests = self.tests
        for name, member in value.items():
            test = tests.get(name)
            if test is None:
                if not self.is_open:
                    return False
            elif not test(member):
                return False
        return True


@dataclass(frozen=True, slots=True)
class Tagged:
    """One of several records, chosen by the string in the field `tag`."""

    tag: str
    members: Mapping[str, Record]

    def member_for(self, value: Any) -> Record | None:
        """Return the record that `value` says it is; None when it says nothing known."""
        name = value.get(self.tag) if type(value) is dict else None
        return self.members.get(name) if type(name) is str else None

    def is_clean(self, value: Any) -> bool:
        """True for a clean object of a known kind."""
        member = self.member_for(value)
        return member is not None and member.is_clean(value)


Shape: TypeAlias = Leaf | Choice | Items | Either | Record | Tagged


def record(fields: Mapping[str, Shape], *, is_open: bool = False) -> Record:
    """Return a record of `fields`; a name that ends in `?` is optional.

    Example: `record({"messageId": STRING, "name?": STRING})`.
    """
    required = frozenset(name for name in fields if not name.endswith("?"))
    return Record({name.rstrip("?"): shape for name, shape in fields.items()}, required, is_open)
