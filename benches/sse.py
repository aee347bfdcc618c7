"""The decoder of server-sent events: many small events, and one that is far larger than a chunk.

Beside it httpx-sse, where it is installed; it is no dependency of ours. CPU seconds, best of several rounds.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator
from importlib.util import find_spec

import httpx

from agui_widget.sse import Decoder

from .events import a_run
from .table import Aim, Table, times

CHUNK_BYTES = 1024
MIB = 1024 * 1024

Decode = Callable[[Iterable[bytes]], list[str]]


def run(quick: bool) -> Iterator[Table]:
    """The tables of this bench, one by one."""
    decoders: dict[str, Decode] = {"agui_widget.sse": _ours}
    if find_spec("httpx_sse"):
        decoders["httpx-sse"] = _httpx_sse
    missing = [] if len(decoders) > 1 else ["httpx-sse is not installed (pip install httpx-sse): not compared."]
    rounds = 1 if quick else 3
    yield _speed_table(decoders, 2_000 if quick else 50_000, rounds, missing)
    yield _size_table(decoders, MIB if quick else 4 * MIB, rounds, missing)


def _ours(chunks: Iterable[bytes]) -> list[str]:
    decoder = Decoder()
    return [event.data for chunk in chunks for event in decoder.feed(chunk)]


def _httpx_sse(chunks: Iterable[bytes]) -> list[str]:
    from httpx_sse import EventSource

    headers = {"Content-Type": "text/event-stream"}
    response = httpx.Response(200, headers=headers, content=iter(chunks))
    return [event.data for event in EventSource(response).iter_sse()]


def _speed_table(decoders: dict[str, Decode], count: int, rounds: int, notes: list[str]) -> Table:
    blocks = [f"data: {json.dumps(event, separators=(',', ':'))}\n\n".encode() for event in a_run(count)]
    stream = b"".join(blocks)
    table = Table(
        f"sse: {len(blocks):,} events of {len(stream) // len(blocks)} bytes",
        ["", "chunks of", "events/s", "MB/s", "x ours"],
        notes=notes,
    )
    for label, chunks in (
        ("1 event", blocks),
        ("1 KiB", _cut(stream, CHUNK_BYTES)),
        ("16 KiB", _cut(stream, 16 * CHUNK_BYTES)),
    ):
        ours_s = None
        for name, decode in decoders.items():
            took_s = _least(rounds, decode, chunks, len(blocks))
            ours_s = ours_s or took_s
            table.add(name, label, len(blocks) / took_s, len(stream) / took_s / 1e6, times(ours_s, took_s))
    return table


def _size_table(decoders: dict[str, Decode], size: int, rounds: int, notes: list[str]) -> Table:
    """Totals of different sizes say more about the allocator than about us; the halves of one event do not."""
    table = Table(
        f"sse: one event of {size // MIB} MiB in chunks of 1 KiB",
        ["", "ms", "first half ms", "second half ms", "second / first", "x ours"],
        notes=[
            "A decoder that joins what it has with each chunk takes three times as long for the second half.",
            *notes,
        ],
    )
    chunks = _cut(b"data: " + b"x" * size + b"\n\n", CHUNK_BYTES)
    ours_s = None
    for name, decode in decoders.items():
        took_s, first_s, second_s = min(_halves(decode, chunks) for _ in range(rounds))
        ours_s = ours_s or took_s
        growth = second_s / first_s
        table.add(name, took_s * 1e3, first_s * 1e3, second_s * 1e3, f"{growth:.2f}x", times(took_s, ours_s))
        if not table.aims:
            table.aims = [Aim("the second half of one event beside the first (linear is 1x)", growth, 2, "x")]
    return table


def _halves(decode: Decode, chunks: list[bytes]) -> tuple[float, float, float]:
    """Seconds for the whole event, and for the first and the second half of its chunks."""
    marks: list[float] = []

    def watched() -> Iterator[bytes]:
        for n, chunk in enumerate(chunks):
            if n in (0, len(chunks) // 2, len(chunks) - 1):
                marks.append(time.process_time())
            yield chunk

    assert len(decode(watched())) == 1
    start, middle, last = marks
    return time.process_time() - start, middle - start, last - middle


def _cut(stream: bytes, size: int) -> list[bytes]:
    return [stream[at : at + size] for at in range(0, len(stream), size)]


def _least(rounds: int, decode: Decode, chunks: list[bytes], events: int) -> float:
    return min(_timed(decode, chunks, events) for _ in range(rounds))


def _timed(decode: Decode, chunks: list[bytes], events: int) -> float:
    start = time.process_time()
    decoded = decode(chunks)
    took_s = time.process_time() - start
    assert len(decoded) == events, f"{len(decoded)} events instead of {events}"
    return took_s
