"""Where the kernel takes what pages send: beside its cells, so that none keeps a page waiting.

ipykernel takes a page's message on the shell that last sent something on its comm, or else on the one that the page
names. For a chat that is made in a cell, until the page has a subshell, and for hosts that know of none, that is the
main shell: the page would wait until the cell ends. So the chats of a kernel have one subshell of their own.
"""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from typing import Any


def take_beside_cells(comm: Any) -> None:
    """Have everything that comes on `comm` taken on the chats' subshell, if it is one of ipykernel 7.4.

    All of this is private to ipykernel: a test notices if it goes. Then a page has the shell that it names.
    """
    if not hasattr(comm, "_reply_subshell_for"):
        return
    kernel = comm.kernel

    def shell_for(_message: object, named: str | None) -> str | None:
        with suppress(Exception):  # or the message would be lost
            return _subshell_of(kernel.shell_channel_thread.manager)
        return named

    comm._reply_subshell_for = shell_for


@cache
def _subshell_of(manager: Any) -> str:
    """The id of the chats' subshell. On the shell channel's thread, which alone may make one: ipykernel asks there."""
    return str(manager._create_subshell())
