"""A compiled LangGraph graph in process and over HTTP, with a fake chat model: no network."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pandas
import pytest

pytest.importorskip("langgraph", reason="needs the extra [langgraph]")
pytest.importorskip("ag_ui_langgraph", reason="needs the extra [langgraph]")

from ag_ui.core import RunAgentInput
from ag_ui.encoder import EventEncoder
from ag_ui_langgraph import LangGraphAgent  # type: ignore[import-untyped]  # it has no types
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, ToolMessage
from langchain_core.messages.tool import tool_call_chunk
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langchain_core.runnables import RunnableConfig
from langchain_core.tools import StructuredTool
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import END, START, MessagesState, StateGraph
from langgraph.prebuilt import ToolNode
from langgraph.types import interrupt
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.routing import Route

from agui_widget import AgentChat, AgentClient, Driver, RunError
from agui_widget.agents import langgraph as adapter
from agui_widget.errors import AgentError

from .live_agents import PLACES, drivers, ids, notices, order, rows, shown

# ag-ui-langgraph 0.0.47 calls what LangGraph 1 renamed.
pytestmark = pytest.mark.filterwarnings("ignore:`get_config_jsonschema` is deprecated")

Script = Callable[[list[BaseMessage]], Iterator[AIMessageChunk]]


class FakeModel(BaseChatModel):
    """A chat model that streams what a function of the messages yields."""

    script: Script

    @property
    def _llm_type(self) -> str:
        return "fake"

    def _stream(self, messages: Any, stop: Any = None, run_manager: Any = None, **rest: Any) -> Iterator[Any]:
        for chunk in self.script(messages):
            yield ChatGenerationChunk(message=chunk)

    def _generate(self, messages: Any, stop: Any = None, run_manager: Any = None, **rest: Any) -> ChatResult:
        whole, *others = self.script(messages)
        for chunk in others:
            whole += chunk
        return ChatResult(generations=[ChatGeneration(message=AIMessage(content=whole.content))])


def words(*texts: str) -> Iterator[AIMessageChunk]:
    yield from (AIMessageChunk(content=text) for text in texts)


def thought(text: str) -> AIMessageChunk:
    return AIMessageChunk(content=[{"type": "reasoning", "reasoning": text, "index": 0}])


def call(name: str, *args: str, call_id: str = "call-1", index: int = 0) -> Iterator[AIMessageChunk]:
    """A tool call as providers stream it: its name, then its arguments in pieces."""
    for number, piece in enumerate(("", *args)):
        names = {"name": name, "id": call_id} if number == 0 else {"name": None, "id": None}
        chunk = tool_call_chunk(args=piece, index=index, **names)
        yield AIMessageChunk(content="", tool_call_chunks=[chunk])


class State(MessagesState):
    tools: list[Any]  # the frontend's, which ag-ui-langgraph puts here
    count: int


def graph_of(script: Script, *tools: Any, checkpointer: Any = None) -> Any:
    """The usual loop: the model, its own tools, the model again; what calls other tools ends the run."""

    async def model(state: State) -> dict[str, Any]:
        answer = await FakeModel(script=script).ainvoke(state["messages"])
        return {"messages": [answer], "count": state.get("count", 0) + 1}

    def goes_to(state: State) -> str:
        calls = getattr(state["messages"][-1], "tool_calls", ())
        names = {getattr(tool, "name", None) or tool.__name__ for tool in tools}
        return "tools" if calls and all(each["name"] in names for each in calls) else END

    graph = StateGraph(State)
    graph.add_node("model", model)
    graph.add_node("tools", ToolNode(list(tools)))
    graph.add_edge(START, "model")
    graph.add_conditional_edges("model", goes_to, ["tools", END])
    graph.add_edge("tools", "model")
    return graph.compile(checkpointer=checkpointer)


def app_of(graph: Any, **options: Any) -> Starlette:
    """A server as the documentation of ag-ui-langgraph builds one, without FastAPI."""
    if graph.checkpointer is None:
        graph = graph.copy({"checkpointer": InMemorySaver()})
    agent = LangGraphAgent(name="graph", graph=graph, emit_interrupt_outcome=True, emit_raw_events=False, **options)
    encoder = EventEncoder()

    async def run(request: Request) -> StreamingResponse:
        run_input = RunAgentInput.model_validate(await request.json())
        events = (encoder.encode(event) async for event in agent.clone().run(run_input))
        return StreamingResponse(events, media_type=encoder.get_content_type())

    return Starlette(routes=[Route("/", run, methods=["POST"])])


@pytest.fixture(params=PLACES)
async def chat_with(request: pytest.FixtureRequest) -> AsyncIterator[Any]:
    async with drivers(request.param, app_of) as make:
        yield make


def weather(city: str) -> str:
    """The weather in a city."""
    return f"sunny in {city}"


def asks_the_tool(messages: list[BaseMessage]) -> Iterator[AIMessageChunk]:
    """Thinks, calls a tool, then answers with what it got."""
    if isinstance(messages[-1], ToolMessage):
        yield from words("It is ", f"{messages[-1].content}.")
    else:
        yield thought("A tool ")
        yield thought("knows that.")
        yield from call("weather", '{"city": ', '"Porto"}', call_id=f"call-{len(messages)}")


# -- text, reasoning, tools --------------------------------------------------------------------------


@pytest.mark.slow
async def test_text_is_streamed(chat_with: Any) -> None:
    driver = await chat_with(graph_of(lambda messages: words("Hello ", "you")))
    run = driver.submit("hi")
    deltas = [event["delta"] async for event in run if event["type"] == "TEXT_MESSAGE_CONTENT"]
    assert (deltas, (await run).text) == (["Hello ", "you"], "Hello you")


@pytest.mark.slow
async def test_thinking_tools_and_text_have_their_lanes(chat_with: Any) -> None:
    driver = await chat_with(graph_of(asks_the_tool, weather))
    await driver.ask("weather in Porto?")
    assert shown(driver, "reasoning") == ["A tool knows that."]
    assert rows(driver) == [("weather", "done", "sunny in Porto")]
    assert [row["args"] for row in shown(driver, "tools")] == ['{"city": "Porto"}']
    assert shown(driver, "text") == ["It is sunny in Porto."]


@pytest.mark.slow
async def test_a_real_stream_needs_no_repair(chat_with: Any) -> None:
    driver = await chat_with(graph_of(asks_the_tool, weather))
    await driver.ask("go")
    assert notices(driver) == []


@pytest.mark.slow
async def test_the_arguments_that_the_adapter_leaves_out_come_with_the_snapshot(chat_with: Any) -> None:
    def names_the_city_at_once(messages: list[BaseMessage]) -> Iterator[AIMessageChunk]:
        if isinstance(messages[-1], ToolMessage):
            yield from words("done")
        else:
            chunk = tool_call_chunk(name="weather", args='{"city": ', id="c", index=0)
            yield AIMessageChunk(content="", tool_call_chunks=[chunk])
            yield AIMessageChunk(content="", tool_call_chunks=[tool_call_chunk(args='"Porto"}', index=0)])

    driver = await chat_with(graph_of(names_the_city_at_once, weather))
    await driver.ask("go")
    assert [row["args"] for row in shown(driver, "tools")] == ['{"city": "Porto"}']


@pytest.mark.slow
async def test_an_error_of_the_model_is_an_error_card_and_what_it_said_stays(chat_with: Any) -> None:
    def breaks(messages: list[BaseMessage]) -> Iterator[AIMessageChunk]:
        yield from words("so far")
        raise RuntimeError("the model broke")

    driver = await chat_with(graph_of(breaks))
    with pytest.raises(RunError, match="the model broke") as failed:
        await driver.ask("go")
    assert (failed.value.answer.status, failed.value.answer.text) == ("error", "so far")
    assert [error["message"] for error in shown(driver, "errors")] == ["the model broke"]


@pytest.mark.slow
async def test_after_an_error_the_next_run_works(chat_with: Any) -> None:
    def breaks_once(messages: list[BaseMessage]) -> Iterator[AIMessageChunk]:
        if messages[-1].content == "go":
            raise RuntimeError("the model broke")
        yield from words("fine")

    driver = await chat_with(graph_of(breaks_once))
    with pytest.raises(RunError):
        await driver.ask("go")
    assert (await driver.ask("again")).text == "fine"


@pytest.mark.slow
async def test_what_a_tool_raises_is_the_runs_error(chat_with: Any) -> None:
    def weather(city: str) -> str:
        """The weather in a city."""
        raise RuntimeError("no satellite")

    driver = await chat_with(graph_of(asks_the_tool, weather))
    with pytest.raises(RunError, match="no satellite"):
        await driver.ask("go")
    assert rows(driver) == [("weather", "cancelled", None)]


# -- the history -------------------------------------------------------------------------------------


def counts(messages: list[BaseMessage]) -> Iterator[AIMessageChunk]:
    yield from words(str(len(messages)))


@pytest.mark.slow
async def test_the_history_goes_with_the_next_message(chat_with: Any) -> None:
    driver = await chat_with(graph_of(counts))
    assert [(await driver.ask(text)).text for text in ("one", "two")] == ["1", "3"]


@pytest.mark.slow
async def test_a_cleared_conversation_is_forgotten_by_the_graph_too(chat_with: Any) -> None:
    driver = await chat_with(graph_of(counts))
    await driver.ask("one")
    driver.clear()
    assert (await driver.ask("two")).text == "1"
    assert [said for _, lane, said in order(driver) if lane == "text"] == ["two", "1"]


async def test_a_question_that_is_tried_again_is_answered_once() -> None:
    driver = Driver(graph_of(counts))  # a server with ag-ui-langgraph 0.0.47 answers it behind its old answer
    await driver.ask("one")
    await driver.ask("two")
    assert (await driver.retry()).text == "3"
    assert [said for _, lane, said in order(driver) if lane == "text"] == ["one", "1", "two", "3"]


@pytest.mark.slow
async def test_the_snapshot_at_the_end_moves_and_doubles_nothing(chat_with: Any) -> None:
    driver = await chat_with(graph_of(asks_the_tool, weather))
    places = []
    async for event in driver.submit("weather in Porto?"):
        if event["type"] == "TEXT_MESSAGE_END":
            places.append(ids(driver))
    before = places[-1]
    await driver.ask("and now?")
    assert ids(driver)[: len(before)] == before
    assert [lane for role, lane, _ in order(driver) if role == "assistant"] == ["reasoning", "tools", "text"] * 2


@pytest.mark.slow
async def test_the_snapshot_gives_the_result_a_new_id_and_nothing_is_drawn_for_it(chat_with: Any) -> None:
    driver = await chat_with(graph_of(asks_the_tool, weather))
    drawn: list[str] = []
    driver.session.subscribe(lambda envelopes: drawn.extend(envelope["kind"] for envelope in envelopes))
    events = [event async for event in driver.submit("weather in Porto?")]
    streamed = [event["messageId"] for event in events if event["type"] == "TOOL_CALL_RESULT"]
    kept = [message["id"] for message in driver.messages if message["role"] == "tool"]
    assert len(kept) == 1 and kept != streamed
    assert [kind for kind in drawn if kind in ("part.put", "part.remove", "message.move", "message.remove")] == []
    assert (drawn.count("message.start"), drawn.count("tools.update")) == (3, 3)


@pytest.mark.slow
async def test_the_results_stay_behind_their_calls_in_the_history(chat_with: Any) -> None:
    driver = await chat_with(graph_of(asks_the_tool, weather))
    for text in ("one", "two"):
        await driver.ask(text)
    roles = [message["role"] for message in driver.messages if message["role"] != "reasoning"]
    assert roles == ["user", "assistant", "tool", "assistant"] * 2


# -- frontend tools ----------------------------------------------------------------------------------


def double(number: int) -> int:
    """Twice a number."""
    return 2 * number


def asks_the_kernel(messages: list[BaseMessage]) -> Iterator[AIMessageChunk]:
    if isinstance(messages[-1], ToolMessage):
        yield from words(f"it is {messages[-1].content}")
    else:
        yield from call("double", '{"number": 21}')


@pytest.mark.slow
async def test_a_python_tool_is_run_here_and_the_graph_goes_on_with_its_value(chat_with: Any) -> None:
    driver = await chat_with(graph_of(asks_the_kernel), tools=[double])
    assert (await driver.ask("twice 21?")).text == "it is 42"
    assert rows(driver) == [("double", "done", "42")]
    assert notices(driver) == []


@pytest.mark.slow
async def test_the_graph_is_told_of_the_python_tools(chat_with: Any) -> None:
    names: list[Any] = []

    def model(state: State) -> dict[str, Any]:
        names.extend((tool["name"], tool["description"]) for tool in state["tools"])
        return {"messages": [AIMessage("ok")]}

    graph = StateGraph(State).add_node(model).add_edge(START, "model").compile()
    driver = await chat_with(graph, tools=[double])
    await driver.ask("go")
    assert names == [("double", "Twice a number.")]


@pytest.mark.slow
async def test_what_a_python_tool_raises_is_told_to_the_graph(chat_with: Any) -> None:
    def double(number: int) -> int:
        raise ValueError("too big")

    driver = await chat_with(graph_of(asks_the_kernel), tools=[double])
    assert "too big" in (await driver.ask("go")).text
    assert [(name, state) for name, state, _ in rows(driver)] == [("double", "error")]


# -- interrupts --------------------------------------------------------------------------------------


def drop_table(name: str) -> str:
    """Drop a table, after asking."""
    answer = interrupt({"reason": "confirmation", "message": f"Drop {name}?", "toolCallId": "call-1"})
    return f"dropped {name}" if answer.get("approved") else f"kept {name}: {answer.get('reason', answer)}"


def drops_a_table(messages: list[BaseMessage]) -> Iterator[AIMessageChunk]:
    if isinstance(messages[-1], ToolMessage):
        yield from words(str(messages[-1].content))
    else:
        yield from call("drop_table", '{"name": "users"}')


@pytest.mark.slow
async def test_an_interrupt_is_asked_in_the_row_of_its_call(chat_with: Any) -> None:
    driver = await chat_with(graph_of(drops_a_table, drop_table))
    await driver.ask("go")
    asked = [value for value in shown(driver, "tools") if "answer" in value]
    assert [(each["message"], each["call_id"]) for each in asked] == [("Drop users?", "call-1")]
    assert (driver.status, rows(driver)) == ("awaiting_input", [("drop_table", "waiting", None)])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (lambda driver: driver.resolve(), "dropped users"),
        (lambda driver: driver.reject("too risky"), "kept users: too risky"),
        (lambda driver: driver.resolve({"reason": "later"}), "kept users: later"),
    ],
    ids=["resolved", "rejected", "with a payload"],
)
async def test_a_resumed_graph_goes_on_with_the_answer(chat_with: Any, answer: Any, text: str) -> None:
    driver = await chat_with(graph_of(drops_a_table, drop_table))
    await driver.ask("go")
    assert (await answer(driver)).text == text
    assert rows(driver) == [("drop_table", "done", text)]
    assert [value for value in shown(driver, "tools") if "answer" in value] == []


@pytest.mark.slow
async def test_an_interrupt_and_its_answer_need_no_repair(chat_with: Any) -> None:
    driver = await chat_with(graph_of(drops_a_table, drop_table))
    await driver.ask("go")
    await driver.resolve()
    assert notices(driver) == []


def asks_twice() -> Any:
    """A graph in which two nodes ask at the same time."""

    def asks(table: str) -> Any:
        def node(state: State) -> dict[str, Any]:
            return {"messages": [AIMessage(f"{table}: {interrupt(f'Drop {table}?')}")]}

        return node

    graph = StateGraph(State).add_node("users", asks("users")).add_node("orders", asks("orders"))
    return graph.add_edge(START, "users").add_edge(START, "orders").compile()


async def test_two_interrupts_get_each_its_own_answer() -> None:
    driver = Driver(asks_twice())
    await driver.ask("go")
    orders, users = sorted(driver.pending, key=lambda each: str(each["message"]))
    assert driver.resolve("no", interrupt=orders["id"]) is None
    run = driver.resolve("yes", interrupt=users["id"])
    assert run is not None
    assert sorted((await run).text.split("\n\n")) == ["orders: no", "users: yes"]


# -- shared state ------------------------------------------------------------------------------------


@pytest.mark.slow
async def test_the_state_goes_to_the_graph_and_comes_back(chat_with: Any) -> None:
    driver = await chat_with(graph_of(lambda messages: words("ok")), state={"count": 41})
    await driver.ask("go")
    assert driver.client.state["count"] == 42
    assert driver.session.snapshot()["state"]["count"] == 42


@pytest.mark.slow
async def test_the_state_is_kept_from_turn_to_turn(chat_with: Any) -> None:
    driver = await chat_with(graph_of(lambda messages: words("ok")))
    for text in ("one", "two"):
        await driver.ask(text)
    assert driver.client.state["count"] == 2


# -- the object that is given ------------------------------------------------------------------------


async def test_the_client_runs_a_graph_without_any_notebook() -> None:
    client = AgentClient(graph_of(lambda messages: words("hello")))
    assert [event["type"] async for event in client.run("hi")][-1] == "RUN_FINISHED"


def test_the_chat_has_the_graphs_name() -> None:
    graph = StateGraph(State).add_node("a", lambda state: None).add_edge(START, "a").compile(name="Librarian")
    assert repr(AgentChat(graph)) == "AgentChat('Librarian')"


async def test_a_graph_without_a_checkpointer_is_not_changed() -> None:
    graph = graph_of(lambda messages: words("hello"))
    await Driver(graph).ask("hi")
    assert graph.checkpointer is None


async def test_the_checkpointer_of_the_graph_is_used() -> None:
    saver = InMemorySaver()
    driver = Driver(graph_of(lambda messages: words("hello"), checkpointer=saver))
    await driver.ask("hi")
    assert saver.get({"configurable": {"thread_id": driver.client.thread_id}}) is not None


async def test_the_config_of_the_runs_is_an_option() -> None:
    seen: list[Any] = []

    def model(state: State, config: RunnableConfig) -> dict[str, Any]:
        seen.append(config["configurable"]["who"])
        return {"messages": [AIMessage("ok")]}

    graph = StateGraph(State).add_node("model", model).add_edge(START, "model").compile()
    await Driver(graph, config={"configurable": {"who": "ada"}}).ask("go")
    assert seen == ["ada"]


def test_a_graph_that_is_not_compiled_is_refused_with_the_line_to_write() -> None:
    with pytest.raises(AgentError, match=r"AgentChat\(graph\.compile\(\)\)"):
        AgentClient(StateGraph(State))


def test_an_unknown_option_is_refused_by_name() -> None:
    with pytest.raises(AgentError, match="colour.*Known: config"):
        AgentClient(graph_of(lambda messages: words("x")), colour="red")


def test_without_its_adapter_the_package_to_install_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = graph_of(lambda messages: words("x"))
    monkeypatch.setitem(sys.modules, "ag_ui_langgraph", None)
    with pytest.raises(AgentError, match=r'pip install "agui_widget\[langgraph\]"'):
        AgentClient(graph)


def test_other_objects_are_not_taken_for_graphs() -> None:
    assert not any(adapter.recognises(given) for given in (None, "http://x", FakeModel(script=counts), graph_of))


@pytest.mark.slow
async def test_the_artifact_of_a_tool_is_the_value_of_its_call() -> None:
    prices = pandas.DataFrame({"price": [1]})

    def weather(city: str) -> tuple[str, pandas.DataFrame]:
        """The weather in a city."""
        return f"sunny in {city}", prices

    both = StructuredTool.from_function(weather, response_format="content_and_artifact")
    driver = Driver(graph_of(asks_the_tool, both))
    await driver.submit("where is it sunny?")
    assert driver.tool_calls[0].value is prices
    assert rows(driver) == [("weather", "done", "sunny in Porto")]
