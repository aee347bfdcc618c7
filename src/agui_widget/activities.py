"""What AG-UI activities show: outputs, charts and galleries that grow, steps, artifacts; cards for unknown types."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from . import artifacts, exhibits, telemetry
from .described import described_output
from .shells import Owner, Shell, Shells

Message = dict[str, Any]
Json = dict[str, Any]
Patch = list[dict[str, Any]]
Note = Callable[[str, str], None]  # says a code and a message to who looks closer
Look = Callable[[str], Json | None]  # a live object's key → its output value, if it is kept

OUTPUT_ACTIVITY = "agui_widget.output"  # content: {"data": {mime: …}, "object"?: key}; what a function agent displays


@dataclass
class _Activity:
    """An activity message: the part that shows it."""

    shell: Shell
    key: str
    lane: str = "text"
    object_key: str | None = None  # of the live object that it shows; empty for one of before the kernel


class Activities:
    """Which part shows which activity, and what of it is news."""

    def __init__(self, shells: Shells, look: Look, note: Note) -> None:
        self._shells = shells
        self._look = look
        self._note = note
        self._activities: dict[str, _Activity] = {}  # by message id
        self.offers: dict[str, str] = {}  # by part: where a reader was offered to go, in this life of the kernel
        self._galleries: dict[str, exhibits.Gallery] = {}  # by the id of each image's activity
        self.begin()

    def begin(self) -> None:
        """A run begins: it has its own gallery and its own steps."""
        self._gallery: exhibits.Gallery | None = None
        self._steps: dict[tuple[str, str], Json] = {}  # by shell and part

    def end_run(self, state: str) -> None:
        """Nobody moves any more: steps that run are `done` or `cancelled`."""
        for (shell_id, key), value in self._steps.items():
            if value["content"].get("state") == "running":
                ended = {**value, "content": {**value["content"], "state": state}}
                self._shells.put("part.put", "text", {"key": key, "kind": "activity", "value": ended}, shell_id)

    def show(self, message: Message, patch: Patch | None = None) -> bool:
        """Show an activity as it is now; False if that is on screen already.

        `patch` is what made it so: of a chart that grows, only the new rows are sent.
        """
        activity = self._activities.get(message["id"])
        if activity is not None and patch and self._grow(activity, message, patch):
            return True
        if message["activityType"] == exhibits.IMAGE and self._show_image(message):
            return True
        if activity is None:
            activity = self._activities[message["id"]] = self._place(message)
        part = self._part(activity, message)
        if part is not None:
            self._shells.emit(activity.shell, "part.put", activity.lane, {"key": activity.key, **part})
        return part is not None

    def forget(self, shells: Container[str]) -> None:
        """Messages have left the screen, and what they showed with them."""
        for each in self._activities.values():
            if each.shell.id in shells:
                self.offers.pop(each.key, None)
        self._galleries = {key: each for key, each in self._galleries.items() if each.shell.id not in shells}
        self._activities = {key: each for key, each in self._activities.items() if each.shell.id not in shells}

    def memory(self) -> list[list[str]]:
        """Where each stands: message, shell, part; with the snapshot, what `restore` needs."""
        return [[key, each.shell.id, each.key] for key, each in self._activities.items()]

    def restore(
        self, shells: Mapping[str, Shell], rows: Iterable[list[str]], lanes: Mapping[tuple[str, str], str]
    ) -> None:
        """Remember what stands where; `lanes` are those of the parts, by shell and key."""
        self._activities = {
            key: _Activity(shells[at], part, lanes.get((at, part), "text"), "")
            for key, at, part in rows
            if at in shells
        }

    def _place(self, message: Message) -> _Activity:
        """Where an activity is shown: a card among the interfaces, anything else among the words."""
        is_card = message["activityType"] == artifacts.ACTIVITY and artifacts.checked(message["content"]) is not None
        lane = "a2ui" if is_card else "text"
        shell = self._shells.shell_for(lane, message.get("subagentRunId"))
        return _Activity(shell, self._shells.next_id("card") if is_card else shell.next_part(lane, "activity"), lane)

    def _part(self, activity: _Activity, message: Message) -> Json | None:
        """Kind and value of the part that shows an activity; None if that is on screen already."""
        kind, content = message["activityType"], message["content"]
        if kind == OUTPUT_ACTIVITY:
            output = self._output(activity, content)
            return output and {"kind": "output", "value": output}
        row = LOOKS.get(kind)
        value = row.read(content) if row else content
        self._note_offer(activity.key, value if kind == artifacts.ACTIVITY and value else {})
        if row and value is None:
            return {
                "kind": "activity",
                "value": {"type": f"{kind} (malformed: {row.fault(content)})", "content": content},
            }
        if row and row.part == "output":
            return {"kind": "output", "value": value}
        shown = {"type": kind, "content": value}
        if kind == exhibits.STEP:
            self._steps[activity.shell.id, activity.key] = shown
        return {"kind": "activity", "value": shown}

    def _note_offer(self, key: str, card: Json) -> None:
        """What a page may ask for later is what was shown here, and nothing else."""
        self.offers.pop(key, None)
        if card.get("kind") == "navigation_offer":
            self.offers[key] = card["target"]

    def _show_image(self, message: Message) -> bool:
        """An image, among those of the run; False if it is none."""
        item = exhibits.image(message["content"])
        if item is None:
            return False
        gallery = self._galleries.get(message["id"])
        if gallery is None and message["id"] in self._activities:
            return True  # of a conversation that was loaded: it is shown as it was
        gallery = gallery or self._gallery_of(message.get("subagentRunId"))
        self._galleries[message["id"]] = gallery
        self._activities[message["id"]] = _Activity(gallery.shell, gallery.key)
        if not gallery.show(self._shells, message["id"], item):
            self._note("gallery", f"there is no room for another image: {item.get('name', '')}")
        return True

    def _gallery_of(self, owner: Owner) -> exhibits.Gallery:
        """The one gallery of the run."""
        if self._gallery is None:
            shell = self._shells.shell_for("text", owner)
            self._gallery = exhibits.Gallery(shell, shell.next_part("text", "gallery"))
        return self._gallery

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


class _Look(NamedTuple):
    """How a type is shown: the kind of its part, what becomes of its content, and why it may be nothing."""

    part: str
    read: Callable[[Json], Json | None]
    fault: Callable[[Json], str]


def _needs(fields: str) -> Callable[[Json], str]:
    return lambda _: f"it needs {fields}"


# Activities with a look of their own.
LOOKS: dict[str, _Look] = {
    telemetry.ACTIVITY: _Look("output", telemetry.output, _needs("series with names, and rows of numbers")),
    exhibits.GRID: _Look("output", exhibits.grid, _needs(f"rows of integers, {exhibits.MAX_CELLS:,} at most")),
    exhibits.STEP: _Look("activity", exhibits.step, _needs("message, a text, and step, a whole number")),
    artifacts.ACTIVITY: _Look("activity", artifacts.checked, artifacts.fault),
}
