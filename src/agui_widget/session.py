"""One conversation in the kernel: it numbers the changes, folds them, remembers them and tells listeners.

Changes come from one thread (the driver's loop); reading is safe from any.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Iterable
from typing import Any

from .envelope import Draft, Envelope, coalesce, stamp, weight
from .lanes import Snapshot, fold

Listener = Callable[[list[Envelope]], None]

# What the log keeps, after merging; a reader further behind gets a snapshot.
LOG_LIMIT = 5_000  # envelopes
LOG_BYTES = 4_000_000
LOG_SLACK = 512  # how many may arrive before the log is merged again


def _epoch_ms() -> int:
    return time.time_ns() // 1_000_000


class Session:
    """Gives out `seq` from 1, and keeps the log and the snapshot.

    `now` gives epoch milliseconds. Listeners are called on the thread that appends, in order.
    """

    def __init__(self, stream: str | None = None, *, now: Callable[[], int] = _epoch_ms) -> None:
        self.stream = stream or uuid.uuid4().hex[:12]
        self.now = now
        self._snapshot = Snapshot(self.stream)
        self._log: list[Envelope] = []
        self._log_bytes = 0  # of what is merged
        self._unmerged = 0
        self._listeners: list[Listener] = []
        self._lock = threading.RLock()

    @property
    def seq(self) -> int:
        """The number of the last change."""
        return self._snapshot.seq

    def append(self, drafts: Iterable[Draft]) -> list[Envelope]:
        """Number, fold and log each draft, then tell the listeners; gives the envelopes."""
        with self._lock:
            ts = self.now()
            envelopes = []
            for unnumbered in drafts:
                envelope = stamp(unnumbered, stream=self.stream, seq=self.seq + 1, ts=ts)
                fold(self._snapshot, envelope)
                envelopes.append(envelope)
            self._remember(envelopes)
        if envelopes:
            for listener in list(self._listeners):
                listener(envelopes)
        return envelopes

    def _remember(self, envelopes: list[Envelope]) -> None:
        self._log += envelopes
        self._unmerged += len(envelopes)
        if self._unmerged > LOG_SLACK:
            tail = coalesce(self._log[-self._unmerged :])
            self._log[-self._unmerged :] = tail
            self._log_bytes += sum(map(weight, tail))
            self._unmerged = 0
            self._forget()

    def _forget(self) -> None:
        """Drop the oldest envelopes until the log is within its bounds."""
        gone = max(0, len(self._log) - LOG_LIMIT)
        size = self._log_bytes - sum(map(weight, self._log[:gone]))
        while size > LOG_BYTES and gone < len(self._log):
            size -= weight(self._log[gone])
            gone += 1
        self._log_bytes = size
        del self._log[:gone]

    def snapshot(self) -> dict[str, Any]:
        """How the conversation looks now, as plain JSON values."""
        with self._lock:
            return self._snapshot.to_json()

    def text(self, message_id: str, lane: str, part: str) -> str | None:
        """The words of one part as they are on screen, or a call's arguments; None if there is no such part."""
        with self._lock:
            message = self._snapshot.messages.get(message_id, {"lanes": {}})
            found = message["lanes"].get(lane, {"parts": {}})["parts"].get(part)
            if found is None:
                return None
            words = found["value"].get("args", "") if found["kind"] == "tool" else found.get("text")
            return None if words is None else str(words)

    def has_part(self, message_id: str, lane: str, part: str) -> bool:
        """True if there is such a part."""
        with self._lock:
            lanes = self._snapshot.messages.get(message_id, {"lanes": {}})["lanes"]
            return part in lanes.get(lane, {"parts": {}})["parts"]

    def since(self, have: int) -> list[Envelope] | None:
        """What a reader that has everything up to `have` is missing; None if only a snapshot can tell."""
        with self._lock:
            if have > self.seq:
                return None  # a reader of another life of this session
            missing = [envelope for envelope in self._log if envelope["seq"] > have]
            starts = missing[0].get("seq_from", missing[0]["seq"]) if missing else self.seq + 1
            return coalesce(missing) if starts == have + 1 else None

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` with the envelopes of each change; gives the function that stops it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)
