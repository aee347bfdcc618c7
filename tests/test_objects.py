"""The registry of live objects: identity, bounds, pages of a big table, forms on demand, variables."""

from __future__ import annotations

import gc
import json
from typing import Any

import numpy
import pandas
import pytest

from agui_widget.display.tables import PIECE
from agui_widget.errors import ObjectError
from agui_widget.objects import KEPT, SENT_BYTES, Objects

MILLION = 1_000_000


class Thing:
    """Something that can be weakly held."""


class Large:
    """Too large to be sent unasked, as HTML."""

    def __init__(self, size: int) -> None:
        self.size = size

    def _repr_html_(self) -> str:
        return "x" * self.size

    def __repr__(self) -> str:
        return "large"


@pytest.fixture
def objects() -> Objects:
    return Objects()


@pytest.fixture(scope="module")
def million() -> pandas.DataFrame:
    numbers = numpy.random.default_rng(1).permutation(MILLION)
    return pandas.DataFrame({"n": numbers, "half": numbers / 2, "word": ["same"] * MILLION})


# -- keeping -----------------------------------------------------------------------------------------


def test_an_object_is_the_same_one_by_its_key(objects: Objects) -> None:
    thing = Thing()
    assert objects.value(objects.keep(thing)) is thing


def test_equal_objects_have_keys_of_their_own(objects: Objects) -> None:
    assert objects.keep([1]) != objects.keep([1])


def test_a_look_says_how_an_object_looks_its_key_and_its_type(objects: Objects) -> None:
    key = objects.keep({"a": 1})
    assert objects.look(key) == {
        "data": {"text/plain": "{'a': 1}", "application/json": {"a": 1}},
        "object": key,
        "type": "dict",
    }


@pytest.mark.parametrize("key", ["", "0" * 16, "../../etc"])
def test_a_key_that_was_never_given_out_shows_and_gives_nothing(objects: Objects, key: str) -> None:
    objects.keep(Thing())
    assert objects.look(key) is None
    for ask in (objects.value, lambda key: objects.rows(key, 0, 1), lambda key: objects.data(key, "text/plain")):
        with pytest.raises(ObjectError, match="let go"):
            ask(key)


def test_the_newest_objects_are_kept_and_older_ones_let_go(objects: Objects) -> None:
    keys = [objects.keep(Thing()) for _ in range(KEPT + 1)]
    gc.collect()
    assert isinstance(objects.value(keys[1]), Thing)
    with pytest.raises(ObjectError, match=f"newest {KEPT}"):
        objects.value(keys[0])


def test_an_old_object_that_somebody_still_has_can_still_be_reached(objects: Objects) -> None:
    frame = pandas.DataFrame({"a": [1]})
    key = objects.keep(frame)
    for _ in range(KEPT):
        objects.keep(0)
    assert objects.value(key) is frame
    assert objects.rows(key, 0, 5) == {"rows": [["0", "1"]], "total": 1}


def test_clearing_lets_all_of_them_go(objects: Objects) -> None:
    key = objects.keep(Thing())
    objects.clear()
    assert objects.look(key) is None


# -- what is too large -------------------------------------------------------------------------------


def test_a_large_form_is_named_and_given_when_it_is_asked_for(objects: Objects) -> None:
    key = objects.keep(Large(SENT_BYTES + 1))
    look = objects.look(key)
    assert look is not None
    assert look["data"] == {"text/plain": "large"}
    assert look["withheld"] == {"text/html": SENT_BYTES + 1}
    assert objects.data(key, "text/html") == {"data": "x" * (SENT_BYTES + 1)}


def test_a_form_of_more_than_20_mb_is_refused(objects: Objects) -> None:
    with pytest.raises(ObjectError, match="20,000,001 bytes are too many"):
        objects.data(objects.keep(Large(20_000_001)), "text/html")


def test_a_form_that_an_object_does_not_have_is_refused(objects: Objects) -> None:
    with pytest.raises(ObjectError, match="no form 'image/png'"):
        objects.data(objects.keep(Thing()), "image/png")


# -- tables ------------------------------------------------------------------------------------------


def test_a_million_rows_are_never_sent_whole(objects: Objects, million: pandas.DataFrame) -> None:
    look = objects.look(objects.keep(million))
    assert look is not None
    assert look["data"]["application/vnd.agui_widget.table+json"]["total"] == MILLION
    assert len(json.dumps(look)) < 10_000


def test_a_million_rows_can_be_paged_through(objects: Objects, million: pandas.DataFrame) -> None:
    key = objects.keep(million)
    page = objects.rows(key, MILLION - 2, 200)
    assert [row[0] for row in page["rows"]] == ["999998", "999999"]
    assert page["total"] == MILLION
    assert objects.rows(key, MILLION + 5, 10)["rows"] == []


def test_a_million_rows_are_sorted_both_ways(objects: Objects, million: pandas.DataFrame) -> None:
    key = objects.keep(million)
    assert [row[1] for row in objects.rows(key, 500_000, 3, (0, "up"))["rows"]] == ["500000", "500001", "500002"]
    assert [row[1] for row in objects.rows(key, 0, 2, ("half", "down"))["rows"]] == ["999999", "999998"]


def test_rows_that_are_equal_stay_in_their_order(objects: Objects, million: pandas.DataFrame) -> None:
    assert [row[0] for row in objects.rows(objects.keep(million), 0, 3, ("word", "up"))["rows"]] == ["0", "1", "2"]


def test_what_is_missing_comes_last_both_ways(objects: Objects) -> None:
    key = objects.keep(pandas.Series([2.0, None, 1.0]))
    assert [row[1] for row in objects.rows(key, 0, 3, (0, "up"))["rows"]] == ["1.0", "2.0", "NaN"]
    assert [row[1] for row in objects.rows(key, 0, 3, (0, "down"))["rows"]] == ["2.0", "1.0", "NaN"]


def test_values_of_several_kinds_are_sorted_by_what_they_say(objects: Objects) -> None:
    key = objects.keep(pandas.DataFrame({"a": ["b", 1, "a"]}, dtype=object))
    assert [row[1] for row in objects.rows(key, 0, 3, ("a", "up"))["rows"]] == ["1", "a", "b"]


def test_values_without_an_order_are_sorted_by_what_they_say(objects: Objects) -> None:
    key = objects.keep(pandas.DataFrame({"a": [numpy.array([2, 1]), numpy.array([1, 2])]}))
    assert [row[1] for row in objects.rows(key, 0, 2, (0, "up"))["rows"]] == ["[1 2]", "[2 1]"]


@pytest.mark.parametrize("dtype", [object, "string"])
@pytest.mark.parametrize("way", ["up", "down"])
def test_words_are_sorted_as_pandas_sorts_them(objects: Objects, dtype: Any, way: str) -> None:
    words = numpy.random.default_rng(2).choice(["ä", "b", "B", "", "bb", None], 2 * PIECE + 7)
    frame = pandas.DataFrame({"a": pandas.Series(words, dtype=dtype)})
    ordered = frame["a"].sort_values(ascending=way == "up", kind="stable")
    rows = [
        row
        for at in range(0, len(frame), PIECE)
        for row in objects.rows(objects.keep(frame), at, PIECE, (0, way))["rows"]
    ]
    assert [row[0] for row in rows] == [str(place) for place in ordered.index]


def test_a_table_that_has_grown_is_sorted_as_it_is_now(objects: Objects) -> None:
    frame = pandas.DataFrame({"a": [2, 1]})
    key = objects.keep(frame)
    objects.rows(key, 0, 5, ("a", "up"))
    frame.loc[2] = 0
    assert [row[1] for row in objects.rows(key, 0, 5, ("a", "up"))["rows"]] == ["0", "1", "2"]


@pytest.mark.parametrize("column", [7, -1, "nothing"])
def test_a_column_that_is_not_there_is_refused(objects: Objects, column: Any) -> None:
    with pytest.raises(ObjectError, match="has no column"):
        objects.rows(objects.keep(pandas.DataFrame({"a": [1]})), 0, 5, (column, "up"))


def test_rows_of_what_is_no_table_are_refused(objects: Objects) -> None:
    with pytest.raises(ObjectError, match="no table"):
        objects.rows(objects.keep([1, 2]), 0, 5)


# -- variables ---------------------------------------------------------------------------------------


def test_an_object_becomes_a_variable_named_after_what_it_is(objects: Objects, shell: Any) -> None:
    frame = pandas.DataFrame({"a": [1]})
    assert objects.bind(objects.keep(frame)) == {"name": "df"}
    assert shell.user_ns["df"] is frame
    assert objects.bind(objects.keep(frame)) == {"name": "df_2"}
    assert objects.bind(objects.keep(Thing())) == {"name": "result"}


def test_an_object_becomes_a_variable_of_any_free_name(objects: Objects, shell: Any) -> None:
    thing = Thing()
    assert objects.bind(objects.keep(thing), "found") == {"name": "found"}
    assert shell.user_ns["found"] is thing


@pytest.mark.parametrize(
    "name", ["1a", "a b", "", "class", "a.b", "__import__", "print", "taken", "ｔａｋｅｎ", "_1", "In", "get_ipython"]
)
def test_a_name_that_is_none_or_stands_for_something_is_refused(objects: Objects, shell: Any, name: str) -> None:
    shell.user_ns["taken"] = "mine"
    with pytest.raises(ObjectError):
        objects.bind(objects.keep(Thing()), name)
    assert shell.user_ns["taken"] == "mine"


def test_without_a_notebook_there_is_nowhere_for_a_variable(objects: Objects) -> None:
    with pytest.raises(ObjectError, match="no notebook"):
        objects.bind(objects.keep(Thing()))
