"""What an A2UI surface costs a page: our engine and views beside web_core with the least DOM layer, and beside `@a2ui/lit`.

A list of rows of four texts in Chromium, no Jupyter. All get the same messages, each as a task of its own, and end with the same
words. Costs are CPU time of the page's main thread, median of rounds that take turns; read the ratios.
"""

from __future__ import annotations

import shutil
import statistics
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from .probe import Probe, new_page
from .render import PAGE, Stage, bundle, install, served
from .table import Aim, Table, times

OURS = "agui_widget"
WAYS = {OURS: "ours", "web_core + DOM": "webCore", "@a2ui/lit": "lit"}


@dataclass
class Scale:
    rows: int
    updates: int
    appended: int
    times: int
    rounds: int


FULL = Scale(rows=500, updates=1_000, appended=50, times=20, rounds=3)
QUICK = Scale(rows=12, updates=20, appended=3, times=2, rounds=1)


def steps(scale: Scale) -> dict[str, str]:
    """What is timed, in this order, on one page → the name of it there."""
    return {
        "first render": "first",
        f"{scale.updates:,} leaf updates": "leaves",
        f"append {scale.appended} rows": "append",
        f"replace all rows x{scale.times}": "replace",
        f"all rows again, one cell other, x{scale.times}": "again",
    }


@dataclass
class Round:
    """Of one way: milliseconds for each step, the heap after the last, and what is on the page then."""

    costs: dict[str, float] = field(default_factory=dict)
    heap_mb: float = 0
    elements: int = 0
    words: str = ""
    html: str = ""


def run(quick: bool) -> Iterator[Table]:
    """The tables of this bench, one by one."""
    scale = QUICK if quick else FULL
    with tempfile.TemporaryDirectory() as folder, new_page() as page:
        site = Path(folder)
        missing = _build(site)
        ways = {OURS: "ours"} if missing else WAYS
        rounds: dict[str, list[Round]] = {name: [] for name in ways}
        with served(page, site) as stage:
            heap = page.context.new_cdp_session(page)
            probe = Probe(page, frames=False, tasks=False)
            for _ in range(scale.rounds):
                for name, way in ways.items():
                    rounds[name].append(_round(stage, probe, heap, way, scale))
    yield _table(scale, rounds, missing)


def _build(site: Path) -> str:
    """Put the page together; gives why what others made is missing, if it is."""
    shutil.copy(PAGE / "a2ui.html", site / "index.html")
    bundle("a2ui.js", site)
    missing = install()
    if not missing:
        bundle("a2ui-others.js", site)
    return missing


def _round(stage: Stage, probe: Probe, heap: Any, way: str, scale: Scale) -> Round:
    stage.open().call("prepare", way)
    found = Round()
    for step in steps(scale).values():
        stage.call("hold", step, asdict(scale))
        probe.start()
        stage.call("send")
        found.costs[step] = probe.stop().task_s * 1e3
    stage.call("hold", "nothing", asdict(scale))
    found.heap_mb = _heap_mb(heap)
    found.elements, found.words, found.html = (stage.call(name) for name in ("elements", "words", "html"))
    return found


def _heap_mb(heap: Any) -> float:
    heap.send("HeapProfiler.collectGarbage")
    size: float = heap.send("Runtime.getHeapUsage")["usedSize"]
    return size / 1e6


def _table(scale: Scale, rounds: dict[str, list[Round]], missing: str) -> Table:
    others = [name for name in rounds if name != OURS]
    table = Table(
        f"a2ui: {scale.rows} rows of 4 texts, ms",
        ["", OURS, *(cell for name in others for cell in (name, "x ours"))],
        notes=[
            f"Median of {scale.rounds} rounds. Leaf updates come as lists of 20 messages, all else as one message; one in each frame. web_core is drawn as our very HTML,",
            "with our styles; lit has no renderer for Markdown here, and shadow roots of its own. Elements are those at the end.",
            *([missing] if missing else []),
        ],
    )
    lines = {
        what: {name: _median(r.costs[step] for r in rounds[name]) for name in rounds}
        for what, step in steps(scale).items()
    }
    lines["heap, MB"] = {name: _median(r.heap_mb for r in rounds[name]) for name in rounds}
    for what, values in lines.items():
        table.add(
            what, values[OURS], *(cell for name in others for cell in (values[name], times(values[name], values[OURS])))
        )
        table.aims += [Aim(f"{what}, beside {name}", values[OURS] / values[name], 1, "x") for name in others]
    last = {name: found[-1] for name, found in rounds.items()}
    table.add("elements", last[OURS].elements, *(cell for name in others for cell in (last[name].elements, "")))
    table.add(
        "the same words",
        "yes",
        *(cell for name in others for cell in (_verdict(last[name].words == last[OURS].words), "")),
    )
    if others:
        table.notes.append(
            f"The same HTML from web_core + DOM: {_verdict(last['web_core + DOM'].html == last[OURS].html)}."
        )
    return table


def _median(values: Iterator[float]) -> float:
    return statistics.median(values)


def _verdict(is_so: bool) -> str:
    return "yes" if is_so else "NO"
