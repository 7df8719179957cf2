// The village by evening with one fault of what it is measured by: nobody is switched off for it, nothing trips, people are
// told of the right device, and when it is over all is well again. A watcher says what was broken; asserts nothing.
import type { Fault } from "@gridwright/twin/plant/faults.ts";
import { Scenario } from "@gridwright/twin/plant/scenario.ts";
import { Broken } from "@gridwright/twin/simulate/broken.ts";
import type { Tick } from "@gridwright/twin/simulate/tick.ts";
import { villageDay } from "@gridwright/twin/testing/village.ts";
import { type LiveOptions, live } from "./live-village.ts";
import { villageWithSwitchedTierZero } from "./seeded-days.ts";

export const MODEL = villageWithSwitchedTierZero();
const MINUTE_MS = 60_000;
const BEGINS_MIN = 4;
const LASTS_MIN = 4;
const ENDS_MIN = 11;

export interface Disturbed {
  readonly fault: Fault;
  /** The condition that must hold when the fault has lasted. */
  readonly told: string;
  readonly changes?: Partial<Pick<LiveOptions, "brain" | "eyes">>;
}

const scenarioOf = (fault: Fault): LiveOptions["scenario"] => ({
  ...Scenario.parse({
    scenario: "disturbed",
    battery: { soc: "82 %", temperature: "14 °C" },
    grid: { inputLimit: "6 A", charge: "1.5 kW" },
    events: [
      { at: "0 s", for: "30 min", fault: { kind: "grid-lost" } },
      { at: `${BEGINS_MIN} min`, for: `${LASTS_MIN} min`, fault },
    ],
  }),
  habits: villageDay().habits,
});

const isOver = (id: string): boolean =>
  /^(reading|measurement|device-lost|battery-lost|balance|sign)/.test(id);

function broken({ step, state, world }: Tick, { told }: Disturbed, since: number): string | undefined {
  const off = step.decisions.find(({ set }) => set.kind === "switch" && !set.on);
  if (off !== undefined) return `nobody goes for a wrong reading: ${off.asset} ${off.reason.code}`;
  if (world.inverter.trips > 0) return "the inverter tripped";
  const ids = step.conditions.map(({ id }) => id);
  const minute = (state.now - since) / MINUTE_MS;
  if (minute === BEGINS_MIN + LASTS_MIN && !ids.includes(told)) return `told: ${ids.join()}`;
  if (minute === BEGINS_MIN && ids.some(isOver)) return `told before it was: ${ids.join()}`;
  if (minute === ENDS_MIN && ids.some(isOver)) return `over: ${ids.join()}`;
  return undefined;
}

/** Throws Broken with what was not as it should be. */
export function disturbed(options: Disturbed): void {
  let since: number | undefined;
  live({
    model: MODEL,
    seed: 11,
    start: Date.UTC(2026, 0, 14, 18),
    hours: ENDS_MIN / 60,
    scenario: scenarioOf(options.fault),
    ...options.changes,
    watch(tick) {
      since ??= tick.state.now - 1_000;
      const what = broken(tick, options, since);
      if (what !== undefined) throw new Broken("measurement", { now: tick.state.now - since, what });
    },
  });
}
