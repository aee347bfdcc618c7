"""The session numbers, folds, remembers and tells."""

from agui_widget.envelope import Draft, draft, weight
from agui_widget.lanes import Snapshot, fold_all
from agui_widget.session import LOG_BYTES, LOG_LIMIT, LOG_SLACK, Session


def start(message_id: str = "a1") -> Draft:
    return draft("message.start", "status", {"role": "assistant"}, message_id=message_id)


def delta(text: str, message_id: str = "a1") -> Draft:
    return draft("token.delta", "text", {"text": text}, message_id=message_id)


def text_of(snapshot: dict, message: int = 0) -> str:
    return snapshot["messages"][message]["lanes"]["text"]["parts"][0]["text"]


def test_numbers_are_contiguous_from_one() -> None:
    session = Session("s")
    envelopes = session.append([start()]) + session.append([delta("a"), delta("b")])
    assert [(envelope["seq"], envelope["id"]) for envelope in envelopes] == [(1, "s:1"), (2, "s:2"), (3, "s:3")]


def test_the_session_stamps_the_time() -> None:
    assert Session(now=lambda: 1234).append([start()])[0]["ts"] == 1234


def test_listeners_get_every_change_in_order_until_they_leave() -> None:
    session, heard = Session(), []
    leave = session.subscribe(heard.extend)
    session.append([start()])
    session.append([delta("a"), delta("b")])
    leave()
    session.append([delta("c")])
    assert [envelope["seq"] for envelope in heard] == [1, 2, 3]


def test_what_is_missing_brings_a_reader_up_to_date() -> None:
    session, reader = Session("s"), Snapshot("s")
    for round_number in range(5):
        session.append([start(f"a{round_number}"), *[delta("x", f"a{round_number}")] * 700])
        fold_all(reader, session.since(reader.seq))
        assert reader.to_json() == session.snapshot()


def test_a_point_inside_a_merged_piece_needs_a_snapshot() -> None:
    session = Session()
    session.append([start(), *[delta("x") for _ in range(2_000)]])
    assert session.since(100) is None


def test_a_reader_that_is_ahead_is_of_another_life() -> None:
    assert Session().since(1) is None


def test_a_reader_that_has_everything_misses_nothing() -> None:
    session = Session()
    session.append([start()])
    assert session.since(1) == []


def test_the_log_is_bounded_while_the_snapshot_keeps_everything() -> None:
    session = Session()
    for number in range(LOG_LIMIT + 2_000):
        session.append([start(f"a{number}")])
    assert session.since(0) is None
    assert len(session.snapshot()["messages"]) == LOG_LIMIT + 2_000


def test_the_log_is_bounded_in_bytes_too() -> None:
    session = Session()
    session.append([start()])
    for _ in range(100):
        session.append([delta("x" * 100_000), start("again")])
    for _ in range(LOG_SLACK + 1):
        session.append([start("again")])
    assert sum(map(weight, session._log)) <= LOG_BYTES
    assert len(text_of(session.snapshot())) == 10_000_000


def test_a_long_text_costs_the_log_one_entry() -> None:
    session = Session()
    session.append([start()])
    for _ in range(10_000):
        session.append([delta("word ")])
    assert len(session.since(0)) == 2
    assert text_of(session.snapshot()) == "word " * 10_000
