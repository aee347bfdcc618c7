"""Which part of the a2ui lane shows what an agent sends of A2UI, and what of it travels."""

import json
import random
from typing import Any

import pytest

from agui_widget import a2ui
from agui_widget.envelope import stamp
from agui_widget.lanes import Snapshot, fold_all, rebuild

from .test_projection import Stage, text

MADE = {"version": "v0.9", "createSurface": {"surfaceId": "form", "catalogId": "basic"}}
ROOT = {
    "version": "v0.9",
    "updateComponents": {"surfaceId": "form", "components": [{"id": "root", "component": "Divider"}]},
}
ARGUMENTS = {
    "surfaceId": "form",
    "components": [
        {"id": "root", "component": "List", "children": {"componentId": "row", "path": "/rows"}},
        {"id": "row", "component": "Text", "text": {"path": "title"}},
    ],
    "data": {"rows": [{"title": 'ä"}]'}, {"title": "two"}], "done": True},
}


def data(value: Any, surface: str = "form") -> dict[str, Any]:
    return {"version": "v0.9", "updateDataModel": {"surfaceId": surface, "value": value}}


def activity(content: Any, message_id: str = "s1", **more: Any) -> dict[str, Any]:
    event = {"type": "ACTIVITY_SNAPSHOT", "messageId": message_id, "activityType": "a2ui-surface"}
    return {**event, "replace": True, "content": content, **more}


def painted(*operations: dict[str, Any], message_id: str = "s1") -> dict[str, Any]:
    return activity({"a2ui_operations": list(operations)}, message_id)


def start(call_id: str = "c1", name: str = "render_a2ui") -> dict[str, Any]:
    return {"type": "TOOL_CALL_START", "toolCallId": call_id, "toolCallName": name}


def args(delta: str, call_id: str = "c1") -> dict[str, Any]:
    return {"type": "TOOL_CALL_ARGS", "toolCallId": call_id, "delta": delta}


def end(call_id: str = "c1") -> dict[str, Any]:
    return {"type": "TOOL_CALL_END", "toolCallId": call_id}


def result(content: str, call_id: str = "c1", **more: Any) -> dict[str, Any]:
    return {"type": "TOOL_CALL_RESULT", "messageId": f"r-{call_id}", "toolCallId": call_id, "content": content, **more}


def called(arguments: Any, call_id: str = "c1") -> list[dict[str, Any]]:
    words = arguments if isinstance(arguments, str) else json.dumps(arguments)
    return [start(call_id), args(words, call_id), end(call_id)]


class Shown(Stage):
    """A stage that also keeps what travelled."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[dict[str, Any]] = []

    def show(self, drafts: list[dict[str, Any]]) -> None:
        self.sent += [each["payload"] for each in drafts if each["kind"] == "a2ui.render"]
        super().show(drafts)

    @property
    def surfaces(self) -> dict[str, Any]:
        """The values of all surfaces by key, top to bottom."""
        lanes = [message["lanes"].get("a2ui", {"parts": []}) for message in self.screen]
        return {part["key"]: part["value"] for lane in lanes for part in lane["parts"]}


@pytest.fixture
def stage() -> Shown:
    shown = Shown()
    shown.start()
    return shown


# -- activities --------------------------------------------------------------------------------------


def test_an_activity_is_a_surface_and_no_card(stage: Shown) -> None:
    stage.feed(painted(MADE, ROOT))
    assert stage.outline() == [["a2ui"]]
    assert stage.surfaces == {"s1": {"operations": [MADE, ROOT]}}


def test_of_a_snapshot_that_repeats_itself_only_the_difference_travels(stage: Shown) -> None:
    stage.feed(
        painted(MADE, ROOT), painted(MADE, ROOT), painted(MADE, ROOT, data(1)), painted(MADE, ROOT, data(1), data(2))
    )
    assert stage.sent == [
        {"part": "s1", "operations": [MADE, ROOT]},
        {"part": "s1", "operations": [data(1)]},
        {"part": "s1", "operations": [data(2)]},
    ]


def test_a_snapshot_that_is_another_begins_anew(stage: Shown) -> None:
    stage.feed(painted(MADE, ROOT, data(1)), painted(MADE, ROOT, data(2)), painted(MADE, ROOT, data(2), data(3)))
    assert stage.sent[1:] == [
        {"part": "s1", "reset": True, "operations": [MADE, ROOT, data(2)]},
        {"part": "s1", "operations": [data(3)]},
    ]
    assert stage.surfaces["s1"]["operations"] == [MADE, ROOT, data(2), data(3)]


def test_a_patch_of_the_activity_adds_operations(stage: Shown) -> None:
    patch = [{"op": "add", "path": "/a2ui_operations/-", "value": data(1)}]
    delta = {"type": "ACTIVITY_DELTA", "messageId": "s1", "activityType": "a2ui-surface", "patch": patch}
    stage.feed(painted(MADE, ROOT), delta)
    assert stage.sent[-1] == {"part": "s1", "operations": [data(1)]}


def test_how_far_it_is_shows_until_there_is_something_to_show(stage: Shown) -> None:
    retrying = {"status": "retrying", "attempt": 2, "errors": ["no root"]}
    stage.feed(activity({"status": "building", "progressTokens": 3}))
    assert stage.surfaces["s1"] == {"operations": [], "status": {"status": "building", "progressTokens": 3}}
    stage.feed(activity(retrying))
    assert stage.surfaces["s1"]["status"] == retrying
    stage.feed(painted(MADE, ROOT))
    assert stage.surfaces["s1"] == {"operations": [MADE, ROOT]}


def test_a_failure_stays(stage: Shown) -> None:
    stage.feed(activity({"status": "failed", "error": "gave up", "attempts": 3})).end()
    assert stage.surfaces["s1"]["status"] == {"status": "failed", "error": "gave up", "attempts": 3}


def test_what_is_still_being_made_when_the_run_ends_has_failed(stage: Shown) -> None:
    stage.feed(activity({"status": "building"})).end("aborted")
    assert stage.surfaces["s1"]["status"]["status"] == "failed"


def test_an_activity_that_holds_nothing_known_is_a_card_as_ever(stage: Shown) -> None:
    stage.feed(activity({"strange": 1}))
    assert stage.outline() == [["text"]]


def test_other_activities_are_cards_as_ever(stage: Shown) -> None:
    stage.feed({**painted(MADE), "activityType": "plan"})
    assert stage.outline() == [["text"]]


def test_text_after_a_surface_stands_below_it(stage: Shown) -> None:
    stage.feed(*text("m1", "before"), painted(MADE, ROOT), *text("m2", "after"))
    assert stage.outline() == [["text", "a2ui"], ["text"]]


def test_a_surface_of_a_subagent_stands_in_its_group(stage: Shown) -> None:
    stage.feed({"type": "SUBAGENT_STARTED", "subagentRunId": "sub", "name": "helper"})
    stage.feed({**painted(MADE, ROOT), "subagentRunId": "sub"})
    assert [("parent" in message, list(message["lanes"])[-1]) for message in stage.screen][-1] == (True, "a2ui")


def test_a_change_of_an_earlier_surface_goes_to_where_it_stands(stage: Shown) -> None:
    stage.feed(painted(MADE, ROOT)).end().start()
    stage.feed(painted(data(7), message_id="later"), painted(data(7), data(8), message_id="later"))
    assert stage.surfaces == {"s1": {"operations": [MADE, ROOT, data(7), data(8)]}}


def test_the_same_surface_made_again_is_a_new_one_below(stage: Shown) -> None:
    stage.feed(painted(MADE, ROOT)).end().start()
    stage.feed(painted(MADE, ROOT, data(7), message_id="later"))
    assert list(stage.surfaces) == ["s1", "later"]


def test_a_key_has_no_character_that_means_something(stage: Shown) -> None:
    stage.feed(painted(MADE, message_id='<a href="x">'), painted(MADE, message_id="<a href='x'>"))
    assert list(stage.surfaces) == ["_a_href__x__", "_a_href__x__-2"]


# -- render_a2ui -------------------------------------------------------------------------------------


def streamed(words: str, cuts: list[int]) -> Shown:
    shown = Shown()
    places = [0, *cuts, len(words)]
    shown.start().feed(start(), *(args(words[a:b]) for a, b in zip(places, places[1:], strict=False)), end()).end()
    return shown


def model_of(operations: list[dict[str, Any]]) -> Any:
    """The data that operations leave behind."""
    model: Any = {}
    for operation in operations:
        body = operation.get("updateDataModel")
        if body is not None and "path" not in body:
            model = body["value"]
    return model


def test_arguments_are_shown_however_they_are_cut() -> None:
    words = json.dumps(ARGUMENTS, ensure_ascii=False)
    whole = streamed(words, [])
    made, filled, *_ = whole.surfaces["c1"]["operations"]
    assert made["createSurface"]["surfaceId"] == "form"
    assert filled["updateComponents"]["components"] == ARGUMENTS["components"]
    dice = random.Random(5)
    cuts = [[at] for at in range(1, len(words))] + [list(range(1, len(words)))]
    cuts += [sorted(dice.sample(range(1, len(words)), 12)) for _ in range(40)]
    for cut in cuts:
        operations = streamed(words, cut).surfaces["c1"]["operations"]
        assert operations[:2] == [made, filled]
        assert model_of(operations) == ARGUMENTS["data"]


def test_the_components_show_before_the_data_is_there(stage: Shown) -> None:
    words = json.dumps(ARGUMENTS)
    cut = words.index('"data"')
    stage.feed(start(), args(words[:20]))
    assert stage.surfaces["c1"] == {"operations": [], "status": {"status": "building"}}
    stage.feed(args(words[20:cut]))
    assert [list(each)[1] for each in stage.surfaces["c1"]["operations"]] == ["createSurface", "updateComponents"]
    assert "status" not in stage.surfaces["c1"]


def test_the_call_keeps_its_row(stage: Shown) -> None:
    stage.feed(*called(ARGUMENTS), result('{"status":"rendered"}')).end()
    row = stage.lane("tools")["parts"][0]["value"]
    assert (row["name"], row["state"], row["result"]) == ("render_a2ui", "done", '{"status":"rendered"}')
    assert stage.outline() == [["tools", "a2ui"]]


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ('{"surfaceId": "s", components', "not JSON"),
        ('{"surfaceId": "s", "components": 7}', "nothing that can be shown"),
        ("{}", "nothing that can be shown"),
        ({"surfaceId": "s", "components": [{"id": "a", "component": "Divider"}]}, "nothing that can be shown"),
    ],
)
def test_arguments_that_cannot_be_shown_have_failed_visibly(stage: Shown, arguments: Any, why: str) -> None:
    stage.feed(*called(arguments))
    status = stage.surfaces["c1"]["status"]
    assert status["status"] == "failed" and why in status["error"]


def test_a_failure_names_its_problems(stage: Shown) -> None:
    stage.feed(*called({"surfaceId": "s", "components": [{"id": "a", "component": "Nothing"}]}))
    codes = {each["code"] for each in stage.surfaces["c1"]["status"]["errors"]}
    assert codes == {"invalid_value"}


def test_what_is_wrong_in_a_part_is_a_notice_and_the_rest_shows(stage: Shown) -> None:
    components = [{"id": "root", "component": "Text", "text": "hi", "colour": "red"}]
    stage.feed(*called({"surfaceId": "s", "components": components}))
    assert "status" not in stage.surfaces["c1"]
    assert stage.lane("status")["parts"][0]["value"]["code"] == "a2ui-invalid"


def test_a_call_that_is_cut_off_does_not_build_for_ever(stage: Shown) -> None:
    stage.feed(start(), args('{"surfaceId": "s", "comp')).end("truncated")
    assert stage.surfaces["c1"]["status"]["status"] == "failed"


def test_a_call_that_was_shown_and_is_then_cut_off_stays(stage: Shown) -> None:
    words = json.dumps(ARGUMENTS)
    stage.feed(start(), args(words[:-9])).end("aborted")
    assert "status" not in stage.surfaces["c1"]


# -- results -----------------------------------------------------------------------------------------


def test_a_result_with_operations_is_shown(stage: Shown) -> None:
    content = json.dumps(json.dumps({"a2ui_operations": [MADE, ROOT]}))
    stage.feed(start(name="make"), args("{}"), end(), result(content))
    assert stage.surfaces == {"c1": {"operations": [MADE, ROOT]}}
    assert stage.outline() == [["tools", "a2ui"]]


def test_a_result_that_is_none_of_this_shows_nothing(stage: Shown) -> None:
    stage.feed(start(name="make"), args("{}"), end(), result('{"rows": [1, 2]}'))
    assert stage.surfaces == {}


def test_a_surface_that_was_streamed_is_not_shown_again_by_a_result(stage: Shown) -> None:
    stage.feed(*called(ARGUMENTS, "inner"), start("outer", "make"), end("outer"))
    stage.feed(result(json.dumps({"a2ui_operations": [MADE, ROOT]}), "outer"))
    assert list(stage.surfaces) == ["inner"]


def test_a_repair_that_was_given_up_is_a_failure(stage: Shown) -> None:
    content = json.dumps({"code": "a2ui_recovery_exhausted", "error": "three times wrong", "attempts": 3})
    stage.feed(start(name="make"), end(), result(content))
    assert stage.surfaces["c1"]["status"] == {"status": "failed", "error": "three times wrong", "attempts": 3}


# -- with A2UI's middleware upstream ------------------------------------------------------------------


def test_what_comes_as_arguments_and_as_an_activity_is_shown_once(stage: Shown) -> None:
    operations = a2ui.RenderArguments().feed(json.dumps(ARGUMENTS))
    stage.feed(start(), activity({"status": "building"}, "a2ui-surface-c1"), *called(ARGUMENTS)[1:])
    stage.feed(
        painted(*operations[:2], message_id="a2ui-surface-c1"), painted(*operations, message_id="a2ui-surface-c1")
    )
    assert stage.surfaces == {"c1": {"operations": operations}}
    assert stage.projection.surfaces.is_activity("c1")


def test_an_activity_that_comes_after_the_arguments_takes_their_place(stage: Shown) -> None:
    operations = a2ui.RenderArguments().feed(json.dumps(ARGUMENTS))
    stage.feed(*called(ARGUMENTS), activity({"status": "building"}, "a2ui-surface-outer"))
    stage.feed(painted(*operations, message_id="a2ui-surface-outer"))
    assert [each["operations"] for each in stage.surfaces.values()] == [operations]


def test_what_a_call_streams_does_not_come_from_a_middleware(stage: Shown) -> None:
    stage.feed(*called(ARGUMENTS))
    assert not stage.projection.surfaces.is_activity("c1")


# -- the rest ----------------------------------------------------------------------------------------


def test_an_interface_of_before_a2ui_goes_to_the_page_as_it_is(stage: Shown) -> None:
    spec = {"schema": "a2ui.v1", "component": "card", "props": {"title": "T", "content": "C"}}
    stage.feed({"type": "CUSTOM", "name": "ui.render", "value": spec})
    assert list(stage.surfaces.values()) == [{"operations": [], "spec": spec}]


def test_a_snapshot_of_messages_brings_surfaces_and_hides_how_actions_are_told(stage: Shown) -> None:
    asked = {"id": "c1", "type": "function", "function": {"name": "render_a2ui", "arguments": json.dumps(ARGUMENTS)}}
    told = a2ui.exchange({"action": {"name": "submit", "surfaceId": "form"}}, iter(["call", "m3", "m4"]).__next__)
    messages = [{"id": "m1", "role": "assistant", "toolCalls": [asked]}, *told]
    stage.feed({"type": "MESSAGES_SNAPSHOT", "messages": messages})
    assert list(stage.surfaces) == ["c1"]
    assert [part["value"]["name"] for part in stage.lane("tools")["parts"]] == ["render_a2ui"]


def test_clearing_forgets_surfaces(stage: Shown) -> None:
    stage.feed(painted(MADE, ROOT)).end()
    stage.show(stage.projection.clear())
    stage.start().feed(painted(data(1), message_id="later"))
    assert stage.surfaces == {"later": {"operations": [data(1)]}}


def test_a_kept_conversation_goes_on_where_it_stood(stage: Shown) -> None:
    stage.feed(painted(MADE, ROOT), *called({**ARGUMENTS, "surfaceId": "other"})).end()
    kept, memory = json.loads(json.dumps(stage.snapshot.to_json())), stage.projection.memory()
    again = Shown()
    again.pipeline = stage.pipeline
    again.show(again.projection.restore(kept, **memory))
    again.start().feed(painted(MADE, ROOT, data(3)), painted(data(4, "other"), message_id="later"))
    assert again.surfaces["s1"]["operations"] == [MADE, ROOT, data(3)]
    assert again.surfaces["c1"]["operations"][-1] == data(4, "other")
    assert again.projection.surfaces.is_activity("s1")


def test_a_snapshot_with_surfaces_can_be_rebuilt(stage: Shown) -> None:
    stage.feed(painted(MADE, ROOT)).end()
    document = stage.snapshot.to_json()
    drafts = rebuild(document)
    fresh = fold_all(Snapshot("s"), [stamp(each, stream="s", seq=n, ts=0) for n, each in enumerate(drafts, 1)])
    assert fresh.to_json()["messages"] == document["messages"]
