"""Tables of measurements as aligned plain text, and the aims that stand under them."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

GAP = "  "


@dataclass
class Aim:
    """What we want to be true. `value` is what was measured; it is met if that is at most, or at least, `limit`."""

    text: str
    value: float
    limit: float
    unit: str = ""
    at_least: bool = False

    @property
    def is_met(self) -> bool:
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    def __str__(self) -> str:
        sign = ">=" if self.at_least else "<="
        verdict = "met" if self.is_met else "MISSED"
        return (
            f"{verdict:>6}: {self.text}: {number(self.value)}{self.unit} (aim {sign} {number(self.limit)}{self.unit})"
        )


@dataclass
class Table:
    """One table; the first column is text, the others are numbers, or text where there is none."""

    title: str
    columns: list[str]
    rows: list[list[Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    aims: list[Aim] = field(default_factory=list)

    def add(self, *cells: Any) -> None:
        assert len(cells) == len(self.columns), cells
        self.rows.append(list(cells))

    def __str__(self) -> str:
        lines = [self.title, "-" * len(self.title), *self._grid()]
        lines += [f"  {note}" for note in self.notes]
        return "\n".join([*lines, *map(str, self.aims)])

    def to_json(self) -> dict[str, Any]:
        aims = [{**asdict(aim), "is_met": aim.is_met} for aim in self.aims]
        return {**asdict(self), "aims": aims}

    def _grid(self) -> list[str]:
        """Every column as wide as its widest word: a heading of several words stands on several lines."""
        texts = [[number(cell) for cell in row] for row in self.rows]
        heads = [[self.columns[0]], *(name.split() for name in self.columns[1:])]
        tallest = max(map(len, heads))
        heads = [[""] * (tallest - len(words)) + words for words in heads]
        lines = [*map(list, zip(*heads, strict=True)), *texts]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        return [_aligned(line, widths) for line in lines]


def number(value: Any) -> str:
    """Three digits that mean something, and no more."""
    if value is None:
        return "-"
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        return str(value)
    if isinstance(value, int) or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def times(value: float, unit_of: float) -> str:
    """`value` as a multiple of what it is compared with."""
    return f"{value / unit_of:.2f}x" if unit_of > 0 else "-"


def _aligned(cells: list[str], widths: list[int]) -> str:
    first, *others = zip(cells, widths, strict=True)
    line = [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]
    return GAP.join(line).rstrip()
