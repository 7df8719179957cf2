// Whatever a plan asks of the brain: what keeps needs and relays safe holds. A planner gone mad asks for everything, all the
// time, in a village whose envelope is narrow; the real brain with its leases answers on the twin.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import type { Request } from "@gridwright/contract/request.ts";
import { isConsumer } from "@gridwright/contract/site/assets.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { mix, randomAt } from "@gridwright/twin/plant/random.ts";
import { Scenario } from "@gridwright/twin/plant/scenario.ts";
import { siteOf, villageDay } from "@gridwright/twin/testing/village.ts";
import { parseDocument } from "yaml";
import { live } from "../scenario/live-village.ts";

const PER_PASS = 2;
const PER_HOUR = 5;
const CLOSINGS = 3;
const NEVER = "house-4-sockets";
const OPTED_OUT = "house-6-heater";
const ASKED_EVERY_S = 20;
const HOURS = 7 / 6;

/** The village with a narrow envelope, and relays at what must never go. */
function narrow(): SiteModel {
  const file = new URL("../../controller/twin/sites/village.yaml", import.meta.url);
  const document = parseDocument(readFileSync(file, "utf8"));
  for (const [place, id] of ["way-lights", "health-post"].entries()) {
    document.setIn(["assets", id, "switch"], {
      point: `relays-village/relay_${11 + place}`,
      contact: "normally-closed",
    });
    document.setIn(["assets", id, "onSilence"], "on");
  }
  document.setIn(["envelope"], { perPass: PER_PASS, perHour: PER_HOUR, never: [NEVER] });
  document.setIn(["control", "switchingsPerHour"], CLOSINGS);
  document.setIn(["assets", OPTED_OUT, "optOut"], true);
  return siteOf(String(document));
}

/** Every asset that there is, a few at a time, off more often than on. */
function madPlanner(model: SiteModel, seed: number): (second: number) => readonly Request[] {
  const ids = Object.keys(model.assets);
  return (second) => {
    if (second % ASKED_EVERY_S !== 0) return [];
    return Array.from({ length: 6 }, (_, place): Request => {
      const draw = (what: number): number => randomAt(mix(seed, what), second * 8 + place);
      return {
        ...{ id: `mad-${second}-${place}`, issuer: "services", role: "planner", seq: second * 8 + place },
        ttlMs: 60_000 + Math.floor(draw(1) * 800_000),
        body: {
          ...{ kind: "switch", asset: ids[Math.floor(draw(2) * ids.length)] ?? "pump" },
          ...{ on: draw(3) < 0.35, why: "the plan" },
        },
      };
    });
  };
}

interface Said {
  readonly second: number;
  readonly asset: string;
  readonly on: boolean;
  readonly rule: string;
}

function played(model: SiteModel, seed: number): readonly Said[] {
  const scenario = {
    ...Scenario.parse({
      scenario: "mad-planner",
      battery: { soc: "71 %", temperature: "18 °C" },
      grid: { inputLimit: "16 A", charge: "1.5 kW" },
    }),
    habits: villageDay().habits,
  };
  const said: Said[] = [];
  live({
    ...{ model, scenario, seed, start: Date.UTC(2026, 3, 14, 9), hours: HOURS, ask: madPlanner(model, seed) },
    watch: ({ state, step }) => {
      for (const { asset, set, rule } of step.decisions)
        if (set.kind === "switch") said.push({ second: state.now / 1_000, asset, on: set.on, rule });
    },
  });
  return said;
}

/** The most that fall into any hour. */
const mostInAnHour = (seconds: readonly number[]): number =>
  Math.max(0, ...seconds.map((from) => seconds.filter((at) => at >= from && at < from + 3_600).length));

describe("what a plan asks never passes the envelope", () => {
  const model = narrow();
  const tierOf = (asset: string): number => {
    const spec = model.assets[asset]?.spec;
    return spec !== undefined && isConsumer(spec) ? spec.tier : -1;
  };
  for (const seed of [3, 21])
    test(`seed ${seed}`, () => {
      const said = played(model, seed);
      const off = said.filter(({ on, rule }) => !on && rule === "requests");
      assert.ok(off.length > PER_HOUR, `it was asked too little to tell: ${off.length}`);
      for (const { asset } of off) {
        assert.ok(tierOf(asset) > 0, `${asset} is of tier 0`);
        assert.ok(asset !== NEVER && asset !== OPTED_OUT, asset);
      }
      const loads = off.filter(({ asset }) => tierOf(asset) > 0);
      for (const [second, together] of Map.groupBy(loads, (one) => one.second))
        assert.ok(together.length <= PER_PASS, `${together.length} in second ${second}`);
      assert.ok(mostInAnHour(loads.map(({ second }) => second)) <= PER_HOUR);
      for (const [asset, closed] of Map.groupBy(
        said.filter(({ on, asset: id }) => on && tierOf(id) >= 0),
        (one) => one.asset,
      ))
        assert.ok(mostInAnHour(closed.map(({ second }) => second)) <= CLOSINGS, asset);
    });
});
