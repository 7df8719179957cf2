// The diesel set: started by its switch, cranks, warms up, feeds the inverter's AC input, burns fuel. It stops
// without load when its switch opens. All generators of a site as one.

const CRANK_MS = 4_000;
const WARM_MS = 60_000;
/** Active power at its rated VA. */
const POWER_FACTOR = 0.8;
/** A set wants at least this share of its rating; the charger fills up to it. */
export const LOAD_MIN = 0.3;
/** Tank in litres per kVA; consumption in litres per hour idle per kVA, and per kWh. */
const TANK_PER_KVA = 5;
const IDLE_PER_KVA = 0.05;
const PER_KWH = 0.27;

export interface GeneratorState {
  readonly id: string;
  /** VA; 0: the site has none. */
  readonly rating: number;
  state: "off" | "cranking" | "warming" | "running";
  since: number;
  powerW: number;
  /** 0..1 of the tank. */
  fuel: number;
  energyWh: number;
}

/** Most active power it gives, W. */
export const generatorPower = (set: GeneratorState): number => set.rating * POWER_FACTOR;

/** Follows its start contact at plant ms `m`; one that is `dead` cranks and cranks. */
export function crank(set: GeneratorState, wanted: boolean, { m, dead }: { m: number; dead: boolean }): void {
  const enter = (state: GeneratorState["state"]): void => {
    set.state = state;
    set.since = m;
  };
  if (!wanted || set.fuel <= 0) {
    if (set.state !== "off") enter("off");
    return;
  }
  if (set.state === "off") enter("cranking");
  else if (set.state === "cranking" && !dead && m - set.since >= CRANK_MS) enter("warming");
  else if (set.state === "warming" && m - set.since >= WARM_MS) enter("running");
}

/** Burns what `hours` at its present power take. */
export function burn(set: GeneratorState, hours: number): void {
  if (set.rating <= 0 || set.state === "off") return;
  const kva = set.rating / 1_000;
  const litres = hours * (IDLE_PER_KVA * kva + (PER_KWH * set.powerW) / 1_000);
  set.fuel = Math.max(0, set.fuel - litres / (TANK_PER_KVA * kva));
  set.energyWh += set.powerW * hours;
}
