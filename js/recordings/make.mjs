/** Writes the recordings of this folder: `node recordings/make.mjs`. One line is one kernel-to-page message and its time. */
import { writeFile } from "node:fs/promises";

const EPOCH = 1_766_620_000_000;
const BATCH_MS = 30;

/** A kernel that only talks: it numbers envelopes and remembers when it said what. */
class Script {
  constructor(stream) {
    this.stream = stream;
    this.at = 0;
    this.seq = 0;
    this.lines = [];
    this.begun = {};
  }

  wait(ms) {
    this.at += ms;
    return this;
  }

  say(kind, message_id, lane, payload, corr = this.corr ?? null) {
    const seq = ++this.seq;
    const head = { v: "agui.v1", id: `${this.stream}:${seq}`, ts: EPOCH + this.at, stream: this.stream };
    const envelope = { ...head, message_id, kind, lane, corr, seq, payload };
    const last = this.lines.at(-1);
    if (last?.at === this.at) last.msg.e.push(envelope);
    else this.lines.push({ at: this.at, msg: { t: "batch", e: [envelope] } });
    return this;
  }

  user(id, text) {
    this.corr = null;
    this.say("message.start", id, null, { role: "user", nonce: `nonce-${id}` });
    this.say("token.delta", id, "text", { text }).say("lane.seal", id, "text", {});
    return this;
  }

  run(run_id) {
    this.corr = run_id;
    this.runAt = this.at;
    return this.state("preparing", { started_ms: EPOCH + this.at });
  }

  state(state, more = {}) {
    return this.say("run.update", null, null, { run_id: this.corr, state, ...more });
  }

  start(id) {
    return this.say("message.start", id, null, { role: "assistant" });
  }

  /** Word by word, sealed at the end. */
  type(id, lane, text, rate = 60, more = {}) {
    const began = this.at;
    for (const word of text.match(/\s*\S+\s*?/gu) ?? []) this.wait(1000 / rate).say("token.delta", id, lane, { text: word });
    for (const line of this.lines) line.at = Math.round(line.at);
    this.at = Math.round(this.at);
    const duration_ms = this.at - began;
    return this.say("lane.seal", id, lane, lane === "text" ? more : { duration_ms, ...more });
  }

  tool(id, call_id, more, kind = "tools.update") {
    return this.say(kind, id, "tools", { tools: [{ call_id, ...more }] });
  }

  call(id, call_id, name, args) {
    this.tool(id, call_id, { name, state: "queued" });
    for (const text of JSON.stringify(args).match(/.{1,6}/gu)) this.wait(20).say("tool.args", id, "tools", { call_id, text });
    this.wait(20);
    this.begun[call_id] = this.at;
    return this.tool(id, call_id, { state: "running", started_ms: EPOCH + this.at });
  }

  end(id, call_id, more) {
    return this.tool(id, call_id, { duration_ms: this.at - this.begun[call_id], ...more });
  }

  finish(id, state, status, usage) {
    const duration_ms = this.at - this.runAt;
    this.say("message.status", id, "status", { status, duration_ms, ...(usage && { usage }) });
    return this.state(state, { duration_ms, ...(usage && { usage }) });
  }

  async write(name) {
    const lines = merged(this.lines).map((line) => JSON.stringify(line));
    await writeFile(new URL(`${name}.jsonl`, import.meta.url), `${lines.join("\n")}\n`);
  }
}

/** What the kernel's flush does: one message for each 30 ms. */
function merged(lines) {
  const batches = new Map();
  for (const { at, msg } of lines) {
    const slot = Math.ceil(at / BATCH_MS) * BATCH_MS;
    const batch = batches.get(slot) ?? { at: slot, msg: { t: "batch", e: [] } };
    batch.msg.e.push(...msg.e);
    batches.set(slot, batch);
  }
  return [...batches.values()];
}

const THINKING = "The question is about margins by product, so I need the sales table and the exchange rates of the quarter. ";
const REASONING = `The two tables do not depend on each other: load them in parallel.

If the rates service fails, one retry is cheap. Outliers first, by a robust z-score, since a single freight invoice can hide the trend.`;
const ANSWER = `Margins fell for three products, mostly because freight rose. The largest drop is in Outdoor, where the two heavy tents carry most of the extra cost.

Three rows were dropped as outliers; they are credit notes booked twice. Without them the picture is the same, only calmer:

    product    Q2       Q3      change
    Tent L     31.4 %   22.9 %    -8.5
    Tent M     33.0 %   27.1 %    -5.9
    Stove      40.2 %   36.0 %    -4.2

In short, freight explains about two thirds of the drop. The rest is a discount that ran two weeks longer than planned.`;

const demo = new Script("demo").wait(200);
demo.user("u1", "Which products lost margin last quarter? Drop obvious outliers first.").wait(400).run("r1").wait(700);
demo.start("a1").state("streaming").type("a1", "thinking", THINKING, 30).type("a1", "reasoning", REASONING, 30);
demo.type("a1", "text", "Let me load the sales and the exchange rates.", 40).wait(200).state("executing_tools");
demo.call("a1", "c1", "load_sales", { quarter: "Q3", columns: ["product", "margin", "freight"] });
demo.call("a1", "c2", "fx_rates", { base: "EUR", day: "2026-09-30" });
for (const progress of [0.15, 0.34, 0.52, 0.71]) demo.wait(250).tool("a1", "c1", { progress }, "tools.progress");
demo.wait(120).end("a1", "c2", { state: "error", error: "503 from the rates service\nGET /rates?base=EUR answered after 1.1 s" });
demo.wait(200).call("a1", "c3", "fx_rates", { base: "EUR", day: "2026-09-30", retry: 1 });
demo.wait(300).end("a1", "c1", {
  state: "done",
  progress: 1,
  summary: "1,204 rows × 7",
  result: JSON.stringify(Array.from({ length: 8 }, (_, n) => ({ product: `P${n}`, margin: 0.3 - n / 100 }))),
});
demo.wait(500).end("a1", "c3", { state: "done", summary: "32 currencies", result: '{"USD": 1.09, "GBP": 0.84}' });
demo.say("part.put", "a1", "status", { key: "stdout", kind: "output", value: { name: "stdout", data: { "text/plain": "cache miss: sales-q3.parquet\ncache hit: \u001b[32mfx\u001b[0m\n" } } });
demo.say("part.put", "a1", "status", { key: "n1", kind: "notice", value: { code: "unknown_event", message: "RAW from langgraph was kept in the diagnostics" } });
demo.say("part.put", "a1", "status", { key: "n2", kind: "notice", value: { code: "duplicate", message: "TOOL_CALL_START c2 came twice" } });
demo.wait(300).start("a2").state("streaming").type("a2", "text", ANSWER, 60);
demo.say("part.put", "a2", "text", { key: "o1", kind: "output", value: { data: { "text/plain": "          Q2     Q3\nTent L  0.314  0.229\nTent M  0.330  0.271\nStove   0.402  0.360" } } });
demo.finish("a2", "finished", "done", [{ inputTokens: 1204, outputTokens: 388 }]).wait(1500);

demo.user("u2", "And what does the plan for next quarter say?").wait(300).run("r2").wait(300).start("a3").state("streaming");
demo.type("a3", "text", "The plan assumes that freight falls back to the level of spring, which", 40);
demo.say("error.raise", "a3", "errors", {
  key: "e1",
  message: "The stream was cut",
  kept: "after 14 words. Everything up to here is kept.",
  recovery: [{ label: "Retry", action: "retry" }],
  detail: 'Traceback (most recent call last):\n  File "agent.py", line 12, in agent\n    async for chunk in stream:\nhttpx.ReadError: connection closed',
});
demo.say("lane.seal", "a3", "text", {}).finish("a3", "error", "failed").wait(2000);

demo.run("r3").wait(300).start("a4").state("streaming");
demo.type("a4", "text", "It assumes that freight falls back to the level of spring, which the contracts do not support: the two carriers have already announced", 40);
demo.finish("a4", "aborted", "stopped");
await demo.write("demo");

const states = new Script("states").user("u1", "Fit a model without the outliers, and mail me the result.").run("r1").start("a1");
states.type("a1", "reasoning", REASONING, 1000).wait(20).state("executing_tools");
states.call("a1", "c1", "load_sales", { quarter: "Q3" }).wait(400);
states.end("a1", "c1", { state: "done", summary: "1,204 rows × 7" }).call("a1", "c2", "fit_outliers", { method: "robust z-score" });
states.tool("a1", "c2", { progress: 0.62, summary: "robust z-score, 62 %" }).call("a1", "c3", "send_mail", { to: "sales@example.org" });
states.tool("a1", "c3", { state: "waiting", summary: "sends one mail" }).call("a1", "c4", "forecast", { horizon: 4 });
states.tool("a1", "c4", { state: "queued" });
states.tool("a1", "c5", { name: "legacy_report", state: "cancelled", duration_ms: 120 });
await states.write("states");

const edges = new Script("edges").user("u1", `اعرض لي المبيعات من فضلك. ${"wort".repeat(60)}`).run("r1").start("a1").state("streaming");
edges.type("a1", "text", `هذه فقرة من اليمين إلى اليسار، وفيها رقم 42 واسم load_sales.\n\nThen a path: /very/long/${"directory/".repeat(40)}end, and ${"x".repeat(400)}.`, 1000);
edges.call("a1", "c1", `a_tool_with_a_very_long_name_${"indeed_".repeat(12)}`, { text: "y".repeat(300) }).wait(2100);
edges.end("a1", "c1", { state: "done", result: Array.from({ length: 40 }, (_, n) => `line ${n + 1}`).join("\n") });
edges.say("error.raise", "a1", "errors", { key: "e1", message: `Nothing is kept of ${"z".repeat(200)}`, recovery: [{ label: "Retry", action: "retry" }] });
edges.finish("a1", "truncated", "truncated");
await edges.write("edges");
