"""AG-UI itself: each frame is one event."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from ..protocol import EVENT_TYPES
from ..sse import ServerSentEvent
from .frames import json_object
from .writer import Event, RunWriter

DONE = "[DONE]"  # a habit of other APIs: no event, but nothing follows it


def recognises(frame: ServerSentEvent) -> bool:
    """True for a JSON object whose type is one of AG-UI's."""
    kind = (json_object(frame) or {}).get("type")
    return isinstance(kind, str) and kind in EVENT_TYPES


class Agui:
    """Hands the events through: what is wrong with them is the protocol's to say.

    The stream starts its runs itself, so what is no event at all is only said once a run has started.
    """

    def __init__(self, run: RunWriter) -> None:
        self._run = run
        self._unsaid: list[str] = []

    def decode(self, frame: ServerSentEvent) -> list[Event]:
        """The frame's event."""
        if frame.data.strip() == DONE:
            self._run.may_end = True
            return []
        event = self._run.read_json(frame, is_event=True)
        if not isinstance(event, dict):
            self._unsaid.append(self._run.wording(frame))
            return self._say() if self._run.has_started else []
        return [*self._run.adopt(event), *self._say()]

    def close(self) -> list[Event]:
        """What was not said yet; a stream without its end is truncated."""
        return self._say()

    def _say(self) -> list[Event]:
        unsaid, self._unsaid = self._unsaid, []
        return [event for message in unsaid for event in self._run.problem(message, "malformed")]


def encode(events: Iterable[Event]) -> Iterator[ServerSentEvent]:
    """The frames of a run's events: one each, with all that they say."""
    for event in events:
        yield ServerSentEvent(data=json.dumps(event, ensure_ascii=False))
