"""The messages of a conversation, found in constant time and streamed into without copying.

Text that grows is kept as pieces and joined when it is read: a token costs the same in the
first message as in the thousandth, whatever their length.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..text import Text
from .values import copy_json

Message = dict[str, Any]


class Messages:
    """An ordered list of messages with indexes by message id and by tool call id.

    Two messages may share an id (an assistant's and a tool's); the first in the list is found,
    as in the reference client.
    """

    def __init__(self, messages: Iterable[Message] = ()) -> None:
        self.replace_all([copy_json(message) for message in messages])

    def __iter__(self) -> Any:
        """Iterate over the messages as they are kept: texts may be `Text`."""
        return iter(self._list)

    def replace_all(self, messages: list[Message]) -> None:
        """Take `messages`, which become ours, as the whole list."""
        self._list = messages
        self._by_id: dict[str, Message] = {}
        self._calls: dict[str, tuple[Message, dict[str, Any]]] = {}
        for message in messages:
            self._index(message)

    def _index(self, message: Message) -> None:
        self._by_id.setdefault(message.get("id", ""), message)
        for call in message.get("toolCalls") or ():
            if isinstance(call.get("function"), dict):
                self._calls.setdefault(call.get("id", ""), (message, call))

    def find(self, message_id: str) -> Message | None:
        """Return the first message with that id."""
        return self._by_id.get(message_id)

    def find_call(self, call_id: str) -> dict[str, Any] | None:
        """Return the tool call with that id."""
        found = self._calls.get(call_id)
        return found[1] if found else None

    def add(self, message: Message) -> None:
        """Put `message` at the end."""
        self._list.append(message)
        self._index(message)

    def add_call(self, message: Message, call: dict[str, Any]) -> None:
        """Add a tool call to an assistant message of ours."""
        message.setdefault("toolCalls", []).append(call)
        self._calls.setdefault(call["id"], (message, call))

    def add_result(self, result: Message) -> None:
        """Put a tool message behind its call's message and the results already there; else at the end.

        Providers refuse a history in which another message comes between a call and its result.
        """
        owner = self._calls.get(result["toolCallId"])
        if owner is None or owner[0].get("role") != "assistant":
            self.add(result)
            return
        place = self._place(owner[0]) + 1
        while place < len(self._list) and self._list[place].get("role") == "tool":
            place += 1
        self._list.insert(place, result)
        if result["id"] in self._by_id:  # rare: shared ids, so look who comes first now
            self._by_id[result["id"]] = next(m for m in self._list if m.get("id") == result["id"])
        else:
            self._by_id[result["id"]] = result

    def replace(self, old: Message, new: Message) -> None:
        """Put `new` in the place of `old`."""
        self._list[self._place(old)] = new
        self.replace_all(self._list)

    def _place(self, message: Message) -> int:
        return next(i for i, candidate in enumerate(self._list) if candidate is message)

    def append_text(self, holder: dict[str, Any], field: str, delta: str) -> None:
        """Add `delta` to the text in `holder[field]`; what is not text there is overwritten."""
        text = holder.get(field)
        if type(text) is not Text:
            text = holder[field] = Text(text if isinstance(text, str) else "")
        text.append(delta)

    def plain_message(self, message_id: str) -> Message | None:
        """Return the first message with that id as plain JSON values: one copy, not the whole conversation's."""
        message = self.find(message_id)
        return None if message is None else _plain(message)

    def plain(self) -> list[Message]:
        """Return the messages as plain JSON values that share nothing with ours."""
        return [_plain(message) for message in self._list]


def _plain(value: Any) -> Any:
    if type(value) is Text:
        return str(value)
    if type(value) is dict:
        return {name: _plain(member) for name, member in value.items()}
    if type(value) is list:
        return [_plain(member) for member in value]
    return value
