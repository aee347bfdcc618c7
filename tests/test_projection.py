"""Which lane of which message each AG-UI event changes."""

from typing import Any

import pytest

from agui_widget.activities import OUTPUT_ACTIVITY
from agui_widget.content import MEDIA
from agui_widget.envelope import stamp
from agui_widget.lanes import Snapshot, fold
from agui_widget.markdown import parse
from agui_widget.projection import MAX_NOTICES, NOTICE, PROBLEM, TOOL_PROGRESS, Projection
from agui_widget.protocol import Pipeline


class Stage:
    """A pipeline, a projection and a fold, as in a chat; time advances by 100 ms an event."""

    def __init__(self) -> None:
        self.pipeline = Pipeline()
        self.projection = Projection(self, self.shown)
        self.snapshot = Snapshot("s")
        self.kinds: list[str] = []
        self.now = 0

    @property
    def messages(self) -> list[dict[str, Any]]:
        return self.pipeline.messages

    @property
    def state(self) -> Any:
        return self.pipeline.state

    def find_message(self, message_id: str) -> dict[str, Any] | None:
        return self.pipeline.find_message(message_id)

    def shown(self, message_id: str, lane: str, part: str) -> str | None:
        lanes: dict[str, Any] = next((m["lanes"] for m in self.screen if m["id"] == message_id), {})
        found = next((p for p in lanes.get(lane, {"parts": []})["parts"] if p["key"] == part), {"text": None})
        words: str | None = found["value"].get("args", "") if "value" in found else found["text"]
        return words

    def show(self, drafts: list[dict[str, Any]]) -> None:
        for each in drafts:
            self.kinds.append(each["kind"])
            fold(self.snapshot, stamp(each, stream="s", seq=self.snapshot.seq + 1, ts=self.now))

    def start(self) -> "Stage":
        self.pipeline = Pipeline(messages=self.pipeline.messages)
        self.pipeline.feed({"type": "RUN_STARTED", "threadId": "t", "runId": "run"})
        self.show(self.projection.start_run("run", self.now))
        return self

    def feed(self, *events: dict[str, Any]) -> "Stage":
        for event in events:
            self.now += 100
            for delivered in self.pipeline.feed(event):
                self.show(self.projection.feed(delivered, self.now))
        return self

    def end(self, outcome: str = "finished", **options: Any) -> "Stage":
        self.now += 100
        self.show(self.projection.end_run(outcome, self.now, **options))
        return self

    @property
    def screen(self) -> list[dict[str, Any]]:
        return self.snapshot.to_json()["messages"]

    @property
    def run(self) -> dict[str, Any]:
        return self.snapshot.to_json()["runs"][-1]

    def lane(self, name: str, message: int = -1) -> dict[str, Any]:
        return self.screen[message]["lanes"][name]

    def outline(self) -> list[list[str]]:
        """The lanes with content of each message, top to bottom."""
        return [[name for name, lane in m["lanes"].items() if lane["parts"]] for m in self.screen]


def text(message_id: str, *deltas: str, role: str = "assistant") -> list[dict[str, Any]]:
    return [
        {"type": "TEXT_MESSAGE_START", "messageId": message_id, "role": role},
        *[{"type": "TEXT_MESSAGE_CONTENT", "messageId": message_id, "delta": delta} for delta in deltas],
        {"type": "TEXT_MESSAGE_END", "messageId": message_id},
    ]


def reasoning(message_id: str, delta: str, **more: Any) -> list[dict[str, Any]]:
    return [
        {"type": "REASONING_START", "messageId": message_id},
        {"type": "REASONING_MESSAGE_START", "messageId": message_id, "role": "reasoning"},
        {"type": "REASONING_MESSAGE_CONTENT", "messageId": message_id, "delta": delta, **more},
        {"type": "REASONING_MESSAGE_END", "messageId": message_id},
        {"type": "REASONING_END", "messageId": message_id},
    ]


def call(call_id: str, name: str = "f", arguments: str = "{}") -> list[dict[str, Any]]:
    return [
        {"type": "TOOL_CALL_START", "toolCallId": call_id, "toolCallName": name},
        {"type": "TOOL_CALL_ARGS", "toolCallId": call_id, "delta": arguments},
        {"type": "TOOL_CALL_END", "toolCallId": call_id},
    ]


def result(call_id: str, content: Any = "ok", **more: Any) -> dict[str, Any]:
    return {"type": "TOOL_CALL_RESULT", "messageId": f"r-{call_id}", "toolCallId": call_id, "content": content, **more}


def test_a_run_shows_a_live_line_before_the_agent_says_anything() -> None:
    stage = Stage().start()
    assert stage.lane("status")["status"] == {"status": "preparing"}
    assert stage.run["state"] == "preparing"


def test_the_first_words_go_into_the_message_that_is_already_there() -> None:
    stage = Stage().start().feed(*text("m1", "Hel", "lo"))
    assert [m["id"] for m in stage.screen] == ["a1"]
    assert stage.lane("text")["parts"][0]["text"] == "Hello"


def test_reasoning_text_and_tools_share_a_message_in_the_order_of_the_screen() -> None:
    stage = Stage().start().feed(*reasoning("r", "hm"), *text("m", "I look"), *call("c"), result("c"))
    assert stage.outline() == [["reasoning", "text", "tools"]]


@pytest.mark.parametrize("above", [text("m2", "then"), reasoning("r2", "then")], ids=["text", "reasoning"])
def test_what_belongs_above_the_tools_opens_the_next_message(above: list[dict[str, Any]]) -> None:
    stage = Stage().start().feed(*call("c"), result("c"), *above)
    assert [len(lanes) for lanes in stage.outline()] == [1, 1]


def test_consecutive_calls_stay_in_one_group() -> None:
    stage = Stage().start().feed(*call("c1"), *call("c2"), result("c1"), *call("c3"), result("c2"), result("c3"))
    assert [part["key"] for part in stage.lane("tools")["parts"]] == ["c1", "c2", "c3"]


def test_a_late_result_finds_its_row_in_an_earlier_message() -> None:
    stage = Stage().start().feed(*call("c1"), *text("m", "meanwhile"), result("c1", "late"))
    assert stage.lane("tools", 0)["parts"][0]["value"]["result"] == "late"
    assert stage.lane("tools", 0)["sealed"]


def test_text_that_goes_on_while_a_tool_runs_stays_in_its_place() -> None:
    start, first, second, end = text("m", "one ", "two")
    stage = Stage().start().feed(start, first, *call("c"), second, end)
    assert stage.outline() == [["text", "tools"]]
    assert stage.lane("text")["parts"][0]["text"] == "one two"


def test_empty_messages_never_show() -> None:
    stage = Stage().start().feed(*text("m", ""), *call("c"), *text("m2", "", ""))
    assert stage.outline() == [["tools"]]


def test_two_text_messages_in_a_row_are_two_parts_of_one_message() -> None:
    stage = Stage().start().feed(*text("m1", "one"), *text("m2", "two"))
    assert [part["text"] for part in stage.lane("text")["parts"]] == ["one", "two"]


def test_a_message_that_is_opened_again_goes_on_where_it_was() -> None:
    stage = Stage().start().feed(*text("m1", "one "), *text("m1", "two"))
    assert [part["text"] for part in stage.lane("text")["parts"]] == ["one two"]


def test_words_of_another_role_are_a_message_of_their_own() -> None:
    stage = Stage().start().feed(*text("m1", "hi"), *text("m2", "as system", role="system"), *text("m3", "bye"))
    assert [m["role"] for m in stage.screen] == ["assistant", "system", "assistant"]


def test_reasoning_that_is_marked_as_thinking_has_the_thinking_lane() -> None:
    stage = Stage().start().feed(*reasoning("r", "hm", metadata={"lane": "thinking"}))
    assert stage.outline() == [["thinking"]]


def test_reasoning_is_sealed_with_its_duration_when_the_answer_begins() -> None:
    stage = Stage().start().feed(*reasoning("r", "hm"))
    assert not stage.lane("reasoning")["sealed"]
    stage.feed(*text("m", "so"))
    assert (stage.lane("reasoning")["sealed"], stage.lane("reasoning")["duration_ms"]) == (True, 400)


def test_a_call_is_queued_while_its_arguments_arrive_then_running_then_done() -> None:
    start, arguments, end = call("c", "load", '{"a": 1}')
    stage, states = Stage().start(), []
    for event in (start, arguments, end, result("c", "12 rows")):
        stage.feed(event)
        states.append(stage.lane("tools")["parts"][0]["value"]["state"])
    assert states == ["queued", "queued", "running", "done"]
    row = stage.lane("tools")["parts"][0]["value"]
    assert (row["name"], row["args"], row["result"], row["duration_ms"]) == ("load", '{"a": 1}', "12 rows", 300)


def test_a_failed_call_says_why() -> None:
    stage = Stage().start().feed(*call("c"), result("c", "no", metadata={"error": "503"}))
    row = stage.lane("tools")["parts"][0]["value"]
    assert (row["state"], row["error"]) == ("error", "503")


@pytest.mark.parametrize(("said", "shown"), [(42, 42), (0.5, 0.5), (True, 300), (-1, 300), ("1 s", 300), (None, 300)])
def test_how_long_a_call_took_is_what_the_agent_says_if_that_is_a_time(said: Any, shown: float) -> None:
    stage = Stage().start().feed(*call("c", "load", "{}"), result("c", "x", metadata={"durationMs": said}))
    took = stage.lane("tools")["parts"][0]["value"]["duration_ms"]
    assert (took, type(took)) == (shown, type(shown))


def test_progress_is_patched_into_its_row() -> None:
    value = {"toolCallId": "c", "progress": 0.6, "summary": "half way"}
    stage = Stage().start().feed(*call("c"), {"type": "CUSTOM", "name": TOOL_PROGRESS, "value": value})
    row = stage.lane("tools")["parts"][0]["value"]
    assert (row["progress"], row["summary"], row["state"]) == (0.6, "half way", "running")


@pytest.mark.parametrize("odd", [None, True, [], {"a": 1}, 7], ids=repr)
def test_what_an_agents_own_event_says_is_words_and_how_far_is_a_number(odd: Any) -> None:
    progress = {"toolCallId": "c", "progress": 0.5, "summary": odd}
    status = {"status": "step", "label": odd, "progress": odd if isinstance(odd, bool) else "far"}
    said = [{"type": "CUSTOM", "name": TOOL_PROGRESS, "value": progress}, {"type": "CUSTOM", "name": "status"}]
    stage = Stage().start().feed(*call("c"), said[0], {**said[1], "value": status})
    row = stage.lane("tools")["parts"][0]["value"]
    assert (row["progress"], "summary" in row) == (0.5, False)
    assert stage.lane("status")["status"] == {"status": "step"}


def test_the_parts_of_a_result_are_shown_as_its_words_and_its_media() -> None:
    source = {"type": "url", "value": "https://example.org/x.png"}
    parts = [{"type": "text", "text": "a"}, {"type": "image", "source": source}]
    stage = Stage().start().feed(*call("c"), result("c", parts))
    row = stage.lane("tools")["parts"][0]["value"]
    assert row["result"] == "a"
    assert row["output"]["data"][MEDIA]["items"] == [
        {"type": "image", "mime": "", "url": "https://example.org/x.png"},
    ]


def test_a_snapshot_brings_changes_and_takes_away_the_media_of_a_message() -> None:
    def says(*values: str) -> dict[str, Any]:
        sources = [{"type": "data", "value": value, "mimeType": "image/png"} for value in values]
        content = [{"type": "image", "source": source} for source in sources]
        return {"type": "MESSAGES_SNAPSHOT", "messages": [{"id": "u1", "role": "user", "content": content}]}

    def shown(stage: Stage) -> list[list[str]]:
        parts = stage.screen[-1]["lanes"]["text"]["parts"]
        return [[item["data"] for item in part["value"]["data"][MEDIA]["items"]] for part in parts]

    stage = Stage().start().feed(says("AAAA", "BBBB"))
    assert shown(stage) == [["AAAA", "BBBB"]]
    stage.kinds.clear()
    assert shown(stage.feed(says("AAAA", "BBBB"))) == [["AAAA", "BBBB"]]
    assert stage.kinds == []
    assert shown(stage.feed(says("CCCC"))) == [["CCCC"]]
    renamed = says("CCCC")
    renamed["messages"][0]["id"] = "u2"
    stage.kinds.clear()
    stage.feed(renamed)
    assert (stage.kinds, shown(stage)) == ([], [["CCCC"]])
    stage.feed({"type": "MESSAGES_SNAPSHOT", "messages": []})
    assert shown(stage) == []


def test_a_result_of_an_unannounced_call_still_has_a_row() -> None:
    stage = Stage().start().feed(result("c-from-before", "resumed"))
    assert stage.lane("tools")["parts"][0]["value"]["result"] == "resumed"


def test_the_run_says_what_it_is_doing() -> None:
    stage, states = Stage().start(), []
    for event in [*text("m", "a")[:2], *call("c"), result("c")]:
        stage.feed(event)
        states.append(stage.run["state"])
    assert states == ["preparing", "streaming", "streaming", "streaming", "executing_tools", "streaming"]


def test_the_live_line_moves_to_the_newest_message() -> None:
    stage = Stage().start().feed(*call("c"), result("c"), *text("m", "a"))
    assert [m["lanes"]["status"]["sealed"] for m in stage.screen] == [True, False]


def test_steps_are_named_in_the_live_line_until_they_end() -> None:
    stage = Stage().start().feed({"type": "STEP_STARTED", "stepName": "plan"})
    assert stage.lane("status")["status"] == {"status": "step", "label": "plan"}
    stage.feed({"type": "STEP_FINISHED", "stepName": "plan"})
    assert stage.lane("status")["status"]["status"] == "preparing"


@pytest.mark.parametrize(
    ("outcome", "word", "row_state"),
    [
        ("finished", "done", "waiting"),
        ("error", "failed", "cancelled"),
        ("rejected", "failed", "cancelled"),
        ("truncated", "truncated", "cancelled"),
        ("aborted", "stopped", "cancelled"),
    ],
)
def test_every_ending_closes_everything(outcome: str, word: str, row_state: str) -> None:
    open_text = text("m", "a")[:2]
    stage = Stage().start().feed(*reasoning("r", "x")[:3], *open_text, *call("c")).end(outcome)
    assert stage.lane("status")["status"]["status"] == word
    assert stage.lane("tools")["parts"][0]["value"]["state"] == row_state
    assert all(lane["sealed"] for m in stage.screen for lane in m["lanes"].values())
    assert stage.run["state"] == outcome


def test_calls_left_behind_in_an_earlier_message_are_closed_too() -> None:
    stage = Stage().start().feed(*call("c"), *text("m", "next")).end("aborted")
    assert stage.lane("tools", 0)["parts"][0]["value"]["state"] == "cancelled"
    assert stage.lane("tools", 0)["sealed"]


def test_a_run_that_the_agent_cancelled_was_stopped() -> None:
    assert Stage().start().end("finished", detail="cancelled").lane("status")["status"]["status"] == "stopped"


def test_an_error_is_a_card_below_what_was_said() -> None:
    error = {"message": "no", "kept": "all", "recovery": [{"label": "Retry", "action": "retry"}]}
    stage = Stage().start().feed(*text("m", "a")[:2]).end("error", error=error)
    assert stage.outline() == [["text", "errors"]]
    assert stage.lane("errors")["parts"][0]["value"] == error


def test_the_footer_has_duration_and_usage() -> None:
    usage = [{"inputTokens": 3, "outputTokens": 5}]
    stage = Stage().start().feed({"type": "RUN_FINISHED", "threadId": "t", "runId": "run", "usage": usage}).end()
    assert stage.lane("status")["status"] == {"status": "done", "duration_ms": 200, "usage": usage}


def test_a_displayed_object_stands_between_the_texts() -> None:
    activity = {
        "type": "ACTIVITY_SNAPSHOT",
        "messageId": "o",
        "activityType": OUTPUT_ACTIVITY,
        "content": {"data": {"text/plain": "   a"}},
    }
    stage = Stage().start().feed(*text("m1", "before"), activity, *text("m2", "after"))
    assert [part["kind"] for part in stage.lane("text")["parts"]] == ["blocks", "output", "blocks"]


@pytest.mark.parametrize(
    "event",
    [
        {"type": "RAW", "event": {"x": 1}},
        {"type": "CUSTOM", "name": "whatever", "value": None},
    ],
    ids=lambda event: event["type"],
)
def test_what_has_no_lane_is_a_notice(event: dict[str, Any]) -> None:
    stage = Stage().start().feed(event)
    assert [part["kind"] for part in stage.lane("status")["parts"]] == ["notice"]


def test_notices_are_bounded() -> None:
    stage = Stage().start().feed(*[{"type": "RAW", "event": number} for number in range(MAX_NOTICES + 500)])
    assert len(stage.lane("status")["parts"]) == MAX_NOTICES + 1


def test_shared_state_is_passed_on() -> None:
    assert Stage().start().feed({"type": "STATE_SNAPSHOT", "snapshot": {"a": [1]}}).snapshot.state == {"a": [1]}


def counted(number: int) -> dict[str, Any]:
    return {"type": "STATE_DELTA", "delta": [{"op": "add", "path": "/n", "value": number}]}


def test_a_patched_state_is_shown() -> None:
    assert Stage().start().feed(counted(1)).snapshot.state == {"n": 1}


def test_a_state_that_is_patched_often_is_shown_now_and_then_and_whole_at_the_end() -> None:
    stage = Stage().start().feed(*map(counted, range(100))).end()
    assert stage.snapshot.state == {"n": 99}
    assert stage.kinds.count("state.update") == 51


def test_a_legacy_interrupt_is_asked_and_is_no_notice() -> None:
    stage = Stage().start().feed({"type": "CUSTOM", "name": "on_interrupt", "value": '"Really?"'})
    assert stage.lane("status")["parts"] == []


def test_what_a_decoder_could_not_read_is_an_error_and_the_run_goes_on() -> None:
    problem = {"type": "CUSTOM", "name": PROBLEM, "value": {"message": "frame 2 is malformed", "code": "malformed"}}
    said = text("m", "before", " and after")
    stage = Stage().start().feed(*said[:2], problem, *said[2:]).end()
    errors = [part["value"] for part in stage.lane("errors")["parts"]]
    assert [(each["message"], each["code"]) for each in errors] == [("frame 2 is malformed", "malformed")]
    assert [part["text"] for part in stage.lane("text")["parts"]] == ["before and after"]
    assert stage.run["state"] == "finished"


@pytest.mark.parametrize("value", [{}, {"message": 7}, {"message": "no", "code": []}])
def test_a_problem_that_says_little_is_an_error_all_the_same(value: dict[str, Any]) -> None:
    stage = Stage().start().feed({"type": "CUSTOM", "name": PROBLEM, "value": value})
    (part,) = stage.lane("errors")["parts"]
    assert isinstance(part["value"]["message"], str)


def test_a_notice_of_a_decoder_is_a_notice() -> None:
    notice = {"type": "CUSTOM", "name": NOTICE, "value": {"message": "read as normalized", "code": "dialect"}}
    stage = Stage().start().feed(notice)
    assert notices(stage) == [("dialect", "read as normalized")]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"key": "quarter", "value": "Q3", "operation": "set"}, "remembers quarter: Q3"),
        ({"key": "quarter", "value": "Q3"}, "remembers quarter: Q3"),
        ({"key": "seen", "value": [1], "operation": "append"}, "adds to seen: [1]"),
        ({"key": "seen", "value": None, "operation": "delete"}, "forgets seen"),
    ],
)
def test_what_an_agent_does_with_its_memory_is_a_notice(value: dict[str, Any], words: str) -> None:
    stage = Stage().start().feed({"type": "CUSTOM", "name": "memory", "value": value})
    assert notices(stage) == [("memory", words)]


def notices(stage: Stage) -> list[tuple[str, str]]:
    parts = [part["value"] for part in stage.lane("status")["parts"] if part["kind"] == "notice"]
    return [(value["code"], value["message"]) for value in parts]


def test_a_second_run_has_messages_of_its_own_even_with_the_same_ids() -> None:
    stage = Stage().start().feed(*text("m", "a"), *call("c"), result("c")).end()
    stage.start().feed(*text("m", "b"), *call("c")).end("aborted")
    assert [m["id"] for m in stage.screen] == ["a1", "a2"]
    assert stage.lane("text", 0)["parts"][0]["text"] == "a"


def test_clearing_removes_all_messages_but_the_kept() -> None:
    stage = Stage()
    stage.show(stage.projection.user_message("hi"))
    stage.start().feed(*text("m", "a")).end()
    stage.show(stage.projection.clear(keep=1))
    assert [m["role"] for m in stage.screen] == ["user"]


def test_words_are_read_as_markdown_at_most_every_30_ms() -> None:
    stage = Stage().start().feed(*text("m", "**a")[:2])
    content = {"type": "TEXT_MESSAGE_CONTENT", "messageId": "m", "delta": "x"}
    drafts = [stage.projection.feed(content, stage.now + 1) for _ in range(100)]
    assert [len(each) for each in drafts] == [0] * 100
    assert stage.projection.has_waiting
    (patch,) = stage.projection.tick(stage.now + 30)
    assert (patch["kind"], patch["payload"]["text"]) == ("blocks.patch", "x" * 100)


def test_an_answer_is_formatted_while_it_streams_and_its_source_is_kept() -> None:
    stage = Stage().start().feed(*text("m", "Margins **fe", "ll**.", "\n\n- one")[:-1])
    part = stage.lane("text")["parts"][0]
    assert part["nodes"][0] == {"t": "p", "c": ["Margins ", {"t": "strong", "c": ["fell"]}, "."]}
    assert part["text"] == "Margins **fell**.\n\n- one"


def test_an_ended_answer_is_what_its_source_amounts_to() -> None:
    stage = Stage().start().feed(*text("m", "[a]", "[x] and *b*", "\n\n[x]: https://example.org"))
    part = stage.lane("text")["parts"][0]
    assert part["nodes"] == parse(part["text"])


def test_an_answer_that_goes_on_after_its_end_is_open_again() -> None:
    stage = Stage().start().feed(*text("m", "*one "), *text("m", "two*"))
    (part,) = stage.lane("text")["parts"]
    assert (part["text"], part["nodes"]) == ("*one two*", parse("*one two*"))


@pytest.mark.parametrize(
    ("markdown", "while_it_streams", "at_the_end"), [("final", "text", "blocks"), ("off", "text", "text")]
)
def test_formatting_can_wait_or_be_left(markdown: str, while_it_streams: str, at_the_end: str) -> None:
    stage = Stage()
    stage.projection.words.markdown = markdown
    *speaking, end = text("m", "*one*")
    kinds = [stage.feed(*events).lane("text")["parts"][0]["kind"] for events in (stage.start() and speaking, [end])]
    assert kinds == [while_it_streams, at_the_end]


def test_only_answers_are_formatted() -> None:
    stage = Stage().start().feed(*reasoning("r", "*hm*"), *text("m", "*as user*", role="user"))
    kinds = [part["kind"] for m in stage.screen for lane in m["lanes"].values() for part in lane["parts"]]
    assert kinds == ["text", "text"]


# -- subagents, activities, snapshots ----------------------------------------------------------------


def subagent(subagent_id: str, *events: dict[str, Any], name: str = "researcher") -> list[dict[str, Any]]:
    return [
        {"type": "SUBAGENT_STARTED", "subagentRunId": subagent_id, "name": name},
        *[{**event, "subagentRunId": subagent_id} for event in events],
        {"type": "SUBAGENT_FINISHED", "subagentRunId": subagent_id},
    ]


def test_a_subagent_has_a_group_of_its_own_under_who_started_it() -> None:
    stage = Stage().start().feed(*text("m", "I ask"), *subagent("s", *text("n", "found")), *text("m2", "so"))
    parent, child, after = stage.screen
    assert (child["name"], child["parent"]) == ("researcher", parent["id"])
    assert child["lanes"]["text"]["parts"][0]["text"] == "found"
    assert child["lanes"]["status"]["status"]["status"] == "done"
    assert [m["lanes"]["text"]["parts"][0]["text"] for m in (parent, after)] == ["I ask", "so"]


def test_parallel_subagents_do_not_mix() -> None:
    one, two = subagent("s1", *call("c1"), result("c1"), *text("n1", "one")), subagent("s2", *text("n2", "two"))
    mixed = [one[0], two[0], *one[1:4], *two[1:], *one[4:]]
    stage = Stage().start().feed(*mixed)
    groups = [m for m in stage.screen if "parent" in m]
    assert [[name for name, lane in m["lanes"].items() if lane["parts"]] for m in groups] == [
        ["tools"],
        ["text"],
        ["text"],
    ]


def test_the_later_messages_of_a_subagent_stand_behind_its_first() -> None:
    events = subagent("s", *call("c"), result("c"), *text("n", "more"))
    stage = Stage().start().feed(*events[:-1], *text("m", "parent"), events[-1])
    assert [m.get("parent") for m in stage.screen] == [None, "a1", "a1", None]


def test_a_failed_subagent_shows_its_error_and_the_run_goes_on() -> None:
    events = [subagent("s")[0], {"type": "SUBAGENT_ERROR", "subagentRunId": "s", "message": "no luck"}]
    stage = Stage().start().feed(*events, *text("m", "anyway"))
    assert stage.screen[1]["lanes"]["errors"]["parts"][0]["value"]["message"] == "no luck"
    assert stage.screen[1]["lanes"]["status"]["status"]["status"] == "failed"


def test_work_of_a_subagent_that_was_never_announced_still_has_a_group() -> None:
    tagged = [{**event, "subagentRunId": "s"} for event in text("n", "hello")]
    stage = Stage().start().feed(*tagged)
    assert stage.screen[1]["parent"] == "a1"


def activity(content: dict[str, Any], message_id: str = "p", kind: str = "plan") -> dict[str, Any]:
    return {"type": "ACTIVITY_SNAPSHOT", "messageId": message_id, "activityType": kind, "content": content}


def activities(stage: Stage) -> list[Any]:
    parts = [part for m in stage.screen for part in m["lanes"].get("text", {"parts": []})["parts"]]
    return [part["value"] for part in parts if part["kind"] == "activity"]


def test_an_activity_of_unknown_type_is_a_card_with_its_content() -> None:
    stage = Stage().start().feed(activity({"steps": [1]}))
    assert activities(stage) == [{"type": "plan", "content": {"steps": [1]}}]


def test_an_activity_is_patched_in_its_place() -> None:
    patch = [{"op": "add", "path": "/steps/-", "value": 2}]
    delta = {"type": "ACTIVITY_DELTA", "messageId": "p", "activityType": "plan", "patch": patch}
    stage = Stage().start().feed(activity({"steps": [1]}), *call("c"), result("c"), delta)
    assert activities(stage) == [{"type": "plan", "content": {"steps": [1, 2]}}]


def test_a_frameworks_own_activities_stay_hidden() -> None:
    assert activities(Stage().start().feed(activity({}, kind="pydantic_ai_state"))) == []


def said(message_id: str, content: str, role: str = "assistant", **more: Any) -> dict[str, Any]:
    return {"id": message_id, "role": role, "content": content, **more}


def snapshot_of(*messages: dict[str, Any]) -> dict[str, Any]:
    return {"type": "MESSAGES_SNAPSHOT", "messages": list(messages)}


def test_a_snapshot_that_says_what_is_shown_changes_nothing() -> None:
    stage = Stage().start().feed(*text("m", "hello"), *call("c"), result("c", "r"))
    before = stage.snapshot.seq
    stage.feed(snapshot_of(*stage.messages))
    assert stage.snapshot.seq == before


def test_a_snapshot_corrects_text_in_its_place() -> None:
    stage = Stage().start().feed(*text("m", "helo")).feed(snapshot_of(said("m", "hello")))
    assert [part["text"] for part in stage.lane("text")["parts"]] == ["hello"]
    assert stage.kinds[-1] == "part.put"


def test_a_snapshot_corrects_the_arguments_of_a_call() -> None:
    started = {"type": "TOOL_CALL_START", "toolCallId": "c", "toolCallName": "f", "parentMessageId": "m"}
    stage = Stage().start().feed(started, {"type": "TOOL_CALL_ARGS", "toolCallId": "c", "delta": "1}"})
    calls = [{"id": "c", "type": "function", "function": {"name": "f", "arguments": '{"a": 1}'}}]
    stage.feed(snapshot_of({"id": "m", "role": "assistant", "toolCalls": calls}))
    assert [part["value"]["args"] for part in stage.lane("tools")["parts"]] == ['{"a": 1}']


@pytest.mark.parametrize("markdown", ["live", "final", "off"])
def test_a_snapshot_in_the_middle_of_a_message_is_what_goes_on(markdown: str) -> None:
    stage = Stage()
    stage.projection.words.markdown = markdown
    start, first, rest, end = text("m", "*helo", " there*")
    stage.start().feed(start, first, snapshot_of(said("m", "*hello")), rest, end)
    (part,) = stage.lane("text")["parts"]
    assert part["text"] == "*hello there*"
    assert part.get("nodes", parse(part["text"])) == parse(part["text"])


def test_a_snapshot_shows_what_was_not_streamed() -> None:
    tool_call = {"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}
    stage = (
        Stage()
        .start()
        .feed(
            snapshot_of(
                {"id": "m", "role": "assistant", "content": "hello", "toolCalls": [tool_call]},
                {"id": "r", "role": "tool", "toolCallId": "c", "content": "", "error": "503"},
            )
        )
    )
    assert stage.lane("text")["parts"][0]["text"] == "hello"
    row = stage.lane("tools")["parts"][0]["value"]
    assert (row["name"], row["state"], row["error"]) == ("f", "error", "503")


def test_a_snapshot_that_gives_a_message_a_new_id_does_not_touch_the_screen() -> None:
    stage = Stage().start().feed(*text("streamed", "hello"))
    before = stage.snapshot.seq
    stage.feed(snapshot_of(said("stored", "hello")))
    assert stage.snapshot.seq == before
    stage.feed(snapshot_of(said("stored", "hello there")))
    assert [part["text"] for part in stage.lane("text")["parts"]] == ["hello there"]


def test_a_snapshot_takes_away_what_it_does_not_have() -> None:
    stage = Stage().start().feed(*text("m1", "draft"), *text("m2", "final")).feed(snapshot_of(said("m2", "final")))
    assert [part["text"] for part in stage.lane("text")["parts"]] == ["final"]
