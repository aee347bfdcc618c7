"""Compatibility: retired spellings of older peers become their 1.0 equivalents, with a warning.

`Boundary` is always on and does what the reference client does. `Repair` is what a lenient
pipeline does on top, for producers that never were right.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .events import MEDIA_TYPES
from .shapes import Record
from .values import Event, is_whole, joined_halves, whole_characters
from .walk import renamed, without_nulls
from .warnings import Warnings

# type → (its 1.0 name, which remembered id it names, opens it, closes it)
THINKING = {
    "THINKING_START": ("REASONING_START", "span", True, False),
    "THINKING_TEXT_MESSAGE_START": ("REASONING_MESSAGE_START", "message", True, False),
    "THINKING_TEXT_MESSAGE_CONTENT": ("REASONING_MESSAGE_CONTENT", "message", False, False),
    "THINKING_TEXT_MESSAGE_END": ("REASONING_MESSAGE_END", "message", False, True),
    "THINKING_END": ("REASONING_END", "span", False, True),
}
# Nulls that older producers write for "absent"; on any other optional field null is malformed.
TOLERATED_NULLS = {
    "RUN_FINISHED": ("result", "outcome"),
    "SUBAGENT_FINISHED": ("result",),
    "TOOL_CALL_START": ("parentMessageId",),
    "TOOL_CALL_CHUNK": ("parentMessageId",),
}
_INPUT_NULLS = {"tools": "parameters", "resume": "payload"}
SUBAGENT_EVENTS = frozenset({"SUBAGENT_STARTED", "SUBAGENT_FINISHED", "SUBAGENT_ERROR"})
LAST_VERSION_WITHOUT_SUBAGENTS = "0.0.57"


class Boundary:
    """Translates one stream; `peer` is the version of an agent known to be older."""

    def __init__(self, warnings: Warnings, *, new_id: Callable[[], str] | None, peer: str | None = None) -> None:
        self._warnings = warnings
        self._new_id = new_id or self._id_in_run
        self._run_id, self._minted = "", 0
        self._peer_lacks_subagents = peer_is_at_most(peer, LAST_VERSION_WITHOUT_SUBAGENTS)
        self._halves: dict[Any, str] = {}  # half a character each, whose other half is in the next delta
        self._thinking: dict[str, str | None] = {"span": None, "message": None}

    def feed(self, event: Event) -> list[Event]:
        """Return the event in its 1.0 spelling; nothing when the peer's era has no such event."""
        kind = event.get("type")
        if type(kind) is not str:
            return [event]  # no event; enforcement says so
        delta = event.get("delta")
        if type(delta) is str and (self._halves or not (delta.isascii() or is_whole(delta))):
            event = {**event, "delta": self._whole_delta(event, delta)}
        if None in event.values():
            event = self._without_nulls(event, ("rawEvent", *TOLERATED_NULLS.get(kind, ())))
        if kind in THINKING:
            event = self._translate_thinking(event)
        elif kind == "MESSAGES_SNAPSHOT":
            event = self._with_modern_messages(event)
        elif kind == "RUN_STARTED":
            event = self._start_run(event)
        return self._without_subagents(event) if self._peer_lacks_subagents else [event]

    def _without_nulls(self, event: Event, fields: tuple[str, ...]) -> Event:
        kind = event.get("type", "input")
        gone = [name for name in fields if name in event and event[name] is None]
        for name in gone:
            self._convert(f"{kind}.{name}: null", "an absent field", f"/{name}")
        return {name: value for name, value in event.items() if name not in gone}

    def _whole_delta(self, event: Event, delta: str) -> str:
        """Return `delta` with whole characters only; half a one at its end waits for the next."""
        names = ("type", "messageId", "toolCallId", "subagentRunId")
        key = tuple(str(event.get(name)) for name in names)  # as text: they are not yet known to be that
        text = joined_halves(self._halves.pop(key, "") + delta)
        if "\ud800" <= text[-1:] <= "\udbff":
            self._halves[key], text = text[-1], text[:-1]
        whole = whole_characters(text)
        if whole != text:
            self._warnings.add("half-character", "Half a character in a delta was replaced.", "/delta")
        return whole

    def _translate_thinking(self, event: Event) -> Event:
        modern, which, opens, closes = THINKING[event["type"]]
        self._convert(event["type"], modern)
        rest = {name: value for name, value in event.items() if name != "title" or not opens}
        if "title" in event and event["type"] == "THINKING_START":
            metadata = event.get("metadata", {})
            rest["metadata"] = {**metadata, "title": event["title"]} if isinstance(metadata, dict) else metadata
            self._warnings.add(
                "title-moved",
                f"THINKING_START.title {event['title']!r:.200}: {modern} has no such field, so it is in the "
                "event's metadata.",
                "/title",
            )
        translated = {**rest, "type": modern, "messageId": self._thinking_id(event["type"], which, opens)}
        if modern == "REASONING_MESSAGE_START":
            translated["role"] = "reasoning"
        if closes:
            self._thinking[which] = None
        return translated

    def _start_run(self, event: Event) -> Event:
        self._run_id, self._minted = str(event.get("runId", "")), 0
        run_input = event.get("input")
        return {**event, "input": self._modern_input(run_input)} if isinstance(run_input, dict) else event

    def _id_in_run(self) -> str:
        """Return an id that no other run mints, and a replay of this one mints again."""
        self._minted += 1
        return f"{self._run_id}:thinking:{self._minted}"

    def _thinking_id(self, kind: str, which: str, opens: bool) -> str:
        known = self._thinking[which]
        if known is not None and not opens:
            return known
        minted = self._new_id()
        if opens:
            self._thinking[which] = minted
        else:
            self._warnings.add(
                "id-minted", f"Minting a messageId ('{minted}') for {kind}: no THINKING opener preceded it."
            )
        return minted

    def _with_modern_messages(self, holder: dict[str, Any]) -> dict[str, Any]:
        messages = holder.get("messages")
        if not isinstance(messages, list):
            return holder
        return {**holder, "messages": [self._modern_message(message) for message in messages]}

    def _modern_message(self, message: Any) -> Any:
        content = message.get("content") if isinstance(message, dict) else None
        if not isinstance(content, list):
            return message
        content = [self._without_null_metadata(part) for part in content]
        if any(isinstance(part, dict) and part.get("type") == "binary" for part in content):
            self._convert("binary input content", "the modern media content parts")
            content = modern_parts(content, self._warnings)
        return {**message, "content": content}

    def _without_null_metadata(self, part: Any) -> Any:
        is_media = isinstance(part, dict) and part.get("type") in MEDIA_TYPES
        return self._without_nulls(part, ("metadata",)) if is_media else part

    def _modern_input(self, run_input: dict[str, Any]) -> dict[str, Any]:
        result = self._without_nulls(run_input, ("forwardedProps",))
        for name, nullable in _INPUT_NULLS.items():
            if isinstance(result.get(name), list):
                result[name] = [
                    self._without_nulls(entry, (nullable,)) if isinstance(entry, dict) else entry
                    for entry in result[name]
                ]
        return self._with_modern_messages(result)

    def _without_subagents(self, event: Event) -> list[Event]:
        kind = event.get("type")
        if kind in SUBAGENT_EVENTS:
            self._warnings.add(
                "subagent-dropped",
                f"AG-UI is dropping {kind} because the target agent predates subagent support.",
            )
            return []
        return [_untagged(event, ("messages", "interrupts"))]

    def _convert(self, what: str, replacement: str, path: str | None = None) -> None:
        self._warnings.add("converted", f"Converting deprecated {what} to {replacement}.", path)


class Repair:
    """Mends what real producers get wrong: snake_case names, nulls, fractional timestamps."""

    def __init__(self, warnings: Warnings) -> None:
        self._warnings = warnings

    def __call__(self, event: Event, shape: Record) -> Event:
        """Return a mended copy of `event`, which does not have the shape it should have."""
        misspelt: list[str] = []
        event = renamed(shape, event, "", misspelt)
        for path in misspelt:
            self._note(event, "snake-case", "a snake_case name", "the wire's camelCase", path)
        gone: list[str] = []
        event = without_nulls(shape, event, "", gone)
        for path in gone:
            self._note(event, "null", "null for an optional field", "an absent field", path)
        return self._with_role(self._with_timestamp(event))

    def _with_timestamp(self, event: Event) -> Event:
        stamp = event.get("timestamp")
        if type(stamp) is not float or stamp.is_integer():
            return event
        self._note(event, "timestamp", "a fractional timestamp", "whole milliseconds", "/timestamp")
        return {**event, "timestamp": round(stamp)}

    def _with_role(self, event: Event) -> Event:
        if event["type"] != "REASONING_MESSAGE_START" or event.get("role") == "reasoning":
            return event
        self._note(event, "reasoning-role", f"role {event.get('role')!r}", 'role "reasoning"', "/role")
        return {**event, "role": "reasoning"}

    def _note(self, event: Event, code: str, what: str, replacement: str, path: str) -> None:
        message = f"{event['type']}: {what} at '{path}' read as {replacement}."
        self._warnings.add(code, message, path)


def modern_parts(content: list[Any], warnings: Warnings) -> list[Any]:
    """Return content parts with every legacy `binary` part as an image, audio, video or document.

    One that repeats a modern part beside it is left out; one that has only an id cannot be read
    by a 1.0 peer and stays as it is, with a warning.
    """
    result = []
    for part in content:
        modern = _modern_part(part, warnings)
        is_mirror = modern is not part and any(_carries(other, modern) for other in content)
        if not is_mirror:
            result.append(modern)
    return result


def _modern_part(part: Any, warnings: Warnings) -> Any:
    is_binary = isinstance(part, dict) and part.get("type") == "binary"
    if not is_binary or not isinstance(part.get("mimeType"), str):
        return part
    for name in ("data", "url"):
        if part.get(name):
            return _media_part(part, {"type": name, "value": part[name], "mimeType": part["mimeType"]})
    warnings.add(
        "binary-by-id",
        f"A binary content part carries only an id ('{part.get('id', '')}') and cannot be converted.",
    )
    return part


def _media_part(binary: dict[str, Any], source: dict[str, Any]) -> dict[str, Any]:
    family = binary["mimeType"].split("/")[0]
    part = {"type": family if family in ("image", "audio", "video") else "document", "source": source}
    return {**part, "metadata": {"filename": binary["filename"]}} if binary.get("filename") else part


def _carries(part: Any, modern: dict[str, Any]) -> bool:
    """True when `part` is already what `modern` says, file name included."""
    if not isinstance(part, dict) or part.get("type") != modern["type"]:
        return False
    source, metadata = part.get("source"), part.get("metadata")
    same_source = isinstance(source, dict) and modern["source"].items() <= source.items()
    if "metadata" not in modern:
        return same_source
    name = metadata.get("filename") if isinstance(metadata, dict) else None
    return same_source and name == modern["metadata"]["filename"]


def peer_is_at_most(peer: str | None, version: str) -> bool:
    """True when `peer` is a declared version that is not newer than `version`."""
    return peer is not None and version_numbers(peer) <= version_numbers(version)


def version_numbers(version: str) -> tuple[int, ...]:
    """Return what versions compare by: "1.0" and "1.0.0" are the same."""
    numbers = [int(number) for number in version.split(".") if number.isascii() and number.isdigit()]
    return tuple(numbers + [0] * (3 - len(numbers)))


def _untagged(value: dict[str, Any], lists: tuple[str, ...]) -> dict[str, Any]:
    """Return `value` without `subagentRunId`, also in the messages and interrupts it holds."""
    result = {name: member for name, member in value.items() if name != "subagentRunId"}
    for name in lists:
        if isinstance(result.get(name), list):
            result[name] = [_untagged(e, ()) if isinstance(e, dict) else e for e in result[name]]
    for name in ("input", "outcome"):
        if lists and isinstance(result.get(name), dict):
            result[name] = _untagged(result[name], lists)
    return result
