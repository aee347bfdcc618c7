"""What interfaces are written with in Python: elements, places in the data, calls, checks. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..errors import ComponentError
from . import table
from .catalogs import basic
from .problem import listed, shown
from .walk import Walk


@dataclass(frozen=True)
class Path:
    """A place in a surface's data, as a JSON pointer; what an input is bound to it writes there."""

    path: str

    def __post_init__(self) -> None:
        if not isinstance(self.path, str):
            raise ComponentError(f"path: {shown(self.path)} is not a str, like '/name', or 'name' within a template")


@dataclass(frozen=True)
class Call:
    """A call of a function of the catalogue, worked out where the surface is shown."""

    name: str
    args: Mapping[str, Any]


@dataclass(frozen=True)
class Check:
    """What must hold of an input, and what is said if it does not."""

    condition: Call | Path
    message: str


@dataclass(frozen=True)
class Each:
    """A component for each item of a list in the data."""

    path: str
    template: Element


@dataclass(frozen=True, eq=False)
class Element:
    """A component with its properties; `surface` gives it an id if it has none. Used twice, it is shown twice."""

    type: str
    props: Mapping[str, Any]
    id: str | None = field(default=None, kw_only=True)

    def __repr__(self) -> str:
        return f"{self.type}({', '.join(self.props)})"


String = str | Path | Call
Number = int | float | Path | Call
Boolean = bool | Path | Call
StringList = Sequence[str] | Path | Call
Child = Element | str
Checks = Sequence[Check]
Accessibility = Mapping[str, Any]


def path(pointer: str) -> Path:
    """A value that is kept in the surface's data: `path("/user/name")`, within a template `path("name")`."""
    return Path(pointer)


def call(name: str, /, **args: Any) -> Call:
    """A value that a function gives: `call("formatDate", value=path("/day"), format="d MMM")`.

    Raises `ComponentError` if a function of the basic catalogue does not take these arguments.
    """
    made = Call(name, args)
    function = basic("1.0").functions.get(name)
    if function is not None:
        walk = lenient_walk()
        function.check(wire(made), None, walk)
        raise_first(name, walk)
    return made


def format(template: str) -> Call:
    """Text with values in it: `format("${/count} of ${formatNumber(value: /total)}")`."""
    return call("formatString", value=template)


def check(condition: str | Call | Path, message: str, **args: Any) -> Check:
    """What must hold: `check("required", "Say your name")`, `check("length", "Too short", min=3)`.

    A function by its name is asked about the input's own value. Anything else is said whole: `check(path("/agreed"),
    "Agree first")`, `check(call("or", values=[…]), "…")`.
    """
    if isinstance(condition, str):
        functions = table.functions("1.0")
        if condition not in functions:
            raise ComponentError(f"check: {shown(condition)} is not one of {listed(functions)}")
        return Check(Call(condition, args), message)
    if args or not isinstance(condition, Call | Path):
        raise ComponentError(f"check: {shown(condition)} is not the name of a function, a call or a path")
    return Check(condition, message)


def each(pointer: str, template: Child) -> Each:
    """One `template` for each item of the list at `pointer`: `List(each("/rows", Text(path("title"))))`."""
    Path(pointer)
    return Each(pointer, child_of("each", "template", template))


def child_of(component: str, name: str, value: Any) -> Element:
    """The element that stands as a child; text becomes a `Text`. Raises `ComponentError` for anything else."""
    if isinstance(value, Element):
        return value
    if isinstance(value, str | Path | Call):
        return Element("Text", {"text": value})
    raise ComponentError(f"{component}: {name}: {shown(value)} is not a component, like a2ui.Text(…), nor a str")


def wire(value: Any, is_at: bool = False, id_of: Callable[[Element], str] | None = None) -> Any:
    """A property, as it stands in a message."""

    def inner(value: Any) -> Any:
        return wire(value, is_at, id_of)

    at = "@" if is_at else ""
    if isinstance(value, Path):
        return {f"{at}path": value.path}
    if isinstance(value, Call):
        args = {name: inner(arg) for name, arg in value.args.items()}
        return {f"{at}call": value.name, "args": args}
    if isinstance(value, Check):
        return {"condition": inner(value.condition), "message": value.message}
    if isinstance(value, Element):
        return id_of(value) if id_of else "child"
    if isinstance(value, Each):
        return {"componentId": inner(value.template), "path": value.path}
    if isinstance(value, Mapping):
        return {key: inner(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [inner(each) for each in value]
    return value


def lenient_walk() -> Walk:
    """A walk as lenient as any version: what a certain one does not have is said when there is one."""
    walk = Walk("1.0")
    walk.find_function = lambda name, catalog_id: basic("1.0").functions.get(name)
    return walk


def raise_first(subject: str, walk: Walk) -> None:
    """Raise `ComponentError` for the first problem of a walk, if it has one."""
    if walk.problems:
        raise ComponentError(f"{subject}: {walk.problems[0]}")
