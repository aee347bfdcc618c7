"""Hostile conversations: other people's payloads in every text that an agent can send, on their real way to the page.

An agent says them, and the client, the protocol, the projection and the session make of them what a page would receive.
`FIELDS` is the table of where a payload can stand; what it does not name must not exist (see `test_security.py`).
"""

from __future__ import annotations

import base64
import itertools
import json
import re
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from agui_widget.activities import OUTPUT_ACTIVITY
from agui_widget.agents.function import RunContext
from agui_widget.driver import Driver
from agui_widget.envelope import LANES, coalesce
from agui_widget.exhibits import GRID, IMAGE, STEP
from agui_widget.markdown.nodes import ELEMENTS
from agui_widget.projection import BUNDLE, FEED_MS, NOTICE, PROBLEM, TOOL_PROGRESS
from agui_widget.protocol import REPLACE
from agui_widget.protocol.events import EVENTS
from agui_widget.protocol.shapes import Choice, Either, Items, Leaf, Record, Shape, Tagged
from agui_widget.session import Session
from agui_widget.telemetry import ACTIVITY as TELEMETRY_ACTIVITY

Event = dict[str, Any]
Batch = list[dict[str, Any]]

HIDING = "in\u202egpj.exe \u2066x\u2069 \u200b\x1b[31mred"
MARKER = "harmless-7f3a"  # the last payload of each conversation: it proves that its field is drawn


class Cut:
    """What the agent has said until now is drawn before it goes on."""


CUT = Cut()


def payloads(fixtures: Path) -> list[str]:
    """Every payload of every corpus, each once; a URL also as links and as a picture. Short ones first."""
    found: list[str] = []
    for path in sorted((fixtures / "xss").glob("*.json")):
        for case in json.loads(path.read_text(encoding="utf-8")):
            found.append(case["payload"])
            if path.stem == "urls":
                found += [f"[a]({case['payload']})", f"<{case['payload']}>", f"![a](<{case['payload']}>)"]
    return sorted(filter(str.strip, dict.fromkeys(found)), key=len)


def pointer(words: str) -> str:
    """A member's name in a JSON Pointer."""
    return words.replace("~", "~0").replace("/", "~1")


def parts(words: list[str], size: int) -> Iterator[list[str]]:
    """As many as one conversation holds."""
    for at in range(0, len(words), size):
        yield words[at : at + size]


# -- where a payload can stand -----------------------------------------------------------------------


@dataclass(frozen=True)
class Field:
    """One text that an agent can send: `events` says how, given the payload and a number of its own."""

    name: str
    events: Callable[[str, int], Iterable[Any]]
    where: str = ""  # the selector of where it is drawn; empty: anywhere
    is_shown: bool = True
    is_alone: bool = False  # each payload in a run of its own
    step: int = 1  # which payloads the normal run has: each `step`-th
    ending: Callable[[list[str]], Event] | None = None
    markdown: str = "live"
    is_prose: bool = False  # may be written from the right, with the marks that needs
    is_still: bool = False  # what is folded stays so: to open it would change what is looked at


def text(payload: str, n: int, **start: Any) -> Iterator[Event]:
    yield {"type": "TEXT_MESSAGE_START", "messageId": f"m{n}", **start}
    yield {"type": "TEXT_MESSAGE_CONTENT", "messageId": f"m{n}", "delta": payload}
    yield {"type": "TEXT_MESSAGE_END", "messageId": f"m{n}"}


def thoughts(payload: str, n: int, **more: Any) -> Iterator[Event]:
    yield {"type": "REASONING_MESSAGE_START", "messageId": f"r{n}", "role": "reasoning"}
    yield {"type": "REASONING_MESSAGE_CONTENT", "messageId": f"r{n}", "delta": payload, **more}
    yield {"type": "REASONING_MESSAGE_END", "messageId": f"r{n}"}


def call(n: int, *, name: str = "tool", args: str = "{}", then: Iterable[Event] = ()) -> Iterator[Event]:
    yield {"type": "TOOL_CALL_START", "toolCallId": f"c{n}", "toolCallName": name}
    yield {"type": "TOOL_CALL_ARGS", "toolCallId": f"c{n}", "delta": args}
    yield {"type": "TOOL_CALL_END", "toolCallId": f"c{n}"}
    yield from then


def result(n: int, content: Any, **more: Any) -> Event:
    return {"type": "TOOL_CALL_RESULT", "messageId": f"t{n}", "toolCallId": f"c{n}", "content": content, **more}


def custom(name: str, value: Any) -> Event:
    return {"type": "CUSTOM", "name": name, "value": value}


def activity(n: int, kind: str, content: dict[str, Any]) -> Event:
    return {"type": "ACTIVITY_SNAPSHOT", "messageId": f"x{n}", "activityType": kind, "content": content}


def step(payload: str, n: int) -> Iterator[Any]:
    yield {"type": "STEP_STARTED", "stepName": payload}
    yield CUT
    yield {"type": "STEP_FINISHED", "stepName": payload}


def subagent(payload: str, n: int) -> Iterator[Event]:
    owner = {"subagentRunId": f"s{n}"}
    yield {"type": "SUBAGENT_STARTED", **owner, "name": payload}
    yield {"type": "SUBAGENT_FINISHED", **owner}


def subagent_error(payload: str, n: int) -> Iterator[Event]:
    owner = {"subagentRunId": f"s{n}"}
    yield {"type": "SUBAGENT_STARTED", **owner, "name": "helper", "description": payload}
    yield {"type": "SUBAGENT_ERROR", **owner, "message": payload, "code": payload}


def patched_activity(payload: str, n: int) -> Iterator[Event]:
    yield activity(n, "PLAN", {"a": 1})
    patch = [{"op": "add", "path": f"/{pointer(payload)}", "value": [payload]}]
    yield {"type": "ACTIVITY_DELTA", "messageId": f"x{n}", "activityType": "PLAN", "patch": patch}


def state(payload: str, n: int) -> Iterator[Event]:
    yield {"type": "STATE_SNAPSHOT", "snapshot": {"a": 1, payload: payload}}
    yield {"type": "STATE_DELTA", "delta": [{"op": "add", "path": f"/{pointer(payload)}", "value": {payload: payload}}]}


def snapshot(payload: str, n: int) -> Iterator[Event]:
    tool_call = {"id": f"k{n}", "type": "function", "function": {"name": payload, "arguments": payload}}
    words = {"content": payload, "name": payload}
    yield {
        "type": "MESSAGES_SNAPSHOT",
        "messages": [
            *({"id": f"{role}{n}", "role": role, **words} for role in ("user", "developer", "system")),
            {"id": f"assistant{n}", "role": "assistant", **words, "toolCalls": [tool_call]},
            {"id": f"tool{n}", "role": "tool", "toolCallId": f"k{n}", "content": payload, "error": payload},
            {"id": f"reasoning{n}", "role": "reasoning", "content": payload},
            {"id": f"activity{n}", "role": "activity", "activityType": payload, "content": {payload: payload}},
        ],
    }


def questions(asked: list[str]) -> Event:
    schema = [{"type": "object", "properties": {payload: {"description": payload}}} for payload in asked]
    interrupts = [
        {"id": f"{n} {payload}", "reason": payload, "message": payload, "responseSchema": schema[n]}
        for n, payload in enumerate(asked)
    ]
    return {"type": "RUN_FINISHED", "outcome": {"type": "interrupt", "interrupts": interrupts}}


def prints(payload: str, n: int) -> Iterator[Any]:
    print(payload)
    yield None
    yield CUT


def fails(payload: str, n: int) -> Iterator[Any]:
    yield "A word."
    raise ValueError(payload)


def file_part(payload: str) -> dict[str, Any]:
    source = {"type": "file", "value": payload, "provider": payload, "mimeType": payload}
    return {"type": "document", "id": payload, "source": source, "metadata": {"filename": payload}}


MIMES = (
    "text/plain text/html text/markdown text/latex image/svg+xml image/png application/javascript application/json "
    "application/vnd.jupyter.widget-view+json application/vnd.bokehjs_load.v0+json"
).split()
DRAWN = "application/vnd.agui_widget.{}+json"


def output(n: int, data: dict[str, Any], **more: Any) -> list[Event]:
    return [activity(n, OUTPUT_ACTIVITY, {"data": data, **more})]


def table(payload: str) -> dict[str, Any]:
    columns = [{"name": payload, "dtype": payload}, {"name": "n", "dtype": "int64"}]
    rows = [[payload, payload, payload], ["", "1", "2"]]
    return {
        "application/vnd.agui_widget.table+json": {
            "columns": columns,
            "index": [payload],
            "rows": rows,
            "total": 2,
            "width": 2,
        },
    }


def flow(payload: str) -> dict[str, Any]:
    ends = {"from": payload, "to": "b"}
    nodes = [{"id": payload, **dict.fromkeys(("label", "kind", "detail", "group"), payload)}, {"id": "b"}]
    return {"nodes": nodes, "edges": [{**ends, "label": payload}], "title": payload, "direction": "LR"}


def chart(payload: str) -> dict[str, Any]:
    encoding = {
        "x": {"field": payload, "type": "nominal", "title": payload},
        "y": {"field": "n", "type": "quantitative"},
    }
    rows = [{payload: payload, "n": 1, "url": payload}, {payload: MARKER, "n": 2}]
    usermeta = {"embedOptions": {"loader": payload}}
    words = {"title": payload, "description": payload, "name": payload, "usermeta": usermeta}
    return {
        **words,
        "data": {"values": rows},
        "mark": {"type": "bar", "href": payload, "tooltip": payload},
        "encoding": encoding,
    }


def telemetry(payload: str, n: int) -> Iterator[Event]:
    head = {"title": payload, "x": payload, "series": [{"name": payload, "unit": payload}], payload: payload}
    yield activity(n, TELEMETRY_ACTIVITY, {**head, "rows": [[0, 1], [1, 2], [payload, payload]]})
    patch = [{"op": "add", "path": "/rows/-", "value": [2, 3, payload]}]
    yield {"type": "ACTIVITY_DELTA", "messageId": f"x{n}", "activityType": TELEMETRY_ACTIVITY, "patch": patch}


def fences(payload: str, n: int) -> Iterator[Event]:
    """What is drawn, the payload in the words of it."""
    code = {
        "flow": json.dumps(flow(payload)),
        "vega-lite": json.dumps(chart(payload)),
        "math": payload,
        "mermaid": f'graph TD\n a["{payload}"] --> b\n click a href "{payload}"',
    }
    yield from text("\n\n".join(f"~~~~~{lang}\n{source}\n~~~~~" for lang, source in code.items()), n)


ODD: list[Any] = [
    *(None, True, 0, -1, 1e308, "", [], {}, [None], [[]], [{}], {"a": None}),
    {"__proto__": {"x": 1}, "constructor": {"prototype": {"x": 1}}, "toString": "x", "length": 3},
    {"columns": [None], "index": 5, "rows": [None, [{}], {"0": 1}], "total": -1, "width": 1e308},
    {"columns": {"length": 9}, "rows": "x", "total": 10**15},
    {"items": [None, [], {"type": [], "mime": 5, "data": {}, "url": [], "object": {}}, {"object": "k", "size": -1}]},
    {"series": [None, {"name": []}], "rows": [None, [], ["a"], [{}], [1, 2, 3]], "title": {}},
    {"nodes": [None, {}, {"id": []}, {"id": "a"}, {"id": "a"}], "edges": [None, {"from": "a"}, {"from": {}, "to": []}]},
    {"data": {"values": [None, 1, []]}, "mark": [], "encoding": []},
    {"data": {"values": {}}, "mark": "bar", "layer": {}, "hconcat": 1, "params": [{"name": "x", "expr": "event.view"}]},
    [
        {"t": "p", "c": 5},
        {"t": 5},
        {"t": "fence", "a": [], "c": [{}]},
        {"t": "math", "c": [{"t": "p"}]},
        {"t": "toString"},
    ],
]


def odd(payload: str, n: int) -> Iterator[Event]:
    """Values of every type in the place of what a type stands for; the words are the payload."""
    for at, value in enumerate(ODD):
        data = {"text/plain": payload, SHOWABLE[n % len(SHOWABLE)]: value}
        content = {"data": data, "metadata": value, "withheld": value, "object": value, "type": value}
        yield {**activity(n, OUTPUT_ACTIVITY, content), "messageId": f"odd{n}-{at}"}
    yield custom("status", dict.fromkeys(("status", "label", "progress"), {"a": 1}))
    yield custom("status", {"status": "constructor"})
    yield from call(n, then=[custom(TOOL_PROGRESS, {"toolCallId": f"c{n}", "progress": {}, "summary": [n]})])


SHOWABLE = (
    "application/vnd.agui_widget.table+json application/vnd.agui_widget.media+json application/vnd.agui_widget.flow+json "
    "application/vnd.agui_widget.telemetry+json application/vnd.agui_widget.nodes+json application/vnd.vegalite.v5+json "
    "application/json image/png image/svg+xml audio/wav text/html application/vnd.plotly.v1+json"
).split()


DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def media(payload: str) -> dict[str, Any]:
    """One of each sort of item, the payload in every word of them; some say that they are at the payload."""
    words = {"name": payload, "alt": payload}
    encoded = base64.b64encode(payload.encode()).decode()
    items = [
        {"type": "image", "mime": "image/png", "data": DOT, **words},
        {
            "type": "image",
            "mime": "image/svg+xml",
            "data": base64.b64encode(drawing(payload).encode()).decode(),
            **words,
        },
        {"type": "image", "mime": "image/png", "data": encoded, **words},
        {"type": "image", "mime": payload, "url": payload, **words},
        *({"type": kind, "url": payload, **words} for kind in ("image", "audio", "video", "document", payload)),
        {"type": "document", "mime": payload, "data": encoded, **words},
        {"type": "audio", "mime": "audio/wav", "data": encoded, "name": payload},
        {"type": payload, "mime": payload, "data": payload, "width": payload, "height": payload},
    ]
    return {"application/vnd.agui_widget.media+json": {"items": items}}


def nested(payload: str) -> str:
    """The payload behind what hides it from who looks only at the page around it."""
    inner = escape(payload)
    return (
        f'<template shadowrootmode="open"><a href="/lab">x</a>{payload}</template><iframe srcdoc="{inner}"></iframe>'
        f'<svg><foreignObject>{payload}</foreignObject></svg><object data="data:text/html,{inner}">{payload}</object>'
        f"<style>@import '{inner}'; p {{ background: url({inner}) }}</style><p style='position: fixed; inset: 0'>{payload}"
    )


def attached(payload: str, n: int) -> Iterator[Event]:
    """Parts of what the user is said to have said."""
    sources: list[dict[str, Any]] = [
        {"type": "data", "value": DOT, "mimeType": "image/png"},
        {"type": "data", "value": payload, "mimeType": payload},
        {"type": "url", "value": payload, "mimeType": payload},
        {"type": "file", "value": payload, "provider": payload, "mimeType": payload},
    ]
    content = [
        {"type": kind, "source": source, "metadata": {"filename": payload, "title": payload}}
        for kind in ("image", "audio", "video", "document")
        for source in sources
    ]
    yield {"type": "MESSAGES_SNAPSHOT", "messages": [{"id": f"user{n}", "role": "user", "content": content}]}


def drawing(payload: str) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text y="9">{payload}</text></svg>'


def source_of(payload: str) -> dict[str, Any]:
    names = ("id", "title", "url", "snippet", "text", "quote", "kind", "name", "source", "author", "published", "icon")
    return {**dict.fromkeys(names, payload), "start": 0, "end": 1, "startIndex": 0, "endIndex": 1}


def cited(payload: str, n: int) -> Iterator[Event]:
    sources = {"citations": [source_of(payload)]}
    yield {"type": "TEXT_MESSAGE_START", "messageId": f"m{n}", "metadata": sources}
    yield {"type": "TEXT_MESSAGE_CONTENT", "messageId": f"m{n}", "delta": "Words [1]", "metadata": sources}
    yield custom("citation", {**source_of(payload), "messageId": f"m{n}"})
    yield {"type": "TEXT_MESSAGE_END", "messageId": f"m{n}", "metadata": sources}


def bundled(lane: str, payload: str, n: int) -> Iterator[Any]:
    """A fragment for a lane, the payload as its HTML and where a link leads; seen before the next one takes its place."""
    yield from {"tools": call(n), "citations": text("Words", n)}.get(lane, ())
    yield custom(BUNDLE, {lane: f'{payload} <a href="{escape(payload)}">{escape(payload)}</a>'})
    yield CUT


def replaced(payload: str, n: int) -> Iterator[Event]:
    yield from text("Words", n)
    yield custom(REPLACE, {"messageId": f"m{n}", "text": payload})


def grid(payload: str) -> dict[str, Any]:
    meanings = {"0": {"label": payload}, "1": {"label": payload, "colour": payload}, payload: payload}
    return {"title": payload, "rows": [[0, 1], [1, 2]], "legend": meanings}


def images(payload: str, n: int) -> Iterator[Event]:
    """One that is here, one that is elsewhere, and one that is at the payload."""
    for at, url in enumerate((f"data:image/png;base64,{DOT}", f"https://pictures.example/{payload}", payload)):
        yield {**activity(n, IMAGE, {"url": url, "label": payload}), "messageId": f"i{n}-{at}"}


def interface(payload: str, n: int) -> dict[str, Any]:
    """What `render_a2ui` is called with, and the operations that say the same."""
    components = [
        {"id": "root", "component": "Column", "children": ["says", "field"]},
        {"id": "says", "component": "Text", "text": payload},
        {"id": "field", "component": "TextField", "label": payload, "value": {"path": "/v"}},
    ]
    return {"surfaceId": f"s{n}", "components": components, "data": {"v": payload}}


def operations(payload: str, n: int) -> dict[str, Any]:
    made = interface(payload, n)
    surface = {"surfaceId": made["surfaceId"]}
    bodies = [
        {"createSurface": {**surface, "catalogId": "https://a2ui.org/specification/v0_9/basic_catalog.json"}},
        {"updateComponents": {**surface, "components": made["components"]}},
        {"updateDataModel": {**surface, "value": made["data"]}},
    ]
    return {"a2ui_operations": [{"version": "v0.9", **body} for body in bodies]}


# Every kind of artifact with a payload in each text; what must be one of a few words is not a text.
ARTIFACTS: dict[str, dict[str, Any]] = {
    "crop_image": {"page": 1, **dict.fromkeys(("src", "doc_id", "chunk_id", "alt_en", "alt_pt"))},
    "entity_card": {"entity_class": "person", **dict.fromkeys(("entity_id", "canonical_name"))},
    "evidence_card": dict.fromkeys(("evidence_id", "title", "grade")),
    "hypothesis_card": {"posterior": 0.5, **dict.fromkeys(("hypothesis_id", "title"))},
    "case_card": dict.fromkeys(("case_id", "title")),
    "navigation_offer": dict.fromkeys(("target", "label_en", "label_pt")),
    "unknown": {},
}
LIMITS = {"grade": 40, "title": 2_000, "canonical_name": 2_000, "target": 2_000}


def artifact(kind: str, payload: str, n: int) -> dict[str, Any]:
    """An artifact with the payload in every text, as far as one may be so long; `n` makes ids differ."""
    if kind == "unknown":
        return {"kind": payload[:300], "field": {payload: payload}}
    texts = {
        name: payload[: LIMITS.get(name, 300)] if value is None else value for name, value in ARTIFACTS[kind].items()
    }
    return {"kind": kind, **texts}


def cited_picture(payload: str, n: int) -> Iterator[Event]:
    yield from text("Words", n)
    box = {"x": payload, "y": 1, "w": 1, "h": 1}
    crop = {"src": payload, "alt_en": payload, "alt_pt": payload}
    location = {"type": payload, "chunk": payload, "page": 1, "bbox": box}
    yield custom("citation", {"title": payload, "classification": payload, "location": location, "crop": crop})


def called(payload: str, n: int, name: str, arguments: str) -> Iterator[Event]:
    yield {"type": "TOOL_CALL_START", "toolCallId": f"i{n}", "toolCallName": name}
    yield {"type": "TOOL_CALL_ARGS", "toolCallId": f"i{n}", "delta": arguments}
    yield {"type": "TOOL_CALL_END", "toolCallId": f"i{n}"}


def interface_of_a_result(payload: str, n: int) -> Iterator[Event]:
    yield from called(payload, n, "show", "{}")
    content = json.dumps(operations(payload, n))
    yield {"type": "TOOL_CALL_RESULT", "messageId": f"r{n}", "toolCallId": f"i{n}", "content": content}


# -- every string of every event ---------------------------------------------------------------------


def filled(shape: Shape, words: str, turn: int) -> Any:
    """A value of `shape` with every field it can have, and `words` in every string; of what it may be, one at each turn."""
    if isinstance(shape, Record):
        return {name: filled(member, words, turn) for name, member in shape.fields.items()}
    if isinstance(shape, Items):
        members = shape.of.members.values() if isinstance(shape.of, Tagged) else [shape.of]
        return [filled(member, words, turn) for member in members]
    if isinstance(shape, Either):
        return filled(shape.items, words, turn)
    if isinstance(shape, Tagged):
        return filled(list(shape.members.values())[turn % len(shape.members)], words, turn)
    return min(shape.values) if isinstance(shape, Choice) else _leaf(shape, words)


def _leaf(shape: Leaf, words: str) -> Any:
    if shape.expected.startswith('"'):
        return shape.expected.strip('"')
    return next(each for each in ({words: [words]}, words, f"/{pointer(words)}", 1, True) if shape.is_clean(each))


def paths(shape: Shape, path: str) -> Iterator[str]:
    """Where a value of `shape` can hold words of an agent."""
    if isinstance(shape, Record):
        for name, member in shape.fields.items():
            yield from paths(member, f"{path}.{name}")
    elif isinstance(shape, Tagged):
        for name, member in shape.members.items():
            yield from paths(member, f"{path}<{name}>")
    elif isinstance(shape, (Items, Either)):
        yield from paths(shape.of if isinstance(shape, Items) else shape.items, path)
    elif isinstance(shape, Leaf) and any(shape.is_clean(each) for each in ("x", "/x", {})):
        yield path


def paths_with(words: str, shape: Shape, value: Any, path: str = "") -> Iterator[str]:
    """The same paths, where `value` does hold `words`."""
    path = path or str(value["type"])
    if isinstance(shape, Record):
        for name, member in value.items():
            yield from paths_with(words, shape.fields[name], member, f"{path}.{name}")
    elif isinstance(shape, Tagged):
        yield from paths_with(words, shape.members[value[shape.tag]], value, f"{path}<{value[shape.tag]}>")
    elif isinstance(shape, (Items, Either)):
        for member in value:
            yield from paths_with(words, shape.of if isinstance(shape, Items) else shape.items.of, member, path)
    elif words in json.dumps(value):
        yield path


IN_ORDER = (
    "SUBAGENT_STARTED STEP_STARTED REASONING_START REASONING_MESSAGE_START REASONING_MESSAGE_CONTENT REASONING_MESSAGE_END "
    "REASONING_MESSAGE_CHUNK REASONING_END TEXT_MESSAGE_START TEXT_MESSAGE_CONTENT TEXT_MESSAGE_END TEXT_MESSAGE_CHUNK "
    "TOOL_CALL_START TOOL_CALL_ARGS TOOL_CALL_END TOOL_CALL_CHUNK REASONING_ENCRYPTED_VALUE TOOL_CALL_RESULT STATE_SNAPSHOT "
    "STATE_DELTA ACTIVITY_SNAPSHOT ACTIVITY_DELTA CUSTOM RAW STEP_FINISHED SUBAGENT_ERROR SUBAGENT_FINISHED MESSAGES_SNAPSHOT"
).split()
ENDINGS = ("RUN_FINISHED", "RUN_ERROR")


def everything(payload: str, n: int) -> Iterator[Event]:
    """Every event there is, the payload in every string of it: in ids too, and in what is never shown."""
    for kind in ("RUN_STARTED", *IN_ORDER, ENDINGS[n % 2]):
        yield filled(EVENTS[kind], payload, n)


# -- the table ---------------------------------------------------------------------------------------

FIELDS = [
    Field("answer", text, is_prose=True),
    Field("answer, formatted at its end", text, markdown="final", is_prose=True),
    Field("answer, not formatted", text, markdown="off", is_prose=True),
    Field(
        "answer in chunks",
        lambda p, n: [{"type": "TEXT_MESSAGE_CHUNK", "messageId": f"m{n}", "delta": p, "name": p}],
        is_prose=True,
    ),
    Field("words of the user", lambda p, n: text(p, n, role="user"), is_prose=True),
    Field("words of the developer", lambda p, n: text(p, n, role="developer"), is_prose=True),
    Field("words of the system", lambda p, n: text(p, n, role="system"), is_prose=True),
    Field("reasoning", thoughts, is_prose=True),
    Field("thinking", lambda p, n: thoughts(p, n, metadata={"lane": "thinking"}), is_prose=True),
    Field("tool name", lambda p, n: call(n, name=p), ".name"),
    Field("tool arguments", lambda p, n: call(n, args=p)),
    Field("tool arguments, JSON", lambda p, n: call(n, args=json.dumps({p: [p, {p: p}]})), ".arguments"),
    Field(
        "tool progress",
        lambda p, n: call(n, then=[custom(TOOL_PROGRESS, {"toolCallId": f"c{n}", "progress": 0.5, "summary": p})]),
        ".outcome",
    ),
    Field("tool result", lambda p, n: call(n, then=[result(n, p)]), ".code"),
    Field("tool result, JSON", lambda p, n: call(n, then=[result(n, json.dumps({p: [p]}))]), ".code"),
    Field(
        "tool result, parts",
        lambda p, n: call(n, then=[result(n, [{"type": "text", "id": p, "text": p, "metadata": p}])]),
        ".code",
    ),
    Field("file name", lambda p, n: call(n, then=[result(n, [file_part(p)])]), ".file-name"),
    Field("tool error", lambda p, n: call(n, then=[result(n, "", metadata={"error": p})]), ".outcome"),
    Field("step", step, ".activity", is_still=True),
    Field("status", lambda p, n: [custom("status", {"status": p, "label": p}), CUT], ".activity", is_still=True),
    Field("name of a subagent", subagent, ".subagent"),
    Field("error of a subagent", subagent_error, ".error"),
    Field(
        "error of a run", lambda p, n: [{"type": "RUN_ERROR", "message": p, "code": p}], ".error", is_alone=True, step=3
    ),
    Field("exception of the agent", fails, ".error", is_alone=True, step=4),
    Field("activity type", lambda p, n: [activity(n, p, {"a": 1})], ".type"),
    Field("activity content", lambda p, n: [activity(n, "PLAN", {p: [p, {p: p}]})], ".code"),
    Field("activity patch", patched_activity, ".code"),
    Field(
        "output", lambda p, n: [activity(n, OUTPUT_ACTIVITY, {"data": dict.fromkeys(MIMES, p), "name": p})], ".output"
    ),
    Field("type of an output", lambda p, n: output(n, {"application/json": 1}, type=p, name=p), ".out-type", step=2),
    Field("table", lambda p, n: output(n, table(p), name=p), ".out-grid", step=7),
    Field("data", lambda p, n: output(n, {"application/json": {p: [p, {p: p}]}}), ".json", step=4),
    Field("words of a picture", lambda p, n: output(n, {"image/png": p, "text/plain": p}), ".out-picture", step=4),
    Field("drawing", lambda p, n: output(n, {"image/svg+xml": drawing(p)}), is_shown=False, step=4),
    Field(
        "sound", lambda p, n: output(n, {"audio/wav": base64.b64encode(p.encode()).decode()}), is_shown=False, step=9
    ),
    Field("media", lambda p, n: output(n, media(p)), ".tile-name", step=12),
    Field("attachment", attached, ".tile-name", is_alone=True, step=9),
    Field("page of HTML", lambda p, n: output(n, {"text/html": p}), is_shown=False, is_alone=True, step=9),
    Field("page in a page", lambda p, n: output(n, {"text/html": nested(p)}), is_shown=False, is_alone=True, step=40),
    Field("telemetry", telemetry, ".output", step=60),
    Field("flow", lambda p, n: output(n, {DRAWN.format("flow"): flow(p)}), ".output", step=60),
    Field("chart", lambda p, n: output(n, {"application/vnd.vegalite.v5+json": chart(p)}), ".output", step=60),
    Field("fences", fences, ".fence", step=150, is_prose=True),
    Field("odd values", odd, ".output", step=250),
    Field("printed", prints, ".printed"),
    Field("state", state, is_shown=False),
    Field("messages snapshot", snapshot, is_alone=True, step=6, is_prose=True),
    Field("question", lambda p, n: [], ".question", ending=questions),
    Field("notice of an unknown event", lambda p, n: [custom(p, {p: p})], ".notices"),
    Field("notice of a raw event", lambda p, n: [{"type": "RAW", "event": {p: p}, "source": p}], ".notices"),
    Field("citation", cited, "[data-lane=citations]", is_alone=True, is_prose=True),
    Field(
        "interface in an activity",
        lambda p, n: [
            {
                "type": "ACTIVITY_SNAPSHOT",
                "messageId": f"a{n}",
                "activityType": "a2ui-surface",
                "content": operations(p, n),
            }
        ],
        "[data-lane=a2ui]",
        step=6,
        is_prose=True,
    ),
    Field("interface in a result", interface_of_a_result, "[data-lane=a2ui]", step=6, is_prose=True),
    Field(
        "interface in the arguments of a call",
        lambda p, n: called(p, n, "render_a2ui", json.dumps(interface(p, n))),
        "[data-lane=a2ui]",
        step=6,
        is_prose=True,
    ),
    Field(
        "interface of an older kind",
        lambda p, n: [
            custom("ui.render", {"schema": "a2ui.v1", "component": "card", "props": {"title": p, "content": p}})
        ],
        "[data-lane=a2ui]",
        step=6,
        is_prose=True,
    ),
    *(
        Field(
            f"artifact: {kind}",
            lambda p, n, kind=kind: [activity(n, "artifact", artifact(kind, p, n))],  # type: ignore[misc]
            ".artifacts",
            step=4,
        )
        for kind in ARTIFACTS
    ),
    *(
        Field(
            f"bundle: {lane}",
            lambda p, n, lane=lane: bundled(lane, p, n),  # type: ignore[misc]
            ".activity" if lane == "status" else f"[data-lane={lane}]",
            is_alone=lane in ("citations", "errors"),  # an answer has room for some
            step=8 if lane in ("citations", "errors") else 4,
            is_prose=True,
            is_still=lane == "status",
        )
        for lane in LANES
    ),
    Field("replaced answer", replaced, "[data-lane=text]", step=2, is_prose=True),
    Field(
        "row of a step",
        lambda p, n: [activity(n, STEP, {"message": p, "step": 1, "total": 2, "source": p, "state": p})],
        ".step",
        step=2,
    ),
    Field("grid", lambda p, n: [activity(n, GRID, grid(p))], ".cells-view", step=12),
    Field("image", images, ".tile-name", is_alone=True, step=9),
    Field(
        "memory",
        lambda p, n: [custom("memory", {"key": p, "value": {p: p}, "operation": "set"})],
        ".notices",
        step=2,
    ),
    Field("problem", lambda p, n: [custom(PROBLEM, {"message": p, "code": p})], ".error", is_alone=True, step=8),
    Field("notice", lambda p, n: [custom(NOTICE, {"message": p, "code": p})], ".notices", step=2),
    Field("picture of a citation", cited_picture, "[data-lane=citations]", is_alone=True, step=4, is_prose=True),
    Field("every string of every event", everything, is_alone=True, step=8, is_prose=True),
    Field(
        "result of a run",
        lambda p, n: [{"type": "RUN_FINISHED", "result": {p: p}}],
        is_shown=False,
        is_alone=True,
        step=4,
    ),
]


# -- from the agent to the page ----------------------------------------------------------------------


class Clock:
    """Each look at it is a frame later: every delta is read, and sent, for itself."""

    def __init__(self) -> None:
        self._ms = itertools.count(1_766_620_000_000, FEED_MS)

    def __call__(self) -> int:
        return next(self._ms)


def of_run(said: Any, run: RunContext) -> Any:
    """What begins and ends a run names it."""
    is_bound = isinstance(said, dict) and said["type"] in ("RUN_STARTED", "RUN_FINISHED")
    return {**said, "threadId": run.input["threadId"], "runId": run.run_id} if is_bound else said


def recorded(says: list[list[Any]], *, asks: list[str] | None = None, markdown: str = "live") -> list[Batch]:
    """What a page would receive of a conversation: one run for each list in `says`; each `CUT` begins a batch."""
    runs = iter(says)
    session = Session("s1", now=Clock())
    batches: list[Batch] = [[]]
    session.subscribe(lambda envelopes: batches[-1].extend(envelopes))

    async def agent(run: RunContext) -> AsyncIterator[Any]:
        for said in next(runs):
            for each in said() if callable(said) else [said]:
                if each is CUT:
                    batches.append([])
                else:
                    yield of_run(each, run)

    driver = Driver(agent, session=session, echo=False, markdown=markdown)  # type: ignore[arg-type]
    for number in range(len(says)):
        driver.submit(asks[number] if asks else "Go")
        assert driver.wait(60)
    return [coalesce(batch) for batch in batches if batch]


def conversation(field: Field, words: list[str]) -> list[Batch]:
    """`words`, and the marker behind them, all in one field."""
    words = [*words, HIDING, MARKER]
    # An exception, and what is printed, must come about inside the agent.
    said = [[lambda p=p, n=n: field.events(p, n)] for n, p in enumerate(words)]
    if field.is_alone:
        return recorded(said, markdown=field.markdown)
    ending = [field.ending(words)] if field.ending else []
    return recorded([[*itertools.chain.from_iterable(said), *ending]], markdown=field.markdown)


def streamed(words: list[str], size: int) -> list[Batch]:
    """All of `words` as answers that grow side by side by `size` characters, a frame for each step."""
    starts = [{"type": "TEXT_MESSAGE_START", "messageId": f"m{n}"} for n in range(len(words))]
    steps: list[Any] = []
    for at in range(0, max(map(len, words)), size):
        for n, payload in enumerate(words):
            if delta := payload[at : at + size]:
                steps.append({"type": "TEXT_MESSAGE_CONTENT", "messageId": f"m{n}", "delta": delta})
        steps.append(CUT)
    return recorded([[*starts, *steps]])


# -- what no agent can say, but a page must not trust ------------------------------------------------


def forged(nodes: list[Any]) -> Batch:
    """Formatted answers that no reader of markdown has made."""
    start = {
        "message_id": "a1",
        "kind": "message.start",
        "lane": "status",
        "corr": None,
        "payload": {"role": "assistant"},
    }
    made = [{"key": f"n{n}", "kind": "blocks", "nodes": [node], "text": ""} for n, node in enumerate(nodes)]
    answers = [{**start, "kind": "part.put", "lane": "text", "payload": each} for each in made]
    return Session("s1", now=Clock()).append([start, *answers])


def an_element_by_that_name(payload: str, n: int) -> Any:
    name = (re.findall(r"[a-z]+", payload) or ["x"])[0]
    return {"t": name, "a": {payload: payload, "src": payload, "href": payload}, "c": [{"t": payload, "c": [payload]}]}


def an_element_with_every_attribute(payload: str, n: int) -> Any:
    name = list(ELEMENTS)[n % len(ELEMENTS)]
    return {"t": "div", "c": [{"t": name, "a": dict.fromkeys(NAMES, payload), "c": [payload]}]}


def values_of_another_type(payload: str, n: int) -> Any:
    odd: list[Any] = [
        [payload],
        {"toString": payload, "valueOf": payload},
        {"0": payload, "length": 1},
        1e308,
        None,
        True,
    ]
    name = list(ELEMENTS)[n % len(ELEMENTS)]
    return {"t": "p", "c": [{"t": name, "a": dict.fromkeys(NAMES, value), "c": odd} for value in odd]}


FORGERIES = [an_element_by_that_name, an_element_with_every_attribute, values_of_another_type]
NAMES = sorted(
    {
        "id",
        "name",
        "class",
        "style",
        "slot",
        "is",
        "onclick",
        "onload",
        "srcdoc",
        "action",
        "xlink:href",
        "ping",
        "target",
    }
    | {"form", "popovertarget", "data-commandlinker-command", "__proto__", "constructor", "rel"}.union(
        *ELEMENTS.values()
    )
)


def asked(words: list[str]) -> list[Batch]:
    """What the user says; a run for each."""
    said = [payload for payload in words if payload.strip()]
    return recorded([[] for _ in said], asks=said)
