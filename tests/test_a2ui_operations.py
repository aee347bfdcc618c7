"""A2UI in what agents send: tool results, activities, and the arguments of `render_a2ui` while they are written."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agui_widget import a2ui
from agui_widget.a2ui.partial import PartialJson

OPERATIONS = a2ui.surface(a2ui.Card("Hello"), surface_id="s")
FLAT = [
    {"type": "create_surface", "surfaceId": "s", "catalogId": "basic"},
    {"type": "update_components", "surface_id": "s", "components": []},
    {"type": "update_data_model", "surfaceId": "s", "path": "/a", "data": 1},
    {"type": "delete_surface", "surfaceId": "s"},
]
TODAY = [
    {"version": "v0.9", "createSurface": {"surfaceId": "s", "catalogId": "basic"}},
    {"version": "v0.9", "updateComponents": {"surfaceId": "s", "components": []}},
    {"version": "v0.9", "updateDataModel": {"surfaceId": "s", "path": "/a", "value": 1}},
    {"version": "v0.9", "deleteSurface": {"surfaceId": "s"}},
]

FORMS = {
    "envelope": {"a2ui_operations": OPERATIONS},
    "array": OPERATIONS,
    "JSON": json.dumps({"a2ui_operations": OPERATIONS}),
    "JSON of an array": f"\n  {json.dumps(OPERATIONS)}",
    "JSON encoded twice": json.dumps(json.dumps({"a2ui_operations": OPERATIONS})),
    "operations encoded inside": {"a2ui_operations": json.dumps(OPERATIONS)},
    "text parts": [{"type": "text", "text": "Here it is:"}, {"type": "text", "text": json.dumps(OPERATIONS)}],
    "a resource": [
        {"type": "resource", "resource": {"mimeType": "application/a2ui+json", "text": json.dumps(OPERATIONS)}}
    ],
}


@pytest.mark.parametrize("value", FORMS.values(), ids=FORMS)
def test_operations_are_found_in_every_form(value: Any) -> None:
    received = a2ui.operations_of(value)
    assert received is not None
    assert (received.operations, received.status) == (OPERATIONS, "painted")


def test_the_old_flat_form_is_read_as_today_s() -> None:
    received = a2ui.operations_of(FLAT)
    assert received is not None
    assert received.operations == TODAY


NOT_A2UI = [
    None, 3, "", "Sunny, 21 degrees", "[1, 2]", "{", "[", [], {}, [1], {"status": "failed"}, {"status": "rendered"},
    {"type": "text", "text": "x"}, {"value": 1}, [{"createSurface": 1}], [*OPERATIONS, 5], "[" * 100_000,
    {"deleteSurface": {"surfaceId": "s"}, "rows": 3},
]  # fmt: skip


@pytest.mark.parametrize("value", NOT_A2UI, ids=lambda value: repr(value)[:30])
def test_anything_else_is_no_a2ui(value: Any) -> None:
    assert a2ui.operations_of(value) is None


def test_an_exhausted_recovery_is_a_failure() -> None:
    received = a2ui.operations_of('{"code": "a2ui_recovery_exhausted", "error": "no root", "attempts": 3}')
    assert received == a2ui.Received(status="failed", detail={"error": "no root", "attempts": 3})


@pytest.mark.parametrize("status", ["building", "retrying", "failed"])
def test_an_activity_says_how_far_it_is(status: str) -> None:
    received = a2ui.activity_content({"status": status, "attempt": 2, "maxAttempts": 3})
    assert received is not None
    assert (received.status, received.operations, received.detail) == (status, [], {"attempt": 2, "maxAttempts": 3})


def test_an_activity_that_is_painted_has_operations() -> None:
    received = a2ui.activity_content({"a2ui_operations": OPERATIONS, "debugExposure": "hidden"})
    assert received == a2ui.Received(OPERATIONS, detail={"debugExposure": "hidden"})


def test_a_snapshot_that_goes_on_adds_its_tail() -> None:
    assert a2ui.added(OPERATIONS[:1], OPERATIONS) == OPERATIONS[1:]
    assert a2ui.added(OPERATIONS, OPERATIONS) == []
    assert a2ui.added([{"other": 1}], OPERATIONS) is None
    assert a2ui.added(OPERATIONS, OPERATIONS[:1]) is None


# --- JSON that is still being written -------------------------------------------------------------------------

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)


def cut(text: str, places: list[int]) -> list[str]:
    edges = [0, *sorted(place % (len(text) + 1) for place in places), len(text)]
    return [text[start:end] for start, end in zip(edges, edges[1:], strict=False)]


def wanted_values(value: Any, where: tuple[Any, ...] = ()) -> list[tuple[Any, Any]]:
    """Every value with its place, those within first: the order in which they end."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = [each for key, child in inner for each in wanted_values(child, (*where, key))]
    return [*found, (where, value)]


@given(
    st.dictionaries(st.text(max_size=5), VALUES, max_size=4), st.booleans(), st.lists(st.integers(0, 999), max_size=9)
)
def test_every_value_is_given_once_however_the_text_is_cut(value: Any, is_ascii: bool, places: list[int]) -> None:
    text = json.dumps(value, ensure_ascii=is_ascii, indent=None if is_ascii else 1)
    for pieces in ([text], list(text), cut(text, places)):
        reader = PartialJson(lambda where: True)
        found = [each for piece in pieces for each in reader.feed(piece)]
        assert found == wanted_values(value)
        assert reader.is_complete and not reader.is_broken


@given(st.text())
def test_no_text_makes_it_raise(text: str) -> None:
    for character in text + '{"a":[1,"\\u00' + text:
        list(PartialJson(lambda where: True).feed(character))
    reader = PartialJson(lambda where: True)
    list(reader.feed('{"a": ' + text))
    list(reader.feed(text))


@pytest.mark.parametrize(
    "text", ["x", "{x", '{"a" 1', '{"a": 1 2', "[1 2]", '{"a": "\\q"}', "[" * 500, "{} x", "[tru]"]
)
def test_what_is_not_json_breaks_it(text: str) -> None:
    reader = PartialJson(lambda where: True)
    list(reader.feed(text))
    assert reader.is_broken
    assert list(reader.feed('"x"')) == []


def test_reading_takes_time_in_proportion() -> None:
    """Whoever reads all of it again for each character is ended by the time limit."""
    text = json.dumps({"rows": [{"title": "x" * 20, "n": 1}] * 8_000})
    reader = PartialJson(lambda where: where == ("rows",) or len(where) == 2)
    found = [where for character in text for where, _ in reader.feed(character)]
    assert len(found) == 8_001


# --- render_a2ui ----------------------------------------------------------------------------------------------

COMPONENTS: list[Any] = [
    {"id": "root", "component": "List", "children": {"componentId": "row", "path": "/rows"}},
    {"id": "row", "component": "Text", "text": {"path": "title"}},
]
ROWS = [{"title": "a"}, {"title": "b"}]
ARGUMENTS: dict[str, Any] = {"surfaceId": "s", "components": COMPONENTS, "data": {"rows": ROWS, "note": "n"}}
CREATED = {
    "version": "v0.9",
    "createSurface": {"surfaceId": "s", "catalogId": "https://a2ui.org/specification/v0_9/basic_catalog.json"},
}
FILLED = {"version": "v0.9", "updateComponents": {"surfaceId": "s", "components": COMPONENTS}}


def data_of(value: Any, path: str | None = None) -> dict[str, Any]:
    return {
        "version": "v0.9",
        "updateDataModel": {"surfaceId": "s", **({"path": path} if path else {}), "value": value},
    }


STREAMED = [CREATED, FILLED, data_of(ROWS[0], "/rows/0"), data_of(ROWS[1], "/rows/1"), data_of(ARGUMENTS["data"])]


def rendered(pieces: Any, **options: Any) -> list[Any]:
    reader = a2ui.RenderArguments(**options)
    return [operation for piece in pieces for operation in reader.feed(piece)] + reader.finish()


def test_components_come_at_once_and_rows_one_by_one() -> None:
    reader = a2ui.RenderArguments()
    steps = [
        ('{"surfaceId": "s", "components": ' + json.dumps(COMPONENTS)[:-1], []),
        ("]", STREAMED[:2]),
        (', "data": {"rows": [{"title": "a"', []),
        ("}", STREAMED[2:3]),
        (', {"title": "b"}], "note": "n"', STREAMED[3:4]),
        ("}", STREAMED[4:]),
        ("}", []),
    ]
    for delta, expected in steps:
        assert reader.feed(delta) == expected
    assert a2ui.validate(STREAMED, progressive=False) == reader.problems == []


@given(st.lists(st.integers(0, 9999), max_size=8), st.permutations(list(ARGUMENTS)))
def test_how_the_arguments_are_cut_changes_nothing(places: list[int], order: list[str]) -> None:
    text = json.dumps({key: ARGUMENTS[key] for key in order})
    whole = rendered([text])
    assert rendered(cut(text, places)) == rendered(list(text)) == whole
    assert whole[:2] == STREAMED[:2] and whole[-1] == STREAMED[-1]


CATALOGUES = [
    ({}, {}, CREATED["createSurface"]["catalogId"]),
    ({"catalogId": "urn:x"}, {}, "urn:x"),
    ({"catalogId": "basic"}, {}, CREATED["createSurface"]["catalogId"]),
    ({"catalogId": "urn:x"}, {"catalog_id": "urn:mine"}, "urn:mine"),
]


@pytest.mark.parametrize(("named", "options", "expected"), CATALOGUES)
def test_the_catalogue_is_the_given_the_named_or_the_basic_one(named: Any, options: Any, expected: str) -> None:
    operations = rendered([json.dumps({"surfaceId": "s", **named, "components": COMPONENTS})], **options)
    assert operations[0]["createSurface"]["catalogId"] == expected


def test_arguments_without_a_surface_have_the_spare_one() -> None:
    operations = rendered([json.dumps({"components": COMPONENTS})], surface_id="call-1")
    assert operations[0]["createSurface"]["surfaceId"] == "call-1"


def test_components_written_as_text_are_read() -> None:
    assert rendered([json.dumps({"surfaceId": "s", "components": json.dumps(COMPONENTS)})]) == STREAMED[:2]


def test_arguments_that_break_off_show_what_came() -> None:
    reader = a2ui.RenderArguments()
    assert reader.feed('{"components": ' + json.dumps(COMPONENTS) + ', "surf') == []
    assert [list(operation)[1] for operation in reader.finish()] == ["createSurface", "updateComponents"]


def test_bad_components_are_shown_as_far_as_they_can_be_and_said() -> None:
    reader = a2ui.RenderArguments()
    bad = [*COMPONENTS, {"id": "x"}, {"id": "row2", "component": "Text"}]
    operations = reader.feed(json.dumps({"surfaceId": "s", "components": bad}))
    assert operations[1]["updateComponents"]["components"] == [*COMPONENTS, bad[-1]]
    assert {"missing_field", "unreachable_component"} == {problem.code for problem in reader.problems}


@pytest.mark.parametrize("components", [[], {}, None, "x", [3], [{"id": "root"}]])
def test_without_a_component_nothing_is_shown(components: Any) -> None:
    reader = a2ui.RenderArguments()
    assert reader.feed(json.dumps({"surfaceId": "s", "components": components})) == []
    assert reader.problems and not reader.is_made


@given(st.dictionaries(st.sampled_from(["surfaceId", "components", "data", "catalogId", "x"]), VALUES))
def test_no_arguments_make_it_raise(arguments: Any) -> None:
    rendered([json.dumps(arguments)])


# --- what agents are told -------------------------------------------------------------------------------------

ACTION = {
    "name": "submit",
    "surfaceId": "s",
    "sourceComponentId": "send",
    "context": {"name": "Zoë", "n": 1},
    "timestamp": "2026-11-20T09:00:00Z",
}
IN_WORDS = 'User performed action "submit" on surface "s" (component: send). Context: {"name":"Zoë","n":1}'


@pytest.mark.parametrize(
    "message",
    [ACTION, {"userAction": ACTION}, {"version": "v0.9", "action": ACTION}, {"version": "1.0", "action": ACTION}],
)
def test_an_action_of_any_version_is_forwarded_in_one_spelling(message: Any) -> None:
    assert a2ui.forwarded_props(message) == {"a2uiAction": {"userAction": ACTION}}
    assert a2ui.action_text(message) == IN_WORDS


def test_an_action_of_little_is_told_all_the_same() -> None:
    assert a2ui.action_text({}) == 'User performed action "unknown_action" on surface "unknown_surface". Context: {}'


def test_an_agent_without_the_middleware_reads_an_exchange() -> None:
    ids = iter(["call", "m1", "m2"])
    asked, answered = a2ui.exchange({"version": "v0.9", "action": ACTION}, lambda: next(ids))
    (call,) = asked["toolCalls"]
    assert (asked["role"], call["function"]["name"]) == ("assistant", "log_a2ui_event")
    assert json.loads(call["function"]["arguments"]) == ACTION
    assert answered == {"id": "m2", "role": "tool", "toolCallId": "call", "content": IN_WORDS}


@pytest.mark.parametrize("version", ["v0.8", "v0.9", "v0.10", "v1.0"])
def test_the_context_names_every_component_with_its_schema(version: str) -> None:
    entry = a2ui.catalog_context(version)
    value = json.loads(entry["value"])
    assert entry["description"].startswith("A2UI Component Schema — available components for generating UI surfaces.")
    assert len(value["components"]) == 18
    assert value["components"]["Text"]["required"] == ["text"]


def test_the_context_names_the_components_of_other_catalogues_too() -> None:
    gauge = {"type": "object", "properties": {"component": {"const": "Gauge"}, "value": {"type": "number"}}}
    catalog = a2ui.Catalog.from_json({"catalogId": "urn:acme", "components": {"Gauge": gauge}})
    value = json.loads(a2ui.catalog_context(catalogs=[catalog])["value"])
    assert value["catalogId"] == "urn:acme"
    assert value["components"]["Gauge"] == gauge
