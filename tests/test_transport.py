"""`HttpTransport` against real servers: what is asked, what is taken, what is refused, what is closed."""

from __future__ import annotations

import asyncio
import base64
import json
import subprocess

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import JSONResponse, StreamingResponse
from starlette.routing import Route

from agui_widget.errors import AguiError, DecodeError, HttpStatusError, IdleTimeout, TransportError
from agui_widget.transport import HttpTransport
from agui_widget.transport import http as transport_module

from .servers import EVENT_STREAM, RawServer, a_run, agui_events, frames, free_port, respond, serve, stream

RUN_INPUT = {"threadId": "t", "runId": "r", "messages": [{"id": "1", "role": "user", "content": "é"}]}
RUN = a_run()
CANARY = "canary-5e1d7c"


async def events(url, run_input=RUN_INPUT, **options):
    return [event async for event in agui_events(HttpTransport(url, **options), run_input)]


async def events_before(error_type, url, **options):
    """The events that came, and the error that came after them."""
    seen = []
    with pytest.raises(error_type) as caught:
        async for event in agui_events(HttpTransport(url, **{"retries": 0, **options}), RUN_INPUT):
            seen.append(event)
    return seen, caught.value


async def failure(url, **options):
    return (await events_before(AguiError, url, **options))[1]


# The request


async def test_a_run_is_posted_as_json_and_asks_for_an_uncompressed_event_stream():
    async with RawServer(stream(frames(RUN))) as server:
        await events(server.url + "?a=1")
    (request,) = server.requests
    asked = [request.headers[name] for name in ("accept", "accept-encoding", "content-type")]
    assert (request.method, request.path, json.loads(request.body), asked) == (
        "POST",
        "/agent?a=1",
        RUN_INPUT,
        [b"text/event-stream", b"identity", b"application/json"],
    )


async def test_the_headers_of_the_user_are_sent_but_not_over_ours():
    async with RawServer(stream(frames(RUN))) as server:
        await events(server.url, headers={"X-Key": "k", "ACCEPT": "*/*"})
    assert (server.requests[0].headers["x-key"], server.requests[0].headers["accept"]) == (
        b"k",
        b"text/event-stream",
    )


async def test_the_headers_of_the_caller_are_not_changed():
    headers = {"x-key": "k"}
    async with RawServer(stream(frames(RUN))) as server:
        await events(server.url, headers=headers)
    assert headers == {"x-key": "k"}


@pytest.mark.parametrize("given", ["auth", "url"])
async def test_basic_credentials_are_sent_from_auth_or_url(given):
    async with RawServer(stream(frames(RUN))) as server:
        if given == "auth":
            await events(server.url, auth=("u", "p"))
        else:
            await events(server.url.replace("//", "//u:p@"))
    assert server.requests[0].headers["authorization"] == b"Basic " + base64.b64encode(b"u:p")


@pytest.mark.parametrize("value", [f"{CANARY}\n", f"{CANARY}\r\nX: y", f" {CANARY}", f"{CANARY}é", 5])
def test_a_header_that_cannot_be_sent_is_refused_by_name_without_its_value(value):
    with pytest.raises(TransportError, match="X-Key") as caught:
        HttpTransport("http://host/", headers={"X-Key": value})
    assert CANARY not in str(caught.value)


@pytest.mark.parametrize("url", ["host/agent", "localhost:8000/agent", "ftp://host/", "http://", ""])
def test_what_is_no_http_url_is_refused_at_once(url):
    with pytest.raises(TransportError, match="URL"):
        HttpTransport(url)


async def test_a_run_input_that_is_not_json_is_refused_before_anything_is_sent():
    async with RawServer(stream(frames(RUN))) as server:
        with pytest.raises(TransportError, match="not JSON"):
            await events(server.url, {"state": float("nan")})
    assert server.requests == []


async def test_a_proxy_of_the_environment_is_used(monkeypatch):
    async with RawServer(stream(frames(RUN))) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.origin)
        assert await events("http://agent.invalid/run") == RUN
    assert proxy.requests[0].path == "http://agent.invalid/run"


async def test_a_given_client_is_used_and_left_open():
    answer = httpx.Response(200, headers=EVENT_STREAM, content=frames(RUN))
    async with httpx.AsyncClient(transport=httpx.MockTransport(lambda request: answer)) as client:
        assert await events("http://host/agent", client=client) == RUN
        assert not client.is_closed


async def test_an_asgi_app_is_an_agent_through_a_client():
    async def agent(request):
        return StreamingResponse(iter([frames(RUN)]), media_type="text/event-stream")

    app = Starlette(routes=[Route("/agent", agent, methods=["POST"])])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://app") as client:
        assert await events("/agent", client=client) == RUN


# The stream


async def test_events_come_as_they_are_sent():
    go_on = asyncio.Event()

    async def agent(request):
        async def body():
            yield frames(RUN[:1])
            await go_on.wait()
            yield frames(RUN[1:])

        return StreamingResponse(body(), media_type="text/event-stream")

    async with serve(Starlette(routes=[Route("/", agent, methods=["POST"])])) as url:
        run = agui_events(HttpTransport(url), RUN_INPUT)
        first = await anext(run)
        go_on.set()
        assert [first, *[event async for event in run]] == RUN


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
async def test_frames_may_end_in_lf_cr_or_crlf(end):
    async with RawServer(stream(frames(RUN).replace(b"\n", end.encode()))) as server:
        assert await events(server.url) == RUN


async def test_a_stream_in_slices_of_one_byte_is_the_same_stream():
    body = frames(RUN)
    async with RawServer(stream(*(body[at : at + 1] for at in range(len(body))))) as server:
        assert await events(server.url) == RUN


async def test_heartbeats_and_blank_frames_are_no_events():
    body = b": hi\n\n" + frames(RUN[:2], 1) + b": ping\n\ndata:\n\nevent: ping\n\n" + frames(RUN[2:], 3)
    async with RawServer(stream(body)) as server:
        assert await events(server.url) == RUN


async def test_the_done_mark_of_openai_is_no_event():
    async with RawServer(stream(frames(RUN) + b"data: [DONE]\n\n")) as server:
        assert await events(server.url) == RUN


async def test_an_event_of_10_mb_passes():
    large = a_run(["x" * 10_000_000])
    async with RawServer(stream(frames(large))) as server:
        assert await events(server.url) == large


async def test_an_event_of_17_mb_is_an_error_after_the_events_before_it():
    async with RawServer(stream(frames(RUN[:2]) + frames(a_run(["x" * 17_000_000])[2:]))) as server:
        seen, error = await events_before(DecodeError, server.url)
    assert (seen, "16,777,216" in str(error)) == (RUN[:2], True)


@pytest.mark.parametrize(
    "data",
    ["{broken", '{"n": NaN}', "[1]", "7", '"text"', "{} {}", "[" * 100_000, '{"n": ' + "9" * 5000 + "}"],
    ids=lambda data: data[:12],
)
async def test_a_frame_that_is_no_json_object_is_an_error_that_names_it(data):
    async with RawServer(stream(frames(RUN[:2]) + f"data: {data}\n\n".encode() + frames(RUN[2:]))) as server:
        *before, problem = (await events(server.url))[:3]
        assert [*before, *(await events(server.url))[3:]] == RUN
    message = problem["value"]["message"]
    assert "frame 3" in message and data[:200] in message and len(message) < 500


async def test_a_frame_that_drives_a_terminal_is_shown_without_its_commands():
    async with RawServer(stream(frames(RUN[:1]) + "data: \x1b[31mred\x9b\n\n".encode())) as server:
        message = (await events(server.url))[-1]["value"]["message"]
    assert "red" in message and not {"\x1b", "\x9b"} & {*message}


async def test_a_clean_end_without_ids_is_the_end_whether_or_not_the_run_was_over():
    async with RawServer(stream(frames(RUN[:3]))) as server:
        assert await events(server.url) == RUN[:3]
    assert len(server.requests) == 1


async def test_a_reset_after_the_end_of_the_run_is_no_fault():
    async with RawServer(stream(frames(RUN), reset=True)) as server:
        assert await events(server.url) == RUN


async def test_a_server_that_stays_open_after_the_run_is_left(monkeypatch):
    monkeypatch.setattr(transport_module, "AFTER_END_S", 0.05)
    async with RawServer(stream(frames(RUN), hold=True)) as server:
        assert await events(server.url) == RUN


async def test_a_second_run_in_the_same_stream_is_read():
    async with RawServer(stream(frames(RUN), frames(RUN))) as server:
        assert await events(server.url) == RUN + RUN


async def test_runs_of_one_transport_do_not_mix():
    async with RawServer(stream(frames(RUN))) as server:
        agent = HttpTransport(server.url)

        async def run():
            return [event async for event in agui_events(agent, RUN_INPUT)]

        assert await asyncio.gather(*(run() for _ in range(5))) == [RUN] * 5


# What is not an event stream


@pytest.mark.parametrize(
    "content_type", ["text/event-stream; charset=utf-8", "Text/Event-Stream", "text/event-stream;x=,"]
)
async def test_the_content_type_is_read_as_a_media_type(content_type):
    async with RawServer(stream(frames(RUN), headers={"Content-Type": content_type})) as server:
        assert await events(server.url) == RUN


@pytest.mark.parametrize("content_type", ["text/html", "text/event-streams", "application/json; x=text/event-stream"])
async def test_another_content_type_is_an_error_that_shows_the_start(content_type):
    body = b"<!doctype html><title>Sign in</title>" + b"x" * 1000
    async with RawServer(respond(200, body, content_type=content_type)) as server:
        error = await failure(server.url)
    assert "<!doctype html><title>Sign in" in str(error) and len(str(error)) < 600


@pytest.mark.parametrize("body", [b'{"error": "no such agent"}\n\n', b"<html>" + b"no such agent <br>\n" * 9])
async def test_a_page_served_as_an_event_stream_is_an_error_that_shows_its_start(body):
    async with RawServer(stream(body)) as server:
        assert "no such agent" in str(await failure(server.url))


async def test_an_endless_page_served_as_an_event_stream_is_left():
    async with RawServer(stream(*[b"<p>no</p>\n" * 1000] * 20, hold=True)) as server:
        assert "<p>no</p>" in str(await failure(server.url))


async def test_a_compressed_answer_is_refused():
    async with RawServer(stream(b"\x1f\x8b", headers={**EVENT_STREAM, "Content-Encoding": "gzip"})) as server:
        assert "gzip" in str(await failure(server.url))


async def test_no_content_ends_the_run_without_events():
    async with RawServer(respond(204)) as server:
        assert (await events(server.url), len(server.requests)) == ([], 1)


# Errors one can act on


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 408, 409, 410, 413, 418, 422, 429, 500, 502, 503, 504])
async def test_an_error_status_names_itself_the_host_and_what_the_server_said(status):
    async with RawServer(respond(status, b'{"error": {"message": "because of x"}}')) as server:
        error = await failure(server.url)
    assert isinstance(error, HttpStatusError) and error.status == status
    assert all(part in str(error) for part in (f"HTTP {status}", server.url, "because of x"))


@pytest.mark.parametrize("status", [401, 403])
async def test_refused_credentials_are_named_by_header_only(status):
    async with RawServer(respond(status)) as server:
        error = await failure(server.url, headers={"Authorization": f"Bearer {CANARY}", "X-Key": CANARY})
    assert "authorization, x-key" in str(error) and CANARY not in str(error)


async def test_a_validation_error_of_fastapi_shows_path_and_reason():
    async def refuse(request):
        detail = [{"type": "missing", "loc": ["body", "threadId"], "msg": "Field required", "input": {}}]
        return JSONResponse({"detail": detail}, status_code=422)

    async with serve(Starlette(routes=[Route("/", refuse, methods=["POST"])])) as url:
        assert "body.threadId: Field required" in str(await failure(url))


async def test_only_the_start_of_an_error_body_is_read():
    async with RawServer(stream_error(500, b"x" * 100_000)) as server:
        error = await asyncio.wait_for(failure(server.url), 5)
    assert len(error.body) <= 2000


def stream_error(status, body):
    async def answer(request, connection):
        await connection.start(status, {"Content-Type": "text/plain"})
        await connection.send(body)
        await connection.until_client_closes()

    return answer


async def test_a_refused_connection_names_the_host_and_suggests_to_start_the_server():
    port = free_port()
    error = await failure(f"http://127.0.0.1:{port}/agent")
    assert f"127.0.0.1:{port}" in str(error) and "server is running" in str(error)


async def test_a_host_name_without_address_is_named():
    error = await failure("http://no-such-host.invalid/agent")
    assert "no-such-host.invalid" in str(error)


@pytest.fixture
def self_signed(tmp_path):
    import shutil
    import ssl

    if shutil.which("openssl") is None:
        pytest.skip("no openssl to make a certificate with")
    key, certificate = str(tmp_path / "key.pem"), str(tmp_path / "certificate.pem")
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate]
    subprocess.run([*command, "-days", "1", "-subj", "/CN=127.0.0.1"], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


async def test_a_certificate_nobody_vouches_for_is_refused(self_signed):
    async with RawServer(stream(frames(RUN)), tls=self_signed) as server:
        error = await failure(server.url)
    assert "TLS" in str(error) and server.requests == []


async def test_silence_before_the_first_byte_is_an_idle_timeout():
    async def say_nothing(request, connection):
        await connection.until_client_closes()

    async with RawServer(say_nothing) as server:
        assert isinstance(await failure(server.url, idle_timeout_s=0.05), IdleTimeout)


async def test_silence_in_a_stream_without_ids_is_an_idle_timeout_after_its_events():
    async with RawServer(stream(frames(RUN[:3]), hold=True)) as server:
        seen, _ = await events_before(IdleTimeout, server.url, idle_timeout_s=0.05)
    assert seen == RUN[:3]


async def test_heartbeats_are_no_silence():
    async def slow(request, connection):
        await connection.start()
        for _ in range(6):
            await connection.send(b": ping\n\n")
            await asyncio.sleep(0.05)
        await connection.send(frames(RUN))

    async with RawServer(slow) as server:
        assert await events(server.url, idle_timeout_s=0.2) == RUN


@pytest.mark.parametrize(
    "answer",
    [
        respond(401, f"you sent {CANARY}".encode()),
        respond(500, b"x" * 190 + CANARY.encode()),
        respond(200, f"<html>{CANARY}".encode(), content_type="text/html"),
        respond(302, b"", location="http://elsewhere.invalid/"),
        stream(f"{CANARY}\n".encode()),
        stream(b"", reset=True),
        stream(frames(RUN[:2]), hold=True),
    ],
    ids=["401", "cut", "html", "redirect", "page", "reset", "idle"],
)
@pytest.mark.parametrize("place", ["header", "bearer", "query", "user info", "auth", "client"])
async def test_a_secret_is_in_no_error_and_no_repr(answer, place):
    async with RawServer(answer) as server:
        url, options = {
            "header": (server.url, {"headers": {"X-Key": CANARY}}),
            "bearer": (server.url, {"headers": {"Authorization": f"Bearer {CANARY}"}}),
            "query": (f"{server.url}?key={CANARY}", {}),
            "user info": (server.url.replace("//", f"//user:{CANARY}@"), {}),
            "auth": (server.url, {"auth": ("user", CANARY)}),
            "client": (server.url, {"client": httpx.AsyncClient(headers={"X-Key": CANARY})}),
        }[place]
        error = await failure(url, idle_timeout_s=0.1, **options)
        shown = [str(error), repr(error), repr(HttpTransport(url, **options)), getattr(error, "body", "")]
    if "client" in options:
        await options["client"].aclose()
    assert not [text for text in shown if CANARY[:8] in text]


@pytest.mark.parametrize("before", ["", "x" * 185], ids=["whole", "cut"])
async def test_a_secret_that_a_malformed_frame_echoes_is_not_quoted(before):
    body = frames(RUN[:1]) + f"data: not json {before}{CANARY}\n\n".encode()
    async with RawServer(stream(body)) as server:
        said = await events(server.url, headers={"X-Key": CANARY})
    assert "not json" in str(said) and CANARY[:8] not in str(said)


# Redirects


def redirect(status, location):
    return respond(status, b"", location=location)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_a_redirect_within_the_origin_repeats_the_request_there(status):
    async with RawServer(redirect(status, "/agent/"), stream(frames(RUN))) as server:
        assert await events(server.url, headers={"X-Key": "k"}) == RUN
    first, second = server.requests
    assert (second.method, second.path, second.body, second.headers["x-key"]) == (
        "POST",
        "/agent/",
        first.body,
        b"k",
    )


async def test_see_other_is_fetched_without_posting_again():
    async with RawServer(redirect(303, "/result"), stream(frames(RUN))) as server:
        assert await events(server.url) == RUN
    assert (server.requests[1].method, server.requests[1].body) == ("GET", b"")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_to_another_origin_is_named_and_sent_nothing(status):
    async with RawServer(stream(frames(RUN))) as other, RawServer(redirect(status, other.url)) as server:
        error = await failure(server.url)
    assert other.url in str(error) and other.requests == []


async def test_an_allowed_origin_gets_the_conversation_but_no_credentials():
    async with RawServer(stream(frames(RUN))) as other, RawServer(redirect(307, other.url)) as server:
        async with httpx.AsyncClient(headers={"X-Client": CANARY}, cookies={"c": CANARY}) as client:
            secret = {"headers": {"Authorization": CANARY, "X-Key": CANARY}, "auth": ("u", CANARY)}
            got = await events(server.url, redirect_origins=(other.origin,), client=client, **secret)
    (request,) = other.requests
    assert got == RUN and json.loads(request.body) == RUN_INPUT
    assert "authorization" not in request.headers and CANARY not in str(request.headers)


async def test_endless_redirects_end():
    async with RawServer(redirect(307, "/agent")) as server:
        assert "redirects more than" in str(await failure(server.url))


@pytest.mark.parametrize("location", ["http://[", "javascript:alert(1)", "file:///etc/passwd", "//user:pw@elsewhere/"])
async def test_a_redirect_to_no_place_of_ours_is_refused(location):
    async with RawServer(redirect(307, location)) as server:
        assert "redirects" in str(await failure(server.url))


async def test_a_redirect_without_a_place_is_refused():
    async with RawServer(respond(307)) as server:
        assert "nowhere" in str(await failure(server.url))


# Abort


async def test_closing_the_events_closes_the_response_at_once():
    async with RawServer(watched(frames(RUN[:2]))) as server:
        run = agui_events(HttpTransport(server.url), RUN_INPUT)
        await anext(run)
        await run.aclose()
        await asyncio.wait_for(server.closed_by_client.wait(), 1)


async def test_cancelling_the_reader_closes_the_response_at_once():
    async with RawServer(watched(frames(RUN[:2]))) as server:
        reader = asyncio.create_task(events(server.url))
        while not server.requests:
            await asyncio.sleep(0.005)
        await asyncio.sleep(0.02)
        reader.cancel()
        await asyncio.wait_for(server.closed_by_client.wait(), 1)


async def test_cancelling_before_the_answer_closes_the_connection_at_once():
    async with RawServer(watched(None)) as server:
        reader = asyncio.create_task(events(server.url))
        while not server.requests:
            await asyncio.sleep(0.005)
        reader.cancel()
        await asyncio.wait_for(server.closed_by_client.wait(), 1)


def watched(body):
    async def answer(request, connection):
        if body is not None:
            await connection.start()
            await connection.send(body)
        await connection.until_client_closes()
        connection.server.closed_by_client.set()

    return answer


async def test_a_hundred_aborted_runs_leave_no_task_and_no_socket_behind():
    tasks = len(asyncio.all_tasks())
    async with RawServer(stream(frames(RUN[:2]), hold=True)) as server:
        agent = HttpTransport(server.url)
        for _ in range(100):
            run = agui_events(agent, RUN_INPUT)
            await anext(run)
            await run.aclose()
        await asyncio.sleep(0.05)
        assert server.open_connections == 0
    assert len(asyncio.all_tasks()) == tasks


async def test_of_an_answer_to_what_is_told_only_the_status_is_read():
    async with RawServer(stream(b": on and on\n\n", hold=True)) as server:
        await HttpTransport(server.url).tell("/cancel", {})
    assert len(server.requests) == 1


async def test_an_answer_to_what_is_told_that_leads_nowhere_is_an_error():
    async with RawServer(redirect(302, "javascript:alert(1)")) as server:
        with pytest.raises(TransportError, match="did not take it"):
            await HttpTransport(server.url).tell("/cancel", {})
