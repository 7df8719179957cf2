// The diesel set: started by its switch, cranks, warms up, feeds the inverter's AC input, burns fuel; its frequency
// droops with load, dips at a step and stalls under too much. All generators of a site as one.

const CRANK_MS = 4_000;
const WARM_MS = 60_000;
/** Active power at its rated VA. */
const POWER_FACTOR = 0.8;
/** A set wants at least this share of its rating; the charger fills up to it. */
export const LOAD_MIN = 0.3;
/** Tank in litres per kVA; consumption in litres per hour idle per kVA, and per kWh. */
const TANK_PER_KVA = 5;
/** Governor: frequency without load, and its fall to full load (droop of 5 %). */
const NO_LOAD_HZ = 51.5;
const DROOP_HZ = 2.5;
/** Dip at a step of full load: within class G2, 10 % at the step that the class is tested with. */
const STEP_DIP_HZ = 7;
/** Time in which it comes back to its droop line, s. */
const GOVERNOR_S = 1.2;
/** Above this share of its power the engine is dragged down, by so much per share. */
const DRAGGED_ABOVE = 1.05;
const DRAG_HZ = 60;
/** It stalls below this. */
const STALL_HZ = 40;
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
  /** What its own meter shows; 0 while it stands. */
  hz: number;
  /** Share of its power at the last step. */
  share: number;
  /** It stalled: it starts again only after its contact was opened. */
  stalled: boolean;
}

/** Most active power it gives, W. */
export const generatorPower = (set: GeneratorState): number => set.rating * POWER_FACTOR;

export interface Start {
  /** Its start contact is closed. */
  readonly wanted: boolean;
  /** It cannot: out of Auto, or with a fault. */
  readonly barred: boolean;
  /** It cranks and does not catch. */
  readonly dud: boolean;
}

/** Follows its start contact at plant ms `m`. */
export function crank(set: GeneratorState, { wanted, barred, dud }: Start, m: number): void {
  const enter = (state: GeneratorState["state"]): void => {
    set.state = state;
    set.since = m;
  };
  if (!wanted) set.stalled = false;
  if (!wanted || barred || set.stalled || set.fuel <= 0) {
    if (set.state !== "off") enter("off");
    return;
  }
  if (set.state === "off") enter("cranking");
  else if (set.state === "cranking" && m - set.since >= CRANK_MS && !dud) enter("warming");
  else if (set.state === "warming" && m - set.since >= WARM_MS) enter("running");
}

export const turns = ({ state }: GeneratorState): boolean => state === "warming" || state === "running";

/** Its frequency after `seconds` at its present power. */
export function turn(set: GeneratorState, seconds: number): void {
  const full = generatorPower(set);
  const share = full > 0 ? set.powerW / full : 0;
  if (!turns(set)) {
    set.hz = 0;
    set.share = 0;
    return;
  }
  const before = set.hz === 0 ? NO_LOAD_HZ : set.hz;
  const dip = STEP_DIP_HZ * Math.max(0, share - set.share);
  const line = NO_LOAD_HZ - DROOP_HZ * share - DRAG_HZ * Math.max(0, share - DRAGGED_ABOVE);
  set.hz = line + (before - dip - line) * Math.max(0, 1 - seconds / GOVERNOR_S);
  set.share = share;
  if (set.hz < STALL_HZ) set.stalled = true;
}

/** Burns what `hours` at its present power take. */
export function burn(set: GeneratorState, hours: number): void {
  if (set.rating <= 0 || set.state === "off") return;
  const kva = set.rating / 1_000;
  const litres = hours * (IDLE_PER_KVA * kva + (PER_KWH * set.powerW) / 1_000);
  set.fuel = Math.max(0, set.fuel - litres / (TANK_PER_KVA * kva));
  set.energyWh += set.powerW * hours;
}
