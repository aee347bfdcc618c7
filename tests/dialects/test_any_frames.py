"""Frames of any dialect, whole or damaged, in any order, at any decoder: read, kept or named, never raised."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agui_widget.dialects import DIALECTS
from agui_widget.protocol import replay
from agui_widget.sse import ServerSentEvent

from .harness import WIRE, damages, frame, frames_of, read

TOLD = {
    name: [each for path in sorted((WIRE / name).iterdir()) for each in frames_of(path.read_bytes())]
    for name in DIALECTS
}
DAMAGED = {name: [damage.frame for damage in damages(frames)] for name, frames in TOLD.items()}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def frames(dialect: str) -> st.SearchStrategy[list[ServerSentEvent]]:
    """Mostly frames of the dialect, some of others, some of nobody. Words cannot be damaged."""
    own, damaged = st.sampled_from(TOLD[dialect]), st.sampled_from(DAMAGED[dialect] or TOLD[dialect])
    others = st.sampled_from([each for told in TOLD.values() for each in told])
    return st.lists(own | own | damaged | damaged | others | JSON.map(frame), max_size=15)


@pytest.mark.parametrize("dialect", sorted(set(DIALECTS) - {"agui"}))
@given(data=st.data())
def test_any_frames_make_a_run_that_the_protocol_takes(dialect: str, data: st.DataObject) -> None:
    events = read(dialect, data.draw(frames(dialect)))
    assert replay(events).outcome in ("finished", "error", "truncated")


@given(data=st.data())
def test_what_is_found_out_by_itself_never_raises(data: st.DataObject) -> None:
    read("auto", data.draw(st.sampled_from(sorted(DIALECTS)).flatmap(frames)))
