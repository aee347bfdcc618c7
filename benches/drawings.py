"""What the bench of rich answers has drawn: each kind as the envelopes that a kernel sends, and as what the engine alone is given."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from agui_widget import Flow, telemetry
from agui_widget.display import output_of
from agui_widget.objects import Objects
from agui_widget.protocol.apply import Apply
from agui_widget.protocol.messages import Message
from agui_widget.protocol.warnings import Warnings

from .feeds import Event, Kernel

Json = dict[str, Any]
Keep = Callable[[Any], str]  # a live object → its key


@dataclass(frozen=True)
class Drawing:
    """One drawing: the events before the clock runs, those that end its source, and what the engine alone is given."""

    before: list[Event]
    after: list[Event]
    source: Json


@dataclass(frozen=True)
class Kind:
    """One kind of drawing. `shown` selects what is on screen for each; `plain` is who draws it in page/engines.js."""

    name: str
    shown: str
    plain: str
    draw: Callable[[int, Keep], Drawing]
    grows: bool = False  # one drawing, which says something else each time


def feed_of(kind: Kind, count: int) -> Json:
    """For the page: `count` drawings of a kind, all of one answer."""
    objects = Objects()
    talk = _Talk(objects)
    trials = []
    for n in range(count):
        drawing = kind.draw(n, objects.keep)
        trials.append(
            {"before": talk.hear(drawing.before), "after": talk.hear(drawing.after), "source": drawing.source}
        )
    named = {"name": kind.name, "shown": kind.shown, "plain": kind.plain, "grows": kind.grows}
    return {**named, "begin": talk.begin, "trials": trials}


class _Talk:
    """An answer under way: the conversation that its events make, and the kernel that tells a page of it."""

    def __init__(self, objects: Objects) -> None:
        self._apply = Apply(Warnings())
        self._kernel = Kernel("live", self, objects.look)
        self._kernel.begin()
        self.begin, self._kernel.sent = self._kernel.sent, []

    def hear(self, events: Iterable[Event]) -> list[str]:
        """What a page is told of these events."""
        for event in events:
            self._apply.feed(event)
            self._kernel.feed(event)
        self._kernel.settle()
        sent, self._kernel.sent = self._kernel.sent, []
        return sent

    @property
    def messages(self) -> list[Message]:
        return list(self._apply.messages)

    @property
    def state(self) -> Any:
        return self._apply.state

    def find_message(self, message_id: str) -> Message | None:
        return self._apply.messages.find(message_id)


def kinds(nodes: Iterable[int], points: int, rows: int) -> list[Kind]:
    """All kinds: flows of so many nodes each, a scatter of so many points, charts that grow from so many rows."""
    return [
        _formula("inline math", ".math[data-drawn]:not([data-display])", is_display=False),
        _formula("display math", ".math[data-display][data-drawn]", is_display=True),
        *(_diagram(name, text) for name, text in DIAGRAMS.items()),
        _chart("Vega-Lite, bars", _bars),
        _chart(f"Vega-Lite, {points:,} points", lambda n: _scatter(points, n)),
        *(_flow(count) for count in nodes),
        _object("DataFrame", ".out-grid", "markup", _frame_of, lambda frame: {"html": frame._repr_html_()}),
        _object("figure", ".out img", "image", _figure_of, _address_of),
        _object("HTML in a frame", ".out-frame iframe", "frame", _Page, lambda page: {"html": page._repr_html_()}),
        _telemetry(rows),
        _growing(rows),
    ]


# -- words of an answer --------------------------------------------------------------------------------

DRAWN = ".fence[data-drawn] .paper:not([data-hidden])"

DIAGRAMS = {
    "flowchart": "flowchart TD\n  A[Load {n}] --> B{{Outliers?}}\n  B -->|yes| C(Drop rows)\n  B -->|no| D[Fit model]\n"
    "  C --> D\n  D --> E[(Store)]\n  subgraph Report\n    E --> F([Chart])\n    F -.-> G[[Table]]\n  end",
    "sequence": "sequenceDiagram\n  participant U as User {n}\n  participant K as Kernel\n  participant A as Agent\n"
    "  U->>K: ask\n  K->>+A: run\n  A-->>-K: text, tools\n  Note over K,A: in batches\n  K-->>U: answer",
    "gantt": "gantt\n  title Release {n}\n  dateFormat YYYY-MM-DD\n  section Core\n  Protocol :done, a1, 2026-01-01, 20d\n"
    "  Widget :active, a2, after a1, 25d\n  section Docs\n  Tutorial :crit, 2026-01-20, 24d",
}


def _words(text: str) -> Event:
    return {"type": "TEXT_MESSAGE_CONTENT", "messageId": "m1", "delta": text}


def _formula(name: str, shown: str, *, is_display: bool) -> Kind:
    """All of it comes at once: what is being written is drawn in each frame."""

    def draw(n: int, keep: Keep) -> Drawing:
        tex = rf"\sum_{{k=1}}^{{n}} k^{{{n + 2}}} = \frac{{n(n+1)}}{{2}} \int_0^\infty e^{{-x^2}}\,dx"
        whole = f"\n\n$$\n{tex}\n$$\n\n" if is_display else f"${tex}$ is known.\n\n"
        return Drawing([_words("That ")], [_words(whole)], {"tex": tex, "isDisplay": is_display})

    return Kind(name, shown, "katex", draw)


def _fence(name: str, shown: str, language: str, text: Callable[[int], str], plain: str, key: str = "text") -> Kind:
    def draw(n: int, keep: Keep) -> Drawing:
        source = text(n)
        given = json.loads(source) if key == "spec" else source
        return Drawing([_words(f"\n\n```{language}\n{source}")], [_words("\n```\n\n")], {key: given})

    return Kind(name, f"{DRAWN} {shown}", plain, draw)


def _diagram(name: str, template: str) -> Kind:
    return _fence(f"mermaid, {name}", ".diagram > svg", "mermaid", lambda n: template.format(n=n), "mermaid")


def _chart(name: str, spec: Callable[[int], Json]) -> Kind:
    return _fence(name, ".chart-canvas canvas", "vega-lite", lambda n: json.dumps(spec(n)), "vega", "spec")


def _bars(n: int) -> Json:
    values = [{"month": month, "sales": (month * 37 + n) % 90 + 10} for month in range(1, 13)]
    encoding = {"x": {"field": "month", "type": "ordinal"}, "y": {"field": "sales", "type": "quantitative"}}
    return {"data": {"values": values}, "mark": "bar", "encoding": encoding}


def _scatter(points: int, n: int) -> Json:
    xs, ys = np.random.default_rng(n).normal(size=(2, points)).round(3).tolist()
    values = [{"x": x, "y": y} for x, y in zip(xs, ys, strict=True)]
    encoding = {axis: {"field": axis, "type": "quantitative"} for axis in "xy"}
    return {"data": {"values": values}, "mark": "point", "encoding": encoding}


def _flow(count: int) -> Kind:
    """The same graph plainly, of mermaid: a tree with a few more edges."""

    def edges(n: int) -> list[tuple[str, str]]:
        tree = [(f"n{(i - 1) // 3}", f"n{i}") for i in range(1, count)]
        return tree + [(f"n{i}", f"n{(i * 7 + n) % count}") for i in range(0, count, 10)]

    def text(n: int) -> str:
        return json.dumps(Flow({f"n{i}": f"Step {i} of {n}" for i in range(count)}, edges(n)).to_json())

    def plainly(n: int) -> str:
        labels = (f"  n{i}[Step {i} of {n}]" for i in range(count))
        return "\n".join(["flowchart LR", *labels, *(f"  {start} --> {end}" for start, end in edges(n))])

    fence = _fence(f"flow of {count:,} nodes", ".flow-surface", "flow", text, "mermaid")

    def draw(n: int, keep: Keep) -> Drawing:
        ours = fence.draw(n, keep)
        return Drawing(ours.before, ours.after, {"text": plainly(n)})

    return Kind(fence.name, fence.shown, fence.plain, draw)


# -- objects of Python ---------------------------------------------------------------------------------


def _object(name: str, shown: str, plain: str, made: Callable[[int], Any], source: Callable[[Any], Json]) -> Kind:
    def draw(n: int, keep: Keep) -> Drawing:
        value = made(n)
        content = {"data": {"text/plain": name}, "object": keep(value)}
        return Drawing([], [_activity(f"a{n}", "agui_widget.output", content)], source(value))

    return Kind(name, shown, plain, draw)


def _activity(message_id: str, kind: str, content: Json) -> Event:
    return {"type": "ACTIVITY_SNAPSHOT", "messageId": message_id, "activityType": kind, "content": content}


def _frame_of(n: int) -> pd.DataFrame:
    numbers = np.random.default_rng(n).normal(size=(20, 8)).round(3)
    return pd.DataFrame(numbers, columns=[f"column {at}" for at in range(8)])


def _figure_of(n: int) -> Figure:
    figure = Figure(figsize=(6, 4))
    figure.subplots().plot(np.random.default_rng(n).normal(size=200).cumsum())
    return figure


def _address_of(figure: Figure) -> Json:
    return {"src": f"data:image/png;base64,{output_of(figure)['data']['image/png']}"}


class _Page:
    """An object that has HTML for itself, and nothing else."""

    def __init__(self, n: int) -> None:
        self._rows = "".join(f"<tr><td>{n}</td><td>row {row}</td></tr>" for row in range(40))

    def _repr_html_(self) -> str:
        return f"<style>td {{ padding: 2px 8px }}</style><table>{self._rows}</table>"


# -- charts that grow ----------------------------------------------------------------------------------

MORE_ROWS = 20
SERIES = ["loss", "accuracy"]
LEGEND = ".telemetry-legend"


def _rows(start: int, stop: int) -> list[list[float]]:
    return [[x, round(1 / (1 + x / 99), 4), round(math.sin(x / 50), 4)] for x in range(start, stop)]


def _run_of(rows: int, n: int) -> Json:
    return {"title": f"Run {n}", "series": [{"name": name} for name in SERIES], "rows": _rows(0, rows)}


def _columns(rows: int) -> Json:
    return {"columns": [list(column) for column in zip(*_rows(0, rows), strict=True)], "names": SERIES}


def _telemetry(rows: int) -> Kind:
    def draw(n: int, keep: Keep) -> Drawing:
        return Drawing([], [_activity(f"t{n}", telemetry.ACTIVITY, _run_of(rows, n))], _columns(rows))

    return Kind(f"telemetry of {rows:,} rows", LEGEND, "uplot", draw)


def _growing(rows: int) -> Kind:
    def draw(n: int, keep: Keep) -> Drawing:
        before = [] if n else [_activity("t", telemetry.ACTIVITY, _run_of(rows, 0))]
        known = rows + n * MORE_ROWS
        patch = [{"op": "add", "path": "/rows/-", "value": row} for row in _rows(known, known + MORE_ROWS)]
        delta = {"type": "ACTIVITY_DELTA", "messageId": "t", "activityType": telemetry.ACTIVITY, "patch": patch}
        return Drawing(before, [delta], _columns(known + MORE_ROWS))

    return Kind(f"{MORE_ROWS} rows more of it", LEGEND, "uplotMore", draw, grows=True)
