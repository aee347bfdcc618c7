"""Reads a whole stream, in AG-UI or another dialect, and says what is wrong with it. For who writes servers; pure."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from itertools import count
from typing import Any

from .dialects import RunWriter, decoder_for
from .errors import DecodeError
from .projection import PROBLEM
from .protocol import replay
from .sse import Decoded, ServerSentEvent, decode

# the first line that is of an event stream, or else of JSON; what a server prints before it is neither
TELLING_LINE = re.compile(rb"(?:\A(?:\xef\xbb\xbf)?|[\r\n])[ \t]*(?:(?P<sse>(?:data|event|id|retry)?:)|[{\[])")

# rule or code of the protocol → what the author of a server does about it
FIXES = {
    "activity-out-of-step": "send an ACTIVITY_SNAPSHOT before the delta, or a patch that applies to it",
    "after-end": "send nothing after the stream's end",
    "after-error": "send nothing after RUN_ERROR but the RUN_STARTED of another run",
    "after-finish": "send RUN_FINISHED last; only RUN_ERROR or another RUN_STARTED may follow",
    "already-open": "send each START once, and END before the same id starts again",
    "attribution": "give every event of an item the subagentRunId of the one who started it, or none",
    "auto-closed": "send the END events (and STEP_FINISHED, SUBAGENT_FINISHED) before RUN_FINISHED",
    "binary-by-id": "send the attachment as an image, audio, video or document part with a source",
    "chunk-ambiguous": "name the message or call in each chunk when several are open",
    "chunk-conflict": "do not change role, name or parent between the chunks of one item",
    "chunk-opener": "give the first chunk of an item its id (and a tool call its name)",
    "converted": "send image, audio, video or document parts; binary parts are gone since 1.0",
    "duplicate-interrupt": "give each interrupt an id of its own",
    "first-event": "send RUN_STARTED first",
    "frame": "compare the frame with its dialect in docs/dialects.md",
    "half-character": "cut deltas between characters, not inside a surrogate pair",
    "id-is-an-activity": "do not use the id of an activity for a message",
    "id-minted": "send REASONING_* with a messageId; THINKING_* is gone since 1.0",
    "malformed": "compare the field with the AG-UI 1.0 schema; leave optional fields out instead of sending null",
    "nested-run": "finish a run before the next starts",
    "no-such-call": "send TOOL_CALL_START for a call before anything else about it",
    "no-such-message": "send TEXT_MESSAGE_START for a message before anything else about it",
    "nothing-to-replace": "replace the text of a message of the agent that has begun, by its messageId",
    "no-type": "give every event a type",
    "not-a-number": "send null or text for NaN and infinity: JSON has no such numbers",
    "not-an-activity": "send ACTIVITY_* only with ids of activities",
    "not-an-event": "send JSON objects with a type",
    "not-json": "send one JSON object per event",
    "not-open-end": "send END only for what is open, once",
    "not-open": "send START before CONTENT, ARGS and END",
    "null": "leave an optional field out instead of sending null",
    "open-at-finish": "send the END events (and STEP_FINISHED, SUBAGENT_FINISHED) before RUN_FINISHED",
    "other-thread": "keep one stream to one thread",
    "parent-is-no-assistant": "let parentMessageId name an assistant message",
    "parts-dropped": "expect text only: the peer is older than 0.0.40",
    "reasoning-role": 'send role "reasoning" with REASONING_MESSAGE_START',
    "repeated-result": "send each TOOL_CALL_RESULT once",
    "repeated-run": "send RUN_STARTED once a run",
    "run-ids": "end a run with the threadId and runId it started with",
    "snake-case": "send camelCase names: messageId, toolCallId, threadId",
    "state-out-of-step": "send a STATE_SNAPSHOT before the delta, or a patch that applies to it",
    "stripped": "send only the fields that AG-UI 1.0 has; put others into metadata",
    "subagent": "send SUBAGENT_STARTED before what the subagent does, and end it once",
    "subagent-dropped": "expect no subagents: the peer is older than 0.0.58",
    "timestamp": "send timestamps as whole milliseconds",
    "title-moved": "send the title of reasoning in metadata.title",
    "tool-renamed": "keep the name of a tool call",
    "truncated": "end every run with RUN_FINISHED or RUN_ERROR, also when the agent fails",
    "unknown-event": "send only the event types of AG-UI 1.0; use CUSTOM for your own",
    "version": 'declare protocolVersion as "1.0"',
    "unknown-value": "send only the values that AG-UI 1.0 lists",
}
OTHERWISE = "compare with the AG-UI 1.0 specification"


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: at which event (from 1; 0 for the stream), by which rule, and what to do."""

    event: int
    rule: str
    message: str

    @property
    def fix(self) -> str:
        """What the author of the server does about it."""
        return FIXES.get(self.rule, OTHERWISE)

    def __str__(self) -> str:
        where = f"event {self.event}" if self.event else "stream"
        return f"{where}: {self.rule}: {self.message}\n    fix: {self.fix}"


@dataclass(frozen=True)
class Report:
    """What a stream amounts to, and its problems."""

    summary: dict[str, Any]
    problems: list[Problem]

    @property
    def is_clean(self) -> bool:
        """True for a finished stream without a diagnostic."""
        return self.summary["outcome"] == "finished" and not self.problems


def check(events: list[Any], *, strict: bool = False) -> Report:
    """Replay a stream and report."""
    result = replay(events, strict=strict)
    warnings = sorted([*result.warnings, *_unread_frames(events)], key=lambda each: each.get("event", 0))
    problems = [Problem(each.get("event", 0), each["code"], each["message"]) for each in warnings]
    if result.outcome in ("rejected", "truncated"):
        rule = result.detail.get("rule", result.outcome)
        problems.append(Problem(result.detail.get("event", 0), rule, result.detail["message"]))
    summary = {
        "outcome": result.outcome,
        "detail": result.detail,
        "messages": result.messages,
        "state": result.state,
        "pendingInterrupts": result.pending_interrupts,
        "pendingToolCallIds": result.pending_tool_call_ids,
        "warnings": warnings,
        "deliveredTypes": [event["type"] for event in result.delivered],
    }
    return Report(summary, problems)


def _unread_frames(events: list[Any]) -> list[dict[str, Any]]:
    """What a decoder said of frames that it could not read, as warnings."""
    return [
        {"code": "frame", "message": str(event["value"]["message"]), "event": number}
        for number, event in enumerate(events, start=1)
        if isinstance(event, dict) and event.get("name") == PROBLEM and "message" in (event.get("value") or ())
    ]


def read_dialect(stream: bytes, dialect: str, *, is_sse: bool = False) -> list[Any]:
    """The events that the bytes of a file in a dialect stand for: server-sent events, or JSON lines.

    Frames that cannot be read are events that say so. Raises `AgentError` for a dialect that is not known.
    """
    numbers = count(1)
    run = RunWriter(thread_id="thread", run_id="run", new_id=lambda: f"{dialect}-{next(numbers)}")
    decoder = decoder_for(dialect, run)
    frames = _frames(stream, is_sse=is_sse)
    return [*(event for frame in frames for event in decoder.decode(frame)), *decoder.close()]


def _frames(stream: bytes, *, is_sse: bool) -> list[ServerSentEvent]:
    if is_sse or _looks_like_sse(stream):
        return read_sse(stream).events
    lines = stream.decode("utf-8-sig", "replace").split("\n")
    return [ServerSentEvent(data=line.strip()) for line in lines if line.strip()]


def read_events(stream: bytes, *, is_sse: bool = False) -> list[Any]:
    """The events in the bytes of a file: server-sent events, JSON lines, or one JSON array.

    Raises `DecodeError` that names the frame or line that is not JSON.
    """
    if is_sse or _looks_like_sse(stream):
        frames = [frame.data for frame in read_sse(stream).events if frame.data.strip() not in ("", "[DONE]")]
        return [_json(data, f"frame {number}") for number, data in enumerate(frames, start=1)]
    text = stream.decode("utf-8-sig", "replace")
    if text.lstrip().startswith("["):
        events = _json(text, "the file")
        return events if isinstance(events, list) else [events]
    lines = [(number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip()]
    return [_json(line, f"line {number}") for number, line in lines]


def _looks_like_sse(stream: bytes) -> bool:
    line = TELLING_LINE.search(stream)
    return line is not None and line["sse"] is not None


def read_sse(stream: bytes) -> Decoded:
    """The frames in the bytes of a file."""
    return decode([stream])


def _json(text: str, where: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise DecodeError(f"{where} is not JSON ({error}): {text.strip()[:120]}") from None
