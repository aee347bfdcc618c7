"""`HttpTransport` when connections break: what is asked again, when, and that nothing is lost or doubled."""

from __future__ import annotations

import asyncio

import pytest

from agui_widget.errors import HttpStatusError, TransportError
from agui_widget.transport import HttpTransport

from .servers import RawServer, a_run, agui_events, frames, free_port, respond, stream

RUN_INPUT = {"threadId": "t", "runId": "r", "messages": []}
RUN = a_run()


class Waits(list):
    """A sleep that only notes how long it should have been; `random` gives the whole of each range."""

    async def sleep(self, seconds):
        self.append(seconds)

    @property
    def options(self):
        return {"sleep": self.sleep, "random": lambda: 1.0}


async def no_wait(seconds):
    await asyncio.sleep(0)


async def events(url, **options):
    options = {"sleep": no_wait, **options}
    return [event async for event in agui_events(HttpTransport(url, **options), RUN_INPUT)]


async def events_before(error_type, url, **options):
    seen = []
    with pytest.raises(error_type) as caught:
        async for event in agui_events(HttpTransport(url, **{"sleep": no_wait, **options}), RUN_INPUT):
            seen.append(event)
    return seen, caught.value


def cut(body, at, *, reset=False):
    return stream(body[:at], reset=reset)


def chunked(body):
    """An answer in chunked encoding that breaks off inside a chunk."""

    async def answer(request, connection):
        await connection.start(200, {"Content-Type": "text/event-stream", "Transfer-Encoding": "chunked"})
        await connection.send(b"%x\r\n" % (len(body) + 10) + body)

    return answer


def log_server(blocks, *, overlap=0):
    """Answers from a numbered log: what comes after Last-Event-ID, or `overlap` blocks sooner."""

    async def answer(request, connection):
        await connection.start()
        start = max(0, int(request.last_event_id or -1) + 1 - overlap)
        await connection.send(b"".join(blocks[start:]))

    return answer


NUMBERED = [frames([event], number) for number, event in enumerate(RUN)]


# Cut anywhere, resumed by cursor


@pytest.mark.slow
@pytest.mark.parametrize("reset", [False, True], ids=["FIN", "RST"])
@pytest.mark.parametrize("overlap", [0, 2, 99], ids=["exact", "overlapping", "from the start"])
async def test_a_run_cut_at_every_byte_and_resumed_loses_and_doubles_nothing(reset, overlap):
    body = b"".join(NUMBERED)
    first_id = len(NUMBERED[0])  # before it there is no cursor: see the tests without ids
    wrong = []
    async with RawServer(log_server(NUMBERED)) as server:
        agent = HttpTransport(server.url, sleep=no_wait)
        for at in range(first_id, len(body) + 1):
            server.requests.clear()
            server.answers = cut(body, at, reset=reset), log_server(NUMBERED, overlap=overlap)
            if [event async for event in agui_events(agent, RUN_INPUT)] != RUN:
                wrong.append(at)
    assert wrong == []


async def test_every_reconnect_that_brings_one_event_finishes_the_run():
    answers = [stream(block) for block in NUMBERED]
    async with RawServer(*answers) as server:
        assert await events(server.url, retries=1) == RUN
    assert [request.last_event_id for request in server.requests] == ["", *map(str, range(len(RUN) - 1))]


async def test_a_request_that_resumes_has_the_same_body_and_headers():
    async with RawServer(cut(NUMBERED[0], 999), log_server(NUMBERED)) as server:
        await events(server.url, headers={"X-Key": "k"})
    first, second = server.requests
    assert (second.body, second.headers["x-key"], second.headers["last-event-id"]) == (first.body, b"k", b"0")


@pytest.mark.slow
async def test_frames_without_ids_after_the_cursor_are_not_doubled():
    blocks = [frames(RUN[:1], 0), frames(RUN[1:4]), frames(RUN[4:5], 4), frames(RUN[5:])]
    body = b"".join(blocks)

    async def resume(request, connection):
        await connection.start()
        await connection.send(body[body.index(b"\n\n") + 2 :] if request.last_event_id == "0" else blocks[3])

    wrong = []
    async with RawServer(resume) as server:
        agent = HttpTransport(server.url, sleep=no_wait)
        for at in range(len(blocks[0]), len(body)):
            server.requests.clear()
            server.answers = cut(body, at), resume
            if [event async for event in agui_events(agent, RUN_INPUT)] != RUN:
                wrong.append(at)
    assert wrong == []


async def test_a_resumed_stream_that_is_cut_in_its_first_line_is_resumed_again():
    async with RawServer(cut(NUMBERED[0], 999), stream(NUMBERED[1][:1]), log_server(NUMBERED)) as server:
        assert await events(server.url) == RUN


async def test_an_event_after_the_end_of_the_run_is_no_reason_to_resume():
    body = frames([*RUN, {"type": "CUSTOM", "name": "late", "value": 1}], 0)
    async with RawServer(stream(body)) as server:
        await events(server.url)
    assert len(server.requests) == 1


async def test_an_id_without_data_moves_the_cursor():
    body = frames(RUN[:2], 0) + b"id: 7\n\n"
    async with RawServer(stream(body), stream(frames(RUN[2:], 8))) as server:
        assert await events(server.url) == RUN
    assert server.requests[1].last_event_id == "7"


async def test_the_id_of_a_cut_block_is_no_cursor():
    async with RawServer(stream(NUMBERED[0] + NUMBERED[1][:-1]), log_server(NUMBERED)) as server:
        await events(server.url)
    assert server.requests[1].last_event_id == "0"


async def test_a_frame_that_a_proxy_doubles_is_taken_once():
    async with RawServer(stream(b"".join(block + block for block in NUMBERED))) as server:
        agent = HttpTransport(server.url)
        assert [event async for event in agui_events(agent, RUN_INPUT)] == RUN
    assert agent.duplicates == len(RUN)


async def test_a_run_of_frames_that_a_proxy_doubles_is_taken_once():
    body = b"".join(NUMBERED[:4] + NUMBERED[:4] + NUMBERED[4:])
    async with RawServer(stream(body)) as server:
        assert await events(server.url) == RUN


@pytest.mark.parametrize("lost", range(2, len(RUN)))
async def test_a_numbered_frame_that_is_lost_on_the_way_is_asked_for(lost):
    body = b"".join(NUMBERED[:lost] + NUMBERED[lost + 1 :])
    async with RawServer(stream(body), log_server(NUMBERED)) as server:
        assert await events(server.url) == RUN
    assert server.requests[1].last_event_id == str(lost - 1)


@pytest.mark.parametrize("early", range(2, len(RUN) - 1))
async def test_numbered_frames_that_changed_places_are_asked_for_in_order(early):
    swapped = [*NUMBERED[:early], NUMBERED[early + 1], NUMBERED[early], *NUMBERED[early + 2 :]]
    async with RawServer(stream(b"".join(swapped)), log_server(NUMBERED)) as server:
        assert await events(server.url) == RUN


async def test_a_server_whose_numbers_jump_is_asked_once_and_then_believed():
    ids = [1, 2, 5, 6, 9, 10, 11]
    blocks = [frames([event], number) for number, event in zip(ids, RUN, strict=True)]
    async with RawServer(stream(b"".join(blocks)), stream(b"".join(blocks[2:]))) as server:
        assert await events(server.url) == RUN
    assert [request.last_event_id for request in server.requests] == ["", "2"]


async def test_ids_that_do_not_count_by_one_are_believed():
    ids = ["a", "7", "9", "x-1", "y-2", "y-40", "0"]
    body = b"".join(f"id: {i}\n".encode() + frames([event]) for i, event in zip(ids, RUN, strict=True))
    async with RawServer(stream(body)) as server:
        assert await events(server.url) == RUN
    assert len(server.requests) == 1


async def test_an_id_shared_by_several_frames_loses_none_of_them():
    body = b"".join(frames([event], 5) for event in RUN)
    async with RawServer(stream(body)) as server:
        assert await events(server.url) == RUN


async def test_an_id_is_sent_back_as_the_bytes_it_came_in():
    body = 'id: é…\ndata: {"type":"RUN_STARTED"}\n\n'.encode()
    async with RawServer(stream(body), stream(frames(RUN[1:], 1))) as server:
        await events(server.url)
    assert server.requests[1].headers["last-event-id"] == "é…".encode()


@pytest.mark.parametrize(
    "unsendable", [b"a\x01b", b" a", b"a\x7f", b"x" * 5000], ids=["control", "space", "del", "long"]
)
async def test_an_id_that_no_header_can_carry_is_no_cursor(unsendable):
    body = b"id: " + unsendable + b"\n" + frames(RUN[:1])
    async with RawServer(stream(body, reset=True)) as server:
        seen, error = await events_before(TransportError, server.url)
    assert (seen, len(server.requests), "no event id" in str(error)) == (RUN[:1], 1, True)


async def test_silence_in_a_stream_with_ids_is_resumed():
    async with RawServer(stream(b"".join(NUMBERED[:3]), hold=True), log_server(NUMBERED)) as server:
        assert await events(server.url, idle_timeout_s=0.05) == RUN


async def test_a_truncated_chunk_is_resumed():
    async with RawServer(chunked(b"".join(NUMBERED[:3]) + b"id: 3\nda"), log_server(NUMBERED)) as server:
        assert await events(server.url) == RUN


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
async def test_a_server_that_is_away_for_a_while_is_asked_again_with_the_cursor(status):
    answers = stream(NUMBERED[0]), respond(status), respond(status), log_server(NUMBERED)
    async with RawServer(*answers) as server:
        assert await events(server.url) == RUN
    assert [request.last_event_id for request in server.requests] == ["", "0", "0", "0"]


async def test_a_server_that_is_started_again_is_found_again():
    async with RawServer(stream(b"".join(NUMBERED[:3]))) as server:
        port = server.port
        agent = HttpTransport(server.url, sleep=no_wait)
        run = agui_events(agent, RUN_INPUT)
        seen = [await anext(run) for _ in range(3)]
    async with RawServer(log_server(NUMBERED), port=port):
        assert seen + [event async for event in run] == RUN


@pytest.mark.parametrize("status", [404, 409, 410])
async def test_a_cursor_the_server_no_longer_knows_is_an_error_not_an_empty_success(status):
    async with RawServer(stream(NUMBERED[0]), respond(status)) as server:
        seen, error = await events_before(HttpStatusError, server.url)
    assert (seen, error.status, len(server.requests)) == (RUN[:1], status, 2)


async def test_no_content_on_resume_ends_the_run():
    async with RawServer(stream(NUMBERED[0]), respond(204)) as server:
        assert await events(server.url) == RUN[:1]


async def test_a_server_that_brings_nothing_new_is_given_up_with_an_error():
    async with RawServer(stream(NUMBERED[0])) as server:
        seen, error = await events_before(TransportError, server.url, retries=3)
    assert (seen, len(server.requests), "3 attempts" in str(error)) == (RUN[:1], 4, True)


async def test_a_bad_frame_is_no_reason_to_ask_again():
    async with RawServer(stream(NUMBERED[0] + b"id: x\ndata: {\n\n" + b"".join(NUMBERED[1:]))) as server:
        await events(server.url)
    assert len(server.requests) == 1


# A POST is never repeated blindly


@pytest.mark.parametrize(
    "answer",
    [
        stream(frames(RUN[:2]), reset=True),
        chunked(frames(RUN[:2])),
        stream(frames(RUN[:2]), hold=True),
    ],
    ids=["reset", "truncated chunk", "silence"],
)
async def test_a_broken_stream_without_ids_is_not_asked_again(answer):
    async with RawServer(answer) as server:
        seen, error = await events_before(TransportError, server.url, idle_timeout_s=0.05)
    assert (seen, len(server.requests), "run it twice" in str(error)) == (RUN[:2], 1, True)


async def close_without_answer(request, connection):
    pass


async def reset_without_answer(request, connection):
    connection.reset()


@pytest.mark.parametrize(
    "answer",
    [close_without_answer, reset_without_answer, respond(500), respond(502), respond(503), respond(504), respond(408)],
    ids=["closed", "reset", "500", "502", "503", "504", "408"],
)
async def test_a_request_the_agent_may_have_seen_is_not_repeated(answer):
    async with RawServer(answer) as server:
        await events_before(TransportError, server.url)
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 409, 410, 413, 422])
async def test_an_error_of_the_request_is_final(status):
    async with RawServer(respond(status, retry_after="0")) as server:
        await events_before(HttpStatusError, server.url)
    assert len(server.requests) == 1


@pytest.mark.parametrize("refusal", [respond(429), respond(429, retry_after="1"), respond(503, retry_after="1")])
async def test_a_request_the_agent_did_not_see_is_repeated(refusal):
    async with RawServer(refusal, stream(frames(RUN))) as server:
        assert await events(server.url) == RUN
    assert server.requests[0].body == server.requests[1].body


async def test_a_refused_connection_is_tried_again_until_the_server_is_up():
    port, server = free_port(), None

    async def start_server(seconds):
        nonlocal server
        server = await RawServer(stream(frames(RUN)), port=port).__aenter__()

    try:
        assert await events(f"http://127.0.0.1:{port}/", sleep=start_server) == RUN
    finally:
        await server.__aexit__()


async def test_after_see_other_only_the_result_is_asked_for_again():
    answers = respond(303, location="/result"), respond(429), stream(frames(RUN))
    async with RawServer(*answers) as server:
        assert await events(server.url) == RUN
    assert [request.method for request in server.requests] == ["POST", "GET", "GET"]


# How long to wait


async def test_waits_grow_with_full_jitter_up_to_a_cap():
    waits = Waits()
    await events_before(TransportError, f"http://127.0.0.1:{free_port()}/", retries=9, **waits.options)
    assert waits == [0.5, 1, 2, 4, 8, 16, 30, 30, 30]


async def test_jitter_may_be_nothing():
    waits = Waits()
    options = {**waits.options, "random": lambda: 0.0}
    await events_before(TransportError, f"http://127.0.0.1:{free_port()}/", retries=2, **options)
    assert waits == [0, 0]


async def test_a_new_event_starts_the_waits_anew():
    waits = Waits()
    async with RawServer(*[stream(block) for block in NUMBERED]) as server:
        await events(server.url, **waits.options)
    assert set(waits) == {0.5}


@pytest.mark.parametrize(("asked_ms", "floor_s"), [(2000, 2.0), (0, 0.1), (10**9, 60.0)])
async def test_retry_of_the_stream_is_a_clamped_floor(asked_ms, floor_s):
    waits = Waits()
    first = b"retry: %d\n" % asked_ms + NUMBERED[0]
    async with RawServer(stream(first), log_server(NUMBERED)) as server:
        await events(server.url, **waits.options)
    assert waits == [floor_s + 0.5]


@pytest.mark.parametrize(
    ("headers", "wait_s"),
    [
        ({"retry_after": "7"}, 7.0),
        ({"retry_after": "Wed, 21 Oct 2026 07:28:09 GMT", "date": "Wed, 21 Oct 2026 07:28:00 GMT"}, 9.0),
        ({"retry_after": "Wed, 21 Oct 2026 07:28:00 GMT", "date": "Wed, 21 Oct 2026 07:28:09 GMT"}, 0.5),
        ({"retry_after": "-7"}, 0.5),
        ({"retry_after": "soon"}, 0.5),
    ],
    ids=["seconds", "date", "past", "negative", "word"],
)
async def test_retry_after_is_waited_for(headers, wait_s):
    waits = Waits()
    async with RawServer(respond(429, **headers), stream(frames(RUN))) as server:
        await events(server.url, **waits.options)
    assert waits == [wait_s]


async def test_a_wait_longer_than_a_minute_is_left_to_the_user():
    async with RawServer(respond(429, retry_after="3600")) as server:
        _, error = await events_before(HttpStatusError, server.url)
    assert (len(server.requests), "3600 s" in str(error)) == (1, True)


async def test_each_new_attempt_is_told():
    told = []
    async with RawServer(stream(NUMBERED[0]), log_server(NUMBERED)) as server:
        await events(server.url, random=lambda: 1.0, on_retry=lambda error, wait_s: told.append((str(error), wait_s)))
    assert [("before the run had ended" in text, wait_s) for text, wait_s in told] == [(True, 0.5)]
