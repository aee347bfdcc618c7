/** Bounds of what makes much of little: each transform says how much, and is refused before it makes it. */

import { type Transform, transforms } from "vega";
import { count } from "../format";
import { WORDS } from "./words";

// biome-ignore lint/suspicious/noExplicitAny: as Vega hands them over
type Parameters = Record<string, any>;
/** Rows; or, where many flows meet, those of each. */
type Pulse = { dataflow: object; add?: object[]; source?: object[]; pulses?: Pulse[] };
type Field = (row: object) => unknown;
type Evaluated = { transform(parameters: Parameters, pulse: Pulse): unknown };
type Kind = new (...args: unknown[]) => Transform & Evaluated;

const MAX_ROWS = 200_000;
const MAX_IN_ALL = 400_000;
const MAX_STEPS = 10_000;
const MAX_TICKS = 1_000;
const MAX_WIDTH = 1_000;
const MAX_ORDER = 20;
const MAX_PANELS = 400;
const MAX_LOOKS = 20_000_000;

type Count = (parameters: Parameters, pulse: Pulse) => number;

interface Bound {
  readonly most: number;
  readonly made: Count;
}

const steps = (range: Parameters | undefined, step: number) =>
  range ? Math.abs(((range.stop ?? range[1]) - (range.start ?? range[0])) / step) : 0;
const all = ({ source, add, pulses = [] }: Pulse): object[] => source ?? add ?? pulses.flatMap(all);
const distinct = (pulse: Pulse, fields: readonly Field[] = []) =>
  new Set(all(pulse).map((row) => String(fields.map((field) => field(row))))).size;
const points: Count = ({ steps, minsteps = 0, maxsteps = 200 }) => steps || Math.max(minsteps, maxsteps);
const ticks: Count = ({ count, formatSpecifier }) =>
  Math.max(typeof count === "number" ? count : 0, widthOf(formatSpecifier));

/** How wide a format makes a number at least: it is filled up to there. */
function widthOf(format: unknown): number {
  return Number(/\d{4,}/.exec(String(format))?.[0] ?? 0);
}

/** A format as it is, if what it writes is no wider than a line. */
export function checkedFormat(format: unknown): unknown {
  if (widthOf(format) > MAX_WIDTH) throw new Error(WORDS.tooMany(`“${format}”`, count(MAX_WIDTH)));
  return format;
}

/** What each makes. */
const BOUNDS: Readonly<Record<string, Bound>> = {
  sequence: { most: MAX_ROWS, made: ({ start, stop, step = 1 }) => steps([start, stop], step || 1) },
  bin: {
    most: MAX_STEPS,
    made: ({ extent, step, maxbins = 0 }) => (step ? steps(extent, step) : maxbins),
  },
  scale: {
    most: MAX_STEPS,
    made: ({ bins, schemeCount = 0 }) =>
      Math.max(schemeCount, bins && !Array.isArray(bins) && bins.step ? steps(bins, bins.step) : 0),
  },
  axisticks: { most: MAX_TICKS, made: ticks },
  legendentries: { most: MAX_TICKS, made: ticks },
  viewlayout: {
    most: MAX_STEPS, // columns; of less than one the rows
    made: ({ layout }) => (layout?.columns > 0 ? Math.max(layout.columns, 1 / layout.columns) : 0),
  },
  density: { most: MAX_STEPS, made: points },
  kde: {
    most: MAX_ROWS,
    made: (parameters, pulse) => points(parameters, pulse) * distinct(pulse, parameters.groupby),
  },
  quantile: {
    most: MAX_ROWS,
    made: ({ step = 0.01, probs, groupby }, pulse) => (probs?.length ?? 1 / step) * distinct(pulse, groupby),
  },
  loess: {
    most: MAX_STEPS, // a bandwidth is a part of the rows; more than all of them are looked at as if they were there
    made: ({ bandwidth = 0.3 }, pulse) => all(pulse).length * Math.max(1, bandwidth),
  },
  regression: { most: MAX_ORDER, made: ({ order = 0 }) => order },
  graticule: {
    most: MAX_ROWS, // points on lines around the earth, or around as much as it says
    made: ({ extent, extentMajor, extentMinor, step, stepMajor, stepMinor, precision = 2.5 }) => {
      const ends = [extent, extentMajor, extentMinor].flat(2).map((end) => Math.abs(end ?? 180));
      const apart = Math.min(10, ...[step, stepMajor, stepMinor].flat().map((each) => each ?? 10));
      const span = 2 * Math.max(180, ...ends);
      return (span / apart) * (span / precision);
    },
  },
  flatten: {
    most: MAX_ROWS,
    made: ({ fields }, pulse) => {
      const lengths = (row: object) => fields.map((field: Field) => (field(row) as unknown[])?.length ?? 0);
      return all(pulse).reduce((sum, row) => sum + Math.max(0, ...lengths(row)), 0);
    },
  },
  fold: { most: MAX_ROWS, made: ({ fields }, pulse) => all(pulse).length * fields.length },
  impute: {
    most: MAX_ROWS,
    made: ({ key, keyvals = [], groupby }, pulse) =>
      (distinct(pulse, [key]) + keyvals.length) * distinct(pulse, groupby),
  },
};

/** Of which all those of a chart have one bound: it may have many of them. */
const IN_ALL = ["sequence", "flatten", "fold", "impute", "kde", "quantile", "relay", "datajoin"];

/** How many values each looks at, over and over. */
const LOOKS: Readonly<Record<string, Count>> = {
  kde: (parameters, pulse) => points(parameters, pulse) * all(pulse).length,
  pivot: ({ field }, pulse) => distinct(pulse, [field]) * all(pulse).length,
  window: ({ ops, frame = [null, 0] }, pulse) => {
    const rows = all(pulse).length;
    const [before, after] = frame.map((each: number | null) => Math.abs(each ?? rows));
    const again = ops.some((op: string) => SORTED.test(op) || (frame[0] !== null && EXTREME.test(op)));
    return again ? resamples(ops) * rows * Math.min(rows, before + after + 1) : rows;
  },
  aggregate: ({ ops }, pulse) => resamples(ops) * all(pulse).length,
  joinaggregate: ({ ops }, pulse) => resamples(ops) * all(pulse).length,
};

const SORTED = /^(values|distinct|median|q1|q3|ci[01])$/;
const EXTREME = /^(arg)?(min|max)$/;
const SAMPLES = 1_000;

/** An interval of confidence draws its values by lot. */
function resamples(ops: readonly string[] = []): number {
  return ops.some((op) => op.startsWith("ci")) ? SAMPLES : 1;
}

type Check = (owner: object, parameters: Parameters, pulse: Pulse) => void;

/** Lets a transform do its work only after `check`, which throws. */
function checkFirst(name: string, check: Check): void {
  const Original = transforms[name] as unknown as Kind;
  transforms[name] = class extends Original {
    override transform(parameters: Parameters, pulse: Pulse): unknown {
      check(this, parameters, pulse);
      return super.transform(parameters, pulse);
    }
  } as unknown as (typeof transforms)[string];
}

/** Rows and marks of one chart, by what makes them; `made` is counted anew when it is done anew. */
function boundedInAll(name: string, made: Count): void {
  const totals = new WeakMap<object, number>();
  const parts = new WeakMap<object, number>();
  checkFirst(name, (owner, parameters, pulse) => {
    const part = made(parameters, pulse);
    const total = (totals.get(pulse.dataflow) ?? 0) + part - (parts.get(owner) ?? 0);
    if (!(total <= MAX_IN_ALL)) throw new Error(WORDS.tooMany(`“${name}”`, count(MAX_IN_ALL)));
    totals.set(pulse.dataflow, total);
    parts.set(owner, part);
  });
}

const FACETS = ["facet", "prefacet"];

/** A facet makes a view for each value it finds. */
function boundedFacet(name: string): void {
  type Facet = Kind & { prototype: { subflow(key: unknown, ...rest: unknown[]): unknown } };
  const Original = transforms[name] as unknown as Facet;
  const made = new WeakMap<object, Set<unknown>>();
  transforms[name] = class extends Original {
    subflow(key: unknown, ...rest: unknown[]): unknown {
      const keys = made.get(this) ?? new Set();
      made.set(this, keys.add(key));
      if (keys.size > MAX_PANELS) throw new Error(WORDS.tooMany("a facet", count(MAX_PANELS)));
      return Original.prototype.subflow.call(this, key, ...rest);
    }
  } as unknown as (typeof transforms)[string];
}

for (const [name, { most, made }] of Object.entries(BOUNDS))
  checkFirst(name, (_, parameters, pulse) => {
    if (!(made(parameters, pulse) <= most)) throw new Error(WORDS.tooMany(`“${name}”`, count(most)));
  });
for (const [name, looks] of Object.entries(LOOKS))
  checkFirst(name, (_, parameters, pulse) => {
    if (!(looks(parameters, pulse) <= MAX_LOOKS)) throw new Error(WORDS.tooSlow);
  });
for (const name of IN_ALL) boundedInAll(name, BOUNDS[name]?.made ?? ((_, pulse) => all(pulse).length));
for (const name of FACETS) boundedFacet(name);
