"""What an agent's interface reads like where no widget runs."""

from __future__ import annotations

from typing import Any

import pytest

from agui_widget import Driver, a2ui
from agui_widget.transcript.surfaces import MAX_LINES, Line, lines

FORM = a2ui.Card(
    a2ui.Column(
        a2ui.Text("Who are *you*?"),
        a2ui.TextField("Name", value=a2ui.path("/name")),
        a2ui.TextField("Password", value=a2ui.path("/password"), variant="obscured"),
        a2ui.CheckBox("I agree", value=a2ui.path("/agreed")),
        a2ui.ChoicePicker(["red", "green"], value=a2ui.path("/colours"), label="Colours"),
        a2ui.List(a2ui.each("/rows", a2ui.Text(a2ui.format("${title} of ${/name}")))),
        a2ui.Button("Send", action="submit"),
    )
)
DATA = {
    "name": "Ada",
    "password": "secret",
    "agreed": True,
    "colours": ["red"],
    "rows": [{"title": "A"}, {"title": "B"}],
}

TITLE = {"id": "t", "component": {"Text": {"text": {"path": "/title"}}}}
DOTTED = {"path": "rows[0].name"}


def shown(operations: list[dict[str, Any]], **more: Any) -> list[str]:
    return [
        f"{each.label}: {each.text}" if each.kind == "field" else each.text
        for each in lines({"operations": operations, **more})
    ]


def test_an_interface_reads_from_the_top_down() -> None:
    assert shown(a2ui.surface(FORM, data=DATA)) == [
        "Who are *you*?",
        "Name: Ada",
        "Password: ••••••••",
        "I agree: yes",
        "Colours: red",
        "A of Ada",
        "B of Ada",
        "Send",
    ]


def test_what_was_entered_is_in_it_unless_the_agent_has_said_otherwise_since() -> None:
    messages = a2ui.surface(FORM, data=DATA, surface_id="s")
    edits = [{"path": "/name", "value": "Grace", "base": "Ada"}, {"path": "/colours", "value": [], "base": ["green"]}]
    read = shown(messages, edits={"s": edits})
    assert read[1] == "Name: Grace" and read[4] == "Colours: red" and read[5] == "A of Grace"


def test_the_first_version_reads_the_same() -> None:
    text = {"id": "t", "component": {"Text": {"text": {"path": "/title"}, "usageHint": "h2"}}}
    column = {"id": "c", "component": {"Column": {"children": {"explicitList": ["t"]}}}}
    operations = [
        {"surfaceUpdate": {"surfaceId": "s", "components": [column, text]}},
        {"dataModelUpdate": {"surfaceId": "s", "contents": [{"key": "title", "valueString": "Hello"}]}},
        {"beginRendering": {"surfaceId": "s", "root": "c"}},
    ]
    assert lines({"operations": operations}) == [Line("heading", "Hello")]


def entry(key: str, *of: dict[str, Any], **value: Any) -> dict[str, Any]:
    return {"key": key, **(value or {"valueMap": list(of)})}


def test_in_a_row_of_the_first_version_every_path_is_relative() -> None:
    template = {"componentId": "t", "dataBinding": "/people"}
    names = ["/name", "name", "./name", "/item/name"]
    texts = [{"id": f"t{i}", "component": {"Text": {"text": {"path": path}}}} for i, path in enumerate(names)]
    components = [
        {"id": "r", "component": {"List": {"children": {"template": template}}}},
        {"id": "t", "component": {"Column": {"children": {"explicitList": [each["id"] for each in texts]}}}},
        *texts,
    ]
    people = entry("people", entry("ada", entry("name", valueString="Ada")))
    operations = [
        {"beginRendering": {"surfaceId": "s", "root": "r"}},
        {"surfaceUpdate": {"surfaceId": "s", "components": components}},
        {"dataModelUpdate": {"surfaceId": "s", "contents": [people]}},
    ]
    assert shown(operations) == ["Ada"] * 4


@pytest.mark.parametrize(
    ("path", "contents", "title"),
    [
        ("/", [entry("title", valueString="new")], "new"),
        ("/", [entry("other", valueString="new")], ""),
        ("/title", [entry(".", valueString="new")], "new"),
        ("/", [entry("title", valueString='{"a": [1]}')], '{"a": [1]}'),
        ("/", [entry("title", valueString="[no")], "[no"),
    ],
)
def test_data_of_the_first_version_take_the_place_of_what_was_there(path: str, contents: Any, title: str) -> None:
    operations = [
        {"beginRendering": {"surfaceId": "s", "root": "t"}},
        {"surfaceUpdate": {"surfaceId": "s", "components": [TITLE]}},
        {"dataModelUpdate": {"surfaceId": "s", "contents": [entry("title", valueString="old")]}},
        {"dataModelUpdate": {"surfaceId": "s", "path": path, "contents": contents}},
    ]
    assert shown(operations) == [title]


def test_lists_of_the_first_version_are_in_texts_and_paths_may_have_dots() -> None:
    operations = [
        {"beginRendering": {"surfaceId": "s", "root": "t"}},
        {"surfaceUpdate": {"surfaceId": "s", "components": [{**TITLE, "component": {"Text": {"text": DOTTED}}}]}},
        {"dataModelUpdate": {"surfaceId": "s", "contents": [entry("rows", valueString='[{"name": "Ada"}]')]}},
    ]
    assert shown(operations) == ["Ada"]


def test_a_field_without_a_label_reads_by_its_component() -> None:
    inputs = a2ui.Column(a2ui.Slider(a2ui.path("/n"), max=9), a2ui.ChoicePicker(["red"], value=a2ui.path("/c")))
    assert shown(a2ui.surface(inputs, data={"n": 3})) == ["Slider: 3", "ChoicePicker: "]


def test_an_older_interface_reads_by_its_fields() -> None:
    fields = [{"type": "text", "name": "goal", "label": "Your goal"}]
    spec = {"schema": "a2ui.v1", "component": "form", "props": {"title": "Plan", "fields": fields}}
    edits = {"spec1": [{"path": "/values/goal", "value": "rest", "base": ""}]}
    assert shown([], spec=spec, edits=edits) == ["Plan", "Your goal: rest"]


@pytest.mark.parametrize(
    "components",
    [
        [{"id": "root", "component": "Column", "children": ["root", "root"]}],
        [
            {"id": "root", "component": "Column", "children": ["a"] * 5_000},
            {"id": "a", "component": "Text", "text": "x"},
        ],
        [{"id": "root", "component": ["List"], "children": 7}, 7, {"id": {}}],
        [{"id": "root", "component": "ChoicePicker", "options": [{"value": {}, "label": {}}], "value": {"path": 3}}],
    ],
)
def test_hostile_components_end_soon_and_raise_nothing(components: list[Any]) -> None:
    operations = [{"version": "v0.9", "updateComponents": {"surfaceId": "s", "components": components}}]
    assert len(lines({"operations": operations})) <= MAX_LINES


def spoken(words: str) -> Driver:
    def agent() -> Any:
        inputs = [a2ui.TextField(words, value=a2ui.path("/a")), a2ui.CheckBox(words, value=True)]
        yield a2ui.surface(
            a2ui.Column(a2ui.Text(words, variant="h1"), *inputs, a2ui.Button(words, action="x")), data={"a": words}
        )

    driver = Driver(agent)
    driver.ask_sync("hi")
    return driver


def test_every_form_of_the_transcript_has_it() -> None:
    driver = spoken("Words <b> & *marks*")
    assert "<p>Words &lt;b&gt; &amp; *marks*: <b>Words &lt;b&gt; &amp; *marks*</b></p>" in driver.to_html()
    assert r"> Words \<b\> \& \*marks\*: **Words \<b\> \& \*marks\***" in driver.to_markdown()


def test_an_interface_that_failed_is_an_error() -> None:
    event = {"type": "ACTIVITY_SNAPSHOT", "messageId": "s", "activityType": "a2ui-surface"}
    driver = Driver(lambda: event | {"content": {"status": "failed", "error": "gave up"}})
    driver.ask_sync("hi")
    assert "The interface could not be made." in driver.to_html() and "gave up" in driver.to_html()
