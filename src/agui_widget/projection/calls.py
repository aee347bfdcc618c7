"""Calls of tools, from start to result, as rows of the tools lane; and the questions that stand among them."""

from __future__ import annotations

import math
from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import Any

from ..a2ui import LOG_TOOL, RENDER_TOOL
from ..activities import Look
from ..citations import Citations
from ..content import content_text, media_output
from ..numeric import is_number
from ..shells import Owner, Shell, Shells
from ..surfaces import Surfaces
from .status import Status, said
from .words import Shown

Event = dict[str, Any]
Json = dict[str, Any]

OBJECT_KEY = "agui_widget.object"  # in the metadata of a tool's result: the key of what the tool gave
TOOL_PROGRESS = "agui_widget.tool_progress"  # value: {"toolCallId", "progress"?, "summary"?}

UNFINISHED = ("queued", "running")  # the states of a call whose result may still come in this run
UNANSWERED = (*UNFINISHED, "waiting")  # or in a later one


@dataclass(eq=False)
class _Call:
    """A tool call from its start to its result."""

    id: str
    shell: Shell
    started_ms: int
    state: str = "queued"
    has_summary: bool = False


class Calls:
    """The rows; what a result has for other lanes, `citations` and `surfaces` get."""

    def __init__(
        self, shells: Shells, status: Status, citations: Citations, surfaces: Surfaces, shown: Shown, look: Look
    ) -> None:
        self._shells = shells
        self._status = status
        self._citations = citations
        self._surfaces = surfaces
        self._shown = shown
        self._look = look
        self._calls: dict[str, _Call] = {}
        self._questions: list[tuple[str, str]] = []  # (shell, part) of each open interrupt

    def begin(self) -> None:
        """A new run: what was asked is answered."""
        for shell_id, key in self._questions:
            self._shells.put("part.remove", "tools", {"key": key}, shell_id)
        self._questions = []

    def started(self, event: Event) -> None:
        """A call that is announced, unless it is known and has no result yet."""
        call_id, owner = event["toolCallId"], event.get("subagentRunId")
        known = self._calls.get(call_id)
        if known is None or known.state not in UNANSWERED:
            call = self._open(call_id, owner)
            self._row(call, {"name": event["toolCallName"], "state": "queued", "started_ms": self._shells.now})
            if event["toolCallName"] == RENDER_TOOL:
                self._surfaces.start_call(call_id, owner)

    def arguments(self, event: Event) -> None:
        """A piece of what a call is given."""
        call = self._calls.get(event["toolCallId"])
        if call is not None and event["delta"]:
            self._shells.emit(call.shell, "tool.args", "tools", {"call_id": call.id, "text": event["delta"]})
            self._surfaces.write(call.id, event["delta"])

    def ended(self, event: Event) -> None:
        """What a call is given is complete: it runs."""
        call = self._calls.get(event["toolCallId"])
        if call is not None and call.state == "queued":
            self._row(call, {"state": "running"})
            self._surfaces.end_call(call.id)
            self._status.work()

    def progress(self, value: Json, owner: Owner) -> None:
        """How far a call is, as `TOOL_PROGRESS` says."""
        call_id = value.get("toolCallId")
        call = self._calls.get(call_id) if isinstance(call_id, str) else None
        if call is not None:
            self._row(call, said(value, "progress", "summary") | {"state": "running"}, "tools.progress")
            self._status.work()

    def result(self, event: Event) -> None:
        """What a call gave, also if nobody announced it."""
        call = self._calls.get(event["toolCallId"])
        if call is None:
            call = self._open(event["toolCallId"], event.get("subagentRunId"))
            self._row(call, {"name": "tool"})
        metadata = event.get("metadata") or {}
        key, took = metadata.get(OBJECT_KEY), metadata.get("durationMs")
        output = self._look(key) if isinstance(key, str) else None
        self._answer(call, event["content"], metadata.get("error"), output, _duration_ms(took))
        self._status.work()

    def show(self, call: Json, owner: Owner) -> None:
        """A call of a message, as it is now."""
        call_id, name, arguments = call["id"], call["function"]["name"], call["function"]["arguments"]
        if name == LOG_TOOL:
            return  # how the agent was told of what the user did
        known = self._calls.get(call_id)
        if known is None:
            self._row(self._open(call_id, owner), {"name": name, "args": arguments, "state": "running"})
            if name == RENDER_TOOL:
                self._surfaces.start_call(call_id, owner)
                self._surfaces.write(call_id, arguments)
                self._surfaces.end_call(call_id)
        elif self._shown(known.shell.id, "tools", call_id) != arguments:
            self._row(known, {"name": name, "args": arguments})

    def show_result(self, message: Json) -> None:
        """The result that a call has now, if it had none."""
        call = self._calls.get(message["toolCallId"])
        if call is not None and call.state in UNANSWERED:
            self._answer(call, message["content"], message.get("error"))

    def close(self, state: str) -> None:
        """Nothing more comes of those that are unfinished."""
        for call in self._calls.values():
            if call.state in UNFINISHED:
                self._row(call, {"state": state})

    def ask(self, question: Json) -> None:
        """A question, where the call stands that it is about."""
        call = self._calls.get(question.get("call_id", ""))
        shell = call.shell if call else self._shells.shell_for("tools", None)
        self._questions.append((shell.id, question["id"]))
        self._shells.emit(shell, "part.put", "tools", {"key": question["id"], "kind": "question", "value": question})

    def summarise(self, shell: Shell, words: str) -> bool:
        """Say how the calls of a shell have ended, of the last of them; False if it has none."""
        last = next((call for call in reversed(self._calls.values()) if call.shell is shell), None)
        if last is not None:
            self._row(last, {"summary": words})
        return last is not None

    def forget(self, gone: Container[str]) -> None:
        """Shells have left the screen."""
        self._calls = {key: call for key, call in self._calls.items() if call.shell.id not in gone}
        self._questions = []

    def restore(self, parts: Sequence[tuple[Shell, Json]]) -> None:
        """Remember those of a snapshot."""
        rows = [(shell, part["key"], part["value"]) for shell, part in parts if part["kind"] == "tool"]
        self._calls = {
            key: _Call(key, shell, row.get("started_ms", 0), row.get("state", "queued"), "summary" in row)
            for shell, key, row in rows
        }
        self._questions = [(shell.id, part["key"]) for shell, part in parts if part["kind"] == "question"]

    def _open(self, call_id: str, owner: Owner) -> _Call:
        """A call in the shell where tools go now."""
        shell = self._shells.shell_for("tools", owner)
        shell.writing["tools"] += 1
        call = self._calls[call_id] = _Call(call_id, shell, self._shells.now)
        return call

    def _row(self, call: _Call, row: Json, kind: str = "tools.update") -> None:
        """Patch a call's row, and keep count of what still runs."""
        before, after = call.state, row.get("state", call.state)
        call.state = after
        call.has_summary = call.has_summary or "summary" in row
        self._status.running_calls += (after == "running") - (before == "running")
        call.shell.writing["tools"] += (after in UNFINISHED) - (before in UNFINISHED)
        self._shells.emit(call.shell, kind, "tools", {"tools": [{"call_id": call.id, **row}]})

    def _answer(
        self, call: _Call, content: Any, error: Any, output: Json | None = None, duration_ms: float | None = None
    ) -> None:
        """The row's result, and how it looks if it is an object. What the progress said last goes: it is no result.

        `duration_ms` is what the agent says of the time; without it, it is taken here.
        """
        row: Json = {"result": content_text(content)}
        row |= {"state": "error", "error": str(error)} if error else {"state": "done", "progress": 1}
        if (output := output or media_output(content, call.id)) is not None:
            row["output"] = output
        if call.has_summary:
            row["summary"] = ""
        if call.state in UNFINISHED:
            row["duration_ms"] = self._shells.now - call.started_ms if duration_ms is None else duration_ms
        self._row(call, row)
        self._citations.found(call.shell, content)
        if error:
            self._surfaces.fail_call(call.id, str(error))
        else:
            self._surfaces.show_result(call.id, call.shell.owner, content)
        self._shells.seal_after_write(call.shell)


def _duration_ms(said: Any) -> float | None:
    """How long a call took as the agent says it, if that is a time."""
    return said if is_number(said) and 0 <= said < math.inf else None
