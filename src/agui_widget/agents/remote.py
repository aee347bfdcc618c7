"""A remote agent, by its URL: ask it over HTTP, read its server-sent events in any dialect (docs/sources.md)."""

from __future__ import annotations

import uuid
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from ..content import content_text, last_user_content
from ..dialects import RunWriter, decoder_for
from ..dialects.htmx import read_snippet
from ..errors import AgentError, TransportError
from ..projection import RESUMING, SILENT
from ..transport import FORM, Ask, HttpTransport, as_form, as_json
from .options import keywords_of, refuse_unknown

RunInput = dict[str, Any]
Event = dict[str, Any]
Body = Callable[[RunInput], Any]

CANCEL_FAILED = "cancel"  # the code of a warning


def recognises(given: Any) -> bool:
    """True for an absolute http or https URL."""
    return isinstance(given, str) and given.startswith(("http://", "https://"))


def host(url: str) -> str:
    """The host of a URL, without user name and password."""
    return urlsplit(url).hostname or url


def adapt(url: str, **options: Any) -> RemoteAgent:
    """The agent at `url`. Options are those of `RemoteAgent`, and of `HttpTransport` (headers, auth, time-outs, …)."""
    refuse_unknown("an agent at a URL", options, keywords_of(RemoteAgent, HttpTransport))
    return RemoteAgent(url, **options)


def prompt_of(run_input: RunInput) -> dict[str, str]:
    """`{"prompt": …}`: what the user said last."""
    return {"prompt": content_text(last_user_content(run_input["messages"]))}


def _chat(run_input: RunInput) -> dict[str, Any]:
    """What an endpoint for chat completions takes."""
    said = [each for each in run_input["messages"] if each["role"] in ("system", "user", "assistant")]
    messages = [{"role": each["role"], "content": each.get("content") or ""} for each in said]
    return {"messages": messages, "stream": True}


def _whole(run_input: RunInput) -> RunInput:
    return run_input


class Manner(NamedTuple):
    """How agents of a dialect are asked, where nothing else is said."""

    body: Body = _whole
    is_form: bool = False
    has_bridge: bool = False


MANNERS: dict[str, Manner] = {
    "openai": Manner(_chat),
    "htmx": Manner(prompt_of, is_form=True, has_bridge=True),
}


class RemoteAgent:
    """An agent somewhere else; each run is one request.

    | keyword | is |
    |---|---|
    | `dialect` | a name in `DIALECTS`, or `auto`: the first frames tell |
    | `method` | `POST`, or `GET`: then `body` gives the parameters of the query |
    | `body` | a function of the run's input that gives what is sent; else what the dialect's agents take |
    | `cancel` | a path that is told when the user stops a run |

    `tell` is called with a warning when the connection was lost and is tried again, and the like.
    """

    def __init__(
        self,
        url: str,
        *,
        dialect: str = "auto",
        method: str = "POST",
        body: Body | None = None,
        cancel: str | None = None,
        **options: Any,
    ) -> None:
        self.tell: Callable[[dict[str, Any]], object] = lambda warning: None
        self._dialect = dialect
        decoder_for(dialect, RunWriter(thread_id="", run_id="", new_id=str))  # a wrong name is said at once
        self._method = _checked_method(method)
        self._manner = MANNERS.get(dialect, Manner())
        if body is not None and not callable(body):
            raise AgentError(f"body is a function of the run's input, got {body!r:.80}. Write: body=lambda run: {{…}}")
        self._body = body or (prompt_of if method == "GET" else self._manner.body)
        told = {"on_retry": self._interrupted, "on_silence": self._silent}
        self._transport = HttpTransport(url, **{**told, **options})
        self._cancel = cancel and self._transport.resolve(cancel)

    async def __call__(self, run_input: RunInput) -> AsyncGenerator[Event, None]:
        """The events of one run."""
        writer = RunWriter(thread_id=run_input["threadId"], run_id=run_input["runId"], new_id=lambda: uuid.uuid4().hex)
        writer.redacted, writer.beside = self._transport.redacted, self._transport.beside
        try:
            async with aclosing(self._events(run_input, writer)) as events:
                async for event in events:
                    yield event
        except Exception:
            raise
        except BaseException:  # cancelled, or closed: the run was stopped
            await self._say_stopped(run_input, writer)
            raise

    async def _events(self, run_input: RunInput, writer: RunWriter) -> AsyncGenerator[Event, None]:
        decoder = decoder_for(self._dialect, writer)
        run = self._transport.open(self._ask(run_input, writer))
        async with aclosing(run.frames()) as frames:
            async for frame in frames:
                events = decoder.decode(frame)
                run.is_over = writer.is_over or writer.may_end
                run.may_close = writer.may_close
                for event in events:
                    yield event
                if writer.is_over:
                    break  # a server may leave the connection open
        for event in decoder.close():
            yield event

    def _ask(self, run_input: RunInput, writer: RunWriter) -> Ask:
        said = self._body(run_input)
        if self._method == "GET":
            return Ask(method="GET", query={name: str(value) for name, value in dict(said).items()})
        if self._manner.is_form:
            return Ask(as_form(said), FORM, bridge=_bridge(writer) if self._manner.has_bridge else None)
        return Ask(as_json(said))

    # -- what is said beside the events --------------------------------------------------------------

    async def _say_stopped(self, run_input: RunInput, writer: RunWriter) -> None:
        if self._cancel is None or writer.is_over or writer.may_end:
            return
        ids = {"corrId": writer.correlation_id, "runId": run_input["runId"], "threadId": run_input["threadId"]}
        try:
            await self._transport.tell(self._cancel, ids)
        except TransportError as error:
            self._warn(CANCEL_FAILED, f"The agent was not told that the run was stopped: {error}")

    def _interrupted(self, error: TransportError, wait_s: float) -> None:
        self._warn(RESUMING, f"{error}; trying again in {wait_s:.1f} s")

    def _silent(self, silent_s: float) -> None:
        self._warn(SILENT, f"Silent for {silent_s:g} s")

    def _warn(self, code: str, message: str) -> None:
        self.tell({"code": code, "message": message, "event": 0})


def _bridge(writer: RunWriter) -> Callable[[str], str]:
    """Reads the page that names the stream; the run then knows which event closes it."""

    def cross(page: str) -> str:
        snippet = read_snippet(page)
        writer.close_event = snippet.close_event
        return snippet.url

    return cross


def _checked_method(method: str) -> str:
    if method not in ("GET", "POST"):
        raise AgentError(f'method is "GET" or "POST", got {method!r}')
    return method
