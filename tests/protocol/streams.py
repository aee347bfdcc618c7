"""Event streams made from a tape of small integers: mostly valid, then damaged here and there.

The tape is what Hypothesis draws and shrinks; the same tape always gives the same stream.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import deepcopy
from typing import Any

from hypothesis import strategies as st

Event = dict[str, Any]
TAPES = st.lists(st.integers(0, 999), min_size=30, max_size=240)
WORDS = ["", "a", "Hello ", "wörld", "👩‍🚀", '{"x"', ":1}", "\n"]
PATHS = ["/a", "/b", "/list/0", "/list/-", "/list/7", "/a/b", "/missing/x", "/x~1y"]
JSON_VALUES: list[Any] = [None, 0, 1, True, "s", [], {"k": [1]}, [1, 2], 1.5]
STRANGE: list[Any] = [None, 7, "", [], {}, True, -1.5]


class Tape:
    """Choices, one integer each; a tape that has run out always chooses the first."""

    def __init__(self, numbers: Sequence[int]) -> None:
        self._numbers = list(reversed(numbers))

    def __bool__(self) -> bool:
        return bool(self._numbers)

    def number(self) -> int:
        return self._numbers.pop() if self._numbers else 0

    def pick(self, options: Sequence[Any]) -> Any:
        return options[self.number() % len(options)]

    def once_in(self, times: int) -> bool:
        return self.number() % times == times - 1


class Agent:
    """A producer that knows what it has open."""

    def __init__(self, tape: Tape) -> None:
        self.tape = tape
        self.events: list[Event] = []
        self.run = 0
        self.chunking: str | None = None  # the kind of chunk that the event before was
        self._forget_run()

    def _forget_run(self) -> None:
        self.open: dict[str, dict[str, str | None]] = {"text": {}, "call": {}, "reasoning": {}, "span": {}}
        self.steps: list[tuple[str | None, str]] = []
        self.subagents: list[str] = []
        self.used_subagents = 0
        self.owners: dict[str, str | None] = {}

    def say(self, kind: str, **fields: Any) -> None:
        event = {"type": kind, **{name: value for name, value in fields.items() if value is not None}}
        if self.tape.once_in(9):
            event["metadata"] = {self.tape.pick(["k", "ag-ui"]): self.tape.pick(JSON_VALUES)}
        self.events.append(event)
        self.chunking = kind if kind.endswith("CHUNK") else None

    def owner(self) -> str | None:
        return self.tape.pick([None, None, *self.subagents, "s-unannounced"])

    def start_run(self) -> None:
        self._forget_run()
        self.run += 1
        echo = self.tape.once_in(6)
        messages = [{"id": "u1", "role": "user", "content": "hi"}, *([CALLER] if self.tape.once_in(3) else [])]
        self.say(
            "RUN_STARTED",
            threadId="t",
            runId=f"r{self.run}",
            input={"threadId": "t", "runId": f"r{self.run}", "messages": deepcopy(messages)} if echo else None,
        )

    def finish_run(self) -> None:
        if self.tape.once_in(8):
            self.say("RUN_ERROR", message="failed", code=self.tape.pick([None, "c"]))
            return
        self.close_all()
        self.say("RUN_FINISHED", threadId="t", runId=f"r{self.run}", outcome=deepcopy(self.tape.pick(OUTCOMES)))

    def close_all(self) -> None:
        for kind, (_, _, end, field) in STREAMS.items():
            for name in list(self.open[kind]):
                self.say(end, **{field: name})
                del self.open[kind][name]
        for owner, name in self.steps:
            self.say("STEP_FINISHED", stepName=name, subagentRunId=owner)
        for name in self.subagents:
            self.say("SUBAGENT_FINISHED", subagentRunId=name)
        self.steps, self.subagents = [], []

    def stream(self) -> None:
        kind = self.tape.pick(list(STREAMS))
        start, content, end, field = STREAMS[kind]
        opened = self.open[kind]
        if not opened or self.tape.once_in(4):
            self._open(kind, start, field)
            return
        name = self.tape.pick(list(opened))
        tag = self.tape.pick([None, opened[name]])
        if content is not None and not self.tape.once_in(4):
            self.say(content, **{field: name}, delta=self.tape.pick(WORDS), subagentRunId=tag)
        else:
            self.say(end, **{field: name}, subagentRunId=tag)
            del opened[name]

    def _open(self, kind: str, start: str, field: str) -> None:
        name = f"{kind[0]}{self.tape.number() % 3}"
        if name in self.open[kind]:
            return
        bucket = "r" if kind in ("reasoning", "span") else kind
        owner = self.owners.setdefault(bucket + name, self.owner())
        extra: dict[str, Any] = {}
        if kind == "text":
            extra = {"role": self.tape.pick([None, "assistant", "user"]), "name": self.tape.pick([None, "n"])}
        elif kind == "reasoning":
            extra = {"role": "reasoning"}
        elif kind == "call":
            extra = {"toolCallName": self.tape.pick(["f", "g"])}
            if owner is None:
                extra["parentMessageId"] = self.tape.pick([None, "p1", "u1", "t0"])
        self.open[kind][name] = owner
        self.say(start, **{field: name}, subagentRunId=owner, **extra)

    def chunk(self) -> None:
        kind, field, name = self.tape.pick(
            [
                ("TEXT_MESSAGE_CHUNK", "messageId", "tc"),
                ("TOOL_CALL_CHUNK", "toolCallId", "cc"),
                ("REASONING_MESSAGE_CHUNK", "messageId", "rc"),
            ]
        )
        opens = self.tape.once_in(4) or self.chunking != kind
        fields: dict[str, Any] = {field: name + str(self.tape.number() % 2)} if opens else {}
        if kind == "TOOL_CALL_CHUNK" and opens:
            fields["toolCallName"] = "f"
        if kind == "TEXT_MESSAGE_CHUNK":
            fields["role"] = self.tape.pick([None, None, "assistant", "user"])
        self.say(
            kind,
            **fields,
            delta=self.tape.pick([None, *WORDS]),
            subagentRunId=self.tape.pick([None, None, None, "s-unannounced"]),
        )

    def result(self) -> None:
        call = self.tape.pick(["c0", "c1", "c2", "cc0", "old"])
        content = self.tape.pick(["ok", "", [{"type": "text", "text": "part"}, IMAGE]])
        self.say(
            "TOOL_CALL_RESULT",
            messageId=f"result-{call}",
            toolCallId=call,
            content=deepcopy(content),
            role=self.tape.pick([None, "tool"]),
            subagentRunId=self.tape.pick([None, None, None, "s-unannounced"]),
        )

    def step(self) -> None:
        step = (self.owner(), self.tape.pick(["plan", "act"]))
        started = step not in self.steps
        (self.steps.append if started else self.steps.remove)(step)
        self.say("STEP_STARTED" if started else "STEP_FINISHED", stepName=step[1], subagentRunId=step[0])

    def subagent(self) -> None:
        if self.subagents and self.tape.once_in(2):
            name = self.subagents.pop()
            failed = self.tape.once_in(4)
            outcome = self.tape.pick([None, {"type": "success"}, {"type": "suspended", "interruptIds": ["i"]}])
            self.say(
                "SUBAGENT_ERROR" if failed else "SUBAGENT_FINISHED",
                subagentRunId=name,
                **({"message": "no"} if failed else {"outcome": outcome}),
            )
            return
        name = f"s{self.used_subagents}"
        self.used_subagents += 1
        self.say("SUBAGENT_STARTED", subagentRunId=name, name="helper", parentSubagentRunId=self._parent())
        self.subagents.append(name)

    def _parent(self) -> str | None:
        parent: str | None = self.tape.pick([None, *self.subagents])
        return parent

    def state(self) -> None:
        if self.tape.once_in(3):
            snapshot = self.tape.pick([{"a": 1, "list": [1, 2]}, {}, {"a": {"b": []}, "list": []}])
            self.events.append({"type": "STATE_SNAPSHOT", "snapshot": deepcopy(snapshot)})
        else:
            self.say("STATE_DELTA", delta=self.patch())

    def patch(self) -> list[Event]:
        return [self._operation() for _ in range(1 + self.tape.number() % 2)]

    def _operation(self) -> Event:
        name = self.tape.pick(["add", "replace", "remove", "test", "copy", "move"])
        # `copy` and `move` past the end of a list: fast-json-patch takes them, RFC 6902 does not
        paths = [path for path in PATHS if path != "/list/7"] if name in ("copy", "move") else PATHS
        operation = {"op": name, "path": self.tape.pick(paths)}
        if name in ("add", "replace", "test"):
            operation["value"] = deepcopy(self.tape.pick(JSON_VALUES))
        if name in ("copy", "move"):
            operation["from"] = self.tape.pick(["/a", "/b", "/list/0", "/missing"])
        return operation

    def activity(self) -> None:
        name, kind = self.tape.pick(["a0", "a1"]), self.tape.pick(["plan", "search"])
        owner = self.owners.setdefault("activity" + name, self.owner())
        if self.tape.once_in(2):
            self.say("ACTIVITY_DELTA", messageId=name, activityType=kind, patch=self.patch())
            return
        self.say(
            "ACTIVITY_SNAPSHOT",
            messageId=name,
            activityType=kind,
            content=deepcopy(self.tape.pick([{}, {"a": 1, "list": [1]}])),
            replace=self.tape.pick([None, True, False]),
            subagentRunId=owner,
        )

    def messages(self) -> None:
        messages = [deepcopy(message) for message in HISTORY if not self.tape.once_in(3)]
        if self.tape.once_in(3):
            messages.append({"id": "a0", "role": "activity", "activityType": "plan", "content": {"a": 2}})
        if self.tape.once_in(3):
            messages.append({"id": "r0", "role": "reasoning", "content": "thought"})
        event: Event = {"type": "MESSAGES_SNAPSHOT", "messages": messages}
        if self.tape.once_in(4):
            event["metadata"] = {"@ag-ui/client": deepcopy(self.tape.pick(AUTHORITIES))}
        self.events.append(event)

    def aside(self) -> None:
        subtype, entity = self.tape.pick([("message", "t0"), ("message", "r0"), ("tool-call", "c0"), ("message", "?")])
        self.events.append(
            deepcopy(
                self.tape.pick(
                    [
                        {"type": "RAW", "event": {"any": None}, "source": "test"},
                        {"type": "CUSTOM", "name": "x", "value": None},
                        {
                            "type": "REASONING_ENCRYPTED_VALUE",
                            "subtype": subtype,
                            "entityId": entity,
                            "encryptedValue": "e",
                        },
                        {"type": "FUTURE_EVENT", "x": 1},
                    ]
                )
            )
        )


STREAMS: dict[str, tuple[str, str | None, str, str]] = {
    "text": ("TEXT_MESSAGE_START", "TEXT_MESSAGE_CONTENT", "TEXT_MESSAGE_END", "messageId"),
    "call": ("TOOL_CALL_START", "TOOL_CALL_ARGS", "TOOL_CALL_END", "toolCallId"),
    "reasoning": (
        "REASONING_MESSAGE_START",
        "REASONING_MESSAGE_CONTENT",
        "REASONING_MESSAGE_END",
        "messageId",
    ),
    "span": ("REASONING_START", None, "REASONING_END", "messageId"),
}
IMAGE = {"type": "image", "source": {"type": "url", "value": "https://example.com/i.png"}}
CALLER = {
    "id": "old-call",
    "role": "assistant",
    "toolCalls": [{"id": "old", "type": "function", "function": {"name": "f", "arguments": "{}"}}],
}
HISTORY = [
    {"id": "u1", "role": "user", "content": "hi"},
    {"id": "t0", "role": "assistant", "content": "edited"},
    CALLER,
    {"id": "result-old", "role": "tool", "toolCallId": "old", "content": "kept"},
    {"id": "new", "role": "system", "content": "added", "metadata": {"m": 1}},
]
AUTHORITIES: list[Any] = [
    {"authoritativeActivityTypes": None},
    {"authoritativeActivityTypes": ["plan"]},
    {"authoritativeActivityTypes": [1]},
    {},
    7,
]
OUTCOMES: list[Any] = [
    None,
    {"type": "success"},
    {"type": "success", "pendingToolCallIds": ["c1"]},
    {"type": "interrupt", "interrupts": [{"id": "i", "reason": "confirmation", "toolCallId": "c0"}]},
    {"type": "cancelled"},
    {"type": "future"},
]
MOVES: list[Callable[[Agent], None]] = [
    *[Agent.stream] * 8,
    *[Agent.chunk] * 3,
    Agent.result,
    Agent.step,
    Agent.subagent,
    *[Agent.state] * 2,
    *[Agent.activity] * 2,
    Agent.messages,
    Agent.aside,
]


def valid_stream(tape: Tape) -> list[Event]:
    """Return one or two runs as a careful agent sends them."""
    agent = Agent(tape)
    for _ in range(1 + tape.once_in(4)):
        agent.start_run()
        for _ in range(tape.number() % 35):
            tape.pick(MOVES)(agent)
        agent.finish_run()
    return agent.events


def damaged(events: list[Event], tape: Tape) -> list[Event]:
    """Return `events` with up to two of them lost, doubled, swapped or altered."""
    events = list(events)
    for _ in range(tape.number() % 3):
        place = tape.number() % max(1, len(events))
        if events:
            tape.pick([_drop, _double, _swap, _alter])(events, place, tape)
    return events


def _drop(events: list[Event], place: int, tape: Tape) -> None:
    del events[place]


def _double(events: list[Event], place: int, tape: Tape) -> None:
    events.insert(place, deepcopy(events[place]))


def _swap(events: list[Event], place: int, tape: Tape) -> None:
    other = (place + 1) % len(events)
    events[place], events[other] = events[other], events[place]


def _alter(events: list[Event], place: int, tape: Tape) -> None:
    event = events[place] = deepcopy(events[place])
    name = tape.pick(sorted(event))
    if tape.once_in(3):
        # no tool message gets another's id: there the reference doubles messages, and we do not
        names = ["futureField", "subagentRunId", *(["messageId"] if "toolCallId" not in event else [])]
        event[tape.pick(names)] = tape.pick(["x", "s0", "t0"])
    elif tape.once_in(3) and name != "type":
        del event[name]
    elif name not in ("type", "threadId", "runId"):
        # an unknown word is fatal in the reference client and stripped, as specified, in ours
        event[name] = 7 if name in ("role", "subtype") else deepcopy(tape.pick(STRANGE))


def streams(*, with_damage: bool = True) -> st.SearchStrategy[list[Event]]:
    """Return a strategy of event streams."""

    def build(numbers: list[int]) -> list[Event]:
        damage = Tape(numbers[:9] if with_damage else [])
        return damaged(valid_stream(Tape(numbers[9:])), damage)

    return TAPES.map(build)
