"""A2UI in a conversation: which part of the a2ui lane shows what an agent sent, and what of it is news.

It comes as activities that repeat all they said before, as results of tools, and as the arguments of the tool
`render_a2ui` while a model writes them. With A2UI's middleware upstream the same surface comes in more than one of
these ways, and is shown once. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from .a2ui import Problem, Received, RenderArguments, activity_content, added, operations_of
from .shells import Owner, Shell, Shells

Operation = dict[str, Any]
Status = dict[str, Any]

SPEC_EVENT = "ui.render"  # value: {schema, component, props}: an interface of before A2UI
INVALID = "a2ui-invalid"  # the code of a notice
MAKES = ("createSurface", "beginRendering")
PENDING = ("building", "retrying")
UPDATES = ("updateComponents", "updateDataModel", "deleteSurface")

MAX_PROBLEMS = 20
KEY_CHARS = 80

CUT = "The agent was done before there was anything to show."
NOT_JSON = "What the agent wrote is not JSON."
NOTHING = "What the agent wrote has nothing that can be shown."

_UNSAFE = re.compile(r"[^A-Za-z0-9_.:-]")


@dataclass(eq=False)
class _Part:
    """A part of the lane, and what is known of it."""

    shell: Shell
    key: str
    received: list[Operation] = field(default_factory=list)  # all of what its source said so far
    status: str = ""  # building, retrying or failed
    arguments: RenderArguments | None = None  # of a call that is still being written
    is_activity: bool = False


class Surfaces:
    """Turns what an agent sends of A2UI into changes of the lane, by the same drafts as the rest of the projection.

    `note` takes a diagnostic: its code and its text.
    """

    def __init__(self, shells: Shells, note: Callable[[str, str], None]) -> None:
        self._shells = shells
        self._note = note
        self._activities: dict[str, _Part] = {}
        self._calls: dict[str, _Part] = {}
        self._homes: dict[str, _Part] = {}  # surface id → the part that made it last
        self._keys: dict[str, _Part] = {}
        self._told: dict[str, int] = {}  # of an activity that only changes surfaces of others: how much they know
        self._of_run: list[_Part] = []

    def begin(self) -> None:
        """A new run."""
        self._of_run = []

    # -- activities ----------------------------------------------------------------------------------

    def show_activity(self, message: Mapping[str, Any]) -> bool:
        """Show an activity as it is now; False if what it holds is not known."""
        received = activity_content(message["content"])
        if received is None:
            return False
        part = self._part_of(message["id"], message.get("subagentRunId"), received)
        if part is None:
            return True
        if received.status == "painted":
            self._repeat(part, received.operations)
        else:
            self._render(part, status=_status(received))
        return True

    def _part_of(self, message_id: str, owner: Owner, received: Received) -> _Part | None:
        """The part of an activity; None for one that only changes surfaces of others."""
        part = self._activities.get(message_id)
        same = self._same_in_a_call(received, owner) if part is None or not part.received else None
        if same is not None and same is not part:
            if part is not None:
                self._remove(part)
            self._stop_writing(same)
            part = same
        elif part is None:
            own, others = self._sorted(received.operations, None)
            if others and not own:
                told = self._told.get(message_id, 0)
                self._tell_others(others[told:])
                self._told[message_id] = len(others)
                return None
            part = self._open(message_id, owner)
        part.is_activity = True
        self._activities[message_id] = part
        return part

    def _same_in_a_call(self, received: Received, owner: Owner) -> _Part | None:
        """The part of this run that already shows, from a call, what an activity now says."""
        candidates = [each for each in self._of_run if not each.is_activity and each.shell.owner == owner]
        made = set(_made(received.operations))
        for part in reversed(candidates):
            has_surfaces = not made.isdisjoint(_made(part.received))
            is_awaited = part.arguments is not None and not part.received and not made
            if has_surfaces or is_awaited:
                return part
        return None

    def _repeat(self, part: _Part, operations: list[Operation]) -> None:
        """All that a source has said so far: only what that adds is sent."""
        new = added(part.received, operations)
        if new is None:
            own, others = self._sorted(operations, part)
            self._render(part, own, is_reset=True)
        else:
            own, others = self._sorted(new, part)
            self._render(part, own)
        part.received = list(operations)
        self._tell_others(others)

    # -- calls of render_a2ui ------------------------------------------------------------------------

    def start_call(self, call_id: str, owner: Owner) -> None:
        """A call that will say a surface in its arguments."""
        part = self._calls[call_id] = self._open(call_id, owner)
        part.arguments = RenderArguments(surface_id=part.key)
        part.shell.writing["a2ui"] += 1
        self._render(part, status={"status": "building"})

    def write(self, call_id: str, delta: str) -> None:
        """A piece of its arguments."""
        part = self._calls.get(call_id)
        if part is not None and part.arguments is not None:
            self._say(part, part.arguments.feed(delta))

    def end_call(self, call_id: str) -> None:
        """Its arguments are complete, or nothing more of them comes."""
        part = self._calls.get(call_id)
        if part is None or part.arguments is None:
            return
        arguments = part.arguments
        self._say(part, arguments.finish())
        errors = [each for each in arguments.problems if each.severity == "error"]
        if not arguments.has_root:
            self._render(part, status=_failed(NOT_JSON if arguments.is_broken else NOTHING, errors))
        else:
            for each in errors[:MAX_PROBLEMS]:
                self._note(INVALID, f"{each.path}: {each.message}")
        self._stop_writing(part)

    def _say(self, part: _Part, operations: list[Operation]) -> None:
        part.received += operations
        if operations:
            self._render(part, operations)

    def _stop_writing(self, part: _Part) -> None:
        if part.arguments is not None:
            part.arguments = None
            part.shell.writing["a2ui"] -= 1
            self._shells.seal_after_write(part.shell)

    # -- results, older interfaces -------------------------------------------------------------------

    def show_result(self, call_id: str, owner: Owner, content: Any) -> None:
        """Show the A2UI in a tool's result, but for surfaces that this run has shown already."""
        self.end_call(call_id)
        received = operations_of(content)
        if received is None:
            return
        if received.status == "failed":
            self._render(self._calls.get(call_id) or self._of_call(call_id, owner), status=_status(received))
            return
        shown = {surface for part in self._of_run if not part.status for surface in _made(part.received)}
        operations = [each for each in received.operations if _surface(each) not in shown]
        own, others = self._sorted(operations, self._calls.get(call_id))
        if own:
            part = self._calls.get(call_id) or self._of_call(call_id, owner)
            part.received += own
            self._render(part, own)
        self._tell_others(others)

    def fail_call(self, call_id: str, error: str) -> None:
        """A call went wrong: what it was about to show does not come."""
        self.end_call(call_id)
        part = self._calls.get(call_id)
        if part is not None and not part.received:
            self._render(part, status=_failed(error))

    def _of_call(self, call_id: str, owner: Owner) -> _Part:
        part = self._calls[call_id] = self._open(call_id, owner)
        return part

    def show_spec(self, spec: Mapping[str, Any], owner: Owner) -> None:
        """An interface that a schema names; the page knows how it is drawn."""
        part = self._open(self._shells.next_id("spec"), owner)
        value = {"operations": [], "spec": {name: spec.get(name) for name in ("schema", "component", "props")}}
        self._shells.emit(part.shell, "part.put", "a2ui", {"key": part.key, "kind": "surface", "value": value})

    # -- the end, and what is kept -------------------------------------------------------------------

    def end_run(self) -> None:
        """Nothing more comes: what is still being made will not be."""
        for call_id, part in list(self._calls.items()):
            if part.arguments is not None and not part.received:
                self._render(part, status=_failed(CUT))
                self._stop_writing(part)
            else:
                self.end_call(call_id)
        for part in self._of_run:
            if part.status in PENDING:
                self._render(part, status=None if part.received else _failed(CUT))

    def is_activity(self, key: str) -> bool:
        """True for a part that came as an activity: of a server, whoever sent it understands `a2uiAction`."""
        part = self._keys.get(key)
        return part is not None and part.is_activity

    def forget(self, gone: set[str]) -> None:
        """Messages have left the screen, and what they showed with them."""
        for kept in (self._activities, self._calls, self._homes, self._keys):
            for name in [name for name, part in kept.items() if part.shell.id in gone]:
                del kept[name]
        self._of_run = [part for part in self._of_run if part.shell.id not in gone]

    def memory(self) -> list[list[str]]:
        """Which activity is shown where; with the snapshot, what `restore` needs."""
        return [[message_id, part.shell.id, part.key] for message_id, part in self._activities.items()]

    def restore(self, shown: Iterable[tuple[Shell, dict[str, Any]]], activities: Iterable[list[str]]) -> None:
        """Remember the parts of a snapshot."""
        for shell, each in shown:
            part = self._keys[each["key"]] = _Part(shell, each["key"], list(each["value"]["operations"]))
            self._homes.update(dict.fromkeys(_made(part.received), part))
        for message_id, _, key in activities:
            if key in self._keys:
                self._activities[message_id] = self._keys[key]
                self._keys[key].is_activity = True

    # -- small parts ---------------------------------------------------------------------------------

    def _open(self, source: str, owner: Owner) -> _Part:
        part = _Part(self._shells.shell_for("a2ui", owner), self._new_key(source))
        self._keys[part.key] = part
        self._of_run.append(part)
        return part

    def _new_key(self, source: str) -> str:
        safe = _UNSAFE.sub("_", source)[:KEY_CHARS] or "surface"
        key, count = safe, 1
        while key in self._keys:
            count += 1
            key = f"{safe}-{count}"
        return key

    def _remove(self, part: _Part) -> None:
        self._stop_writing(part)
        self._shells.emit(part.shell, "part.remove", "a2ui", {"key": part.key})
        del self._keys[part.key]
        self._of_run.remove(part)

    def _render(
        self,
        part: _Part,
        operations: list[Operation] | None = None,
        *,
        is_reset: bool = False,
        status: Status | None = None,
    ) -> None:
        """Send what changes; nothing if nothing does."""
        payload: dict[str, Any] = {"part": part.key}
        if is_reset:
            payload["reset"] = True
        if operations:
            payload["operations"] = operations
            self._homes.update(dict.fromkeys(_made(operations), part))
        if status is not None or (part.status and not operations):
            payload["status"] = status
        part.status = status["status"] if status else ""
        if len(payload) > 1:
            self._shells.emit(part.shell, "a2ui.render", "a2ui", payload)

    def _sorted(
        self, operations: list[Operation], part: _Part | None
    ) -> tuple[list[Operation], list[tuple[_Part, Operation]]]:
        """Operations of a part's own, and changes of surfaces that another part has made."""
        mine = set(_made(operations)) | set(_made(part.received) if part else ())
        own: list[Operation] = []
        others: list[tuple[_Part, Operation]] = []
        for operation in operations:
            surface = _surface(operation)
            home = self._homes.get(surface or "")
            if home is None or home is part or surface in mine or not _is_update(operation):
                own.append(operation)
            else:
                others.append((home, operation))
        return own, others

    def _tell_others(self, others: Iterable[tuple[_Part, Operation]]) -> None:
        for part, operation in others:
            self._render(part, [operation])


def _surface(operation: Operation) -> str | None:
    bodies = (body.get("surfaceId") for body in operation.values() if isinstance(body, dict))
    return next((each for each in bodies if isinstance(each, str)), None)


def _made(operations: Iterable[Operation]) -> Iterator[str]:
    """The ids of the surfaces that operations make."""
    for operation in operations:
        surface = _surface(operation)
        if surface is not None and any(key in operation for key in MAKES):
            yield surface


def _is_update(operation: Operation) -> bool:
    return any(key in operation for key in UPDATES)


def _status(received: Received) -> Status:
    return {**received.detail, "status": received.status}


def _failed(error: str, problems: Iterable[Problem] = ()) -> Status:
    status: Status = {"status": "failed", "error": error}
    errors = [{"path": each.path, "code": each.code, "message": each.message} for each in problems]
    return {**status, "errors": errors[:MAX_PROBLEMS]} if errors else status
