"""Formulas, drawn by the built widget on a plain page: of many kinds, wrong ones, wide ones, and hostile ones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page

from .formulas import FORMULAS, HOSTILE, LONG

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(60)]

ROOT = "document.querySelector('.cell > *').shadowRoot"
FAULTS = f"""async () => {{
  const {{ allFaults }} = await import("/tests/e2e/judge/listed.js");
  return [...new Set(allFaults({ROOT}.querySelector(".nodes")))];
}}"""
# Every text on its face: what it is set in, and whether that is one of ours and there.
UNSET = f"""() => {{
  const faces = new Set([...document.fonts].map((f) => [f.family.replaceAll('"', ""), f.weight, f.style].join()));
  const walker = document.createTreeWalker({ROOT}.querySelector(".nodes"), NodeFilter.SHOW_TEXT);
  const unset = new Set();
  for (let text = walker.nextNode(); text; text = walker.nextNode()) {{
    if (!text.parentElement.closest(".katex-html") || !text.data.replaceAll(/[\\s\\u200b]/g, "")) continue;
    const {{ fontFamily, fontWeight, fontStyle }} = getComputedStyle(text.parentElement);
    const weight = fontWeight === "700" ? "bold" : "normal";
    const face = [fontFamily.split(",")[0].replaceAll('"', ""), weight, fontStyle].join();
    if (!faces.has(face)) unset.add(`${{face}}: ${{text.data}}`);
  }}
  return [...unset];
}}"""

Node = dict[str, Any]


def display(tex: str) -> Node:
    return {"t": "math", "a": {"display": True}, "c": [tex]}


def paragraph(*children: str | Node) -> Node:
    return {"t": "p", "c": list(children)}


class Paper:
    """A page with one answer, what it asked the network for, and what it complained about."""

    def __init__(self, page: Page, origin: str) -> None:
        self.page = page
        self.origin = origin
        self.requests: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("dialog", lambda dialog: (self.complaints.append(dialog.message), dialog.dismiss()))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)

    def open(self, theme: str = "light", height: int = 700) -> Paper:
        self.page.goto(f"{self.origin}/js/index.html?bare&speed=0&recording=&theme={theme}&height={height}")
        self.page.wait_for_function("document.documentElement.dataset.played")
        self._seq = 0
        self._send("message.start", {"role": "assistant"}, "status")
        return self

    def show(self, *nodes: Node, count: int = 0) -> Paper:
        """Show an answer, and wait until `count` formulas are drawn: all of them if that is not said."""
        self._send("part.put", {"key": "t", "kind": "blocks", "nodes": list(nodes), "text": ""})
        drawn = f"{ROOT}.querySelectorAll('.math[data-drawn]').length"
        wanted = count or f"{ROOT}.querySelectorAll('.math').length"
        self.page.wait_for_function(f"{drawn} > 0 && {drawn} >= {wanted}")
        return self

    def _send(self, kind: str, payload: Node, lane: str = "text") -> None:
        self._seq += 1
        head = {"v": "agui.v1", "id": f"s:{self._seq}", "ts": 1000, "stream": "s", "corr": "r", "seq": self._seq}
        envelope = {**head, "kind": kind, "message_id": "a1", "payload": payload, "lane": lane}
        self.page.evaluate("e => agui.model.receive({ t: 'batch', e: [e] })", envelope)

    def look(self, script: str) -> Any:
        return self.page.evaluate(script)

    def has_asked_elsewhere(self) -> bool:
        """A style sheet, for one, might ask for fonts beside itself."""
        return any("/fonts/" in url or not url.startswith((self.origin, "data:", "blob:")) for url in self.requests)


@pytest.fixture
def paper(context: BrowserContext, origin: str) -> Iterator[Paper]:
    page = context.new_page()
    yield Paper(page, origin)
    page.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_formulas_of_every_kind_are_drawn(paper: Paper, theme: str, screenshots: Path) -> None:
    paper.page.set_viewport_size({"width": 1000, "height": 3000})
    paper.open(theme, height=2900).show(*map(display, FORMULAS), count=len(FORMULAS))
    assert paper.look(UNSET) == []
    assert paper.look(FAULTS) == []
    assert paper.complaints == []
    assert not paper.has_asked_elsewhere()
    paper.page.screenshot(path=screenshots / f"formulas-{theme}.png")


def test_hostile_formulas_do_nothing(paper: Paper) -> None:
    paper.page.set_viewport_size({"width": 1000, "height": 6000})
    inline = [paragraph("before ", {"t": "math", "c": [tex]}, " after") for tex in HOSTILE[:20]]
    paper.open(height=5900).show(*map(display, HOSTILE), *inline, count=20)
    settled = (
        f"[...{ROOT}.querySelectorAll('.math')].every(({{ dataset }}) => 'drawn' in dataset || 'failed' in dataset)"
    )
    paper.page.wait_for_function(settled)
    assert paper.look(FAULTS) == []
    assert paper.complaints == []
    assert not paper.has_asked_elsewhere()
    assert paper.look(f"{ROOT}.querySelectorAll('.math :is(a, img, script)').length") == 0
    unknown = paper.page.locator(".math[data-failed]").filter(has_text=re.compile(r"^\\leak$"))
    assert unknown.first.get_attribute("title") == r"Undefined control sequence: \leak"


def test_no_formula_covers_what_is_beside_it(paper: Paper) -> None:
    up = r"\smash{\raisebox{-30em}{\colorbox{red}{\rule{30em}{20em}}}}"
    aside = r"\kern{-20em}\colorbox{red}{\rule{20em}{30em}} \smash{\colorbox{red}{\rule{30em}{30em}}}"
    formulas = [{"t": "math", "c": [tex]} for tex in (up, aside)]
    paper.open().show(paragraph("words"), paragraph("x ", *formulas), display(up), paragraph("more words"))
    for words in (paper.page.get_by_text("words", exact=True), paper.page.get_by_text("more words")):
        picture = Image.open(BytesIO(words.screenshot())).convert("RGB")
        assert {colour for _, colour in picture.getcolors(100_000) or []}.isdisjoint({(255, 0, 0), (0, 0, 0)})


def test_a_wide_formula_scrolls_by_itself(paper: Paper) -> None:
    paper.open().show(display(LONG))
    math = f"{ROOT}.querySelector('.math')"
    assert paper.look(f"{math}.scrollWidth > {math}.clientWidth + 100")
    assert paper.look(f"{math}.scrollHeight <= {math}.clientHeight + 1")
    assert paper.look("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_what_is_selected_is_copied_as_tex(paper: Paper) -> None:
    mean = {"t": "math", "c": [r"\bar{x} = \frac{1}{n}"]}
    code = {"t": "fence", "c": ["a = 1\n  b"]}
    paper.open().show(paragraph("The mean ", mean, " of all."), display("a^2"), code, paragraph("end"))
    paper.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    _select(paper.page, ".nodes p >> nth=0", ".nodes p >> nth=1")
    paper.page.keyboard.press("Control+c")
    copied = paper.look("navigator.clipboard.readText()")
    mean_of_all = r"The mean $\bar{x} = \frac{1}{n}$ of all."
    assert [line for line in copied.split("\n") if line] == [mean_of_all, "$$a^2$$", "a = 1", "  b", "end"]
    assert paper.look(f"{ROOT}.querySelectorAll('.nodes').length") == 1
    assert paper.look(f"{ROOT}.getSelection().toString()").startswith("The mean ")


def _select(page: Page, start: str, end: str) -> None:
    """From the beginning of one element to the end of another, as a reader does it."""
    one, other = page.locator(start).bounding_box(), page.locator(end).bounding_box()
    assert one and other
    page.mouse.move(one["x"], one["y"] + one["height"] / 2)
    page.mouse.down()
    page.mouse.move(other["x"] + other["width"] - 1, other["y"] + other["height"] / 2, steps=4)
    page.mouse.up()


def test_who_cannot_see_it_has_it_once(paper: Paper) -> None:
    paper.open().show(paragraph("so ", {"t": "math", "c": ["x^2"]}))
    tree = paper.page.locator(".nodes p").aria_snapshot()
    assert tree.count("math") == 1, tree
    assert "$" not in tree
