"""The live objects of one client: kept, drawn and said in words beside the loop; events carry their keys."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from .agents.live import LiveEvent
from .agents.worker import Worker
from .display import agent_text
from .objects import Objects
from .projection import OBJECT_KEY
from .tool_calls import as_object

Event = dict[str, Any]
Call = dict[str, Any]
FindCall = Callable[[str], Call]  # a call's id → the call, or `NO_CALL`

NO_CALL: Call = {"function": {"name": "", "arguments": ""}}


class Keeper:
    """Keeps what an agent yields and what tools give. `warn` is told of renderers that failed."""

    def __init__(self, warn: Callable[[list[dict[str, Any]]], None]) -> None:
        self.objects = Objects(lambda code, message: self._told.append({"code": code, "message": message}))
        self._warn = warn
        self._told: list[dict[str, Any]] = []  # by threads that draw

    async def keep(self, value: Any, call: Call = NO_CALL) -> str:
        """Keep an object, which `call` gave; gives its key."""
        asked = call["function"]
        keep = partial(self.objects.keep, tool=asked["name"], arguments=as_object(asked["arguments"]))
        key: str = await in_thread(keep, value)
        told, self._told = self._told, []
        self._warn(told)
        return key

    async def key_of(self, value: Any, text: str, call: Call) -> str | None:
        """The key of what a call gave, if that is, or looks like, more than the text that says it."""
        name = call["function"]["name"]
        is_more = _is_more(value, text) or self.objects.renderers.find(value, name) is not None
        return await self.keep(value, call) if is_more else None

    async def with_key(self, event: LiveEvent, find: FindCall) -> Event:
        """The event without its object, which is kept: it holds the key."""
        if event["type"] == "TOOL_CALL_RESULT":
            key = await self.keep(event.value, find(event["toolCallId"]))
            text = await in_thread(agent_text, event.value) if event["content"] is None else event["content"]
            return keyed({**event, "content": text}, key)
        key = await self.keep(event.value)
        look = self.objects.look(key) or event["content"]
        content = {"data": {"text/plain": look["data"].get("text/plain", "")}, "object": key}
        return {**event, "content": content}

    async def rendered(self, event: Event, find: FindCall) -> Event:
        """A result with a key, if somebody registered a renderer for what its tool gives, wherever the tool ran."""
        tools = self.objects.renderers.tools
        if not tools or event["type"] != "TOOL_CALL_RESULT" or OBJECT_KEY in (event.get("metadata") or {}):
            return event
        call = find(event["toolCallId"])
        if call["function"]["name"] not in tools:
            return event
        return keyed(event, await self.keep(event["content"], call))


def keyed(event: Event, key: str | None) -> Event:
    """A result's event with the key of what the tool gave."""
    if key is None:
        return event
    return {**event, "metadata": {**(event.get("metadata") or {}), OBJECT_KEY: key}}


async def in_thread(function: Callable[..., Any], *args: Any) -> Any:
    """What a function gives that may block: what objects say of themselves is anybody's code."""
    worker = Worker("agui-display")
    try:
        return await worker.call(function, *args)
    finally:
        worker.finish(lambda: None)


def _is_more(value: Any, text: str) -> bool:
    return value is not None and not (isinstance(value, str) and value == text)
