/** What draws math. The core knows its types alone. */

import type { Draw } from "../drawer";

export const css = "";

export const draw: Draw = async () => {
  throw new Error("math cannot be drawn yet");
};
