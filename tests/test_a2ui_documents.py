"""What is not a message of an agent: renderers' messages, catalogue documents, capabilities, data models, 0.8."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import jsonschema
import pytest
import referencing
from hypothesis import given, settings
from hypothesis import strategies as st

from agui_widget import a2ui
from agui_widget.a2ui import Problem
from agui_widget.errors import CatalogError
from tests.protocol.corpora import folder, read
from tests.test_a2ui_validate import damage

A2UI = folder("a2ui")


def published(version: str, name: str) -> Any:
    """A validator out of one published schema; `\\p` is not Python's."""
    resources = []
    for path in (A2UI / version / "catalog").glob("*.json"):
        text = path.read_text().replace("[\\\\p{XID_Start}_][\\\\p{XID_Continue}]*", "[^\\\\W\\\\d]\\\\w*")
        document = json.loads(text) | {"$schema": "https://json-schema.org/draft/2020-12/schema"}
        names = [path.name, *([document["$id"]] if "$id" in document and "testing" not in path.name else [])]
        if path.name == "catalog.json":
            names.append(f"https://a2ui.org/specification/{version}/catalog.json")
        resources += [(each, referencing.Resource.from_contents(document)) for each in names]
    registry: Any = referencing.Registry().with_resources(resources)
    return jsonschema.Draft202012Validator(registry.contents(name), registry=registry)


def cases(version: str, schema: str) -> list[Any]:
    found = [read(path) for path in sorted((A2UI / version / "test_cases").glob("*.json"))]
    return [case["data"] for each in found if each["schema"] == schema for case in each["tests"]]


def examples_0_8() -> list[Any]:
    found = []
    for path in sorted((A2UI / "v0_8" / "examples_basic").glob("*.json")):
        for message in read(path):
            update = message.get("surfaceUpdate")
            parts = [{**update, "components": [each]} for each in update["components"]] if update else []
            found += [{"surfaceUpdate": part} for part in parts] or [message]
    return found


GAUGES: dict[str, Any] = {
    "catalogId": "urn:acme:gauges:1",
    "protocolVersion": "1.0",
    "title": "Gauges",
    "instructions": "Use few.",
    "components": {
        "Gauge": {
            "type": "object",
            "properties": {"component": {"const": "Gauge"}, "value": {"type": "number"}},
            "required": ["component"],
            "allowedParents": ["Surface", "Dial"],
            "metadata": {"extensions": {"acme_unit": "kW"}},
        },
        "Dial": {"type": "object", "allowedChildren": ["Gauge"]},
    },
    "functions": {
        "reset": {
            "type": "object",
            "returnType": "void",
            "requiresUserActivation": True,
            "properties": {"call": {"const": "reset"}, "args": {"type": "object"}},
            "required": ["call"],
        },
        "read": {
            "type": "object",
            "returnType": "number",
            "allowedCallers": "rendererOrAgent",
            "requiresUserActivation": False,
            "allOf": [{"type": "object", "properties": {"call": {"const": "read"}}, "required": ["call"]}],
            "unevaluatedProperties": False,
        },
    },
    "$defs": {"anyComponent": {"oneOf": [{"$ref": "#/components/Gauge"}]}, "anyFunction": {"oneOf": [True]}},
}
INLINE: dict[str, Any] = {
    "catalogId": "urn:acme:1",
    "components": {"Gauge": {"type": "object"}},
    "functions": [{"name": "reset", "parameters": {"type": "object"}, "returnType": "void"}],
    "theme": {"accent": {"type": "string"}},
}

Checked = Callable[[Any], list[Problem]]

# name → the version's folder, its published schema, what we say, and good documents to be damaged.
AGREEMENTS: dict[str, tuple[str, str, Checked, list[Any]]] = {
    "0.8 messages": (
        "v0_8",
        "server_to_client_with_standard_catalog.json",
        lambda value: a2ui.validate(value, version="v0.8", sender="agent"),
        examples_0_8(),
    ),
    "0.8 renderer": (
        "v0_8",
        "client_to_server.json",
        lambda value: a2ui.validate(value, version="v0.8", sender="renderer"),
        [{"userAction": each["action"]} for each in cases("v0_9", "client_to_server.json") if "action" in each]
        + [{"error": {"code": 1}}],
    ),
    "0.9 renderer": (
        "v0_9",
        "client_to_server.json",
        lambda value: a2ui.validate(value, version="v0.9", sender="renderer"),
        cases("v0_9", "client_to_server.json"),
    ),
    "1.0 catalogues": ("v1_0", "catalog_definition.json", a2ui.validate_catalog, [GAUGES]),
    "0.9 capabilities": (
        "v0_9",
        "client_capabilities.json",
        a2ui.validate_capabilities,
        [{"v0.9": {"supportedCatalogIds": ["basic"], "inlineCatalogs": [INLINE]}}],
    ),
    "0.9 agents": (
        "v0_9",
        "server_capabilities.json",
        lambda value: a2ui.validate_capabilities(value, sender="agent"),
        [{"v0.9": {"supportedCatalogIds": ["basic"], "acceptsInlineCatalogs": True}}],
    ),
    "1.0 capabilities": (
        "v1_0",
        "renderer_capabilities.json",
        lambda value: a2ui.validate_capabilities(value, version="v1.0"),
        [{"v1.0": {"supportedCatalogIds": ["basic"], "inlineCatalogs": [GAUGES]}}],
    ),
    "0.9 data models": (
        "v0_9",
        "client_data_model.json",
        a2ui.validate_data_model,
        [{"version": "v0.9", "surfaces": {"s": {"a": 1}}}],
    ),
    "1.0 data models": (
        "v1_0",
        "renderer_data_model.json",
        lambda value: a2ui.validate_data_model(value, version="v1.0"),
        [{"version": "v1.0", "surfaces": {"s": {"a": 1}}}],
    ),
}
# What we look at more closely than the schemas do: identifiers, and ids given twice.
EXAMPLES = 60
CLOSER = ("invalid_identifier", "duplicate_id", "INVALID_RESERVED_KEY")


def is_unlike_its_schema(document: Any) -> bool:
    """Where the published schemas say what the specification does not mean.

    0.8 lets a message or a component be empty. In 1.0 a function that says nothing of a user's activation is taken to need one.
    """
    text = json.dumps(document)
    is_empty = document == {} or '"component": {}' in text
    return is_empty or (text.count("requiresUserActivation") < 2 and "rendererOrAgent" in text)


@pytest.mark.slow
@pytest.mark.timeout(120)
@pytest.mark.parametrize("name", AGREEMENTS)
def test_damaged_documents_have_the_verdict_of_the_published_schema(name: str) -> None:
    version, schema, check, documents = AGREEMENTS[name]
    oracle = published(version, schema)

    @settings(max_examples=EXAMPLES)
    @given(st.data())
    def agree(data: st.DataObject) -> None:
        document = copy.deepcopy(data.draw(st.sampled_from(documents)))
        damage(data, document, ["extra", "path", "type", "required"])
        if is_unlike_its_schema(document):
            return
        problems = check(document)
        is_by_format = bool(problems) and all("is not a '" in each.message for each in problems)
        if not is_by_format and not any(each.code in CLOSER for each in problems):
            assert (not problems) == oracle.is_valid(document), (document, problems)

    agree()


@pytest.mark.parametrize("name", AGREEMENTS)
def test_good_documents_are_right(name: str) -> None:
    version, schema, check, documents = AGREEMENTS[name]
    oracle = published(version, schema)
    assert [document for document in documents if oracle.is_valid(document) and check(document)] == []
    assert any(oracle.is_valid(document) for document in documents)


@pytest.mark.parametrize("value", [None, 3, [], "x", {"v0.9": None}, {"components": {"x y": {}}, "catalogId": "c"}])
def test_anything_may_be_given(value: Any) -> None:
    for check in (a2ui.validate_catalog, a2ui.validate_capabilities, a2ui.validate_data_model):
        assert check(value)


def test_a_hyphen_makes_no_identifier() -> None:
    (problem,) = a2ui.validate_catalog({"catalogId": "c", "components": {"my-gauge": {"type": "object"}}})
    assert (problem.path, problem.code) == ("components.my-gauge", "invalid_identifier")


@pytest.mark.parametrize("inline", [False, True])
@pytest.mark.parametrize("version", ["v0.9", "v1.0"])
def test_what_a_renderer_says_is_right(version: str, inline: bool) -> None:
    document = INLINE if version == "v0.9" else GAUGES
    catalog = a2ui.Catalog.from_json(document, version=version)
    said = a2ui.renderer_capabilities([catalog], version=version, inline=inline)
    assert a2ui.validate_capabilities(said, version=version) == []


def test_a_deep_catalogue_is_refused_and_not_followed() -> None:
    deep: Any = {}
    for _ in range(100_000):
        deep = {"properties": {"x": deep}}
    assert a2ui.validate_catalog({"catalogId": "c", "components": {"Deep": deep}})
    with pytest.raises(CatalogError, match="deep"):
        a2ui.Catalog.from_json({"catalogId": "c", "components": {"Deep": deep}})


def test_schemas_that_point_in_circles_end() -> None:
    tree = {"type": "object", "properties": {"next": {"$ref": "#/$defs/Tree"}}}
    document = {"catalogId": "c", "$defs": {"Tree": tree}, "components": {"Tree": {"$ref": "#/$defs/Tree"}}}
    catalog = a2ui.Catalog.from_json(document)
    value: Any = {}
    for _ in range(1_000):
        value = {"next": value}
    message = {
        "version": "v0.9",
        "updateComponents": {"surfaceId": "s", "components": [{"id": "root", "component": "Tree", "next": value}]},
    }
    assert "nested more than 50 deep" in str(a2ui.validate(message, catalogs=[catalog])[0])


def test_a_pattern_that_might_run_for_ever_is_not_run() -> None:
    schema = {"type": "object", "properties": {"x": {"type": "string", "pattern": "^(a+)+$"}}}
    catalog = a2ui.Catalog.from_json({"catalogId": "c", "components": {"Slow": schema}})
    component = {"id": "root", "component": "Slow", "x": "a" * 5_000 + "!"}
    message = {"version": "v0.9", "updateComponents": {"surfaceId": "s", "components": [component]}}
    assert a2ui.validate(message, catalogs=[catalog]) == []


@pytest.mark.parametrize(
    "path", ["v0_9/catalog/catalog.json", "v0_9/catalog/minimal_catalog.json", "v1_0/catalog/catalog.json"]
)
def test_the_published_catalogues_are_right_and_can_be_read(path: str) -> None:
    document = read(A2UI / path)
    assert a2ui.validate_document(document) == []
    assert set(a2ui.Catalog.from_json(document).components) == set(document["components"])
