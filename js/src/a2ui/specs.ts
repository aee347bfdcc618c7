/** Older interfaces, each named by a schema that picks its renderer, as messages of A2UI 1.0. */

import { A2UI_STRINGS } from "../strings";
import { shown } from "./functions";
import { isObject, type Props } from "./json";

type Component = Props & { readonly id: string };
/** What stands in the card; what its inputs begin with is collected in `values`. */
type Renderer = (props: Props, name: string, values: Record<string, unknown>) => Component[];

const CATALOG = "https://a2ui.org/specification/v1_0/catalogs/basic/catalog.json";
const MAX_ITEMS = 200;
/** No name of an input may reach what all objects share. */
const FORBIDDEN = /^(?:__proto__|constructor|prototype)$/;

const text = (id: string, words: unknown): Component => ({ id, component: "Text", text: shown(words) });

const heading = (words: unknown): Component[] =>
  words ? [text("title", `### ${shown(words).replace(/\s+/g, " ")}`)] : [];

const records = (value: unknown): Props[] =>
  (Array.isArray(value) ? value : []).slice(0, MAX_ITEMS).filter(isObject);

/** Both schemas have one, each with its own words. */
const card =
  (title: string, content: string): Renderer =>
  (props) => [...heading(props[title]), text("content", props[content])];

const lines =
  (list: string, line: (item: Props) => unknown[], between: string): Renderer =>
  (props) => [
    ...heading(props.title),
    ...records(props[list]).map((item, at) => text(`item${at}`, line(item).filter(Boolean).join(between))),
  ];

const INPUTS: Readonly<Record<string, Props>> = {
  checkbox: { component: "CheckBox" },
  date: { component: "DateTimeInput", enableDate: true },
  time: { component: "DateTimeInput", enableTime: true },
  datetime: { component: "DateTimeInput", enableDate: true, enableTime: true },
  number: { variant: "number" },
  password: { variant: "obscured" },
  textarea: { variant: "longText" },
};

const form: Renderer = (props, component, values) => {
  const inputs = records(props.fields).map((field, at) => {
    const { type, label, placeholder, value } = field;
    const name = FORBIDDEN.test(shown(field.name)) ? "" : shown(field.name) || `field${at + 1}`;
    if (name) values[name] = type === "checkbox" ? value === true : shown(value);
    const options = Array.isArray(field.options) && {
      component: "ChoicePicker",
      options: field.options.slice(0, MAX_ITEMS).map((option) => {
        const one: Props = isObject(option) ? option : { value: option };
        return { label: shown(one.label ?? one.value), value: shown(one.value ?? one.label) };
      }),
    };
    return {
      ...{
        id: `field${at}`,
        component: "TextField",
        label: shown(label) || name,
        placeholder: shown(placeholder),
      },
      ...own(INPUTS, shown(type)),
      ...options,
      value: { "@path": `/values/${name.replace(/~/g, "~0").replace(/\//g, "~1")}` },
    };
  });
  const context = { component, values: { "@path": "/values" } };
  return [
    ...heading(props.title),
    ...inputs,
    {
      ...{ id: "submit", component: "Button", variant: "primary", child: "words" },
      action: { event: { name: "submit", context } },
    },
  ];
};

/** A form with one field. */
const goal: Renderer = ({ label, title, ...props }, name, values) =>
  form(
    { title: label ? title : "", fields: [{ ...props, name: "goal", label: label ?? title }] },
    name,
    values,
  );

const tools = lines("tools", ({ name, state, summary }) => [name, state, summary].map(shown), " · ");
const citations = lines("citations", ({ title, url, snippet }) => [title, url, snippet].map(shown), "\n");

export const SPECS: Readonly<Record<string, Readonly<Record<string, Renderer>>>> = {
  "a2ui.v1": {
    card: card("title", "content"),
    form,
    "form.goal": goal,
    "lane.tools": tools,
    "lane.citations": citations,
  },
  "pasx.v4.1": {
    "artifact.card": card("headline", "body"),
    "artifact.collect_goal": goal,
  },
};

/** What `spec` asks for, as messages that make the surface `surfaceId`. What nobody can draw is a component that says its name. */
export function messagesOf(spec: unknown, surfaceId: string): object[] {
  const { schema, component, props } = (isObject(spec) ? spec : {}) as Props;
  const name = shown(component);
  const render = own(own(SPECS, shown(schema)) ?? {}, name);
  const values = {};
  const parts = render?.(isObject(props) ? props : {}, name, values);
  const components = parts
    ? [
        { id: "root", component: "Card", child: "column" },
        { id: "column", component: "Column", children: parts.map(({ id }) => id) },
        text("words", A2UI_STRINGS.submit),
        ...parts,
      ]
    : [{ id: "root", component: `${shown(schema)} ${name}`.trim() || "?" }];
  const surface = { surfaceId, catalogId: CATALOG, components, dataModel: { values } };
  return [{ version: "1.0", createSurface: surface }];
}

function own<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
