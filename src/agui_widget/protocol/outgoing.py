"""The way out: what a client sends to start a run, in the spelling the agent understands."""

from __future__ import annotations

from typing import Any

from ..errors import ProtocolViolation
from .boundary import LAST_VERSION_WITHOUT_SUBAGENTS, modern_parts, peer_is_at_most, version_numbers
from .events import PROTOCOL_VERSION, RUN_INPUT
from .values import copy_json
from .walk import problem, strip, without_nulls
from .warnings import Warnings

RunInput = dict[str, Any]
ALWAYS_SENT: RunInput = {"messages": [], "tools": [], "context": [], "state": {}, "forwardedProps": {}}
LAST_VERSION_WITHOUT_PARTS = "0.0.39"


def outgoing_input(run_input: RunInput, *, peer: str | None = None) -> tuple[RunInput, list[dict[str, Any]]]:
    """Return `run_input` as it may leave, and the warnings about what it lost on the way.

    Activity messages stay here, legacy binary parts become modern ones, unknown properties go, and
    the fields that 0.x servers insist on are always there. `peer` is the version of an agent known
    to be older: it gets no `protocolVersion`, up to 0.0.57 no attribution, up to 0.0.39 plain text
    only. Raises `ProtocolViolation` when a known field is malformed.
    """
    warnings = Warnings()
    gone: list[str] = []
    outgoing = without_nulls(RUN_INPUT, {**ALWAYS_SENT, **copy_json(run_input)}, "", [])
    for name, default in ALWAYS_SENT.items():
        outgoing.setdefault(name, default)
    outgoing["messages"] = [
        _outgoing_message(message, peer, warnings)
        for message in _listed(outgoing["messages"])
        if not isinstance(message, dict) or message.get("role") != "activity"
    ]
    _declare_version(outgoing, peer)
    outgoing = strip(RUN_INPUT, outgoing, "", gone)
    for path in gone:
        warnings.add("stripped", f"Removed unrecognised material at '{path}' from the outgoing input.", path)
    malformed = problem(RUN_INPUT, outgoing, "")
    if malformed:
        raise ProtocolViolation(f"Malformed run input at {malformed}", rule="malformed")
    return outgoing, warnings.entries


def _declare_version(outgoing: RunInput, peer: str | None) -> None:
    if peer is None or version_numbers(peer) >= version_numbers(PROTOCOL_VERSION):
        outgoing["protocolVersion"] = PROTOCOL_VERSION
    else:
        outgoing.pop("protocolVersion", None)
    if peer_is_at_most(peer, LAST_VERSION_WITHOUT_PARTS):
        outgoing.pop("parentRunId", None)


def _outgoing_message(message: Any, peer: str | None, warnings: Warnings) -> Any:
    if not isinstance(message, dict):
        return message
    if peer_is_at_most(peer, LAST_VERSION_WITHOUT_SUBAGENTS):
        message.pop("subagentRunId", None)
    if peer_is_at_most(peer, LAST_VERSION_WITHOUT_PARTS):
        message = _flattened(message, warnings)
    if isinstance(message.get("content"), list):
        message["content"] = modern_parts(message["content"], warnings)
    return message


def _flattened(message: dict[str, Any], warnings: Warnings) -> dict[str, Any]:
    """Return `message` with its parts as one string. Malformed text is left for the judge."""
    content = message.get("content", "")
    if not isinstance(content, list):
        return {**message, "content": content}
    texts = [part for part in content if isinstance(part, dict) and part.get("type") == "text"]
    if not all(isinstance(part.get("text"), str) for part in texts):
        return message
    dropped = [str(part.get("type")) if isinstance(part, dict) else "?" for part in content if part not in texts]
    if dropped:
        warnings.add(
            "parts-dropped",
            f"Flattening message content for a <=0.0.39 peer DROPS non-text parts ({', '.join(dropped)}).",
        )
    return {**message, "content": "".join(part["text"] for part in texts)}


def _listed(messages: Any) -> list[Any]:
    if not isinstance(messages, list):
        raise ProtocolViolation("Malformed run input at /messages: expected array", rule="malformed")
    return messages
