// The reference client on the same events: one JSON request per line in, one JSON answer per line out.
//   {"messages": n, "deltas": n, "text": "…"}  →  {"cpu_s": s, "chars": n}
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const require = createRequire(new URL("../js/package.json", import.meta.url));
const { AbstractAgent } = require("@ag-ui/client");
const { Observable } = require("rxjs");

function* events(deltas, text) {
  yield { type: "RUN_STARTED", threadId: "t", runId: "r" };
  yield { type: "TEXT_MESSAGE_START", messageId: "m", role: "assistant" };
  for (let n = 0; n < deltas; n++) yield { type: "TEXT_MESSAGE_CONTENT", messageId: "m", delta: text };
  yield { type: "TEXT_MESSAGE_END", messageId: "m" };
  yield { type: "RUN_FINISHED", threadId: "t", runId: "r" };
}

class Recorded extends AbstractAgent {
  constructor({ events, ...config }) {
    super(config);
    this.events = events;
  }

  // A chunk of events per turn of the loop, as a socket brings them.
  run() {
    return new Observable((observer) => {
      const source = this.events[Symbol.iterator]();
      const step = () => {
        for (let n = 0; n < 64; n++) {
          const { value, done } = source.next();
          if (done) return observer.complete();
          observer.next(value);
        }
        setImmediate(step);
      };
      setImmediate(step);
    });
  }
}

async function measure({ messages, deltas, text }) {
  const initialMessages = Array.from({ length: messages }, (_, n) => ({
    id: `m${n}`,
    role: n % 2 ? "assistant" : "user",
    content: text.repeat(10),
  }));
  const agent = new Recorded({ events: events(deltas, text), initialMessages, initialState: {} });
  const start = process.cpuUsage();
  await agent.runAgent({});
  const { user, system } = process.cpuUsage(start);
  return { cpu_s: (user + system) / 1e6, chars: agent.messages.at(-1).content.length };
}

for (const level of ["warn", "log", "info", "debug"]) console[level] = () => {};

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await measure(JSON.parse(line)))}\n`);
}
