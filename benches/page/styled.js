import css from "../../js/src/css/a2ui.css";
import { addSheet } from "../../js/src/sheets.ts";
import { STYLES } from "../../js/src/styles.ts";

/** Where ours and the small DOM layer draw: the same styles for both. */
export function styledRoot(stage) {
  const root = stage.attachShadow({ mode: "open" });
  addSheet(root, STYLES);
  addSheet(root, css);
  const chat = document.createElement("div");
  chat.className = "chat";
  chat.style.cssText = "height:auto;display:block";
  root.append(chat);
  return chat;
}
