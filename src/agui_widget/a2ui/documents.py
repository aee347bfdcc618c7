"""Whether capabilities, data models and catalogue documents are what the specification says. Pure."""

from __future__ import annotations

import re
from typing import Any

from .catalogs import table_version
from .kinds import anything, boolean, fields, identifier_keys, items, one_of, string
from .messages import VERSION, family_of
from .problem import EnoughProblems, Place, Problem, shown
from .walk import Check, Walk

SEMVER = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)(\.(0|[1-9]\d*))?(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?")
RETURN_TYPES = ["string", "number", "boolean", "array", "object", "any", "void"]


def _strings_once(value: Any, place: Place, walk: Walk) -> None:
    items(string)(value, place, walk)
    if isinstance(value, list) and len({each for each in value if isinstance(each, str)}) < len(value):
        walk.add(place, "invalid_value", f"{shown(value)} has non-unique elements")


def _schema_shape(value: Any, place: Place, walk: Walk) -> None:
    """What JSON Schema wants of a schema, where it is wrong most often; nested ones too."""
    if isinstance(value, bool):
        return
    if not isinstance(value, dict):
        return walk.mismatch(value, place, "object", "boolean")
    if walk.is_too_deep(place):
        return
    walk.depth += 1
    for keyword, each in value.items():
        check = _KEYWORD_SHAPES.get(keyword)
        if check is not None:
            check(each, (place, keyword), walk)
    walk.depth -= 1


def _object_schema(value: Any, place: Place, walk: Walk) -> None:
    """A schema that is not just true or false."""
    if not isinstance(value, dict):
        return walk.mismatch(value, place, "object")
    _schema_shape(value, place, walk)


def _schemas(value: Any, place: Place, walk: Walk) -> None:
    if not isinstance(value, dict):
        return walk.mismatch(value, place, "object")
    for name, each in value.items():
        _schema_shape(each, (place, name), walk)


_type_name = one_of(["array", "boolean", "integer", "null", "number", "object", "string"])


def _type_names(value: Any, place: Place, walk: Walk) -> None:
    if not isinstance(value, list):
        return _type_name(value, place, walk)
    items(_type_name, 1)(value, place, walk)
    _strings_once(value, place, walk)


def _object(value: Any, place: Place, walk: Walk) -> None:
    if not isinstance(value, dict):
        walk.mismatch(value, place, "object")


_KEYWORD_SHAPES: dict[str, Check] = {
    "type": _type_names,
    "properties": _schemas,
    "patternProperties": _schemas,
    "$defs": _schemas,
    "required": _strings_once,
    "enum": items(anything),
    "items": _schema_shape,
    "additionalProperties": _schema_shape,
    "unevaluatedProperties": _schema_shape,
    "not": _schema_shape,
    "if": _schema_shape,
    "then": _schema_shape,
    "else": _schema_shape,
    "allOf": items(_schema_shape, 1),
    "anyOf": items(_schema_shape, 1),
    "oneOf": items(_schema_shape, 1),
    "$ref": string,
    "description": string,
    "title": string,
    "pattern": string,
}

_component_extras = fields(
    {
        "allowedParents": _strings_once,
        "allowedChildren": _strings_once,
        "metadata": fields({"extensions": identifier_keys}),
    },
    is_open=True,
)


def _component_definitions(value: Any, place: Place, walk: Walk) -> None:
    if not isinstance(value, dict):
        return walk.mismatch(value, place, "object")
    for name, schema in value.items():
        if name == "Surface":
            walk.add((place, name), "invalid_value", "'Surface' is reserved for what contains the root")
        _identifier(name, (place, name), walk)
        _object_schema(schema, (place, name), walk)
        if isinstance(schema, dict):
            _component_extras(schema, (place, name), walk)


def _identifier(name: Any, place: Place, walk: Walk) -> None:
    if not (isinstance(name, str) and name.isidentifier()):
        walk.add(place, "invalid_identifier", f"{shown(name)} is not an identifier")


_constant = fields({"const": string}, ("const",), is_open=True)
_call_properties = fields({"call": _constant, "catalogId": _object, "args": _object_schema}, ("call",))
_is_object = one_of(["object"])
_caller = one_of(["rendererOnly", "agentOnly", "rendererOrAgent"])
_definition = fields(
    {
        "type": _is_object,
        "description": string,
        "properties": _call_properties,
        "required": items(string),
        "allOf": items(_object, 1),
        "unevaluatedProperties": boolean,
        "additionalProperties": boolean,
        "returnType": one_of([*RETURN_TYPES, "validationResult"]),
        "allowedCallers": _caller,
        "requiresUserActivation": boolean,
    },
    ("type", "returnType"),
)


def _function_definition(value: Any, place: Place, walk: Walk) -> None:
    _definition(value, place, walk)
    if not isinstance(value, dict):
        return
    if "properties" not in value and "allOf" not in value:
        walk.missing(place, "properties")
    for key in ("properties", "required"):
        if "allOf" in value and key in value:
            walk.extra(place, key)
    required = value.get("required")
    if "properties" in value and not (isinstance(required, list) and "call" in required):
        walk.add((place, "required"), "missing_field", "'call' must be required")
    callers = value.get("allowedCallers", "rendererOnly")
    if value.get("requiresUserActivation") is True and callers != "rendererOnly":
        message = "a function that requires a user's activation may only be called by the renderer"
        walk.add((place, "allowedCallers"), "invalid_value", message)


def _function_definitions(value: Any, place: Place, walk: Walk) -> None:
    if not isinstance(value, dict):
        return walk.mismatch(value, place, "object")
    for name, definition in value.items():
        _identifier(name, (place, name), walk)
        _function_definition(definition, (place, name), walk)


def _semver(value: Any, place: Place, walk: Walk) -> None:
    if not isinstance(value, str):
        walk.mismatch(value, place, "string")
    elif not SEMVER.fullmatch(value):
        walk.add(place, "invalid_value", f"{shown(value)} is not a version like '1.0'")


_catalog_1_0 = fields(
    {
        "$schema": string,
        "$id": string,
        "protocolVersion": _semver,
        "$defs": fields({"anyComponent": _schema_shape, "anyFunction": _schema_shape}, ("anyComponent", "anyFunction")),
        "title": string,
        "description": string,
        "catalogId": string,
        "instructions": string,
        "components": _component_definitions,
        "functions": _function_definitions,
    },
    ("catalogId",),
)
_named_function = fields(
    {"name": string, "description": string, "parameters": _object_schema, "returnType": one_of(RETURN_TYPES)},
    ("name", "parameters", "returnType"),
)
_catalog_0_9 = fields(
    {"catalogId": string, "components": _schemas, "functions": items(_named_function), "theme": _schemas},
    ("catalogId",),
)
_published_0_9 = fields(
    {"catalogId": string, "components": _schemas, "functions": _schemas, "$defs": _schemas},
    ("catalogId",),
    is_open=True,
)
_catalog_0_8 = fields(
    {"catalogId": string, "components": _schemas, "styles": _schemas},
    ("catalogId", "components", "styles"),
    is_open=True,
)
INLINE_CATALOGS: dict[str, Check] = {
    "0.8": _catalog_0_8,
    "0.9": _catalog_0_9,
    "0.10": _catalog_0_9,
    "1.0": _catalog_1_0,
}


def _renderer(version: str) -> Check:
    return fields(
        {"supportedCatalogIds": items(string), "inlineCatalogs": items(INLINE_CATALOGS[version])},
        ("supportedCatalogIds",),
        is_open=True,
    )


_agent = fields({"supportedCatalogIds": items(string), "acceptsInlineCatalogs": boolean}, is_open=True)


def validate_catalog(document: Any, *, version: str = "v1.0") -> list[Problem]:
    """The problems of a catalogue document."""
    return _checked(INLINE_CATALOGS[table_version(version)], document, version)


def validate_capabilities(capabilities: Any, *, version: str = "v0.9", sender: str = "renderer") -> list[Problem]:
    """The problems of what a renderer (or `sender="agent"`) says of itself, in this version."""
    family = table_version(version)
    check = _renderer(family) if sender == "renderer" else _agent
    if family != "0.8":
        check = fields({version: check}, (version,), is_open=True)
    return _checked(check, capabilities, version)


def validate_data_model(document: Any, *, version: str = "v0.9") -> list[Problem]:
    """The problems of the data models that a renderer sends along: `{version, surfaces}`."""

    def surfaces(value: Any, place: Place, walk: Walk) -> None:
        if not isinstance(value, dict):
            return walk.mismatch(value, place, "object")
        for name, model in value.items():
            _object(model, (place, name), walk)

    return _checked(
        fields({"version": one_of([version]), "surfaces": surfaces}, ("version", "surfaces")), document, version
    )


def _checked(check: Check, value: Any, version: str) -> list[Problem]:
    walk = Walk(table_version(version))
    try:
        check(value, None, walk)
    except EnoughProblems:
        pass
    return walk.problems


def validate_document(document: Any) -> list[Problem] | None:
    """The problems of a catalogue, capabilities or data models, whichever it looks like; None for anything else."""
    if not isinstance(document, dict):
        return None
    if "catalogId" in document or "components" in document:
        if _is_published_0_9(document):
            return _checked(_published_0_9, document, "v0.9")
        return validate_catalog(document, version=_catalog_version(document))
    if "surfaces" in document and family_of(document.get("version")):
        return validate_data_model(document, version=document["version"])
    if "supportedCatalogIds" in document:
        return validate_capabilities(document, version="v0.8")
    versions = [key for key in document if isinstance(key, str) and VERSION.fullmatch(key)]
    if len(versions) != 1:
        return None
    said = document[versions[0]]
    is_agent = isinstance(said, dict) and ("acceptsInlineCatalogs" in said or "supportedCatalogIds" not in said)
    return validate_capabilities(document, version=versions[0], sender="agent" if is_agent else "renderer")


def _is_published_0_9(document: dict[str, Any]) -> bool:
    """A whole catalogue of 0.9, whose functions are schemas of calls, as none in `inlineCatalogs` are."""
    definitions = document.get("$defs")
    return isinstance(document.get("functions"), dict) and isinstance(definitions, dict) and "theme" in definitions


def _catalog_version(document: dict[str, Any]) -> str:
    if "styles" in document:
        return "v0.8"
    return "v0.9" if "theme" in document or isinstance(document.get("functions"), list) else "v1.0"
