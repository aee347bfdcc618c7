/** Our chat on a page without a kernel. */
import { FakeModel } from "../../js/dev/fake-model.js";
import { HEIGHT, WIDTH } from "./box.js";

const CHROME = 110; // about what the chat's head and composer take; corrected once they are there

/** Our chat, as its kernel would find it. */
export async function agentChat(stage) {
  const { default: factory } = await import("/widget.js");
  const model = new FakeModel({ title: "", placeholder: "", height: HEIGHT + CHROME, theme: "auto", starters: [] });
  const widget = factory();
  widget.initialize({ model });
  stage.style.width = `${WIDTH}px`;
  widget.render({ model, el: stage });
  const root = stage.firstElementChild.shadowRoot;
  const scroller = root.querySelector(".scroller");
  model.set("height", 2 * HEIGHT + CHROME - scroller.clientHeight);
  return {
    model,
    take: (json) => model.emit("msg:custom", JSON.parse(json), []),
    root: root.querySelector(".log"),
    scroller,
    blocks: () => [...root.querySelectorAll(".message .block-page, .message .prose")].slice(-2).flatMap(({ children }) => [...children]),
  };
}

/** Call `task` with the number of each of the next frames. */
export function frames(count, task = () => {}) {
  return new Promise((done) => {
    let at = 0;
    const tick = () => {
      if (at === count) return done();
      task(at++);
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  });
}
