"""Flows written in Python: many ways to say one, the same JSON, and clear about what is wrong."""

from __future__ import annotations

import json
from typing import Any

import pytest

from agui_widget import AguiError, Flow, flow

LOAD_AND_FIT = {
    "direction": "LR",
    "nodes": [{"id": "load"}, {"id": "fit"}],
    "edges": [{"from": "load", "to": "fit"}],
}


@pytest.mark.parametrize(
    ("nodes", "edges"),
    [
        (["load", "fit"], [("load", "fit")]),
        ([{"id": "load"}, "fit"], [{"from": "load", "to": "fit"}]),
        ({"load": None, "fit": None}, [["load", "fit"]]),
        ((name for name in ("load", "fit")), (pair for pair in [("load", "fit", None)])),
    ],
)
def test_a_flow_can_be_said_in_many_ways(nodes: Any, edges: Any) -> None:
    assert Flow(nodes, edges).to_json() == LOAD_AND_FIT


def test_a_mapping_gives_labels_and_numbers_are_ids() -> None:
    made = Flow({1: "Load", 2: "Fit"}, [(1, 2, "if enough")], direction="TB", title="How").to_json()
    assert made["nodes"] == [{"id": "1", "label": "Load"}, {"id": "2", "label": "Fit"}]
    assert made["edges"] == [{"from": "1", "to": "2", "label": "if enough"}]
    assert (made["direction"], made["title"]) == ("TB", "How")


def test_ports_are_kept() -> None:
    made = Flow([{"id": "a", "ports": ["ok"]}, "b"], [{"from": "a", "fromPort": "ok", "to": "b"}], routing="orthogonal")
    assert made.to_json()["nodes"][0]["ports"] == ["ok"]
    assert made.to_json()["routing"] == "orthogonal"


@pytest.mark.parametrize(
    ("nodes", "edges", "options", "message"),
    [
        (["a", "a"], [], {}, "two nodes have the id 'a'"),
        (["a"], [("a", "b")], {}, "edge 1 has 'to': 'b', and there is no such node"),
        ([{"label": "A"}], [], {}, "the id of node 1 is None: give text or a whole number"),
        ([True], [], {}, "the id of node 1 is True"),
        ([{"id": "a", "colour": "red"}], [], {}, "node 1 has colour: it may have id, label, kind"),
        (["a"], ["aa"], {}, "edge 1 is 'aa': give (from, to), (from, to, label) or a mapping"),
        (["a"], [{"from": "a"}], {}, '"to" of edge 1 is None'),
        (["a"], [{"from": "a", "to": "a", "toPort": "in"}], {}, "the port 'in', which the node 'a' does not have"),
        (["a"], [], {"direction": "up"}, "direction is 'up': give 'LR' or 'TB'"),
        (range(2_001), [], {}, "at most 2,000 nodes, and these are 2,001"),
        (["a"], [("a", "a")] * 5_001, {}, "at most 5,000 edges"),
    ],
)
def test_what_cannot_be_drawn_is_named(nodes: Any, edges: Any, options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError) as raised:
        Flow(nodes, edges, **options)
    assert message in str(raised.value)
    assert isinstance(raised.value, AguiError)


def test_it_is_shown_as_a_diagram_and_read_as_text() -> None:
    made = Flow({"a": "Load", "b": "Fit", "c": "Alone"}, [("a", "b", "if enough"), ("b", "b")], title="How")
    bundle = made._repr_mimebundle_()
    assert json.loads(json.dumps(bundle["application/vnd.agui_widget.flow+json"])) == made.to_json()
    assert bundle["text/plain"] == "How\nLoad → Fit (if enough)\nFit → Fit\nAlone"
    assert repr(made) == "Flow(3 nodes, 2 edges)"


def test_the_text_of_a_long_flow_ends() -> None:
    said = flow.lines(Flow(range(1_500)).to_json())
    assert len(said) == 201
    assert said[-1] == "… 1,300 more"


def test_what_was_given_is_not_changed() -> None:
    nodes = [{"id": "a", "ports": ["in"]}, {"id": "b"}]
    Flow(nodes, [("a", "b")])
    assert nodes == [{"id": "a", "ports": ["in"]}, {"id": "b"}]
