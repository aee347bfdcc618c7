// The widget's browser part, given a model that has one conversation and no kernel.
const { renderer, snapshot, traits } = JSON.parse(document.getElementById("conversation").textContent);
const address = URL.createObjectURL(new Blob([renderer], { type: "text/javascript" }));
const { default: factory } = await import(address);
URL.revokeObjectURL(address);

const listeners = [];
const model = {
  get: (name) => traits[name],
  set() {},
  save_changes() {},
  on: (name, listener) => name === "msg:custom" && listeners.push(listener),
  off() {},
  send({ t }) {
    if (t === "sync") queueMicrotask(() => listeners.forEach((listen) => listen({ t: "snap", s: snapshot }, [])));
  },
};
const { signal } = new AbortController();
const widget = await factory();
await widget.initialize({ model, signal });
await widget.render({ model, el: document.querySelector("main"), signal });
