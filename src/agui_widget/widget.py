"""`AgentChat`: a conversation with an agent as a notebook widget. The browser's part is in js/."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any, Literal

import anywidget
import traitlets

from . import transcript, wire
from .agents.demo import STARTERS
from .answers import Answers
from .display import LastingOutput, publish
from .driver import Driver, OnAction, OnNavigate
from .errors import AgentError, AguiError, StoreError
from .flusher import flusher_of
from .loop import DriverLoop
from .renderers import R
from .run import Answer, Run
from .subshell import take_beside_cells
from .tool_calls import ToolCall

STATIC = Path(__file__).parent / "static"
BUNDLE = STATIC / "widget.js"

if not BUNDLE.exists():
    raise ImportError(
        f"the browser part of agui_widget is not built ({BUNDLE.name} is missing): in the checkout run `make js`, "
        "which needs Node 20 or later, or install a wheel, which carries it"
    )


# Parts of the front end that a page asks for when it needs them, gzipped.
CHUNKS = {path.stem: path for path in (STATIC / "chunks").glob("*.gz")}
# Which of them each of them asks for.
CHUNK_NEEDS: dict[str, list[str]] = json.loads((STATIC / "chunks.json").read_text("utf-8"))


MAX_SENT_CHARS = 20_000_000  # of a transcript


@cache
def _zipped(path: Path) -> bytes:
    return path.read_bytes()


class AgentChat(anywidget.AnyWidget):
    """A chat with an agent, in a cell.

        AgentChat()                                 # the built-in offline demo
        AgentChat(my_function)                      # sync or async, generator or not
        AgentChat(pydantic_ai_agent)
        AgentChat("http://127.0.0.1:8000/")         # an AG-UI server, over SSE

    | keyword | is |
    |---|---|
    | `title` | what the header says; the agent's name if not given |
    | `placeholder` | what the empty input field says |
    | `starters` | prompts to begin with, offered while the chat is empty |
    | `height` | px; 0 lets the chat grow up to 70 % of the window |
    | `theme` | `"auto"` follows the notebook; `"light"`, `"dark"` |
    | `locale` | of the words on cards: `"auto"` is the page's language; `"en"`, `"pt"` |
    | `loop` | `"driver"` runs the agent in the background; `"kernel"` on the notebook's own loop |
    | `markdown` | `"live"` formats answers while they stream, `"final"` when they have ended, `"off"` never |
    | `tools` | Python functions the agent may call; they run in this kernel |
    | `approve` | `"auto"` runs them without asking; `"deny"` declines every call |
    | `a2ui` | True offers the agent the tool `render_a2ui`, and tells it which components there are |
    | `on_action` | called with what users do on interfaces that the agent made; see `on_action` |
    | `on_navigate` | called with the target of each offer of an agent that users take up; see `on_navigate` |
    | others of the client | `state`, `messages`, `context`, `forwarded_props`, `strict`, `peer`: see `AgentClient` |
    | others | go to the agent's adapter: `headers`, `auth` (URL), `deps` (pydantic-ai), `pace` (demo) |

    Raises `AgentError` for something that is not an agent.
    """

    _esm = BUNDLE
    _css = STATIC / "widget.css"

    title = traitlets.Unicode("").tag(sync=True)
    placeholder = traitlets.Unicode("").tag(sync=True)
    starters = traitlets.List(traitlets.Unicode()).tag(sync=True)
    height = traitlets.Int(0, min=0).tag(sync=True)
    theme = traitlets.Enum(["auto", "light", "dark"], "auto").tag(sync=True)
    locale = traitlets.Enum(["auto", "en", "pt"], "auto").tag(sync=True)

    def __init__(
        self,
        agent: Any = None,
        *,
        title: str | None = None,
        placeholder: str | None = None,
        starters: list[str] | None = None,
        height: int = 0,
        theme: Literal["auto", "light", "dark"] = "auto",
        locale: Literal["auto", "en", "pt"] = "auto",
        loop: Literal["driver", "kernel"] = "driver",
        markdown: Literal["live", "final", "off"] = "live",
        on_action: OnAction | None = None,
        on_navigate: OnNavigate | None = None,
        **options: Any,
    ) -> None:
        if isinstance(starters, str):  # traitlets would make a list of its letters
            raise AgentError(f"starters is a list. Write: starters=[{starters!r:.80}]")
        self._driver = Driver(agent, loop=loop, markdown=markdown, **options)
        if on_action is not None:
            self._driver.on_action(on_action)
        if on_navigate is not None:
            self._driver.on_navigate(on_navigate)
        name = title or self._driver.name
        super().__init__(
            title=name,
            placeholder=placeholder or f"Message {name}…",
            starters=starters if starters is not None else STARTERS if agent is None else [],
            height=height,
            theme=theme,
            locale=locale,
        )
        # In a notebook what an agent prints belongs to the chat; in a script also to the terminal.
        self._driver.echo = type(self.comm).__name__ == "DummyComm"
        self._loop = DriverLoop.shared()
        self._outbox = wire.Outbox(self._driver.session, self._post, lambda: self._driver.status != "idle")
        self._answers = Answers(self._driver.client.objects, self._post)
        self._driver.session.subscribe(self._push)
        self._static = LastingOutput(f"agui-{self._driver.session.stream}", self._static_output)
        self._driver.at_rest = self._static.update
        if self.comm is not None:
            take_beside_cells(self.comm)
        self.on_msg(lambda _widget, content, _buffers: self._loop.post(self._receive, content))

    def __repr__(self) -> str:
        return f"AgentChat({self.title!r})"

    def _ipython_display_(self) -> None:
        """Show the view, and under it the conversation for who opens the notebook without a kernel.

        A view that a kernel answers hides it. In a layout box there is only the view: boxes do not come here.
        """
        bundle = (self.comm is not None and self._repr_mimebundle_()) or {"text/plain": repr(self)}  # closed: no view
        publish(*bundle) if isinstance(bundle, tuple) else publish(bundle)
        if os.environ.get("AGUI_WIDGET_STATIC", "1") != "0":
            self._static.show()

    def _static_output(self) -> dict[str, str]:
        return transcript.static_output(self._driver.session.snapshot(), title=self.title)

    # -- verbs ---------------------------------------------------------------------------------------

    def submit(self, text: str, *, attachments: Iterable[Any] = ()) -> Run:
        """Say something; the agent answers in the background.

        Await the run for its `Answer`, iterate it for its events, or let it go on. `attachments` go along with the
        words: paths, bytes, PIL images, matplotlib figures, `data:` or `https:` URLs, AG-UI content parts; 10 MB each
        and 20 MB together at most. Raises `AttachmentError` for anything else.
        """
        return self._driver.submit(text, attachments=attachments)

    async def ask(self, text: str, *, attachments: Iterable[Any] = ()) -> Answer:
        """Say something and wait for the answer: `await chat.ask("…")`. Raises `RunError` if the run fails."""
        return await self._driver.ask(text, attachments=attachments)

    def ask_sync(self, text: str, *, attachments: Iterable[Any] = ()) -> Answer:
        """The same, blocking the cell; Stop in the chat and the kernel's interrupt both end it."""
        return self._driver.ask_sync(text, attachments=attachments)

    def stop(self) -> None:
        """Cancel the run and those that wait. When this returns, nothing more will be said."""
        self._driver.stop()

    def retry(self) -> Run:
        """Run again from the last user message; the answer it had is removed."""
        return self._driver.retry()

    def resolve(self, payload: Any = None, *, interrupt: str | None = None) -> Run | None:
        """Answer what the agent waits for: yes, or with `payload`. The run goes on when all is answered.

        `interrupt` names one of several by its id (see `pending`). Gives the run that goes on.
        """
        return self._driver.resolve(payload, interrupt=interrupt)

    def reject(self, reason: str | None = None, *, interrupt: str | None = None) -> Run | None:
        """Answer what the agent waits for with no, and why."""
        return self._driver.reject(reason, interrupt=interrupt)

    def on_action(self, callback: OnAction) -> OnAction:
        """Call `callback` with each thing a user does on an interface (`name`, `surfaceId`, `context`, …), as a dict.

        It runs in a thread of its own, or as a coroutine; when it returns True the agent is not run. Gives the
        callback, so that it may stand above a function: `@chat.on_action`.
        """
        return self._driver.on_action(callback)

    def on_navigate(self, callback: OnNavigate) -> OnNavigate:
        """Call `callback` with the target of each offer that a user takes up: `@chat.on_navigate`. Gives it back.

        An offer opens nothing by itself: what a target means, and whether to go there, is for this function. It runs
        in a thread of its own, or as a coroutine.
        """
        return self._driver.on_navigate(callback)

    def renderer(self, target: type | str) -> Callable[[R], R]:
        """Let a function show values of a type, or what the tool of a name gives: `@chat.renderer(MyType)`.

        The function gets the value, and the call's arguments if it takes two, and returns anything that a cell could
        display. The closest type wins. If it raises, the value is shown as without it, and a notice says why.
        """
        return self._driver.renderer(target)

    def clear(self) -> None:
        """Stop, and forget the conversation."""
        self._driver.clear()

    def wait(self, timeout: float | None = None) -> bool:
        """Block until no run is on; False if `timeout` seconds were not enough."""
        return self._driver.wait(timeout)

    # -- to keep -------------------------------------------------------------------------------------

    def to_markdown(self) -> str:
        """The conversation as a markdown document: answers by their source, everything else in fences."""
        return self._driver.to_markdown(title=self.title)

    def to_html(self, *, live: bool = False) -> str:
        """The conversation as one HTML file that loads nothing: `Path("chat.html").write_text(chat.to_html())`.

        It has no script; with `live=True` it brings this widget's own browser part, and looks as it does here.
        """
        if not live:
            return self._driver.to_html(title=self.title)
        renderer = BUNDLE.read_text("utf-8")
        snapshot = self._driver.session.snapshot()
        names = transcript.chunks_of(snapshot, CHUNK_NEEDS)
        chunks = {name: _zipped(CHUNKS[name]) for name in sorted(names & CHUNKS.keys())}
        looks = {"title": self.title, "theme": self.theme, "locale": self.locale}
        return transcript.live_document(snapshot, renderer=renderer, chunks=chunks, **looks)

    def save(self, path: str | Path) -> Path:
        """Write the conversation to a JSON file, whole or not at all; gives its path. No header or key is in it."""
        return self._driver.save(path, title=self.title)

    def load(self, path: str | Path) -> None:
        """Go on with a saved conversation, in the place of this one. A chat without a title of its own takes its title.

        Raises `StoreError` for a file that is not one, `BusyError` while a run is on; then nothing has changed.
        """
        title = self._driver.load(path)
        if self.title == self._driver.name:
            self.title = title

    # -- to read -------------------------------------------------------------------------------------

    @property
    def messages(self) -> list[dict[str, Any]]:
        """The conversation as AG-UI messages (a copy)."""
        return self._driver.messages

    @property
    def tool_calls(self) -> list[ToolCall]:
        """The calls of tools in the conversation, in order: `chat.tool_calls[-1].value` is the object that it gave."""
        return self._driver.tool_calls

    @property
    def pending(self) -> list[dict[str, Any]]:
        """What the agent waits for you to decide: AG-UI interrupts."""
        return self._driver.pending

    @property
    def state(self) -> Any:
        """The state shared with the agent (a copy)."""
        return self._driver.client.state

    @property
    def status(self) -> str:
        """`idle`, `preparing`, `streaming`, `executing_tools` or `awaiting_input`."""
        return self._driver.status

    def close(self) -> None:
        """Stop the run, and take the widget off the page. Never waits: Python also calls it at its own end."""
        if self.comm is not None:
            self._driver.cancel()
            self._static.close()
        super().close()

    # -- the page ------------------------------------------------------------------------------------

    def _push(self, envelopes: list[dict[str, Any]]) -> None:
        self._outbox.push(envelopes)
        flusher_of(self._loop).mark(self._outbox)

    def _post(self, message: dict[str, Any]) -> None:
        self.send(message)

    def _transcript(self) -> dict[str, str]:
        """The conversation as a page takes it. Raises `StoreError` for one that is too large to be sent."""
        html = self.to_html()
        if len(html) > MAX_SENT_CHARS:
            raise StoreError("this conversation is too large for a page. Write: Path(…).write_text(chat.to_html())")
        return {"html": html}

    def _send_chunk(self, name: str) -> None:
        """A part of the front end, to the page that asked."""
        answer = {"t": "chunk", "name": name}
        if name not in CHUNKS:
            self._post({**answer, "error": f"this agui_widget has no {name!r} for the page"})
        else:
            self.send(answer, [_zipped(CHUNKS[name])])

    def _receive(self, content: Any) -> None:
        """One message of a page, on the driver's loop. What a page sends can only be refused, never raise."""
        try:
            intent = wire.read_intent(content)
            INTENTS[type(intent)](self, intent)
        except AguiError as error:
            self._post({"t": "refused", "nonce": wire.nonce_of(content), "message": str(error)})


INTENTS: dict[type, Callable[[AgentChat, Any], object]] = {
    wire.Sync: lambda chat, intent: chat._outbox.sync(intent.have),
    wire.Ack: lambda chat, intent: chat._outbox.ack(intent.seq),
    wire.Submit: lambda chat, intent: chat._driver.submit(intent.text, nonce=intent.nonce),
    wire.Stop: lambda chat, intent: chat._driver.stop(),
    wire.Retry: lambda chat, intent: chat._driver.retry(),
    wire.Clear: lambda chat, intent: chat._driver.clear(),
    wire.Transcript: lambda chat, intent: chat._answers.ask(intent.nonce, lambda objects: chat._transcript()),
    wire.Action: lambda chat, intent: chat._driver.act(intent.message, part=intent.part, model=intent.model),
    wire.Navigate: lambda chat, intent: chat._driver.navigate(intent.part, intent.target),
    wire.Edit: lambda chat, intent: chat._driver.keep_edits(
        intent.message_id, intent.part, intent.surface, intent.edits
    ),
    wire.Chunk: lambda chat, intent: chat._send_chunk(intent.name),
    wire.Rows: lambda chat, intent: chat._answers.ask(
        intent.nonce, lambda objects: objects.rows(intent.object, intent.start, intent.count, intent.sort)
    ),
    wire.Output: lambda chat, intent: chat._answers.ask(
        intent.nonce, lambda objects: chat._driver.client.look_up(intent.object, intent.mime)
    ),
    wire.Bind: lambda chat, intent: chat._answers.ask(
        intent.nonce, lambda objects: objects.bind(intent.object, intent.name)
    ),
    wire.Drawn: lambda chat, intent: chat._driver.keep_drawing(intent.kind, intent.text, intent.scheme, intent.node),
}
