"""An artifact as a line to read: what it is, its name, and what else is known of it. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .surfaces import Line

Json = dict[str, Any]


def line(content: Any) -> Line:
    """The line of an artifact's content, also of a kind that nobody knows."""
    given = content if isinstance(content, dict) else {}
    kind = given.get("kind")
    label, name, notes = KINDS.get(kind, UNKNOWN) if isinstance(kind, str) else UNKNOWN
    return Line("field", name(given), label(given), " · ".join(filter(None, notes(given))))


def _said(given: Json, *names: str) -> str:
    """The first of the fields that says something."""
    return next((str(given[name]) for name in names if given.get(name)), "")


def _field(*names: str) -> Callable[[Json], str]:
    return lambda given: _said(given, *names)


def _word(word: str) -> Callable[[Json], str]:
    return lambda given: word


def _counts(given: Json) -> list[str]:
    numbers = {"mention": given.get("total_mentions"), "document": given.get("documents_count")}
    said = [f"{number} {word}{'' if number == 1 else 's'}" for word, number in numbers.items() if number is not None]
    return [", ".join(said)]


def _grade(given: Json) -> list[str]:
    return [f"grade {_said(given, 'grade')}" if given.get("grade") else ""]


def _posterior(given: Json) -> list[str]:
    posterior = given.get("posterior")
    return [f"{posterior:.0%}".replace("%", " %") if isinstance(posterior, (int, float)) else ""]


def _page(given: Json) -> list[str]:
    page = f", p. {given['page']}" if "page" in given else ""
    return [f"{_said(given, 'doc_id')}{page}"]


def _class(given: Json) -> str:
    return _said(given, "entity_class").replace("_", " ").capitalize() or "Entity"


def _id(name: str) -> Callable[[Json], list[str]]:
    return lambda given: [_said(given, name) if given.get("title") else ""]


Kind = tuple[Callable[[Json], str], Callable[[Json], str], Callable[[Json], list[str]]]

# By kind: what it is, its name, and what else is known.
KINDS: dict[str, Kind] = {
    "entity_card": (_class, _field("canonical_name", "entity_id"), _counts),
    "evidence_card": (_word("Evidence"), _field("title", "evidence_id"), _grade),
    "hypothesis_card": (_word("Hypothesis"), _field("title", "hypothesis_id"), _posterior),
    "case_card": (_word("Case"), _field("title", "case_id"), _id("case_id")),
    "crop_image": (_word("Picture"), _field("alt_en", "alt_pt", "doc_id"), _page),
    "navigation_offer": (_word("Offer"), _field("label_en", "target"), lambda given: [_said(given, "target")]),
}
UNKNOWN: Kind = (_word("Artifact"), _field("kind"), lambda given: [])
