"""Remote agents of every kind, over real servers: how they are asked, what keeps a stream alive, what stops it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from agui_widget import Driver, RunError
from agui_widget.agents.remote import RemoteAgent
from agui_widget.dialects import DIALECTS
from agui_widget.errors import AgentError, TransportError
from agui_widget.transport import HttpTransport

from .dialects.harness import WIRE, capture
from .live_agents import shown
from .servers import RawServer, a_run, frames, respond, serve, stream

STORIES = sorted(path.relative_to(WIRE) for path in WIRE.glob("*/story*.sse"))
ANSWER = "Margins fell by **five points** to 21.4 % [1]."
BRIDGED = "htmx"  # its stream stands behind a bridge: see below


class Server:
    """An agent's server: `app` answers, `asked` is what it was asked."""

    def __init__(self, *sent: bytes, page: str = "") -> None:
        self.sent, self.page = sent, page
        self.asked: list[tuple[str, str, dict[str, str], bytes]] = []
        self.cancelled: list[Any] = []
        self.streams = [Route("/agent", self.answer, methods=["GET", "POST"]), Route("/stream", self.answer)]
        self.app = Starlette(routes=[*self.streams, Route("/cancel", self.cancel, methods=["POST"])])
        self.app.router.routes.append(Route("/process_prompt", self.prompt, methods=["POST"]))

    async def note(self, request: Request) -> None:
        self.asked.append((request.method, str(request.url), dict(request.headers), await request.body()))

    async def answer(self, request: Request) -> Response:
        await self.note(request)
        return StreamingResponse(self.body(), media_type="text/event-stream")

    async def body(self) -> AsyncIterator[bytes]:
        for chunk in self.sent:
            yield chunk

    async def prompt(self, request: Request) -> Response:
        await self.note(request)
        return HTMLResponse(self.page)

    async def cancel(self, request: Request) -> Response:
        self.cancelled.append(await request.json())
        return JSONResponse({})


class Held(Server):
    """Sends what it has, and then nothing until the client has gone."""

    async def body(self) -> AsyncIterator[bytes]:
        for chunk in self.sent:
            yield chunk
        await asyncio.sleep(60)


@asynccontextmanager
async def driver_of(server: Server, path: str = "/agent", **options: Any) -> AsyncIterator[Driver]:
    async with serve(server.app) as origin:
        yield Driver(origin + path, **options)


def notices(driver: Driver) -> list[str]:
    return [each["message"] for each in shown(driver, "status")]


# Every dialect over HTTP


@pytest.mark.parametrize("name", [each for each in STORIES if each.parts[0] != BRIDGED], ids=str)
@pytest.mark.parametrize("is_named", [True, False], ids=["named", "auto"])
async def test_a_server_of_any_dialect_is_an_agent(name: Path, is_named: bool) -> None:
    dialect = name.parts[0]
    async with driver_of(Server(capture(str(name))), dialect=dialect if is_named else "auto") as driver:
        answer = await driver.ask("How did the margins do?")
    assert (answer.status, ANSWER.split("[")[0].strip() in answer.text) == ("finished", True)


async def test_what_auto_decided_is_said_unless_it_is_ag_ui() -> None:
    async with driver_of(Server(capture("lanes/story.sse"))) as driver:
        await driver.ask("hi")
        assert notices(driver) == ["read as lanes"]
    async with driver_of(Server(capture("agui/story.sse"))) as driver:
        await driver.ask("hi")
        assert notices(driver) == []


def test_a_dialect_that_does_not_exist_is_an_error_that_lists_those_that_do() -> None:
    with pytest.raises(AgentError, match="normalized"):
        Driver("http://127.0.0.1:1/", dialect="klingon")


async def test_a_malformed_frame_is_an_error_beside_the_answer_and_the_run_goes_on() -> None:
    body = frames(a_run(["so "])[:3]) + b"data: {oops\n\n" + frames(a_run(["so "])[3:])
    async with driver_of(Server(body)) as driver:
        assert (await driver.ask("hi")).text == "so "
        (error,) = shown(driver, "errors")
    assert "frame 4" in error["message"] and "oops" in error["message"]


# How an agent is asked


async def test_a_get_stream_has_the_prompt_in_its_query() -> None:
    server = Server(capture("normalized/story.sse"))
    async with driver_of(server, "/agent?tone=dry", method="GET") as driver:
        await driver.ask("How did the margins do?")
    ((method, url, _, body),) = server.asked
    assert (method, body) == ("GET", b"")
    assert url.endswith("/agent?tone=dry&prompt=How+did+the+margins+do%3F")


async def test_the_prompt_is_what_the_user_said_without_what_went_along() -> None:
    server = Server(capture("normalized/story.sse"))
    async with driver_of(server, method="GET") as driver:
        await driver.ask("What is this?", attachments=["https://pictures.example/chart.png"])
    assert server.asked[0][1].endswith("/agent?prompt=What+is+this%3F")


async def test_a_function_gives_the_query_of_a_get_stream() -> None:
    server = Server(capture("normalized/story.sse"))
    async with driver_of(server, method="GET", body=lambda run: {"run": len(run["messages"])}) as driver:
        await driver.ask("hi")
    assert server.asked[0][1].endswith("/agent?run=1")


async def test_a_function_gives_the_body_of_a_post() -> None:
    server = Server(capture("artifact/story.sse") if "artifact" in DIALECTS else capture("normalized/story.sse"))
    async with driver_of(server, body=lambda run: {"q": run["messages"][-1]["content"]}) as driver:
        await driver.ask("hi")
    assert json.loads(server.asked[0][3]) == {"q": "hi"}


async def test_a_chat_completions_server_gets_messages_and_is_asked_to_stream() -> None:
    server = Server(capture("openai/story.sse"))
    async with driver_of(server, dialect="openai") as driver:
        await driver.ask("hi")
    assert json.loads(server.asked[0][3]) == {"messages": [{"role": "user", "content": "hi"}], "stream": True}


async def test_headers_go_with_a_get_too() -> None:
    server = Server(capture("normalized/story.sse"))
    async with driver_of(server, method="GET", headers={"Authorization": "Bearer canary"}) as driver:
        await driver.ask("hi")
    assert server.asked[0][2]["authorization"] == "Bearer canary"


def test_another_method_is_refused() -> None:
    with pytest.raises(AgentError, match="GET"):
        RemoteAgent("http://127.0.0.1:1/", method="PUT")


# The bridge of htmx

SNIPPET = '<div hx-ext="sse" sse-connect="/stream?uid=7" sse-close="bye"><p sse-swap="answer_chunk"></p></div>'
BRIDGE: dict[str, Any] = {"dialect": "htmx", "headers": {"X-Key": "canary-key"}}


def closed_by(event: str) -> bytes:
    return capture("htmx/story.sse").replace(b"event: close", f"event: {event}".encode())


async def test_the_bridge_posts_the_prompt_and_opens_the_stream_that_the_answer_names() -> None:
    server = Server(closed_by("bye"), page=SNIPPET)
    async with driver_of(server, "/process_prompt", **BRIDGE) as driver:
        answer = await driver.ask("How & why?")
    (post, get) = server.asked
    assert (post[0], post[3], post[2]["hx-request"]) == ("POST", b"prompt=How+%26+why%3F", "true")
    assert (get[0], get[1].rpartition("/")[2], get[2]["x-key"]) == ("GET", "stream?uid=7", "canary-key")
    assert answer.status == "finished" and ANSWER in answer.text


async def test_after_its_close_event_a_stream_is_not_asked_again() -> None:
    server = Held(closed_by("bye"), page=SNIPPET)
    async with driver_of(server, "/process_prompt", **BRIDGE) as driver:
        answer = await driver.ask("hi")
    assert (answer.status, len(server.asked)) == ("finished", 2)


@pytest.mark.parametrize("url", ["http://evil.invalid/stream", "//evil.invalid/stream", "file:///etc/passwd", ""])
async def test_a_stream_at_another_origin_is_not_asked(url: str) -> None:
    server = Server(page=SNIPPET.replace("/stream?uid=7", url))
    async with driver_of(server, "/process_prompt", **BRIDGE) as driver:
        with pytest.raises(RunError, match=r"origin|no use"):
            await driver.ask("hi")
    assert len(server.asked) == 1


async def test_a_page_without_a_stream_is_an_error_that_says_so() -> None:
    async with driver_of(Server(page="<p>Please log in</p>"), "/process_prompt", **BRIDGE) as driver:
        with pytest.raises(RunError, match="sse-connect"):
            await driver.ask("hi")


async def test_a_refused_prompt_is_an_error_with_its_status() -> None:
    async with RawServer(respond(403, b"no")) as server:
        with pytest.raises(RunError, match="403"):
            await Driver(server.url, dialect="htmx").ask("hi")


async def test_a_bridged_stream_that_breaks_is_resumed_where_it_was_without_a_second_prompt() -> None:
    told = [block for block in closed_by("bye").split(b"\n\n") if b"event:" in block]
    blocks = [f"id: {number}\n".encode() + block + b"\n\n" for number, block in enumerate(told)]
    page = respond(200, SNIPPET.encode(), content_type="text/html")
    async with RawServer(page, stream(*blocks[:3]), stream(*blocks[3:])) as server:
        answer = await Driver(server.url, random=lambda: 0.0, **BRIDGE).ask("hi")
    asked = [(request.method, request.last_event_id) for request in server.requests]
    assert asked == [("POST", ""), ("GET", ""), ("GET", "2")]
    assert answer.status == "finished"


# Streams that last

NUMBERED = [frames([event], number) for number, event in enumerate(a_run(["so ", "far ", "so ", "good"]))]


def log(pause_s: float = 0.0) -> Callable[..., Any]:
    """Sends what comes after Last-Event-ID, one frame at a time."""

    async def answer(request: Any, connection: Any) -> None:
        await connection.start()
        for block in NUMBERED[int(request.last_event_id or -1) + 1 :]:
            await connection.send(block)
            await asyncio.sleep(pause_s)

    return answer


async def test_a_connection_that_is_too_old_is_followed_by_another_that_loses_nothing() -> None:
    async with RawServer(log(0.02)) as server:
        answer = await Driver(server.url, max_age_s=0.03).ask("hi")
        cursors = [request.last_event_id for request in server.requests]
    assert (answer.text, answer.status) == ("so far so good", "finished")
    assert len(cursors) > 1 and cursors == sorted(cursors)


async def test_a_stream_without_ids_may_get_old() -> None:
    async with RawServer(stream(frames(a_run()))) as server:
        assert (await Driver(server.url, max_age_s=0.0).ask("hi")).status == "finished"
    assert len(server.requests) == 1


async def test_a_server_that_closes_old_connections_is_asked_again_at_the_cursor() -> None:
    async with RawServer(stream(*NUMBERED[:3]), stream(*NUMBERED[3:])) as server:
        answer = await Driver(server.url, random=lambda: 0.0).ask("hi")
    assert (answer.text, server.requests[1].last_event_id) == ("so far so good", "2")


async def test_heartbeats_that_are_missing_are_said_until_something_comes() -> None:
    async def quiet(request: Any, connection: Any) -> None:
        await connection.start()
        await connection.send(b"".join(NUMBERED[:3]))
        await asyncio.sleep(0.15)
        await connection.send(b"".join(NUMBERED[3:]))

    said: list[str] = []
    async with RawServer(quiet) as server:
        driver = Driver(server.url, heartbeat_s=0.02)
        driver.session.subscribe(
            lambda changes: said.extend(c["payload"].get("label", "") for c in changes if c["kind"] == "message.status")
        )
        assert (await driver.ask("hi")).text == "so far so good"
    assert any(label.startswith("Silent for") for label in said) and said[-1] == ""


async def test_comments_are_heartbeats() -> None:
    silences: list[float] = []

    async def pings(request: Any, connection: Any) -> None:
        await connection.start()
        for _ in range(8):
            await connection.send(b": ping\n\n")
            await asyncio.sleep(0.02)
        await connection.send(b"".join(NUMBERED))

    async with RawServer(pings) as server:
        driver = Driver(server.url, heartbeat_s=0.2, idle_timeout_s=0.4, on_silence=silences.append)
        assert (await driver.ask("hi")).status == "finished"
    assert silences == []


async def test_a_get_is_asked_again_while_it_has_brought_nothing() -> None:
    async with RawServer(respond(502), stream(capture("normalized/story.sse"))) as server:
        answer = await Driver(server.url, method="GET", random=lambda: 0.0).ask("hi")
    assert (answer.status, len(server.requests)) == ("finished", 2)


async def test_a_get_without_ids_that_breaks_in_the_middle_is_not_run_twice() -> None:
    half = capture("normalized/story.sse")[:400]
    async with RawServer(stream(half, reset=True)) as server:
        with pytest.raises(RunError) as failed:
            await Driver(server.url, method="GET").ask("hi")
    assert (failed.value.answer.status, len(server.requests)) == ("truncated", 1)


# Stopping


async def stopped(driver: Driver, server: Server) -> None:
    run = driver.submit("hi")
    async for event in run:
        if event["type"].endswith("_CONTENT"):
            break
    await asyncio.to_thread(driver.stop)


@pytest.mark.parametrize(
    ("begun", "correlation_id"),
    [
        (b"event: agui\n".join(capture("lanes/story.sse").split(b"event: agui\n")[:4]), "run_1"),
        (
            b'event: stream.start\ndata: {"type": "stream.start", "data": {"request_id": "req-7"}}\n\n'
            b'event: message.delta\ndata: {"type": "message.delta", "data": {"text": "so "}}\n\n',
            "req-7",
        ),
    ],
    ids=["lanes", "normalized"],
)
async def test_a_stopped_run_is_told_to_the_cancel_path_by_its_correlation_id(
    begun: bytes, correlation_id: str
) -> None:
    server = Held(begun)
    async with driver_of(server, cancel="/cancel") as driver:
        await stopped(driver, server)
        run_input = json.loads(server.asked[0][3])
    (told,) = server.cancelled
    assert told == {"corrId": correlation_id, "runId": run_input["runId"], "threadId": run_input["threadId"]}


async def test_a_run_that_ended_is_not_cancelled() -> None:
    server = Server(capture("lanes/story.sse"))
    async with driver_of(server, cancel="/cancel") as driver:
        await driver.ask("hi")
    assert server.cancelled == []


async def test_a_cancel_path_that_does_not_answer_holds_nobody_up_and_is_said() -> None:
    server = Held(b"".join(NUMBERED[:3]))
    server.app.router.routes = [*server.streams]
    async with driver_of(server, cancel="/cancel") as driver:
        await stopped(driver, server)
        assert driver.client.outcome == "aborted"
        assert any("404" in notice for notice in notices(driver))


def test_a_cancel_path_at_another_origin_is_refused_before_anything_is_sent() -> None:
    with pytest.raises(TransportError, match="another origin"):
        RemoteAgent("http://127.0.0.1:1/agent", cancel="http://evil.invalid/cancel")


# Relative addresses


@pytest.mark.parametrize(
    ("given", "resolved"),
    [
        ("crops/1.png", "http://user.example/v1/crops/1.png"),
        ("/crops/1.png", "http://user.example/crops/1.png"),
        ("https://elsewhere.example/1.png", "https://elsewhere.example/1.png"),
        ("data:image/png;base64,AAAA", "data:image/png;base64,AAAA"),
        ("", ""),
    ],
)
def test_an_address_is_meant_beside_the_agent_and_shows_no_password(given: str, resolved: str) -> None:
    transport = HttpTransport("http://me:secret@user.example/v1/agent?key=secret")
    assert transport.beside(given) == resolved
