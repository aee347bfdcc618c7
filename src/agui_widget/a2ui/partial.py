"""JSON that is still being written: which of its values are complete. Pure; linear in the text, however it is cut."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

Where = tuple["str | int", ...]

DEEPEST = 200
WHITESPACE = " \t\n\r"
SCALAR = frozenset("0123456789+-.eEtrufalsn")
END_OF_TEXT_RUN = re.compile(r'["\\]')


@dataclass
class _Container:
    is_object: bool
    key: str | int | None = None


@dataclass
class _Capture:
    """A value that somebody wants: its text so far, and from where in the piece at hand it goes on."""

    where: Where
    depth: int
    start: int
    pieces: list[str] = field(default_factory=list)


class PartialJson:
    """Gives the values of one JSON text as each of them is complete.

    `wants` is asked for the place of every value where it begins, as keys and indices from the outside in. After text
    that is not JSON `is_broken` is true, and nothing more is given.
    """

    def __init__(self, wants: Callable[[Where], bool]) -> None:
        self.is_broken = False
        self._wants = wants
        self._state = _value
        self._stack: list[_Container] = []
        self._captures: list[_Capture] = []
        self._is_key = False
        self._is_escaped = False
        self._found: list[tuple[Where, Any]] = []

    @property
    def is_complete(self) -> bool:
        """True once the outermost value is closed."""
        return self._state is _after

    def feed(self, text: str) -> Iterator[tuple[Where, Any]]:
        """Yield the wanted values that this piece completes, in the order in which they end; take them all.

        What is wanted may depend on what has been given: `wants` is asked no earlier than it must be.
        """
        for capture in self._captures:
            capture.start = 0
        position = 0
        while position < len(text) and not self.is_broken:
            position = self._state(self, text, position)
            if self._found:
                found, self._found = self._found, []
                yield from found
        for capture in self._captures:
            capture.pieces.append(text[capture.start :])

    def _break(self) -> int:
        self.is_broken = True
        self._captures.clear()
        return 0

    def _where(self) -> Where:
        return tuple(container.key for container in self._stack if container.key is not None)

    def _opened(self, position: int) -> None:
        """A value begins."""
        where = self._where()
        if self._wants(where):
            self._captures.append(_Capture(where, len(self._stack), position))

    def _closed(self, text: str, end: int) -> None:
        """The value that began last ends before `end`."""
        self._state = _comma if self._stack else _after
        if self._captures and self._captures[-1].depth == len(self._stack):
            capture = self._captures.pop()
            capture.pieces.append(text[capture.start : end])
            try:
                self._found.append((capture.where, json.loads("".join(capture.pieces))))
            except (ValueError, RecursionError):
                self._break()

    def _begin_key(self, position: int) -> None:
        self._is_key, self._state = True, _text
        self._captures.append(_Capture((), -1, position))

    def _end_key(self, text: str, end: int) -> None:
        capture = self._captures.pop()
        capture.pieces.append(text[capture.start : end])
        try:
            self._stack[-1].key = json.loads("".join(capture.pieces))
        except ValueError:
            self._break()
        self._is_key, self._state = False, _colon


# --- states: each takes the text from a position, and gives the position behind what it took ---------------------


def _value(reader: PartialJson, text: str, position: int) -> int:
    character = text[position]
    if character in WHITESPACE:
        return position + 1
    if character in "{[":
        if len(reader._stack) >= DEEPEST:
            return reader._break()
        reader._opened(position)
        reader._stack.append(_Container(character == "{", None if character == "{" else 0))
        reader._state = _first_key if character == "{" else _first_item
        return position + 1
    if character == '"':
        reader._opened(position)
        reader._state = _text
        return position + 1
    if character not in SCALAR:
        return reader._break()
    reader._opened(position)
    reader._state = _scalar
    return position + 1


def _first_item(reader: PartialJson, text: str, position: int) -> int:
    if text[position] == "]":
        return _close(reader, text, position)
    if text[position] in WHITESPACE:
        return position + 1
    reader._state = _value
    return position


def _first_key(reader: PartialJson, text: str, position: int) -> int:
    return _close(reader, text, position) if text[position] == "}" else _key(reader, text, position)


def _key(reader: PartialJson, text: str, position: int) -> int:
    if text[position] == '"':
        reader._begin_key(position)
    elif text[position] not in WHITESPACE:
        return reader._break()
    return position + 1


def _colon(reader: PartialJson, text: str, position: int) -> int:
    if text[position] == ":":
        reader._state = _value
    elif text[position] not in WHITESPACE:
        return reader._break()
    return position + 1


def _comma(reader: PartialJson, text: str, position: int) -> int:
    character, container = text[position], reader._stack[-1]
    if character in WHITESPACE:
        return position + 1
    if character == ("}" if container.is_object else "]"):
        return _close(reader, text, position)
    if character != ",":
        return reader._break()
    if isinstance(container.key, int):
        container.key += 1
    reader._state = _key if container.is_object else _value
    return position + 1


def _close(reader: PartialJson, text: str, position: int) -> int:
    reader._stack.pop()
    reader._closed(text, position + 1)
    return position + 1


def _text(reader: PartialJson, text: str, position: int) -> int:
    if reader._is_escaped:
        reader._is_escaped = False
        return position + 1
    found = END_OF_TEXT_RUN.search(text, position)
    if found is None:
        return len(text)
    if found[0] == "\\":
        reader._is_escaped = True
    elif reader._is_key:
        reader._end_key(text, found.end())
    else:
        reader._closed(text, found.end())
    return found.end()


def _scalar(reader: PartialJson, text: str, position: int) -> int:
    if text[position] in SCALAR:
        return position + 1
    reader._closed(text, position)
    return position


def _after(reader: PartialJson, text: str, position: int) -> int:
    return position + 1 if text[position] in WHITESPACE else reader._break()
