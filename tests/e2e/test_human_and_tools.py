"""Tools that run in the kernel, and a run that waits for a person, in a real notebook."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from .jupyter import Notebook

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(120)]

WITH_A_TOOL = """
from agui_widget import AgentChat

rows_of = {"Q3": 1204}

def rows(quarter: str) -> int:
    "How many rows a quarter has."
    return rows_of[quarter]

async def agent(messages):
    if messages[-1]["role"] == "tool":
        yield f"There are {messages[-1]['content']} rows."
        return
    yield {"type": "TOOL_CALL_START", "toolCallId": "1", "toolCallName": "rows"}
    yield {"type": "TOOL_CALL_ARGS", "toolCallId": "1", "delta": '{"quarter": "Q3"}'}
    yield {"type": "TOOL_CALL_END", "toolCallId": "1"}

chat = AgentChat(agent, tools=[rows])
chat
"""

THAT_ASKS = """
from agui_widget import AgentChat

async def agent(run):
    if "resume" in run.input:
        approved = run.input["resume"][0]["payload"]["approved"]
        content = "dropped" if approved else "kept"
        yield {"type": "TOOL_CALL_RESULT", "messageId": "r", "toolCallId": "c", "content": content}
        yield "Dropped." if approved else "Kept."
        return
    yield {"type": "TOOL_CALL_START", "toolCallId": "c", "toolCallName": "drop_rows"}
    yield {"type": "TOOL_CALL_END", "toolCallId": "c"}
    asks = {"id": "i1", "reason": "tool_call", "toolCallId": "c", "message": "Drop 3 rows of sales?"}
    yield {"type": "RUN_FINISHED", "threadId": run.input["threadId"], "runId": run.run_id,
           "outcome": {"type": "interrupt", "interrupts": [asks]}}

chat = AgentChat(agent)
chat
"""


def test_a_python_tool_runs_in_the_kernel_and_the_agent_goes_on_with_its_result(nb: Notebook) -> None:
    chat = nb.show(WITH_A_TOOL)
    chat.say("How many rows?")
    chat.wait_until_done(turns=1)
    expect(chat.tools("done")).to_contain_text("1204")
    assert chat.said == "There are 1204 rows."


def test_a_run_that_waits_is_answered_from_a_cell_and_goes_on(nb: Notebook) -> None:
    chat = nb.show(THAT_ASKS)
    chat.say("Clean up")
    question = chat.root.locator("[data-question]")
    expect(question).to_contain_text("Drop 3 rows of sales?")
    expect(chat.root).to_have_attribute("data-status", "awaiting_input")
    nb.run("chat.resolve().result(10)")
    expect(question).to_have_count(0)
    expect(chat.tools("done")).to_contain_text("dropped")
    expect(chat.lane("text")).to_have_text("Dropped.")


def test_saying_something_else_meanwhile_is_refused_in_words_and_the_draft_comes_back(nb: Notebook) -> None:
    chat = nb.show(THAT_ASKS)
    chat.say("Clean up")
    expect(chat.root).to_have_attribute("data-status", "awaiting_input")
    chat.type("Never mind")  # not `say`: the kernel may take the question back before it is seen
    chat.page.keyboard.press("Enter")
    expect(chat.root).to_contain_text("chat.resolve()")
    expect(chat.composer).to_have_value("Never mind")
