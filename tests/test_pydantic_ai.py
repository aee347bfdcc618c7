"""A pydantic-ai agent in process and over HTTP, with its own test models."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest

pytest.importorskip("pydantic_ai", reason="needs the extra [pydantic-ai]")

from pydantic_ai import Agent
from pydantic_ai.messages import ModelMessage
from pydantic_ai.models.function import AgentInfo, DeltaThinkingPart, DeltaToolCall, FunctionModel
from pydantic_ai.models.test import TestModel
from pydantic_ai.ui.ag_ui import AGUIAdapter
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from agui_widget import AgentChat, AgentClient, Driver, RunError
from tests.servers import serve

WAIT_S = 10.0


def weather(city: str) -> str:
    """The weather in a city."""
    return f"sunny in {city}"


async def scripted(messages: list[ModelMessage], info: AgentInfo) -> AsyncIterator[Any]:
    """Thinks, calls a tool, then answers with what it got."""
    if len(messages) == 1:
        yield {0: DeltaThinkingPart(content="A tool knows that.")}
        yield {1: DeltaToolCall(name="weather", json_args='{"city": ')}
        yield {1: DeltaToolCall(json_args='"Porto"}')}
    else:
        yield "It is "
        yield "sunny."


def simple_agent() -> Agent:
    return Agent(TestModel(custom_output_text="Hello from the model"), name="tester", tools=[weather])


def function_model_agent() -> Agent:
    return Agent(FunctionModel(stream_function=scripted), name="scripted", tools=[weather])


def server_of(agent: Agent) -> Starlette:
    """An AG-UI server as pydantic-ai's documentation builds one."""

    async def run(request: Request) -> Response:
        return await AGUIAdapter.dispatch_request(request, agent=agent)

    return Starlette(routes=[Route("/", run, methods=["POST"])])


def lanes(driver: Driver) -> dict[str, Any]:
    """What each lane of the answer says, over its messages."""
    shown: dict[str, Any] = {}
    for message in driver.session.snapshot()["messages"][1:]:
        for name, lane in message["lanes"].items():
            for part in lane["parts"]:
                shown.setdefault(name, []).append(part.get("text") or part["value"])
    return shown


@pytest.fixture(params=["in process", "over HTTP"])
async def chat_with(request: pytest.FixtureRequest) -> AsyncIterator[Any]:
    """Makes a driver for a pydantic-ai agent: for the object itself, or for a server with its own AG-UI adapter."""
    async with AsyncExitStack() as servers:

        async def make(agent: Agent) -> Driver:
            if request.param == "in process":
                return Driver(agent)
            return Driver(await servers.enter_async_context(serve(server_of(agent))) + "/")

        yield make


@pytest.mark.slow
async def test_text_is_streamed(chat_with: Any) -> None:
    driver = await chat_with(Agent(TestModel(custom_output_text="Hello from the model")))
    assert (await driver.ask("hi")).text == "Hello from the model"


@pytest.mark.slow
async def test_thinking_tools_and_text_have_their_lanes(chat_with: Any) -> None:
    driver = await chat_with(function_model_agent())
    assert (await driver.ask("weather in Porto?")).text == "It is sunny."
    shown = lanes(driver)
    row = shown["tools"][0]
    assert shown["reasoning"] == ["A tool knows that."]
    assert (row["name"], row["args"], row["state"], row["result"]) == (
        "weather",
        '{"city": "Porto"}',
        "done",
        "sunny in Porto",
    )
    assert shown["text"] == ["It is sunny."]


@pytest.mark.slow
async def test_the_history_goes_with_the_next_message(chat_with: Any) -> None:
    async def counts(messages: list[ModelMessage], info: AgentInfo) -> AsyncIterator[str]:
        yield str(len(messages))

    driver = await chat_with(Agent(FunctionModel(stream_function=counts)))
    assert [(await driver.ask(text)).text for text in ("one", "two")] == ["1", "3"]


@pytest.mark.slow
async def test_an_error_of_the_model_is_an_error_card(chat_with: Any) -> None:
    async def breaks(messages: list[ModelMessage], info: AgentInfo) -> AsyncIterator[str]:
        yield "so far"
        raise RuntimeError("the model broke")

    driver = await chat_with(Agent(FunctionModel(stream_function=breaks)))
    with pytest.raises(RunError, match="the model broke") as failed:
        await driver.ask("go")
    assert failed.value.answer.text == "so far"


@pytest.mark.slow
async def test_a_real_stream_needs_no_repair(chat_with: Any) -> None:
    driver = await chat_with(simple_agent())
    await driver.ask("go")
    notices = [part for part in lanes(driver).get("status", [])]
    assert notices == []


def test_the_chat_has_the_agents_name() -> None:
    assert repr(AgentChat(simple_agent())) == "AgentChat('tester')"


async def test_the_client_runs_it_without_any_notebook() -> None:
    client = AgentClient(simple_agent())
    assert [event["type"] async for event in client.run("hi")][-1] == "RUN_FINISHED"
