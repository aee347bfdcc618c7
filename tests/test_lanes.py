"""The fold in Python, over the vectors it shares with TypeScript."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from agui_widget.envelope import coalesce, draft, stamp
from agui_widget.errors import SequenceGap
from agui_widget.lanes import Snapshot, fold, fold_all

VECTORS = [json.loads(path.read_text()) for path in sorted((Path(__file__).parent / "vectors").glob("*.json"))]


def empty(vector: dict[str, Any]) -> Snapshot:
    return Snapshot(vector["snapshot"]["stream"])


@pytest.fixture(params=VECTORS, ids=lambda vector: vector["name"])
def vector(request: pytest.FixtureRequest) -> dict[str, Any]:
    return copy.deepcopy(request.param)


def test_a_vector_folds_to_its_snapshot(vector: dict[str, Any]) -> None:
    assert fold_all(empty(vector), vector["envelopes"]).to_json() == vector["snapshot"]


def test_a_vector_can_be_reopened_at_every_point(vector: dict[str, Any]) -> None:
    envelopes = vector["envelopes"]
    for cut in range(len(envelopes) + 1):
        stored = json.dumps(fold_all(empty(vector), envelopes[:cut]).to_json())
        reopened = Snapshot.from_json(json.loads(stored))
        assert fold_all(reopened, envelopes[cut:]).to_json() == vector["snapshot"]


def test_duplicates_change_nothing(vector: dict[str, Any]) -> None:
    twice = [envelope for envelope in vector["envelopes"] for _ in range(2)]
    assert fold_all(empty(vector), twice + vector["envelopes"]).to_json() == vector["snapshot"]


def test_a_gap_is_refused_and_changes_nothing(vector: dict[str, Any]) -> None:
    envelopes = vector["envelopes"]
    for missing in range(len(envelopes) - 1):
        snapshot = fold_all(empty(vector), envelopes[:missing])
        before = snapshot.to_json()
        with pytest.raises(SequenceGap):
            fold(snapshot, envelopes[missing + 1])
        assert snapshot.to_json() == before


def test_merged_envelopes_fold_to_the_same_snapshot(vector: dict[str, Any]) -> None:
    for cut in range(len(vector["envelopes"]) + 1):
        merged = coalesce(vector["envelopes"][:cut]) + coalesce(vector["envelopes"][cut:])
        assert fold_all(empty(vector), merged).to_json() == vector["snapshot"]


def test_merging_again_changes_nothing_more(vector: dict[str, Any]) -> None:
    once = coalesce(vector["envelopes"])
    assert coalesce(once) == once


def test_folding_leaves_the_envelopes_as_they_were(vector: dict[str, Any]) -> None:
    before = copy.deepcopy(vector["envelopes"])
    fold_all(empty(vector), vector["envelopes"])
    assert vector["envelopes"] == before


def test_a_snapshot_shares_nothing_with_its_json() -> None:
    snapshot = Snapshot("s")
    row = {"call_id": "c", "name": "f", "state": "running"}
    fold(
        snapshot,
        stamp(draft("message.start", "status", {"role": "assistant"}, message_id="a"), stream="s", seq=1, ts=0),
    )
    fold(snapshot, stamp(draft("tools.update", "tools", {"tools": [row]}, message_id="a"), stream="s", seq=2, ts=0))
    document = snapshot.to_json()
    document["messages"][0]["lanes"]["tools"]["parts"][0]["value"]["state"] = "changed by the reader"
    row["state"] = "changed by the writer"
    assert snapshot.to_json()["messages"][0]["lanes"]["tools"]["parts"][0]["value"]["state"] == "running"
