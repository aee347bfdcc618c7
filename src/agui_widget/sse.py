"""Server-sent events: bytes in, `ServerSentEvent` out, and back. No I/O, no clock.

    bytes ─► lines (LF, CR, CRLF, cut anywhere) ─► fields ─► blocks ─► events

The decoder follows WHATWG HTML 9.2.6 (https://html.spec.whatwg.org/multipage/server-sent-events.html)
to the letter, on bytes: no line end is part of a longer UTF-8 sequence, so lines can be cut before
anything is decoded, and each finished value is decoded once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from .errors import DecodeError

MAX_EVENT_BYTES = 16 * 1024 * 1024

_BOM = b"\xef\xbb\xbf"
_LINE_END = re.compile(r"\r\n|\n|\r")  # never str.splitlines(): it also cuts at U+2028, U+0085, VT, FF…
_MAX_RETRY_DIGITS = 300  # int() refuses 4,300 digits; no wait is that long


@dataclass(frozen=True, slots=True)
class ServerSentEvent:
    """One event: `id` is the last event id and `retry` the wait in ms that are in force at its dispatch."""

    event: str = "message"
    data: str = ""
    id: str = ""
    retry: int | None = None


@dataclass(frozen=True, slots=True)
class Decoded:
    """A whole stream: its events, the cursor for the next request, and the last wait in ms it asked for."""

    events: list[ServerSentEvent]
    last_event_id: str
    retry: int | None


class Decoder:
    """Turns the bytes of one connection into events; linear in bytes for any chunking.

    `last_event_id` is the cursor: the id of the last block that was complete, with or without data.
    `id_is_own` tells whether that block gave the id itself or inherited it. `retry` is the wait in ms
    last asked for, `comments` counts comment lines, and `saw_field` is true once a known field or a
    comment came: an error page served as an event stream has none.
    """

    def __init__(self, *, max_event_bytes: int = MAX_EVENT_BYTES, last_event_id: str = "") -> None:
        """Start a connection; one that resumes starts with the cursor of the one before it."""
        self.last_event_id = last_event_id
        self.id_is_own = False
        self.retry: int | None = None
        self.comments = 0
        self.saw_field = False
        self._max_event_bytes = max_event_bytes
        self._partial = bytearray()  # an unfinished line; grown in place, or a long line costs O(n²)
        self._after_cr = False  # a CR ended the last line; an LF that follows belongs to it
        self._at_start = True  # no line is finished yet: the only place for a byte-order mark
        self._is_closed = False
        self._data: list[bytes] = []
        self._event = b""
        self._id = last_event_id
        self._id_is_own = False
        self._block_bytes = 0

    def feed(self, chunk: bytes) -> Iterator[ServerSentEvent]:
        """Yield every event that `chunk` completes; drain it before the next `feed`.

        `chunk` may be cut anywhere, even inside a character. The attributes move with the events:
        between two of them `last_event_id` is the cursor of the first. Raises `DecodeError` past
        `max_event_bytes` in one event (or one line), after the events before it; the decoder is then
        closed. Source: WHATWG HTML 9.2.6.
        """
        if self._is_closed:
            raise DecodeError("this event stream decoder is closed; make a new one for a new connection")
        fields, limit = self._fields, self._max_event_bytes
        for line in self._lines(chunk):
            if not line:
                event = self._dispatch()
                if event is not None:
                    yield event
                continue
            if self._block_bytes + len(line) > limit:
                self._refuse()
            name, _, value = line.partition(b":")
            field = fields.get(name)
            if field is not None:
                self.saw_field = True
                field(self, value[1:] if value.startswith(b" ") else value)
        if self._block_bytes + len(self._partial) > limit:
            self._refuse()

    def close(self) -> bool:
        """End the stream and drop what is unfinished, as the source says; true if that cut a block short."""
        was_cut = bool(self._partial or self._data or self._event or self._id != self.last_event_id)
        self._is_closed = True
        self._partial.clear()
        self._data, self._event, self._id = [], b"", self.last_event_id
        return was_cut

    def _lines(self, chunk: bytes) -> list[bytes]:
        """Give the lines that `chunk` finishes, without their ends, and keep its unfinished rest."""
        if self._after_cr and chunk:
            chunk = chunk.removeprefix(b"\n")
            self._after_cr = False
        if not chunk:
            return []
        lines = chunk.splitlines()  # on bytes: at LF, CR and CRLF only
        self._after_cr = chunk.endswith(b"\r")
        rest = b"" if chunk.endswith((b"\n", b"\r")) else lines.pop()
        if lines and self._partial:
            lines[0] = bytes(self._partial) + lines[0]
            self._partial.clear()
        self._partial += rest
        if self._at_start and lines:
            self._at_start = False
            if lines[0].startswith(_BOM):
                lines[0] = lines[0][len(_BOM) :]
        return lines

    def _dispatch(self) -> ServerSentEvent | None:
        """End a block: the cursor moves even without data; an event comes only with data."""
        self.last_event_id = self._id
        self.id_is_own, self._id_is_own = self._id_is_own, False
        data, event = self._data, self._event
        self._event = b""
        self._block_bytes = 0
        if not data:
            return None
        self._data = []
        text = (data[0] if len(data) == 1 else b"\n".join(data)).decode("utf-8", "replace")
        return ServerSentEvent(_text(event) if event else "message", text, self._id, self.retry)

    def _refuse(self) -> None:
        self.close()
        raise DecodeError(
            f"one event is larger than {self._max_event_bytes:,} bytes (max_event_bytes); "
            "send large content in parts, or raise the limit"
        )

    def _take_comment(self, value: bytes) -> None:
        self.comments += 1

    def _take_data(self, value: bytes) -> None:
        self._data.append(value)
        self._block_bytes += len(value) + 6  # with its name: a flood of empty lines must count too

    def _take_event(self, value: bytes) -> None:
        self._event = value

    def _take_id(self, value: bytes) -> None:
        if b"\0" not in value:
            self._id, self._id_is_own = _text(value), True

    def _take_retry(self, value: bytes) -> None:
        if value.isdigit() and len(value) <= _MAX_RETRY_DIGITS:  # on bytes: ASCII digits, no sign, no `_`
            self.retry = int(value)

    _fields: dict[bytes, Callable[[Decoder, bytes], None]] = {
        b"": _take_comment,
        b"data": _take_data,
        b"event": _take_event,
        b"id": _take_id,
        b"retry": _take_retry,
    }


def decode(chunks: Iterable[bytes]) -> Decoded:
    """Give everything in a finished stream; an event without its blank line was cut and is not in it."""
    decoder = Decoder()
    events = [event for chunk in chunks for event in decoder.feed(chunk)]
    decoder.close()
    return Decoded(events, decoder.last_event_id, decoder.retry)


def encode(event: ServerSentEvent) -> bytes:
    """Give the block that decodes to `event`; a line break in its data arrives as LF.

    An empty `id` writes no line, so the id before it stays in force. Raises `ValueError` for what no
    block can carry: CR, LF or NUL in `id`, CR or LF in `event`, a negative `retry`.
    """
    lines = [f"data: {line}\n" for line in _LINE_END.split(event.data)]
    if event.retry is not None:
        lines.insert(0, f"retry: {_checked_retry(event.retry)}\n")
    if event.event not in ("", "message"):
        lines.insert(0, f"event: {_one_line('event', event.event)}\n")
    if event.id:
        lines.insert(0, f"id: {_one_line('id', event.id)}\n")
    return _utf8("".join(lines) + "\n")


def _text(value: bytes) -> str:
    return value.decode("utf-8", "replace")


def _one_line(name: str, value: str) -> str:
    if any(character in value for character in "\r\n\0"):
        raise ValueError(f"the {name} of a server-sent event may not contain CR, LF or NUL: {value[:80]!r}")
    return value


def _checked_retry(retry: int) -> int:
    if retry < 0:
        raise ValueError(f"the retry of a server-sent event is a number of ms from 0, not {retry}")
    return retry


def _utf8(text: str) -> bytes:
    """Encode `text`; a lone surrogate, which UTF-8 has no bytes for, becomes U+FFFD."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()
