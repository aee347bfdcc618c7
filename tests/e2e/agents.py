"""Agents for the cells of these tests, as source text, and what they say."""

from __future__ import annotations

COUNTING = """
import asyncio
from agui_widget import AgentChat

async def counting():
    for n in range({count}):
        yield f"{{' ' if n else ''}}word {{n}}."
        await asyncio.sleep({pause})

chat = AgentChat(counting, height={height})
"""


def counting(count: int, pause: float = 0.02, height: int = 0) -> str:
    """Makes a `chat` whose agent says `words(count)`, one word each `pause` seconds."""
    return COUNTING.format(count=count, pause=pause, height=height)


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
