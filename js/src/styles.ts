import base from "./css/base.css";
import cards from "./css/cards.css";
import chat from "./css/chat.css";
import citations from "./css/citations.css";
import composer from "./css/composer.css";
import message from "./css/message.css";
import nodes from "./css/nodes.css";
import theme from "./css/theme.css";
import tools from "./css/tools.css";

/** What every chat looks like. */
export const STYLES = [theme, base, chat, message, nodes, tools, cards, citations, composer].join("\n");
