"""A text that grows."""

from __future__ import annotations

PIECES_PER_CHUNK = 256  # a short string costs 50 bytes of its own; joined, a character costs one


class Text:
    """A string that grows: `append` in constant time, `str()` when somebody reads."""

    __slots__ = ("_chunks", "_pieces")

    def __init__(self, text: str = "") -> None:
        self._chunks = [text] if text else []
        self._pieces: list[str] = []

    def append(self, piece: str) -> None:
        """Add `piece` at the end."""
        self._pieces.append(piece)
        if len(self._pieces) >= PIECES_PER_CHUNK:
            self._chunks.append("".join(self._pieces))
            self._pieces = []

    def __str__(self) -> str:
        """Return the whole text, and keep it joined."""
        if self._pieces or len(self._chunks) > 1:
            self._chunks = ["".join([*self._chunks, *self._pieces])]
            self._pieces = []
        return self._chunks[0] if self._chunks else ""
