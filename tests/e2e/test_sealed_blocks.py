"""What is finished of an answer stays as it is in a real page: its nodes, and what the reader selected in them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from agui_widget.projection import Projection
from agui_widget.protocol import Pipeline
from agui_widget.session import Session

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(60)]

# Every kind of block; what the last line defines is known to the final parse alone.
ANSWER = """# Margins

Margins **fell** for three products, as [the report][r] says.

- outdoor
  - lamps
- kitchen

1. first
2. second

- [x] read
- [ ] decide

| product | margin |
|:--------|-------:|
| lamp    |   -3.1 |
| pan     |   -1.2 |

```python
def margin(price, cost):
    return (price - cost) / price
```

> quoted, with `code`

---

$$
m = 1 - \\frac{c}{p}
$$

<details>
<summary>more</summary>

inside

</details>

A note.[^1]

    indented code

The last paragraph goes on and on.

[^1]: What it says.

[r]: https://example.org/report
"""
CHARS = 7
CHOSEN = "for three products"

HELPERS = """
const chat = document.querySelector(".agui-host").shadowRoot;
const blocks = () => [...chat.querySelectorAll(".nodes > .block-page > *")];
const textOf = ({ startContainer, startOffset, endContainer, endOffset }) => {
    const range = document.createRange();
    range.setStart(startContainer, startOffset);
    range.setEnd(endContainer, endOffset);
    return range.toString();
};
"""
# After each message: every block but the one that is open, and the footnotes behind it, is remembered with all its nodes;
# a formula without them, for it shows its source until it is drawn, whenever that is.
REMEMBER = (
    "async (message) => {"
    + HELPERS
    + """
    agui.model.receive(message);
    await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
    window.sealed ??= new Map();
    const all = blocks().filter(block => !block.matches(".footnotes"));
    for (const block of all.slice(0, -1)) {
        if (sealed.has(block)) continue;
        const nodes = [];
        const walk = document.createTreeWalker(block);
        while (!block.matches(".math") && walk.nextNode()) nodes.push(walk.currentNode);
        sealed.set(block, nodes);
    }
}"""
)
SELECT = (
    "(chosen) => {"
    + HELPERS
    + """
    const paragraph = blocks().find(block => block.textContent.includes(chosen));
    const walk = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        const at = walk.currentNode.data.indexOf(chosen);
        if (at >= 0) getSelection().setBaseAndExtent(walk.currentNode, at, walk.currentNode, at + chosen.length);
    }
}"""
)
SELECTED = (
    "() => {"
    + HELPERS
    + " const [range] = getSelection().getComposedRanges({ shadowRoots: [chat] }); return range ? textOf(range) : ''; }"
)
# Whole, block by block: what it is, and how many of the nodes that it had when it was sealed are gone.
LOST = (
    "() => {"
    + HELPERS
    + """
    return [...sealed].map(([block, nodes]) => [
        block.localName + "." + block.className,
        (block.isConnected ? 0 : 1) + nodes.filter(node => !node.isConnected).length,
    ]);
}"""
)
KINDS = {"h3.", "p.", "ul.", "ol.", "div.table", "div.fence", "blockquote.", "hr.", "span.math", "details."}


@pytest.fixture
def page(context: BrowserContext, origin: str) -> Iterator[Page]:
    """The chat on a plain page, with nothing in it."""
    page = context.new_page()
    page.goto(f"{origin}/js/index.html?bare&recording=&height=400")
    expect(page.locator("html")).to_have_attribute("data-played", "true")
    yield page
    page.close()


def test_sealed_blocks_keep_their_nodes_and_the_selection_to_the_end(page: Page) -> None:
    kernel = Kernel(page)
    kernel.begin()
    first, rest = ANSWER.split("- outdoor")
    kernel.say_in_pieces(first)
    kernel.say("- outdoor")
    page.evaluate(SELECT, CHOSEN)
    kernel.say_in_pieces(rest)
    assert page.evaluate(SELECTED) == CHOSEN
    kernel.end()
    lost = page.evaluate(LOST)
    assert KINDS <= {kind for kind, _ in lost}
    assert [kind for kind, gone in lost if gone] == []
    assert page.evaluate(SELECTED) == CHOSEN


class Kernel:
    """What stands between an agent and the wire; each delta is a message, and shown before the next."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._now = 0
        self._projection = Projection(Pipeline())
        self._session = Session("s", now=lambda: self._now)

    def begin(self) -> None:
        self._send(self._projection.user_message("Go on"))
        self._send(self._projection.start_run("r", self._now))
        self._feed({"type": "TEXT_MESSAGE_START", "messageId": "m", "role": "assistant"})

    def say(self, text: str) -> None:
        self._feed({"type": "TEXT_MESSAGE_CONTENT", "messageId": "m", "delta": text})

    def say_in_pieces(self, text: str) -> None:
        for at in range(0, len(text), CHARS):
            self.say(text[at : at + CHARS])

    def end(self) -> None:
        self._feed({"type": "TEXT_MESSAGE_END", "messageId": "m"})
        self._send(self._projection.end_run("finished", self._now))

    def _feed(self, event: dict) -> None:
        self._now += 30
        self._send(self._projection.feed(event, self._now))

    def _send(self, drafts: list) -> None:
        batch = self._session.append(drafts)
        if batch:
            self._page.evaluate(REMEMBER, {"t": "batch", "e": batch})
