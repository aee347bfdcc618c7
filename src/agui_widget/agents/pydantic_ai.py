"""A pydantic-ai agent in process, through its own AG-UI adapter (extra `[pydantic-ai]`)."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Any

from ..errors import AgentError
from .live import with_objects
from .options import keywords_of, refuse_unknown


def recognises(given: Any) -> bool:
    """True for a pydantic-ai agent, decided without importing pydantic-ai."""
    return any(
        kind.__module__.partition(".")[0] == "pydantic_ai" and kind.__name__ == "AbstractAgent"
        for kind in type(given).__mro__
    )


def adapt(agent: Any, **options: Any) -> PydanticAIAgent:
    """The agent. Options are keyword arguments of `AGUIAdapter.run_stream` (deps, model_settings…)."""
    if options:
        refuse_unknown("a pydantic-ai agent", options, keywords_of(_imported()[0].run_stream))
    return PydanticAIAgent(agent, options)


class PydanticAIAgent:
    """Runs a pydantic-ai agent; gives the event models of `ag_ui.core`."""

    def __init__(self, agent: Any, options: dict[str, Any]) -> None:
        self._agent = agent
        self._options = options

    def __call__(self, run_input: dict[str, Any]) -> AsyncIterator[Any]:
        """The events of one run."""
        adapter, run_agent_input = _imported()
        made = adapter(agent=self._agent, run_input=run_agent_input.model_validate(run_input))
        events: AsyncIterator[Any] = made.run_stream(**self._options)
        return events


def _imported() -> tuple[Any, Any]:
    """The adapter's class, and that of what it runs. Raises `AgentError` that says what to install."""
    try:
        from ag_ui.core import RunAgentInput

        return _adapter(), RunAgentInput
    except ImportError as error:
        raise AgentError(
            f"a pydantic-ai agent needs pydantic-ai 2 with its AG-UI adapter ({error}): "
            'pip install "agui_widget[pydantic-ai]"'
        ) from error


def _adapter() -> Any:
    """The adapter's class, whose events bring the objects along that tools gave. Raises `ImportError`."""
    from pydantic_ai.ui.ag_ui import AGUIAdapter

    class LiveAdapter(AGUIAdapter[Any, Any]):
        def transform_stream(
            self, stream: AsyncIterator[Any], on_complete: Any = None, on_cancel: Any = None
        ) -> AsyncIterator[Any]:
            """The AG-UI events of pydantic-ai's own, on whose way the objects are noted."""
            objects: dict[str, Any] = {}
            events = super().transform_stream(_noting(stream, objects), on_complete, on_cancel)
            return with_objects(events, objects)

    return LiveAdapter


async def _noting(stream: AsyncIterator[Any], objects: dict[str, Any]) -> AsyncGenerator[Any, None]:
    """The same events; `objects` gets what tools gave, by the id of the call."""
    async with aclosing(stream):  # type: ignore[type-var]  # it is a generator
        async for event in stream:
            if event.event_kind == "function_tool_result":
                objects[event.part.tool_call_id] = _object_of(event.part)
            yield event


def _object_of(part: Any) -> Any:
    """What a tool gave that is no text: the `metadata` of a `ToolReturn`, which no model sees, or its content."""
    given = getattr(part, "metadata", None)
    if given is None or _are_events(given):
        given = None if isinstance(part.content, str) else part.content
    return given


def _are_events(given: Any) -> bool:
    """True for AG-UI events, which pydantic-ai itself sends on from there."""
    each = given if isinstance(given, (list, tuple)) else [given]
    return all(hasattr(event, "model_dump") and hasattr(event, "type") for event in each)
