"""A surface out of elements: who has which id, and the messages that show it. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from ..errors import ComponentError
from . import table
from .catalogs import Catalog, table_version
from .elements import Child, Each, Element, child_of, wire
from .problem import Problem, listed, shown
from .validate import validate

Version = Literal["v0.9", "v0.9.1", "v0.10", "v1.0", "1.0"]

VERSIONS = ("v0.9", "v0.9.1", "v0.10", "v1.0", "1.0")


def surface(
    root: Child,
    *,
    data: Mapping[str, Any] | None = None,
    surface_id: str | None = None,
    version: Version = "v0.9",
    catalogs: Sequence[Catalog] = (),
    theme: Mapping[str, Any] | None = None,
    send_data: bool = False,
) -> list[dict[str, Any]]:
    """The messages that show a component: one makes the surface, one fills it, one gives it `data`.

    Without a `surface_id` it has one made from its content. With `catalogs` it is of the first of them. `send_data`
    asks for the whole data with every action. Raises `ComponentError` for what the version does not have.
    """
    if version not in VERSIONS:
        raise ComponentError(f"surface: version: {shown(version)} is not one of {listed(VERSIONS)}")
    family = table_version(version)
    components = _Layout(is_at=version == "1.0").components(child_of("surface", "root", root))
    content = json.dumps([components, data], sort_keys=True, default=str)
    surface_id = surface_id or f"surface-{hashlib.sha256(content.encode()).hexdigest()[:12]}"
    created: dict[str, Any] = {
        "surfaceId": surface_id,
        "catalogId": catalogs[0].id if catalogs else table.basic_id(family),
    }
    if theme:
        created["theme"] = dict(theme)
    if send_data:
        created["sendDataModel"] = True
    bodies: dict[str, Any] = {
        "createSurface": created,
        "updateComponents": {"surfaceId": surface_id, "components": components},
    }
    if data is not None:
        bodies["updateDataModel"] = {"surfaceId": surface_id, "value": dict(data)}
    messages = [{"version": version, name: body} for name, body in bodies.items()]
    _raise_for(validate(messages, version=version, catalogs=catalogs, progressive=False))
    return messages


def _raise_for(problems: list[Problem]) -> None:
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        where = errors[0].path.partition(".components.")[2] or errors[0].path
        raise ComponentError(f"{where}: {errors[0].message}")


class _Layout:
    """Components out of elements: each gets an id, children before those beside them."""

    def __init__(self, is_at: bool) -> None:
        self._is_at = is_at
        self._ids: dict[int, str] = {}
        self._taken: set[str] = {"root"}
        self._counts: dict[str, int] = {}
        self._made: list[dict[str, Any]] = []

    def components(self, root: Element) -> list[dict[str, Any]]:
        if root.id not in (None, "root"):
            raise ComponentError(f"surface: the outermost component's id is 'root', not {shown(root.id)}")
        for element in self._elements(root):
            if element.id is not None and element is not root:
                if element.id in self._taken:
                    raise ComponentError(f"surface: two components have the id {shown(element.id)}")
                self._taken.add(element.id)
        self._ids[id(root)] = "root"
        self._place(root)
        return self._made

    def _elements(self, root: Element) -> Iterable[Element]:
        """Every element once."""
        seen = {id(root)}
        pending = [root]
        for element in pending:
            yield element
            for found in _elements_in(element.props):
                if id(found) not in seen:
                    seen.add(id(found))
                    pending.append(found)

    def _place(self, root: Element) -> None:
        pending = [root]
        for element in pending:
            made: dict[str, Any] = {"id": self._ids[id(element)], "component": element.type}
            for name, prop in element.props.items():
                key = f"@{name}" if self._is_at and name in ("accessibility", "checks") else name
                made[key] = wire(prop, self._is_at, lambda found: self._id_of(found, pending))
            self._made.append(made)

    def _id_of(self, element: Element, pending: list[Element]) -> str:
        known = self._ids.get(id(element))
        if known is None:
            known = self._ids[id(element)] = element.id or self._new_id(element.type)
            pending.append(element)
        return known

    def _new_id(self, component: str) -> str:
        while True:
            count = self._counts[component] = self._counts.get(component, 0) + 1
            made = f"{component[:1].lower()}{component[1:]}_{count}"
            if made not in self._taken:
                self._taken.add(made)
                return made


def _elements_in(value: Any) -> Iterable[Element]:
    pending = [value]
    for each in pending:
        if isinstance(each, Element):
            yield each
        elif isinstance(each, Each):
            yield each.template
        elif isinstance(each, Mapping):
            pending.extend(each.values())
        elif isinstance(each, list | tuple):
            pending.extend(each)
