"""The AG-UI client without a notebook: endings, history, clean-up."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from agui_widget import AgentClient


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
