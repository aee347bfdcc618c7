/** What a chat loads with the first block of code that somebody draws. The core knows its types alone. */

export { Sketch } from "../nodes/sketch";
