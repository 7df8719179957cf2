// The proof of measurement.test.ts: an observer or a brain with one thing wrong is found by what it breaks.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { bad, fresh, type Reading } from "@gridwright/contract/reading.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { type Mono, mono } from "@gridwright/contract/units.ts";
import { decide } from "@gridwright/core/decide.ts";
import { noTraces, type Traces } from "@gridwright/core/doubt.ts";
import { observe } from "@gridwright/core/observe.ts";
import type { Row as Values } from "@gridwright/core/row.ts";
import type { Value } from "@gridwright/core/state.ts";
import type { DecideInput, Step } from "@gridwright/core/step.ts";
import { Broken } from "@gridwright/twin/simulate/broken.ts";
import { type Disturbed, disturbed } from "./measurement.ts";

type Eyes = typeof observe;

function changed<T>(row: Values<T>, change: (value: T, name: string) => T): Values<T> {
  const next = row.copy();
  for (const name of row.places.keys()) {
    const value = row.get(name);
    if (value !== undefined) next.set(name, change(value, name));
  }
  return next;
}

/** The observer, whose judgement of each reading is changed. */
const reads =
  (
    change: (reading: Reading<Value>, before: Reading<Value> | undefined, name: string) => Reading<Value>,
  ): Eyes =>
  (input) => {
    const seen = observe(input);
    const points = changed(seen.after.points, (reading, name) =>
      change(reading, input.before.points.get(name), name),
    );
    return { ...seen, after: { ...seen.after, points } };
  };
/** The observer, who keeps less in mind. */
const remembers =
  (change: (traces: Traces, model: SiteModel) => Traces): Eyes =>
  (input) =>
    observe({ ...input, before: { ...input.before, traces: change(input.before.traces, input.model) } });
const says =
  (change: (said: Step, input: DecideInput) => Step) =>
  (input: DecideInput): Step =>
    change(decide(input), input);

function tellsForEver(): (input: DecideInput) => Step {
  const open = new Map<string, Step["conditions"][number]>();
  return says((said) => {
    for (const condition of said.conditions) open.set(condition.id, condition);
    return { ...said, conditions: [...open.values()] };
  });
}

const believed = (reading: Reading<Value>): Reading<Value> =>
  reading.quality === "bad" ? fresh(Number(reading.raw), reading.at) : reading;
const asNothing = (reading: Reading<Value>, _: unknown, name: string): Reading<Value> =>
  reading.quality !== "fresh" && name.endsWith("/soc") ? fresh(0, reading.at) : reading;
const LATE_MS = 400;

const main = (fault: object): Disturbed["fault"] =>
  ({ device: "main-meter", ...fault }) as Disturbed["fault"];
const stuck = { fault: main({ kind: "device-stuck" }), told: "reading-stuck/main-meter" };
const tenfold = {
  fault: main({ kind: "device-wrong", factor: 10 }),
  told: "reading-contradicted/main-meter",
};
const silly = { fault: main({ kind: "device-wrong" }), told: "reading-contradicted/main-meter" };
const frozen = {
  fault: { kind: "device-stuck", device: "gx-system" } as const,
  told: "reading-frozen-clock/gx-battery",
};
const bms = { fault: { kind: "bms-lost" } as const, told: "battery-lost/battery" };
const dead = { fault: main({ kind: "device-dead" }), told: "device-lost/main-meter" };

type Row = readonly [
  bug: string,
  story: Disturbed,
  changes: NonNullable<Disturbed["changes"]>,
  caughtBy: RegExp,
];
const BUGS: readonly Row[] = [
  ["what cannot be is believed", tenfold, { eyes: reads(believed) }, /nobody goes for a wrong reading/],
  [
    "and so is what a device says at random",
    silly,
    { eyes: reads(believed) },
    /nobody goes for a wrong reading/,
  ],
  [
    "a charge that cannot be read is none",
    bms,
    { eyes: reads(asNothing) },
    /nobody goes for a wrong reading/,
  ],
  ["nobody remembers what stood still", stuck, { eyes: remembers((_, model) => noTraces(model)) }, /told: /],
  [
    "how lively a meter was is forgotten with each answer",
    stuck,
    {
      eyes: remembers((traces) => ({
        ...traces,
        standing: changed(traces.standing, (one) => ({ ...one, moves: 0 })),
      })),
    },
    /told: /,
  ],
  [
    "the gateway's clock is not looked at",
    frozen,
    { eyes: remembers((traces) => ({ ...traces, hands: new Map() })) },
    /told: /,
  ],
  [
    "what says the same twice is stuck",
    dead,
    {
      eyes: reads((reading, before) =>
        reading.quality === "fresh" && before?.quality === "fresh" && before.value === reading.value
          ? bad(Number(reading.value), "stuck", reading.at)
          : reading,
      ),
    },
    /told before it was|nobody goes/,
  ],
  [
    "devices are ahead of the controller",
    dead,
    {
      eyes: (input) =>
        observe({
          ...input,
          samplings: input.samplings.map((one) => ({ ...one, at: mono(one.at + LATE_MS) as Mono })),
        }),
    },
    /told before it was/,
  ],
  [
    "nobody is told of readings",
    stuck,
    {
      brain: says((said) => ({
        ...said,
        conditions: said.conditions.filter(({ id }) => !id.startsWith("reading")),
      })),
    },
    /told: /,
  ],
  ["what was told once is told for ever", tenfold, { brain: tellsForEver() }, /over: /],
];

describe("an observer or a brain with one thing wrong is found", () => {
  for (const [bug, story, changes, caughtBy] of BUGS)
    it(bug, () =>
      assert.throws(
        () => disturbed({ ...story, changes }),
        (error) =>
          error instanceof Broken && caughtBy.test(error.message) ? true : assert.fail(String(error)),
      ),
    );
});
