/** What draws telemetry. The core knows its types alone. */

import type { Draw } from "../drawer";

export const css = "";

export const draw: Draw = async () => {
  throw new Error("telemetry cannot be drawn yet");
};
