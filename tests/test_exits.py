"""Code that would end the process (`sys.exit()`, a command line's parser, `quit()`), or raises what few expect: it ends
its run, and no other chat."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from queue import Queue
from typing import Any

import pytest

from agui_widget.agents.function import RunContext
from agui_widget.driver import Driver
from agui_widget.errors import RunError
from agui_widget.loop import DriverLoop


class Exits:
    def _repr_html_(self) -> str:
        sys.exit(3)


def yielding(*values: Any) -> Callable[[], Iterator[Any]]:
    def agent() -> Iterator[Any]:
        yield from values

    return agent


def exiting_agent() -> str:
    sys.exit(3)


async def exiting_coroutine() -> str:
    sys.exit(3)


async def exiting_generator() -> AsyncIterator[str]:
    yield "a"
    sys.exit(3)


@pytest.fixture(autouse=True)
def another_chat() -> Iterator[None]:
    yield
    assert Driver(lambda text: text).ask_sync("are you there").text == "are you there"


@pytest.mark.parametrize("agent", [exiting_agent, exiting_coroutine, exiting_generator])
def test_an_agent_that_exits_fails(agent: Callable[..., Any]) -> None:
    with pytest.raises(RunError, match="SystemExit"):
        Driver(agent).ask_sync("go")


def in_this_thread() -> None:
    """Stops the process."""
    sys.exit(3)


async def on_the_loop() -> None:
    """Stops the process."""
    sys.exit(3)


@pytest.mark.parametrize("tool", [in_this_thread, on_the_loop])
def test_a_tool_that_exits_has_an_error(tool: Callable[[], Any]) -> None:
    async def agent(run: RunContext) -> AsyncIterator[Any]:
        if run.input["messages"][-1]["role"] == "user":
            yield {"type": "TOOL_CALL_START", "toolCallId": "c", "toolCallName": tool.__name__}
            yield {"type": "TOOL_CALL_END", "toolCallId": "c"}

    driver = Driver(agent, tools=[tool])
    driver.ask_sync("go")
    assert "SystemExit" in driver.messages[-1]["error"]


def test_an_object_that_exits_when_it_is_shown_says_so() -> None:
    driver = Driver(yielding(Exits(), "after"))
    assert driver.ask_sync("go").text == "after"
    (shown, _) = driver.session.snapshot()["messages"][-1]["lanes"]["text"]["parts"]
    assert "SystemExit" in shown["value"]["data"]["text/plain"]


def test_a_renderer_that_exits_is_done_without() -> None:
    driver = Driver(yielding({"a": 1}))
    driver.renderer(dict)(lambda value: sys.exit(3))
    driver.ask_sync("go")
    (shown,) = driver.session.snapshot()["messages"][-1]["lanes"]["text"]["parts"]
    assert shown["value"]["data"]["application/json"] == {"a": 1}


def exits_in_a_thread(target: str) -> None:
    sys.exit(3)


async def exits_on_the_loop(target: str) -> None:
    sys.exit(3)


async def cancels_itself(target: str) -> None:
    raise asyncio.CancelledError


@pytest.mark.parametrize(
    ("callback", "said"),
    [(exits_in_a_thread, "SystemExit"), (exits_on_the_loop, "SystemExit"), (cancels_itself, "CancelledError")],
)
def test_a_callback_that_exits_is_an_error_on_screen(callback: Callable[[str], Any], said: str) -> None:
    offer = {"kind": "navigation_offer", "target": "case/1", "label_en": "Open", "label_pt": "Abrir"}
    shown = {"type": "ACTIVITY_SNAPSHOT", "messageId": "x", "activityType": "artifact", "content": offer}
    driver, errors = Driver(yielding(shown)), Queue[str]()
    driver.ask_sync("go")
    driver.on_navigate(callback)
    driver.session.subscribe(lambda envelopes: [errors.put(each["payload"]["message"]) for each in envelopes])
    driver.navigate("card1", "case/1")
    assert said in errors.get(timeout=10)


class Panic(BaseException):
    """No `Exception`: what libraries in Rust raise is none."""


class Wordless(Exception):
    def __str__(self) -> str:
        raise ValueError("no words")


class Raises:
    def __init__(self, error: BaseException) -> None:
        self._error = error

    def __repr__(self) -> str:
        raise self._error


@pytest.mark.parametrize("error", [Panic, Wordless, asyncio.CancelledError])
@pytest.mark.parametrize("is_async", [False, True])
def test_an_agent_that_raises_anything_fails(error: type[BaseException], is_async: bool) -> None:
    def agent() -> str:
        raise error

    async def coroutine() -> str:
        raise error

    with pytest.raises(RunError, match=error.__name__):
        Driver(coroutine if is_async else agent).ask_sync("go")


@pytest.mark.parametrize("error", [Panic, Wordless, SystemExit, KeyboardInterrupt, asyncio.CancelledError])
async def test_an_agent_on_the_loop_of_the_notebook_that_raises_anything_fails(error: type[BaseException]) -> None:
    async def agent() -> str:
        raise error

    with pytest.raises(RunError, match=error.__name__):
        await Driver(agent, loop="kernel").ask("go")


@pytest.mark.parametrize("error", [Panic, Wordless, KeyboardInterrupt, asyncio.CancelledError])
def test_an_object_that_raises_anything_when_it_is_shown_says_so(error: type[BaseException]) -> None:
    driver = Driver(yielding(Raises(error()), "after"))
    assert driver.ask_sync("go").text == "after"
    (shown, _) = driver.session.snapshot()["messages"][-1]["lanes"]["text"]["parts"]
    assert error.__name__ in shown["value"]["data"]["text/plain"]


def test_the_loop_of_all_chats_survives_what_runs_on_it() -> None:
    DriverLoop.shared().post(sys.exit, 3)


class Odd:
    """Its module is no name."""


Odd.__module__ = 5  # type: ignore[assignment]


def test_an_object_of_an_odd_class_is_shown_all_the_same() -> None:
    assert Driver(yielding(Odd(), "after")).ask_sync("go").text == "after"
