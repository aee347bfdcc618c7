"""The arguments of the tool `render_a2ui`, read while the model writes them. Pure.

    {"surfaceId": …, "catalogId"?: …, "components": […], "data"?: {…}}

Components come at once, when their array is closed; items of lists that templates repeat come one by one; the whole of
the data comes when its object closes.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from ..protocol.values import decoded
from . import table
from .catalogs import Catalog
from .partial import PartialJson, Where
from .problem import Problem
from .validate import validate

RENDER_TOOL = "render_a2ui"
MAX_ERRORS = 20
RENDERED = '{"status":"rendered"}'  # what the tool answers; nobody executes it
FALLBACK_CATALOG = "https://a2ui.org/specification/v0_9/basic_catalog.json"


USAGE_DESCRIPTION = "A2UI render tool usage guide — how to call render_a2ui with valid arguments."
USAGE = (
    "Call render_a2ui to show the user an interface: a form, a table, a card. components is a flat list; each has an "
    'id and a component (its type), names its children by their ids, and one has the id "root". Inputs are bound to a '
    'place in data: {"path": "/name"}. A button says what it does: {"event": {"name": "submit", "context": {"name": '
    '{"path": "/name"}}}}; pressing it comes back as the result of a call of log_a2ui_event, with the values.'
)


def usage_context() -> dict[str, str]:
    """The entry of `RunAgentInput.context` that says how the tool is called."""
    return {"description": USAGE_DESCRIPTION, "value": USAGE}


def render_tool() -> dict[str, Any]:
    """The tool as an agent is told of it: an AG-UI `Tool`."""
    component = {
        "type": "object",
        "properties": {"id": {"type": "string"}, "component": {"type": "string"}},
        "required": ["id", "component"],
    }
    return {
        "name": RENDER_TOOL,
        "description": "Show the user an interface made of A2UI components. " + USAGE,
        "parameters": {
            "type": "object",
            "properties": {
                "surfaceId": {"type": "string", "description": "A name of the interface; a new one for a new one."},
                "components": {"type": "array", "items": component},
                "data": {"type": "object", "description": "What the components are bound to."},
            },
            "required": ["surfaceId", "components"],
        },
    }


def rendered(arguments: str) -> str:
    """What the tool answers, for nobody executes it: that it is shown, or what a model can mend."""
    reader = RenderArguments()
    reader.feed(arguments)
    reader.finish()
    errors = [
        {"path": each.path, "code": each.code, "message": each.message}
        for each in reader.problems
        if each.severity == "error"
    ]
    if reader.has_root and not errors:
        return RENDERED
    if not errors:
        errors = [{"path": "", "code": "invalid_value", "message": "no JSON object with surfaceId and components"}]
    answer = {"status": "rendered" if reader.has_root else "failed", "errors": errors[:MAX_ERRORS]}
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":"))


class RenderArguments:
    """Makes operations out of the arguments of one call.

    `catalog_id` goes before the one that the arguments name; `surface_id` is for arguments that name none. `problems`
    is what is wrong with the components, once they are there; they are shown as far as they can be all the same.

    >>> RenderArguments().feed('{"surfaceId": "s", "components": [{"id": "root", "component": "Divider"}]')
    """

    def __init__(
        self,
        *,
        catalog_id: str | None = None,
        surface_id: str = "surface",
        version: str = "v0.9",
        catalogs: Sequence[Catalog] = (),
    ) -> None:
        self.problems: list[Problem] = []
        self.surface_id: str | None = None
        self._given_catalog = catalog_id
        self._named_catalog: str | None = None
        self._spare_surface = surface_id
        self._version = version
        self._catalogs = catalogs
        self._components: list[Any] | None = None
        self._data: dict[str, Any] | None = None
        self._repeated: frozenset[Where] = frozenset()
        self._is_made = False
        self._reader = PartialJson(self._wants)

    @property
    def is_broken(self) -> bool:
        """True if the arguments are not JSON."""
        return self._reader.is_broken

    @property
    def is_made(self) -> bool:
        """True once there was something to show."""
        return self._is_made

    @property
    def has_root(self) -> bool:
        """True once there is the component that everything hangs on: without it nothing shows."""
        return self._is_made and any(each["id"] == "root" for each in self._components or ())

    def feed(self, delta: str) -> list[dict[str, Any]]:
        """The operations that this piece of the arguments makes possible."""
        operations: list[dict[str, Any]] = []
        for where, value in self._reader.feed(delta):
            operations += self._take(where, value)
        return operations + self.finish() if self._reader.is_complete else operations

    def finish(self) -> list[dict[str, Any]]:
        """The operations that only waited for more; nothing if there were none."""
        if self.surface_id is None and self._components is not None:
            self.surface_id = self._spare_surface
            return self._make()
        return []

    def _wants(self, where: Where) -> bool:
        if len(where) == 1:
            return where[0] in ("surfaceId", "catalogId", "components", "data")
        return self._is_made and len(where) > 2 and isinstance(where[-1], int) and where[:-1] in self._repeated

    def _take(self, where: Where, value: Any) -> list[dict[str, Any]]:
        if len(where) > 1:
            return [self._operation("updateDataModel", path=_pointer(where[1:]), value=value)]
        if where[0] == "surfaceId" and isinstance(value, str):
            self.surface_id = self.surface_id or value
            return self._make()
        if where[0] == "catalogId" and isinstance(value, str) and value != "basic":
            self._named_catalog = value
        elif where[0] == "components" and self._components is None:
            self._components = _shown_ones(decoded(value))
            self.problems = self._problems_of(decoded(value))
            return self._make()
        elif where[0] == "data" and isinstance(decoded(value), dict):
            self._data = decoded(value)
            return self._whole_data() if self._is_made else []
        return []

    def _make(self) -> list[dict[str, Any]]:
        """The surface, once it has an id and components."""
        if self._is_made or self.surface_id is None or not self._components:
            return []
        self._is_made = True
        self._repeated = frozenset(_repeated(self._components))
        catalog_id = self._given_catalog or self._named_catalog or self._own_catalog()
        operations = [
            self._operation("createSurface", catalogId=catalog_id),
            self._operation("updateComponents", components=self._components),
        ]
        return operations + (self._whole_data() if self._data is not None else [])

    def _problems_of(self, components: Any) -> list[Problem]:
        """What a model can mend: said of all that it wrote, also of what is left out."""
        catalog_id = self._given_catalog or self._named_catalog or self._own_catalog()
        created = {"version": self._version, "createSurface": {"surfaceId": "", "catalogId": catalog_id}}
        filled = {"version": self._version, "updateComponents": {"surfaceId": "", "components": components}}
        return validate([created, filled], catalogs=self._catalogs, progressive=False)

    def _own_catalog(self) -> str:
        if self._catalogs:
            return self._catalogs[0].id
        return FALLBACK_CATALOG if self._version.startswith("v0.9") else table.basic_id("1.0")

    def _whole_data(self) -> list[dict[str, Any]]:
        return [self._operation("updateDataModel", value=self._data)]

    def _operation(self, name: str, **body: Any) -> dict[str, Any]:
        return {"version": self._version, name: {"surfaceId": self.surface_id, **body}}


def _shown_ones(components: Any) -> list[Any] | None:
    """Components that have an id and a type; None if there is not one such."""
    if not isinstance(components, list):
        return None
    usable = [each for each in components if isinstance(each, dict) and _is_named(each)]
    return usable or None


def _is_named(component: dict[str, Any]) -> bool:
    return isinstance(component.get("id"), str) and isinstance(component.get("component"), str)


def _repeated(components: list[Any]) -> list[Where]:
    """The lists of the data that templates repeat, as places in the arguments."""
    paths = [each["children"].get("path") for each in components if isinstance(each.get("children"), dict)]
    absolute = [path for path in paths if isinstance(path, str) and path.startswith("/") and len(path) > 1]
    return [("data", *(_unescaped(part) for part in path[1:].split("/"))) for path in absolute]


def _unescaped(part: str) -> str:
    return part.replace("~1", "/").replace("~0", "~")


def _pointer(where: Where) -> str:
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in where)
