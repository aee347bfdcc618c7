"""What is wrong with A2UI messages of any version and spelling. Pure; table-driven."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal

from ..numeric import is_number
from .catalogs import Catalog, Component, Function, basic, minimal, table_version
from .messages import MESSAGES, family_of, messages_of, version_of
from .problem import EnoughProblems, Place, Problem, listed, shown
from .surfaces import Placed, Surface, Surfaces, composition, has_constraints, whole
from .table import BASIC_IDS, MINIMAL_IDS
from .walk import Walk

Sender = Literal["agent", "renderer"]

MOST_COMPONENTS = 20_000
FORBIDDEN_SEGMENTS = frozenset(("__proto__", "constructor", "prototype"))

# How the last draft of 1.0 spells what a component has from the protocol.
AT_ENVELOPE = {
    "@catalogId": "catalogId",
    "@accessibility": "accessibility",
    "@metadata": "metadata",
    "@checks": "checks",
}
AT_KEYS = frozenset(("@path", "@call", *AT_ENVELOPE))


def validate(
    payload: Any,
    *,
    version: str | None = None,
    catalogs: Sequence[Catalog] = (),
    progressive: bool = True,
    surfaces: Surfaces | None = None,
    sender: Sender | None = None,
) -> list[Problem]:
    """The problems of a message, a list of them, `{messages: […]}`, or JSON or JSON lines of such; none for good ones.

    `version` (as `"v0.9"`) is the one that all must be of; without it each tells by itself. `catalogs` are known
    besides the basic one. While messages still arrive, `progressive`, a child may be missing; else surfaces made by
    them must be whole. `surfaces` remembers from call to call. `sender` says who sent them; without it each tells.

    Never raises, whatever the payload holds, and stops after 200 problems. A wrong `version` is a `CatalogError`.
    """
    validation = _Validation(version, catalogs, surfaces, progressive, sender)
    try:
        validation.payload(payload)
        if not progressive:
            validation.finish()
    except EnoughProblems:
        pass
    return validation.walk.problems


class _Validation:
    def __init__(
        self,
        version: str | None,
        catalogs: Sequence[Catalog],
        surfaces: Surfaces | None,
        progressive: bool,
        sender: Sender | None,
    ) -> None:
        self.walk = Walk()
        self._version = version
        self._wanted = None if version is None else table_version(version)
        self._catalogs = catalogs
        self._remembers = surfaces is not None
        self._surfaces = Surfaces() if surfaces is None else surfaces
        self._progressive = progressive
        self._sender = sender
        self._unknown_catalogs: set[str] = set()
        self._count = 0

    # --- messages -------------------------------------------------------------------------------------------

    def payload(self, payload: Any) -> None:
        if isinstance(payload, dict) and "messages" in payload and not isinstance(payload["messages"], list):
            return self.walk.mismatch(payload["messages"], (None, "messages"), "array")
        try:
            messages = messages_of(payload)
        except ValueError as problem:
            return self.walk.add(None, "invalid_value", f"this is not JSON: {problem}")
        for number, message in enumerate(messages):
            self._message(message, ((None, "messages"), number))

    def finish(self) -> None:
        for surface_id, surface in self._surfaces.items():
            if surface.is_created:
                self.walk.version = surface.version
                whole(surface_id, surface, self.walk)

    def _message(self, message: Any, place: Place) -> None:
        walk = self.walk
        if not isinstance(message, dict):
            return walk.mismatch(message, place, "object")
        sender = self._sender or _sender_of(message)
        walk.version = self._family(message, sender, place)
        walk.is_at = False
        checks = MESSAGES[sender][walk.version]
        named = [key for key in message if key in checks]
        if not named:
            return walk.add(
                place, "missing_field", f"Message contains no update type: expected one of {listed(checks)}"
            )
        if len(named) > 1:
            return walk.add(place, "extra_field", f"Message contains multiple update types: {', '.join(named)}")
        for key in message:
            if key != named[0] and (key != "version" or walk.version == "0.8"):
                walk.extra(place, key)
        body = message[named[0]]
        walk.find_function = self._find_function(body)
        checks[named[0]](body, (place, named[0]), walk)
        if sender == "agent" and isinstance(body, dict) and isinstance(body.get("surfaceId"), str):
            self._apply(named[0], body, (place, named[0]))

    def _family(self, message: dict[str, Any], sender: Sender, place: Place) -> str:
        """The version of a message, for choosing tables; notes one that is missing or another than wanted."""
        spelled = message.get("version")
        wanted = self._wanted
        if wanted == "0.8" or (wanted is None and version_of(message) == "0.8" and spelled is None):
            return "0.8"
        if "version" not in message:
            return (
                wanted or self._unversioned(message, sender, place) if wanted is None else self._missing(place, wanted)
            )
        found = family_of(spelled)
        if found is None or found == "0.8" or (wanted is not None and found != wanted):
            expected = self._version or listed(("v0.9", "v0.9.1", "v0.10", "v1.0", "1.0"))
            self.walk.add((place, "version"), "invalid_value", f"{shown(spelled)} is not one of {expected}")
            return wanted or "0.9"
        return found

    def _missing(self, place: Place, family: str) -> str:
        self.walk.missing(place, "version")
        return family

    def _unversioned(self, message: dict[str, Any], sender: Sender, place: Place) -> str:
        """0.8 has no `version`, and a surface that is deleted has had one."""
        body = next(iter(message.values()), None)
        surface_id = body.get("surfaceId") if isinstance(body, dict) else None
        surface = self._surfaces.get(surface_id) if isinstance(surface_id, str) else None
        if "deleteSurface" in message or "error" in message:
            return surface.version if surface else "0.8"
        for family in ("0.9", "1.0"):
            if any(key in message for key in MESSAGES[sender][family]):
                return self._missing(place, surface.version if surface else family)
        return "0.9"

    # --- surfaces -------------------------------------------------------------------------------------------

    def _apply(self, key: str, body: dict[str, Any], place: Place) -> None:
        surface_id = body["surfaceId"]
        if key in ("createSurface", "beginRendering"):
            self._create(key, surface_id, body, place)
        elif key == "deleteSurface":
            if self._surfaces.pop(surface_id, None) is None and self._remembers:
                self._not_found(surface_id, place)
        elif key in ("updateComponents", "surfaceUpdate", "updateDataModel", "dataModelUpdate"):
            self._update(surface_id, body, place)

    def _create(self, key: str, surface_id: str, body: dict[str, Any], place: Place) -> None:
        catalog_id = body["catalogId"] if isinstance(body.get("catalogId"), str) else None
        known = self._surfaces.get(surface_id)
        if known is not None and known.is_created and key == "createSurface":
            # Over AG-UI every snapshot makes the surface again; that is no problem as long as it is the same.
            if known.catalog_id != catalog_id or not self._progressive:
                self.walk.add((place, "surfaceId"), "duplicate_id", f"Surface {surface_id} already exists")
        surface = known or Surface(self.walk.version)
        surface.is_created, surface.version, surface.catalog_id = True, self.walk.version, catalog_id
        if isinstance(body.get("root"), str):
            surface.root = body["root"]
        self._surfaces[surface_id] = surface
        self._theme(surface_id, surface, body, place)
        if isinstance(body.get("components"), list):
            self._components(surface, body["components"], (place, "components"))

    def _theme(self, surface_id: str, surface: Surface, body: dict[str, Any], place: Place) -> None:
        key = "styles" if "styles" in body else "theme"
        # A catalogue that is not known is asked as the basic one would be, which lets other keys pass.
        catalogs = self._candidates(surface, None, place) or [*self._catalogs, basic(surface.version)]
        check = catalogs[0].theme
        if check is None or not isinstance(body.get(key), dict):
            return
        self.walk.subject = f"Validation failed for theme on surface '{surface_id}': "
        self.walk.type_code = "invalid_value"
        check(body[key], (place, key), self.walk)
        self.walk.subject, self.walk.type_code = "", "type_mismatch"

    def _not_found(self, surface_id: str, place: Place) -> None:
        message = f"Surface not found for message: {surface_id}"
        self.walk.add((place, "surfaceId"), "surface_not_found", message)

    def _update(self, surface_id: str, body: dict[str, Any], place: Place) -> None:
        surface = self._surfaces.get(surface_id)
        if surface is None:
            if self._remembers and self.walk.version != "0.8":
                return self._not_found(surface_id, place)
            surface = self._surfaces[surface_id] = Surface(self.walk.version)
        if isinstance(body.get("components"), list):
            self._components(surface, body["components"], (place, "components"))
        elif isinstance(body.get("path"), str) and not FORBIDDEN_SEGMENTS.isdisjoint(body["path"].split("/")):
            self.walk.add((place, "path"), "INVALID_RESERVED_KEY", f"{shown(body['path'])} has a reserved segment")

    # --- components -----------------------------------------------------------------------------------------

    def _components(self, surface: Surface, components: list[Any], place: Place) -> None:
        walk = self.walk
        if walk.version == "1.0" and not surface.is_at:
            surface.is_at = _is_at_spelled(components)
        walk.is_at = surface.is_at
        changed: set[str] = set()
        for index, component in enumerate(components):
            self._count += 1
            if self._count > MOST_COMPONENTS:
                walk.add((place, index), "invalid_value", f"more than {MOST_COMPONENTS} components")
                raise EnoughProblems
            component_id = self._component(surface, component, index, place, changed)
            if component_id is not None:
                changed.add(component_id)
        if has_constraints(surface):
            composition(surface, changed, place, walk)

    def _component(self, surface: Surface, component: Any, index: int, place: Place, changed: set[str]) -> str | None:
        """Check a component; gives its id if it has one."""
        walk = self.walk
        if not isinstance(component, dict):
            walk.mismatch(component, (place, index), "object")
            return None
        component_id = self._id_of(component, (place, index), index)
        here = (place, index if component_id is None else component_id)
        if component_id in changed:
            walk.add(here, "duplicate_id", f"Component '{component_id}' is defined twice in one message")
        walk.references, walk.uses_index = [], False
        check = self._nested if walk.version == "0.8" else self._flat
        placed = check(surface, component, here)
        walk.subject, walk.type_code = "", "type_mismatch"
        if component_id is not None and placed is not None:
            surface.components[component_id] = placed
        return component_id

    def _id_of(self, component: dict[str, Any], place: Place, index: int) -> str | None:
        found = component.get("id")
        if isinstance(found, str):
            return found
        if "id" in component:
            self.walk.mismatch(found, (place, "id"), "string")
        else:
            message = f"Component at index {index} is missing an 'id': 'id' is a required property"
            self.walk.add((place, "id"), "missing_field", message)
        return None

    def _flat(self, surface: Surface, component: dict[str, Any], place: Place) -> Placed | None:
        """0.9 and later: `{id, component: type, …properties}`."""
        walk = self.walk
        name = component.get("component")
        if "component" not in component:
            message = (
                f"Cannot create component {component.get('id', '')} without a type: 'component' is a required property"
            )
            walk.add((place, "component"), "missing_field", message)
            return None
        if not isinstance(name, str):
            walk.mismatch(name, (place, "component"), "string")
            return None
        if name == "Surface" and walk.version == "1.0":
            walk.add((place, "component"), "invalid_value", "'Surface' is reserved for what contains the root")
            return None
        plain = self._plain(component, place) if walk.is_at else component
        catalog_id = plain.get("catalogId") if walk.version == "1.0" else None
        found = self._find_component(surface, name, catalog_id, place)
        if isinstance(found, str):
            walk.add((place, "component"), "invalid_value", found)
            return None
        if found is not None:
            walk.find_function = self._function_finder(surface, catalog_id)
            walk.subject = f"Validation failed for component '{name}': "
            walk.type_code = "invalid_value"
            walk.component = place
            found.check(plain, place, walk)
        return Placed(name, found, walk.references or _by_name(plain), walk.uses_index)

    def _nested(self, surface: Surface, component: dict[str, Any], place: Place) -> Placed | None:
        """0.8: `{id, weight?, component: {type: {…properties}}}`."""
        walk = self.walk
        for key in component:
            if key not in ("id", "weight", "component"):
                walk.extra(place, key)
        if not is_number(component.get("weight", 1)):
            walk.mismatch(component["weight"], (place, "weight"), "number")
        wrapped = component.get("component")
        if "component" not in component:
            walk.missing(place, "component")
            return None
        if not isinstance(wrapped, dict):
            walk.mismatch(wrapped, (place, "component"), "object")
            return None
        if len(wrapped) != 1:
            message = f"exactly one type is required, not {len(wrapped)}"
            walk.add((place, "component"), "invalid_value", message)
            return None
        name, props = next(iter(wrapped.items()))
        found = self._find_component(surface, name, None, place)
        if isinstance(found, str):
            message = f"Additional properties are not allowed ({shown(name)} was unexpected): {found}"
            walk.add((place, "component"), "unrecognized_component", message)
            return None
        if found is not None:
            walk.subject = f"Validation failed for component '{name}': "
            walk.type_code = "invalid_value"
            walk.component = ((place, "component"), name)
            found.check(props, walk.component, walk)
        return Placed(str(name), found, walk.references or _by_name(props))

    def _plain(self, component: dict[str, Any], place: Place) -> dict[str, Any]:
        """A component of the `@` drafts, spelled as in the others."""
        plain = {}
        for key, value in component.items():
            if isinstance(key, str) and key.startswith("@") and not key.startswith("@@") and key not in AT_ENVELOPE:
                message = f"{shown(key)} is reserved: there are {listed(AT_ENVELOPE)}"
                self.walk.add((place, key), "INVALID_RESERVED_KEY", message)
            else:
                plain[AT_ENVELOPE.get(key, key)] = value
        return plain

    # --- catalogues -----------------------------------------------------------------------------------------

    def _candidates(self, surface: Surface | None, catalog_id: Any, place: Place) -> list[Catalog] | None:
        """Where a name is looked up; None if that catalogue is not known, which is noted as a warning once."""
        version = self.walk.version
        named = catalog_id if isinstance(catalog_id, str) else surface.catalog_id if surface else None
        if named is None:
            return [*self._catalogs, basic(version)]
        for catalog in self._catalogs:
            if catalog.id == named:
                return [catalog]
        if named in BASIC_IDS or named in MINIMAL_IDS:
            return [basic(version) if named in BASIC_IDS else minimal(version)]
        if named not in self._unknown_catalogs:
            self._unknown_catalogs.add(named)
            message = f"Catalog not found: {named}; its components are not checked"
            self.walk.add((place, "catalogId"), "unknown_catalog", message, warning=True)
        return None

    def _find_component(self, surface: Surface, name: Any, catalog_id: Any, place: Place) -> Component | str | None:
        candidates = self._candidates(surface, catalog_id, place)
        if candidates is None:
            return None
        found = next((catalog.components[name] for catalog in candidates if name in catalog.components), None)
        names = [name for catalog in candidates for name in catalog.components]
        return found or f"{shown(name)} is not one of {listed(dict.fromkeys(names))}"

    def _function_finder(self, surface: Surface | None, own: Any) -> Any:
        def find(name: str, catalog_id: Any) -> Function | str | None:
            candidates = self._candidates(surface, catalog_id if catalog_id is not None else own, None)
            if candidates is None:
                return None
            found = next((catalog.functions[name] for catalog in candidates if name in catalog.functions), None)
            names = [name for catalog in candidates for name in catalog.functions]
            return found or f"Unrecognized function {shown(name)}: it is not one of {listed(dict.fromkeys(names))}"

        return find

    def _find_function(self, body: Any) -> Any:
        """For calls outside components."""
        surface_id = body.get("surfaceId") if isinstance(body, dict) else None
        return self._function_finder(self._surfaces.get(surface_id) if isinstance(surface_id, str) else None, None)


def _sender_of(message: dict[str, Any]) -> Sender:
    def is_known(sender: str) -> bool:
        return any(key in checks for checks in MESSAGES[sender].values() for key in message)

    return "renderer" if is_known("renderer") and not is_known("agent") else "agent"


def _is_at_spelled(components: Iterable[Any]) -> bool:
    """True if anything in there has a key that only the `@` drafts have; without recursion, since it may be deep."""
    pending: list[Any] = list(components)
    for value in pending:
        if isinstance(value, dict):
            if not AT_KEYS.isdisjoint(value):
                return True
            pending.extend(each for each in value.values() if isinstance(each, dict | list))
        elif isinstance(value, list):
            pending.extend(each for each in value if isinstance(each, dict | list))
    return False


def _by_name(component: Any) -> list[tuple[str, str, bool]]:
    """The children of a component whose catalogue does not say which properties are references."""
    if not isinstance(component, dict):
        return []
    child, children = component.get("child"), component.get("children")
    if isinstance(children, dict):
        children = children.get("explicitList")
    named = children if isinstance(children, list) else []
    found = [(each, f"children[{index}]", False) for index, each in enumerate(named) if isinstance(each, str)]
    return [*found, *([(child, "child", False)] if isinstance(child, str) else [])]
