// The brain with the planner beside it in the hard week: hours are kept as the history would, each hour a plan is made
// with the house's own forecast, and what it asks for reaches the brain as requests. The first three days it only learns.
import type { Request } from "@gridwright/contract/request.ts";
import { epoch, millis } from "@gridwright/contract/units.ts";
import { type Hours, type KnownSite, lastHour, pastBegin } from "@gridwright/core/plan/site/known.ts";
import { planSite } from "@gridwright/core/plan/site/site-plan.ts";
import { loadSolver } from "@gridwright/runtime/planner/highs.ts";
import type { Origin } from "@gridwright/twin/plant/plant.ts";
import { type PlantWorld, plantEpoch } from "@gridwright/twin/plant/world.ts";
import { advance, setStage } from "@gridwright/twin/scenario/stage.ts";
import type { Driver } from "./drivers.ts";

const HOUR_MS = 3_600_000;
const TTL = millis(900_000);
const ASKED_EVERY_MS = 300_000;
const LIMITS = { gap: 0.01, timeMs: 20_000 };

/** What one hour was. */
interface Hour {
  readonly power: Map<string, number>;
  readonly supplied: Map<string, number>;
  readonly charge: number;
  readonly grid: number;
}

interface Diary {
  readonly hours: Map<number, Hour>;
  /** Wh so far by asset at the present hour's beginning, and how often each load had supply and the grid was there. */
  begun: Map<string, number>;
  looks: number;
  readonly supply: Map<string, number>;
  grid: number;
}

const energies = ({ loads, arrays }: PlantWorld): Map<string, number> =>
  new Map([...loads, ...arrays].map(({ id, energyWh }) => [id, energyWh]));

function look(diary: Diary, world: PlantWorld): void {
  diary.looks += 1;
  if (world.grid.accepted) diary.grid += 1;
  for (const { id, coil, inverted } of world.loads)
    if (world.busAlive && (coil === undefined || coil.energised !== inverted))
      diary.supply.set(id, (diary.supply.get(id) ?? 0) + 1);
}

/** Ends the hour that is over. */
function turn(diary: Diary, world: PlantWorld, hour: number): void {
  const now = energies(world);
  diary.hours.set(hour, {
    power: new Map([...now].map(([id, wh]) => [id, wh - (diary.begun.get(id) ?? 0)])),
    supplied: new Map(world.loads.map(({ id }) => [id, (diary.supply.get(id) ?? 0) / diary.looks])),
    charge: world.battery.soc,
    grid: diary.grid / diary.looks,
  });
  diary.begun = now;
  diary.looks = 0;
  diary.grid = 0;
  diary.supply.clear();
}

function knownOf({ model }: Origin, diary: Diary, world: PlantWorld): KnownSite {
  const now = epoch(plantEpoch(world));
  const since = pastBegin(model, now);
  const count = lastHour({ since, now }) + 1;
  const each = (value: (hour: Hour) => number | undefined): Hours =>
    Array.from({ length: count }, (_, at) => {
      const hour = diary.hours.get(Math.floor(since / HOUR_MS) + at);
      return hour === undefined ? undefined : value(hour);
    });
  const ids = [...energies(world).keys()].filter((id) => model.assets[id]?.points.power !== undefined);
  return {
    ...{ model, now, since, mode: world.grid.accepted ? "on-grid" : "island-inverter" },
    power: Object.fromEntries(ids.map((id) => [id, each(({ power }) => power.get(id))])),
    supplied: Object.fromEntries(ids.map((id) => [id, each(({ supplied }) => supplied.get(id) ?? 1)])),
    charge: each(({ charge }) => charge),
    grid: each(({ grid }) => grid),
    soc: { battery: world.battery.soc },
    running: world.generator.powerW > 0 ? [world.generator.id] : [],
    jobs: [],
  };
}

/** The brain with its planner. */
export async function drivenByPlan(origin: Origin): Promise<Driver> {
  const stage = setStage(origin);
  const { world } = stage;
  const loaded = await loadSolver();
  const diary: Diary = { hours: new Map(), begun: energies(world), looks: 0, supply: new Map(), grid: 0 };
  let hour = Math.floor(plantEpoch(world) / HOUR_MS);
  let wishes: Awaited<ReturnType<typeof planSite>>["wishes"] = [];
  let askedAt = 0;
  let seq = 0;
  const asked = (): Request[] => {
    if (world.m - askedAt < ASKED_EVERY_MS) return [];
    askedAt = world.m;
    return wishes.map(({ asset, on }) => {
      seq += 1;
      const body = { kind: "switch", asset, on, why: "the plan" } as const;
      return { id: `planned-${seq}`, issuer: "services", role: "planner", seq, ttlMs: TTL, body };
    });
  };
  return {
    world,
    async tick() {
      look(diary, world);
      const present = Math.floor(plantEpoch(world) / HOUR_MS);
      if (present !== hour) {
        turn(diary, world, hour);
        hour = present;
        const site = knownOf(origin, diary, world);
        wishes = (await planSite(site, async (program, limits) => loaded.solve(program, limits), LIMITS))
          .wishes;
      }
      advance(stage, 0, asked());
    },
  };
}
