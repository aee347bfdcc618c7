"""What a page's main thread does, read over the Chrome DevTools protocol and from the page itself."""

from __future__ import annotations

import base64
import contextlib
import json
import runpy
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright
from tests.e2e.jupyter import BROWSER_ARGUMENTS

CHECKOUT = Path(__file__).parents[1]

# Runs in the page for the whole of a trial, the idle one too: its own cost is part of what is subtracted.
WATCH = """
window.benchWatch = () => {
    const FRAME_MS = 1000 / 60;
    let frames = 0, dropped = 0, last = 0, longest = 0, isOn = true;
    const tasks = new PerformanceObserver(list => {
        for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
    });
    tasks.observe({ type: "longtask" });
    const tick = now => {
        if (!isOn) return;
        if (last) dropped += Math.max(0, Math.round((now - last) / FRAME_MS) - 1);
        last = now;
        frames += 1;
        requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
    return () => {
        isOn = false;
        for (const { duration } of tasks.takeRecords()) longest = Math.max(longest, duration);
        tasks.disconnect();
        return { frames, dropped, longest_ms: longest };
    };
};
"""

NO_FRAMES = {"frames": 0, "dropped": 0, "longest_ms": 0.0}


@dataclass
class Reading:
    """One trial: CPU seconds of the page's main thread, bytes of all its websockets, and what a viewer notices."""

    wall_s: float
    task_s: float
    script_s: float
    layout_s: float  # with style recalculation
    socket_bytes: int
    socket_frames: int
    frames: int
    dropped: int
    longest_ms: float  # 0 if no task took 50 ms: the page's own observer hears of no shorter ones
    longest_cpu_ms: float  # what the thread itself did in a task, without waiting for a busy machine


class Probe:
    """Measures one page between `start` and `stop`. Make it before the page loads, or sockets are missed.

    To watch frames the page has to draw them: with `frames=False` it draws what it would anyway. Without `tasks` nothing is
    traced, which takes longer than what is measured where there are many; `longest_cpu_ms` is then 0.
    """

    def __init__(self, page: Page, *, frames: bool = True, tasks: bool = True) -> None:
        self._has_frames, self._has_tasks = frames, tasks
        assert page.context.browser
        self._page, self._browser = page, page.context.browser
        self._bytes = self._frames = 0
        page.add_init_script(WATCH)
        self._cdp = page.context.new_cdp_session(page)
        # CPU time of the thread, not wall time: neighbours on the machine do not count.
        self._cdp.send("Performance.enable", {"timeDomain": "threadTicks"})
        self._cdp.send("Network.enable")
        self._cdp.on("Network.webSocketFrameReceived", self._count)

    def start(self) -> None:
        self._cdp.send("HeapProfiler.collectGarbage")
        self._page.wait_for_timeout(200)
        if self._has_frames:
            self._page.evaluate("() => { window.benchStop = window.benchWatch(); }")
        if self._has_tasks:
            self._browser.start_tracing(page=self._page, categories=["toplevel"])
        self._bytes = self._frames = 0
        self._before, self._start = self._metrics(), time.monotonic()

    def stop(self) -> Reading:
        after, wall = self._metrics(), time.monotonic() - self._start
        tasks = _task_times(json.loads(self._browser.stop_tracing())) if self._has_tasks else []
        spent = {name: after[name] - before for name, before in self._before.items()}
        return Reading(
            wall_s=wall,
            task_s=spent["TaskDuration"],
            script_s=spent["ScriptDuration"],
            layout_s=spent["LayoutDuration"] + spent["RecalcStyleDuration"],
            socket_bytes=self._bytes,
            socket_frames=self._frames,
            longest_cpu_ms=max(tasks, default=0) / 1e3,
            **(self._page.evaluate("() => window.benchStop()") if self._has_frames else NO_FRAMES),
        )

    def _metrics(self) -> dict[str, float]:
        metrics: list[dict[str, Any]] = self._cdp.send("Performance.getMetrics")["metrics"]
        return {metric["name"]: metric["value"] for metric in metrics}

    def _count(self, event: dict[str, Any]) -> None:
        frame = event["response"]
        is_text = frame["opcode"] == 1
        self._bytes += len(frame["payloadData"].encode() if is_text else base64.b64decode(frame["payloadData"]))
        self._frames += 1


def _task_times(trace: dict[str, Any]) -> list[float]:
    """CPU microseconds of every task of the pages' main threads."""
    events = trace["traceEvents"]
    threads = {
        (event["pid"], event["tid"])
        for event in events
        if event["name"] == "thread_name" and event["args"]["name"] == "CrRendererMain"
    }
    tasks = (event for event in events if event["name"].endswith("RunTask") and event["ph"] == "X")
    return [task.get("tdur", 0) for task in tasks if (task["pid"], task["tid"]) in threads]


@contextlib.contextmanager
def new_page() -> Iterator[Page]:
    """A page of a headless Chromium. Raises `RuntimeError` that says how to get one."""
    tool = runpy.run_path(str(CHECKOUT / "tools" / "browser.py"))
    path = tool["find"]()
    if path is None:
        raise RuntimeError(tool["HELP"])
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=BROWSER_ARGUMENTS)
        page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        page.set_default_timeout(60_000)
        yield page
        browser.close()
