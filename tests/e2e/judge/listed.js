/** What may stand in the chat, written down a second time: nothing here is taken from the code that is judged. */

const HTML = "http://www.w3.org/1999/xhtml";
const SVG = "http://www.w3.org/2000/svg";

const any = () => true; // words of the agent, which the browser only shows or reads out
const is =
  (...words) =>
  (value) =>
    words.includes(value);
const like = (pattern) => (value) => pattern.test(value);
const within = (low, high) => (value) => /^-?\d+$/.test(value) && +value >= low && +value <= high;

const CLASSES = new Set(
  (
    "across action actions activity activity-card again agui-host agui-live arc arguments arrow asked back banner bar bare " +
    "block body card chat check chevron cite cites code composer content copy cross dash disclosed dot down empty error errors " +
    "failed fence fence-head field fnref foot footnotes greeting group grow head hint hourglass icon jump label lane lang line " +
    "lines load log mark math media message middle more name nodes note notices offer offer-host offer-name outcome output " +
    "picture pin printed prints prose pulse question quiet reasoning remark ring round row rows says scroller sealed section " +
    "section-label square starter starters status stopped subagent summary table table-tools text thoughts tick time title " +
    "tool tools truncated type unseen up waiting what why word words done block-page citations earlier heading host log-page number " +
    "copy-all page passage source sources tip unfold place a2ui own " +
    "a2 a2-part a2-body a2-says a2-bones a2-skeleton a2-note a2-unknown a2-more a2-link a2-column a2-row a2-list a2-card a2-divider " +
    "a2-text a2-icon a2-glyph a2-image a2-video a2-audio a2-tabs a2-tab a2-modal a2-trigger a2-dialog a2-close a2-act a2-button " +
    "drawing kept paper save sketch-tools undrawn wrap " +
    "bench diagram enlarged enlarged-head enlarged-label desk " +
    "artifacts artifact artifact-icon artifact-head artifact-label artifact-badge artifact-name artifact-note artifact-meter artifact-bar " +
    "artifact-percent artifact-crop artifact-caption artifact-offer artifact-go artifact-target artifact-unknown artifact-more " +
    "menu more-place paused step group row line mark name says words bar time " +
    "cells cells-view cells-title cells-says cells-legend cells-swatch dots " +
    "a2-field a2-label a2-line a2-input a2-errors a2-option a2-options a2-reveal formula " +
    "out out-across out-asked out-body out-clip out-drawn out-dtype out-enlarge out-extent out-foreign out-frame out-grid out-head out-hosted " +
    "out-name out-nodes out-note out-number out-pager out-picture out-player out-range out-row out-sizes out-sort out-table out-tools " +
    "out-turn out-type out-word json json-entry json-fold json-key json-size json-value index " +
    "media-items gallery masonry tile tile-alt tile-body tile-broken tile-name tile-offer played played-audio played-video " +
    "file file-chip file-kind file-link file-name lightbox lightbox-bar lightbox-button lightbox-count lightbox-name lightbox-next " +
    "lightbox-previous lightbox-stage close save plus minus left right " +
    "chart chart-canvas chart-data chart-note chart-nothing chart-rows chart-tip tip-name " +
    "flow flow-buttons flow-close flow-ends flow-foot flow-ground flow-head flow-line flow-list flow-node flow-note flow-notes " +
    "flow-pane flow-panel flow-panel-head flow-port flow-ring flow-surface flow-title flow-wait flow-mark flow-area flow-area-name " +
    "flow-card flow-detail flow-tag flow-tag-words flow-tile flow-words flow-green flow-ink flow-blue flow-warn flow-purple flow-red flow-teal " +
    "series series-mark series-name series-value telemetry telemetry-head telemetry-legend telemetry-lines telemetry-spot telemetry-title"
  ).split(" "),
);
const COLOUR =
  /^code-(keyword|string|number|comment|def|builtin|operator|punctuation|variable|attribute|tag|meta|error)$/;
const areOurs = (value) =>
  value.split(/\s+/).every((name) => !name || CLASSES.has(name) || COLOUR.test(name));

const flag = is("");
const ROLES = (
  "alert button doc-endnotes grid gridcell group img list log math menu menuitem meter note region separator status tab tablist " +
  "tabpanel"
).split(" ");
/** Ids are of this root alone, and no words of an agent are in them. */
const isOurId = like(/^a2-\d+(-errors|-panel)?$/);
const areOurIds = like(/^a2-\d+(-errors|-panel)?( a2-\d+(-errors|-panel)?)*$/);
const number = like(/^-?\d+(\.\d+)?(e[-+]?\d+)?$/);
const isWhen = like(/^[\d:T.-]*$/);
const STATES = "idle preparing streaming executing_tools awaiting_input connecting offline restarted live";
const CALL_STATES = "queued running waiting done error cancelled";

const EVERYWHERE = {
  class: areOurs,
  dir: is("auto", "ltr"),
  hidden: flag,
  role: is(...ROLES),
  tabindex: is("0", "-1"),
  "aria-label": any,
  "aria-live": is("off", "polite", "assertive"),
  "aria-hidden": is("true"),
  "aria-expanded": is("true", "false"),
  "aria-pressed": is("true", "false"),
  "aria-disabled": is("true", "false"),
  "aria-level": within(3, 8),
  "data-end": flag,
  id: isOurId,
  "aria-labelledby": areOurIds,
  "aria-describedby": areOurIds,
  "aria-controls": isOurId,
  "aria-description": any,
  "aria-selected": is("true", "false"),
  "aria-invalid": is("true"),
  "aria-orientation": is("horizontal", "vertical"),
  "aria-haspopup": is("dialog", "menu"),
  "aria-valuetext": any,
  "aria-valuemin": is("0"),
  "aria-valuemax": is("1"),
  "aria-valuenow": like(/^(0|1|0?\.\d+)$/),
  // Words that the style sheet knows, or does not.
  "data-variant": any,
  "data-fit": any,
  "data-list-style": any,
  "data-display-style": any,
  "data-justify": any,
  "data-align": any,
  "data-direction": any,
  "data-weight": flag,
};

/** The one link that there is: absolute, elsewhere, in a tab of its own that knows nothing of this one. */
function mayLeadTo(value) {
  if (!/^(https?:\/\/|mailto:)/.test(value)) return false;
  const url = new URL(value);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: to find them is what this is for
  const isSeen =
    !/[\u0000-\u0020\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\\]/.test(
      value,
    );
  return isSeen && url.host !== location.host && !url.username && !url.password;
}
const isEmbedded = like(/^data:image\/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/]+=*$/i);
/** A file of this page's own, which was made of bytes. */
const isOwnFile = (value) => value.startsWith(`blob:${location.origin}/`);
const isDrawing = (value) => value.startsWith("data:image/svg+xml;charset=utf-8,");
/** A drawing is only ever a picture of an object or of media, and a file a picture of media: never one of an answer. */
const isFigure = (value, element) =>
  isEmbedded(value) ||
  (isDrawing(value) && element.closest(".out-picture, .tile, .lightbox") !== null) ||
  (isOwnFile(value) && element.closest(".tile, .lightbox") !== null);
/** Markup of others, with a rule in front of it. */
const isForeign = like(
  /^<!doctype html><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'; form-action 'none'">/,
);
const size = within(1, 10_000);
const cell = { align: is("left", "center", "right"), colspan: within(1, 1000), rowspan: within(1, 1000) };

/** The one frame with scripts: with ours alone, without an origin, met by nobody. */
const isEngine = like(
  new RegExp(
    `^<!doctype html><html lang="mermaid-\\w+"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; ` +
      `script-src 'sha256-[\\w+/=]+' blob:; style-src 'unsafe-inline'"><style>body{margin:0}</style>` +
      `<body><script>[^<]*</script></body></html>$`,
  ),
);

/** A cell of a grid of integers, or what stands for it in the legend. */
const painted = {
  "data-colour": like(/^(#[0-9a-fA-F]{3}([0-9a-fA-F]{3})?)?$/),
  "data-own": like(/^\d?$/),
  "data-dark": flag,
  style: like(/^(--cell: ?#[0-9a-fA-F]{3,6};?)?$/),
};

const ELEMENTS = {
  // of the chat
  section: {
    "aria-label": any,
    "data-status": is(...STATES.split(" ")),
    "data-link": is(...STATES.split(" ")),
    "data-paused": flag,
    "data-theme": is("auto", "light", "dark"),
    style: like(/^(height: \d+px;)?$/),
  },
  header: {},
  article: {
    "data-role": is("user", "assistant", "system", "developer", "tool", "reasoning"),
    "data-message": like(/^([a-z]\d+|[a-z0-9]+)$/),
    "data-follows": flag,
    "data-past": flag,
    "data-nested": flag,
    style: like(/^(--depth: ?\d;?)?$/),
  },
  button: {
    type: is("button"),
    title: any,
    "data-action": is("send", "stop"),
    "data-stopping": flag,
    "data-to": like(/^\d{0,9}$/),
    "data-unread": flag,
    "data-jump": flag,
    "data-sent": flag,
    "data-earlier": flag,
    "data-way": is("before", "behind"),
    "data-place": like(/^\d{0,4}$/),
  },
  textarea: { rows: within(1, 12), enterkeyhint: is("send"), placeholder: any, "data-composer": flag },
  i: { style: like(/^(transform: scaleX\([\d.]+\);)?$/) },
  b: {},
  p: { "data-severity": is("error", "warning", "info") },
  bdi: { title: any },
  // of the chat and of an answer
  div: {
    lang: is("en", "pt"),
    "data-lane": is("thinking", "reasoning", "text", "tools", "a2ui", "citations", "errors", "status"),
    "data-live": flag,
    "data-banner": flag,
    "data-readonly": flag,
    "data-failed": flag,
    "data-themed": flag,
    "data-value": any, // the mirror of what the reader types
    "data-call": any, // finds a row again; nothing is made of it
    "data-question": any,
    "data-state": is(...CALL_STATES.split(" ")),
    "data-drawn": flag,
    "data-folded": flag,
    "data-hidden": flag,
    "data-open": flag,
    "data-wrap": flag,
    "data-stuck": flag,
    "data-quiet": flag,
    "data-awaited": flag,
    "data-single": flag,
    "data-zoomed": flag,
    "data-before": flag,
    "data-behind": flag,
    "data-cut": flag,
    style: like(
      /^((--count: ?\d+;?)|(--columns: ?\d;?)|(left: [\d.]+px; top: [\d.]+px;)|(color-scheme: (light|dark);)|(min-height: \d+px;))?$/,
    ),
  },
  span: {
    ...painted,
    title: any,
    "data-is": is(...STATES.split(" ")),
    "data-display": flag,
    "data-kind": is("string", "number", "boolean", "null", "object"),
    "data-drawn": flag,
    "data-failed": flag,
  },
  a: {
    href: mayLeadTo,
    title: any,
    target: is("_blank"),
    rel: is("noopener noreferrer nofollow"),
    referrerpolicy: is("no-referrer"),
    "data-owner": any,
  },
  img: {
    src: isFigure,
    draggable: is("false"),
    alt: any,
    title: any,
    width: size,
    height: size,
    referrerpolicy: is("no-referrer"),
  },
  // of an agent's interface
  input: {
    type: is(
      "text",
      "password",
      "number",
      "search",
      "checkbox",
      "radio",
      "range",
      "date",
      "time",
      "datetime-local",
    ),
    name: isOurId,
    value: any,
    placeholder: any,
    step: like(/^(any|[\d.]+)$/),
    min: (value) => number(value) || isWhen(value),
    max: (value) => number(value) || isWhen(value),
    autocomplete: is("off"),
    inputmode: is("numeric"),
  },
  label: { for: isOurId },
  output: { for: isOurId },
  fieldset: {},
  legend: {},
  dialog: { open: flag },
  ol: { start: within(-1e9, 1e9) },
  li: { value: within(1, 1_000_000), "data-lit": flag, "data-task": is("done", "open") },
  th: { ...cell, scope: is("col", "row"), "aria-sort": is("ascending", "descending") },
  td: { ...cell, ...painted, tabindex: is("0", "-1"), "aria-label": any, title: any, "data-missing": flag },
  table: { "aria-busy": is("true", "false"), "aria-readonly": is("true"), "data-small": flag },
  caption: {},
  figure: {
    "data-state": is("waiting", "drawn", "failed"),
    "data-scheme": is("light", "dark"),
    "data-matted": flag,
    "data-unfinished": flag,
    style: like(
      /^(--area: ?1 \/ \d \/ auto \/ span \d; ?--above: ?calc\([\d.]+% \+ -?[\d.]+px\); ?--widest: ?(\d+px|100%); ?--ratio: ?[\d.]+;?)?$/,
    ),
  },
  select: {},
  option: { value: within(1, 200) },
  slot: { name: like(/^agui-\d+$/) },
  audio: { src: isOwnFile, controls: flag, preload: is("metadata") },
  video: { src: isOwnFile, controls: flag, preload: is("metadata") },
  /** Markup of others, where nothing runs and nothing is fetched; the rule is the first thing in it. */
  iframe: {
    sandbox: is("allow-scripts", "allow-same-origin"),
    srcdoc: (value, element) =>
      element.getAttribute("sandbox") === "allow-scripts" ? isEngine(value) : isForeign(value),
    inert: flag,
    title: any,
    referrerpolicy: is("no-referrer"),
    loading: is("eager"),
    style: like(/^(height: \d+px;)?$/),
  },
  details: { open: flag },
  abbr: { title: any },
  ...Object.fromEntries(
    (
      "h3 h4 h5 h6 blockquote ul hr br strong em del code pre sub sup kbd mark u s small dl dt dd summary figcaption " +
      "thead tbody tr"
    )
      .split(" ")
      .map((name) => [name, {}]),
  ),
};

const drawn = (value) => /^[\w\s.,#%()+-]*$/.test(value) && !/url|var|expression|image/i.test(value);
const DRAWN =
  "x y x1 y1 x2 y2 cx cy r rx ry dx dy d points width height viewBox transform pathLength preserveAspectRatio fill fill-opacity " +
  "fill-rule stroke stroke-width stroke-opacity stroke-linecap stroke-linejoin stroke-dasharray stroke-dashoffset " +
  "stroke-miterlimit opacity color font-size font-family font-weight font-style text-anchor dominant-baseline letter-spacing";
const SHAPES = "svg g path circle rect line polyline polygon ellipse text tspan title".split(" ");
/** As large as the reader wants to see a diagram. */
const isZoom = like(/^((min-)?width: [\d.]+px; (min-)?height: [\d.]+px;)?$/);
const SHAPE = {
  ...Object.fromEntries(DRAWN.split(" ").map((name) => [name, drawn])),
  class: areOurs,
  dir: is("auto", "ltr"),
  "aria-hidden": is("true"),
  "data-end": flag,
  style: isZoom,
};

/** A diagram of nodes that a keyboard walks; the words are what a reader hears. */
const WALKED = {
  role: is("graphics-document", "listbox", "option"),
  tabindex: is("0", "-1"),
  "aria-label": any,
  "aria-description": any,
  "aria-selected": is("true", "false"),
  "data-place": within(0, 10_000),
  "data-far": flag,
  "data-near": flag,
  "data-moving": flag,
  visibility: is("hidden"),
  style: like(/^(height: [\d.]+px;)?$/),
};

/** What uPlot and Vega put a chart together of: boxes by numbers, and pictures. */
const isPlaced = like(
  /^((left|top|width|height|margin-(left|top)|transform|background(-color)?|border(-color)?|display|cursor|vertical-align): ?[\w\s.,#%()-]*;? ?)*$/,
);
const isOfPlot = like(/^(uplot|u-[a-z-]+)( u-[a-z-]+)*$/);
const PLOTTED = {
  div: { class: (value) => isOfPlot(value) || areOurs(value), style: isPlaced },
  canvas: { ...EVERYWHERE, class: any, width: size, height: size, style: isPlaced },
  span: { style: isPlaced },
};

// What a formula is made of, and where: in a place of ours, or in what was drawn of a block of code.
const TYPESET = ".formula, .katex, .katex-display";
const MATHML = "http://www.w3.org/1998/Math/MathML";
const FORMULA_CLASSES = new Set(
  (
    "accent-body accent-full amsrm angl anglpad arraycolsep boldsymbol boxpad brace-center brace-left brace-right cancel-lap cancel-pad " +
    "cd-arrow-pad cd-label-left cd-label-right cd-vert-arrow clap col-align-c col-align-l col-align-r colorbox delim-size1 delim-size4 " +
    "delimcenter delimsizing delimsizinginner eqn-num fbox fcolorbox fontsize-ensurer frac-line halfarrow-left halfarrow-right " +
    "hide-tail large-op llap mainrm mathbb mathbf mathboldfrak mathboldsf mathcal mathfrak mathit mathitsf mathnormal mathrm mathscr " +
    "mathsf mathsfit mathtt mbin mclose mfrac minner mml-eqn-num mop mopen mord mover mpunct mrel mspace msupsub mtable mtight " +
    "mtr-glue mult munder newline nobreak nulldelimiter op-limits op-symbol overline-line pmb pstrut reflectbox rlap small-op sqrt " +
    "svg-align textbb textbf textboldfrak textboldsf textfrak textit textitsf textrm textscr textsf texttt underline-line " +
    "vertical-separator vlist vlist-r vlist-s vlist-t vlist-t2 x-arrow x-arrow-pad allowbreak inner cjk_fallback hangul_fallback " +
    "brahmic_fallback cyrillic_fallback latin_fallback armenian_fallback georgian_fallback formula"
  ).split(" "),
);
const KATEX = /^(katex(-[a-z]+)?|(reset-)?size\d+)$/;
const areOfFormula = (value) =>
  value.split(/\s+/).every((name) => !name || FORMULA_CLASSES.has(name) || KATEX.test(name));
const WORD = /^(#[0-9a-f]{3,8}|rgba?\([\d., %]+\)|[a-z-]+|[+-]?[\d.]+(e-?\d+)?(em|px|pt|%|width)?)$/i;
const areWords = (value) =>
  value
    .replaceAll(/,\s+/g, ",")
    .split(/\s+/)
    .every((word) => !word || WORD.test(word));
const STYLES = (
  "background-color border border-color border-style border-width bottom color height left margin min-width padding-left position " +
  "text-shadow top vertical-align width"
).split(" ");
const isOfStyles = (name) =>
  STYLES.includes(name) || /^(border|margin)-(top|right|bottom|left)(-(color|style|width))?$/.test(name);
const isStyled = (value) =>
  value.split(";").every((each) => {
    const [name, ...words] = each.split(":").map((part) => part.trim());
    return !name || (isOfStyles(name) && words.length === 1 && areWords(words[0]));
  });
const FORMULA = {
  [HTML]: {
    names: ["span"],
    rules: { class: areOfFormula, style: isStyled, "aria-hidden": is("true"), hidden: flag },
  },
  [SVG]: {
    names: ["svg", "path", "line"],
    rules: {
      ...Object.fromEntries(
        "width height viewBox preserveAspectRatio x1 x2 y1 y2 stroke-width d"
          .split(" ")
          .map((name) => [name, drawn]),
      ),
      style: isStyled,
    },
  },
  [MATHML]: {
    names: (
      "math semantics annotation mrow mi mn mo mtext mspace mfrac msqrt mroot mstyle msub msup msubsup munder mover munderover mtable " +
      "mtr mtd mlabeledtr mpadded mphantom menclose"
    ).split(" "),
    rules: {
      class: areOfFormula,
      style: isStyled,
      xmlns: is(MATHML),
      encoding: is("application/x-tex"),
      ...Object.fromEntries(
        (
          "display displaystyle scriptlevel mathvariant mathcolor mathbackground mathsize stretchy fence separator largeop lspace rspace " +
          "minsize maxsize accent accentunder linethickness rowspacing columnalign columnspacing columnlines rowlines notation width " +
          "height depth voffset linebreak"
        )
          .split(" ")
          .map((name) => [name, areWords]),
      ),
    },
  },
};

/** Also what is not in its chart yet, or no longer. */
const isOfChart = (element) =>
  element.closest(".telemetry, .chart, [class^=u-]") ||
  (!element.isConnected && element.matches("div:not([class])"));

function rulesOf(element) {
  const { namespaceURI, localName } = element;
  if (element.closest(TYPESET)) {
    const listed = FORMULA[namespaceURI];
    return listed?.names.includes(localName) ? listed.rules : undefined;
  }
  if (namespaceURI === SVG && SHAPES.includes(localName) && element.closest(".flow-surface"))
    return { ...SHAPE, ...WALKED };
  if (namespaceURI === HTML && Object.hasOwn(PLOTTED, localName) && isOfChart(element)) {
    return { ...EVERYWHERE, ...ELEMENTS[localName], ...PLOTTED[localName] };
  }
  if (namespaceURI === HTML && Object.hasOwn(ELEMENTS, localName))
    return { ...EVERYWHERE, ...ELEMENTS[localName] };
  return namespaceURI === SVG && SHAPES.includes(localName) ? SHAPE : undefined;
}

/** What is wrong with one node, not with what stands in it. */
function* faults(node) {
  if (node.nodeType === Node.TEXT_NODE) return;
  const rules = node.nodeType === Node.ELEMENT_NODE ? rulesOf(node) : undefined;
  if (!rules) {
    yield `<${node.nodeName}>`;
    return;
  }
  if (node.shadowRoot) yield `<${node.localName}> with a root of its own`;
  for (const attribute of node.attributes) {
    const { name, value, namespaceURI } = attribute;
    const isListed = namespaceURI === null && Object.hasOwn(rules, name) && rules[name](value, node);
    if (!isListed) yield `<${node.localName} ${name}="${value.slice(0, 100)}">`;
  }
}

/** What is wrong with everything below `root`. */
export function* allFaults(root) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_ALL);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) yield* faults(node);
}

/** What is wrong with what a mutation brought. */
export function* faultsOf({ type, target, addedNodes }) {
  if (type === "attributes") yield* faults(target);
  for (const node of addedNodes) {
    yield* faults(node);
    yield* allFaults(node);
  }
}

const COPIED =
  "p br hr strong em del code pre sub sup kbd mark u s small blockquote ul ol li dl dt dd h1 h2 h3 h4 h5 h6 table " +
  "thead tbody tr th td a img details summary figure figcaption div span abbr svg " +
  SHAPES.join(" ");
const COPIED_ATTRIBUTES = {
  href: mayLeadTo,
  src: isEmbedded,
  alt: any,
  title: any,
  start: any,
  open: any,
  value: within(1, 1_000_000),
};

/** What is wrong with HTML that was copied: it will be pasted where other rules hold. */
export function* copiedFaults(html) {
  const { head, body } = new DOMParser().parseFromString(html, "text/html");
  if (head.childNodes.length) yield `<${head.firstChild.nodeName}> in the head`;
  for (const element of body.querySelectorAll("*")) {
    const name = element.localName;
    if (!COPIED.split(" ").includes(name)) yield `copied <${name}>`;
    for (const { name: attribute, value } of element.attributes) {
      const rule = COPIED_ATTRIBUTES[attribute] ?? cell[attribute] ?? SHAPE[attribute];
      if (!rule?.(value)) yield `copied <${name} ${attribute}="${value.slice(0, 100)}">`;
    }
  }
}
