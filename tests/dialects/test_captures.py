"""The captures of all dialects (tests/wire): read in pieces, and with each of their frames damaged."""

from __future__ import annotations

import pytest

from .harness import WIRE, assert_cut_anywhere_is_the_same, assert_damage_is_seen_and_survived, capture, frames_of

CAPTURES = sorted(f"{path.parent.name}/{path.name}" for path in WIRE.glob("*/*.*"))
STREAMS = [name for name in CAPTURES if name.endswith(".sse")]

# dialect → fields that may be anything: nobody reads them, or they hold what a tool or a state is
FREE: dict[str, tuple[str, ...]] = {
    "artifact": ("args", "quarter", "result", "sketch_id", "strokes", "0", "1", "event"),
    "dotted": ("id", "ts", "stream", "corr", "args", "result", "state", "quarter"),
    "dual": ("phase", "kind", "request_id"),
    "envelope": ("details", "since"),
    "mirror": ("phase", "kind", "request_id"),
    "normalized": (),
    "openai": ("choices",),
}
# of `envelope` its lines, which are the same; the specs of interfaces are read by the page
DAMAGED = [
    name
    for name in CAPTURES
    if name.partition("/")[0] in FREE
    and not name.endswith("interfaces.sse")
    and name not in ("envelope/story.sse", "envelope/at_once.sse")
]


@pytest.mark.parametrize("name", STREAMS)
def test_a_capture_cut_anywhere_is_the_same(name: str) -> None:
    assert_cut_anywhere_is_the_same(name.partition("/")[0], capture(name))


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_frame_is_named_and_the_rest_is_read(name: str) -> None:
    dialect = name.partition("/")[0]
    frames = [each for each in frames_of(capture(name)) if '"type": "status"' not in each.data]  # may be anything
    assert_damage_is_seen_and_survived(dialect, frames, free=FREE[dialect])
