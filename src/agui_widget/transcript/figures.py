"""What stands in the place of a source: what a page drew of it, else what can be made of it without one. Pure.

* a flow: a picture that is drawn here, or a table of its edges if it is too large for one
* a chart: a table of its values
* anything else: its source; diagrams of mermaid need a browser
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import lru_cache
from math import inf
from typing import Any, NamedTuple

from .. import flow
from ..drawings import Drawing, Drawings, drawer_of, elements_of, key_of, output_of, parts_of, source_of
from ..errors import FlowError
from ..markdown.nodes import Element, Node
from .flow_picture import picture
from .outputs import Table, table_in

Json = dict[str, Any]

MAX_TEXT = 100_000  # of a flow that is drawn here: so many nodes that can be read have fewer words


class Figures(NamedTuple):
    """The figures of a conversation, to be found by their sources."""

    drawings: Drawings

    @classmethod
    def of(cls, messages: Sequence[Json], budget: float = inf) -> Figures:
        """Those of its messages; of drawings at most `budget` characters, the latest."""
        return cls(Drawings(_with_sketches(messages), budget))

    @classmethod
    def of_nodes(cls, nodes: list[Node]) -> Figures:
        """Those of a formatted text."""
        return cls.of([{"id": "", "lanes": {"text": {"parts": [{"key": "", "kind": "blocks", "nodes": nodes}]}}}])

    def of_fence(self, kind: str, text: str) -> Drawing | Table | None:
        """What stands in the place of a block of code."""
        return self.drawings.of_fence(kind, text) or table_in(kind, text)

    def of_output(self, part: str, kinds: Iterable[str]) -> Drawing | None:
        """What was drawn of an output with one of these MIME types; `part` is its key."""
        return self.drawings.of_output(part, kinds)


def _with_sketches(messages: Sequence[Json]) -> Iterator[Json]:
    """The messages, with a drawing of ours beside each flow that no page has drawn: as if one had handed it back."""
    drawn = [part for message in messages for part in parts_of(message) if part["kind"] == "drawing"]
    values = [part["value"] for part in drawn]
    kept = {*(part["key"] for part in drawn), *((str(each.get("of")), str(each.get("kind"))) for each in values)}
    for message in messages:
        sketches = [sketch for part in parts_of(message) for sketch in _sketches(part, kept)]
        yield {**message, "lanes": {**message["lanes"], "sketches": {"parts": sketches}}}


def _sketches(part: Json, kept: set[Any]) -> Iterator[Json]:
    """Our drawings of the flows in a part, but for those that are kept."""
    for node in elements_of(part):
        if node["t"] == "fence" and key_of(*source_of(node)) not in kept:
            yield from _sketch(*source_of(node))
    for kind, form in output_of(part).items():
        if drawer_of(kind) == "flow" and (part["key"], kind) not in kept:
            yield from _sketch(kind, _spelled(form), part["key"])


def _sketch(kind: str, text: str, of: str = "") -> Iterator[Json]:
    node = _drawn(text) if drawer_of(kind) == "flow" and len(text) <= MAX_TEXT else None
    if node is not None:
        value = {"kind": kind, "scheme": "light", "node": node, **({"of": of} if of else {})}
        yield {"key": key_of(kind, text), "kind": "drawing", "value": value}


def _spelled(form: Any) -> str:
    with suppress(RecursionError):
        return json.dumps(form)
    return ""


@lru_cache(maxsize=64)  # a transcript is written after each run
def _drawn(text: str) -> Element | None:
    with suppress(FlowError, ValueError, RecursionError):
        return picture(flow.read(json.loads(text)))
    return None
