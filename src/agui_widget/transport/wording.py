"""What an error says: hints for statuses, and what a server's own error body says, cut and cleaned. Pure."""

from __future__ import annotations

import json
import re
from typing import Any

STATUS_HINTS = {
    401: "Credentials are missing or refused",
    403: "The server refuses these credentials for this agent",
    404: "Check the path of the URL",
    405: "Check the path of the URL: what is there takes no POST",
    408: "The server gave up waiting for the request",
    409: "The server says this run conflicts with another one",
    410: "The agent or its stream is gone",
    413: "The conversation is larger than the server takes",
    415: "Check that the URL is an AG-UI agent: it refuses JSON",
    422: "The server refuses the run input",
    429: "Too many requests: wait before trying again",
    500: "The agent failed: look at the server's log",
    502: "A proxy cannot reach the agent: check that its server runs",
    503: "The server is busy or starting: try again later",
    504: "A proxy waited too long for the agent",
}
ERROR_KEYS = ("detail", "message", "error", "errors", "title")
EXCERPT_CHARS = 200
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def said(body: str) -> str:
    """Give what an error body says: its `detail`, `message` or `error`, else its first characters."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return excerpt(body)
    while isinstance(said, dict) and (key := next((key for key in ERROR_KEYS if said.get(key)), "")):
        said = said[key]
    if isinstance(said, list):
        return "; ".join(_complaint(item) for item in said[:5])
    return excerpt(said if isinstance(said, str) else body)


def _complaint(item: Any) -> str:
    """Give one entry of FastAPI's validation detail as `body.threadId: Field required`."""
    if not (isinstance(item, dict) and "msg" in item):
        return excerpt(str(item))
    path = ".".join(str(step) for step in item.get("loc") or ())
    return f"{path[:80]}: {excerpt(str(item['msg']))}"


def starts(body: str) -> str:
    """Give the start of a body as the end of a sentence; nothing for an empty one."""
    return f"; it starts: {excerpt(body)}" if body.strip() else ""


def excerpt(text: str) -> str:
    """Give the first `EXCERPT_CHARS` characters of `text`, without those that drive a terminal."""
    text = _CONTROL.sub("\ufffd", text.strip())
    return text if len(text) <= EXCERPT_CHARS else text[:EXCERPT_CHARS] + "…"
