"""One conversation at work: runs its agent on the driver's loop, and turns what happens into envelopes.

    submit ─► queue ─► client.run ─► projection ─► session ─► listeners

Every change of the session is made on the driver's loop, whatever thread the verbs are called from.
No widget and no notebook: this is what a script, a test or another front end uses.
"""

from __future__ import annotations

import asyncio
import inspect
from collections import deque
from collections.abc import Callable, Coroutine, Iterable, Mapping
from concurrent.futures import wait as wait_for_futures
from contextlib import aclosing
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Literal, TypeVar

from . import a2ui, drawings, hitl, store, transcript
from .agents import agent_name
from .agents.worker import Worker
from .attachments import attachment_parts
from .capture import captured
from .client import Action, AgentClient, new_id
from .content import content_text, last_user_content
from .envelope import Draft, draft
from .errors import AgentError, BusyError, IntentError, in_words
from .loop import DriverLoop
from .projection import FEED_MS, Projection
from .protocol.values import whole_characters
from .renderers import R
from .run import Answer, Run, refuse_waiting_on_the_driver
from .session import Session
from .tool_calls import ToolCall, read_calls

STOP_S = 5.0  # how long an agent may take to let go of a stopped run before it is left to itself
TURN_S = 0.02  # how long an agent that never waits may keep the loop from others
ENTERED_S = 2.0  # how soon those who look on are told of what a page sent
PRINT_S = 0.05  # prints are gathered this long, so that a print is not an envelope each

FAILURES = ("error", "rejected", "truncated")
WAITING = 'The agent waits for an answer before it goes on. Write: chat.resolve() or chat.reject("why not").'
BLOCKED = (
    "an async agent blocks the background loop (time.sleep, or long work without await), so nothing can be stopped: "
    "write it as a plain def, which runs in a thread of its own, or await asyncio.to_thread(…)"
)
TRUNCATED = "The stream ended before the agent said it was finished."
KEPT = "Everything up to here is kept."
NO_OFFER = "this offer is not of this session, or has changed since: nothing was opened"
NOBODY_NAVIGATES = "nobody opens what is offered here. Write: @chat.on_navigate above a function that takes the target"
OnAction = Callable[[dict[str, Any]], Any]
OnNavigate = Callable[[str], Any]
C = TypeVar("C", OnAction, OnNavigate)
RETRY = [{"label": "Retry", "action": "retry"}]


class Driver:
    """A conversation with one agent. Runs are queued: one at a time, in the order of `submit`.

    `loop="kernel"` runs the agent on the caller's event loop (the notebook's), for agents that hold on to
    things of that loop; it then stands still while a cell blocks. With `echo` what the agent prints is
    also printed. `markdown` says when answers are formatted: while they stream, when they have ended, or
    never. Options go to the agent's adapter.
    """

    def __init__(
        self,
        agent: Any = None,
        *,
        session: Session | None = None,
        loop: Literal["driver", "kernel"] = "driver",
        markdown: Literal["live", "final", "off"] = "live",
        echo: bool = True,
        **options: Any,
    ) -> None:
        self.name = agent_name(agent)
        self.session = session or Session()
        self._home = _home_loop(loop)
        self.client = AgentClient(agent, home=self._home, on_warning=self._warn, **options)
        self.echo = echo
        self.at_rest: Callable[[], None] = lambda: None  # called on the loop after each run, and after clear and load
        self._loop = DriverLoop.shared()
        self._projection = Projection(
            self.client, self.session.text, markdown=_checked_markdown(markdown), look=self.client.objects.look
        )
        self._is_tick_planned = False
        self._is_rest_planned = False
        self._open: set[Run] = set()  # submitted and not over
        self._queue: deque[tuple[Run, str | None]] = deque()
        self._current: Run | None = None
        self._task: asyncio.Task[None] | None = None
        self._marks: list[tuple[int, int]] = []  # per run: how many shells and messages stood before its answer
        self._answers: dict[str, dict[str, Any]] = {}  # to interrupts, until all are answered
        self._printed: deque[tuple[str, str]] = deque()
        self._last_action: Action | None = None  # what the last run was about, for `retry`
        self._on_action: list[OnAction] = []
        self._on_navigate: list[OnNavigate] = []
        self._asking = asyncio.Lock()  # callbacks get actions one after the other
        self._tasks: set[asyncio.Task[Any]] = set()
        if self.client.messages:
            self._loop.call(self._show_history)

    # -- verbs, from any thread ----------------------------------------------------------------------

    def submit(self, text: str, *, attachments: Iterable[Any] = (), nonce: str | None = None) -> Run:
        """Say something; the agent answers in the background. Gives the run's handle at once.

        `attachments` (paths, bytes, PIL images, matplotlib figures, …) go along with the words, and may do without any.
        They are read now. Raises `AttachmentError`, and nothing is said, for what cannot be attached.
        """
        parts = attachment_parts(attachments)
        if not isinstance(text, str) or not (text.strip() or parts):
            raise AgentError(f'submit takes the text to say, got {text!r}. Write: chat.submit("Hello")')
        self._refuse_while_asked()
        return self._start(Run(new_id(), whole_characters(text), self._cancel, attachments=parts), nonce)

    def act(self, message: Mapping[str, Any], *, part: str = "", model: Mapping[str, Any] | None = None) -> Run:
        """Tell the agent what the user did on a surface: a renderer's message with an action, of any version.

        `part` is the key of the surface's part, `model` the data that the surface sends along. Callbacks of
        `on_action` get the action first; one that returns True has dealt with it, and the agent does not run.
        """
        if not isinstance(a2ui.user_action(message).get("name"), str):
            said = next((key for key in message if key != "version"), "an empty message")
            raise AgentError(f"{said!r} is no action that an agent can be told of: it needs a name")
        self._refuse_while_asked()
        # The middleware is a part of servers: what runs in this process has none.
        has_middleware = self.client.is_remote and self._projection.surfaces.is_activity(part)
        action = Action(dict(message), dict(model or {}), has_middleware)
        run = Run(new_id(), _words_of(message), self._cancel, action=action)
        if not self._on_action:
            return self._start(run, None)
        self._loop.post(lambda: self._keep(self._ask_callbacks(run, action)))
        return run

    def on_action(self, callback: OnAction) -> OnAction:
        """Call `callback` with what users do on surfaces, as a dict; see `act`. Gives it back: it is a decorator."""
        self._on_action.append(_checked_callback("on_action", callback))
        return callback

    def on_navigate(self, callback: OnNavigate) -> OnNavigate:
        """Call `callback` with the target of each offer that the user takes up. Gives it back: it is a decorator."""
        self._on_navigate.append(_checked_callback("on_navigate", callback))
        return callback

    def navigate(self, part: str, target: str) -> None:
        """Take up an offer: `part` is the key of its card. Nothing opens by itself: callbacks of `on_navigate` do.

        Raises `IntentError` for what was not offered, or not by this process; and if there is no callback.
        """
        if self._projection.activities.offers.get(part) != target:
            raise IntentError(NO_OFFER)
        if not self._on_navigate:
            raise IntentError(NOBODY_NAVIGATES)
        self._loop.post(lambda: self._keep(self._call_back("on_navigate", self._on_navigate, target)))

    def renderer(self, target: type | str) -> Callable[[R], R]:
        """Let a function show values of a type, or what the tool of a name gives: a decorator.

            @chat.renderer(Portfolio)
            def _(portfolio):
                return portfolio.to_frame()

        The function gets the value, and the call's arguments if it takes two, and returns anything that a cell could
        display. The closest type wins. If it raises, the value is shown as without it, and a notice says why.
        """
        return self.client.objects.renderers.register(target)

    def keep_edits(self, message_id: str, part: str, surface: str, edits: list[dict[str, Any]]) -> None:
        """Note what the user has entered in a surface so far; nothing if the surface has gone."""
        self._loop.post(self._keep_edits, message_id, part, {"part": part, "surface": surface, "edits": edits})

    def keep_drawing(self, kind: str, text: str, scheme: str, node: Mapping[str, Any]) -> None:
        """Note what a page drew of a source, once; nothing if the conversation has no such source (any more).

        Raises `IntentError` for a `node` that is no drawing.
        """
        self._loop.post(self._keep_drawing, kind, text, scheme, drawings.checked(node))

    def resolve(self, payload: Any = None, *, interrupt: str | None = None) -> Run | None:
        """Answer what the agent waits for: yes, or with `payload`. The run goes on when all is answered.

        `interrupt` names one of several by its id; without it the answer is for all that are still open.
        Gives the run that goes on, or None while others are open.
        """
        return self._answer_interrupts(interrupt, lambda each: hitl.resolved(each, payload))

    def reject(self, reason: str | None = None, *, interrupt: str | None = None) -> Run | None:
        """Answer what the agent waits for with no, and why. See `resolve`."""
        return self._answer_interrupts(interrupt, lambda each: hitl.rejected(each, reason, datetime.now(timezone.utc)))

    def retry(self) -> Run:
        """Run again from the last user message; the answer it had is removed."""
        if not self._marks:
            raise AgentError('there is nothing to retry yet. Write: chat.submit("Hello")')
        if self._open:
            raise BusyError("a run is on: wait for it, or stop it before trying again")
        return self._start(Run(new_id(), None, self._cancel), None)

    async def ask(self, text: str, *, attachments: Iterable[Any] = ()) -> Answer:
        """Say something and wait for the answer. Raises `RunError` if the run fails."""
        refuse_waiting_on_the_driver()
        return await self.submit(text, attachments=attachments)

    def ask_sync(self, text: str, *, attachments: Iterable[Any] = ()) -> Answer:
        """The same, blocking; for plain cells and scripts."""
        refuse_waiting_on_the_driver()
        if self._home is not None and self._home is _running_loop():
            raise BusyError(
                'ask_sync would block the loop that a loop="kernel" agent runs on. Write: await chat.ask(…)'
            )
        return self.submit(text, attachments=attachments).result()

    def stop(self) -> None:
        """Cancel the run and those that wait for it. When this returns, nothing more will be said.

        An agent that does not let go within 5 s is left to itself; what it still says is ignored. Raises
        `BusyError` if even that cannot happen, because an agent blocks the loop that all chats share.
        """
        runs = self.cancel()
        if not self._loop.is_current:
            waited = wait_for_futures([run.settled for run in runs], timeout=2 * STOP_S)
            if waited.not_done:
                raise BusyError(BLOCKED)

    def cancel(self) -> list[Run]:
        """The same without waiting; gives the runs that are about to end."""
        runs = list(self._open)
        for run in runs:
            run.is_stopping = True
        self._loop.post(self._cancel_all, runs)
        return runs

    def clear(self) -> None:
        """Stop, and forget the conversation: on screen, and in the history that the agent gets.

        On the driver's loop, which cannot wait for a run that ends on it, this happens as soon as it has ended.
        """
        if self._loop.is_current:
            self._keep(self._clear_after(self.cancel()))
            return
        self.stop()
        self._loop.call(self._clear)

    def wait(self, timeout: float | None = None) -> bool:
        """Block until no run is on or waiting; False if `timeout` seconds were not enough."""
        refuse_waiting_on_the_driver()
        try:
            runs = list(self._open)  # a copy: the loop takes those out that end
            return not wait_for_futures([run.settled for run in runs], timeout).not_done
        except BaseException:  # a kernel interrupt
            self.stop()
            raise

    # -- what there is to keep -----------------------------------------------------------------------

    def to_markdown(self, *, title: str | None = None) -> str:
        """The conversation as a markdown document: answers by their source, everything else in fences."""
        name = title or self.name
        return transcript.to_markdown(transcript.read(self.session.snapshot(), title=name), title=name)

    def to_html(self, *, title: str | None = None) -> str:
        """The conversation as an HTML page of its own, without any script, which loads nothing."""
        name = title or self.name
        turns = transcript.read(self.session.snapshot(), title=name)
        return transcript.static_document(transcript.to_html(turns), title=name)

    def save(self, path: str | Path, *, title: str | None = None) -> Path:
        """Write the conversation to a JSON file, whole or not at all; gives its path. See `load`.

        How the agent is reached (its address, headers, keys) is not in it; what was said, and the state, are.
        """
        return store.write(path, self._loop.call(self._saved, title or self.name))

    def load(self, path: str | Path) -> str:
        """Go on with a saved conversation, in the place of this one; gives its title.

        Raises `StoreError` for a file that is not one, `BusyError` while a run is on; then nothing has changed.
        """
        saved = store.read(path)
        self._loop.call(self._restore, saved)
        return saved.title

    # -- what there is to read -----------------------------------------------------------------------

    @property
    def messages(self) -> list[dict[str, Any]]:
        """The conversation as AG-UI messages (a copy)."""
        return self.client.messages

    @property
    def tool_calls(self) -> list[ToolCall]:
        """The calls of tools in the conversation, in the order of the screen; each with the object that it gave."""
        return read_calls(self.session.snapshot(), self.client.objects)

    @property
    def pending(self) -> list[dict[str, Any]]:
        """What the agent waits for a human to decide: AG-UI interrupts, open ones first asked."""
        return [each for each in self.client.pending_interrupts if each["id"] not in self._answers]

    @property
    def status(self) -> str:
        """`idle`, `preparing`, `streaming`, `executing_tools` or `awaiting_input`."""
        if self._open:
            return self._projection.run_state or "preparing"
        return "awaiting_input" if self.pending else "idle"

    # -- on the loop ---------------------------------------------------------------------------------

    def _show_history(self) -> None:
        """The conversation that this one goes on with."""
        self._emit(self._projection.history(self.client.messages, self.session.now()))

    def _refuse_while_asked(self) -> None:
        if self.pending and not self._open:
            raise AgentError(f"{WAITING} It asks: {self.pending[0].get('message') or self.pending[0]['reason']}")

    def _keep(self, coroutine: Coroutine[Any, Any, Any]) -> None:
        """Run something on the loop; the loop itself would let go of it."""
        task = self._loop.loop.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _clear_after(self, runs: list[Run]) -> None:
        if runs:
            await asyncio.wait([asyncio.wrap_future(run.settled) for run in runs])
        self._clear()

    async def _ask_callbacks(self, run: Run, action: Action) -> None:
        """Run the agent, unless a callback has dealt with the action."""
        given = await self._call_back("on_action", self._on_action, a2ui.user_action(action.message))
        if any(each is True for each in given):
            self._settle(run, Answer("", run.question or "", run=run))
        else:
            self._start(run, None)

    async def _call_back(self, name: str, callbacks: list[Callable[[Any], Any]], said: Any) -> list[Any]:
        """What callbacks give, asked one after the other; one that fails is an error on screen."""
        given: list[Any] = []
        async with self._asking:
            for callback in list(callbacks):
                try:
                    given.append(await _called(callback, said))
                except BaseException as error:  # anybody's code: a run may wait for what it gives
                    self._emit(self._projection.problem(name.replace("_", "-"), f"{name}: {in_words(error)}"))
        return given

    def _keep_edits(self, message_id: str, part: str, payload: dict[str, Any]) -> None:
        if self.session.has_part(message_id, "a2ui", part):
            self._emit([draft("a2ui.edit", "a2ui", payload, message_id=message_id)])
            self._plan_rest()

    def _keep_drawing(self, kind: str, text: str, scheme: str, node: dict[str, Any]) -> None:
        messages = self.session.snapshot()["messages"]
        changes = drawings.kept(messages, kind, text, scheme, node)
        if changes:
            self._emit(changes)
            self._plan_rest()

    def _plan_rest(self) -> None:
        """Soon, and once for all that comes meanwhile."""
        if not self._is_rest_planned:
            self._is_rest_planned = True
            self._loop.loop.call_later(ENTERED_S, self._rest_if_idle)

    def _rest_if_idle(self) -> None:
        self._is_rest_planned = False
        if self._current is None:
            self._rest()

    def _answer_interrupts(self, chosen: str | None, answer: Callable[[dict[str, Any]], dict[str, Any]]) -> Run | None:
        """Note answers to open interrupts; go on with the run when none is left."""
        open_now = [each for each in self.pending if chosen in (None, each["id"])]
        if not open_now:
            ids = ", ".join(each["id"] for each in self.pending)
            raise AgentError(f"no interrupt {chosen!r} is open; open: {ids}" if ids else "the agent waits for nothing")
        self._answers |= {each["id"]: answer(each) for each in open_now}
        if self.pending:
            return None
        answers, self._answers = self._answers, {}
        return self._start(Run(new_id(), None, self._cancel, resume=answers), None)

    def _start(self, run: Run, nonce: str | None) -> Run:
        self._open.add(run)
        self._loop.post(self._enqueue, run, nonce)
        return run

    def _enqueue(self, run: Run, nonce: str | None) -> None:
        if run.is_stopping:
            self._settle(run, Answer("", run.question or "", status="aborted", run=run))
            return
        self._queue.append((run, nonce))
        if self._current is None:
            self._next()

    def _next(self) -> None:
        self._current = self._task = None
        if self._queue:
            self._current, nonce = self._queue.popleft()
            self._task = self._loop.loop.create_task(self._go(self._current, nonce))

    async def _go(self, run: Run, nonce: str | None) -> None:
        try:
            self._begin(run, nonce)
            with captured(self._print, echo=self.echo):
                await self._stream(run)
        except BaseException as error:  # ours, or none that says that it is an `Exception`
            if not (run.is_stopping and isinstance(error, asyncio.CancelledError)):  # how `stop` ends a run
                run.failure = {"message": in_words(error), "code": "internal"}
        finally:
            if run is self._current:
                self._end(run)
                self._next()

    def _begin(self, run: Run, nonce: str | None) -> None:
        """Put the question on screen, or take the answer away that is tried again; then open the run."""
        is_retry = run.question is None and run.resume is None and run.action is None
        if is_retry:
            run.action = self._last_action
            shells, messages = self._marks.pop()
            self.client.rewind(messages)
            self._answers = {}
            self._emit(self._projection.clear(keep=shells))
        elif run.question is not None:
            message = self.client.add_user_message(run.question, run.attachments)
            self._emit(self._projection.user_message(message["content"], message_id=message["id"], nonce=nonce))
        if run.resume is None:
            self._last_action = run.action
            self._marks.append((self._projection.message_count, len(self.client.messages)))
        run.status = "running"
        self._emit(self._projection.start_run(run.id, self.session.now()))

    async def _stream(self, run: Run) -> None:
        clock = self._loop.loop.time
        turn_ends = clock() + TURN_S
        async with aclosing(self.client.run(run_id=run.id, resume=run.resume, action=run.action)) as events:
            async for event in events:
                if clock() > turn_ends:
                    await asyncio.sleep(0)  # Stop, other chats and what is to be sent have their turn
                    turn_ends = clock() + TURN_S
                if run.is_stopping:
                    return  # the agent did not care to be cancelled
                if self._printed:
                    self._flush_printed()
                self._emit(self._projection.feed(event, self.session.now()))
                self._plan_tick()
                run.publish(event)

    def _plan_tick(self) -> None:
        if self._projection.has_waiting and not self._is_tick_planned:
            self._is_tick_planned = True
            self._loop.loop.call_later(FEED_MS / 1000, self._tick)

    def _tick(self) -> None:
        self._is_tick_planned = False
        self._emit(self._projection.tick(self.session.now()))

    @property
    def _has_answered(self) -> bool:
        """Whether there is anything of the last run to keep."""
        return bool(self._marks) and len(self.client.messages) > self._marks[-1][1]

    def _end(self, run: Run) -> None:
        """The run's one ending: on screen, and for those who wait for it."""
        outcome, detail = self._outcome(run)
        error = _error_payload(outcome, detail, KEPT if self._has_answered else "") if outcome in FAILURES else None
        try:
            self._flush_printed()
            ending = self._projection.end_run(
                outcome,
                self.session.now(),
                detail=detail.get("type"),
                error=error,
                questions=[hitl.question(each) for each in detail.get("interrupts", ())],
            )
            self._emit(ending)
            self._rest()
        finally:
            self._settle(run, self._answer(run, outcome), error)

    def _outcome(self, run: Run) -> tuple[str, dict[str, Any]]:
        if run.failure is not None:
            return "error", run.failure
        outcome = self.client.outcome
        if outcome == "running" or (run.is_stopping and outcome != "finished"):
            return "aborted", {}
        return outcome, self.client.detail

    def _answer(self, run: Run, outcome: str) -> Answer:
        messages = self.client.messages
        mine = messages[self._marks[-1][1] :] if self._marks else []
        texts = [m["content"] for m in mine if m["role"] == "assistant" and m.get("content")]
        return Answer(
            text="\n\n".join(texts),
            question=content_text(last_user_content(messages)),
            status=outcome,
            value=self.client.result,
            messages=mine,
            usage=self.client.usage,
            run=run,
        )

    def _settle(self, run: Run, answer: Answer, error: dict[str, Any] | None = None) -> None:
        self._open.discard(run)
        run.end(answer, error["message"] if error else None)

    def _cancel(self, run: Run) -> None:
        run.is_stopping = True
        self._loop.post(self._cancel_all, [run])

    def _cancel_all(self, runs: list[Run]) -> None:
        waiting, self._queue = self._queue, deque()
        for run, nonce in waiting:
            self._enqueue(run, nonce)
        if self._current in runs and self._task is not None:
            self._task.cancel()
            self._loop.loop.call_later(STOP_S, self._abandon, self._current)

    def _abandon(self, run: Run) -> None:
        """Go on without an agent that has not let go of a stopped run."""
        if run is self._current:
            self._warn({"code": "agent-did-not-stop", "message": "The agent ignored that it was stopped."})
            self._end(run)
            self._next()

    def _clear(self) -> None:
        self.client.forget()
        self._answers = {}
        self._marks = []
        self._last_action = None
        self._emit(self._projection.clear())
        self._rest()

    def _rest(self) -> None:
        try:
            self.at_rest()
        except Exception as error:  # whoever looks on must not end what is looked at
            self._warn({"code": "at-rest", "message": in_words(error)})

    def _saved(self, title: str) -> store.Saved:
        self._refuse_while_busy("saving")
        client = self.client
        return store.Saved(
            title=title,
            thread_id=client.thread_id,
            messages=client.messages,
            state=client.state,
            pending=client.pending_interrupts,
            snapshot=self.session.snapshot(),
            marks=[list(mark) for mark in self._marks],
            **self._projection.memory(),
        )

    def _restore(self, saved: store.Saved) -> None:
        self._refuse_while_busy("loading")
        self._clear()
        self.client.restore(saved.messages, state=saved.state, thread_id=saved.thread_id, pending=saved.pending)
        self._marks = [(shells, messages) for shells, messages in saved.marks]
        places, activities = saved.places, saved.activities
        self._emit(self._projection.restore(saved.snapshot, places=places, activities=activities))
        self._rest()

    def _refuse_while_busy(self, what: str) -> None:
        if self._open:
            raise BusyError(f"a run is on: wait for it (chat.wait()) or stop it (chat.stop()) before {what}")

    def _warn(self, warning: dict[str, Any]) -> None:
        self._emit(self._projection.notice(warning["code"], warning["message"]))

    def _emit(self, drafts: Iterable[Draft]) -> None:
        self.session.append(drafts)

    # -- what the agent prints -----------------------------------------------------------------------

    def _print(self, stream: str, text: str) -> None:
        """Called on whatever thread prints."""
        self._printed.append((stream, text))
        if len(self._printed) == 1:
            self._loop.post(self._loop.loop.call_later, PRINT_S, self._flush_printed)

    def _flush_printed(self) -> None:
        texts: dict[str, str] = {}
        while self._printed:
            stream, text = self._printed.popleft()
            texts[stream] = texts.get(stream, "") + text
        for stream, text in texts.items():
            self._emit(self._projection.printed(stream, text))


def _words_of(message: Mapping[str, Any]) -> str | None:
    """What an action (of 1.0) says in the user's name, if it does."""
    body = message.get("action")
    words = body.get("userMessage") if isinstance(body, dict) else None
    return words if isinstance(words, str) and words.strip() else None


async def _called(callback: Callable[[Any], Any], said: Any) -> Any:
    """What a callback gives: a coroutine function's on this loop, any other's in a thread of its own."""
    if inspect.iscoroutinefunction(callback):
        return await callback(said)
    worker = Worker("agui-callback")
    try:
        return await worker.call(lambda: callback(said))
    finally:
        worker.finish(lambda: None)


def _error_payload(outcome: str, detail: dict[str, Any], kept: str) -> dict[str, Any]:
    """What the errors lane says: what happened, what was kept, one next action."""
    error = {
        "message": detail.get("message") or TRUNCATED,
        "code": detail.get("code") or outcome,
        "kept": kept,
        "recovery": RETRY,
    }
    return {**error, "detail": detail["traceback"]} if "traceback" in detail else error


def _checked_callback(verb: str, given: C) -> C:
    if not callable(given):
        raise AgentError(f"{verb} takes a function, got {given!r:.80}. Write: @chat.{verb} above a function")
    return given


def _checked_markdown(choice: str) -> str:
    if choice not in ("live", "final", "off"):
        raise AgentError(f'markdown is "live", "final" or "off", got {choice!r}')
    return choice


def _home_loop(choice: str) -> asyncio.AbstractEventLoop | None:
    """The loop that the agent must run on, or None for the driver's own."""
    if choice == "driver":
        return None
    if choice != "kernel":
        raise AgentError(f'loop is "driver" or "kernel", got {choice!r}. Write: AgentChat(agent, loop="kernel")')
    running = _running_loop()
    if running is None:
        raise AgentError('loop="kernel" needs a running event loop: make the chat in a notebook cell or in async code')
    return running


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
