"""The operations that change a node tree, as docs/nodes.md says."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agui_widget.nodes import apply_ops, join_ops, utf16_length, utf16_prefix

TREE: list[Any] = [{"t": "p", "c": ["one ", {"t": "em", "c": ["two"]}]}, {"t": "hr"}]


@pytest.mark.parametrize(
    ("op", "after"),
    [
        (["text", [0, 0], 4, "more"], [{"t": "p", "c": ["one more", {"t": "em", "c": ["two"]}]}, {"t": "hr"}]),
        (["text", [0, 1, 0], 1, "ea"], [{"t": "p", "c": ["one ", {"t": "em", "c": ["tea"]}]}, {"t": "hr"}]),
        (["add", [], [{"t": "p", "c": ["x"]}]], [*TREE, {"t": "p", "c": ["x"]}]),
        (["add", [0, 1], ["!"]], [{"t": "p", "c": ["one ", {"t": "em", "c": ["two", "!"]}]}, {"t": "hr"}]),
        (["add", [1], ["!"]], [TREE[0], {"t": "hr", "c": ["!"]}]),
        (["cut", [], 1], [TREE[0]]),
        (["cut", [0], 1], [{"t": "p", "c": ["one "]}, {"t": "hr"}]),
        (["cut", [0], 0], [{"t": "p"}, {"t": "hr"}]),
        (["set", [0, 1], "three"], [{"t": "p", "c": ["one ", "three"]}, {"t": "hr"}]),
        (["attr", [1], "title", "x"], [TREE[0], {"t": "hr", "a": {"title": "x"}}]),
    ],
    ids=lambda value: value[0] if isinstance(value[0], str) else "",
)
def test_each_operation(op: list[Any], after: list[Any]) -> None:
    assert apply_ops(copy.deepcopy(TREE), [op]) == after


def test_an_attribute_is_taken_away_by_null() -> None:
    assert apply_ops([{"t": "fence", "a": {"open": True}}], [["attr", [0], "open", None]]) == [{"t": "fence"}]


def test_lengths_are_utf16_units() -> None:
    assert utf16_length("a😀b") == 4
    assert apply_ops([{"t": "p", "c": ["a😀b"]}], [["text", [0, 0], 3, "c"]]) == [{"t": "p", "c": ["a😀c"]}]


@given(st.text(), st.text())
def test_a_prefix_by_units_is_the_prefix(before: str, after: str) -> None:
    assert utf16_prefix(before + after, utf16_length(before)) == before


@given(st.lists(st.text(min_size=1, max_size=5), min_size=1, max_size=20))
def test_joined_operations_do_the_same(pieces: list[str]) -> None:
    ops, length = [], 1
    for piece in pieces:
        ops.append(["text", [0, 0], length, piece])
        length += utf16_length(piece)
    tree = [{"t": "p", "c": ["x"]}]
    assert len(join_ops(ops)) == 1
    assert apply_ops(copy.deepcopy(tree), join_ops(ops)) == apply_ops(copy.deepcopy(tree), ops)


MISFITS: list[Any] = [
    ["text", [1], 0, "x"],
    ["text", [], 0, "x"],
    ["text", [9], 0, "x"],
    ["text", [-1, 0], 0, "x"],
    ["add", [0, 0], ["x"]],
    ["add", [7], ["x"]],
    ["cut", [0, 0], 0],
    ["set", [], "x"],
    ["set", [0, 9], "x"],
    ["attr", [0, 0], "a", 1],
    ["unheard-of", [0]],
]


@pytest.mark.parametrize("op", MISFITS, ids=str)
def test_what_does_not_fit_the_tree_changes_nothing(op: list[Any]) -> None:
    assert apply_ops(copy.deepcopy(TREE), [op]) == TREE
