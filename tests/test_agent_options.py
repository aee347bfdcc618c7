"""What is misspelt or of the wrong kind is refused where it is given, in words that say what to write."""

import re
from typing import Any

import pytest

from agui_widget import AgentChat, AgentClient, Driver
from agui_widget.agents.options import CHAT, keywords_of
from agui_widget.errors import AgentError, TransportError

URL = "http://127.0.0.1:1/"


def agent(text: str) -> str:
    return text


@pytest.mark.parametrize(
    ("given", "keyword", "said"),
    [
        (agent, "titel", "an agent function takes no 'titel'. Did you mean title=…?"),
        (agent, "tool", "an agent function takes no 'tool'. Did you mean tools=…?"),
        (agent, "dialect", "an agent function takes no 'dialect'. It has no keywords of its own"),
        (URL, "dialekt", "an agent at a URL takes no 'dialekt'. Did you mean dialect=…?"),
        (URL, "hearbeat_s", "an agent at a URL takes no 'hearbeat_s'. Did you mean heartbeat_s=…?"),
        (None, "speed", "the demo agent takes no 'speed'. Its own keywords are pace"),
    ],
)
def test_a_misspelt_keyword_is_told_with_what_was_meant(given: Any, keyword: str, said: str) -> None:
    with pytest.raises(AgentError, match=re.escape(said)):
        AgentChat(given, **{keyword: "x"})


def test_a_pydantic_ai_agent_takes_what_its_adapter_takes() -> None:
    pydantic_ai = pytest.importorskip("pydantic_ai", reason="needs the extra [pydantic-ai]")
    tester = pydantic_ai.Agent("test")
    assert Driver(tester, deps=None).ask_sync("hi").text
    with pytest.raises(
        AgentError, match=re.escape("a pydantic-ai agent takes no 'model_setting'. Did you mean model_")
    ):
        Driver(tester, model_setting={})


def test_what_is_meant_may_be_any_keyword_that_a_chat_takes() -> None:
    taken = keywords_of(AgentChat.__init__, Driver.__init__, AgentClient.__init__)
    assert set(CHAT) == set(taken)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"body": {"model": "small"}}, "body is a function of the run's input, got {'model': 'small'}"),
        ({"heartbeat_s": "10"}, "heartbeat_s is a number of seconds from 0, or None; got '10'"),
        ({"max_age_s": -1}, "max_age_s is a number of seconds from 0, or None; got -1"),
        ({"retries": "many"}, "retries is a whole number from 0, got 'many'"),
    ],
)
def test_a_remote_agent_is_refused_what_would_fail_in_its_first_run(options: dict[str, Any], said: str) -> None:
    with pytest.raises((AgentError, TransportError), match=re.escape(said)):
        Driver(URL, **options)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"starters": "Hello"}, "starters is a list. Write: starters=['Hello']"),
        ({"tools": agent}, "Write: AgentChat(agent, tools=[my_function])"),
        ({"messages": ["Hello"]}, "messages[0] is no message: 'Hello'"),
    ],
)
def test_what_should_be_a_list_says_how_it_is_written(options: dict[str, Any], said: str) -> None:
    with pytest.raises(AgentError, match=re.escape(said)):
        AgentChat(agent, **options)


@pytest.mark.parametrize("verb", ["on_action", "on_navigate"])
def test_a_callback_that_cannot_be_called_is_refused_where_it_is_given(verb: str) -> None:
    said = re.escape(f"{verb} takes a function, got 3. Write: @chat.{verb} above a function")
    with pytest.raises(AgentError, match=said):
        getattr(Driver(agent), verb)(3)
    with pytest.raises(AgentError, match=said):
        AgentChat(agent, **{verb: 3})


def test_messages_to_begin_with_need_no_ids() -> None:
    driver = Driver(agent, messages=[{"role": "user", "content": "one"}, {"role": "assistant", "content": "two"}])
    driver.ask_sync("three")
    assert [each["content"] for each in driver.messages] == ["one", "two", "three", "three"]
    assert len({each["id"] for each in driver.messages}) == 4


def test_what_does_not_say_what_it_takes_is_no_agent() -> None:
    with pytest.raises(AgentError, match="does not say what it takes"):
        Driver(dict)
