/** What draws flow. The core knows its types alone. */

import type { Draw } from "../drawer";

export const css = "";

export const draw: Draw = async () => {
  throw new Error("flow cannot be drawn yet");
};
