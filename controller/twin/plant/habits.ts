// What kind of habit a consumer has: told by the scenario (pattern over ids), else guessed from its id, name and
// tier, so that the twin of a site nobody wrote a scenario for still lives. Figures are shares of the rating.
import type { Consumer } from "@gridwright/contract/site/assets.ts";
import { type HabitKind, type HabitSpec, matches, type Scenario } from "./scenario.ts";

export interface Habit {
  readonly kind: HabitKind;
  /** Share of the rating while it works. */
  readonly share: number;
  readonly powerFactor: number;
  /** A motor: starts with its startFactor. */
  readonly motor: boolean;
  /** Machines: share of the working hours in use, and mean lengths of cut and pause in s. */
  readonly busy: number;
  readonly onS: number;
  readonly offS: number;
  /** Follower: the asset it runs with. */
  readonly of: string | undefined;
  /** Follower: and so long after it, in s. */
  readonly runOnS: number;
}

type Figures = Omit<Habit, "kind" | "of" | "runOnS">;
const still = { motor: false, busy: 0, onS: 60, offS: 60 };
const FIGURES: Readonly<Record<HabitKind, Figures>> = {
  steady: { ...still, share: 0.45, powerFactor: 0.95 },
  lights: { ...still, share: 0.9, powerFactor: 0.95 },
  basics: { ...still, share: 0.35, powerFactor: 0.92 },
  sockets: { ...still, share: 0.9, powerFactor: 0.98 },
  heater: { ...still, share: 0.97, powerFactor: 1 },
  pump: { ...still, share: 0.85, powerFactor: 0.78, motor: true },
  "cold-store": { ...still, share: 0.8, powerFactor: 0.8, motor: true },
  machine: { motor: true, busy: 0.4, onS: 70, offS: 90, share: 0.65, powerFactor: 0.8 },
  follower: { ...still, share: 0.75, powerFactor: 0.82, motor: true },
  printer: { ...still, busy: 0.6, share: 0.9, powerFactor: 0.97 },
  ev: { ...still, share: 0.95, powerFactor: 0.99 },
  job: { ...still, share: 0.8, powerFactor: 0.98, onS: 1_800 },
};

/** Words in an asset's id or name, in the order in which they are tried. */
const WORDS: readonly (readonly [RegExp, HabitKind])[] = [
  [/fridge|basics/, "basics"],
  [/heater|boiler|geyser|immersion/, "heater"],
  [/pump|well|borehole/, "pump"],
  [/cold|freez|chill/, "cold-store"],
  [/print/, "printer"],
  [/extract|dust/, "follower"],
  [/socket|kitchen|plug/, "sockets"],
  [/\bways?\b|street|lamp|lights?\b/, "lights"],
  [/controller|server|router$|health|clinic|radio/, "steady"],
];

function guessed(id: string, asset: Consumer): HabitKind {
  if (asset.kind === "ev") return "ev";
  if (asset.feedsController === true) return "steady";
  if (asset.runs === "permit") return "job";
  const text = `${id} ${asset.name}`.toLowerCase();
  const word = WORDS.find(([words]) => words.test(text))?.[1];
  if (asset.kind === "machine") return word === "printer" || word === "follower" ? word : "machine";
  if (word !== undefined) return word;
  return asset.tier === 0 ? "steady" : asset.tier === 1 ? "basics" : asset.tier === 4 ? "heater" : "sockets";
}

const toldBy = (id: string, habits: Scenario["habits"]): HabitSpec | undefined =>
  habits[id] ?? Object.entries(habits).find(([glob]) => matches(glob, id))?.[1];

/** The habit of one consumer. `near` are the ids of the consumers beside it, for followers. */
export function habitOf(
  consumer: { readonly id: string; readonly spec: Consumer },
  habits: Scenario["habits"],
  near: readonly string[],
): Habit {
  const told = toldBy(consumer.id, habits);
  const kind = told?.habit ?? guessed(consumer.id, consumer.spec);
  const figures = FIGURES[kind];
  const followed = near.find((id) => matches(told?.of ?? "*saw*", id));
  return {
    ...figures,
    kind: kind === "follower" && followed === undefined ? "machine" : kind,
    motor: figures.motor && consumer.spec.startFactor > 1.4,
    share: told?.share ?? figures.share,
    busy: told?.busy ?? figures.busy,
    onS: told?.onTime === undefined ? figures.onS : told.onTime / 1_000,
    offS: told?.offTime === undefined ? figures.offS : told.offTime / 1_000,
    of: kind === "follower" ? followed : undefined,
    runOnS: (told?.runOn ?? 0) / 1_000,
  };
}
