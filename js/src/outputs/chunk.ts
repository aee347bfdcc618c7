/** What a page loads when the first output is more than words. The core knows its types alone. */

export { Card } from "./card";
export { default as css } from "./outputs.css";
export type { Stage } from "./stage";
