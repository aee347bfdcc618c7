"""AG-UI events through the protocol's pipeline: how fast, in how long a conversation, in how much memory.

Beside it the reference client of the protocol, `@ag-ui/client`, on the same events in node. All times are CPU
seconds of the process, so neighbours on the machine do not count, and the best of several rounds.
"""

from __future__ import annotations

import asyncio
import gc
import json
import shutil
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from agui_widget.client import AgentClient
from agui_widget.driver import Driver
from agui_widget.projection import Projection
from agui_widget.protocol import Pipeline
from agui_widget.session import Session

from .events import HEAD, TAIL, Event, a_run, conversation, deltas, tool_calls
from .probe import CHECKOUT
from .table import Aim, Table, times
from .tokens import TOKEN_BYTES, text_of, token

LENGTHS = (10, 100, 1_000)
REFERENCE = CHECKOUT / "benches" / "reference.mjs"
REFERENCE_NAME = "@ag-ui/client 1.0.0 (node)"

Read = Callable[[Event], object]
Messages = Callable[[], list[dict[str, Any]]]


@dataclass
class Scale:
    deltas: int
    reference_deltas: int
    rounds: int
    memory_deltas: int
    calls: tuple[int, int]


FULL = Scale(deltas=50_000, reference_deltas=2_000, rounds=3, memory_deltas=1_000_000, calls=(200, 700))
QUICK = Scale(deltas=2_000, reference_deltas=200, rounds=1, memory_deltas=20_000, calls=(50, 200))


def run(quick: bool) -> Iterator[Table]:
    """The tables of this bench, one by one."""
    scale = QUICK if quick else FULL
    with _reference() as reference:
        yield _speed_table(scale, reference)
        yield _length_table(scale, reference)
    yield _calls_table(scale)
    yield _memory_table(scale)


# -- who reads the events ------------------------------------------------------------------------------


def _pipeline(messages: Any) -> tuple[Read, Messages]:
    pipeline = Pipeline(messages=messages)
    return pipeline.feed, lambda: pipeline.messages


def _with_session(messages: Any) -> tuple[Read, Messages]:
    """Also what the driver does with each event: lanes, numbers, log, snapshot."""
    pipeline, session = Pipeline(messages=messages), Session()
    projection = Projection(pipeline)
    for message in messages:
        session.append(projection.user_message(message["content"]))
    session.append(projection.start_run("r", session.now()))

    def read(event: Event) -> None:
        for delivered in pipeline.feed(event):
            session.append(projection.feed(delivered, session.now()))

    return read, lambda: pipeline.messages


CONSUMERS: dict[str, Callable[[Any], tuple[Read, Messages]]] = {
    "protocol.Pipeline": _pipeline,
    "+ projection, session": _with_session,
}


def _cpu_of_deltas(consumer: str, length: int, count: int) -> float:
    read, messages = CONSUMERS[consumer](conversation(length))
    for event in HEAD:
        read(event)
    events = list(deltas(count))
    gc.collect()
    start = time.process_time()
    for event in events:
        read(event)
    spent = time.process_time() - start
    for event in TAIL:
        read(event)
    assert messages()[-1]["content"] == text_of(count), "text was lost"
    return spent


async def _agent(events: Iterator[Event]) -> AsyncIterator[Event]:
    for event in events:
        yield event


def _cpu_of_client(count: int) -> float:
    async def read() -> None:
        async for _ in AgentClient(lambda: _agent(a_run(count))).run("go"):
            pass

    start = time.process_time()
    asyncio.run(read())
    return time.process_time() - start


def _cpu_of_driver(count: int) -> float:
    """From an agent function to numbered envelopes: all that the kernel does but sending."""
    start = time.process_time()
    answer = Driver(lambda: _agent(a_run(count)), echo=False).ask_sync("go")
    spent = time.process_time() - start
    assert answer.text == text_of(count), "text was lost"
    return spent


def _cpu_of_calls(count: int) -> float:
    start = time.process_time()
    Driver(lambda: _agent(tool_calls(count)), echo=False).ask_sync("go")
    return time.process_time() - start


# -- the reference -------------------------------------------------------------------------------------

Reference = Callable[[int, int], float | None]


@contextmanager
def _reference() -> Iterator[Reference]:
    """Gives the CPU seconds of one run in a conversation of some length; None for all where node is missing."""
    node = shutil.which("node")
    if node is None or not (CHECKOUT / "js" / "node_modules" / "@ag-ui" / "client").exists():
        yield lambda length, count: None
        return
    with subprocess.Popen([node, REFERENCE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin and process.stdout
        stdin, stdout = process.stdin, process.stdout

        def measure(length: int, count: int) -> float:
            stdin.write(json.dumps({"messages": length, "deltas": count, "text": token(0)}) + "\n")
            stdin.flush()
            answer = json.loads(stdout.readline())
            assert answer["chars"] == count * TOKEN_BYTES, answer
            return float(answer["cpu_s"])

        measure(10, 100)  # compiled by now
        yield measure
        stdin.close()


# -- tables --------------------------------------------------------------------------------------------


def _speed_table(scale: Scale, reference: Reference) -> Table:
    readers: dict[str, tuple[int, Callable[[int], float | None]]] = {
        **{name: (scale.deltas, partial(_cpu_of_deltas, name, 0)) for name in CONSUMERS},
        "AgentClient.run, agent function": (scale.deltas, _cpu_of_client),
        "Driver, agent function": (scale.deltas, _cpu_of_driver),
        REFERENCE_NAME: (scale.reference_deltas, partial(reference, 0)),
    }
    table = Table(
        f"pipeline: text deltas of {TOKEN_BYTES} bytes",
        ["", "deltas", "events/s", "us/event", "x reference"],
    )
    speeds = {name: count / cpu for name, (count, read) in readers.items() if (cpu := _least(scale, read, count))}
    for name, speed in speeds.items():
        table.add(name, readers[name][0], speed, 1e6 / speed, times(speed, speeds.get(REFERENCE_NAME, 0)))
    table.notes = (
        [] if REFERENCE_NAME in speeds else ["No node, or no js/node_modules: the reference client was not run."]
    )
    table.aims = [Aim("events/s through the pipeline", speeds["protocol.Pipeline"], 50_000, at_least=True)]
    return table


def _length_table(scale: Scale, reference: Reference) -> Table:
    table = Table(
        "pipeline: does a token cost more in a longer conversation? us/token after so many messages",
        ["", *(f"{length:,}" for length in LENGTHS), f"x at {LENGTHS[-1]:,}"],
    )
    count = scale.deltas // 2
    for name in CONSUMERS:
        costs = [_least(scale, partial(_cpu_of_deltas, name, length), count) for length in LENGTHS]
        per_token = [cost / count * 1e6 for cost in costs if cost is not None]
        growth = per_token[-1] / per_token[0]
        table.add(name, *per_token, f"{growth:.2f}x")
        table.aims.append(Aim(f"growth, {name}", growth, 1.25, "x"))
    count = scale.reference_deltas // 2
    costs = [reference(length, count) for length in LENGTHS]
    per_token = [cost / count * 1e6 for cost in costs if cost is not None]
    if per_token:
        table.add(REFERENCE_NAME, *per_token, f"{per_token[-1] / per_token[0]:.2f}x")
    return table


def _calls_table(scale: Scale) -> Table:
    few, many = scale.calls
    table = Table("pipeline: tool calls through the Driver", ["", f"{few:,} us/call", f"{many:,} us/call", "growth"])
    costs = [_least(scale, _cpu_of_calls, count) or 0.0 for count in scale.calls]
    per_call = [cost / count * 1e6 for cost, count in zip(costs, scale.calls, strict=True)]
    growth = per_call[1] / per_call[0]
    table.add("Driver, four events a call", *per_call, f"{growth:.2f}x")
    table.aims = [Aim("growth", growth, 1.5, "x")]
    return table


def _memory_table(scale: Scale) -> Table:
    table = Table(
        f"pipeline: peak memory of {scale.memory_deltas:,} deltas, as a multiple of their text's bytes",
        ["", "text MB", "fed MB", "x text", "fed and read MB", "x text"],
        notes=["Growth of the process's peak resident memory; read: `messages`, a copy, was asked for at the end."],
    )
    for name in CONSUMERS:
        command = [sys.executable, "-m", "benches.memory", name, str(scale.memory_deltas)]
        output = subprocess.run(command, cwd=CHECKOUT, check=True, capture_output=True, text=True).stdout
        took = json.loads(output)
        text, fed, read = (took[key] / 1e6 for key in ("text", "fed", "read"))
        table.add(name, text, fed, times(fed, text), read, times(read, text))
        table.aims.append(Aim(f"peak growth, {name}", fed / text, 3, "x"))
    return table


def _least(scale: Scale, measure: Callable[[int], float | None], count: int) -> float | None:
    spent = [measure(count) for _ in range(scale.rounds)]
    return min((cpu for cpu in spent if cpu is not None), default=None)
