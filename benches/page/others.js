/** What others do with the text of an answer: from npm, at exact versions. */
import DOMPurify from "dompurify";
import { marked } from "marked";
import { createElement } from "react";
import { createRoot } from "react-dom/client";
import { Streamdown } from "streamdown";
import * as smd from "streaming-markdown";
import { makeBox, oncePerFrame } from "./box.js";

/** Parsed, cleaned and put into the document anew in every frame that brings something. */
function innerHTML(stage) {
  const { root, follow, blocks } = makeBox(stage);
  let text = "";
  const draw = oncePerFrame(() => {
    root.innerHTML = DOMPurify.sanitize(marked.parse(text));
    follow();
  });
  return {
    take(json) {
      text += JSON.parse(json).text;
      draw();
    },
    ...{ root, blocks },
  };
}

function streamdown(stage) {
  const { root, follow } = makeBox(stage);
  const react = createRoot(root);
  let text = "";
  const draw = oncePerFrame(() => {
    react.render(createElement(Streamdown, null, text));
    follow();
  });
  return {
    take(json) {
      text += JSON.parse(json).text;
      draw();
    },
    root,
    blocks: () => [...(root.firstElementChild?.children ?? [])],
  };
}

function streamingMarkdown(stage) {
  const { root, follow, blocks } = makeBox(stage);
  const parser = smd.parser(smd.default_renderer(root));
  let pending = "";
  const draw = oncePerFrame(() => {
    smd.parser_write(parser, pending);
    pending = "";
    follow();
  });
  return {
    take(json) {
      pending += JSON.parse(json).text;
      draw();
    },
    ...{ root, blocks },
  };
}

export const OTHERS = { innerHTML, streamdown, streamingMarkdown };
