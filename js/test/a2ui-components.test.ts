import { afterEach, describe, expect, test, vi } from "vitest";
import { action, enter, type HandNode, leave, shown, text, ui } from "./a2ui-nodes";

afterEach(() => document.body.replaceChildren());

const PIXEL = "data:image/png;base64,iVBORw0KGgo=";

describe("a surface", () => {
  test("waits as a skeleton until there is a root", () => {
    const { surface, all } = shown(undefined);
    expect(all(".a2-skeleton")).toHaveLength(1);
    surface.become(text("here"));
    expect(all(".a2-skeleton")).toHaveLength(0);
    expect(all(".a2-text p")[0]?.textContent).toBe("here");
  });

  test("says whose it is, and what went wrong", () => {
    const { element, view, one } = shown(text("x"));
    expect(element.getAttribute("role")).toBe("group");
    expect(element.getAttribute("aria-label")).toBe("Made by the agent");
    view.setProblem("<b>no</b>");
    expect(one(".a2-note").textContent).toBe("<b>no</b>");
  });

  test("takes a colour of its agent if it is one, and nothing else of it", () => {
    expect(shown(text("x"), { primaryColor: "#12aB34" }).element.style.getPropertyValue("--a2-agent")).toBe(
      "#12aB34",
    );
    for (const primaryColor of ["red", "#fff", "url(https://x)", "#12345678", {}, "#123456;color:red"])
      expect(shown(text("x"), { primaryColor, font: "x" }).element.getAttribute("style") ?? "").not.toMatch(
        /[a-z]+:/,
      );
  });

  test("watches nothing when it is gone", () => {
    const child = text("x");
    const root = ui("Card", { child });
    const { view } = shown(root);
    expect([root.watchers, child.watchers]).toEqual([1, 1]);
    view.destroy();
    expect([root.watchers, child.watchers]).toEqual([0, 0]);
  });
});

describe("what cannot be drawn", () => {
  test("is room that is kept while its definition has not come, then the component", () => {
    const pending = ui("");
    pending.state = "pending";
    const root = ui("Column", { children: [pending] });
    const { all, one } = shown(root);
    expect(all(".a2-skeleton")).toHaveLength(1);
    root.set({ children: [text("came")] });
    expect([all(".a2-skeleton").length, one(".a2-column").textContent]).toEqual([0, "came"]);
  });

  test.each(["Gauge", "__proto__", "constructor", "toString"])("is a card that names it: %s", (type) => {
    const { one } = shown(ui("Column", { children: [ui(type), text("next")] }));
    expect(one(".a2-unknown").textContent).toContain(type);
    expect(one(".a2-column").textContent).toContain("next");
  });

  test("is a note where a component contains itself", () => {
    const node = ui("Card");
    node.state = "cyclic";
    expect(shown(node).one(".a2-note").textContent).toContain("contains itself");
  });
});

describe("children", () => {
  const letters = () =>
    ["a", "b", "c", "d"].map((letter) => ui("TextField", { label: letter, value: letter }));
  const values = (all: (s: string) => HTMLElement[]) =>
    all("input").map((input) => (input as HTMLInputElement).value);

  test("keep their elements when they are put in another order", () => {
    const [a, b, c, d] = letters() as [HandNode, HandNode, HandNode, HandNode];
    const root = ui("Column", { children: [a, b, c, d] });
    const { all } = shown(root);
    const before = all("input");
    root.set({ children: [d, b, a] });
    expect(values(all)).toEqual(["d", "b", "a"]);
    expect(all("input")).toEqual([before[3], before[1], before[0]]);
    expect(c.watchers).toBe(0);
  });

  test("move around the one that has the focus where nothing can be moved in place", () => {
    const nodes = letters();
    const root = ui("Column", { children: nodes });
    const { all, shadow } = shown(root);
    const focused = all<HTMLInputElement>("input")[0] as HTMLInputElement;
    focused.focus();
    const moved = vi.spyOn(Node.prototype, "insertBefore");
    root.set({ children: [...nodes].reverse() });
    expect(values(all)).toEqual(["d", "c", "b", "a"]);
    expect(moved.mock.calls.map(([node]) => (node as Element).contains(focused))).not.toContain(true);
    expect(shadow.activeElement).toBe(focused);
    moved.mockRestore();
  });

  test("are not touched when another one changes", () => {
    const [a, b] = letters() as [HandNode, HandNode];
    const { all } = shown(ui("Row", { children: [a, b] }));
    const changes: MutationRecord[] = [];
    const observer = new MutationObserver((records) => changes.push(...records));
    observer.observe(all("input")[0]?.closest(".a2-field") as Element, {
      subtree: true,
      childList: true,
      attributes: true,
    });
    b.set({ label: "other" });
    expect([...changes, ...observer.takeRecords()]).toEqual([]);
  });

  test("of which there are too many are drawn when the reader asks", () => {
    const node = ui("List", { children: [text("a")] });
    node.unshown = 500;
    const { all, one } = shown(node);
    expect(one(".a2-more").textContent).toBe("Show more (500)");
    one<HTMLButtonElement>(".a2-more").click();
    expect(all(".a2-more")).toHaveLength(0);
  });

  test("that are not nodes are nothing", () => {
    expect(shown(ui("Column", { children: [null, "x", {}, text("y")] })).one(".a2-column").textContent).toBe(
      "y",
    );
  });
});

describe("what every component may have", () => {
  test("is a name, a description, a live region and being hidden", () => {
    const accessibility = { label: "L", description: "D", live: "polite", hidden: true };
    const { one } = shown(ui("Card", { accessibility }));
    const card = one(".a2-card");
    expect(card.getAttribute("aria-label")).toBe("L");
    expect(card.getAttribute("role")).toBe("group");
    expect(card.getAttribute("aria-description")).toBe("D");
    expect(card.getAttribute("aria-live")).toBe("polite");
    expect(card.getAttribute("aria-hidden")).toBe("true");
  });

  test("names the control, not the box around it", () => {
    const { one } = shown(ui("TextField", { label: "Mail", accessibility: { label: "Your mail" } }));
    expect(one("input").getAttribute("aria-label")).toBe("Your mail");
    expect(one(".a2-field").hasAttribute("aria-label")).toBe(false);
  });

  test("is a weight, if it is a number", () => {
    expect(shown(ui("Text", { text: "x", weight: 2 })).one(".a2-text").style.flexGrow).toBe("2");
    expect(
      shown(ui("Text", { text: "x", weight: "9; color: red" }))
        .one(".a2-text")
        .getAttribute("style") ?? "",
    ).toBe("");
  });
});

describe("Text", () => {
  test.each([
    ["v0.8 usageHint", { usageHint: "h1" }],
    ["v0.9 variant", { variant: "h1" }],
  ])("is a heading below the page's own: %s", (_, props) => {
    const heading = shown(ui("Text", { text: "**T**itle", ...props })).one("h3");
    expect([heading.textContent, heading.getAttribute("aria-level")]).toEqual(["Title", "3"]);
  });

  test("that grows keeps its paragraph", () => {
    const node = text("one");
    const { one } = shown(node);
    const paragraph = one("p");
    node.set({ text: "one two" });
    expect(one("p")).toBe(paragraph);
    expect(paragraph.textContent).toBe("one two");
  });

  test("shows what is not text", () => {
    expect(shown(ui("Text", { text: 7 })).element.textContent).toBe("7");
    expect(shown(ui("Text", { text: { a: [1] } })).element.textContent).toBe('{"a":[1]}');
    expect(shown(ui("Text", { text: null })).element.textContent).toBe("");
  });
});

describe("Image, Video, AudioPlayer", () => {
  test("show what is its own content at once", () => {
    const { one } = shown(ui("Image", { url: PIXEL, description: "A dot", fit: "cover", variant: "avatar" }));
    expect(one<HTMLImageElement>("img").alt).toBe("A dot");
    expect(one("img").getAttribute("referrerpolicy")).toBe("no-referrer");
    expect(one(".a2-image").dataset).toMatchObject({ variant: "avatar", fit: "cover" });
  });

  test("take the names of 0.8", () => {
    const { one } = shown(ui("Image", { url: PIXEL, altText: "A dot", usageHint: "header" }));
    expect(one<HTMLImageElement>("img").alt).toBe("A dot");
    expect(one(".a2-image").dataset.variant).toBe("header");
  });

  test.each([
    ["Image", "img"],
    ["Video", "video"],
    ["AudioPlayer", "audio"],
  ])("are fetched when the reader asks: %s", (type, tag) => {
    const { all, one } = shown(ui(type, { url: "https://example.com/x" }));
    expect(all(tag)).toHaveLength(0);
    expect(one(".offer-host").textContent).toBe("example.com");
    one<HTMLButtonElement>(".load").click();
    expect(one(tag).getAttribute("src")).toBe("https://example.com/x");
  });

  test.each([
    "javascript:alert(1)",
    "data:text/html,x",
    "data:image/svg+xml,<svg/>",
    "file:///etc",
    "//x/y",
    "",
  ])("are nothing where the address may not be fetched: %s", (url) => {
    for (const type of ["Image", "Video", "AudioPlayer"])
      expect(shown(ui(type, { url })).all("img,video,audio,button")).toEqual([]);
  });

  test("a film's poster is of the host that the reader was asked about", () => {
    const posterOf = (posterUrl: string) => {
      const { one } = shown(ui("Video", { url: "https://a.example/film", posterUrl }));
      one<HTMLButtonElement>(".load").click();
      return one("video").getAttribute("poster");
    };
    expect(posterOf("https://a.example/p.png")).toBe("https://a.example/p.png");
    expect(posterOf("https://b.example/p.png")).toBeNull();
    expect(posterOf(PIXEL)).toBe(PIXEL);
  });

  test("a sound has its description for a name", () => {
    const { one } = shown(ui("AudioPlayer", { url: "https://a.example/s", description: "Waves" }));
    expect(one(".a2-audio").getAttribute("aria-label")).toBe("Waves");
    expect(one(".a2-label").textContent).toBe("Waves");
  });
});

describe("Icon", () => {
  test("is decoration beside words, and the name of a button that has nothing else", () => {
    const play = ui("Icon", { name: "skipNext" });
    const { all } = shown(
      ui("Row", { children: [ui("Icon", { name: "mail" }), ui("Button", { child: play })] }),
    );
    const [mail, skip] = all(".a2-icon") as [HTMLElement, HTMLElement];
    expect(mail.getAttribute("role")).toBeNull();
    expect([skip.getAttribute("role"), skip.getAttribute("aria-label")]).toEqual(["img", "skip next"]);
    play.set({ name: "pause" });
    expect(skip.getAttribute("aria-label")).toBe("pause");
  });

  test("that nobody knows is a ring with its name", () => {
    const { one } = shown(ui("Icon", { name: "__proto__" }));
    expect(one("title").textContent).toBe("__proto__");
  });

  test("is drawn from a path of lines and nothing else", () => {
    const drawn = (svgPath: unknown) =>
      shown(ui("Icon", { name: { svgPath } }))
        .one("path")
        .getAttribute("d");
    expect(drawn("M0 0L9 9")).toBe("M0 0L9 9");
    for (const path of ["url(#x)", "M0 0<script>", `M${"0".repeat(20_001)}`, { d: "M0" }])
      expect(drawn(path)).not.toBe(path);
  });
});

describe("Row, Column, List, Card, Divider", () => {
  test("carry how they are laid out for the style sheet", () => {
    const { one } = shown(ui("Row", { distribution: "spaceBetween", alignment: "center", children: [] }));
    expect(one(".a2-row").dataset).toMatchObject({ justify: "spaceBetween", align: "center" });
  });

  test("a list is one for who hears it, and reached by keys where it scrolls", () => {
    const { one, all } = shown(ui("List", { direction: "horizontal", children: [text("a"), text("b")] }));
    expect([one("ul").getAttribute("role"), all("ul > li").length, one("ul").tabIndex]).toEqual([
      "list",
      2,
      0,
    ]);
  });

  test("a divider has its direction", () => {
    expect(
      shown(ui("Divider", { axis: "vertical" }))
        .one("[role=separator]")
        .getAttribute("aria-orientation"),
    ).toBe("vertical");
  });
});

describe("Button", () => {
  test("does what it is for", () => {
    const run = vi.fn();
    shown(ui("Button", { child: text("Go"), action: action(run), primary: true }))
      .one("button")
      .click();
    expect(run).toHaveBeenCalledOnce();
  });

  test("with a failed check does nothing but say why, and can still be reached", () => {
    const run = vi.fn();
    const node = ui("Button", { child: text("Go"), action: action(run) });
    const { one, said } = shown(node);
    node.fail("Agree first");
    const button = one<HTMLButtonElement>("button");
    expect([button.disabled, button.getAttribute("aria-disabled")]).toEqual([false, "true"]);
    const why = one(`#${button.getAttribute("aria-describedby")}`);
    expect([why.textContent, why.hidden]).toEqual(["Agree first", true]);
    button.click();
    expect([run.mock.calls.length, said, why.hidden]).toEqual([0, ["Agree first"], false]);
    node.fail();
    expect([button.hasAttribute("aria-disabled"), why.hidden]).toEqual([false, true]);
    button.click();
    expect(run).toHaveBeenCalledOnce();
  });

  test("is not stopped by a warning", () => {
    const run = vi.fn();
    const node = ui("Button", { child: text("Go"), action: action(run) });
    const { one } = shown(node);
    node.failures = [{ message: "sure?", severity: "warning" }];
    node.tell();
    one("button").click();
    expect(run).toHaveBeenCalledOnce();
  });
});

describe("Tabs", () => {
  const press = (target: HTMLElement, key: string) =>
    target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));

  test("are chosen by arrows, Home and End; panels are built when they are looked at and then kept", () => {
    const tabs = ["A", "B", "C"].map((title) => ({ title, child: text(`in ${title}`) }));
    const { all, one } = shown(ui("Tabs", { tabItems: tabs }));
    const selected = () => all("[role=tab]").findIndex((tab) => tab.getAttribute("aria-selected") === "true");
    const [first] = all("[role=tabpanel]") as [HTMLElement];
    expect([all(".a2-text p").length, selected(), first.getAttribute("aria-labelledby")]).toEqual([
      1,
      0,
      all("[role=tab]")[0]?.id,
    ]);
    const seen = ["ArrowRight", "ArrowLeft", "ArrowLeft", "Home", "End"].map((key) => {
      press(one('[role=tab][aria-selected="true"]'), key);
      return selected();
    });
    expect(seen).toEqual([1, 0, 2, 0, 2]);
    expect(all("[role=tab]").map((tab) => tab.tabIndex)).toEqual([-1, -1, 0]);
    expect(all("[role=tabpanel]").map((panel) => panel.hidden)).toEqual([true, true, false]);
    expect(first.textContent).toBe("in A");
  });

  test("may become fewer", () => {
    const tabs = ["A", "B"].map((title) => ({ title, child: text(title) }));
    const node = ui("Tabs", { tabs });
    const { all } = shown(node);
    all<HTMLElement>("[role=tab]")[1]?.click();
    node.set({ tabs: tabs.slice(0, 1) });
    expect([all("[role=tab]").length, all("[role=tabpanel]")[0]?.hidden]).toEqual([1, false]);
  });
});

describe("Modal", () => {
  const modal = (trigger: HandNode) =>
    ui("Modal", { entryPointChild: trigger, contentChild: text("inside") });

  test("opens instead of what its button does, and is closed by its button", () => {
    const run = vi.fn();
    const { one } = shown(modal(ui("Button", { child: text("Open"), action: action(run) })));
    const dialog = one<HTMLDialogElement>("dialog");
    expect(dialog.open).toBe(false);
    one("button").click();
    expect([dialog.open, run.mock.calls.length]).toEqual([true, 0]);
    expect(one("button").getAttribute("aria-haspopup")).toBe("dialog");
    one<HTMLButtonElement>(".a2-close").click();
    expect(dialog.open).toBe(false);
  });

  test("is opened by keys where its trigger is no button", () => {
    const { one } = shown(modal(text("Open")));
    const trigger = one(".a2-trigger");
    expect([trigger.getAttribute("role"), trigger.tabIndex]).toEqual(["button", 0]);
    trigger.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
    expect(one<HTMLDialogElement>("dialog").open).toBe(true);
  });

  test("keeps Escape: it closes the dialog and stops no run", () => {
    const { one, element } = shown(modal(text("Open")));
    const heard = vi.fn();
    element.addEventListener("keydown", heard);
    one("dialog").dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
    expect(heard).not.toHaveBeenCalled();
  });
});

describe("TextField", () => {
  test.each([
    ["shortText", "text"],
    ["number", "number"],
    ["obscured", "password"],
    ["date", "date"],
    ["nonsense", "text"],
    ["__proto__", "text"],
  ])("is by its variant: %s", (variant, type) => {
    expect(shown(ui("TextField", { label: "L", variant })).one<HTMLInputElement>("input").type).toBe(type);
    expect(
      shown(ui("TextField", { label: "L", textFieldType: variant })).one<HTMLInputElement>("input").type,
    ).toBe(type);
  });

  test("has its label, its placeholder and its value, and writes what is entered", () => {
    const node = ui("TextField", { label: "Mail", value: "a", placeholder: "you@there" });
    const { one } = shown(node);
    const input = one<HTMLInputElement>("input");
    expect(one<HTMLLabelElement>("label").htmlFor).toBe(input.id);
    expect([one("label").textContent, input.value, input.placeholder]).toEqual(["Mail", "a", "you@there"]);
    enter(input, "ab");
    expect(node.written).toEqual([["value", "ab"]]);
  });

  test("of 0.8 writes where 0.8 reads", () => {
    const node = ui("TextField", { label: "Mail", text: "a" });
    enter(shown(node).one<HTMLInputElement>("input"), "ab");
    expect(node.written).toEqual([["text", "ab"]]);
  });

  test("keeps a number a number", () => {
    const node = ui("TextField", { label: "N", variant: "number", value: 3 });
    enter(shown(node).one<HTMLInputElement>("input"), "42");
    expect(node.props.value).toBe(42);
  });

  test("of several lines grows with them", () => {
    const area = shown(
      ui("TextField", { variant: "longText", value: "1\n2\n3\n4\n5" }),
    ).one<HTMLTextAreaElement>("textarea");
    expect(Number(area.rows)).toBe(5);
  });

  test("that is obscured can be shown", async () => {
    const { one } = shown(ui("TextField", { label: "P", variant: "obscured", value: "x" }));
    await Promise.resolve();
    const [input, reveal] = [one<HTMLInputElement>("input"), one(".a2-reveal")];
    reveal.click();
    expect([input.type, reveal.getAttribute("aria-pressed")]).toEqual(["text", "true"]);
    reveal.click();
    expect([input.type, reveal.getAttribute("aria-pressed")]).toEqual(["password", "false"]);
  });

  test("says what is wrong after the reader has been there, politely, and tells the control", async () => {
    const node = ui("TextField", { label: "Zip", value: "" });
    const { one } = shown(node);
    await Promise.resolve();
    const input = one<HTMLInputElement>("input");
    const errors = one(`#${input.getAttribute("aria-describedby")}`);
    node.fail("Five digits");
    expect([
      errors.textContent,
      errors.getAttribute("aria-live"),
      input.getAttribute("aria-invalid"),
    ]).toEqual(["", "polite", null]);
    input.focus();
    leave(input);
    expect([errors.textContent, input.getAttribute("aria-invalid")]).toEqual(["Five digits", "true"]);
    const message = errors.firstChild;
    node.set({ value: "1" });
    expect(errors.firstChild).toBe(message); // not said again
    node.fail();
    expect([errors.textContent, input.getAttribute("aria-invalid")]).toEqual(["", null]);
  });
});

describe("a value between the user and the agent", () => {
  const started = () => {
    const node = ui("TextField", { label: "L", value: "start" });
    const { one } = shown(node);
    const input = one<HTMLInputElement>("input");
    return { node, one, input };
  };

  test("is the agent's while the field is not being edited", () => {
    const { node, input } = started();
    input.focus();
    node.set({ value: "agent" });
    expect(input.value).toBe("agent");
  });

  test("stays under the caret while it is edited; then the agent's stands there, and the user's can be had back", () => {
    const { node, input, one } = started();
    enter(input, "mine");
    node.set({ value: "agent" });
    expect(input.value).toBe("mine");
    leave(input);
    expect([input.value, node.props.value, one(".a2-field > .a2-note").hidden]).toEqual([
      "agent",
      "agent",
      false,
    ]);
    one<HTMLButtonElement>(".a2-link").click();
    expect([input.value, node.props.value, one(".a2-field > .a2-note").hidden]).toEqual([
      "mine",
      "mine",
      true,
    ]);
  });

  test("is the user's if the agent only repeats what the user started from", () => {
    const { node, input, one } = started();
    enter(input, "mine");
    node.set({ value: "start" });
    leave(input);
    expect([input.value, node.props.value, one(".a2-field > .a2-note").hidden]).toEqual([
      "mine",
      "mine",
      true,
    ]);
  });

  test("is not touched, and not told, while it is being composed", () => {
    const { node, input } = started();
    input.focus();
    input.dispatchEvent(new CompositionEvent("compositionstart"));
    input.value = "startに";
    input.dispatchEvent(new InputEvent("input", { isComposing: true }));
    node.set({ value: "agent" });
    expect([input.value, node.written]).toEqual(["startに", []]);
    input.value = "start日";
    input.dispatchEvent(new CompositionEvent("compositionend"));
    expect(node.props.value).toBe("start日");
  });

  test("is not written again if it is the same: the caret stays", () => {
    const { node, input } = started();
    input.focus();
    input.setSelectionRange(2, 2);
    node.set({ value: "start", label: "Other" });
    expect(input.selectionStart).toBe(2);
    node.set({ value: "started" });
    expect(input.selectionStart).toBe(2);
  });
});

describe("CheckBox", () => {
  test("is a box with its words", () => {
    const node = ui("CheckBox", { label: "Agree", value: false });
    const { one } = shown(node);
    const box = one<HTMLInputElement>("input");
    expect(box.closest("label")?.textContent).toBe("Agree");
    box.click();
    expect(node.written).toEqual([["value", true]]);
    node.set({ value: false });
    expect(box.checked).toBe(false);
  });
});

describe("ChoicePicker", () => {
  const options = ["Red", "Green", "Blue"].map((label) => ({ label, value: label.toLowerCase() }));
  const inputs = (all: <E extends Element>(s: string) => E[]) => all<HTMLInputElement>(".a2-options input");

  test("of one is radios in a group with a legend", () => {
    const node = ui("ChoicePicker", { label: "Colour", options, value: ["red"] });
    const { all, one } = shown(node);
    expect([one("fieldset > legend").textContent, inputs(all).map((i) => i.type)]).toEqual([
      "Colour",
      ["radio", "radio", "radio"],
    ]);
    expect(inputs(all).map((input) => input.checked)).toEqual([true, false, false]);
    inputs(all)[2]?.click();
    expect(node.written).toEqual([["value", ["blue"]]]);
  });

  test("of several is boxes, or chips", () => {
    const node = ui("ChoicePicker", {
      variant: "multipleSelection",
      displayStyle: "chips",
      options,
      value: ["red"],
    });
    const { all, one } = shown(node);
    expect(one("fieldset").dataset.displayStyle).toBe("chips");
    inputs(all)[1]?.click();
    inputs(all)[0]?.click();
    expect(node.written).toEqual([
      ["value", ["red", "green"]],
      ["value", ["green"]],
    ]);
  });

  test("is the MultipleChoice of 0.8 too, with at most so many", () => {
    const node = ui("MultipleChoice", { options, selections: ["red"], maxAllowedSelections: 2 });
    const { all } = shown(node);
    inputs(all)[1]?.click();
    expect(node.written).toEqual([["selections", ["red", "green"]]]);
    expect(inputs(all).map((input) => input.disabled)).toEqual([false, false, true]);
    expect(inputs(shown(ui("MultipleChoice", { options, maxAllowedSelections: 1 })).all)[0]?.type).toBe(
      "radio",
    );
  });

  test("can be searched", () => {
    const { all, one } = shown(ui("ChoicePicker", { options, filterable: true }));
    enter(one<HTMLInputElement>("input[type=search]"), "RE");
    expect(all(".a2-option").map((option) => option.hidden)).toEqual([false, false, true]);
    enter(one<HTMLInputElement>("input[type=search]"), "zzz");
    expect(one("[role=status]").textContent).toBe("Nothing matches");
  });

  test("keeps its inputs when options come, go and move", () => {
    const node = ui("ChoicePicker", { options, value: [] });
    const { all } = shown(node);
    const [red, green] = inputs(all);
    node.set({ options: [options[1], options[0]] });
    expect(inputs(all)).toEqual([green, red]);
  });
});

describe("Slider", () => {
  test("has bounds, steps, and a value that is read out", () => {
    const node = ui("Slider", { label: "Size", value: 5, min: 0, max: 10, steps: 4 });
    const { one } = shown(node);
    const range = one<HTMLInputElement>("input");
    expect([range.min, range.max, range.step, one("output").textContent]).toEqual(["0", "10", "2.5", "5"]);
    range.value = "7.5";
    range.dispatchEvent(new Event("input"));
    expect([node.written, range.getAttribute("aria-valuetext")]).toEqual([[["value", 7.5]], "7.5"]);
  });

  test("of 0.8 has the bounds of 0.8; between 0 and 1 it does not jump", () => {
    const { one } = shown(ui("Slider", { value: 0.5, minValue: 0, maxValue: 1 }));
    expect([one<HTMLInputElement>("input").max, one<HTMLInputElement>("input").step]).toEqual(["1", "0.01"]);
  });
});

describe("DateTimeInput", () => {
  const made = (props: object) => {
    const node = ui("DateTimeInput", { ...props });
    return { node, input: shown(node).one<HTMLInputElement>("input") };
  };

  test.each([
    [{ enableDate: true, value: "2025-12-15T10:30:00Z" }, "date", "2025-12-15"],
    [{ enableTime: true, value: "2025-12-15T10:30" }, "time", "10:30"],
    [{ enableTime: true, value: "09:15" }, "time", "09:15"],
    [{ enableDate: true, enableTime: true, value: "2025-12-15" }, "datetime-local", "2025-12-15T00:00"],
    [{ enableDate: true, enableTime: true, value: "2025-12-15T10:30" }, "datetime-local", "2025-12-15T10:30"],
    [{ value: "nonsense" }, "date", ""],
  ])("takes ISO 8601: %j", (props, type, value) => {
    const { input } = made(props);
    expect([input.type, input.value]).toEqual([type, value]);
  });

  test("gives ISO 8601, a moment as a moment", () => {
    const { node, input } = made({ enableDate: true, enableTime: true, value: "2025-12-15T10:30:00Z" });
    enter(input, "2025-12-16T08:00");
    expect(node.props.value).toBe(new Date("2025-12-16T08:00").toISOString());
    const day = made({ enableDate: true, value: "", min: "2025-01-01T00:00:00Z" });
    enter(day.input, "2025-12-16");
    expect([day.node.props.value, day.input.min]).toEqual(["2025-12-16", "2025-01-01"]);
  });
});
