/** Writes the recordings of this folder: `node recordings/make.mjs`. One line is one kernel-to-page message and its time. */
import { writeFile } from "node:fs/promises";
import { heat, png, tone } from "./pictures.mjs";
import { bars, bell, describe, heatMap, loss, MARGINS, STEPS, sales, wide } from "./objects.mjs";

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

  /** Blocks of `[source, node]`, word by word, as the kernel's markdown stream gives them. */
  writeUp(id, lane, blocks, rate = 60, first = 0) {
    blocks.forEach(([source, node], at) => {
      const ops = [...growing(node, [], first + at)];
      const piece = Math.ceil(source.length / ops.length);
      ops.forEach((op, n) => {
        const text = source.slice(n * piece, (n + 1) * piece);
        this.wait(1000 / rate).say("blocks.patch", id, lane, { ops: [op], ...(text && { text }) });
      });
    });
    for (const line of this.lines) line.at = Math.round(line.at);
    this.at = Math.round(this.at);
    return this;
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

/** The operations by which `node` comes into being as child `at` of the element at `path`. */
function* growing(node, path, at) {
  if (typeof node === "string") {
    let length = 0;
    for (const word of node.match(/\s*\S+\s*?|\s+/gu) ?? []) {
      yield length ? ["text", [...path, at], length, word] : ["add", path, [word]];
      length += word.length;
    }
    return;
  }
  const { c = [], a = {}, ...rest } = node;
  const { runs, ...known } = a;
  const first = rest.t === "fence" ? { ...known, open: true } : known;
  yield ["add", path, [Object.keys(first).length ? { ...rest, a: first } : rest]];
  for (const [n, child] of c.entries()) for (const op of growing(child, [...path, at], n)) {
    yield op;
    if (rest.t === "fence" && op[0] === "text" && op[3].includes("\n")) yield ["attr", [...path, at], "runs", runsUpTo(runs, op[2])];
  }
  if (rest.t !== "fence") return;
  yield ["attr", [...path, at], "runs", runs];
  yield ["attr", [...path, at], "open", null];
}

function runsUpTo(runs, length) {
  let end = 0;
  return runs.filter(([n]) => (end += n) <= length);
}

/** What colours a few lines of Python: enough to look at. */
const PYTHON =
  /(?<comment>#[^\n]*)|(?<string>"[^"\n]*")|(?<keyword>\b(?:for|in|if|def|return|import|as|from|not)\b)|(?<builtin>\b(?:print|round|len)\b)|(?<def>(?<=def )\w+)|(?<number>\b\d[\d.]*)|(?<meta>@\w+)|(?<operator>[=<>+*/-]+)|(?<punctuation>[()[\]{},.:])/g;

function runsOf(code) {
  const runs = [];
  let end = 0;
  for (const { 0: text, index, groups } of code.matchAll(PYTHON)) {
    if (index > end) runs.push([index - end, ""]);
    runs.push([text.length, Object.keys(groups).find((name) => groups[name] !== undefined)]);
    end = index + text.length;
  }
  return end < code.length ? [...runs, [code.length - end, ""]] : runs;
}

const e = (t, ...c) => ({ t, ...(c.length && { c }) });
const ea = (t, a, ...c) => ({ t, a, ...(c.length && { c }) });
const row = (cell, fields) => e("tr", ...fields.map((field, n) => (n ? ea(cell, { align: "right" }, field) : e(cell, field))));

const CODE = `# margin by product and quarter
m = (df.groupby(["product", "quarter"])
       .agg(margin=("margin", "mean"))
       .query("margin < 0.4"))

@cached
def worst(rows, limit=5):
    return sorted(rows, key=lambda row: row.margin)[:limit]  # the line that does not fit: it scrolls, or wraps if you ask it to

for name, row in m.iterrows():
    print(name, round(row.margin, 3))`;

const BARS = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAPAAAABIAQMAAADyAurJAAAABlBMVEUAAABktfYn1dfnAAAAAnRSTlMA/1uRIrUAAAA/SURBVHjaY2AYoYD//4fBLY1TEcXSEDSCpbEooo80dgeSJo2uYtBJIxRRWxrFBUNQGqpioKRBKkalR6WHgzQAVIhkxvURiD4AAAAASUVORK5CYII=";

const RICH = [
  ["## What changed\n\n", e("h2", "What changed")],
  [
    "Margins fell for **three products**, mostly because freight rose[1]. The largest drop is in *Outdoor*, where `tent_l` alone carries half of it.[^1]\n\n",
    e("p", "Margins fell for ", e("strong", "three products"), ", mostly because freight rose", ea("cite", { n: 1 }), ". The largest drop is in ", e("em", "Outdoor"), ", where ", e("code", "tent_l"), " alone carries half of it.", ea("fnref", { n: 1, to: 1 })),
  ],
  [
    "| product | margin Q2 | margin Q3 | change |\n|---|--:|--:|--:|\n| Tent L | 31.4 % | 22.9 % | −8.5 |\n| Tent M | 33.0 % | 27.1 % | −5.9 |\n| Stove | 40.2 % | 36.0 % | −4.2 |\n\n",
    e(
      "table",
      e("thead", row("th", ["product", "margin Q2", "margin Q3", "change"])),
      e("tbody", row("td", ["Tent L", "31.4 %", "22.9 %", "−8.5"]), row("td", ["Tent M", "33.0 %", "27.1 %", "−5.9"]), row("td", ["Stove", "40.2 %", "36.0 %", "−4.2"])),
    ),
  ],
  ["```python\n" + CODE + "\n```\n\n", ea("fence", { lang: "python", runs: runsOf(CODE) }, CODE)],
  ["### How I got there\n\n", e("h3", "How I got there")],
  [
    "1. Load the sales of both quarters.\n2. Drop outliers by a robust z-score:\n   - credit notes booked twice\n   - one freight invoice of 0 €\n3. Compare, and ask [the rates service](https://rates.example.org/v2?day=2026-09-30) where a price is in another currency. The docs at [rates.example.org](https://evil.example.net/login) say more.\n\n",
    e(
      "ol",
      e("li", "Load the sales of both quarters."),
      e("li", "Drop outliers by a robust z-score:", e("ul", e("li", "credit notes booked twice"), e("li", "one freight invoice of 0 €"))),
      e("li", "Compare, and ask ", ea("a", { href: "https://rates.example.org/v2?day=2026-09-30", host: "rates.example.org" }, "the rates service"), " where a price is in another currency. The docs at ", ea("a", { href: "https://evil.example.net/login", host: "evil.example.net" }, "rates.example.org"), " say more."),
    ),
  ],
  [
    "> Freight contracts are renewed in October. Until then the surcharge stays.\n\n",
    e("blockquote", e("p", "Freight contracts are renewed in October. Until then the surcharge stays.")),
  ],
  [
    "The score is $z_i = 0.6745\\,(x_i - \\tilde x) / \\mathrm{MAD}$, and a row goes if\n\n",
    e("p", "The score is ", ea("math", {}, "z_i = 0.6745\\,(x_i - \\tilde x) / \\mathrm{MAD}"), ", and a row goes if"),
  ],
  ["$$|z_i| > 3.5$$\n\n", ea("math", { display: true }, "|z_i| > 3.5 \\quad\\text{for } i = 1 \\dots n")],
  [
    "- [x] drop the credit notes\n- [x] convert to EUR\n- [ ] ask sales about the discount\n\n",
    e("ul", ea("li", { task: "done" }, "drop the credit notes"), ea("li", { task: "done" }, "convert to EUR"), ea("li", { task: "open" }, "ask sales about the discount")),
  ],
  ["![Margin by week](https://charts.example.org/margin.png)\n\n", e("p", ea("img", { src: "https://charts.example.org/margin.png", alt: "Margin by week" }))],
  ["![A dot](data:)\n\n", e("p", ea("img", { src: BARS, alt: "Falling bars", width: 240, height: 72 }))],
  [
    "<details><summary>The rows that were dropped</summary>Three credit notes.</details>\n\n",
    e("details", e("summary", "The rows that were dropped"), e("p", "Three credit notes of the same day, ", e("kbd", "C-104"), " to ", e("kbd", "C-106"), ".")),
  ],
  [
    "اعرض لي المبيعات: الهامش 22.9 % في الربع الثالث.\n\n",
    e("p", "اعرض لي المبيعات: الهامش 22.9 % في الربع الثالث."),
  ],
  ["[^1]: Without", e("footnotes", ea("li", { n: 1 }, e("p", "Without the two heavy tents the drop is 2.1 points, as in spring.")))],
  ["", e("note", "Cut at 40,000 characters.")],
];

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

const rich = new Script("rich").wait(100);
rich.user("u1", "Which products lost margin last quarter? Show your work.").wait(300).run("r1").wait(300).start("a1").state("streaming");
rich.writeUp("a1", "reasoning", [["Outliers **first**.", e("p", "Outliers ", e("strong", "first"), ", by a robust score.")]]).say("lane.seal", "a1", "reasoning", { duration_ms: 2100 });
rich.writeUp("a1", "text", RICH).say("lane.seal", "a1", "text", {});
rich.finish("a1", "finished", "done", [{ inputTokens: 1204, outputTokens: 388 }]);
await rich.write("rich");

const SOURCES = [
  { index: 1, title: "Freight contracts 2026, revised in March", url: "https://contracts.example.org/freight/2026?v=3", snippet: "The two carriers raise their rates by 18 % from April on; the summer months are excluded from any rebate." },
  { index: 2, title: "Quarterly sales by product and region", url: "https://data.example.org/sales/q3.csv" },
  { index: 3, title: "Handbook of margins", location: { type: "documentPage", start: 42 }, snippet: "A drop of more than five points within one quarter is treated as structural." },
  { index: 4, url: "https://news.example.net/2026/09/carriers" },
  { index: 5, title: "A very long title of a source that was written by somebody who did not know when to stop and went on for two lines", url: "https://a-host-with-a-long-name.archive.example.com/x" },
  { index: 6, title: "rates.example.org", url: "https://evil.example.net/login" },
  { index: 7, title: "تقرير المبيعات", url: "https://example.com/ar", snippet: "هامش الربح انخفض في الربع الثالث." },
];
const CITED = [
  [
    "Margins fell for **three products**, mostly because freight rose in spring. Nothing was passed on to customers.\n\n",
    e("p", "Margins fell for ", e("strong", "three products"), ea("cite", { n: 2 }), ", mostly because freight rose in spring", ea("cite", { n: 1 }), ea("cite", { n: 4 }), ". Nothing was passed on to customers."),
  ],
  [
    "- Outdoor: the drop is structural.\n- Kitchen: see the report.\n\n",
    e("ul", e("li", "Outdoor: the drop is structural.", ea("cite", { n: 3 })), e("li", "Kitchen: see the report.", ea("cite", { n: 6 }), ea("cite", { n: 7 }))),
  ],
  ["```python\nmargins.diff().lt(-5)\n```\n", ea("fence", { lang: "python" }, "margins.diff().lt(-5)")],
  ["", ea("cite", { n: 5 })],
];
const sources = new Script("sources").user("u1", "Why did margins fall? With sources, please.").wait(300).run("r1").wait(300).start("a1").state("streaming");
sources.writeUp("a1", "text", CITED.slice(0, 1)).say("citations.update", "a1", "citations", { citations: SOURCES.slice(0, 3) });
sources.writeUp("a1", "text", CITED.slice(1), 60, 1).say("citations.update", "a1", "citations", { citations: SOURCES });
sources.say("lane.seal", "a1", "text", {}).finish("a1", "finished", "done", [{ inputTokens: 1204, outputTokens: 388 }]);
await sources.write("sources");

const CATALOG = "https://a2ui.org/specification/v0_9/catalogs/basic/catalog.json";
const c = (id, component, props = {}) => ({ id, component, ...props });
const words = (id, text, variant) => c(id, "Text", { text, ...(variant && { variant }) });
const at = (path) => ({ path });

/** The messages that make a surface. */
const surface = (surfaceId, components, value) =>
  [{ createSurface: { surfaceId, catalogId: CATALOG } }, { updateComponents: { surfaceId, components } }, { updateDataModel: { surfaceId, value } }].map(
    (message) => ({ version: "v0.9", ...message }),
  );

const SUMMARY = surface(
  "summary",
  [
    c("root", "Card", { child: "column" }),
    c("column", "Column", { children: ["title", "text", "products"] }),
    words("title", "Three products lost margin", "h3"),
    words("text", "Compared with the **second quarter**, mostly by freight."),
    c("products", "List", { children: { componentId: "product", path: "/products" } }),
    c("product", "Row", { children: ["name", "change"], justify: "spaceBetween" }),
    words("name", at("name")),
    words("change", at("change"), "caption"),
  ],
  { products: [["Tent L", "−8.5"], ["Tent M", "−5.9"], ["Stove", "−4.2"]].map(([name, change]) => ({ name, change })) },
);
const REGIONS = ["North", "South", "East"].map((label) => ({ label, value: label.toLowerCase() }));
const PLAN = surface(
  "plan",
  [
    c("root", "Column", { children: ["title", "name", "region", "share", "from", "mail", "buttons"] }),
    words("title", "A price plan", "h3"),
    c("name", "TextField", { label: "Name", value: at("/name") }),
    c("region", "ChoicePicker", { label: "Region", options: REGIONS, value: at("/region"), variant: "mutuallyExclusive" }),
    c("share", "Slider", { label: "Pass on (%)", value: at("/share"), max: 100 }),
    c("from", "DateTimeInput", { label: "From", value: at("/from"), enableDate: true }),
    c("mail", "CheckBox", { label: "Tell the sales team", value: at("/mail") }),
    c("buttons", "Row", { children: ["submit", "skip"] }),
    words("submit-words", "Make the plan"),
    words("skip-words", "Not now"),
    c("submit", "Button", { child: "submit-words", variant: "primary", action: { event: { name: "submit", context: { plan: at("/") } } } }),
    c("skip", "Button", { child: "skip-words", action: { event: { name: "skip" } } }),
  ],
  { name: "", region: ["north"], share: 40, from: "2026-10-01", mail: true },
);

const surfaces = new Script("surfaces").user("u1", "Which products lost margin, and what do we do about it?").wait(300).run("r1").wait(300).start("a1").state("streaming");
surfaces.type("a1", "text", "Here is what I found. Tell me what the plan should be, and I write it up.");
surfaces.say("a2ui.render", "a1", "a2ui", { part: "c1", status: { status: "building", progressTokens: 120 } }).wait(400);
for (const message of SUMMARY) surfaces.say("a2ui.render", "a1", "a2ui", { part: "c1", operations: [message] }).wait(120);
for (const message of PLAN) surfaces.say("a2ui.render", "a1", "a2ui", { part: "c2", operations: [message] }).wait(120);
surfaces.say("a2ui.render", "a1", "a2ui", { part: "c3", status: { status: "retrying", attempt: 2, maxAttempts: 3 } }).wait(300);
surfaces.say("a2ui.render", "a1", "a2ui", {
  part: "c4",
  status: { status: "failed", error: "The model gave no interface after 3 attempts.", errors: [{ path: "/components/0", code: "VALIDATION_FAILED", message: "component 'Chart' is not in the catalog" }] },
});
surfaces.say("part.put", "a1", "a2ui", {
  key: "c5",
  kind: "surface",
  value: { operations: [], spec: { schema: "a2ui.v1", component: "card", props: { title: "An older card", content: "Made by its schema." } } },
});
surfaces.finish("a1", "finished", "done", [{ inputTokens: 2204, outputTokens: 788 }]);
await surfaces.write("surfaces");

const MEDIA = "application/vnd.agui_widget.media+json";
const image = (name, width, height, value) => ({
  ...{ type: "image", mime: "image/png", name, alt: `Heat map of ${name.replace(/\.\w+$/, "")}` },
  ...{ width, height, data: png(width, height, (x, y) => heat(value(x, y))) },
});
const bump = (x, y, u, v, wide) => Math.exp(-((x - u) ** 2 + (y - v) ** 2) / wide);
const wave = (n) => (x, y) => 0.5 + 0.5 * Math.sin(n * x * 3) * Math.cos(n * y * 2);
const pictures = [
  image("north.png", 320, 200, (x, y) => bump(x, y, 0.3, 0.4, 0.06) + 0.6 * bump(x, y, 0.75, 0.6, 0.03)),
  image("coast.png", 200, 260, wave(3)),
  image("valley.png", 280, 280, (x, y) => Math.abs(y - 0.5 - 0.2 * Math.sin(6 * x)) * 1.6),
  { type: "image", mime: "image/png", url: "https://maps.example.org/tiles/harbour.png", alt: "The harbour from above" },
  image("island.png", 300, 180, (x, y) => bump(x, y, 0.5, 0.5, 0.08)),
  { type: "image", mime: "image/png", name: "cut-off.png", data: "AAAAAAAA" },
  image("ridge.png", 360, 160, wave(5)),
  image("plain.png", 240, 240, (x, y) => (x + y) / 2),
];
const pdf = { type: "document", mime: "application/pdf", name: "survey-2025.pdf", data: Buffer.from("%PDF-1.4 ".repeat(900)).toString("base64") };
const beside = (...items) => ({ data: { [MEDIA]: { items }, "text/plain": items.map(({ type }) => `[${type}]`).join("\n") } });

const media = new Script("media");
media.say("message.start", "u1", null, { role: "user", nonce: "nonce-u1" });
media.say("part.put", "u1", "text", { key: "text-media", kind: "output", value: beside(pictures[0], pictures[2], pdf) });
media.say("token.delta", "u1", "text", { text: "Which regions look like these two? The survey is attached." }).say("lane.seal", "u1", "text", {});
media.wait(300).run("r1").wait(300).start("a1").state("streaming");
media.say("token.delta", "a1", "text", { text: "Eight regions, from the closest match to the most distant one:" });
media.say("part.put", "a1", "text", { key: "activity", kind: "output", value: beside(...pictures) });
media.say("token.delta", "a1", "text", { part: "text-2", text: "The closest match by itself, and how it sounds:" });
media.say("part.put", "a1", "text", { key: "activity-2", kind: "output", value: beside(pictures[4]) });
const sound = { type: "audio", mime: "audio/wav", name: "island.wav", data: tone(440, 0.5) };
media.say("part.put", "a1", "text", { key: "activity-3", kind: "output", value: beside(sound, pdf) });
media.say("lane.seal", "a1", "text", {}).finish("a1", "finished", "done");
await media.write("media");
const output = (key, type, data, more = {}) => ({ key, kind: "output", value: { data: { "text/plain": `<${type}>`, ...data }, type, ...more } });
const TABLE = "application/vnd.agui_widget.table+json";
const objects = new Script("objects").user("u1", "Load the sales, and show me everything you can show.").wait(300).run("r1").wait(200).start("a1").state("streaming");
objects.type("a1", "text", "I load the sales first.").state("executing_tools");
objects.call("a1", "c1", "load_sales", { year: 2026 }).wait(300);
objects.end("a1", "c1", { state: "done", result: "1000000 rows × 7 columns", output: output("", "DataFrame", { [TABLE]: sales(1_000_000) }, { object: "o1" }).value });
objects.call("a1", "c2", "plot_margin", { by: "week" }).wait(300);
objects.end("a1", "c2", { state: "done", result: "Figure(480x240)", output: output("", "Figure", { "image/png": heatMap() }, { object: "o2" }).value });
objects.call("a1", "c3", "count_rows", { table: "sales" }).wait(100).end("a1", "c3", { state: "done", result: "1000000" });
objects.start("a2").state("streaming").type("a2", "text", "A picture that can be scaled, a table with many columns, what pandas says of it in HTML, data, charts, and a sound:");
const shown = [
  output("svg", "SVG", { "image/svg+xml": bars([12, 19, 31, 27, 36, 22, 40]) }),
  output("wide", "DataFrame", { [TABLE]: wide() }),
  output("html", "Styler", { "text/html": describe() }, { object: "o3" }),
  output("json", "dict", { "application/json": { model: "ridge", alpha: 0.35, isFitted: true, scores: [0.91, 0.89, 0.93], fitted: { intercept: 1.25, coefficients: { price: -0.31, units: 0.02 } }, notes: null } }, { object: "o4" }),
  output("chart", "Chart", { "application/vnd.vegalite.v5+json": MARGINS }, { object: "o7" }),
  output("flow", "Flow", { "application/vnd.agui_widget.flow+json": STEPS }, { object: "o8" }),
  output("loss", "Telemetry", { "application/vnd.agui_widget.telemetry+json": loss(200) }, { object: "o9" }),
  output("sound", "Audio", { "audio/wav": bell() }),
  output("words", "Markdown", { "application/vnd.agui_widget.nodes+json": [e("p", "Sealed with ", e("strong", "seven"), " columns, of which ", e("code", "margin"), " has gaps.")] }, { object: "o5" }),
  output("large", "Figure", {}, { object: "o6", withheld: { "image/svg+xml": 3_355_443 } }),
  output("widget", "IntSlider", { "application/vnd.jupyter.widget-view+json": { model_id: "gone" }, "text/plain": "IntSlider(value=42)" }),
  output("broken", "PNG", { "image/png": "iVBORw0KGgo=" }),
  { key: "plain", kind: "output", value: { data: { "text/plain": "<Result rows=1000000>" } } },
];
for (const part of shown) objects.wait(90).say("part.put", "a2", "text", part);
objects.finish("a2", "finished", "done", [{ inputTokens: 812, outputTokens: 96 }]);
await objects.write("objects");
