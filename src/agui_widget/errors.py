"""Every error this package raises on purpose.

    AguiError
    ├── AgentError            the given agent cannot be used, or used that way
    ├── AttachmentError       something cannot go along with a message
    ├── BusyError             a call would wait for itself, or for something that cannot happen
    ├── RunError              a run ended in an error, a violation or a cut; `answer` has what came before
    ├── SequenceGap           an envelope came before one that is missing
    ├── ProtocolViolation     an event breaks a rule of AG-UI; what came before it is applied
    ├── PatchError            a JSON Patch does not apply; the document is as it was
    ├── DecodeError           bytes that are not the event stream they should be
    ├── StoreError            a saved conversation cannot be read, or this one not be saved
    ├── ObjectError           a live object that is not there any more, or cannot be used like that
    ├── IntentError           a front end sent something that is not an intent
    ├── CatalogError          an A2UI catalogue that is none, or one that a surface may not use
    ├── ComponentError        an A2UI component in Python that cannot be built like that
    ├── FlowError             nodes and edges that cannot be drawn
    ├── ProcessError          a process that is an agent did not end well
    └── TransportError        a remote agent could not be reached or answered wrongly
        ├── HttpStatusError   it answered with a status that is not success
        └── IdleTimeout       it fell silent

A message says what happened, where, and what to do about it.
"""

from __future__ import annotations

from typing import Any


class AguiError(Exception):
    """The root: `except AguiError` catches everything below."""


class AgentError(AguiError):
    """The given agent cannot be used, or cannot be used like that."""


class AttachmentError(AguiError):
    """Something cannot go along with a message: no file, too large, or of a kind that has no bytes."""


class BusyError(AguiError):
    """The call would wait for something that can only happen after it returns."""


class RunError(AguiError):
    """A run did not finish: the agent's own error, a protocol violation, or a cut stream.

    `answer` holds everything that had arrived; its `status` says which of the three it was.
    """

    def __init__(self, message: str, *, answer: Any = None) -> None:
        super().__init__(message)
        self.answer = answer


class SequenceGap(AguiError):
    """An envelope is ahead of the snapshot; nothing was changed. Ask for a snapshot."""


class ProtocolViolation(AguiError):
    """An event breaks a rule of AG-UI 1.0.

    `rule` names the rule (a stable code), `event_number` counts from 1, and `delivered` holds the
    events that the same `feed` had already let through: they are applied and kept.
    """

    def __init__(
        self,
        message: str,
        *,
        rule: str = "violation",
        event_number: int = 0,
        delivered: list[dict[str, Any]] | None = None,
    ) -> None:
        super().__init__(message)
        self.rule = rule
        self.event_number = event_number
        self.delivered: list[dict[str, Any]] = delivered or []


class PatchError(AguiError):
    """A JSON Patch does not apply; the document is as it was before."""


class DecodeError(AguiError):
    """The bytes are not the event stream they should be, or exceed a bound."""


class StoreError(AguiError):
    """A saved conversation cannot be read, or this one cannot be saved."""


class ObjectError(AguiError):
    """A live object was let go, or cannot be used like that."""


class IntentError(AguiError):
    """A message from a front end is not one of the known intents."""


class CatalogError(AguiError):
    """An A2UI catalogue cannot be read, is not known, or may not be used on that surface."""


class ComponentError(AguiError, ValueError):
    """An A2UI component was written in Python with an argument that it does not take."""


class FlowError(AguiError, ValueError):
    """Nodes and edges that cannot be drawn: which one, and why."""


class ProcessError(AguiError):
    """A process that is an agent did not end well; `exit_code` is negative for a signal, `stderr` the last it said."""

    def __init__(self, message: str, *, exit_code: int | None, stderr: str = "") -> None:
        super().__init__(message)
        self.exit_code = exit_code
        self.stderr = stderr


class TransportError(AguiError):
    """A remote agent could not be reached, or its answer is not usable."""


class HttpStatusError(TransportError):
    """A remote agent answered with a status that is not success; `body` is its start, as text."""

    def __init__(self, message: str, *, status: int, body: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.body = body


class IdleTimeout(TransportError):
    """A remote agent sent no byte for longer than allowed."""


def in_words(error: BaseException) -> str:
    """What an exception is called, and what it says: some cannot even say it."""
    name = type(error).__name__
    try:
        return f"{name}: {said}" if (said := str(error)) else name
    except Exception:
        return f"{name}: what it says cannot be read"
