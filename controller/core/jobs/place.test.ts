import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { SitePlan } from "@gridwright/contract/plan/site-plan.ts";
import { isOpen } from "./calendar.ts";
import { place } from "./place.ts";
import { energyBetween, learn, machineOf, partsOf } from "./power.ts";
import { sightOf, type Taken } from "./sight.ts";
import { at, HOUR, MINUTE, NOW, planOf, yard } from "./workshop-fixture.ts";

const model = yard();

interface Wish {
  readonly machine?: string;
  readonly minutes?: number;
  readonly from?: number;
  readonly until?: number;
  readonly plan?: SitePlan | undefined;
  readonly taken?: readonly Taken[];
  /** Hours after 07:00 in which the training of who asks ends. */
  readonly mayUse?: number;
}

const clock = (time: number): string => new Date(time).toISOString().slice(8, 16).replace("T", " ");
const share = (part: number | null): string => (part === null ? "?" : String(Math.round(part * 100)));

function answer(wish: Wish): string {
  const { machine = "kiln", minutes = 90, from = 0, until = 40, taken = [], mayUse = 90 } = wish;
  const plan = "plan" in wish ? wish.plan : planOf();
  const parts = partsOf(model, { machine, minutes });
  const job = { machine, earliest: at(from), deadline: at(until) };
  const sight = plan && sightOf(model, plan, taken);
  const placed = place({ model, now: at(0, 7), job, parts, taken, sight, mayUntil: at(mayUse) });
  if (!placed.ok) return placed.why.code;
  const { offer, alternative, why } = placed;
  const shares = [offer.sun, offer.battery, offer.other].map(share).join("/");
  return `${clock(offer.at)} ${shares} ${why.code}${alternative === null ? "" : `, or ${clock(alternative.at)}`}`;
}

const noon = { 5: { spareW: 2_900 }, 6: { spareW: 2_900 } };
const taken = (machine: string, from: number, minutes: number): Taken => ({
  ...{ machine, from: at(from), to: at(from) + minutes * MINUTE, planned: false },
  parts: [{ ms: minutes * MINUTE, watts: 2_400 }],
});

/** The kiln takes 1.6 kW; 90 minutes are 2.4 kWh. The battery's floor is 14 % of 10 kWh. */
const rows: readonly [sentence: string, wish: Wish, then: string][] = [
  [
    "where there is most sun to spare, and sooner beside it",
    { plan: planOf(noon) },
    "13 12:00 100/0/0 job-sunny, or 13 07:07",
  ],
  [
    "no later than the training of who asks holds",
    { plan: planOf(noon), mayUse: 5 },
    "13 07:07 0/100/0 job-soonest, or 13 08:45",
  ],
  ["not at all where that ends before it could", { mayUse: 1.5 }, "job-training-ends"],
  ["now, from the battery, where no sun is in sight", {}, "13 07:07 0/100/0 job-soonest, or 13 08:45"],
  ["not before it may", { from: 3, plan: planOf() }, "13 10:00 0/100/0 job-soonest, or 13 11:30"],
  [
    "so that it ends by its deadline",
    { until: 6, plan: planOf(noon) },
    "13 11:30 67/33/0 job-sunny, or 13 07:07",
  ],
  [
    "not where the battery would be missed later",
    { plan: planOf({ ...noon, 2: { soc: 0.3 } }, { soc: 0.3 }), until: 12 },
    "13 12:00 100/0/0 job-sunny",
  ],
  ["nowhere, where nothing can be spared", { plan: planOf({}, { soc: 0.3 }) }, "job-no-energy"],
  [
    "for the rest from the grid, where that is likely there and the battery ends",
    { plan: planOf({}, { soc: 0.3, gridChance: 0.9 }) },
    "13 07:07 0/59/41 job-soonest, or 13 09:15",
  ],
  [
    "not where the inverter is full",
    { plan: planOf({ 5: { spareW: 2_900, loadW: 4_100 }, 6: { spareW: 2_900 }, 7: { spareW: 1_300 } }) },
    "13 13:00 100/0/0 job-sunny, or 13 07:07",
  ],
  [
    "not beside another job on its machine",
    { plan: planOf(noon), taken: [taken("kiln", 5, 60)] },
    "13 13:15 50/50/0 job-sunny, or 13 07:07",
  ],
  [
    "sun that another machine's job was promised is not given away twice",
    { plan: planOf(noon), taken: [taken("press", 5, 120)] },
    "13 12:00 42/58/0 job-cheapest, or 13 07:07",
  ],
  [
    "in its machine's opening hours",
    { machine: "press", minutes: 60, until: 47 },
    "14 09:00 0/100/0 job-soonest, or 14 10:30",
  ],
  ["nowhere, where the machine is never open", { machine: "press", until: 20 }, "job-no-time"],
  ["nowhere, where it takes longer than it has", { from: 5, until: 6 }, "job-window"],
  ["later, where the plan does not reach", { from: 50, until: 70 }, "job-far"],
  ["at the first hour, where nobody plans", { plan: undefined }, "13 07:07 ?/?/? job-blind, or 13 08:45"],
];

describe("a job is placed", () => {
  for (const [sentence, wish, then] of rows) it(sentence, () => assert.equal(answer(wish), then));
});

describe("what a job takes", () => {
  const wh = (machine: string, minutes: number) =>
    Math.round(energyBetween(partsOf(model, { machine, minutes }), 0, minutes * MINUTE));
  it("is four fifths of the rating, with the machines that run with it", () => {
    assert.equal(wh("kiln", 90), 2_400);
    assert.equal(wh("planer", 30), Math.round((1_200 + 560) / 2));
  });
  it("is the site's profile stretched to its length", () => {
    const own = yard({
      profile: [
        { for: "10 min", power: "1.8 kW" },
        { for: "30 min", power: "600 W" },
      ],
    });
    const parts = partsOf(own, { machine: "kiln", minutes: 80 });
    assert.deepEqual(parts, [
      { ms: 20 * MINUTE, watts: 1_800 },
      { ms: 60 * MINUTE, watts: 600 },
    ]);
  });
  it("is what the asker says, before all else", () => {
    const profile = [{ minutes: 20, powerW: 1_700 }];
    const learnt = { count: 3, watts: new Array<number>(10).fill(900) };
    assert.deepEqual(partsOf(model, { machine: "kiln", minutes: 20, profile }, learnt), [
      { ms: 20 * MINUTE, watts: 1_700 },
    ]);
  });
  it("is learnt from past jobs, tenth by tenth, newer ones more", () => {
    // 30 min in stretches of 10: 1500 W, then 600 W, then 300 W.
    const job = { course: [250, 100, 50], stretchMs: 10 * MINUTE, workedMs: 30 * MINUTE };
    const first = learn(undefined, job);
    const rounded = (learnt: typeof first) => learnt?.watts.map((watts) => Math.round(watts));
    assert.deepEqual(rounded(first), [1_500, 1_500, 1_500, 900, 600, 600, 500, 300, 300, 300]);
    const second = learn(first, { ...job, course: [750, 100, 50] });
    assert.equal(second?.count, 2);
    assert.equal(rounded(second)?.[0], 3_000);
    const late = learn({ count: 40, watts: first?.watts ?? [] }, { ...job, course: [650, 100, 50] });
    assert.equal(rounded(late)?.[0], 1_500 + 0.25 * 2_400);
  });
});

describe("opening hours", () => {
  const press = machineOf(model, "press");
  const open = (from: number, to: number): boolean =>
    press !== undefined && isOpen(press, model.zone, { from, to });
  it("hold from the first to the last minute of their day", () => {
    assert.ok(open(at(26), at(34)));
    assert.ok(!open(at(26, -1), at(27)));
    assert.ok(!open(at(33), at(34, 1)));
    assert.ok(!open(at(2), at(3)), "Wednesday");
    assert.ok(!open(NOW, NOW + 48 * HOUR));
  });
  it("over midnight belong to the day on which they begin", () => {
    const bar = machineOf(yard({ opens: [{ days: ["wed"], from: "22:00", to: "02:30" }] }), "kiln");
    const isBarOpen = (from: number): boolean =>
      bar !== undefined && isOpen(bar, model.zone, { from, to: from + 30 * MINUTE });
    assert.deepEqual(
      [14, 15, 17, 19, -7, 39].map((hour) => isBarOpen(at(hour))),
      [false, true, true, true, false, false],
    );
  });
});
