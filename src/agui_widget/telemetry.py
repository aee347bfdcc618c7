"""Charts that grow while an agent runs: `yield Telemetry(step, loss=0.31, accuracy=0.8)`.

A chart is JSON, `{"title"?, "x"?, "series": [{"name", "unit"?}], "rows": [[x, y1, y2…]…]}`. An agent sends it as an
activity, and each further row as a patch that appends; a page is sent the rows that are new. Pure.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .numeric import is_number

ACTIVITY = "agui_widget.telemetry"  # content: the chart
MIME = "application/vnd.agui_widget.telemetry+json"

MAX_ROWS = 20_000  # the last ones stay, here and on a page (twin of js/src/fold.ts)
MAX_SERIES = 64
NAME_CHARS = 200

Number = int | float
Row = list[Number | None]
Json = dict[str, Any]

APPEND = ("add", "/rows/-")
TRIM = ("remove", "/rows/0")


class Telemetry:
    """One row of a chart: where it stands on the x axis, and the value of each series there.

        yield Telemetry(loss=0.9)                           # counts up: 0, 1, 2, …
        yield Telemetry(step, loss=0.31, accuracy=0.8)
        yield Telemetry(step, {"val/loss": 0.4})            # names that are no Python names
        yield Telemetry(t, watts=310, chart="power", title="Power", x_label="s", units={"watts": "W"})

    Rows of one `chart` in one run share a card. Values may be numbers of any library; what is no finite number is a
    gap in the line. Raises `TypeError` for what is no number at all.
    """

    def __init__(
        self,
        x: Any = None,
        values: Mapping[str, Any] | None = None,
        /,
        *,
        chart: str = "",
        title: str = "",
        x_label: str = "",
        units: Mapping[str, str] | None = None,
        **series: Any,
    ) -> None:
        self.x = _number(x, "x")
        self.values = {name: _number(value, name) for name, value in {**(values or {}), **series}.items()}
        self.chart = chart
        self.title = title
        self.x_label = x_label
        if units is not None and not isinstance(units, Mapping):
            raise TypeError(f'units is a dict, got {units!r:.80}. Write units={{"loss": "nats"}}')
        self.units = dict(units or {})

    def __repr__(self) -> str:
        values = "".join(f", {name}={value}" for name, value in self.values.items())
        return f"Telemetry({self.x}{values})"


def _number(value: Any, name: str) -> Number | None:
    """The value as JSON has it: a finite number, or None."""
    if value is None:
        return None
    if isinstance(value, str | bytes):
        raise TypeError(f"Telemetry takes numbers: {name} is {value!r:.80}. Write {name}=float(…)")
    for number in (operator.index, float):
        try:
            return _finite(number(value))
        except (TypeError, ValueError):
            continue
    raise TypeError(f"Telemetry takes numbers: {name} is of type {type(value).__name__}")


def _finite(value: Any) -> Number | None:
    try:
        return value if is_number(value) and math.isfinite(value) else None
    except OverflowError:  # an integer beyond every float
        return None


class Chart:
    """What an agent has said of one chart so far; makes JSON Patch operations of further rows."""

    def __init__(self) -> None:
        self._head: Json = {"series": []}
        self._columns: dict[str, int] = {}
        self._rows = 0
        self._next_x: Number = 0

    def begin(self, row: Telemetry) -> Json:
        """The chart with its first row."""
        self._take_head(row)
        return {**self._head, "rows": [self._cells(row)]}

    def append(self, row: Telemetry) -> list[Json]:
        """What changes by one more row."""
        before = self._head
        self._take_head(row)
        changed = [name for name, value in self._head.items() if before.get(name) != value]
        patch = [{"op": "add", "path": f"/{name}", "value": self._head[name]} for name in changed]
        patch.append(dict(zip(("op", "path"), APPEND, strict=True), value=self._cells(row)))
        if self._rows > MAX_ROWS:
            patch.append(dict(zip(("op", "path"), TRIM, strict=True)))
        return patch

    def _take_head(self, row: Telemetry) -> None:
        for name in row.values:
            self._columns.setdefault(name, len(self._columns))
        units = {each["name"]: each["unit"] for each in self._head["series"] if "unit" in each} | row.units
        series = [{"name": name, **({"unit": units[name]} if name in units else {})} for name in self._columns]
        named = {"title": row.title, "x": row.x_label}
        self._head = {**self._head, **{name: text for name, text in named.items() if text}, "series": series}

    def _cells(self, row: Telemetry) -> Row:
        x = self._next_x if row.x is None else row.x
        self._next_x = x + 1
        self._rows += 1
        cells: Row = [x, *[None] * len(self._columns)]
        for name, value in row.values.items():
            cells[self._columns[name] + 1] = value
        return cells


# -- what arrives, from whoever ----------------------------------------------------------------------


def output(content: Mapping[str, Any]) -> Json | None:
    """The value of the output part that shows a chart; None for an activity that holds none."""
    series = content.get("series")
    if not isinstance(series, list):
        return None
    rows = content.get("rows")
    chart: Json = {
        **{name: content[name][:NAME_CHARS] for name in ("title", "x") if isinstance(content.get(name), str)},
        "series": [_series(each) for each in series[:MAX_SERIES]],
        "rows": clean_rows(rows[-MAX_ROWS:] if isinstance(rows, list) else []),
    }
    return {"data": {MIME: chart, "text/plain": summary(chart)}}


def appended(content: Mapping[str, Any], patch: Sequence[Mapping[str, Any]]) -> list[Any] | None:
    """The rows that a patch has put at the end of a chart; None if it has changed anything else."""
    rows, operations = content.get("rows"), [(each.get("op"), each.get("path")) for each in patch]
    new = [each.get("value") for each in patch if (each.get("op"), each.get("path")) == APPEND]
    trims = operations.count(TRIM)  # which the fold does by itself
    is_append = new and len(new) + trims == len(operations)
    if not is_append or not isinstance(rows, list) or (trims and len(rows) < MAX_ROWS):
        return None
    return new if rows[-len(new) :] == new else None  # else it did not apply


def clean_rows(rows: Iterable[Any]) -> list[Row]:
    """The rows that are lists, of numbers and gaps alone."""
    return [[_finite(cell) for cell in row[: MAX_SERIES + 1]] for row in rows if isinstance(row, list)]


def chart_of(value: Any) -> Json | None:
    """The chart in the value of an output part, if it has one to which rows can be appended."""
    data = value.get("data") if isinstance(value, dict) else None
    chart = data.get(MIME) if isinstance(data, dict) else None
    return chart if isinstance(chart, dict) and isinstance(chart.get("rows"), list) else None


def append_rows(chart: Json, rows: Iterable[Row]) -> None:
    """Let a chart that is shown grow; its last 20,000 rows stay."""
    chart["rows"] += rows
    del chart["rows"][:-MAX_ROWS]


def summary(chart: Mapping[str, Any]) -> str:
    """A chart in a line: its title, and the last value of each series."""
    latest = ", ".join(_latest(chart["rows"], column, each) for column, each in enumerate(chart["series"], 1))
    return f"{chart.get('title') or 'Telemetry'}: {latest or 'no values'}"


def _series(given: Any) -> Json:
    if not isinstance(given, dict):
        return {"name": str(given)[:NAME_CHARS]}
    unit = given.get("unit")
    return {
        "name": str(given.get("name", ""))[:NAME_CHARS],
        **({"unit": unit[:NAME_CHARS]} if isinstance(unit, str) and unit else {}),
    }


def _latest(rows: list[Row], column: int, series: Json) -> str:
    values = (row[column] for row in reversed(rows) if len(row) > column)
    value = next((each for each in values if each is not None), None)
    if value is None:
        return f"{series['name']} –"
    return f"{series['name']} {value:.6g}{' ' + series['unit'] if 'unit' in series else ''}"
