"""An interface that an agent made as lines to read: texts, labels with what is in them, buttons by their words. Pure.

It is no renderer: functions other than `formatString` are left out, and nothing is loaded.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

Json = dict[str, Any]
Tokens = tuple[str, ...]

MAX_LINES = 1_000  # of one part
MAX_STEPS = 10_000  # components visited, also those that say nothing
MAX_ROWS = 200
MAX_DEPTH = 50

HEADINGS = ("h1", "h2", "h3", "h4", "h5")
INSIDE = ("child", "children", "tabs", "tabItems", "trigger", "entryPointChild", "content", "contentChild")

_OLD_SEPARATORS = re.compile(r"[./\[\]]+")
_OLD_ROW = re.compile(r"^\.?(/item)?(/text)?(/label)?/?")  # what may stand before a path within a row of 0.8
_INSERTED = re.compile(r"\$\{\s*([A-Za-z0-9/._~-]+)\s*\}")


@dataclass(frozen=True)
class Line:
    """One line of an interface; a field has a label before its text, and may have a note behind it."""

    kind: Literal["heading", "text", "field", "button"]
    text: str
    label: str = ""
    note: str = ""


@dataclass
class _Surface:
    root: str = "root"
    components: dict[str, Json] = field(default_factory=dict)
    data: Any = field(default_factory=dict)
    is_old: bool = False  # of 0.8, which spells paths its own way


def lines(value: Json) -> list[Line]:
    """What a part of kind `surface` shows, with what the user has entered."""
    surfaces = _surfaces(value.get("operations") or [])
    edits = value.get("edits") or {}
    for surface_id, surface in surfaces.items():
        _enter(surface, edits.get(surface_id) or [])
    shown: list[Line] = []
    if isinstance(value.get("spec"), dict):
        shown += _spec(value["spec"], [each for some in edits.values() for each in some])
    for surface in surfaces.values():
        shown += _Walk(surface).lines()
    return shown[:MAX_LINES]


# -- what operations make ----------------------------------------------------------------------------


def _surfaces(operations: Iterable[Any]) -> dict[str, _Surface]:
    surfaces: dict[str, _Surface] = {}
    for operation in operations:
        for name, body in operation.items() if isinstance(operation, dict) else ():
            surface_id = body.get("surfaceId") if isinstance(body, dict) else None
            if name == "deleteSurface" and isinstance(surface_id, str):
                surfaces.pop(surface_id, None)
            elif name in APPLY and isinstance(surface_id, str):
                APPLY[name](surfaces.setdefault(surface_id, _Surface()), body)
    return surfaces


def _create(surface: _Surface, body: Json) -> None:
    _add_components(surface, body)
    if isinstance(body.get("dataModel"), dict):
        surface.data = body["dataModel"]


def _begin(surface: _Surface, body: Json) -> None:
    surface.root = str(body.get("root", "root"))
    surface.is_old = True


def _add_components(surface: _Surface, body: Json) -> None:
    given = body.get("components")
    for each in given if isinstance(given, list) else ():
        if not isinstance(each, dict) or not isinstance(each.get("id"), str):
            continue
        inner = each.get("component")
        if isinstance(inner, dict) and len(inner) == 1:  # 0.8: {type: properties}
            ((name, props),) = inner.items()
            each = {**(props if isinstance(props, dict) else {}), "id": each["id"], "component": name}
        surface.components[each["id"]] = each


def _update_data(surface: _Surface, body: Json) -> None:
    surface.data = _with(surface.data, _tokens(body.get("path") or "/"), body.get("value"))


def _update_old_data(surface: _Surface, body: Json) -> None:
    contents = body.get("contents")
    surface.data = _with(surface.data, _old_tokens(body.get("path")), _contents(contents))


def _contents(given: Any, depth: int = 0) -> Any:
    """Entries of 0.8 as what they say; the key `.` stands for the value itself."""
    entries = [each for each in given if isinstance(each, dict)] if isinstance(given, list) else []
    if len(entries) == 1 and entries[0].get("key") == ".":
        return _entry_value(entries[0], depth)
    found: Any = {}
    for each in entries:
        if isinstance(each.get("key"), str):
            found = _with(found, _old_tokens(each["key"]), _entry_value(each, depth))
    return found


def _entry_value(entry: Json, depth: int) -> Any:
    kind = next((key for key in entry if key.startswith("value")), "")
    value = entry.get(kind)
    if kind == "valueMap" and isinstance(value, list):
        return _contents(value, depth + 1) if depth < MAX_DEPTH else None
    return _json_in(value) if isinstance(value, str) else value


def _json_in(text: str) -> Any:
    """Agents put JSON into texts of 0.8, which has no other way to say a list."""
    bare = text.strip()
    if bare[:1] + bare[-1:] not in ("{}", "[]"):
        return text
    try:
        return json.loads(bare)
    except (ValueError, RecursionError):
        return text


APPLY: dict[str, Callable[[_Surface, Json], None]] = {
    "createSurface": _create,
    "updateComponents": _add_components,
    "updateDataModel": _update_data,
    "beginRendering": _begin,
    "surfaceUpdate": _add_components,
    "dataModelUpdate": _update_old_data,
}


def _enter(surface: _Surface, edits: Iterable[Any]) -> None:
    """What the user has entered, where the agent's value still is what it was then."""
    for edit in edits:
        if isinstance(edit, dict) and isinstance(edit.get("path"), str) and "prop" not in edit:
            tokens = _tokens(edit["path"])
            if _at(surface.data, tokens) == edit.get("base"):
                surface.data = _with(surface.data, tokens, edit.get("value"))


# -- the data ----------------------------------------------------------------------------------------


def _tokens(path: Any) -> Tokens:
    parts = str(path).split("/") if isinstance(path, str) else []
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in parts if part not in ("", "."))


def _old_tokens(path: Any) -> Tokens:
    return tuple(part for part in _OLD_SEPARATORS.split(path) if part) if isinstance(path, str) else ()


def _at(data: Any, tokens: Tokens) -> Any:
    for token in tokens:
        if isinstance(data, dict):
            data = data.get(token)
        elif isinstance(data, list) and token.isascii() and token.isdigit() and int(token[:9]) < len(data):
            data = data[int(token[:9])]
        else:
            return None
    return data


def _with(data: Any, tokens: Tokens, value: Any) -> Any:
    """The data with a value at a place; only what is on the way is copied."""
    if not tokens:
        return value
    if len(tokens) > MAX_DEPTH:
        return data
    first, rest = tokens[0], tokens[1:]
    if isinstance(data, list) and first.isascii() and first.isdigit():
        at = int(first[:9])
        if at > len(data):
            return data
        inner = data[at] if at < len(data) else None
        return [*data[:at], _with(inner, rest, value), *data[at + 1 :]]
    known = data if isinstance(data, dict) else {}
    return {**known, first: _with(known.get(first), rest, value)}


# -- from the root down ------------------------------------------------------------------------------


class _Walk:
    def __init__(self, surface: _Surface) -> None:
        self._surface = surface
        self._steps = 0

    def lines(self) -> list[Line]:
        found: list[Line] = []
        for line in self._component(self._surface.root, (), 0):
            found.append(line)
            if len(found) >= MAX_LINES:
                break
        return found

    def _component(self, component_id: Any, scope: Tokens, depth: int) -> Iterator[Line]:
        self._steps += 1
        component = self._surface.components.get(component_id) if isinstance(component_id, str) else None
        if component is None or depth > MAX_DEPTH or self._steps > MAX_STEPS:
            return
        name = _text(component.get("component"))
        if name == "Button":
            words = " ".join(line.text for line in self._component(component.get("child"), scope, depth + 1))
            yield Line("button", words)
            return
        draw = DRAW.get(name)
        if draw is not None:
            yield from draw(component, lambda prop: self._value(component.get(prop), scope))
        elif name not in LAYOUT:
            yield Line("text", f"[{name}]")
        for prop in INSIDE:
            for child, child_scope, title in self._children(component.get(prop), scope):
                if title is not None:
                    yield Line("heading", _text(self._value(title, scope)))
                yield from self._component(child, child_scope, depth + 1)

    def _children(self, given: Any, scope: Tokens) -> Iterator[tuple[Any, Tokens, Any]]:
        """Ids of components, each with its scope, and the title of a tab."""
        if isinstance(given, dict):
            given = given.get("explicitList") or given.get("template") or given
        if isinstance(given, dict):
            path = given.get("path", given.get("@path", given.get("dataBinding")))
            where = self._place(path, scope, is_list=True)
            rows = _at(self._surface.data, where)
            keys = (
                list(rows)
                if isinstance(rows, dict)
                else list(map(str, range(len(rows))))
                if isinstance(rows, list)
                else []
            )
            for key in keys[:MAX_ROWS]:
                yield given.get("componentId"), (*where, key), None
        elif isinstance(given, list):
            for each in given:
                yield (each.get("child"), scope, each.get("title")) if isinstance(each, dict) else (each, scope, None)
        elif isinstance(given, str):
            yield given, scope, None

    def _place(self, path: Any, scope: Tokens, *, is_list: bool = False) -> Tokens:
        is_absolute = isinstance(path, str) and path.startswith("/")
        if not self._surface.is_old:
            return _tokens(path) if is_absolute else (*scope, *_tokens(path))
        if scope and not is_list:  # there every binding is relative, however it starts
            return (*scope, *_old_tokens(_OLD_ROW.sub("", path) if isinstance(path, str) else path))
        return _old_tokens(path) if is_absolute else (*scope, *_old_tokens(path))

    def _value(self, given: Any, scope: Tokens) -> Any:
        """A property: what it says, or what is at the place that it names."""
        if not isinstance(given, dict):
            return given
        path = given.get("path", given.get("@path"))
        if isinstance(path, str):
            found = _at(self._surface.data, self._place(path, scope))
            return next((v for k, v in given.items() if k.startswith("literal")), None) if found is None else found
        if given.get("call", given.get("@call")) == "formatString" and isinstance(given.get("args"), dict):
            template = _text(self._value(given["args"].get("value"), scope))
            return _INSERTED.sub(lambda m: _text(_at(self._surface.data, self._place(m[1], scope))), template)
        return next((v for k, v in given.items() if k.startswith("literal")), None)


Get = Callable[[str], Any]


def _words(component: Json, get: Get) -> Iterator[Line]:
    variant = component.get("variant", component.get("usageHint"))
    yield Line("heading" if variant in HEADINGS else "text", _text(get("text")))


def _media(component: Json, get: Get) -> Iterator[Line]:
    words = _text(get("description") or get("altText"))
    yield Line("text", f"[{component['component']}{': ' if words else ''}{words}]")


def _label(component: Json, get: Get) -> str:
    """What a field is of; where its component does not say, which component it is."""
    return _text(get("label")) or _text(component["component"])


def _entry(component: Json, get: Get) -> Iterator[Line]:
    value = _text(get("value") if "value" in component else get("text"))
    is_secret = "obscured" in (component.get("variant"), component.get("textFieldType"))
    yield Line("field", "•" * 8 if is_secret and value else value, _label(component, get))


def _box(component: Json, get: Get) -> Iterator[Line]:
    yield Line("field", "yes" if get("value") is True else "no", _label(component, get))


def _choice(component: Json, get: Get) -> Iterator[Line]:
    chosen = get("value") if "value" in component else get("selections")
    given = component.get("options")
    options = [each for each in given if isinstance(each, dict)] if isinstance(given, list) else []
    labels = {str(each.get("value")): each.get("label") for each in options if not isinstance(each.get("label"), dict)}
    picked = chosen if isinstance(chosen, list) else [chosen] if chosen else []
    yield Line("field", ", ".join(_text(labels.get(str(each)) or each) for each in picked), _label(component, get))


LAYOUT = frozenset(("Row", "Column", "List", "Card", "Tabs", "Modal", "Divider", "Icon"))
DRAW: dict[str, Callable[[Json, Get], Iterator[Line]]] = {
    "Text": _words,
    "Image": _media,
    "Video": _media,
    "AudioPlayer": _media,
    "TextField": _entry,
    "Slider": _entry,
    "DateTimeInput": _entry,
    "CheckBox": _box,
    "ChoicePicker": _choice,
    "MultipleChoice": _choice,
}


def _spec(spec: Json, edits: list[Any]) -> Iterator[Line]:
    """An interface of before A2UI: its title, its text, its fields."""
    props = spec.get("props") if isinstance(spec.get("props"), dict) else {}
    assert isinstance(props, dict)
    values = {_text(edit.get("path")): edit.get("value") for edit in edits if isinstance(edit, dict)}
    for kind, names in {"heading": ("title", "headline"), "text": ("content", "body", "label")}.items():
        for name in names:
            if props.get(name):
                yield Line("heading" if kind == "heading" else "text", _text(props[name]))
    fields = props.get("fields")
    for each in fields if isinstance(fields, list) else ():
        if isinstance(each, dict):
            value = values.get(f"/values/{each.get('name')}", each.get("value"))
            yield Line("field", _text(value), _text(each.get("label") or each.get("name")))


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)
