"""What AG-UI activities show: outputs, charts that grow, and cards for those of unknown types."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from . import telemetry
from .described import described_output
from .shells import Shell, Shells

Message = dict[str, Any]
Json = dict[str, Any]
Patch = list[dict[str, Any]]
Look = Callable[[str], Json | None]  # a live object's key → its output value, if it is kept

OUTPUT_ACTIVITY = "agui_widget.output"  # content: {"data": {mime: …}, "object"?: key}; what a function agent displays


@dataclass
class _Activity:
    """An activity message: the part that shows it."""

    shell: Shell
    key: str
    object_key: str | None = None  # of the live object that it shows; empty for one of before the kernel


class Activities:
    """Which part shows which activity, and what of it is news."""

    def __init__(self, shells: Shells, look: Look) -> None:
        self._shells = shells
        self._look = look
        self._activities: dict[str, _Activity] = {}  # by message id

    def show(self, message: Message, patch: Patch | None = None) -> bool:
        """Show an activity as it is now; False if that is on screen already.

        `patch` is what made it so: of a chart that grows, only the new rows are sent.
        """
        activity = self._activities.get(message["id"])
        if activity is not None and patch and self._grow(activity, message, patch):
            return True
        if activity is None:
            shell = self._shells.shell_for("text", message.get("subagentRunId"))
            activity = self._activities[message["id"]] = _Activity(shell, shell.next_part("text", "activity"))
        part = self._part(activity, message)
        if part is not None:
            self._shells.emit(activity.shell, "part.put", "text", {"key": activity.key, **part})
        return part is not None

    def drop(self, shells: Container[str]) -> None:
        """Forget those that stand in shells that are gone."""
        self._activities = {key: each for key, each in self._activities.items() if each.shell.id not in shells}

    def memory(self) -> list[list[str]]:
        """Where each stands: message, shell, part; with the snapshot, what `restore` needs."""
        return [[key, each.shell.id, each.key] for key, each in self._activities.items()]

    def restore(self, shells: Mapping[str, Shell], rows: Iterable[list[str]]) -> None:
        """Remember what stands where."""
        self._activities = {key: _Activity(shells[at], part, "") for key, at, part in rows if at in shells}

    def _part(self, activity: _Activity, message: Message) -> Json | None:
        """Kind and value of the part that shows an activity; None if that is on screen already."""
        kind, content = message["activityType"], message["content"]
        if kind == OUTPUT_ACTIVITY:
            output = self._output(activity, content)
            return output and {"kind": "output", "value": output}
        chart = telemetry.output(content) if kind == telemetry.ACTIVITY else None
        if chart is not None:
            return {"kind": "output", "value": chart}
        return {"kind": "activity", "value": {"type": kind, "content": content}}

    def _output(self, activity: _Activity, content: Json) -> Json | None:
        """An output as the agent gave it; or as the object looks that it names. None if that is on screen already."""
        key = content.get("object")
        if not isinstance(key, str):
            return described_output(content)
        look, before, activity.object_key = self._look(key), activity.object_key, key
        if before is not None:
            return None if key == before else look
        return look or described_output(content)

    def _grow(self, activity: _Activity, message: Message, patch: Patch) -> bool:
        """Append the rows that a patch has appended to a chart; False if it is no chart, or did more."""
        content = message["content"]
        if message["activityType"] != telemetry.ACTIVITY or telemetry.output({**content, "rows": []}) is None:
            return False
        rows = telemetry.appended(content, patch)
        if rows is None:
            return False
        payload = {"part": activity.key, "rows": telemetry.clean_rows(rows)}
        self._shells.emit(activity.shell, "telemetry.append", "text", payload)
        return True
