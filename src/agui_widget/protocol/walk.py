"""Walks a value beside its shape: take out what is unknown, name what is malformed, mend what is misspelt.

Each walk is one function with a row per kind of shape. None of them changes its argument, and
the paths they give are JSON Pointers.
"""

from __future__ import annotations

from functools import singledispatch
from typing import Any, Final

from .shapes import Choice, Either, Items, Leaf, Record, Shape, Tagged

Paths = list[str]


class _Drop:
    """The type of `DROP`."""


DROP: Final = _Drop()  # this value means nothing to us and must go as a whole


# --- strip: unknown properties, unknown members of unions, unknown words --------------------------


@singledispatch
def strip(shape: Shape, value: Any, path: str, gone: Paths) -> Any:
    """Return `value` without what the protocol does not describe; `DROP` when it is all of that.

    `gone` gets the paths of what was removed. Malformed values are left for `problem` to name.
    """
    return value


@strip.register
def _(shape: Choice, value: Any, path: str, gone: Paths) -> Any:
    return DROP if type(value) is str and value not in shape.values else value


@strip.register
def _(shape: Items, value: Any, path: str, gone: Paths) -> Any:
    if type(value) is not list:
        return value
    kept = []
    for index, element in enumerate(value):
        inner: Paths = []
        element = strip(shape.of, element, f"{path}/{index}", inner)
        if element is DROP:
            gone.append(f"{path}/{index}")
        else:
            gone.extend(inner)
            kept.append(element)
    return kept


@strip.register
def _(shape: Either, value: Any, path: str, gone: Paths) -> Any:
    return strip(shape.items, value, path, gone)


@strip.register
def _(shape: Record, value: Any, path: str, gone: Paths) -> Any:
    if type(value) is not dict:
        return value
    kept: dict[str, Any] = {}
    for name, member in value.items():
        field, inner = shape.fields.get(name), list[str]()
        if field is not None:
            member = strip(field, member, f"{path}/{name}", inner)
        elif not shape.is_open:
            member = DROP
        if member is not DROP:
            gone.extend(inner)
            kept[name] = member
        elif name in shape.required:
            return DROP  # without it the object means nothing, so it goes as a whole
        else:
            gone.append(f"{path}/{name}")
    return kept


@strip.register
def _(shape: Tagged, value: Any, path: str, gone: Paths) -> Any:
    if type(value) is not dict:
        return value
    member = shape.member_for(value)
    return DROP if member is None else strip(member, value, path, gone)


# --- problem: what is malformed -------------------------------------------------------------------


@singledispatch
def problem(shape: Shape, value: Any, path: str) -> str | None:
    """Return what is malformed in `value` and where, or None. Unknown properties are no problem."""
    raise TypeError(shape)


@problem.register
def _(shape: Leaf, value: Any, path: str) -> str | None:
    return None if shape.is_clean(value) else _at(path, shape.expected, value)


@problem.register
def _(shape: Choice, value: Any, path: str) -> str | None:
    return None if shape.is_clean(value) else _at(path, f"one of {sorted(shape.values)}", value)


@problem.register
def _(shape: Items, value: Any, path: str) -> str | None:
    if type(value) is not list:
        return _at(path, "array", value)
    if len(value) < shape.at_least:
        return f"{path}: expected at least {shape.at_least} element"
    found = (problem(shape.of, element, f"{path}/{index}") for index, element in enumerate(value))
    return next((words for words in found if words), None)


@problem.register
def _(shape: Either, value: Any, path: str) -> str | None:
    if type(value) is list:
        return problem(shape.items, value, path)
    return None if type(value) is str else _at(path, "string or array", value)


@problem.register
def _(shape: Record, value: Any, path: str) -> str | None:
    if type(value) is not dict:
        return _at(path, "object", value)
    absent = [f"{path}/{name}: required, but absent" for name in shape.fields if _lacks(value, shape, name)]
    found = (problem(field, value[name], f"{path}/{name}") for name, field in shape.fields.items() if name in value)
    return absent[0] if absent else next((words for words in found if words), None)


@problem.register
def _(shape: Tagged, value: Any, path: str) -> str | None:
    if type(value) is not dict:
        return _at(path, "object", value)
    member = shape.member_for(value)
    if member is None:
        return _at(f"{path}/{shape.tag}", f"one of {sorted(shape.members)}", value.get(shape.tag))
    return problem(member, value, path)


# --- without_nulls and renamed: what a lenient reader mends ---------------------------------------


@singledispatch
def without_nulls(shape: Shape, value: Any, path: str, gone: Paths) -> Any:
    """Return `value` without nulls in the place of optional fields, whose paths `gone` gets."""
    return value


@without_nulls.register
def _(shape: Items, value: Any, path: str, gone: Paths) -> Any:
    if type(value) is not list:
        return value
    return [without_nulls(shape.of, element, f"{path}/{i}", gone) for i, element in enumerate(value)]


@without_nulls.register
def _(shape: Either, value: Any, path: str, gone: Paths) -> Any:
    return without_nulls(shape.items, value, path, gone)


@without_nulls.register
def _(shape: Record, value: Any, path: str, gone: Paths) -> Any:
    if type(value) is not dict:
        return value
    kept: dict[str, Any] = {}
    for name, member in value.items():
        field = shape.fields.get(name)
        if member is None and field is not None and name not in shape.required:
            gone.append(f"{path}/{name}")
        else:
            kept[name] = member if field is None else without_nulls(field, member, f"{path}/{name}", gone)
    return kept


@without_nulls.register
def _(shape: Tagged, value: Any, path: str, gone: Paths) -> Any:
    member = shape.member_for(value)
    return value if member is None else without_nulls(member, value, path, gone)


@singledispatch
def renamed(shape: Shape, value: Any, path: str, done: Paths) -> Any:
    """Return `value` with snake_case field names spelled as on the wire; `done` gets their paths."""
    return value


@renamed.register
def _(shape: Items, value: Any, path: str, done: Paths) -> Any:
    if type(value) is not list:
        return value
    return [renamed(shape.of, element, f"{path}/{i}", done) for i, element in enumerate(value)]


@renamed.register
def _(shape: Either, value: Any, path: str, done: Paths) -> Any:
    return renamed(shape.items, value, path, done)


@renamed.register
def _(shape: Record, value: Any, path: str, done: Paths) -> Any:
    if type(value) is not dict:
        return value
    kept: dict[str, Any] = {}
    for name, member in value.items():
        wire = name if name in shape.fields else camel_case(name)
        if wire != name and wire in shape.fields and wire not in value:
            done.append(f"{path}/{name}")
            name = wire
        field = shape.fields.get(name)
        kept[name] = member if field is None else renamed(field, member, f"{path}/{name}", done)
    return kept


@renamed.register
def _(shape: Tagged, value: Any, path: str, done: Paths) -> Any:
    member = shape.member_for(value)
    return value if member is None else renamed(member, value, path, done)


def camel_case(name: str) -> str:
    """Return a snake_case name as the wire spells it."""
    head, *rest = name.split("_")
    return head + "".join(word[:1].upper() + word[1:] for word in rest)


_TYPE_NAMES = {dict: "object", list: "array", str: "string", bool: "boolean", type(None): "null"}


def _at(path: str, expected: str, value: Any) -> str:
    is_word = isinstance(value, str) and len(value) < 40
    return f"{path or '/'}: expected {expected}, received " + (
        f'"{value}"' if is_word else _TYPE_NAMES.get(type(value), "number")
    )


def _lacks(value: dict[str, Any], shape: Record, name: str) -> bool:
    return name in shape.required and name not in value
