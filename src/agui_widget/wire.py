"""What a widget and its pages say to each other: intents in, batches and snapshots out (docs/wire.md).

`Outbox` decides what to send and when; it has no clock, thread or comm of its own: the driver's loop calls
`flush` with the time, and what it has to say goes to the function it was given.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from .envelope import Envelope, coalesce, size_of, weight
from .errors import IntentError
from .protocol.values import whole_characters
from .session import Session

Send = Callable[[dict[str, Any]], None]

FLUSH_S = 0.030  # one batch per widget at most this often
KERNEL_SENDS_PER_S = 300  # over all widgets: the Jupyter server drops messages beyond 1,000 a second
KEYFRAME_S = 2.0
KEYFRAME_BYTES_PER_S = 200_000  # a long conversation's keyframes come less often

WINDOW_BYTES = 4_000_000  # sent and not acknowledged; beyond it the page is not answering
BACKLOG_BYTES = 4_000_000  # held for such a page; beyond it a snapshot will do


class Outbox:
    """Sends a session's changes to the pages that show it. On the driver's loop only.

    A page that does not acknowledge is sent nothing more than a window, then merged changes wait for it,
    then (memory stays bounded) they are forgotten and it gets a snapshot when it answers. While a run is
    on and nothing is acknowledged, a keyframe goes out now and then: for hosts where messages to the
    kernel wait for the cell, and for a view that came late.
    """

    def __init__(self, session: Session, send: Send, is_busy: Callable[[], bool]) -> None:
        self._session = session
        self._send = send
        self._is_busy = is_busy
        self._pending: list[Envelope] = []
        self._pending_bytes = 0
        self._in_flight: deque[tuple[int, int]] = deque()  # (last seq, bytes) of each batch not acknowledged
        self._in_flight_bytes = 0
        self._is_behind = False  # changes were forgotten: only a snapshot helps
        self._next_keyframe = 0.0
        self._was_acked = True

    def push(self, envelopes: list[Envelope]) -> None:
        """Take changes in; they leave with the next `flush`."""
        if self._is_behind:
            return
        self._pending += envelopes
        self._pending_bytes += sum(map(weight, envelopes))
        if self._pending_bytes > BACKLOG_BYTES and self._is_full:
            self._merge_backlog()

    @property
    def needs_another(self) -> bool:
        """True if there is a reason to flush again even if nothing more is pushed."""
        can_send = bool(self._pending) and not self._is_full
        return can_send or (bool(self._in_flight) and self._is_busy())

    def flush(self, now: float) -> None:
        """Send what is pending as one batch, if the page keeps up; a keyframe if it is time for one.

        `now` is in seconds, monotonic.
        """
        self._send_pending()
        if self._was_acked or not self._in_flight:
            self._was_acked = False
            self._next_keyframe = now + KEYFRAME_S
        elif now >= self._next_keyframe and self._is_busy():
            size = self._send_snapshot()
            self._next_keyframe = now + max(KEYFRAME_S, size / KEYFRAME_BYTES_PER_S)

    def sync(self, have: int) -> None:
        """Answer a page that has everything up to `have`: with what is missing, or with a snapshot."""
        self._send_pending()
        missing = self._session.since(have) if have else None
        if missing is None:
            self._send_snapshot()
            self._is_behind = False
        else:
            self._send({"t": "batch", "e": missing})  # also if it is empty: then the page knows

    def ack(self, seq: int) -> None:
        """A page has applied everything up to `seq`."""
        self._was_acked = True
        while self._in_flight and self._in_flight[0][0] <= seq:
            self._in_flight_bytes -= self._in_flight.popleft()[1]
        if self._is_behind and self._in_flight_bytes <= WINDOW_BYTES:
            self._is_behind = False
            self._send_snapshot()

    @property
    def _is_full(self) -> bool:
        return self._is_behind or self._in_flight_bytes > WINDOW_BYTES

    def _send_pending(self) -> None:
        if not self._pending or self._is_full:
            return
        batch = coalesce(self._pending)
        self._forget_pending()
        size = sum(map(weight, batch))
        self._in_flight.append((batch[-1]["seq"], size))
        self._in_flight_bytes += size
        self._send({"t": "batch", "e": batch})

    def _forget_pending(self) -> None:
        self._pending = []
        self._pending_bytes = 0

    def _merge_backlog(self) -> None:
        self._pending = coalesce(self._pending)
        self._pending_bytes = sum(map(weight, self._pending))
        if self._pending_bytes > BACKLOG_BYTES:
            self._forget_pending()
            self._is_behind = True

    def _send_snapshot(self) -> int:
        """Send how it looks now; gives about how many bytes that took."""
        snapshot = self._session.snapshot()
        self._send({"t": "snap", "s": snapshot})
        return size_of(snapshot)


# -- intents -----------------------------------------------------------------------------------------

MAX_TEXT_CHARS = 1_000_000
MAX_KEY_CHARS = 1_000  # of what names a message, a part or a surface
MAX_TARGET_CHARS = 2_000
MAX_EDITS_CHARS = 64 * 1024
MAX_NONCE_CHARS = 64
MAX_REASON_CHARS = 1_000  # of a refusal, which may quote what was sent


def _no_longer_than(limit: int) -> AfterValidator:
    """JSON of at most so many characters."""

    def check(value: Any) -> Any:
        try:
            size = len(json.dumps(value))
        except RecursionError:
            raise ValueError("nested too deep") from None
        if size > limit:
            raise ValueError(f"longer than {limit:,} characters")
        return value

    return AfterValidator(check)


class _Intent(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Sync(_Intent):
    """A page asks for what is missing after `have`."""

    t: Literal["sync"]
    have: int = Field(ge=0)


class Ack(_Intent):
    """A page has applied everything up to `seq`."""

    t: Literal["ack"]
    seq: int = Field(ge=0)


class Submit(_Intent):
    """The user sends a message; its shell will carry the `nonce`."""

    t: Literal["submit"]
    text: str = Field(min_length=1, max_length=MAX_TEXT_CHARS)
    nonce: str = Field(max_length=MAX_NONCE_CHARS)


class Stop(_Intent):
    """The user stops the run."""

    t: Literal["stop"]


class Retry(_Intent):
    """The user runs the last message again."""

    t: Literal["retry"]


class Clear(_Intent):
    """The user forgets the conversation."""

    t: Literal["clear"]


class Transcript(_Intent):
    """The user wants the conversation as a file."""

    t: Literal["transcript"]
    nonce: str = Field(max_length=MAX_NONCE_CHARS)


class Action(_Intent):
    """The user did something on a surface; `message` is the renderer's, `model` the data that its surface sends."""

    t: Literal["action"]
    part: str = Field(max_length=MAX_KEY_CHARS)
    message: Annotated[dict[str, Any], _no_longer_than(MAX_TEXT_CHARS)]
    model: Annotated[dict[str, Any] | None, _no_longer_than(MAX_TEXT_CHARS)] = None


class Navigate(_Intent):
    """The user takes up an offer: the card's part, and where it said that it leads."""

    t: Literal["navigate"]
    part: str = Field(max_length=MAX_KEY_CHARS)
    target: str = Field(max_length=MAX_TARGET_CHARS)


class Edit(_Intent):
    """What the user has entered in a surface so far, the whole of it."""

    t: Literal["edit"]
    message_id: str = Field(max_length=MAX_KEY_CHARS)
    part: str = Field(max_length=MAX_KEY_CHARS)
    surface: str = Field(max_length=MAX_KEY_CHARS)
    edits: Annotated[list[dict[str, Any]], _no_longer_than(MAX_EDITS_CHARS)]


class Chunk(_Intent):
    """A page asks for a part of the front end that it did not need before."""

    t: Literal["chunk"]
    name: str = Field(max_length=64)


MAX_ROWS = 200


class _Request(_Intent):
    """What a page asks about a live object; the answer carries the `nonce`."""

    object: str = Field(max_length=MAX_KEY_CHARS)
    nonce: str = Field(max_length=MAX_NONCE_CHARS)


class Rows(_Request):
    """Some rows of a table, in the order of a column: by its place, or by its name."""

    t: Literal["rows"]
    start: int = Field(ge=0)
    count: int = Field(ge=1, le=MAX_ROWS)
    sort: tuple[int | Annotated[str, Field(max_length=MAX_KEY_CHARS)], Literal["up", "down"]] | None = Field(
        None, strict=False
    )


class Output(_Request):
    """One form of an object, which was too large to send unasked."""

    t: Literal["output"]
    mime: str = Field(max_length=200)


class Bind(_Request):
    """The user makes a variable of an object."""

    t: Literal["bind"]
    name: str | None = Field(None, max_length=200)


class Drawn(_Intent):
    """What a page drew of a block of code or an output, as a node tree: for who reads without us."""

    t: Literal["drawn"]
    kind: str = Field(max_length=100)
    text: str = Field(max_length=MAX_TEXT_CHARS)
    scheme: Literal["light", "dark"]
    node: Annotated[dict[str, Any], _no_longer_than(MAX_TEXT_CHARS)]


AnyIntent = (
    Sync
    | Ack
    | Submit
    | Stop
    | Retry
    | Clear
    | Action
    | Navigate
    | Edit
    | Chunk
    | Drawn
    | Rows
    | Output
    | Bind
    | Transcript
)
Intent = Annotated[AnyIntent, Field(discriminator="t")]
_INTENTS: TypeAdapter[AnyIntent] = TypeAdapter(Intent)


def read_intent(content: object) -> AnyIntent:
    """The intent in a message from a page. Raises `IntentError` that names the field."""
    try:
        return _INTENTS.validate_python(content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"])) or "message"
        why = whole_characters(f"{where}: {first['msg']}"[:MAX_REASON_CHARS])
        raise IntentError(f"a message from the page was refused: {why}") from None


def nonce_of(content: object) -> str | None:
    """What a page calls a message of its own that was refused; None if it says nothing that can be said back."""
    nonce = content.get("nonce") if isinstance(content, dict) else None
    return whole_characters(nonce) if isinstance(nonce, str) and len(nonce) <= MAX_NONCE_CHARS else None
