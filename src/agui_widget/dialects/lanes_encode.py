"""Writes `lanes`: the envelopes of a session as frames; and the events of a run, as a session would show them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import count

from ..envelope import Draft, Envelope, stamp
from ..projection import Projection
from ..protocol import Pipeline
from ..sse import ServerSentEvent
from .writer import Event

EVENT = "agui"  # of the frames
STREAM = "run"


def encode(envelopes: Iterable[Envelope]) -> Iterator[ServerSentEvent]:
    """The frames of a session's envelopes; the id of each is `<stream>:<seq>`, where a reader goes on."""
    for envelope in envelopes:
        data = json.dumps(envelope, ensure_ascii=False, separators=(",", ":"))
        yield ServerSentEvent(EVENT, data, f"{envelope['stream']}:{envelope['seq']}")


def encode_run(events: Iterable[Event]) -> Iterator[ServerSentEvent]:
    """The frames of a run's events, as they come. There is no clock here: every time is 0."""
    numbers = count(1)
    for drafts in _drafts(events):
        yield from encode(stamp(each, stream=STREAM, seq=next(numbers), ts=0) for each in drafts)


def _drafts(events: Iterable[Event]) -> Iterator[list[Draft]]:
    pipeline = Pipeline()
    projection = Projection(pipeline)
    for event in events:
        for delivered in pipeline.feed(event):
            if delivered["type"] == "RUN_STARTED":
                yield projection.start_run(delivered["runId"], 0)
            yield projection.feed(delivered, 0)
    pipeline.close()
    error = {"message": pipeline.detail["message"]} if pipeline.outcome == "error" else None
    yield projection.end_run(pipeline.outcome, 0, detail=pipeline.detail.get("type"), error=error)
