"""What showing an answer costs a page: `AgentChat` beside streamdown, marked + DOMPurify + innerHTML, and a floor.

A plain page in Chromium, no Jupyter. All are given the same text at the same pace, from the same messages for all of one sort.
Costs are CPU time of the page's main thread, median of rounds that take turns; read the ratios.
"""

from __future__ import annotations

import functools
import http.server
import json
import os
import shutil
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Route

from agui_widget.markdown import MarkdownStream
from agui_widget.projection import FEED_MS

from . import feeds
from .markdown import large_blocks
from .probe import CHECKOUT, Probe, new_page
from .table import Aim, Table, times

PAGE = CHECKOUT / "benches" / "page"
WIDGET = CHECKOUT / "src" / "agui_widget" / "static" / "widget.js"
NPM_PATIENCE_S = 90

TOKENS_PER_S = 200
TOKEN_CHARS = 4
FRAMES_PER_S = 60
CHARS_PER_S = TOKENS_PER_S * TOKEN_CHARS
BATCH_FRAMES = FEED_MS * FRAMES_PER_S / 1_000  # between two messages


@dataclass(frozen=True)
class Way:
    """One who shows the answer; `way` is its name on the page, `feed` what it is given."""

    name: str
    way: str
    feed: str
    every: float = BATCH_FRAMES


FLOOR = Way("floor: one short text written in each frame", "floor", "text")
LIVE = Way("AgentChat, live markdown", "agentChat", "live")
WAYS = [
    FLOOR,
    LIVE,
    Way("the same, a message in each frame", "agentChat", "dense", every=1),
    Way("AgentChat, plain while it streams", "agentChat", "plain"),
]
OTHERS = [
    Way("marked + DOMPurify + innerHTML", "innerHTML", "text"),
    Way("streamdown (React)", "streamdown", "text"),
    Way("streaming-markdown", "streamingMarkdown", "text"),
]


@dataclass
class Scale:
    sizes: dict[int, int]  # characters before the clock runs → frames that are measured
    rounds: int
    watched_s: float
    messages: int
    tail_frames: int
    changes: int
    kernel_chars: int


FULL = Scale({40_000: 240, 400_000: 120}, 3, 4.0, messages=1_000, tail_frames=180, changes=6, kernel_chars=40_000)
QUICK = Scale({2_000: 10, 4_000: 10}, 1, 0.5, messages=60, tail_frames=10, changes=2, kernel_chars=2_000)


def run(quick: bool) -> Iterator[Table]:
    """The tables of this bench, one by one."""
    scale = QUICK if quick else FULL
    with tempfile.TemporaryDirectory() as folder, new_page() as page:
        site = Path(folder)
        missing = _build(site)
        probe = Probe(page, frames=False)
        with served(page, site) as stage:
            for chars, frames in scale.sizes.items():
                yield _answer_table(Trials(stage, probe, scale, chars, frames), missing)
            yield _long_table(stage, probe, scale)
    yield _kernel_table(scale)


# -- the page ------------------------------------------------------------------------------------------


def _build(site: Path) -> str:
    """Put the page together; gives why what others made is missing, if it is."""
    if not WIDGET.exists() or not _esbuild().exists():
        raise RuntimeError("the browser part is not built: make setup")
    shutil.copy(WIDGET, site / "widget.js")
    shutil.copy(PAGE / "index.html", site)
    bundle("bench.js", site)
    missing = install()
    if not missing:
        bundle("others.js", site)
    return missing


def _esbuild() -> Path:
    return CHECKOUT / "js" / "node_modules" / "esbuild" / "bin" / "esbuild"


def bundle(entry: str, site: Path, *, is_split: bool = False) -> None:
    """One module of the page, with all that it imports; in several files if what it imports later is to be loaded later."""
    options = [
        "--bundle",
        "--minify",
        "--format=esm",
        "--loader:.css=text",
        "--external:/widget.js",
        "--log-level=warning",
    ]
    options += ['--define:process.env.NODE_ENV="production"']
    options += ["--splitting", f"--outdir={site}"] if is_split else [f"--outfile={site / entry}"]
    ours = {"NODE_PATH": str(CHECKOUT / "js" / "node_modules")}  # the very versions that our chunks are made of
    subprocess.run([_esbuild(), PAGE / entry, *options], check=True, cwd=CHECKOUT, env=os.environ | ours)


def install() -> str:
    """Have npm install what others made, once for each lockfile; gives why it is missing, if it is."""
    stamp, lock = PAGE / "node_modules" / ".ready", (PAGE / "package-lock.json").read_bytes()
    if stamp.exists() and stamp.read_bytes() == lock:
        return ""
    npm = shutil.which("npm")
    if npm is None:
        return "npm was not found: what others made was not run."
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    try:
        subprocess.run(command, cwd=PAGE, check=True, capture_output=True, timeout=NPM_PATIENCE_S)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        return "npm could not install benches/page (no network?): what others made was not run."
    stamp.write_bytes(lock)
    return ""


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        """Say nothing."""


class Stage:
    """The bench's page, and the feeds that it can fetch."""

    def __init__(self, page: Page, site: Path, origin: str) -> None:
        self._page, self._site, self._origin = page, site, origin
        page.route("**/*", self._only_ours)  # an answer's links lead nowhere

    def put(self, name: str, feed: feeds.Feed) -> None:
        (self._site / f"{name}.json").write_text(json.dumps(feed.to_json()))

    def open(self) -> Stage:
        """A page on which nothing has happened yet."""
        self._page.goto(f"{self._origin}/index.html")
        self._page.wait_for_function("window.bench !== undefined")
        return self

    def call(self, function: str, *arguments: Any) -> Any:
        return self._page.evaluate(f"argument => bench.{function}(...argument)", list(arguments))

    def _only_ours(self, route: Route) -> None:
        if route.request.url.startswith((self._origin, "data:", "blob:")):
            route.continue_()
        else:
            route.abort()


@contextmanager
def served(page: Page, site: Path) -> Iterator[Stage]:
    """The bench's page, from a server of its own."""
    handler = functools.partial(_Quiet, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield Stage(page, site, f"http://127.0.0.1:{server.server_port}")
        server.shutdown()


# -- one answer ----------------------------------------------------------------------------------------


@dataclass
class Cost:
    """Of one trial: milliseconds of the main thread for each frame, and of its longest task."""

    frame_ms: float
    script_ms: float
    layout_ms: float
    longest_ms: float


class Trials:
    """Answers that grow beyond so many characters."""

    def __init__(self, stage: Stage, probe: Probe, scale: Scale, chars: int, frames: int) -> None:
        self.chars, self.frames, self.scale = chars, frames, scale
        self._stage, self._probe = stage, probe
        seconds = frames / FRAMES_PER_S + scale.watched_s
        text = feeds.text_of(chars + int(CHARS_PER_S * seconds))
        before, rest = text[:chars], text[chars:]
        deltas = feeds.cut(rest, CHARS_PER_S * FEED_MS // 1_000)
        stage.put("text", feeds.as_text(before, deltas))
        stage.put("live", feeds.as_envelopes(before, deltas, "live"))
        stage.put("plain", feeds.as_envelopes(before, deltas, "final"))
        stage.put("dense", feeds.as_envelopes(before, feeds.cut(rest, CHARS_PER_S // FRAMES_PER_S), "live"))

    def cost(self, way: Way) -> Cost:
        self._stage.open().call("prepare", way.way, f"/{way.feed}.json")
        self._probe.start()
        self._stage.call("stream", self.frames, way.every)
        reading = self._probe.stop()
        per_frame = 1e3 / self.frames
        return Cost(
            reading.task_s * per_frame,
            reading.script_s * per_frame,
            reading.layout_s * per_frame,
            reading.longest_cpu_ms,
        )

    def watch(self, way: Way) -> dict[str, Any]:
        """Go on to the end of the answer, untimed, and see what becomes of what is shown."""
        found: dict[str, Any] = self._stage.call("watch", way.every, 20)
        return found


def _answer_table(trials: Trials, missing: str) -> Table:
    scale = trials.scale
    ways = WAYS if missing else [*WAYS, *OTHERS]
    costs: dict[Way, list[Cost]] = {way: [] for way in ways}
    seen: dict[Way, dict[str, Any]] = {}
    for round_ in range(scale.rounds):
        for way in ways:
            costs[way].append(trials.cost(way))
            if round_ == 0 and way is not FLOOR:
                seen[way] = trials.watch(way)
    table = Table(
        f"render: an answer of {trials.chars / 1_000:g} KB goes on at {TOKENS_PER_S} tokens/s",
        ["", "CPU ms/frame", "x floor", "script ms", "layout ms", "longest task ms", "torn down", "selections lost"],
        notes=[
            f"Median of {scale.rounds} rounds of {trials.frames} frames. All get the text every {FEED_MS} ms, as a kernel sends it,",
            f"but for the row that gets it in each frame. torn down: characters, while {scale.watched_s:g} s of the answer and its end",
            "came; selections of a word in a finished block, made in the same time. streamdown has no style sheet here and",
            "colours no code, which the others from npm do not do either.",
            *([missing] if missing else []),
        ],
    )
    medians = {way: _median(found) for way, found in costs.items()}
    for way, cost in medians.items():
        watched = seen.get(way, {"torn": None, "lost": 0, "made": 0})
        lost = f"{watched['lost']}/{watched['made']}" if watched["made"] else "-"
        table.add(
            way.name,
            cost.frame_ms,
            times(cost.frame_ms, medians[FLOOR].frame_ms),
            cost.script_ms,
            cost.layout_ms,
            cost.longest_ms,
            watched["torn"],
            lost,
        )
    limit = 3 if trials.chars <= 40_000 else 6
    table.aims = [
        Aim("live markdown beside the floor", medians[LIVE].frame_ms / medians[FLOOR].frame_ms, limit, "x"),
        Aim("selections lost", seen[LIVE]["lost"], 0),
    ]
    return table


def _median(costs: list[Cost]) -> Cost:
    def median(amount: Callable[[Cost], float]) -> float:
        return statistics.median(map(amount, costs))

    return Cost(
        median(lambda cost: cost.frame_ms),
        median(lambda cost: cost.script_ms),
        median(lambda cost: cost.layout_ms),
        median(lambda cost: cost.longest_ms),
    )


# -- a long chat ---------------------------------------------------------------------------------------

IN_VIEW = 12  # messages that a virtual list of this height has mounted, with those beside the view
SHORT = f"AgentChat of the last {IN_VIEW} messages"
VIRTUAL = "the same, only those in view (a virtual list)"
LISTS = {
    "AgentChat": ("agentChat", "/long.json"),
    "the same messages, all mounted, nothing contained": ("mounted", "/long.json"),
    SHORT: ("agentChat", "/short.json"),
    VIRTUAL: ("windowed", "/long.json"),
}
STEPS = ["build ms", "tail ms/frame", "resize ms", "theme switch ms"]


def _long_table(stage: Stage, probe: Probe, scale: Scale) -> Table:
    chars = CHARS_PER_S * FEED_MS // 1_000
    tail = feeds.cut(feeds.text_of(int(CHARS_PER_S * scale.tail_frames / FRAMES_PER_S)), chars)
    stage.put("long", feeds.as_conversation(scale.messages, tail))
    stage.put("short", feeds.as_conversation(min(IN_VIEW, scale.messages), tail))
    rounds = [
        {name: _long_costs(stage, probe, scale, *way) for name, way in LISTS.items()} for _ in range(scale.rounds)
    ]
    table = Table(
        f"render: a chat of {scale.messages:,} messages",
        ["", *(cell for step in STEPS for cell in (step, "x virtual")), "rest of the build ms"],
        notes=[
            f"Median of {scale.rounds} rounds. build: from the snapshot to the first painted frames; the rest of it goes on in the",
            "frames behind them, a page in each. tail: an answer streams below. The lists have no head and no composer; what",
            f"those cost is in the row of {IN_VIEW} messages.",
        ],
    )
    costs = {name: [statistics.median(r[name][n] for r in rounds) for n in range(len(STEPS) + 1)] for name in LISTS}
    virtual = costs[VIRTUAL]
    for name, (*found, rest) in costs.items():
        table.add(name, *(cell for n, cost in enumerate(found) for cell in (cost, times(cost, virtual[n]))), rest)
    ours, short = costs["AgentChat"], costs[SHORT]
    table.aims = [
        Aim(f"{step} beside {what}", ours[n] / other[n], 1.5, "x")
        for what, other in (("the virtual list", virtual), (SHORT, short))
        for n, step in enumerate(STEPS)
    ]
    return table


def _long_costs(stage: Stage, probe: Probe, scale: Scale, way: str, feed: str) -> list[float]:
    """What each of the steps takes, and then the rest of the build."""
    stage.open().call("hold", way, feed)

    def cost(times: int, function: str, *arguments: Any) -> float:
        probe.start()
        stage.call(function, *arguments)
        return probe.stop().task_s * 1e3 / times

    build, rest = cost(1, "build"), cost(1, "settle")
    return [
        build,
        cost(scale.tail_frames, "stream", scale.tail_frames, BATCH_FRAMES),
        cost(scale.changes, "change", "width", scale.changes),
        cost(scale.changes, "change", "theme", scale.changes),
        rest,
    ]


# -- the kernel ----------------------------------------------------------------------------------------


def _kernel_table(scale: Scale) -> Table:
    table = Table(
        f"render: what reading markdown costs the kernel, at {TOKENS_PER_S} tokens/s",
        ["", "KB", "% of the time", "% in the worst second", "close ms"],
        notes=[
            f"CPU of MarkdownStream, fed what {FEED_MS} ms bring, in per cent of the time in which it comes. close: the last parse of all."
        ],
    )
    texts = {
        "answers": feeds.text_of(scale.kernel_chars),
        "answers, ten times as long": feeds.text_of(10 * scale.kernel_chars),
    }
    texts |= {f"one {name}": block for name, block in large_blocks(scale.kernel_chars).items()}
    worst = []
    for name, text in texts.items():
        mean, second, close_ms = _kernel_shares(text)
        table.add(name, len(text) / 1_000, 100 * mean, 100 * second, close_ms)
        worst.append(mean)
    table.aims = [Aim("of the time, at most", 100 * max(worst), 25, " %")]
    return table


def _kernel_shares(text: str) -> tuple[float, float, float]:
    stream = MarkdownStream()
    chars = CHARS_PER_S * FEED_MS // 1_000
    spent = []
    for delta in feeds.cut(text, chars):
        start = time.process_time()
        stream.feed(delta)
        spent.append(time.process_time() - start)
    start = time.process_time()
    stream.close()
    close_ms = (time.process_time() - start) * 1e3
    feeds_per_s = 1_000 // FEED_MS
    seconds = [sum(spent[at : at + feeds_per_s]) for at in range(0, len(spent), feeds_per_s)]
    return sum(spent) / (len(spent) * FEED_MS / 1e3), max(seconds), close_ms
