"""`artifact`: text, tools, and artifacts that are shown as cards. The SSE event equals the JSON's `type`."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AliasChoices, Field

from .. import artifacts
from ..artifacts import Artifact
from ..citations import CITATION
from ..sse import ServerSentEvent
from .frames import Payload, Row, json_object, read_frame
from .writer import Event, RunWriter

NAME = "artifact"
Tokens = Annotated[int | None, Field(ge=0)]


class TextDelta(Payload):
    """Words of the answer."""

    delta: str


class ToolStart(Payload):
    """A tool call, whole."""

    id: str
    name: str
    args: Any = None


class ToolResult(Payload):
    """What a tool gave, and how long that took."""

    id: str
    result: Any = None
    duration_ms: float | None = Field(None, alias="durationMs", ge=0, allow_inf_nan=False)


class Navigate(Payload):
    """An offer to go somewhere, in its older form."""

    target: str = Field(min_length=1)
    label: str


class Shown(Payload):
    """An artifact."""

    artifact: Artifact


class Usage(Payload):
    """What the run has cost, in tokens; providers spell it in their own ways."""

    inputTokens: Tokens = Field(None, validation_alias=AliasChoices("inputTokens", "input_tokens", "prompt_tokens"))
    totalTokens: Tokens = Field(None, validation_alias=AliasChoices("totalTokens", "total_tokens"))
    outputTokens: Tokens = Field(
        None, validation_alias=AliasChoices("outputTokens", "output_tokens", "completion_tokens")
    )


class Done(Payload):
    """The run has ended."""

    provider: str
    model: str
    usage: Usage | None = None
    message_id: str | None = Field(None, alias="messageId")


class Failure(Payload):
    """The run has failed."""

    message: str


class Artifacts:
    """Reads the artifacts of one run: the same one again updates its card."""

    def __init__(self, run: RunWriter) -> None:
        self.run = run
        self._ids: dict[tuple[str, str], str] = {}
        self._citations: dict[str, dict[str, Any]] = {}  # by chunk
        self._crops: dict[str, dict[str, Any]] = {}  # pictures of a chunk

    def decode(self, frame: ServerSentEvent) -> list[Event]:
        """The events of one frame."""
        value = self.run.read_json(frame)
        if not isinstance(value, dict):
            return self.run.malformed(frame)
        return read_frame(self, self.run, ROWS, _kind(frame, value), value, frame, dialect=NAME)

    def close(self) -> list[Event]:
        """Nothing: `done` is the end."""
        return []

    def card(self, card: artifacts.Card) -> list[Event]:
        """A card, below what was said before it; what is said next stands below the card."""
        content = artifacts.content_of(card)
        shown = self.run.activity(artifacts.ACTIVITY, content, self._id_of(card))
        return [*self.run.end_words(), *shown]

    def cite(self, citation: artifacts.Citation) -> list[Event]:
        """A source of the answer, with its picture if that has come."""
        where = {"page": citation.page, "bbox": citation.bbox.model_dump() if citation.bbox else None}
        location = {"type": "documentChunk", "chunk": citation.chunk_id, **where}
        value = {
            "title": citation.doc_id,
            "snippet": citation.snippet,
            "location": {name: each for name, each in location.items() if each is not None},
            "kind": citation.type,
            "classification": citation.classification,
            "score": citation.score,
        }
        self._citations[citation.chunk_id] = {name: each for name, each in value.items() if each is not None}
        return self._tell(citation.chunk_id)

    def picture(self, crop: artifacts.CropImage) -> list[Event]:
        """A picture as a card; of a chunk that is cited, its source shows it too."""
        card = crop.model_copy(update={"src": self.run.beside(crop.src)})
        if crop.chunk_id is None:
            return self.card(card)
        texts = {name: getattr(card, name) for name in ("alt_en", "alt_pt") if getattr(card, name)}
        self._crops[crop.chunk_id] = {"src": card.src, **texts}
        again = self._tell(crop.chunk_id) if crop.chunk_id in self._citations else []
        return [*self.card(card), *again]

    def _tell(self, chunk: str) -> list[Event]:
        crop = {"crop": self._crops[chunk]} if chunk in self._crops else {}
        return self.run.custom(CITATION, {**self._citations[chunk], **crop})

    def _id_of(self, card: artifacts.Card) -> str:
        """Of this run's: a later run shows its own cards, where they are read."""
        if not card.identity:
            return self.run.new_id()
        key = (card.kind, card.identity)
        if key not in self._ids:
            self._ids[key] = self.run.new_id()
        return self._ids[key]


def _text(decoder: Artifacts, payload: TextDelta) -> list[Event]:
    return decoder.run.text(payload.delta)


def _start(decoder: Artifacts, payload: ToolStart) -> list[Event]:
    return decoder.run.whole_call(payload.id, payload.name, payload.args)


def _result(decoder: Artifacts, payload: ToolResult) -> list[Event]:
    run = decoder.run
    unknown = [] if run.knows(payload.id) else run.call(payload.id, "tool")
    return [*unknown, *run.result(payload.id, run.content(payload.result), duration_ms=payload.duration_ms)]


def _navigate(decoder: Artifacts, payload: Navigate) -> list[Event]:
    labels = {"label_en": payload.label, "label_pt": payload.label}
    return decoder.card(artifacts.NavigationOffer(kind="navigation_offer", target=payload.target, **labels))


def _artifact(decoder: Artifacts, payload: Shown) -> list[Event]:
    show = SHOW.get(type(payload.artifact), Artifacts.card)
    events: list[Event] = show(decoder, payload.artifact)
    return events


def _done(decoder: Artifacts, payload: Done) -> list[Event]:
    figures = payload.usage.model_dump(exclude_none=True) if payload.usage else {}
    return decoder.run.finish(usage=[{"provider": payload.provider, "model": payload.model, **figures}])


def _error(decoder: Artifacts, payload: Failure) -> list[Event]:
    return decoder.run.fail(payload.message)


SHOW: dict[type, Any] = {artifacts.Citation: Artifacts.cite, artifacts.CropImage: Artifacts.picture}

ROWS: dict[str, Row[Artifacts]] = {
    "text_delta": Row(TextDelta, _text),
    "tool_start": Row(ToolStart, _start),
    "tool_result": Row(ToolResult, _result),
    "navigate": Row(Navigate, _navigate),
    "artifact": Row(Shown, _artifact),
    "done": Row(Done, _done),
    "error": Row(Failure, _error),
}

# What only this dialect has in a frame of a type that others have too.
MARKS = {
    "text_delta": "delta",
    "tool_start": "name",
    "tool_result": "result",
    "navigate": "target",
    "artifact": "artifact",
    "done": "provider",
}


def _kind(frame: ServerSentEvent, value: dict[str, Any]) -> str:
    """What the frame says it is: the type in it, or without one its event."""
    kind = value.get("type", frame.event)
    return kind if isinstance(kind, str) else ""


def recognises(frame: ServerSentEvent) -> bool:
    """True for a flat object that has its own type in it, which its event repeats."""
    value = json_object(frame)
    if value is None or frame.event not in ("message", value.get("type")):
        return False
    mark = MARKS.get(str(value.get("type")))
    return mark is not None and mark in value and "data" not in value and "payload" not in value
