"""The strict pipeline against the reference client, `@ag-ui/client` 1.0.0, on generated streams.

HYPOTHESIS_PROFILE=nightly pytest tests/test_protocol_differential.py     # 20,000 streams
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import example, given, settings

from agui_widget.errors import ProtocolViolation
from agui_widget.protocol import Pipeline
from agui_widget.protocol.patch import same_json
from agui_widget.protocol.verify import UNCHECKED_BY_REFERENCE

from .oracle.client import Oracle
from .profiles import NIGHTLY
from .protocol.streams import streams

RUN_STARTED = {"type": "RUN_STARTED", "threadId": "t", "runId": "r1"}


@pytest.fixture(scope="module")
def oracle() -> Iterator[Oracle]:
    oracle = Oracle()
    yield oracle
    oracle.close()


def ours(events: list[Any]) -> tuple[dict[str, Any], ProtocolViolation | None]:
    """Return our verdict in the oracle's words, and the violation that ended the stream."""
    pipeline, delivered, violation = Pipeline(strict=True), [], None
    try:
        for event in events:
            delivered += pipeline.feed(event)
        pipeline.close()
    except ProtocolViolation as raised:
        violation = raised
    verdict = {
        "outcome": pipeline.outcome,
        "messages": pipeline.messages,
        "state": pipeline.state,
        "pendingInterrupts": pipeline.pending_interrupts,
        "deliveredTypes": [event["type"] for event in delivered],
    }
    if pipeline.outcome == "finished" and pipeline.detail["type"] != "interrupt":
        verdict["pendingToolCallIds"] = pipeline.pending_tool_call_ids
    return verdict, violation


@pytest.mark.slow
@pytest.mark.timeout(3600)
@settings(max_examples=20_000 if NIGHTLY else 500)
@given(streams())
@example([RUN_STARTED])
def test_the_strict_pipeline_agrees_with_the_reference_client(oracle: Oracle, events: list[Any]) -> None:
    verdict, violation = ours(events)
    if violation is not None and violation.rule in UNCHECKED_BY_REFERENCE:
        return  # we look where the reference does not
    reference = oracle.verdict(events)
    if violation is not None and violation.delivered:
        assert reference["outcome"] == "rejected"
        return  # the reference loses events that came in the same burst as the fatal one
    differences = {
        name: (value, reference[name]) for name, value in verdict.items() if not same_json(value, reference[name])
    }
    assert not differences, (differences, str(violation), reference["error"], reference["warnings"])
