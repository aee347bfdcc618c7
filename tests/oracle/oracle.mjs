// The reference client as an oracle: one JSON request per line in, one JSON verdict per line out.
//   {"events": […], "messages": […], "state": …, "peer"?: "0.0.57"}
//   {"outcome", "error", "messages", "state", "pendingInterrupts", "pendingToolCallIds",
//    "deliveredTypes", "warnings", "request"}
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const require = createRequire(new URL("../../js/package.json", import.meta.url));
const { AbstractAgent } = require("@ag-ui/client");
const { Observable } = require("rxjs");

class Recorded extends AbstractAgent {
  #events;
  #peer;
  constructor({ events, peer, ...config }) {
    super(config);
    this.#events = events;
    this.#peer = peer;
  }

  run(input) {
    this.request = input;
    return new Observable((observer) => {
      let next = 0;
      let stopped = false;
      // One event per turn of the loop: the reference loses what is not yet applied when a fatal event
      // comes in the same burst, and that is not what we compare.
      const step = () => {
        if (stopped) return;
        if (next === this.#events.length) return observer.complete();
        observer.next(structuredClone(this.#events[next++]));
        setImmediate(step);
      };
      setImmediate(step);
      return () => (stopped = true);
    });
  }
}

const pinned = (peer) =>
  peer === undefined
    ? Recorded
    : class extends Recorded {
        get maxProtocolVersion() {
          return peer;
        }
      };

let warnings = [];
for (const level of ["warn", "error", "log", "info", "debug"]) {
  console[level] = (...words) => {
    if (level === "warn") warnings.push(words.map(String).join(" "));
  };
}

async function verdict({ events, messages = [], state = {}, peer }) {
  warnings = [];
  const Agent = pinned(peer);
  const agent = new Agent({ events, initialMessages: messages, initialState: state });
  const deliveredTypes = [];
  let pendingToolCallIds = [];
  let ending = "truncated";
  let error = null;
  const subscriber = {
    onEvent: ({ event }) => void deliveredTypes.push(event.type),
    onRunStartedEvent: () => {
      ending = "truncated";
      pendingToolCallIds = [];
    },
    onRunErrorEvent: () => {
      ending = "error";
    },
    onRunFinishedEvent: (params) => {
      ending = "finished";
      pendingToolCallIds = params.pendingToolCallIds ?? [];
    },
    onRunFailed: ({ error: failure }) => {
      ending = "rejected";
      error = String(failure.message ?? failure);
      return { stopPropagation: true };
    },
  };
  try {
    await agent.runAgent({}, subscriber);
  } catch (failure) {
    ending = "rejected";
    error = String(failure.message ?? failure);
  }
  return {
    outcome: ending,
    error,
    messages: agent.messages,
    state: agent.state,
    pendingInterrupts: agent.pendingInterrupts,
    pendingToolCallIds,
    deliveredTypes,
    warnings,
    request: agent.request,
  };
}

for await (const line of createInterface({ input: process.stdin })) {
  let answer;
  try {
    answer = await verdict(JSON.parse(line));
  } catch (failure) {
    answer = { outcome: "oracle-failed", error: String(failure.stack ?? failure) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
