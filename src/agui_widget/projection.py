"""AG-UI events become envelopes: which lane of which message shell each event changes.

Runs on events that the protocol pipeline has let through, so it never checks them again. Pure: the time is
an argument (epoch milliseconds), and ids are counted, not drawn.

A shell is filled in the order of the screen. Something that belongs above what a shell already shows opens
the next shell, so nothing is ever inserted above what is being read.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from .envelope import LANES, Draft, draft

Event = dict[str, Any]
Owner = str | None  # a subagent's run id; None is the parent agent

OUTPUT_ACTIVITY = "agui_widget.output"  # content: {"data": {mime: …}}; what a function agent displays
TOOL_PROGRESS = "agui_widget.tool_progress"  # value: {"toolCallId", "progress"?, "summary"?}

MAX_NOTICES = 1_000
NOTICE_CHARS = 500

UNFINISHED = ("queued", "running")  # the states of a call whose result may still come

# An ending of the protocol → (the footer's word, what becomes of calls that have no result).
ENDINGS: dict[str, tuple[str, str]] = {
    "finished": ("done", "waiting"),
    "error": ("failed", "cancelled"),
    "rejected": ("failed", "cancelled"),
    "truncated": ("truncated", "cancelled"),
    "aborted": ("stopped", "cancelled"),
}


@dataclass
class _Shell:
    """A message on screen while it can still change."""

    id: str
    role: str
    started_ms: dict[str, int] = field(default_factory=dict)  # lane → when it opened
    sealed: set[str] = field(default_factory=set)
    writing: Counter[str] = field(default_factory=Counter)  # lane → how many things may still write to it
    parts: Counter[str] = field(default_factory=Counter)  # lane → how many parts it has, tools not counted

    def has_below(self, lane: str) -> bool:
        below = LANES[LANES.index(lane) + 1 : -1]
        return any(name in self.started_ms for name in below)

    def takes(self, lane: str) -> bool:
        return lane not in self.sealed and not self.has_below(lane)

    def next_part(self, lane: str, prefix: str = "text") -> str:
        self.parts[lane] += 1
        return prefix if self.parts[lane] == 1 else f"{prefix}-{self.parts[lane]}"


@dataclass
class _Writer:
    """A text or reasoning message: where its next words go."""

    shell: _Shell
    lane: str
    part: str
    is_open: bool = True


@dataclass
class _Call:
    """A tool call from its start to its result."""

    shell: _Shell
    started_ms: int
    state: str = "queued"


class Projection:
    """Turns one conversation's events into envelope drafts.

    The driver calls `user_message`, `start_run`, `feed` for each event and `end_run`; each returns the
    drafts in order. `notice` and `printed` may come at any time.
    """

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._notices = 0
        self._out: list[Draft] = []
        self._shells: list[str] = []
        self._reset("")

    def _reset(self, run_id: str, now: int = 0) -> None:
        self._run_id = run_id
        self._run_state = ""
        self._started_ms = now
        self._current: dict[Owner, _Shell] = {}
        self._run_shells: list[_Shell] = []
        self._starts: dict[str, Event] = {}  # text message id → its start: role and name
        self._writers: dict[tuple[str, str], _Writer] = {}  # (lane, message id)
        self._calls: dict[str, _Call] = {}
        self._running_calls = 0
        self._steps: list[str] = []
        self._usage: list[dict[str, Any]] = []
        self._live: _Shell | None = None  # the shell whose status line is alive

    # -- what the driver calls -----------------------------------------------------------------------

    def user_message(self, text: str, *, nonce: str | None = None, run_id: str | None = None) -> list[Draft]:
        """The user's words as a message of their own."""
        shell_id = self._next_id("u")
        start = {"role": "user"} if nonce is None else {"role": "user", "nonce": nonce}
        self._shells.append(shell_id)
        for kind, lane, payload in (
            ("message.start", "status", start),
            ("token.delta", "text", {"text": text}),
            ("lane.seal", "text", {}),
        ):
            self._out.append(draft(kind, lane, payload, message_id=shell_id, corr=run_id))
        return self._taken()

    def start_run(self, run_id: str, now: int) -> list[Draft]:
        """A shell with a live status line, before the agent has said anything."""
        self._reset(run_id, now)
        self._set_run_state("preparing", started_ms=now)
        self._open_shell("assistant", None)
        return self._taken()

    def feed(self, event: Event, now: int) -> list[Draft]:
        """What one delivered event changes."""
        handler = HANDLERS.get(event["type"], _unknown)
        handler(self, event, now)
        return self._taken()

    def end_run(
        self, outcome: str, now: int, *, error: dict[str, Any] | None = None, detail: str | None = None
    ) -> list[Draft]:
        """Close everything that is open, and say how it ended.

        `outcome` is one of `ENDINGS`; `error` is the payload of the errors lane, if something went wrong;
        `detail` is the type of a finished run's outcome.
        """
        word, call_state = ENDINGS["aborted" if detail == "cancelled" else outcome]
        for call_id, call in self._calls.items():
            if call.state in UNFINISHED:
                self._row(call, {"call_id": call_id, "state": call_state})
        for key in self._writers:
            self._end_writer(key, now)
        if error is not None:
            self._raise(error, now)
        for shell in self._run_shells:
            self._seal(shell, now, everything=True)
        duration = now - self._started_ms
        footer: dict[str, Any] = {"status": word, "duration_ms": duration}
        if self._usage:
            footer["usage"] = self._usage
        if self._live is not None:
            self._emit(self._live, "message.status", "status", footer)
            self._emit(self._live, "lane.seal", "status", {})
            self._live = None
        facts = {"detail": detail, "duration_ms": duration, "usage": self._usage}
        self._set_run_state(outcome, **{name: fact for name, fact in facts.items() if fact})
        return self._taken()

    def notice(self, code: str, message: str) -> list[Draft]:
        """A diagnostic: a repair, something unknown. Bounded; the last one says that more were left out."""
        self._notice(code, message)
        return self._taken()

    def printed(self, stream: str, text: str) -> list[Draft]:
        """What the agent printed, as a part of the status lane."""
        value = {"name": stream, "data": {"text/plain": text}}
        payload = {"key": self._next_id("out"), "kind": "output", "value": value}
        self._emit(self._status_shell(), "part.put", "status", payload)
        return self._taken()

    def clear(self, *, keep: int = 0) -> list[Draft]:
        """Remove all messages but the first `keep`."""
        for shell_id in self._shells[keep:]:
            self._out.append(draft("message.remove", "status", {}, message_id=shell_id))
        del self._shells[keep:]
        return self._taken()

    @property
    def run_state(self) -> str:
        """The state of the last run: one of the live states or of the endings."""
        return self._run_state

    @property
    def message_count(self) -> int:
        """How many message shells there are; what `clear(keep=…)` counts in."""
        return len(self._shells)

    # -- shells --------------------------------------------------------------------------------------

    def _next_id(self, prefix: str) -> str:
        self._counts[prefix] += 1
        return f"{prefix}{self._counts[prefix]}"

    def _emit(self, shell: _Shell, kind: str, lane: str, payload: dict[str, Any]) -> None:
        self._out.append(draft(kind, lane, payload, message_id=shell.id, corr=self._run_id))

    def _taken(self) -> list[Draft]:
        out, self._out = self._out, []
        return out

    def _open_shell(self, role: str, owner: Owner, name: str | None = None) -> _Shell:
        shell = _Shell(self._next_id(role[0]), role)
        self._current[owner] = shell
        self._run_shells.append(shell)
        self._shells.append(shell.id)
        self._emit(shell, "message.start", "status", {"role": role} if name is None else {"role": role, "name": name})
        if role == "assistant":
            self._move_status_line(shell)
        return shell

    def _move_status_line(self, shell: _Shell) -> None:
        if self._live is not None:
            self._emit(self._live, "lane.seal", "status", {})
        self._live = shell
        self._say_status()

    def _say_status(self) -> None:
        if self._live is None:
            return
        status = {"status": "step", "label": self._steps[-1]} if self._steps else {"status": self._run_state}
        self._emit(self._live, "message.status", "status", status)

    def _status_shell(self) -> _Shell:
        return self._live or self._current.get(None) or self._open_shell("assistant", None)

    def _shell_for(
        self, lane: str, now: int, owner: Owner, *, role: str = "assistant", name: str | None = None
    ) -> _Shell:
        """The shell where something of `lane` goes next: the current one if it still takes it."""
        shell = self._current.get(owner)
        if shell is None or shell.role != role or not shell.takes(lane):
            if shell is not None:
                self._seal(shell, now, everything=True)
            shell = self._open_shell(role, owner, name)
        if lane not in shell.started_ms:
            shell.started_ms[lane] = now
            self._seal(shell, now)
        return shell

    def _seal(self, shell: _Shell, now: int, *, everything: bool = False) -> None:
        """Seal the lanes that nothing will write to again: those above the lowest open one, or all."""
        for lane in sorted(shell.started_ms, key=LANES.index):
            done = everything or shell.has_below(lane)
            if done and not shell.writing[lane] and lane not in shell.sealed and lane != "errors":
                shell.sealed.add(lane)
                self._emit(shell, "lane.seal", lane, {"duration_ms": now - shell.started_ms[lane]})

    # -- run state -----------------------------------------------------------------------------------

    def _set_run_state(self, state: str, **more: Any) -> None:
        if state == self._run_state and not more:
            return
        self._run_state = state
        payload = {"run_id": self._run_id, "state": state, **more}
        self._out.append(draft("run.update", "status", payload, corr=self._run_id))
        if state not in ENDINGS:
            self._say_status()

    def _set_working_state(self) -> None:
        self._set_run_state("executing_tools" if self._running_calls else "streaming")

    # -- text and reasoning --------------------------------------------------------------------------

    def _write(self, lane: str, event: Event, now: int) -> None:
        delta = event["delta"]
        if not delta:
            return  # an empty message never shows
        key = (lane, event["messageId"])
        writer = self._writers.get(key)
        if writer is None or not writer.is_open:
            writer = self._writers[key] = self._open_writer(writer, lane, event, now)
        payload = {"text": delta} if writer.part == "text" else {"text": delta, "part": writer.part}
        self._emit(writer.shell, "token.delta", lane, payload)
        self._set_run_state("streaming")

    def _open_writer(self, ended: _Writer | None, lane: str, event: Event, now: int) -> _Writer:
        """A new part, or the old one where a message that had ended goes on in its place."""
        if ended is not None and ended.shell.takes(lane) and ended.shell in self._current.values():
            ended.is_open = True
            writer = ended
        else:
            start = self._starts.get(event["messageId"], {}) if lane == "text" else {}
            role, name = start.get("role", "assistant"), start.get("name")
            shell = self._shell_for(lane, now, event.get("subagentRunId"), role=role, name=name)
            writer = _Writer(shell, lane, shell.next_part(lane))
        writer.shell.writing[lane] += 1
        return writer

    def _end_writer(self, key: tuple[str, str], now: int) -> None:
        writer = self._writers.get(key)
        if writer is not None and writer.is_open:
            writer.is_open = False
            writer.shell.writing[writer.lane] -= 1
            self._seal(writer.shell, now, everything=self._is_left(writer.shell))

    def _is_left(self, shell: _Shell) -> bool:
        return all(shell is not current for current in self._current.values())

    # -- tools ---------------------------------------------------------------------------------------

    def _open_call(self, event: Event, now: int) -> _Call:
        shell = self._shell_for("tools", now, event.get("subagentRunId"))
        shell.writing["tools"] += 1
        call = self._calls[event["toolCallId"]] = _Call(shell, now)
        return call

    def _row(self, call: _Call, row: dict[str, Any], kind: str = "tools.update") -> None:
        before, after = call.state, row.get("state", call.state)
        call.state = after
        self._running_calls += (after == "running") - (before == "running")
        call.shell.writing["tools"] += (after in UNFINISHED) - (before in UNFINISHED)
        self._emit(call.shell, kind, "tools", {"tools": [row]})

    # -- other parts ---------------------------------------------------------------------------------

    def _raise(self, error: dict[str, Any], now: int) -> None:
        shell = self._status_shell()
        shell.started_ms.setdefault("errors", now)
        self._emit(shell, "error.raise", "errors", {"key": self._next_id("error"), **error})

    def _notice(self, code: str, message: str) -> None:
        self._notices += 1
        if self._notices <= MAX_NOTICES:
            self._put_notice(f"notice-{self._notices}", code, message[:NOTICE_CHARS])
        elif self._notices % MAX_NOTICES == 1:
            self._put_notice("notice-more", "more", f"more than {self._notices - 1} notices; the rest is not shown")

    def _put_notice(self, key: str, code: str, message: str) -> None:
        payload = {"key": key, "kind": "notice", "value": {"code": code, "message": message}}
        self._emit(self._status_shell(), "part.put", "status", payload)


# -- one short function per event type ---------------------------------------------------------------


def _run_finished(projection: Projection, event: Event, now: int) -> None:
    projection._usage = event.get("usage", [])


def _text_start(projection: Projection, event: Event, now: int) -> None:
    projection._starts[event["messageId"]] = event  # the shell is opened by the first words


def _text_content(projection: Projection, event: Event, now: int) -> None:
    projection._write("text", event, now)


def _text_end(projection: Projection, event: Event, now: int) -> None:
    projection._end_writer(("text", event["messageId"]), now)


def _reasoning_lane(event: Event) -> str:
    return "thinking" if (event.get("metadata") or {}).get("lane") == "thinking" else "reasoning"


def _reasoning_content(projection: Projection, event: Event, now: int) -> None:
    projection._write(_reasoning_lane(event), event, now)


def _reasoning_end(projection: Projection, event: Event, now: int) -> None:
    for lane in ("thinking", "reasoning"):
        projection._end_writer((lane, event["messageId"]), now)


def _tool_start(projection: Projection, event: Event, now: int) -> None:
    call_id = event["toolCallId"]
    if call_id in projection._calls:
        return
    row = {"call_id": call_id, "name": event["toolCallName"], "state": "queued", "started_ms": now}
    projection._row(projection._open_call(event, now), row)


def _tool_args(projection: Projection, event: Event, now: int) -> None:
    call = projection._calls.get(event["toolCallId"])
    if call is not None and event["delta"]:
        payload = {"call_id": event["toolCallId"], "text": event["delta"]}
        projection._emit(call.shell, "tool.args", "tools", payload)


def _tool_end(projection: Projection, event: Event, now: int) -> None:
    call = projection._calls.get(event["toolCallId"])
    if call is not None and call.state == "queued":
        projection._row(call, {"call_id": event["toolCallId"], "state": "running"})
        projection._set_working_state()


def _tool_result(projection: Projection, event: Event, now: int) -> None:
    call_id = event["toolCallId"]
    call = projection._calls.get(call_id)
    row: dict[str, Any] = {"call_id": call_id}
    if call is None:  # a result for a call of an earlier run, or one that was never announced
        call = projection._open_call(event, now)
        row["name"] = "tool"
    error = (event.get("metadata") or {}).get("error")
    row |= {"state": "error", "error": str(error)} if error else {"state": "done", "progress": 1}
    row |= {"result": content_text(event["content"]), "duration_ms": now - call.started_ms}
    projection._row(call, row)
    projection._set_working_state()
    projection._seal(call.shell, now, everything=projection._is_left(call.shell))


def _step_started(projection: Projection, event: Event, now: int) -> None:
    projection._steps.append(event["stepName"])
    projection._say_status()


def _step_finished(projection: Projection, event: Event, now: int) -> None:
    if event["stepName"] in projection._steps:
        projection._steps.remove(event["stepName"])
        projection._say_status()


def _state_snapshot(projection: Projection, event: Event, now: int) -> None:
    projection._out.append(draft("state.update", "status", {"state": event["snapshot"]}, corr=projection._run_id))


def _activity_snapshot(projection: Projection, event: Event, now: int) -> None:
    if event["activityType"] != OUTPUT_ACTIVITY:
        _unknown(projection, event, now)
        return
    shell = projection._shell_for("text", now, event.get("subagentRunId"))
    payload = {"key": shell.next_part("text", "output"), "kind": "output", "value": event["content"]}
    projection._emit(shell, "part.put", "text", payload)
    projection._set_run_state("streaming")


def _custom(projection: Projection, event: Event, now: int) -> None:
    handler = CUSTOM_HANDLERS.get(event["name"])
    if handler is None or not isinstance(event["value"], dict):
        _unknown(projection, event, now)
    else:
        handler(projection, event["value"], now)


def _tool_progress(projection: Projection, value: dict[str, Any], now: int) -> None:
    call_id = value.get("toolCallId")
    call = projection._calls.get(call_id) if isinstance(call_id, str) else None
    if call is not None:
        row = {key: value[key] for key in ("progress", "summary") if key in value}
        projection._row(call, row | {"call_id": call_id, "state": "running"}, "tools.progress")
        projection._set_working_state()


def _custom_status(projection: Projection, value: dict[str, Any], now: int) -> None:
    status: dict[str, Any] = {key: value[key] for key in ("status", "label", "progress") if key in value}
    projection._emit(projection._status_shell(), "message.status", "status", status)


def _unknown(projection: Projection, event: Event, now: int) -> None:
    code = event["type"].lower().replace("_", "-")
    projection._notice(code, json.dumps(event, ensure_ascii=False, default=str))


def _nothing(projection: Projection, event: Event, now: int) -> None:
    """Changes nothing on screen."""


def content_text(content: str | Iterable[dict[str, Any]]) -> str:
    """A tool result as text: its text parts, and other parts by what they are."""
    if isinstance(content, str):
        return content
    return "\n".join(part.get("text", f"[{part['type']}]") for part in content)


Handler = Callable[[Projection, Event, int], None]

HANDLERS: dict[str, Handler] = {
    "RUN_STARTED": _nothing,
    "RUN_FINISHED": _run_finished,
    "RUN_ERROR": _run_finished,
    "STEP_STARTED": _step_started,
    "STEP_FINISHED": _step_finished,
    "TEXT_MESSAGE_START": _text_start,
    "TEXT_MESSAGE_CONTENT": _text_content,
    "TEXT_MESSAGE_END": _text_end,
    "REASONING_START": _nothing,
    "REASONING_MESSAGE_START": _nothing,
    "REASONING_MESSAGE_CONTENT": _reasoning_content,
    "REASONING_MESSAGE_END": _reasoning_end,
    "REASONING_END": _nothing,
    "REASONING_ENCRYPTED_VALUE": _nothing,
    "TOOL_CALL_START": _tool_start,
    "TOOL_CALL_ARGS": _tool_args,
    "TOOL_CALL_END": _tool_end,
    "TOOL_CALL_RESULT": _tool_result,
    "STATE_SNAPSHOT": _state_snapshot,
    "ACTIVITY_SNAPSHOT": _activity_snapshot,
    "CUSTOM": _custom,
}

CUSTOM_HANDLERS: dict[str, Callable[[Projection, dict[str, Any], int], None]] = {
    TOOL_PROGRESS: _tool_progress,
    "status": _custom_status,
}
