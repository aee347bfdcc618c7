"""What was repaired, removed or ignored: shown to whoever looks, never fatal."""

from __future__ import annotations

from typing import Any

MAX_WARNINGS = 1000
MAX_LENGTH = 1000  # of one message: ids and values in it come from outside


class Warnings:
    """A bounded list of `{code, message, event, path?}`; past the bound they are only counted."""

    def __init__(self) -> None:
        self.entries: list[dict[str, Any]] = []
        self.count = 0
        self.event_number = 0  # of the event being fed, from 1

    def add(self, code: str, message: str, path: str | None = None) -> None:
        """Note one deviation of the current event."""
        self.count += 1
        if len(self.entries) >= MAX_WARNINGS:
            return
        entry = {"code": code, "message": message[:MAX_LENGTH], "event": self.event_number}
        self.entries.append(entry if path is None else {**entry, "path": path})
