/** What a page loads when the first output is more than words. The core knows its types alone. */

import cells from "./cells.css";
import media from "./media.css";
import outputs from "./outputs.css";

export { Card } from "./card";
export type { Stage } from "./stage";
export const css = `${outputs}\n${media}\n${cells}`;
