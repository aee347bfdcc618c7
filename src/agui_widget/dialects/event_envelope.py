"""`envelope`: EventEnvelope v1, `{v, id, type, seq, ts, corrId?, data}`: steps, images and tokens at once.

A type is `<sender>.<what>`; several senders may speak at the same time, each with its own progress, and words of its
own. The run has ended when the stream has, and everybody who spoke has said `done`.
"""

from __future__ import annotations

import json
from typing import Any

from pydantic import Field

from ..numeric import is_number
from ..sse import ServerSentEvent
from .frames import Payload, Row, json_object, read_frame
from .writer import Event, RunWriter

NAME = "envelope"
VERSION = "1"
MAX_HELD = 64  # tokens that wait for an earlier one
LABEL_CHARS = 500


class Frame(Payload):
    """What all frames have around their data."""

    type: str
    id: str | None = None
    seq: int | None = Field(None, ge=0)
    ts: float | str | None = None
    corrId: str | None = None
    data: Any = None


class Step(Payload):
    """How far the sender is."""

    message: str
    step: int = Field(ge=0)
    total: int | None = Field(None, ge=0)


class Image(Payload):
    """A picture, by its address or in a `data:` URL."""

    label: str
    url: str
    width: float | None = Field(None, gt=0, allow_inf_nan=False)
    height: float | None = Field(None, gt=0, allow_inf_nan=False)


class Token(Payload):
    """A piece of the sender's words; `index` counts from 0."""

    token: str
    index: int = Field(ge=0)


class Legend(Payload):
    """What a number in a grid means, and its colour."""

    label: str
    colour: str | None = None


class Grid(Payload):
    """Rows of integers, with what they mean."""

    title: str | None = None
    rows: list[list[int]]
    legend: dict[str, Legend] = {}


class Done(Payload):
    """The sender has said all it had to say."""

    summary: str | None = None


class Failure(Payload):
    """The run has failed."""

    message: str
    code: str | int | None = None
    details: Any = None


class Status(Payload):
    """What goes on, in any shape: `read` finds the words in it."""

    status: str
    label: str | None = None
    progress: float | None = None

    @classmethod
    def read(cls, value: Any) -> Status:
        """The status that a value says."""
        fields = value if isinstance(value, dict) else {}
        words = [value, *(fields.get(name) for name in ("label", "message", "text", "status"))]
        label = next((each for each in words if isinstance(each, str)), json.dumps(value, ensure_ascii=False))
        return cls(status="step", label=label[:LABEL_CHARS], progress=_fraction(fields.get("progress")))


class EventEnvelope:
    """Reads the frames of all senders."""

    def __init__(self, run: RunWriter) -> None:
        self.run = run
        self.sender = ""  # of the frame that is read
        self.steps: dict[str, Step] = {}  # where the senders are that are not done
        self._speaking: dict[str, bool] = {}  # by sender: whether there is more to come
        self._ids: dict[str, str] = {}
        self._words: dict[str, _Words] = {}

    def decode(self, frame: ServerSentEvent) -> list[Event]:
        """The events of one frame."""
        value = self.run.read_json(frame)
        if not isinstance(value, dict):
            return self.run.malformed(frame)
        if value.get("v") != VERSION:
            said = json.dumps(value.get("v"), ensure_ascii=False)[:LABEL_CHARS]
            return self.run.malformed(frame, f'has version {said}, and only "{VERSION}" of EventEnvelope is understood')
        known = self.run.read(Frame, value, str(value.get("type", "no type"))[:LABEL_CHARS])
        return known if isinstance(known, list) else self._read(known, frame)

    def close(self) -> list[Event]:
        """What still waits; and the end of the run, if everybody who spoke has said so."""
        return [*self.end_words(), *(self.run.finish() if self.run.may_close else [])]

    def _read(self, known: Frame, frame: ServerSentEvent) -> list[Event]:
        self.sender, dot, what = known.type.rpartition(".")
        kind = dot + what
        if kind in ROWS and self.sender:
            self._speaking[self.sender] = kind != DONE
            self.run.may_close = not any(self._speaking.values())
        payload = {} if known.data is None and kind == DONE else known.data
        if kind == "status":
            payload = Status.read(payload).model_dump(exclude_none=True)
        return read_frame(self, self.run, ROWS, kind, payload, frame, dialect=NAME, what=known.type)

    @property
    def progress_id(self) -> str:
        """The one activity of the sender that shows its progress."""
        return self._ids.setdefault(self.sender, self.run.new_id())

    @property
    def words(self) -> _Words:
        """What the sender says."""
        return self._words.setdefault(self.sender, _Words(self.run, self.sender))

    def end_words(self) -> list[Event]:
        """Nobody says any more."""
        return [event for words in self._words.values() for event in words.end()]

    def say_where(self) -> list[Event]:
        """The live line: where the sender is that moved last, of those that are not done."""
        step = next(reversed(self.steps.values()), None)
        status = {"status": "streaming"} if step is None else {"status": "step", "label": step.message, **_part(step)}
        return self.run.custom("status", status)


class _Words:
    """The words of one sender, in the order of their indexes, whatever the order in which they come.

    A token that comes twice is said once. One that never comes is waited for until many others have come: then an error
    says which are missing.
    """

    def __init__(self, run: RunWriter, sender: str) -> None:
        self._run = run
        self._sender = sender
        self._begin()

    def _begin(self) -> None:
        self._message_id = ""
        self._next = 0
        self._first = ""
        self._held: dict[int, str] = {}
        self._repeated = 0

    def add(self, token: str, index: int) -> list[Event]:
        """One more token."""
        ended = self.end() if self._is_another_answer(token, index) else []
        if index < self._next or index in self._held:
            self._repeated += 1
            return self._run.start()
        self._held[index] = token
        if self._next == 0 and {1, 2} <= self._held.keys():
            self._next = 1  # a sender that counts from 1
        return [*ended, *self._due(), *(self._skip() if len(self._held) > MAX_HELD else [])]

    def end(self) -> list[Event]:
        """Everything that waits, and what was wrong; what comes next is another answer."""
        events: list[Event] = []
        while self._held:
            events += self._skip()
        if self._repeated:
            what = f"tokens of {self._sender} that came twice and are shown once: {self._repeated}"
            events += self._run.notice(what, "tokens")
        if self._message_id:
            events.append({"type": "TEXT_MESSAGE_END", "messageId": self._message_id})
        self._begin()
        return events

    def _is_another_answer(self, token: str, index: int) -> bool:
        """The count begins again, and not because the first token came twice."""
        return index == 0 and self._next > 0 and token != self._first

    def _due(self) -> list[Event]:
        """The tokens whose turn it is."""
        due: list[str] = []
        while self._next in self._held:
            due.append(self._held.pop(self._next))
            self._next += 1
        if not due:
            return self._run.start()
        return self._say("".join(due), due[0])

    def _say(self, text: str, first: str) -> list[Event]:
        """Not the writer's own message: others may speak in between."""
        begun = self._run.start()
        if not self._message_id:
            self._message_id, self._first = self._run.new_id(), first
            begun.append({"type": "TEXT_MESSAGE_START", "messageId": self._message_id, "role": "assistant"})
        if not text:
            return begun
        return [*begun, {"type": "TEXT_MESSAGE_CONTENT", "messageId": self._message_id, "delta": text}]

    def _skip(self) -> list[Event]:
        """Wait no longer for what stands before the tokens that wait."""
        missing, self._next = self._next, min(self._held)
        last = self._next - 1
        what = f"token {missing}" if missing == last else f"tokens {missing} to {last}"
        return [*self._run.problem(f"{what} of {self._sender} never came", "tokens"), *self._due()]


def _fraction(value: Any) -> float | None:
    return float(value) if is_number(value) and 0 <= value <= 1 else None


def _part(step: Step) -> dict[str, float]:
    """How much of the whole is done, if that is known."""
    return {"progress": min(1.0, step.step / step.total)} if step.total else {}


def _progress(decoder: EventEnvelope, step: Step, state: str) -> list[Event]:
    content = {**step.model_dump(exclude_none=True), "source": decoder.sender, "state": state}
    return decoder.run.activity("step", content, decoder.progress_id)


def _step(decoder: EventEnvelope, payload: Step) -> list[Event]:
    decoder.steps.pop(decoder.sender, None)
    decoder.steps[decoder.sender] = payload
    return [*_progress(decoder, payload, "running"), *decoder.say_where()]


def _image(decoder: EventEnvelope, payload: Image) -> list[Event]:
    image = payload.model_copy(update={"url": decoder.run.beside(payload.url)})
    return decoder.run.activity("image", image.model_dump(exclude_none=True))


def _grid(decoder: EventEnvelope, payload: Grid) -> list[Event]:
    return decoder.run.activity("grid", payload.model_dump(exclude_none=True))


def _token(decoder: EventEnvelope, payload: Token) -> list[Event]:
    return decoder.words.add(payload.token, payload.index)


def _done(decoder: EventEnvelope, payload: Done) -> list[Event]:
    events = [*decoder.run.start(), *decoder.words.end()]
    step = decoder.steps.pop(decoder.sender, None)
    if step is None and payload.summary is None:
        return events
    step = step or Step(message="", step=0, total=None)
    last = step.model_copy(update={"message": payload.summary or step.message})
    return [*events, *_progress(decoder, last, "done"), *decoder.say_where()]


def _status(decoder: EventEnvelope, payload: Status) -> list[Event]:
    return decoder.run.custom("status", payload.model_dump(exclude_none=True))


def _error(decoder: EventEnvelope, payload: Failure) -> list[Event]:
    details = payload.details if isinstance(payload.details, str) else _compact(payload.details)
    message = f"{payload.message} ({details[:LABEL_CHARS]})" if details else payload.message
    code = None if payload.code is None else str(payload.code)
    return [*decoder.end_words(), *decoder.run.fail(message, code)]


def _compact(value: Any) -> str:
    return "" if value is None else json.dumps(value, ensure_ascii=False)


DONE = ".done"

# With a dot: of any sender. `grid` is an addition of ours.
ROWS: dict[str, Row[EventEnvelope]] = {
    ".step": Row(Step, _step),
    ".image": Row(Image, _image),
    ".grid": Row(Grid, _grid),
    ".token": Row(Token, _token),
    DONE: Row(Done, _done),
    "status": Row(Status, _status),
    "error": Row(Failure, _error),
}


def recognises(frame: ServerSentEvent) -> bool:
    """True for an envelope: its version is a number, and its type one of those here."""
    value = json_object(frame) or {}
    version, kind = value.get("v"), value.get("type")
    is_versioned = isinstance(version, str) and version.isdigit()
    return is_versioned and isinstance(kind, str) and "".join(kind.rpartition(".")[1:]) in ROWS
