"""The sources of an answer: who gives them, which number they have, and where in the text it stands."""

from __future__ import annotations

from typing import Any

import pytest

from agui_widget import markdown
from agui_widget.citations import MAX_SOURCES, Answer, read, read_all

from .test_projection import Stage, call, result, text

REPORT = {"title": "Report", "url": "https://example.org/report", "snippet": "Margins fell."}
BLOG = {"title": "Blog", "url": "https://example.net/post"}
BOOK = {"title": "Handbook", "location": {"type": "documentPage", "start": 3, "end": 4}}


def content(message_id: str, delta: str, *cited: dict[str, Any]) -> dict[str, Any]:
    event = {"type": "TEXT_MESSAGE_CONTENT", "messageId": message_id, "delta": delta}
    return {**event, "metadata": {"citations": list(cited)}} if cited else event


def start(message_id: str) -> dict[str, Any]:
    return {"type": "TEXT_MESSAGE_START", "messageId": message_id, "role": "assistant"}


def end(message_id: str, *cited: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "TEXT_MESSAGE_END",
        "messageId": message_id,
        **({"metadata": {"citations": list(cited)}} if cited else {}),
    }


def custom(value: Any) -> dict[str, Any]:
    return {"type": "CUSTOM", "name": "citation", "value": value}


def sources(stage: Stage, message: int = -1) -> list[tuple[int, str]]:
    lanes = stage.screen[message]["lanes"]
    parts = lanes.get("citations", {"parts": []})["parts"]
    assert all(part["kind"] == "citation" and part["key"] == str(part["value"]["index"]) for part in parts)
    return [(part["value"]["index"], part["value"].get("title", "")) for part in parts]


def words(stage: Stage, message: int = -1) -> str:
    """The text with its numbers, as it stands on screen."""
    return "\n".join(markdown.to_text(part["nodes"]) for part in stage.lane("text", message)["parts"])


# -- metadata of a message -------------------------------------------------------------------------------


def test_citations_that_are_sent_again_with_each_word_keep_their_numbers() -> None:
    one, two = {**REPORT, "textOffset": 13}, {**BLOG, "textOffset": 27}
    stage = Stage().start().feed(start("m"), content("m", "Margins fell "), content("m", "again. Costs", one))
    assert (words(stage), sources(stage)) == ("Margins fell[1] again. Costs", [(1, "Report")])
    stage.feed(content("m", " rose. And", one, two), content("m", " so on.", one, two), end("m", one, two)).end()
    assert words(stage) == "Margins fell[1] again. Costs rose[2]. And so on."
    assert sources(stage) == [(1, "Report"), (2, "Blog")]
    assert stage.kinds.count("citations.update") == 2


def test_offsets_count_utf16_units() -> None:
    stage = Stage().start().feed(start("m"), content("m", "😀 up. Down.", {**REPORT, "textOffset": 5})).end()
    assert words(stage) == "😀 up[1]. Down."


def test_citations_at_the_end_change_only_the_paragraphs_they_are_in() -> None:
    stage = Stage().start().feed(start("m"), content("m", "One fell.\n\nTwo rose.\n\nThree stayed.\n\nFour"))
    before = {id(node) for node in stage.snapshot.messages["a1"]["lanes"]["text"]["parts"]["text"]["nodes"]}
    stage.feed(end("m", {**REPORT, "textOffset": 20})).end()
    after = stage.snapshot.messages["a1"]["lanes"]["text"]["parts"]["text"]["nodes"]
    assert words(stage) == "One fell.\n\nTwo rose.[1]\n\nThree stayed.\n\nFour"
    assert [id(node) in before for node in after] == [True, False, True, True]


def test_one_source_has_one_number_wherever_it_is_cited() -> None:
    cited = [{**REPORT, "textOffset": 3}, {**BLOG, "textOffset": 7}, {**REPORT, "title": "Again", "textOffset": 11}]
    stage = Stage().start().feed(start("m"), content("m", "One two six.", *cited)).end()
    assert (words(stage), sources(stage)) == ("One[1] two[2] six[1].", [(1, "Report"), (2, "Blog")])


def test_a_source_that_is_cited_no_more_goes_and_the_others_keep_their_numbers() -> None:
    stage = Stage().start().feed(start("m"), content("m", "Text", REPORT, BLOG), end("m", BLOG)).end()
    assert sources(stage) == [(2, "Blog")]


def test_citations_of_a_message_that_has_no_words_yet_wait_for_them() -> None:
    first = {**start("m"), "metadata": {"citations": [{**REPORT, "textOffset": 5}]}}
    stage = Stage().start().feed(first)
    assert "citations.update" not in stage.kinds
    stage.feed(content("m", "Words"), end("m")).end()
    assert (words(stage), sources(stage)) == ("Words[1]", [(1, "Report")])


def test_the_source_text_and_the_messages_stay_as_they_were_written() -> None:
    stage = Stage().start().feed(start("m"), content("m", "Fell [1].", {**REPORT, "textOffset": 4}), end("m")).end()
    assert stage.lane("text")["parts"][0]["text"] == "Fell [1]."
    assert stage.messages[-1]["content"] == "Fell [1]."


def test_numbers_in_the_text_become_anchors_when_there_is_such_a_source() -> None:
    stage = Stage().start().feed(start("m"), content("m", "Fell [1, 2] and 【2】 but [3].\n\n`a[1]`"))
    assert words(stage).startswith("Fell [1, 2] and 【2】")
    stage.feed(end("m", REPORT, BLOG)).end()
    assert words(stage) == "Fell [1][2] and [2] but [3].\n\na[1]"


@pytest.mark.parametrize("mode", ["final", "off"])
def test_without_live_formatting_the_list_is_the_same(mode: str) -> None:
    stage = Stage()
    stage.projection.words.markdown = mode
    stage.start().feed(start("m"), content("m", "Fell.", {**REPORT, "textOffset": 4}), end("m")).end()
    assert sources(stage) == [(1, "Report")]
    if mode == "final":
        assert words(stage) == "Fell[1]."


# -- custom events ---------------------------------------------------------------------------------------


def test_a_custom_event_cites_a_source_of_what_is_being_said() -> None:
    stage = Stage().start().feed(start("m"), content("m", "Margins fell."), custom({**REPORT, "textOffset": 12}))
    stage.feed(custom([BLOG, BOOK]), end("m")).end()
    assert (words(stage), sources(stage)) == ("Margins fell[1].", [(1, "Report"), (2, "Blog"), (3, "Handbook")])


def test_an_index_from_zero_is_the_place_in_the_list() -> None:
    stage = Stage().start().feed(start("m"), content("m", "A [1] B [2]"))
    stage.feed(custom({**BLOG, "index": 1}), custom({**REPORT, "index": 0}), end("m")).end()
    assert (words(stage), sources(stage)) == ("A [1] B [2]", [(1, "Report"), (2, "Blog")])


def test_a_custom_event_may_name_its_message_also_when_that_has_ended() -> None:
    stage = Stage().start().feed(*text("m", "First."), *text("n", "Second."))
    stage.feed(custom({**REPORT, "messageId": "m", "offset": 5})).end()
    stage.start().feed(custom({**BLOG, "messageId": "m", "offset": 6}), *text("o", "Third.")).end()
    assert "First[1].[2]" in words(stage, 0)
    assert sources(stage, 0) == [(1, "Report"), (2, "Blog")]
    assert sources(stage) == []


def test_a_citation_before_any_words_belongs_to_the_answer_that_follows() -> None:
    stage = Stage().start().feed(custom(REPORT), *text("m", "Words")).end()
    assert (words(stage), sources(stage)) == ("Words", [(1, "Report")])


@pytest.mark.parametrize("is_begun", [False, True])
def test_a_citation_before_any_words_stands_where_its_offset_says(is_begun: bool) -> None:
    cited, begun = custom({**REPORT, "textOffset": 12}), start("m")
    stage = Stage().start().feed(*((begun, cited) if is_begun else (cited, begun)), content("m", "Margins fell again."))
    assert (words(stage), sources(stage)) == ("Margins fell[1] again.", [(1, "Report")])


def test_what_is_no_citation_is_passed_over() -> None:
    stage = Stage().start().feed(*text("m", "Words"), custom(None), custom([3, {}, {"title": 3}]), custom("x")).end()
    assert sources(stage) == []


def test_a_list_that_the_agent_goes_on_with_is_read_again() -> None:
    cited = [REPORT]
    event = {**content("m", "One"), "metadata": {"citations": cited}}
    stage = Stage().start().feed(start("m"), event)
    cited.append(BLOG)
    stage.feed({**event, "delta": " two"}, end("m")).end()
    assert sources(stage) == [(1, "Report"), (2, "Blog")]


def test_a_subagent_cites_in_its_own_messages() -> None:
    its = {"subagentRunId": "s"}
    stage = Stage().start().feed(*text("m", "Mine."), {"type": "SUBAGENT_STARTED", "name": "Reader", **its})
    stage.feed({**start("n"), **its}, {**content("n", "Its.", {**REPORT, "textOffset": 3}), **its}, {**end("n"), **its})
    stage.feed({**custom(BLOG), **its}, {"type": "SUBAGENT_FINISHED", **its}, custom(BOOK)).end()
    assert [sources(stage, at) for at in range(len(stage.screen))] == [[(1, "Handbook")], [(1, "Report"), (2, "Blog")]]


# -- results of tools ------------------------------------------------------------------------------------


DOCUMENT = {
    "type": "document",
    "source": {"type": "url", "value": "https://example.org/report", "mimeType": "application/pdf"},
    "metadata": {"title": "Report"},
}
HIT = {"type": "text", "text": "Margins fell.", "metadata": {"title": "Handbook", "page": 7}}
PICTURE = {"type": "image", "source": {"type": "url", "value": "https://example.org/a.png"}}


def test_documents_that_a_tool_found_are_sources_of_the_answer_that_follows() -> None:
    stage = Stage().start().feed(*call("c", "search"), result("c", [DOCUMENT, HIT, PICTURE]))
    assert "citations.update" not in stage.kinds
    stage.feed(start("m"), content("m", "It says so.", {**BLOG, "textOffset": 11}, {**REPORT, "textOffset": 7})).end()
    assert sources(stage) == [(1, "Report"), (2, "Handbook"), (3, "Blog")]
    assert words(stage) == "It says[1] so.[3]"
    assert stage.lane("citations")["parts"][1]["value"]["snippet"] == "Margins fell."


def test_documents_that_nobody_spoke_of_stand_below_the_call() -> None:
    stage = Stage().start().feed(*call("c", "search"), result("c", [DOCUMENT])).end()
    assert (stage.outline()[-1], sources(stage)) == (["tools", "citations"], [(1, "Report")])


def test_a_document_without_a_name_or_an_address_is_no_source() -> None:
    nameless = {"type": "document", "source": {"type": "file", "value": "opaque-handle"}}
    stage = Stage().start().feed(*call("c", "search"), result("c", [nameless])).end()
    assert sources(stage) == []


# -- snapshots, and taking away --------------------------------------------------------------------------


def snapshot(*messages: dict[str, Any]) -> dict[str, Any]:
    return {"type": "MESSAGES_SNAPSHOT", "messages": [*messages]}


def said(message_id: str, words: str, *cited: dict[str, Any]) -> dict[str, Any]:
    message = {"id": message_id, "role": "assistant", "content": words}
    return {**message, "metadata": {"citations": [*cited]}} if cited else message


def test_a_snapshot_brings_its_citations() -> None:
    stage = Stage().start().feed(snapshot(said("m", "Margins fell.", {**REPORT, "textOffset": 12}))).end()
    assert (words(stage), sources(stage)) == ("Margins fell[1].", [(1, "Report")])


def test_what_was_cited_before_a_snapshot_says_its_words_stands_with_them() -> None:
    stage = Stage().start().feed(custom({**REPORT, "messageId": "m"}), snapshot(said("m", "Margins fell."))).end()
    assert sources(stage) == [(1, "Report")]


def test_a_snapshot_without_them_or_with_another_id_leaves_the_citations() -> None:
    stage = Stage().start().feed(start("m"), content("m", "Margins fell.", {**REPORT, "textOffset": 12}), end("m"))
    stage.feed(snapshot(said("m", "Margins fell."))).feed(snapshot(said("n", "Margins fell."))).end()
    assert (words(stage), sources(stage)) == ("Margins fell[1].", [(1, "Report")])


def test_a_snapshot_that_corrects_the_words_moves_the_anchors() -> None:
    stage = Stage().start().feed(start("m"), content("m", "Margins fell.", {**REPORT, "textOffset": 12}))
    stage.feed(snapshot(said("m", "All margins fell.", {**REPORT, "textOffset": 16})), content("m", " Really."))
    stage.feed(end("m")).end()
    assert (words(stage), sources(stage)) == ("All margins fell[1]. Really.", [(1, "Report")])


def test_a_message_that_a_snapshot_leaves_out_takes_its_sources_along() -> None:
    stage = Stage().start().feed(start("m"), content("m", "One.", REPORT), end("m"))
    stage.feed(start("n"), content("n", "Two.", BLOG), end("n"), snapshot(said("n", "Two."))).end()
    assert sources(stage) == [(2, "Blog")]


def test_what_is_cleared_is_forgotten() -> None:
    stage = Stage().start().feed(start("m"), content("m", "One.", BLOG), end("m")).end()
    stage.show(stage.projection.clear())
    stage.pipeline.messages.clear()
    stage.start().feed(start("m"), content("m", "One.", REPORT), end("m")).end()
    assert sources(stage) == [(1, "Report")]


def test_a_message_that_goes_on_keeps_its_anchors() -> None:
    stage = Stage().start().feed(start("m"), content("m", "One.", {**REPORT, "textOffset": 3}), end("m"))
    stage.feed(start("m"), content("m", " Two."), end("m")).end()
    assert words(stage) == "One[1]. Two."


# -- one citation ----------------------------------------------------------------------------------------


def test_what_strands_sends_is_read() -> None:
    web = {
        "title": "Report",
        "location": {"type": "web", "url": "https://example.org/r", "domain": "example.org"},
        "sourceContent": [{"text": "Margins"}, {"text": "fell"}],
        "textOffset": 3,
    }
    found = read(web)
    assert found is not None and found.offset == 3
    assert found.source == {
        "title": "Report",
        "url": "https://example.org/r",
        "host": "example.org",
        "snippet": "Margins … fell",
        "location": {"type": "web"},
    }


def test_sources_are_told_apart_by_address_or_by_title_and_place() -> None:
    page = {"type": "documentPage", "start": 4, "end": 5}
    identities = [
        each.identity for each in read_all([BOOK, {**BOOK, "snippet": "x"}, {**BOOK, "location": page}, BLOG])
    ]
    assert identities[0] == identities[1] and len(set(identities)) == 3


@pytest.mark.parametrize("url", ["javascript:alert(1)", "/api/kernels", "data:text/html,x", "https://a@b.c/"])
def test_an_address_that_no_link_may_have_is_only_a_name(url: str) -> None:
    found = read({"url": url})
    assert found is not None and found.source == {"title": url}


def test_titles_and_passages_are_cut() -> None:
    found = read({"title": "t" * 9_999, "snippet": "s\n" * 9_999, "url": "https://example.org/"})
    assert found is not None
    assert len(found.source["title"]) <= 300 and len(found.source["snippet"]) <= 600


def test_an_answer_has_a_bounded_number_of_sources() -> None:
    answer = Answer()
    answer.give("m", read_all({"url": f"https://example.org/{n}", "textOffset": n} for n in range(MAX_SOURCES + 50)))
    assert len(answer.sources) == MAX_SOURCES
    assert max(number for _, number in answer.anchors("m")) == MAX_SOURCES


@pytest.mark.parametrize("offset", [-1, 1.5, True, "3", None])
def test_an_offset_that_is_no_count_is_none(offset: Any) -> None:
    found = read({**REPORT, "textOffset": offset})
    assert found is not None and found.offset is None
