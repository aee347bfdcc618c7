"""Conversations of thousands of messages, on a plain page: nothing jumps, nothing is lost, everything can be found."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

CHECKOUT = Path(__file__).parents[2]

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(60)]

NEAR_PX = 24  # this close, the reader counts as being at the end

# A question and an answer in turn; every answer has a table, a list and folded calls.
TOOLS = """
  window.root = document.querySelector('.agui-host').shadowRoot;
  window.scroller = root.querySelector('.scroller');
  window.frame = () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  window.words = at => `Paragraph of message ${at}, needle${at}x, with enough words in it for more than one line of prose. `;
  const part = (kind, key, more) => ({ kind, key, ...more });
  const lane = (...parts) => ({ parts, sealed: true });
  const row = (at, n) => part('tool', `c${at}.${n}`, { value: { call_id: `c${at}.${n}`, name: 'load', state: 'done', args: '{}', result: 'ok' } });
  const cells = (...texts) => ({ t: 'tr', c: texts.map(text => ({ t: 'td', c: [text] })) });
  const answer = at => [
    ...Array.from({ length: 1 + at % 5 }, () => ({ t: 'p', c: [words(at), { t: 'strong', c: ['strong'] }] })),
    { t: 'ul', c: ['one', 'two'].map(text => ({ t: 'li', c: [text] })) },
    { t: 'table', c: [{ t: 'tbody', c: [cells('a', 'b'), cells('c', 'd')] }] },
  ];
  window.question = at => ({ id: `m${at}`, role: 'user', corr: `r${at}`, ts: 0, lanes: { text: lane(part('text', 'text', { text: words(at) })) } });
  window.reply = at => ({ id: `m${at}`, role: 'assistant', corr: `r${at - 1}`, ts: 0, lanes: {
    text: lane(part('blocks', 'text', { nodes: answer(at), text: words(at) })),
    tools: lane(...[1, 2, 3, 4].map(n => row(at, n))),
    status: { ...lane(), status: { status: 'done', duration_ms: 1200 } },
  } });
  window.talk = (count, seq = 1) => {
    const messages = Array.from({ length: count }, (_, at) => at % 2 ? reply(at) : question(at));
    agui.model.receive({ t: 'snap', s: { v: 'agui.v1', stream: 's', seq, messages, runs: [], state: null } });
  };
  let seq = 1;
  window.say = (kind, id, payload, lane = 'text') => {
    const head = { v: 'agui.v1', id: `s:${++seq}`, ts: 1000, stream: 's', corr: 'live', seq };
    agui.model.receive({ t: 'batch', e: [{ ...head, kind, message_id: id, payload, lane }] });
  };
  window.stream = async (turns, each = () => {}) => {
    say('run.update', null, { run_id: 'live', state: 'streaming' });
    for (let turn = 0; turn < turns; turn++) {
      say('message.start', `live${turn}`, { role: 'assistant' });
      for (let n = 0; n < 4; n++) {
        say('token.delta', `live${turn}`, { text: 'A sentence that arrives.\\n'.repeat(3) });
        await frame();
        each();
      }
      say('lane.seal', `live${turn}`, {});
    }
    say('run.update', null, { run_id: 'live', state: 'finished' });
    await frame();
    each();
  };
  window.count = () => root.querySelectorAll('.message').length;
  window.below = () => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight;
  window.at = id => root.querySelector(`[data-message="${id}"]`).getBoundingClientRect().top - scroller.getBoundingClientRect().top;
  null;
"""


class Talk:
    """A chat on a plain page whose kernel this test plays."""

    def __init__(self, page: Page, origin: str) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(f"{origin}/js/index.html?bare&recording=&height=700")
        expect(page.locator("html")).to_have_attribute("data-played", "true")
        page.evaluate(TOOLS)

    def of(self, count: int) -> Talk:
        """Open a conversation of so many messages, and wait until every one that should be there is."""
        self.do(f"talk({count})")
        self.wait_for(min(count, 2000))
        return self

    def wait_for(self, count: int) -> None:
        self.page.wait_for_function(f"count() === {count}")
        self.do("frame()")

    def do(self, script: str) -> Any:
        return self.page.evaluate(script)

    def go_to(self, message: str) -> None:
        """As the reader goes: in steps, so what was out of sight is laid out on the way."""
        self.page.mouse.move(400, 400)
        self.page.mouse.wheel(0, -100)
        for _ in range(4):
            self.do(f"scroller.scrollTop += at('{message}') - 50, frame()")

    @property
    def earlier(self) -> Any:
        return self.page.locator("[data-earlier]")


@pytest.fixture
def chat(context: BrowserContext, origin: str) -> Iterator[Talk]:
    page = context.new_page()
    page.set_viewport_size({"width": 900, "height": 800})
    talk = Talk(page, origin)
    yield talk
    assert talk.complaints == []
    page.close()


def test_a_thousand_messages_open_at_their_end(chat: Talk) -> None:
    chat.of(1000)
    assert chat.do("below()") <= 1
    assert chat.do("at('m999') < scroller.clientHeight")


def test_while_the_beginning_is_still_to_come_the_end_is_seen_and_nothing_moves(chat: Talk) -> None:
    chat.do(
        "window.tops = new Set(), window.watch = () => (tops.add(at('m999')), count() < 1000 && requestAnimationFrame(watch)), null"
    )
    chat.do("talk(1000), frame().then(() => watch()), null")
    chat.wait_for(1000)
    assert len(chat.do("[...tops]")) == 1


def test_the_end_stays_in_sight_while_pages_come(chat: Talk) -> None:
    chat.of(1000)
    script = "(async () => { const rests = []; await stream(60, () => rests.push(below())); return rests; })()"
    assert max(chat.do(script)) <= NEAR_PX
    assert chat.do("root.querySelectorAll('.log > *').length") >= 1060 / 50


def test_every_node_stays_itself_while_pages_come_and_a_snapshot_repeats_it_all(chat: Talk) -> None:
    chat.of(1000)
    chat.do("[...root.querySelectorAll('.message, .message *')].forEach(node => { node.kept = true; })")
    before = chat.do("root.querySelectorAll('.message, .message *').length")
    chat.do("stream(60)")
    chat.do("talk(1000, 1e6), frame()")
    assert chat.do("[...root.querySelectorAll('.message, .message *')].filter(({ kept }) => kept).length") == before


def test_what_the_reader_went_up_to_stays_while_an_answer_streams(chat: Talk) -> None:
    chat.of(1000)
    chat.go_to("m501")
    top = chat.do("at('m501')")
    assert set(
        chat.do("(async () => { const tops = []; await stream(20, () => tops.push(at('m501'))); return tops; })()")
    ) == {top}
    assert chat.page.locator("[data-jump]").is_visible()


def test_a_selection_outlives_streaming_and_reaches_across_what_is_out_of_sight(chat: Talk) -> None:
    chat.of(1000)
    chat.do("""{
        const first = root.querySelector('[data-message=m301] p').firstChild;
        const last = root.querySelector('[data-message=m451] p').firstChild;
        getSelection().setBaseAndExtent(first, 0, last, 9);
    }""")
    before = chat.do("root.getSelection().toString()")
    chat.do("stream(60)")
    assert chat.do("root.getSelection().toString()") == before
    assert "needle301x" in before and "needle375x" in before and before.endswith("Paragraph")


def test_what_is_out_of_sight_is_found_and_can_be_brought_into_sight(chat: Talk) -> None:
    chat.of(1000)
    assert chat.do("find('needle123x')") is True
    chat.do("root.getSelection().focusNode.parentElement.scrollIntoView({ block: 'center' }), frame()")
    # What comes into sight is laid out, a level in each frame, and the place is kept meanwhile.
    chat.page.wait_for_function("Math.abs(at('m123') - scroller.clientHeight / 2) < 200")
    assert chat.do("root.getSelection().toString()") == "needle123x"


@pytest.mark.parametrize("width", [400, 1200])
def test_a_page_that_changes_its_width_stays_at_the_end_or_where_it_is_read(chat: Talk, width: int) -> None:
    chat.of(1000)
    chat.page.set_viewport_size({"width": width, "height": 800})
    chat.do("frame()")
    assert chat.do("below()") <= NEAR_PX
    chat.go_to("m501")
    chat.page.set_viewport_size({"width": 900, "height": 800})
    chat.do("frame()")
    assert -20 <= chat.do("at('m501')") <= 120


def test_the_first_of_2500_messages_come_when_the_reader_reaches_the_top_and_move_nothing(chat: Talk) -> None:
    chat.of(2500)
    assert chat.do("scroller.scrollHeight") > 100_000
    chat.page.mouse.move(400, 400)
    chat.page.mouse.wheel(0, -100)
    chat.do("scroller.scrollTop = 600, frame()")
    chat.do("scroller.scrollTop = 0")
    top = chat.do("at('m500')")
    tops = chat.do(
        "(async () => { const tops = []; while (count() < 2200 || tops.length < 30) { await frame(); tops.push(at('m500')); } return tops; })()"
    )
    assert [round(each - top) for each in tops] == [0] * len(tops)


def test_or_when_the_reader_asks_for_them_with_the_keyboard(chat: Talk) -> None:
    chat.of(2500)
    expect(chat.earlier).to_have_text("Show 200 of 500 earlier messages")
    chat.do("root.querySelector('[data-earlier]').focus()")
    chat.do("frame()")
    top = chat.do("at('m500')")
    chat.page.keyboard.press("Enter")
    chat.wait_for(2200)
    assert chat.do("at('m500')") == pytest.approx(top, abs=60)  # the room of the button, which is at the top again
    assert chat.do("root.activeElement === scroller")
    expect(chat.earlier).to_have_text("Show 200 of 300 earlier messages")


def test_the_first_messages_go_when_far_more_came_and_the_end_stays_in_sight(chat: Talk) -> None:
    chat.of(2000)
    chat.do("Array.from({ length: 201 }, (_, at) => say('message.start', `n${at}`, { role: 'assistant' })), frame()")
    chat.do("say('token.delta', 'n200', { text: 'Hello' }), frame()")
    assert chat.do("count()") == 2000
    expect(chat.earlier).to_have_text("Show 200 of 201 earlier messages")
    assert chat.do("below()") <= NEAR_PX
    assert chat.do("at('n200') < scroller.clientHeight")


def test_a_row_of_a_folded_group_has_no_element_until_it_is_opened(chat: Talk) -> None:
    chat.of(1000)
    assert chat.do("root.querySelectorAll('.row').length") == 0
    chat.page.locator("[data-message=m999] .summary").click()
    assert chat.do("root.querySelectorAll('.row').length") == 4


def test_the_whole_conversation_is_copied_as_markdown_and_formatted_though_half_has_no_element(
    chat: Talk, context: BrowserContext, origin: str
) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=origin)
    chat.of(2500)
    chat.do("""{
        window.labels = [];
        const button = root.querySelector('[aria-label="Copy conversation"]');
        new MutationObserver(() => labels.push(button.ariaLabel)).observe(button, { attributes: true });
    }""")
    chat.page.locator("[aria-label='Copy conversation']").click()
    expect(chat.page.locator("[aria-live=polite]")).to_have_text("Copied")
    chat.page.wait_for_function("labels.at(-1) === 'Copy conversation'")
    assert chat.do("labels") == ["Copied", "Copy conversation"]
    text, html = chat.do("""(async () => {
        const [item] = await navigator.clipboard.read();
        return Promise.all(['text/plain', 'text/html'].map(async type => (await item.getType(type)).text()));
    })()""")
    assert text.startswith("**You**\n\n> Paragraph of message 0, needle0x")
    assert text.count("**You**") == text.count("**Sales analyst**") == 1250
    assert "needle2499x" in text and "- `load`: done" in text
    assert html.count("<table>") == 1250 and "<strong>strong</strong>" in html


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pictures_of_a_long_conversation(chat: Talk, theme: str) -> None:
    folder = CHECKOUT / "screenshots"
    folder.mkdir(exist_ok=True)
    chat.do(f"document.documentElement.dataset.theme = '{theme}'")
    chat.of(2500)
    chat.page.mouse.move(300, 600)
    chat.page.screenshot(path=folder / f"long-end-{theme}.png")
    chat.do("scroller.scrollTop = 400, frame()")
    chat.do("scroller.scrollTop = 26, frame()")  # not yet so near that they come by themselves
    chat.page.screenshot(path=folder / f"long-top-{theme}.png")
