"""The AG-UI client without a notebook: endings, history, clean-up."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from agui_widget import AgentClient
from agui_widget.errors import AgentError


async def run(client: AgentClient, text: str = "hello") -> list[str]:
    return [event["type"] async for event in client.run(text)]


async def echo(text: str) -> AsyncIterator[str]:
    yield f"You said: {text}"


async def test_a_run_yields_events_and_keeps_the_messages() -> None:
    client = AgentClient(echo)
    assert (await run(client))[-1] == "RUN_FINISHED"
    assert [(m["role"], m["content"]) for m in client.messages] == [("user", "hello"), ("assistant", "You said: hello")]
    assert (client.outcome, client.detail) == ("finished", {"type": "success"})


async def test_the_agent_gets_everything_that_old_servers_insist_on() -> None:
    seen: dict[str, Any] = {}

    async def agent(run: Any) -> AsyncIterator[str]:
        seen.update(run.input)
        yield "x"

    client = AgentClient(agent, thread_id="t")
    await run(client)
    assert set(seen) == {
        "threadId",
        "runId",
        "protocolVersion",
        "messages",
        "state",
        "tools",
        "context",
        "forwardedProps",
    }
    assert (seen["threadId"], seen["protocolVersion"], seen["state"], seen["tools"]) == ("t", "1.0", {}, [])


async def test_activities_are_never_sent_back() -> None:
    roles: list[str] = []

    async def agent(messages: Any) -> AsyncIterator[Any]:
        roles[:] = [message["role"] for message in messages]
        yield {"an": "object"}
        yield "x"

    client = AgentClient(agent)
    await run(client)
    await run(client)
    assert roles == ["user", "assistant", "user"]


async def test_a_forgotten_conversation_goes_on_on_a_thread_of_its_own() -> None:
    client = AgentClient(echo, thread_id="t")
    await run(client)
    client.forget()
    assert client.messages == [] and client.thread_id != "t"


async def test_an_exception_is_the_agents_error_with_its_traceback() -> None:
    async def agent() -> AsyncIterator[str]:
        yield "x"
        raise KeyError("mine")

    client = AgentClient(agent)
    assert (await run(client))[-1] == "RUN_ERROR"
    assert (client.outcome, client.detail["code"]) == ("error", "KeyError")
    assert "in agent" in client.detail["traceback"]


async def test_closing_the_run_early_aborts_it_and_closes_the_agent() -> None:
    closed = asyncio.Event()

    async def agent() -> AsyncIterator[str]:
        try:
            while True:
                yield "x"
        finally:
            closed.set()

    client = AgentClient(agent)
    events = client.run("go")
    await anext(events)
    await events.aclose()
    assert closed.is_set()
    assert client.outcome == "aborted"


async def test_repairs_are_told() -> None:
    warnings: list[dict[str, Any]] = []

    async def agent() -> AsyncIterator[Any]:
        yield {"type": "CUSTOM", "name": "x", "value": 1, "unheardOf": True}

    await run(AgentClient(agent, on_warning=warnings.append))
    assert "unheardOf" in warnings[0]["message"]


async def test_strict_mode_refuses_what_lenient_mode_repairs() -> None:
    async def agent() -> AsyncIterator[Any]:
        yield {"type": "CUSTOM", "name": "x", "value": 1, "timestamp": 1.5}

    lenient, strict = AgentClient(agent), AgentClient(agent, strict=True)
    await run(lenient)
    await run(strict)
    assert (lenient.outcome, strict.outcome) == ("finished", "rejected")


@pytest.mark.parametrize("option", ["headers", "deps"])
def test_options_that_an_agent_does_not_take_are_refused_by_name(option: str) -> None:
    with pytest.raises(Exception, match=option):
        AgentClient(echo, **{option: {}})


# -- Python tools ------------------------------------------------------------------------------------


def add(a: int, b: int) -> int:
    """Add two numbers."""
    return a + b


def calls_tools(*rounds: list[tuple[str, str, str]]) -> Any:
    """An agent that calls these tools, one list of (id, name, arguments) a run, then says how many results it saw."""
    waiting = iter(rounds)

    async def agent(messages: Any) -> AsyncIterator[Any]:
        calls = next(waiting, [])
        for call_id, name, arguments in calls:
            yield {"type": "TOOL_CALL_START", "toolCallId": call_id, "toolCallName": name}
            yield {"type": "TOOL_CALL_ARGS", "toolCallId": call_id, "delta": arguments}
            yield {"type": "TOOL_CALL_END", "toolCallId": call_id}
        if not calls:
            yield f"{sum(message['role'] == 'tool' for message in messages)} results"

    return agent


def tool_messages(client: AgentClient) -> list[tuple[str, str | None]]:
    return [(m["content"], m.get("error")) for m in client.messages if m["role"] == "tool"]


async def test_python_tools_are_advertised() -> None:
    seen: list[Any] = []

    async def agent(run: Any) -> AsyncIterator[str]:
        seen.extend(run.input["tools"])
        yield "x"

    await run(AgentClient(agent, tools=[add]))
    assert seen[0]["name"] == "add" and seen[0]["parameters"]["required"] == ["a", "b"]


async def test_pending_calls_are_run_answered_and_the_agent_goes_on() -> None:
    client = AgentClient(calls_tools([("1", "add", '{"a": 2, "b": 3}')]), tools=[add])
    types = await run(client)
    assert types.count("RUN_STARTED") == 2 and types.count("TOOL_CALL_RESULT") == 1
    assert tool_messages(client) == [("5", None)]
    assert client.messages[-1]["content"] == "1 results"


async def test_every_pending_call_gets_a_result_whatever_happens() -> None:
    calls = [("1", "add", "{}"), ("2", "unheard_of", "{}"), ("3", "add", "{"), ("4", "add", '{"a": 1, "b": 1}')]
    client = AgentClient(calls_tools(calls), tools=[add])
    await run(client)
    contents, errors = zip(*tool_messages(client), strict=True)
    assert contents == ("", "", "", "2")
    assert [bool(error) for error in errors] == [True, True, True, False]
    assert "no tool named 'unheard_of'" in errors[1]


async def test_denied_tools_are_declined_and_not_run() -> None:
    ran = []

    def dangerous() -> None:
        ran.append(True)

    client = AgentClient(calls_tools([("1", "dangerous", "{}")]), tools=[dangerous], approve="deny")
    await run(client)
    assert (ran, tool_messages(client)) == ([], [("The user declined this call.", None)])


async def test_an_agent_that_never_stops_calling_is_ended() -> None:
    rounds = [[(str(number), "add", '{"a": 1, "b": 1}')] for number in range(50)]
    client = AgentClient(calls_tools(*rounds), tools=[add], max_tool_rounds=3)
    types = await run(client)
    assert types.count("RUN_STARTED") == 4
    assert client.outcome == "error" and "max_tool_rounds" in client.detail["message"]


async def test_without_tools_pending_calls_are_left_to_the_caller() -> None:
    client = AgentClient(calls_tools([("1", "add", "{}")]))
    await run(client)
    assert (client.outcome, client.pending_tool_call_ids) == ("finished", ["1"])


async def test_a_run_may_bring_its_own_tools() -> None:
    client = AgentClient(calls_tools([("1", "add", '{"a": 1, "b": 1}')]))
    assert [event["type"] async for event in client.run("go", tools=[add])].count("RUN_STARTED") == 2


async def test_stopping_while_a_tool_runs_aborts() -> None:
    async def slow() -> None:
        await asyncio.sleep(60)

    client = AgentClient(calls_tools([("1", "slow", "{}")]), tools=[slow])
    running = asyncio.ensure_future(run(client))
    while client.outcome != "aborted":  # said beforehand, and only taken back when the tools are done
        await asyncio.sleep(0.01)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert client.outcome == "aborted"


# -- interrupts --------------------------------------------------------------------------------------


def asking(*interrupts: dict[str, Any]) -> Any:
    """An agent that asks, and when it is resumed says what it got."""

    async def agent(run: Any) -> AsyncIterator[Any]:
        answers = run.input.get("resume") or run.input["forwardedProps"].get("command")
        if answers:
            yield str(answers)
            return
        outcome = {"type": "interrupt", "interrupts": list(interrupts)}
        yield {"type": "RUN_FINISHED", "threadId": run.input["threadId"], "runId": run.run_id, "outcome": outcome}

    return agent


CONFIRM = {"id": "i1", "reason": "confirmation", "message": "Drop the table?"}
INPUT = {"id": "i2", "reason": "input_required", "responseSchema": {"type": "object"}}


async def test_an_interrupted_run_says_what_it_waits_for() -> None:
    client = AgentClient(asking(CONFIRM))
    await run(client)
    assert (client.outcome, client.detail["type"], client.pending_interrupts) == ("finished", "interrupt", [CONFIRM])


async def test_a_pending_interrupt_must_be_answered_before_anything_else() -> None:
    client = AgentClient(asking(CONFIRM))
    await run(client)
    before = client.messages
    with pytest.raises(AgentError, match="i1"):
        await run(client, "something else")
    assert client.messages == before


async def test_every_open_interrupt_must_be_answered() -> None:
    client = AgentClient(asking(CONFIRM, INPUT))
    await run(client)
    with pytest.raises(AgentError, match="i2"):
        [event async for event in client.run(resume={"i1": {"status": "resolved"}})]


async def test_the_answers_travel_as_resume() -> None:
    client = AgentClient(asking(CONFIRM, INPUT))
    await run(client)
    answers = {"i1": {"status": "resolved", "payload": {"approved": True}}, "i2": {"status": "cancelled"}}
    [event async for event in client.run(resume=answers)]
    assert "'approved': True" in client.messages[-1]["content"] and "cancelled" in client.messages[-1]["content"]
    assert client.pending_interrupts == []


async def test_an_expired_interrupt_can_only_be_cancelled() -> None:
    client = AgentClient(asking({**CONFIRM, "expiresAt": "2001-01-01T00:00:00Z"}))
    await run(client)
    with pytest.raises(AgentError, match="expired"):
        [event async for event in client.run(resume={"i1": {"status": "resolved"}})]


async def test_a_legacy_interrupt_is_answered_as_langgraph_expects() -> None:
    async def agent(run: Any) -> AsyncIterator[Any]:
        if "command" in run.input["forwardedProps"]:
            yield str(run.input["forwardedProps"]["command"])
        else:
            yield {"type": "CUSTOM", "name": "on_interrupt", "value": '"Really?"'}

    client = AgentClient(agent)
    await run(client)
    (pending,) = client.pending_interrupts
    [event async for event in client.run(resume={pending["id"]: {"status": "resolved", "payload": "yes"}})]
    assert client.messages[-1]["content"] == "{'resume': 'yes'}"


async def test_a_peer_that_is_older_gets_what_it_understands() -> None:
    seen: dict[str, Any] = {}

    async def agent(run: Any) -> AsyncIterator[str]:
        seen.update(run.input)
        yield "x"

    await run(AgentClient(agent, peer="0.0.39"))
    assert "protocolVersion" not in seen
