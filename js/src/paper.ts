import type { Scheme } from "./drawer";

/** What drawings stand on where there is no page, as in `css/theme.css`. */
export const PAPER: Readonly<Record<Scheme, string>> = { light: "#ffffff", dark: "#1a1a1a" };
