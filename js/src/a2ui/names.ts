/** What 0.8 called the properties of a component, by the names of 0.9, which every view is written in. */

type Props = Readonly<Record<string, unknown>>;
/** Another name, or what its value follows from. */
type Old = string | ((props: Props) => unknown);

const BOX: Record<string, Old> = { justify: "distribution", align: "alignment" };

const OLD: Readonly<Record<string, Readonly<Record<string, Old>>>> = {
  Text: { variant: "usageHint" },
  Image: { variant: "usageHint", description: "altText" },
  Row: BOX,
  Column: BOX,
  List: BOX,
  Tabs: { tabs: "tabItems" },
  Modal: { trigger: "entryPointChild", content: "contentChild" },
  Button: { variant: ({ primary }) => (primary === true ? "primary" : undefined) },
  TextField: { value: "text", variant: "textFieldType" },
  Slider: { min: "minValue", max: "maxValue" },
  MultipleChoice: {
    value: "selections",
    displayStyle: "variant",
    variant: ({ maxAllowedSelections }) =>
      maxAllowedSelections === 1 ? "mutuallyExclusive" : "multipleSelection",
  },
};

function oldOf(type: string, name: string): Old | undefined {
  return Object.hasOwn(OLD, type) ? OLD[type]?.[name] : undefined;
}

/** Under which of its names a component has `name`. */
export function nameIn(type: string, props: Props, name: string): string {
  const old = oldOf(type, name);
  return typeof old === "string" && (old in props || !(name in props)) ? old : name;
}

export function valueIn(type: string, props: Props, name: string): unknown {
  const old = oldOf(type, name);
  const derived = typeof old === "function" ? old(props) : undefined;
  return derived ?? props[nameIn(type, props, name)];
}
