"""Which parts of the front end a page needs that shows a conversation and can ask nobody for more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..artifacts import ACTIVITY as ARTIFACT
from ..drawings import Drawings, drawer_of, elements_of, output_of, source_of

Json = dict[str, Any]


def chunks_of(snapshot: Json, needs: Mapping[str, Iterable[str]]) -> set[str]:
    """Their names; `needs` says which others each of them asks for.

    What was drawn before is shown as it was: who draws is needed only for what nobody has drawn yet.
    """
    drawings = Drawings(snapshot["messages"])
    lanes = [lane for message in snapshot["messages"] for lane in message["lanes"].items()]
    parts = (part for name, lane in lanes if name != "status" for part in lane["parts"])  # what was printed is text
    return _closed({chunk for part in parts for chunk in _chunks_of(part, drawings)}, needs)


def _chunks_of(part: Json, drawings: Drawings) -> Iterator[str]:
    if part["kind"] == "surface":
        yield "a2ui"
    if part["kind"] == "activity" and part["value"].get("type") == ARTIFACT:
        yield "artifacts"
    for node in elements_of(part):
        if node["t"] == "math":
            yield "math"
        elif node["t"] == "fence":
            yield from _of_fence(*source_of(node), drawings)
    data = output_of(part)
    if data:
        yield "outputs"
    if not drawings.of_output(part["key"], data):
        for kind in data:
            yield from _drawer(kind)


def _of_fence(kind: str, text: str, drawings: Drawings) -> Iterator[str]:
    for drawer in _drawer(kind):
        yield "sketch"
        if not drawings.of_fence(kind, text):
            yield drawer


def _drawer(kind: str) -> Iterator[str]:
    chunk = drawer_of(kind)
    if chunk:
        yield chunk


def _closed(names: set[str], needs: Mapping[str, Iterable[str]]) -> set[str]:
    found = names | {other for name in names for other in needs.get(name, ())}
    return found if found == names else _closed(found, needs)
