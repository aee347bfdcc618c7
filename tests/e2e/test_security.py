"""Whatever an agent says, in whichever field: nothing runs, nothing is fetched, nothing unlisted is built, nothing outside changes.

Other people's payloads (`hostile.py`), on their real way to the built widget, on a page that judges (`judge/`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Request, Route, expect

from agui_widget.projection import Projection, nothing
from agui_widget.protocol import Pipeline
from agui_widget.protocol.events import EVENTS

from ..profiles import NIGHTLY
from . import hostile, hostile_surfaces
from .conftest import Quiet, served
from .hostile import CUT, FIELDS, MARKER, Batch, Field

CHECKOUT = Path(__file__).parents[2]
JUDGES = ("executions", "requests", "nodes", "outside")

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(3600 if NIGHTLY else 300)]

# Forbids everything but chunks of ours, and only reports: what is tried is seen, and stopped by nothing but the widget.
POLICY = (
    "default-src 'none'; script-src 'self' blob:; img-src data: blob:; media-src blob:; base-uri 'none'; form-action 'none'; "
    "require-trusted-types-for 'script'"
)
EMBEDDED = (  # content, not a request
    *(f"data:image/{kind};base64," for kind in ("png", "jpeg", "gif", "webp")),
    "data:image/svg+xml;charset=utf-8,",
)
# What a frame of ours has in it from the start, and when it goes; and what stands in a frame in it that its rule did not let in.
FRAMES = ("about:srcdoc", "about:blank", "chrome-error://chromewebdata/")
PAGE_FILES = {
    "/tests/e2e/judge/index.html",
    "/tests/e2e/judge/traps.js",
    "/tests/e2e/judge/judge.js",
    "/tests/e2e/judge/listed.js",
    "/js/dev/fake-model.js",
}
BUILT = "/src/agui_widget/static/"


class Site(Quiet):
    """The checkout; a page has the policy that reports."""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy-Report-Only", POLICY)
        super().end_headers()


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with served(Site) as origin:
        yield origin


class Court:
    """The page with the judges, and what is seen of it from outside: requests, windows, dialogs, downloads."""

    def __init__(self, context: BrowserContext, site: str) -> None:
        self._site = site
        self.headers: dict[str, str] = {}  # of the last request
        self.requests: list[str] = []
        self.executions: list[str] = []
        context.route("**/*", self._answer)
        self.page = context.new_page()
        self.page.goto(f"{site}/tests/e2e/judge/index.html")
        expect(self.page.locator("html")).to_have_attribute("data-ready", "")
        self._watch(context)

    def _watch(self, context: BrowserContext) -> None:
        page = self.page
        page.on("request", self._note_request)
        page.on("websocket", lambda socket: self.requests.append(socket.url))
        page.on("worker", lambda worker: self.executions.append(f"worker {worker.url}"))
        page.on("download", lambda download: self.executions.append(f"download {download.url}"))
        page.on("framenavigated", lambda frame: self._note_navigation(frame.url))
        context.on("page", lambda opened: self.executions.append(f"window {opened.url}"))
        context.on("dialog", lambda dialog: (self.executions.append(f"dialog {dialog.message}"), dialog.dismiss()))

    def _note_request(self, request: Request) -> None:
        """What the chat asks for, whether it gets through or not. In a frame the rule stops it: `_answer` sees what it did not."""
        is_own = request.url.startswith((*EMBEDDED, f"blob:{self._site}/"))
        if not is_own and request.frame == self.page.main_frame:
            self.requests.append(request.url)

    def _note_navigation(self, url: str) -> None:
        if url not in FRAMES:
            self.executions.append(f"navigation to {url}")

    def _answer(self, route: Route) -> None:
        path = route.request.url.removeprefix(self._site)
        self.headers = route.request.headers
        if route.request.frame.parent_frame:
            self.requests.append(route.request.url)
        route.continue_() if path in PAGE_FILES or path.startswith(BUILT) else route.abort()

    def judge(self, name: str, job: dict[str, Any]) -> dict[str, Any]:
        """The complaints of each judge over one conversation."""
        verdict: dict[str, Any] = self.page.evaluate(f"job => judge.{name}(JSON.parse(job))", json.dumps(job))
        for judge in ("requests", "executions"):
            seen: list[str] = getattr(self, judge)
            verdict[judge] += seen
            seen.clear()
        return verdict

    def assert_harmless(self, batches: list[Batch], **job: Any) -> dict[str, Any]:
        verdict = self.judge("run", {"batches": batches, "isThorough": NIGHTLY, **job})
        complaints = {judge: verdict[judge][:20] for judge in JUDGES if verdict[judge]}
        assert complaints == {}, complaints
        return verdict


@pytest.fixture(scope="module")
def court(browser: Browser, site: str) -> Iterator[Court]:
    """One page for all conversations: each has a cell and a verdict of its own."""
    yield from session(browser, site)


@pytest.fixture(scope="module")
def ruins(browser: Browser, site: str) -> Iterator[Court]:
    """A page on which everything happens."""
    yield from session(browser, site)


def session(browser: Browser, site: str) -> Iterator[Court]:
    context = browser.new_context(viewport={"width": 1000, "height": 800}, accept_downloads=False)
    yield Court(context, site)
    context.close()


@pytest.fixture(scope="session")
def payloads(fixtures: Path) -> list[str]:
    return hostile.payloads(fixtures)


def sample(words: list[str], step: int) -> list[str]:
    """Each `step`-th; all of them in the nightly profile."""
    return words[:: 1 if NIGHTLY else step]


# -- every field, every payload ----------------------------------------------------------------------


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.name)
def test_a_payload_in_any_field_is_only_words(court: Court, payloads: list[str], field: Field) -> None:
    for words in hostile.parts(sample(payloads, field.step), 50 if field.is_alone else 500):
        verdict = court.assert_harmless(
            hostile.conversation(field, words),
            where=field.where,
            marker=MARKER,
            isStill=field.is_still,
            isThorough=NIGHTLY or field.name == "answer",
        )
        assert verdict["isShown"] is field.is_shown
        assert field.is_prose or not verdict["hides"]


@pytest.mark.parametrize("name", hostile_surfaces.VALUES)
def test_a_payload_in_any_string_of_an_interface_is_only_words(court: Court, payloads: list[str], name: str) -> None:
    make = hostile_surfaces.VALUES[name]
    for words in hostile.parts([*sample(payloads, 10), MARKER], 12):
        values = [make(payload, turn) for turn, payload in enumerate(words)]
        verdict = court.assert_harmless([hostile_surfaces.surfaces(values)], where="[data-lane=a2ui]", marker=MARKER)
    assert verdict["isShown"]


def test_what_the_user_says_is_only_words(court: Court, payloads: list[str]) -> None:
    for words in hostile.parts(sample(payloads, 4), 50):
        verdict = court.assert_harmless(hostile.asked([*words, MARKER]), where="[data-role=user]", marker=MARKER)
        assert verdict["isShown"]


@pytest.mark.parametrize(
    ("trait", "where"), [("title", ".title"), ("placeholder", "textarea"), ("starters", ".starter"), ("theme", ".none")]
)
def test_a_payload_in_a_setting_of_the_chat_is_only_words(
    court: Court, payloads: list[str], trait: str, where: str
) -> None:
    for words in [[*each, MARKER] for each in hostile.parts(payloads, 400)]:
        values = [words] if trait == "starters" else words
        verdict = court.assert_harmless([], settings=[{trait: value} for value in values], where=where, marker=MARKER)
        assert verdict["isShown"] is (trait != "theme")


def test_a_payload_in_a_refusal_is_only_words(court: Court, payloads: list[str]) -> None:
    verdict = court.assert_harmless([], refusals=[*payloads, MARKER], where=".note", marker=MARKER)
    assert verdict["isShown"]


# -- while it streams --------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 5])
def test_a_payload_is_only_words_while_it_streams(court: Court, payloads: list[str], size: int) -> None:
    """At every prefix that is seen: what stands there for one frame is judged too."""
    words = [payload[:1_500] for payload in sample(payloads, 12 if size == 1 else 4)]
    for some in hostile.parts(words, 80):
        court.assert_harmless(hostile.streamed(some, size))


def test_a_payload_that_is_cut_anywhere_is_only_words(court: Court, payloads: list[str]) -> None:
    cuts = [payload[:end] for payload in payloads for end in range(1, min(len(payload), 400))]
    field = Field("answer", hostile.text)
    for words in hostile.parts(sample(list(filter(str.strip, dict.fromkeys(cuts))), 60), 500):
        court.assert_harmless(hostile.conversation(field, words))


# -- what the page is told without Python's reading --------------------------------------------------


@pytest.mark.parametrize("shape", hostile.FORGERIES, ids=lambda shape: shape.__name__)
def test_a_forged_tree_is_built_of_what_is_listed(court: Court, payloads: list[str], shape: Any) -> None:
    for words in hostile.parts(sample(payloads, 4), 250):
        court.assert_harmless([hostile.forged([shape(payload, n) for n, payload in enumerate(words)])])


def test_a_link_to_the_page_itself_is_no_link(court: Court, site: str) -> None:
    host = site.removeprefix("http://")
    addresses = [
        site,
        f"{site}/lab?token=x",
        f"HTTP://{host}/",
        f"http://user@{host}/",
        f"http:{host}/",
        f"//{host}",
        "/lab",
    ]
    addresses += [f"http:///{host}/", f"http:\\\\{host}/", f"http://127.1:{host.partition(':')[2]}/", f"{site}#x", "#x"]
    words = [
        form.format(url) for url in addresses for form in ("[a]({})", "<{}>", "{}", "<a href='{}'>a</a>", "![a]({})")
    ]
    court.assert_harmless(hostile.conversation(Field("answer", hostile.text), words))
    forged = [{"t": "a", "a": {"href": url, "host": "elsewhere.example"}, "c": ["a"]} for url in addresses]
    court.assert_harmless([hostile.forged(forged)])


def test_what_the_reader_asks_for_is_one_request_that_tells_nothing(ruins: Court) -> None:
    batches = hostile.conversation(Field("answer", hostile.text), ["![chart](https://pictures.example/c.png?q=1)"])
    verdict = ruins.judge("load", {"batches": batches})
    requests = [each for each in verdict["requests"] if not each.startswith("img-src")]  # what the policy says of it
    assert requests == ["https://pictures.example/c.png?q=1"]
    assert not verdict["executions"] and not verdict["outside"]
    assert ruins.headers.keys() & {"referer", "cookie", "origin"} == set()


# -- the table is complete ---------------------------------------------------------------------------


def test_every_string_of_every_event_has_had_a_payload(payloads: list[str]) -> None:
    said = [event for n in range(6) for event in hostile.everything(MARKER, n)]
    assert {event["type"] for event in said} == set(EVENTS)
    holders = {path for event in said for path in hostile.paths_with(MARKER, EVENTS[event["type"]], event)}
    assert holders == {path for name, shape in EVENTS.items() for path in hostile.paths(shape, name)}


def test_every_event_with_a_handler_has_a_field_of_its_own() -> None:
    said = {
        event["type"]
        for field in FIELDS
        if field.events not in (hostile.everything, hostile.fails, hostile.prints)
        for event in [*field.events("p", 1), *([field.ending(["p"])] if field.ending else [])]
        if event is not CUT
    }
    handlers = Projection(Pipeline()).handlers
    silent = {name for name, handler in handlers.items() if handler is nothing}
    assert set(handlers) - silent - said == set()


# -- the judges can find something -------------------------------------------------------------------

CARELESS = [
    "<img src=x onerror=alert(1)>",
    "<img src=x onerror=\"document.cookie='a=1'\">",
    "<svg onload=alert(1)></svg>",
    "<img src=https://evil.example/pixel.png>",
    "<video src=https://evil.example/film.mp4></video>",
    "<link rel=stylesheet href=https://evil.example/style.css>",
    "<link rel=prefetch href=https://evil.example/next>",
    "<iframe srcdoc='<script>parent.x=1</script>'></iframe>",
    "<iframe src=https://evil.example/></iframe>",
    "<object data=https://evil.example/></object>",
    "<embed src=https://evil.example/>",
    "<div style='background:url(https://evil.example/bg.png)'>x</div>",
    "<style>@import 'https://evil.example/a.css'; * { color: red }</style>",
    "<form name=cookie action=https://evil.example/><input name=body></form>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href=/api/kernels>x</a>",
    "<a href=https://fine.example ping=https://evil.example/>x</a>",
    "<button data-commandlinker-command=terminal:create-new>Approve</button>",
    "<button onclick=eval('1')>x</button>",
    "<details ontoggle=alert(1)><summary>x</summary></details>",
    "<div onmouseover=fetch('/x')>x</div>",
    "<input onfocus=alert(1) autofocus>",
    "<math><mtext></mtext></math>",
    "<!-- x --><custom-element></custom-element>",
    "<p id=jupyter-config-data class=jp-mod-trusted slot=x is=y>x</p>",
    "<img src='data:image/svg+xml,<svg/>'>",
    "<dialog open popover=auto>x</dialog>",
    "<img src=x onerror=\"document.title='mine'\">",
    '<img src=x onerror="localStorage.mine=1;window.mine=1;Object.prototype.mine=1">',
    "<svg><use href='#x'/><animate attributeName=href values='javascript:alert(1)'/></svg>",
]


def test_every_judge_finds_what_a_careless_page_does(ruins: Court) -> None:
    verdict = ruins.judge("control", {"payloads": CARELESS, "outside": CARELESS[-2:]})
    assert {judge: len(verdict[judge]) > 5 for judge in JUDGES} == dict.fromkeys(JUDGES, True), verdict


@pytest.mark.parametrize("payload", CARELESS)
def test_a_judge_finds_each_of_the_careless_payloads(ruins: Court, payload: str) -> None:
    assert ruins.judge("control", {"payloads": [payload], "outside": []})["nodes"]


SINS = {
    "executions": [
        *(
            "alert(1)",
            "confirm(1)",
            "prompt(1)",
            "print()",
            "open('https://evil.example')",
            "eval('1')",
            "Function('1')",
        ),
        *("document.write('x')", "setTimeout('1')", "history.pushState({}, '', '/x')", "throw 1", "new Image().x()"),
        "document.createElement('div').innerHTML = 'x'",
        "document.createElement('form').submit()",
    ],
    "requests": [
        *("fetch('/x')", "new XMLHttpRequest()", "navigator.sendBeacon('/x')", "new WebSocket('ws://evil.example')"),
        *("new Image().src = '/x'", "import('/x')", "new EventSource('/x')", "new Worker('/x')"),
    ],
    "outside": [
        *(
            "document.title = 'x'",
            "document.cookie = 'sin=1'",
            "localStorage.x = 1",
            "window.sin = 1",
            "document.x = 1",
        ),
        *("Array.prototype.x = 1", "document.body.className = 'x'", "document.documentElement.style.color = 'red'"),
        *("document.adoptedStyleSheets.push(new CSSStyleSheet())", "CSS.highlights.set('x', new Highlight())"),
        *("window.name = 'x'", "location.hash = 'x'", "document.head.append(document.createElement('style'))"),
    ],
}


@pytest.mark.parametrize(("judge", "script"), [(judge, each) for judge, scripts in SINS.items() for each in scripts])
def test_each_trap_springs(ruins: Court, judge: str, script: str) -> None:
    handler = script.replace('"', "&quot;")
    assert ruins.judge("control", {"payloads": [f'<img src="data:," onerror="{handler}">'], "outside": []})[judge]
