import { h, setAttribute } from "../../dom";
import { A2UI_STRINGS } from "../../strings";
import { button } from "../part";
import { type Control, EntryField } from "./field";

const KINDS = new Map([
  ["longText", "long"],
  ["number", "number"],
  ["obscured", "password"],
  ["date", "date"],
]);

export class TextField extends EntryField {
  update(): void {
    this.show(KINDS.get(this.text("variant")) ?? "text", this.text("value"));
    setAttribute(this.control, "placeholder", this.text("placeholder"));
    if (this.control instanceof HTMLTextAreaElement)
      this.control.rows = Math.min(Math.max(this.control.value.split("\n", 12).length, 3), 12);
  }

  /** What was a number stays one. */
  protected override read(value: string): string | number {
    return typeof this.get("value") === "number" && value ? Number(value) : value;
  }

  protected make(kind: string): [Control, ...HTMLElement[]] {
    if (kind === "long") return [h("textarea", { dir: "auto" })];
    const input = h("input", { type: kind, step: "any", dir: "auto", autocomplete: "off" });
    return kind === "password" ? [input, reveal(input)] : [input];
  }
}

function reveal(input: HTMLInputElement): HTMLElement {
  const made = button("reveal", A2UI_STRINGS.reveal);
  const press = (isPressed: boolean) => {
    input.type = isPressed ? "text" : "password";
    setAttribute(made, "aria-pressed", String(isPressed));
  };
  press(false);
  made.onclick = () => press(input.type === "password");
  return made;
}
