"""Vega-Lite specifications of the kinds that agents write, and some that want more than to be drawn."""

from __future__ import annotations

import json
import math
from typing import Any

Spec = dict[str, Any]

DRINKS = ["Espresso", "Cappuccino", "Filter", "Tea"]
DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]

SALES = [
    {"month": f"2025-{month:02d}-01", "drink": drink, "cups": round(200 + 60 * at + 80 * math.sin(month / 2 + at))}
    for at, drink in enumerate(DRINKS)
    for month in range(1, 13)
]
PEOPLE = [
    {
        "weight": round(62 + 14 * math.sin(n * 1.7) + 6 * math.sin(n * 0.31), 1),
        "height": round(170 + 9 * math.sin(n * 1.7 + 1) + 7 * math.cos(n * 2.3), 1),
        "age": 18 + n * 37 % 52,
        "team": "ABC"[n % 3],
    }
    for n in range(160)
]
HOURS = [
    {"day": day, "hour": hour, "calls": round(20 + 15 * math.sin(hour / 4) + at)}
    for at, day in enumerate(DAYS)
    for hour in range(24)
]
WALK = [
    {"t": t, "v": round(10 + t * 0.3 + 3 * math.sin(t * 1.3), 2), "low": t * 0.3 + 6, "high": t * 0.3 + 14}
    for t in range(40)
]


def of(rows: list[Any], mark: Any = None, **more: Any) -> Spec:
    return {"data": {"values": rows}, **({"mark": mark} if mark else {}), **more}


def q(field: str, **more: Any) -> Spec:
    return {"field": field, "type": "quantitative", **more}


def n(field: str, **more: Any) -> Spec:
    return {"field": field, "type": "nominal", **more}


def t(field: str, **more: Any) -> Spec:
    return {"field": field, "type": "temporal", **more}


FREE = {"zero": False}

GALLERY: dict[str, Spec] = {
    "Bars": of(SALES, "bar", encoding={"x": n("drink"), "y": q("cups", aggregate="sum")}),
    "Bars on their side": of(
        SALES, {"type": "bar", "tooltip": True}, encoding={"y": n("drink", sort="-x"), "x": q("cups", aggregate="mean")}
    ),
    "Grouped bars": of(
        SALES,
        "bar",
        transform=[{"filter": "month(toDate(datum.month)) < 4"}],
        encoding={
            "x": t("month", timeUnit="month", bandPosition=0),
            "xOffset": n("drink"),
            "y": q("cups"),
            "color": n("drink"),
        },
    ),
    "Stacked bars": of(
        SALES,
        "bar",
        encoding={
            "x": {"field": "month", "timeUnit": "month", "type": "ordinal"},
            "y": q("cups", aggregate="sum"),
            "color": n("drink"),
        },
    ),
    "Lines": of(
        SALES, {"type": "line", "point": True}, encoding={"x": t("month"), "y": q("cups"), "color": n("drink")}
    ),
    "Areas": of(
        SALES,
        "area",
        encoding={"x": t("month"), "y": q("cups", aggregate="sum", stack="center", axis=None), "color": n("drink")},
    ),
    "Scatter with zoom": of(
        PEOPLE,
        "point",
        params=[{"name": "zoom", "select": "interval", "bind": "scales"}],
        encoding={"x": q("weight", scale=FREE), "y": q("height", scale=FREE), "color": n("team")},
    ),
    "Bubbles": of(
        PEOPLE[:50],
        "circle",
        encoding={
            "x": q("weight", scale=FREE),
            "y": q("height", scale=FREE),
            "size": q("age"),
            "tooltip": [q("age"), n("team")],
        },
    ),
    "Heat map": of(HOURS, "rect", encoding={"x": n("hour"), "y": n("day", sort=DAYS), "color": q("calls")}),
    "Histogram": of(PEOPLE, "bar", encoding={"x": q("weight", bin={"maxbins": 20}), "y": {"aggregate": "count"}}),
    "Boxes": of(
        PEOPLE, "boxplot", encoding={"x": n("team"), "y": q("height", scale=FREE), "color": n("team", legend=None)}
    ),
    "Error band": of(
        SALES,
        encoding={"x": t("month")},
        layer=[
            {"mark": {"type": "errorband", "extent": "ci"}, "encoding": {"y": q("cups")}},
            {"mark": "line", "encoding": {"y": q("cups", aggregate="mean")}},
        ],
    ),
    "Layers": of(
        WALK,
        encoding={"x": q("t")},
        layer=[
            {"mark": {"type": "area", "opacity": 0.2}, "encoding": {"y": q("low"), "y2": {"field": "high"}}},
            {"mark": "line", "encoding": {"y": q("v")}},
            {
                "data": {"values": [{"goal": 15}]},
                "mark": {"type": "rule", "strokeDash": [4, 4]},
                "encoding": {"x": {}, "y": q("goal")},
            },
        ],
    ),
    "Facets": of(
        PEOPLE, "point", encoding={"x": q("weight", scale=FREE), "y": q("height", scale=FREE), "column": n("team")}
    ),
    "Repeats": of(
        PEOPLE,
        repeat={"column": ["weight", "height", "age"]},
        spec={
            "mark": "bar",
            "encoding": {"x": {"field": {"repeat": "column"}, "bin": True}, "y": {"aggregate": "count"}},
        },
    ),
    "One brushes the other": of(
        SALES,
        vconcat=[
            {
                "width": 500,
                "height": 100,
                "mark": "area",
                "params": [{"name": "brush", "select": {"type": "interval", "encodings": ["x"]}}],
                "encoding": {"x": t("month"), "y": q("cups", aggregate="sum")},
            },
            {
                "width": 500,
                "mark": "bar",
                "transform": [{"filter": {"param": "brush"}}],
                "encoding": {"x": q("cups", aggregate="sum"), "y": n("drink")},
            },
        ],
    ),
    "Ring": of(
        SALES, {"type": "arc", "innerRadius": 50}, encoding={"theta": q("cups", aggregate="sum"), "color": n("drink")}
    ),
    "Ticks": of(PEOPLE, "tick", encoding={"x": q("height", scale=FREE), "y": n("team")}),
    "Moving mean": of(
        WALK,
        encoding={"x": q("t")},
        transform=[
            {"window": [{"op": "mean", "field": "v", "as": "mean"}], "frame": [-5, 5]},
            {"calculate": "datum.v - datum.mean", "as": "rest"},
        ],
        layer=[{"mark": "point", "encoding": {"y": q("v")}}, {"mark": "line", "encoding": {"y": q("mean")}}],
    ),
    "Logarithmic": of(
        [{"x": x, "y": 10 ** (x / 4)} for x in range(1, 25)],
        {"type": "line", "point": True},
        encoding={"x": q("x"), "y": q("y", scale={"type": "log"})},
    ),
    "Rows as CSV": {
        "data": {"values": "name,value\nx,1\ny,3\nz,2", "format": {"type": "csv"}},
        "mark": "bar",
        "encoding": {"x": n("name"), "y": q("value")},
    },
}

# -- hostile -----------------------------------------------------------------------------------------

DOT = {"x": q("x"), "y": q("y")}
ONE = [{"x": 1, "y": 1, "s": "executed"}]
RUN = "executed"


def hostile(elsewhere: str) -> list[str]:
    """Charts that would load something, run something, or make more than a page can hold."""
    url = f"{elsewhere}/secret"
    image = f"<img src={url} onerror=console.log('{RUN}')>"
    loads = [
        {"data": {"url": each, "format": {"type": kind}}, "mark": "point", "encoding": DOT}
        for each in (
            url,
            url.removeprefix("http:"),
            "file:///etc/passwd",
            "/api/contents",
            f"javascript:console.log('{RUN}')",
        )
        for kind in ("json", "csv", "topojson")
    ]
    loads += [
        of(ONE, "point", transform=[{"lookup": "x", "from": {"data": {"url": url}, "key": "x", "fields": ["y"]}}]),
        of([{"u": url}], {"type": "image", "width": 90, "height": 90}, encoding={"url": n("u")}),
        of(ONE, {"type": "image", "url": url}),
        of(ONE, {"type": "point", "href": url, "size": 90_000, "cursor": f"url({url}), pointer"}, encoding=DOT),
        of([{"u": f"javascript:console.log('{RUN}')"}], {"type": "rect"}, encoding={"href": n("u")}),
        of(
            ONE,
            {"type": "text", "font": f"url({url})", "text": image, "tooltip": image, "size": 900},
            title=image,
            description=image,
        ),
        of(
            ONE,
            "point",
            background=f"url({url})",
            config={"background": f"url({url})", "font": f"x;src:url({url})"},
            encoding=DOT,
        ),
        of(ONE, {"type": "point", "fill": f"url({url}#a)", "stroke": f"url({url})"}, encoding=DOT),
    ]
    escapes = [
        "datum.constructor.constructor('console.log(\"executed\")')()",
        "slice({slice: datum.constructor}, datum.s)",
        "join({join: event.view.alert}, 1)",
        "reverse({slice: event.view.print})",
        "[].constructor.constructor",
        "view()._el.ownerDocument.defaultView.console.log('executed')",
        "event.view.console.log('executed')",
        "event.target.ownerDocument.location = 'about:blank'",
        "window.console.log('executed')",
        "constructor('executed')",
        "__proto__.polluted",
        "modify('source_0', datum.constructor)",
        "warn('executed', event.view, item().mark.source, group().context.dataflow)",
        "replace(datum.s, regexp('(e+)+$'), datum.constructor)",
        "length({length: view().runAsync.constructor})",
    ]
    kinds = ("click", "pointermove", "window:pointermove", "body:click", "timer{9}")
    runs = [
        of(ONE, "point", transform=[{"calculate": each, "as": "found"}], encoding={"x": q("found"), "y": q("y")})
        for each in escapes
    ]
    runs += [
        of(ONE, {"type": "point", "size": {"expr": each}, "tooltip": {"expr": each}}, encoding=DOT) for each in escapes
    ]
    runs += [
        of(
            ONE,
            {"type": "point", "size": 90_000},
            params=[
                {"name": f"p{at}", "select": {"type": "point", "on": f"{kind}[{each}]"}}
                for at, kind in enumerate(kinds)
            ],
            encoding={**DOT, "opacity": {"condition": {"param": "p0", "value": 1}, "value": 0.5}},
        )
        for each in escapes
    ]
    grows = [
        {"data": {"sequence": {"start": 0, "stop": 1e12}}, "mark": "point"},
        {"data": {"graticule": {"step": [1e-9, 1e-9]}}, "mark": "geoshape"},
        of(ONE, "point", width=1e9, encoding=DOT),
        of(ONE, "point", height=9_999, width=9_999, encoding=DOT),
        of(ONE, "bar", encoding={"x": q("x", bin={"step": 1e-12}), "y": q("y")}),
        of(ONE, "bar", encoding={"x": q("x", axis={"tickCount": 1e12}), "y": q("y")}),
        of(PEOPLE, "bar", encoding={"x": q("weight", scale={"bins": {"step": 1e-12}})}),
        of([{"k": k} for k in range(5_000)], "bar", encoding={"row": n("k"), "column": n("k")}),
        of(ONE, "point", transform=[{"calculate": "pad('x', 1e9)", "as": "x"}], encoding={"x": n("x")}),
        of(ONE, repeat=["x"] * 10_000, spec={"mark": "bar"}),
    ]
    poison = '{"prototype": {"polluted": true}, "polluted": true}'
    config = f'{{"style": {{"constructor": {poison}, "__proto__": {poison}}}, "__proto__": {poison}, "signals": [{{"name": "a", "on": [{{"events": "window:click", "update": "event.view"}}]}}]}}'
    events = {"events": {"bind": "any", "selector": True, "timer": True, "globalCursor": True}}
    pollutes = [
        json.dumps(of(ONE, "point", encoding=DOT)).replace("{", f'{{"config": {config}, "constructor": {poison}, ', 1),
        json.dumps(
            of(
                ONE,
                "point",
                encoding=DOT,
                config=events,
                params=[{"name": "p", "bind": {"element": "body", "event": "click"}}],
            )
        ),
    ]
    return [*map(json.dumps, [*loads, *runs, *grows]), *pollutes]
