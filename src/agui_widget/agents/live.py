"""Python objects that come along with what is said, from agents and tools that run in this process."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from ..display import agent_text
from ..protocol import to_event


class LiveEvent(dict[str, Any]):
    """An AG-UI event, and the object that it is about: the client keeps that, and the event gets its key.

    Without a client it is the event alone.
    """

    def __init__(self, event: Mapping[str, Any], value: Any) -> None:
        super().__init__(event)
        self.value = value


async def with_objects(events: AsyncIterator[Any], objects: Mapping[str, Any]) -> AsyncGenerator[Any, None]:
    """The events of an adapter, in which results bring along the object that is known for their call by then."""
    async with aclosing(events):  # type: ignore[type-var]  # adapters are generators
        async for event in events:
            value = objects.get(event.tool_call_id) if event.type == "TOOL_CALL_RESULT" else None
            yield event if value is None else LiveEvent(to_event(event), value)


@dataclass(frozen=True)
class ToolResult:
    """What a tool gives, when the agent should get other words than the user gets to see:

        return ToolResult(df, summary="3 outliers, in rows 5, 8 and 13")

    The user sees `value`, and has it as `chat.tool_calls[-1].value`; the agent gets `summary`.
    """

    value: Any
    summary: str | None = None

    @property
    def text(self) -> str:
        """The result as the agent gets it: text as it is, tables and pictures in words, other values as JSON."""
        return agent_text(self.value) if self.summary is None else self.summary
