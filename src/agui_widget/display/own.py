"""How an object shows itself: what is registered with IPython for it, else its own repr methods."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from .notebook import can_capture, published, registered
from .recognise import Bundle, Data

# As IPython has them, without those that would run in the page.
METHODS = {
    "text/html": "_repr_html_",
    "text/markdown": "_repr_markdown_",
    "text/latex": "_repr_latex_",
    "image/svg+xml": "_repr_svg_",
    "image/png": "_repr_png_",
    "image/jpeg": "_repr_jpeg_",
    "application/json": "_repr_json_",
}
NEVER = frozenset(("application/javascript", "text/javascript", "application/pdf"))


def has_own_forms(value: Any) -> bool:
    """True if the object's class says how it looks, other than as text."""
    return any(_method(value, name) for name in ("_repr_mimebundle_", "_ipython_display_", *METHODS.values()))


def own_text(value: Any) -> str | None:
    """The text among the forms that the object gives in one bundle; None if it gives none."""
    text = _mimebundle(value)[0].get("text/plain")
    return text if isinstance(text, str) else None


def own_forms(value: Any) -> Bundle:
    """Every form that the object has. Raises what its methods raise, unless another one gives a form."""
    if can_capture() and _method(value, "_ipython_display_") is not None:
        return _displayed(value)
    data, metadata = _mimebundle(value)
    errors: list[Exception] = []
    for mime, name in METHODS.items():
        if mime not in data:
            try:
                _add(data, metadata, mime, _given(value, mime, name))
            except Exception as error:
                errors.append(error)
    if errors and not data:
        raise errors[0]
    return Bundle({mime: _as_text(form) for mime, form in data.items() if mime not in NEVER}, metadata)


def _given(value: Any, mime: str, name: str) -> Any:
    show = registered(mime, value)
    if show is not None:
        return show(value)
    method = _method(value, name)
    return None if method is None else method()


def _mimebundle(value: Any) -> tuple[Data, dict[str, Data]]:
    method = _method(value, "_repr_mimebundle_")
    given = None if method is None else method(include=None, exclude=None)
    data, metadata = given if isinstance(given, tuple) else (given, {})
    return dict(data or {}), dict(metadata or {})


def _add(data: Data, metadata: dict[str, Data], mime: str, given: Any) -> None:
    """One form, with what it says about itself if it is a pair."""
    form, about = given if isinstance(given, tuple) and len(given) == 2 else (given, None)
    if form is not None:
        data[mime] = form
        if isinstance(about, dict):
            metadata[mime] = about


def _displayed(value: Any) -> Bundle:
    """What an object displays by itself, which is kept from the cell; the last of it, if it is more."""
    contents: list[dict[str, Any]] = []
    with published(contents):
        value._ipython_display_()
    last = contents[-1] if contents else {"data": {}, "metadata": {}}
    return Bundle({mime: form for mime, form in last["data"].items() if mime not in NEVER}, dict(last["metadata"]))


def _method(value: Any, name: str) -> Any:
    """A method that the object's class has; a class itself, and what makes up any attribute, has none."""
    if isinstance(value, type) or not callable(getattr(type(value), name, None)):
        return None
    return getattr(value, name)


def _as_text(form: Any) -> Any:
    return b64encode(form).decode() if isinstance(form, bytes) else form
