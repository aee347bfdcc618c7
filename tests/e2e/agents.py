"""Agents for the cells of these tests, as source text, and what they say."""

from __future__ import annotations

COUNTING = """
import asyncio
from agui_widget import AgentChat

goes_on = False

async def counting():
    for n in range({count}):
        while n == {halt} and not goes_on:
            await asyncio.sleep({pause})
        yield f"{{' ' if n else ''}}word {{n}}."
        await asyncio.sleep({pause})

chat = AgentChat(counting, height={height})
"""


def counting(count: int, pause: float = 0.02, height: int = 0, halt: int = -1) -> str:
    """Makes a `chat` whose agent says `words(count)`, one word each `pause` seconds; the word `halt` waits for `GO_ON`."""
    return COUNTING.format(count=count, pause=pause, height=height, halt=halt)


GO_ON = """
goes_on = True
"""


def words(count: int) -> str:
    """Everything that `counting(count)` says in one run."""
    return " ".join(f"word {n}." for n in range(count))


DEMO = """
from agui_widget import AgentChat
chat = AgentChat(pace={pace})
"""


def demo(pace: float = 1.0) -> str:
    """Makes a `chat` with the built-in demo agent."""
    return DEMO.format(pace=pace)
