"""A form that an agent streams, filled in and sent by a person: the agent gets exactly what was entered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from .jupyter import Chat, Notebook

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(180)]

FORM = """
import asyncio, json
from agui_widget import AgentChat, a2ui

heard = []
data = {"name": "", "agreed": False, "size": 3}
form = a2ui.Column(
    a2ui.Text("Who are you?", variant="h3"),
    a2ui.TextField("Name", value=a2ui.path("/name")),
    a2ui.CheckBox("I agree", value=a2ui.path("/agreed")),
    a2ui.Slider(value=a2ui.path("/size"), max=10, label="Size"),
    a2ui.Button("Send", action="submit", context={key: a2ui.path("/" + key) for key in data}),
)
"""

FUNCTION = """
async def agent(run):
    if run.action:
        heard.append(run.action["context"])
        yield f"Thank you, {run.action['context']['name']}."
    else:
        yield "Please fill this in."
        yield a2ui.surface(form, surface_id="form", data=data)

chat = AgentChat(agent)
"""

# The same said by a model, in pieces, as the arguments of render_a2ui.
MODEL = """
from pydantic_ai import Agent
from pydantic_ai.messages import ToolReturnPart
from pydantic_ai.models.function import DeltaToolCall, FunctionModel

components = a2ui.surface(form, data=data)[1]["updateComponents"]["components"]
arguments = json.dumps({"surfaceId": "form", "components": components, "data": data})

async def model(messages, info):
    last = messages[-1].parts[-1]
    if isinstance(last, ToolReturnPart):
        heard.append(json.loads(last.content.partition("Context: ")[2]))
        yield f"Thank you, {heard[-1]['name']}."
        return
    yield "Please fill this in."
    yield {1: DeltaToolCall(name="render_a2ui", json_args=arguments[:20], tool_call_id="call-1")}
    for at in range(20, len(arguments), 40):
        yield {1: DeltaToolCall(json_args=arguments[at : at + 40])}
        await asyncio.sleep(0.01)

agent = Agent(FunctionModel(stream_function=model))
"""

IN_PROCESS = """
chat = AgentChat(agent, a2ui=True)
"""

REMOTE = """
import threading, time, uvicorn
from pydantic_ai.ui.ag_ui import AGUIAdapter
from starlette.applications import Starlette
from starlette.routing import Route

async def run(request):
    return await AGUIAdapter.dispatch_request(request, agent=agent)

app = Starlette(routes=[Route("/", run, methods=["POST"])])
server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", lifespan="off", ws="none"))
threading.Thread(target=server.run, daemon=True).start()
while not server.started:
    time.sleep(0.01)
port = server.servers[0].sockets[0].getsockname()[1]
chat = AgentChat(f"http://127.0.0.1:{port}/", a2ui=True)
"""

AGENTS = {"function": FUNCTION, "pydantic-ai": MODEL + IN_PROCESS, "remote": MODEL + REMOTE}

NAME = 'Ada "L" <b>🦜</b>'


@pytest.fixture(params=AGENTS)
def cell(request: pytest.FixtureRequest) -> str:
    if request.param != "function":
        pytest.importorskip("pydantic_ai", reason="needs the extra [pydantic-ai]")
    return FORM + AGENTS[request.param] + "chat"


def name_of(chat: Chat) -> Any:
    return chat.lane("a2ui").get_by_role("textbox", name="Name")


def kept(nb: Notebook) -> Any:
    """What the kernel has of what was entered."""
    return nb.evaluate(
        "[edit['value'] for m in chat._driver.session.snapshot()['messages'] for p in m['lanes'].get('a2ui', "
        "{'parts': []})['parts'] for edits in p['value'].get('edits', {}).values() for edit in edits]"
    )


def test_a_form_is_filled_in_and_the_agent_gets_exactly_that(nb: Notebook, cell: str, screenshots: Path) -> None:
    chat = nb.show(cell)
    chat.say("hi")
    chat.wait_until_done(turns=1)
    lane = chat.lane("a2ui")
    name_of(chat).fill(NAME)
    lane.get_by_role("checkbox", name="I agree").check()
    lane.get_by_role("slider").fill("7")
    lane.get_by_role("button", name="Send").click()
    expect(chat.lane("text").last).to_contain_text('Thank you, Ada "L"')
    nb.page.screenshot(path=screenshots / f"a2ui-in-the-chat-{nb.host}.png")
    assert nb.evaluate("heard") == [{"name": NAME, "agreed": True, "size": 7}]
    assert nb.evaluate("[m['content'] for m in chat.messages if m['role'] == 'user']") == ["hi"]
    expect(chat.questions).to_have_count(1)


def test_what_was_entered_survives_a_reload_and_is_in_a_second_view(nb: Notebook, cell: str) -> None:
    chat = nb.show(cell)
    chat.say("hi")
    chat.wait_until_done(turns=1)
    name_of(chat).fill("Grace")
    expect(name_of(chat)).to_have_value("Grace")
    while kept(nb) != ["Grace"]:
        nb.page.wait_for_timeout(50)
    nb.reload()
    expect(name_of(chat)).to_have_value("Grace")
    second = nb.show("chat")
    expect(name_of(second)).to_have_value("Grace")
    second.lane("a2ui").get_by_role("button", name="Send").click()
    expect(second.lane("text").last).to_contain_text("Thank you, Grace.")
    assert nb.evaluate("heard") == [{"name": "Grace", "agreed": False, "size": 3}]
