"""Hostile interfaces: a payload in every string of A2UI messages of every version, of their states and of older interfaces."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import agui_widget.a2ui
from agui_widget.session import Session

from .hostile import Batch, Clock, pointer

Json = dict[str, Any]
CATALOG: Json = json.loads((Path(agui_widget.a2ui.__file__).parent / "catalog.json").read_text("utf-8"))
WORD_KINDS = {"DynamicString", "DynamicValue", "any", "string", "color", "url", "enum", "number", "integer"}
WORD_KINDS |= {"DynamicNumber", "boolean", "DynamicBoolean"}


def surfaces(values: list[Json]) -> Batch:
    """A message with a part for each of `values`."""
    start = {
        "message_id": "a1",
        "kind": "message.start",
        "lane": "status",
        "corr": None,
        "payload": {"role": "assistant"},
    }
    parts = [{"key": f"p{n}", "kind": "surface", "value": {"operations": [], **each}} for n, each in enumerate(values)]
    puts = [{**start, "kind": "part.put", "lane": "a2ui", "payload": part} for part in parts]
    return Session("s1", now=Clock()).append([start, *puts])


def value_of(spec: Json, words: str, turn: int) -> Any:
    """What a property of this kind may hold, with `words` for every string; of several spellings, one at each turn."""
    kind = spec["kind"]
    if kind in WORD_KINDS:
        return {"path": f"/{pointer(words)}"} if turn % 3 == 1 and kind.startswith("Dynamic") else words
    if kind == "list":
        return [value_of(spec.get("item", {"kind": "string"}), words, turn)]
    if kind == "object":
        more = {words: words} if spec.get("open") else {}
        return {**{name: value_of(each, words, turn) for name, each in spec.get("props", {}).items()}, **more}
    return OTHERS[kind](words, turn)


def action(words: str, turn: int) -> Json:
    event = {"name": words, "context": {words: words, "bound": {"path": words}}, "userMessage": words}
    calls = [{"call": "openUrl", "args": {"url": words}}, {"call": words, "args": {words: words}}]
    return {"event": event} if turn % 2 else {"functionCall": calls[turn // 2 % 2]}


def checks(words: str, turn: int) -> list[Json]:
    return [{"condition": {"call": "regex", "args": {"value": words, "pattern": words}}, "message": words}]


OTHERS: dict[str, Callable[[str, int], Any]] = {
    "ComponentId": lambda words, turn: "leaf",
    "ChildList": lambda words, turn: {"componentId": "leaf", "path": words} if turn % 3 == 2 else ["leaf", words],
    "DynamicStringList": lambda words, turn: [words],
    "Icon": lambda words, turn: {"svgPath": words} if turn % 2 else words,
    "Action": action,
    "Checks": checks,
    "BoundString": lambda words, turn: {"path": words} if turn % 3 == 1 else {"literalString": words},
    "BoundIcon": lambda words, turn: {"literalString": words},
    "BoundBoolean": lambda words, turn: {"literalBoolean": words},
    "BoundNumber": lambda words, turn: {"literalNumber": words},
    "BoundStringList": lambda words, turn: {"literalArray": [words]},
}


def components(words: str, turn: int, version: str) -> dict[str, Json]:
    """Every component of a version, with every property that it may have: by its name."""
    changes = CATALOG["changes"].get(version, {}).get("components", {})
    made = {}
    for name, component in CATALOG["components"].items():
        props = {**component["props"], **CATALOG["common"]["1.0" if version == "1.0" else "0.9"]}
        props |= changes.get(name, {}).get("props", {})
        if turn % 3 != 2:
            props.pop("catalogId", None)  # a foreign catalog has none of the components
        made[name] = {prop: value_of(spec, words, turn) for prop, spec in props.items() if spec is not None}
    return made


def formatted(words: str) -> str:
    return f"${{{words}}} ${{formatString(value: '{words}')}} {words}"


def nine(words: str, turn: int, version: str = "v0.9") -> list[Json]:
    """0.9; at the third turn also where names are."""
    id = words if turn % 3 == 2 else "s"
    made = [
        {"id": f"c{n}", "component": name, **props}
        for n, (name, props) in enumerate(components(words, turn, "0.9").items())
    ]
    named = [
        {"id": words, "component": words, words: words},
        {"id": "f", "component": "Text", "text": {"call": "formatString", "args": {"value": formatted(words)}}},
    ]
    root = {"id": "root", "component": "Column", "children": [each["id"] for each in [*made, *named]]}
    theme = dict.fromkeys(["primaryColor", "iconUrl", "agentDisplayName", words], words)
    messages: list[Json] = [
        {"createSurface": {"surfaceId": id, "catalogId": CATALOG["ids"]["0.9"][0], "theme": theme, words: words}},
        {"updateComponents": {"surfaceId": id, "components": [root, *made, *named, leaf(words)]}},
        {"updateDataModel": {"surfaceId": id, "value": {words: words}}},
        {"updateDataModel": {"surfaceId": id, "path": f"/{pointer(words)}/{pointer(words)}", "value": words}},
        {words: {"surfaceId": words}},
        {"createSurface": {"surfaceId": words, "catalogId": words}},
    ]
    return [{"version": version, **message} for message in messages]


def leaf(words: str) -> Json:
    return {"id": "leaf", "component": "Text", "text": words}


def one(words: str, turn: int) -> list[Json]:
    """1.0, where bindings are marked and a surface comes whole."""
    made = [
        {"id": f"c{n}", "component": name, **marked(props)}
        for n, (name, props) in enumerate(components(words, turn, "1.0").items())
    ]
    root = {"id": "root", "component": "Column", "children": [each["id"] for each in made]}
    whole = [root, *made, leaf(words)]
    id = words if turn % 3 == 2 else "s"
    surface = {"surfaceId": id, "catalogId": CATALOG["ids"]["1.0"][0], "components": whole, "dataModel": {words: words}}
    call = {"functionCallId": words, "callFunction": {"@call": words, "args": {words: words}, "catalogId": words}}
    opens = {"functionCallId": "o", "callFunction": {"@call": "openUrl", "args": {"url": words}}}
    return [
        {"version": "1.0", "createSurface": surface},
        *({"version": "1.0", "callFunction": each} for each in (call, opens)),
    ]


def marked(value: Any) -> Any:
    if isinstance(value, list):
        return [marked(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {f"@{name}" if name in ("path", "call") else name: marked(each) for name, each in value.items()}


def eight(words: str, turn: int) -> list[Json]:
    """0.8, where a component is a key and values say what they are."""
    id = words if turn % 3 == 2 else "s"
    made = [
        {
            "id": f"c{n}",
            "component": {name: {prop: value_of(spec, words, turn) for prop, spec in component["props"].items()}},
        }
        for n, (name, component) in enumerate(CATALOG["v0_8"]["components"].items())
    ]
    ids = [each["id"] for each in made]
    root = {"id": "root", "component": {"Column": {"children": {"explicitList": [*ids, words]}}}}
    named = [
        {"id": words, "component": {words: {words: words}}},
        {"id": "leaf", "component": {"Text": {"text": {"literalString": words}}}},
    ]
    contents = [
        {"key": words, "valueString": words},
        {"key": "map", "valueMap": [{"key": words, "valueString": words}]},
    ]
    return [
        {"surfaceUpdate": {"surfaceId": id, "components": [root, *made, *named]}},
        {"dataModelUpdate": {"surfaceId": id, "path": words, "contents": contents}},
        {"dataModelUpdate": {"surfaceId": id, "contents": contents}},
        {"beginRendering": {"surfaceId": id, "root": "root", "styles": {"primaryColor": words, "font": words}}},
    ]


def operations(make: Callable[[str, int], list[Json]]) -> Callable[[str, int], Json]:
    return lambda words, turn: {"operations": make(words, turn)}


def status(words: str, turn: int) -> Json:
    state = ["failed", "retrying", "building", words][turn % 4]
    said = dict.fromkeys(["error", "attempt", "maxAttempts", "progressTokens", words], words)
    return {"status": {**said, "status": state, "errors": [{"path": words, "code": words, "message": words}, words]}}


def older(words: str, turn: int) -> Json:
    """A spec of each schema and component, and of none."""
    field = dict.fromkeys(["name", "label", "placeholder", "value", "type"], words)
    props = {
        **dict.fromkeys(["title", "content", "headline", "body", "label"], words),
        "fields": [field, {**field, "options": [words, {"label": words, "value": words}]}],
        "tools": [dict.fromkeys(["name", "state", "summary"], words)],
        "citations": [dict.fromkeys(["title", "url", "snippet"], words)],
    }
    kinds = ["card", "form", "form.goal", "lane.tools", "lane.citations", words]
    schema = words if turn % 7 == 6 else "a2ui.v1"
    return {"spec": {"schema": schema, "component": kinds[turn % len(kinds)], "props": props}}


def remembered(words: str, turn: int) -> Json:
    """What was entered is given back by a file, which may be anybody's."""
    edits = {
        id: [{"path": path, "value": words, "base": words, "prop": words} for path in ("/v", words)]
        for id in ("s", words)
    }
    return {"operations": nine(words, turn), "edits": edits}


VALUES: dict[str, Callable[[str, int], Json]] = {
    "0.8": operations(eight),
    "0.9": operations(nine),
    "0.10": operations(lambda words, turn: nine(words, turn, "v0.10")),
    "1.0": operations(one),
    "status": status,
    "older spec": older,
    "remembered edits": remembered,
}
