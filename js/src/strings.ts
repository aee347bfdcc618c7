/** Every word of ours on the screen, in one place for translation. */
export const STRINGS = {
  title: "Agent",
  conversation: "Conversation",
  placeholder: (title: string) => `Message ${title}…`,
  greeting: "What shall we look at?",
  emptyHint: "Ask a question to begin.",

  link: { connecting: "connecting", offline: "offline", restarted: "disconnected" },
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
  },

  send: "Send",
  stop: "Stop",
  stopping: "Stopping…",
  hintBusy: "Still responding. Your draft is kept: Esc stops the run, Enter sends when it is done.",
  lost: "This message was not sent: the kernel is gone.",
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
  copyCsv: "Copy as CSV",
  copyMarkdown: "Copy as Markdown",
  code: "code",
  wrap: "Wrap",
  download: "Download",
  table: "Table",
  task: { done: "done", open: "to do" },
  footnote: (n: string) => `Footnote ${n}`,
  backToText: "Back to the text",
  source: (n: string) => `Source ${n}`,
  media: { img: "Image", video: "Video", audio: "Audio" },
  loadOnce: "Load once",
  notLoaded: (name: string) => (name ? `${name}: could not be loaded` : "Could not be loaded"),
  printed: "Printed output",
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
