"""An agent that is a process on this machine: lines of JSON on its standard output, in any dialect.

run input ─► stdin          stdout ─► lines ─► dialect ─► AG-UI events
                            stderr ─► notices; its last lines are in the error, if it fails
"""

from __future__ import annotations

import asyncio
import copy
import json
import os
import signal
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import Any, Literal
from uuid import uuid4

from ..content import content_text, last_user_content
from ..dialects import RunWriter, decoder_for
from ..errors import AgentError, ProcessError
from ..sse import MAX_EVENT_BYTES, ServerSentEvent
from .child import Child

Event = dict[str, Any]
RunInput = dict[str, Any]
Tell = Callable[[dict[str, Any]], object]

RESTART_S = 0.2  # before the first restart; twice as long before each further one
MAX_NOTICES = 100  # lines of each kind that one run shows
LINE_CHARS = 500  # of a line that is shown
PROMPT_BYTES = 100_000  # an environment takes no longer words
MIN_SECRET_CHARS = 6  # a shorter value is in too many words to be hidden
HIDDEN = "•••"


class ProcessAgent:
    """An agent that is a command: `AgentChat(ProcessAgent(["python", "worker.py"]))`.

    Each run starts the command anew. It gets the run's input (threadId, runId, messages, state, …) as one line of JSON
    on its standard input, which then ends; it need not read it. What it writes to its standard output, one JSON object
    a line, is the answer. Any other line, and what it writes to standard error, are notices.

    | keyword | is |
    |---|---|
    | `dialect` | what the lines are: `"auto"`, or a name of docs/dialects.md, such as `"envelope"` or `"agui"` |
    | `correlation_env` | the environment variable in which it gets the run's id |
    | `prompt_env` | the one in which it gets what the user said last, at most 100,000 bytes of it |
    | `env` | more of its environment; values of six characters or more are hidden in whatever is shown of it |
    | `cwd` | the folder that it works in |
    | `restart` | `"on-failure"` starts it again if it fails before it has said anything; `"never"` |
    | `max_restarts` | how often, in one run |
    | `max_line_bytes` | a longer line is left out, with an error |
    | `name` | what it is called; else it is called after its script or program |

    Stopping the run tells it to end, and all that it has started; what has not ended after 2 seconds is killed. What it
    leaves running is killed too, and everything when this Python ends.
    """

    def __init__(
        self,
        command: Sequence[str | os.PathLike[str]],
        *,
        dialect: str = "auto",
        correlation_env: str | None = None,
        prompt_env: str | None = None,
        env: Mapping[str, str] | None = None,
        cwd: str | os.PathLike[str] | None = None,
        restart: Literal["never", "on-failure"] = "never",
        max_restarts: int = 2,
        max_line_bytes: int = MAX_EVENT_BYTES,
        name: str | None = None,
    ) -> None:
        if restart not in ("never", "on-failure"):
            raise AgentError(f'restart is "never" or "on-failure", got {restart!r}')
        decoder_for(dialect, _writer({}))  # a wrong name is said now, and not in a run
        self._command = _checked(command)
        self._dialect = dialect
        self._correlation_env = correlation_env
        self._prompt_env = prompt_env
        self._env = {str(key): str(value) for key, value in (env or {}).items()}
        self._secrets = _secrets_in(self._env.values())
        self._cwd = cwd
        self._restarts = max_restarts if restart == "on-failure" else 0
        self._max_line_bytes = max_line_bytes
        self.name = name or _name_of(self._command)
        self.tell: Tell = lambda warning: None  # called with what is for who looks closer

    def __repr__(self) -> str:
        return f"ProcessAgent({self.name!r})"  # arguments and environment may hold secrets

    async def __call__(self, run_input: RunInput) -> AsyncGenerator[Event, None]:
        """The events of one run.

        Raises `ProcessError` for a process that did not end well, unless it has said itself that it failed, and
        `AgentError` for one that cannot be started.
        """
        for attempt in range(self._restarts + 1):
            has_spoken = False
            try:
                async with aclosing(self._events(run_input)) as events:
                    async for event in events:
                        has_spoken = True
                        yield event
                return
            except ProcessError as error:
                if has_spoken or attempt == self._restarts:
                    raise
                self._tell("restart", f"{error} It is started again ({attempt + 1} of {self._restarts}).")
            await asyncio.sleep(RESTART_S * 2**attempt)

    async def _events(self, run_input: RunInput) -> AsyncGenerator[Event, None]:
        """The events of one process."""
        writer, notices = _writer(run_input), _Notices(self._tell, self._shown)
        writer.redacted = self._hide
        decoder = decoder_for(self._dialect, writer)
        child = Child(
            self._command,
            given=json.dumps(run_input).encode() + b"\n",
            env=self._environment(run_input),
            cwd=self._cwd,
            hear=lambda lines, more: notices.add("stderr", lines, more),
        )
        has_failed = False
        async with child:
            async for line in _lines(child, self._max_line_bytes):
                if line is None:
                    events = writer.problem(f"a line of more than {self._max_line_bytes:,} bytes is left out", "line")
                elif line.startswith(b"{"):
                    events = decoder.decode(ServerSentEvent(data=line.decode("utf-8", "replace")))
                else:
                    events = []
                    notices.add("stdout", [line])
                for event in events:
                    has_failed = has_failed or event["type"] == "RUN_ERROR"
                    yield event
        notices.close()
        is_well = child.returncode == 0 or child.was_ended
        for event in decoder.close():
            if is_well or event["type"] != "RUN_FINISHED":
                yield event
        if not (is_well or has_failed):
            raise self._error(child)

    def _error(self, child: Child) -> ProcessError:
        """How it ended, with the last it said: its very last line is mostly what went wrong."""
        stderr = [self._shown(line) for line in child.last_lines]
        ended = _ending(child.returncode)
        message = f"{self.name} {ended}: {stderr[-1].strip()}" if stderr else f"{self.name} {ended}."
        return ProcessError(message, exit_code=child.returncode, stderr="\n".join(stderr))

    def _environment(self, run_input: RunInput) -> dict[str, str]:
        said = content_text(last_user_content(run_input.get("messages", ())))
        words = said.replace("\0", "\ufffd").encode("utf-8", "replace")[:PROMPT_BYTES].decode("utf-8", "ignore")
        given = {self._correlation_env: str(run_input.get("runId", "")), self._prompt_env: words}
        return {**os.environ, **self._env, **{name: value for name, value in given.items() if name}}

    def _hide(self, text: str) -> str:
        """The text without the values of the environment that was given."""
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        return text

    def _shown(self, line: bytes) -> str:
        """As much of a line as is shown: cut last, for a part of a secret would not be known as one."""
        return self._hide(line.decode("utf-8", "replace")).rstrip()[:LINE_CHARS]

    def _tell(self, code: str, message: str) -> None:
        self.tell({"code": code, "message": self._hide(message), "event": 0})


class _Notices:
    """What a process says beside its answer, line by line; after the first hundred of a kind they are only counted."""

    def __init__(self, tell: Callable[[str, str], None], shown: Callable[[bytes], str]) -> None:
        self._tell = tell
        self._shown = shown
        self._counts: Counter[str] = Counter()

    def add(self, code: str, lines: list[bytes], more: int = 0) -> None:
        """Some lines, and how many others came with them."""
        room = max(0, MAX_NOTICES - self._counts[code])
        self._counts[code] += len(lines) + more
        for line in lines[:room]:
            if text := self._shown(line):
                self._tell(code, text)

    def close(self) -> None:
        """How many lines were not shown."""
        for code, count in self._counts.items():
            if count > MAX_NOTICES:
                self._tell(code, f"{count - MAX_NOTICES:,} more lines are not shown")


async def _lines(child: Child, max_bytes: int) -> AsyncGenerator[bytes | None, None]:
    """The lines of its output that say anything, without their ends; None for one that is too long.

    An empty line, and a comment such as `: ping`, say that it is alive.
    """
    partial = bytearray()  # an unfinished line; grown in place, or a long line costs O(n²)
    is_too_long = False
    while chunk := await child.read():
        *ended, rest = chunk.split(b"\n")
        for end in ended:
            line = bytes(partial) + end
            partial.clear()
            if is_too_long or len(line) > max_bytes:
                is_too_long = False
                yield None
            elif (line := line.strip()) and not line.startswith(b":"):
                yield line
        is_too_long = is_too_long or len(partial) + len(rest) > max_bytes
        partial += b"" if is_too_long else rest
        if is_too_long:
            partial.clear()
    if is_too_long:
        yield None
    elif line := bytes(partial).strip():
        yield line


def recognises(given: Any) -> bool:
    """True for a `ProcessAgent`."""
    return isinstance(given, ProcessAgent)


def adapt(agent: ProcessAgent, **options: Any) -> ProcessAgent:
    """The agent, as one chat has it: others may have it too. It takes its options where it is made."""
    if options:
        raise AgentError(f"a process takes no {', '.join(options)} here. Write: ProcessAgent([…], …)")
    return copy.copy(agent)


def _writer(run_input: RunInput) -> RunWriter:
    ids = {"thread_id": str(run_input.get("threadId", "")), "run_id": str(run_input.get("runId", ""))}
    return RunWriter(**ids, new_id=lambda: uuid4().hex)


def _checked(command: Any) -> list[str]:
    is_list = isinstance(command, Sequence) and not isinstance(command, str | bytes)
    if not is_list or not command or not all(isinstance(each, str | os.PathLike) for each in command):
        raise AgentError('a command is a list of its words. Write: ProcessAgent(["python", "worker.py"])')
    return [os.fspath(each) for each in command]


def _name_of(command: list[str]) -> str:
    """The script that it runs, else its program; never an argument, which may be a secret."""
    script = command[1] if len(command) > 1 and Path(command[1]).suffix and not command[1].startswith("-") else ""
    return Path(script or command[0]).name


def _secrets_in(values: Iterable[str]) -> list[str]:
    """What may not be shown, longest first, for one may be part of another; of a key with several lines, each."""
    lines = {line.strip() for value in values for line in [value, *value.splitlines()]}
    return sorted((line for line in lines if len(line) >= MIN_SECRET_CHARS), key=len, reverse=True)


def _ending(returncode: int | None) -> str:
    if returncode is None or returncode >= 0:
        return f"ended with exit code {returncode}"
    try:
        return f"was ended by {signal.Signals(-returncode).name}"
    except ValueError:  # a signal without a name
        return f"was ended by signal {-returncode}"
