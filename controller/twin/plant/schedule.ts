// Plays a scenario's events: clouds, forced demand, drained stores, faults. Times count from the start or come each
// day at a local time; both are known when the plant is made, so an event is a pair of plant times.
import { type ActiveFault, sameFault } from "./faults.ts";
import { matches, type Scenario, type ScenarioEvent } from "./scenario.ts";
import { type LoadState, localHour, type PlantWorld, type ScheduledEvent } from "./world.ts";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

export function scheduleOf(scenario: Scenario, loads: readonly LoadState[]): ScheduledEvent[] {
  const chosen = (globs: readonly string[] = []): LoadState[] =>
    loads.filter(({ id }) => globs.some((glob) => matches(glob, id)));
  return scenario.events.map((event) => ({
    event,
    loads: chosen(event.demand?.loads),
    drained: chosen(event.drain?.loads),
    active: false,
  }));
}

function hourOf(daily: string): number {
  const [hours = "0", minutes = "0"] = daily.split(":");
  return Number(hours) + Number(minutes) / 60;
}

/** Whether an event is on at plant ms `m` and local hour `hour`. */
export function isOn(event: ScenarioEvent, m: number, hour: number): boolean {
  if (event.at !== undefined) return m >= event.at && m < event.at + event.for;
  const since = ((hour - hourOf(event.daily ?? "00:00") + 24) % 24) * HOUR_MS;
  return since < Math.min(event.for, DAY_MS) && since <= m;
}

function begin(world: PlantWorld, { event, drained }: ScheduledEvent): void {
  for (const load of drained) load.store = Math.min(load.store, event.drain?.to ?? load.store);
  if (event.reset === true) resetInverter(world);
  if (event.fault !== undefined) addFault(world, { fault: event.fault, until: world.m + event.for });
}

/** A person switches the inverter on by hand after its last try. Nothing when it does not stand off. */
export function resetInverter({ inverter, m }: PlantWorld): void {
  if (inverter.state !== "off") return;
  inverter.state = "tripped";
  inverter.tries = 0;
  inverter.retryAt = m;
}

/** Adds a fault, or prolongs the one that is there. */
export function addFault(world: PlantWorld, active: ActiveFault): void {
  world.faults = [...world.faults.filter(({ fault }) => !sameFault(fault, active.fault)), active];
}

/** Once per plant second: begins and ends events, lets faults run out. */
export function playEvents(world: PlantWorld): void {
  const hour = localHour(world);
  let clear = 1 - world.covered;
  for (const load of world.loads) load.forced = load.told;
  for (const scheduled of world.events) {
    const on = isOn(scheduled.event, world.m, hour);
    if (on && !scheduled.active) begin(world, scheduled);
    scheduled.active = on;
    if (!on) continue;
    clear *= 1 - (scheduled.event.cloud ?? 0);
    const share = scheduled.event.demand?.share;
    if (share !== undefined) for (const load of scheduled.loads) load.forced = share;
  }
  world.eventClear = clear;
  if (world.faults.some(({ until }) => world.m >= until))
    world.faults = world.faults.filter(({ until }) => world.m < until);
}
