"""What a value of each kind of the catalogue may be, as checks. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from ..numeric import is_number
from .problem import Place, listed, shown
from .table import Props, icons
from .walk import Check, Walk

COLOR = re.compile(r"#[0-9a-fA-F]{6}")
URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]*")
DATE = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d(:([0-5]\d|60)(\.\d+)?)?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)?")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+")

MOST_CHECKED_CHARACTERS = 10_000


def is_integer(value: Any) -> bool:
    """Whole numbers; JSON writes 1 and 1.0 for the same."""
    return is_number(value) and (isinstance(value, int) or value.is_integer())


def is_date_time(text: str) -> bool:
    """RFC 3339: date, `T`, time with an offset."""
    date, _, time = text.partition("T" if "T" in text else "t" if "t" in text else " ")
    return bool(DATE.fullmatch(date) and TIME.fullmatch(time) and re.search(r"([Zz]|[+-]\d\d:\d\d)$", time))


def is_date_or_time(text: str) -> bool:
    """A date, a time, or both; an input without seconds or offset gives such values, too."""
    date, _, time = text.partition("T")
    has_both = bool(DATE.fullmatch(date) and TIME.fullmatch(time))
    return bool(DATE.fullmatch(text) or TIME.fullmatch(text) or has_both or is_date_time(text))


FORMATS: dict[str, Callable[[str], Any]] = {
    "uri": URI.fullmatch,
    "date": DATE.fullmatch,
    "time": TIME.fullmatch,
    "date-time": is_date_time,
    "date-or-time": is_date_or_time,
    "email": EMAIL.fullmatch,
}

TYPES: dict[str, Callable[[Any], bool]] = {
    "string": lambda value: isinstance(value, str),
    "number": is_number,
    "integer": is_integer,
    "boolean": lambda value: isinstance(value, bool),
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "null": lambda value: value is None,
}


def of_type(name: str) -> Check:
    """A check of one of JSON's types."""
    is_type = TYPES[name]

    def check(value: Any, place: Place, walk: Walk) -> None:
        if not is_type(value):
            walk.mismatch(value, place, name)

    return check


string, number, integer, boolean = (of_type(name) for name in ("string", "number", "integer", "boolean"))


def anything(value: Any, place: Place, walk: Walk) -> None:
    """Passes."""


def of_format(name: str, check: Check = string) -> Check:
    """A check of a text's format, behind another one of the value."""
    matches = FORMATS[name]

    def with_format(value: Any, place: Place, walk: Walk) -> None:
        check(value, place, walk)
        if isinstance(value, str) and not (len(value) <= MOST_CHECKED_CHARACTERS and matches(value)):
            walk.add(place, "invalid_value", f"{shown(value)} is not a '{name}'")

    return with_format


def color(value: Any, place: Place, walk: Walk) -> None:
    """A color as six hexadecimal digits."""
    if not isinstance(value, str):
        walk.mismatch(value, place, "string")
    elif not COLOR.fullmatch(value):
        walk.add(place, "invalid_value", f"{shown(value)} does not match '^#[0-9a-fA-F]{{6}}$'")


def one_of(values: list[Any]) -> Check:
    """A check of an enumeration."""

    def check(value: Any, place: Place, walk: Walk) -> None:
        if not isinstance(value, str):
            walk.mismatch(value, place, "string")
        elif value not in values:
            walk.add(place, "invalid_value", f"{shown(value)} is not one of {listed(values)}")

    return check


def at_least(minimum: float, check: Check) -> Check:
    """A check of a number's lower bound, behind another one of the value."""

    def with_minimum(value: Any, place: Place, walk: Walk) -> None:
        check(value, place, walk)
        if is_number(value) and value < minimum:
            walk.add(place, "invalid_value", f"{shown(value)} is less than the minimum of {minimum}")

    return with_minimum


def fields(
    checks: Mapping[str, Check],
    required: tuple[str, ...] = (),
    *,
    is_open: bool = False,
    any_of: tuple[str, ...] = (),
) -> Check:
    """A check of an object: of each field that is there, that those required are, and that no other is."""

    def check(value: Any, place: Place, walk: Walk) -> None:
        if not isinstance(value, dict):
            return walk.mismatch(value, place, "object")
        for name, field in value.items():
            known = checks.get(name)
            if known is not None:
                known(field, (place, name), walk)
            elif not is_open:
                walk.extra(place, name)
        for name in required:
            if name not in value:
                walk.missing(place, name)
        if any_of and not any(name in value for name in any_of):
            walk.add(place, "missing_field", f"one of {listed(any_of)} is a required property")

    return check


def items(check: Check, minimum: int = 0) -> Check:
    """A check of a list and each of its items."""

    def check_items(value: Any, place: Place, walk: Walk) -> None:
        if not isinstance(value, list):
            return walk.mismatch(value, place, "array")
        for index, item in enumerate(value):
            check(item, (place, index), walk)
        if len(value) < minimum:
            walk.add(place, "invalid_value", f"{shown(value)} has fewer than {minimum} items")

    return check_items


# --- references ---------------------------------------------------------------------------------------------


def child(value: Any, place: Place, walk: Walk) -> None:
    """The id of another component."""
    if not isinstance(value, str):
        return walk.mismatch(value, place, "string")
    walk.refer(value, place)


def _template(value: dict[str, Any], place: Place, walk: Walk, binding: str) -> None:
    for name in value:
        if name not in ("componentId", binding):
            walk.extra(place, name)
    for name in ("componentId", binding):
        if name not in value:
            walk.missing(place, name)
        elif not isinstance(value[name], str):
            walk.mismatch(value[name], (place, name), "string")
    if isinstance(value.get("componentId"), str):
        walk.refer(value["componentId"], (place, "componentId"), is_template=True)


def child_list(value: Any, place: Place, walk: Walk) -> None:
    """Ids, or a template with the path of its rows."""
    if isinstance(value, list):
        for index, each in enumerate(value):
            child(each, (place, index), walk)
    elif isinstance(value, dict):
        _template(value, place, walk, "path")
    else:
        walk.mismatch(value, place, "array", "object")


def _template_0_8(value: Any, place: Place, walk: Walk) -> None:
    if not isinstance(value, dict):
        return walk.mismatch(value, place, "object")
    _template(value, place, walk, "dataBinding")


child_list_0_8 = fields({"explicitList": items(child), "template": _template_0_8})


# --- bindings and calls -------------------------------------------------------------------------------------


def binding(value: dict[str, Any], place: Place, walk: Walk) -> None:
    """An object that has the key of a binding."""
    for name in value:
        if name != walk.path_key:
            walk.extra(place, name)
    if not isinstance(value[walk.path_key], str):
        walk.mismatch(value[walk.path_key], (place, walk.path_key), "string")


def call(value: Any, place: Place, walk: Walk, returns: str | None = None) -> None:
    """A function call; `returns` is the type that 0.9 wants named, if any is."""
    if not isinstance(value, dict):
        return walk.mismatch(value, place, "object")
    name = value.get(walk.call_key)
    if name is None:
        return walk.missing(place, walk.call_key)
    if not isinstance(name, str):
        return walk.mismatch(name, (place, walk.call_key), "string")
    if walk.is_too_deep(place):
        return None
    walk.depth += 1
    try:
        _known_call(name, value, place, walk, returns)
    finally:
        walk.depth -= 1


def _known_call(name: str, value: dict[str, Any], place: Place, walk: Walk, returns: str | None) -> None:
    is_final = walk.version == "1.0"
    if is_final and name == "@index":
        walk.uses_index = True
        return _index_call({**value, "call": name}, place, walk)
    catalog_id = value.get("catalogId") if is_final else None
    if catalog_id is not None and not isinstance(catalog_id, str):
        walk.mismatch(catalog_id, (place, "catalogId"), "string")
    allowed = ("args", "catalogId" if is_final else "returnType")
    for key in value:
        if key != walk.call_key and key not in allowed:
            walk.extra(place, key)
    _arguments(value.get("args", {}), (place, "args"), walk)
    if returns is not None and not is_final and value.get("returnType", returns) != returns:
        walk.add((place, "returnType"), "invalid_value", f"'{returns}' was expected")
    function = walk.find_function(name, catalog_id)
    if isinstance(function, str):
        walk.add((place, walk.call_key), "unrecognized_function", function)
    elif function is not None:
        plain = value if walk.call_key == "call" else {("call" if key == "@call" else key): value[key] for key in value}
        function.check(plain, place, walk)


def _arguments(arguments: Any, place: Place, walk: Walk) -> None:
    """What every function's arguments may be; which they are is the function's own check."""
    if not isinstance(arguments, dict):
        return walk.mismatch(arguments, place, "object")
    for name, value in arguments.items():
        if value is None:
            walk.mismatch(value, (place, name), "string", "number", "boolean", "array", "object")


def dynamic(name: str, returns: str, is_literal: Callable[[Any], bool]) -> Check:
    """A check of a value that stands for itself, for a place in the data, or for what a function gives."""

    def check(value: Any, place: Place, walk: Walk) -> None:
        if is_literal(value):
            return
        if isinstance(value, dict) and walk.path_key in value:
            binding(value, place, walk)
        elif isinstance(value, dict) and walk.call_key in value:
            call(value, place, walk, returns)
        else:
            alternatives = f"nor a {{{walk.path_key}}} or {{{walk.call_key}}}"
            walk.add(place, walk.type_code, f"{shown(value)} is not of type '{name}', {alternatives}")

    return check


def _is_text_list(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


dynamic_string = dynamic("string", "string", TYPES["string"])
dynamic_number = dynamic("number", "number", is_number)
dynamic_boolean = dynamic("boolean", "boolean", TYPES["boolean"])
dynamic_string_list = dynamic("array", "array", _is_text_list)


def dynamic_value(value: Any, place: Place, walk: Walk) -> None:
    """Any literal, a binding or a call; objects stand for themselves since 1.0."""
    if isinstance(value, str | bool | list) or is_number(value):
        return
    if not isinstance(value, dict):
        return walk.mismatch(value, place, "string", "number", "boolean", "array", "object")
    if walk.path_key in value and walk.call_key not in value:
        binding(value, place, walk)
    elif walk.call_key in value:
        call(value, place, walk)
    elif walk.version != "1.0":
        walk.add(place, walk.type_code, f"{shown(value)} is neither a {{path}} nor a {{call}}")
    elif walk.is_at:
        reserved_keys(value, place, walk)


def reserved_keys(value: dict[str, Any], place: Place, walk: Walk) -> None:
    """In the `@` spellings a literal's own keys that begin with `@` are written `@@`."""
    for name in value:
        if isinstance(name, str) and name.startswith("@") and not name.startswith("@@"):
            walk.add(
                (place, name), "INVALID_RESERVED_KEY", f"{shown(name)} is reserved; a literal key is spelled '@{name}'"
            )


_index_call = fields(
    {
        "call": anything,
        "@call": anything,
        "args": fields({"offset": dynamic_number}),
    },
)


# --- checks and actions -------------------------------------------------------------------------------------


def _condition(value: Any, place: Place, walk: Walk) -> None:
    """1.0 has no literal conditions."""
    if walk.version == "1.0" and isinstance(value, bool):
        return walk.mismatch(value, place, "object")
    dynamic_boolean(value, place, walk)


_rule = {"condition": _condition, "message": string}
_rules = items(fields(_rule, ("condition", "message")))
_rules_1_0 = items(fields(_rule, ("condition",)))


def rules(value: Any, place: Place, walk: Walk) -> None:
    """The checks of an input or a button."""
    (_rules_1_0 if walk.version == "1.0" else _rules)(value, place, walk)


def _context(value: Any, place: Place, walk: Walk) -> None:
    if not isinstance(value, dict):
        return walk.mismatch(value, place, "object")
    for name, each in value.items():
        dynamic_value(each, (place, name), walk)


_event = fields({"name": string, "context": _context}, ("name",))
_event_1_0 = fields({"name": string, "context": _context, "userMessage": dynamic_string}, ("name",))
_action = fields({"event": _event, "functionCall": call}, any_of=("event", "functionCall"))
_action_1_0 = fields({"event": _event_1_0, "functionCall": call}, any_of=("event", "functionCall"))


def action(value: Any, place: Place, walk: Walk) -> None:
    """What a button does: an event for the agent, or a function of the page."""
    (_action_1_0 if walk.version == "1.0" else _action)(value, place, walk)
    if isinstance(value, dict) and "event" in value and "functionCall" in value:
        walk.extra(place, "functionCall")


# --- 0.8 ----------------------------------------------------------------------------------------------------


def bound(**literals: Check) -> Check:
    """A check of 0.8's bound values: `literalString`, `path` and so on, in one object."""
    return fields({**literals, "path": string})


bound_string = bound(literalString=string)
bound_value = bound(literalString=string, literalNumber=number, literalBoolean=boolean)
action_0_8 = fields(
    {
        "name": string,
        "context": items(fields({"key": string, "value": bound_value}, ("key", "value"))),
    },
    ("name",),
)


# --- the table's kinds --------------------------------------------------------------------------------------


def _icon(version: str, svg_path: Check) -> Check:
    names = icons(version)
    svg = fields({"svgPath": svg_path}, ("svgPath",))

    def check(value: Any, place: Place, walk: Walk) -> None:
        if isinstance(value, str):
            if value not in names:
                walk.add(place, "invalid_value", f"{shown(value)} is not one of {listed(sorted(names))}")
        elif isinstance(value, dict) and walk.path_key in value:
            binding(value, place, walk)
        elif isinstance(value, dict):
            svg(value, place, walk)
        else:
            walk.mismatch(value, place, "string", "object")

    return check


KINDS: dict[str, Check] = {
    "string": string,
    "number": number,
    "integer": integer,
    "boolean": boolean,
    "any": anything,
    "url": of_format("uri"),
    "color": color,
    "DynamicString": dynamic_string,
    "DynamicNumber": dynamic_number,
    "DynamicBoolean": dynamic_boolean,
    "DynamicStringList": dynamic_string_list,
    "DynamicValue": dynamic_value,
    "BoundString": bound_string,
    "BoundNumber": bound(literalNumber=number),
    "BoundBoolean": bound(literalBoolean=boolean),
    "BoundStringList": bound(literalArray=items(string)),
    "ComponentId": child,
    "ChildList": child_list,
    "Action": action,
    "Checks": rules,
}

KINDS_0_8: dict[str, Check] = {**KINDS, "ChildList": child_list_0_8, "Action": action_0_8}


def check_of(prop: dict[str, Any], version: str) -> Check:
    """The check of one property of the table."""
    kind = prop["kind"]
    if kind == "enum":
        return one_of(prop["values"])
    if kind == "list":
        return items(check_of(prop["item"], version), prop.get("minItems", 0))
    if kind == "object":
        return _object_of(prop, version)
    if kind == "Icon":
        return _icon(version, dynamic_string if prop.get("dynamicSvgPath") else string)
    if kind == "BoundIcon":
        return bound(literalString=one_of(sorted(icons(version))))
    check = (KINDS_0_8 if version == "0.8" else KINDS)[kind]
    if "minimum" in prop:
        check = at_least(prop["minimum"], check)
    return of_format(prop["format"], check) if "format" in prop else check


def checks_of(props: Props, version: str) -> dict[str, Check]:
    """The checks of properties of the table."""
    return {name: check_of(prop, version) for name, prop in props.items()}


def required_of(props: Props) -> tuple[str, ...]:
    """The names of those that must be there."""
    return tuple(name for name, prop in props.items() if prop.get("required"))


def identifier_keys(value: Any, place: Place, walk: Walk) -> None:
    """An object whose keys are identifiers (UAX #31), as names of extensions are."""
    if not isinstance(value, dict):
        return walk.mismatch(value, place, "object")
    for name in value:
        if not (isinstance(name, str) and name.isidentifier()):
            walk.add((place, name), "invalid_identifier", f"{shown(name)} is not an identifier")


def _object_of(prop: dict[str, Any], version: str) -> Check:
    if prop.get("keys") == "identifier":
        return identifier_keys
    props = prop.get("props", {})
    return fields(checks_of(props, version), required_of(props), is_open=prop.get("open", False))
