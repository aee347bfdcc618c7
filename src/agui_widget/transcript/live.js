// The widget's browser part, given a model that has one conversation and no kernel.
const { renderer, chunks, snapshot, traits } = JSON.parse(document.getElementById("conversation").textContent);
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
  send({ t, name }) {
    if (t === "sync") tell({ t: "snap", s: snapshot });
    else if (t === "chunk" && Object.hasOwn(chunks, name)) tell({ t, name }, [bytesOf(chunks[name])]);
    else if (t === "chunk") tell({ t, name, error: "not in this page" });
  },
};

function tell(message, buffers = []) {
  queueMicrotask(() => listeners.forEach((listen) => listen(message, buffers)));
}

function bytesOf(base64) {
  return new DataView(Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)).buffer);
}

const { signal } = new AbortController();
const widget = await factory();
await widget.initialize({ model, signal });
await widget.render({ model, el: document.querySelector("main"), signal });
