"""A text while it is written: where its next words go, and what of it was read as markdown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from ..markdown import MarkdownStream
from ..shells import Shell, Shells
from .places import Place

FEED_MS = 30  # how often words that stream are read as markdown: as often as a page is sent something

Cited = tuple[list[tuple[int, int]], list[int]]  # offsets with numbers, and the numbers there are


@dataclass(eq=False)
class Writer:
    """The part that one message writes; with a `stream` its words are read as markdown."""

    shells: Shells
    shell: Shell
    lane: str
    part: str
    stream: MarkdownStream | None = None
    waiting: list[str] = field(default_factory=list)  # words that were not read yet
    read_ms: int = 0
    is_open: bool = True

    @property
    def place(self) -> Place:
        """Where it writes."""
        return self.shell.id, self.lane, self.part

    def write(self, words: str) -> bool:
        """Show these words, now or soon; True if they are the first that wait to be read."""
        if self.stream is None:
            self._emit("token.delta", {"text": words})
            return False
        self.waiting.append(words)
        if self.shells.now - self.read_ms >= FEED_MS:
            self.read()
        return len(self.waiting) == 1

    def read(self) -> None:
        """Read the words that wait as markdown: what changes of the tree is what is sent."""
        if self.stream is not None and self.waiting:
            text = "".join(self.waiting)
            self.waiting.clear()
            self.read_ms = self.shells.now
            self._emit("blocks.patch", {"ops": self.stream.feed(text), "text": text})

    def close(self) -> None:
        """The whole text is read once more; only what that changes is sent."""
        if self.stream is not None:
            self.read()
            self._patch(self.stream.close())

    def cite(self, cited: Cited) -> None:
        """The numbers in the text have changed."""
        if self.stream is not None:
            self._patch(self.stream.cite(*cited))

    def begin_with(self, text: str, cited: Cited) -> list[Any]:
        """The nodes of another text, behind which what still streams goes on."""
        self.stream = MarkdownStream()
        self.stream.cite(*cited)
        self.stream.feed(text)
        if not self.is_open:
            self.stream.close()
        return self.stream.nodes

    def _patch(self, ops: Iterable[Any]) -> None:
        if ops:
            self._emit("blocks.patch", {"ops": ops, "text": ""})

    def _emit(self, kind: str, payload: dict[str, Any]) -> None:
        at = payload if self.part == "text" else {**payload, "part": self.part}
        self.shells.emit(self.shell, kind, self.lane, at)
