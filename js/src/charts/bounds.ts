/** Bounds of what makes many things of few: each transform says how many, and is refused before it makes them. */

import { type Transform, transforms } from "vega";
import { count } from "../format";
import { WORDS } from "./words";

// biome-ignore lint/suspicious/noExplicitAny: as Vega hands them over
type Parameters = Record<string, any>;
type Pulse = { add: object[]; source?: object[] };
type Evaluated = { transform(parameters: Parameters, pulse: Pulse): unknown };
type Kind = new (...args: unknown[]) => Transform & Evaluated;

const MAX_ROWS = 200_000;
const MAX_STEPS = 10_000;
const MAX_TICKS = 1_000;
const MAX_ORDER = 20;
const MAX_PANELS = 400;

interface Bound {
  readonly most: number;
  readonly made: (parameters: Parameters, pulse: Pulse) => number;
}

const steps = (range: Parameters | undefined, step: number) =>
  range ? Math.abs(((range.stop ?? range[1]) - (range.start ?? range[0])) / step) : 0;
const all = ({ source, add }: Pulse) => source ?? add;

const BOUNDS: Readonly<Record<string, Bound>> = {
  sequence: { most: MAX_ROWS, made: ({ start, stop, step = 1 }) => steps([start, stop], step || 1) },
  bin: {
    most: MAX_STEPS,
    made: ({ extent, step, maxbins = 0 }) => (step ? steps(extent, step) : maxbins),
  },
  scale: {
    most: MAX_STEPS,
    made: ({ bins }) => (bins && !Array.isArray(bins) && bins.step ? steps(bins, bins.step) : 0),
  },
  axisticks: { most: MAX_TICKS, made: ({ count }) => (typeof count === "number" ? count : 0) },
  legendentries: { most: MAX_TICKS, made: ({ count }) => (typeof count === "number" ? count : 0) },
  density: { most: MAX_STEPS, made: ({ steps = 0, maxsteps = 0 }) => Math.max(steps, maxsteps) },
  kde: { most: MAX_STEPS, made: ({ steps = 0, maxsteps = 0 }) => Math.max(steps, maxsteps) },
  quantile: { most: MAX_STEPS, made: ({ step = 0.01, probs }) => (probs ? probs.length : 1 / step) },
  loess: {
    most: MAX_STEPS, // a bandwidth is a part of the rows; more than all of them are looked at as if they were there
    made: ({ bandwidth = 0.3 }, pulse) => all(pulse).length * Math.max(1, bandwidth),
  },
  regression: { most: MAX_ORDER, made: ({ order = 0 }) => order },
  graticule: {
    most: MAX_STEPS,
    made: ({ step, stepMinor = step }) => (stepMinor ? (360 / stepMinor[0]) * (180 / stepMinor[1]) : 0),
  },
  flatten: {
    most: MAX_ROWS,
    made: ({ fields }, pulse) => {
      const lengths = (row: object) =>
        fields.map((field: (row: object) => unknown[]) => field(row)?.length ?? 0);
      return all(pulse).reduce((sum, row) => sum + Math.max(0, ...lengths(row)), 0);
    },
  },
};

const FACETS = ["facet", "prefacet"];

function bounded(name: string, { most, made }: Bound): void {
  const Original = transforms[name] as unknown as Kind;
  transforms[name] = class extends Original {
    override transform(parameters: Parameters, pulse: Pulse): unknown {
      if (!(made(parameters, pulse) <= most)) throw new Error(WORDS.tooMany(`“${name}”`, count(most)));
      return super.transform(parameters, pulse);
    }
  } as unknown as (typeof transforms)[string];
}

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

for (const [name, bound] of Object.entries(BOUNDS)) bounded(name, bound);
for (const name of FACETS) boundedFacet(name);
