"""The document of a saved conversation: made of what a driver has, and checked before anything believes it.

What is read is treated like what an agent says: it may be anything. Messages go through the protocol, node trees and
rows are looked at, and what draws them drops what is not on its lists.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from ..described import described_output
from ..errors import StoreError
from ..numeric import is_int, is_number
from ..protocol import replay
from ..protocol.shapes import Items, Leaf, Record, Shape, record

FORMAT = "agui_widget.chat"
VERSION = 1
MAX_DEPTH = 250  # of a node tree: what writes it calls itself for each level

Json = dict[str, Any]


@dataclass(frozen=True)
class Saved:
    """All of a conversation that can be kept. Of how its agent is reached, there is nothing in it.

    `snapshot` is what is on screen (docs/wire.md); `messages`, `state`, `pending` and `thread_id` are the agent's
    side; `marks`, `places` and `activities` are how the two belong together.
    """

    title: str
    thread_id: str
    messages: list[Json]
    state: Any
    pending: list[Json]
    snapshot: Json
    marks: list[list[int]]
    places: list[list[str]]
    activities: list[list[str]]

    def to_json(self) -> Json:
        """The document."""
        return {"format": FORMAT, "version": VERSION, **asdict(self)}

    @classmethod
    def from_json(cls, document: Any) -> Saved:
        """The conversation of a document. Raises `StoreError` that says what is wrong with it."""
        if not isinstance(document, dict) or document.get("format") != FORMAT:
            raise StoreError('it is not a saved chat. Write one with chat.save("chat.json")')
        if document.get("version") != VERSION:
            raise StoreError(
                f"it is of version {document.get('version')!r}, and this agui_widget reads version {VERSION}. "
                "Upgrade agui_widget, or save the chat again with this one"
            )
        for name, shape in FIELDS.items():
            if name not in document or not shape.is_clean(document[name]):
                raise StoreError(f"its field {name!r} was changed, or is damaged. Save the chat again")
        fields = {name: document[name] for name in FIELDS}
        for part in _parts(fields["snapshot"]):
            _forget_object(part)
        return cls(**{**fields, "messages": _messages(fields["messages"])})


def _parts(snapshot: Json) -> Iterator[Json]:
    lanes = (lane for message in snapshot["messages"] for lane in message["lanes"].values())
    return (part for lane in lanes for part in lane["parts"])


def _forget_object(part: Json) -> None:
    """What an output shows stays, as far as anybody may say it; the object behind it was another kernel's."""
    holder, name = (part, "value") if part["kind"] == "output" else (part.get("value"), "output")
    if part["kind"] in ("output", "tool") and isinstance(holder, dict) and name in holder:
        holder[name] = described_output(holder[name])


def _messages(messages: list[Any]) -> list[Json]:
    """The messages as the protocol lets them through."""
    named = {"threadId": "t", "runId": "r"}
    events = [{"type": "RUN_STARTED", **named}, {"type": "MESSAGES_SNAPSHOT", "messages": messages}]
    result = replay([*events, {"type": "RUN_FINISHED", **named}])
    if result.outcome != "finished":
        raise StoreError(f"its messages are no AG-UI messages: {result.detail.get('message', result.outcome)}")
    return result.messages


# -- shapes ------------------------------------------------------------------------------------------

STRING = Leaf(lambda value: isinstance(value, str), "a string")
BOOL = Leaf(lambda value: isinstance(value, bool), "true or false")
NUMBER = Leaf(is_number, "a number")
COUNT = Leaf(lambda value: is_int(value) and value >= 0, "a count")
OBJECT = Leaf(lambda value: isinstance(value, dict), "an object")
ANY = Leaf(lambda value: True, "anything")
TEXT_OR_NONE = Leaf(lambda value: value is None or isinstance(value, str), "a string or null")


def _each(shape: Shape) -> Leaf:
    """An object whose members all have one shape."""
    return Leaf(lambda value: isinstance(value, dict) and all(map(shape.is_clean, value.values())), "an object")


def _row(length: int, of: Shape) -> Leaf:
    items = Items(of)
    return Leaf(lambda value: items.is_clean(value) and len(value) == length, "a row")


def _is_attribute(name: str, value: Any) -> bool:
    if name == "runs":
        return isinstance(value, list) and all(
            isinstance(run, list) and len(run) == 2 and COUNT.is_clean(run[0]) and isinstance(run[1], str)
            for run in value
        )
    return isinstance(value, int) if name in ("n", "to") else isinstance(value, str | int)


def _is_tree(nodes: Any) -> bool:
    """True for a list of nodes as docs/nodes.md has them; which elements there are is for those who draw them."""
    level = [nodes]
    for _ in range(MAX_DEPTH):
        if not all(isinstance(children, list) for children in level):
            return False
        found = [node for children in level for node in children if not isinstance(node, str)]
        if not all(_is_element(node) for node in found):
            return False
        level = [node["c"] for node in found if "c" in node]
        if not level:
            return True
    return False


def _is_element(node: Any) -> bool:
    if not isinstance(node, dict) or not isinstance(node.get("t"), str):
        return False
    attributes = node.get("a", {})
    return isinstance(attributes, dict) and all(_is_attribute(name, value) for name, value in attributes.items())


def _open(fields: Mapping[str, Shape]) -> Record:
    return record(fields, is_open=True)


OUTPUT = _open({"data": OBJECT, "name?": STRING, "type?": STRING, "metadata?": OBJECT, "withheld?": OBJECT})
TOOL_ROW = _open(
    {
        "call_id": STRING,
        "name?": STRING,
        "state?": STRING,
        "args?": STRING,
        "progress?": NUMBER,
        "summary?": STRING,
        "result?": STRING,
        "error?": STRING,
        "started_ms?": NUMBER,
        "duration_ms?": NUMBER,
        "output?": OUTPUT,
    }
)
ERROR = _open(
    {
        "message": STRING,
        "code?": STRING,
        "kept?": STRING,
        "detail?": STRING,
        "recovery?": Items(_open({"label": STRING, "action": STRING})),
    }
)
SOURCE = _open({"index": COUNT, "title?": STRING, "url?": STRING, "host?": STRING, "snippet?": STRING})
SURFACE = _open(
    {
        "operations": Items(OBJECT),
        "status?": _open({"status": STRING}),
        "edits?": _each(Items(OBJECT)),
        "spec?": OBJECT,
    }
)
PARTS: Mapping[str, Shape] = {
    "text": _open({"text": STRING}),
    "blocks": _open({"text": STRING, "nodes": Leaf(_is_tree, "a node tree")}),
    "activity": _open({"value": _open({"type": STRING, "content": ANY})}),
    "question": _open({"value": _open({"id": STRING, "reason": STRING, "message": STRING, "answer": STRING})}),
    "output": _open({"value": OUTPUT}),
    "tool": _open({"value": TOOL_ROW}),
    "citation": _open({"value": SOURCE}),
    "error": _open({"value": ERROR}),
    "surface": _open({"value": SURFACE}),
    "drawing": _open({"value": _open({"kind": STRING, "scheme": STRING, "node": OBJECT, "of?": STRING})}),
    "notice": _open({"value": _open({"code": STRING, "message": STRING})}),
}
ANY_PART = _open({"key": STRING, "kind": STRING})  # one of a later agui_widget is kept, and nothing here draws it


def _is_part(part: Any) -> bool:
    return ANY_PART.is_clean(part) and PARTS.get(part["kind"], ANY_PART).is_clean(part)


STATUS = _open(
    {
        "status": STRING,
        "label?": STRING,
        "progress?": NUMBER,
        "duration_ms?": NUMBER,
        "usage?": Items(OBJECT),
    }
)
LANE = record({"parts": Items(Leaf(_is_part, "a part")), "sealed": BOOL, "duration_ms?": NUMBER, "status?": STATUS})
MESSAGE = record(
    {
        "id": STRING,
        "role": STRING,
        "name?": STRING,
        "corr": TEXT_OR_NONE,
        "parent?": STRING,
        "nonce?": STRING,
        "ts": NUMBER,
        "lanes": _each(LANE),
    }
)
RUN = _open({"run_id": STRING, "state": STRING, "detail?": STRING, "usage?": Items(OBJECT)})
SNAPSHOT = _open({"messages": Items(MESSAGE), "runs": Items(RUN), "state": ANY})
INTERRUPT = _open(
    {
        "id": STRING,
        "reason": STRING,
        "message?": STRING,
        "toolCallId?": STRING,
        "expiresAt?": STRING,
        "responseSchema?": OBJECT,
        "metadata?": OBJECT,
    }
)

FIELDS: dict[str, Shape] = {
    "title": STRING,
    "thread_id": STRING,
    "messages": Items(OBJECT),
    "state": ANY,
    "pending": Items(INTERRUPT),
    "snapshot": SNAPSHOT,
    "marks": Items(_row(2, COUNT)),
    "places": Items(_row(5, STRING)),
    "activities": Items(_row(3, STRING)),
}
