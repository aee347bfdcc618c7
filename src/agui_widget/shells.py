"""The message shells of a conversation, and the rules that keep what is being read in its place.

A shell is filled in the order of the screen (thinking, reasoning, text, tools, …). Something that belongs
above what a shell already shows opens the next shell, so nothing is ever inserted above what is being
read. Each owner (the parent agent, or a subagent) fills its own shells and has one live status line.

Pure: `now` (epoch milliseconds) is set from outside, ids are counted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from .envelope import LANES, Draft, draft

_COUNTED = re.compile(r"([a-z]+)([0-9]{1,9})")

Owner = str | None  # a subagent's run id; None is the parent agent


@dataclass(eq=False)
class Shell:
    """A message on screen while it can still change."""

    id: str
    role: str
    owner: Owner = None
    started_ms: dict[str, int] = field(default_factory=dict)  # lane → when it opened
    sealed: set[str] = field(default_factory=set)
    writing: Counter[str] = field(default_factory=Counter)  # lane → how many things may still write to it
    parts: Counter[str] = field(default_factory=Counter)  # lane → how many parts it has, tools not counted
    is_left: bool = False  # something stands below it that must stay below

    def has_below(self, lane: str) -> bool:
        """True if a lane below this one has content."""
        below = LANES[LANES.index(lane) + 1 : -1]
        return any(name in self.started_ms for name in below)

    def takes(self, lane: str) -> bool:
        """True if more of this lane may still come in here."""
        return not self.is_left and lane not in self.sealed and not self.has_below(lane)

    def next_part(self, lane: str, prefix: str = "text") -> str:
        """The key of one more part of a lane: `text`, `text-2`, …"""
        self.parts[lane] += 1
        return prefix if self.parts[lane] == 1 else f"{prefix}-{self.parts[lane]}"


class Shells:
    """All shells, the ones each owner fills now, and the envelope drafts not yet taken."""

    def __init__(self) -> None:
        self.now = 0
        self.ids: list[str] = []  # every message on screen, in the order they came
        self.waiting: dict[str, dict[str, Any]] = {}  # footers that say that they wait for an answer
        self._counts: Counter[str] = Counter()
        self._out: list[Draft] = []
        self.begin("")

    def begin(self, run_id: str) -> None:
        """A new run: its shells are its own."""
        self.run_id = run_id
        self.current: dict[Owner, Shell] = {}
        self._of_run: list[Shell] = []
        self._live: dict[Owner, Shell] = {}  # whose status line is alive
        self._statuses: dict[Owner, dict[str, Any]] = {}
        self._parents: dict[Owner, str] = {}  # subagent → the shell it was started from
        self._names: dict[Owner, str] = {}

    def take(self) -> list[Draft]:
        """The drafts since the last time."""
        out, self._out = self._out, []
        return out

    def next_id(self, prefix: str) -> str:
        """`a1`, `a2`, …: short, and the same each time a conversation is replayed."""
        self._counts[prefix] += 1
        return f"{prefix}{self._counts[prefix]}"

    def adopt(self, ids: list[str], keys: Iterable[str]) -> None:
        """Stand on messages that are there already; no new id is one of theirs, or one of `keys`."""
        self.ids = list(ids)
        for known in (*ids, *keys):
            match = _COUNTED.fullmatch(known)
            if match:
                self._counts[match[1]] = max(self._counts[match[1]], int(match[2]))

    def put(self, kind: str, lane: str, payload: dict[str, Any], shell_id: str | None = None) -> None:
        """Draft one change."""
        self._out.append(draft(kind, lane, payload, message_id=shell_id, corr=self.run_id or None))

    def emit(self, shell: Shell, kind: str, lane: str, payload: dict[str, Any]) -> None:
        """Draft one change of a shell."""
        self.put(kind, lane, payload, shell.id)

    # -- opening -------------------------------------------------------------------------------------

    def open(self, role: str, owner: Owner = None, *, nonce: str | None = None, name: str | None = None) -> Shell:
        """A new shell, which its owner fills from now on. A subagent's stands behind its last one."""
        shell = Shell(self.next_id(role[0]), role, owner)
        start = {"role": role, "nonce": nonce, "name": name or self._names.pop(owner, None)}
        if owner is not None:
            if owner not in self._parents:
                self._join(owner, self.status_shell())
            start["parent"] = self._parents[owner]
            start["after"] = self.current[owner].id if owner in self.current else None
        self.ids.append(shell.id)
        self.current[owner] = shell
        self._of_run.append(shell)
        self.emit(shell, "message.start", "status", {key: value for key, value in start.items() if value is not None})
        if role == "assistant":
            self._move_status_line(shell)
        return shell

    def group(self, owner: str, name: str, starter: Owner) -> None:
        """A subagent begins: its shells stand in a group of its own, behind the shell of who started it."""
        self._join(owner, self.current.get(starter) or self.status_shell())
        self._names[owner] = name
        self.open("assistant", owner)

    def _join(self, owner: str, starter: Shell) -> None:
        self._parents[owner] = starter.id
        starter.is_left = True  # what the starter says next stands below the group

    def shell_for(self, lane: str, owner: Owner, *, role: str = "assistant", name: str | None = None) -> Shell:
        """The shell where something of `lane` goes next: the owner's current one if it still takes it."""
        shell = self.current.get(owner)
        if shell is None or shell.role != role or not shell.takes(lane):
            if shell is not None:
                self.seal(shell, everything=True)
            shell = self.open(role, owner, name=name)
        self.open_lane(shell, lane)
        return shell

    def open_lane(self, shell: Shell, lane: str) -> None:
        """Note that a lane has content now, which ends those above it."""
        if lane not in shell.started_ms:
            shell.started_ms[lane] = self.now
            self.seal(shell)

    def remove(self, shell_id: str) -> None:
        """Take a message off the screen."""
        self.ids.remove(shell_id)
        self.put("message.remove", "status", {}, shell_id)

    # -- sealing -------------------------------------------------------------------------------------

    def seal(self, shell: Shell, *, everything: bool = False) -> None:
        """Seal the lanes that nothing will write to again: those above the lowest open one, or all."""
        for lane in sorted(shell.started_ms, key=LANES.index):
            done = everything or shell.has_below(lane)
            if done and not shell.writing[lane] and lane not in shell.sealed and lane != "errors":
                shell.sealed.add(lane)
                self.emit(shell, "lane.seal", lane, {"duration_ms": self.now - shell.started_ms[lane]})

    def seal_after_write(self, shell: Shell) -> None:
        """Something stopped writing to a shell: seal what that leaves without a writer."""
        self.seal(shell, everything=self.current.get(shell.owner) is not shell)

    def end_owner(self, owner: Owner, footer: dict[str, Any]) -> None:
        """An owner says nothing more: seal its shells, and let its status line be a footer."""
        for shell in self._of_run:
            if shell.owner == owner:
                self.seal(shell, everything=True)
        live = self._live.pop(owner, None)
        if live is not None:
            self.emit(live, "message.status", "status", footer)
            self.emit(live, "lane.seal", "status", {})
            if footer["status"] == "waiting":
                self.waiting[live.id] = footer

    def answered(self) -> None:
        """What was waited for has come: no footer says any more that it waits."""
        for shell_id, footer in self.waiting.items():
            self.put("message.status", "status", {**footer, "status": "done"}, shell_id)
        self.waiting = {}

    def end(self, footer: dict[str, Any]) -> None:
        """The run is over for everyone; only the parent's footer has the run's figures."""
        for owner in [owner for owner in self._live if owner is not None]:
            self.end_owner(owner, {"status": footer["status"]})
        for shell in self._of_run:
            self.seal(shell, everything=True)
        self.end_owner(None, footer)

    # -- the status line -----------------------------------------------------------------------------

    def say(self, owner: Owner, status: dict[str, Any]) -> None:
        """Let an owner's live line say `status`; what it said stays until then, also in later shells."""
        self._statuses[owner] = status
        if owner in self._live:
            self.emit(self._live[owner], "message.status", "status", status)

    def status_shell(self) -> Shell:
        """The shell of the parent agent that a notice or an error belongs to."""
        return self._live.get(None) or self.current.get(None) or self.open("assistant")

    def _move_status_line(self, shell: Shell) -> None:
        before = self._live.get(shell.owner)
        if before is not None:
            self.emit(before, "lane.seal", "status", {})
        self._live[shell.owner] = shell
        self.emit(shell, "message.status", "status", self._statuses.get(shell.owner, {"status": "streaming"}))
