"""What is sent and what must stay secret: URL, headers, body, credentials."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import httpx

from ..errors import TransportError
from .wording import EXCERPT_CHARS

Auth = httpx.Auth | tuple[str, str] | Callable[[httpx.Request], httpx.Request]

OUR_HEADERS = {
    "accept": "text/event-stream",
    "accept-encoding": "identity",  # nothing is decompressed, so nothing can be a bomb
    "cache-control": "no-store",
}
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
PLAIN_HEADERS = {"accept", "accept-encoding", "connection", "user-agent"}  # that httpx sets by itself
# What a header can carry (RFC 9110 5.1, 5.5); h11 refuses the rest, with the value in its message.
_FIELD_NAME = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
FIELD_VALUE = re.compile(rb"[\x21-\x7e\x80-\xff]([\t\x20-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?")


@dataclass(frozen=True)
class Ask:
    """What one run asks for, the same at every attempt.

        Ask(as_json(run_input))
        Ask(method="GET", query={"prompt": "Hello"})
        Ask(b"prompt=Hello", content_type=FORM, bridge=url_of_the_stream)

    `query` joins that of the URL. With a `bridge` the answer is a page: it gets that page, and gives the URL of the
    stream in it, or raises `ValueError`.
    """

    body: bytes = b""
    content_type: str = JSON
    method: str = "POST"
    query: Mapping[str, str] = field(default_factory=dict)
    bridge: Callable[[str], str] | None = None


def as_json(value: Any) -> bytes:
    """Give the bytes of a JSON body; raises `TransportError`."""
    try:
        return json.dumps(value, allow_nan=False, separators=(",", ":")).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise TransportError(f"the run input cannot be sent: it is not JSON ({error})") from None


def as_form(value: Mapping[str, Any]) -> bytes:
    """Give the bytes of a form's body."""
    return urlencode({name: str(text) for name, text in value.items()}).encode()


def url_and_auth(url: str, auth: Auth | None, *, has_base: bool) -> tuple[httpx.URL, Auth | None]:
    """Part the user info from the URL, so that it is in no later text; raises `TransportError`."""
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, TypeError, ValueError):
        raise TransportError("the agent's URL is not a URL: write https://host/path") from None
    if not (parsed.scheme in ("http", "https") and parsed.host) and not (has_base and parsed.is_relative_url):
        raise TransportError("the agent's URL must start with http:// or https:// and name a host")
    if auth is None and parsed.userinfo:
        auth = (parsed.username, parsed.password)
    return parsed.copy_with(userinfo=b""), auth


def checked_headers(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    """Copy `headers`; raises `TransportError` that names what cannot be sent, never its value."""
    checked = []
    for name, value in headers.items():
        raw_name, raw_value = str(name).encode("ascii", "replace"), _ascii(value)
        if not _FIELD_NAME.fullmatch(raw_name):
            raise TransportError(f"{str(name)[:80]!r} cannot be the name of a header")
        if raw_value and not FIELD_VALUE.fullmatch(raw_value):
            raise TransportError(
                f"the value of the header {name!r} (not shown) cannot be sent: it must be ASCII text without "
                "line breaks or spaces at its ends. Did a key come with the line break of its file?"
            )
        checked.append((raw_name, raw_value))
    return checked


def check_seconds(**given: float | None) -> None:
    """Raise `TransportError` for the first that is no time."""
    for name, seconds in given.items():
        if seconds is not None and not (isinstance(seconds, int | float) and seconds >= 0):
            raise TransportError(f"{name} is a number of seconds from 0, or None; got {seconds!r:.80}")


def _ascii(value: str) -> bytes:
    """Give `value` as a header carries it, or a byte that no header can carry."""
    return value.encode() if isinstance(value, str) and value.isascii() else b"\0"


def secrets_of(
    headers: list[tuple[bytes, bytes]], client: httpx.AsyncClient | None, auth: Auth | None, url: httpx.URL
) -> list[str]:
    """List what no message may show, longest first: header values, their parts, query values, passwords."""
    values = [value.decode() for _, value in headers]
    if client is not None:
        values += [value for name, value in client.headers.items() if name not in PLAIN_HEADERS]
    values += [value for _, value in url.params.multi_items()]
    values += [part.partition("=")[2] for part in url.query.decode().split("&")]  # still percent-encoded
    if isinstance(auth, tuple):
        user, password = auth
        values += [password, base64.b64encode(f"{user}:{password}".encode()).decode()]
    parts = [part for value in values for part in re.split(r"[\s;,=]+", value) if len(part) >= 8]
    return sorted({value for value in values + parts if len(value) >= 4}, key=len, reverse=True)


def shown(url: httpx.URL) -> str:
    """Give origin and path of `url`; not its query or user info, which may be secret."""
    return f"{url.scheme}://{url.netloc.decode()}{url.path[:EXCERPT_CHARS]}" if url.host else url.path


def origin_of(url: httpx.URL) -> tuple[str, str, int | None]:
    """Give scheme, host and port: what credentials belong to."""
    return url.scheme, url.host, url.port or {"http": 80, "https": 443}.get(url.scheme)


def is_same_site(url: httpx.URL, target: httpx.URL) -> bool:
    """True for the same origin, or its move from http to https on the usual ports."""
    upgrade = ("http", url.host, 80), ("https", url.host, 443)
    return origin_of(url) == origin_of(target) or (origin_of(url), origin_of(target)) == upgrade
