// Invariants that look only at the plant, and at the brain asked twice: energy, the wall clock, what happens to loads
// when every process stops.
import { epoch } from "@gridwright/contract/units.ts";
import { minuteOfDay } from "@gridwright/core/local-time.ts";
import type { Memory } from "@gridwright/core/memory.ts";
import { step as stepPlant } from "../../plant/plant.ts";
import { contactClosed } from "../../plant/relays.ts";
import type { LoadState, PlantWorld } from "../../plant/world.ts";
import type { Check, Tick } from "../tick.ts";
import { consumerOf } from "./decision-checks.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** Wh that rounding may lose in a day. */
const LOST_WH = 1;
/** Every so many ticks the same input is decided under another wall clock. */
const AGAIN_EVERY = 211;
/** Longer than any lease. */
const LEASES_MS = 16 * 60_000;

/** What sources gave less what was taken, stored and lost, Wh; 0 to rounding. */
export function unaccounted({ totals }: PlantWorld): number {
  const given = totals.pv + totals.gridImport + totals.generator + totals.discharged;
  const taken = totals.load + totals.gridExport + totals.charged;
  return given - taken;
}

/** Losses are what is left over; they never give energy, and the sum of all accounts is 0. */
function energyConserved(): Check {
  let due = HOUR_MS;
  return ({ world, state }) => {
    if (state.now < due) return undefined;
    due = state.now + HOUR_MS;
    const { totals, battery, model } = world;
    const stored = totals.charged - totals.discharged;
    const inverterLoss = unaccounted(world);
    const batteryLoss = stored - (battery.soc - world.scenario.battery.soc) * battery.capacity;
    const sum = totals.losses - inverterLoss - batteryLoss;
    return Math.abs(sum) > LOST_WH && Object.keys(model.assets).length > 0
      ? `${sum.toFixed(1)} Wh are in no account`
      : undefined;
  };
}

const spoken = (step: Tick["step"]): string =>
  JSON.stringify(step.decisions.map(({ asset, set, rule, reason }) => [asset, set, rule, reason]));

function wallJump(): Check {
  let ticks = 0;
  return ({ model, state, before, requests, brain, step }) => {
    ticks += 1;
    if (ticks % AGAIN_EVERY !== 0) return undefined;
    const memory = JSON.parse(JSON.stringify(before)) as Memory;
    // What goes by the time of day goes by it on another day too; only summer time may differ.
    const wall = epoch(state.wall - 400 * DAY_MS);
    if (minuteOfDay(model.zone, wall) !== minuteOfDay(model.zone, state.wall)) return undefined;
    const other = { ...state, wall };
    const again = brain({ model, state: other, memory, requests });
    return spoken(again) === spoken(step) && again.wakeAt === step.wakeAt
      ? undefined
      : "another wall clock gives other decisions";
  };
}

export const truthChecks = (): Readonly<Record<string, Check>> => ({
  "I9 a jump of the wall clock changes no timer": wallJump(),
  "I14 energy is conserved": energyConserved(),
});

/** Lets every process stop, until all leases ran out. Names the loads that declared to be on and went off (I18). */
export function darkAfterSilence(world: PlantWorld): string | undefined {
  const lit = (load: LoadState): boolean => load.coil !== undefined && !load.welded && contactClosed(load);
  const declared = world.loads.filter(({ id }) => consumerOf(world.model, id)?.onSilence === "on");
  const before = declared.filter(lit);
  for (let minute = 0; minute * 60_000 < LEASES_MS; minute += 1) {
    stepPlant(world, 60_000);
    const gone = before.find((load) => !load.welded && !lit(load));
    if (gone !== undefined) return `${gone.id} went off`;
  }
  return declared.find((load) => load.coil !== undefined && !load.welded && !lit(load))?.id;
}
