"""Plain JSON values: private copies of what producers hand over, within bounds."""

from __future__ import annotations

import json
import math
from typing import Any, NoReturn

from ..errors import ProtocolViolation
from .events import EVENTS
from .walk import without_nulls

Event = dict[str, Any]

MAX_DEPTH = 256  # deeper than any real document, and far from Python's own recursion limit
_ATOMS = frozenset({int, bool, type(None)})


def to_event(item: Any, *, replaced: list[str] | None = None) -> Event:
    """Return `item` as a plain dict that shares nothing with its producer.

    `item` is a dict, JSON text or bytes, or an object with `model_dump(by_alias=True)` (None-valued
    optional fields of models are left out). What JSON or UTF-8 cannot express is replaced and its
    paths are added to `replaced`: NaN becomes null, half a character U+FFFD (but a top-level `delta`
    is left alone, for its other half may be in the next one).
    Raises `ProtocolViolation` when it is none of these or nested deeper than `MAX_DEPTH`.
    """
    is_model = hasattr(item, "model_dump")
    if isinstance(item, (str, bytes, bytearray)):
        item = _parse(item)
    elif is_model:
        item = _dump(item)
    if not isinstance(item, dict):
        _refuse(f"An event must be an object, not {type(item).__name__}")
    event = _copy_object(item, "", 0, replaced)
    shape = EVENTS.get(event.get("type", "")) if is_model else None
    return event if shape is None else without_nulls(shape, event, "", [])


def decoded(value: Any) -> Any:
    """What a value means that may be JSON text: agents and models encode some once more."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value


def copy_json(value: Any, path: str = "", depth: int = 0, replaced: list[str] | None = None) -> Any:
    """Return a deep copy of `value` made of dicts, lists, strings, numbers, booleans and None only."""
    kind = type(value)
    if kind in _ATOMS or (kind is str and value.isascii()):
        return value
    if isinstance(value, dict):
        return _copy_object(value, path, depth, replaced)
    if isinstance(value, (list, tuple)):
        return _copy_list(value, path, depth, replaced)
    return _copy_other(value, path, depth, replaced)


def _copy_object(value: dict[Any, Any], path: str, depth: int, replaced: list[str] | None) -> Event:
    if depth > MAX_DEPTH:
        _refuse(f"Nested deeper than {MAX_DEPTH} levels", path[:200])
    result: Event = {}
    for key, member in value.items():
        if type(key) is not str:
            key = _plain_key(key, path)
        if not key.isascii():
            key = _copy_text(key, path, replaced)
        kind = type(member)
        if kind is str and (member.isascii() or (key == "delta" and depth == 0)) or kind in _ATOMS:
            result[key] = member
        else:
            result[key] = copy_json(member, f"{path}/{key}", depth + 1, replaced)
    return result


def _copy_list(value: Any, path: str, depth: int, replaced: list[str] | None) -> list[Any]:
    if depth > MAX_DEPTH:
        _refuse(f"Nested deeper than {MAX_DEPTH} levels", path[:200])
    return [
        member if type(member) in _ATOMS else copy_json(member, f"{path}/{index}", depth + 1, replaced)
        for index, member in enumerate(value)
    ]


def _copy_other(value: Any, path: str, depth: int, replaced: list[str] | None) -> Any:
    """Copy what is not exactly a JSON type: floats, subclasses (string enums), models, arrays."""
    if isinstance(value, float):
        if math.isfinite(value):
            return float(value)
        if replaced is not None:
            replaced.append(path)
        return None
    if isinstance(value, str):
        return _copy_text(str.__str__(value), path, replaced)
    if isinstance(value, int):
        return int(value)
    if hasattr(value, "model_dump"):
        return copy_json(_dump(value), path, depth + 1, replaced)
    if hasattr(value, "tolist"):  # numpy and pandas scalars and arrays
        return copy_json(value.tolist(), path, depth + 1, replaced)
    _refuse(f"{type(value).__name__} is not a JSON value", path)


def _copy_text(text: str, path: str, replaced: list[str] | None) -> str:
    if is_whole(text):
        return text
    whole = whole_characters(text)
    if replaced is not None and whole != joined_halves(text):
        replaced.append(path)
    return whole


def is_whole(text: str) -> bool:
    """True when no character of `text` is half of one (a UTF-16 surrogate)."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def joined_halves(text: str) -> str:
    """Return `text` with surrogate halves that met made one character, as UTF-16 languages do."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def whole_characters(text: str) -> str:
    """Return `text` with every surrogate half that stands alone replaced: it could not be sent on."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _plain_key(key: Any, path: str) -> str:
    if isinstance(key, str):
        return str.__str__(key)
    _refuse(f"An object's keys must be strings, not {type(key).__name__}", path)


def _parse(text: str | bytes | bytearray) -> Any:
    try:
        return json.loads(text)
    except RecursionError:
        _refuse("JSON nested too deeply")
    except ValueError as error:
        _refuse(f"Not JSON: {error}")


def _dump(model: Any) -> Any:
    try:
        return model.model_dump(by_alias=True)
    except Exception as error:  # a producer's own serialiser may raise anything
        raise ProtocolViolation(f"{type(model).__name__} cannot be serialised: {error}", rule="not-an-event") from error


def _refuse(message: str, path: str = "") -> NoReturn:
    raise ProtocolViolation(f"{message} (at {path})" if path else message, rule="not-an-event")
