"""A remote AG-UI agent, by its URL: POST the run's input, read events over SSE."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit

from ..transport import HttpTransport


def recognises(given: Any) -> bool:
    """True for an absolute http or https URL."""
    return isinstance(given, str) and given.startswith(("http://", "https://"))


def host(url: str) -> str:
    """The host of a URL, without user name and password."""
    return urlsplit(url).hostname or url


def adapt(url: str, **options: Any) -> RemoteAgent:
    """The agent at `url`. Options are those of `HttpTransport` (headers, auth, client, time-outs)."""
    return RemoteAgent(HttpTransport(url, **options))


class RemoteAgent:
    """An agent somewhere else; each run is one request."""

    def __init__(self, transport: HttpTransport) -> None:
        self._transport = transport

    def __call__(self, run_input: dict[str, Any]) -> AsyncIterator[dict[str, Any]]:
        """The events of one run."""
        return self._transport.events(run_input)
