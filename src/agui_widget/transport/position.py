"""Where a run's stream stands, for resuming it: the cursor, and what was delivered. Pure."""

from __future__ import annotations

import re

from ..sse import ServerSentEvent

MAX_REMEMBERED_IDS = 200_000
_COUNTED_ID = re.compile(r"(.*?)([0-9]{1,15})", re.DOTALL)


class Position:
    """Where a run's stream stands, so that a server that resumes may send again what it already sent.

    A place is the cursor and how many frames without an id of their own came after it: a server that
    resumes behind the cursor sends those again.
    """

    def __init__(self) -> None:
        self.cursor = ""
        self._after_cursor = 0
        self._to_skip = 0  # frames without an id, at the cursor of a connection that resumes
        self._seen: dict[str, int] = {}  # id -> hash of its data, on this connection
        self._seen_before: dict[str, int] = {}
        self._steps = 0  # how often in a row an id was the one before it plus one
        self._is_counted = True
        self._asked_after = ""  # the cursor at which a jump made us ask again

    def connect(self) -> None:
        """Start the next connection at this place."""
        self._to_skip = self._after_cursor
        self._seen_before |= self._seen
        self._seen = {}

    def take(self, frame: ServerSentEvent, id_is_own: bool) -> bool:
        """Move past `frame`; false if it was delivered before."""
        if id_is_own and frame.id:
            return self._take_with_id(frame)
        if frame.id != self.cursor:  # its id came in a block without data
            if frame.id in self._seen_before:
                return False
            self.settle(frame.id)
        if self._to_skip:
            self._to_skip -= 1
            return False
        self._after_cursor += 1
        return True

    def jumps_to(self, frame: ServerSentEvent, id_is_own: bool) -> bool:
        """True if ids that counted up by one leave some out: ask again from the cursor.

        If the answer jumps there too, that is how this server counts, and it is not asked again.
        """
        if not (id_is_own and self._is_counted) or frame.id in self._seen_before or frame.id in self._seen:
            return False
        step = _step(self.cursor, frame.id)
        if step > 1 and self._steps:
            self._is_counted = self._asked_after != self.cursor
            self._asked_after = self.cursor
            return self._is_counted
        self._steps = self._steps + 1 if step == 1 else 0
        return False

    def _take_with_id(self, frame: ServerSentEvent) -> bool:
        fingerprint = hash(frame.data)
        if frame.id in self._seen_before or self._seen.get(frame.id) == fingerprint:
            return False
        self._move(frame.id, fingerprint)
        return True

    def settle(self, last_event_id: str) -> None:
        """Take over the id of a block without data: it moves the cursor too."""
        if last_event_id != self.cursor and last_event_id not in self._seen_before:
            self._move(last_event_id, 0)

    def _move(self, cursor: str, fingerprint: int) -> None:
        if len(self._seen) >= MAX_REMEMBERED_IDS:
            self._seen_before, self._seen = self._seen, {}
        self._seen[cursor] = fingerprint
        self.cursor, self._after_cursor, self._to_skip = cursor, 0, 0


def _step(before: str, after: str) -> int:
    """Give how far apart two ids count, such as `run:7` and `run:9`; 0 if they do not count alike."""
    first, second = _COUNTED_ID.fullmatch(before), _COUNTED_ID.fullmatch(after)
    if first is None or second is None or first[1] != second[1]:
        return 0
    return int(second[2]) - int(first[2])
