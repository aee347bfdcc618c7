"""`agui.v1` envelopes: one numbered change to one lane of one message (see docs/wire.md).

A *draft* is an envelope that has no number yet; the session alone gives out numbers (`stamp`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import chain
from typing import Any, Literal

from .nodes import join_ops

VERSION = "agui.v1"
LANES = ("thinking", "reasoning", "text", "tools", "a2ui", "citations", "errors", "status")

Envelope = dict[str, Any]
Draft = dict[str, Any]


def draft(
    kind: str, lane: str, payload: dict[str, Any], *, message_id: str | None = None, corr: str | None = None
) -> Draft:
    """An envelope without its number, stream and time."""
    return {"message_id": message_id, "kind": kind, "lane": lane, "corr": corr, "payload": payload}


def stamp(unnumbered: Draft, *, stream: str, seq: int, ts: int) -> Envelope:
    """The numbered envelope. `ts` is epoch milliseconds."""
    return {"v": VERSION, "id": f"{stream}:{seq}", "ts": ts, "stream": stream, **unnumbered, "seq": seq}


def order(last: int, envelope: Envelope) -> Literal["next", "old", "gap"]:
    """Where an envelope stands for a reader that has everything up to `last`."""
    if envelope.get("seq_from", envelope["seq"]) == last + 1:
        return "next"
    return "old" if envelope["seq"] <= last else "gap"


# Which envelopes may be joined, by what they must have in common. All of them go on where the one before ended.
MERGE_TARGETS: dict[str, str] = {
    "token.delta": "part",
    "tool.args": "call_id",
    "blocks.patch": "part",
    "telemetry.append": "part",
    "media.append": "part",
}

# What of their payloads is joined.
JOINS: dict[str, Callable[[list[Any]], Any]] = {
    "text": "".join,
    "ops": lambda lists: join_ops(list(chain.from_iterable(lists))),
    "rows": lambda lists: list(chain.from_iterable(lists)),
    "items": lambda lists: list(chain.from_iterable(lists)),
}


def merge_target(envelope: Envelope) -> tuple[Any, ...] | None:
    """What an appending envelope appends to; None for an envelope that never merges."""
    key = MERGE_TARGETS.get(envelope["kind"])
    if key is None:
        return None
    return (envelope["kind"], envelope["message_id"], envelope["lane"], envelope["payload"].get(key))


def coalesce(envelopes: Iterable[Envelope]) -> list[Envelope]:
    """The same changes in fewer envelopes: adjacent appends to one target become one.

    Order is kept and nothing else merges, so folding the result gives the same snapshot.
    """
    groups: list[list[Envelope]] = []
    target: tuple[Any, ...] | None = None
    for envelope in envelopes:
        its_target = merge_target(envelope)
        if its_target is not None and its_target == target:
            groups[-1].append(envelope)
        else:
            groups.append([envelope])
        target = its_target
    return [_joined(group) for group in groups]


def _joined(group: list[Envelope]) -> Envelope:
    if len(group) == 1:
        return group[0]
    first, last = group[0], group[-1]
    payloads = [envelope["payload"] for envelope in group]
    payload = dict(payloads[-1])
    for name, join in JOINS.items():
        values = [each[name] for each in payloads if name in each]
        if values:
            payload[name] = join(values)
    return {**last, "seq_from": first.get("seq_from", first["seq"]), "payload": payload}


def weight(envelope: Envelope) -> int:
    """About how many bytes an envelope takes on the wire and in memory."""
    return 300 + size_of(envelope["payload"])


def size_of(value: Any) -> int:
    """About how many bytes a JSON value takes."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, dict):
        return sum(len(key) + size_of(field) for key, field in value.items())
    return sum(map(size_of, value)) if isinstance(value, list) else 4
