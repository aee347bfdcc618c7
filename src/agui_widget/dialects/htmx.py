"""`htmx`: a page asks by POST, the answer is a snippet that names a stream, and what that says is HTML.

    POST prompt ─► <div sse-connect="/stream?uid=…" sse-close="close"> ─► thought, answer_chunk, final_answer, close

The words go on as they are: the markdown that they are read as knows HTML, and keeps only what is on its list.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from ..foreign import tokens
from ..hypertext import html_source, words_of
from ..sse import ServerSentEvent
from .writer import Event, RunWriter

NAME = "htmx"
CLOSE = "close"


class Snippet(NamedTuple):
    """What a snippet says about its stream."""

    url: str
    close_event: str = CLOSE


def read_snippet(html: str) -> Snippet:
    """The first stream that the HTML names, and nothing else of it. Raises `ValueError` if there is none.

    What closes it stands at the same element, or else at another.
    """
    said = [
        {name.removeprefix("data-"): value for name, value in reversed(token.attributes) if value}
        for token in tokens(html)
    ]
    stream = next((each for each in said if "sse-connect" in each), None)
    if stream is None:
        raise ValueError("nothing in it has sse-connect")
    close = next((each["sse-close"] for each in (stream, *said) if "sse-close" in each), CLOSE)
    return Snippet(stream["sse-connect"].strip(), close)


class Htmx:
    """Reads the stream; its close event ends the run, and so does its end of file if the answer was final."""

    def __init__(self, run: RunWriter) -> None:
        self.run = run
        self._answer = ""  # the message that is being said
        self._thought = ""

    def decode(self, frame: ServerSentEvent) -> list[Event]:
        """The events of one frame."""
        if frame.event == self.run.close_event:
            return self.run.finish()
        handler = HANDLERS.get(frame.event)
        return handler(self, frame.data) if handler else self.run.raw(frame, NAME)

    def close(self) -> list[Event]:
        """Nothing, unless the answer was final: the close event is the end."""
        return self.run.finish() if self.run.may_end else []

    def think(self, html: str) -> list[Event]:
        """The thought, in the place of the one before."""
        if self._thought:
            return self.run.replace(self._thought, words_of(html))
        events = self.run.think(words_of(html), "thinking")
        self._thought = events[-1].get("messageId", "") if events else ""
        return events

    def say(self, html: str) -> list[Event]:
        """More of the answer."""
        events = self.run.text(html)
        self._answer = events[-1].get("messageId", self._answer) if events else self._answer
        self.run.may_end = False
        return events

    def say_all(self, html: str) -> list[Event]:
        """The whole answer, in the place of what was said of it."""
        text = html_source(html)
        events = self.run.replace(self._answer, text) if self._answer else self.run.text(text)
        self._answer, self.run.may_end = "", True
        return [*events, *self.run.end_words()]

    def fail(self, html: str) -> list[Event]:
        """The run has failed."""
        return self.run.fail(words_of(html))


HANDLERS: dict[str, Callable[[Htmx, str], list[Event]]] = {
    "thought": Htmx.think,
    "answer_chunk": Htmx.say,
    "final_answer": Htmx.say_all,
    "error": Htmx.fail,
}


def recognises(frame: ServerSentEvent) -> bool:
    """True for an event that only this dialect has."""
    return frame.event in ("thought", "answer_chunk", "final_answer")
