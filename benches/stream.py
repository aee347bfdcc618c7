"""Tokens from a real kernel onto a real page: what each costs the kernel, the wire and the page's main thread.

Every way streams the same tokens at the same pace into the same notebook; the trials of all ways take turns,
and of each number the best round counts: what disturbs a machine only ever adds.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from tests.e2e.jupyter import Notebook, Server

from .probe import CHECKOUT, Probe, Reading, new_page
from .table import Aim, Table, times
from .tokens import TOKEN_BYTES, text_of

PATIENCE_S = 60
POLL_MS = 100

NAMES = {
    "ours": "AgentChat, plain",
    "live": "AgentChat, markdown",
    "floor": "floor: bare messages, text node",
    "transport": "the same, nothing grows on the page",
    "trait": "growing string trait, 30 ms",
    "update_display": "update_display(Markdown) per token",
    "nothing": "nothing sent (subtracted)",
}

# Of the last cell's output: the text that stands on the page, read once a trial has gone on for its time.
SHOWN = """() => {
    const cell = [...document.querySelectorAll(".jp-CodeCell")].at(-1);
    const chat = cell.querySelector(".agui-host");
    const lanes = chat?.shadowRoot.querySelectorAll('[data-role="assistant"] > [data-lane="text"]') ?? [];
    if (chat) return [...lanes].map(lane => lane.textContent).join("");
    const box = cell.querySelector(".bench");
    return box ? box.shown() : cell.querySelector(".jp-RenderedMarkdown")?.textContent ?? "";
}"""
IS_DISPLAYED = f"() => {{ {SHOWN}; return true }}"


@dataclass
class Scale:
    """How much to stream."""

    tokens: int
    rate: float
    few_tokens: int  # for `update_display`, whose cost grows with the square
    rounds: int
    lengths: tuple[int, ...]
    fast_rate: float
    burst: int


FULL = Scale(2_000, 200, few_tokens=400, rounds=2, lengths=(5_000, 10_000, 20_000), fast_rate=2_000, burst=20_000)
QUICK = Scale(200, 200, few_tokens=40, rounds=1, lengths=(500, 1_000), fast_rate=1_000, burst=2_000)


@dataclass
class Trial:
    """One way, one stream, what it took."""

    tokens: int
    page: Reading
    kernel_cpu_s: float
    kernel_wall_s: float
    first_s: float | None  # until something, and until everything, stood on the page
    shown_s: float | None
    shown: str

    @property
    def has_all(self) -> bool:
        """Markdown takes line ends for spaces; otherwise the text is equal to the last character."""
        return self.shown.split() == text_of(self.tokens).split()


def run(quick: bool) -> Iterator[Table]:
    """The tables of this bench, one by one."""
    scale = QUICK if quick else FULL
    with _notebook() as (notebook, probe):
        try_ = partial(_trial, notebook, probe)
        try_("ours", min(200, scale.tokens), scale.rate)  # the first of everything is loaded and compiled
        rounds = [_pace_round(try_, scale) for _ in range(scale.rounds)]
        idle = _best([round["nothing"] for round in rounds])
        yield _pace_table(scale, {name: _best([round[name] for round in rounds]) for name in NAMES}, idle)
        yield _length_table(try_, scale, idle)
        yield _burst_table(try_, scale)


@contextmanager
def _notebook() -> Iterator[tuple[Notebook, Probe]]:
    with tempfile.TemporaryDirectory() as home, new_page() as page:
        probe = Probe(page)
        server = Server(Path(home))
        try:
            notebook = Notebook(page, server, "lab", server.new_notebook()).open()
            notebook.hide_side_bars()
            notebook.run(f"import sys; sys.path.insert(0, {str(CHECKOUT)!r})")
            notebook.run("from benches import senders; from benches.tokens import *")
            yield notebook, probe
        finally:
            server.stop()


# -- one trial -----------------------------------------------------------------------------------------


def _trial(notebook: Notebook, probe: Probe, way: str, tokens: int, rate: float = 0, source: str = "burst") -> Trial:
    """Show one way in a cell of its own, stream, wait until everything is shown, and take the cell away."""
    notebook.run(f"senders.show({way!r})")
    if way == "ours":
        notebook.chat.wait_until_live()
    call = f"paced({tokens}, {rate})" if rate else f"{source}({tokens})"
    probe.start()
    start = time.monotonic()
    _execute(notebook, f"senders.start({call})")
    notebook.page.wait_for_timeout(tokens / rate * 1000 if rate else 0)
    first_s, shown_s, shown = _watch(notebook, start, 0 if way == "nothing" else tokens * TOKEN_BYTES - 1)
    kernel = _wait_for_report(notebook)
    page = probe.stop()
    notebook.js("cells.deleteCell(cells.cells.length - 1)")
    return Trial(tokens, page, kernel["cpu_s"], kernel["wall_s"], first_s, shown_s, shown)


def _watch(notebook: Notebook, start: float, chars: int) -> tuple[float | None, float | None, str]:
    """Look at the page until it shows that many characters, or patience ends."""
    first_s = None
    while True:
        shown: str = notebook.page.evaluate(SHOWN)
        now = time.monotonic() - start
        first_s = first_s or (now if shown else None)
        if len(shown) >= chars:
            return first_s, now, shown
        if now > PATIENCE_S:
            return first_s, None, shown
        notebook.page.wait_for_timeout(POLL_MS)


def _wait_for_report(notebook: Notebook) -> dict[str, float]:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        report: dict[str, float] | None = notebook.evaluate("senders.report()")
        if report:
            return report
        notebook.page.wait_for_timeout(POLL_MS)
    raise TimeoutError("the kernel did not come to the end of its stream")


def _execute(notebook: Notebook, code: str) -> None:
    """Run code in the kernel without a cell, which would cost the page something."""
    notebook.js("await kernel.requestExecute({ code: argument, silent: true }).done", code)


# -- from trials to rows -------------------------------------------------------------------------------


@dataclass
class Cost:
    """The best of several trials, per token or per 1,000 of them; `page` and `kernel` still include what idling takes."""

    tokens: int
    wall_s: float
    page_ms: float
    script_ms: float
    layout_ms: float
    kernel_us: float
    bytes: float
    messages: float
    longest_ms: float
    longest_cpu_ms: float
    dropped: int
    frames: int
    has_all: bool

    def net_ms(self, idle: Cost) -> float:
        """Main-thread ms per 1,000 tokens, without what the page takes by itself in the same time."""
        idle_ms = idle.page_ms * idle.tokens / idle.wall_s
        return self.page_ms - idle_ms * self.wall_s / self.tokens

    def net_bytes(self, idle: Cost) -> float:
        return self.bytes - idle.bytes * idle.tokens / self.tokens


def _best(trials: list[Trial]) -> Cost:
    tokens = trials[0].tokens

    def least(amount: Any) -> Any:
        return min(map(amount, trials))

    thousands = tokens / 1_000
    return Cost(
        tokens=tokens,
        wall_s=least(lambda trial: trial.page.wall_s),
        page_ms=least(lambda trial: trial.page.task_s) * 1e3 / thousands,
        script_ms=least(lambda trial: trial.page.script_s) * 1e3 / thousands,
        layout_ms=least(lambda trial: trial.page.layout_s) * 1e3 / thousands,
        kernel_us=least(lambda trial: trial.kernel_cpu_s) * 1e6 / tokens,
        bytes=least(lambda trial: trial.page.socket_bytes) / tokens,
        messages=least(lambda trial: trial.page.socket_frames) / thousands,
        longest_ms=least(lambda trial: trial.page.longest_ms),
        longest_cpu_ms=least(lambda trial: trial.page.longest_cpu_ms),
        dropped=least(lambda trial: trial.page.dropped),
        frames=trials[0].page.frames,
        has_all=all(trial.has_all for trial in trials),
    )


def _task(longest_ms: float) -> Any:
    return longest_ms or "< 50"


# -- 200 tokens a second -------------------------------------------------------------------------------


def _pace_round(try_: Any, scale: Scale) -> dict[str, Trial]:
    return {way: try_(way, scale.few_tokens if way == "update_display" else scale.tokens, scale.rate) for way in NAMES}


def _pace_table(scale: Scale, costs: dict[str, Cost], idle: Cost) -> Table:
    table = Table(
        f"stream: {scale.tokens:,} tokens of {TOKEN_BYTES} bytes at {scale.rate:g}/s, JupyterLab in Chromium",
        ["", *"tokens kernel_us/token bytes/token page_ms/1,000 x_floor script_ms layout_ms".split()]
        + "longest_task_cpu_ms longest_task_ms frames_dropped messages/1,000 all_shown".split(),
        notes=[
            f"Best of {scale.rounds} rounds. page: CPU of the page's main thread; what it takes while nothing is sent",
            "is subtracted, likewise in the kernel (the same loop without sending) and on the socket. script and layout",
            "are gross. longest task: what the thread worked in it, and how long the page's observer saw it last, which on",
            f"a busy machine is waiting, too. update_display gets {scale.few_tokens} tokens only: its cost grows with the text.",
        ],
    )
    table.columns = [name.replace("_", " ") for name in table.columns]
    floor = costs["floor"]
    for way, cost in costs.items():
        net = cost.page_ms if way == "nothing" else cost.net_ms(idle)
        table.add(
            NAMES[way],
            cost.tokens,
            cost.kernel_us if way == "nothing" else cost.kernel_us - idle.kernel_us,
            cost.bytes if way == "nothing" else cost.net_bytes(idle),
            net,
            "" if way == "nothing" else times(net, floor.net_ms(idle)),
            cost.script_ms,
            cost.layout_ms,
            cost.longest_cpu_ms,
            _task(cost.longest_ms),
            cost.dropped,
            cost.messages,
            "" if way == "nothing" else "yes" if cost.has_all else "NO",
        )
    ours = costs["ours"]
    table.aims = [
        Aim("main-thread time beside the floor", ours.net_ms(idle) / floor.net_ms(idle), 2, "x"),
        Aim("websocket bytes beside the floor", ours.net_bytes(idle) / floor.net_bytes(idle), 2, "x"),
        Aim("longest task", ours.longest_cpu_ms, 50, " ms"),
    ]
    return table


# -- longer and longer ---------------------------------------------------------------------------------


def _length_table(try_: Any, scale: Scale, idle: Cost) -> Table:
    table = Table(
        f"stream: does a token cost more in a longer answer? At {scale.fast_rate:,.0f} tokens/s",
        ["", "tokens", "kernel us/token", "bytes/token", "x shortest", "page ms/1,000", "x shortest"]
        + ["longest task cpu ms", "longest task ms", "all shown"],
        notes=[
            f"AgentChat best of {scale.rounds}, the floor once. The shortest of each way is 1x;",
            f"idling is subtracted ({_idle_rate(idle)}).",
        ],
    )
    shortest: dict[str, tuple[float, float]] = {}
    for way in ("ours", "floor"):
        for tokens in scale.lengths:
            rounds = scale.rounds if way == "ours" else 1
            cost = _best([try_(way, tokens, scale.fast_rate) for _ in range(rounds)])
            net, net_bytes = cost.net_ms(idle), cost.net_bytes(idle)
            base, base_bytes = shortest.setdefault(way, (net, net_bytes))
            row = [
                cost.kernel_us,
                net_bytes,
                times(net_bytes, base_bytes),
                net,
                times(net, base),
                cost.longest_cpu_ms,
                _task(cost.longest_ms),
            ]
            table.add(NAMES[way], tokens, *row, "yes" if cost.has_all else "NO")
            if way == "ours" and tokens == scale.lengths[-1]:
                table.aims = [
                    Aim(f"main-thread time of a token, {tokens:,} beside {scale.lengths[0]:,}", net / base, 1.25, "x"),
                    Aim("websocket bytes of a token, likewise", net_bytes / base_bytes, 1.25, "x"),
                    Aim(f"longest task, {tokens:,} tokens", cost.longest_cpu_ms, 50, " ms"),
                ]
    return table


def _idle_rate(idle: Cost) -> str:
    return f"{idle.page_ms * idle.tokens / 1_000 / idle.wall_s:.1f} ms of each second"


# -- as fast as the kernel can -------------------------------------------------------------------------


def _burst_table(try_: Any, scale: Scale) -> Table:
    table = Table(
        f"stream: {scale.burst:,} tokens as fast as the kernel can",
        ["", "kernel s", "first shown s", "all shown s", "page ms"]
        + ["longest task cpu ms", "longest task ms", "bytes/token", "equal"],
        notes=[
            f"Times from the start of the stream, seen every {POLL_MS} ms. equal: what stands on the page is what was sent."
        ],
    )
    for way, source, name in (
        ("ours", "burst", "AgentChat, agent never awaits"),
        ("ours", "polite_burst", "AgentChat, agent awaits each time"),
        ("floor", "burst", "floor, never awaits"),
        ("floor", "polite_burst", "floor, awaits each time"),
    ):
        trials = [try_(way, scale.burst, source=source) for _ in range(scale.rounds)]
        trial = min(trials, key=lambda trial: trial.shown_s or PATIENCE_S)
        cost = _best(trials)
        is_equal = all(trial.shown == text_of(trial.tokens) for trial in trials)
        row = [cost.page_ms * cost.tokens / 1e3, cost.longest_cpu_ms, _task(cost.longest_ms), cost.bytes]
        table.add(name, trial.kernel_wall_s, trial.first_s, trial.shown_s, *row, "yes" if is_equal else "NO")
        if way == "ours":
            lost = max(len(text_of(trial.tokens)) - len(trial.shown) for trial in trials)
            table.aims.append(Aim(f"characters lost, {name}", lost, 0))
            table.aims.append(Aim(f"longest task, {name}", cost.longest_cpu_ms, 50, " ms"))
    return table
