"""Activities with a look of their own: steps, images and grids, whoever sends them."""

from __future__ import annotations

from typing import Any

import pytest

from agui_widget import Driver
from agui_widget.exhibits import GRID_MIME, MAX_CELLS, MAX_COLUMNS, MAX_IMAGE_CHARS, grid, image, step
from agui_widget.gallery import MAX_IMAGES, MEDIA

from .test_projection import Stage

Json = dict[str, Any]
PIXEL = "data:image/png;base64,iVBORw0KGgo="


def activity(kind: str, content: Json, message_id: str = "m") -> Json:
    return {"type": "ACTIVITY_SNAPSHOT", "messageId": message_id, "activityType": kind, "content": content}


def picture(number: int, url: str = PIXEL) -> Json:
    return activity("image", {"label": f"Ring {number}", "url": url}, f"i{number}")


def parts(stage: Stage) -> list[Json]:
    return [part for each in stage.screen for part in each["lanes"].get("text", {"parts": []})["parts"]]


def names(part: Json) -> list[str]:
    return [item.get("name") for item in part["value"]["data"][MEDIA]["items"]]


# -- steps -------------------------------------------------------------------------------------------


def test_a_step_moves_in_its_place_and_is_done_with_its_run() -> None:
    stage = Stage().start().feed(activity("step", {"message": "one", "step": 1, "total": 2}))
    stage.feed(activity("step", {"message": "two", "step": 2, "total": 2}))
    (part,) = parts(stage)
    content = {"message": "two", "step": 2, "total": 2, "state": "running"}
    assert part["value"] == {"type": "step", "content": content}
    stage.end()
    assert parts(stage)[0]["value"]["content"]["state"] == "done"


@pytest.mark.parametrize("outcome", ["error", "aborted", "truncated"])
def test_a_step_of_a_run_that_did_not_end_well_is_not_done(outcome: str) -> None:
    stage = Stage().start().feed(activity("step", {"message": "one", "step": 1})).end(outcome)
    assert parts(stage)[0]["value"]["content"]["state"] == "cancelled"


@pytest.mark.parametrize(
    "content", [{}, {"message": 7, "step": 1}, {"message": "m", "step": "1"}, {"message": "m", "step": True}]
)
def test_what_is_no_step_is_a_card_with_its_content(content: Json) -> None:
    stage = Stage().start().feed(activity("step", content)).end()
    assert parts(stage)[0]["value"] == {
        "type": "step (malformed: it needs message, a text, and step, a whole number)",
        "content": content,
    }


def test_a_step_is_bounded() -> None:
    shown = step({"message": "m" * 1_000, "step": 1, "total": 10**12, "source": "s" * 1_000, "state": "odd", "more": 1})
    assert shown == {"message": "m" * 500, "step": 1, "source": "s" * 500, "state": "running"}


# -- images ------------------------------------------------------------------------------------------


def test_the_images_of_a_run_are_one_gallery_that_grows() -> None:
    stage = Stage().start().feed(*(picture(number) for number in range(3)))
    (part,) = parts(stage)
    assert names(part) == ["Ring 0", "Ring 1", "Ring 2"]
    assert [kind for kind in stage.kinds if kind in ("part.put", "media.append")] == ["part.put"] + ["media.append"] * 2


def test_an_image_that_comes_again_takes_its_own_place() -> None:
    stage = Stage().start().feed(picture(0), picture(1), activity("image", {"label": "new", "url": PIXEL}, "i0"))
    assert names(parts(stage)[0]) == ["new", "Ring 1"]


def test_each_run_has_its_own_gallery() -> None:
    stage = Stage().start().feed(picture(0)).end().start().feed(picture(1), picture(0)).end()
    assert [names(part) for part in parts(stage)] == [["Ring 0"], ["Ring 1"]]


def test_a_gallery_has_its_bounds_and_says_what_has_no_room() -> None:
    stage = Stage().start().feed(*(picture(number) for number in range(MAX_IMAGES + 1)))
    assert len(names(parts(stage)[0])) == MAX_IMAGES
    notices = [part for each in stage.screen for part in each["lanes"].get("status", {"parts": []})["parts"]]
    assert [each["value"]["message"] for each in notices] == ["there is no room for another image: Ring 500"]


def test_an_image_is_its_data_or_its_address_and_never_anything_else() -> None:
    assert image({"url": PIXEL, "label": "l", "width": 2, "height": 2.4}) == {
        **{"type": "image", "name": "l", "alt": "l", "width": 2, "height": 2},
        **{"mime": "image/png", "data": "iVBORw0KGgo="},
    }
    assert image({"url": "https://example.org/a.png"}) == {
        "type": "image",
        "mime": "",
        "url": "https://example.org/a.png",
    }
    assert "data" not in (image({"url": PIXEL + "A" * MAX_IMAGE_CHARS}) or {})
    for url in ("javascript:alert(1)", "data:text/html;base64,PGI+", "data:image/png,raw", "/a.png", "", None, 7):
        assert image({"url": url}) is None


def test_a_conversation_that_was_kept_shows_its_gallery_once() -> None:
    async def agent() -> Any:
        yield picture(0)

    first = Driver(agent)
    first.ask_sync("hi")
    saved = first._saved("t")
    again = Driver(agent)
    again._loop.call(again._restore, saved)
    again._loop.call(lambda: again._emit(again._projection.history(again.client.messages, 0)))
    shown = [part for each in again.session.snapshot()["messages"] for part in each["lanes"]["text"]["parts"]]
    assert sum("gallery" in part["key"] for part in shown) == 1


# -- grids -------------------------------------------------------------------------------------------


def test_a_grid_is_an_output_with_its_words() -> None:
    content = {"title": "Board", "rows": [[0, 10], [-1]], "legend": {"0": {"label": "empty"}, "10": "ten"}}
    stage = Stage().start().feed(activity("grid", content))
    (part,) = parts(stage)
    shown = part["value"]["data"]
    assert shown["text/plain"] == "Board\n 0 10\n-1\n0 = empty\n10 = ten"
    assert shown[GRID_MIME] == {**content, "legend": {"0": {"label": "empty"}, "10": {"label": "ten"}}}


def test_a_grid_that_comes_again_takes_its_own_place() -> None:
    stage = Stage().start().feed(activity("grid", {"rows": [[0]]}), activity("grid", {"rows": [[1]]}))
    assert [part["value"]["data"][GRID_MIME]["rows"] for part in parts(stage)] == [[[1]]]


@pytest.mark.parametrize("colour", ["red", "#12", "#1234567", "url(x)", "#fff;background:url(//x)", 7])
def test_a_colour_is_a_colour(colour: Any) -> None:
    shown = grid({"rows": [[1]], "legend": {"1": {"label": "l", "colour": colour}}})
    assert shown is not None and shown["data"][GRID_MIME]["legend"] == {"1": {"label": "l"}}


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"rows": 7},
        {"rows": [7]},
        {"rows": [["1"]]},
        {"rows": [[True]]},
        {"rows": [[1.5]]},
        {"rows": [[10**10]]},
        {"rows": [[0]], "legend": []},
        {"rows": [[0] * (MAX_COLUMNS + 1)]},
        {"rows": [[0] * 64] * (MAX_CELLS // 64 + 1)},
    ],
)
def test_what_is_no_grid_or_too_large_is_none(content: Json) -> None:
    assert grid(content) is None


# -- for who reads without a page --------------------------------------------------------------------


def test_a_transcript_has_steps_and_grids_in_words() -> None:
    async def agent() -> Any:
        yield activity("step", {"message": "Reading *rings*", "step": 2, "total": 3}, "s")
        yield activity("grid", {"title": "Board", "rows": [[0, 1]]}, "g")

    driver = Driver(agent)
    driver.ask_sync("hi")
    assert "Reading *rings* (2 of 3)" in driver.to_html()
    assert "Board\n0 1" in driver.to_markdown()
