import { describe, expect, test } from "vitest";
import { messagesOf } from "../src/a2ui/specs";

type Message = { createSurface: { components: Record<string, unknown>[]; dataModel: { values: object } } };
const surfaceOf = (spec: unknown) => (messagesOf(spec, "s") as [Message])[0].createSurface;
const components = (spec: unknown) => surfaceOf(spec).components;
const values = (spec: unknown) => surfaceOf(spec).dataModel.values;
const texts = (spec: unknown) =>
  components(spec).flatMap(({ id, text }) => (id === "words" ? [] : (text ?? [])));

describe("an older spec", () => {
  test("is a card", () => {
    const spec = { schema: "a2ui.v1", component: "card", props: { title: "T", content: "C" } };
    expect(texts(spec)).toEqual(["### T", "C"]);
    const other = { schema: "pasx.v4.1", component: "artifact.card", props: { headline: "T", body: "C" } };
    expect(components(other)).toEqual(components(spec));
  });

  test("is a form whose button says the component and its values", () => {
    const fields = [
      { type: "text", name: "who", label: "Who" },
      { type: "checkbox", name: "ok", label: "OK" },
      { type: "select", name: "a/b", label: "Which", options: ["x", { label: "Y", value: "y" }] },
    ];
    const spec = { schema: "a2ui.v1", component: "form", props: { title: "T", fields } };
    expect(values(spec)).toEqual({ who: "", ok: false, "a/b": "" });
    const made = components(spec);
    expect(made.find(({ label }) => label === "Who")).toMatchObject({ value: { "@path": "/values/who" } });
    expect(made.find(({ label }) => label === "Which")).toMatchObject({
      component: "ChoicePicker",
      value: { "@path": "/values/a~1b" },
    });
    expect(made.at(-1)?.action).toEqual({
      event: { name: "submit", context: { component: "form", values: { "@path": "/values" } } },
    });
  });

  test.each([
    ["a2ui.v1", "form.goal"],
    ["pasx.v4.1", "artifact.collect_goal"],
  ])("asks for a goal: %s %s", (schema, component) => {
    const made = components({ schema, component, props: { label: "Your goal", placeholder: "p" } });
    expect(made.filter((each) => each.component === "TextField")).toMatchObject([
      { label: "Your goal", placeholder: "p" },
    ]);
    expect(made.at(-1)?.action).toMatchObject({ event: { context: { component } } });
  });

  test("lists tools and citations", () => {
    const tools = {
      schema: "a2ui.v1",
      component: "lane.tools",
      props: { tools: [{ name: "load", state: "done" }] },
    };
    expect(texts(tools)).toEqual(["load · done"]);
    const citations = {
      schema: "a2ui.v1",
      component: "lane.citations",
      props: { citations: [{ title: "T", url: "https://x" }] },
    };
    expect(texts(citations)).toEqual(["T\nhttps://x"]);
  });

  test.each([
    ["a2ui.v9", "card"],
    ["a2ui.v1", "gauge"],
    ["__proto__", "toString"],
    ["a2ui.v1", "constructor"],
  ])("that nobody knows is a component with its name: %s %s", (schema, component) => {
    expect(components({ schema, component, props: {} })).toEqual([
      { id: "root", component: `${schema} ${component}` },
    ]);
  });

  test.each([
    null,
    7,
    "x",
    [],
    { schema: "a2ui.v1", component: "form", props: { fields: [{ name: "__proto__" }, null] } },
  ])("that makes no sense makes no harm: %j", (spec) => {
    expect(messagesOf(spec, "s").length).toBe(1);
    expect(JSON.stringify(messagesOf(spec, "s"))).not.toContain("__proto__");
  });
});
