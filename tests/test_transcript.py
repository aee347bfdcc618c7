"""What a conversation looks like where no widget runs: as HTML, as markdown, as text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from agui_widget import Driver, markdown, transcript
from agui_widget.content import MEDIA
from agui_widget.errors import RunError
from agui_widget.markdown.closing import closed
from agui_widget.markdown.nodes import ELEMENTS
from agui_widget.projection import OUTPUT_ACTIVITY
from tests.test_markdown_security import CLASS_NAMES as OF_MARKDOWN
from tests.test_markdown_security import OF_OURS, elements, payloads

OURS = {"b", "i", "pre", "small", "ol"}
ON_OUR_LIST = {name.lower() for name in ELEMENTS} | set(OF_OURS) | OURS
_OUR_CLASSES = "turn|turn you|file|who|words|thought|call|call done|call failed|printed|question|sources|surface|error|ending|detail"
CLASSES = OF_MARKDOWN | {*_OUR_CLASSES.split("|"), "subagent"}
MARKUP = "<b>bold</b> & **strong** ![](https://evil.test/x.png)\n\n# not a heading\n\n```\nnot a fence"


def message(role: str = "assistant", /, *, message_id: str = "a1", **lanes: Any) -> dict[str, Any]:
    """A message of a snapshot; a lane is its parts, the status lane its word."""
    made = {name: {"parts": parts, "sealed": True} for name, parts in lanes.items() if name != "status"}
    if "status" in lanes:
        made["status"] = {"parts": [], "sealed": True, "status": {"status": lanes["status"]}}
    return {"id": message_id, "role": role, "corr": "r1", "ts": 0, "lanes": made}


def answer(text: str) -> list[dict[str, Any]]:
    return [{"key": "text", "kind": "blocks", "nodes": markdown.parse(text), "text": text}]


def surface(text: str) -> list[dict[str, Any]]:
    """An interface in which everything says `text`."""
    components = [
        {"id": "root", "component": "Column", "children": ["a", "b", "c", "d", "e", "f"]},
        {"id": "a", "component": "Text", "text": text},
        {"id": "b", "component": "Text", "text": text, "variant": "h1"},
        {"id": "c", "component": "TextField", "label": text, "value": text},
        {"id": "d", "component": "Button", "child": "a"},
        {"id": "e", "component": text},
        {"id": "f", "component": "Image", "url": text, "description": text},
    ]
    operations = [{"version": "v0.9", "updateComponents": {"surfaceId": text, "components": components}}]
    status = {"status": "failed", "error": text}
    return [{"key": "s", "kind": "surface", "value": {"operations": operations, "status": status}}]


def words(text: str) -> list[dict[str, Any]]:
    return [{"key": "text", "kind": "text", "text": text}]


def tool(**row: Any) -> list[dict[str, Any]]:
    return [{"key": "c1", "kind": "tool", "value": {"call_id": "c1", "name": "search", "state": "done", **row}}]


def output(**data: str) -> list[dict[str, Any]]:
    bundle = {name.replace("_", "/"): value for name, value in data.items()}
    return [{"key": "out1", "kind": "output", "value": {"data": bundle}}]


def turns(*messages: dict[str, Any], **options: Any) -> list[transcript.Turn]:
    return transcript.read({"messages": list(messages)}, title="Analyst", **options)


def html(*messages: dict[str, Any]) -> str:
    return transcript.to_html(turns(*messages))


def md(*messages: dict[str, Any]) -> str:
    return transcript.to_markdown(turns(*messages), title="Analyst")


class Reader(HTMLParser):
    """What a browser would make of an HTML text: elements, text, and whether the elements are balanced."""

    VOID = {"br", "hr", "img", "meta"}

    def __init__(self, source: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.stack: list[str] = []
        self.misfits: list[str] = []
        self.feed(source)
        self.close()
        self.misfits += self.stack

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.stack.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.stack or self.stack.pop() != tag:
            self.misfits.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def handle_comment(self, data: str) -> None:
        self.misfits.append("comment")

    @property
    def text(self) -> str:
        return "".join(self.texts)


def complaints(source: str) -> list[str]:
    """What of a transcript is not on our lists."""
    read = Reader(source)
    found = list(read.misfits)
    for tag, attributes in read.elements:
        allowed = OF_OURS.get(tag, set()) | {each.lower() for each in ELEMENTS.get(tag, ())} | {"class", "value"}
        if tag not in ON_OUR_LIST:
            found.append(f"<{tag}>")
        for name, value in attributes.items():
            given = str(value)
            if name not in allowed and tag not in ("lineargradient", "radialgradient"):
                found.append(f"<{tag} {name}>")
            if name == "class" and given not in CLASSES and not given.startswith("language-"):
                found.append(f"class {given}")
            if name == "href" and not given.startswith(("https://", "http://", "mailto:")):
                found.append(f"href {given}")
            if name == "src" and not given.startswith("data:image/"):
                found.append(f"src {given}")
    return found


# -- what is in it -----------------------------------------------------------------------------------


def test_who_said_what_stands_in_the_order_of_the_screen() -> None:
    shown = Reader(html(message("user", text=words("Why?")), message(text=answer("Because of **freight**.")))).text
    assert shown.split() == ["You", "Why?", "Analyst", "Because", "of", "freight."]


def test_the_shells_of_one_answer_are_one_turn() -> None:
    shown = turns(
        message("user", text=words("Why?")),
        message(text=answer("I look."), tools=tool()),
        message(message_id="a2", text=answer("Freight.")),
    )
    assert [turn.speaker for turn in shown] == ["You", "Analyst"]


def test_an_answer_is_formatted_and_its_headings_stand_below_those_of_the_page() -> None:
    assert "<h3>Result</h3>" in html(message(text=answer("# Result")))


def test_a_call_is_folded_and_says_what_it_was_given_and_what_came_of_it() -> None:
    call = tool(args='{"query": "margins"}', result="3 documents", state="error", error="503 <Service>")
    source = html(message(tools=call))
    assert '<summary><code>search</code> query="margins" · failed</summary>' in source
    assert "<pre>3 documents</pre>" in source and "<pre>503 &lt;Service&gt;</pre>" in source


def test_plain_words_keep_their_lines_and_columns() -> None:
    source = html(message("user", text=words("a  b\n c\n\n  d")))
    assert "<p>a\u00a0\u00a0b<br>\u00a0c</p>\n<p>\u00a0\u00a0d</p>" in source


def test_reasoning_is_folded() -> None:
    assert "<details" in html(message(reasoning=words("Two sources.")))
    assert Reader(html(message(reasoning=words("Two sources.")))).text.split() == [
        "Analyst",
        "Thought",
        "Two",
        "sources.",
    ]


def test_sources_are_a_numbered_list_with_links_that_the_policy_lets_through() -> None:
    good = {"index": 1, "title": "Freight", "url": "https://example.org/q3", "host": "example.org", "snippet": "p. 4"}
    bad = {"index": 2, "title": "Trap", "url": "javascript:alert(1)"}
    parts = [{"key": str(each["index"]), "kind": "citation", "value": each} for each in (good, bad)]
    source = html(message(text=answer("So it is."), citations=parts))
    assert source.count("<li>") == 2 and 'href="https://example.org/q3"' in source and "javascript:" not in source
    assert "1. [Freight](<https://example.org/q3>) (example.org): p. 4\n2. Trap" in md(message(citations=parts))


def test_sources_keep_their_numbers_when_one_is_left_out() -> None:
    values = [{"index": 1, "title": "One"}, {"index": 3, "title": "Three"}]
    lane = message(citations=[{"key": str(each["index"]), "kind": "citation", "value": each} for each in values])
    assert '<li value="3">Three</li>' in html(lane)
    assert "- 3 Three" in markdown.to_text(markdown.parse(md(lane)))


def test_an_error_says_what_happened_what_was_kept_and_folds_the_rest() -> None:
    error = {"message": "Overloaded.", "kept": "All is kept.", "detail": "Traceback"}
    source = html(message(errors=[{"key": "e", "kind": "error", "value": error}], status="failed"))
    assert Reader(source).text.split() == "Analyst Overloaded. All is kept. Details Traceback failed".split()


@pytest.mark.parametrize(
    ("status", "word"),
    [("stopped", "stopped"), ("failed", "failed"), ("truncated", "cut short"), ("waiting", "waiting for you")],
)
def test_an_answer_that_did_not_come_to_its_end_says_so(status: str, word: str) -> None:
    shown = message(text=answer("Half"), status=status)
    assert f"<i>{word}</i>" in html(shown)
    assert md(shown).endswith(f"*{word}*\n")
    assert transcript.to_text(turns(shown)) == f"Analyst: Half\n\n[{word}]"


def test_a_finished_answer_says_nothing_more() -> None:
    assert "ending" not in html(message(text=answer("Whole."), status="done"))


def test_an_open_question_shows_the_line_that_answers_it() -> None:
    asked = {"id": "i", "reason": "x", "message": "Drop 3 rows?", "answer": "chat.resolve()"}
    source = html(message(tools=[{"key": "i", "kind": "question", "value": asked}]))
    assert "Drop 3 rows?" in source and "<pre>chat.resolve()</pre>" in source


def test_a_subagent_stands_in_a_group_of_its_own_name() -> None:
    sub = {**message(message_id="s1", text=answer("Found it.")), "parent": "a1", "name": "finder"}
    source = html(message(text=answer("I ask.")), sub, message(message_id="a2", text=answer("Done.")))
    assert re.search(r"<blockquote.*?finder \(subagent\).*?Found it.*?</blockquote>.*Done\.", source, re.DOTALL)
    assert "> **finder (subagent)**\n>\n> Found it." in md(message(text=answer("I ask.")), sub)


def media(*items: dict[str, Any]) -> list[dict[str, Any]]:
    value = {"data": {MEDIA: {"items": list(items)}, "text/plain": "media"}}
    return [{"key": "text-media", "kind": "output", "value": value}, *words("Look")]


def test_what_a_user_attached_is_embedded_if_it_is_a_small_picture_and_else_named() -> None:
    attached = media(
        {"type": "image", "mime": "image/png", "data": "AAAA", "name": "dot.png"},
        {"type": "image", "mime": "image/png", "data": "A" * 600_000, "name": "large.png"},
        {"type": "image", "mime": "image/svg+xml", "data": "AAAA"},
        {"type": "image", "mime": "image/png", "url": "https://evil.test/x.png"},
        {"type": "document", "mime": "application/pdf", "data": "AAAA", "name": "paper.pdf"},
    )
    turns = transcript.read({"messages": [message("user", text=attached)]})
    html = transcript.to_html(turns)
    assert re.findall('src="([^"]+)"', html) == ["data:image/png;base64,AAAA"]
    assert re.findall('<p class="file">(.*?)</p>', html) == [
        "[image: large.png]",
        "[image]",
        "[image: https://evil.test/x.png]",
        "[document: paper.pdf]",
    ]
    written = transcript.to_markdown(turns, title="Chat")
    assert "![dot.png](data:image/png;base64,AAAA)" in written
    assert r"\[document: paper.pdf\]" in written
    assert "dot.png" in transcript.static_output({"messages": [message("user", text=attached)]}, title="")["text/plain"]


def test_an_output_is_its_picture_its_markdown_or_its_text_and_never_its_html() -> None:
    picture = html(message(text=output(image_png="iVBORw0KGgo=", text_plain="<Figure>")))
    assert '<img src="data:image/png;base64,iVBORw0KGgo=" alt="&lt;Figure&gt;">' in picture
    assert "<strong>x</strong>" in html(message(text=output(text_markdown="**x**", text_plain="x")))
    table = html(message(text=output(text_html="<table onclick=x>", text_plain="a  b")))
    assert "<pre>a  b</pre>" in table and "onclick" not in table


def test_what_was_printed_in_pieces_is_one_piece() -> None:
    def printed(text: str, key: str) -> dict[str, Any]:
        return {"key": key, "kind": "output", "value": {"name": "stdout", "data": {"text/plain": text}}}

    once = {**message(text=answer("Hi")), "lanes": {"status": {"parts": [printed("a\nb\n", "o1")], "sealed": True}}}
    twice = {**once, "lanes": {"status": {"parts": [printed("a\n", "o1"), printed("b\n", "o2")], "sealed": True}}}
    assert html(once) == html(twice) and "<pre>a\nb\n</pre>" in html(once)


def test_colours_of_a_terminal_and_control_characters_do_not_show() -> None:
    assert "<pre>red ⟨U+0007⟩</pre>" in html(message(tools=tool(result="\x1b[31mred\x1b[0m \x07")))


def test_a_long_result_is_cut_where_a_limit_is_given_and_says_so() -> None:
    long = message(tools=tool(result="x" * 5_000))
    cut = transcript.to_html(turns(long, limit=1_000))
    assert "… cut: 4,000 more characters" in cut and len(cut) < 2_000
    assert "x" * 5_000 in html(long)


def test_beyond_its_budget_the_oldest_turns_of_an_output_give_way_to_a_line() -> None:
    many = [message("user", message_id=f"u{n}", text=words(f"Question {n}! {'.' * 5_000}")) for n in range(100)]
    given = transcript.static_output({"messages": many}, title="Analyst")
    source, text = given["text/html"], given["text/plain"]
    assert "Question 99!" in source and "Question 1!" not in source and "earlier turns are left out" in source
    assert len(source) < 401_000 and text.startswith("You: Question 2")
    few = transcript.static_output({"messages": many[:50]}, title="Analyst")
    assert "left out" not in few["text/html"] and "Question 0!" in few["text/html"]


def test_the_output_of_an_empty_chat_shows_nothing() -> None:
    given = transcript.static_output({"messages": []}, title="Analyst")
    assert Reader(given["text/html"]).text.strip() == "" and given["text/plain"] == "No messages yet."


def test_unknown_parts_and_lanes_are_passed_over() -> None:
    strange = message(a2ui=[{"key": "x", "kind": "surface", "value": {}}], text=[{"key": "y", "kind": "new"}])
    assert turns(strange) == []


def test_the_demo_reads_the_same_each_time() -> None:
    def once() -> tuple[str, str, str]:
        driver = Driver(None, pace=0)
        driver.ask_sync("Which products lost margin?")
        with pytest.raises(RunError):
            driver.ask_sync("Fail once")
        read = transcript.read(driver.session.snapshot(), title=driver.name)
        return transcript.to_html(read), transcript.to_markdown(read, title=driver.name), transcript.to_text(read)

    assert once() == once()


# -- what may never be in it -------------------------------------------------------------------------


def everywhere(text: str) -> Iterator[dict[str, Any]]:
    """A message for every field that has somebody's words."""
    error = {"message": text, "kept": text, "detail": text}
    asked = {"id": "i", "reason": text, "message": text, "answer": text}
    cited = {"index": 1, "title": text, "url": text, "host": text, "snippet": text}
    yield message("user", text=words(text))
    yield message(text=words(text), reasoning=words(text), thinking=words(text))
    yield message(text=answer(text))
    yield message(tools=tool(name=text, args=text, result=text, error=text, state=text, summary=text))
    yield message(errors=[{"key": "e", "kind": "error", "value": error}])
    yield message(tools=[{"key": "q", "kind": "question", "value": asked}])
    yield message(citations=[{"key": "1", "kind": "citation", "value": cited}])
    yield message(text=[{"key": "a", "kind": "activity", "value": {"type": text, "content": {text: text}}}])
    yield message(text=output(text_plain=text, text_html=text, text_markdown=text, image_png=text))
    yield message(text=[{"key": "o", "kind": "output", "value": {"name": text, "data": {"text/plain": text}}}])
    yield message(status=text)
    yield message(a2ui=surface(text))
    yield {**message(text=answer("x")), "role": text}
    yield {**message(text=answer("x")), "name": text, "parent": "a0"}


def test_no_payload_in_any_field_becomes_more_than_listed_elements(fixtures: Path) -> None:
    found = {payload: bad for payload in payloads(fixtures) if (bad := complaints(html(*everywhere(payload))))}
    assert found == {}


def test_no_payload_adds_an_element_where_text_is_plain(fixtures: Path) -> None:
    def plain_fields(text: str) -> str:
        return html(message("user", text=words(text)), message(tools=tool(args=text, result=text, error=text)))

    want = [tag for tag, _ in Reader(plain_fields("x")).elements if tag not in ("p", "br", "span")]
    for payload in payloads(fixtures):
        shown = payload if transcript.turns.plain(payload).strip() else "x"
        assert [tag for tag, _ in Reader(plain_fields(shown)).elements if tag not in ("p", "br", "span")] == want


def test_no_line_is_blank_so_no_markdown_renderer_reads_on_inside() -> None:
    source = html(*everywhere("a\n\n\n   \n![](https://evil.test/x.png)\n"))
    assert not re.search(r"\n[ \t]*\n", source)


def test_prose_begins_no_mathematics_where_the_page_looks_for_it() -> None:
    source = html(message("user", text=words(r"from $5 to $6, \(x\) \begin{x}")), message(text=answer("$1 and \\$2")))
    bare = re.sub(r"<span>.</span>", "", source)
    assert "$" not in bare and r"\(" not in bare and r"\begin" not in bare
    assert '<span class="math">\\(x^2\\)</span>' in html(message(text=answer("$x^2$")))


def test_a_link_whose_words_name_another_place_says_where_it_leads() -> None:
    source = html(message(text=answer("[rates.example.org](https://evil.test/x) and [the rates](https://a.test/)")))
    assert "rates.example.org<small> (evil.test)</small></a>" in source and "the rates</a>" in source


def test_a_fence_of_markdown_cannot_be_left_from_inside() -> None:
    inside = "```\n````\n![](https://evil.test/x.png)"
    for source in (md(message(tools=tool(result=inside))), md(message(text=output(text_plain=inside)))):
        assert "evil.test" not in markdown.to_html(
            [n for n in markdown.parse(source) if n["t"] not in ("fence", "details")]
        )
        fences = [n for n in markdown.parse(source) if isinstance(n, dict) and n["t"] == "fence"]
        nested = [n for d in markdown.parse(source) if d["t"] == "details" for n in d["c"] if n["t"] == "fence"]
        assert [each["c"] for each in fences + nested] == [[inside]]


FOLD = "<details><summary>More</summary>\n\n<details>\n\nIn.\n\n</details>\n\nWords"


@pytest.mark.parametrize(
    "opening", ["```", "~~~~ python\ncode", "<!-- comment", "<pre>", "<script>\nlet x", "<?php", "<![CDATA[", FOLD]
)
def test_what_an_answer_leaves_open_does_not_swallow_the_next_turn(opening: str) -> None:
    source = md(message(text=answer(f"So:\n\n{opening}")), message("user", text=words("Next?")))
    assert any(
        "Next?" in str(node) and node["t"] == "blockquote" for node in markdown.parse(source) if isinstance(node, dict)
    )


@pytest.mark.parametrize(
    "text", ["plain", "```\ncode\n```", "- ```\n  code", "> <!-- x", "a <!-- b", "<div>\nx", f"{FOLD}</details>"]
)
def test_text_with_nothing_open_stays_as_it_is(text: str) -> None:
    assert closed(text) == text


def test_markup_of_programs_is_no_markdown() -> None:
    error = {"message": MARKUP, "kept": MARKUP}
    tree = markdown.parse(md(message(errors=[{"key": "e", "kind": "error", "value": error}], text=words("ok"))))
    assert {each["t"] for each in elements(tree)} == {"h1", "p", "strong", "a"}  # `Error:` and the speaker; a bare URL


# -- documents ---------------------------------------------------------------------------------------


def test_a_still_page_has_its_policy_first_and_no_script() -> None:
    page = transcript.static_document(html(*everywhere("</title></style><script>x</script>")), title="<Q3> & more")
    read = Reader(page)
    assert read.elements[2][1]["content"] == "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    assert "script" not in {tag for tag, _ in read.elements} and not read.misfits
    assert not [name for _, attributes in read.elements for name in attributes if name.startswith("on")]
    assert "url(" not in page and "@import" not in page


def test_no_text_ends_the_script_of_a_live_page() -> None:
    evil = "</script><script>alert(1)</script><!--<script>"
    snapshot = {"messages": list(everywhere(evil))}
    page = transcript.live_document(snapshot, title=evil, renderer=f"export default '{evil}'")
    assert page.count("<script") == 2 and page.count("</script") == 2 and "<!--" not in page


# -- an answer ---------------------------------------------------------------------------------------


def test_a_cell_keeps_its_answer_formatted() -> None:
    given = Driver(lambda text: f"**{text}** <script>").ask_sync("hi")
    assert given._repr_html_() == "<p><strong>hi</strong> &lt;script&gt;</p>"
    assert given._repr_markdown_() == "**hi** <script>"
    assert repr(given) == "You: hi\n\n**hi** <script>"


def test_an_answer_that_was_stopped_says_so_in_every_form() -> None:
    driver = Driver(None, pace=5)
    run = driver.submit("long")
    driver.stop()
    given = run.result(5)
    assert given._repr_html_().endswith("<i>stopped</i></p>")
    assert given._repr_markdown_().endswith("*stopped*")
    assert repr(given).endswith("[stopped]")


def test_an_answer_without_words_is_shown_by_its_repr_alone() -> None:
    given = Driver(lambda: {"rows": 3}).ask_sync("hi")
    assert given._repr_html_() is None and given._repr_markdown_() is None


def test_an_activity_that_is_an_output_is_read_as_one() -> None:
    driver = Driver(lambda: {"launched": True})
    driver.ask_sync("go")
    assert OUTPUT_ACTIVITY not in transcript.to_html(transcript.read(driver.session.snapshot()))
