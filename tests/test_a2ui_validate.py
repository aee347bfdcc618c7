"""A2UI messages are right or wrong as the specification says: its examples, its cases, its schemas, and hostile input."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import referencing
from hypothesis import given, settings
from hypothesis import strategies as st

from agui_widget.a2ui import Catalog, Surfaces, table, validate, validate_catalog
from agui_widget.a2ui.messages import MESSAGES as KNOWN_MESSAGES
from agui_widget.a2ui.problem import MOST_PROBLEMS
from agui_widget.a2ui.validate import MOST_COMPONENTS
from tests.protocol.corpora import folder, read

A2UI = folder("a2ui")
EXAMPLES = sorted(A2UI.glob("v*/examples*/*.json")) + sorted(A2UI.glob("v*/test_cases/*.jsonl"))
BASIC_1_0 = table.basic_id("1.0")


def name_of(path: Path) -> str:
    return str(path.relative_to(A2UI))


@pytest.mark.parametrize("path", EXAMPLES, ids=name_of)
def test_an_official_example_is_right_and_whole(path: Path) -> None:
    assert validate(path.read_text(), progressive=False) == []


@pytest.mark.parametrize("path", EXAMPLES, ids=name_of)
def test_every_prefix_of_an_example_is_right(path: Path) -> None:
    messages = [json.loads(line) for line in path.read_text().splitlines()] if path.suffix == ".jsonl" else read(path)
    messages = messages["messages"] if isinstance(messages, dict) else messages
    surfaces = Surfaces()
    assert [problem for message in messages for problem in validate(message, surfaces=surfaces)] == []


@pytest.mark.parametrize(
    "path", [path for path in EXAMPLES if "v0_8" not in str(path) and "minimal" not in str(path)], ids=name_of
)
def test_an_official_example_is_right_by_the_published_catalogue(path: Path) -> None:
    """As above, by the published document and not by our table."""
    document = read(A2UI / path.relative_to(A2UI).parts[0] / "catalog" / "catalog.json")
    assert validate(path.read_text(), catalogs=[Catalog.from_json(document)], progressive=False) == []


# --- the cases of the specification's schemas -----------------------------------------------------------------


def schema_cases() -> list[Any]:
    return [
        pytest.param(path, case, id=f"{name_of(path)}: {case['description']}")
        for path in sorted(A2UI.glob("v*/test_cases/*.json"))
        for case in read(path)["tests"]
    ]


def catalogs_for(path: Path, by: str) -> list[Catalog]:
    """A case's own catalogue stands in for the basic one, also where that one is named."""
    name = read(path).get("catalog")
    if name is None and by == "table":
        return []
    name = name or "catalog.json"
    document = read(path.parent.parent / "catalog" / name)
    return [Catalog.from_json(document, catalog_id=catalog_id) for catalog_id in (None, BASIC_1_0)]


@pytest.mark.parametrize("by", ["table", "document"])
@pytest.mark.parametrize(("path", "case"), schema_cases())
def test_a_schema_case_has_its_stated_verdict(path: Path, case: dict[str, Any], by: str) -> None:
    schema = read(path)["schema"]
    if schema == "catalog_definition.json":
        problems = validate_catalog(case["data"])
    else:
        sender: Any = "agent" if schema.startswith(("server", "agent")) else "renderer"
        version = path.parent.parent.name.replace("_", ".")
        problems = validate(case["data"], version=version, catalogs=catalogs_for(path, by), sender=sender)
    assert (not problems) == case["valid"], problems


# --- agreement with the published schemas ---------------------------------------------------------------------


def published(version: str) -> Any:
    """A validator out of the published schemas of a version, by the library `jsonschema`."""
    here = A2UI / version / "catalog"
    message = "agent_to_renderer.json" if version == "v1_0" else "server_to_client.json"
    resources = []
    for path in here.glob("*.json"):
        text = path.read_text().replace("\\\\p{XID_Start}", "^\\\\W\\\\d").replace("\\\\p{XID_Continue}", "\\\\w")
        document = json.loads(text.replace("[^\\\\W\\\\d_]", "[^\\\\W\\\\d]"))  # Python's re has no \\p
        document.setdefault("$schema", "https://json-schema.org/draft/2020-12/schema")
        resource = referencing.Resource.from_contents(document)
        resources += [(path.name, resource)]
        if path.name == "catalog.json":
            resources += [
                (document["$id"], resource),
                (f"https://a2ui.org/specification/{version}/catalog.json", resource),
            ]
        elif "$id" in document and path.name != "testing_catalog.json":
            resources += [(document["$id"], resource)]
    registry = referencing.Registry().with_resources(resources)
    return jsonschema.Draft202012Validator(read(here / message), registry=registry)


def seeds(version: str) -> list[Any]:
    """Messages of the examples and cases of a version, to be damaged."""
    found = []
    for path in sorted(A2UI.glob(f"{version}/examples_basic/*.json")):
        content = read(path)
        for message in content["messages"]:
            for component in message.get("updateComponents", {}).get("components", []):
                found.append(
                    {**message, "updateComponents": {**message["updateComponents"], "components": [component]}}
                )
            if "updateComponents" not in message:
                found.append(message)
    for path in sorted(A2UI.glob(f"{version}/test_cases/*.json")):
        cases = read(path)
        if cases["schema"] in ("server_to_client.json", "agent_to_renderer.json") and "catalog" not in cases:
            found += [case["data"] for case in cases["tests"]]
    return found


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every container with a key of it."""
    found: list[tuple[Any, Any]] = []
    pending = [value]
    for each in pending:
        keys = list(each) if isinstance(each, dict) else list(range(len(each))) if isinstance(each, list) else []
        for key in keys:
            found.append((each, key))
            pending.append(each[key])
    return found


DAMAGE: list[Any] = [None, True, 0, -1, 2.5, "", "x", [], ["x"], [1], {}, {"path": "/x"}, {"path": 1}, {"x": 1}]
DAMAGE += [{"call": "required", "args": {"value": 1}}, {"call": "nothing"}, {"path": "/x", "call": "required"}]


def damage(data: st.DataObject, document: Any, names: list[str]) -> None:
    """Replace, remove or add one thing somewhere; what is added has one of the names."""
    container, key = data.draw(st.sampled_from(places(document)))
    deed = data.draw(st.sampled_from(["replace", "remove", "add"]))
    if deed == "replace":
        container[key] = data.draw(st.sampled_from(DAMAGE))
    elif deed == "remove":
        del container[key]
    elif isinstance(container, dict):
        container[data.draw(st.sampled_from(names))] = data.draw(st.sampled_from(DAMAGE))


@pytest.mark.slow
@pytest.mark.timeout(120)
@pytest.mark.parametrize(("version", "examples"), [("v0_9", 300), ("v1_0", 50)])
def test_damaged_messages_have_the_verdict_of_the_published_schema(version: str, examples: int) -> None:
    """Formats are annotations to `jsonschema`, so what is wrong by its format alone is left out."""
    oracle = published(version)
    messages = seeds(version)
    spelled = version.replace("_", ".")
    assert len(messages) > 200

    @settings(max_examples=examples)
    @given(st.data())
    def agree(data: st.DataObject) -> None:
        message = copy.deepcopy(data.draw(st.sampled_from(messages)))
        damage(data, message, ["extra", "path", "call", "returnType", "catalogId", "args"])
        problems = validate(message, version=spelled, sender="agent")
        about_formats = [each for each in problems if "is not a '" in each.message]
        known = not any(each.code in ("duplicate_id", "INVALID_RESERVED_KEY", "unknown_catalog") for each in problems)
        if known and len(about_formats) == len(problems) <= 1 and problems:
            return
        if known:
            assert (not problems) == oracle.is_valid(message), (message, problems)

    agree()


@pytest.mark.parametrize("version", ["0.9", "1.0"])
def test_the_table_is_the_published_catalogue(version: str) -> None:
    document = read(A2UI / f"v{version.replace('.', '_')}" / "catalog" / "catalog.json")
    assert table.basic_id(version) == document["catalogId"]
    assert set(table.components(version)) == set(document["components"])
    for name, schema in document["components"].items():
        own = [*schema.get("allOf", []), schema]
        properties = {key: prop for part in own for key, prop in part.get("properties", {}).items()}
        required = {key for part in own for key in part.get("required", [])}
        props = table.components(version)[name]
        assert set(props) - {"checks"} == set(properties) - {"component", "weight"}
        assert ("checks" in props) == any("Checkable" in str(part.get("$ref")) for part in own)
        assert {key for key, prop in props.items() if prop.get("required")} == required - {"component"}
        for key, prop in props.items():
            if prop["kind"] == "enum":
                assert set(prop["values"]) == set(properties[key]["enum"])
                assert prop["default"] == properties[key]["default"]
    assert set(table.functions(version)) == set(document["functions"])
    for name, schema in document["functions"].items():
        parts = [schema, *schema.get("allOf", [])]
        arguments = next(part["properties"]["args"] for part in parts if "args" in part.get("properties", {}))
        function = table.functions(version)[name]
        assert set(function["args"]) == set(arguments["properties"])
        assert {key for key, prop in function["args"].items() if prop.get("required")} == set(arguments["required"])
        returns = schema.get("returnType") or schema["properties"]["returnType"]["const"]
        assert function["returns"] == returns
    icon = document["components"]["Icon"]
    properties = (icon["allOf"][-1] if "allOf" in icon else icon)["properties"]
    (names,) = [each["enum"] for each in properties["name"]["oneOf"] if "enum" in each]
    assert table.icons(version) == set(names)


def test_the_table_is_the_published_catalogue_of_0_8() -> None:
    document = read(A2UI / "v0_8" / "catalog" / "standard_catalog_definition.json")
    assert set(table.components("0.8")) == set(document["components"])
    for name, schema in document["components"].items():
        props = table.components("0.8")[name]
        assert set(props) == set(schema["properties"])
        assert {key for key, prop in props.items() if prop.get("required")} == set(schema.get("required", []))
        for key, prop in props.items():
            if prop["kind"] == "enum":
                assert set(prop["values"]) == set(schema["properties"][key]["enum"])
    literal = document["components"]["Icon"]["properties"]["name"]["properties"]["literalString"]
    assert table.icons("0.8") == set(literal["enum"])
    assert set(table.theme("0.8") or ()) == set(document["styles"])


# --- what the messages say ------------------------------------------------------------------------------------


def surface_of(*components: dict[str, Any], version: str = "v0.9") -> list[dict[str, Any]]:
    return [
        {"version": version, "createSurface": {"surfaceId": "s1", "catalogId": "basic"}},
        {"version": version, "updateComponents": {"surfaceId": "s1", "components": list(components)}},
    ]


ROOT: dict[str, Any] = {"id": "root", "component": "Text", "text": "Hello"}

SAYINGS = [
    ({"id": "root", "component": "Text"}, "root.text", "missing_field", "'text' is a required property"),
    ({**ROOT, "variant": "huge"}, "root.variant", "invalid_value", "'huge' is not one of ['h1', 'h2'"),
    ({**ROOT, "size": 3}, "root.size", "extra_field", "('size' was unexpected)"),
    ({**ROOT, "text": 5}, "root.text", "invalid_value", "5 is not of type 'string', nor a {path} or {call}"),
    ({**ROOT, "text": {"path": 5}}, "root.text.path", "invalid_value", "5 is not of type 'string'"),
    ({**ROOT, "text": {"call": "shout"}}, "root.text.call", "unrecognized_function", "Unrecognized function 'shout'"),
    ({"id": "root", "component": "Chart"}, "root.component", "invalid_value", "'Chart' is not one of ['Text',"),
    ({"id": "root"}, "root.component", "missing_field", "Cannot create component root without a type"),
    ({"component": "Text", "text": ""}, "0.id", "missing_field", "missing an 'id'"),
    ({"id": 7, "component": "Text", "text": ""}, "0.id", "type_mismatch", "7 is not of type 'string'"),
]


@pytest.mark.parametrize(("component", "path", "code", "message"), SAYINGS, ids=[each[1] for each in SAYINGS])
def test_a_problem_says_where_and_what(component: dict[str, Any], path: str, code: str, message: str) -> None:
    problem = validate(surface_of(component))[0]
    assert problem.path == f"messages.1.updateComponents.components.{path}"
    assert problem.code == code
    assert message in problem.message


def test_an_id_is_given_once_in_a_message() -> None:
    assert [problem.code for problem in validate(surface_of(ROOT, ROOT))] == ["duplicate_id"]


BROKEN_TREES = [
    ([{"id": "root", "component": "Card", "child": "a"}], "Dangling reference: Component 'root' references non-existent component 'a' in field 'child'"),
    ([{"id": "root", "component": "Column", "children": ["a"]}], "non-existent component 'a' in field 'children[0]'"),
    ([{"id": "root", "component": "Tabs", "tabs": [{"title": "t", "child": "a"}]}], "'a' in field 'tabs[0].child'"),
    ([{"id": "root", "component": "List", "children": {"componentId": "a", "path": "/x"}}], "'a' in field 'children.componentId'"),
    ([{**ROOT, "id": "other"}], "Missing root component: No component has id='root'"),
    ([ROOT, {**ROOT, "id": "o"}], "Component 'o' is not reachable from 'root'"),
    ([{"id": "root", "component": "Card", "child": "root"}], "Circular reference detected: root → root"),
    ([{"id": "root", "component": "Card", "child": "a"}, {"id": "a", "component": "Card", "child": "root"}], "root → a → root"),
]  # fmt: skip


@pytest.mark.parametrize(("components", "message"), BROKEN_TREES, ids=[each[1][-30:] for each in BROKEN_TREES])
def test_what_may_still_come_is_a_problem_only_at_the_end(components: list[Any], message: str) -> None:
    assert validate(surface_of(*components)) == []
    assert any(message in str(problem) for problem in validate(surface_of(*components), progressive=False))


def test_a_stream_is_whole_at_its_end_only() -> None:
    surfaces = Surfaces()
    for message in surface_of({"id": "root", "component": "Card", "child": "a"}):
        assert validate(message, surfaces=surfaces) == []
    assert [each.code for each in validate([], surfaces=surfaces, progressive=False)] == ["dangling_reference"]
    late = {"version": "v0.9", "updateComponents": {"surfaceId": "s1", "components": [{**ROOT, "id": "a"}]}}
    assert validate(late, surfaces=surfaces, progressive=False) == []


def test_an_update_of_a_surface_that_nobody_made_is_a_problem_within_a_stream() -> None:
    update = surface_of(ROOT)[1]
    assert validate(update) == []
    assert "Surface not found for message: s1" in str(validate(update, surfaces=Surfaces())[0])


def test_a_surface_made_again_is_a_problem_only_if_it_is_another() -> None:
    made = surface_of(ROOT)
    assert validate([*made, *made]) == []
    other = copy.deepcopy(made)
    other[0]["createSurface"]["catalogId"] = "urn:other"
    assert "duplicate_id" in [each.code for each in validate([*made, *other])]


def test_the_index_is_known_in_templates_alone() -> None:
    index = {"id": "t", "component": "Text", "text": {"call": "@index", "args": {"offset": 1}}}
    inside = {"id": "root", "component": "List", "children": {"componentId": "t", "path": "/rows"}}
    outside = {"id": "root", "component": "Column", "children": ["t"]}
    assert validate(surface_of(inside, index, version="v1.0"), progressive=False) == []
    problems = validate(surface_of(outside, index, version="v1.0"), progressive=False)
    assert ["@index function can only" in each.message for each in problems] == [True]


@pytest.mark.parametrize("spelled", ["v0.9", "v0.9.1", "v0.10", "v1.0", "1.0"])
def test_every_spelling_of_a_version_is_known(spelled: str) -> None:
    assert validate(surface_of(ROOT, version=spelled)) == []


def test_what_a_version_brought_and_took() -> None:
    field = {"id": "root", "component": "TextField", "label": "l"}
    for prop, right in [("validationRegexp", ["v0.9"]), ("placeholder", ["v0.10", "v1.0"])]:
        found = [
            each for each in ("v0.9", "v0.10", "v1.0") if not validate(surface_of({**field, prop: "x"}, version=each))
        ]
        assert found == right


def test_the_at_spelling_is_told_by_its_keys() -> None:
    field = {"id": "root", "component": "TextField", "label": "l", "value": {"@path": "/x"}}
    checks = [{"condition": {"@call": "required", "args": {"value": {"@path": "/x"}}}}]
    assert validate(surface_of({**field, "@checks": checks}, version="1.0")) == []
    assert validate(surface_of({**field, "checks": checks}, version="v1.0")) == []
    literal = validate(surface_of({**field, "label": {"path": "/x"}}, version="1.0"))
    assert ["nor a {@path} or {@call}" in each.message for each in literal] == [True]
    unknown = validate(surface_of({**field, "@chekcs": []}, version="1.0"))
    assert [each.code for each in unknown] == ["INVALID_RESERVED_KEY"]


def test_an_unknown_catalogue_is_a_warning_and_its_components_pass() -> None:
    made = surface_of({"id": "root", "component": "Gauge", "value": 1})
    made[0]["createSurface"]["catalogId"] = "urn:acme"
    assert [(each.code, each.severity) for each in validate(made)] == [("unknown_catalog", "warning")]


@pytest.mark.parametrize("payload", ['{"version"', "", "[", "{}\nnot json\n{}", "[" * 100_000], ids=range(5))
def test_text_that_is_not_json_is_a_problem(payload: str) -> None:
    assert "this is not JSON" in str(validate(payload)[0])


# --- hostile input --------------------------------------------------------------------------------------------

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)
FIELDS = st.sampled_from(
    [
        "surfaceId",
        "components",
        "id",
        "component",
        "child",
        "children",
        "text",
        "path",
        "@path",
        "call",
        "@call",
        "args",
    ]
    + [
        "theme",
        "styles",
        "contents",
        "value",
        "checks",
        "action",
        "event",
        "functionCall",
        "context",
        "name",
        "version",
    ]
)
NESTED = st.recursive(
    JSON | st.sampled_from(["s1", "root", "Text", "List", "Button", "TextField", "basic", "required", "@index"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(FIELDS, inner, max_size=5),
    max_leaves=20,
)
KEYS = sorted({key for checks in KNOWN_MESSAGES.values() for each in checks.values() for key in each})
MESSAGES = st.dictionaries(st.sampled_from([*KEYS, "version", "messages"]), NESTED, max_size=3) | st.builds(
    lambda key, body, version: {"version": version, key: body},
    st.sampled_from(KEYS),
    st.dictionaries(FIELDS, NESTED, max_size=5),
    st.sampled_from(["v0.9", "v0.10", "v1.0", "1.0", "v0.8", 3]),
)


@given(st.one_of(NESTED, MESSAGES, st.lists(MESSAGES, max_size=3)), st.booleans())
def test_no_json_makes_it_raise(payload: Any, progressive: bool) -> None:
    for problem in validate(payload, progressive=progressive):
        assert problem.code and str(problem)


def deep(levels: int, key: str | None) -> Any:
    value: Any = "x"
    for _ in range(levels):
        value = [value] if key is None else {key: value}
    return value


@pytest.mark.parametrize("key", [None, "path", "call", "args", "children", "valueMap", "@path", "value"])
@pytest.mark.parametrize("version", ["v0.9", "1.0"])
def test_a_hundred_thousand_levels_are_no_trouble(key: str | None, version: str) -> None:
    value = deep(100_000, key)
    component = {"id": "root", "component": "Text", "text": value, "accessibility": value, "metadata": value}
    validate(surface_of(component, version=version), progressive=False)
    validate([value, {"updateDataModel": {"surfaceId": "s1", "value": value}, "version": version}])
    validate({"dataModelUpdate": {"surfaceId": "s1", "contents": value}})


def test_nested_calls_are_followed_for_fifty_levels() -> None:
    value: Any = True
    for _ in range(5_000):
        value = {"call": "not", "args": {"value": value}}
    field = {"id": "root", "component": "CheckBox", "label": "l", "value": value}
    assert "nested more than 50 deep" in str(validate(surface_of(field))[0])


def test_a_long_chain_of_components_is_too_deep_and_no_trouble() -> None:
    chain = [{"id": str(number), "component": "Card", "child": str(number + 1)} for number in range(10_000)]
    components = [{"id": "root", "component": "Card", "child": "0"}, *chain, {**ROOT, "id": "10000"}]
    problems = validate(surface_of(*components), progressive=False)
    assert ["nested 50 deep" in each.message for each in problems] == [True]


def test_many_components_and_many_problems_end() -> None:
    many = [{**ROOT, "id": str(number)} for number in range(MOST_COMPONENTS + 10)]
    assert "more than 20000 components" in validate(surface_of(*many))[-1].message
    assert len(validate(["x"] * 10_000)) == MOST_PROBLEMS


def test_a_reserved_segment_of_a_path_is_a_problem() -> None:
    update = {"version": "v0.9", "updateDataModel": {"surfaceId": "s1", "path": "/a/__proto__/b", "value": 1}}
    assert [each.code for each in validate(update)] == ["INVALID_RESERVED_KEY"]
