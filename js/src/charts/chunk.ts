/** What draws charts. The core knows its types alone. */

import type { Draw } from "../drawer";

export const css = "";

export const draw: Draw = async () => {
  throw new Error("charts cannot be drawn yet");
};
