"""Keywords that nobody takes are refused where they are given, with what was probably meant."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from typing import Any

from ..errors import AgentError

# What `AgentChat`, `Driver` and `AgentClient` take before an adapter sees it; a test holds them together.
CHAT = """
    title placeholder starters height theme locale on_action on_navigate
    session loop markdown echo
    thread_id messages state tools approve max_tool_rounds context forwarded_props a2ui strict peer home on_warning
""".split()


def keywords_of(*functions: Callable[..., Any]) -> list[str]:
    """The names that they take by keyword alone."""
    parameters = [each for function in functions for each in inspect.signature(function).parameters.values()]
    return [each.name for each in parameters if each.kind is each.KEYWORD_ONLY]


def refuse_unknown(whose: str, given: Iterable[str], taken: Iterable[str] = ()) -> None:
    """Raise `AgentError` for the first of the keywords that an adapter does not take; `whose` says which adapter."""
    taken = list(taken)
    for name in given:
        if name not in taken:
            raise AgentError(f"{whose} takes no {name!r}. {_advice(name, taken)}")


def _advice(name: str, taken: list[str]) -> str:
    near = get_close_matches(name, [*taken, *CHAT], n=1, cutoff=0.7)
    if near:
        return f"Did you mean {near[0]}=…?"
    return f"Its own keywords are {', '.join(taken)}" if taken else "It has no keywords of its own"
