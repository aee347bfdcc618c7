/** What a page loads when the first interface shows, `static/a2ui.js`. The core knows its types alone. */

import css from "../css/a2ui.css";
import { Desk } from "./desk";

export type { Body, Host } from "./desk";
export { css, Desk };
