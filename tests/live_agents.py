"""What the tests of real agent frameworks share: where an agent runs, and what of it is on screen."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from agui_widget import Driver

from .servers import serve

PLACES = ("in process", "over HTTP")


@asynccontextmanager
async def drivers(place: str, app_of: Callable[..., Any]) -> AsyncIterator[Callable[..., Any]]:
    """Gives `make(agent, own={…}, **options)`: a driver for the object itself, or for a server that `app_of` makes of it.

    `own` goes to whatever runs the agent, here or there; the options are the driver's.
    """
    async with AsyncExitStack() as servers:

        async def make(agent: Any, own: dict[str, Any] | None = None, **options: Any) -> Driver:
            if place == "in process":
                return Driver(agent, **(own or {}), **options)
            origin = await servers.enter_async_context(serve(app_of(agent, **(own or {}))))
            return Driver(f"{origin}/", **options)

        yield make


def order(driver: Driver) -> list[tuple[str, str, Any]]:
    """Everything that is said on screen, from the top down: (role, lane, text or value)."""
    return [
        (message["role"], name, part.get("text") or part.get("value"))
        for message in driver.session.snapshot()["messages"]
        for name, lane in message["lanes"].items()
        for part in lane["parts"]
    ]


def shown(driver: Driver, lane: str) -> list[Any]:
    """What one lane says, over all messages of the agent."""
    return [said for role, name, said in order(driver) if name == lane and role != "user"]


def rows(driver: Driver) -> list[tuple[Any, ...]]:
    """The tool rows: name, state, result."""
    kept = [row for row in shown(driver, "tools") if "call_id" in row and "name" in row]
    return [(row["name"], row["state"], row.get("result")) for row in kept]


def notices(driver: Driver) -> list[Any]:
    """The diagnostics in the status lane."""
    return shown(driver, "status")


def ids(driver: Driver) -> list[tuple[str, str, str]]:
    """Where everything on screen is: (message, lane, key of the part), from the top down."""
    return [
        (message["id"], name, part["key"])
        for message in driver.session.snapshot()["messages"]
        for name, lane in message["lanes"].items()
        for part in lane["parts"]
    ]
