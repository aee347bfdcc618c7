/** What others make of A2UI messages: from npm, at exact versions. */
import { basicCatalog } from "@a2ui/lit/v0_9";
import {
  BASIC_COMPONENTS,
  Catalog,
  createBasicCatalogFunctions,
  effect,
  getValue,
  isComponentNode,
  MessageProcessor,
  NodeResolver,
  ResolvedBinding,
} from "@a2ui/web_core/v0_9";
import { styledRoot } from "./styled.js";

/** web_core's tree of nodes, drawn in the least way that gives our very HTML. */
function webCore(stage) {
  const chat = styledRoot(stage);
  const body = element("div", "body");
  const surfaceElement = element("div", "");
  surfaceElement.className = "a2";
  surfaceElement.append(body);
  const catalog = new Catalog(basicCatalog.id, BASIC_COMPONENTS, createBasicCatalogFunctions({ locale: "en-US" }));
  const processor = new MessageProcessor([catalog]);
  processor.onSurfaceCreated((surface) => {
    const resolver = new NodeResolver(surface, catalog);
    let view;
    effect(() => {
      const root = getValue(resolver.rootNode);
      if (view?.node === root) return;
      view?.stop();
      view = root && draw(root);
      body.replaceChildren(...(view ? [view.element] : []));
    });
    chat.append(surfaceElement);
  });
  return (messages) => processor.processMessages(messages);
}

function element(tag, name) {
  const made = document.createElement(tag);
  made.className = `a2-${name}`;
  return made;
}

const plain = (value) => (value instanceof ResolvedBinding ? value.value : value);

const KINDS = {
  Column: () => box(element("div", "column"), ["justify", "align"]),
  Row: () => box(element("div", "row"), ["justify", "align"]),
  List: () => {
    const list = element("ul", "list");
    list.setAttribute("role", "list");
    return box(list, ["direction", "align", "listStyle"], "li");
  },
  Text: text,
  Placeholder: () => ({ element: element("div", "skeleton"), update() {} }),
};

function draw(node) {
  const { element, update, clear = () => {} } = KINDS[node.type]();
  const stop = effect(() => update(getValue(node.props)));
  return {
    node,
    element,
    stop() {
      stop();
      clear();
    },
  };
}

function mark({ dataset }, name, value) {
  const word = String(value ?? "");
  if (dataset[name] !== word) dataset[name] = word;
}

function text() {
  const root = element("div", "text");
  root.classList.add("nodes");
  let shown;
  return {
    element: root,
    update(props) {
      const [words, variant] = [String(plain(props.text) ?? ""), plain(props.variant) ?? ""];
      mark(root, "variant", variant);
      if (shown?.variant === variant) shown.node.data = words;
      else {
        const node = document.createTextNode(words);
        root.replaceChildren(page(node, variant));
        shown = { variant, node };
      }
    },
  };
}

/** A heading of the agent's stands two below those of the chat. */
function page(node, variant) {
  const level = /^h[1-4]$/.test(variant) ? Number(variant[1]) + 2 : 0;
  const block = document.createElement(level ? `h${level}` : "p");
  if (level) block.setAttribute("aria-level", String(level));
  block.dir = "auto";
  block.append(node);
  const page = document.createElement("div");
  page.className = "block-page";
  page.append(block);
  return page;
}

function box(root, marks, tag) {
  const views = new Map();
  return {
    element: root,
    update(props) {
      for (const name of marks) mark(root, name, plain(props[name]));
      const nodes = new Set((props.children ?? []).filter(isComponentNode));
      for (const [node, { view, element }] of views) {
        if (nodes.has(node)) continue;
        view.stop();
        element.remove();
        views.delete(node);
      }
      let cursor = root.firstElementChild;
      for (const node of nodes) {
        let child = views.get(node);
        if (!child) {
          const view = draw(node);
          const item = tag && document.createElement(tag);
          item?.append(view.element);
          views.set(node, (child = { view, element: item ?? view.element }));
        }
        if (child.element === cursor) cursor = cursor.nextElementSibling;
        else root.insertBefore(child.element, cursor);
      }
    },
    clear() {
      for (const { view } of views.values()) view.stop();
    },
  };
}

/** Without a renderer for Markdown, which it can be given: it writes texts as they are. */
function lit(stage) {
  const processor = new MessageProcessor([basicCatalog]);
  processor.onSurfaceCreated((surface) => {
    const shown = document.createElement("a2ui-surface");
    shown.surface = surface;
    stage.append(shown);
  });
  return (messages) => processor.processMessages(messages);
}

export const WAYS = { webCore, lit };
