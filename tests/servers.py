"""Real servers on free loopback ports, for tests of what happens on the wire.

`RawServer` answers each request with the next of its answers (the last one for all later requests): an
answer is an async function of the request and the socket, so it can say anything, also what no HTTP server
would. `serve` runs an ASGI app under uvicorn. `free_port` gives a port on which nothing listens.
"""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
import struct
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import uvicorn

from agui_widget.dialects import RunWriter, decoder_for
from agui_widget.transport import Ask, HttpTransport, as_json

EVENT_STREAM = {"Content-Type": "text/event-stream"}


@dataclass
class Request:
    method: str
    path: str
    headers: dict[str, bytes]  # lower-case names, values as they came
    body: bytes

    @property
    def last_event_id(self) -> str:
        return self.headers.get("last-event-id", b"").decode()


class Connection:
    """The server's end of one connection, after its request was read."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, server: RawServer) -> None:
        self._reader, self._writer, self.server = reader, writer, server

    async def send(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()

    async def start(self, status: int = 200, headers: dict[str, str] | None = None) -> None:
        lines = [f"HTTP/1.1 {status} Status"]
        lines += [f"{name}: {value}" for name, value in (EVENT_STREAM if headers is None else headers).items()]
        await self.send("\r\n".join([*lines, "", ""]).encode())

    async def until_client_closes(self) -> None:
        while await self._reader.read(65536):
            pass

    def reset(self) -> None:
        """Close with RST instead of FIN."""
        linger = struct.pack("ii", 1, 0)
        self._writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self._writer.transport.abort()


Answer = Callable[[Request, Connection], Awaitable[None]]


class RawServer:
    """`async with RawServer(answer, …) as server:` then `server.url`, `server.requests`."""

    def __init__(self, *answers: Answer, port: int = 0, tls: ssl.SSLContext | None = None) -> None:
        self.answers: Sequence[Answer] = answers
        self.port = port
        self.requests: list[Request] = []
        self.closed_by_client = asyncio.Event()
        self._tls = tls
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> RawServer:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", self.port, ssl=self._tls)
        self.port = self._server.sockets[0].getsockname()[1]
        self.origin = f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}"
        self.url = self.origin + "/agent"
        return self

    async def __aexit__(self, *exc: object) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def open_connections(self) -> int:
        return len(self._tasks)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            request = await read_request(reader)
            answer = self.answers[min(len(self.requests), len(self.answers) - 1)]
            self.requests.append(request)
            await answer(request, Connection(reader, writer, self))
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the client went away, or the test is over
        finally:
            self._tasks.discard(task)
            writer.close()


async def read_request(reader: asyncio.StreamReader) -> Request:
    first, *lines = (await reader.readuntil(b"\r\n\r\n")).rstrip().split(b"\r\n")
    method, path, _ = first.decode().split(" ", 2)
    pairs = (line.partition(b":") for line in lines)
    headers = {name.decode().lower(): value.strip() for name, _, value in pairs}
    body = await reader.readexactly(int(headers.get("content-length", b"0")))
    return Request(method, path, headers, body)


def respond(status: int, body: bytes = b"", **headers: str) -> Answer:
    """A whole response; `retry_after="3"` is the header Retry-After."""

    async def answer(request: Request, connection: Connection) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        await connection.start(status, {**named, "Content-Length": str(len(body)), "Connection": "close"})
        await connection.send(body)

    return answer


def stream(*chunks: bytes, reset: bool = False, hold: bool = False, headers: Any = None) -> Answer:
    """An event stream that ends by FIN, by RST, or (`hold`) not at all."""

    async def answer(request: Request, connection: Connection) -> None:
        await connection.start(200, headers)
        for chunk in chunks:
            await connection.send(chunk)
        if hold:
            await connection.until_client_closes()
        if reset:
            connection.reset()

    return answer


def frames(events: Iterable[dict[str, Any]], first_id: int | None = None) -> bytes:
    """Events as AG-UI servers write them; with `first_id` numbered from there."""
    blocks = []
    for number, event in enumerate(events, first_id or 0):
        identity = "" if first_id is None else f"id: {number}\n"
        blocks.append(f"{identity}data: {json.dumps(event, separators=(',', ':'))}\n\n")
    return "".join(blocks).encode()


async def agui_events(transport: HttpTransport, run_input: dict[str, Any]) -> AsyncGenerator[dict[str, Any], None]:
    """What a transport brings in one run, read as AG-UI."""
    writer = RunWriter(thread_id="t", run_id="r", new_id=str)
    writer.redacted = transport.redacted
    decoder = decoder_for("agui", writer)
    run = transport.open(Ask(as_json(run_input)))
    async with aclosing(run.frames()) as sent:
        async for frame in sent:
            events = decoder.decode(frame)
            run.is_over = writer.may_end
            for event in events:
                yield event


def a_run(deltas: Sequence[str] = ("Hel", "lo", " you")) -> list[dict[str, Any]]:
    """A small run of one text message."""
    return [
        {"type": "RUN_STARTED", "threadId": "t", "runId": "r"},
        {"type": "TEXT_MESSAGE_START", "messageId": "m", "role": "assistant"},
        *({"type": "TEXT_MESSAGE_CONTENT", "messageId": "m", "delta": delta} for delta in deltas),
        {"type": "TEXT_MESSAGE_END", "messageId": "m"},
        {"type": "RUN_FINISHED", "threadId": "t", "runId": "r"},
    ]


@asynccontextmanager
async def serve(app: Any) -> AsyncIterator[str]:
    """Run an ASGI app under uvicorn and give its origin."""
    config = uvicorn.Config(app, port=0, log_level="error", lifespan="off", ws="none")
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.005)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = server.force_exit = True
        await task


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
