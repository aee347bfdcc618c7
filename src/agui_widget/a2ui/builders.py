"""The components of the basic catalogue as Python functions, with what each takes. Pure.

    form = Card(Column(Text("Who are you?", variant="h3"), TextField("Name", value=path("/name"))))

A `str` where a component is expected is a `Text`. Wrong arguments raise `ComponentError`: which one, what was given,
what is allowed. `surface` says what a version does not have.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from ..errors import ComponentError
from . import table
from .elements import (
    Accessibility,
    Boolean,
    Call,
    Check,
    Checks,
    Child,
    Each,
    Element,
    Number,
    String,
    StringList,
    child_of,
    lenient_walk,
    raise_first,
    wire,
)
from .kinds import check_of
from .problem import shown

Justify = Literal["start", "center", "end", "spaceBetween", "spaceAround", "spaceEvenly", "stretch"]
Align = Literal["start", "center", "end", "stretch"]


# --- text and media -------------------------------------------------------------------------------------------


def Text(
    text: String,
    *,
    variant: Literal["h1", "h2", "h3", "h4", "h5", "caption", "body"] | None = None,
    id: str | None = None,
    weight: float | None = None,
    accessibility: Accessibility | None = None,
) -> Element:
    """Text, with simple Markdown. Since 1.0 a heading is Markdown (`# Title`) and no `variant`."""
    return _element("Text", id, weight, accessibility, text=text, variant=variant)


def Image(
    url: String,
    *,
    description: String | None = None,
    fit: Literal["contain", "cover", "fill", "none", "scaleDown"] | None = None,
    variant: Literal["icon", "avatar", "smallFeature", "mediumFeature", "largeFeature", "header"] | None = None,
    id: str | None = None,
    weight: float | None = None,
    accessibility: Accessibility | None = None,
) -> Element:
    """An image by its address; `description` is for who cannot see it."""
    return _element("Image", id, weight, accessibility, url=url, description=description, fit=fit, variant=variant)


def Icon(
    name: String,
    *,
    svg_path: String | None = None,
    id: str | None = None,
    weight: float | None = None,
    accessibility: Accessibility | None = None,
) -> Element:
    """One of the 59 icons, `Icon("send")`; or a drawing of your own: `Icon("", svg_path="M1 1 L5 5 Z")`."""
    return _element("Icon", id, weight, accessibility, name=name if svg_path is None else {"svgPath": svg_path})


def Video(
    url: String,
    *,
    poster_url: String | None = None,
    id: str | None = None,
    weight: float | None = None,
    accessibility: Accessibility | None = None,
) -> Element:
    """A video by its address. `poster_url` is new in 0.10."""
    return _element("Video", id, weight, accessibility, url=url, posterUrl=poster_url)


def AudioPlayer(
    url: String,
    *,
    description: String | None = None,
    id: str | None = None,
    weight: float | None = None,
    accessibility: Accessibility | None = None,
) -> Element:
    """Sound by its address, with controls."""
    return _element("AudioPlayer", id, weight, accessibility, url=url, description=description)


def Divider(
    *,
    axis: Literal["horizontal", "vertical"] | None = None,
    id: str | None = None,
    weight: float | None = None,
    accessibility: Accessibility | None = None,
) -> Element:
    """A line between components."""
    return _element("Divider", id, weight, accessibility, axis=axis)


# --- layout ---------------------------------------------------------------------------------------------------


def Row(
    *children: Child | Each,
    justify: Justify | None = None,
    align: Align | None = None,
    id: str | None = None,
    weight: float | None = None,
    accessibility: Accessibility | None = None,
) -> Element:
    """Components side by side; one child alone may be an `each`."""
    placed = _children("Row", children)
    return _element("Row", id, weight, accessibility, children=placed, justify=justify, align=align)


def Column(
    *children: Child | Each,
    justify: Justify | None = None,
    align: Align | None = None,
    id: str | None = None,
    weight: float | None = None,
    accessibility: Accessibility | None = None,
) -> Element:
    """Components below each other; one child alone may be an `each`."""
    placed = _children("Column", children)
    return _element("Column", id, weight, accessibility, children=placed, justify=justify, align=align)


def List(
    *children: Child | Each,
    direction: Literal["vertical", "horizontal"] | None = None,
    align: Align | None = None,
    id: str | None = None,
    weight: float | None = None,
    accessibility: Accessibility | None = None,
) -> Element:
    """A list that scrolls: `List(each("/rows", Card(…)))`."""
    placed = _children("List", children)
    return _element("List", id, weight, accessibility, children=placed, direction=direction, align=align)


def Card(
    child: Child,
    *,
    id: str | None = None,
    weight: float | None = None,
    accessibility: Accessibility | None = None,
) -> Element:
    """A frame around one component."""
    return _element("Card", id, weight, accessibility, child=child_of("Card", "child", child))


def Tabs(
    tabs: Mapping[str, Child] | Sequence[tuple[String, Child]],
    *,
    id: str | None = None,
    weight: float | None = None,
    accessibility: Accessibility | None = None,
) -> Element:
    """Components of which one is shown: `Tabs({"Chart": …, "Table": …})`, or pairs whose titles are bound."""
    pairs = list(tabs.items()) if isinstance(tabs, Mapping) else _pairs("Tabs", "tabs", tabs)
    made = [{"title": title, "child": child_of("Tabs", "tabs", child)} for title, child in pairs]
    return _element("Tabs", id, weight, accessibility, tabs=made)


def Modal(
    trigger: Child,
    content: Child,
    *,
    id: str | None = None,
    weight: float | None = None,
    accessibility: Accessibility | None = None,
) -> Element:
    """A dialog with `content`, opened by a click on `trigger`."""
    opened = child_of("Modal", "content", content)
    return _element("Modal", id, weight, accessibility, trigger=child_of("Modal", "trigger", trigger), content=opened)


# --- what the user does ---------------------------------------------------------------------------------------


def Button(
    child: Child,
    *,
    action: str | Call,
    context: Mapping[str, Any] | None = None,
    variant: Literal["default", "primary", "borderless"] | None = None,
    checks: Checks | None = None,
    id: str | None = None,
    weight: float | None = None,
    accessibility: Accessibility | None = None,
) -> Element:
    """A button: `Button("Send", action="submit", context={"name": path("/name")})`.

    An action by its name goes to the agent, with `context` as it is when the button is pressed; a `call` is done on
    the page: `action=call("openUrl", url="https://…")`. With a failed check the button is disabled.
    """
    if isinstance(action, Call):
        if context is not None:
            raise ComponentError("Button: context goes to the agent with a named action; a call has its own arguments")
        made: dict[str, Any] = {"functionCall": action}
    elif isinstance(action, str):
        made = {"event": {"name": action, **({"context": context} if context else {})}}
    else:
        raise ComponentError(f"Button: action: {shown(action)} is not the name of an action, nor a call")
    return _element(
        "Button",
        id,
        weight,
        accessibility,
        child=child_of("Button", "child", child),
        variant=variant,
        action=made,
        checks=_rules(checks, None),
    )


def TextField(
    label: String,
    *,
    value: String | None = None,
    variant: Literal["longText", "number", "shortText", "obscured"] | None = None,
    placeholder: String | None = None,
    validation_regexp: str | None = None,
    checks: Checks | None = None,
    id: str | None = None,
    weight: float | None = None,
    accessibility: Accessibility | None = None,
) -> Element:
    """A field for text. `placeholder` is new in 0.10, where `validation_regexp` is gone."""
    return _element(
        "TextField",
        id,
        weight,
        accessibility,
        label=label,
        value=value,
        variant=variant,
        placeholder=placeholder,
        validationRegexp=validation_regexp,
        checks=_rules(checks, value),
    )


def CheckBox(
    label: String,
    *,
    value: Boolean = False,
    checks: Checks | None = None,
    id: str | None = None,
    weight: float | None = None,
    accessibility: Accessibility | None = None,
) -> Element:
    """A box that is checked or not."""
    return _element("CheckBox", id, weight, accessibility, label=label, value=value, checks=_rules(checks, value))


def ChoicePicker(
    options: Mapping[str, str] | Sequence[str] | Sequence[tuple[String, str]],
    *,
    value: StringList = (),
    label: String | None = None,
    variant: Literal["multipleSelection", "mutuallyExclusive"] | None = None,
    display_style: Literal["checkbox", "chips"] | None = None,
    filterable: bool | None = None,
    checks: Checks | None = None,
    id: str | None = None,
    weight: float | None = None,
    accessibility: Accessibility | None = None,
) -> Element:
    """A choice among options: names, `{label: value}`, or pairs whose labels are bound. `value` is a list always."""
    return _element(
        "ChoicePicker",
        id,
        weight,
        accessibility,
        options=_options(options),
        value=list(value) if isinstance(value, tuple) else value,
        label=label,
        variant=variant,
        displayStyle=display_style,
        filterable=filterable,
        checks=_rules(checks, value),
    )


def Slider(
    value: Number,
    *,
    max: float,
    min: float | None = None,
    steps: int | None = None,
    label: String | None = None,
    checks: Checks | None = None,
    id: str | None = None,
    weight: float | None = None,
    accessibility: Accessibility | None = None,
) -> Element:
    """A number between `min`, else 0, and `max`. `steps` is new in 0.10."""
    return _element(
        "Slider",
        id,
        weight,
        accessibility,
        value=value,
        max=max,
        min=min,
        steps=steps,
        label=label,
        checks=_rules(checks, value),
    )


def DateTimeInput(
    value: String,
    *,
    enable_date: bool | None = None,
    enable_time: bool | None = None,
    min: String | None = None,
    max: String | None = None,
    label: String | None = None,
    checks: Checks | None = None,
    id: str | None = None,
    weight: float | None = None,
    accessibility: Accessibility | None = None,
) -> Element:
    """A date, a time or both, as ISO 8601."""
    return _element(
        "DateTimeInput",
        id,
        weight,
        accessibility,
        value=value,
        enableDate=enable_date,
        enableTime=enable_time,
        min=min,
        max=max,
        label=label,
        checks=_rules(checks, value),
    )


def Custom(
    type: str,
    /,
    *,
    id: str | None = None,
    weight: float | None = None,
    accessibility: Accessibility | None = None,
    **props: Any,
) -> Element:
    """A component of another catalogue, checked when `surface` is given that; elements among `props` are children."""
    common = _common(weight, accessibility)
    return Element(type, {**{name: prop for name, prop in props.items() if prop is not None}, **common}, id=id)


# --- what arguments may be --------------------------------------------------------------------------------


def _common(weight: float | None, accessibility: Accessibility | None) -> dict[str, Any]:
    given = {"weight": weight, "accessibility": accessibility}
    return {name: prop for name, prop in given.items() if prop is not None}


def _element(type: str, id: str | None, weight: float | None, accessibility: Any, **props: Any) -> Element:
    given = {name: prop for name, prop in props.items() if prop is not None} | _common(weight, accessibility)
    known = {**table.components("0.9")[type], **table.components("0.10")[type], **table.common("1.0")}
    walk = lenient_walk()
    for name, prop in given.items():
        check_of(known[name], "1.0")(wire(prop), (None, name), walk)
    raise_first(type, walk)
    if id is not None and not isinstance(id, str):
        raise ComponentError(f"{type}: id: {shown(id)} is not a str")
    return Element(type, given, id=id)


def _children(component: str, children: tuple[Any, ...]) -> Each | list[Element]:
    if len(children) == 1 and isinstance(children[0], Each):
        return children[0]
    if any(isinstance(child, Each) for child in children):
        raise ComponentError(f"{component}: children: an each stands alone; put it into a Column of its own")
    return [child_of(component, "children", child) for child in children]


def _pairs(component: str, name: str, value: Any) -> list[tuple[Any, Any]]:
    pairs = list(value) if isinstance(value, Sequence) and not isinstance(value, str) else [value]
    for pair in pairs:
        if not (isinstance(pair, tuple) and len(pair) == 2):
            raise ComponentError(f"{component}: {name}: {shown(pair)} is not a pair; give a dict or a list of pairs")
    return pairs


def _options(options: Any) -> list[dict[str, Any]]:
    if isinstance(options, Mapping):
        return [{"label": label, "value": value} for label, value in options.items()]
    if (
        isinstance(options, Sequence)
        and not isinstance(options, str)
        and all(isinstance(each, str) for each in options)
    ):
        return [{"label": each, "value": each} for each in options]
    return [{"label": label, "value": value} for label, value in _pairs("ChoicePicker", "options", options)]


def _rules(checks: Checks | None, value: Any) -> list[Check] | None:
    """Checks, where a function named alone is asked about the input's own value."""
    if checks is None:
        return None
    return [_about(check, value) for check in checks]


def _about(check: Any, value: Any) -> Check:
    if not isinstance(check, Check):
        raise ComponentError(f"checks: {shown(check)} is not a check: write a2ui.check('required', 'Say your name')")
    condition = check.condition
    if isinstance(condition, Call) and "value" not in condition.args:
        takes_value = "value" in table.functions("1.0").get(condition.name, {}).get("args", {})
        if takes_value and value is not None:
            return Check(Call(condition.name, {"value": value, **condition.args}), check.message)
    return check
