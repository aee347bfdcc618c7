"""Link definitions: `[label]: address "title"` at the start of a paragraph."""

from __future__ import annotations

import re
from typing import TypedDict

from .engine import read_address, read_title

_LABEL = re.compile(r"[ \t]*\[((?:[^\\\[\]]|\\.){1,999})\]:", re.DOTALL)
_LINE_END = re.compile(r"[ \t]*(?:\n|$)")


class Target(TypedDict):
    """Where a definition points."""

    url: str
    title: str


class Definitions(dict[str, Target]):
    """Targets by label; the first definition of a label counts."""


def normalized(label: str) -> str:
    """The form in which labels are compared."""
    return " ".join(label.split()).lower().upper()


def take(text: str, definitions: Definitions) -> str:
    """Take the definitions off the start of a paragraph; returns the text that is left."""
    at = 0
    while match := _LABEL.match(text, at):
        label = normalized(match[1])
        found = _target(text, match.end()) if label else None
        if found is None:
            break
        target, at = found
        definitions.setdefault(label, target)
    rest = text[at:]
    return rest if rest.strip() else ""


def _target(text: str, at: int) -> tuple[Target, int] | None:
    url, after_url = read_address(text, at)
    if url is None:
        return None
    title, after_title = read_title(text, after_url)
    if title is not None and (end := _LINE_END.match(text, after_title)):
        return {"url": url, "title": title}, end.end()
    if end := _LINE_END.match(text, after_url):
        return {"url": url, "title": ""}, end.end()
    return None
