"""The snapshot of a conversation, and the one function that changes it: `fold`.

The TypeScript twin is `js/src/store.ts`; `tests/vectors/*.json` hold the two together. The shapes are in
docs/wire.md. Pure: no clock, no thread, no I/O.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from .envelope import VERSION, Draft, Envelope, draft, order
from .errors import SequenceGap
from .gallery import append_items
from .nodes import apply_ops
from .telemetry import append_rows, chart_of
from .text import Text

Message = dict[str, Any]
Lane = dict[str, Any]
Json = Any


class Snapshot:
    """How a conversation looks after envelope number `seq`.

    Inside, messages, runs and parts are dicts by key in screen order and growing texts are `Text`;
    `to_json` gives the plain lists and strings of docs/wire.md, sharing nothing with the snapshot.
    """

    __slots__ = ("messages", "runs", "seq", "state", "stream")

    def __init__(self, stream: str) -> None:
        self.stream = stream
        self.seq = 0
        self.messages: dict[str, Message] = {}
        self.runs: dict[str, dict[str, Any]] = {}
        self.state: Json = None

    def to_json(self) -> dict[str, Any]:
        """The snapshot as plain JSON values."""
        return {
            "v": VERSION,
            "stream": self.stream,
            "seq": self.seq,
            "messages": [_message_to_json(message) for message in self.messages.values()],
            "runs": [_plain(run) for run in self.runs.values()],
            "state": _plain(self.state),
        }

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> Snapshot:
        """The snapshot that `to_json` described."""
        snapshot = cls(document["stream"])
        snapshot.seq = document["seq"]
        snapshot.messages = {message["id"]: _message_from_json(message) for message in document["messages"]}
        snapshot.runs = {run["run_id"]: _plain(run) for run in document["runs"]}
        snapshot.state = _plain(document["state"])
        return snapshot


def fold(snapshot: Snapshot, envelope: Envelope) -> Snapshot:
    """Apply one envelope to the snapshot, which is changed and returned.

    An envelope already folded in changes nothing. Raises `SequenceGap`, having changed nothing, if one
    before it is missing.
    """
    place = order(snapshot.seq, envelope)
    if place == "gap":
        raise SequenceGap(f"envelope {envelope['seq']} came after {snapshot.seq}: ask for a snapshot")
    if place == "next":
        _apply(snapshot, envelope)
        snapshot.seq = envelope["seq"]
    return snapshot


def rebuild(document: dict[str, Any]) -> list[Draft]:
    """The changes that make an empty snapshot into the one that `to_json` described, times included."""
    drafts: list[Draft] = []
    for message in document["messages"]:
        start = {key: message[key] for key in ("role", "name", "parent", "nonce") if key in message}
        place = {"message_id": message["id"], "corr": message["corr"]}
        drafts.append({**draft("message.start", "status", start, **place), "ts": message["ts"]})
        for name, lane in message["lanes"].items():
            drafts += [draft(kind, name, payload, **place) for kind, payload in _lane_changes(lane)]
    drafts += [draft("run.update", "status", run, corr=run["run_id"]) for run in document["runs"]]
    return [*drafts, draft("state.update", "status", {"state": document["state"]})]


def _lane_changes(lane: Lane) -> list[tuple[str, dict[str, Any]]]:
    changes = [("part.put", part) for part in lane["parts"]]
    if "status" in lane:
        changes.append(("message.status", lane["status"]))
    if lane["sealed"]:
        figures = {name: value for name, value in lane.items() if name not in ("parts", "status", "sealed")}
        changes.append(("lane.seal", figures))
    return changes or [("part.remove", {"key": ""})]  # a lane is there from its first change on


def fold_all(snapshot: Snapshot, envelopes: Iterable[Envelope]) -> Snapshot:
    """Fold each envelope in turn."""
    for envelope in envelopes:
        fold(snapshot, envelope)
    return snapshot


def _apply(snapshot: Snapshot, envelope: Envelope) -> None:
    change_lane = LANE_FOLDS.get(envelope["kind"])
    if change_lane is not None:
        message = snapshot.messages.get(envelope["message_id"])
        if message is not None:
            change_lane(_lane(message, envelope["lane"]), envelope["payload"])
        return
    change_conversation = CONVERSATION_FOLDS.get(envelope["kind"])
    if change_conversation is not None:
        change_conversation(snapshot, envelope)


# -- one lane ----------------------------------------------------------------------------------------


def _lane(message: Message, name: str) -> Lane:
    lanes: dict[str, Lane] = message["lanes"]
    if name not in lanes:
        lanes[name] = {"parts": {}, "sealed": False}
    return lanes[name]


def _token_delta(lane: Lane, payload: dict[str, Any]) -> None:
    key = payload.get("part", "text")
    part = lane["parts"].get(key)
    if part is None:
        part = lane["parts"][key] = {"key": key, "kind": "text", "text": Text()}
    if part["kind"] == "text":
        part["text"].append(payload["text"])


def _blocks_patch(lane: Lane, payload: dict[str, Any]) -> None:
    key = payload.get("part", "text")
    part = lane["parts"].get(key)
    if part is None:
        part = lane["parts"][key] = {"key": key, "kind": "blocks", "nodes": [], "text": Text()}
    if part["kind"] == "blocks":
        part["nodes"] = apply_ops(part["nodes"], payload["ops"])
        part["text"].append(payload.get("text", ""))


def _tool_row(lane: Lane, call_id: str) -> dict[str, Any]:
    part = lane["parts"].get(call_id)
    if part is None:
        part = lane["parts"][call_id] = {"key": call_id, "kind": "tool", "value": {"call_id": call_id}}
    row: dict[str, Any] = part["value"]
    return row


def _tools_update(lane: Lane, payload: dict[str, Any]) -> None:
    for changes in payload["tools"]:
        row = _tool_row(lane, changes["call_id"])
        row.update(_plain(changes))
        if "args" in changes:
            row["args"] = Text(changes["args"])


def _tool_args(lane: Lane, payload: dict[str, Any]) -> None:
    row = _tool_row(lane, payload["call_id"])
    row.setdefault("args", Text()).append(payload["text"])


def _part_put(lane: Lane, payload: dict[str, Any]) -> None:
    lane["parts"][payload["key"]] = _part_from_json(payload)


def _part_remove(lane: Lane, payload: dict[str, Any]) -> None:
    lane["parts"].pop(payload["key"], None)


def _error_raise(lane: Lane, payload: dict[str, Any]) -> None:
    value = {name: _plain(field) for name, field in payload.items() if name != "key"}
    lane["parts"][payload["key"]] = {"key": payload["key"], "kind": "error", "value": value}


def _citations_update(lane: Lane, payload: dict[str, Any]) -> None:
    lane["parts"] = {}
    for place, citation in enumerate(payload["citations"], 1):
        key = str(citation.get("index", place))
        lane["parts"][key] = {"key": key, "kind": "citation", "value": {"index": place, **_plain(citation)}}


def _a2ui_render(lane: Lane, payload: dict[str, Any]) -> None:
    key = payload["part"]
    part = lane["parts"].get(key)
    if part is None:
        part = lane["parts"][key] = {"key": key, "kind": "surface", "value": {"operations": []}}
    if part["kind"] != "surface":
        return
    value, arrived = part["value"], _plain(payload.get("operations", []))
    if payload.get("reset"):
        value["operations"] = []
    value["operations"] += arrived
    if payload.get("status") is not None:
        value["status"] = _plain(payload["status"])
    elif arrived or "status" in payload:
        value.pop("status", None)


def _telemetry_append(lane: Lane, payload: dict[str, Any]) -> None:
    part = lane["parts"].get(payload["part"])
    chart = chart_of(part["value"]) if part is not None and part["kind"] == "output" else None
    if chart is not None:
        append_rows(chart, _plain(payload["rows"]))


def _media_append(lane: Lane, payload: dict[str, Any]) -> None:
    part = lane["parts"].get(payload["part"])
    if part is not None and part["kind"] == "output":
        append_items(part["value"], _plain(payload["items"]), payload.get("text", ""))


def _lane_seal(lane: Lane, payload: dict[str, Any]) -> None:
    lane["sealed"] = True
    lane.update(payload)


def _message_status(lane: Lane, payload: dict[str, Any]) -> None:
    lane["status"] = _plain(payload)


LANE_FOLDS: dict[str, Callable[[Lane, dict[str, Any]], None]] = {
    "token.delta": _token_delta,
    "blocks.patch": _blocks_patch,
    "tools.update": _tools_update,
    "tools.progress": _tools_update,
    "tool.args": _tool_args,
    "part.put": _part_put,
    "part.remove": _part_remove,
    "citations.update": _citations_update,
    "a2ui.render": _a2ui_render,
    "telemetry.append": _telemetry_append,
    "media.append": _media_append,
    "error.raise": _error_raise,
    "lane.seal": _lane_seal,
    "message.status": _message_status,
}


# -- the whole conversation --------------------------------------------------------------------------


def _message_start(snapshot: Snapshot, envelope: Envelope) -> None:
    message_id, payload = envelope["message_id"], envelope["payload"]
    if message_id in snapshot.messages:
        return
    snapshot.messages[message_id] = {
        "id": message_id,
        "role": payload["role"],
        **{key: payload[key] for key in ("name", "parent", "nonce") if key in payload},
        "corr": envelope["corr"],
        "ts": envelope["ts"],
        "lanes": {},
    }
    if "after" in payload:
        _message_move(snapshot, envelope)


def _message_remove(snapshot: Snapshot, envelope: Envelope) -> None:
    snapshot.messages.pop(envelope["message_id"], None)


def _message_move(snapshot: Snapshot, envelope: Envelope) -> None:
    after = envelope["payload"]["after"]
    if envelope["message_id"] not in snapshot.messages or after == envelope["message_id"]:
        return
    message = snapshot.messages.pop(envelope["message_id"])
    ids = list(snapshot.messages)
    at = 0 if after is None else ids.index(after) + 1 if after in snapshot.messages else len(ids)
    ids.insert(at, message["id"])
    others = {**snapshot.messages, message["id"]: message}
    snapshot.messages = {message_id: others[message_id] for message_id in ids}


def _a2ui_edit(snapshot: Snapshot, envelope: Envelope) -> None:
    """What was entered belongs to a part that is there: nothing else of the message changes."""
    payload = envelope["payload"]
    lanes = snapshot.messages.get(envelope["message_id"], {"lanes": {}})["lanes"]
    part = lanes.get(envelope["lane"], {"parts": {}})["parts"].get(payload["part"])
    if part is not None and part["kind"] == "surface":
        part["value"].setdefault("edits", {})[payload["surface"]] = _plain(payload["edits"])


def _run_update(snapshot: Snapshot, envelope: Envelope) -> None:
    changes = _plain(envelope["payload"])
    snapshot.runs.setdefault(changes["run_id"], {}).update(changes)


def _state_update(snapshot: Snapshot, envelope: Envelope) -> None:
    snapshot.state = _plain(envelope["payload"]["state"])


CONVERSATION_FOLDS: dict[str, Callable[[Snapshot, Envelope], None]] = {
    "message.start": _message_start,
    "message.remove": _message_remove,
    "message.move": _message_move,
    "a2ui.edit": _a2ui_edit,
    "run.update": _run_update,
    "state.update": _state_update,
}


# -- plain JSON and back -----------------------------------------------------------------------------


def _plain(value: Any) -> Any:
    """A copy that shares nothing, with every growing text joined."""
    if isinstance(value, dict):
        return {key: _plain(field) for key, field in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, Text) else value


def _message_to_json(message: Message) -> Message:
    lanes = {name: _plain({**lane, "parts": list(lane["parts"].values())}) for name, lane in message["lanes"].items()}
    return {**message, "lanes": lanes}


def _message_from_json(message: Message) -> Message:
    lanes = {
        name: {**lane, "parts": {part["key"]: _part_from_json(part) for part in lane["parts"]}}
        for name, lane in message["lanes"].items()
    }
    return {**message, "lanes": lanes}


def _part_from_json(part: dict[str, Any]) -> dict[str, Any]:
    """The part with its growing texts as `Text`."""
    owned: dict[str, Any] = _plain(part)
    if owned["kind"] in ("text", "blocks"):
        owned["text"] = Text(owned["text"])
    elif owned["kind"] == "tool" and "args" in owned["value"]:
        owned["value"]["args"] = Text(owned["value"]["args"])
    return owned
