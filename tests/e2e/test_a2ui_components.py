"""A2UI on a plain page, in a real browser: what survives an update, keys alone, what is heard, what is fetched, how it looks."""

from __future__ import annotations

import base64
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.protocol.corpora import folder

CHECKOUT = Path(__file__).parents[2]
JS = CHECKOUT / "js"
CATALOG = "https://a2ui.org/specification/v0_9/catalogs/basic/catalog.json"
THEMES = ["light", "dark"]
VERSIONS = {
    "v0_8": ["v0_8/examples_basic", "v0_8/examples_minimal"],
    "v0_9": ["v0_9/examples_basic", "v0_9/examples_minimal"],
    "v1_0": ["v1_0/examples_basic", "v1_0/examples_at_draft", "v1_0/examples_final"],
}

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(60)]

Json = dict[str, Any]


def component(id: str, component: str, **props: object) -> Json:
    return {"id": id, "component": component, **props}


def surface(*components: Json, data: Json | None = None, id: str = "s", **create: object) -> list[Json]:
    """The messages that make a surface of `components`; one that is not placed by another stands in its column."""
    places = [c.get(slot) for c in components for slot in ("child", "children", "trigger", "content", "tabs")]
    placed = json.dumps(places)
    root = component("root", "Column", children=[c["id"] for c in components if f'"{c["id"]}"' not in placed])
    messages: list[Json] = [
        {"createSurface": {"surfaceId": id, "catalogId": CATALOG, **create}},
        {"updateComponents": {"surfaceId": id, "components": [root, *components]}},
        {"updateDataModel": {"surfaceId": id, "value": data or {}}},
    ]
    return [{"version": "v0.9", **message} for message in messages]


def changed(path: str, value: object, id: str = "s") -> Json:
    return {"version": "v0.9", "updateDataModel": {"surfaceId": id, "path": path, "value": value}}


def at(path: str) -> Json:
    return {"path": path}


def button(id: str, words: str, **more: object) -> list[Json]:
    event = {"event": {"name": id, "context": {"all": at("/")}}}
    return [component(id, "Button", child=f"{id}-words", **{"action": event, **more}), text(f"{id}-words", words)]


def text(id: str, words: object, **more: object) -> Json:
    return component(id, "Text", text=words, **more)


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> str:
    """js/test/a2ui-page.ts and the sources that it needs, bundled."""
    bundle = tmp_path_factory.mktemp("a2ui") / "page.js"
    options = ["--bundle", "--loader:.css=text", "--format=iife", "--log-level=error", f"--outfile={bundle}"]
    subprocess.run([JS / "node_modules/.bin/esbuild", JS / "test/a2ui-page.ts", *options], check=True, timeout=60)
    return bundle.read_text()


class Stage:
    """A page, the surfaces on it, and what it asked the network for."""

    def __init__(self, page: Page, script: str) -> None:
        self.page = page
        self.requests: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        page.set_content("<!doctype html><html lang=en><title>A2UI</title><body style='margin: 0'><main></main>")
        page.add_script_tag(content=script)

    def open(self, theme: str = "light", name: str = "stage") -> Stage:
        self.page.evaluate("([name, theme]) => { window[name] = new Stage(theme) }", [name, theme])
        return self

    def show(self, *messages: Json, name: str = "stage") -> Stage:
        self.page.evaluate("([name, messages]) => window[name].process(messages)", [name, list(messages)])
        return self

    def label(self, words: str) -> Locator:
        return self.page.get_by_label(words, exact=True)

    @property
    def sent(self) -> list[Json]:
        return list(self.page.evaluate("stage.sent"))

    @property
    def data(self) -> Json:
        return dict(self.page.evaluate("stage.engine.surfaces.get('s').data.value"))

    @property
    def fetched(self) -> list[str]:
        return [url for url in self.requests if not url.startswith(("data:", "blob:", "about:"))]


@pytest.fixture
def blank(context: BrowserContext, script: str) -> Iterator[Stage]:
    page = context.new_page()
    page.set_viewport_size({"width": 760, "height": 900})
    stage = Stage(page, script)
    yield stage
    page.close()
    assert stage.complaints == []


@pytest.fixture
def stage(blank: Stage) -> Stage:
    return blank.open()


def press(stage: Stage, *keys: str) -> None:
    for key in keys:
        stage.page.keyboard.press(key)


# -- what survives an update ---------------------------------------------------------------------------


def rows(*names: str) -> list[Json]:
    return [{"id": name, "value": name} for name in names]


def test_focus_caret_and_text_survive_updates_and_a_reorder(stage: Stage) -> None:
    listed = component("list", "List", children={"componentId": "field", "path": "/rows"})
    field = component("field", "TextField", label=at("id"), value=at("value"))
    stage.show(*surface(listed, field, data={"rows": rows("a", "b", "c")}))
    stage.label("b").fill("hello world")
    press(stage, "ArrowLeft", "ArrowLeft")
    before = stage.label("b").element_handle()
    typed = [{"id": "b", "value": "hello world"}]
    for order in [[*rows("c"), *typed, *rows("a")], [*typed, *rows("a", "c")], [*rows("x", "c", "a"), *typed]]:
        stage.show(changed("/rows", order))
        expect(stage.label("b")).to_be_focused()
    assert stage.label("b").evaluate("input => [input.value, input.selectionStart]") == ["hello world", 9]
    assert stage.label("b").evaluate("(input, before) => input === before", before)


def test_what_is_being_typed_is_not_overwritten_and_the_agent_is_shown_on_leaving(stage: Stage) -> None:
    stage.show(*surface(component("f", "TextField", label="Name", value=at("/name")), data={"name": "start"}))
    stage.label("Name").fill("mine")
    stage.show(changed("/name", "agent"))
    expect(stage.label("Name")).to_have_value("mine")
    stage.label("Name").blur()
    expect(stage.label("Name")).to_have_value("agent")
    stage.page.get_by_role("button", name="Use mine").click()
    expect(stage.label("Name")).to_have_value("mine")
    assert stage.data == {"name": "mine"}


def test_a_composition_is_left_alone(stage: Stage) -> None:
    stage.show(*surface(component("f", "TextField", label="Name", value=at("/name")), data={"name": ""}))
    stage.label("Name").focus()
    session = stage.page.context.new_cdp_session(stage.page)
    session.send("Input.imeSetComposition", {"text": "にほ", "selectionStart": 2, "selectionEnd": 2})
    stage.show(changed("/name", ""), changed("/other", 1))
    assert stage.data["name"] == ""
    expect(stage.label("Name")).to_have_value("にほ")
    session.send("Input.insertText", {"text": "日本"})
    expect(stage.label("Name")).to_have_value("日本")
    assert stage.data["name"] == "日本"


def test_an_update_touches_what_it_changes_and_nothing_else(stage: Stage) -> None:
    stage.show(*surface(text("a", at("/a")), text("b", at("/b")), data={"a": "1", "b": "1"}))
    records = stage.page.evaluate("""() => {
        const seen = [];
        const observer = new MutationObserver((records) => seen.push(...records));
        observer.observe(stage.chat, { subtree: true, childList: true, attributes: true, characterData: true });
        stage.process({ version: "v0.9", updateDataModel: { surfaceId: "s", path: "/b", value: "12" } });
        return observer.takeRecords().map(({ type, target }) => `${type} ${target.data}`);
    }""")
    assert records == ["characterData 12"]


# -- keys alone ----------------------------------------------------------------------------------------

OPTIONS = [{"label": word, "value": word.lower()} for word in ("Red", "Green", "Blue")]
FORM = [
    component("name", "TextField", label="Name", value=at("/name")),
    component("about", "TextField", label="About", variant="longText", value=at("/about")),
    component("secret", "TextField", label="Secret", variant="obscured", value=at("/secret")),
    component("agree", "CheckBox", label="Agree", value=at("/agree")),
    component("one", "ChoicePicker", label="One", options=OPTIONS, value=at("/one")),
    component("many", "ChoicePicker", label="Many", options=OPTIONS, value=at("/many"), variant="multipleSelection"),
    component("size", "Slider", label="Size", value=at("/size"), max=10),
    component("day", "DateTimeInput", label="Day", value=at("/day"), enableDate=True),
    *button("go", "Go"),
]
EMPTY = {"name": "", "about": "", "secret": "", "agree": False, "one": [], "many": [], "size": 5, "day": ""}


def test_every_input_is_used_by_keys_alone(stage: Stage) -> None:
    stage.show(*surface(*FORM, data=EMPTY))
    keyboard = stage.page.keyboard
    press(stage, "Tab")
    keyboard.type("Ada")
    press(stage, "Tab")
    keyboard.type("one")
    press(stage, "Enter")
    keyboard.type("two")
    press(stage, "Tab")
    keyboard.type("hush")
    press(stage, "Tab", "Space")  # shows what is obscured
    expect(stage.label("Secret")).to_have_attribute("type", "text")
    press(stage, "Tab", "Space", "Tab", "Space", "ArrowDown", "Tab", "Space", "Tab", "Tab", "Space")
    press(stage, "Tab", "ArrowRight", "ArrowRight", "Tab")
    keyboard.type("12312025")
    for _ in range(6):  # a date has parts of its own
        press(stage, "Tab")
        if stage.page.get_by_role("button", name="Go").evaluate("one => one.matches(':focus')"):
            break
    press(stage, "Enter")
    (message,) = stage.sent
    assert message["action"]["context"]["all"] == {
        "name": "Ada",
        "about": "one\ntwo",
        "secret": "hush",
        "agree": True,
        "one": ["green"],
        "many": ["red", "blue"],
        "size": 7,
        "day": "2025-12-31",
    }


def test_tabs_are_walked_by_arrows_and_left_by_tab(stage: Stage) -> None:
    tabs = [{"title": word, "child": word} for word in ("A", "B", "C")]
    stage.show(*surface(component("t", "Tabs", tabs=tabs), *(text(word, f"in {word}") for word in ("A", "B", "C"))))
    press(stage, "Tab", "ArrowLeft")
    expect(stage.page.get_by_role("tab", name="C")).to_be_focused()
    expect(stage.page.get_by_role("tabpanel")).to_have_text("in C")
    press(stage, "Home", "ArrowRight", "Tab")
    expect(stage.page.get_by_role("tabpanel", name="B")).to_be_focused()


def test_a_dialog_takes_the_focus_and_gives_it_back(stage: Stage) -> None:
    modal = component("m", "Modal", trigger="open", content="inside")
    stage.show(*surface(modal, *button("open", "Open"), component("inside", "TextField", label="Inside", value="")))
    press(stage, "Tab", "Enter")
    expect(stage.page.get_by_role("dialog", name="Open")).to_be_visible()
    press(stage, "Tab")
    expect(stage.label("Inside")).to_be_focused()
    press(stage, "Escape")
    expect(stage.page.get_by_role("dialog")).to_have_count(0)
    expect(stage.page.get_by_role("button", name="Open")).to_be_focused()
    assert stage.sent == []


def required(path: str, message: str) -> Json:
    return {"checks": [{"condition": {"call": "required", "args": {"value": at(path)}}, "message": message}]}


def test_a_failed_check_is_said_after_the_field_was_left_and_stops_the_button(stage: Stage) -> None:
    name = component("name", "TextField", label="Name", value=at("/name"), **required("/name", "Name, please"))
    stage.show(*surface(name, *button("go", "Go", **required("/name", "No name yet")), data={"name": ""}))
    field, go = stage.label("Name"), stage.page.get_by_role("button", name="Go")
    expect(stage.page.get_by_text("Name, please")).to_have_count(0)
    expect(go).to_have_accessible_description("No name yet")
    press(stage, "Tab", "Tab", "Enter")
    expect(go).to_be_focused()
    expect(field).to_have_accessible_description("Name, please")
    expect(stage.page.get_by_text("No name yet")).to_be_visible()
    assert (stage.sent, stage.page.evaluate("stage.said")) == ([], ["No name yet"])
    field.fill("Ada")
    expect(field).not_to_have_attribute("aria-invalid", "true")
    go.click()
    assert len(stage.sent) == 1


# -- what is heard -------------------------------------------------------------------------------------

PIXEL = "data:image/gif;base64," + base64.b64encode(b"GIF89a\1\0\1\0\0\0\0;").decode()
REMOTE = "https://example.com/picture.png"
EVERYTHING = [
    text("heading", "Everything", variant="h1"),
    text("words", "Some **bold** and `code`.\n\n- one\n- two\n\n> quoted\n\n```\nx = 1\n```"),
    *FORM,
    component("clock", "DateTimeInput", value="10:30", enableTime=True),
    component(
        "chips",
        "ChoicePicker",
        options=OPTIONS,
        value=["red"],
        displayStyle="chips",
        filterable=True,
        **required("/nothing", "Choose"),
    ),
    *button("stopped", "Stopped", variant="primary", **required("/nothing", "Never")),
    *button("primary", "Primary", variant="primary"),
    component("bin", "Button", child="bin-icon", action={"event": {"name": "bin"}}),
    component("bin-icon", "Icon", name="delete"),
    component("named", "Icon", name="star", accessibility={"label": "Favourite"}),
    component("card", "Card", child="in-card", accessibility={"label": "A card", "description": "Of words"}),
    text("in-card", "In a card", variant="caption"),
    component("list", "List", direction="horizontal", children=["l1", "l2"]),
    *(text(f"l{n}", f"Item {n}") for n in (1, 2)),
    component("tabs", "Tabs", tabs=[{"title": "First", "child": "p1"}, {"title": "Second", "child": "p2"}]),
    *(text(f"p{n}", f"Panel {n}") for n in (1, 2)),
    component("m", "Modal", trigger="open", content="in-modal"),
    *button("open", "Open"),
    text("in-modal", "In a dialog"),
    *(component(f"i-{size}", "Image", url=REMOTE, variant=size) for size in ("icon", "avatar", "header")),
    component("dot", "Image", url=PIXEL, description="A dot"),
    component("film", "Video", url="https://example.com/film.mp4"),
    component("sound", "AudioPlayer", url="https://example.com/waves.mp3", description="Waves"),
    component("line", "Divider"),
    component("gauge", "Gauge"),
]

AXE = """async () => {
    const { violations } = await axe.run(document, { resultTypes: ["violations"] });
    return violations.filter(({ impact }) => ["serious", "critical"].includes(impact))
        .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`);
}"""


@pytest.mark.parametrize("theme", THEMES)
def test_nothing_serious_is_wrong_for_who_cannot_see_it(blank: Stage, theme: str) -> None:
    blank.open(theme).show(*surface(*EVERYTHING, data=EMPTY))
    blank.page.evaluate("stage.status({ status: 'failed', error: 'No' })")
    blank.page.evaluate("stage.status({ status: 'retrying', attempt: 1, maxAttempts: 3 })")
    blank.page.get_by_role("button", name="Stopped").click(force=True)
    blank.page.get_by_role("searchbox").focus()
    blank.page.get_by_role("searchbox").blur()
    expect(blank.page.get_by_text("Choose", exact=True)).to_be_visible()
    blank.page.add_script_tag(path=JS / "node_modules/axe-core/axe.min.js")
    assert blank.page.evaluate(AXE) == []
    blank.page.get_by_role("button", name="Open").click()
    assert blank.page.evaluate(AXE) == []


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    "colour", ["#ffff00", "#000000", "#ffffff", "#767676", "#ff0000", "#0000ff", "#8a2be2", "#00a000"]
)
def test_words_on_an_agents_colour_can_be_read(blank: Stage, theme: str, colour: str) -> None:
    blank.open(theme).show(*surface(*button("go", "Go", variant="primary"), theme={"primaryColor": colour}))
    go = blank.page.get_by_role("button", name="Go")
    ground, ink = go.evaluate("""(one) => {
        const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
        const style = getComputedStyle(one);
        return [style.backgroundColor, style.color].map((colour) => {
            canvas.fillStyle = colour;
            canvas.fillRect(0, 0, 1, 1);
            return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
        });
    }""")
    assert "#" + bytes(ground).hex() == colour
    assert contrast(ground, ink) >= 4.5


def contrast(one: list[int], other: list[int]) -> float:
    """Source: WCAG 2.2, contrast ratio."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: list[int]) -> float:
    red, green, blue = (c / 255 / 12.92 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


# -- what is hostile, and what is fetched --------------------------------------------------------------

SCRIPTS = [
    "javascript:window.hacked=1",
    "data:text/html,<script>window.hacked=1</script>",
    "vbscript:x",
    "//evil.example/x",
]


def test_hostile_input_runs_nothing_fetches_nothing_and_stays_inside(stage: Stage) -> None:
    outside = stage.page.evaluate("document.head.outerHTML + document.documentElement.className")
    markup = "<img src=x onerror=window.hacked=1><script>window.hacked=1</script>"
    hostile = [
        *(
            component(f"{kind}{n}", kind, url=url)
            for n, url in enumerate(SCRIPTS)
            for kind in ("Image", "Video", "AudioPlayer")
        ),
        text("markup", markup),
        text("link", f"[x]({SCRIPTS[0]}) {markup}"),
        text("huge", "*a _b `c [d](" * 100_000),
        component("label", "TextField", label=markup, value=markup, placeholder=markup),
        component("drawn", "Icon", name={"svgPath": 'M0 0"/><script>'}),
        component("far", "Icon", name={"svgPath": "url(https://evil.example/x.svg#y)"}),
        component("styled", "Column", children=[], justify='x"] *{}', style="position:fixed", weight="1;color:red"),
        *(component(f"type{n}", kind) for n, kind in enumerate(["__proto__", "constructor", "<script>"])),
        component("list", "ChoicePicker", options=[{"label": "x", "value": "__proto__"}], value=["__proto__"]),
    ]
    stage.show(
        *surface(*hostile, theme={"primaryColor": "red;background:url(https://evil.example)", "iconUrl": REMOTE})
    )
    expect(stage.page.get_by_text("No component is called constructor")).to_be_visible()
    assert stage.page.evaluate("window.hacked") is None
    assert stage.page.evaluate("({}).polluted ?? Object.keys(Object.prototype).length") == 0
    assert stage.page.evaluate("document.head.outerHTML + document.documentElement.className") == outside
    assert (
        stage.page.evaluate("stage.chat.querySelectorAll('script, iframe, object, img, video, audio, a').length") == 0
    )
    assert stage.fetched == []


def test_a_picture_is_fetched_when_the_reader_asks_and_not_before(stage: Stage) -> None:
    stage.page.route("https://example.com/**", lambda route: route.abort())
    stage.complaints = Ignored()
    stage.show(*surface(*EVERYTHING, data=EMPTY))
    stage.page.wait_for_timeout(200)
    assert stage.fetched == []
    stage.page.locator("[data-variant=avatar]").hover()
    with stage.page.expect_request(REMOTE):
        stage.page.locator("[data-variant=avatar]").get_by_role("button", name="Load once").click()
    assert stage.fetched == [REMOTE]


class Ignored(list[str]):
    def append(self, complaint: str) -> None:
        """A picture that does not come is said on the console too."""


def test_two_surfaces_and_two_stages_on_one_page_do_not_touch_each_other(stage: Stage) -> None:
    def one(id: str, colour: str) -> list[Json]:
        field = component("f", "TextField", label=f"Name {id}", value=at("/name"))
        return surface(field, *button("go", f"Go {id}", variant="primary"), id=id, theme={"primaryColor": colour})

    stage.open(name="other")
    stage.show(*one("s", "#aa0000"), *one("t", "#00aa00"))
    stage.show(*one("s2", "#0000aa"), name="other")
    stage.label("Name s").fill("Ada")
    for words in ("Name t", "Name s2"):
        expect(stage.label(words)).to_have_value("")
    grounds = [
        stage.page.get_by_role("button", name=f"Go {id}", exact=True).evaluate(
            "b => getComputedStyle(b).backgroundColor"
        )
        for id in ("s", "t", "s2")
    ]
    assert grounds == ["rgb(170, 0, 0)", "rgb(0, 170, 0)", "rgb(0, 0, 170)"]


def test_an_older_spec_is_a_form_and_an_unknown_one_is_a_card_that_names_it(stage: Stage) -> None:
    fields = [{"type": "text", "name": "goal", "label": "Goal"}]
    stage.page.evaluate("s => stage.spec(s)", {"schema": "a2ui.v1", "component": "form", "props": {"fields": fields}})
    stage.label("Goal").fill("rest")
    stage.page.get_by_role("button", name="Submit").click()
    (message,) = stage.sent
    assert message["action"]["context"] == {"component": "form", "values": {"goal": "rest"}}
    stage.open(name="stage").page.evaluate("s => stage.spec(s)", {"schema": "pasx.v4.1", "component": "gauge"})
    expect(stage.page.get_by_text("No component is called pasx.v4.1 gauge")).to_be_visible()


# -- how it looks --------------------------------------------------------------------------------------


def examples(version: str) -> list[tuple[str, list[Json]]]:
    paths = [path for part in VERSIONS[version] for path in sorted((folder("a2ui") / part).glob("*.json"))]
    read = [(path.stem, json.loads(path.read_text())) for path in paths]
    return [(name, content if isinstance(content, list) else content["messages"]) for name, content in read]


def photograph(page: Page, path: Path) -> None:
    """The whole of it in sight: what is out of sight is not drawn, on a picture either."""
    width = page.evaluate("innerWidth")
    page.set_viewport_size({"width": width, "height": page.evaluate("document.documentElement.scrollHeight")})
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    page.screenshot(path=path)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("version", VERSIONS)
def test_pictures_of_all_examples(blank: Stage, screenshots: Path, version: str, theme: str) -> None:
    blank.page.set_viewport_size({"width": 1300, "height": 900})
    blank.page.evaluate("([theme, all]) => sheet(theme, 3, all)", [theme, examples(version)])
    photograph(blank.page, screenshots / f"a2ui-{version}-{theme}.png")
    unknown = blank.page.locator(".a2-unknown")
    assert (unknown.count(), blank.fetched) == (0, [])


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", [340, 760])
def test_pictures_of_every_component(blank: Stage, screenshots: Path, theme: str, width: int) -> None:
    blank.page.set_viewport_size({"width": width, "height": 900})
    blank.open(theme).show(*surface(*EVERYTHING, data=EMPTY))
    blank.page.get_by_role("button", name="Stopped").click(force=True)
    blank.page.mouse.move(0, 0)
    photograph(blank.page, screenshots / f"a2ui-all-{width}-{theme}.png")
    body = blank.page.locator(".a2-body")
    assert body.evaluate("body => body.scrollWidth - body.clientWidth") <= 0


@pytest.mark.parametrize("width", [340, 1300])
def test_no_example_is_wider_than_its_room(blank: Stage, width: int) -> None:
    blank.page.set_viewport_size({"width": width, "height": 900})
    blank.page.evaluate("([all]) => sheet('light', 1, all)", [examples("v0_9")])
    assert (
        blank.page.locator(".a2-body").evaluate_all(
            "all => all.filter(body => body.scrollWidth > body.clientWidth).map(body => body.innerText)"
        )
        == []
    )
