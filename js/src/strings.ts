/** Every word of ours on the screen, in one place for translation. */
export const STRINGS = {
  title: "Agent",
  conversation: "Conversation",
  menu: "More",
  paused: (n: string) => `Paused · ${n} new`,
  placeholder: (title: string) => `Message ${title}…`,
  greeting: "What shall we look at?",
  emptyHint: "Ask a question to begin.",

  link: { connecting: "connecting", saved: "saved", offline: "offline", restarted: "disconnected" },
  status: {
    idle: "ready",
    preparing: "starting",
    streaming: "responding",
    executing_tools: "running tools",
    awaiting_input: "waiting for you",
  },
  banner: {
    offline: "No kernel answers. You can read the conversation; run the cell to continue it.",
    restarted: "The kernel restarted: run the cell again to continue.",
    saved: "A saved conversation: it can be read here, and continued in the notebook it comes from.",
  },

  send: "Send",
  stop: "Stop",
  stopping: "Stopping…",
  hintBusy: "Still responding. Your draft is kept: Esc stops the run, Enter sends when it is done.",
  lost: "This message was not sent: the kernel is gone.",
  earlier: (n: string, all: string) =>
    n === all ? `Show ${n} earlier messages` : `Show ${n} of ${all} earlier messages`,
  jump: "Jump to the latest message",
  jumpUnread: "Jump to the latest message: there is something new",

  activity: {
    preparing: "Working",
    streaming: "Working",
    executing_tools: "Running tools",
    awaiting_input: "Waiting for you",
  },
  stillWorking: (what: string, time: string) =>
    what ? `Still working (${what}, ${time})` : `Still working (${time})`,
  maybeSlow: "This may be slow. Esc stops it.",
  unanswered: "Waiting for the kernel",
  noAnswer: "The kernel did not answer.",
  noKernel: "No kernel answers.",

  thinking: "Thinking…",
  thought: "Thought",
  thoughtBriefly: "Thought for a moment",
  thoughtFor: (time: string) => `Thought for ${time}`,

  runningTools: (n: number) => `Running ${tools(n)}`,
  ranTools: (n: number) => `Ran ${tools(n)}`,
  failedTools: (n: number) => `${n} failed`,
  waitingTools: (n: number) => `${n} waiting for you`,
  toolState: {
    queued: "queued",
    running: "running",
    waiting: "waiting for you",
    done: "done",
    error: "failed",
    cancelled: "cancelled",
  },
  stepOf: (step: number, total: number) => `${step} of ${total}`,
  percent: (fraction: number) => `${Math.round(fraction * 100)} %`,
  arguments: "Arguments",
  result: "Result",
  error: "Error",
  showAll: (lines: number) => `Show all ${lines} lines`,

  details: "Details",
  copy: "Copy",
  copied: "Copied",
  notCopied: "This browser did not let us copy",
  copyMessage: "Copy message",
  copyConversation: "Copy conversation",
  you: "You",
  sources: "Sources",
  copyCsv: "Copy as CSV",
  copyMarkdown: "Copy as Markdown",
  code: "code",
  wrap: "Wrap",
  download: "Download",
  table: "Table",
  drawing: {
    show: "Drawing",
    showSource: "Source",
    failed: (why: string) => `This could not be drawn: ${why}`,
    notLoaded: "the kernel did not give what draws it",
  },
  task: { done: "done", open: "to do" },
  footnote: (n: string) => `Footnote ${n}`,
  backToText: "Back to the text",
  source: (n: string) => `Source ${n}`,
  sourceNamed: (n: string, name: string) => `Source ${n}: ${name}`,
  moreSources: (n: number) => `${n} more`,
  page: (n: number) => `p. ${n}`,
  box: "box",
  passage: (name: string) => `Passage of ${name}`,
  media: { img: "Image", video: "Video", audio: "Audio" },
  loadOnce: "Load once",
  notLoaded: (name: string) => (name ? `${name}: could not be loaded` : "Could not be loaded"),
  printed: "Printed output",
  outputNotLoaded: "The kernel did not give what shows this; here it is as text.",
  notices: (n: number) => (n === 1 ? "1 notice" : `${n} notices`),

  footer: {
    done: "",
    stopped: "stopped",
    failed: "failed",
    truncated: "cut short",
    waiting: "waiting for you",
  },
  again: "Retry",
  subagent: "subagent",
  answerInPython: "Answer in a cell:",
  tokensIn: (n: string) => `${n} in`,
  tokensOut: (n: string) => `${n} out`,
  seconds: (n: string) => `${n} s`,
  minutes: (minutes: string, seconds: string) => `${minutes} min ${seconds} s`,

  a2ui: {
    surface: "Made by the agent",
    notLoaded: "The kernel did not give what draws this interface.",
  },

  announce: {
    responding: "Responding",
    complete: (words: number) => `Response complete, ${words === 1 ? "1 word" : `${words} words`}`,
    stopped: "Stopped",
    needsYou: "Needs your answer",
  },
};

function tools(n: number): string {
  return n === 1 ? "1 tool" : `${n} tools`;
}

/** Of interfaces that agents make, which a chunk draws. */
export const A2UI_STRINGS = {
  unknown: (type: string) => (type ? `No component is called ${type}` : "A component without a type"),
  cyclic: "This part contains itself, or lies too deep",
  more: (n: number) => `Show more (${n})`,
  building: (tokens: string) => (tokens ? `Building… (${tokens} tokens)` : "Building…"),
  retrying: (attempt: string, most: string) =>
    attempt && most ? `Trying again (${attempt} of ${most})…` : "Trying again…",
  failed: "This could not be built",
  replaced: "The agent changed this.",
  useMine: "Use mine",
  unnamed: "Value",
  reveal: "Show",
  filter: "Filter",
  noneFound: "Nothing matches",
  close: "Close",
  submit: "Submit",
  sent: "Sent",
  notSent: "Not sent: no kernel answers.",
};

/** The words of the chunk that shows outputs: who shows none does not carry them. */
export const OUTPUT_STRINGS = {
  text: "Text",
  picture: "Figure",
  chart: "Chart",
  page: "HTML",
  json: "JSON",
  widget: "Widget",
  file: "output",
  broken: "This could not be shown.",
  deadWidget: "This widget lived in a kernel that is gone.",
  elsewhere: "This shows content of",
  mapServer: "a map server",
  whole: "Show all",
  more: (text: string) => `Show more (${text})`,
  items: (n: number, text: string) => (n === 1 ? "1 item" : `${text} items`),
  members: (n: number, text: string) => (n === 1 ? "1 member" : `${text} members`),
  show: (size: string) => `Show (${size})`,
  fetching: "Fetching…",
  notKept: (size: string) => `${size} that were not sent; the kernel that has them is gone.`,
  toVariable: "To variable",
  toVariableHint: "Give it a name in the notebook, and copy the name",
  bound: (name: string) => `→ ${name}`,
  nameCopied: (name: string) => `Copied ${name}`,
  shape: (rows: string, columns: string) =>
    `${rows} ${rows === "1" ? "row" : "rows"} × ${columns} ${columns === "1" ? "column" : "columns"}`,
  noRows: "It has no rows.",
  range: (first: string, last: string, all: string) => `${first}–${last} of ${all}`,
  firstRows: (first: string, last: string, all: string) =>
    `Rows ${first}–${last} of ${all}; the kernel that has the others is gone.`,
  firstColumns: (some: string, all: string) => `The first ${some} of ${all} columns.`,
  index: "Index",
  rows: "Rows",
  before: "Rows before",
  behind: "Rows after",
  row: "Row…",
  goToRow: "Go to row",
  rowsAtOnce: "Rows at once",
  rowsShown: (n: number) => `${n} rows`,
};

/** Of the menu, which a chunk shows. */
export const MENU_STRINGS = {
  label: "Conversation",
  pause: "Pause the display",
  resume: "Resume the display",
  save: "Save transcript",
  saved: "Transcript saved",
  clear: "Clear conversation",
  clearNow: "Clear it for good?",
};

/** Of grids of integers, which a chunk shows. */
export const CELLS_STRINGS = {
  grid: "Grid",
  size: (rows: number, columns: number) => `${rows} × ${columns}`,
  at: (row: number, column: number) => `row ${row}, column ${column}`,
  legend: "Legend",
};

/** Of pictures and files, which a chunk shows. */
export const MEDIA_STRINGS = {
  images: (n: number) => (n === 1 ? "1 image" : `${n} images`),
  files: (n: number) => (n === 1 ? "1 file" : `${n} files`),
  open: (name: string) => (name ? `Enlarge ${name}` : "Enlarge the image"),
  showAll: (n: number) => `Show all ${n} images`,
  broken: "This is no image",
  damaged: "damaged",
  notHere: "not shown here",
  gone: "The kernel that has it does not answer",
  file: "File",
  save: "Save",
  link: "Open",
  viewer: "Image viewer",
  at: (n: number, all: number) => `${n} of ${all}`,
  next: "Next image (→)",
  previous: "Previous image (←)",
  zoomIn: "Zoom in (+)",
  zoomOut: "Zoom out (−)",
  close: "Close (Esc)",
};
