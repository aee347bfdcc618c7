"""Tables of pandas: a head to show, and pages of a million rows on demand, as text that pandas writes.

Numbers, dates and what is missing look as `pd.options` say.
"""

from __future__ import annotations

from collections.abc import Iterator
from heapq import merge
from typing import Any, TypeAlias

from ..errors import ObjectError
from .notebook import is_registered
from .own import own_forms
from .recognise import Bundle, Data, counted, is_a

MIME = "application/vnd.agui_widget.table+json"
HEAD = 20
MAX_COLUMNS = 100
CELL_CHARS = 500
AGENT_CHARS = 4_000
PIECE = 50_000  # rows that are compared without a break: some hundredths of a second

Order: TypeAlias = tuple[int | str, str]  # a column, by its place behind the index or by its name; "up" or "down"


def is_table(value: Any) -> bool:
    """True for a DataFrame or a Series."""
    return is_a(value, "pandas", "DataFrame", "Series")


class Table:
    """A DataFrame, or a Series as one of a single column. Reads it only: the rows that are asked for, no more."""

    def __init__(self, value: Any) -> None:
        is_frame = is_a(value, "pandas", "DataFrame")
        self._frame = value if is_frame else value.to_frame("" if value.name is None else value.name)

    @property
    def total(self) -> int:
        """How many rows there are."""
        return len(self._frame)

    @property
    def names(self) -> list[str]:
        """The columns that are shown, by name; levels of a name are parted by a slash."""
        return [_name(column) for column in self._frame.columns[:MAX_COLUMNS]]

    def to_json(self) -> Data:
        """The head, and how much there is."""
        frame = self._frame
        dtypes = [str(dtype) for dtype in frame.dtypes.iloc[:MAX_COLUMNS]]
        return {
            "columns": [{"name": name, "dtype": dtype} for name, dtype in zip(self.names, dtypes, strict=True)],
            "index": ["" if name is None else _name(name) for name in frame.index.names],
            "rows": self.rows(0, HEAD),
            "total": self.total,
            "width": frame.shape[1],
        }

    def rows(self, start: int, count: int, positions: Any = None) -> list[list[str]]:
        """Some rows as text, the index first; with `positions`, of the rows in that order."""
        page = slice(start, start + count)
        frame = self._frame.iloc[page if positions is None else positions[page], :MAX_COLUMNS]
        index = frame.index.to_frame(index=False, name=list(range(frame.index.nlevels)))
        parts = [index.iloc[:, at] for at in range(index.shape[1])]
        cells = [_cells(each) for each in [*parts, *(frame.iloc[:, at] for at in range(frame.shape[1]))]]
        return [list(row) for row in zip(*cells, strict=True)]

    def positions(self, order: Order) -> Any:
        """The rows' places in an order: stable, and what is missing last. Raises `ObjectError` for no such column."""
        column = self._frame.iloc[:, self._place(order[0])].reset_index(drop=True)
        if _are_objects(column):
            return _places(column, order[1] == "down")
        return column.sort_values(ascending=order[1] == "up", kind="stable", na_position="last").index.to_numpy()

    def _place(self, column: int | str) -> int:
        if isinstance(column, int):
            if 0 <= column < self._frame.shape[1]:
                return column
        elif column in self.names:
            return self.names.index(column)
        raise ObjectError(f"the table has no column {str(column)[:80]!r}")


def form(value: Any) -> Bundle:
    """A table with its head, or what somebody told IPython to make of it; the text is pandas' own."""
    if is_registered(value):
        return own_forms(value)
    return Bundle({MIME: Table(value).to_json(), "text/plain": repr(value)}, {})


def says(value: Any) -> str:
    """The shape, the columns and as much of the head as an agent needs, as a markdown table."""
    table = Table(value).to_json()
    names = [*table["index"], *(column["name"] for column in table["columns"])]
    dtypes = [*("" for _ in table["index"]), *(column["dtype"] for column in table["columns"])]
    title = f"{type(value).__name__}: {counted(table['total'], 'row')} × {counted(table['width'], 'column')}"
    lines = [_line(names), _line("---" for _ in names), _line(dtypes), *map(_line, table["rows"])]
    text, kept = title + "\n", 0
    for line in lines:
        if len(text) + len(line) > AGENT_CHARS:
            break
        text, kept = f"{text}\n{line}", kept + 1
    rows = max(0, kept - 3)
    return text if rows == table["total"] else f"{text}\n\n{rows:,} of {table['total']:,} rows"


def is_styler(value: Any) -> bool:
    """True for a DataFrame with a style."""
    return is_a(value, "pandas", "Styler")


def styled(value: Any) -> Bundle:
    """The table as its style writes it, and its text without."""
    data, metadata = own_forms(value)
    return Bundle({**data, "text/plain": repr(value.data)}, metadata)


def says_styled(value: Any) -> str:
    """The table below the style."""
    return says(value.data)


def bounded(text: str) -> str:
    """As much of a text as a cell shows."""
    return text if len(text) <= CELL_CHARS else f"{text[:CELL_CHARS]}…"


def _line(cells: Any) -> str:
    return f"| {' | '.join(' '.join(str(cell).replace('|', '¦').split()) for cell in cells)} |"


def _are_objects(column: Any) -> bool:
    """True for values that Python compares, and nothing else runs meanwhile."""
    return column.dtype == object or getattr(column.dtype, "storage", "") == "python"


def _places(column: Any, is_falling: bool) -> list[int]:
    """The places of objects in their order: stable, and what is missing last."""
    values, is_missing = column.tolist(), column.isna().tolist()
    known = [place for place, each in enumerate(is_missing) if not each]
    missing = [place for place, each in enumerate(is_missing) if each]
    try:
        return [*_merged(known, values, is_falling), *missing]
    except (TypeError, ValueError):  # values of several kinds, or that have no order, compare as what they say
        return [*_merged(known, list(map(str, values)), is_falling), *missing]


def _merged(places: list[int], values: list[Any], is_falling: bool = False) -> Iterator[int]:
    """The places of values in their order, sorted by pieces: sorting holds up all threads until it is done."""
    starts = range(0, len(places), PIECE)
    pieces = [sorted(places[start : start + PIECE], key=values.__getitem__, reverse=is_falling) for start in starts]
    return merge(*pieces, key=values.__getitem__, reverse=is_falling)


def _name(name: Any) -> str:
    return " / ".join(map(str, name)) if isinstance(name, tuple) else str(name)


def _cells(column: Any) -> list[str]:
    """One column as pandas writes it, a text for each value."""
    if not len(column):
        return []
    if column.dtype == object or is_a(column.dtype, "pandas", "StringDtype"):
        return [_words(value) for value in column]  # pandas would cut them, or let them take several lines
    lines = str(column.to_string(header=False, index=False)).split("\n")
    texts = lines if len(lines) == len(column) else map(str, column)
    return [text.strip() for text in texts]


def _words(value: Any) -> str:
    if isinstance(value, float):
        return "NaN" if value != value else str(value)
    return bounded(str(value))
