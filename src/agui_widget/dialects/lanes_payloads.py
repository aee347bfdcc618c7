"""What the envelopes of `lanes` carry: a model for each kind, of others and of our own session (docs/wire.md)."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from .frames import Payload

Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=0)]
LaneName = Literal["thinking", "reasoning", "text", "tools", "a2ui", "citations", "errors", "status"]


class Numbered(Payload):
    """Where an envelope stands in its stream."""

    seq: int = Field(ge=0)
    seq_from: int | None = Field(default=None, ge=0)
    stream: str = ""


class Sent(Numbered):
    """The envelope itself."""

    kind: str
    lane: LaneName | Literal["all"]
    message_id: str | None = None
    corr: str | None = None
    payload: dict[str, Any]


class Words(Payload):
    """More words."""

    text: str
    part: str = "text"


class Status(Payload):
    """The live line of a message."""

    status: str = ""
    label: str | None = None
    progress: Share | None = None
    html: str | None = None


class ToolRow(Payload):
    """What is known of one call."""

    call_id: str
    name: str | None = None
    state: Literal["queued", "running", "waiting", "done", "error", "cancelled"] | None = None
    progress: Share | None = None
    summary: str | None = None
    args: Any = None
    result: Any = None
    error: str | None = None


class Tools(Payload):
    """The calls of a message, or those that have changed."""

    tools: list[ToolRow]


class Summary(Payload):
    """How a group of calls has ended."""

    summary: str | None = None
    html: str | None = None


class ToolCall(Payload):
    """A call, whole."""

    tool: str
    args: Any = None
    call_id: str


class ToolResult(Payload):
    """What a call gave; without its id the run's stands for it."""

    call_id: str | None = None
    ok: bool = True
    result: Any = None


class ToolArgs(Payload):
    """A piece of a call's arguments."""

    call_id: str
    text: str


class Interface(Payload):
    """An interface: a spec of before A2UI, or A2UI messages; ours have `operations`, `status` and `reset`."""

    spec: dict[str, Any] | None = None
    messages: list[dict[str, Any]] | None = None
    operations: list[dict[str, Any]] | None = None
    part: str = "a2ui"
    reset: bool = False


class Source(Payload):
    """A source of the answer; `index` counts from 1."""

    url: str = ""
    index: int | None = Field(default=None, ge=1)
    title: str | None = None
    snippet: str | None = None
    location: dict[str, Any] | None = None


class Citations(Payload):
    """All sources of a message, each time."""

    citations: list[Source]


class Failure(Payload):
    """Something went wrong; the run may go on."""

    message: str
    code: str | None = None


class State(Payload):
    """The shared state, whole."""

    state: Any


class Final(Payload):
    """The whole text of a message."""

    markdown: str | None = None
    html: str | None = None


class Cursor(Payload):
    """Where a stream stood when a snapshot was taken."""

    last_event_id: str | None = None
    last_seq: int | None = Field(default=None, ge=0)


class Checkpoint(Payload):
    """A message as it is: a lane is its text, or `{"text"}`, or what payloads of its kinds hold."""

    lanes: dict[str, Any]
    cursor: Cursor = Cursor()


class Html(Payload):
    """Fragments for several lanes."""

    html: str


class Resync(Payload):
    """What was missed is not to be had any more."""

    reason: str = ""


class Start(Payload):
    """A new message; with a `parent` it is a subagent's."""

    role: str
    name: str | None = None
    parent: str | None = None


class Empty(Payload):
    """Nothing more to say."""


class Blocks(Payload):
    """A change of a formatted text. Its source is read again here: a tree of others is not taken."""

    text: str = ""
    part: str = "text"


class Part(Payload):
    """One keyed thing, whole."""

    key: str
    kind: str
    text: str | None = None
    value: dict[str, Any] = {}


class Rows(Payload):
    """More rows of a chart."""

    part: str
    rows: list[list[Any]]


class Items(Payload):
    """More images of a gallery."""

    part: str
    items: list[dict[str, Any]]
    text: str = ""


class Usage(Payload):
    """What a run has cost, as AG-UI says it."""

    provider: str | None = None
    model: str | None = None
    inputTokens: Count | None = None
    outputTokens: Count | None = None
    totalTokens: Count | None = None
    reasoningTokens: Count | None = None
    cachedInputTokens: Count | None = None
    cacheWriteInputTokens: Count | None = None


class Run(Payload):
    """What a run of the other side does."""

    state: str = ""
    usage: list[Usage] = []
