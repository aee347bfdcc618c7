"""What stands under a cell beside the widget: the conversation for whoever opens the notebook without a kernel."""

from __future__ import annotations

from typing import Any

from .html import joined, left_out, turn_html
from .text import to_text
from .turns import read

# A notebook is saved as a whole, and this output in it is sent again after each run.
LIMIT = 2_000  # characters of each text of a tool
DRAWN = 250_000  # characters of drawings; older ones are a table, or their source
BUDGET = 400_000  # characters of HTML; beyond it the oldest turns give way

CLASS = "agui-static"  # by which a live view of the same chat hides it: see js/src/css/page.css
EMPTY = "No messages yet."


def static_output(snapshot: dict[str, Any], *, title: str) -> dict[str, str]:
    """The conversation by MIME type; the same for the same conversation."""
    turns = read(snapshot, title=title, limit=LIMIT, drawn=DRAWN)
    written = [turn_html(turn) for turn in turns]
    first = _first_within(written, BUDGET)
    html = joined([*([left_out(first)] if first else []), *written[first:]])
    text = to_text(turns[first:]) or EMPTY
    return {"text/html": f'<div class="{CLASS}">\n{html}\n</div>', "text/plain": text}


def _first_within(written: list[str], budget: int) -> int:
    """The first of the last turns that are together within the budget; the last one always is."""
    size = 0
    for at in reversed(range(len(written))):
        size += len(written[at])
        if size > budget:
            return min(at + 1, len(written) - 1)
    return 0
