"""A pydantic-ai agent in process and over HTTP, with its own test models."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

pytest.importorskip("pydantic_ai", reason="needs the extra [pydantic-ai]")

from ag_ui.core import StateDeltaEvent, StateSnapshotEvent
from pydantic import BaseModel
from pydantic_ai import Agent, RunContext, ToolReturn
from pydantic_ai.messages import BinaryContent, ModelMessage, ToolReturnPart, UserPromptPart
from pydantic_ai.models.function import AgentInfo, DeltaThinkingPart, DeltaToolCall, FunctionModel
from pydantic_ai.models.test import TestModel
from pydantic_ai.tools import DeferredToolRequests
from pydantic_ai.ui import StateDeps
from pydantic_ai.ui.ag_ui import AGUIAdapter
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from agui_widget import AgentChat, AgentClient, Driver, RunError

from .live_agents import PLACES, drivers, ids, notices, order, rows, shown


def weather(city: str) -> str:
    """The weather in a city."""
    return f"sunny in {city}"


def results(messages: list[ModelMessage]) -> list[Any]:
    """What the tools of this turn gave."""
    return [part.content for part in messages[-1].parts if isinstance(part, ToolReturnPart)]


async def scripted(messages: list[ModelMessage], info: AgentInfo) -> AsyncIterator[Any]:
    """Thinks, calls a tool, then answers with what it got."""
    if results(messages):
        yield "It is "
        yield f"{results(messages)[0]}."
    else:
        yield {0: DeltaThinkingPart(content="A tool knows that.")}
        yield {1: DeltaToolCall(name="weather", json_args='{"city": ', tool_call_id=f"call-{len(messages)}")}
        yield {1: DeltaToolCall(json_args='"Porto"}')}


def calling(name: str, args: str) -> Any:
    """A model that calls one tool, then says what it gave."""

    async def model(messages: list[ModelMessage], info: AgentInfo) -> AsyncIterator[Any]:
        if results(messages):
            yield f"got {results(messages)[0]}"
        else:
            yield {0: DeltaToolCall(name=name, json_args=args, tool_call_id="call-1")}

    return FunctionModel(stream_function=model)


def simple_agent() -> Agent:
    return Agent(TestModel(custom_output_text="Hello from the model"), name="tester", tools=[weather])


def function_model_agent() -> Agent:
    return Agent(FunctionModel(stream_function=scripted), name="scripted", tools=[weather])


def app_of(agent: Agent, **options: Any) -> Starlette:
    """An AG-UI server as pydantic-ai's documentation builds one."""

    async def run(request: Request) -> Response:
        return await AGUIAdapter.dispatch_request(request, agent=agent, **options)

    return Starlette(routes=[Route("/", run, methods=["POST"])])


@pytest.fixture(params=PLACES)
async def chat_with(request: pytest.FixtureRequest) -> AsyncIterator[Any]:
    """Makes a driver for a pydantic-ai agent: for the object itself, or for a server with its own AG-UI adapter."""
    async with drivers(request.param, app_of) as make:
        yield make


@pytest.mark.slow
async def test_text_is_streamed(chat_with: Any) -> None:
    driver = await chat_with(Agent(TestModel(custom_output_text="Hello from the model")))
    assert (await driver.ask("hi")).text == "Hello from the model"


@pytest.mark.slow
async def test_thinking_tools_and_text_have_their_lanes(chat_with: Any) -> None:
    driver = await chat_with(function_model_agent())
    assert (await driver.ask("weather in Porto?")).text == "It is sunny in Porto."
    assert shown(driver, "reasoning") == ["A tool knows that."]
    assert rows(driver) == [("weather", "done", "sunny in Porto")]
    assert [row["args"] for row in shown(driver, "tools")] == ['{"city": "Porto"}']
    assert shown(driver, "text") == ["It is sunny in Porto."]


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
    driver = await chat_with(function_model_agent())
    await driver.ask("go")
    assert notices(driver) == []


@pytest.mark.slow
async def test_a_second_turn_touches_nothing_of_the_first(chat_with: Any) -> None:
    driver = await chat_with(function_model_agent())
    await driver.ask("weather in Porto?")
    before = ids(driver)
    await driver.ask("and now?")
    assert ids(driver)[: len(before)] == before
    assert [lane for role, lane, _ in order(driver) if role == "assistant"] == ["reasoning", "tools", "text"] * 2


# -- frontend tools ----------------------------------------------------------------------------------


def double(number: int) -> int:
    """Twice a number."""
    return 2 * number


@pytest.mark.slow
async def test_a_python_tool_is_run_here_and_the_agent_goes_on_with_its_value(chat_with: Any) -> None:
    driver = await chat_with(Agent(calling("double", '{"number": 21}')), tools=[double])
    assert (await driver.ask("twice 21?")).text == "got 42"
    assert rows(driver) == [("double", "done", "42")]
    assert notices(driver) == []


@pytest.mark.slow
async def test_the_agent_is_told_of_the_python_tools(chat_with: Any) -> None:
    told: list[Any] = []

    async def listens(messages: list[ModelMessage], info: AgentInfo) -> AsyncIterator[str]:
        told.extend((tool.name, tool.description) for tool in info.function_tools)
        yield "ok"

    await (await chat_with(Agent(FunctionModel(stream_function=listens)), tools=[double])).ask("go")
    assert told == [("double", "Twice a number.")]


@pytest.mark.slow
async def test_what_a_python_tool_raises_is_told_to_the_agent(chat_with: Any) -> None:
    def double(number: int) -> int:
        raise ValueError("too big")

    driver = await chat_with(Agent(calling("double", '{"number": 21}')), tools=[double])
    assert (await driver.ask("go")).text == "got ValueError: too big"
    assert [(name, state) for name, state, _ in rows(driver)] == [("double", "error")]


# -- approvals ---------------------------------------------------------------------------------------


def agent_that_asks() -> Agent:
    agent = Agent(calling("drop_table", '{"name": "users"}'), output_type=[str, DeferredToolRequests])

    @agent.tool_plain(requires_approval=True)
    def drop_table(name: str) -> str:
        """Drop a table."""
        return f"dropped {name}"

    return agent


@pytest.mark.slow
async def test_an_approval_is_asked_in_the_row_of_its_call(chat_with: Any) -> None:
    driver = await chat_with(agent_that_asks())
    await driver.ask("go")
    asked = [value for value in shown(driver, "tools") if "answer" in value]
    assert [each["call_id"] for each in asked] == ["call-1"]
    assert (driver.status, rows(driver)) == ("awaiting_input", [("drop_table", "waiting", None)])


@pytest.mark.slow
async def test_an_approved_call_is_made_and_the_agent_goes_on(chat_with: Any) -> None:
    driver = await chat_with(agent_that_asks())
    await driver.ask("go")
    assert (await driver.resolve()).text == "got dropped users"
    assert rows(driver) == [("drop_table", "done", "dropped users")]
    assert (notices(driver), driver.status) == ([], "idle")


@pytest.mark.slow
async def test_a_rejected_call_is_not_made_and_the_agent_is_told_why(chat_with: Any) -> None:
    driver = await chat_with(agent_that_asks())
    await driver.ask("go")
    assert (await driver.reject("too risky")).text == "got too risky"
    assert notices(driver) == []


# -- shared state ------------------------------------------------------------------------------------


class Document(BaseModel):
    title: str = ""
    lines: list[str] = []


def agent_with_state() -> Agent[StateDeps[Document]]:
    agent = Agent(calling("write", '{"line": "hello"}'), deps_type=StateDeps[Document])

    @agent.tool
    def write(ctx: RunContext[StateDeps[Document]], line: str) -> ToolReturn:
        """Write a line."""
        document = ctx.deps.state
        patch: list[Any] = [{"op": "add", "path": "/lines/-", "value": line}]
        return ToolReturn(
            return_value=f"{document.title}: {line}",
            metadata=[StateSnapshotEvent(snapshot=document.model_dump()), StateDeltaEvent(delta=patch)],
        )

    return agent


@pytest.mark.slow
async def test_the_state_goes_to_the_agent_and_its_changes_come_back(chat_with: Any) -> None:
    own = {"deps": StateDeps(Document())}
    driver = await chat_with(agent_with_state(), own, state={"title": "Notes", "lines": []})
    assert (await driver.ask("go")).text == "got Notes: hello"
    assert driver.client.state == {"title": "Notes", "lines": ["hello"]}
    assert driver.session.snapshot()["state"] == driver.client.state


@pytest.mark.slow
async def test_the_changed_state_goes_with_the_next_message(chat_with: Any) -> None:
    driver = await chat_with(agent_with_state(), {"deps": StateDeps(Document())}, state={"title": "Notes", "lines": []})
    for text in ("one", "two"):
        await driver.ask(text)
    assert driver.client.state["lines"] == ["hello", "hello"]
    assert notices(driver) == []


# -- the object that is given ------------------------------------------------------------------------


def test_the_chat_has_the_agents_name() -> None:
    assert repr(AgentChat(simple_agent())) == "AgentChat('tester')"


async def test_the_client_runs_it_without_any_notebook() -> None:
    client = AgentClient(simple_agent())
    assert [event["type"] async for event in client.run("hi")][-1] == "RUN_FINISHED"


async def test_the_model_gets_what_the_user_attached() -> None:
    async def looks(messages: list[ModelMessage], info: AgentInfo) -> AsyncIterator[str]:
        [prompt] = [part for part in messages[-1].parts if isinstance(part, UserPromptPart)]
        words, picture = prompt.content
        assert isinstance(picture, BinaryContent)
        yield f"{words} {picture.media_type} {picture.data!r}"

    answer = await Driver(Agent(FunctionModel(stream_function=looks))).ask("Look:", attachments=[b"GIF89a"])
    assert answer.text == "Look: image/gif b'GIF89a'"


@pytest.mark.parametrize("given", ["content", "metadata"])
def test_the_object_that_a_tool_gave_is_the_value_of_its_call(given: str) -> None:
    value = {"prices": [1, 2]} if given == "content" else object()

    def prices() -> Any:
        """Prices."""
        return value if given == "content" else ToolReturn("two prices", metadata=value)

    driver = Driver(Agent(calling("prices", "{}"), tools=[prices]))
    driver.ask_sync("go")
    assert driver.tool_calls[0].value is value
    assert rows(driver) == [("prices", "done", '{"prices":[1,2]}' if given == "content" else "two prices")]
