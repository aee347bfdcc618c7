"""What a renderer tells an agent: which catalogues it knows, and what is in them. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from ..errors import CatalogError
from . import table
from .catalogs import Catalog, table_version

# What `RunAgentInput.context` is described with, so that agents' adapters find it.
CONTEXT_DESCRIPTION = (
    "A2UI Component Schema — available components for generating UI surfaces. "
    "Use these component names and properties when creating A2UI operations."
)

TAGGED_REFERENCE = re.compile(r"REF:([^|]+)(?:\|(.*))?", re.DOTALL)
DEEPEST_DOCUMENT = 60


def renderer_capabilities(
    catalogs: Sequence[Catalog] = (), *, version: str = "v0.9", inline: bool = False
) -> dict[str, Any]:
    """What a renderer with these catalogues says: `{version: {supportedCatalogIds, inlineCatalogs?}}`.

    Without catalogues it says the basic one. `inline` adds the documents, for agents that accept them.
    """
    family = table_version(version)
    capabilities: dict[str, Any] = {
        "supportedCatalogIds": [catalog.id for catalog in catalogs] or [table.basic_id(family)]
    }
    if inline:
        capabilities["inlineCatalogs"] = [inline_catalog(catalog) for catalog in catalogs]
    return {version: capabilities}


def inline_catalog(catalog: Catalog) -> dict[str, Any]:
    """A catalogue as it stands in `inlineCatalogs`: in 0.9 with components in the envelope that every component has."""
    document = catalog.to_json()
    if catalog.version == "1.0":
        return {key: value for key, value in document.items() if value and key != "theme"} | {"protocolVersion": "1.0"}
    inlined: dict[str, Any] = {"catalogId": catalog.id}
    if catalog.components:
        inlined["components"] = {
            name: _enveloped(name, schema) for name, schema in document.get("components", {}).items()
        }
    if catalog.functions:
        functions = document.get("functions", {})
        inlined["functions"] = [
            {
                "name": name,
                "parameters": functions.get(name, {}).get("parameters", {}),
                "returnType": catalog.functions[name].returns,
            }
            for name in catalog.functions
        ]
    theme = document.get("theme")
    if theme:
        inlined["theme"] = _references(theme.get("properties", theme))
    return inlined


def _enveloped(name: str, schema: Any) -> dict[str, Any]:
    own = _references(schema) if isinstance(schema, dict) else {}
    properties = {"component": {"const": name}, **own.get("properties", {})}
    required = ["component", *(each for each in own.get("required", []) if each != "component")]
    rest = {key: value for key, value in own.items() if key not in ("type", "properties", "required")}
    return {
        "allOf": [
            {"$ref": "common_types.json#/$defs/ComponentCommon"},
            {"properties": properties, "required": required, **rest},
        ]
    }


def _references(schema: Any, depth: int = 0) -> Any:
    """A schema in which a description `REF:target|text` is a reference to that target."""
    if depth > DEEPEST_DOCUMENT:
        raise CatalogError(f"the catalogue is nested more than {DEEPEST_DOCUMENT} deep")
    if isinstance(schema, list):
        return [_references(each, depth + 1) for each in schema]
    if not isinstance(schema, dict):
        return schema
    description = schema.get("description")
    tagged = TAGGED_REFERENCE.fullmatch(description) if isinstance(description, str) else None
    if tagged is None:
        return {key: _references(value, depth + 1) for key, value in schema.items()}
    return {"$ref": tagged[1], **({"description": tagged[2]} if tagged[2] else {})}


# --- for agents ---------------------------------------------------------------------------------------------


def component_schema(version: str = "v0.9", catalogs: Sequence[Catalog] = ()) -> dict[str, Any]:
    """The components that an agent may use, as JSON schemas: `{catalogId, components}`."""
    family = table_version(version)
    own = {name: schema for catalog in catalogs for name, schema in catalog.to_json().get("components", {}).items()}
    basics = {name: _schema_of(props, family) for name, props in table.components(family).items()}
    identity = catalogs[0].id if catalogs else table.basic_id(family)
    return {"catalogId": identity, "components": {**basics, **own}}


def _schema_of(props: table.Props, version: str) -> dict[str, Any]:
    required = [name for name, prop in props.items() if prop.get("required")]
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {name: _prop_schema(prop, version) for name, prop in props.items()},
    }
    return {**schema, "required": required} if required else schema


_LITERALS: dict[str, dict[str, Any]] = {
    "String": {"type": "string"},
    "Number": {"type": "number"},
    "Boolean": {"type": "boolean"},
    "StringList": {"type": "array", "items": {"type": "string"}},
    "Value": {},
}
_PATH = {"type": "object", "properties": {"path": {"type": "string"}}, "required": ["path"]}
_CALL = {
    "type": "object",
    "properties": {"call": {"type": "string"}, "args": {"type": "object"}},
    "required": ["call"],
}
_EVENT = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "context": {"type": "object"}},
    "required": ["name"],
}
_SCHEMAS: dict[str, dict[str, Any]] = {
    "any": {},
    "url": {"type": "string", "format": "uri"},
    "color": {"type": "string", "pattern": "^#[0-9a-fA-F]{6}$"},
    "ComponentId": {"type": "string", "description": "The id of another component."},
    "ChildList": {
        "oneOf": [
            {"type": "array", "items": {"type": "string"}, "description": "Ids of components."},
            {
                "type": "object",
                "description": "A component repeated for each item of the list at path.",
                "properties": {"componentId": {"type": "string"}, "path": {"type": "string"}},
                "required": ["componentId", "path"],
            },
        ]
    },
    "Action": {
        "oneOf": [
            {"type": "object", "properties": {"event": _EVENT}, "required": ["event"]},
            {"type": "object", "properties": {"functionCall": _CALL}, "required": ["functionCall"]},
        ]
    },
    "Checks": {
        "type": "array",
        "items": {
            "type": "object",
            "properties": {"condition": {"oneOf": [_PATH, _CALL]}, "message": {"type": "string"}},
            "required": ["condition", "message"],
        },
    },
}


def _prop_schema(prop: dict[str, Any], version: str) -> dict[str, Any]:
    kind: str = prop["kind"]
    if kind == "enum":
        schema: dict[str, Any] = {"type": "string", "enum": prop["values"]}
        return {**schema, "default": prop["default"]} if "default" in prop else schema
    if kind == "list":
        return {"type": "array", "items": _prop_schema(prop["item"], version)}
    if kind == "object":
        return _schema_of(prop.get("props", {}), version)
    if kind in ("Icon", "BoundIcon"):
        names = {"type": "string", "enum": sorted(table.icons(version))}
        return {"oneOf": [names, _PATH]} if kind == "Icon" else _bound_schema("String", names)
    if kind.startswith("Dynamic"):
        return {"oneOf": [_LITERALS[kind.removeprefix("Dynamic")], _PATH, _CALL]}
    if kind.startswith("Bound"):
        return _bound_schema(kind.removeprefix("Bound"), _LITERALS[kind.removeprefix("Bound")])
    return _SCHEMAS.get(kind, {"type": kind})


def _bound_schema(name: str, literal: dict[str, Any]) -> dict[str, Any]:
    key = "literalArray" if name == "StringList" else f"literal{name}"
    return {"type": "object", "properties": {key: literal, "path": {"type": "string"}}}
