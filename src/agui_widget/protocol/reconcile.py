"""What a MESSAGES_SNAPSHOT makes of the messages that are held."""

from __future__ import annotations

from typing import Any

from .messages import Message
from .values import Event

OWN_METADATA = "@ag-ui/client"  # key under which a snapshot says which activity types it speaks for


def reconcile(held: list[Message], snapshot: list[Message], owned_activities: list[str] | None = None) -> list[Message]:
    """Return `held` as a MESSAGES_SNAPSHOT leaves it: in place by id, what is new at the end.

    Messages that the snapshot does not name go, except those it cannot know: activities of types
    not in `owned_activities`, and reasoning when it has none. A tool message with an unseen id
    takes the place of the held one that answers the same call, so results do not wander behind
    the answer when a server gives them new ids.
    """
    partners = _partners(held, snapshot)
    placed = {_key(partner) for partner in partners.values()}
    carries_reasoning = any(message["role"] == "reasoning" for message in snapshot)
    kept = [
        partners.get(id(message), message)
        for message in held
        if id(message) in partners or _is_client_only(message, owned_activities, carries_reasoning)
    ]
    return kept + [message for message in snapshot if _key(message) not in placed]


def _partners(held: list[Message], snapshot: list[Message]) -> dict[int, Message]:
    """Return, by `id()` of a held message, the one of the snapshot that takes its place.

    That is the one with the same role and id, else with the same id (two messages may share one),
    else, for a tool message, an unseen one that answers the same call.
    """
    by_key = {_key(message): message for message in snapshot}
    by_id = {message["id"]: message for message in snapshot}
    held_keys, held_ids = {_key(message) for message in held}, {message.get("id") for message in held}
    results = {m["toolCallId"]: m for m in snapshot if m["role"] == "tool" and m["id"] not in held_ids}
    partners: dict[int, Message] = {}
    for message in held:
        partner = by_key.get(_key(message)) or by_id.get(message.get("id", ""))
        if partner is not None and _key(partner) in held_keys and _are_call_and_result(message, partner):
            partner = None  # they only share an id: each takes the place of its own kind
        if partner is None and message.get("role") == "tool":
            partner = results.pop(message.get("toolCallId", ""), None)
        if partner is not None:
            partners[id(message)] = partner
    return partners


def _are_call_and_result(one: Message, other: Message) -> bool:
    return (one.get("role") == "tool") != (other.get("role") == "tool")


def _key(message: Message) -> tuple[Any, Any]:
    return message.get("role"), message.get("id")


def _is_client_only(message: Message, owned: list[str] | None, carries_reasoning: bool) -> bool:
    """True when a snapshot that leaves `message` out does not mean that it is gone."""
    if message.get("role") == "activity":
        return owned is not None and message.get("activityType") not in owned
    return message.get("role") == "reasoning" and not carries_reasoning


def owned_activity_types(event: Event) -> list[str] | None:
    """Return the activity types a snapshot speaks for; None means all of them."""
    inferred: list[str] | None = None if any(message["role"] == "activity" for message in event["messages"]) else []
    metadata = event.get("metadata", {})
    if OWN_METADATA not in metadata:
        return inferred
    declared = metadata[OWN_METADATA]
    if not isinstance(declared, dict):
        return []
    types = declared.get("authoritativeActivityTypes", inferred)
    if types is None:
        return None
    is_list_of_names = isinstance(types, list) and all(isinstance(name, str) for name in types)
    return types if is_list_of_names else []
