"""Application: what each verified event does to messages, state, interrupts, pending calls, usage.

One short function per event type, in the table `HANDLERS`. None of them raises: an event that
finds nothing to change leaves a warning.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from ..errors import PatchError
from ..text import Text
from .interrupts import Interrupt, read_legacy_interrupt
from .messages import Message, Messages
from .patch import apply_in_place
from .reconcile import owned_activity_types, reconcile
from .values import Event, copy_json
from .warnings import Warnings

REPLACE = "agui_widget.replace"  # CUSTOM; value: {"messageId", "text"}: what a message says instead of all before


class Apply:
    """The conversation that a stream of verified events builds."""

    def __init__(
        self,
        warnings: Warnings,
        *,
        messages: Iterable[Message] = (),
        state: Any = None,
        pending_interrupts: Iterable[Interrupt] = (),
        reads_legacy_interrupts: bool = True,
    ) -> None:
        self._warnings = warnings
        self._reads_legacy_interrupts = reads_legacy_interrupts
        self.messages = Messages(messages)
        self.state = {} if state is None else copy_json(state)  # absent counts as {}
        self.state_in_step = True
        self.pending_interrupts = [copy_json(interrupt) for interrupt in pending_interrupts]
        self.pending_tool_call_ids: list[str] = []
        self.usage: list[dict[str, Any]] = []
        self.subagents: dict[str, dict[str, Any]] = {}
        self.detail: dict[str, Any] = {}
        self._run_id = ""
        self._legacy_interrupts: list[Interrupt] = []
        self._unanswered: dict[str, None] = {}  # calls that this run started, in order
        self._answered: set[str] = set()
        self._results: set[tuple[str, str]] = set()  # (call, message) of this run's results

    def feed(self, event: Event) -> list[Event]:
        """Apply `event` and return it."""
        handler = HANDLERS.get(event["type"])
        if handler is not None:
            handler(self, event)
        return [event]

    # --- runs ----------------------------------------------------------------------------------

    def _start_run(self, event: Event) -> None:
        self._run_id = event["runId"]
        self._legacy_interrupts, self._unanswered, self._answered, self._results = [], {}, set(), set()
        self.pending_tool_call_ids, self.usage, self.subagents, self.detail = [], [], {}, {}
        for message in event.get("input", {}).get("messages", ()):
            if self.messages.find(message["id"]) is None:
                self.messages.add(copy_json(message))

    def _finish_run(self, event: Event) -> None:
        self.usage = copy_json(event.get("usage", []))
        outcome = copy_json(event.get("outcome", {"type": "success"}))
        if outcome["type"] == "success" and self._legacy_interrupts:
            outcome = {"type": "interrupt", "interrupts": self._legacy_interrupts}
        self.pending_interrupts = copy_json(outcome.get("interrupts", []))
        self.pending_tool_call_ids = self._pending_calls(outcome)
        self.detail = {**outcome, "result": copy_json(event["result"])} if "result" in event else outcome

    def _pending_calls(self, outcome: dict[str, Any]) -> list[str]:
        """Return the calls that the application must answer: the producer's list, else what it left open.

        A call that an interrupt asks about waits for the human, not for the application.
        """
        if outcome["type"] == "cancelled":
            return []
        named: list[str] = outcome.get("pendingToolCallIds", [])
        asked = {interrupt.get("toolCallId") for interrupt in outcome.get("interrupts", ())}
        return named or [name for name in self._unanswered if name not in self._answered | asked]

    def unanswered_calls(self) -> list[dict[str, Any]]:
        """Return the calls of this run that have no result yet."""
        found = (self.messages.find_call(name) for name in self._unanswered if name not in self._answered)
        return [
            {**call, "function": {**call["function"], "arguments": str(call["function"]["arguments"])}}
            for call in found
            if call is not None
        ]

    def _fail_run(self, event: Event) -> None:
        self.usage = copy_json(event.get("usage", self.usage))
        self.detail = {name: event[name] for name in ("message", "code") if name in event}

    # --- streamed text -------------------------------------------------------------------------

    def _start_text(self, event: Event) -> None:
        self._start_message(event, event.get("role", "assistant"))

    def _start_reasoning(self, event: Event) -> None:
        self._start_message(event, "reasoning")

    def _start_message(self, event: Event, role: str) -> None:
        message = self.messages.find(event["messageId"])
        if message is None:
            message = {"id": event["messageId"], "role": role, "content": Text()}
            message.update({name: event[name] for name in ("name", "subagentRunId") if name in event})
            self.messages.add(message)
        elif message.get("role") == "activity":
            self._note_activity_in_the_way(event)
            return
        _merge_metadata(message, event)

    def _append_text(self, event: Event) -> None:
        message = self._text_message(event)
        if message is not None:
            self.messages.append_text(message, "content", event["delta"])
            if "metadata" in event:
                _merge_metadata(message, event)

    def _end_text(self, event: Event) -> None:
        message = self._text_message(event)
        if message is not None:
            _merge_metadata(message, event)

    def _text_message(self, event: Event) -> Message | None:
        """Return the message that text goes to; None, with a warning, when it cannot take any."""
        message = self.messages.find(event["messageId"])
        if message is None:
            text = f"{event['type']}: No message found with ID '{event['messageId']}'"
            self._warnings.add("no-such-message", text)
        elif message.get("role") == "activity":
            self._note_activity_in_the_way(event)
            return None
        return message

    def _note_activity_in_the_way(self, event: Event) -> None:
        self._warnings.add(
            "id-is-an-activity",
            f"{event['type']}: Message '{event['messageId']}' is an activity message; "
            "message ids must be unique across activity and other messages",
        )

    # --- tool calls ----------------------------------------------------------------------------

    def _start_call(self, event: Event) -> None:
        name, call_id = event["toolCallName"], event["toolCallId"]
        self._unanswered.setdefault(call_id)
        call = self.messages.find_call(call_id)
        if call is None:
            call = {"id": call_id, "type": "function", "function": {"name": name, "arguments": Text()}}
            self.messages.add_call(self._message_for_call(event), call)
        elif call["function"]["name"] != name:
            old = call["function"]["name"]
            self._warnings.add("tool-renamed", f"Tool call '{call_id}' already exists as '{old}'; it is now '{name}'")
            call["function"]["name"] = name
        _merge_metadata(call, event)

    def _message_for_call(self, event: Event) -> Message:
        """Return the assistant message that carries the call, made if there is none."""
        parent_id, call_id = event.get("parentMessageId"), event["toolCallId"]
        parent = self.messages.find(parent_id) if parent_id else None
        if parent is not None and parent.get("role") == "assistant":
            return parent
        if parent is not None:
            self._warnings.add(
                "parent-is-no-assistant",
                f"TOOL_CALL_START: parentMessageId '{parent_id}' is a '{parent.get('role')}' message; "
                f"the call gets a message '{call_id}' of its own",
            )
        new_id = parent_id if parent_id and parent is None else call_id
        message: Message = {"id": new_id, "role": "assistant", "toolCalls": []}
        if "subagentRunId" in event and self.messages.find(new_id) is None:
            message["subagentRunId"] = event["subagentRunId"]
        self.messages.add(message)
        return message

    def _append_arguments(self, event: Event) -> None:
        call = self._call(event)
        if call is not None:
            self.messages.append_text(call["function"], "arguments", event["delta"])
            _merge_metadata(call, event)

    def _end_call(self, event: Event) -> None:
        call = self._call(event)
        if call is not None:
            _merge_metadata(call, event)

    def _call(self, event: Event) -> dict[str, Any] | None:
        call = self.messages.find_call(event["toolCallId"])
        if call is None:
            text = f"{event['type']}: No message found containing tool call with ID '{event['toolCallId']}'"
            self._warnings.add("no-such-call", text)
        return call

    def _add_result(self, event: Event) -> None:
        self._answered.add(event["toolCallId"])
        result = (event["toolCallId"], event["messageId"])
        if result in self._results:
            text = f"TOOL_CALL_RESULT: Message '{result[1]}' came twice for tool call '{result[0]}'; both are kept"
            self._warnings.add("repeated-result", text)
        self._results.add(result)
        message = {
            "id": event["messageId"],
            "toolCallId": event["toolCallId"],
            "role": "tool",
            "content": copy_json(event["content"]),
        }
        if "subagentRunId" in event:
            message["subagentRunId"] = event["subagentRunId"]
        _merge_metadata(message, event)
        self.messages.add_result(message)

    # --- state ---------------------------------------------------------------------------------

    def _set_state(self, event: Event) -> None:
        self.state = copy_json(event["snapshot"])
        self.state_in_step = True

    def _patch_state(self, event: Event) -> None:
        try:
            self.state = apply_in_place(self.state, event["delta"])
        except PatchError as error:
            self.state_in_step = False
            self._warnings.add(
                "state-out-of-step",
                f"Failed to apply state patch: {error}. The state is as it was before, and out of step "
                "until the next STATE_SNAPSHOT.",
            )

    # --- snapshots and activities --------------------------------------------------------------

    def _take_snapshot(self, event: Event) -> None:
        held = list(self.messages)
        self.messages.replace_all(reconcile(held, copy_json(event["messages"]), owned_activity_types(event)))

    def _set_activity(self, event: Event) -> None:
        message = self.messages.find(event["messageId"])
        replaces = event.get("replace", True)
        if message is None:
            message = _activity(event)
            self.messages.add(message)
        elif message.get("role") != "activity":
            if not replaces:
                return
            new = _activity(event)
            self.messages.replace(message, new)
            message = new
        elif replaces:
            message.pop("subagentRunId", None)
            message.update(_activity(event))
        _merge_metadata(message, event)

    def _patch_activity(self, event: Event) -> None:
        message = self.messages.find(event["messageId"])
        if message is None:
            return
        if message.get("role") != "activity":
            text = f"ACTIVITY_DELTA: Message '{event['messageId']}' is not an activity message"
            self._warnings.add("not-an-activity", text)
            return
        _merge_metadata(message, event)
        try:
            message["content"] = apply_in_place(message["content"], event["patch"])
            message["activityType"] = event["activityType"]
        except PatchError as error:
            text = f"Failed to apply activity patch for '{event['messageId']}': {error}"
            self._warnings.add("activity-out-of-step", text)

    # --- the rest ------------------------------------------------------------------------------

    def _set_encrypted(self, event: Event) -> None:
        is_call = event["subtype"] == "tool-call"
        find: Callable[[str], dict[str, Any] | None] = self.messages.find_call if is_call else self.messages.find
        target = find(event["entityId"])
        if target is not None and target.get("role") != "activity":
            target["encryptedValue"] = event["encryptedValue"]

    def _start_subagent(self, event: Event) -> None:
        self.subagents[event["subagentRunId"]] = {**_fields(event), "status": "running"}

    def _finish_subagent(self, event: Event) -> None:
        is_suspended = event.get("outcome", {}).get("type") == "suspended"
        entry = self.subagents.setdefault(event["subagentRunId"], {})
        entry.update({**_fields(event), "status": "suspended" if is_suspended else "finished"})

    def _fail_subagent(self, event: Event) -> None:
        entry = self.subagents.setdefault(event["subagentRunId"], {})
        entry.update({**_fields(event), "status": "error"})

    def _read_custom(self, event: Event) -> None:
        if event["name"] == REPLACE:
            self._replace_text(event["value"])
        if not self._reads_legacy_interrupts:
            return
        interrupt = read_legacy_interrupt(event, len(self._legacy_interrupts) + 1, self._run_id)
        if interrupt is not None:
            self._legacy_interrupts.append(interrupt)

    def _replace_text(self, value: Any) -> None:
        message_id, text = (value.get("messageId"), value.get("text")) if isinstance(value, dict) else (None, None)
        message = self.messages.find(message_id) if isinstance(message_id, str) else None
        if message is None or message.get("role") not in ("assistant", "reasoning") or not isinstance(text, str):
            self._warnings.add("nothing-to-replace", f"{REPLACE}: No message of the agent with ID {message_id!r}")
        else:
            message["content"] = text


HANDLERS: dict[str, Callable[[Apply, Event], None]] = {
    "RUN_STARTED": Apply._start_run,
    "RUN_FINISHED": Apply._finish_run,
    "RUN_ERROR": Apply._fail_run,
    "TEXT_MESSAGE_START": Apply._start_text,
    "TEXT_MESSAGE_CONTENT": Apply._append_text,
    "TEXT_MESSAGE_END": Apply._end_text,
    "REASONING_MESSAGE_START": Apply._start_reasoning,
    "REASONING_MESSAGE_CONTENT": Apply._append_text,
    "REASONING_MESSAGE_END": Apply._end_text,
    "REASONING_ENCRYPTED_VALUE": Apply._set_encrypted,
    "TOOL_CALL_START": Apply._start_call,
    "TOOL_CALL_ARGS": Apply._append_arguments,
    "TOOL_CALL_END": Apply._end_call,
    "TOOL_CALL_RESULT": Apply._add_result,
    "STATE_SNAPSHOT": Apply._set_state,
    "STATE_DELTA": Apply._patch_state,
    "MESSAGES_SNAPSHOT": Apply._take_snapshot,
    "ACTIVITY_SNAPSHOT": Apply._set_activity,
    "ACTIVITY_DELTA": Apply._patch_activity,
    "SUBAGENT_STARTED": Apply._start_subagent,
    "SUBAGENT_FINISHED": Apply._finish_subagent,
    "SUBAGENT_ERROR": Apply._fail_subagent,
    "CUSTOM": Apply._read_custom,
}


def _activity(event: Event) -> Message:
    message = {
        "id": event["messageId"],
        "role": "activity",
        "activityType": event["activityType"],
        "content": copy_json(event["content"]),
    }
    if "subagentRunId" in event:
        message["subagentRunId"] = event["subagentRunId"]
    return message


def _merge_metadata(target: dict[str, Any], event: Event) -> None:
    """Fold the event's metadata into `target`, key by key; the last write wins."""
    if "metadata" in event:
        target["metadata"] = {**target.get("metadata", {}), **copy_json(event["metadata"])}


def _fields(event: Event) -> dict[str, Any]:
    skipped = ("type", "timestamp", "rawEvent")
    return {name: copy_json(value) for name, value in event.items() if name not in skipped}
