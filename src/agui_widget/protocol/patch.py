"""JSON Patch (RFC 6902) on plain JSON values: whole or not at all, within bounds."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NoReturn

from ..errors import PatchError, ProtocolViolation
from .values import copy_json

MAX_OPERATIONS = 10_000
MAX_POINTER_TOKENS = 256
MAX_COPIED = 16 * 2**20  # members and characters that the `copy`s of one patch may add: they can double
HOSTILE_TOKENS = frozenset({"__proto__", "constructor", "prototype"})  # harmless here, not in a browser

Undo = Callable[[], Any]
_POINTER = re.compile(r"(/([^/~]|~[01])*)*")
_INDEX = re.compile(r"0|[1-9][0-9]*")  # ASCII only: int() would take "+1", "1_0" and Arabic digits


def apply_patch(document: Any, operations: Any) -> Any:
    """Return `document` as `operations` leave it; the argument is never changed.

    Raises `PatchError` when one of them does not apply.
    """
    try:
        return apply_in_place(copy_json(document), operations)
    except ProtocolViolation as error:
        raise PatchError(str(error)) from error


def apply_in_place(document: Any, operations: Any) -> Any:
    """Change `document` and return it (another value when the root is replaced).

    Costs as much as what the operations touch, not as the document. Raises `PatchError` when one
    of them does not apply; those before it are undone, so the document is as it was.
    """
    if not isinstance(operations, list):
        raise PatchError("A patch must be an array of operations")
    if len(operations) > MAX_OPERATIONS:
        raise PatchError(f"A patch may hold {MAX_OPERATIONS} operations, not {len(operations)}")
    target = _Target(document)
    try:
        for number, operation in enumerate(operations):
            _apply(target, operation, number)
    except PatchError:
        target.undo()
        raise
    return target.root


class _Target:
    """A document and how to undo what was done to it."""

    def __init__(self, root: Any) -> None:
        self.root = root
        self.undos: list[Undo] = []
        self.copied = 0

    def undo(self) -> None:
        while self.undos:
            self.undos.pop()()

    def get(self, tokens: list[str]) -> Any:
        value = self.root
        for token in tokens:
            value = _member(value, token)
        return value

    def add(self, tokens: list[str], value: Any) -> None:
        if not tokens:
            self._set_root(value)
            return
        parent, last = self.get(tokens[:-1]), tokens[-1]
        if isinstance(parent, dict):
            self._set_member(parent, last, value)
        elif isinstance(parent, list):
            index = len(parent) if last == "-" else _index(last, len(parent) + 1)
            parent.insert(index, value)
            self.undos.append(lambda: parent.pop(index))
        else:
            _fail(f"'{last}' cannot be added to a {type(parent).__name__}")

    def remove(self, tokens: list[str]) -> Any:
        if not tokens:
            old = self.root
            self._set_root(None)
            return old
        parent, last = self.get(tokens[:-1]), tokens[-1]
        old = _member(parent, last)
        if isinstance(parent, dict):
            del parent[last]
            self.undos.append(lambda: parent.__setitem__(last, old))
        else:
            index = int(last)
            del parent[index]
            self.undos.append(lambda: parent.insert(index, old))
        return old

    def replace(self, tokens: list[str], value: Any) -> None:
        if not tokens:
            self._set_root(value)
            return
        parent, last = self.get(tokens[:-1]), tokens[-1]
        old = _member(parent, last)
        key: Any = last if isinstance(parent, dict) else int(last)
        parent[key] = value
        self.undos.append(lambda: parent.__setitem__(key, old))

    def _set_root(self, value: Any) -> None:
        old, self.root = self.root, value
        self.undos.append(lambda: setattr(self, "root", old))

    def _set_member(self, parent: dict[str, Any], key: str, value: Any) -> None:
        if key in parent:
            old = parent[key]
            self.undos.append(lambda: parent.__setitem__(key, old))
        else:
            self.undos.append(lambda: parent.pop(key))
        parent[key] = value


def _add(target: _Target, operation: dict[str, Any], path: list[str]) -> None:
    target.add(path, _value(operation, path))


def _remove(target: _Target, operation: dict[str, Any], path: list[str]) -> None:
    target.remove(path)


def _replace(target: _Target, operation: dict[str, Any], path: list[str]) -> None:
    target.replace(path, _value(operation, path))


def _move(target: _Target, operation: dict[str, Any], path: list[str]) -> None:
    source = _pointer(operation, "from")
    if source == path:
        target.get(source)
    elif path[: len(source)] == source:
        _fail("a value cannot be moved into itself")
    else:
        target.add(path, _private(target.remove(source), path))


def _copy(target: _Target, operation: dict[str, Any], path: list[str]) -> None:
    value = target.get(_pointer(operation, "from"))
    target.copied += _size(value)
    if target.copied > MAX_COPIED:
        _fail(f"the patch copies more than {MAX_COPIED} members and characters")
    target.add(path, _private(value, path))


def _test(target: _Target, operation: dict[str, Any], path: list[str]) -> None:
    if not same_json(target.get(path), _value(operation, path)):
        _fail("the value there is another one")


OPERATIONS: dict[str, Callable[[_Target, dict[str, Any], list[str]], None]] = {
    "add": _add,
    "remove": _remove,
    "replace": _replace,
    "move": _move,
    "copy": _copy,
    "test": _test,
}


def _apply(target: _Target, operation: Any, number: int) -> None:
    if not isinstance(operation, dict):
        raise PatchError(f"Operation {number} must be an object")
    name = operation.get("op")
    run = OPERATIONS.get(name) if isinstance(name, str) else None
    if run is None:
        raise PatchError(f"Operation {number}: unknown op {name!r}")
    try:
        run(target, operation, _pointer(operation, "path"))
    except PatchError as error:
        raise PatchError(f"Operation {number} ({name} {operation.get('path')!r:.200}): {error}") from None
    except RecursionError:
        raise PatchError(f"Operation {number} ({name}): the document is nested too deeply") from None


def _pointer(operation: dict[str, Any], field: str) -> list[str]:
    """Return the reference tokens of a JSON Pointer (RFC 6901)."""
    text = operation.get(field)
    if not isinstance(text, str) or not _POINTER.fullmatch(text):
        _fail(f"'{field}' is not a JSON Pointer")
    tokens = [token.replace("~1", "/").replace("~0", "~") for token in text.split("/")[1:]]
    if len(tokens) > MAX_POINTER_TOKENS:
        _fail(f"'{field}' is deeper than {MAX_POINTER_TOKENS} levels")
    if not HOSTILE_TOKENS.isdisjoint(tokens):
        _fail(f"'{field}' names an object's prototype")
    return tokens


def _value(operation: dict[str, Any], path: list[str]) -> Any:
    if "value" not in operation:
        _fail("'value' is missing")
    return _private(operation["value"], path)


def _private(value: Any, path: list[str]) -> Any:
    """Return a copy of `value`, checked to be shallow enough to sit at `path`."""
    try:
        return copy_json(value, depth=len(path))
    except ProtocolViolation as error:
        raise PatchError(str(error)) from error


def _size(value: Any) -> int:
    """Return how many members and characters `value` holds."""
    if isinstance(value, dict):
        return 1 + sum(len(name) + _size(member) for name, member in value.items())
    if isinstance(value, list):
        return 1 + sum(map(_size, value))
    return len(value) if isinstance(value, str) else 1


def _member(value: Any, token: str) -> Any:
    if isinstance(value, dict):
        if token not in value:
            _fail(f"there is no member '{token}'")
        return value[token]
    if isinstance(value, list):
        return value[_index(token, len(value))]
    _fail(f"a {type(value).__name__} has no member '{token}'")


def _index(token: str, length: int) -> int:
    if not _INDEX.fullmatch(token) or len(token) > 15 or int(token) >= length:
        _fail(f"'{token}' is not an index below {length}")
    return int(token)


def same_json(one: Any, other: Any) -> bool:
    """True when both are the same JSON value: 1 is 1.0, but true is not 1."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same_json(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same_json, one, other))
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    return bool(one == other)


def _fail(message: str) -> NoReturn:
    raise PatchError(message)
