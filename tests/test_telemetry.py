"""Charts that grow: what agents yield, what of it travels, and what is kept."""

import datetime
import json
import math
from collections.abc import AsyncIterator, Iterator
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from agui_widget import Telemetry
from agui_widget.agents import as_agent
from agui_widget.protocol import outgoing_input, replay
from agui_widget.telemetry import ACTIVITY, MAX_ROWS, MAX_SERIES, MIME, summary

from .test_projection import Stage

INPUT: dict[str, Any] = {"threadId": "t", "runId": "r", "state": None, "messages": []}


async def events_of(agent: Any) -> list[dict[str, Any]]:
    return [event async for event in as_agent(agent)(INPUT)]


async def told(*yielded: Any) -> list[dict[str, Any]]:
    async def agent() -> AsyncIterator[Any]:
        for each in yielded:
            yield each

    return [event for event in await events_of(agent) if event["type"].startswith("ACTIVITY")]


async def charts(*yielded: Any) -> list[dict[str, Any]]:
    """The charts as an AG-UI client has them at the end."""
    events = [{"type": "RUN_STARTED", "threadId": "t", "runId": "r"}, *await told(*yielded)]
    result = replay([*events, {"type": "RUN_FINISHED", "threadId": "t", "runId": "r"}], strict=True)
    return [message["content"] for message in result.messages]


async def test_many_rows_are_one_chart_that_each_of_them_appends_to() -> None:
    events = await told(Telemetry(1, loss=0.9), Telemetry(2, loss=0.8), Telemetry(5, loss=0.7))
    assert [event["type"] for event in events] == ["ACTIVITY_SNAPSHOT", "ACTIVITY_DELTA", "ACTIVITY_DELTA"]
    assert events[2]["patch"] == [{"op": "add", "path": "/rows/-", "value": [5, 0.7]}]
    assert await charts(*(Telemetry(x, loss=x / 10) for x in (1, 2, 5))) == [
        {"series": [{"name": "loss"}], "rows": [[1, 0.1], [2, 0.2], [5, 0.5]]}
    ]


async def test_without_an_x_rows_are_counted() -> None:
    [chart] = await charts(Telemetry(a=1), Telemetry(a=2), Telemetry(10, a=3), Telemetry(a=4))
    assert chart["rows"] == [[0, 1], [1, 2], [10, 3], [11, 4]]


async def test_a_chart_has_a_title_a_label_units_and_names_that_are_no_python_names() -> None:
    first = Telemetry(0, {"val/loss": 1.5}, title="Training", x_label="step", units={"val/loss": "nats"})
    [chart] = await charts(first, Telemetry(1, {"val/loss": 1.25}))
    assert (chart["title"], chart["x"]) == ("Training", "step")
    assert chart["series"] == [{"name": "val/loss", "unit": "nats"}]


async def test_a_series_may_come_later_and_leaves_gaps_where_it_was_not() -> None:
    [chart] = await charts(Telemetry(loss=1), Telemetry(acc=0.5, units={"acc": "%"}), Telemetry(loss=0.5, acc=0.6))
    assert chart["series"] == [{"name": "loss"}, {"name": "acc", "unit": "%"}]
    assert chart["rows"] == [[0, 1], [1, None, 0.5], [2, 0.5, 0.6]]


async def test_each_name_is_a_chart_of_its_own() -> None:
    found = await charts(Telemetry(a=1), Telemetry(b=2, chart="power", title="Power"), Telemetry(a=3))
    assert [(chart.get("title"), len(chart["rows"])) for chart in found] == [(None, 2), ("Power", 1)]


async def test_a_later_run_makes_a_new_chart() -> None:
    [one], [two] = [await told(Telemetry(a=1)) for _ in range(2)]
    assert one["messageId"] != two["messageId"]


async def test_words_go_on_around_the_rows_of_a_chart() -> None:
    def agent() -> Iterator[Any]:
        yield Telemetry(a=1)
        yield "one "
        yield Telemetry(a=2)
        yield "sentence"

    assert [m["content"] for m in replay(await events_of(agent), strict=True).messages[1:]] == ["one sentence"]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (1, 1),
        (0.5, 0.5),
        (True, 1),
        (None, None),
        (math.nan, None),
        (-math.inf, None),
        (10**400, None),
        (np.float32(0.5), 0.5),
        (np.int64(3), 3),
        (np.float64("nan"), None),
        (np.array(2.5), 2.5),
        (Decimal("1.5"), 1.5),
    ],
    ids=repr,
)
async def test_numbers_of_every_kind_become_json(given: Any, kept: Any) -> None:
    [event] = await told(Telemetry(0, value=given))
    assert json.loads(json.dumps(event, allow_nan=False))["content"]["rows"] == [[0, kept]]


@pytest.mark.parametrize("given", ["0.5", b"1", [1], {}, datetime.date(2026, 1, 1), object], ids=repr)
def test_what_is_no_number_is_refused_by_its_name(given: Any) -> None:
    with pytest.raises(TypeError, match="takes numbers: loss is"):
        Telemetry(1, loss=given)


async def test_a_chart_keeps_its_last_rows() -> None:
    [chart] = await charts(*(Telemetry(a=n) for n in range(MAX_ROWS + 3)))
    assert (len(chart["rows"]), chart["rows"][0], chart["rows"][-1]) == (MAX_ROWS, [3, 3], [MAX_ROWS + 2] * 2)


# -- on screen ---------------------------------------------------------------------------------------


def snapshot(**content: Any) -> dict[str, Any]:
    return {"type": "ACTIVITY_SNAPSHOT", "messageId": "c", "activityType": ACTIVITY, "content": content}


def delta(*patch: dict[str, Any]) -> dict[str, Any]:
    return {"type": "ACTIVITY_DELTA", "messageId": "c", "activityType": ACTIVITY, "patch": list(patch)}


def row(*cells: Any) -> dict[str, Any]:
    return {"op": "add", "path": "/rows/-", "value": list(cells)}


LOSS = {"series": [{"name": "loss"}], "rows": [[0, 0.9]]}


def shown(stage: Stage) -> list[dict[str, Any]]:
    return [part["value"]["data"][MIME] for part in stage.screen[0]["lanes"]["text"]["parts"]]


def test_a_chart_is_an_output_of_which_only_new_rows_travel() -> None:
    stage = Stage().start().feed(snapshot(**LOSS), delta(row(1, 0.8)), delta(row(2, None), row(3, 0.6)))
    assert [kind for kind in stage.kinds if kind in ("part.put", "telemetry.append")] == [
        "part.put",
        "telemetry.append",
        "telemetry.append",
    ]
    assert shown(stage) == [{"series": [{"name": "loss"}], "rows": [[0, 0.9], [1, 0.8], [2, None], [3, 0.6]]}]


@pytest.mark.parametrize(
    "patch",
    [
        [{"op": "add", "path": "/title", "value": "T"}, row(1, 1)],
        [{"op": "replace", "path": "/rows/0", "value": [0, 1]}],
        [{"op": "remove", "path": "/rows/0"}],
        [row(1, 1), {"op": "remove", "path": "/rows/0"}],
        [{"op": "add", "path": "/series/-", "value": {"name": "acc"}}],
    ],
)
def test_any_other_change_shows_the_chart_as_it_is_then(patch: list[dict[str, Any]]) -> None:
    stage = Stage().start().feed(snapshot(**LOSS), delta(*patch))
    [message] = stage.messages
    assert "telemetry.append" not in stage.kinds
    assert shown(stage) == [message["content"]]


def test_a_patch_that_does_not_apply_changes_nothing() -> None:
    stage = Stage().start().feed(snapshot(**LOSS), delta(row(1, 1), {"op": "remove", "path": "/nowhere"}))
    assert shown(stage) == [LOSS]


def test_what_agents_send_is_cleaned() -> None:
    names = [{"name": "n" * 1000, "unit": 3, "onclick": "x"}, "plain", None] + [{"name": "s"}] * 100
    rows = [[0, "text", True, {}], "no row", [1, 2]]
    stage = Stage().start().feed(snapshot(title=["x"], series=names, rows=rows), delta(row(2, "<b>", 3)))
    [chart] = shown(stage)
    assert chart["series"][:3] == [{"name": "n" * 200}, {"name": "plain"}, {"name": "None"}]
    assert (len(chart["series"]), "title" in chart) == (MAX_SERIES, False)
    assert chart["rows"] == [[0, None, None, None], [1, 2], [2, None, 3]]


def test_an_activity_without_series_is_shown_as_any_other() -> None:
    stage = Stage().start().feed(snapshot(rows=[[1, 2]]))
    assert [part["kind"] for part in stage.screen[0]["lanes"]["text"]["parts"]] == ["activity"]


def test_a_screen_keeps_the_last_rows_of_a_chart() -> None:
    stage = Stage().start().feed(snapshot(**LOSS))
    many = [delta(*(row(n, n) for n in range(begin, begin + 5_000))) for begin in range(1, MAX_ROWS, 5_000)]
    [chart] = shown(stage.feed(*many))
    assert (len(chart["rows"]), chart["rows"][0]) == (MAX_ROWS, [1, 1])


def test_charts_are_not_part_of_what_an_agent_is_sent() -> None:
    stage = Stage().start().feed(snapshot(**LOSS))
    assert [message["role"] for message in stage.messages] == ["activity"]
    sent, _ = outgoing_input({**INPUT, "messages": stage.messages})
    assert sent["messages"] == []


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        ([], "Training: loss –, acc –"),
        ([[0, 0.123456789, None]], "Training: loss 0.123457 nats, acc –"),
        ([[0, 1, 0.5], [1, 2]], "Training: loss 2 nats, acc 0.5"),
    ],
)
def test_a_chart_in_a_line_has_the_last_value_of_each_series(rows: list[Any], line: str) -> None:
    chart = {"title": "Training", "series": [{"name": "loss", "unit": "nats"}, {"name": "acc"}], "rows": rows}
    assert summary(chart) == line
