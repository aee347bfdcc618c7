"""Python functions as tools: the schema the agent gets, and what a call does."""

import asyncio
import json
import threading
from typing import Any, Literal

import pytest
from pydantic import BaseModel

from agui_widget.errors import AgentError
from agui_widget.tools import as_tools, error_text, tool_of


def search(query: str, limit: int = 10, where: Literal["all", "mine"] = "all") -> list[str]:
    """Find documents.

    Looks in titles first.

    Args:
        query: What to look for; words
            are joined by AND.
        limit (int): How many at most.

    Returns:
        Titles.
    """
    return [query] * limit


async def search_async(query: str) -> dict[str, str]:
    """Find documents.

    :param query: What to look for.
    """
    await asyncio.sleep(0)
    return {"found": query}


def test_the_schema_comes_from_the_signature() -> None:
    parameters = tool_of(search).parameters
    assert parameters["required"] == ["query"]
    assert parameters["properties"]["limit"] | {"title": "", "description": ""} == {
        "type": "integer",
        "default": 10,
        "title": "",
        "description": "",
    }
    assert parameters["properties"]["where"]["enum"] == ["all", "mine"]


def test_descriptions_come_from_the_docstring() -> None:
    tool = tool_of(search)
    assert tool.description.startswith("Find documents.\n\nLooks in titles first.")
    assert "Args:" not in tool.description
    assert tool.parameters["properties"]["query"]["description"] == "What to look for; words are joined by AND."
    assert tool.parameters["properties"]["limit"]["description"] == "How many at most."


def test_sphinx_docstrings_are_read_too() -> None:
    tool = tool_of(search_async)
    assert tool.parameters["properties"]["query"]["description"] == "What to look for."
    assert tool.description == "Find documents."


def test_a_pydantic_model_is_a_parameter() -> None:
    class Place(BaseModel):
        city: str

    async def weather(place: Place) -> str:
        return f"sunny in {place.city}"

    tool = tool_of(weather)
    assert "city" in json.dumps(tool.parameters)
    assert asyncio.run(tool.call('{"place": {"city": "Porto"}}')).text == "sunny in Porto"


@pytest.mark.parametrize(
    ("function", "arguments", "result"),
    [
        (search, '{"query": "x", "limit": 2}', '["x","x"]'),
        (search_async, '{"query": "x"}', '{"found":"x"}'),
        (lambda: "text stays text", "", "text stays text"),
        (lambda: None, "{}", "null"),
        (lambda: object, "{}", "<class 'object'>"),
    ],
    ids=["sync", "async", "no arguments", "None", "not JSON"],
)
async def test_a_call_gives_its_result_as_text(function: Any, arguments: str, result: str) -> None:
    function.__name__ = "search"
    assert (await tool_of(function).call(arguments)).text == result


async def test_a_sync_tool_runs_off_the_loop() -> None:
    threads = []

    def tool() -> None:
        threads.append(threading.get_ident())

    await tool_of(tool).call("{}")
    assert threads != [threading.get_ident()]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ("{", "not JSON"),
        ("[1]", "not a JSON object"),
        ('{"limit": 2}', "query: Missing"),
        ('{"query": "x", "limit": "many"}', "limit: Input should be a valid integer"),
        ('{"query": "x", "nonsense": 1}', "nonsense: Unexpected"),
    ],
)
async def test_bad_arguments_are_told_so_that_a_model_can_mend_them(arguments: str, told: str) -> None:
    with pytest.raises(ValueError) as refused:
        await tool_of(search).call(arguments)
    assert told in error_text(refused.value)


async def test_a_huge_result_is_cut_with_a_note() -> None:
    def tool() -> str:
        return "x" * 2_000_000

    result = (await tool_of(tool).call("{}")).text
    assert len(result) < 1_000_100 and "cut: 1,000,000 more" in result


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ([42], "named function"),
        ([lambda: 1], "named function"),
        ([search, search], "two tools"),
        ([str.join], "signature|named"),
    ],
    ids=["number", "lambda", "same name", "no schema"],
)
def test_what_is_no_tool_is_refused(given: list[Any], named: str) -> None:
    with pytest.raises(AgentError, match=named):
        as_tools(given)
