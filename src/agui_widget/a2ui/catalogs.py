"""Catalogues: which components and functions there are, and what each may have.

The basic ones come from the table, others from documents as agents and renderers exchange them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from ..errors import CatalogError
from . import table
from .common_types import SCHEMAS
from .kinds import anything, checks_of, dynamic_value, fields, required_of
from .problem import Place, shown
from .schema import COMMON_TYPE, Compiler
from .walk import Check, Walk

DEEPEST_DOCUMENT = 60

# What a component has from the protocol and not from its catalogue.
ENVELOPE = frozenset(("id", "component", "catalogId", "accessibility", "metadata"))


@dataclass(frozen=True)
class Component:
    """A component of a catalogue; `check` takes its properties, in 0.9 and later with those of the envelope."""

    name: str
    check: Check
    allowed_parents: tuple[str, ...] | None = None
    allowed_children: tuple[str, ...] | None = None
    is_known: bool = True


@dataclass(frozen=True)
class Function:
    """A function of a catalogue; `check` takes a call of it."""

    name: str
    check: Check
    returns: str = "any"
    allowed_callers: str = "rendererOnly"
    requires_user_activation: bool = False


@dataclass(frozen=True)
class Catalog:
    """A catalogue. `version` is one of `table.VERSIONS`; `document` is empty for those of the table.

    >>> Catalog.from_json({"catalogId": "urn:acme:1", "components": {"Gauge": {"type": "object"}}})
    """

    id: str
    version: str
    components: Mapping[str, Component]
    functions: Mapping[str, Function]
    theme: Check | None = None
    document: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @classmethod
    def from_json(cls, document: Any, *, catalog_id: str | None = None, version: str | None = None) -> Catalog:
        """The catalogue that a document describes.

        `catalog_id` and `version` (as `"v0.9"` or `"0.9"`) go before what the document says; without either a document
        is of 0.9. Raises `CatalogError` for one that is no catalogue.
        """
        if not isinstance(document, dict):
            raise CatalogError(f"a catalogue is a JSON object, not {shown(document)}")
        catalog_id = catalog_id or document.get("catalogId")
        if not isinstance(catalog_id, str):
            raise CatalogError("catalog_id must be provided or exist in catalog_schema: give the document a catalogId")
        family = table_version(version or document.get("protocolVersion") or "0.9")
        parts = _Parts.of(document, family)
        compiler = Compiler(document)  # of the references, not of what they stand for: a child stays known as a child
        return cls(
            catalog_id,
            family,
            {name: _component(name, schema, compiler, family) for name, schema in parts.components.items()},
            {name: _function(name, schema, compiler) for name, schema in parts.functions.items()},
            _theme(parts.theme, compiler) if parts.theme else None,
            {"catalogId": catalog_id, "protocolVersion": f"v{family}", **parts.inlined(document)},
        )

    def to_json(self) -> dict[str, Any]:
        """The document, with what it refers to put in place: `catalogId, protocolVersion, components, …`."""
        return dict(self.document)

    def schema(self) -> dict[str, Any]:
        """The catalogue as others read it, with `$defs.anyComponent` made from its components."""
        document = {key: value for key, value in self.to_json().items() if value}
        theme = document.get("theme")
        if self.version == "0.8":
            document.pop("theme", None)
            return {**document, "styles": theme} if theme else document
        definitions: dict[str, Any] = {"anyComponent": _any_of("components", self.components)}
        if self.functions:
            definitions["anyFunction"] = _any_of("functions", self.functions)
        if theme:
            definitions["theme"] = theme
        return {**document, "$defs": definitions}


def table_version(version: Any) -> str:
    """`"v0.9.1"` → `"0.9"`: which table a version reads. Raises `CatalogError` for one that is none."""
    numbers = str(version).removeprefix("v").split(".")
    if numbers[0] == "1":
        return "1.0"
    found = ".".join(numbers[:2])
    if found not in table.VERSIONS:
        raise CatalogError(f"{shown(version)} is not a version of A2UI: there are {', '.join(table.VERSIONS)}")
    return found


def _any_of(kind: str, names: Iterable[str]) -> dict[str, Any]:
    return {"oneOf": [{"$ref": f"#/{kind}/{name}"} for name in sorted(names)]}


# --- the basic catalogues -----------------------------------------------------------------------------------


@cache
def basic(version: str) -> Catalog:
    """The basic catalogue of a version."""
    return Catalog(
        table.basic_id(version),
        version,
        {name: Component(name, _props(props, version)) for name, props in table.components(version).items()},
        {name: _table_function(name, function, version) for name, function in table.functions(version).items()},
        _table_theme(version),
    )


@cache
def minimal(version: str) -> Catalog:
    """The minimal catalogue, which the specification uses to explain itself."""
    whole, part = basic(version), table.TABLE["minimal"]
    functions = {name: _table_function(name, function, version) for name, function in part["functions"].items()}
    return Catalog(
        next(iter(part["ids"].get(version, part["ids"]["0.9"]))),
        version,
        {name: whole.components[name] for name in part["components"]},
        {} if version == "0.8" else functions,
        whole.theme,
    )


def _props(props: table.Props, version: str) -> Check:
    if version == "0.8":
        return fields(checks_of(props, version), required_of(props))
    envelope: dict[str, Check] = {"id": anything, "component": anything}
    return fields({**checks_of({**props, **table.common(version)}, version), **envelope}, required_of(props))


def _table_theme(version: str) -> Check | None:
    props = table.theme(version)
    return None if props is None else fields(checks_of(props, version), is_open=version != "0.8")


def _table_function(name: str, function: dict[str, Any], version: str) -> Function:
    arguments = function["args"]
    check_arguments = fields(
        checks_of(arguments, version), required_of(arguments), any_of=tuple(function.get("anyOf", ()))
    )
    returns = function["returns"]

    def check(value: Any, place: Place, walk: Walk) -> None:
        if "args" not in value:
            walk.missing(place, "args")
        elif isinstance(value["args"], dict):
            check_arguments(value["args"], (place, "args"), walk)
        if version != "1.0" and value.get("returnType", returns) != returns:
            walk.add((place, "returnType"), "invalid_value", f"'{returns}' was expected")

    return Function(name, check, returns, requires_user_activation=function.get("requiresUserActivation", False))


# --- documents ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Parts:
    """What a document is made of, wherever its version keeps it."""

    components: dict[str, Any]
    functions: dict[str, Any]
    theme: Any
    instructions: Any

    @classmethod
    def of(cls, document: dict[str, Any], version: str) -> _Parts:
        functions = document.get("functions")
        if isinstance(functions, list):
            named = [each for each in functions if isinstance(each, dict) and isinstance(each.get("name"), str)]
            functions = {each["name"]: each for each in named}
        definitions = _mapping(document.get("$defs"))
        theme = document.get("theme") or document.get("styles") or definitions.get("theme")
        return cls(
            _permitted(_mapping(document.get("components")), definitions.get("anyComponent")),
            _permitted(_mapping(functions), definitions.get("anyFunction")),
            {} if version == "1.0" else _mapping(theme),
            document.get("instructions"),
        )

    def inlined(self, document: dict[str, Any]) -> dict[str, Any]:
        """The parts, with every reference replaced by what it points to."""
        inline = _Inliner(document)
        parts = {
            "components": inline(self.components),
            "functions": inline(self.functions),
            "theme": inline(self.theme),
        }
        return {**parts, "instructions": self.instructions} if self.instructions else parts


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _permitted(named: dict[str, Any], any_of: Any) -> dict[str, Any]:
    """What `$defs.anyComponent` lists, if it does; else all."""
    branches = any_of.get("oneOf") if isinstance(any_of, dict) else None
    if not isinstance(branches, list):
        return named
    listed_names = {str(branch.get("$ref", "")).rpartition("/")[2] for branch in branches if isinstance(branch, dict)}
    return {name: schema for name, schema in named.items() if name in listed_names}


class _Inliner:
    """Replaces references within a document; one that runs in a circle stays."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._compiler = Compiler(document)

    def __call__(self, schema: Any, within: tuple[str, ...] = (), depth: int = 0) -> Any:
        if depth > DEEPEST_DOCUMENT:
            raise CatalogError(f"the catalogue is nested more than {DEEPEST_DOCUMENT} deep")
        if isinstance(schema, list):
            return [self(each, within, depth + 1) for each in schema]
        if not isinstance(schema, dict):
            return schema
        target = schema.get("$ref")
        found = self._target(target) if isinstance(target, str) and target not in within else None
        if found is None:
            return {key: self(value, within, depth + 1) for key, value in schema.items()}
        own = {key: value for key, value in schema.items() if key != "$ref"}
        return self({**found, **own}, (*within, str(target)), depth + 1)

    def _target(self, reference: str) -> dict[str, Any] | None:
        common = COMMON_TYPE.search(reference)
        found = SCHEMAS.get(common[1]) if common else self._compiler.target(reference)
        return found if isinstance(found, dict) else None


def _component(name: str, schema: Any, compiler: Compiler, version: str) -> Component:
    if not isinstance(schema, dict):
        raise CatalogError(f"the component {shown(name)} is described by {shown(schema)}: give a JSON schema")
    check = compiler.compile(schema) if version == "0.8" else _with_envelope(schema, compiler, version)
    return Component(name, check, _names(schema, "allowedParents"), _names(schema, "allowedChildren"))


def _with_envelope(schema: dict[str, Any], compiler: Compiler, version: str) -> Check:
    """The check of a component that lies flat beside its id: of what the protocol gives it, and of its own."""
    check_own = compiler.compile(schema)
    check_envelope = checks_of({key: prop for key, prop in table.common(version).items() if key in ENVELOPE}, version)
    spoken_of = compiler.names_in(schema)
    is_closed = version == "1.0" and bool(compiler.properties_of(schema)) and not _is_open(schema)

    def check(value: Any, place: Place, walk: Walk) -> None:
        for name in value:
            if name in check_envelope:
                check_envelope[name](value[name], (place, name), walk)
            elif is_closed and name not in spoken_of and name not in ENVELOPE:
                walk.extra(place, name)
        check_own({name: value[name] for name in value if name in spoken_of or name not in ENVELOPE}, place, walk)

    return check


def _is_open(schema: dict[str, Any]) -> bool:
    return schema.get("additionalProperties", False) is not False or "patternProperties" in schema


def _names(schema: dict[str, Any], key: str) -> tuple[str, ...] | None:
    names = schema.get(key)
    return tuple(name for name in names if isinstance(name, str)) if isinstance(names, list) else None


def _theme(theme: dict[str, Any], compiler: Compiler) -> Check:
    """A theme is a schema, or (in 0.8 and inline catalogues) its properties alone."""
    is_schema = isinstance(theme.get("type"), str) or isinstance(theme.get("properties"), dict) or "$ref" in theme
    return compiler.compile(theme if is_schema else {"type": "object", "properties": theme})


def _function(name: str, schema: Any, compiler: Compiler) -> Function:
    """A function is described by the schema of a call of it, or by its parameters."""
    document = _mapping(schema)
    is_call_schema = any(keyword in document for keyword in ("properties", "allOf", "$ref"))
    check = compiler.compile(document) if is_call_schema else _parameters(document.get("parameters"), compiler)
    returns = document.get("returnType")
    return Function(
        name,
        check,
        returns if isinstance(returns, str) else _constant_return(document),
        str(document.get("allowedCallers", "rendererOnly")),
        document.get("requiresUserActivation") is True,
    )


def _constant_return(document: dict[str, Any]) -> str:
    found = _mapping(_mapping(document.get("properties")).get("returnType")).get("const")
    return found if isinstance(found, str) else "any"


def _parameters(parameters: Any, compiler: Compiler) -> Check:
    """The check of a call by the parameters of its function: each may also be bound to a place in the data."""
    if not isinstance(parameters, dict) or not parameters:
        return anything
    is_schema = isinstance(parameters.get("type"), str) or isinstance(parameters.get("properties"), dict)
    properties = _mapping(parameters.get("properties")) if is_schema else parameters
    checks = {name: _or_bound(compiler.compile(each)) for name, each in properties.items()}
    required = parameters.get("required") if is_schema else None
    is_open = not is_schema or parameters.get("additionalProperties", True) is not False
    names = tuple(each for each in required if isinstance(each, str)) if isinstance(required, list) else ()
    check_arguments = fields(checks, names, is_open=is_open)

    def check(value: Any, place: Place, walk: Walk) -> None:
        check_arguments(value.get("args", {}), (place, "args"), walk)

    return check


def _or_bound(check: Check) -> Check:
    def check_or_bound(value: Any, place: Place, walk: Walk) -> None:
        is_bound = isinstance(value, dict) and (walk.path_key in value or walk.call_key in value)
        (dynamic_value if is_bound else check)(value, place, walk)

    return check_or_bound


# --- which catalogue ----------------------------------------------------------------------------------------


def resolve(
    catalog_id: str | None,
    *,
    default: str | None,
    supported: Iterable[str] = (),
    surface: str = "",
    version: str = "1.0",
    versions: Mapping[str, str] | None = None,
) -> str:
    """The id of the catalogue that a component or call belongs to: its own, else that of its surface.

    `supported` are the ids a surface may use, `versions` which protocol version each is of. Raises `CatalogError` if
    there is none, if it is not among those, or if the versions do not go together.
    """
    for other, spelled in (versions or {}).items():
        if table_version(spelled) != table_version(version):
            message = (
                f"Protocol version mismatch: cannot mix catalog '{other}' ({spelled}) with surface version {version}."
            )
            raise CatalogError(message)
    found = catalog_id or default
    if found is None:
        raise CatalogError(f"Surface '{surface}' has no catalog, and none is named: give a catalogId.")
    if found not in supported:
        raise CatalogError(f"Catalog '{found}' is not supported by surface '{surface}'.")
    return found
