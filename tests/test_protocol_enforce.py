"""Unknown material goes with a warning and its path; a malformed known value ends the run."""

from __future__ import annotations

import re
from typing import Any

import pytest

from agui_widget.errors import ProtocolViolation
from agui_widget.protocol import EVENT_TYPES, Pipeline, replay, to_event
from agui_widget.protocol import events as schema
from agui_widget.protocol.outgoing import outgoing_input
from agui_widget.protocol.walk import problem

from .protocol.corpora import folder, read
from .protocol.say import a_run, event, finished, kinds, started, text

SNAKE = re.compile(r"(?<!^)(?=[A-Z])")
DEFINITIONS = {
    "Context": schema.CONTEXT,
    "Interrupt": schema.INTERRUPT,
    "Tool": schema.TOOL,
    "ToolCall": schema.TOOL_CALL,
    "TokenUsage": schema.TOKEN_USAGE,
    "ResumeEntry": schema.RESUME_ENTRY,
    "RunAgentInput": schema.RUN_INPUT,
    **{f"{role.capitalize()}Message": shape for role, shape in schema.MESSAGE.members.items()},
}
# Where our judge differs from the reference's on purpose: none. What differs is what happens before it
# is asked: an unknown word of a closed list is stripped (the specification) instead of fatal.
DELIBERATE_DIFFERENCES: dict[str, str] = {}


def shape_of(fixture: str) -> Any:
    name = fixture.split("/")[0]
    if name.endswith("Event"):
        return schema.EVENTS[SNAKE.sub("_", name.removesuffix("Event")).upper()]
    return DEFINITIONS[name]


def test_every_file_of_the_schema_corpus_gets_the_reference_verdict() -> None:
    corpus = folder("agui/schema-draft-2026-08")
    verdicts = read(corpus / "verdicts-1.0.0.json")
    ours = {}
    for row in verdicts:
        value = read(corpus / "spec/draft/fixtures" / row["fixture"])
        ours[row["fixture"]] = problem(shape_of(row["fixture"]), value, "")
    different = {
        row["fixture"]: ours[row["fixture"]]
        for row in verdicts
        if (ours[row["fixture"]] is None) != row["ts_1_0_0"] and row["fixture"] not in DELIBERATE_DIFFERENCES
    }
    assert len(verdicts) == 179 and not different


def test_there_are_31_event_types() -> None:
    assert len(EVENT_TYPES) == 31


def test_an_unknown_event_is_dropped_even_before_the_run() -> None:
    result = replay([event("FUTURE"), *a_run(event("FUTURE", x=1))], strict=True)
    assert (result.outcome, kinds(result.delivered)) == ("finished", ["RUN_STARTED", "RUN_FINISHED"])
    assert [warning["code"] for warning in result.warnings] == ["unknown-event"] * 2


def test_an_unknown_property_is_stripped_and_its_path_is_named() -> None:
    result = replay(a_run(*text("m", "hi", future=1)), strict=True)
    assert "future" not in result.delivered[1]
    assert [(w["path"], w["event"]) for w in result.warnings] == [("/future", 2)]


@pytest.mark.parametrize("name", ["toString", "constructor", "__proto__", "hasOwnProperty"])
def test_a_property_named_like_an_objects_own_is_unknown_too(name: str) -> None:
    result = replay(a_run(event("RAW", event=1, **{name: 1})), strict=True)
    assert [w["path"] for w in result.warnings] == [f"/{name}"]


STRIPPED: list[tuple[str, dict[str, Any], str]] = [
    ("an unknown outcome", finished(outcome={"type": "future", "x": [1]}), "/outcome"),
    (
        "a part of an unknown type",
        event("TOOL_CALL_RESULT", messageId="m", toolCallId="c", content=[{"type": "hologram"}]),
        "/content/0",
    ),
    (
        "a part whose source is of an unknown type, whole, whatever else is in it",
        event(
            "TOOL_CALL_RESULT",
            messageId="m",
            toolCallId="c",
            content=[{"type": "image", "id": 5, "future": 1, "source": {"type": "telepathy"}}],
        ),
        "/content/0",
    ),
    (
        "a message of an unknown role",
        event("MESSAGES_SNAPSHOT", messages=[{"id": "m", "role": "narrator"}]),
        "/messages/0",
    ),
    ("an operation of an unknown kind", event("STATE_DELTA", delta=[{"op": "merge", "path": "/a"}]), "/delta/0"),
    (
        "an unknown role of a text message",
        event("TEXT_MESSAGE_CHUNK", messageId="m", role="narrator", delta="x"),
        "/role",
    ),
]


@pytest.mark.parametrize(("_", "item", "path"), STRIPPED, ids=[row[0] for row in STRIPPED])
def test_what_a_newer_peer_may_say_is_stripped(_: str, item: dict[str, Any], path: str) -> None:
    result = replay([started(), item, *([] if item["type"] == "RUN_FINISHED" else [finished()])], strict=True)
    assert result.outcome == "finished"
    assert [warning["path"] for warning in result.warnings] == [path]


def test_an_event_that_means_nothing_without_an_unknown_word_is_dropped() -> None:
    encrypted = event("REASONING_ENCRYPTED_VALUE", subtype="span", entityId="m", encryptedValue="e")
    result = replay(a_run(encrypted), strict=True)
    assert kinds(result.delivered) == ["RUN_STARTED", "RUN_FINISHED"] and result.warnings


MALFORMED: list[dict[str, Any]] = [
    event("TEXT_MESSAGE_CONTENT", messageId="m", delta=5),
    event("TEXT_MESSAGE_CONTENT", messageId="m"),
    event("TEXT_MESSAGE_START", messageId="m", role=None),
    event("TEXT_MESSAGE_START", messageId="m", metadata=None),
    event("TEXT_MESSAGE_START", messageId="m", metadata=[]),
    event("TEXT_MESSAGE_START", messageId="m", subagentRunId=None),
    event("TEXT_MESSAGE_START", messageId="m", timestamp=1.5),
    event("TEXT_MESSAGE_START", messageId="m", timestamp=2**53),
    event("TEXT_MESSAGE_START", messageId="m", timestamp=True),
    event("REASONING_MESSAGE_START", messageId="m", role="assistant"),
    event("REASONING_MESSAGE_START", messageId="m"),
    event("TOOL_CALL_RESULT", messageId="m", toolCallId="c", content="", role="user"),
    event("TOOL_CALL_RESULT", messageId="m", toolCallId="c", content=None),
    event("STATE_SNAPSHOT"),
    event("STATE_DELTA", delta=[{"op": "add", "path": "a", "value": 1}]),
    event("STATE_DELTA", delta=[{"op": "add", "path": "/~2", "value": 1}]),
    event("STATE_DELTA", delta=[{"op": "add", "path": "/a"}]),
    event("STATE_DELTA", delta=["add"]),
    event("CUSTOM", name="x"),
    event("ACTIVITY_SNAPSHOT", messageId="a", activityType="t", content=[]),
    event("MESSAGES_SNAPSHOT", messages=[{"id": "m", "role": "user"}]),
    event("MESSAGES_SNAPSHOT", messages=[5]),
    finished(outcome=[]),
    finished(outcome={"type": "interrupt", "interrupts": []}),
    finished(usage=[{"inputTokens": -1}]),
    finished(usage=[{"inputTokens": 1.5}]),
    event("SUBAGENT_STARTED", subagentRunId="s"),
]


@pytest.mark.parametrize("item", MALFORMED, ids=repr)
def test_a_malformed_known_value_ends_the_run_in_strict_mode(item: dict[str, Any]) -> None:
    result = replay([started(), item, finished()], strict=True)
    assert (result.outcome, result.detail["rule"], result.detail["event"]) == ("rejected", "malformed", 2)
    assert result.detail["message"].startswith(f"Malformed {item['type']} at /")


@pytest.mark.parametrize(
    "item", [None, 5, [], "[1]", "{", b"\xff", '{"type": 1}', {}, {"type": ""}, {"type": None}, {1: 2}]
)
def test_what_is_no_event_ends_the_run(item: Any) -> None:
    assert replay([started(), item, finished()]).outcome == "rejected"


def test_a_whole_number_written_as_a_float_is_a_whole_number() -> None:
    assert replay(a_run(event("RAW", event=1, timestamp=5.0)), strict=True).outcome == "finished"


def test_extra_members_of_a_patch_operation_are_kept_without_a_word() -> None:
    operation = {"op": "remove", "path": "/a", "value": "left over"}
    result = replay(a_run(event("STATE_DELTA", delta=[operation])), state={"a": 1}, strict=True)
    assert (result.delivered[1]["delta"], result.warnings) == ([operation], [])


@pytest.mark.parametrize(
    ("declared", "words"),
    [
        ("1.0", None),
        ("0.9", None),
        ("1.1", "speaks protocol 1.1"),
        ("10.0", "speaks"),
        ("1", "cannot interpret"),
        ("x", "cannot"),
    ],
)
def test_a_newer_or_unreadable_protocol_version_is_noted(declared: str, words: str | None) -> None:
    result = replay([started(protocolVersion=declared), finished()], strict=True)
    assert result.outcome == "finished"
    assert ([words in w["message"] for w in result.warnings] == [True]) if words else not result.warnings


# --- lenient: what producers get wrong --------------------------------------------------------------


def codes(*events: Any) -> list[str]:
    result = replay(events)
    assert result.outcome == "finished", result.detail
    return [warning["code"] for warning in result.warnings]


def test_snake_case_names_are_read_at_any_depth() -> None:
    interrupt = {"id": "i", "reason": "confirmation", "tool_call_id": "c"}
    events: list[Any] = [
        {"type": "RUN_STARTED", "thread_id": "t", "run_id": "r"},
        {
            "type": "RUN_FINISHED",
            "thread_id": "t",
            "run_id": "r",
            "outcome": {"type": "interrupt", "interrupts": [interrupt]},
        },
    ]
    result = replay(events)
    assert result.pending_interrupts == [{"id": "i", "reason": "confirmation", "toolCallId": "c"}]
    assert [w["path"] for w in result.warnings] == [
        "/thread_id",
        "/run_id",
        "/thread_id",
        "/run_id",
        "/outcome/interrupts/0/tool_call_id",
    ]
    assert replay(events, strict=True).outcome == "rejected"


def test_snake_case_inside_data_is_data() -> None:
    state = {"user_name": {"thread_id": 1}}
    assert replay(a_run(event("STATE_SNAPSHOT", snapshot=state))).state == state


def test_a_null_for_an_optional_field_counts_as_absent() -> None:
    assert codes(started(), *text("m", "x", name=None, role=None), finished()) == ["null", "null"]


def test_a_null_for_a_required_field_stays_fatal() -> None:
    assert replay(a_run(event("TEXT_MESSAGE_END", messageId=None))).outcome == "rejected"


def test_a_fractional_timestamp_is_rounded() -> None:
    pipeline = Pipeline()
    assert pipeline.feed(started(timestamp=12.7))[0]["timestamp"] == 13
    assert [w["code"] for w in pipeline.warnings] == ["timestamp"]


@pytest.mark.parametrize("role", [{}, {"role": "assistant"}])
def test_reasoning_without_its_role_is_reasoning(role: dict[str, Any]) -> None:
    opened = event("REASONING_MESSAGE_START", messageId="m", **role)
    assert codes(started(), opened, event("REASONING_MESSAGE_END", messageId="m"), finished()) == ["reasoning-role"]


# --- the boundary: retired spellings ------------------------------------------------------------------


def test_thinking_becomes_reasoning_with_ids_of_its_own() -> None:
    thinking = [
        event("THINKING_START", title="Plan"),
        event("THINKING_TEXT_MESSAGE_START"),
        event("THINKING_TEXT_MESSAGE_CONTENT", delta="hm"),
        event("THINKING_TEXT_MESSAGE_END"),
        event("THINKING_END"),
    ]
    names = iter("ab")
    pipeline = Pipeline(strict=True, new_id=lambda: next(names))
    for item in a_run(*thinking):
        delivered = pipeline.feed(item)
        if delivered[0]["type"] == "REASONING_START":
            assert delivered[0] == event("REASONING_START", messageId="a", metadata={"title": "Plan"})
    assert pipeline.messages == [{"id": "b", "role": "reasoning", "content": "hm"}]
    assert len(pipeline.warnings) == 6  # one for each, and one for the title


def test_thinking_in_two_runs_gives_two_messages() -> None:
    def run(name: str) -> list[Any]:
        thinking = [
            event("THINKING_TEXT_MESSAGE_START"),
            event("THINKING_TEXT_MESSAGE_CONTENT", delta=name),
            event("THINKING_TEXT_MESSAGE_END"),
        ]
        return [started(name), *thinking, finished(name)]

    assert [m["content"] for m in replay([*run("r1"), *run("r2")]).messages] == ["r1", "r2"]


def test_thinking_that_nothing_opened_is_refused() -> None:
    assert replay(a_run(event("THINKING_TEXT_MESSAGE_CONTENT", delta="x"))).detail["rule"] == "not-open"


TOLERATED: list[list[Any]] = [
    [started(), event("RAW", event=1, rawEvent=None), finished(result=None, outcome=None)],
    [started(), event("TOOL_CALL_START", toolCallId="c", toolCallName="f", parentMessageId=None), event("TOOL_CALL_END", toolCallId="c"), finished()],
    [started(), event("SUBAGENT_STARTED", subagentRunId="s", name="n"), event("SUBAGENT_FINISHED", subagentRunId="s", result=None), finished()],
    [started(input={"threadId": "t", "runId": "r", "messages": [], "state": None, "forwardedProps": None, "tools": [{"name": "n", "description": "", "parameters": None}]}), finished()],
]  # fmt: skip


@pytest.mark.parametrize("events", TOLERATED)
def test_the_nulls_of_older_peers_are_tolerated_even_in_strict_mode(events: list[Any]) -> None:
    result = replay(events, strict=True)
    assert result.outcome == "finished", result.detail
    assert {w["code"] for w in result.warnings} == {"converted"}


def binary(**fields: Any) -> dict[str, Any]:
    return {"type": "binary", **fields}


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        (
            binary(mimeType="image/png", url="u", filename="a.png"),
            {"type": "image", "source": {"type": "url", "value": "u", "mimeType": "image/png"}, "metadata": {"filename": "a.png"}},
        ),
        (
            binary(mimeType="application/pdf", data="ZGF0YQ=="),
            {"type": "document", "source": {"type": "data", "value": "ZGF0YQ==", "mimeType": "application/pdf"}},
        ),
    ],
)  # fmt: skip
def test_a_binary_part_becomes_a_media_part(part: Any, expected: Any) -> None:
    snapshot = event("MESSAGES_SNAPSHOT", messages=[{"id": "u", "role": "user", "content": [part]}])
    assert replay(a_run(snapshot), strict=True).messages[0]["content"] == [expected]


def test_a_binary_part_that_repeats_a_modern_one_is_left_out() -> None:
    modern = {"type": "image", "source": {"type": "url", "value": "u", "mimeType": "image/png"}}
    content = [binary(mimeType="image/png", url="u"), modern]
    snapshot = event("MESSAGES_SNAPSHOT", messages=[{"id": "u", "role": "user", "content": content}])
    assert replay(a_run(snapshot), strict=True).messages[0]["content"] == [modern]


def test_a_binary_part_that_is_only_an_id_is_lost_with_a_warning() -> None:
    content = [binary(mimeType="image/png", id="x")]
    snapshot = event("MESSAGES_SNAPSHOT", messages=[{"id": "u", "role": "user", "content": content}])
    result = replay(a_run(snapshot), strict=True)
    assert result.messages[0]["content"] == []
    assert [w["code"] for w in result.warnings] == ["converted", "binary-by-id", "stripped"]


def test_a_peer_from_before_subagents_has_none() -> None:
    pipeline = Pipeline(strict=True, peer="0.0.57")
    delivered = []
    for item in a_run(event("SUBAGENT_STARTED", subagentRunId="s", name="n"), *text("m", "x", subagentRunId="s")):
        delivered += pipeline.feed(item)
    assert "SUBAGENT_STARTED" not in kinds(delivered) and "subagentRunId" not in pipeline.messages[0]
    assert "dropping SUBAGENT_STARTED" in pipeline.warnings[0]["message"]


# --- the way out ----------------------------------------------------------------------------------------

PARTS = [
    {"type": "text", "text": "What is "},
    {"type": "image", "source": {"type": "url", "value": "u"}},
    {"type": "text", "text": "this?"},
]
INPUT = {"threadId": "t", "runId": "r", "messages": [{"id": "u", "role": "user", "content": PARTS}]}


def test_what_old_servers_insist_on_is_always_sent() -> None:
    sent, warnings = outgoing_input(INPUT)
    assert (sent["tools"], sent["context"], sent["state"], sent["forwardedProps"]) == ([], [], {}, {})
    assert (sent["protocolVersion"], sent["messages"], warnings) == ("1.0", INPUT["messages"], [])


def test_activity_messages_are_never_sent_back() -> None:
    activity = {"id": "a", "role": "activity", "activityType": "t", "content": {}}
    assert outgoing_input({**INPUT, "messages": [activity]})[0]["messages"] == []


def test_a_peer_of_0_0_39_gets_plain_text() -> None:
    sent, warnings = outgoing_input({**INPUT, "parentRunId": "p"}, peer="0.0.39")
    assert sent["messages"][0]["content"] == "What is this?"
    assert "parentRunId" not in sent and "protocolVersion" not in sent
    assert "DROPS non-text parts (image)" in warnings[0]["message"]


def test_a_malformed_input_does_not_leave() -> None:
    with pytest.raises(ProtocolViolation, match="/messages/0/id"):
        outgoing_input({**INPUT, "messages": [{"id": 5, "role": "user", "content": ""}]})


# --- events as producers hand them over -----------------------------------------------------------------


class Model:
    def __init__(self, **fields: Any) -> None:
        self.fields = fields

    def model_dump(self, *, by_alias: bool) -> dict[str, Any]:
        assert by_alias
        return self.fields


def test_json_text_bytes_dicts_and_models_are_events() -> None:
    expected = event("RAW", event={"a": None})
    for item in ('{"type": "RAW", "event": {"a": null}}', b'{"type": "RAW", "event": {"a": null}}', expected):
        assert to_event(item) == expected
    assert to_event(Model(**expected, source=None, timestamp=None)) == expected


def test_the_published_models_are_events() -> None:
    core = pytest.importorskip("ag_ui.core")
    model = core.TextMessageStartEvent(message_id="m", role="user")
    assert to_event(model) == event("TEXT_MESSAGE_START", messageId="m", role="user")
    assert type(to_event(model)["type"]) is str


def test_an_event_shares_nothing_with_its_producer() -> None:
    state: dict[str, Any] = {"list": []}
    pipeline = Pipeline()
    pipeline.feed(started())
    delivered = pipeline.feed(event("STATE_SNAPSHOT", snapshot=state))
    state["list"].append("later")
    delivered[0]["snapshot"]["list"].append("by a consumer")
    assert pipeline.state == {"list": []}


def test_a_number_that_json_cannot_express_becomes_null() -> None:
    result = replay(a_run(event("STATE_SNAPSHOT", snapshot={"x": [float("nan")]})))
    assert (result.state, result.warnings[0]["path"]) == ({"x": [None]}, "/snapshot/x/0")


def test_numpy_values_are_plain_values() -> None:
    class Array:
        def tolist(self) -> list[int]:
            return [1, 2]

    assert to_event(event("RAW", event=Array()))["event"] == [1, 2]


def test_what_is_nested_too_deeply_is_refused() -> None:
    deep: Any = 0
    for _ in range(10_000):
        deep = {"a": deep}
    assert replay(a_run(event("RAW", event=deep))).outcome == "rejected"
    assert replay([started(), '{"type": "RAW", "event": ' + "[" * 100_000]).outcome == "rejected"


@pytest.mark.parametrize("value", [object(), {1, 2}, b"bytes", 1j])
def test_what_json_cannot_say_is_refused(value: Any) -> None:
    with pytest.raises(ProtocolViolation, match="at /event"):
        to_event(event("RAW", event=value))
