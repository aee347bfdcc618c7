"""What each event does to the conversation."""

from __future__ import annotations

import json
import tracemalloc
from typing import Any

import pytest

from agui_widget.protocol import Pipeline, replay
from agui_widget.protocol.messages import Text

from .protocol.corpora import folder, read_lines
from .protocol.say import a_run, call, event, finished, result, started, text


def messages(*events: dict[str, Any], given: Any = ()) -> list[dict[str, Any]]:
    verdict = replay(a_run(*events), messages=given, strict=True)
    assert verdict.outcome == "finished", verdict.detail
    return verdict.messages


def assistant(name: str, **fields: Any) -> dict[str, Any]:
    return {"id": name, "role": "assistant", **fields}


def tool_call(name: str, arguments: str = "", tool: str = "f", **fields: Any) -> dict[str, Any]:
    return {"id": name, "type": "function", "function": {"name": tool, "arguments": arguments}, **fields}


def tool(name: str, call_id: str, content: Any = "ok") -> dict[str, Any]:
    return {"id": name, "role": "tool", "toolCallId": call_id, "content": content}


ACTIVITY = event("ACTIVITY_SNAPSHOT", messageId="a", activityType="plan", content={"n": 1})


def activity(**fields: Any) -> dict[str, Any]:
    return {"id": "a", "role": "activity", "activityType": "plan", "content": {"n": 1}, **fields}


def delta(patch: list[Any], **fields: Any) -> dict[str, Any]:
    return event("ACTIVITY_DELTA", messageId="a", activityType="plan", patch=patch, **fields)


# --- text ----------------------------------------------------------------------------------------------


def test_a_result_that_comes_twice_is_kept_twice_and_told() -> None:
    result = event("TOOL_CALL_RESULT", messageId="r", toolCallId="c", content="ok")
    once, twice = replay(a_run(result)), replay(a_run(result, result))
    assert ([w["code"] for w in once.warnings], [w["code"] for w in twice.warnings]) == ([], ["repeated-result"])
    assert len(twice.messages) == 2


def test_fragments_make_a_message() -> None:
    assert messages(*text("m", "Hello", ", ", "", "world", role="user", name="n", subagentRunId="s")) == [
        {"id": "m", "role": "user", "name": "n", "subagentRunId": "s", "content": "Hello, world"}
    ]


def test_a_message_without_text_is_an_empty_message() -> None:
    assert messages(*text("m")) == [assistant("m", content="")]


def test_a_closed_message_may_be_continued() -> None:
    assert messages(*text("m", "one "), *text("m", "two")) == [assistant("m", content="one two")]


def test_a_message_keeps_its_role_when_it_is_continued() -> None:
    given = [{"id": "m", "role": "user", "content": "hi"}]
    assert messages(*text("m", "!", role="assistant"), given=given) == [{"id": "m", "role": "user", "content": "hi!"}]


def test_text_never_overwrites_an_activity() -> None:
    verdict = replay(a_run(ACTIVITY, *text("a", "x")), strict=True)
    assert verdict.messages == [activity()]
    assert [w["code"] for w in verdict.warnings] == ["id-is-an-activity"] * 3


def test_metadata_is_merged_key_by_key_and_the_last_write_wins() -> None:
    start, content, end = text("m", "x")
    merged = messages(
        {**start, "metadata": {"a": [1], "b": 1}}, {**content, "metadata": {"a": [2]}}, {**end, "metadata": {"c": None}}
    )
    assert merged[0]["metadata"] == {"a": [2], "b": 1, "c": None}


@pytest.mark.parametrize("pieces", [["e", "\u0301"], ["👨", "\u200d", "👩"], ["\ud83d", "\ude00"], ["\ud83d\ude00"]])
def test_characters_cut_in_two_are_put_together_again(pieces: list[str]) -> None:
    content = messages(*text("m", *pieces))[0]["content"]
    assert content.encode("utf-8") and content == "".join(pieces).encode("utf-16", "surrogatepass").decode("utf-16")


def test_reasoning_is_a_message_and_its_span_is_not() -> None:
    thought = [event(f"REASONING_MESSAGE_{part}", messageId="m", **fields) for part, fields in (("START", {"role": "reasoning"}), ("CONTENT", {"delta": "hm"}), ("END", {}))]  # fmt: skip
    span = [event("REASONING_START", messageId="m"), *thought, event("REASONING_END", messageId="m")]
    assert messages(*span) == [{"id": "m", "role": "reasoning", "content": "hm"}]


def test_encrypted_values_land_on_messages_and_calls_and_nowhere_else() -> None:
    def value(subtype: str, name: str) -> dict[str, Any]:
        return event("REASONING_ENCRYPTED_VALUE", subtype=subtype, entityId=name, encryptedValue="e")

    held = messages(*text("m"), *call("c"), ACTIVITY, value("message", "m"), value("tool-call", "c"), value("message", "a"), value("message", "?"))  # fmt: skip
    assert held[0]["encryptedValue"] == held[1]["toolCalls"][0]["encryptedValue"] == "e"
    assert held[2] == activity()


def test_half_a_character_that_never_becomes_whole_is_replaced_with_a_warning() -> None:
    verdict = replay(
        a_run(*text("m", "a\ud83d", "b", "\ude00c"), event("CUSTOM", name="\ud800", value=["\udc00", {"\ud800": 1}]))
    )
    assert verdict.messages[0]["content"] == "a\ufffdb\ufffdc"
    assert [w["path"] for w in verdict.warnings] == ["/delta", "/delta", "/name", "/value/0", "/value/1"]
    assert json.dumps(verdict.delivered, ensure_ascii=False).encode()


# --- tool calls ----------------------------------------------------------------------------------------


def test_a_call_hangs_on_its_parent_message() -> None:
    assert messages(*text("m", "Looking."), *call("c", '{"q"', ":1}", parentMessageId="m")) == [
        assistant("m", content="Looking.", toolCalls=[tool_call("c", '{"q":1}')])
    ]


@pytest.mark.parametrize(
    ("parent", "name"), [({}, "c"), ({"parentMessageId": ""}, "c"), ({"parentMessageId": "p"}, "p")]
)
def test_a_call_without_a_message_gets_one(parent: dict[str, str], name: str) -> None:
    assert messages(*call("c", **parent)) == [assistant(name, toolCalls=[tool_call("c")])]


def test_a_call_on_a_message_that_is_not_the_assistants_gets_its_own() -> None:
    user = {"id": "u", "role": "user", "content": "hi"}
    verdict = replay(a_run(*call("c", parentMessageId="u")), messages=[user], strict=True)
    assert verdict.messages == [user, assistant("c", toolCalls=[tool_call("c")])]
    assert [w["code"] for w in verdict.warnings] == ["parent-is-no-assistant"]


def test_text_may_come_to_a_message_that_a_call_made() -> None:
    assert messages(*call("c", parentMessageId="m"), *text("m", "x")) == [
        assistant("m", toolCalls=[tool_call("c")], content="x")
    ]


def test_a_replayed_call_keeps_its_arguments_and_takes_the_new_name() -> None:
    given = [assistant("m", toolCalls=[tool_call("c", "{}")])]
    verdict = replay(a_run(*call("c", tool="g")), messages=given, strict=True)
    assert verdict.messages == [assistant("m", toolCalls=[tool_call("c", "{}", "g")])]
    assert [w["code"] for w in verdict.warnings] == ["tool-renamed"]


def test_a_calls_metadata_is_the_calls_and_not_its_messages() -> None:
    start, end = call("c", parentMessageId="m")
    held = messages(*text("m"), {**start, "metadata": {"a": 1}}, {**end, "metadata": {"b": 2}})
    assert held == [assistant("m", content="", toolCalls=[tool_call("c", metadata={"a": 1, "b": 2})])]


def test_results_stand_behind_their_call_in_the_order_they_came() -> None:
    calls = [*call("c", parentMessageId="m"), *call("d", parentMessageId="m")]
    held = messages(*calls, *text("answer", "x"), result("d"), result("c"))
    assert [m["id"] for m in held] == ["m", "result-d", "result-c", "answer"]


def test_a_result_of_an_unknown_call_stands_at_the_end() -> None:
    assert [m["id"] for m in messages(result("?"), *text("m"))] == ["result-?", "m"]


def test_two_messages_may_share_an_id() -> None:
    held = messages(*call("x"), result("x", messageId="x"), *text("x", "text goes to the first"))
    assert [(m["role"], m["id"]) for m in held] == [("assistant", "x"), ("tool", "x")]
    assert held[0]["content"] == "text goes to the first"


def test_a_result_may_be_made_of_parts() -> None:
    parts = [{"type": "text", "text": "x"}, {"type": "document", "source": {"type": "file", "value": "f"}}]
    assert messages(result("c", parts))[0]["content"] == parts


# --- state ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [None, 0, "", False, [], {}, ["x"]])
def test_a_snapshot_replaces_the_state_whatever_it_is(state: Any) -> None:
    assert replay(a_run(event("STATE_SNAPSHOT", snapshot=state)), state={"old": 1}).state == state


def test_a_delta_changes_the_state_and_not_the_given_one() -> None:
    given = {"list": [1]}
    patch = [{"op": "add", "path": "/list/-", "value": 2}]
    assert replay(a_run(event("STATE_DELTA", delta=patch)), state=given).state == {"list": [1, 2]}
    assert given == {"list": [1]}


def test_absent_state_is_an_empty_object() -> None:
    patch = [{"op": "add", "path": "/a", "value": 1}]
    assert replay(a_run(event("STATE_DELTA", delta=patch))).state == {"a": 1}


def test_a_delta_that_does_not_apply_leaves_the_state_visibly_out_of_step() -> None:
    pipeline = Pipeline(state={"a": 1}, strict=True)
    pipeline.feed(started())
    bad = [{"op": "replace", "path": "/a", "value": 2}, {"op": "remove", "path": "/b"}]
    pipeline.feed(event("STATE_DELTA", delta=bad))
    assert (pipeline.state, pipeline.state_in_step) == ({"a": 1}, False)
    assert "Failed to apply state patch" in pipeline.warnings[0]["message"]
    pipeline.feed(event("STATE_SNAPSHOT", snapshot={}))
    assert pipeline.state_in_step


# --- activities ----------------------------------------------------------------------------------------


def test_an_activity_is_replaced_patched_and_retyped() -> None:
    patch = [{"op": "add", "path": "/m", "value": 2}]
    assert messages(ACTIVITY, {**delta(patch), "activityType": "search"}) == [
        activity(activityType="search", content={"n": 1, "m": 2})
    ]
    again = {**ACTIVITY, "content": {"x": 1}, "metadata": {"k": 1}}
    assert messages({**ACTIVITY, "metadata": {"j": 1}}, again) == [
        activity(content={"x": 1}, metadata={"j": 1, "k": 1})
    ]


def test_an_activity_that_must_not_replace_leaves_the_content_alone() -> None:
    again = {**ACTIVITY, "content": {"x": 1}, "replace": False, "metadata": {"k": 1}}
    assert messages(ACTIVITY, again) == [activity(metadata={"k": 1})]
    assert messages(*text("a", "kept"), again) == [assistant("a", content="kept")]


def test_an_activity_takes_the_place_of_another_message_with_its_id() -> None:
    assert messages(*text("a", "x"), *text("b"), ACTIVITY) == [activity(), assistant("b", content="")]


def test_the_owner_of_an_activity_is_who_replaced_it_last() -> None:
    assert messages({**ACTIVITY, "subagentRunId": "s"}, ACTIVITY) == [activity()]


@pytest.mark.parametrize("patch", [[{"op": "remove", "path": "/x"}], [{"op": "test", "path": "/n", "value": True}]])
def test_an_activity_patch_that_does_not_apply_keeps_the_content_but_merges_metadata(patch: list[Any]) -> None:
    verdict = replay(a_run(ACTIVITY, delta(patch, metadata={"k": 1})), strict=True)
    assert verdict.messages == [activity(metadata={"k": 1})]
    assert [w["code"] for w in verdict.warnings] == ["activity-out-of-step"]


def test_a_patch_for_an_activity_that_is_not_there_is_nothing() -> None:
    assert replay(a_run(delta([])), strict=True).warnings == []


# --- snapshots of messages -----------------------------------------------------------------------------


def snapshot(*held: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return event("MESSAGES_SNAPSHOT", messages=list(held), **fields)


def test_a_snapshot_replaces_in_place_drops_what_it_leaves_out_and_appends_what_is_new() -> None:
    given = [assistant("a", content="1"), assistant("b", content="2"), assistant("c", content="3")]
    new = snapshot(assistant("new"), assistant("c", content="three"), assistant("a", content="one"))
    assert [(m["id"], m.get("content")) for m in messages(new, given=given)] == [
        ("a", "one"),
        ("c", "three"),
        ("new", None),
    ]


def test_reasoning_and_activities_survive_a_snapshot_that_has_none() -> None:
    thought = {"id": "r", "role": "reasoning", "content": "hm"}
    given = [thought, activity(), assistant("m")]
    assert messages(snapshot(), given=given) == [thought, activity()]
    other = {**thought, "id": "r2"}
    assert messages(snapshot(other, activity(id="b")), given=given) == [other, activity(id="b")]


@pytest.mark.parametrize(
    ("declared", "is_kept"),
    [
        ({"authoritativeActivityTypes": None}, False),
        ({"authoritativeActivityTypes": ["plan"]}, False),
        ({"authoritativeActivityTypes": ["search"]}, True),
        ({"authoritativeActivityTypes": [1]}, True),
        ({}, True),
        (7, True),
    ],
)
def test_a_snapshot_may_say_which_activities_it_speaks_for(declared: Any, is_kept: bool) -> None:
    assert messages(snapshot(metadata={"@ag-ui/client": declared}), given=[activity()]) == (
        [activity()] if is_kept else []
    )


# Deviation from the reference client (G.3, number 3), which appends results with new ids behind the answer:
# the screen is then out of order, and the next turn is refused by the provider.


def test_a_result_with_a_new_id_takes_the_place_of_the_streamed_one() -> None:
    owner = assistant("m", toolCalls=[tool_call("c")])
    new = snapshot(owner, tool("other", "c", "new"), assistant("answer", content="x"))
    held = messages(*call("c", parentMessageId="m"), result("c"), *text("answer", "x"), new)
    assert held == [owner, tool("other", "c", "new"), assistant("answer", content="x")]


def test_a_call_and_a_result_that_share_an_id_stay_two_messages() -> None:
    owner = assistant("x", toolCalls=[tool_call("x")])
    assert messages(*call("x"), result("x", messageId="x"), snapshot(owner, tool("x", "x"))) == [owner, tool("x", "x")]


def test_the_captured_langgraph_run_keeps_results_before_the_answer() -> None:
    held = replay(read_lines(folder("agui/captures") / "langgraph_tool.jsonl")).messages
    roles = [m["role"] for m in held]
    assert roles.index("tool") < max(i for i, role in enumerate(roles) if role == "assistant")


def test_text_streams_on_into_a_message_that_a_snapshot_brought() -> None:
    assert messages(snapshot(assistant("m", content="one ")), *text("m", "two")) == [assistant("m", content="one two")]


def test_an_echoed_input_adds_the_messages_that_are_not_there() -> None:
    echo = {"threadId": "t", "runId": "r", "messages": [assistant("a", content="echo"), assistant("b", content="new")]}
    verdict = replay([started(input=echo), finished()], messages=[assistant("a", content="held")], strict=True)
    assert [m["content"] for m in verdict.messages] == ["held", "new"]


# --- pending calls, usage, subagents -------------------------------------------------------------------


def test_calls_without_a_result_are_pending() -> None:
    verdict = replay(a_run(*call("c"), *call("d"), *call("e"), result("d")), strict=True)
    assert verdict.pending_tool_call_ids == ["c", "e"]


def test_the_producers_list_of_pending_calls_is_believed() -> None:
    success = {"type": "success", "pendingToolCallIds": ["d"]}
    assert replay([started(), *call("c"), *call("d"), finished(outcome=success)]).pending_tool_call_ids == ["d"]


def test_calls_of_an_earlier_run_are_not_pending() -> None:
    events = [started(), *call("c"), finished(), started("r2"), finished("r2")]
    assert replay(events, strict=True).pending_tool_call_ids == []


def test_a_call_that_waits_for_a_human_is_not_the_applications() -> None:
    outcome = {"type": "interrupt", "interrupts": [{"id": "i", "reason": "tool_call", "toolCallId": "c"}]}
    assert replay([started(), *call("c"), *call("d"), finished(outcome=outcome)]).pending_tool_call_ids == ["d"]


def test_usage_and_subagents_are_kept() -> None:
    pipeline = Pipeline()
    for item in [
        started(),
        event("SUBAGENT_STARTED", subagentRunId="s", name="helper", parentToolCallId="c"),
        event("SUBAGENT_FINISHED", subagentRunId="s", outcome={"type": "suspended"}),
        event("SUBAGENT_STARTED", subagentRunId="t", name="other"),
        event("SUBAGENT_ERROR", subagentRunId="t", message="no"),
        finished(usage=[{"inputTokens": 3}]),
    ]:
        pipeline.feed(item)
    assert pipeline.usage == [{"inputTokens": 3}]
    assert [(s["name"], s["status"]) for s in pipeline.subagents.values()] == [
        ("helper", "suspended"),
        ("other", "error"),
    ]


# --- cost ----------------------------------------------------------------------------------------------


def test_reading_a_growing_text_gives_all_of_it() -> None:
    grown, expected = Text("x"), "x"
    for number in range(1000):
        grown.append(str(number))
        expected += str(number)
        assert number % 97 or str(grown) == expected
    assert str(grown) == str(grown) == expected


@pytest.mark.slow
def test_a_token_costs_the_same_in_a_long_conversation() -> None:
    """Whoever goes through 5,000 messages for each token is ended by the time limit; `benches` prints the cost."""
    pipeline = Pipeline(messages=[{"id": f"h{n}", "role": "user", "content": "x" * 100} for n in range(5_000)])
    pipeline.feed(started())
    begin, content = text("m", "token ")[:2]
    pipeline.feed(begin)
    for _ in range(40_000):
        pipeline.feed(content)
    assert pipeline.messages[-1]["content"] == "token " * 40_000


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_a_long_message_takes_little_more_memory_than_its_text() -> None:
    tokens, token = 200_000, "abcde"
    pipeline = Pipeline()
    for item in (started(), text("m")[0]):
        pipeline.feed(item)
    tracemalloc.start()
    try:
        for number in range(tokens):
            pipeline.feed(event("TEXT_MESSAGE_CONTENT", messageId="m", delta=token[: number % 5] + "!"))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 3 * len(pipeline.messages[0]["content"])
