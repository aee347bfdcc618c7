"""Interfaces in a conversation: plain Python shows them, and what users do on them reaches the agent once."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from agui_widget import AgentChat, AgentClient, Driver, a2ui
from agui_widget.errors import AgentError
from agui_widget.widget import STATIC

from .live_agents import PLACES, drivers, notices, rows
from .servers import RawServer, frames, stream

FORM = a2ui.Column(
    a2ui.TextField("Name", value=a2ui.path("/name")),
    a2ui.Button("Send", action="submit", context={"name": a2ui.path("/name")}),
)
ARGUMENTS = {
    "surfaceId": "form",
    "components": [
        {"id": "root", "component": "Column", "children": ["name", "send"]},
        {"id": "name", "component": "TextField", "label": "Name", "value": {"path": "/name"}},
        {"id": "send", "component": "Button", "child": "words", "action": {"event": {"name": "submit"}}},
        {"id": "words", "component": "Text", "text": "Send"},
    ],
    "data": {"name": ""},
}


def action(surface: str = "form", **context: Any) -> dict[str, Any]:
    """What a page says when a button is pressed."""
    said = {"name": "submit", "surfaceId": surface, "sourceComponentId": "send", "context": context}
    return {"version": "v0.9", "action": {**said, "timestamp": "2026-11-20T10:00:00Z"}}


def parts(driver: Driver) -> list[tuple[str, dict[str, Any]]]:
    """Message and part of every surface, top to bottom."""
    messages = driver.session.snapshot()["messages"]
    return [(m["id"], part) for m in messages for part in m["lanes"].get("a2ui", {"parts": []})["parts"]]


def made(driver: Driver) -> list[list[str]]:
    """The surface ids that each part makes."""
    operations = [part["value"]["operations"] for _, part in parts(driver)]
    return [[each["createSurface"]["surfaceId"] for each in some if "createSurface" in each] for some in operations]


def wait_until(condition: Any) -> None:
    deadline = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.005)


# -- plain Python ------------------------------------------------------------------------------------


def test_a_component_that_is_yielded_is_a_surface() -> None:
    def agent() -> Any:
        yield "Who are you?"
        yield FORM

    driver = Driver(agent)
    assert driver.ask_sync("hi").text == "Who are you?"
    ((_, part),) = parts(driver)
    assert [list(each)[1] for each in part["value"]["operations"]] == ["createSurface", "updateComponents"]
    assert notices(driver) == []


def test_equal_forms_are_surfaces_of_their_own() -> None:
    def agent() -> Any:
        yield FORM
        yield FORM
        yield a2ui.surface(FORM)

    driver = Driver(agent)
    driver.ask_sync("hi")
    driver.ask_sync("again")
    ids = [each for some in made(driver) for each in some]
    assert (len(ids), len(set(ids)), len(parts(driver))) == (6, 6, 6)


def test_messages_for_a_surface_that_is_there_go_on_in_its_place() -> None:
    def agent(text: str) -> Any:
        if text == "make":
            yield a2ui.surface(FORM, surface_id="mine")
        yield {"version": "v0.9", "updateDataModel": {"surfaceId": "mine", "path": "/name", "value": text}}

    driver = Driver(agent)
    driver.ask_sync("make")
    driver.ask_sync("Ada")
    ((_, part),) = parts(driver)
    values = [each["updateDataModel"]["value"] for each in part["value"]["operations"] if "updateDataModel" in each]
    assert values == ["make", "Ada"]


def test_messages_by_a_made_up_id_find_their_surface_within_the_run() -> None:
    def agent() -> Any:
        messages = a2ui.surface(FORM)
        yield messages
        surface_id = messages[0]["createSurface"]["surfaceId"]
        yield [{"version": "v0.9", "updateDataModel": {"surfaceId": surface_id, "value": {"name": "Ada"}}}]

    driver = Driver(agent)
    driver.ask_sync("hi")
    ((_, part),) = parts(driver)
    assert len({surface_of(each) for each in part["value"]["operations"]}) == 1
    assert len(part["value"]["operations"]) == 3


def surface_of(operation: dict[str, Any]) -> str:
    return next(body["surfaceId"] for body in operation.values() if isinstance(body, dict))


def test_objects_that_are_no_interfaces_are_shown_as_ever() -> None:
    driver = Driver(lambda: {"rows": [1, 2], "version": "v0.9"})
    driver.ask_sync("hi")
    assert parts(driver) == []


# -- what users do -----------------------------------------------------------------------------------


def listening() -> tuple[list[Any], Any]:
    """An agent that shows a form, and what its runs were about."""
    heard: list[Any] = []

    def agent(run: Any) -> Any:
        heard.append(run)
        if run.action:
            yield f"Hello {run.action['context']['name']}"
        else:
            yield a2ui.surface(FORM, surface_id="form", send_data=True)

    return heard, agent


def test_an_agent_gets_exactly_the_values_and_answers_without_a_bubble() -> None:
    heard, agent = listening()
    driver = Driver(agent)
    driver.ask_sync("hi")
    message = action(name='Ada "L" </script>\u2028')
    model = {"a2uiClientDataModel": {"version": "v0.9", "surfaces": {"form": {"name": "Ada"}}}}
    answer = driver.act(message, part=parts(driver)[0][1]["key"], model=model).result()
    assert answer.text == 'Hello Ada "L" </script>\u2028'
    assert heard[-1].action == {key: message["action"][key] for key in heard[-1].action}
    assert heard[-1].surface_data == {"name": "Ada"}
    assert [m["role"] for m in driver.messages if m["role"] == "user"] == ["user"]
    assert [m["role"] for m in driver.session.snapshot()["messages"]].count("user") == 1


def test_the_exchange_is_in_one_request_and_in_no_history() -> None:
    heard, agent = listening()
    driver = Driver(agent)
    driver.ask_sync("hi")
    driver.act(action(name="Ada")).result()
    driver.ask_sync("and now?")
    roles = [[m["role"] for m in run.input["messages"]] for run in heard]
    assert roles == [["user"], ["user", "assistant", "tool"], ["user", "assistant", "user"]]
    call, told = heard[1].input["messages"][1:]
    assert call["toolCalls"][0]["function"]["name"] == "log_a2ui_event"
    assert (
        told["content"] == 'User performed action "submit" on surface "form" (component: send). Context: {"name":"Ada"}'
    )
    assert ["a2uiAction" in run.input["forwardedProps"] for run in heard] == [False, True, False]
    assert not any("log_a2ui_event" in json.dumps(message) for message in driver.messages)


def test_an_action_during_a_run_waits_for_its_end() -> None:
    may_end = threading.Event()
    heard: list[Any] = []

    def agent(run: Any) -> Any:
        heard.append(run.action and run.action["context"])
        if not run.action:
            may_end.wait(5)
        yield "done"

    driver = Driver(agent)
    first = driver.submit("go")
    wait_until(lambda: heard)
    second = driver.act(action(name="Ada"))
    assert second.status == "queued"
    may_end.set()
    assert (first.result().text, second.result().text) == ("done", "done")
    assert heard == [None, {"name": "Ada"}]


def test_retry_after_an_action_tells_the_agent_of_it_again() -> None:
    heard, agent = listening()
    driver = Driver(agent)
    driver.ask_sync("hi")
    driver.act(action(name="Ada")).result()
    assert driver.retry().result().text == "Hello Ada"
    assert [run.action is not None for run in heard] == [False, True, True]
    driver.ask_sync("a word")
    driver.retry().result()
    assert heard[-1].action is None


def test_an_action_with_words_says_them_in_the_users_name() -> None:
    heard, agent = listening()
    driver = Driver(agent)
    message = action(name="Ada")
    message["action"]["userMessage"] = "I am Ada"
    assert driver.act(message).result().question == "I am Ada"
    assert heard[0].text == "I am Ada"


def test_what_is_no_action_is_refused() -> None:
    with pytest.raises(AgentError, match="'error' is no action"):
        Driver(lambda: "x").act({"version": "v0.9", "error": {"code": "X", "message": "y"}})


def test_a_server_with_the_middleware_is_told_by_its_props_alone() -> None:
    async def heard(*, has_middleware: bool) -> dict[str, Any]:
        inputs: list[dict[str, Any]] = []

        def agent(run: Any) -> None:
            inputs.append(run.input)

        client = AgentClient(agent)
        said = client_action(has_middleware)
        async for _ in client.run("hi", action=said):
            pass
        return inputs[0]

    told = asyncio.run(heard(has_middleware=True))
    assert [m["role"] for m in told["messages"]] == ["user"]
    assert told["forwardedProps"]["a2uiAction"]["userAction"]["name"] == "submit"
    assert len(asyncio.run(heard(has_middleware=False))["messages"]) == 3


ACTIVITY = {
    "type": "ACTIVITY_SNAPSHOT",
    "messageId": "a2ui-surface-c1",
    "activityType": "a2ui-surface",
    "content": {"a2ui_operations": a2ui.surface(FORM, surface_id="form")},
}


@pytest.mark.slow
async def test_only_who_sent_an_activity_from_afar_has_the_middleware() -> None:
    ids = {"threadId": "t", "runId": "r"}
    shows = [{"type": "RUN_STARTED", **ids}, ACTIVITY, {"type": "RUN_FINISHED", **ids}]
    async with RawServer(stream(frames(shows))) as server:
        driver = Driver(server.url)
        await driver.ask("hi")
        await driver.act(action(name="Ada"), part=parts(driver)[0][1]["key"])
        await driver.act(action(name="Ada"), part="one that nobody knows")
        requests = [json.loads(request.body) for request in server.requests]
    assert [[m["role"] for m in each["messages"]] for each in requests] == [
        ["user"],
        ["user"],
        ["user", "assistant", "tool"],
    ]
    assert ["a2uiAction" in each["forwardedProps"] for each in requests] == [False, True, True]


def client_action(has_middleware: bool) -> Any:
    from agui_widget.client import Action

    return Action(action(), has_middleware=has_middleware)


# -- in Python ---------------------------------------------------------------------------------------


def test_a_callback_gets_the_action_and_the_agent_still_runs() -> None:
    heard, agent = listening()
    got: list[Any] = []
    driver = Driver(agent)
    driver.on_action(got.append)
    assert driver.act(action(name="Ada")).result().text == "Hello Ada"
    assert got == [a2ui.user_action(action(name="Ada"))]


def test_a_callback_that_says_true_has_dealt_with_it() -> None:
    heard, agent = listening()
    driver = Driver(agent)

    @driver.on_action
    async def deal(said: dict[str, Any]) -> bool:
        return True

    assert driver.act(action(name="Ada")).result().text == ""
    assert (heard, driver.status) == ([], "idle")


def test_a_callback_may_ask_the_agent_itself() -> None:
    driver = Driver(lambda text: f"heard {text}")
    answers: list[str] = []

    @driver.on_action
    def ask(said: dict[str, Any]) -> bool:
        answers.append(driver.ask_sync(said["context"]["name"]).text)
        return True

    driver.act(action(name="Ada")).result()
    assert answers == ["heard Ada"]


def test_a_callback_that_fails_is_an_error_and_the_agent_runs() -> None:
    heard, agent = listening()
    driver = Driver(agent)
    driver.on_action(lambda said: 1 / 0)
    assert driver.act(action(name="Ada")).result().text == "Hello Ada"
    messages = driver.session.snapshot()["messages"]
    errors = [p["value"]["message"] for m in messages for p in m["lanes"].get("errors", {"parts": []})["parts"]]
    assert errors == ["on_action: ZeroDivisionError: division by zero"]


# -- edits, and what a page sends --------------------------------------------------------------------


def test_what_is_entered_is_kept_with_its_surface(tmp_path: Path) -> None:
    driver = Driver(listening()[1])
    driver.ask_sync("hi")
    ((message_id, part),) = parts(driver)
    edits = [{"path": "/name", "value": "Ada", "base": ""}]
    driver.keep_edits(message_id, part["key"], "form", edits)
    driver.keep_edits(message_id, "gone", "form", edits)
    driver.keep_edits("gone", part["key"], "form", edits)
    wait_until(lambda: parts(driver)[0][1]["value"].get("edits") == {"form": edits})
    again = Driver(listening()[1])
    again.load(driver.save(tmp_path / "chat.json"))
    assert parts(again) == parts(driver)


def test_who_looks_on_hears_once_of_what_is_entered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agui_widget.driver.ENTERED_S", 0.05)
    driver = Driver(listening()[1])
    driver.ask_sync("hi")
    ((message_id, part),) = parts(driver)
    seen: list[Any] = []
    driver.at_rest = lambda: seen.append(parts(driver)[0][1]["value"]["edits"]["form"][0]["value"])
    for value in ("A", "Ad", "Ada"):
        driver.keep_edits(message_id, part["key"], "form", [{"path": "/name", "value": value, "base": ""}])
    wait_until(lambda: seen)
    time.sleep(0.1)
    assert seen == ["Ada"]


class Page:
    """Stands where the comm stands."""

    def __init__(self, chat: AgentChat, monkeypatch: pytest.MonkeyPatch) -> None:
        self.chat, self.received = chat, list[tuple[dict[str, Any], Any]]()
        monkeypatch.setattr(chat, "send", lambda content, buffers=None: self.received.append((content, buffers)))

    def send(self, **intent: Any) -> None:
        self.chat._handle_custom_msg(intent, [])

    def answers(self, kind: str) -> list[tuple[dict[str, Any], Any]]:
        wait_until(lambda: any(content["t"] == kind for content, _ in self.received))
        return [each for each in self.received if each[0]["t"] == kind]


def test_a_page_gets_the_file_it_asks_for(monkeypatch: pytest.MonkeyPatch) -> None:
    page = Page(AgentChat(lambda: "x"), monkeypatch)
    page.send(t="chunk", name="a2ui")
    ((content, buffers),) = page.answers("chunk")
    assert content == {"t": "chunk", "name": "a2ui"}
    assert buffers[0] == (STATIC / "chunks" / "a2ui.gz").read_bytes()


def test_a_page_gets_no_other_file(monkeypatch: pytest.MonkeyPatch) -> None:
    page = Page(AgentChat(lambda: "x"), monkeypatch)
    page.send(t="chunk", name="../widget")
    ((content, buffers),) = page.answers("chunk")
    assert content["error"] and buffers is None


def test_a_press_of_a_button_reaches_the_agent(monkeypatch: pytest.MonkeyPatch) -> None:
    heard, agent = listening()
    got: list[Any] = []
    chat = AgentChat(agent, on_action=got.append)
    page = Page(chat, monkeypatch)
    chat.ask_sync("hi")
    page.send(t="action", part=parts(chat._driver)[0][1]["key"], message=action(name="Ada"))
    wait_until(lambda: len(heard) == 2 and chat.status == "idle")
    assert heard[1].action["context"] == got[0]["context"] == {"name": "Ada"}


@pytest.mark.parametrize(
    "intent",
    [
        {"t": "action", "part": "p", "message": {"error": {}}},
        {"t": "action", "part": "p", "message": "words"},
        {"t": "action", "part": "p", "message": {"action": {"name": "x" * 1_000_001}}},
        {"t": "edit", "message_id": "m", "part": "p", "surface": "s", "edits": [{"value": "x" * 70_000}]},
        {"t": "edit", "message_id": "m", "part": "p", "surface": "s", "edits": {}},
        {"t": "chunk", "name": "x" * 65},
    ],
)
def test_what_a_page_may_not_send_is_refused(intent: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    page = Page(AgentChat(lambda: "x"), monkeypatch)
    page.send(**intent)
    assert page.answers("refused")


# -- offering it to an agent -------------------------------------------------------------------------


def inputs_of(**options: Any) -> dict[str, Any]:
    seen: list[dict[str, Any]] = []
    driver = Driver(lambda run: seen.append(run.input), **options)
    driver.ask_sync("hi")
    return seen[0]


def test_an_agent_is_offered_the_tool_only_if_that_is_wanted() -> None:
    plain, offered = inputs_of(), inputs_of(a2ui=True)
    assert (plain["tools"], plain["context"]) == ([], [])
    assert [tool["name"] for tool in offered["tools"]] == ["render_a2ui"]
    assert offered["context"][0] == a2ui.catalog_context()


def test_a_tool_of_that_name_takes_its_place() -> None:
    def render_a2ui(surfaceId: str) -> str:
        """Mine."""
        return surfaceId

    (tool,) = inputs_of(a2ui=True, tools=[render_a2ui])["tools"]
    assert tool["description"] == "Mine."


# -- a model that calls render_a2ui -------------------------------------------------------------------

pydantic_ai = pytest.importorskip("pydantic_ai", reason="needs the extra [pydantic-ai]")

from pydantic_ai import Agent  # noqa: E402
from pydantic_ai.messages import ModelMessage, ToolReturnPart, UserPromptPart  # noqa: E402
from pydantic_ai.models.function import AgentInfo, DeltaToolCall, FunctionModel  # noqa: E402

from .test_pydantic_ai import app_of  # noqa: E402


def rendering(seen: list[list[ModelMessage]]) -> Any:
    """A model that shows a form, then answers with what it was told."""

    async def model(messages: list[ModelMessage], info: AgentInfo) -> AsyncIterator[Any]:
        seen.append(messages)
        last = messages[-1].parts[-1]
        if isinstance(last, ToolReturnPart):
            yield f"Told: {last.content}"
        elif isinstance(last, UserPromptPart) and last.content == "hi":
            words = json.dumps(ARGUMENTS)
            yield {0: DeltaToolCall(name="render_a2ui", json_args=words[:40], tool_call_id="call-1")}
            for at in range(40, len(words), 7):
                yield {0: DeltaToolCall(json_args=words[at : at + 7])}
        else:
            yield "nothing to do"

    return FunctionModel(stream_function=model)


@pytest.fixture(params=PLACES)
async def chat_with(request: pytest.FixtureRequest) -> AsyncIterator[Any]:
    async with drivers(request.param, app_of) as make:
        yield make


@pytest.mark.slow
async def test_a_model_streams_a_form_and_is_told_what_was_entered(chat_with: Any) -> None:
    seen: list[list[ModelMessage]] = []
    driver = await chat_with(Agent(rendering(seen)), a2ui=True)
    answer = await driver.ask("hi")
    assert answer.status == "finished"
    assert rows(driver) == [("render_a2ui", "done", '{"status":"rendered"}')]
    assert made(driver) == [["form"]]
    told = await driver.act(action(name="Ada", age=36), part=parts(driver)[0][1]["key"])
    assert told.text == (
        'Told: User performed action "submit" on surface "form" (component: send). Context: {"name":"Ada","age":36}'
    )
    assert notices(driver) == []


@pytest.mark.slow
async def test_the_request_after_a_form_is_valid(chat_with: Any) -> None:
    seen: list[list[ModelMessage]] = []
    driver = await chat_with(Agent(rendering(seen)), a2ui=True)
    await driver.ask("hi")
    assert (await driver.ask("and?")).text == "nothing to do"
    returns = [part.content for message in seen[-1] for part in message.parts if isinstance(part, ToolReturnPart)]
    assert returns == [{"status": "rendered"}]
    assert not any("log_a2ui_event" in str(message) for message in seen[-1])


@pytest.mark.slow
async def test_a_model_whose_form_is_wrong_hears_what_to_mend(chat_with: Any) -> None:
    async def model(messages: list[ModelMessage], info: AgentInfo) -> AsyncIterator[Any]:
        wrong = {"surfaceId": "form", "components": [{"id": "root", "component": "Texture"}]}
        yield {0: DeltaToolCall(name="render_a2ui", json_args=json.dumps(wrong), tool_call_id="call-1")}

    driver = await chat_with(Agent(FunctionModel(stream_function=model)), a2ui=True)
    await driver.ask("hi")
    ((_, _, result),) = rows(driver)
    assert "Texture" in json.loads(result)["errors"][0]["message"]
