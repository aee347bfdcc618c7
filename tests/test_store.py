"""A conversation saved to a file is the same when it is loaded, and goes on."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from agui_widget import AgentChat, Driver, store
from agui_widget.errors import BusyError, RunError, StoreError
from agui_widget.lanes import Snapshot, fold_all, rebuild
from agui_widget.protocol import Event
from tests.test_markdown_security import payloads

VECTORS = Path(__file__).parent / "vectors"


def recount(text: str, messages: list[dict[str, Any]]) -> str:
    """An agent that says what it was told so far."""
    return f"{text}: **{len(messages)}** messages"


def demo() -> Driver:
    """A driver with a conversation of every lane the demo has, the last run failed."""
    driver = Driver(None, pace=0)
    driver.ask_sync("Which products lost margin?")
    with pytest.raises(RunError):
        driver.ask_sync("Fail once")
    return driver


def shown(driver: Driver) -> dict[str, Any]:
    """What is on screen, without what belongs to one session."""
    return {name: value for name, value in driver.session.snapshot().items() if name not in ("stream", "seq")}


def reloaded(driver: Driver, path: Path, agent: Any = None) -> Driver:
    other = Driver(agent, **({} if agent else {"pace": 0}))
    other.load(driver.save(path / "chat.json"))
    return other


# -- the round trip ----------------------------------------------------------------------------------


def test_what_was_saved_is_on_screen_and_in_the_history_after_loading(tmp_path: Path) -> None:
    before = demo()
    after = reloaded(before, tmp_path)
    assert shown(after) == shown(before)
    assert after.messages == before.messages


def test_it_goes_on_from_there_with_its_history(tmp_path: Path) -> None:
    first = Driver(recount)
    first.ask_sync("one")
    second = reloaded(first, tmp_path, recount)
    assert second.ask_sync("two").text == "two: **3** messages"
    assert [m["content"] for m in second.messages if m["role"] == "user"] == ["one", "two"]
    assert second.session.snapshot()["messages"][:2] == first.session.snapshot()["messages"]


def test_numbers_stay_contiguous_and_no_id_comes_twice(tmp_path: Path) -> None:
    first = demo()
    second = Driver(None, pace=0)
    envelopes: list[dict[str, Any]] = []
    second.session.subscribe(envelopes.extend)
    second.load(first.save(tmp_path / "chat.json"))
    second.ask_sync("And now?")
    assert [each["seq"] for each in envelopes] == list(range(1, len(envelopes) + 1))
    ids = [each["message_id"] for each in envelopes if each["kind"] == "message.start"]
    assert len(ids) == len(set(ids))
    assert fold_all(Snapshot(second.session.stream), envelopes).to_json() == second.session.snapshot()


def test_the_last_question_can_be_tried_again_after_loading(tmp_path: Path) -> None:
    after = reloaded(demo(), tmp_path, recount)
    assert after.session.snapshot()["messages"][-1]["lanes"]["errors"]["parts"]
    assert after.retry().result(5).text.startswith("Fail once: ")
    for messages in (after.messages, after.session.snapshot()["messages"]):
        assert [each["role"] for each in messages].count("user") == 2
    assert "errors" not in after.session.snapshot()["messages"][-1]["lanes"]


def test_an_agent_that_sends_all_messages_again_adds_nothing_twice(tmp_path: Path) -> None:
    async def repeating(run: Any) -> Any:
        yield "Said. "
        yield {"type": "TOOL_CALL_START", "toolCallId": f"c{len(run.messages)}", "toolCallName": "look"}
        yield {"type": "TOOL_CALL_END", "toolCallId": f"c{len(run.messages)}"}
        yield {"type": "MESSAGES_SNAPSHOT", "messages": run.messages}

    first = Driver(repeating)
    first.ask_sync("one")
    second = reloaded(first, tmp_path, repeating)
    before = second.session.snapshot()["messages"]
    second.ask_sync("two")
    assert second.session.snapshot()["messages"][: len(before)] == before


def test_what_waits_for_an_answer_still_waits_after_loading(tmp_path: Path) -> None:
    def asking(run: Any) -> list[Event]:
        named = {"threadId": run.input["threadId"], "runId": run.run_id}
        if run.input.get("resume"):
            return [{"type": "RUN_FINISHED", **named, "result": run.input["resume"][0]["payload"]}]
        asked = [{"id": "i1", "reason": "confirmation", "message": "Drop 3 rows?"}]
        return [{"type": "RUN_FINISHED", **named, "outcome": {"type": "interrupt", "interrupts": asked}}]

    async def agent(run: Any) -> Any:
        for event in asking(run):
            yield event

    first = Driver(agent)
    first.ask_sync("go")
    second = reloaded(first, tmp_path, agent)
    assert second.status == "awaiting_input" and second.pending[0]["message"] == "Drop 3 rows?"
    run = second.resolve()
    assert run is not None and run.result(5).value == {"approved": True}
    assert "Drop 3 rows?" not in str(second.session.snapshot())
    assert "'waiting'" not in str(second.session.snapshot())


def test_the_state_and_the_thread_are_kept(tmp_path: Path) -> None:
    async def agent(run: Any) -> Any:
        yield {"type": "STATE_SNAPSHOT", "snapshot": {"rows": [1, 2]}}
        yield "ok"

    first = Driver(agent)
    first.ask_sync("go")
    second = reloaded(first, tmp_path, agent)
    assert second.client.state == {"rows": [1, 2]} and second.client.thread_id == first.client.thread_id


def test_loading_takes_the_place_of_what_was_there(tmp_path: Path) -> None:
    saved = Driver(recount)
    saved.ask_sync("kept")
    path = saved.save(tmp_path / "chat.json")
    other = Driver(recount)
    other.ask_sync("forgotten")
    other.load(path)
    assert "forgotten" not in str(shown(other)["messages"]) and other.messages == saved.messages


def test_a_chat_takes_the_title_of_what_it_loads_if_it_has_none_of_its_own(tmp_path: Path) -> None:
    path = AgentChat(recount, title="Q3 review").save(tmp_path / "chat.json")
    plain, own = AgentChat(recount), AgentChat(recount, title="Mine")
    plain.load(path)
    own.load(path)
    assert (plain.title, own.title) == ("Q3 review", "Mine")


@pytest.mark.parametrize("path", sorted(VECTORS.glob("*.json")), ids=lambda path: path.stem)
def test_every_snapshot_of_the_vectors_can_be_built_again(path: Path) -> None:
    want = json.loads(path.read_text())["snapshot"]
    again = Snapshot(want["stream"])
    for seq, each in enumerate(rebuild(want), start=1):
        fold_all(again, [{"ts": 0, "stream": want["stream"], **each, "seq": seq}])
    assert {**again.to_json(), "seq": want["seq"]} == want


# -- the file ----------------------------------------------------------------------------------------


def test_nothing_of_how_the_agent_is_reached_is_in_the_file(tmp_path: Path) -> None:
    options = {"headers": {"Authorization": "Bearer canary-token"}, "auth": ("user", "canary-password")}
    chat = AgentChat("http://127.0.0.1:1/?key=canary-key", forwarded_props={"key": "canary"}, **options)
    with pytest.raises(RunError):
        chat.ask_sync("hi")
    text = chat.save(tmp_path / "chat.json").read_text()
    assert '"hi"' in text and "canary" not in text


def test_a_file_that_cannot_be_written_whole_leaves_the_old_one_and_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def disk_full(handle: int) -> None:
        raise OSError("no space left on device")

    driver = Driver(recount)
    path = driver.save(tmp_path / "chat.json")
    old = path.read_text()
    driver.ask_sync("more")
    monkeypatch.setattr(os, "fsync", disk_full)
    with pytest.raises(OSError, match="no space left"):
        driver.save(path)
    assert path.read_text() == old and os.listdir(tmp_path) == ["chat.json"]


@pytest.mark.parametrize("place", ["absent/chat.json", "folder"])
def test_what_cannot_be_written_is_named_as_it_was_asked_for(tmp_path: Path, place: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError) as raised:
        Driver(recount).save(tmp_path / place)
    assert str(raised.value).endswith(f": {str(tmp_path / place)!r}")
    assert os.listdir(tmp_path) == ["folder"]


def test_what_json_cannot_hold_is_said_before_anything_is_written(tmp_path: Path) -> None:
    saved = store.read(Driver(recount).save(tmp_path / "chat.json"))
    for state in (object(), float("nan")):
        with pytest.raises(StoreError, match=r"other\.json: the chat was not saved, because its state"):
            store.write(tmp_path / "other.json", replace(saved, state=state))
    assert os.listdir(tmp_path) == ["chat.json"]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "not JSON"),
        ('{"format": "agui_widget.chat", "ver', "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[]", "not a saved chat"),
        ('{"cells": [], "nbformat": 4}', "not a saved chat"),
        ('{"format": "agui_widget.chat", "version": 2}', "version 2, and this agui_widget reads version 1"),
        ('{"format": "agui_widget.chat"}', "version None"),
        ('{"format": "agui_widget.chat", "version": 1}', "field 'title'"),
    ],
)
def test_another_file_is_refused_by_name_and_with_what_to_do(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "other.json"
    path.write_text(text)
    driver = Driver(recount)
    driver.ask_sync("stays")
    before = driver.session.snapshot()
    with pytest.raises(StoreError, match=rf"other\.json was not loaded: .*{complaint}"):
        driver.load(path)
    assert driver.session.snapshot() == before


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(StoreError, match="not JSON"):
        Driver(recount).load(tmp_path / "x.json")


DAMAGE: list[tuple[str, Any]] = [
    ("title", 1),
    ("messages", {}),
    ("messages", [{"role": "user"}]),
    ("messages", [{"id": "1", "role": "assistant", "content": {"x": 1}}]),
    ("snapshot", {"messages": [{"id": 1}]}),
    ("marks", [[1, "x"]]),
    ("marks", [[1, -1]]),
    ("places", [["user"]]),
    ("pending", [{"id": 1}]),
]


@pytest.mark.parametrize(("field", "value"), DAMAGE, ids=lambda value: str(value)[:30])
def test_a_damaged_field_is_named_and_nothing_is_loaded(tmp_path: Path, field: str, value: Any) -> None:
    path = demo().save(tmp_path / "chat.json")
    path.write_text(json.dumps({**json.loads(path.read_text()), field: value}))
    driver = Driver(recount)
    with pytest.raises(StoreError, match=field):
        driver.load(path)
    assert driver.session.seq == 0


@pytest.mark.parametrize(
    "part",
    [
        {"key": "x", "kind": "text"},
        {"key": "x", "kind": "text", "text": 1},
        {"key": "x", "kind": "blocks", "text": "", "nodes": [{"c": ["x"]}]},
        {"key": "x", "kind": "blocks", "text": "", "nodes": [{"t": "fnref", "a": {"n": "x"}}]},
        {"key": "x", "kind": "blocks", "text": "", "nodes": [{"t": "fence", "a": {"runs": [1]}}]},
        {"key": "x", "kind": "tool", "value": {"call_id": "x", "args": {}}},
        {"key": "x", "kind": "error", "value": {}},
        {"key": "x", "kind": ["text"]},
        "text",
    ],
    ids=str,
)
def test_a_part_that_is_not_what_it_says_is_refused(tmp_path: Path, part: Any) -> None:
    path = demo().save(tmp_path / "chat.json")
    document = json.loads(path.read_text())
    document["snapshot"]["messages"][0]["lanes"]["text"]["parts"].append(part)
    path.write_text(json.dumps(document))
    with pytest.raises(StoreError, match="snapshot"):
        Driver(recount).load(path)


def test_a_tree_too_deep_to_be_written_is_refused(tmp_path: Path) -> None:
    tree: list[Any] = ["x"]
    for _ in range(300):
        tree = [{"t": "div", "c": tree}]
    path = demo().save(tmp_path / "chat.json")
    document = json.loads(path.read_text())
    part = {"key": "x", "kind": "blocks", "text": "x", "nodes": tree}
    document["snapshot"]["messages"][0]["lanes"]["text"]["parts"].append(part)
    path.write_text(json.dumps(document))
    with pytest.raises(StoreError, match="snapshot"):
        Driver(recount).load(path)


def test_what_a_file_says_is_drawn_like_what_an_agent_says(tmp_path: Path, fixtures: Path) -> None:
    path = demo().save(tmp_path / "chat.json")
    document = json.loads(path.read_text())
    evil = [
        {"t": "script", "c": ["alert(1)"]},
        {"t": "p", "a": {"onclick": "alert(1)", "style": "x"}, "c": ["x"]},
        {"t": "a", "a": {"href": "javascript:alert(1)", "host": "good.test"}, "c": ["x"]},
        {"t": "img", "a": {"src": "https://evil.test/x.png", "onerror": "alert(1)"}},
        *({"t": "iframe", "a": {"src": each}, "c": [each]} for each in payloads(fixtures)[:50]),
    ]
    part = {"key": "evil", "kind": "blocks", "text": "x", "nodes": evil}
    document["snapshot"]["messages"][1]["lanes"]["text"]["parts"].append(part)
    path.write_text(json.dumps(document))
    driver = Driver(recount)
    driver.load(path)
    page = driver.to_html()
    assert not [bad for bad in ("<script", "onclick", "onerror", "javascript:", "<iframe", "<img") if bad in page]


# -- while a run is on -------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["save", "load"])
def test_while_a_run_is_on_nothing_is_saved_or_loaded(tmp_path: Path, verb: str) -> None:
    path = Driver(recount).save(tmp_path / "chat.json")
    driver = Driver(None, pace=5)
    driver.submit("long")
    with pytest.raises(BusyError, match="a run is on"):
        getattr(driver, verb)(path)
    driver.stop()
    driver.load(path)
