"""Looks that a user has given to a type of value, or to what a tool gives."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, TypeVar

from .errors import AgentError

Renderer = Callable[..., Any]
R = TypeVar("R", bound=Renderer)


class Renderers:
    """Functions that make something to display of a value: by the name of a tool, or by type, the closest first."""

    def __init__(self) -> None:
        self._by_tool: dict[str, Renderer] = {}
        self._by_type: dict[type, Renderer] = {}

    def register(self, target: type | str) -> Callable[[R], R]:
        """The decorator that registers a function. Raises `AgentError` for what is neither a type nor a name."""
        if not isinstance(target, (type, str)):
            raise AgentError(
                f"a renderer is for a type or for a tool's name, got {target!r:.80}. Write: @chat.renderer(MyType)"
            )

        def registered(renderer: R) -> R:
            if not callable(renderer):
                raise AgentError(
                    f"a renderer is a function of the value, got {renderer!r:.80}. "
                    "Write: @chat.renderer(MyType) above a function"
                )
            if inspect.iscoroutinefunction(renderer):
                raise AgentError("a renderer is a plain function that returns something to display, not a coroutine's")
            if isinstance(target, str):
                self._by_tool[target] = renderer
            else:
                self._by_type[target] = renderer
            return renderer

        return registered

    @property
    def tools(self) -> frozenset[str]:
        """The tools that there is one for."""
        return frozenset(self._by_tool)

    def find(self, value: Any, tool: str = "") -> Renderer | None:
        """The renderer for a value, or None."""
        by_type = (self._by_type[kind] for kind in type(value).__mro__ if kind in self._by_type)
        return self._by_tool.get(tool) or next(by_type, None)


def rendered(renderer: Renderer, value: Any, arguments: dict[str, Any]) -> Any:
    """What a renderer makes of a value; one that takes two also gets the call's arguments."""
    return renderer(value, arguments) if _takes_two(renderer) else renderer(value)


def _takes_two(renderer: Renderer) -> bool:
    try:
        inspect.signature(renderer).bind(None, None)
    except (TypeError, ValueError):
        return False
    return True
