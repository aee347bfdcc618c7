"""`agui_widget.sse` against WHATWG HTML 9.2.6: the shared corpus in every chunking, and rules of our own."""

from __future__ import annotations

import base64
import json
import os
import re
import time
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agui_widget.errors import DecodeError
from agui_widget.sse import Decoded, Decoder, ServerSentEvent, decode, encode
from tests.protocol.corpora import FIXTURES

CORPUS = FIXTURES / "sse" / "cases.json"
MIB = 1024 * 1024


def corpus() -> list[Any]:
    """One parameter per case; without the corpus one that skips, or fails where CI must have it."""
    if CORPUS.exists():
        cases = json.loads(CORPUS.read_text(encoding="utf-8"))["cases"]
        return [pytest.param(case, id=case["name"]) for case in cases]
    skip = pytest.mark.skip(reason=f"no SSE corpus at {CORPUS}; set AGUI_FIXTURES")
    return [pytest.param(None, id="absent", marks=() if os.environ.get("CI") == "true" else skip)]


def chunks_of(case: dict[str, Any] | None) -> list[bytes]:
    assert case is not None, f"no SSE corpus at {CORPUS}; set AGUI_FIXTURES"
    return [base64.b64decode(chunk) for chunk in case["chunks"]]


def observed(chunks: Iterable[bytes]) -> dict[str, Any]:
    decoder = Decoder()
    events = [event for chunk in chunks for event in decoder.feed(chunk)]
    decoder.close()
    return {
        "events": [{"event": e.event, "data": e.data, "id": e.id, "retry": e.retry} for e in events],
        "last_event_id": decoder.last_event_id,
        "retry": decoder.retry,
        "comments": decoder.comments,
    }


def pieces(stream: bytes, size: int) -> Iterable[bytes]:
    return (stream[start : start + size] for start in range(0, len(stream), size))


def cut_points(stream: bytes) -> Iterable[int]:
    """Every place to cut a small stream; of a large one, its two ends."""
    if len(stream) <= 8192:
        return range(len(stream) + 1)
    return [*range(64), *range(len(stream) - 64, len(stream) + 1)]


def data(*chunks: bytes) -> list[str]:
    return [event.data for event in decode(chunks).events]


@pytest.mark.parametrize("case", corpus())
def test_a_corpus_case_decodes_as_delivered(case):
    assert observed(chunks_of(case)) == case["expected"]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 16 * MIB])
@pytest.mark.parametrize("case", corpus())
def test_a_corpus_case_decodes_alike_in_pieces_of_any_size(case, size):
    assert observed(pieces(b"".join(chunks_of(case)), size)) == case["expected"]


@pytest.mark.parametrize("case", corpus())
def test_a_corpus_case_decodes_alike_at_every_single_cut(case):
    stream = b"".join(chunks_of(case))
    wrong = [at for at in cut_points(stream) if observed([stream[:at], stream[at:]]) != case["expected"]]
    assert wrong == []


def test_heartbeats_after_an_id_are_not_events():
    assert data(b"id: 1\ndata: {}\n\n: ping\n\n: ping\n\n") == ["{}"]


@pytest.mark.parametrize("value", [b"+5", b"-3", b"1_0", b"5.0", b"0x10", b"\xd9\xa1", b" 5", b"5 ", b""])
def test_retry_takes_ascii_digits_only(value):
    assert decode([b"retry: 7\nretry:" + b" " + value + b"\ndata\n\n"]).retry == 7


def test_a_retry_too_long_for_a_number_is_ignored():
    assert decode([b"retry: " + b"9" * 10_000 + b"\n\n"]).retry is None


def test_a_leading_byte_order_mark_is_dropped():
    assert data(b"\xef\xbb\xbfdata: first\n\n") == ["first"]


def test_a_second_byte_order_mark_is_part_of_a_field_name():
    assert data(b"\xef\xbb\xbf\xef\xbb\xbfdata: first\n\n") == []


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n"])
def test_line_endings_may_be_lf_cr_or_crlf_cut_anywhere(end):
    stream = end.join([b"data: a", b"data: b", b"", b"data: c", b"", b""])
    assert all(data(stream[:at], stream[at:]) == ["a\nb", "c"] for at in range(len(stream) + 1))


def test_an_event_framed_by_cr_is_there_without_the_next_chunk():
    decoder = Decoder()
    assert [event.data for event in decoder.feed(b"data: now\r\r")] == ["now"]


def test_an_empty_chunk_between_cr_and_lf_changes_nothing():
    assert data(b"data: a\r", b"", b"\ndata: b\n\n") == ["a\nb"]


@pytest.mark.parametrize("character", "\v\f\x1c\x1d\x1e\x85\u2028\u2029")
def test_a_unicode_line_breaker_is_data(character):
    assert data(f"data: a{character}b\n\n".encode()) == [f"a{character}b"]


def test_an_id_with_nul_is_ignored():
    assert decode([b"id: 1\nid: 2\x003\ndata: a\n\n"]).last_event_id == "1"


def test_the_cursor_moves_with_a_block_that_has_only_an_id():
    assert decode([b"id: 1\ndata: a\n\nid: 2\n\n"]).last_event_id == "2"


def test_the_cursor_is_never_the_id_of_a_block_that_was_cut():
    assert decode([b"id: 1\ndata: a\n\nid: 2\ndata: b\n"]).last_event_id == "1"


def test_the_cursor_between_two_events_of_a_chunk_is_that_of_the_first():
    decoder = Decoder()
    next(decoder.feed(b"id: 1\ndata: a\n\nid: 2\ndata: b\n\n"))
    assert decoder.last_event_id == "1"


def test_an_event_without_an_id_has_the_id_before_it():
    assert [event.id for event in decode([b"id: 1\ndata: a\n\ndata: b\n\n"]).events] == ["1", "1"]


def test_an_inherited_id_is_told_from_an_own_one():
    decoder = Decoder()
    own = [decoder.id_is_own for _ in decoder.feed(b"id: 1\ndata: a\n\ndata: b\n\nid: 1\ndata: c\n\n")]
    assert own == [True, False, True]


def test_a_resumed_connection_starts_with_the_cursor_it_was_given():
    decoder = Decoder(last_event_id="7")
    assert [event.id for event in decoder.feed(b"data: a\n\n")] == ["7"]


def test_bytes_that_are_not_utf8_become_replacement_characters():
    assert data(b"data: a\xffb\xe2\x82\n\n") == ["a\ufffdb\ufffd"]


def test_a_character_may_be_cut_at_every_byte():
    assert data(*pieces("data: 👩‍👧é漢\n\n".encode(), 1)) == ["👩‍👧é漢"]


@pytest.mark.parametrize(("stream", "was_cut"), [(b"data: a\n\n", False), (b"data: a\n", True), (b"da", True)])
def test_closing_tells_whether_a_block_was_cut_short(stream, was_cut):
    decoder = Decoder()
    list(decoder.feed(stream))
    assert decoder.close() is was_cut


def test_a_closed_decoder_takes_no_more_bytes():
    decoder = Decoder()
    decoder.close()
    with pytest.raises(DecodeError, match="closed"):
        list(decoder.feed(b"data: a\n\n"))


@pytest.mark.parametrize("page", [b"<!doctype html>\n<p>no</p>\n", b'{"error":"no"}\n\n'])
def test_an_error_page_has_no_field(page):
    decoder = Decoder()
    assert list(decoder.feed(page)) == [] and not decoder.saw_field


@pytest.mark.parametrize(
    "large",
    [b"data: " + b"x" * 200 + b"\n\n", b"data: x\n" * 30 + b"\n", b"data\n" * 60 + b"\n", b":" + b"x" * 200],
    ids=["one line", "many lines", "empty lines", "a comment"],
)
@pytest.mark.parametrize("size", [1, 7, 1000])
def test_an_event_past_the_bound_is_an_error_after_the_events_before_it(large, size):
    decoder, seen = Decoder(max_event_bytes=100), []
    with pytest.raises(DecodeError, match="100 bytes"):
        for chunk in pieces(b"data: before\n\n" + large, size):
            for event in decoder.feed(chunk):
                seen.append(event.data)
    assert seen == ["before"]


def test_the_bound_is_for_one_event_not_for_the_stream():
    decoder = Decoder(max_event_bytes=100)
    assert len([event for _ in range(50) for event in decoder.feed(b"data: " + b"x" * 80 + b"\n\n")]) == 50


def seconds_for(stream: bytes, size: int) -> float:
    start = time.process_time()
    assert len(data(*pieces(stream, size))) == 1
    return time.process_time() - start


def test_one_4_mib_event_in_1_kib_chunks_decodes_in_linear_time():
    # 0.005 s here; joining the line anew for each chunk took 11.5 s.
    assert seconds_for(b"data: " + b"x" * (4 * MIB) + b"\n\n", 1024) < 1


def test_one_event_of_many_lines_decodes_in_linear_time():
    assert seconds_for((b"data: " + b"x" * 10 + b"\n") * 100_000 + b"\n", 1024) < 2


def test_an_event_fed_byte_by_byte_decodes_in_linear_time():
    assert seconds_for(b"data: " + b"x" * (MIB // 2) + b"\n\n", 1) < 2


def test_decode_gives_events_cursor_and_retry():
    event = ServerSentEvent("e", "a", "1", 5)
    assert decode([b"id: 1\nevent: e\nretry: 5\ndata: a\n\n"]) == Decoded([event], "1", 5)


one_line = st.text().filter(lambda text: not set(text) & set("\r\n\0"))
anything = st.builds(
    ServerSentEvent,
    event=one_line.filter(bool),
    data=st.text(st.characters(codec="utf-8") | st.sampled_from("\r\n\u2028\x85: ")),
    id=one_line,
    retry=st.none() | st.integers(0, 10**9),
)


@given(anything)
def test_what_is_encoded_decodes_to_itself_with_lf_for_every_line_break(event):
    expected = ServerSentEvent(event.event, re.sub("\r\n?", "\n", event.data), event.id, event.retry)
    assert decode([encode(event)]).events == [expected]


@given(st.lists(anything.filter(lambda event: event.id), max_size=5), st.integers(1, 9))
def test_encoded_events_in_a_row_stay_apart(events, size):
    stream = b"".join(map(encode, events))
    assert [event.id for event in decode(pieces(stream, size)).events] == [event.id for event in events]


def test_encoded_data_is_split_at_cr_lf_and_crlf_only():
    assert encode(ServerSentEvent(data="a\rb\nc\r\nd\u2028e")) == (
        "data: a\ndata: b\ndata: c\ndata: d\u2028e\n\n".encode()
    )


@pytest.mark.parametrize("field", ["id", "event"])
@pytest.mark.parametrize("character", ["\r", "\n", "\0"])
def test_encode_refuses_what_would_break_a_line(field, character):
    with pytest.raises(ValueError, match=f"the {field} of"):
        encode(ServerSentEvent(**{field: f"a{character}data: forged"}))


def test_encode_refuses_a_negative_retry():
    with pytest.raises(ValueError, match="-1"):
        encode(ServerSentEvent(retry=-1))


def test_a_lone_surrogate_is_encoded_as_a_replacement_character():
    assert encode(ServerSentEvent(data="a\ud800b")) == "data: a\ufffdb\n\n".encode()
