"""What pages hand back of what they drew: checked, kept with its source, shown by whoever shows the conversation."""

import json
import re
from base64 import b64decode
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest

from agui_widget import AgentChat, Driver, drawings, transcript, wire
from agui_widget.envelope import size_of
from agui_widget.errors import IntentError

GRAPH = "graph TD\n  A --> B"
ANSWER = f"Look:\n\n```mermaid\n{GRAPH}\n```\n\nDone."
SVG = {
    "t": "svg",
    "a": {"viewBox": "-4 -4 120 80"},
    "c": [
        {"t": "title", "c": ["A leads to B"]},
        {"t": "rect", "a": {"x": 1, "y": 2.5, "width": "30", "height": "20", "fill": "#e8f0fb"}},
        {"t": "text", "a": {"x": "4", "y": "14"}, "c": ["A & <b>B</b>"]},
    ],
}
PIXEL = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def wait_until(is_true: Callable[[], object], seconds: float = 5) -> None:
    deadline = monotonic() + seconds
    while not is_true():
        assert monotonic() < deadline
        sleep(0.005)


def kept(driver: Driver) -> list[dict[str, Any]]:
    messages = driver.session.snapshot()["messages"]
    parts = [part for m in messages for lane in m["lanes"].values() for part in lane["parts"]]
    return [part for part in parts if part["kind"] == "drawing"]


def drawn(
    answer: str = ANSWER, kind: str = "mermaid", text: str = GRAPH, scheme: str = "light", node: Any = SVG
) -> Driver:
    driver = Driver(lambda: answer)
    driver.ask_sync("hi")
    driver.keep_drawing(kind, text, scheme, node)
    wait_until(lambda: kept(driver))
    return driver


def picture(page: str) -> str:
    """The one embedded drawing of a page, as text."""
    (found,) = re.findall(r"data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)", page)
    return b64decode(found).decode()


# -- what may be handed back -------------------------------------------------------------------------


def test_a_drawing_is_kept_by_the_lists_alone() -> None:
    hostile = {
        "t": "svg",
        "a": {"viewBox": "0 0 1 1", "onload": "alert(1)", "style": "x", "fill": "url(//evil)", "class": "c", "id": "i"},
        "c": [
            {"t": "script", "c": ["alert(1)"]},
            {"t": "foreignObject", "c": [{"t": "p", "c": ["x"]}]},
            {"t": "a", "a": {"href": "javascript:alert(1)"}, "c": ["x"]},
            {"t": "use", "a": {"href": "#x"}},
            {"t": "path", "a": {"d": "M0 0", "fill": "image-set(x)", "stroke": "var(--x)", "opacity": 0.5, "rx": True}},
            7,
            {"t": "text", "c": ["a\x00b"]},
        ],
    }
    assert drawings.checked(hostile) == {
        "t": "svg",
        "a": {"viewBox": "0 0 1 1"},
        "c": [{"t": "path", "a": {"d": "M0 0", "opacity": "0.5"}}, {"t": "text", "c": ["a\ufffdb"]}],
    }


def test_a_picture_is_its_own_content() -> None:
    image = {"t": "img", "a": {"src": PIXEL, "alt": "Sales", "width": 2, "height": 10**6, "onerror": "x"}}
    assert drawings.checked(image) == {"t": "img", "a": {"src": PIXEL, "alt": "Sales", "width": 2}}


def deep(levels: int) -> dict[str, Any]:
    node: dict[str, Any] = {"t": "g"}
    for _ in range(levels):
        node = {"t": "g", "c": [node]}
    return {"t": "svg", "c": [node]}


@pytest.mark.parametrize(
    "node",
    [
        {"t": "p", "c": ["words"]},
        {"t": "img", "a": {"src": "https://evil.example/x.png"}},
        {"t": "img", "a": {"src": "data:image/svg+xml;base64,PHN2Zz4="}},
        {"t": "img", "a": {"src": "data:image/png;base64," + "A" * 600_000}},
        {"t": "svg", "c": ["x"] * 30_000},
        deep(200),
        {"t": ["svg"]},
        {"t": {"svg": 1}},
        {},
    ],
)
def test_what_is_no_drawing_or_too_much_of_one_is_refused(node: Any) -> None:
    with pytest.raises(IntentError, match="a drawing was refused"):
        drawings.checked(node)


@pytest.mark.parametrize(
    "more",
    [
        {"node": "<svg>"},
        {"node": {"t": "svg", "c": ["x" * 1_000_000]}},
        {"scheme": "sepia"},
        {"kind": "k" * 101},
        {"message_id": "m"},
    ],
)
def test_an_intent_that_is_none_is_refused(more: dict[str, Any]) -> None:
    fit = {"t": "drawn", "kind": "mermaid", "text": GRAPH, "scheme": "light", "node": SVG}
    assert isinstance(wire.read_intent(fit), wire.Drawn)
    with pytest.raises(IntentError):
        wire.read_intent({**fit, **more})


def test_a_page_that_sends_no_drawing_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    chat, told = AgentChat(lambda: ANSWER), list[dict[str, Any]]()
    monkeypatch.setattr(chat, "_post", told.append)
    chat._receive({"t": "drawn", "kind": "mermaid", "text": GRAPH, "scheme": "light", "node": {"t": "p"}})
    assert "refused" in told[0]["message"]


# -- where it is kept --------------------------------------------------------------------------------


def test_a_drawing_stands_in_the_message_of_its_source_once() -> None:
    driver = drawn()
    driver.keep_drawing("mermaid", GRAPH, "dark", SVG)
    driver.keep_drawing("mermaid", "graph LR", "light", SVG)  # said by nobody
    driver.keep_drawing("flow", GRAPH, "light", SVG)  # nor that
    driver.ask_sync("and more")
    ((part, message),) = [
        (part, m)
        for m in driver.session.snapshot()["messages"]
        for part in m["lanes"].get("text", {"parts": []})["parts"]
        if part["kind"] == "drawing"
    ]
    assert part["key"] == drawings.key_of("mermaid", GRAPH)
    assert part["value"]["scheme"] == "light"
    assert message["lanes"]["text"]["parts"][0]["text"] == ANSWER


def test_a_key_is_that_of_the_page() -> None:
    assert drawings.key_of("mermaid", "graph TD") == "drawing:30b4f97059ac363c"  # js/test/drawing.test.ts has the same


def test_a_newer_drawing_of_an_output_takes_the_older_ones_place() -> None:
    mime = "application/vnd.agui_widget.telemetry+json"

    def messages(rows: int, *more: Any) -> list[dict[str, Any]]:
        value = {"data": {mime: {"series": [], "rows": [[n, n / 2] for n in range(rows)]}}}
        parts = [{"key": "o1", "kind": "output", "value": value}, *more]
        return [{"id": "a1", "lanes": {"text": {"parts": parts}}}]

    first = drawings.kept(messages(1), mime, '{"series":[],"rows":[[0,0]]}', "light", drawings.checked(SVG))
    put = first[0]["payload"]
    assert put["value"]["of"] == "o1"
    second = drawings.kept(
        messages(2, put), mime, '{"rows":[[0,0.0],[1,0.5]],"series":[]}', "light", drawings.checked(SVG)
    )
    assert [(each["kind"], each["payload"]["key"]) for each in second] == [
        ("part.remove", put["key"]),
        ("part.put", drawings.key_of(mime, '{"rows":[[0,0.0],[1,0.5]],"series":[]}')),
    ]


@pytest.mark.parametrize(
    ("bound", "enough_for_one"), [("MAX_DRAWINGS", 1), ("MAX_KEPT_CHARS", size_of(drawings.checked(SVG)))]
)
def test_a_conversation_keeps_so_many_drawings_and_no_more(
    bound: str, enough_for_one: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawings, bound, enough_for_one)
    driver = drawn(f"{ANSWER}\n\n```flow\n{{}}\n```\n")
    driver.keep_drawing("flow", "{}", "light", SVG)
    driver.ask_sync("more")
    assert len(kept(driver)) == 1


def test_a_drawing_is_saved_and_loaded_with_its_conversation(tmp_path: Path) -> None:
    driver, again = drawn(), Driver(lambda: "x")
    again.load(driver.save(tmp_path / "chat.json"))
    assert kept(again) == kept(driver)
    assert again.to_html() == driver.to_html()


def test_who_looks_on_hears_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agui_widget.driver.ENTERED_S", 0.01)
    driver, seen = drawn(), list[int]()
    driver.at_rest = lambda: seen.append(len(kept(driver)))
    driver.keep_drawing("mermaid", GRAPH, "light", SVG)  # known: nothing happens
    driver.ask_sync("more")
    wait_until(lambda: seen)
    assert seen[0] == 1


# -- where it is shown -------------------------------------------------------------------------------


def test_a_page_shows_it_with_its_source_folded_behind_it() -> None:
    page = drawn().to_html()
    assert 'alt="A leads to B"' in page
    figure = page[page.index("<figure") : page.index("</figure>")]
    assert "<details><summary>Source</summary>" in figure and "A --&gt; B" in figure
    assert picture(page).startswith(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-4 -4 120 80" width="120" height="80">'
    )
    assert "A &amp; &lt;b&gt;B&lt;/b&gt;" in picture(page)


@pytest.mark.parametrize(
    ("scheme", "ground", "name"), [("light", "#fff", "drawing"), ("dark", "#1e1e1e", "drawing dark")]
)
def test_what_was_drawn_brings_its_paper_along(scheme: str, ground: str, name: str) -> None:
    page = drawn(scheme=scheme).to_html()
    assert f'<rect x="-4" y="-4" width="120" height="80" fill="{ground}">' in picture(page)
    assert f'<figure class="{name}">' in page


def test_the_saved_notebook_shows_it_too() -> None:
    driver = drawn()
    output = transcript.static_output(driver.session.snapshot(), title="T")
    assert picture(output["text/html"])
    assert GRAPH in output["text/plain"]


def test_the_saved_notebook_shows_the_latest_drawings_and_the_source_of_older_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    driver = drawn(f"{ANSWER}\n\n```flow\n{{}}\n```\n")
    driver.keep_drawing("flow", "{}", "light", SVG)
    wait_until(lambda: len(kept(driver)) == 2)
    monkeypatch.setattr("agui_widget.transcript.output.DRAWN", 700)
    html = transcript.static_output(driver.session.snapshot(), title="T")["text/html"]
    assert html.count("<figure") == 1 and html.index("A --&gt; B") < html.index("<figure")


def test_markdown_has_it_in_the_place_of_its_fence() -> None:
    text = drawn().to_markdown()
    assert picture(text)
    assert re.search(r"!\[A leads to B\]\(data:[^)]+\)\n\n<details><summary>Source</summary>\n\n```mermaid", text)
    assert text.rstrip().endswith("</details>\n\nDone.")


def test_a_fence_within_a_fence_is_no_drawing() -> None:
    inner = f"```mermaid\n{GRAPH}\n```"
    text = drawn(f"{ANSWER}\n\n````text\n{inner}\n````\n").to_markdown()
    assert f"````text\n{inner}\n````" in text


def test_an_output_is_shown_as_it_was_drawn() -> None:
    mime, spec = "application/vnd.vegalite.v5+json", {"mark": "bar"}
    part = {"key": "o1", "kind": "output", "value": {"data": {mime: spec, "text/plain": "alt.Chart(...)"}}}
    image = drawings.checked({"t": "img", "a": {"src": PIXEL, "alt": "Bars"}})
    messages = [{"id": "a1", "role": "assistant", "lanes": {"text": {"parts": [part], "sealed": True}}}]
    (change,) = drawings.kept(messages, mime, json.dumps(spec), "light", image)
    messages[0]["lanes"]["text"]["parts"].append(change["payload"])
    turns = transcript.read({"messages": messages})
    assert f'<img src="{PIXEL}" alt="Bars">' in transcript.to_html(turns)
    assert f"![Bars]({PIXEL})" in transcript.to_markdown(turns, title="T")
    assert "alt.Chart" in transcript.to_html(turns)


def test_a_saved_file_that_lies_shows_its_source() -> None:
    snapshot = drawn().session.snapshot()
    for message in snapshot["messages"]:
        for part in message["lanes"]["text"]["parts"]:
            if part["kind"] == "drawing":
                part["value"]["node"] = {"t": "img", "a": {"src": "https://evil.example/x.png"}}
    page = transcript.to_html(transcript.read(snapshot))
    assert "evil" not in page and "graph TD" in page and "<img" not in page


# -- a live page that nobody serves ------------------------------------------------------------------

NEEDS = {"math": ["KaTeX_Main.woff2"], "flow": ["elk"], "elk": ["worker"]}


def chunks(answer: str) -> set[str]:
    driver = Driver(lambda: answer)
    driver.ask_sync("hi")
    return transcript.chunks_of(driver.session.snapshot(), NEEDS)


def test_a_live_page_carries_what_its_conversation_needs_and_no_more() -> None:
    assert chunks("words, `code` and\n\n```python\nx\n```") == set()
    assert chunks("$x^2$") == {"math", "KaTeX_Main.woff2"}
    assert chunks("```flow\n{}\n```") == {"sketch", "flow", "elk", "worker"}
    assert chunks("- one\n\n  ```Mermaid\n  graph\n  ```\n") == {"sketch", "mermaid"}


def test_what_was_drawn_needs_nobody_who_draws() -> None:
    assert transcript.chunks_of(drawn().session.snapshot(), NEEDS) == {"sketch"}


def test_an_object_needs_what_shows_objects_and_what_was_printed_does_not() -> None:
    driver = Driver(lambda: {"a": 1})
    driver.ask_sync("hi")
    assert transcript.chunks_of(driver.session.snapshot(), NEEDS) == {"outputs"}

    def printing() -> str:
        print("x")
        return "words"

    driver = Driver(printing)
    driver.ask_sync("hi")
    assert transcript.chunks_of(driver.session.snapshot(), NEEDS) == set()


def test_an_object_that_is_formatted_needs_what_its_text_needs() -> None:
    data = {drawings.NODES: [{"t": "p", "c": [{"t": "math", "c": ["x"]}, 7]}], "text/plain": "x"}
    part = {"key": "o1", "kind": "output", "value": {"data": data}}
    messages = [{"id": "a1", "lanes": {"text": {"parts": [part]}}}]
    assert transcript.chunks_of({"messages": messages}, {}) == {"outputs", "math"}


def test_a_live_page_has_those_chunks() -> None:
    chat = AgentChat(lambda: "```flow\n{}\n```")
    chat.ask_sync("hi")
    data = re.search(r'id="conversation">(.*?)</script>', chat.to_html(live=True))
    assert data and {"sketch", "flow"} <= json.loads(data[1])["chunks"].keys()
