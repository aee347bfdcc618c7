"""The v1.0 conformance suites, as far as they are about catalogues, schemas, validation and capabilities.

What they say of processing is the engine's, in TypeScript: a2ui_conformance.json says which language answers for which case.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from agui_widget.a2ui import Catalog, Problem, renderer_capabilities, resolve, validate
from agui_widget.errors import CatalogError
from tests.protocol.corpora import folder, is_subset, read

A2UI = folder("a2ui")
SUITES = A2UI / "v1_0" / "conformance"

# The paths that cases name → the published catalogue among the fixtures.
PUBLISHED = {
    "specification/v0_8/json/standard_catalog_definition.json": ("v0_8", "standard_catalog_definition.json"),
    "specification/v0_9/catalogs/basic/catalog.json": ("v0_9", "catalog.json"),
    "specification/v1_0/catalogs/basic/catalog.json": ("v1_0", "catalog.json"),
}

Case = dict[str, Any]


CLAIMS = read(Path(__file__).with_name("a2ui_conformance.json"))
run: set[tuple[str, str]] = set()


def content_of(suite: str) -> list[Case]:
    content: list[Case] = yaml.safe_load((SUITES / f"{suite}.yaml").read_text())
    return content


def cases(suite: str, wanted: Callable[[Case], bool] = lambda case: True) -> list[Any]:
    chosen = [case for case in content_of(suite) if wanted(case)]
    run.update((suite, case["name"]) for case in chosen)
    return [pytest.param(case, id=case["name"]) for case in chosen]


def version_of(case: Case) -> str | None:
    catalog = case.get("catalog")
    return case.get("protocolVersion") or (catalog.get("protocolVersion") if isinstance(catalog, dict) else None)


def catalogs_of(case: Case) -> list[Catalog]:
    version = version_of(case)
    documents = list(case.get("catalogs", []))
    inline = case.get("catalog")
    if isinstance(inline, dict):
        documents += (
            [inline.get("catalogSchema", inline)] if inline.get("catalogSchema") or "catalogId" in inline else []
        )
    found = [Catalog.from_json(document, version=document.get("protocolVersion") or version) for document in documents]
    for path in case.get("catalogPaths", []):
        folder_name, file = PUBLISHED[path]
        document = read(A2UI / folder_name / "catalog" / file)
        found.append(Catalog.from_json(document, catalog_id=document.get("catalogId") or path, version=version))
    return found


def is_named(problem: Problem, detail: Case) -> bool:
    """A detail names the innermost part of a path; components stand under their messages."""
    path = detail.get("path", problem.path)
    return (problem.path == path or problem.path.endswith(f".{path}")) and detail.get(
        "code", problem.code
    ) == problem.code


def assert_expected(problems: list[Problem], expected: Any) -> None:
    errors = [problem for problem in problems if problem.severity == "error"]
    if expected is None:
        assert errors == []
        return
    wanted = {"message": expected} if isinstance(expected, str) else expected
    assert errors, "no problem at all"
    if "message" in wanted:
        assert any(wanted["message"] in problem.message for problem in problems), problems
    for detail in wanted.get("details", []):
        assert any(is_named(problem, detail) for problem in errors), (detail, problems)


# --- all of them --------------------------------------------------------------------------------------------------


def claimed(language: str) -> list[tuple[str, str]]:
    return [(suite, name) for suite, names in CLAIMS[language].items() for name in names]


def test_each_case_of_each_suite_is_claimed_by_one_language() -> None:
    every = [(path.stem, case["name"]) for path in SUITES.glob("*.yaml") for case in content_of(path.stem)]
    assert Counter(itertools.chain(*map(claimed, CLAIMS))) == Counter(every)


def test_what_python_claims_is_run_here() -> None:
    assert set(claimed("python")) <= run


# --- catalogues ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", cases("catalog", lambda case: case["action"] == "from_json"))
def test_a_catalogue_is_read(case: Case) -> None:
    def read_it() -> Catalog:
        return Catalog.from_json(case["catalog"], catalog_id=case.get("catalogId"), version=case.get("protocolVersion"))

    if "expectError" in case:
        with pytest.raises(CatalogError, match=case["expectError"]["message"]):
            read_it()
    else:
        assert is_subset(case["expect"], read_it().to_json())


@pytest.mark.parametrize(
    "case", cases("catalog", lambda case: case["action"] == "from_json" and "$defs" in case["catalog"])
)
def test_a_catalogue_has_what_it_permits_and_nothing_else(case: Case) -> None:
    document = Catalog.from_json(case["catalog"]).to_json()
    for part in ("components", "functions"):
        assert set(document[part]) == set(case["expect"].get(part, case["catalog"].get(part, {})))


@pytest.mark.parametrize("case", cases("catalog", lambda case: case["action"] == "catalog_schema"))
def test_a_catalogue_is_written(case: Case) -> None:
    catalog = Catalog.from_json(
        case["catalog"], catalog_id=case["catalog"].get("catalogId", "unnamed"), version=case.get("protocolVersion")
    )
    assert is_subset(case["expect"], catalog.schema())
    assert "theme" in case["expect"].get("$defs", {}) or "theme" not in catalog.schema().get("$defs", {})


@pytest.mark.parametrize("case", cases("multi_catalog"))
def test_a_catalogue_is_chosen(case: Case) -> None:
    args, surface = case["args"], case["args"]["surface"]
    components = [*args.get("components", {}).values(), args.get("functionCall", {})]
    named = next((each["catalogId"] for each in reversed(components) if "catalogId" in each), None)

    def choose() -> str:
        return resolve(
            named,
            default=surface["defaultCatalogId"],
            supported=surface["supportedCatalogIds"],
            surface=surface["id"],
            version=case["catalog"]["protocolVersion"],
            versions={name: each["protocolVersion"] for name, each in args.get("catalogs", {}).items()},
        )

    if "expectError" in case:
        with pytest.raises(CatalogError) as raised:
            choose()
        assert str(raised.value) == case["expectError"]["message"]
    else:
        assert choose() == case["expectSelected"]


# --- validation ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", [*cases("validator"), *cases("composition_constraints")])
def test_messages_have_the_expected_problems(case: Case) -> None:
    for step in case["steps"]:
        messages = step["messages"] if "messages" in step else step["payload"]
        problems = validate(messages, version=version_of(case), catalogs=catalogs_of(case))
        assert_expected(problems, step.get("expectError", case.get("expectError")))


def is_strict(case: Case) -> bool:
    return "expectError" in case and bool(case.get("strictMode"))


@pytest.mark.parametrize("case", cases("message_processor", is_strict))
def test_a_strict_processor_would_refuse(case: Case) -> None:
    problems = validate(case["messages"], catalogs=catalogs_of(case), progressive=False)
    assert_expected(problems, case["expectError"])


# What a processor refuses without a catalogue's help; the rest of it is about state, which the engine has.
ENVELOPES = (
    "test_create_surface_duplicate_error",
    "test_create_surface_unknown_catalog_error",
    "test_update_components_unknown_surface_error",
    "test_update_data_model_unknown_surface_error",
    "test_update_components_missing_id_error",
    "test_update_components_create_without_type_error",
    "test_multiple_update_types_error",
)


@pytest.mark.parametrize("case", cases("message_processor", lambda case: case["name"] in ENVELOPES))
def test_a_processor_would_refuse(case: Case) -> None:
    from agui_widget.a2ui import Surfaces

    problems = validate(case["messages"], progressive=False, surfaces=Surfaces())
    assert any(case["expectError"]["message"] in problem.message for problem in problems), problems


@pytest.mark.parametrize("case", cases("message_processor", lambda case: "_rejects_" in case["name"]))
def test_an_update_of_another_version_is_none(case: Case) -> None:
    problems = validate(case["messages"], version=case["protocolVersion"])
    assert "contains no update type" in problems[-1].message


@pytest.mark.parametrize("case", cases("index_function", lambda case: "expectError" in case["steps"][0]))
def test_the_index_needs_a_template(case: Case) -> None:
    step = case["steps"][0]
    assert_expected(validate(step["payload"], progressive=False), step["expectError"])


# --- capabilities -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", cases("message_processor", lambda case: case["action"] == "get_renderer_capabilities"))
def test_a_renderer_says_what_it_can(case: Case) -> None:
    args = case["args"]
    said = renderer_capabilities(catalogs_of(case), version=args["version"], inline=args["includeInlineCatalogs"])
    assert is_subset(case["expect"], said)


@pytest.mark.parametrize(
    "path", sorted(Path(SUITES / "test_data").glob("*catalog_v0*.json")), ids=lambda path: path.name
)
def test_a_simplified_catalogue_is_read(path: Path) -> None:
    version = "0.8" if "v08" in path.name else "0.9"
    catalog = Catalog.from_json(read(path), version=version)
    assert {"Text", "Card", "List", "Row"} <= set(catalog.components)
