"""AG-UI itself: each frame is one event."""

from __future__ import annotations

import json
from typing import Any

from ..protocol import EVENT_TYPES
from ..sse import ServerSentEvent
from .writer import RunWriter


def recognises(frame: ServerSentEvent) -> bool:
    """True for a JSON object whose type is one of AG-UI's."""
    try:
        event = json.loads(frame.data)
    except (ValueError, RecursionError):
        return False
    return isinstance(event, dict) and event.get("type") in EVENT_TYPES


class Agui:
    """Hands the events through: what is wrong with them is the protocol's to say."""

    def __init__(self, run: RunWriter) -> None:
        self._run = run

    def decode(self, frame: ServerSentEvent) -> list[dict[str, Any]]:
        """The frame's event."""
        event = self._run.read_json(frame)
        return [event] if isinstance(event, dict) else self._run.malformed(frame, "is no JSON object")

    def close(self) -> list[dict[str, Any]]:
        """Nothing: a stream without its end is truncated."""
        return []
