"""What every dialect's frames have in common."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Generic, NamedTuple, TypeVar

from pydantic import BaseModel, ConfigDict, model_validator

from ..sse import ServerSentEvent
from .writer import Event, RunWriter


class Payload(BaseModel):
    """What a frame carries: unknown fields are ignored, known ones are what they should be.

    An optional field that is null is left out: many servers write all the fields that they have.
    """

    model_config = ConfigDict(extra="ignore", strict=True, frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, value: Any) -> Any:
        if not isinstance(value, dict) or all(each is not None for each in value.values()):
            return value
        required = {field.alias or name for name, field in cls.model_fields.items() if field.is_required()}
        return {name: each for name, each in value.items() if each is not None or name in required}


D = TypeVar("D")


class Row(NamedTuple, Generic[D]):
    """One type of frame: its payload, and what becomes of it."""

    payload: type[Payload]
    handler: Callable[[D, Any], list[Event]]


def read_frame(
    decoder: D,
    run: RunWriter,
    rows: dict[str, Row[D]],
    kind: str,
    value: Any,
    frame: ServerSentEvent,
    *,
    dialect: str,
    at: str = "data",
    what: str = "",
) -> list[Event]:
    """The events of one frame of a known type; a type that is unknown is kept as it is.

    `at` is where the frame has `value`; `what` is its type in full, where `kind` is only a part of it.
    """
    row = rows.get(kind)
    if row is None:
        return run.raw(frame, dialect)
    payload = run.read(row.payload, value, what or kind, at)
    return payload if isinstance(payload, list) else row.handler(decoder, payload)


def json_object(frame: ServerSentEvent) -> dict[str, Any] | None:
    """The JSON object in a frame, if there is one; for `recognises`."""
    try:
        value = json.loads(frame.data)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
