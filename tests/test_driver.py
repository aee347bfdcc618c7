"""A conversation at work, without a widget: verbs, endings, stopping, waiting, printing."""

import asyncio
import sys
import threading
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from agui_widget import Answer, Driver, RunError
from agui_widget.errors import AgentError, BusyError
from agui_widget.lanes import Snapshot, fold_all
from agui_widget.session import Session

WAIT_S = 5.0


async def endless() -> AsyncIterator[str]:
    while True:
        yield "more "
        await asyncio.sleep(0.001)


async def echo(text: str) -> AsyncIterator[str]:
    yield f"You said: {text}"


def said(driver: Driver) -> list[tuple[str, str]]:
    """Role and text of every message on screen."""
    return [
        (m["role"], "".join(p.get("text", "") for p in m["lanes"].get("text", {"parts": []})["parts"]))
        for m in driver.session.snapshot()["messages"]
    ]


def lane_values(driver: Driver, lane: str) -> list[dict[str, Any]]:
    messages = driver.session.snapshot()["messages"]
    return [part["value"] for m in messages for part in m["lanes"].get(lane, {"parts": []})["parts"]]


def footer(driver: Driver) -> str:
    return driver.session.snapshot()["messages"][-1]["lanes"]["status"]["status"]["status"]


def wait_until(condition: Any) -> None:
    deadline = time.monotonic() + WAIT_S
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.005)


# -- asking ------------------------------------------------------------------------------------------


def test_a_blocking_ask_gives_the_answer() -> None:
    answer = Driver(echo).ask_sync("hello")
    assert (answer.text, answer.question, answer.status) == ("You said: hello", "hello", "finished")


async def test_an_awaited_ask_gives_the_answer() -> None:
    assert (await Driver(echo).ask("hello")).text == "You said: hello"


async def test_a_run_can_be_iterated_for_its_events() -> None:
    run = Driver(echo).submit("hello")
    types = [event["type"] async for event in run]
    assert types == ["RUN_STARTED", "TEXT_MESSAGE_START", "TEXT_MESSAGE_CONTENT", "TEXT_MESSAGE_END", "RUN_FINISHED"]


async def test_a_run_can_be_iterated_after_it_is_over() -> None:
    run = Driver(echo).submit("hello")
    await run
    assert [event["type"] async for event in run][-1] == "RUN_FINISHED"


async def test_a_long_run_that_nobody_read_yet_is_kept_whole_in_few_events() -> None:
    async def chatty() -> AsyncIterator[str]:
        for _ in range(10_000):
            yield "word "

    run = Driver(chatty).submit("go")
    await run
    events = [event async for event in run]
    assert "".join(event.get("delta", "") for event in events) == "word " * 10_000
    assert len(events) < 5_000


def test_an_answer_reads_well_and_is_the_same_each_time() -> None:
    assert repr(Driver(echo).ask_sync("hello")) == "You: hello\n\nYou said: hello"
    assert repr(Driver(echo).ask_sync("hello")) == repr(Driver(echo).ask_sync("hello"))


def test_the_conversation_is_kept_as_messages_and_given_to_the_next_run() -> None:
    driver = Driver(lambda messages: str(len(messages)))
    driver.ask_sync("one")
    assert driver.ask_sync("two").text == "3"
    assert [message["role"] for message in driver.messages] == ["user", "assistant", "user", "assistant"]


def test_runs_wait_for_each_other_in_the_order_of_submit() -> None:
    driver = Driver(echo)
    runs = [driver.submit(str(number)) for number in range(5)]
    assert [run.result(WAIT_S).text for run in runs] == [f"You said: {number}" for number in range(5)]


def test_wait_returns_when_nothing_is_on() -> None:
    driver = Driver(echo)
    runs = [driver.submit("a"), driver.submit("b")]
    assert driver.wait(WAIT_S)
    assert all(run.is_done for run in runs) and driver.status == "idle"


def test_wait_says_when_the_time_was_not_enough() -> None:
    driver = Driver(endless)
    driver.submit("go")
    assert not driver.wait(0.05)
    driver.stop()


@pytest.mark.parametrize("text", ["", "  ", None, 3, ["x"]])
def test_nothing_to_say_is_refused_with_the_line_to_write(text: Any) -> None:
    with pytest.raises(AgentError, match=r'chat\.submit\("Hello"\)'):
        Driver(echo).submit(text)


def test_a_listener_sees_what_the_snapshot_shows() -> None:
    session = Session("s")
    reader = Snapshot("s")
    session.subscribe(lambda envelopes: fold_all(reader, envelopes))
    Driver(session=session, pace=0).ask_sync("hello")
    assert reader.to_json() == session.snapshot()


# -- stopping ----------------------------------------------------------------------------------------


def test_after_stop_nothing_more_is_said() -> None:
    driver = Driver(endless)
    run = driver.submit("go")
    wait_until(lambda: len(said(driver)) == 2)
    driver.stop()
    before = driver.session.snapshot()
    time.sleep(0.05)
    assert driver.session.snapshot() == before
    assert (run.status, footer(driver), driver.status) == ("aborted", "stopped", "idle")


def test_stopping_keeps_what_was_said_and_closes_the_agent() -> None:
    closed = threading.Event()

    async def agent() -> AsyncIterator[str]:
        try:
            yield "kept"
            await asyncio.sleep(60)
        finally:
            closed.set()

    driver = Driver(agent)
    run = driver.submit("go")
    wait_until(lambda: ("assistant", "kept") in said(driver))
    driver.stop()
    assert closed.is_set()
    assert run.result().text == "kept"


def test_stopping_ends_what_waits_too() -> None:
    driver = Driver(endless)
    runs = [driver.submit("a"), driver.submit("b"), driver.submit("c")]
    wait_until(lambda: driver.status == "streaming")
    driver.stop()
    assert [run.status for run in runs] == ["aborted"] * 3


def test_stopping_twice_or_when_idle_does_nothing() -> None:
    driver = Driver(echo)
    driver.stop()
    driver.ask_sync("a")
    before = driver.session.seq
    driver.stop()
    driver.stop()
    assert driver.session.seq == before


def test_one_of_several_runs_can_be_cancelled() -> None:
    driver = Driver(endless)
    first, second = driver.submit("a"), driver.submit("b")
    wait_until(lambda: driver.status == "streaming")
    second.cancel()
    wait_until(lambda: second.is_done)
    assert not first.is_done
    driver.stop()


def test_a_blocking_agent_is_stopped_without_waiting_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agui_widget.driver.STOP_S", 3600)  # a stop that waits would not end in the test's time
    release = threading.Event()
    driver = Driver(lambda: release.wait() and "late")
    run = driver.submit("go")
    wait_until(lambda: driver.status == "preparing" and len(said(driver)) == 2)
    driver.stop()
    assert run.status == "aborted"
    release.set()
    assert ("assistant", "late") not in said(driver)


def test_an_agent_that_ignores_being_stopped_is_left_to_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agui_widget.driver.STOP_S", 0.1)
    let_go = threading.Event()

    async def stubborn(text: str) -> AsyncIterator[str]:
        if text == "hello":
            yield "fine"
            return
        while not let_go.is_set():
            try:
                yield "still here "
                await asyncio.sleep(0.01)
                while not let_go.is_set():
                    await asyncio.sleep(0.01)
            except asyncio.CancelledError:
                pass

    driver = Driver(stubborn)
    run = driver.submit("go")
    wait_until(lambda: driver.status == "streaming")
    driver.stop()
    assert run.status == "aborted"
    assert driver.ask_sync("hello").text == "fine"
    let_go.set()


def test_stopping_what_blocks_the_loop_says_so_instead_of_waiting_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agui_widget.driver.STOP_S", 0.05)
    release = threading.Event()

    async def blocking() -> AsyncIterator[str]:
        yield "x"
        release.wait(WAIT_S)

    driver = Driver(blocking)
    run = driver.submit("go")
    time.sleep(0.05)
    with pytest.raises(BusyError, match="plain def"):
        driver.stop()
    release.set()
    run.result(WAIT_S)


def test_a_kernel_interrupt_while_waiting_cancels_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*args: Any) -> Any:
        raise KeyboardInterrupt

    driver = Driver(endless)
    run = driver.submit("go")
    wait_until(lambda: driver.status == "streaming")
    monkeypatch.setattr("agui_widget.run.wait", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run.result()
    wait_until(lambda: run.is_done)
    assert run.status == "aborted"


async def test_cancelling_the_awaiting_task_cancels_the_run() -> None:
    driver = Driver(endless)
    run = driver.submit("go")
    waiting = asyncio.ensure_future(run._wait())
    await asyncio.sleep(0.05)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    await asyncio.to_thread(wait_until, lambda: run.is_done)
    assert run.status == "aborted"


def test_clear_forgets_screen_and_history() -> None:
    driver = Driver(lambda messages: str(len(messages)))
    driver.ask_sync("one")
    driver.clear()
    assert (said(driver), driver.messages) == ([], [])
    assert driver.ask_sync("two").text == "1"


def test_clear_in_the_middle_of_a_run_stops_it() -> None:
    driver = Driver(endless)
    driver.submit("go")
    wait_until(lambda: driver.status == "streaming")
    driver.clear()
    assert (said(driver), driver.status) == ([], "idle")


# -- errors ------------------------------------------------------------------------------------------


def failing() -> Iterator[str]:
    yield "so far "
    raise ValueError("it broke")


def test_an_exception_of_the_agent_is_an_error_card_and_raises_for_who_waits() -> None:
    driver = Driver(failing)
    with pytest.raises(RunError, match="ValueError: it broke") as failed:
        driver.ask_sync("go")
    assert failed.value.answer.text == "so far "
    error = lane_values(driver, "errors")[0]
    assert error["message"] == "ValueError: it broke"
    assert "kept" in error["kept"]
    assert error["recovery"] == [{"label": "Retry", "action": "retry"}]


def test_of_a_run_that_failed_before_it_said_anything_nothing_is_kept() -> None:
    def silent() -> None:
        raise ValueError("it broke")

    driver = Driver(silent)
    driver.submit("go")
    driver.wait()
    assert lane_values(driver, "errors")[0]["kept"] == ""


def test_the_traceback_starts_at_the_agents_own_code() -> None:
    driver = Driver(failing)
    driver.submit("go")
    driver.wait(WAIT_S)
    detail = lane_values(driver, "errors")[0]["detail"]
    assert "in failing" in detail
    assert "agui_widget" not in detail.partition("in failing")[0].replace("tests", "")


def test_after_an_error_the_next_run_works() -> None:
    turns = iter([failing, lambda: "fine"])
    driver = Driver(lambda: next(turns)())
    with pytest.raises(RunError):
        driver.ask_sync("go")
    assert driver.ask_sync("again").text == "fine"


def test_retry_takes_the_failed_answer_away_and_asks_again() -> None:
    driver = Driver(pace=0)
    with pytest.raises(RunError):
        driver.ask_sync("fail")
    driver.retry().result(WAIT_S)
    assert [role for role, _ in said(driver)] == ["user", "assistant"]
    assert [message["role"] for message in driver.messages] == ["user", "assistant"]


def test_retry_before_anything_was_said_is_refused() -> None:
    with pytest.raises(AgentError, match="nothing to retry"):
        Driver(echo).retry()


def test_retry_while_a_run_is_on_is_refused() -> None:
    driver = Driver(endless)
    driver.submit("go")
    wait_until(lambda: driver.status == "streaming")
    with pytest.raises(BusyError, match="a run is on"):
        driver.retry()
    driver.stop()


def test_a_protocol_violation_keeps_what_came_before_it() -> None:
    async def agent() -> AsyncIterator[Any]:
        yield "kept"
        yield {"type": "TEXT_MESSAGE_CONTENT", "messageId": "never-started", "delta": "x"}

    driver = Driver(agent)
    run = driver.submit("go")
    with pytest.raises(RunError) as failed:
        run.result(WAIT_S)
    assert (run.status, failed.value.answer.text) == ("rejected", "kept")


def test_a_stream_without_an_ending_is_truncated_and_never_a_success() -> None:
    from agui_widget.agents import AGENTS, Kind

    class Cut:
        async def __call__(self, run_input: dict[str, Any]) -> AsyncIterator[Any]:
            yield {"type": "RUN_STARTED", "threadId": run_input["threadId"], "runId": run_input["runId"]}

    kind = Kind("a stream that is cut", lambda given: isinstance(given, Cut), lambda given: given, "")
    AGENTS.insert(0, kind)
    try:
        driver = Driver(Cut())
        with pytest.raises(RunError, match="ended"):
            driver.ask_sync("go")
        assert footer(driver) == "truncated"
    finally:
        AGENTS.remove(kind)


# -- loops and threads -------------------------------------------------------------------------------


def test_waiting_inside_an_agent_is_refused_instead_of_waiting_for_ever() -> None:
    other = Driver(echo)

    async def agent() -> AsyncIterator[str]:
        for ask in (other.ask_sync, lambda text: other.submit(text).result(), other.wait):
            with pytest.raises(BusyError, match="inside an agent"):
                ask("hello") if ask != other.wait else ask()
        with pytest.raises(BusyError):
            await other.ask("hello")
        yield "refused"

    assert Driver(agent).ask_sync("go").text == "refused"


async def test_a_kernel_loop_agent_runs_on_the_loop_of_who_made_it() -> None:
    here = asyncio.get_running_loop()
    queue: asyncio.Queue[str] = asyncio.Queue()

    async def agent() -> AsyncIterator[str]:
        assert asyncio.get_running_loop() is here
        yield await queue.get()

    driver = Driver(agent, loop="kernel")
    run = driver.submit("go")
    await queue.put("from the cell's own queue")
    assert (await run).text == "from the cell's own queue"


async def test_a_kernel_loop_agent_can_be_stopped_and_is_closed() -> None:
    closed = asyncio.Event()

    async def agent() -> AsyncIterator[str]:
        try:
            while True:
                yield "x"
                await asyncio.sleep(0.001)
        finally:
            closed.set()

    driver = Driver(agent, loop="kernel")
    run = driver.submit("go")
    await asyncio.sleep(0.05)
    run.cancel()
    await asyncio.wait_for(closed.wait(), WAIT_S)
    assert (await run).status == "aborted"


async def test_what_a_kernel_loop_agent_raises_is_its_error() -> None:
    async def agent() -> AsyncIterator[str]:
        yield "x"
        raise ValueError("on the cell's loop")

    with pytest.raises(RunError, match="on the cell's loop"):
        await Driver(agent, loop="kernel").ask("go")


async def test_blocking_for_a_kernel_loop_agent_is_refused() -> None:
    with pytest.raises(BusyError, match=r"await chat\.ask"):
        Driver(echo, loop="kernel").ask_sync("go")


@pytest.mark.parametrize(("loop", "named"), [("kernel", "running event loop"), ("main", '"driver" or "kernel"')])
def test_a_loop_that_cannot_be_is_refused(loop: Any, named: str) -> None:
    with pytest.raises(AgentError, match=named):
        Driver(echo, loop=loop)


def test_many_conversations_share_one_thread() -> None:
    before = threading.active_count()
    drivers = [Driver(endless) for _ in range(10)]
    for driver in drivers:
        driver.submit("go")
    wait_until(lambda: all(driver.status == "streaming" for driver in drivers))
    assert threading.active_count() <= before + 1
    for driver in drivers:
        driver.stop()


def test_an_agent_that_never_waits_does_not_keep_the_loop_from_others() -> None:
    async def greedy() -> AsyncIterator[str]:
        while True:
            yield "more "

    driver = Driver(greedy)
    driver.submit("go")
    wait_until(lambda: driver.status == "streaming")
    assert Driver(echo).ask_sync("meanwhile").text == "You said: meanwhile"
    driver.stop()


async def test_thousands_of_events_that_do_not_merge_are_kept_without_merging_each_time() -> None:
    async def many_tools() -> AsyncIterator[Any]:
        for number in range(1_500):
            yield {"type": "TOOL_CALL_START", "toolCallId": str(number), "toolCallName": "f"}
            yield {"type": "TOOL_CALL_END", "toolCallId": str(number)}
            yield {"type": "TOOL_CALL_RESULT", "messageId": f"r{number}", "toolCallId": str(number), "content": "x"}

    run = Driver(many_tools).submit("go")
    await run
    assert sum([event["type"] == "TOOL_CALL_RESULT" async for event in run]) == 1_500


def test_starting_and_stopping_leaves_no_thread_and_no_task() -> None:
    driver = Driver(endless)
    for _ in range(50):
        driver.submit("go")
        driver.stop()
    tasks = driver._loop.call(lambda: asyncio.all_tasks(driver._loop.loop))
    assert len(tasks) <= 1  # the one that asks


# -- printing ----------------------------------------------------------------------------------------


async def printing_async() -> AsyncIterator[str]:
    print("from async")
    yield "x"


def printing_sync() -> Iterator[str]:
    print("from a thread")
    yield "x"


@pytest.mark.parametrize(("agent", "printed"), [(printing_async, "from async\n"), (printing_sync, "from a thread\n")])
def test_what_an_agent_prints_is_part_of_the_chat(agent: Any, printed: str, capsys: pytest.CaptureFixture[str]) -> None:
    driver = Driver(agent, echo=False)
    driver.ask_sync("go")
    assert lane_values(driver, "status") == [{"name": "stdout", "data": {"text/plain": printed}}]
    assert capsys.readouterr().out == ""


def test_in_a_script_it_is_printed_as_well(capsys: pytest.CaptureFixture[str]) -> None:
    Driver(printing_async).ask_sync("go")
    assert capsys.readouterr().out == "from async\n"


def test_what_others_print_meanwhile_is_left_alone(capsys: pytest.CaptureFixture[str]) -> None:
    driver = Driver(endless, echo=False)
    driver.submit("go")
    wait_until(lambda: driver.status == "streaming")
    print("from the cell")
    driver.stop()
    assert capsys.readouterr().out == "from the cell\n"


def test_the_streams_are_put_back(capsys: pytest.CaptureFixture[str]) -> None:
    before = sys.stdout
    Driver(printing_async).ask_sync("go")
    assert sys.stdout is before


def test_many_prints_are_few_envelopes() -> None:
    async def chatty() -> AsyncIterator[str]:
        for number in range(1_000):
            print(number)
        yield "done"

    driver = Driver(chatty, echo=False)
    driver.ask_sync("go")
    texts = [value["data"]["text/plain"] for value in lane_values(driver, "status")]
    assert "".join(texts) == "".join(f"{number}\n" for number in range(1_000))
    assert len(texts) < 20


def test_an_answer_is_a_plain_value() -> None:
    assert Answer("a") == Answer("a")
    assert str(Answer("a")) == "a"


def test_half_a_character_that_is_said_can_be_written_down(tmp_path: Path) -> None:
    driver = Driver(lambda text: text)
    driver.ask_sync("half \ud83d")
    assert driver.messages[0]["content"] == "half \ufffd"
    (tmp_path / "chat.html").write_text(driver.to_html(), "utf-8")


# -- waiting for a human -----------------------------------------------------------------------------

INTERRUPTS = [
    {"id": "i1", "reason": "tool_call", "toolCallId": "c", "message": "Drop the table?"},
    {"id": "i2", "reason": "input_required", "responseSchema": {"properties": {"name": {"type": "string"}}}},
]


async def asking(run: Any) -> AsyncIterator[Any]:
    if "resume" in run.input:
        yield {"type": "TOOL_CALL_RESULT", "messageId": "r", "toolCallId": "c", "content": "dropped"}
        yield str({entry["interruptId"]: entry.get("payload") for entry in run.input["resume"]})
        return
    yield {"type": "TOOL_CALL_START", "toolCallId": "c", "toolCallName": "drop"}
    yield {"type": "TOOL_CALL_END", "toolCallId": "c"}
    outcome = {"type": "interrupt", "interrupts": INTERRUPTS}
    yield {"type": "RUN_FINISHED", "threadId": run.input["threadId"], "runId": run.run_id, "outcome": outcome}


def parts(driver: Driver, kind: str) -> list[Any]:
    messages = driver.session.snapshot()["messages"]
    return [p["value"] for m in messages for lane in m["lanes"].values() for p in lane["parts"] if p["kind"] == kind]


def test_a_run_that_waits_shows_what_for_and_the_line_that_answers() -> None:
    driver = Driver(asking)
    driver.ask_sync("go")
    assert [question["message"] for question in parts(driver, "question")][0] == "Drop the table?"
    assert "chat.resolve()" in parts(driver, "question")[0]["answer"]
    assert parts(driver, "question")[1]["answer"] == "chat.resolve({'name': …})"
    assert (driver.status, footer(driver)) == ("awaiting_input", "waiting")


def test_the_run_goes_on_when_all_is_answered_in_the_row_that_waited() -> None:
    driver = Driver(asking)
    driver.ask_sync("go")
    assert driver.resolve({"name": "x"}, interrupt="i2") is None
    run = driver.resolve()
    assert run.result(WAIT_S).text == "{'i1': {'approved': True}, 'i2': {'name': 'x'}}"
    rows = lane_values(driver, "tools")
    assert [(row["call_id"], row["state"], row["result"]) for row in rows] == [("c", "done", "dropped")]
    assert (driver.status, parts(driver, "question")) == ("idle", [])
    said = driver.session.snapshot()["messages"]
    assert [each["lanes"]["status"]["status"]["status"] for each in said if each["role"] == "assistant"] == ["done"] * 2


def test_a_rejection_says_why() -> None:
    driver = Driver(asking)
    driver.ask_sync("go")
    assert "'approved': False, 'reason': 'too risky'" in driver.reject("too risky").result(WAIT_S).text


def test_saying_something_else_meanwhile_is_refused_with_the_line_to_write() -> None:
    driver = Driver(asking)
    driver.ask_sync("go")
    with pytest.raises(AgentError, match=r"chat\.resolve\(\).*Drop the table"):
        driver.submit("something else")


def test_answering_when_nothing_is_asked_is_refused() -> None:
    with pytest.raises(AgentError, match="waits for nothing"):
        Driver(echo).resolve()


def test_retrying_lets_the_question_go_and_asks_again() -> None:
    driver = Driver(asking)
    driver.ask_sync("go")
    driver.retry().result(WAIT_S)
    assert [question["id"] for question in parts(driver, "question")] == ["i1", "i2"]
    assert driver.status == "awaiting_input"


def test_clearing_lets_the_question_go() -> None:
    driver = Driver(asking)
    driver.ask_sync("go")
    driver.clear()
    assert (driver.pending, driver.status) == ([], "idle")


def test_python_tools_show_their_results_in_their_rows() -> None:
    async def agent(messages: Any) -> AsyncIterator[Any]:
        if messages[-1]["role"] == "tool":
            yield f"it is {messages[-1]['content']}"
            return
        yield {"type": "TOOL_CALL_START", "toolCallId": "c", "toolCallName": "double"}
        yield {"type": "TOOL_CALL_ARGS", "toolCallId": "c", "delta": '{"number": 21}'}
        yield {"type": "TOOL_CALL_END", "toolCallId": "c"}

    def double(number: int) -> int:
        return 2 * number

    driver = Driver(agent, tools=[double])
    assert driver.ask_sync("go").text == "it is 42"
    assert [(row["state"], row["result"]) for row in lane_values(driver, "tools")] == [("done", "42")]
