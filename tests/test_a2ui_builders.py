"""Interfaces written in Python: always right, the same every time, and clear about what is wrong."""

from __future__ import annotations

import inspect
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agui_widget import a2ui
from agui_widget.a2ui import builders, table
from agui_widget.errors import ComponentError


def form() -> a2ui.Element:
    return a2ui.Card(
        a2ui.Column(
            a2ui.Text("Who are you?"),
            a2ui.TextField("Name", value=a2ui.path("/name"), checks=[a2ui.check("required", "Say your name")]),
            a2ui.Button("Send", action="submit", context={"name": a2ui.path("/name")}),
        )
    )


def components_of(root: Any, **options: Any) -> list[dict[str, Any]]:
    components: list[dict[str, Any]] = a2ui.surface(root, **options)[1]["updateComponents"]["components"]
    return components


def test_a_form_is_three_messages() -> None:
    made, filled, data = a2ui.surface(form(), data={"name": "Ada"}, surface_id="s")
    assert made["createSurface"] == {"surfaceId": "s", "catalogId": table.basic_id("0.9")}
    assert data == {"version": "v0.9", "updateDataModel": {"surfaceId": "s", "value": {"name": "Ada"}}}
    assert filled["updateComponents"]["components"] == [
        {"id": "root", "component": "Card", "child": "column_1"},
        {"id": "column_1", "component": "Column", "children": ["text_1", "textField_1", "button_1"]},
        {"id": "text_1", "component": "Text", "text": "Who are you?"},
        {
            "id": "textField_1",
            "component": "TextField",
            "label": "Name",
            "value": {"path": "/name"},
            "checks": [
                {"condition": {"call": "required", "args": {"value": {"path": "/name"}}}, "message": "Say your name"}
            ],
        },
        {
            "id": "button_1",
            "component": "Button",
            "child": "text_2",
            "action": {"event": {"name": "submit", "context": {"name": {"path": "/name"}}}},
        },
        {"id": "text_2", "component": "Text", "text": "Send"},
    ]


def test_the_same_calls_give_the_same_messages() -> None:
    assert a2ui.surface(form()) == a2ui.surface(form())
    assert a2ui.surface(form()) != a2ui.surface(form(), data={"name": "Ada"})


@pytest.mark.parametrize("version", ["v0.9", "v0.9.1", "v0.10", "v1.0", "1.0"])
def test_a_form_is_right_in_every_version(version: Any) -> None:
    messages = a2ui.surface(form(), data={}, version=version)
    assert a2ui.validate(messages, version=version, progressive=False) == []


def test_the_final_version_is_spelled_with_at() -> None:
    field = components_of(form(), version="1.0")[3]
    assert field["value"] == {"@path": "/name"}
    assert field["@checks"][0]["condition"] == {"@call": "required", "args": {"value": {"@path": "/name"}}}


def test_an_each_repeats_one_template() -> None:
    root, row, title = components_of(a2ui.List(a2ui.each("/rows", a2ui.Card(a2ui.path("title")))))
    assert root["children"] == {"componentId": "card_1", "path": "/rows"}
    assert (row["child"], title["text"]) == ("text_1", {"path": "title"})


def test_a_function_of_the_page_is_an_action_too() -> None:
    root = components_of(a2ui.Button("Docs", action=a2ui.call("openUrl", url="https://example.com")))[0]
    assert root["action"] == {"functionCall": {"call": "openUrl", "args": {"url": "https://example.com"}}}


def test_options_are_names_labels_with_values_or_pairs() -> None:
    forms: list[Any] = [["a"], {"a": "a"}, [("a", "a")]]
    assert {str(components_of(a2ui.ChoicePicker(each))[0]["options"]) for each in forms} == {
        "[{'label': 'a', 'value': 'a'}]"
    }


def test_ids_of_one_s_own_are_kept_and_never_taken() -> None:
    children = components_of(a2ui.Row("x", a2ui.Text("y", id="text_1")))[0]["children"]
    assert children == ["text_2", "text_1"]


def test_an_element_used_twice_is_one_component() -> None:
    line = a2ui.Divider()
    assert components_of(a2ui.Column(line, "x", line))[0]["children"] == ["divider_1", "text_1", "divider_1"]


def test_components_of_another_catalogue_are_checked_by_it() -> None:
    gauge = {"type": "object", "properties": {"component": {"const": "Gauge"}, "value": {"type": "number"}}}
    catalog = a2ui.Catalog.from_json({"catalogId": "urn:acme", "components": {"Gauge": gauge}})
    messages = a2ui.surface(a2ui.Custom("Gauge", value=3), catalogs=[catalog])
    assert messages[0]["createSurface"]["catalogId"] == "urn:acme"
    with pytest.raises(ComponentError, match="'high' is not of type 'number'"):
        a2ui.surface(a2ui.Custom("Gauge", value="high"), catalogs=[catalog])


WRONG: list[tuple[Any, str]] = [
    (lambda: a2ui.Text("x", variant="huge"), r"Text: variant: 'huge' is not one of \['h1', 'h2'"),
    (lambda: a2ui.Text(5), "Text: text: 5 is not of type 'string', nor a {path} or {call}"),
    (lambda: a2ui.Card(5), "Card: child: 5 is not a component"),
    (lambda: a2ui.Column(a2ui.each("/x", "y"), "z"), "Column: children: an each stands alone"),
    (lambda: a2ui.Icon("sned"), "Icon: name: 'sned' is not one of"),
    (lambda: a2ui.Slider("x", max=3), "Slider: value: 'x' is not of type 'number'"),
    (lambda: a2ui.Slider(1, max=3, steps=0), "Slider: steps: 0 is less than the minimum of 1"),
    (lambda: a2ui.CheckBox("x", value="yes"), "CheckBox: value: 'yes' is not of type 'boolean'"),
    (lambda: a2ui.DateTimeInput("", min="soon"), "DateTimeInput: min: 'soon' is not a 'date-or-time'"),
    (lambda: a2ui.Tabs({}), "Tabs: tabs: .* fewer than 1 items"),
    (lambda: a2ui.Tabs(["x"]), "Tabs: tabs: 'x' is not a pair"),
    (lambda: a2ui.Button("x", action=3), "Button: action: 3 is not the name of an action"),
    (lambda: a2ui.Button("x", action=a2ui.call("required", value=1), context={"a": 1}), "Button: context goes to"),
    (lambda: a2ui.call("length", value="x"), r"length: args: one of \['min', 'max'\] is a required property"),
    (lambda: a2ui.call("email", value="x", to="y"), "email: args.to: .*'to' was unexpected"),
    (lambda: a2ui.check("requird", "x"), "check: 'requird' is not one of"),
    (lambda: a2ui.TextField("x", checks=["required"]), "checks: 'required' is not a check"),
    (lambda: a2ui.path(3), "path: 3 is not a str"),
    (lambda: a2ui.surface(a2ui.Text("x", id="other")), "outermost component's id is 'root', not 'other'"),
    (lambda: a2ui.surface(a2ui.Row(a2ui.Text("x", id="a"), a2ui.Text("y", id="a"))), "two components have the id 'a'"),
    (lambda: a2ui.surface("x", version="v0.8"), "version: 'v0.8' is not one of"),
    (lambda: a2ui.surface(a2ui.TextField("x", placeholder="y")), "root.placeholder: .*'placeholder' was unexpected"),
    (lambda: a2ui.surface(a2ui.Text("x", variant="h1"), version="v1.0"), r"'h1' is not one of \['caption', 'body'\]"),
    (lambda: a2ui.surface(a2ui.Custom("Gauge")), "root.component: 'Gauge' is not one of"),
    (lambda: a2ui.surface("x", theme={"primaryColor": "red"}), "theme.primaryColor: .*'red' does not match"),
]


@pytest.mark.parametrize(("wrong", "message"), WRONG, ids=[each[1][:40] for each in WRONG])
def test_a_wrong_argument_is_named_with_what_is_allowed(wrong: Any, message: str) -> None:
    with pytest.raises(ComponentError, match=message.replace("(", r"\(").replace("{", r"\{")):
        wrong()


@pytest.mark.parametrize("name", table.components("0.9"))
def test_every_component_has_a_function_with_its_properties_and_a_docstring(name: str) -> None:
    build = getattr(a2ui, name)
    known = {**table.components("0.9")[name], **table.components("0.10")[name]}
    parameters = {_camel(parameter) for parameter in inspect.signature(build).parameters}
    assert inspect.getdoc(build)
    assert parameters - {"id", "context", "svgPath"} == set(known) | {"weight", "accessibility"}


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


TEXTS = st.text(max_size=8) | st.builds(a2ui.path, st.just("/t")) | st.builds(a2ui.format, st.just("${/t}"))
LEAVES = st.one_of(
    st.builds(a2ui.Text, TEXTS),
    st.builds(a2ui.Image, TEXTS, description=st.none() | TEXTS),
    st.builds(a2ui.Icon, st.sampled_from(sorted(table.icons("1.0")))),
    st.builds(a2ui.Divider, axis=st.sampled_from([None, "vertical"])),
    st.builds(a2ui.TextField, TEXTS, value=st.none() | TEXTS),
    st.builds(a2ui.CheckBox, TEXTS, value=st.booleans()),
    st.builds(a2ui.Slider, st.floats(0, 9), max=st.integers(10, 20), label=st.none() | TEXTS),
    st.builds(a2ui.ChoicePicker, st.lists(st.text(max_size=4), max_size=3)),
    st.builds(a2ui.DateTimeInput, st.just("2026-11-20"), enable_date=st.booleans()),
)
ELEMENTS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(a2ui.Card, inner),
        st.lists(inner, max_size=3).map(lambda children: a2ui.Column(*children)),
        st.lists(inner, max_size=3).map(lambda children: a2ui.Row(*children, align="center")),
        inner.map(lambda template: a2ui.List(a2ui.each("/rows", template))),
        st.builds(a2ui.Modal, inner, inner),
        st.dictionaries(st.text(max_size=3), inner, min_size=1, max_size=2).map(a2ui.Tabs),
        st.builds(a2ui.Button, inner, action=st.text(max_size=4)),
    ),
    max_leaves=15,
)


@given(ELEMENTS, st.sampled_from(["v0.9", "v0.9.1", "v0.10", "v1.0", "1.0"]))
def test_what_can_be_built_is_right(root: Any, version: Any) -> None:
    assert a2ui.validate(a2ui.surface(root, version=version), version=version, progressive=False) == []


def test_functions_named_like_components_are_all_exported() -> None:
    assert set(table.components("0.9")) <= set(a2ui.__all__) & set(dir(builders))
