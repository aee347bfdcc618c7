"""One walk through messages: what is found wrong, which components refer to which, and how deep it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from .problem import MOST_PROBLEMS, EnoughProblems, Place, Problem, shown, spell

Check = Callable[[Any, Place, "Walk"], None]


class Callee(Protocol):
    """A function of a catalogue, as far as a call of it is checked."""

    @property
    def check(self) -> Check:
        """Takes the call."""


DEEPEST = 50

# A child: its id, the field that names it, and whether it is a template, made once for every row.
Reference = tuple[str, str, bool]


class Walk:
    """What checks share. `version` is one of `table.VERSIONS`; `is_at` says that bindings are spelled `@path`."""

    def __init__(self, version: str = "0.9") -> None:
        self.problems: list[Problem] = []
        self.references: list[Reference] = []
        self.component: Place = None  # where the component at hand begins
        self.uses_index = False
        self.depth = 0
        self.subject = ""
        self.type_code = "type_mismatch"
        self.find_function: Callable[[str, Any], Callee | str | None] = _no_function
        self.version = version
        self.is_at = False
        self._is_trying = False

    @property
    def path_key(self) -> str:
        """What a binding is spelled with."""
        return "@path" if self.is_at else "path"

    @property
    def call_key(self) -> str:
        """What a call is spelled with."""
        return "@call" if self.is_at else "call"

    def add(self, place: Place, code: str, message: str, *, warning: bool = False) -> None:
        """Note a problem; raises `EnoughProblems` when there are very many."""
        message = f"{self.subject}{message}" if self.subject else message
        self.repeat(Problem(spell(place), code, message, "warning" if warning else "error"))

    def repeat(self, problem: Problem) -> None:
        """Note a problem that an attempt found."""
        if len(self.problems) >= MOST_PROBLEMS:  # only while trying, see below
            return
        self.problems.append(problem)
        if len(self.problems) >= MOST_PROBLEMS and not self._is_trying:
            raise EnoughProblems

    def mismatch(self, value: Any, place: Place, *types: str) -> None:
        """Note a value of another type than those."""
        alternatives = ", ".join(f"'{each}'" for each in types)
        self.add(place, self.type_code, f"{shown(value)} is not of type {alternatives}")

    def missing(self, place: Place, field: str) -> None:
        """Note a required field that is not there."""
        self.add((place, field), "missing_field", f"'{field}' is a required property")

    def extra(self, place: Place, field: Any) -> None:
        """Note a field that is not allowed."""
        self.add(
            (place, field), "extra_field", f"Additional properties are not allowed ({shown(field)} was unexpected)"
        )

    def refer(self, child: str, place: Place, *, is_template: bool = False) -> None:
        """Note that the component at hand has this child."""
        self.references.append((child, _field(place, self.component), is_template))

    def attempt(self, check: Check, value: Any, place: Place) -> tuple[list[Problem], list[Reference]]:
        """What a check would note. Nothing is noted, and no number of problems is too large."""
        problems, references = len(self.problems), len(self.references)
        was_trying, self._is_trying = self._is_trying, True
        try:
            check(value, place, self)
        finally:
            self._is_trying = was_trying
        found = self.problems[problems:], self.references[references:]
        del self.problems[problems:], self.references[references:]
        return found

    def passes(self, check: Check, value: Any, place: Place) -> bool:
        """True if a value passes; what the check noted is forgotten if it does not."""
        problems, references = self.attempt(check, value, place)
        if not problems:
            self.references += references
        return not problems

    def is_too_deep(self, place: Place) -> bool:
        """True, and noted, if what is nested here is not looked into any more."""
        if self.depth < DEEPEST:
            return False
        self.add(place, "invalid_value", f"nested more than {DEEPEST} deep")
        return True


def _no_function(name: str, catalog_id: Any) -> None:
    return None


def _field(place: Place, component: Place) -> str:
    """Where a place is within its component: `children[0]`, `tabs[1].child`."""
    written = ""
    while place is not None and place is not component:
        place, key = place
        written = f"[{key}]{written}" if isinstance(key, int) else f".{key}{written}"
    return written.removeprefix(".")
