"""The `artifact` dialect: text, tools, and artifacts as cards."""

from __future__ import annotations

from typing import Any

import pytest

from agui_widget import Driver
from agui_widget.artifacts import KINDS
from agui_widget.dialects import RunWriter, artifact, decoder_for
from agui_widget.errors import IntentError
from agui_widget.sse import ServerSentEvent
from agui_widget.transport import HttpTransport

from .harness import (
    Event,
    capture,
    frame,
    frames_of,
    problems,
    read,
)

# One of each kind, whole.
ARTIFACTS: dict[str, dict[str, Any]] = {
    "citation": {
        "chunk_id": "c1",
        "doc_id": "Report",
        "page": 12,
        "type": "paragraph",
        "classification": "public",
        "bbox": {"x": 1, "y": 2.5, "w": 3, "h": 4},
        "snippet": "Margins fell.",
        "score": 0.5,
    },
    "crop_image": {"src": "c1.png", "doc_id": "Report", "page": 12, "chunk_id": "c1", "alt_en": "A", "alt_pt": "B"},
    "entity_card": {
        "entity_class": "person",
        "entity_id": "p1",
        "canonical_name": "Ada",
        "total_mentions": 3,
        "documents_count": 2,
    },
    "evidence_card": {"evidence_id": "e1", "title": "Receipts", "grade": "B2"},
    "hypothesis_card": {"hypothesis_id": "h1", "title": "It rained", "posterior": 0.72},
    "case_card": {"case_id": "k1", "title": "Winter"},
    "navigation_offer": {"target": "case/1", "label_en": "Open", "label_pt": "Abrir"},
}


def said(kind: str, **fields: Any) -> ServerSentEvent:
    return frame({"type": kind, **fields}, kind)


def shown(kind: str, **fields: Any) -> ServerSentEvent:
    return said("artifact", artifact={"kind": kind, **ARTIFACTS.get(kind, {}), **fields})


def events_of(*frames: ServerSentEvent, base_url: str = "https://example.org/api/chat") -> list[Event]:
    numbers = iter(range(1000))
    run = RunWriter(thread_id="t", run_id="r", new_id=lambda: f"id-{next(numbers)}")
    run.beside = HttpTransport(base_url).beside
    decoder = decoder_for("artifact", run)
    return [event for each in frames for event in decoder.decode(each)]


def chat(*frames: ServerSentEvent) -> Driver:
    events = events_of(*frames, said("done", provider="p", model="m"))

    async def agent() -> Any:
        for event in events:
            yield event

    driver = Driver(agent)
    driver.ask_sync("Go")
    return driver


def parts(driver: Driver, lane: str) -> list[dict[str, Any]]:
    messages = driver.session.snapshot()["messages"]
    return [part for message in messages for part in message["lanes"].get(lane, {"parts": []})["parts"]]


def cards(driver: Driver) -> list[dict[str, Any]]:
    return [part["value"]["content"] for part in parts(driver, "a2ui")]


def test_the_captures_have_every_kind() -> None:
    said = [
        event["content"]["kind"]
        for event in read("artifact", frames_of(capture("artifact/artifacts.sse")))
        if event["type"] == "ACTIVITY_SNAPSHOT"
    ]
    assert {*said, "citation"} == {*KINDS, "sketch_card"} == {*ARTIFACTS, "sketch_card"}


@pytest.mark.parametrize("kind", ["text_delta", "tool_start", "tool_result", "navigate", "artifact", "done"])
def test_a_stream_is_found_by_its_first_frame(kind: str) -> None:
    frames = frames_of(capture("artifact/story.sse")) + frames_of(capture("artifact/artifacts.sse"))
    assert artifact.recognises(next(each for each in frames if each.event == kind))


@pytest.mark.parametrize(
    "strange",
    [
        frame({"type": "error", "message": "anybody's"}, "error"),
        frame({"type": "done"}, "done"),
        frame({"type": "tool_result", "data": {"id": "c", "content": "x"}}, "tool_result"),
        frame({"type": "artifact", "payload": {"artifact": {}}}),
        frame({"type": "text_delta", "delta": "a"}, "message.delta"),
        frame("[]"),
    ],
)
def test_frames_of_others_are_not_recognised(strange: ServerSentEvent) -> None:
    assert not artifact.recognises(strange)


# -- cards -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("citation", "crop_image")])
def test_each_kind_is_a_card_with_its_fields(kind: str) -> None:
    assert cards(chat(shown(kind))) == [{"kind": kind, **ARTIFACTS[kind]}]


def test_the_same_artifact_again_updates_its_card() -> None:
    driver = chat(shown("entity_card", total_mentions=1), shown("case_card"), shown("entity_card", total_mentions=9))
    assert [card.get("total_mentions", card["kind"]) for card in cards(driver)] == [9, "case_card"]


def test_a_later_run_shows_its_own_cards() -> None:
    driver = chat(shown("case_card"))
    first = parts(driver, "a2ui")
    driver.ask_sync("Again")
    assert parts(driver, "a2ui")[0] == first[0]
    assert len({part["key"] for part in parts(driver, "a2ui")}) == len(parts(driver, "a2ui"))


def test_what_is_said_after_a_card_stands_below_it() -> None:
    driver = chat(said("text_delta", delta="Above."), shown("case_card"), said("text_delta", delta="Below."))
    outline = [list(message["lanes"]) for message in driver.session.snapshot()["messages"]][1:]
    assert [[name for name in lanes if name in ("text", "a2ui")] for lanes in outline] == [["text", "a2ui"], ["text"]]


def test_a_kind_that_nobody_knows_is_shown_with_its_name() -> None:
    driver = chat(shown("sketch_card", strokes=[1]), shown("sketch_card", strokes=[2]))
    assert cards(driver) == [{"kind": "sketch_card", "strokes": [n]} for n in (1, 2)]


def test_an_offer_of_the_older_form_has_its_label_in_both_languages() -> None:
    offer = {"kind": "navigation_offer", "target": "case/1", "label_en": "Map", "label_pt": "Map"}
    assert cards(chat(said("navigate", target="case/1", label="Map"))) == [offer]


@pytest.mark.parametrize(
    ("damage", "field"),
    [
        ({"kind": "entity_card", "entity_class": "ghost"}, "artifact.entity_class"),
        ({"kind": "hypothesis_card", "posterior": 1.5}, "artifact.posterior"),
        ({"kind": "citation", "bbox": {"x": 1}}, "artifact.bbox.y"),
        ({"kind": "case_card", "case_id": ""}, "artifact.case_id"),
        ({"kind": "evidence_card", "grade": "x" * 41}, "artifact.grade"),
        ({"kind": "entity_card", "total_mentions": -1}, "artifact.total_mentions"),
    ],
)
def test_a_malformed_artifact_is_named_with_its_field(damage: dict[str, Any], field: str) -> None:
    assert f"frame 1 (artifact) is malformed: {field}: " in problems(events_of(shown(**damage)))[0]


@pytest.mark.parametrize("value", [None, "x", [], {}, {"kind": 7}])
def test_what_is_no_artifact_is_a_problem(value: Any) -> None:
    assert problems(events_of(said("artifact", artifact=value)))


@pytest.mark.parametrize(
    ("src", "address"),
    [
        ("c1.png", "https://example.org/api/c1.png"),
        ("/crops/c1.png", "https://example.org/crops/c1.png"),
        ("https://elsewhere.example/c1.png", "https://elsewhere.example/c1.png"),
        ("data:image/png;base64,AAAA", "data:image/png;base64,AAAA"),
        ("javascript:alert(1)", "javascript:alert(1)"),  # which no page and no export takes for a picture
    ],
)
def test_a_relative_picture_is_relative_to_the_source(src: str, address: str) -> None:
    event = next(e for e in events_of(shown("crop_image", src=src)) if e["type"] == "ACTIVITY_SNAPSHOT")
    assert event["content"]["src"] == address


# -- citations -------------------------------------------------------------------------------------------


def sources(driver: Driver) -> list[dict[str, Any]]:
    return [part["value"] for part in parts(driver, "citations")]


def test_a_citation_is_a_source_with_its_page_and_its_box() -> None:
    assert sources(chat(said("text_delta", delta="Fell."), shown("citation"))) == [
        {
            "index": 1,
            "title": "Report",
            "snippet": "Margins fell.",
            "classification": "public",
            "location": {
                "type": "documentChunk",
                "chunk": "c1",
                "page": 12,
                "bbox": {"x": 1, "y": 2.5, "w": 3, "h": 4},
            },
        }
    ]


@pytest.mark.parametrize("order", [1, -1])
def test_the_picture_of_a_cited_chunk_is_its_preview_whichever_comes_first(order: int) -> None:
    both = [shown("citation"), shown("crop_image")][::order]
    (source,) = sources(chat(said("text_delta", delta="Fell."), *both))
    assert source["crop"] == {"src": "https://example.org/api/c1.png", "alt_en": "A", "alt_pt": "B"}


def test_two_passages_of_one_page_are_two_sources() -> None:
    driver = chat(
        said("text_delta", delta="Fell."), shown("citation"), shown("citation", chunk_id="c2", snippet="Rose.")
    )
    assert [(each["index"], each["snippet"]) for each in sources(driver)] == [(1, "Margins fell."), (2, "Rose.")]


@pytest.mark.parametrize("src", ["javascript:alert(1)", "/relative.png", "data:image/svg+xml,<svg/>"])
def test_a_preview_that_is_no_picture_is_left_out(src: str) -> None:
    citation = {"type": "CUSTOM", "name": "citation", "value": {"title": "T", "crop": {"src": src}}}
    text = [event for event in events_of(said("text_delta", delta="Fell.")) if event["type"] != "RUN_STARTED"]

    async def agent() -> Any:
        for event in [*text, citation]:
            yield event

    driver = Driver(agent)
    driver.ask_sync("Go")
    assert sources(driver) == [{"index": 1, "title": "T"}]


# -- tools and the end -----------------------------------------------------------------------------------


def test_a_tool_has_its_arguments_its_result_and_the_time_it_took() -> None:
    driver = chat(
        said("tool_start", id="c", name="load", args={"n": 1}), said("tool_result", id="c", result=[1], durationMs=412)
    )
    row = parts(driver, "tools")[0]["value"]
    assert (row["args"], row["result"], row["duration_ms"], row["state"]) == ('{"n": 1}', "[1]", 412, "done")


def test_the_end_names_the_model_and_what_it_has_cost() -> None:
    usage = {"input_tokens": 3, "output_tokens": 4}  # no total: it is not 0
    assert events_of(said("done", provider="p", model="m", usage=usage, messageId="x"))[-1]["usage"] == [
        {"provider": "p", "model": "m", "inputTokens": 3, "outputTokens": 4}
    ]


def test_a_stream_without_its_end_is_not_ended() -> None:
    assert events_of(said("text_delta", delta="a"))[-1]["type"] == "TEXT_MESSAGE_CONTENT"


def test_an_error_ends_the_run() -> None:
    assert events_of(said("error", message="No."), said("text_delta", delta="late"))[-1] == {
        "type": "RUN_ERROR",
        "message": "No.",
    }


# -- offers ----------------------------------------------------------------------------------------------


def test_an_offer_calls_on_navigate_and_nothing_else_does() -> None:
    driver = chat(shown("navigation_offer"), shown("case_card"))
    gone: list[str] = []
    driver.on_navigate(gone.append)
    offer, case = (part["key"] for part in parts(driver, "a2ui"))
    for part, target in [(offer, "case/2"), (case, "case/1"), ("card99", "case/1"), ("", "")]:
        with pytest.raises(IntentError, match="nothing was opened"):
            driver.navigate(part, target)
    driver.navigate(offer, "case/1")
    wait_until(lambda: gone == ["case/1"])


def test_an_offer_that_nobody_takes_up_says_so() -> None:
    driver = chat(shown("navigation_offer"))
    with pytest.raises(IntentError, match="on_navigate"):
        driver.navigate(parts(driver, "a2ui")[0]["key"], "case/1")


def test_an_offer_of_a_cleared_or_loaded_conversation_opens_nothing(tmp_path: Any) -> None:
    driver = chat(shown("navigation_offer"))
    driver.on_navigate(lambda target: None)
    key = parts(driver, "a2ui")[0]["key"]
    path = driver.save(tmp_path / "chat.json")
    driver.load(path)
    assert parts(driver, "a2ui")[0]["key"] == key
    with pytest.raises(IntentError):
        driver.navigate(key, "case/1")


def test_what_a_callback_raises_is_shown() -> None:
    driver = chat(shown("navigation_offer"))

    @driver.on_navigate
    def refuse(target: str) -> None:
        raise ValueError(f"no {target}")

    driver.navigate(parts(driver, "a2ui")[0]["key"], "case/1")
    wait_until(lambda: any("ValueError: no case/1" in part["value"]["message"] for part in parts(driver, "errors")))


# -- what is kept ----------------------------------------------------------------------------------------


def test_a_loaded_card_goes_on_where_it_stands(tmp_path: Any) -> None:
    driver = chat(shown("entity_card"))
    before = parts(driver, "a2ui")
    driver.load(driver.save(tmp_path / "chat.json"))
    assert parts(driver, "a2ui") == before
    driver.ask_sync("Again")
    assert parts(driver, "a2ui")[0] == before[0]
    assert {part["kind"] for part in parts(driver, "text")} == {"text"}  # what the user said


LINES = [
    "Person: **Ada** · 3 mentions, 2 documents",
    "Evidence: **Receipts** · grade B2",
    "Hypothesis: **It rained** · 72 %",
    "Case: **Winter** · k1",
    "Picture: **A** · Report, p. 12",
    "Offer: **Open** · case/1",
    "Artifact: **sketch\\_card**",
]


def test_a_transcript_has_a_line_for_each_artifact() -> None:
    frames = [shown(kind) for kind in ARTIFACTS if kind not in ("citation", "crop_image")]
    frames.insert(4, shown("crop_image"))
    driver = chat(*frames, shown("sketch_card"))
    markdown = driver.to_markdown()
    assert [
        line.removeprefix("> ") for line in markdown.splitlines() if line.startswith("> ") and line != "> Go"
    ] == LINES


def wait_until(condition: Any) -> None:
    import time

    deadline = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.01)
