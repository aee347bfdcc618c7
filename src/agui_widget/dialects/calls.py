"""Tool calls that come in pieces, by their number."""

from __future__ import annotations

from typing import Any

from .json_values import parsed
from .writer import Event, RunWriter

UNNAMED = "tool"


class Pieces:
    """The calls of a run while their pieces come.

    Nothing is said of a call before its id and its name are known. A number that comes with another id is another
    call, so that the numbers may begin again with every answer of a model.
    """

    def __init__(self, run: RunWriter) -> None:
        self._run = run
        self._calls: dict[int, _Call] = {}
        self._grown: set[int] = set()  # the calls that may have become whole since the agent last spoke

    def add(self, index: int, call_id: str | None, name: str | None, arguments: str | None) -> list[Event]:
        """The events of one piece."""
        call = self._calls.get(index)
        ended = []
        if call is not None and call_id and call.id not in ("", call_id):
            ended = self.end(index)
            call = None
        if call is None:
            call = self._calls[index] = _Call()
        self._grown.add(index)
        return [*ended, *call.add(self._run, call_id, name, arguments)]

    def complete(self, index: int, call_id: str, name: str, arguments: str) -> list[Event]:
        """The call is whole."""
        return [*self.fill(index, call_id, name, arguments), *self.end(index)]

    def fill(self, index: int, call_id: str | None, name: str | None, arguments: str) -> list[Event]:
        """All arguments of a call: what of them has not come in pieces is added; that others came is said."""
        begun = self.add(index, call_id, name, None)
        said = self._calls[index].arguments
        if arguments.startswith(said):
            return [*begun, *self.add(index, call_id, name, arguments[len(said) :])]
        if not arguments or _meaning(arguments) == _meaning(said):
            return begun
        what = f"the arguments of {name or self._calls[index].name or UNNAMED} are not what came of them in pieces"
        return [*begun, *self._run.problem(what, "arguments")]

    def end(self, index: int) -> list[Event]:
        """Nothing more comes of a call; one that was never given an id or a name gets one."""
        call = self._calls.pop(index, None)
        if call is None or not (call.id or call.name or call.arguments):
            return []
        named = call.add(self._run, call.id or self._run.new_id(), call.name or UNNAMED, None)
        return [*named, *self._run.end_call(call.id)]

    def end_whole(self) -> list[Event]:
        """An agent that speaks again has called: nothing more comes of calls whose arguments are an object."""
        grown, self._grown = self._grown, set()
        whole = [index for index in sorted(grown.intersection(self._calls)) if self._calls[index].is_whole()]
        return [event for index in whole for event in self.end(index)]

    def end_all(self) -> list[Event]:
        """Nothing more comes of any call."""
        return [event for index in list(self._calls) for event in self.end(index)]


class _Call:
    def __init__(self) -> None:
        self.id = ""
        self.name = ""
        self._arguments: list[str] = []
        self._said = 0  # how many of the pieces the run knows

    @property
    def arguments(self) -> str:
        return "".join(self._arguments)

    def is_whole(self) -> bool:
        may_be = bool(self._arguments) and self._arguments[-1].rstrip().endswith("}")  # else it need not be read
        return may_be and isinstance(_meaning(self.arguments), dict)

    def add(self, run: RunWriter, call_id: str | None, name: str | None, arguments: str | None) -> list[Event]:
        self.id, self.name = self.id or call_id or "", self.name or name or ""
        if arguments:
            self._arguments.append(arguments)
        if not (self.id and self.name):
            return run.start()
        begun = [] if run.knows(self.id) else run.call(self.id, self.name)
        news, self._said = "".join(self._arguments[self._said :]), len(self._arguments)
        return [*begun, *(run.arguments(self.id, news) if run.is_open(self.id) else [])]


def _meaning(text: str) -> Any:
    """What arguments say, however they are spaced; the text itself if it is no JSON."""
    try:
        return parsed(text)
    except (ValueError, RecursionError):
        return text
