"""The rows of GFM tables: which line is a row of dashes, and where the cells of a row end."""

from __future__ import annotations

import re

_COLUMN = r"[ \t]*:?-+:?[ \t]*"
_DASHES = re.compile(rf"\|?{_COLUMN}(?:\|{_COLUMN})*\|?[ \t]*$")
_ALIGNS = {(True, True): "center", (True, False): "left", (False, True): "right", (False, False): ""}
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_BACKTICKS = re.compile(r"`+")


def aligns(line: str) -> list[str] | None:
    """How each column is aligned if the line is a row of dashes; None if it is not."""
    if not line or line[0] not in "|:-" or not _DASHES.match(line):
        return None
    columns = [column.strip(" \t") for column in line.strip(" \t").strip("|").split("|")]
    return [_ALIGNS[column.startswith(":"), column.endswith(":")] for column in columns]


def is_header(line: str, columns: int) -> bool:
    """Whether a line has as many cells as the row of dashes below it."""
    return len(cells(line)) == columns or len(cells(line, columns)) == columns


def cells(line: str, columns: int = 0) -> list[str]:
    r"""The texts of a row's cells, `\|` in them read as `|`.

    GFM cuts at every `|` that is not escaped, in code, too, and drops what is too many. If there are too many and
    `|` in code left alone gives the right number, that is what was meant.
    """
    ends = [at for at in _bars(line)]
    found = _between(line, ends)
    if columns and len(found) > columns and "`" in line:
        spans = _code_spans(line)
        kept = _between(line, [at for at in ends if not any(start < at < end for start, end in spans)])
        if len(kept) == columns:
            return kept
    return found


def _bars(line: str) -> list[int]:
    bars, at = [], line.find("|")
    while at >= 0:
        backslashes = at
        while backslashes and line[backslashes - 1] == "\\":
            backslashes -= 1
        if (at - backslashes) % 2 == 0:
            bars.append(at)
        at = line.find("|", at + 1)
    return bars


def _between(line: str, bars: list[int]) -> list[str]:
    edges = [-1, *bars, len(line)]
    texts = [line[start + 1 : end].strip(" \t") for start, end in zip(edges, edges[1:], strict=False)]
    if len(texts) > 1 and not texts[0]:
        del texts[0]
    if len(texts) > 1 and not texts[-1]:
        del texts[-1]
    return [text.replace("\\|", "|") for text in texts]


def _code_spans(line: str) -> list[tuple[int, int]]:
    runs = [(match.start(), match.end()) for match in _BACKTICKS.finditer(line)]
    spans, number = [], 0
    while number < len(runs):
        start, end = runs[number]
        closing = next((n for n in range(number + 1, len(runs)) if runs[n][1] - runs[n][0] == end - start), None)
        if closing is None:
            number += 1
            continue
        spans.append((start, runs[closing][1]))
        number = closing + 1
    return spans
