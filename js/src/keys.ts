const SUPPRESS = "data-lm-suppress-shortcuts";

/**
 * Keys typed here stay here, and the host's own combinations still reach it.
 *
 * JupyterLab listens on the document while keys bubble, Notebook 7 while they are captured, and both see the shadow host as the
 * target. So: the attribute on the host is for Notebook 7, stopping at the shadow root is for JupyterLab, and what belongs to
 * the host is dispatched again from outside. Each alone fails in one of the two.
 */
export function keepKeys(root: ShadowRoot, outside: HTMLElement): void {
  root.host.setAttribute(SUPPRESS, "true");
  root.addEventListener("keydown", (event) => {
    event.stopPropagation();
    passOn(event as KeyboardEvent, outside);
  });
  for (const type of ["keyup", "keypress"]) root.addEventListener(type, (event) => event.stopPropagation());
}

/** The same for what stands in the light document: there Notebook 7 sees the target itself, and asks it first. */
export function keepKeysOf(place: HTMLElement): void {
  place.addEventListener("focusin", ({ target }) => (target as Element).setAttribute(SUPPRESS, "true"));
}

/** Ctrl+Shift+Z and V edit text: they are ours. */
const EDITING = new Set(["z", "v"]);

function isHostShortcut({ key, ctrlKey, metaKey, shiftKey, isComposing }: KeyboardEvent): boolean {
  const letter = key.toLowerCase();
  if (isComposing || !(ctrlKey || metaKey) || !/^[a-z]$/.test(letter)) return false;
  return shiftKey ? !EDITING.has(letter) : letter === "s";
}

function passOn(event: KeyboardEvent, outside: HTMLElement): void {
  if (event.defaultPrevented || !isHostShortcut(event)) return;
  const { key, code, keyCode, which, location, ctrlKey, metaKey, shiftKey, altKey, repeat } = event;
  const legacy = { keyCode, which }; // hosts still look shortcuts up by key code
  const modifiers = { ctrlKey, metaKey, shiftKey, altKey };
  const copy = new KeyboardEvent("keydown", {
    ...{ key, code, location, repeat, ...legacy, ...modifiers },
    bubbles: true,
    cancelable: true,
  });
  if (!outside.dispatchEvent(copy)) event.preventDefault();
}
