"""`openai`: chat-completions chunks (`data: {…}` … `data: [DONE]`), and the events of the Responses API.

A stream is one or the other; each frame says which. Of several choices the first one is read.
"""

from __future__ import annotations

from typing import Any

from pydantic import Field

from ..sse import ServerSentEvent
from .calls import Pieces
from .frames import Payload, json_object
from .openai_responses import RESPONSE, Responses
from .openai_usage import Usage, usage_of
from .writer import Event, RunWriter

DONE = "[DONE]"
CUTS = {"length": "the answer was cut at the model's limit", "content_filter": "a filter cut the answer"}


class FunctionPiece(Payload):
    """A piece of a call's function."""

    name: str | None = None
    arguments: str | None = None


class CallPiece(Payload):
    """A piece of a tool call; its id and name come with the first."""

    index: int = Field(0, ge=0)
    id: str | None = None
    function: FunctionPiece = FunctionPiece()


class UrlCitation(Payload):
    """A page that the answer cites."""

    url: str
    title: str | None = None


class Annotation(Payload):
    """A note on the answer; those of other types have no `url_citation`."""

    type: str
    url_citation: UrlCitation | None = None


class Delta(Payload):
    """What is new of a choice. Reasoning has two names: servers differ."""

    content: str | None = None
    refusal: str | None = None
    reasoning_content: str | None = None
    reasoning: str | None = None
    tool_calls: list[CallPiece] | None = None
    annotations: list[Annotation] | None = None


class Choice(Payload):
    """One of the answers that the model writes."""

    index: int = 0
    delta: Delta = Delta()
    finish_reason: str | None = None


class Failure(Payload):
    """Why the run has failed; a code may be a number."""

    message: str
    code: str | int | None = None
    type: str | None = None


class Chunk(Payload):
    """A chunk: what is new of each choice, or at the end what all has cost; or an error."""

    choices: list[Choice] = []
    usage: Usage | None = None
    error: Failure | str | None = None
    model: str | None = None


class OpenAI:
    """Reads chunks and Responses events."""

    def __init__(self, run: RunWriter) -> None:
        self._run = run
        self._responses = Responses(run)
        self._calls = Pieces(run)
        self._usage: dict[str, Any] = {}
        self._is_finished = False  # the model has said why it stopped; the figures may still come

    def decode(self, frame: ServerSentEvent) -> list[Event]:
        """The events of one frame."""
        if frame.data.strip() == DONE:
            return self._finish()
        value = self._run.read_json(frame)
        if not isinstance(value, dict):
            return self._run.malformed(frame)
        if "type" in value and "choices" not in value:
            return self._responses.decode(frame, value)
        if not {"choices", "error"} & value.keys():
            return self._run.raw(frame, "openai")
        chunk = self._run.read(Chunk, value, "chunk")
        return chunk if isinstance(chunk, list) else self._chunk(chunk)

    def close(self) -> list[Event]:
        """The end, where a server leaves `[DONE]` out but has said why the model stopped."""
        return self._finish() if self._is_finished else []

    def _chunk(self, chunk: Chunk) -> list[Event]:
        if chunk.usage is not None:
            self._usage = usage_of(chunk.usage, chunk.model)
        if chunk.error is not None:
            error = chunk.error if isinstance(chunk.error, Failure) else Failure(message=chunk.error)
            code = error.code or error.type
            return self._run.fail(error.message, str(code) if code else None, **self._usage)
        first = [choice for choice in chunk.choices if choice.index == 0]
        return [*self._run.start(), *(event for choice in first for event in self._choice(choice))]

    def _choice(self, choice: Choice) -> list[Event]:
        delta, run = choice.delta, self._run
        thought, text = delta.reasoning_content or delta.reasoning or "", (delta.content or "") + (delta.refusal or "")
        return [
            *(self._calls.end_whole() if thought or text else []),
            *run.think(thought),
            *run.text(text),
            *(event for piece in delta.tool_calls or () for event in self._piece(piece)),
            *(event for note in delta.annotations or () for event in self._cite(note)),
            *self._stop(choice.finish_reason),
        ]

    def _piece(self, piece: CallPiece) -> list[Event]:
        return self._calls.add(piece.index, piece.id, piece.function.name, piece.function.arguments)

    def _cite(self, note: Annotation) -> list[Event]:
        cited = note.url_citation
        return self._run.custom("citation", cited.model_dump(exclude_none=True)) if cited else []

    def _stop(self, reason: str | None) -> list[Event]:
        if not reason:
            return []
        self._is_finished = True
        notice = self._run.notice(CUTS[reason], reason) if reason in CUTS else []
        return [*self._calls.end_all(), *notice]

    def _finish(self) -> list[Event]:
        return [*self._calls.end_all(), *self._run.finish(**self._usage)]


def recognises(frame: ServerSentEvent) -> bool:
    """True for a chunk, for an event of the Responses API, and for an error in the place of either."""
    value = json_object(frame) or {}
    kind = value.get("type")
    is_response = isinstance(kind, str) and kind.startswith(RESPONSE)
    is_error = isinstance(value.get("error"), dict) and kind in (None, "error")
    return is_response or is_error or isinstance(value.get("choices"), list)
