/** What may never happen, noted: installed before anything else of the page, and armed while a conversation is judged. */

const traps = { isArmed: false, executions: [], requests: [] };

{
  const note = (list, what, words) => {
    if (traps.isArmed) list.push(`${what} ${String(words?.[0] ?? "").slice(0, 120)}`);
    return traps.isArmed;
  };

  /** Instead of the thing itself a note of it; before and after, the thing itself (the test's own tool uses `eval`). */
  function set(owner, name, list) {
    const real = owner[name];
    if (!real) return;
    const trapped = function (...words) {
      if (note(list, name, words)) return undefined;
      return new.target ? Reflect.construct(real, words) : Reflect.apply(real, this, words);
    };
    trapped.prototype = real.prototype;
    Object.defineProperty(owner, name, { value: trapped, configurable: true, writable: true });
  }

  const SCRIPTS = ["alert", "confirm", "prompt", "print", "open", "eval", "Function", "postMessage"];
  const WRITERS = ["write", "writeln", "open", "execCommand"];
  const MOVES = ["pushState", "replaceState", "back", "forward", "go"];
  const NETWORK = [
    "fetch",
    "XMLHttpRequest",
    "WebSocket",
    "EventSource",
    "Worker",
    "SharedWorker",
    "RTCPeerConnection",
  ];
  for (const name of SCRIPTS) set(window, name, traps.executions);
  for (const name of WRITERS) set(document, name, traps.executions);
  for (const name of MOVES) set(history, name, traps.executions);
  for (const name of ["submit", "requestSubmit"]) set(HTMLFormElement.prototype, name, traps.executions);
  for (const name of ["requestFullscreen", "showPopover"]) set(Element.prototype, name, traps.executions);
  for (const name of NETWORK) set(window, name, traps.requests);
  set(navigator, "sendBeacon", traps.requests);

  for (const name of ["setTimeout", "setInterval"]) {
    const real = window[name];
    window[name] = (task, ...rest) =>
      typeof task === "function" || !note(traps.executions, name, [task]) ? real(task, ...rest) : 0;
  }

  // What runs and fails has run all the same; that a size settles a frame later, a browser says in the same way.
  const isOfSizes = ({ message, error }) => !error && /^ResizeObserver loop/.test(message);
  window.addEventListener(
    "error",
    (event) => isOfSizes(event) || note(traps.executions, "error", [event.message]),
  );
  window.addEventListener("unhandledrejection", (event) =>
    note(traps.executions, "rejection", [event.reason]),
  );

  // The policy of this page forbids everything and stops nothing (it only reports): whatever tries is here.
  document.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI, sample }) => {
    const isScript = /^(script|require-trusted|trusted)/.test(effectiveDirective);
    note(isScript ? traps.executions : traps.requests, effectiveDirective, [`${blockedURI} ${sample}`]);
  });

  // Frames as fast as they can be: a conversation has thousands.
  const { port1, port2 } = new MessageChannel();
  const due = [];
  port1.onmessage = () => due.shift()(performance.now());
  window.requestAnimationFrame = (task) => {
    due.push(task);
    port2.postMessage(0);
    return 0;
  };

  // What is copied is read, not put anywhere.
  traps.copied = [];
  const keep = async (items) => traps.copied.push(...items);
  Object.defineProperty(navigator, "clipboard", { value: { write: keep, writeText: async () => {} } });
}
