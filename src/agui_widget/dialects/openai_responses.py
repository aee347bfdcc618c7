"""The events of OpenAI's Responses API. They end with the response; there is no `[DONE]`."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from ..sse import ServerSentEvent
from .calls import Pieces
from .frames import Payload, Row, read_frame
from .openai_usage import Usage, usage_of
from .writer import Event, RunWriter

RESPONSE = "response."  # what the types start with, but for `error`
ERROR = "error"
CALL = "function_call"
CITATION = "url_citation"


class Words(Payload):
    """Words of an item."""

    delta: str


class Piece(Payload):
    """A piece of a call's arguments."""

    output_index: int = Field(ge=0)
    delta: str


class Arguments(Payload):
    """All arguments of a call."""

    output_index: int = Field(ge=0)
    arguments: str


class Item(Payload):
    """An item of the output; only a call has an id of its own, a name and arguments."""

    type: str
    call_id: str | None = None
    name: str | None = None
    arguments: str | None = None


class ItemChange(Payload):
    """An item begins or ends."""

    output_index: int = Field(ge=0)
    item: Item


class Annotation(Payload):
    """A note on the answer, such as a page that it cites; `end_index` says where."""

    type: str
    url: str | None = None
    title: str | None = None
    end_index: int | None = Field(None, ge=0)


class Noted(Payload):
    """A note comes."""

    annotation: Annotation


class Reason(Payload):
    """Why a response is incomplete."""

    reason: str | None = None


class Failure(Payload):
    """Why there is no response."""

    message: str
    code: str | None = None


class Response(Payload):
    """The response at its end."""

    model: str | None = None
    usage: Usage | None = None
    error: Failure | None = None
    incomplete_details: Reason | None = None

    @property
    def spent(self) -> dict[str, Any]:
        """What it has cost, as the end of a run says it."""
        return usage_of(self.usage, self.model)


class Ended(Payload):
    """The response ends."""

    response: Response


class Quiet(Payload):
    """What other events have said already."""


class Responses:
    """Reads the events of one response."""

    def __init__(self, run: RunWriter) -> None:
        self.run = run
        self.calls = Pieces(run)

    def decode(self, frame: ServerSentEvent, value: dict[str, Any]) -> list[Event]:
        """The events of one frame."""
        kind = value["type"]
        if not isinstance(kind, str):
            return self.run.malformed(frame, "is malformed: type: is no text")
        # `error` is either the event itself or around what it says
        payload = value[ERROR] if kind == ERROR and isinstance(value.get(ERROR), dict) else value
        return read_frame(self, self.run, ROWS, kind, payload, frame, dialect="openai")


def _start(responses: Responses, payload: Quiet) -> list[Event]:
    return responses.run.start()


def _text(responses: Responses, payload: Words) -> list[Event]:
    return responses.run.text(payload.delta)


def _reasoning(responses: Responses, payload: Words) -> list[Event]:
    return responses.run.think(payload.delta)


def _paragraph(responses: Responses, payload: Quiet) -> list[Event]:
    return responses.run.end_words()


def _item(responses: Responses, payload: ItemChange) -> list[Event]:
    item = payload.item
    if item.type != CALL:
        return responses.run.end_words()
    return responses.calls.add(payload.output_index, item.call_id, item.name, item.arguments)


def _arguments(responses: Responses, payload: Piece) -> list[Event]:
    return responses.calls.add(payload.output_index, None, None, payload.delta)


def _whole_arguments(responses: Responses, payload: Arguments) -> list[Event]:
    return responses.calls.fill(payload.output_index, None, None, payload.arguments)


def _item_done(responses: Responses, payload: ItemChange) -> list[Event]:
    item = payload.item
    if item.type != CALL:
        return responses.run.end_words()
    return responses.calls.complete(payload.output_index, item.call_id or "", item.name or "", item.arguments or "")


def _annotation(responses: Responses, payload: Noted) -> list[Event]:
    note = payload.annotation
    if note.type != CITATION or note.url is None:
        return []
    cited = {"url": note.url, "title": note.title, "textOffset": note.end_index}
    return responses.run.custom("citation", {name: value for name, value in cited.items() if value is not None})


def _completed(responses: Responses, payload: Ended) -> list[Event]:
    return [
        *responses.calls.end_all(),
        *responses.run.finish(**payload.response.spent),
    ]


def _incomplete(responses: Responses, payload: Ended) -> list[Event]:
    details = payload.response.incomplete_details
    why = (details.reason if details else None) or "it is not said why"
    cut = responses.run.notice(f"the answer is not whole: {why}", "incomplete")
    return [*cut, *_completed(responses, payload)]


def _failed(responses: Responses, payload: Ended) -> list[Event]:
    error = payload.response.error or Failure(message="the response has failed, and does not say why")
    return responses.run.fail(error.message, error.code, **payload.response.spent)


def _error(responses: Responses, payload: Failure) -> list[Event]:
    return responses.run.fail(payload.message, payload.code)


ROWS: dict[str, Row[Responses]] = {
    "response.queued": Row(Quiet, _start),
    "response.created": Row(Quiet, _start),
    "response.in_progress": Row(Quiet, _start),
    "response.output_item.added": Row(ItemChange, _item),
    "response.output_item.done": Row(ItemChange, _item_done),
    "response.content_part.added": Row(Quiet, _start),
    "response.content_part.done": Row(Quiet, _start),
    "response.output_text.delta": Row(Words, _text),
    "response.output_text.done": Row(Quiet, _start),
    "response.output_text.annotation.added": Row(Noted, _annotation),
    "response.refusal.delta": Row(Words, _text),
    "response.refusal.done": Row(Quiet, _start),
    "response.reasoning_summary_part.added": Row(Quiet, _paragraph),
    "response.reasoning_summary_part.done": Row(Quiet, _start),
    "response.reasoning_summary_text.delta": Row(Words, _reasoning),
    "response.reasoning_summary_text.done": Row(Quiet, _start),
    "response.reasoning_text.delta": Row(Words, _reasoning),
    "response.reasoning_text.done": Row(Quiet, _start),
    "response.function_call_arguments.delta": Row(Piece, _arguments),
    "response.function_call_arguments.done": Row(Arguments, _whole_arguments),
    "response.completed": Row(Ended, _completed),
    "response.incomplete": Row(Ended, _incomplete),
    "response.failed": Row(Ended, _failed),
    "error": Row(Failure, _error),
}
