"""What drawing a rich answer costs a page: each kind of drawing, beside the engine in it used plainly.

A plain page in Chromium, no Jupyter. The clock runs from the message that ends a source (a fence closes, an object is yielded)
to the frame that shows it drawn; the first one of a page waits for the chunks, over a comm without a kernel. Each round has a
page of its own for each way; read the ratios.
"""

from __future__ import annotations

import gzip
import json
import shutil
import statistics
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from .drawings import Kind, feed_of, kinds
from .probe import Probe, new_page
from .render import PAGE, WIDGET, Stage, bundle, served
from .table import Aim, Table, times

CHUNKS = WIDGET.parent / "chunks"
Chunks = dict[str, bytes]  # gzipped, by name
LARGEST_PLAIN = "flow of 1,000 nodes"  # which mermaid draws for minutes


@dataclass
class Scale:
    rounds: int
    warm: int
    nodes: tuple[int, ...]
    points: int
    rows: int
    settle: int  # frames before each drawing


FULL = Scale(rounds=3, warm=2, nodes=(20, 100, 1_000), points=5_000, rows=2_000, settle=20)
QUICK = Scale(rounds=1, warm=1, nodes=(4,), points=20, rows=20, settle=4)


@dataclass
class Times:
    """Of one kind by one way: milliseconds of each first drawing and each later one, and of their longest tasks."""

    first: list[float] = field(default_factory=list)
    warm: list[float] = field(default_factory=list)
    first_tasks: list[float] = field(default_factory=list)
    warm_tasks: list[float] = field(default_factory=list)

    def add(self, n: int, ms: float, task_ms: float) -> None:
        (self.warm if n else self.first).append(ms)
        (self.warm_tasks if n else self.first_tasks).append(task_ms)


def run(quick: bool) -> Iterator[Table]:
    """The tables of this bench, one by one."""
    scale = QUICK if quick else FULL
    with tempfile.TemporaryDirectory() as folder, new_page() as page:
        site = Path(folder)
        chunks = _build(site)
        probe = Probe(page, frames=False, tasks=not quick)
        with served(page, site) as stage:
            trials = Trials(stage, probe, site, scale)
            rows = {kind: trials.of(kind) for kind in kinds(scale.nodes, scale.points, scale.rows)}
    yield _table(rows, scale, chunks)


def _build(site: Path) -> Chunks:
    """Put the page together; gives what a kernel would have for it."""
    if not WIDGET.exists():
        raise RuntimeError("the browser part is not built: make setup")
    shutil.copy(WIDGET, site)
    chunks = {path.stem: path.read_bytes() for path in sorted(CHUNKS.glob("*.gz"))}
    (site / "chunks.bin").write_bytes(b"".join(chunks.values()))
    (site / "chunks.json").write_text(json.dumps({name: len(each) for name, each in chunks.items()}))
    (site / "index.html").write_text((PAGE / "index.html").read_text().replace("/bench.js", "/rich.js"))
    bundle("rich.js", site)
    bundle("engines.js", site, is_split=True)
    return chunks


@dataclass
class Result:
    """Of one kind: our times, those of who draws it plainly, and the names of what of us was loaded for it."""

    ours: Times
    plain: Times
    chunks: list[str]


class Trials:
    """One page after the other, each for one kind drawn by one way."""

    def __init__(self, stage: Stage, probe: Probe, site: Path, scale: Scale) -> None:
        self._stage, self._probe, self._site, self._scale = stage, probe, site, scale

    def of(self, kind: Kind) -> Result:
        feed = {**feed_of(kind, 1 + self._scale.warm), "settle": self._scale.settle}
        (self._site / "feed.json").write_text(json.dumps(feed))
        result = Result(Times(), Times(), [])
        for _ in range(self._scale.rounds):
            self._draw(result.ours, "prepare", "draw")
            result.chunks = self._stage.call("askedFor")
            if kind.name != LARGEST_PLAIN:
                self._draw(result.plain, "preparePlain", "drawPlain")
        return result

    def _draw(self, times: Times, prepare: str, draw: str) -> None:
        self._stage.open().call(prepare, "/feed.json")
        for n in range(1 + self._scale.warm):
            self._stage.call("hold", n)
            self._probe.start()
            ms = self._stage.call(draw, n)
            times.add(n, ms, self._probe.stop().longest_cpu_ms)


def _table(rows: dict[Kind, Result], scale: Scale, chunks: Chunks) -> Table:
    table = Table(
        "rich: from the end of a source to its drawing, ms",
        [
            "",
            "first",
            "x plain",
            "warm",
            "x plain",
            "longest task first",
            "longest task warm",
            "KB",
            "KB gzip",
        ],
        notes=[
            f"Medians of {scale.rounds} pages, and of {scale.warm} later drawings on each. A frame is 17 ms: what takes less reads as one or two.",
            "first: with the chunks (KB) asked for, checked and evaluated. longest task: CPU of the page's threads in one, frames",
            "within it too. plain: the same engine (of a flow: mermaid; of objects: the browser's own elements) with the same source,",
            "no look, no checks, no text alternative, its files from a local server; KaTeX without its style sheet and fonts.",
        ],
    )
    for kind, result in rows.items():
        table.add(kind.name, *_cells(result), *_kilobytes(chunks[name] for name in result.chunks))
        if result.plain.warm:
            ratio = statistics.median(result.ours.warm) / statistics.median(result.plain.warm)
            table.aims.append(Aim(f"{kind.name}, warm, beside plain", ratio, 2, "x"))
    return table


def _cells(result: Result) -> Iterable[object]:
    ours, plain = result.ours, result.plain
    for mine, other in ((ours.first, plain.first), (ours.warm, plain.warm)):
        ms = statistics.median(mine)
        yield from (ms, times(ms, statistics.median(other)) if other else "-")
    yield statistics.median(ours.first_tasks)
    yield statistics.median(ours.warm_tasks)


def _kilobytes(chunks: Iterable[bytes]) -> tuple[float, float]:
    """As they are evaluated, and as they travel."""
    packed = list(chunks)
    return sum(len(gzip.decompress(each)) for each in packed) / 1e3, sum(map(len, packed)) / 1e3
