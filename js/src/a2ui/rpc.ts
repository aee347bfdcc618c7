/** Calls in both directions between an agent and the functions of a surface. Source: A2UI 1.0. */

import { BASIC, type Catalog, isBasicId } from "./catalog";
import type { Caller } from "./functions";
import type { Props } from "./json";
import type { Answer, CallHere } from "./message";
import type { Answered, Reader } from "./reader";
import type { Hooks, Surface } from "./surface";

const TIMEOUT_MS = 30_000;
const MAX_REMEMBERED = 500;

interface Call extends Answered {
  value: unknown;
  readonly surface: Surface;
  readonly name: string;
  isPending: boolean;
  stop: () => void;
}

/** Calls of the agent's functions, each made once for the same arguments. */
export class AgentCalls {
  #count = 0;
  readonly #pending = new Map<string, Call>();
  readonly #known = new Map<Surface, Map<string, Call>>();

  constructor(
    readonly hooks: Hooks,
    readonly send: (message: Props) => void,
  ) {}

  /** Its value, or undefined while there is none; who asked is told when there is. */
  ask(surface: Surface, reader: Reader, name: string, args: Props, catalogId: string | undefined): unknown {
    const known = this.#of(surface);
    const key = JSON.stringify([name, catalogId, args]);
    // What an action calls is done each time.
    const call = (reader.isActing ? undefined : known.get(key)) ?? this.#call(surface, name, args, catalogId);
    if (reader.isActing) return undefined;
    known.set(key, call);
    reader.tracker?.waitsFor(call);
    return call.value;
  }

  answer({ callId, value, error }: Answer): boolean {
    const call = this.#pending.get(callId);
    if (!call) return false;
    this.#end(callId, call, value, error);
    return true;
  }

  forget(surface: Surface): void {
    this.#known.delete(surface);
    for (const [callId, call] of this.#pending) {
      if (call.surface !== surface) continue;
      call.stop();
      this.#pending.delete(callId);
    }
  }

  #of(surface: Surface): Map<string, Call> {
    const known = this.#known.get(surface) ?? new Map<string, Call>();
    this.#known.set(surface, known);
    for (const [key, call] of known) {
      if (known.size <= MAX_REMEMBERED) break;
      if (!call.isPending && !call.watchers.size) known.delete(key);
    }
    return known;
  }

  #call(surface: Surface, name: string, args: Props, catalogId: string | undefined): Call {
    const functionCallId = `call-${++this.#count}`;
    const call: Call = {
      value: undefined,
      watchers: new Set(),
      surface,
      name,
      isPending: true,
      stop: () => {},
    };
    this.#pending.set(functionCallId, call);
    const late = {
      code: "TIMEOUT",
      message: `Function '${name}' was not answered in ${TIMEOUT_MS / 1000} s.`,
    };
    call.stop = this.hooks.timer(() => {
      this.#end(functionCallId, call, undefined, late);
      surface.settle();
    }, TIMEOUT_MS);
    const callFunction = {
      [surface.spelling.call]: name,
      args,
      ...(catalogId !== undefined && { catalogId }),
    };
    this.send({
      version: surface.version,
      callAgentFunction: { surfaceId: surface.id, functionCallId, callFunction },
    });
    return call;
  }

  /** A failure is nothing in a binding, not passed in a check, and the end of an action. */
  #end(callId: string, call: Call, value: unknown, error: Answer["error"]): void {
    this.#pending.delete(callId);
    call.stop();
    call.isPending = false;
    call.value = error ? null : value;
    if (error) call.surface.report(error.code, error.message, `/functions/${call.name}`);
    for (const watcher of call.watchers) watcher.touched();
  }
}

/** Run a function that the agent calls, and give the answer. */
export async function callHere(
  call: CallHere,
  catalogs: ReadonlyMap<string, Catalog>,
  caller: Hooks,
): Promise<Props> {
  const head = { functionCallId: call.callId };
  const result = await outcome(call, catalogs, caller);
  return { version: call.version ?? "v1.0", rendererFunctionResponse: { ...head, ...result } };
}

async function outcome(call: CallHere, catalogs: ReadonlyMap<string, Catalog>, hooks: Hooks): Promise<Props> {
  const { name, args, catalogId = "basic" } = call;
  const catalog = catalogs.get(catalogId) ?? (isBasicId(catalogId) ? BASIC : undefined);
  const spec = catalog?.functions.get(name);
  const refused = (code: string, message: string) => ({ error: { code, message } });
  if (!spec) return refused("UNKNOWN_FUNCTION", `Function '${name}' is not known in catalog '${catalogId}'.`);
  const { run, allowedCallers = "rendererOnly", requiresUserActivation } = spec;
  if (allowedCallers === "rendererOnly") {
    const message = `Function '${name}' cannot be called by agent (allowedCallers is rendererOnly).`;
    return refused("INVALID_FUNCTION_CALL", message);
  }
  if (requiresUserActivation && !hooks.hasUserActivation()) {
    return refused(
      "INVALID_FUNCTION_CALL",
      `Function '${name}' requires user activation context to execute.`,
    );
  }
  try {
    const caller: Caller = { locale: hooks.locale, openUrl: hooks.openUrl, part: () => undefined };
    return { value: (await run?.(args, caller)) ?? null };
  } catch {
    return refused("EXECUTION_ERROR", "An error occurred during function execution.");
  }
}
