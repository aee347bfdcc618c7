"""What a widget sends when, and what a page may ask for."""

from typing import Any

import pytest

from agui_widget import wire
from agui_widget.envelope import Draft, draft, size_of
from agui_widget.errors import IntentError
from agui_widget.lanes import Snapshot, fold_all
from agui_widget.session import Session


def start() -> Draft:
    return draft("message.start", "status", {"role": "assistant"}, message_id="a1")


def delta(text: str) -> Draft:
    return draft("token.delta", "text", {"text": text}, message_id="a1")


class Page:
    """A page as the wire sees it: folds what it gets, and asks when something is missing."""

    def __init__(self, session: Session, *, answers: bool = True, is_busy: bool = True) -> None:
        self.session = session
        self.received: list[dict[str, Any]] = []
        self.snapshot = Snapshot(session.stream)
        self.outbox = wire.Outbox(session, self.receive, lambda: is_busy)
        self.answers = answers
        session.subscribe(self.outbox.push)

    def receive(self, message: dict[str, Any]) -> None:
        self.received.append(message)
        if message["t"] == "snap":
            self.snapshot = Snapshot.from_json(message["s"])
        else:
            fold_all(self.snapshot, message["e"])
        if self.answers:
            self.outbox.ack(self.snapshot.seq)

    @property
    def kinds(self) -> list[str]:
        return [message["t"] for message in self.received]


def test_changes_leave_as_one_merged_batch() -> None:
    session = Session()
    page = Page(session)
    session.append([start(), delta("a"), delta("b")])
    page.outbox.flush(0)
    assert [envelope["kind"] for envelope in page.received[0]["e"]] == ["message.start", "token.delta"]
    assert page.snapshot.to_json() == session.snapshot()


def test_nothing_to_say_sends_nothing() -> None:
    page = Page(Session())
    page.outbox.flush(0)
    assert page.received == []
    assert not page.outbox.needs_another


def test_sync_from_nothing_answers_with_a_snapshot() -> None:
    session = Session()
    session.append([start(), delta("a")])
    page = Page(session)
    page.outbox.sync(0)
    assert page.kinds == ["snap"]
    assert page.snapshot.to_json() == session.snapshot()


def test_sync_answers_with_what_is_missing_if_the_log_has_it() -> None:
    session = Session()
    session.append([start()])
    page = Page(session)
    page.outbox.sync(0)
    session.append([delta("a")])
    page.received.clear()
    page.outbox.flush(0)
    page.outbox.sync(1)
    assert page.kinds == ["batch", "batch"]


def test_sync_of_a_page_that_has_everything_is_answered_with_nothing() -> None:
    session = Session()
    session.append([start()])
    page = Page(session)
    page.outbox.sync(0)
    page.outbox.sync(1)
    assert page.received[-1] == {"t": "batch", "e": []}


def test_sync_sends_what_is_pending_before_the_snapshot() -> None:
    session = Session()
    page = Page(session)
    session.append([start()])
    page.outbox.sync(0)
    assert page.kinds == ["batch", "snap"]
    assert page.snapshot.seq == 1


def test_a_page_that_does_not_answer_is_sent_a_window_and_no_more() -> None:
    session = Session()
    page = Page(session, answers=False, is_busy=False)
    session.append([start()])
    for _ in range(100):
        session.append([delta("x" * 100_000)])
        page.outbox.flush(0)
    sent = sum(size_of(message) for message in page.received)
    assert wire.WINDOW_BYTES <= sent <= wire.WINDOW_BYTES + 200_000


def test_memory_for_a_page_that_does_not_answer_is_bounded() -> None:
    session = Session()
    page = Page(session, answers=False, is_busy=False)
    session.append([start()])
    for _ in range(300):
        session.append([delta("x" * 100_000)])
        page.outbox.flush(0)
        assert page.outbox._pending_bytes <= wire.BACKLOG_BYTES + 200_000


def test_a_page_that_answers_again_gets_all_of_it() -> None:
    session = Session()
    page = Page(session, answers=False, is_busy=False)
    session.append([start()])
    for _ in range(300):
        session.append([delta("x" * 100_000)])
        page.outbox.flush(0)
    page.answers = True
    page.outbox.ack(page.snapshot.seq)
    page.outbox.flush(0)
    assert page.snapshot.to_json() == session.snapshot()


def test_a_short_pause_is_caught_up_without_a_snapshot() -> None:
    session = Session()
    page = Page(session, answers=False, is_busy=False)
    session.append([start()])
    for _ in range(60):
        session.append([delta("x" * 100_000)])
        page.outbox.flush(0)
    page.answers = True
    page.outbox.ack(page.snapshot.seq)
    page.outbox.flush(0)
    assert set(page.kinds) == {"batch"}
    assert page.snapshot.to_json() == session.snapshot()


def test_keyframes_come_while_nobody_answers_and_a_run_is_on() -> None:
    session = Session()
    page = Page(session, answers=False)
    page.outbox.flush(0.0)
    session.append([start()])
    times = [tenth / 10 for tenth in range(1, 60)]
    for now in times:
        session.append([delta("x")])
        page.outbox.flush(now)
    assert page.kinds.count("snap") == 2


def test_an_answer_now_and_then_is_enough_to_have_no_keyframes() -> None:
    session = Session()
    page = Page(session, answers=False)
    session.append([start()])
    for tenth in range(100):
        session.append([delta("x")])
        page.outbox.flush(tenth / 10)
        if tenth % 10 == 5:
            page.outbox.ack(session.seq - 3)  # always a little behind
    assert "snap" not in page.kinds


@pytest.mark.parametrize("page_options", [{"answers": True}, {"answers": False, "is_busy": False}])
def test_no_keyframes_for_a_page_that_answers_or_when_nothing_runs(page_options: dict[str, bool]) -> None:
    session = Session()
    page = Page(session, **page_options)
    session.append([start()])
    for now in range(20):
        session.append([delta("x")])
        page.outbox.flush(float(now))
    assert "snap" not in page.kinds


@pytest.mark.parametrize(
    "content",
    [
        {"t": "sync", "have": 0},
        {"t": "ack", "seq": 12},
        {"t": "submit", "text": "Hello", "nonce": "n1"},
        {"t": "stop"},
        {"t": "retry"},
        {"t": "clear"},
        {"t": "transcript", "nonce": "n1"},
    ],
)
def test_intents_of_the_contract_are_read(content: dict[str, Any]) -> None:
    assert wire.read_intent(content).t == content["t"]


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (None, "message"),
        ("stop", "message"),
        ({}, "t"),
        ({"t": "execute", "code": "1"}, "execute"),
        ({"t": "sync"}, "have"),
        ({"t": "sync", "have": -1}, "have"),
        ({"t": "sync", "have": "0"}, "have"),
        ({"t": "ack", "seq": 1.5}, "seq"),
        ({"t": "stop", "run": "x"}, "run"),
        ({"t": "submit", "text": "", "nonce": "n"}, "text"),
        ({"t": "submit", "text": "x" * 1_000_001, "nonce": "n"}, "text"),
        ({"t": "submit", "text": "x", "nonce": "n" * 65}, "nonce"),
    ],
)
def test_anything_else_is_refused_by_the_name_of_the_field(content: object, named: str) -> None:
    with pytest.raises(IntentError, match=named):
        wire.read_intent(content)
