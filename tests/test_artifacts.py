"""Artifacts of any agent: checked on their way in, shown as cards, read in transcripts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from agui_widget import AgentChat, Driver, artifacts, transcript
from agui_widget.errors import IntentError
from agui_widget.wire import Navigate, read_intent
from tests.dialects.test_artifact import ARTIFACTS
from tests.test_markdown_security import payloads
from tests.test_projection import Stage
from tests.test_transcript import complaints

TEXTS = {
    "crop_image": ("src", "doc_id", "chunk_id", "alt_en", "alt_pt"),
    "entity_card": ("entity_id", "canonical_name"),
    "evidence_card": ("evidence_id", "title"),
    "hypothesis_card": ("hypothesis_id", "title"),
    "case_card": ("case_id", "title"),
    "navigation_offer": ("target", "label_en", "label_pt"),
}


def activity(message_id: str, content: Any) -> dict[str, Any]:
    return {
        "type": "ACTIVITY_SNAPSHOT",
        "messageId": message_id,
        "activityType": artifacts.ACTIVITY,
        "content": content,
    }


def whole(kind: str, **fields: Any) -> dict[str, Any]:
    return {"kind": kind, **ARTIFACTS[kind], **fields}


def chat(*contents: Any) -> Driver:
    async def agent() -> Any:
        for number, content in enumerate(contents):
            yield activity(f"x{number}", content)

    driver = Driver(agent)
    driver.ask_sync("Go")
    return driver


@pytest.mark.parametrize("kind", TEXTS)
def test_what_any_agent_shows_is_a_card_with_its_fields_and_no_others(kind: str) -> None:
    stage = Stage().start().feed(activity("x", whole(kind, script="alert(1)"))).end()
    (part,) = stage.lane("a2ui")["parts"]
    assert part == {"key": "card1", "kind": "activity", "value": {"type": "artifact", "content": whole(kind)}}


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ({"kind": "entity_card"}, "entity_class: Field required"),
        (whole("hypothesis_card", posterior=2), "posterior: Input should be less than or equal to 1"),
        (whole("citation"), "a citation is a source, and no card: send it as CUSTOM citation"),
        ({"kind": 7}, "kind: Input should be a valid string"),
    ],
    ids=["without its class", "beyond certainty", "a citation", "no kind"],
)
def test_what_is_no_artifact_is_an_activity_like_any_other_that_says_why(content: Any, why: str) -> None:
    stage = Stage().start().feed(activity("x", content)).end()
    (part,) = stage.lane("text")["parts"]
    assert part["value"] == {"type": f"artifact (malformed: {why})", "content": content}


def test_a_patch_changes_the_card_where_it_stands() -> None:
    patch = [{"op": "replace", "path": "/canonical_name", "value": "Eve"}]
    delta = {"type": "ACTIVITY_DELTA", "messageId": "x", "activityType": "artifact", "patch": patch}
    stage = Stage().start().feed(activity("x", whole("entity_card")), activity("y", whole("case_card")), delta).end()
    names = [part["value"]["content"].get("canonical_name") for part in stage.lane("a2ui")["parts"]]
    assert names == ["Eve", None]


def test_an_offer_that_became_something_else_is_offered_no_more() -> None:
    stage = Stage().start().feed(activity("x", whole("navigation_offer")))
    assert stage.projection.activities.offers == {"card1": "case/1"}
    stage.feed(activity("x", whole("navigation_offer", target="case/2")))
    assert stage.projection.activities.offers == {"card1": "case/2"}
    stage.feed(activity("x", {"kind": "navigation_offer"}))
    assert stage.projection.activities.offers == {}


def test_a_cleared_conversation_offers_nothing() -> None:
    driver = chat(whole("navigation_offer"))
    driver.on_navigate(print)
    driver.clear()
    with pytest.raises(IntentError):
        driver.navigate("card1", "case/1")


# -- the page --------------------------------------------------------------------------------------------


def test_the_intent_names_a_part_and_a_target() -> None:
    assert read_intent({"t": "navigate", "part": "card1", "target": "t"}) == Navigate(
        t="navigate", part="card1", target="t"
    )


@pytest.mark.parametrize("more", [{"part": 1}, {"target": "x" * 2_001}, {"url": "https://x"}, {"target": None}])
def test_any_other_intent_is_refused(more: dict[str, Any]) -> None:
    with pytest.raises(IntentError):
        read_intent({"t": "navigate", "part": "card1", "target": "t", **more})


def test_a_page_that_takes_up_what_was_not_offered_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    gone: list[str] = []
    widget = AgentChat(lambda text: "Hello.", on_navigate=gone.append)
    received: list[Any] = []
    monkeypatch.setattr(widget, "send", lambda content, buffers=None: received.append(content))
    widget._receive({"t": "navigate", "part": "card1", "target": "https://evil.example"})
    assert [each["t"] for each in received] == ["refused"]
    assert gone == []


def test_a_language_that_there_is_no_table_for_is_refused() -> None:
    assert AgentChat(lambda text: "", locale="pt").locale == "pt"
    with pytest.raises(Exception, match="locale"):
        AgentChat(lambda text: "", locale="xx")  # type: ignore[arg-type]


# -- hostile words ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", TEXTS)
def test_a_payload_in_any_text_of_a_transcript_is_text(fixtures: Path, kind: str) -> None:
    fields = [dict.fromkeys(TEXTS[kind], payload[:300]) for payload in payloads(fixtures)]
    driver = chat(*(whole(kind, **each) for each in fields if all(each.values())))
    html = transcript.to_html(transcript.read(driver.session.snapshot()))
    assert complaints(html) == []
    assert "<a " not in html and "<img" not in html


@pytest.mark.parametrize("kind", TEXTS)
def test_each_transcript_names_the_artifact(kind: str) -> None:
    driver = chat(whole(kind))
    name = next(iter(set(ARTIFACTS[kind].values()) & {"A", "Ada", "Receipts", "It rained", "Winter", "Open"}))
    assert f"<b>{name}</b>" in driver.to_html()
    assert f"**{name}**" in driver.to_markdown()
