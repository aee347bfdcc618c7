"""A real kernel hears its pages while its cell is busy: those that have no subshell yet, and hosts that know of none."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from jupyter_client.manager import start_new_kernel

from agui_widget.subshell import take_beside_cells

pytestmark = [pytest.mark.slow, pytest.mark.timeout(60)]

ENDLESS = """
import threading
from agui_widget import AgentChat
chat = AgentChat()
threading.Event().wait()
"""


@pytest.fixture
def kernel() -> Iterator[Any]:
    manager, client = start_new_kernel()
    yield client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def heard(kernel: Any, kind: str) -> Iterator[Any]:
    """What the kernel tells its pages, as it comes."""
    while True:
        message = kernel.get_iopub_msg(timeout=20)
        if message["msg_type"] == kind:
            yield message


def test_a_page_is_answered_while_the_cell_that_made_the_chat_goes_on(kernel: Any) -> None:
    kernel.execute(ENDLESS)
    opened = next(each["content"] for each in heard(kernel, "comm_open") if "_esm" in each["content"]["data"]["state"])
    intent = {"method": "custom", "content": {"t": "chunk", "name": "math"}}
    kernel.shell_channel.send(kernel.session.msg("comm_msg", {"comm_id": opened["comm_id"], "data": intent}))
    answer = next(heard(kernel, "comm_msg"))
    assert answer["content"]["data"]["content"] == {"t": "chunk", "name": "math"}
    assert len(answer["buffers"]) == 1


def test_where_there_are_no_subshells_the_pages_own_shell_is_kept() -> None:
    comm: Any = SimpleNamespace(kernel=None, _reply_subshell_for=None)
    take_beside_cells(comm)
    assert [comm._reply_subshell_for({}, named) for named in ("named", None)] == ["named", None]
