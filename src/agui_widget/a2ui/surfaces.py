"""What is known of surfaces while their messages arrive, and whether they are whole. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from .catalogs import Component
from .problem import Place, listed
from .walk import DEEPEST, Reference, Walk


@dataclass
class Placed:
    """A component of a surface, as far as the others care."""

    type: str
    component: Component | None
    references: list[Reference]
    uses_index: bool = False


@dataclass
class Surface:
    """A surface: what made it, and its components by id."""

    version: str
    is_created: bool = False
    catalog_id: str | None = None
    root: str = "root"
    is_at: bool = False
    components: dict[str, Placed] = field(default_factory=dict)


class Surfaces(dict[str, Surface]):
    """The surfaces of a stream, by id: give the same one to every `validate` of it.

    Then an update of a surface that nobody made is a problem, and `validate([], surfaces=…, progressive=False)` says
    at the end whether all of them are whole.
    """


def composition(surface: Surface, changed: set[str], place: Place, walk: Walk) -> None:
    """Note children that may not stand where they are, among what has just changed."""
    root = surface.components.get(surface.root)
    if root is not None and surface.root in changed:
        _allowed_parent(surface.root, root, "Surface", "Surface", place, walk)
    for parent_id, parent in surface.components.items():
        for child_id, _, _ in parent.references:
            child = surface.components.get(child_id)
            if child is None or not (parent_id in changed or child_id in changed):
                continue
            _allowed_parent(child_id, child, parent_id, parent.type, place, walk)
            allowed = parent.component.allowed_children if parent.component else None
            if allowed is not None and child.type not in allowed:
                message = f"Container '{parent_id}' ({parent.type}) cannot contain child '{child_id}' ({child.type})."
                walk.add((place, parent_id), "UNALLOWED_CHILD", f"{message} Allowed children: {listed(allowed)}.")


def _allowed_parent(child_id: str, child: Placed, parent_id: str, parent_type: str, place: Place, walk: Walk) -> None:
    allowed = child.component.allowed_parents if child.component else None
    if allowed is not None and parent_type not in allowed:
        message = f"Component '{child_id}' ({child.type}) cannot be placed under parent '{parent_id}' ({parent_type})."
        walk.add((place, child_id), "UNALLOWED_PARENT", f"{message} Allowed parents: {listed(allowed)}.")


def has_constraints(surface: Surface) -> bool:
    """True if some component of a surface says where it may stand or what may stand in it."""
    known = (placed.component for placed in surface.components.values() if placed.component)
    return any(each.allowed_parents is not None or each.allowed_children is not None for each in known)


def whole(surface_id: str, surface: Surface, walk: Walk) -> None:
    """Note what a surface lacks, now that nothing more comes."""
    place: Place = (((None, "surfaces"), surface_id), "components")
    if not surface.components:
        return
    for component_id, placed in surface.components.items():
        for child_id, name, _ in placed.references:
            if child_id not in surface.components:
                message = f"Component '{component_id}' references non-existent component '{child_id}' in field '{name}'"
                walk.add((place, component_id), "dangling_reference", f"Dangling reference: {message}")
    for circle in _circles(surface):
        walk.add((place, circle[0]), "circular_reference", f"Circular reference detected: {' → '.join(circle)}")
    if surface.root not in surface.components:
        message = f"Missing root component: No component has id='{surface.root}'"
        return walk.add((place, surface.root), "missing_root", message)
    depths = _depths(surface)
    for component_id in surface.components:
        if component_id not in depths:
            message = f"Component '{component_id}' is not reachable from '{surface.root}'"
            walk.add((place, component_id), "unreachable_component", f"Orphaned component: {message}")
        elif depths[component_id] == DEEPEST:
            walk.add((place, component_id), "invalid_value", f"Component '{component_id}' is nested {DEEPEST} deep")
    for component_id in _outside_templates(surface):
        if surface.components[component_id].uses_index:
            message = "@index function can only be evaluated inside a collection template iteration scope."
            walk.add((place, component_id), "invalid_value", message)


def _children(surface: Surface, component_id: str) -> Iterator[Reference]:
    placed = surface.components.get(component_id)
    yield from placed.references if placed else ()


def _circles(surface: Surface) -> Iterator[list[str]]:
    """Every circle once, as the ids along it; without recursion, since a hostile tree is deep."""
    done: set[str] = set()
    for start in surface.components:
        if start in done:
            continue
        on_path = {start: 0}
        path = [(start, _children(surface, start))]
        while path:
            step = next(path[-1][1], None)
            if step is None:
                finished, _ = path.pop()
                del on_path[finished]
                done.add(finished)
            elif step[0] in on_path:
                yield [*(each for each, _ in path[on_path[step[0]] :]), step[0]]
            elif step[0] in surface.components and step[0] not in done:
                on_path[step[0]] = len(path)
                path.append((step[0], _children(surface, step[0])))


def _depths(surface: Surface) -> dict[str, int]:
    """How far below the root each component is that can be reached from it."""
    depths = {surface.root: 0}
    reached = [surface.root]
    for component_id in reached:
        for child_id, _, _ in _children(surface, component_id):
            if child_id in surface.components and child_id not in depths:
                depths[child_id] = depths[component_id] + 1
                reached.append(child_id)
    return depths


def _outside_templates(surface: Surface) -> list[str]:
    """What can be reached from the root without passing a template."""
    reached = [surface.root]
    seen = set(reached)
    for component_id in reached:
        for child_id, _, is_template in _children(surface, component_id):
            if not is_template and child_id in surface.components and child_id not in seen:
                seen.add(child_id)
                reached.append(child_id)
    return reached
