"""Anything a person may call an agent becomes one signature: `RunInput` in, async iterator of events out.

`AGENTS` is the table of what is understood, tried in order; a new kind is a new file and one row.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any, NamedTuple

from ..errors import AgentError
from . import demo, function, langgraph, process, pydantic_ai, remote

RunInput = dict[str, Any]
Agent = Callable[[RunInput], AsyncIterator[Any]]


class Kind(NamedTuple):
    """One kind of agent: what it is called, how it is recognised, how it becomes an `Agent`."""

    name: str
    recognises: Callable[[Any], bool]
    adapt: Callable[..., Agent]
    example: str


AGENTS: list[Kind] = [
    Kind("nothing: the built-in demo", lambda given: given is None, demo.adapt, "AgentChat()"),
    Kind("the URL of an agent, AG-UI or other", remote.recognises, remote.adapt, 'AgentChat("http://127.0.0.1:8000/")'),
    Kind("a pydantic-ai agent", pydantic_ai.recognises, pydantic_ai.adapt, "AgentChat(pydantic_ai_agent)"),
    Kind("a compiled LangGraph graph", langgraph.recognises, langgraph.adapt, "AgentChat(graph.compile())"),
    Kind("a process", process.recognises, process.adapt, 'AgentChat(ProcessAgent(["python", "worker.py"]))'),
    Kind("a function, sync or async, generator or not", callable, function.adapt, "AgentChat(my_function)"),
]


def as_agent(given: Any, **options: Any) -> Agent:
    """The agent that `given` stands for. Raises `AgentError` that lists what was tried."""
    for kind in AGENTS:
        if kind.recognises(given):
            return kind.adapt(given, **options)
    tried = "\n".join(f"  {kind.name:45} {kind.example}" for kind in AGENTS)
    raise AgentError(f"{_what(given)} is not an agent. These are understood:\n{tried}\n{_hint(given)}")


def agent_name(given: Any) -> str:
    """A short human name for an agent, for the title. Never an address or an id."""
    if given is None:
        return "Demo agent"
    if isinstance(given, str):
        return remote.host(given)
    name = getattr(given, "name", None) or getattr(given, "__name__", None)
    return str(name) if name and name != "<lambda>" else type(given).__name__


def _what(given: Any) -> str:
    if isinstance(given, str):
        return f"The string {given[:80]!r}"
    return f"An object of type {type(given).__module__}.{type(given).__qualname__}"


def _hint(given: Any) -> str:
    if isinstance(given, str):
        return f'A URL starts with http:// or https://: AgentChat("http://{given[:40]}")'
    if hasattr(given, "__aiter__") or hasattr(given, "__next__"):
        return "A generator runs once: give the function that makes it, without calling it: AgentChat(my_agent)"
    if hasattr(given, "__await__"):
        return "A coroutine runs once: give the function, without calling it: AgentChat(my_agent)"
    return "Wrap it in a function that gets the user's text: AgentChat(lambda text: …)"
