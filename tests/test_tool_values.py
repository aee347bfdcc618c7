"""What tools give and agents yield stays the Python object it is; agents, events and histories get text alone."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pandas
import pytest

from agui_widget import Driver, ToolResult
from agui_widget.display.tables import MIME as TABLE
from agui_widget.objects import KEPT

FRAME = pandas.DataFrame({"price": [3, 1, 2]})


def calling(*names: str) -> Callable[..., AsyncIterator[Any]]:
    """An agent that calls tools of the chat, one run each, and then says what it got."""

    async def agent(run: Any) -> AsyncIterator[Any]:
        results = [message for message in run.messages if message["role"] == "tool"]
        if len(results) < len(names):
            name, call_id = names[len(results)], f"call-{len(results)}"
            yield {"type": "TOOL_CALL_START", "toolCallId": call_id, "toolCallName": name}
            yield {"type": "TOOL_CALL_ARGS", "toolCallId": call_id, "delta": '{"city": "Porto"}'}
            yield {"type": "TOOL_CALL_END", "toolCallId": call_id}
        else:
            yield f"I got: {' / '.join(message['content'] for message in results)}"

    return agent


def driven(*tools: Callable[..., Any]) -> Driver:
    driver = Driver(calling(*(tool.__name__ for tool in tools)), tools=tools)
    driver.ask_sync("go")
    return driver


def parts(driver: Driver, lane: str) -> list[dict[str, Any]]:
    messages = driver.session.snapshot()["messages"]
    found = [part for message in messages for part in message["lanes"].get(lane, {"parts": []})["parts"]]
    return [part["value"] for part in found if "value" in part]


def frame_of(city: str) -> pandas.DataFrame:
    """Prices in a city."""
    return FRAME


def weather(city: str) -> str:
    """The weather in a city."""
    return f"sunny in {city}"


# -- tools -------------------------------------------------------------------------------------------


def test_the_value_of_a_call_is_the_object_that_its_tool_gave() -> None:
    [call] = driven(frame_of).tool_calls
    assert call.value is FRAME
    assert (call.name, call.arguments, call.state) == ("frame_of", {"city": "Porto"}, "done")


def test_the_agent_gets_a_table_in_words_and_the_user_its_rows() -> None:
    driver = driven(frame_of)
    [row] = parts(driver, "tools")
    assert row["output"]["data"][TABLE]["rows"] == [["0", "3"], ["1", "1"], ["2", "2"]]
    assert row["result"].startswith("DataFrame: 3 rows × 1 column")
    assert driver.ask_sync("again").text.startswith("I got: DataFrame: 3 rows × 1 column")


def test_nothing_but_text_is_in_the_history_that_agents_get() -> None:
    def chart(city: str) -> Any:
        from matplotlib.figure import Figure

        return Figure()

    driver = driven(chart)
    [result] = [message for message in driver.messages if message["role"] == "tool"]
    assert set(result) == {"id", "role", "toolCallId", "content"}
    assert result["content"] == "Figure 640x480 with 0 Axes"
    assert "image/png" in parts(driver, "tools")[0]["output"]["data"]


def test_the_calls_of_a_conversation_come_in_order() -> None:
    driver = driven(weather, frame_of)
    assert [call.name for call in driver.tool_calls] == ["weather", "frame_of"]


def test_the_value_of_a_text_is_that_text_and_needs_no_output() -> None:
    driver = driven(weather)
    assert driver.tool_calls[0].value == driver.tool_calls[0].result == "sunny in Porto"
    assert "output" not in parts(driver, "tools")[0]


def test_a_tool_may_say_one_thing_to_the_agent_and_show_another() -> None:
    def outliers(city: str) -> ToolResult:
        return ToolResult(FRAME, summary="one outlier, in row 0")

    driver = driven(outliers)
    assert driver.tool_calls[0].value is FRAME
    assert driver.tool_calls[0].result == "one outlier, in row 0"
    assert driver.messages[-1]["content"] == "I got: one outlier, in row 0"


def test_a_tool_that_failed_has_its_error_and_no_value() -> None:
    def broken(city: str) -> Any:
        raise ValueError("no such city")

    [call] = driven(broken).tool_calls
    assert (call.state, call.result, call.value) == ("error", "ValueError: no such city", "")


def test_a_value_whose_repr_raises_is_still_the_value() -> None:
    class Broken:
        def __repr__(self) -> str:
            raise ValueError("no repr")

    thing = Broken()

    def make(city: str) -> Any:
        return ToolResult(thing, summary="made")

    driver = driven(make)
    assert driver.tool_calls[0].value is thing
    assert "no repr" in parts(driver, "tools")[0]["output"]["data"]["text/plain"]


def test_clearing_lets_the_objects_go() -> None:
    driver = driven(frame_of)
    key = parts(driver, "tools")[0]["output"]["object"]
    driver.clear()
    assert driver.client.objects.look(key) is None
    assert driver.tool_calls == []


# -- what agents yield -------------------------------------------------------------------------------


def test_a_yielded_object_is_shown_and_stays_reachable() -> None:
    async def agent() -> AsyncIterator[Any]:
        yield FRAME

    driver = Driver(agent)
    driver.ask_sync("go")
    [output] = parts(driver, "text")
    assert output["data"][TABLE]["total"] == 3
    assert driver.client.objects.value(output["object"]) is FRAME


async def test_events_carry_the_key_of_an_object_and_its_text_alone() -> None:
    async def agent() -> AsyncIterator[Any]:
        yield FRAME

    driver = Driver(agent)
    run = driver.submit("go")
    [shown] = [event async for event in run if event["type"] == "ACTIVITY_SNAPSHOT"]
    assert set(shown["content"]) == {"data", "object"}
    assert set(shown["content"]["data"]) == {"text/plain"}
    json.dumps(shown)


def test_a_result_that_an_agent_gives_as_an_object_is_shown_as_one() -> None:
    async def agent() -> AsyncIterator[Any]:
        yield {"type": "TOOL_CALL_START", "toolCallId": "c", "toolCallName": "prices"}
        yield {"type": "TOOL_CALL_END", "toolCallId": "c"}
        yield {"type": "TOOL_CALL_RESULT", "messageId": "m", "toolCallId": "c", "content": FRAME}
        yield "done"

    driver = Driver(agent)
    driver.ask_sync("go")
    [call] = driver.tool_calls
    assert call.value is FRAME
    assert call.result.startswith("DataFrame: 3 rows")


def test_an_agent_that_yields_without_end_keeps_no_more_than_the_newest() -> None:
    def agent() -> Any:
        for number in range(KEPT + 5):
            yield [number]

    driver = Driver(agent)
    driver.ask_sync("go")
    keys = [output["object"] for output in parts(driver, "text")]
    assert [driver.client.objects.look(key) is None for key in keys] == [True] * 5 + [False] * KEPT


def test_an_agent_cannot_show_an_object_by_a_key_it_made_up() -> None:
    async def agent() -> AsyncIterator[Any]:
        content = {"data": {"text/plain": "mine"}, "object": "0123456789abcdef"}
        yield {
            "type": "ACTIVITY_SNAPSHOT",
            "messageId": "a",
            "activityType": "agui_widget.output",
            "content": content,
        }

    driver = Driver(agent)
    driver.ask_sync("go")
    assert parts(driver, "text") == [{"data": {"text/plain": "mine"}}]


def test_html_of_any_agent_names_nothing_that_would_be_loaded() -> None:
    async def agent() -> AsyncIterator[Any]:
        content = {"data": {"text/html": "<img src='http://evil.test/x'>hi"}}
        yield {
            "type": "ACTIVITY_SNAPSHOT",
            "messageId": "a",
            "activityType": "agui_widget.output",
            "content": content,
        }

    driver = Driver(agent)
    driver.ask_sync("go")
    assert parts(driver, "text") == [{"data": {"text/html": "<img>hi"}}]


def test_what_was_shown_stays_when_the_agent_sends_the_messages_again() -> None:
    async def agent(text: str) -> AsyncIterator[Any]:
        yield FRAME if text == "show" else {"type": "MESSAGES_SNAPSHOT", "messages": driver.messages}

    driver = Driver(agent)
    driver.ask_sync("show")
    before = parts(driver, "text")
    driver.client.objects.clear()
    driver.ask_sync("repeat")
    assert parts(driver, "text") == before


# -- saved -------------------------------------------------------------------------------------------


def test_a_saved_chat_shows_what_tools_gave_and_has_the_objects_no_more(tmp_path: Any) -> None:
    driver = driven(frame_of)
    loaded = Driver(calling())
    loaded.load(driver.save(tmp_path / "chat.json"))
    [row] = parts(loaded, "tools")
    assert row["output"]["data"] == parts(driver, "tools")[0]["output"]["data"]
    assert "object" not in row["output"]
    assert loaded.tool_calls[0].value == row["result"]


def test_html_in_a_saved_chat_names_nothing_that_would_be_loaded(tmp_path: Any) -> None:
    path = driven(frame_of).save(tmp_path / "chat.json")
    document = path.read_text().replace(
        '"text/plain": "   price', '"text/html": "<img src=\'http://evil.test/x\'>", "text/plain": "'
    )
    assert "evil.test" in document
    path.write_text(document)
    loaded = Driver(calling())
    loaded.load(path)
    assert parts(loaded, "tools")[0]["output"]["data"]["text/html"] == "<img>"


@pytest.mark.parametrize("output", [[], {"data": []}, {"data": {}, "metadata": 1}])
def test_a_saved_chat_with_a_damaged_output_is_refused(tmp_path: Any, output: Any) -> None:
    from agui_widget.errors import StoreError

    path = driven(frame_of).save(tmp_path / "chat.json")
    document = json.loads(path.read_text())
    rows = [
        p["value"] for m in document["snapshot"]["messages"] for p in m["lanes"].get("tools", {"parts": []})["parts"]
    ]
    rows[0]["output"] = output
    path.write_text(json.dumps(document))
    with pytest.raises(StoreError, match="snapshot"):
        Driver(calling()).load(path)
