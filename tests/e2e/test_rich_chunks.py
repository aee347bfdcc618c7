"""What a page loads to draw with, in both hosts: once for ten chats, and never what was tampered with."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from playwright.sync_api import WebSocket, expect

from .jupyter import Notebook

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(180)]

ANSWER = """
from IPython.display import display
from agui_widget import AgentChat

ANSWER = '''$x^2$

```vega-lite
{"data": {"values": [{"a": 1}, {"a": 2}]}, "mark": "point", "height": 40, "encoding": {"x": {"field": "a"}}}
```

```flow
{"nodes": ["a", "b"], "edges": [{"from": "a", "to": "b"}]}
```
'''

def answered():
    chat = AgentChat(lambda: ANSWER)
    chat.ask_sync("draw")
    return chat
"""

TAMPER = """
import gzip, pathlib, tempfile
from agui_widget.widget import CHUNKS

source = gzip.decompress(CHUNKS["flow"].read_bytes())
CHUNKS["flow"] = pathlib.Path(tempfile.mkdtemp()) / "flow.gz"
CHUNKS["flow"].write_bytes(gzip.compress(b"document.title = 'owned';" + source))
"""

ASKED = re.compile(rb'"comm_id": ?"(\w+)".*?"t": ?"chunk", ?"name": ?"([\w.-]+)"')


def test_ten_chats_on_a_page_ask_for_each_chunk_once(nb: Notebook) -> None:
    asked: set[tuple[bytes, bytes]] = set()  # which chat for which chunk; a slow kernel may be asked by it again

    def note(payload: str | bytes) -> None:
        asked.update(ASKED.findall(payload if isinstance(payload, bytes) else payload.encode()))

    def listen(socket: WebSocket) -> None:
        socket.on("framesent", note)

    nb.page.on("websocket", listen)
    nb.open()
    nb.run(ANSWER)
    nb.run("chats = [answered() for _ in range(10)]\ndisplay(*chats)")
    for at in range(10):
        chat = nb.chat_view(at).wait_until_live()
        for block in chat.host.locator(".math, .fence").all():
            block.scroll_into_view_if_needed()
            expect(block).to_have_attribute("data-drawn", "")
    times = Counter(name for _, name in asked)
    assert {b"math", b"charts", b"flow"} <= set(times)
    assert set(times.values()) == {1}


@pytest.mark.parametrize("host", ["lab"])
def test_a_chunk_that_was_tampered_with_is_refused_and_its_source_is_shown(nb: Notebook) -> None:
    chat = nb.show(ANSWER + TAMPER + "answered()")
    chart, flow = chat.host.locator(".fence").all()
    expect(chart).to_have_attribute("data-drawn", "")
    flow.scroll_into_view_if_needed()
    expect(flow.get_by_role("note")).to_be_visible()
    expect(flow.locator(".code")).to_contain_text('"nodes": ["a", "b"]')
    expect(flow).not_to_have_attribute("data-drawn", "")
    assert nb.page.title() != "owned"
