"""A remote agent as a user of the chat meets it; what happens on the wire is in test_transport*.py."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.routing import Route

from agui_widget import Driver, RunError
from tests.servers import RawServer, a_run, frames, free_port, serve, stream


def app(events: list[dict[str, Any]], seen: list[Request] | None = None) -> Starlette:
    async def run(request: Request) -> StreamingResponse:
        if seen is not None:
            seen.append(request)

        async def frames() -> AsyncIterator[str]:
            for event in events:
                yield f"data: {json.dumps(event)}\n\n"

        return StreamingResponse(frames(), media_type="text/event-stream")

    return Starlette(routes=[Route("/agent", run, methods=["POST"])])


async def test_a_url_is_an_agent() -> None:
    async with serve(app(a_run(["Hel", "lo"]))) as origin:
        assert (await Driver(f"{origin}/agent").ask("hi")).text == "Hello"


async def test_headers_go_with_the_request() -> None:
    seen: list[Request] = []
    async with serve(app(a_run(), seen)) as origin:
        await Driver(f"{origin}/agent", headers={"Authorization": "Bearer canary"}).ask("hi")
    assert seen[0].headers["authorization"] == "Bearer canary"


async def test_attachments_leave_as_content_parts() -> None:
    bodies: list[Any] = []

    async def run(request: Request) -> StreamingResponse:
        bodies.append(await request.json())
        return StreamingResponse(
            (f"data: {json.dumps(event)}\n\n" for event in a_run()), media_type="text/event-stream"
        )

    async with serve(Starlette(routes=[Route("/agent", run, methods=["POST"])])) as origin:
        await Driver(f"{origin}/agent").ask("Look", attachments=[b"%PDF-"])
    source = {"type": "data", "value": "JVBERi0=", "mimeType": "application/pdf"}
    assert bodies[0]["messages"][0]["content"] == [
        {"type": "text", "text": "Look"},
        {"type": "document", "source": source},
    ]


async def test_a_server_that_is_not_there_is_an_error_that_says_what_to_check() -> None:
    port = free_port()
    driver = Driver(f"http://127.0.0.1:{port}/")
    with pytest.raises(RunError, match=f"127.0.0.1:{port}"):
        await driver.ask("hi")
    assert driver.client.outcome == "error"


async def test_a_wrong_path_is_an_error_with_the_status() -> None:
    async with serve(app(a_run())) as origin:
        with pytest.raises(RunError, match="404"):
            await Driver(f"{origin}/nowhere").ask("hi")


async def test_a_stream_that_ends_early_is_truncated_and_kept() -> None:
    async with serve(app(a_run(["so ", "far"])[:-2])) as origin:
        driver = Driver(f"{origin}/agent")
        with pytest.raises(RunError) as failed:
            await driver.ask("hi")
    assert (failed.value.answer.status, failed.value.answer.text) == ("truncated", "so far")


async def test_a_lost_connection_is_said_in_the_live_line_until_it_goes_on() -> None:
    events = frames(a_run(["so ", "far"]), first_id=1)
    cut = events.index(b"far")
    said: list[str] = []
    async with RawServer(stream(events[:cut]), stream(events)) as server:
        driver = Driver(server.url, random=lambda: 0.0)
        driver.session.subscribe(
            lambda changes: said.extend(c["payload"].get("label", "") for c in changes if c["kind"] == "message.status")
        )
        assert (await driver.ask("hi")).text == "so far"
    assert "Connection lost, trying again" in said
    assert said[-1] == ""


async def test_the_chat_is_named_after_the_host_and_never_after_a_password() -> None:
    assert Driver("http://user:secret@example.org:81/agent?key=secret").name == "example.org"
