"""What stands beside the answers: errors, notices that nobody must read, what an agent prints. Bounded."""

from __future__ import annotations

import json
from typing import Any

from ..shells import Owner, Shell, Shells
from .status import said

Json = dict[str, Any]

PROBLEM = "agui_widget.problem"  # value: {"message", "code"}: an error, and the run goes on
NOTICE = "agui_widget.notice"  # value: {"message", "code"}: said to who looks closer

MAX_NOTICES = 1_000
MAX_PROBLEMS = 20  # errors of one run that end nothing; further ones are notices
NOTICE_CHARS = 500

# What an agent does with its memory, in words.
MEMORY = {"set": "remembers {key}: {value}", "append": "adds to {key}: {value}", "delete": "forgets {key}"}


class Notices:
    """The errors lane, and the parts of the status lane."""

    def __init__(self, shells: Shells) -> None:
        self._shells = shells
        self._count = 0
        self.begin()

    def begin(self) -> None:
        """A new run may have problems of its own."""
        self._problems = 0

    def note(self, code: str, message: str) -> None:
        """A notice; the last one says that more were left out."""
        self._count += 1
        if self._count <= MAX_NOTICES:
            self._put(f"notice-{self._count}", code, message[:NOTICE_CHARS])
        elif self._count % MAX_NOTICES == 1:
            self._put("notice-more", "more", f"after {self._count - 1} notices the rest is not shown")

    def _put(self, key: str, code: str, message: str) -> None:
        self._part({"key": key, "kind": "notice", "value": {"code": code, "message": message}})

    def _part(self, part: Json) -> None:
        self._shells.emit(self._shells.status_shell(), "part.put", "status", part)

    def printed(self, stream: str, text: str) -> None:
        """What the agent printed."""
        value = {"name": stream, "data": {"text/plain": text}}
        self._part({"key": self._shells.next_id("out"), "kind": "output", "value": value})

    def error(self, error: Json, shell: Shell | None = None) -> None:
        """An error of a shell, or of the last one."""
        shell = shell or self._shells.status_shell()
        self._shells.open_lane(shell, "errors")
        self._shells.emit(shell, "error.raise", "errors", {"key": self._shells.next_id("error"), **error})

    def problem(self, error: Json) -> None:
        """An error beside what goes on; a run that has many of them has the rest as notices."""
        self._problems += 1
        if self._problems > MAX_PROBLEMS:
            self.note(error.get("code", "problem"), error["message"])
        else:
            self.error(error)

    def unknown(self, event: Json) -> None:
        """An event that nobody takes."""
        self.note(event["type"].lower().replace("_", "-"), json.dumps(event, ensure_ascii=False, default=str))

    def custom_problem(self, value: Json, owner: Owner) -> None:
        """As `PROBLEM` says."""
        self.problem({"message": "a frame could not be read", **said(value, "message", "code")})

    def custom_notice(self, value: Json, owner: Owner) -> None:
        """As `NOTICE` says."""
        self.note(str(value.get("code", "notice")), str(value.get("message", "")))

    def memory(self, value: Json, owner: Owner) -> None:
        """What the agent remembers from now on, or forgets."""
        wording = MEMORY.get(str(value.get("operation", "set")), MEMORY["set"])
        content = value.get("value")
        words = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False, default=str)
        self.note("memory", wording.format(key=value.get("key"), value=words))
