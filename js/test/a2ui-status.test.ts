import { afterEach, describe, expect, test } from "vitest";
import { StatusCard } from "../src/a2ui/status-card";

afterEach(() => document.body.replaceChildren());

function card(content: unknown) {
  const made = new StatusCard();
  document.body.append(made.element);
  made.apply(content);
  const words = made.element.querySelector("[role=status]")?.textContent;
  const bones = made.element.querySelector<HTMLElement>(".a2-bones");
  const details = made.element.querySelector("button") as HTMLButtonElement;
  return { made, words, isWaiting: !bones?.hidden, details };
}

describe("a surface that is not there yet", () => {
  test.each([
    [{ status: "building" }, "Building…"],
    [{ status: "building", progressTokens: 412 }, "Building… (412 tokens)"],
    [{ status: "retrying", attempt: 2, maxAttempts: 3 }, "Trying again (2 of 3)…"],
    [{ status: "retrying" }, "Trying again…"],
    [null, "Building…"],
  ])("says how far it is: %j", (content, said) => {
    const { words, isWaiting, details } = card(content);
    expect([words, isWaiting, details.hidden]).toEqual([said, true, true]);
  });

  test("that could not be built keeps why folded, as text", () => {
    const errors = [{ message: "<b>no root</b>" }, "second", { path: "/x" }, null];
    const { made, words, isWaiting, details } = card({ status: "failed", error: "first", errors });
    expect([words, isWaiting, details.getAttribute("aria-expanded")]).toEqual([
      "This could not be built",
      false,
      "false",
    ]);
    details.click();
    expect(made.element.querySelector(".code")?.textContent).toBe(
      'first\n<b>no root</b>\nsecond\n{"path":"/x"}',
    );
  });

  test("goes from one to the next in its place", () => {
    const { made, details } = card({ status: "failed", error: "x" });
    made.apply({ status: "retrying" });
    expect([made.element.hasAttribute("data-failed"), details.hidden]).toEqual([false, true]);
  });
});
