"""Outputs read for a transcript: each object as a picture, a table, formatted words or its text.

What a page draws from data (charts, graphs, series) is here the data itself, as a table. An output may come from
anybody, so that each form is looked at before it is used.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import groupby, islice
from typing import Any, TypeAlias

from .. import flow, foreign
from ..content import media_label
from ..drawings import drawer_of
from ..errors import FlowError
from ..gallery import MEDIA
from ..literal import literal
from ..markdown import urls
from ..numeric import is_int
from ..protocol.shapes import Items, Leaf, record

Json = dict[str, Any]

ROWS = 20
COLUMNS = 20
NO_ROWS = "It has no rows."  # as the page says it
CELL_CHARS = 200
FENCE_CHARS = 200_000  # as the page draws them
CHART_DEPTH = 5  # of charts within charts
MAX_WIDTH = 10_000
NUMBERS = ("int", "uint", "float", "complex", "decimal")  # how the dtypes of numbers begin, in lower case
PARTS_OF_A_CHART = ("layer", "concat", "hconcat", "vconcat", "spec")
IMAGES = ("image/png", "image/jpeg", "image/gif", "image/webp")

STRING = Leaf(lambda value: isinstance(value, str), "a string")
COUNT = Leaf(is_int, "a count")
ANY = Leaf(lambda value: True, "anything")
OBJECTS = Items(Leaf(lambda value: isinstance(value, dict), "an object"))
TABLE = record(
    {
        "columns": Items(record({"name": STRING}, is_open=True)),
        "index": Items(STRING),
        "rows": Items(Items(STRING)),
        "total": COUNT,
        "width": COUNT,
    },
    is_open=True,
)
SERIES = record({"series": Items(record({"name": STRING}, is_open=True)), "rows": Items(Items(ANY))}, is_open=True)
MEDIA_ITEMS = record({"items": OBJECTS}, is_open=True)


@dataclass(frozen=True)
class Markdown:
    """Something to be read as markdown."""

    text: str


@dataclass(frozen=True)
class Latex:
    """Formulas, or words with formulas in them."""

    text: str


@dataclass(frozen=True)
class Picture:
    """An image, embedded; the text is for who cannot see it. Without a width it is as wide as it has pixels."""

    text: str
    source: str
    width: int | None = None


@dataclass(frozen=True)
class Gallery:
    """Several pictures, side by side."""

    pictures: list[Picture]


@dataclass(frozen=True)
class File:
    """Something that is not embedded, by what it is and its name."""

    text: str


@dataclass(frozen=True)
class Code:
    """What a program made: an object's repr, or what was printed. With a label it is folded."""

    text: str
    label: str = ""


@dataclass(frozen=True)
class Table:
    """Rows of text below a head; the note says what is left out, `numbers` which columns are numbers.

    Each text is one line, and what hides in it is shown. `about` are lines below the title.
    """

    head: list[str]
    rows: list[list[str]]
    note: str = ""
    numbers: frozenset[int] = frozenset()
    title: str = ""
    about: tuple[str, ...] = ()


Shown: TypeAlias = Markdown | Latex | Picture | Gallery | File | Code | Table


def shown(value: Json) -> list[Shown]:
    """An output as the first form that a transcript has; nothing if it says nothing."""
    data = value.get("data")
    if not isinstance(data, dict):
        return []
    text = str(data.get("text/plain", ""))
    forms = ((read, mime) for recognises, read in FORMS for mime in data if recognises(mime))
    found = filter(None, (read(data[mime], mime, text) for read, mime in forms))
    metadata = value.get("metadata")
    return _sized(next(found, [Code(text)] if text else []), metadata if isinstance(metadata, dict) else {})


def table_in(kind: str, text: str) -> Table | None:
    """The values in a block of code that only a page draws, if it has any."""
    read = FENCES.get(drawer_of(kind) or "")
    if read is None or len(text) > FENCE_CHARS:
        return None
    with suppress(ValueError, RecursionError):
        return next((item for item in read(json.loads(text), kind, "") if isinstance(item, Table)), None)
    return None


def _sized(items: list[Shown], metadata: Json) -> list[Shown]:
    """A picture as wide as it is meant: it may have more pixels than that."""
    sizes = (about.get("width") for mime, about in metadata.items() if mime in IMAGES and isinstance(about, dict))
    width = next((width for width in sizes if is_int(width) and 0 < width < MAX_WIDTH), None)
    return [replace(item, width=width) if isinstance(item, Picture) and len(items) == 1 else item for item in items]


def _image(form: Any, mime: str, text: str) -> list[Shown]:
    source = f"data:{mime};base64,{''.join(form.split())}" if isinstance(form, str) else ""
    return [Picture(" ".join(text.split()), source)] if source else []


def _table(form: Any, mime: str, text: str) -> list[Shown]:
    if not TABLE.is_clean(form):
        return []
    if not form["total"] and not form["width"]:
        return [Markdown(NO_ROWS)]
    head = [*form["index"], *(column["name"] for column in form["columns"])]
    dtypes = ["" for _ in form["index"]] + [str(column.get("dtype", "")).lower() for column in form["columns"]]
    numbers = frozenset(at for at, dtype in enumerate(dtypes) if dtype.startswith(NUMBERS))
    table = _cut(head, form["rows"], form["total"], form["width"] + len(form["index"]))
    return [replace(table, numbers=numbers)]


def _media(form: Any, mime: str, text: str) -> list[Shown]:
    media = map(_medium, form["items"]) if MEDIA_ITEMS.is_clean(form) else ()
    return [item for kind, run in groupby(media, type) for item in _together(kind, list(run))]


def _together(kind: type[Shown], run: list[Any]) -> list[Shown]:
    return [Gallery(run)] if kind is Picture and len(run) > 1 else run


def _medium(item: Json) -> Shown:
    """A picture that a document may carry, as that; anything else by its name."""
    words = {key: str(item.get(key) or "") for key in ("type", "name", "alt", "url")}
    source = f"data:{item.get('mime')};base64,{item.get('data', '')}"
    if item.get("mime") in IMAGES and urls.image(source):
        return Picture(words["alt"] or words["name"], source)
    return File(media_label(words))


def _chart(form: Any, mime: str, text: str) -> list[Shown]:
    """The values that a specification of Vega-Lite carries, and what it says of them."""
    values = next(_inline_values(form), None) if isinstance(form, dict) else None
    if values is None:
        return []
    title = form["title"] if isinstance(form.get("title"), dict) else {"text": form.get("title")}
    about = filter(None, map(_line, (title.get("subtitle"), form.get("description"))))
    return [replace(_of_records(values), title=_line(title.get("text")), about=tuple(about))]


def _inline_values(spec: Json, depth: int = 0) -> Iterator[list[Json]]:
    """The values of a chart, and of those that it is made of."""
    datasets = spec.get("datasets")
    named = list(datasets.values()) if isinstance(datasets, dict) else []
    for values in [*(each["values"] for each in _objects(spec.get("data")) if "values" in each), *named]:
        if isinstance(values, list) and values and OBJECTS.is_clean(values):
            yield values
    for name in PARTS_OF_A_CHART if depth < CHART_DEPTH else ():
        for part in _objects(spec.get(name)):
            yield from _inline_values(part, depth + 1)


def _objects(form: Any) -> list[Json]:
    """An object, or those in a list."""
    return [each for each in (form if isinstance(form, list) else [form]) if isinstance(each, dict)]


def _traces(form: Any, mime: str, text: str) -> list[Shown]:
    """The traces of a figure of Plotly: what each is, and of how many points."""
    traces = form.get("data") if isinstance(form, dict) else None
    if not OBJECTS.is_clean(traces) or not traces:
        return []
    rows = [[str(trace.get("name") or ""), str(trace.get("type") or "scatter"), _points(trace)] for trace in traces]
    return [replace(_cut(["trace", "type", "points"], rows, len(rows), 3), numbers=frozenset((2,)))]


def _points(trace: Json) -> str:
    sizes = [len(values) for values in map(trace.get, ("x", "y", "values", "z")) if isinstance(values, list)]
    return f"{max(sizes):,}" if sizes else ""


def _graph(form: Any, mime: str, text: str) -> list[Shown]:
    """The edges of a graph, by the labels of what they join."""
    with suppress(FlowError):
        graph = flow.read(form)
        labels = {node["id"]: node.get("label") or node["id"] for node in graph.nodes}
        rows = [[labels[edge["from"]], labels[edge["to"]], edge.get("label", "")] for edge in graph.edges]
        table = _cut(["from", "to", "label"], rows, len(rows), 3)
        return [replace(table, title=_line(graph.title))] if rows else [Code("\n".join(labels.values()))]
    return []


def _series(form: Any, mime: str, text: str) -> list[Shown]:
    """The last values of series that were streamed."""
    if not SERIES.is_clean(form) or not form["rows"]:
        return []
    head = [str(form.get("x") or "x"), *(series["name"] for series in form["series"])]
    table = _cut(head, _values(form["rows"][-ROWS:]), len(form["rows"]), len(head), "last ")
    return [replace(table, numbers=frozenset(range(len(head))), title=_line(form.get("title")))]


def _markdown(form: Any, mime: str, text: str) -> list[Shown]:
    return [Markdown(form)] if isinstance(form, str) and form.strip() else []


def _latex(form: Any, mime: str, text: str) -> list[Shown]:
    return [Latex(form)] if isinstance(form, str) and form.strip() else []


def _html(form: Any, mime: str, text: str) -> list[Shown]:
    """Foreign HTML has a frame on screen, and none here: its words, or the object's own if it has no other."""
    words = foreign.text_of(form) if isinstance(form, str) else ""
    is_name = text.startswith("<") and text.endswith(">")
    return [Code(words)] if words and is_name else []


def _of_records(records: list[Json]) -> Table:
    head = list(dict.fromkeys(str(name) for record in records[:ROWS] for name in record))
    rows = [[record.get(name) for name in head] for record in records[:ROWS]]
    numbers = (at for at in range(len(head)) if all(isinstance(row[at], int | float | None) for row in rows))
    return replace(_cut(head, _values(rows), len(records), len(head)), numbers=frozenset(numbers))


def _values(rows: Iterable[list[Any]]) -> list[list[str]]:
    return [[_value(cell) for cell in row] for row in rows]


def _cut(head: Iterable[str], rows: Iterable[list[str]], total: int, width: int, which: str = "") -> Table:
    """The part of a table that a transcript has, with a note if that is not all."""
    names = list(map(_line, islice(head, COLUMNS)))
    kept = [list(map(_line, row[:COLUMNS])) for row in islice(rows, ROWS)]
    notes = [f"{which}{len(kept):,} of {total:,} rows"] if len(kept) < total else []
    notes += [f"{len(names):,} of {width:,} columns"] if len(names) < width else []
    return Table(names, kept, ", ".join(notes) if kept or total else NO_ROWS)


def _line(text: Any) -> str:
    """A text, or several, as one line within bounds."""
    lines = text if isinstance(text, list) else [text]
    words = " ".join(line[: CELL_CHARS + 1] for line in lines[:ROWS] if isinstance(line, str))
    return " ".join(literal(words if len(words) <= CELL_CHARS else f"{words[:CELL_CHARS]}…").split())


def _value(value: Any) -> str:
    return "" if value is None else f"{value:.6g}" if isinstance(value, float) else str(value)


Read = Callable[[Any, str, str], list[Shown]]


def _is(*mimes: str) -> Callable[[str], bool]:
    return lambda mime: mime in mimes


# Best first: which MIME types, and how one of them is read.
FORMS: list[tuple[Callable[[str], bool], Read]] = [
    (_is("application/vnd.agui_widget.telemetry+json"), _series),
    (_is("application/vnd.agui_widget.flow+json"), _graph),
    (_is("application/vnd.agui_widget.table+json"), _table),
    (_is(MEDIA), _media),
    (_is(*IMAGES), _image),
    (lambda mime: mime.startswith("application/vnd.vegalite."), _chart),
    (_is("application/vnd.plotly.v1+json"), _traces),
    (_is("text/markdown"), _markdown),
    (_is("text/latex"), _latex),
    (_is("text/html"), _html),
]

# By who draws a block of code on a page: how its values are read.
FENCES: dict[str, Read] = {"charts": _chart, "flow": _graph}
