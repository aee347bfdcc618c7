"""Looks that users give to types and to tools."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pandas
import pytest

from agui_widget import AgentChat, Driver
from agui_widget.display.tables import MIME as TABLE
from agui_widget.errors import AgentError

from .test_tool_values import calling, parts


class Animal:
    pass


class Dog(Animal):
    pass


def shown(value: Any, *renderers: Any) -> dict[str, Any]:
    """How a yielded value looks with some renderers: (target, function)."""

    async def agent() -> AsyncIterator[Any]:
        yield value

    driver = Driver(agent)
    for target, renderer in renderers:
        driver.renderer(target)(renderer)
    driver.ask_sync("go")
    return parts(driver, "text")[0]


def test_a_value_of_a_type_looks_as_its_renderer_says_and_stays_the_value() -> None:
    chat = AgentChat(lambda: Dog())

    @chat.renderer(Dog)
    def dogs(dog: Dog) -> pandas.DataFrame:
        return pandas.DataFrame({"legs": [4]})

    chat.ask_sync("go")
    [output] = parts(chat._driver, "text")
    assert output["data"][TABLE]["rows"] == [["0", "4"]]
    assert output["type"] == "Dog"
    assert isinstance(chat._driver.client.objects.value(output["object"]), Dog)
    assert dogs(Dog()) is not None  # it is still the function that it was


def test_the_closest_type_wins() -> None:
    either = [(Animal, lambda animal: "an animal"), (Dog, lambda dog: "a dog"), (object, lambda any: "anything")]
    assert shown(Dog(), *either)["data"] == {"text/plain": "a dog"}
    assert shown(Animal(), *either)["data"] == {"text/plain": "an animal"}
    assert shown([1], *either)["data"] == {"text/plain": "anything"}


def test_the_renderer_of_a_tool_gets_the_value_and_the_arguments() -> None:
    def weather(city: str) -> str:
        return "sunny"

    driver = Driver(calling("weather"), tools=[weather])
    driver.renderer("weather")(lambda value, arguments: f"{value} in {arguments['city']}")
    driver.ask_sync("go")
    [row] = parts(driver, "tools")
    assert row["output"]["data"] == {"text/plain": "sunny in Porto"}
    assert row["result"] == driver.tool_calls[0].value == "sunny"


def test_the_result_of_a_tool_that_ran_elsewhere_is_rendered_too() -> None:
    async def agent() -> AsyncIterator[Any]:
        yield {"type": "TOOL_CALL_START", "toolCallId": "c", "toolCallName": "weather"}
        yield {"type": "TOOL_CALL_END", "toolCallId": "c"}
        yield {"type": "TOOL_CALL_RESULT", "messageId": "m", "toolCallId": "c", "content": "sunny"}

    driver = Driver(agent)
    driver.renderer("weather")(lambda text: {"weather": text})
    driver.ask_sync("go")
    assert parts(driver, "tools")[0]["output"]["data"]["application/json"] == {"weather": "sunny"}


def test_a_renderer_that_fails_leaves_the_ordinary_form_and_a_notice() -> None:
    def broken(value: Any) -> Any:
        raise ValueError("not today")

    async def agent() -> AsyncIterator[Any]:
        yield {"a": 1}

    driver = Driver(agent)
    driver.renderer(dict)(broken)
    driver.ask_sync("go")
    assert parts(driver, "text")[0]["data"]["application/json"] == {"a": 1}
    message = "The renderer broken raised ValueError: not today"
    assert parts(driver, "status") == [{"code": "renderer", "message": message}]


def test_a_renderer_that_gives_nothing_leaves_the_ordinary_form() -> None:
    assert shown({"a": 1}, (dict, lambda value: None))["data"]["application/json"] == {"a": 1}


@pytest.mark.parametrize("target", [1, None, [dict], Dog()])
def test_a_renderer_is_for_a_type_or_a_name(target: Any) -> None:
    with pytest.raises(AgentError, match="for a type or for a tool's name"):
        Driver(None).renderer(target)


def test_a_renderer_is_a_function() -> None:
    with pytest.raises(AgentError, match=r"got 3. Write: @chat.renderer\(MyType\) above a function"):
        Driver(None).renderer(int)(3)  # type: ignore[type-var]


def test_a_renderer_is_no_coroutine() -> None:
    async def slow(value: Any) -> Any:
        return value

    with pytest.raises(AgentError, match="plain function"):
        Driver(None).renderer(dict)(slow)
