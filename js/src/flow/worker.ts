/** ELK in a worker of its own: it is big, and takes seconds for hundreds of nodes. */

import type { ElkNode } from "elkjs/lib/elk-api";
import { STRINGS } from "./strings";

const PATIENCE_S = 120;

/** The page's rules allow no worker made of what it has loaded. */
export class NoWorker extends Error {}

interface Answer {
  readonly id: number;
  readonly data?: ElkNode;
  readonly error?: { readonly message?: string };
}

const REGISTER = 0;
const LAYOUT = 1;

/** The graph with coordinates. The worker ends with the answer, with `signal`, and when it takes too long. */
export async function layOutInWorker(
  program: Uint8Array<ArrayBuffer>,
  graph: ElkNode,
  signal: AbortSignal,
): Promise<ElkNode> {
  const address = URL.createObjectURL(new Blob([program], { type: "text/javascript" }));
  try {
    const worker = start(address);
    try {
      return await ask(worker, graph, signal);
    } finally {
      worker.terminate();
    }
  } finally {
    URL.revokeObjectURL(address);
  }
}

function start(address: string): Worker {
  try {
    return new Worker(address);
  } catch {
    throw new NoWorker();
  }
}

function ask(worker: Worker, graph: ElkNode, signal: AbortSignal): Promise<ElkNode> {
  const asked = new AbortController();
  const answered = new Promise<ElkNode>((resolve, reject) => {
    const on = { signal: asked.signal };
    const timer = setTimeout(() => reject(new Error(STRINGS.tooSlow(PATIENCE_S))), PATIENCE_S * 1000);
    on.signal.addEventListener("abort", () => clearTimeout(timer));
    signal.addEventListener("abort", () => reject(signal.reason), on);
    worker.addEventListener("error", () => reject(new NoWorker()), on); // refused, or not even started
    worker.addEventListener(
      "message",
      ({ data: { id, data, error } }: MessageEvent<Answer>) => {
        if (error) reject(new Error(STRINGS.notLaidOut(String(error.message ?? error).slice(0, 300))));
        else if (id === LAYOUT && data) resolve(data);
      },
      on,
    );
    worker.postMessage({ id: REGISTER, cmd: "register", algorithms: ["layered"] });
    worker.postMessage({ id: LAYOUT, cmd: "layout", graph });
  });
  return answered.finally(() => asked.abort());
}
