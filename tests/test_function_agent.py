"""A Python function as an agent: parameters by name, what it may yield, where it runs."""

import asyncio
import functools
import json
import threading
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from agui_widget import AgentClient
from agui_widget.agents import as_agent
from agui_widget.errors import AgentError
from agui_widget.protocol import replay

INPUT = {
    "threadId": "t",
    "runId": "r",
    "state": {"count": 1},
    "messages": [
        {"id": "1", "role": "user", "content": "first"},
        {"id": "2", "role": "assistant", "content": "hm"},
        {"id": "3", "role": "user", "content": [{"type": "text", "text": "last"}]},
    ],
}


async def events_of(agent: Any) -> list[dict[str, Any]]:
    return [event async for event in as_agent(agent)(INPUT)]


async def text_of(agent: Any) -> str:
    result = replay(await events_of(agent), strict=True)
    assert result.outcome == "finished", result.detail
    return "".join(m["content"] for m in result.messages if m["role"] == "assistant")


async def async_generator(text: str) -> AsyncIterator[str]:
    yield "a "
    yield text


async def coroutine(text: str) -> str:
    return f"a {text}"


def generator(text: str) -> Iterator[str]:
    yield "a "
    yield text


def plain(text: str) -> str:
    return f"a {text}"


class Callable:
    async def __call__(self, text: str) -> AsyncIterator[str]:
        yield f"a {text}"

    def method(self, text: str) -> str:
        return f"a {text}"


def with_prefix(prefix: str, text: str) -> str:
    return f"{prefix} {text}"


@pytest.mark.parametrize(
    "agent",
    [
        async_generator,
        coroutine,
        generator,
        plain,
        Callable(),
        Callable().method,
        functools.partial(with_prefix, "a"),
        lambda text: f"a {text}",
        lambda text: async_generator(text),
        lambda text: coroutine(text),
    ],
    ids=[
        "async generator",
        "coroutine",
        "generator",
        "plain",
        "object",
        "method",
        "partial",
        "lambda",
        "lambda async generator",
        "lambda coroutine",
    ],
)
async def test_every_kind_of_function_is_an_agent(agent: Any) -> None:
    assert await text_of(agent) == "a last"


@pytest.mark.parametrize(
    ("agent", "expected"),
    [
        (lambda: "no parameter", "no parameter"),
        (lambda text: text, "last"),
        (lambda messages: str(len(messages)), "3"),
        (lambda run: f"{run.text} {run.run_id} {run.state['count']}", "last r 1"),
        (lambda text, run: text + run.text, "lastlast"),
        (lambda text, limit=3: f"{text} {limit}", "last 3"),
        (lambda **anything: "anything", "anything"),
    ],
)
async def test_parameters_are_given_by_name(agent: Any, expected: str) -> None:
    assert await text_of(agent) == expected


def test_an_unknown_parameter_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(AgentError, match=r"'prompt'.*text, messages, run.*def agent\(text\)"):
        as_agent(lambda prompt: prompt)


EVENT = {"type": "CUSTOM", "name": "x", "value": 1}


def model() -> Any:
    from ag_ui.core import CustomEvent

    return CustomEvent(name="x", value=1)


@pytest.mark.parametrize(
    "yielded",
    [
        lambda: EVENT,
        lambda: json.dumps(EVENT),
        lambda: json.dumps(EVENT).encode(),
        lambda: f"data: {json.dumps(EVENT)}\n\n",
        model,
    ],
    ids=["dict", "JSON", "bytes", "SSE frame", "model"],
)
async def test_events_may_be_dicts_json_or_models(yielded: Any) -> None:
    async def agent() -> AsyncIterator[Any]:
        yield yielded()

    assert [event for event in await events_of(agent) if event["type"] == "CUSTOM"] == [EVENT]


@pytest.mark.parametrize("said", ['{"type": "of thing"}', "{not json", "data: none of ours\n\n", '{"a": "type"}'])
async def test_text_that_only_looks_like_an_event_is_text(said: str) -> None:
    async def agent() -> AsyncIterator[str]:
        yield said

    assert await text_of(agent) == said


async def test_text_that_is_cut_in_a_character_or_nested_too_deep_is_text() -> None:
    deep = '{"type": ' + "[" * 100_000

    async def agent() -> AsyncIterator[str]:
        yield "a \ud83d"
        yield "\ude00 "
        yield deep

    assert await text_of(agent) == f"a \U0001f600 {deep}"


async def test_any_other_object_is_shown_as_its_text() -> None:
    async def agent() -> AsyncIterator[Any]:
        yield "before"
        yield {"a": 1}
        yield None
        yield "after"

    events = [event async for event in AgentClient(agent).run("go")]
    shown = [event["content"]["data"]["text/plain"] for event in events if event["type"] == "ACTIVITY_SNAPSHOT"]
    assert shown == ["{'a': 1}"]
    assert replay(events, strict=True).outcome == "finished"


async def test_an_object_whose_repr_raises_is_shown_as_that() -> None:
    class Broken:
        def __repr__(self) -> str:
            raise ValueError("no repr")

    events = [event async for event in AgentClient(lambda: Broken()).run("go")]
    shown = next(event for event in events if event["type"] == "ACTIVITY_SNAPSHOT")
    assert "no repr" in shown["content"]["data"]["text/plain"]


async def test_a_function_may_start_and_end_its_own_run() -> None:
    async def agent(run: Any) -> AsyncIterator[Any]:
        yield {"type": "RUN_STARTED", "threadId": "t", "runId": run.run_id}
        yield {"type": "RUN_ERROR", "message": "no"}

    assert [event["type"] for event in await events_of(agent)] == ["RUN_STARTED", "RUN_ERROR"]


async def test_a_function_that_says_nothing_is_a_finished_run() -> None:
    assert [event["type"] for event in await events_of(lambda: None)] == ["RUN_STARTED", "RUN_FINISHED"]


async def test_changed_state_is_told_at_the_end() -> None:
    async def agent(run: Any) -> AsyncIterator[str]:
        run.state["count"] += 1
        yield "done"

    assert replay(await events_of(agent), strict=True).state == {"count": 2}


async def test_sync_functions_run_off_the_loop_in_one_thread_of_their_own() -> None:
    threads = []

    def agent() -> Iterator[str]:
        for _ in range(3):
            threads.append(threading.get_ident())
            yield "x"

    await text_of(agent)
    assert len(set(threads)) == 1
    assert threads[0] != threading.get_ident()


async def test_a_blocking_agent_does_not_stall_the_loop() -> None:
    release = threading.Event()
    running = asyncio.ensure_future(text_of(lambda: release.wait(5) and "released"))
    await asyncio.sleep(0.01)  # the loop turns although the agent blocks
    release.set()
    assert await running == "released"


@pytest.mark.parametrize("kind", ["async", "sync"])
async def test_closing_a_run_closes_the_generator(kind: str) -> None:
    closed = threading.Event()

    async def async_agent() -> AsyncIterator[str]:
        try:
            while True:
                yield "x"
                await asyncio.sleep(0)
        finally:
            closed.set()

    def sync_agent() -> Iterator[str]:
        try:
            while True:
                yield "x"
        finally:
            closed.set()

    events = as_agent(async_agent if kind == "async" else sync_agent)(INPUT)
    assert await anext(events)
    assert await anext(events)
    await events.aclose()
    assert await asyncio.to_thread(closed.wait, 2)


async def test_what_the_function_raises_comes_out() -> None:
    def agent() -> Iterator[str]:
        yield "x"
        raise ZeroDivisionError("mine")

    with pytest.raises(ZeroDivisionError, match="mine"):
        await events_of(agent)


@pytest.mark.parametrize(
    ("given", "hint"),
    [
        (42, "int"),
        ("localhost:8000", "http://localhost:8000"),
        ([], "list"),
        (generator("x"), "without calling it"),
    ],
    ids=["number", "string", "list", "generator object"],
)
def test_what_is_no_agent_is_refused_with_what_was_tried_and_the_line_to_write(given: Any, hint: str) -> None:
    with pytest.raises(AgentError) as refused:
        as_agent(given)
    assert hint in str(refused.value)
    assert "These are understood" in str(refused.value) and "AgentChat(" in str(refused.value)
