"""The kernel's send budget is shared by all widgets, in turns."""

import asyncio
from collections import Counter

import pytest

from agui_widget.flusher import SENDS_PER_TICK, Flusher


class Busy:
    """An outbox that always has more to send."""

    def __init__(self, flushed: list["Busy"]) -> None:
        self.flushed = flushed
        self.needs_another = True

    def flush(self, now: float) -> None:
        self.flushed.append(self)


async def test_busy_outboxes_take_turns_within_the_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    flushed: list[Busy] = []
    outboxes = [Busy(flushed) for _ in range(2 * SENDS_PER_TICK)]
    sent_by_tick = []
    sleep = asyncio.sleep

    async def tick(_: float) -> None:
        sent_by_tick.append(len(flushed))
        for outbox in outboxes:
            outbox.needs_another = len(sent_by_tick) < 9
        await sleep(0)

    monkeypatch.setattr("agui_widget.flusher.asyncio.sleep", tick)
    flusher = Flusher(asyncio.get_running_loop())
    for outbox in outboxes:
        flusher.mark(outbox)
    await flusher._task
    sends = [after - before for before, after in zip(sent_by_tick, sent_by_tick[1:], strict=False)]
    assert set(sends) == {SENDS_PER_TICK}
    assert len(set(Counter(map(id, flushed)).values())) == 1


async def test_it_rests_when_nothing_is_left() -> None:
    flushed: list[Busy] = []
    outbox = Busy(flushed)
    outbox.needs_another = False
    flusher = Flusher(asyncio.get_running_loop())
    flusher.mark(outbox)
    flusher.mark(outbox)
    await flusher._task
    assert flushed == [outbox]
    assert flusher._task is None
