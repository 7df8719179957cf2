// An evening and a morning of the farm with the real brain on the simulated plant: a car that is back at 18:10 and must hold
// 7.2 kWh at 13:00. With the plan beside the brain it is charged from the sun of the morning, without it from the battery at night.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { PlanWish } from "@gridwright/contract/plan/site-plan.ts";
import type { Request } from "@gridwright/contract/request.ts";
import { epoch, millis } from "@gridwright/contract/units.ts";
import { type KnownSite, lastHour } from "@gridwright/core/plan/site/known.ts";
import { planSite } from "@gridwright/core/plan/site/site-plan.ts";
import { clock, farm, known } from "@gridwright/core/plan/site/stores-fixture.ts";
import { Scenario } from "@gridwright/twin/plant/scenario.ts";
import { type PlantWorld, plantEpoch } from "@gridwright/twin/plant/world.ts";
import { advance, setStage } from "@gridwright/twin/scenario/stage.ts";
import { solver } from "./solver.ts";

const HOUR = 3_600_000;
const TICK = 10_000;
const ASKED_EVERY = 300_000;
const BEGIN = clock(18);
const BACK = clock(18, 10);
const LEAVES = clock(37);
const NEEDS_WH = 7_200;
const STORED = 0.9;

const model = farm({ battery: { capacity: "30 kWh" } });
const carIn = ({ loads }: PlantWorld) => {
  const car = loads.find(({ id }) => id === "car");
  assert.ok(car);
  return car;
};

/** What the planner knows at the beginning of an hour: days alike before, and of today what the car really took. */
function seenAt(now: number, { taken, soc }: { taken: ReadonlyMap<number, number>; soc: number }): KnownSite {
  const site = known(model, { now, car: () => 0, soc: { battery: soc } });
  const first = lastHour(site) + 1;
  const car = (site.power.car ?? []).map((watts, at) => taken.get(site.since + at * HOUR) ?? watts);
  assert.equal(car.length, first);
  return { ...site, power: { ...site.power, car } };
}

let seq = 0;
function requestOf({ asset, on }: PlanWish): Request {
  seq += 1;
  const body = { kind: "switch", asset, on, why: "the plan" } as const;
  return { id: `planned-${seq}`, issuer: "services", role: "planner", seq, ttlMs: millis(900_000), body };
}

/** Wh that the car took until then, by the hour's beginning. */
async function play(isPlanned: boolean, until: number): Promise<Map<number, number>> {
  const scenario = Scenario.parse({ scenario: "clear-days" });
  const stage = setStage({ model, scenario, seed: 7, start: BEGIN });
  const { world } = stage;
  const car = carIn(world);
  const taken = new Map<number, number>();
  let wishes: readonly PlanWish[] = [];
  let [hour, hourWh, askedAt] = [BEGIN as number, 0, 0];
  while (plantEpoch(world) < until) {
    const now = plantEpoch(world);
    // It took nothing before it was back.
    car.told = now >= BACK && STORED * car.energyWh < NEEDS_WH ? 0.95 : 0;
    if (now >= hour + HOUR) {
      taken.set(hour, car.energyWh - hourWh);
      [hour, hourWh] = [hour + HOUR, car.energyWh];
      const plan = await planSite(seenAt(epoch(now), { taken, soc: world.battery.soc }), solver, {
        gap: 0.01,
        timeMs: 20_000,
      });
      wishes = isPlanned ? plan.wishes : [];
    }
    const isDue = now - askedAt >= ASKED_EVERY;
    if (isDue) askedAt = now;
    advance(stage, TICK, isDue ? wishes.map(requestOf) : []);
  }
  taken.set(hour, car.energyWh - hourWh);
  return taken;
}

const sumOf = (taken: ReadonlyMap<number, number>, from: number, to: number): number =>
  [...taken].reduce((sum, [at, wh]) => (at >= from && at < to ? sum + wh : sum), 0);

test("with the plan a car is charged from the morning's sun, without it at night", async () => {
  const planned = await play(true, LEAVES);
  const alone = await play(false, clock(24));
  const told = (taken: ReadonlyMap<number, number>) =>
    [...taken].map(([at, wh]) => `${new Date(at).getUTCHours()}: ${Math.round(wh)}`).join(", ");
  const all = 0.98 * (NEEDS_WH / STORED);
  assert.ok(sumOf(alone, BEGIN, clock(24)) > all, told(alone));
  assert.ok(sumOf(planned, BEGIN, LEAVES) > all, told(planned));
  // Until the first whole hour after its return nothing is planned: what it takes by then is its own.
  assert.ok(sumOf(planned, BEGIN, clock(30)) < 0.25 * all, told(planned));
});
