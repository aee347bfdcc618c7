/** What a page loads when the first artifact shows. The core knows its types alone. */

import css from "../css/artifacts.css";
import { Cards } from "./cards";

export type { CardPart } from "./cards";
export { Cards, css };
