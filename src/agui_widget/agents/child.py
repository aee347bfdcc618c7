"""A child process and everything that it starts: its lines, its last words, and its end.

It is the leader of a session of its own, so that signals reach its whole process group and nothing else.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType

from ..errors import AgentError

CHUNK_BYTES = 64 * 1024  # what is read at once; the reader holds at most a few of these, then the pipe does
TERMINATE_S = 2.0  # from being told to end to being killed
EXIT_S = 5.0  # from the end of its output to being told to end
POLL_S = 0.05
LAST_LINES = 20
LINE_BYTES = 2_000  # of a line of stderr
MAX_HEARD = 200  # lines of stderr that are looked at in one chunk; the ones before them are only counted

IS_WINDOWS = sys.platform == "win32"
TERMINATE = signal.SIGTERM
KILL = signal.SIGTERM if IS_WINDOWS else signal.SIGKILL

_alive: dict[int, int] = {}  # processes that run → the process that has started them

Hear = Callable[[list[bytes], int], object]  # lines, and how many more came that are not among them


class Child:
    """One run of a command, as an async context manager; leaving it ends the process, and all that it has started.

    `hear` gets what comes on stderr. `read` must be called for what comes on stdout: until then it waits in the pipe,
    and the process with it. `given` is all that comes on its stdin.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        given: bytes,
        env: Mapping[str, str],
        cwd: str | os.PathLike[str] | None,
        hear: Hear,
    ) -> None:
        self._command = command
        self._given = given
        self._env = env
        self._cwd = cwd
        self._hear = hear
        self._partial = b""  # of stderr
        self._tasks: list[asyncio.Task[None]] = []
        self._process: asyncio.subprocess.Process
        self.last_lines: deque[bytes] = deque(maxlen=LAST_LINES)  # of stderr
        self.was_ended = False  # by us

    @property
    def returncode(self) -> int | None:
        """The exit code, or the negative number of the signal that ended it; None while it runs."""
        return self._process.returncode

    async def __aenter__(self) -> Child:
        """Start it. Raises `AgentError` if that cannot be done."""
        try:
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                env=self._env,
                cwd=self._cwd,
                limit=CHUNK_BYTES,
                start_new_session=not IS_WINDOWS,
            )
        except (OSError, ValueError) as error:
            where = "" if self._cwd is None else f" in {os.fspath(self._cwd)}"
            why = error.strerror if isinstance(error, OSError) else error
            raise AgentError(f"{self._command[0]} could not be started{where}: {why}") from None
        _alive[self._process.pid] = os.getpid()
        self._tasks = [asyncio.create_task(each) for each in (self._give(), self._listen())]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End it: at once if something went wrong or nobody reads on, else when it has had time to end by itself."""
        try:
            if kind is None:
                await self._has_ended(EXIT_S)
            if self.returncode is None:
                self.was_ended = True
                _signal(self._process, TERMINATE)
                await self._has_ended(TERMINATE_S)
        finally:  # also where a second cancelling cuts the waiting short
            _signal(self._process, KILL)
        await self._has_ended(TERMINATE_S)
        await asyncio.wait(self._tasks, timeout=POLL_S)
        self._let_go()

    async def read(self) -> bytes:
        """What comes next on stdout; nothing when that has ended.

        It has also ended when the process has, and something that it left running keeps the pipe open.
        """
        assert self._process.stdout is not None
        while True:
            has_ended = self.returncode is not None
            with contextlib.suppress(asyncio.TimeoutError):
                return await asyncio.wait_for(self._process.stdout.read(CHUNK_BYTES), POLL_S)
            if has_ended:
                return b""

    async def _give(self) -> None:
        stdin = self._process.stdin
        assert stdin is not None
        with contextlib.suppress(ConnectionError):  # it need not read
            stdin.write(self._given)
            await stdin.drain()
        stdin.close()

    async def _listen(self) -> None:
        """Take what comes on stderr, however much that is: a process must not wait for who reads it."""
        assert self._process.stderr is not None
        while chunk := await self._process.stderr.read(CHUNK_BYTES):
            *lines, self._partial = (self._partial + chunk).rsplit(b"\n", MAX_HEARD)
            self._heard(lines)
            self._partial = self._partial[:LINE_BYTES]
        self._heard([self._partial] if self._partial else [])

    def _heard(self, lines: list[bytes]) -> None:
        more = lines[0].count(b"\n") if lines else 0  # what was not cut into lines
        lines = [line.rpartition(b"\n")[2][:LINE_BYTES] for line in lines]
        self.last_lines.extend(line for line in lines if line.strip())
        self._hear(lines, more)

    async def _has_ended(self, within_s: float) -> None:
        """Wait for the end. Not by `wait()`: some Pythons let it wait for the pipes too, which others may hold
        (https://github.com/python/cpython/issues/119710)."""
        clock = asyncio.get_running_loop().time
        ends = clock() + within_s
        while self.returncode is None and clock() < ends:
            await asyncio.sleep(POLL_S / 5)

    def _let_go(self) -> None:
        for task in self._tasks:
            task.cancel()
        _alive.pop(self._process.pid, None)
        transport: asyncio.SubprocessTransport = self._process._transport  # type: ignore[attr-defined]
        transport.close()  # of pipes that others may still hold; a process has no public way to say so


def _signal(process: asyncio.subprocess.Process, number: signal.Signals) -> None:
    """To the process and all that it has started, also when it has ended itself; on Windows to the process alone."""
    if not IS_WINDOWS:
        _signal_group(process.pid, number)
    elif process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            process.kill()


def _signal_group(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):  # they have ended
        os.killpg(pid, number)


@atexit.register
def _end_all() -> None:
    """Nothing outlives the process that started it."""
    for pid, starter in list(_alive.items()):
        if starter == os.getpid():  # not so in a fork
            os.kill(pid, KILL) if IS_WINDOWS else _signal_group(pid, KILL)
