/** What tests/e2e/test_a2ui_components.py drives: surfaces of the real engine on a plain page, each in a shadow root of its own. */

import { css } from "../src/a2ui/chunk";
import { Engine } from "../src/a2ui/engine";
import { messagesOf } from "../src/a2ui/specs";
import { StatusCard } from "../src/a2ui/status-card";
import { SurfaceView } from "../src/a2ui/view";
import { addSheet } from "../src/sheets";
import { STYLES } from "../src/styles";

class Stage {
  readonly sent: unknown[] = [];
  readonly said: string[] = [];
  readonly opened: string[] = [];
  readonly engine = new Engine({
    onMessage: (message) => this.sent.push(message),
    openUrl: (url) => this.opened.push(url),
    hasUserActivation: () => navigator.userActivation.isActive,
  });
  readonly chat = document.createElement("div");
  readonly #views = new Map<string, SurfaceView>();

  constructor(theme: string) {
    const root = document.body.appendChild(document.createElement("div")).attachShadow({ mode: "open" });
    addSheet(root, STYLES);
    addSheet(root, css);
    this.chat.className = "chat";
    this.chat.dataset.theme = theme;
    this.chat.style.cssText = "height: auto; display: block; padding: 12px; border-radius: 0";
    root.append(this.chat);
    this.engine.watch(() => this.#arrange());
  }

  process(messages: unknown): void {
    this.engine.process(messages);
  }

  spec(spec: unknown): void {
    this.engine.process(messagesOf(spec, "spec"));
  }

  status(content: unknown): void {
    const card = new StatusCard();
    card.apply(content);
    this.chat.append(card.element);
  }

  #arrange(): void {
    for (const [id, view] of this.#views) {
      if (this.engine.surfaces.has(id)) continue;
      view.destroy();
      this.#views.delete(id);
    }
    for (const [id, surface] of this.engine.surfaces) {
      if (this.#views.has(id)) continue;
      const view = new SurfaceView(surface, { say: (words) => this.said.push(words) });
      this.#views.set(id, view);
      this.chat.append(view.element);
    }
  }
}

/** Many examples on one picture. */
function sheet(theme: string, columns: number, examples: [name: string, messages: unknown][]): void {
  const all = document.body.appendChild(document.createElement("div"));
  all.style.cssText = `columns: ${columns}; column-gap: 0; font: 11px sans-serif; background: ${theme === "dark" ? "#1a1a1a" : "#fff"}`;
  for (const [name, messages] of examples) {
    const stage = new Stage(theme);
    stage.process(messages);
    const host = (stage.chat.getRootNode() as ShadowRoot).host as HTMLElement;
    host.style.breakInside = "avoid";
    host.title = name;
    stage.chat.style.border = "0";
    all.append(host);
  }
}

Object.assign(window, { Stage, sheet });
