"""The frames of a remote agent's answer: ask by POST or GET, read server-sent events. The one owner of httpx.

    HttpTransport.open           one run
      └─ HttpRun.frames          connections, one after another                        resume, repeat, give up
           └─ _connection        request ─► redirects, bridge ─► status ─► bytes       one connection
                └─ sse.Decoder

What the frames say is not known here. Connecting again is decided in one place, `HttpRun._recover`, because a POST
can run an agent twice: without a cursor it is repeated only if the agent cannot have seen it; with one it is resumed
(same body, same run id, plus `Last-Event-ID`), and what the server then sends again is dropped. A GET may be repeated
until it has brought something.
"""

from __future__ import annotations

import asyncio
import random
import socket
import ssl
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import aclosing, asynccontextmanager
from email.utils import parsedate_to_datetime
from functools import cached_property
from typing import Any

import httpx

from ..errors import HttpStatusError, IdleTimeout, TransportError
from ..sse import MAX_EVENT_BYTES, Decoder, ServerSentEvent
from .position import Position
from .request import (
    FIELD_VALUE,
    OUR_HEADERS,
    Ask,
    Auth,
    as_json,
    check_seconds,
    checked_headers,
    is_same_site,
    origin_of,
    secrets_of,
    shown,
    url_and_auth,
)
from .wording import EXCERPT_CHARS, STATUS_HINTS, excerpt, said, starts

REDIRECT_STATUSES = {301, 302, 303, 307, 308}
NOWHERE = "redirects to nowhere usable"
CHECK_URL = "Check that the URL is the agent's endpoint"
MAX_REDIRECTS = 5
MAX_ERROR_BYTES = 64 * 1024
MAX_BODY_CHARS = 2000
MAX_CURSOR_BYTES = 4096
BACKOFF_BASE_S, BACKOFF_CAP_S = 0.5, 30.0
RETRY_FLOOR_MS = (100, 60_000)  # what a server may ask for by `retry:`
MAX_RETRY_AFTER_S = 60.0
AFTER_END_S = 5.0  # for what follows the terminal event on a connection that the server leaves open
ERROR_BODY_S = 5.0
TELL_S = 2.0
HEARTBEATS_MISSED = 2  # in a row, before it is said


class _Broken(Exception):
    """A connection that ended before the run did; `error` is what the user sees if it stays so.

    `may_repeat`: the agent cannot have seen the request, so it may be sent again as it is.
    `may_resume`: it may be sent again with a cursor. `wait_s`: what the server asked for (Retry-After).
    `is_clean`: the server closed in order; without a cursor that is simply the end of the events.
    """

    def __init__(
        self,
        error: TransportError,
        *,
        may_repeat: bool = False,
        may_resume: bool = True,
        wait_s: float = 0.0,
        is_clean: bool = False,
    ) -> None:
        super().__init__(str(error))
        self.error = error
        self.may_repeat = may_repeat
        self.may_resume = may_resume
        self.wait_s = wait_s
        self.is_clean = is_clean


class _Aged(Exception):
    """A connection that is as old as it may get; the next one goes on at the cursor."""


class HttpTransport:
    """A remote agent: `open(ask)` is one run of it, whose `frames()` are what it sends.

        HttpTransport("http://127.0.0.1:8000/agent")
        HttpTransport(url, headers={"Authorization": f"Bearer {key}"})
        HttpTransport(url, idle_timeout_s=None)                # an agent that may be silent for hours
        HttpTransport(url, client=httpx.AsyncClient(...))      # own proxy, certificates, test transport

    `headers` are copied and sent to the origin of `url` alone; `auth` is what httpx takes. A `client` that
    is given stays open and is yours to close. `idle_timeout_s` is the longest silence, also before the
    first byte; a comment ends it. `heartbeat_s` is how often the server should at least send a comment: when two are
    missing, `on_silence(s)` is called, and the run goes on. `max_age_s` is how long a connection may last before the
    next one takes over at the cursor; without a cursor it lasts. `retries` bounds the attempts in a row that bring
    nothing new. `redirect_origins` lists other origins (`https://host`) that may get the conversation, never the
    credentials. `on_retry(error, wait_s)` is called before each new attempt. One transport may run any number of
    runs at once.
    """

    def __init__(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        auth: Auth | None = None,
        client: httpx.AsyncClient | None = None,
        connect_timeout_s: float = 10.0,
        idle_timeout_s: float | None = 300.0,
        heartbeat_s: float | None = None,
        max_age_s: float | None = None,
        retries: int = 4,
        max_event_bytes: int = MAX_EVENT_BYTES,
        redirect_origins: tuple[str, ...] = (),
        on_retry: Callable[[TransportError, float], None] = lambda error, wait_s: None,
        on_silence: Callable[[float], None] = lambda silent_s: None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        random: Callable[[], float] = random.random,
    ) -> None:
        """Check the URL and the headers; raises `TransportError`. Nothing is sent yet."""
        check_seconds(
            connect_timeout_s=connect_timeout_s,
            idle_timeout_s=idle_timeout_s,
            heartbeat_s=heartbeat_s,
            max_age_s=max_age_s,
        )
        if not isinstance(retries, int) or retries < 0:
            raise TransportError(f"retries is a whole number from 0, got {retries!r:.80}")
        self.duplicates = 0  # frames that servers sent again and that were dropped
        self._url, self._auth = url_and_auth(url, auth, has_base=client is not None)
        self._headers = checked_headers(headers or {})
        self._given_client = client
        self._connect_timeout_s = connect_timeout_s
        self._idle_timeout_s = idle_timeout_s
        self._heartbeat_s = heartbeat_s
        self._max_age_s = max_age_s
        self._retries = retries
        self._max_event_bytes = max_event_bytes
        self._redirect_origins = {origin_of(httpx.URL(origin)) for origin in redirect_origins}
        self._on_retry = on_retry
        self._on_silence = on_silence
        self._sleep = sleep
        self._random = random
        self._secrets = secrets_of(self._headers, client, self._auth, self._url)

    def __repr__(self) -> str:
        """Name the endpoint, without its query, its user and any header."""
        return f"HttpTransport({shown(self._url)!r})"

    def open(self, ask: Ask) -> HttpRun:
        """One run; nothing is sent before its frames are read."""
        return HttpRun(self, ask)

    def beside(self, reference: str) -> str:
        """A relative address as it is meant beside the agent's URL; what is no address stays as it is."""
        target = _joined(self._url, reference)
        return reference if target is None else str(target)

    def resolve(self, reference: str) -> str:
        """What a reference means beside the agent's URL; raises `TransportError` if that is another origin."""
        target = _joined(self._url, reference)
        if target is None or not is_same_site(self._url, target):
            raise TransportError(f"{reference[:EXCERPT_CHARS]!r} is at another origin than the agent: give its path")
        return str(target)

    async def tell(self, reference: str, value: Any) -> None:
        """POST something small to another path of the agent's origin, for which nobody waits longer than 2 s.

        Raises `TransportError` if it was not taken.
        """
        url = self.resolve(reference)
        try:
            status = await asyncio.wait_for(self._told(url, as_json(value)), TELL_S)
        except (httpx.HTTPError, httpx.InvalidURL, asyncio.TimeoutError) as error:
            reason = excerpt(self.redacted(str(error))) or f"no answer within {TELL_S:g} s"
            raise TransportError(f"{shown(httpx.URL(url))} did not take it: {reason}") from None
        if not 200 <= status < 300:
            raise TransportError(f"{shown(httpx.URL(url))} did not take it: HTTP {status}")

    async def _told(self, url: str, body: bytes) -> int:
        """The status of the answer; nothing more of it is read."""
        headers = [*self._headers, (b"content-type", b"application/json")]
        auth: Any = self._auth or httpx.USE_CLIENT_DEFAULT
        async with self._client() as client:
            request = client.stream("POST", url, content=body, headers=headers, auth=auth, follow_redirects=False)
            async with request as response:
                return response.status_code

    def redacted(self, text: str) -> str:
        """Give `text` without any secret that this transport was given."""
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return text

    @asynccontextmanager
    async def _client(self) -> AsyncGenerator[httpx.AsyncClient, None]:
        """Give the client of one run. Our own keeps no idle connection: on one that the server had just
        closed, a POST fails in a way that does not tell whether the agent ran."""
        if self._given_client is not None:
            yield self._given_client
            return
        limits = httpx.Limits(max_keepalive_connections=0)
        async with httpx.AsyncClient(verify=self._tls, limits=limits) as client:
            yield client

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return httpx.create_ssl_context()  # 20 ms, so once; honours SSL_CERT_FILE and SSL_CERT_DIR


class HttpRun:
    """One run of a remote agent: its connections, one after another.

    `is_over` is set by the reader of the frames when it has seen the end: closing is then no fault. `may_close` says
    that a close in order is the end, whenever it comes.
    """

    def __init__(self, transport: HttpTransport, ask: Ask) -> None:
        self.is_over = False
        self.may_close = False
        self._transport = transport
        self._ask = ask
        self._method = ask.method
        self._bridge = ask.bridge
        self._url = transport._url.copy_merge_params(ask.query) if ask.query else transport._url
        self._has_delivered = False
        self._may_have_credentials = True
        self._position = Position()
        self._retry_ms: int | None = None
        self._failures = 0

    async def frames(self) -> AsyncGenerator[ServerSentEvent, None]:
        """Yield the frames of all connections as if there had been one, in order and each once.

        Closing the generator, or cancelling its task, closes the response at once. It ends when the server closes the
        stream: whether the run had ended by then is for the reader to say. Raises `TransportError`
        (`HttpStatusError`, `IdleTimeout`) when the agent cannot be reached or the stream breaks for good,
        `DecodeError` for an event that is too large; what came before is yielded.
        """
        async with self._transport._client() as client:
            while True:
                try:
                    async with aclosing(self._connection(client)) as frames:
                        async for frame in frames:
                            self._failures = 0
                            self._has_delivered = True
                            yield frame
                    return
                except _Aged:
                    continue
                except _Broken as broken:
                    if self.is_over or (broken.is_clean and (self.may_close or not self._cursor_bytes())):
                        return
                    await self._recover(broken)

    async def _recover(self, broken: _Broken) -> None:
        """Wait for the next attempt, or raise if there may be none. The whole retry policy."""
        transport = self._transport
        is_allowed = broken.may_resume if self._can_go_on() else broken.may_repeat
        if not is_allowed or self._failures >= transport._retries or broken.wait_s > MAX_RETRY_AFTER_S:
            raise broken.error from None
        wait_s = max(self._backoff_s(), broken.wait_s)
        self._failures += 1
        transport._on_retry(broken.error, wait_s)
        await transport._sleep(wait_s)

    def _can_go_on(self) -> bool:
        """True if asking again runs nothing twice: behind a cursor, or by a GET that has brought nothing yet."""
        return bool(self._cursor_bytes()) or (self._method == "GET" and not self._has_delivered)

    def _backoff_s(self) -> float:
        """Capped exponential backoff with full jitter, above the floor that `retry:` set."""
        ceiling_s = min(BACKOFF_CAP_S, BACKOFF_BASE_S * 2.0 ** min(self._failures, 16))
        low, high = RETRY_FLOOR_MS
        floor_s = 0.0 if self._retry_ms is None else min(max(self._retry_ms, low), high) / 1000
        return floor_s + self._transport._random() * ceiling_s

    def _cursor_bytes(self) -> bytes:
        """Give the cursor as a header can carry it (UTF-8), or nothing if there is none to send."""
        cursor = self._position.cursor.encode()
        return cursor if len(cursor) <= MAX_CURSOR_BYTES and FIELD_VALUE.fullmatch(cursor) else b""

    async def _connection(self, client: httpx.AsyncClient) -> AsyncGenerator[ServerSentEvent, None]:
        """Yield the new frames of one connection; raises `_Broken` if it ends before the run."""
        position, transport = self._position, self._transport
        position.connect()
        decoder = Decoder(max_event_bytes=transport._max_event_bytes, last_event_id=position.cursor)
        head = bytearray()
        clock = asyncio.get_running_loop().time
        began = clock()
        async with aclosing(await self._request(client)) as response:
            if response.status_code == 204:
                return
            await self._check(response)
            async with aclosing(self._chunks(response)) as chunks:
                async for chunk in chunks:
                    for frame in decoder.feed(chunk):
                        if self._is_new(frame, decoder.id_is_own):
                            yield frame
                    position.settle(decoder.last_event_id)
                    self._retry_ms = self._retry_ms if decoder.retry is None else decoder.retry
                    if not decoder.saw_field:
                        head += chunk
                        if len(head) > MAX_ERROR_BYTES:
                            break  # an endless page
                    if self._is_aged(clock() - began):
                        raise _Aged
        if head and not decoder.saw_field:
            body = transport.redacted(head.decode("utf-8", "replace"))
            # Without a cursor this is final; with one the stream was cut in its first line.
            raise _Broken(self._error(f"sent an event stream without any event in it{starts(body)}. {CHECK_URL}"))
        text = "closed the stream before the run had ended" + self._fate()
        raise _Broken(self._error(text), is_clean=True)

    def _is_aged(self, age_s: float) -> bool:
        max_age_s = self._transport._max_age_s
        return max_age_s is not None and age_s > max_age_s and not self.is_over and bool(self._cursor_bytes())

    def _is_new(self, frame: ServerSentEvent, id_is_own: bool) -> bool:
        """Move past `frame`, and count it if it came before; raises `_Broken` if others are missing."""
        if self._position.jumps_to(frame, id_is_own):
            text = f"left out events after the one with id {excerpt(self._position.cursor)}{self._fate()}"
            raise _Broken(self._error(text))
        is_new = self._position.take(frame, id_is_own)
        self._transport.duplicates += not is_new
        return is_new

    async def _request(self, client: httpx.AsyncClient) -> httpx.Response:
        """Send the request, follow its redirects and cross its bridge; the response is open."""
        for _ in range(MAX_REDIRECTS + 1):
            response = await self._send(client)
            if response.status_code in REDIRECT_STATUSES:
                await response.aclose()
                self._redirect(response)
            elif self._bridge is not None:
                async with aclosing(response):
                    await self._cross(response, self._bridge)
            else:
                return response
        raise self._error(f"redirects more than {MAX_REDIRECTS} times")

    async def _send(self, client: httpx.AsyncClient) -> httpx.Response:
        transport = self._transport
        timeout = httpx.Timeout(transport._idle_timeout_s, connect=transport._connect_timeout_s)
        make: Callable[..., httpx.Request] = client.build_request
        auth: Any = transport._auth or httpx.USE_CLIENT_DEFAULT
        if not self._may_have_credentials:
            make, auth = httpx.Request, None  # without the default headers and cookies of the client
        request = make(
            self._method,
            self._url,
            headers=self._request_headers(),
            content=self._ask.body if self._method == "POST" else None,
            extensions={"timeout": timeout.as_dict()},
        )
        self._url = request.url
        try:
            return await client.send(request, stream=True, auth=auth, follow_redirects=False)
        except httpx.RequestError as error:
            raise self._unanswered(error) from None
        except httpx.InvalidURL:  # httpx looks at the place of a redirect even if it may not follow it
            raise self._error(NOWHERE) from None

    def _request_headers(self) -> list[tuple[bytes, bytes]]:
        """Give the user's headers, ours over them, and the cursor as bytes: it may be any text."""
        ours = {name.encode(): value.encode() for name, value in OUR_HEADERS.items()}
        ours[b"content-type"] = self._ask.content_type.encode()
        if self._bridge is not None:
            ours |= {b"accept": b"text/html", b"hx-request": b"true"}  # as a page with htmx asks
        if cursor := self._cursor_bytes():
            ours[b"last-event-id"] = cursor
        theirs = self._transport._headers if self._may_have_credentials else []
        return [header for header in theirs if header[0].lower() not in ours] + list(ours.items())

    def _redirect(self, response: httpx.Response) -> None:
        """Aim at where `response` points, if that may get the conversation; credentials never leave."""
        status = response.status_code
        target = _joined(self._url, response.headers.get("location", ""))
        if target is None:
            raise self._error(NOWHERE)
        if not is_same_site(self._url, target):
            if origin_of(target) not in self._transport._redirect_origins:
                raise self._error(
                    f"redirects (HTTP {status}) to another origin, {shown(target)}, which was sent nothing. "
                    "If the agent is there, use that URL, or allow its origin by redirect_origins"
                )
            self._may_have_credentials = False
        if status == 303:
            self._method = "GET"  # the POST is done; its result is over there
        self._url = target

    async def _cross(self, response: httpx.Response, bridge: Callable[[str], str]) -> None:
        """Aim at the stream that a page names: at the same origin, for it gets the credentials."""
        if not response.is_success:
            raise self._refused(response, await self._body_of(response))
        try:
            target = _joined(self._url, bridge(await _start_of(response)))
        except ValueError as error:
            raise self._error(f"answered with a page of no use: {error}") from None
        if target is None or not is_same_site(self._url, target):
            raise self._error("names a stream that is not at its own origin; it was not asked")
        self._url, self._method, self._bridge = target, "GET", None

    async def _check(self, response: httpx.Response) -> None:
        """Raise unless `response` is a success that carries an event stream, as it is."""
        if not response.is_success:
            raise self._refused(response, await self._body_of(response))
        media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media_type != "text/event-stream":
            found = f"{media_type[:80] or 'no content type'}, not text/event-stream"
            body = await self._body_of(response)
            raise self._error(f"answered {response.status_code} with {found}{starts(body)}. {CHECK_URL}")
        if (encoding := _encoding(response)) != "identity":
            raise self._error(f"compressed its answer ({encoding[:40]}), though it was asked not to")

    async def _chunks(self, response: httpx.Response) -> AsyncGenerator[bytes, None]:
        """Yield the bytes as they come; once the run is over, wait only `AFTER_END_S` for more."""
        chunks = response.aiter_bytes()  # nothing is compressed (`_check`), so these are the raw bytes
        clock = asyncio.get_running_loop().time
        over_since: float | None = None
        while True:
            over_since = (over_since or clock()) if self.is_over else None
            patience_s = None if over_since is None else max(0.0, over_since + AFTER_END_S - clock())
            try:
                yield await self._next_chunk(chunks, patience_s)
            except (StopAsyncIteration, asyncio.TimeoutError):
                return
            except httpx.RequestError as error:
                raise self._cut_off(error) from None

    async def _next_chunk(self, chunks: AsyncIterator[bytes], patience_s: float | None) -> bytes:
        """Wait for the next bytes: not longer than `patience_s`, and saying when heartbeats are missing."""
        read, heartbeat_s = anext(chunks), self._transport._heartbeat_s
        if patience_s is not None:
            return await asyncio.wait_for(read, patience_s)
        if heartbeat_s is None:
            return await read
        task, silent_s = asyncio.ensure_future(read), 0.0
        try:
            while not (await asyncio.wait({task}, timeout=HEARTBEATS_MISSED * heartbeat_s))[0]:
                silent_s += HEARTBEATS_MISSED * heartbeat_s
                self._transport._on_silence(silent_s)
            return task.result()
        finally:
            task.cancel()
            await asyncio.wait({task})  # the response cannot be closed while somebody reads

    def _refused(self, response: httpx.Response, body: str) -> Exception:
        """Say what an error status means and what to check; the policy of R1.4 and R1.4b for it."""
        status, wait_s = response.status_code, _retry_after_s(response.headers)
        parts = [f"answered HTTP {status}. {STATUS_HINTS.get(status, 'Check the URL and the server')}"]
        if status in (401, 403):
            names = sorted({name.decode().lower() for name, _ in self._transport._headers})
            parts.append(f" (headers sent: {', '.join(names) or 'none of yours'})")
        if wait_s is not None:
            parts.append(f"; it asks to wait {wait_s:g} s")
        parts.append(f". It says: {said(body)}" if body.strip() else "")
        text = self._text("".join(parts))
        error = HttpStatusError(text, status=status, body=body[:MAX_BODY_CHARS])
        if status not in (408, 429) and status < 500:
            return error
        may_repeat = status == 429 or (status == 503 and wait_s is not None)
        return _Broken(error, may_repeat=may_repeat, wait_s=wait_s or 0.0)

    def _unanswered(self, error: httpx.RequestError) -> _Broken:
        """Say why no answer came. Only a refused connection is sure to have reached no agent."""
        transport, causes = self._transport, list(_causes(error))
        if any(isinstance(cause, ConnectionRefusedError) for cause in causes):
            text = "does not answer: connection refused. Check that its server is running, and host and port"
            return _Broken(self._error(text), may_repeat=True)
        if any(isinstance(cause, socket.gaierror) for cause in causes):
            return _Broken(self._error("cannot be found: its host name has no address. Check the spelling"))
        if any(isinstance(cause, ssl.SSLError) for cause in causes):
            return _Broken(self._error(f"cannot be trusted (TLS): {error}"), may_resume=False)
        if isinstance(error, httpx.ConnectTimeout):
            waited = f"within {transport._connect_timeout_s:g} s (connect_timeout_s)"
            return _Broken(self._error(f"took no connection {waited}. Check host, port and network"))
        if isinstance(error, (httpx.UnsupportedProtocol, httpx.LocalProtocolError)):
            # The text of the latter shows the header it refuses, value and all.
            return _Broken(self._error("cannot be asked: check its URL and the headers"), may_resume=False)
        return self._cut_off(error)

    def _cut_off(self, error: httpx.RequestError) -> _Broken:
        """Say how a connection ended that may have started the agent."""
        if isinstance(error, httpx.ReadTimeout):
            silence = f"sent no byte for {self._transport._idle_timeout_s:g} s (idle_timeout_s)"
            return _Broken(self._error(silence + self._fate(), IdleTimeout))
        reason = excerpt(self._transport.redacted(str(error))) or type(error).__name__
        return _Broken(self._error(f"broke the connection: {reason}{self._fate()}"))

    def _fate(self) -> str:
        """Say, after what broke, what was done about it."""
        if not self._can_go_on():
            return "; it was not asked again: that could run it twice, and it gave no event id to resume from"
        return f"; {self._failures} attempts to resume brought nothing new" if self._failures else ""

    async def _body_of(self, response: httpx.Response) -> str:
        return self._transport.redacted(await _start_of(response))

    def _text(self, text: str) -> str:
        return self._transport.redacted(f"the agent at {shown(self._url)} {text}")

    def _error(self, text: str, kind: type[TransportError] = TransportError) -> TransportError:
        return kind(self._text(text))


def _joined(url: httpx.URL, reference: str) -> httpx.URL | None:
    """The URL that a reference means, without user info; None for none."""
    try:
        return url.join(reference).copy_with(userinfo=b"") if reference.strip() else None
    except httpx.InvalidURL:
        return None


def _retry_after_s(headers: httpx.Headers) -> float | None:
    """Give the wait that Retry-After asks for, in seconds or as a date; none if absent or unreadable."""
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        until = parsedate_to_datetime(value).timestamp()
        now = parsedate_to_datetime(headers.get("date", "")).timestamp()  # its clock, not ours
    except (TypeError, ValueError):
        return None
    return max(0.0, until - now)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield `error` and what led to it: httpx wraps httpcore, which wraps the socket's own error."""
    while error is not None:
        yield error
        for part in getattr(error, "exceptions", ()):  # one per address tried
            yield from _causes(part)
        error = error.__cause__ or error.__context__


async def _start_of(response: httpx.Response) -> str:
    """Read the start of an error body; a body that breaks off or dawdles is as good as its start."""
    body = bytearray()
    if _encoding(response) != "identity":
        return ""

    async def read() -> None:
        async for chunk in response.aiter_bytes():
            body.extend(chunk)
            if len(body) >= MAX_ERROR_BYTES:
                return

    try:
        await asyncio.wait_for(read(), ERROR_BODY_S)
    except (httpx.RequestError, asyncio.TimeoutError):
        pass
    return body[:MAX_ERROR_BYTES].decode("utf-8", "replace")


def _encoding(response: httpx.Response) -> str:
    return str(response.headers.get("content-encoding", "")).strip().lower() or "identity"
