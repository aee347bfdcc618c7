"""What the rendering bench shows: answers, as text and as the envelopes that the kernel makes of it, and a long conversation.

A feed is what has come before the clock runs, and what comes then, one message after the other; each as it is on the wire.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from typing import Any

from agui_widget.activities import Look
from agui_widget.projection import FEED_MS, Conversation, Projection
from agui_widget.protocol import Pipeline
from agui_widget.session import Session
from agui_widget.wire import Outbox

from .markdown import answer

FIRST_CHARS = 600  # of each message before the clock runs

Event = dict[str, Any]


@dataclass
class Feed:
    before: list[str]
    after: list[str]

    def to_json(self) -> dict[str, Any]:
        return {"before": self.before, "after": self.after}


def text_of(chars: int) -> str:
    """An answer of that length, with what all who are compared can read; pictures are left out, which the web would be asked for."""
    pieces: list[str] = []
    size = 0
    for seed in range(chars):
        pieces.append(answer(seed, extras=False).replace("![", "[").strip("\n") + "\n\n")
        size += len(pieces[-1])
        if size >= chars:
            break
    return "".join(pieces)[:chars]


def as_text(before: str, deltas: list[str]) -> Feed:
    """For those who are given the text itself."""
    return Feed(
        [json.dumps({"text": piece}) for piece in cut(before, FIRST_CHARS)], [json.dumps({"text": d}) for d in deltas]
    )


def as_envelopes(before: str, deltas: list[str], markdown: str) -> Feed:
    """For `AgentChat`: what its kernel sends, each delta in a batch of its own."""
    kernel = Kernel(markdown)
    kernel.begin()
    for piece in cut(before, FIRST_CHARS):
        kernel.say(piece)
    first, kernel.sent = kernel.sent, []
    for delta in deltas:
        kernel.say(delta)
    kernel.end()
    return Feed(first, kernel.sent)


def as_conversation(messages: int, tail: list[str]) -> Feed:
    """A snapshot of that many messages of all sorts; then an answer is being written below them."""
    kernel = Kernel("live")
    r = random.Random(1)
    while kernel.count < messages:
        _turn(kernel, r)
    kernel.begin()
    kernel.say(answer(1, extras=False).replace("![", "["))
    before = [_dumps({"t": "snap", "s": kernel.session.snapshot()})]
    kernel.sent = []
    for delta in tail:
        kernel.say(delta)
    return Feed(before, kernel.sent)


def _turn(kernel: Kernel, r: random.Random) -> None:
    """A question, some tools perhaps, an answer."""
    kernel.begin(answer(r.randrange(10_000), extras=False, longest=3)[:200])
    for n in range(r.choice([0, 0, 1, 3])):
        kernel.call(f"{kernel.run}-{n}")
    kernel.say(answer(r.randrange(10_000), extras=False, longest=8).replace("![", "["))
    kernel.end()


class Kernel:
    """The parts that stand between an agent and the wire, with a clock of our own."""

    def __init__(self, markdown: str, conversation: Conversation | None = None, look: Look = lambda key: None) -> None:
        self.sent: list[str] = []
        self.run = 0
        self._now = 0
        self._projection = Projection(conversation or Pipeline(), markdown=markdown, look=look)
        self.session = Session("bench", now=lambda: self._now)
        self._outbox = Outbox(self.session, lambda message: self.sent.append(_dumps(message)), lambda: True)
        self.session.subscribe(self._outbox.push)

    @property
    def count(self) -> int:
        return self._projection.message_count

    def begin(self, question: str = "Go on") -> None:
        self.run += 1
        self.session.append(self._projection.user_message(question, message_id=f"u{self.run}"))
        self.session.append(self._projection.start_run(f"r{self.run}", self._now))
        self._feed({"type": "RUN_STARTED", "threadId": "t", "runId": f"r{self.run}"})
        self._feed({"type": "TEXT_MESSAGE_START", "messageId": f"m{self.run}", "role": "assistant"})
        self._flush()

    def say(self, text: str) -> None:
        self.feed({"type": "TEXT_MESSAGE_CONTENT", "messageId": f"m{self.run}", "delta": text})

    def feed(self, event: Event) -> None:
        """One event, in a batch of its own."""
        self._feed(event)
        self._flush()

    def settle(self) -> None:
        """Have read what waits for it: words behind a long block come less often."""
        while self._projection.has_waiting:
            self.session.append(self._projection.tick(self._now))
            self._flush()

    def call(self, call_id: str) -> None:
        call = {"toolCallId": call_id}
        self._feed({"type": "TOOL_CALL_START", **call, "toolCallName": "query_sales"})
        self._feed({"type": "TOOL_CALL_ARGS", **call, "delta": '{"quarter": "Q3", "limit": 100}'})
        self._feed({"type": "TOOL_CALL_END", **call})
        self._feed({"type": "TOOL_CALL_RESULT", **call, "messageId": f"t{call_id}", "content": '{"rows": 100}'})

    def end(self) -> None:
        self._feed({"type": "TEXT_MESSAGE_END", "messageId": f"m{self.run}"})
        self._feed({"type": "RUN_FINISHED", "threadId": "t", "runId": f"r{self.run}"})
        self.session.append(self._projection.end_run("finished", self._now))
        self._flush()

    def _feed(self, event: Event) -> None:
        self.session.append(self._projection.feed(event, self._now))

    def _flush(self) -> None:
        self._now += FEED_MS
        self._outbox.flush(self._now / 1_000)
        self._outbox.ack(self.session.seq)


def _dumps(message: dict[str, Any]) -> str:
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"))


def cut(text: str, size: int) -> list[str]:
    return [text[at : at + size] for at in range(0, len(text), size)]
