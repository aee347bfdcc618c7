"""The widget without a browser: names, traits, what a page sends, what is left in a notebook."""

import asyncio
import json
import subprocess
import sys
import time
from base64 import b64decode
from typing import Any

import anywidget
import pandas
import pytest

from agui_widget import AgentChat
from agui_widget.errors import AgentError
from agui_widget.lanes import Snapshot, fold_all
from agui_widget.widget import BUNDLE

VERBS = {"submit", "ask", "ask_sync", "stop", "retry", "clear", "wait", "messages", "status"}
VERBS |= {"on_action", "on_navigate", "to_markdown", "to_html", "save", "load", "tool_calls", "renderer"}
PRESENTATION = {"title", "placeholder", "starters", "height", "theme", "locale"}


class Page:
    """Stands where the comm stands: keeps what the widget sends, and sends intents."""

    def __init__(self, chat: AgentChat, monkeypatch: pytest.MonkeyPatch) -> None:
        self.chat = chat
        self.received: list[dict[str, Any]] = []
        monkeypatch.setattr(chat, "send", lambda content, buffers=None: self.received.append(content))

    def send(self, **intent: Any) -> None:
        self.chat._handle_custom_msg(intent, [])

    def wait_for(self, condition: Any) -> None:
        deadline = time.monotonic() + 5
        while not condition():
            assert time.monotonic() < deadline, f"it never happened; received {self.received}"
            time.sleep(0.01)

    def snapshot(self) -> dict[str, Any]:
        snapshot = Snapshot(self.chat._driver.session.stream)
        for message in self.received:
            if message["t"] == "batch":
                fold_all(snapshot, message["e"])
        return snapshot.to_json()


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Page:
    return Page(AgentChat(lambda text: f"You said: {text}"), monkeypatch)


def test_verbs_take_no_name_that_ipywidgets_owns() -> None:
    assert not VERBS & set(dir(anywidget.AnyWidget))
    assert VERBS <= set(dir(AgentChat))


def test_only_presentation_is_synced() -> None:
    ours = set(AgentChat().traits(sync=True)) - set(anywidget.AnyWidget().traits(sync=True))
    assert ours - {"_esm", "_css", "_anywidget_id"} == PRESENTATION


def test_no_content_is_ever_in_the_saved_state() -> None:
    chat = AgentChat(lambda text: f"canary answer to {text}")
    chat.ask_sync("canary question")
    state = {name: value for name, value in chat.get_state().items() if name != "_esm"}
    assert "canary" not in json.dumps(state, default=str)


def test_the_repr_is_one_stable_line() -> None:
    assert repr(AgentChat()) == repr(AgentChat()) == "AgentChat('Demo agent')"


def test_the_output_has_the_view_and_the_line() -> None:
    data = AgentChat()._repr_mimebundle_()
    bundle = data[0] if isinstance(data, tuple) else data
    assert bundle["text/plain"] == "AgentChat('Demo agent')"
    assert "application/vnd.jupyter.widget-view+json" in bundle


def test_a_submit_from_the_page_runs_the_agent_and_carries_its_nonce(page: Page) -> None:
    page.send(t="submit", text="hello", nonce="n1")
    page.wait_for(lambda: any(m["role"] == "assistant" and "text" in m["lanes"] for m in page.snapshot()["messages"]))
    question, answer = page.snapshot()["messages"]
    assert question["nonce"] == "n1"
    assert answer["lanes"]["text"]["parts"][0]["text"] == "You said: hello"


def test_a_page_that_comes_late_gets_a_snapshot(page: Page) -> None:
    page.chat.ask_sync("hello")
    page.send(t="sync", have=0)
    page.wait_for(lambda: any(message["t"] == "snap" for message in page.received))
    assert page.received[-1]["s"] == page.chat._driver.session.snapshot()


@pytest.mark.parametrize(
    "content",
    [{"t": "execute", "code": "1"}, {"t": "submit", "text": "", "nonce": "n"}, {"nonsense": 1}, "text", None, [1]],
)
def test_anything_else_from_the_page_is_refused_and_changes_nothing(page: Page, content: Any) -> None:
    page.chat._handle_custom_msg(content, [])
    page.wait_for(lambda: page.received)
    assert page.received[0]["t"] == "refused"
    assert page.chat.messages == []


@pytest.mark.parametrize("nonce", ["\ud800", "x" * 1_000_000, {"a": 1}])
@pytest.mark.parametrize("said", [{"t": "bind"}, {"t": "\ud800" * 1_000_000}, {"t": "output", "\udfff": 1}])
def test_a_refusal_says_little_back_and_nothing_that_cannot_be_sent(page: Page, said: Any, nonce: Any) -> None:
    page.send(**said, nonce=nonce)
    page.wait_for(lambda: bool(page.received))
    assert len(json.dumps(page.received, ensure_ascii=False).encode()) < 5_000


def test_a_retry_with_nothing_to_retry_is_refused_in_words(page: Page) -> None:
    page.send(t="retry")
    page.wait_for(lambda: page.received)
    assert "nothing to retry" in page.received[0]["message"]


def test_stop_from_the_page_ends_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    page = Page(AgentChat(pace=1), monkeypatch)
    run = page.chat.submit("long")
    page.wait_for(lambda: page.chat.status == "streaming")
    page.send(t="stop")
    assert run.result(5).status == "aborted"


def test_clear_from_the_page_ends_the_run_and_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    page = Page(AgentChat(pace=1), monkeypatch)
    run = page.chat.submit("long")
    page.wait_for(lambda: page.chat.status == "streaming")
    page.send(t="clear")
    assert run.result(5).status == "aborted"
    page.wait_for(lambda: page.chat.messages == [] and page.snapshot()["messages"] == [])
    assert page.chat.status == "idle"


def test_a_page_gets_the_transcript_as_a_page_of_its_own(page: Page) -> None:
    page.chat.ask_sync("Hello")
    assert answer(page, t="transcript")["html"] == page.chat.to_html()


def test_a_transcript_that_is_too_large_is_refused_with_the_line_to_write(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page.chat, "to_html", lambda: "x" * 20_000_001)
    told = answer(page, t="transcript")
    assert told["t"] == "refused" and "write_text(chat.to_html())" in told["message"]


def test_closing_stops_the_run() -> None:
    chat = AgentChat()
    run = chat.submit("long")
    chat.close()
    assert run.result(5).status == "aborted"
    chat.close()


def test_a_closed_chat_shows_its_name_and_no_view(capsys: pytest.CaptureFixture[str]) -> None:
    chat = AgentChat(title="Echo")
    chat.close()
    chat._ipython_display_()
    assert capsys.readouterr().out.strip() == "AgentChat('Echo')"


@pytest.mark.slow
@pytest.mark.parametrize("agent", ["None", "lambda: __import__('time').sleep(3600)"], ids=["async", "blocking"])
def test_python_can_end_while_a_run_is_on(agent: str) -> None:
    script = f"from agui_widget import AgentChat; chat = AgentChat({agent}); chat.submit('long')"
    assert subprocess.run([sys.executable, "-c", script], timeout=15).returncode == 0


def test_messages_are_sent_in_batches_and_not_one_per_token(monkeypatch: pytest.MonkeyPatch) -> None:
    async def burst() -> Any:
        for _ in range(20_000):
            yield "word "

    page = Page(AgentChat(burst), monkeypatch)
    page.chat.ask_sync("go")
    page.wait_for(lambda: page.chat._driver.session.seq == page.snapshot()["seq"])
    assert len(page.received) < 200
    assert page.snapshot() == page.chat._driver.session.snapshot()


@pytest.mark.parametrize("bad", [42, "example.org", object()], ids=["number", "text", "object"])
def test_a_bad_agent_is_refused_with_the_line_to_write(bad: Any) -> None:
    with pytest.raises(AgentError, match=r"AgentChat\("):
        AgentChat(bad)


def test_a_live_page_brings_the_browser_part_and_the_conversation() -> None:
    chat = AgentChat(lambda text: "An answer.", title="Analyst")
    chat.ask_sync("hi")
    page = chat.to_html(live=True)
    data = json.loads(page.split('id="conversation">')[1].split("</script>")[0])
    assert data["renderer"] == BUNDLE.read_text("utf-8")
    assert data["snapshot"] == chat._driver.session.snapshot()
    assert data["traits"] == {"title": "Analyst", "theme": "auto", "locale": "auto", "isSaved": True}


def test_the_title_stands_above_what_is_exported() -> None:
    chat = AgentChat(lambda text: "An answer.", title="Analyst")
    chat.ask_sync("hi")
    assert chat.to_markdown() == "# Analyst\n\n**You**\n\n> hi\n\n**Analyst**\n\nAn answer.\n"
    assert "<h1>Analyst</h1>" in chat.to_html() and "<script" not in chat.to_html()


# -- live objects ------------------------------------------------------------------------------------


def answer(page: Page, **question: Any) -> dict[str, Any]:
    """What the page is told."""
    page.received.clear()
    page.send(**question, nonce="q1")
    page.wait_for(lambda: any(message.get("nonce") == "q1" for message in page.received))
    [told] = [message for message in page.received if message.get("nonce") == "q1"]
    return told


@pytest.fixture
def frame_page(monkeypatch: pytest.MonkeyPatch) -> tuple[Page, str]:
    """A page that shows a table, and the key of it."""
    page = Page(AgentChat(lambda: pandas.DataFrame({"n": range(1_000)})), monkeypatch)
    page.chat.ask_sync("go")
    [output] = page.chat._driver.session.snapshot()["messages"][1]["lanes"]["text"]["parts"]
    return page, output["value"]["object"]


def test_a_page_turns_and_sorts_a_table(frame_page: tuple[Page, str]) -> None:
    page, key = frame_page
    told = answer(page, t="rows", object=key, start=2, count=1)
    assert told == {"t": "answer", "nonce": "q1", "rows": [["2", "2"]], "total": 1_000}
    told = answer(page, t="rows", object=key, start=0, count=1, sort=[0, "down"])
    assert told["rows"] == [["999", "999"]]


def test_half_a_character_of_a_table_is_shown_as_what_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    page = Page(AgentChat(lambda: pandas.DataFrame({"file \udcff": ["\ud800"]})), monkeypatch)
    page.chat.ask_sync("go")
    [output] = page.chat._driver.session.snapshot()["messages"][1]["lanes"]["text"]["parts"]
    told = answer(page, t="rows", object=output["value"]["object"], start=0, count=1)
    assert told["rows"] == [["0", "\ufffd"]]
    assert json.dumps([page.received, output], ensure_ascii=False).encode()


def test_a_question_that_raises_anything_is_refused_and_the_next_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    class Cell:
        def __str__(self) -> str:
            raise asyncio.CancelledError

    frames = {"bad": pandas.DataFrame({"a": [Cell()]}), "good": pandas.DataFrame({"a": [1]})}
    page = Page(AgentChat(lambda: "ok"), monkeypatch)
    keys = {name: page.chat._driver.client.objects.keep(frame) for name, frame in frames.items()}
    told = answer(page, t="rows", object=keys["bad"], start=0, count=1)
    assert (told["t"], told["message"]) == ("refused", "RuntimeError: CancelledError")
    page.received.clear()
    assert answer(page, t="rows", object=keys["good"], start=0, count=1)["total"] == 1


def test_a_page_gets_one_form_of_an_object(frame_page: tuple[Page, str]) -> None:
    page, key = frame_page
    assert answer(page, t="output", object=key, mime="text/plain")["data"].startswith("       n\n0")


def test_a_page_gets_a_large_attachment_when_it_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    page = Page(AgentChat(lambda: "ok"), monkeypatch)
    page.chat.ask_sync("Look", attachments=[bytes(1_000_000)])
    [media, _] = page.chat._driver.session.snapshot()["messages"][0]["lanes"]["text"]["parts"]
    [item] = media["value"]["data"]["application/vnd.agui_widget.media+json"]["items"]
    assert b64decode(answer(page, t="output", object=item["object"], mime=item["mime"])["data"]) == bytes(1_000_000)


def test_a_page_makes_a_variable_of_an_object(frame_page: tuple[Page, str], shell: Any) -> None:
    page, key = frame_page
    assert answer(page, t="bind", object=key)["name"] == "df"
    assert shell.user_ns["df"] is page.chat._driver.client.objects.value(key)
    assert "already" in answer(page, t="bind", object=key, name="df")["message"]


@pytest.mark.parametrize(
    "question",
    [
        {"t": "rows", "object": "0" * 16, "start": 0, "count": 1},
        {"t": "output", "object": "0" * 16, "mime": "text/plain"},
        {"t": "bind", "object": "0" * 16},
        {"t": "rows", "object": "KEY", "start": -1, "count": 1},
        {"t": "rows", "object": "KEY", "start": 0, "count": 201},
        {"t": "rows", "object": "KEY", "start": 0, "count": 1, "sort": ["n", "sideways"]},
        {"t": "rows", "object": "KEY", "start": 0, "count": 1, "sort": ["nothing", "up"]},
        {"t": "rows", "object": "KEY", "start": 0, "count": 1, "sort": [True, "up"]},
        {"t": "output", "object": "KEY", "mime": "image/png"},
        {"t": "bind", "object": "KEY", "name": "import os"},
        {"t": "bind", "object": ["KEY"]},
    ],
)
def test_what_a_page_may_not_ask_is_refused(frame_page: tuple[Page, str], shell: Any, question: dict[str, Any]) -> None:
    page, key = frame_page
    asked = {name: key if value == "KEY" else value for name, value in question.items()}
    before = set(shell.user_ns)
    assert answer(page, **asked)["t"] == "refused"
    assert set(shell.user_ns) == before


def test_a_page_that_asks_without_end_is_refused(frame_page: tuple[Page, str]) -> None:
    page, key = frame_page
    page.received.clear()
    for _ in range(500):
        page.send(t="rows", object=key, start=0, count=1, nonce="many")
    page.wait_for(lambda: [message.get("nonce") for message in page.received].count("many") == 500)
    told = [message["t"] for message in page.received if message.get("nonce") == "many"]
    assert told.count("answer") >= 50 and "refused" in told
