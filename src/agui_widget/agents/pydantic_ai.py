"""A pydantic-ai agent in process, through its own AG-UI adapter (extra `[pydantic-ai]`)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from ..errors import AgentError


def recognises(given: Any) -> bool:
    """True for a pydantic-ai agent, decided without importing pydantic-ai."""
    return any(
        kind.__module__.partition(".")[0] == "pydantic_ai" and kind.__name__ == "AbstractAgent"
        for kind in type(given).__mro__
    )


def adapt(agent: Any, **options: Any) -> PydanticAIAgent:
    """The agent. Options are keyword arguments of `AGUIAdapter.run_stream` (deps, model_settings…)."""
    return PydanticAIAgent(agent, options)


class PydanticAIAgent:
    """Runs a pydantic-ai agent; gives the event models of `ag_ui.core`."""

    def __init__(self, agent: Any, options: dict[str, Any]) -> None:
        self._agent = agent
        self._options = options

    def __call__(self, run_input: dict[str, Any]) -> AsyncIterator[Any]:
        """The events of one run."""
        try:
            from ag_ui.core import RunAgentInput
            from pydantic_ai.ui.ag_ui import AGUIAdapter
        except ImportError as error:
            raise AgentError(
                f"a pydantic-ai agent needs pydantic-ai 2 with its AG-UI adapter ({error}): "
                'pip install "agui_widget[pydantic-ai]"'
            ) from error
        adapter = AGUIAdapter(agent=self._agent, run_input=RunAgentInput.model_validate(run_input))
        return adapter.run_stream(**self._options)
