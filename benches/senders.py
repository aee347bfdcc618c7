"""The kernel's side of `stream`: ways to bring tokens onto a page. Imported by the notebook's cells.

senders.show("ours"); senders.start(paced(2_000, 200)); … senders.report()
"""

from __future__ import annotations

import asyncio
import contextvars
import threading
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import anywidget
import traitlets
from IPython.display import DisplayHandle, Markdown, display

from agui_widget import AgentChat

BATCH_S = 0.030
HEIGHT_PX = 400
SETTLE_S = 0.3  # what is sent last still costs something when the stream is over

Tokens = AsyncIterator[str]

# The same box for all: it scrolls, and a CSS pin keeps its end in view. `shown` is what the bench reads.
BOX = f"""
function makeBox(el) {{
  const box = document.createElement("div");
  const prose = document.createElement("div");
  const pin = document.createElement("div");
  const node = document.createTextNode("");
  box.className = "bench";
  box.style.cssText = "height:{HEIGHT_PX}px;overflow-y:auto;white-space:pre-wrap";
  prose.style.cssText = "overflow-anchor:none";
  pin.style.cssText = "height:1px";
  prose.append(node);
  box.append(prose, pin);
  box.shown = () => node.data;
  el.append(box);
  let hasMoved = false;
  const follow = () => {{
    if (hasMoved) return;
    box.scrollTop = 1e9;
    hasMoved = box.scrollTop > 0;
  }};
  return {{ box, node, follow }};
}}
function oncePerFrame(task) {{
  let isAsked = false;
  return () => {{
    if (isAsked) return;
    isAsked = true;
    requestAnimationFrame(() => {{ isAsked = false; task(); }});
  }};
}}
"""

APPENDED = """
function render({ model, el }) {
  const { node, follow } = makeBox(el);
  let pending = "";
  const draw = oncePerFrame(() => { node.appendData(pending); pending = ""; follow(); });
  model.on("msg:custom", ({ text }) => { pending += text; draw(); });
}
export default { render };
"""

TICKED = """
function render({ model, el }) {
  const { box, node } = makeBox(el);
  let all = "", last = "";
  const draw = oncePerFrame(() => { node.data = last; });
  model.on("msg:custom", ({ text }) => { all += text; last = text.slice(-20); draw(); });
  box.shown = () => all;
}
export default { render };
"""

GROWN = """
function render({ model, el }) {
  const { node, follow } = makeBox(el);
  const draw = oncePerFrame(() => { node.data = model.get("text"); follow(); });
  model.on("change:text", draw);
}
export default { render };
"""


class Nothing:
    """The tokens are made, and go nowhere: what the page and the kernel cost anyhow."""

    def show(self) -> None:
        pass

    def close(self) -> None:
        pass

    async def stream(self, tokens: Tokens) -> None:
        async for _ in tokens:
            pass


class Ours:
    """An `AgentChat` whose agent yields the tokens; plain, as what it is compared with."""

    markdown = "off"

    def show(self) -> None:
        self._chat = AgentChat(self._agent, height=HEIGHT_PX, markdown=self.markdown)
        display(self._chat)

    async def _agent(self) -> Tokens:
        async for token in self._tokens:
            yield token

    async def stream(self, tokens: Tokens) -> None:
        self._tokens = tokens
        await asyncio.wrap_future(self._chat.submit("go").settled)

    def close(self) -> None:
        self._chat.close()


class OursLive(Ours):
    """The same, read as markdown while it streams."""

    markdown = "live"


class _Bare(anywidget.AnyWidget):
    """A widget that does nothing but what is measured."""

    def show(self) -> None:
        display(self)

    async def stream(self, tokens: Tokens) -> None:
        await _in_batches(tokens, self._say)

    def _say(self, text: str) -> None:
        self.send({"text": text})


class Floor(_Bare):
    """Bare coalesced comm messages, appended to a text node once a frame."""

    _esm = BOX + APPENDED


class Transport(_Bare):
    """The same messages; only the last 20 characters are shown, so the text on the page never grows."""

    _esm = BOX + TICKED


class Trait(_Bare):
    """A string trait that grows, set each 30 ms."""

    _esm = BOX + GROWN
    text = traitlets.Unicode("").tag(sync=True)

    def _say(self, text: str) -> None:
        self.text += text


class UpdateDisplay:
    """`update_display` of the whole text as Markdown, for each token."""

    def show(self) -> None:
        handle = display(Markdown("bench"), display_id=True)
        assert isinstance(handle, DisplayHandle)
        self._handle = handle

    async def stream(self, tokens: Tokens) -> None:
        text = ""
        async for token in tokens:
            text += token
            self._handle.update(Markdown(text))

    def close(self) -> None:
        pass


async def _in_batches(tokens: Tokens, say: Callable[[str], None]) -> None:
    pending: list[str] = []

    def flush() -> None:
        if pending:
            say("".join(pending))
            pending.clear()

    async def keep_flushing() -> None:
        while True:
            await asyncio.sleep(BATCH_S)
            flush()

    flusher = asyncio.create_task(keep_flushing())
    async for token in tokens:
        pending.append(token)
    flusher.cancel()
    flush()


WAYS: dict[str, Callable[[], Any]] = {
    "nothing": Nothing,
    "ours": Ours,
    "live": OursLive,
    "floor": Floor,
    "transport": Transport,
    "trait": Trait,
    "update_display": UpdateDisplay,
}

# -- what the cells call -------------------------------------------------------------------------------

_way: Any = Nothing()
_report: dict[str, float] | None = None


def show(name: str) -> None:
    """Put one way on the page, in the place of the one before."""
    global _way
    _way.close()
    _way = WAYS[name]()
    _way.show()


def start(tokens: Tokens) -> None:
    """Stream in the background: a cell that waits would change how the kernel answers the page."""
    global _report
    _report = None
    context = contextvars.copy_context()
    threading.Thread(target=lambda: context.run(asyncio.run, _measure(tokens)), daemon=True).start()


def report() -> dict[str, float] | None:
    """The kernel's CPU and wall seconds for the last stream; None while it is on."""
    return _report


async def _measure(tokens: Tokens) -> None:
    global _report
    cpu, wall = time.process_time(), time.monotonic()
    await _way.stream(tokens)
    wall = time.monotonic() - wall
    await asyncio.sleep(SETTLE_S)
    _report = {"cpu_s": time.process_time() - cpu, "wall_s": wall}
