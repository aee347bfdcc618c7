"""Agents that are processes: real ones, written out here as the small Python programs that they are."""

import asyncio
import json
import os
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest

from agui_widget import AgentClient, AguiError, Driver, ProcessAgent, RunError
from agui_widget.errors import AgentError

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and process groups as POSIX has them")

SAY = """
import json, os, sys, time

def say(type, data={}, **more):
    print(json.dumps({"v": "1", "id": "e", "seq": 0, "ts": 0, "type": type, "data": data, **more}), flush=True)

def token(text, index):
    say("grover.token", {"token": text, "index": index})
"""


def worker(code: str, **options: Any) -> ProcessAgent:
    return ProcessAgent([sys.executable, "-c", SAY + code], **{"dialect": "envelope", "name": "worker", **options})


def parts(driver: Driver, lane: str, kind: str) -> list[Any]:
    messages = driver.session.snapshot()["messages"]
    found = [part for each in messages for part in each["lanes"].get(lane, {"parts": []})["parts"]]
    return [part["value"] for part in found if part["kind"] == kind]


def notices(driver: Driver, code: str) -> list[str]:
    return [each["message"] for each in parts(driver, "status", "notice") if each["code"] == code]


def is_alive(pid: int) -> bool:
    """Zombies, which nobody has waited for yet, are not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def until(holds: Callable[[], bool]) -> None:
    ends = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < ends, "it did not become so"
        time.sleep(0.01)


@pytest.fixture
def pids(tmp_path: Path) -> Iterator[Callable[[], list[int]]]:
    """What processes wrote to the file `pids` in their folder; all of them must have ended with the test."""

    def read() -> list[int]:
        path = tmp_path / "pids"
        return [int(each) for each in path.read_text().split()] if path.exists() else []

    yield read
    until(lambda: not any(map(is_alive, read())))


# -- what it gets, and what it says ------------------------------------------------------------------


async def test_a_process_is_an_agent() -> None:
    answer = await Driver(worker("token('Hel', 0); token('lo', 1); say('grover.done')")).ask("hi")
    assert answer.text == "Hello"


async def test_the_dialect_is_found_by_the_first_lines() -> None:
    lines = [
        {"type": "RUN_STARTED", "threadId": "t", "runId": "r"},
        {"type": "TEXT_MESSAGE_CHUNK", "messageId": "m", "delta": "Hello"},
        {"type": "RUN_FINISHED", "threadId": "t", "runId": "r"},
    ]
    code = f"for each in {lines!r}: print(json.dumps(each))"
    assert (await Driver(worker(code, dialect="auto")).ask("hi")).text == "Hello"


async def test_it_gets_the_runs_input_on_its_standard_input() -> None:
    code = """
given = json.load(sys.stdin)
token(given["messages"][-1]["content"] + " " + given["runId"], 0); say("grover.done")
"""
    run = Driver(worker(code)).submit("hi")
    assert (await run).text == f"hi {run.id}"


async def test_one_that_does_not_read_its_input_is_not_kept_waiting() -> None:
    client = AgentClient(worker("token('ok', 0); say('grover.done')"))
    assert [event["type"] async for event in client.run("x" * 500_000)][-1] == "RUN_FINISHED"


async def test_the_runs_id_and_the_words_of_the_user_are_in_its_environment_if_they_are_asked_for() -> None:
    code = "token(os.environ['CORR'] + ' ' + os.environ['WORDS'], 0); say('grover.done')"
    run = Driver(worker(code, correlation_env="CORR", prompt_env="WORDS")).submit("two\0words")
    assert (await run).text == f"{run.id} two\ufffdwords"


async def test_a_prompt_that_no_environment_takes_is_cut() -> None:
    code = "token(str(len(os.environ['WORDS'].encode())), 0); say('grover.done')"
    assert (await Driver(worker(code, prompt_env="WORDS")).ask("é" * 200_000)).text == "100000"


async def test_it_works_in_its_folder_with_its_environment_added_to_ours(tmp_path: Path) -> None:
    code = "token(os.getcwd() + os.environ['MINE'] + str('PATH' in os.environ), 0); say('grover.done')"
    answer = await Driver(worker(code, cwd=tmp_path, env={"MINE": "+"})).ask("hi")
    assert answer.text == f"{tmp_path.resolve()}+True"


async def test_words_appear_while_it_works() -> None:
    client = AgentClient(worker("token('a', 0); sys.stdin.read(); time.sleep(30)"))
    run = client.run("hi")
    async for event in run:
        if event["type"] == "TEXT_MESSAGE_CONTENT":
            break
    await run.aclose()
    assert client.outcome == "aborted"


async def test_lines_may_be_cut_anywhere_and_the_last_needs_no_end() -> None:
    code = """
line = json.dumps({"v": "1", "type": "grover.token", "data": {"token": "é€😀", "index": 0}}, ensure_ascii=False)
for byte in (line + "\\r\\n\\n: ping\\n" + '{"v":"1","type":"grover.done"}').encode():
    sys.stdout.buffer.write(bytes([byte])); sys.stdout.buffer.flush()
"""
    assert (await Driver(worker(code)).ask("hi")).text == "é€😀"


# -- what is not as it should be ---------------------------------------------------------------------


async def test_other_lines_are_seen_and_end_nothing() -> None:
    driver = Driver(worker("print('Loading…'); token('a', 0); print('[1, 2]', flush=True); say('grover.done')"))
    assert (await driver.ask("hi")).text == "a"
    assert notices(driver, "stdout") == ["Loading…", "[1, 2]"]


async def test_a_broken_line_is_an_error_that_names_it_and_ends_nothing() -> None:
    driver = Driver(
        worker("print('{\"v\": \"1\", '); token('a', 0); say('grover.step', {'step': 1}); say('grover.done')")
    )
    assert (await driver.ask("hi")).text == "a"
    first, second = [each["message"] for each in parts(driver, "errors", "error")]
    assert first.startswith('frame 1 is no JSON object: {"v": "1",')
    assert second == "frame 3 (grover.step) is malformed: message: Field required"


async def test_a_flood_of_other_lines_is_counted() -> None:
    driver = Driver(worker("print('x\\n' * 100_000); token('a', 0); say('grover.done')"))
    assert (await driver.ask("hi")).text == "a"
    seen = notices(driver, "stdout")
    assert len(seen) == 101 and seen[-1] == "99,900 more lines are not shown"


async def test_a_line_that_is_too_long_is_left_out() -> None:
    code = "token('x' * 3_000_000, 0); token('a', 0); say('grover.done')"
    driver = Driver(worker(code, max_line_bytes=1_000_000))
    assert (await driver.ask("hi")).text == "a"
    assert [each["message"] for each in parts(driver, "errors", "error")] == [
        "a line of more than 1,000,000 bytes is left out"
    ]


async def test_a_line_of_ten_megabytes_is_read() -> None:
    answer = await Driver(worker("token('x' * 10_000_000, 0); say('grover.done')"), markdown="off").ask("hi")
    assert len(answer.text) == 10_000_000


async def test_bytes_that_are_no_text_are_replaced() -> None:
    code = """
sys.stdout.buffer.write(b'{"v":"1","type":"grover.token","data":{"token":"a\\xff","index":0}}\\n'); sys.stdout.flush()
say('grover.done')
"""
    assert (await Driver(worker(code)).ask("hi")).text == "a\ufffd"


async def test_an_end_without_its_last_word_is_truncated() -> None:
    with pytest.raises(RunError) as failed:
        await Driver(worker("token('so far', 0)")).ask("hi")
    assert failed.value.answer.status == "truncated" and failed.value.answer.text == "so far"


# -- how it ends -------------------------------------------------------------------------------------


async def test_an_exit_code_is_an_error_with_the_last_lines_of_stderr() -> None:
    driver = Driver(worker("token('so far', 0); print('one\\ntwo', file=sys.stderr); sys.exit(3)"))
    with pytest.raises(RunError, match="worker ended with exit code 3: two") as failed:
        await driver.ask("hi")
    assert failed.value.answer.text == "so far"
    assert parts(driver, "errors", "error")[0]["detail"] == "one\ntwo"
    assert notices(driver, "stderr") == ["one", "two"]


async def test_a_traceback_is_there_for_who_opens_the_error() -> None:
    driver = Driver(worker("1 / 0"))
    with pytest.raises(RunError, match="exit code 1: ZeroDivisionError: division by zero"):
        await driver.ask("hi")
    assert "Traceback (most recent call last)" in parts(driver, "errors", "error")[0]["detail"]


async def test_a_signal_is_named() -> None:
    with pytest.raises(RunError, match=r"worker was ended by SIGKILL\."):
        await Driver(worker("os.kill(os.getpid(), 9)")).ask("hi")


async def test_an_exit_code_after_its_last_word_is_an_error_all_the_same() -> None:
    with pytest.raises(RunError, match="exit code 2"):
        await Driver(worker("token('a', 0); say('grover.done'); sys.exit(2)")).ask("hi")


async def test_what_it_says_of_its_failure_counts_more_than_its_exit_code() -> None:
    with pytest.raises(RunError, match="no more disk"):
        await Driver(worker("say('error', {'message': 'no more disk', 'code': 'full'}); sys.exit(1)")).ask("hi")


async def test_one_that_cannot_be_started_says_why() -> None:
    with pytest.raises(RunError, match="/no/such/program could not be started: No such file or directory"):
        await Driver(ProcessAgent(["/no/such/program"])).ask("hi")


async def test_a_flood_on_stderr_holds_nothing_up_and_takes_no_memory() -> None:
    code = "sys.stderr.write('noise\\n' * 3_000_000); token('a', 0); say('grover.done'); sys.exit(1)"
    driver = Driver(worker(code))
    tracemalloc.start()
    try:
        with pytest.raises(RunError, match="exit code 1: noise"):
            await driver.ask("hi")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    seen = notices(driver, "stderr")
    assert len(seen) == 101 and seen[-1] == "2,999,900 more lines are not shown"
    assert peak < 8_000_000  # of 18 MB


async def test_what_nobody_reads_stays_in_the_pipe(tmp_path: Path) -> None:
    code = """
for index in range(100_000):
    token("x" * 1_000, index)
    open("said", "a").write(".")
"""
    run = worker(code, cwd=tmp_path)({"threadId": "t", "runId": "r", "messages": []})
    async with aclosing(run):
        await anext(run)
        await asyncio.sleep(0.5)
        assert (tmp_path / "said").stat().st_size < 1_000  # of which each is 1 KB


# -- stopping ----------------------------------------------------------------------------------------

FAMILY = """
import subprocess
code = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True); time.sleep(60)"
grandchild = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
grandchild.stdout.readline()
open("pids", "w").write(f"{os.getpid()} {grandchild.pid}")
"""


async def test_stopping_ends_it_and_what_it_has_started(tmp_path: Path, pids: Callable[[], list[int]]) -> None:
    driver = Driver(worker(FAMILY + "token('a', 0); time.sleep(60)", cwd=tmp_path))
    run = driver.submit("hi")
    await asyncio.to_thread(until, lambda: len(pids()) == 2 and "a" in str(driver.session.snapshot()))
    assert all(map(is_alive, pids()))
    await asyncio.to_thread(driver.stop)
    assert run.status == "aborted"
    await asyncio.to_thread(until, lambda: not any(map(is_alive, pids())))


async def test_it_may_tidy_up_when_it_is_told_to_end(tmp_path: Path) -> None:
    code = """
import signal
def tidy(*_): open("tidied", "w").close(); sys.exit()
signal.signal(signal.SIGTERM, tidy)
token("a", 0); time.sleep(60)
"""
    driver = Driver(worker(code, cwd=tmp_path))
    driver.submit("hi")
    await asyncio.to_thread(until, lambda: "'text': 'a'" in str(driver.session.snapshot()))
    await asyncio.to_thread(driver.stop)
    assert (tmp_path / "tidied").exists()


async def test_one_that_ignores_being_told_to_end_is_killed(tmp_path: Path, pids: Callable[[], list[int]]) -> None:
    code = """
import signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
open("pids", "w").write(str(os.getpid()))
token("a", 0); time.sleep(60)
"""
    driver = Driver(worker(code, cwd=tmp_path))
    driver.submit("hi")
    await asyncio.to_thread(until, lambda: "'text': 'a'" in str(driver.session.snapshot()))
    await asyncio.to_thread(driver.stop)
    assert pids()


async def test_what_it_leaves_running_neither_holds_the_run_nor_lives_on(
    tmp_path: Path, pids: Callable[[], list[int]]
) -> None:
    code = FAMILY.replace("stdout=subprocess.PIPE)", "stdout=subprocess.PIPE, stderr=sys.stdout)")
    answer = await Driver(worker(code + "token('a', 0); say('grover.done')", cwd=tmp_path)).ask("hi")
    assert answer.text == "a" and len(pids()) == 2


async def test_one_that_has_left_its_session_does_not_hold_the_run(tmp_path: Path) -> None:
    code = """
import subprocess
daemon = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)
open("pids", "w").write(str(daemon.pid))
token('a', 0); say('grover.done')
"""
    try:
        assert (await Driver(worker(code, cwd=tmp_path)).ask("hi")).text == "a"
    finally:
        os.kill(int((tmp_path / "pids").read_text()), 9)


def test_nothing_outlives_the_python_that_started_it(tmp_path: Path, pids: Callable[[], list[int]]) -> None:
    child = "import os, sys, time" + FAMILY + "time.sleep(60)"
    code = f"""
import os, sys, time
from agui_widget import Driver, ProcessAgent
Driver(ProcessAgent([sys.executable, "-c", {child!r}])).submit("hi")
while not (os.path.exists("pids") and len(open("pids").read().split()) == 2):
    time.sleep(0.01)
"""
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True, timeout=20)
    assert len(pids()) == 2


async def test_runs_leave_nothing_behind() -> None:
    driver = Driver(worker("token('a', 0); say('grover.done')"))
    await driver.ask("first")
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(10):
        await driver.ask("again")
    assert len(os.listdir("/proc/self/fd")) <= before + 1


# -- starting again ----------------------------------------------------------------------------------

UNSTEADY = """
path = "tries"
tries = int(open(path).read()) + 1 if os.path.exists(path) else 1
open(path, "w").write(str(tries))
"""


async def test_one_that_fails_before_it_speaks_can_be_started_again(tmp_path: Path) -> None:
    code = UNSTEADY + "if tries < 3: sys.exit('not yet')\ntoken(str(tries), 0); say('grover.done')"
    driver = Driver(worker(code, cwd=tmp_path, restart="on-failure"))
    assert (await driver.ask("hi")).text == "3"
    assert notices(driver, "restart") == [
        f"worker ended with exit code 1: not yet It is started again ({attempt} of 2)." for attempt in (1, 2)
    ]


async def test_it_is_not_started_again_for_ever(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="exit code 1: no"):
        await Driver(worker(UNSTEADY + "sys.exit('no')", cwd=tmp_path, restart="on-failure", max_restarts=1)).ask("hi")
    assert (tmp_path / "tries").read_text() == "2"


@pytest.mark.parametrize(
    ("code", "restart"), [("token('a', 0); sys.exit('no')", "on-failure"), ("sys.exit('no')", "never")]
)
async def test_one_that_has_spoken_or_must_not_is_not_started_again(tmp_path: Path, code: str, restart: Any) -> None:
    with pytest.raises(RunError, match="exit code 1: no"):
        await Driver(worker(UNSTEADY + code, cwd=tmp_path, restart=restart)).ask("hi")
    assert (tmp_path / "tries").read_text() == "1"


# -- secrets, and what is no command -----------------------------------------------------------------


async def test_values_of_the_environment_are_never_shown() -> None:
    code = """
print(os.environ['KEY'], flush=True)
print('using', os.environ['KEY'], file=sys.stderr)
sys.exit('bad key ' + os.environ['KEY'])
"""
    driver = Driver(worker(code, env={"KEY": "canary-1234", "DEBUG": "1"}))
    with pytest.raises(RunError, match="bad key •••"):
        await driver.ask("hi")
    assert "canary" not in json.dumps(driver.session.snapshot()) + driver.to_html() + repr(worker(code))
    assert "exit code 1" in json.dumps(driver.session.snapshot())


@pytest.mark.parametrize(
    ("code", "key"),
    [
        ("print('x' * 495 + os.environ['KEY'], flush=True)", "canary-1234"),
        ("print(os.environ['KEY'], file=sys.stderr)", "-----BEGIN-----\ncanary-1234\ncanary-5678\n"),
        ("print('{\"key\": ' + os.environ['KEY'], flush=True)", "canary-1234"),
    ],
    ids=["cut", "in lines", "in no JSON"],
)
async def test_no_part_of_a_value_of_the_environment_is_shown(code: str, key: str) -> None:
    driver = Driver(worker(f"{code}\nsys.exit(1)", env={"KEY": key}))
    with pytest.raises(RunError):
        await driver.ask("hi")
    assert "cana" not in json.dumps(driver.session.snapshot())


def test_an_argument_is_never_its_name() -> None:
    assert Driver(ProcessAgent(["python", "-u", "worker.py"])).name == "python"
    assert Driver(ProcessAgent(["/usr/bin/python", "work/worker.py", "--key=canary"])).name == "worker.py"


@pytest.mark.parametrize("command", ["python worker.py", [], b"python", ["python", 3], None])
def test_what_is_no_command_is_refused(command: Any) -> None:
    with pytest.raises(AgentError, match="a command is a list of its words"):
        ProcessAgent(command)


@pytest.mark.parametrize(("option", "names"), [({"dialect": "morse"}, "morse"), ({"restart": "always"}, "never")])
def test_a_wrong_option_is_said_where_it_is_given(option: dict[str, Any], names: str) -> None:
    with pytest.raises(AguiError, match=names):
        ProcessAgent(["python"], **option)


def test_one_agent_may_be_in_several_chats() -> None:
    agent = worker("print('mine', file=sys.stderr); token('a', 0); say('grover.done')")
    first, second = Driver(agent), Driver(agent)
    first.ask_sync("hi")
    assert notices(first, "stderr") == ["mine"] and notices(second, "stderr") == []
