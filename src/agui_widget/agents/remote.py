"""A remote AG-UI agent, by its URL: POST the run's input, read events over SSE."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any
from urllib.parse import urlsplit

from ..errors import TransportError
from ..projection import RESUMING
from ..transport import HttpTransport


def recognises(given: Any) -> bool:
    """True for an absolute http or https URL."""
    return isinstance(given, str) and given.startswith(("http://", "https://"))


def host(url: str) -> str:
    """The host of a URL, without user name and password."""
    return urlsplit(url).hostname or url


def adapt(url: str, **options: Any) -> RemoteAgent:
    """The agent at `url`. Options are those of `HttpTransport` (headers, auth, client, time-outs)."""
    return RemoteAgent(url, options)


class RemoteAgent:
    """An agent somewhere else; each run is one request.

    `tell` is called with a warning when the connection was lost and is tried again.
    """

    def __init__(self, url: str, options: dict[str, Any]) -> None:
        self.tell: Callable[[dict[str, Any]], object] = lambda warning: None
        self._transport = HttpTransport(url, **{"on_retry": self._interrupted, **options})

    def __call__(self, run_input: dict[str, Any]) -> AsyncIterator[dict[str, Any]]:
        """The events of one run."""
        return self._transport.events(run_input)

    def _interrupted(self, error: TransportError, wait_s: float) -> None:
        message = f"{error}; trying again in {wait_s:.1f} s"
        self.tell({"code": RESUMING, "message": message, "event": 0})
