"""What a run does, as its status line says it: the state, the open step, a lost connection, the shared state."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..numeric import is_number
from ..shells import Owner, Shells

Json = dict[str, Any]

RESUMING = "resuming"  # the code of a warning that the connection was lost and is tried again
SILENT = "silent"  # the code of a warning that heartbeats are missing
LIVE_NOTICES = {RESUMING: "Connection lost, trying again", SILENT: ""}  # said in the live line: this, or the message

STATE_MS = 200  # how often a state that is patched is shown: each time it is sent whole

# How a run ended, or the type of a finished run's outcome → (the footer's word, what becomes of open calls).
ENDINGS: dict[str, tuple[str, str]] = {
    "finished": ("done", "waiting"),
    "interrupt": ("waiting", "waiting"),
    "cancelled": ("stopped", "cancelled"),
    "error": ("failed", "cancelled"),
    "rejected": ("failed", "cancelled"),
    "truncated": ("truncated", "cancelled"),
    "aborted": ("stopped", "cancelled"),
}


class Status:
    """The state of the last run, the live line of each owner, and what `shared_state` gives."""

    def __init__(self, shells: Shells, shared_state: Callable[[], Any]) -> None:
        self._shells = shells
        self._shared_state = shared_state
        self.begin()

    def begin(self) -> None:
        """A new run."""
        self.state = ""  # one of the live states, or of the endings
        self.usage: list[Json] = []
        self.running_calls = 0
        self.is_resuming = False
        self._steps: list[tuple[Owner, str]] = []
        self._shown_ms = -STATE_MS  # when the shared state was last shown
        self._has_new_state = False

    def become(self, state: str, **more: Any) -> None:
        """Say what the run is doing, if that is news."""
        if state == self.state and not more:
            return
        self.state = state
        self._shells.put("run.update", "status", {"run_id": self._shells.run_id, "state": state, **more})
        if state not in ENDINGS:
            self._say(None)

    def work(self) -> None:
        """The run streams, or waits for tools."""
        self.become("executing_tools" if self.running_calls else "streaming")

    def run_ended(self, event: Json) -> None:
        """What it used; a run that called tools ends several times."""
        self.usage = [*self.usage, *event.get("usage", [])]

    def step_started(self, event: Json) -> None:
        """The line says it until it is finished, or another starts."""
        self._steps.append((event.get("subagentRunId"), event["stepName"]))
        self._say(event.get("subagentRunId"))

    def step_finished(self, event: Json) -> None:
        """The line says the step before it, if that is still open."""
        step = (event.get("subagentRunId"), event["stepName"])
        if step in self._steps:
            self._steps.remove(step)
            self._say(step[0])

    def custom(self, value: Json, owner: Owner) -> None:
        """The line says what the agent wants."""
        self._shells.say(None, said(value, "status", "label", "progress"))

    def lose(self, code: str, message: str) -> None:
        """The connection is silent, or lost and tried again: the line says so until something comes."""
        self.is_resuming = True
        self._shells.say(None, {"status": "step", "label": LIVE_NOTICES[code] or message})

    def resume(self) -> None:
        """Something came."""
        self.is_resuming = False
        self._say(None)

    def _say(self, owner: Owner) -> None:
        """The owner's last open step, else what the run does."""
        steps = [name for whose, name in self._steps if whose == owner]
        state = self.state if owner is None else "streaming"
        self._shells.say(owner, {"status": "step", "label": steps[-1]} if steps else {"status": state})

    def state_snapshot(self, event: Json) -> None:
        """The shared state is another."""
        self._has_new_state = True
        self.show_state()

    def state_delta(self, event: Json) -> None:
        """Some of the shared state is other: show it, now or soon."""
        self._has_new_state = True
        if self._shells.now - self._shown_ms >= STATE_MS:
            self.show_state()

    def show_state(self) -> None:
        """Show what has not been shown of the shared state."""
        if self._has_new_state:
            self._has_new_state, self._shown_ms = False, self._shells.now
            self._shells.put("state.update", "status", {"state": self._shared_state()})


def said(value: Json, *names: str) -> Json:
    """What an agent's own event says by these names: how far as a number, everything else in words."""
    return {name: value[name] for name in names if _is_said(name, value.get(name))}


def _is_said(name: str, value: object) -> bool:
    return is_number(value) if name == "progress" else isinstance(value, str)
