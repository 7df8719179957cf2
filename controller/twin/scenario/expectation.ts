// What a scenario file may expect, in the words of the field: what is on or off, mode, alarms, figures below a limit,
// nothing switched. An expectation looks at outcomes only, and says what it saw in its stead; never at the brain's memory.
import type { GridMode } from "@gridwright/contract/messages.ts";
import type { PlantWorld } from "../plant/world.ts";
import { figureOf } from "./figure.ts";
import { amount, countedLoads, duration, Unclear, type Vocabulary } from "./phrase.ts";
import { insteadOfPhrase, type Offered } from "./unknown-phrase.ts";

/** What there is to see at one moment. */
export interface Sight {
  readonly world: PlantWorld;
  /** As the controller takes it; undefined while it is not running. */
  readonly mode: GridMode | undefined;
  /** Sentences of the alarms that stand now. */
  readonly alarms: readonly string[];
  /** Why a load is as it is, as a member reads it; undefined: nobody says. */
  why(load: string): string | undefined;
  /** How the controller wants it (null: it has no switch), and when that changes; where who looks on can tell. */
  wanted?(load: string): { readonly on: boolean | null; readonly until: string } | undefined;
  /** Relays that moved, and trips of the inverter, so far. */
  readonly moves: number;
  readonly trips: number;
  /** Answers so far, `house-2: taken`. */
  readonly answers: readonly string[];
}

/** Undefined when it is so; else what is seen in its stead. `first`: as it was when it began to be expected. */
export type Test = (sight: Sight, first: Pick<Sight, "moves" | "trips">) => string | undefined;

export interface Expectation {
  readonly text: string;
  /** `within`: once until then; `for`: all the time until then; `now`: at this moment. */
  readonly when: "now" | "within" | "for";
  /** ms after its row. */
  readonly lasts: number;
  readonly test: Test;
}

interface Saying extends Offered {
  readonly pattern: RegExp;
  readonly make: (
    groups: readonly string[],
    at: Vocabulary & { readonly because: string | undefined },
  ) => Test;
}

const nameOf = (world: PlantWorld, id: string): string => world.model.assets[id]?.spec.name ?? id;

interface Counted {
  readonly so: readonly string[];
  readonly other: readonly string[];
  readonly states: readonly [wanted: string, other: string];
}

/** `1 of 3 on; off: Pump, Lamp` */
function countText(world: PlantWorld, { so, other, states: [wanted, opposite] }: Counted): string {
  const names = other.map((id) => nameOf(world, id)).join(", ") || "none";
  return `${so.length} of ${so.length + other.length} ${wanted}; ${opposite}: ${names}`;
}

/** Why a load has no supply: the first of those that should have it, and who they are. */
function whyOff(sight: Sight, [id, ...others]: readonly string[]): string {
  if (id === undefined) return "";
  if (!sight.world.busAlive) return "; the bus is dead, so nothing has supply";
  const why = sight.why(id);
  if (why === undefined) return sight.mode === undefined ? "; the controller does not run" : "";
  const { on, until } = sight.wanted?.(id) ?? {};
  const it = others.length === 0 ? "it" : nameOf(sight.world, id);
  if (on === true) return `; the controller wants ${it} on: ${why}`;
  return `; ${it} says: ${why}${until === undefined ? "" : `; ${until}`}`;
}

const LOADS: Saying = {
  example: "water heaters of phase L1 off within 3 s, because overload",
  pattern: /^(.+?)(?: (?:goes|go|is|are|stays|stay|comes|come))? (on|off|back)$/,
  make: ([words = "", state], { because, ...vocabulary }) => {
    const { ids, count } = countedLoads(words, vocabulary);
    const wanted = state !== "off";
    return (sight) => {
      const { world } = sight;
      const so = ids.filter((id) => world.loadById.get(id)?.supplied === wanted);
      const told = so.filter((id) => because === undefined || sight.why(id)?.includes(because) === true);
      if (told.length >= count.least && told.length <= count.most) return undefined;
      const [rest] = told.length < so.length ? so.filter((id) => !told.includes(id)) : [];
      if (rest !== undefined) return `${nameOf(world, rest)} says: ${sight.why(rest) ?? "nothing"}`;
      const other = ids.filter((id) => !so.includes(id));
      const seen = countText(world, { so, other, states: wanted ? ["on", "off"] : ["off", "on"] });
      return wanted && so.length < count.least ? seen + whyOff(sight, other) : seen;
    };
  },
};

const MODES: Readonly<Record<string, GridMode>> = {
  "on the grid": "on-grid",
  "island by inverter": "island-inverter",
  "island by generator": "island-generator",
  "dead bus": "dead-bus",
  retry: "retry",
  returning: "returning",
};
const modeWords = (mode: GridMode | undefined): string =>
  Object.entries(MODES).find(([, one]) => one === mode)?.[0] ?? mode ?? "not running";

const STATE: readonly Saying[] = [
  {
    example: "nothing is switched for 5 min",
    pattern: /^nothing is switched$/,
    make: () => (sight, first) => {
      const moves = sight.moves - first.moves;
      return moves === 0 ? undefined : `${moves} relays moved`;
    },
  },
  {
    example: "mode island by inverter within 5 s",
    pattern: /^mode (.+)$/,
    make: ([words = ""]) => {
      const mode = MODES[words];
      if (mode === undefined)
        throw new Unclear(`«${words}» is no mode; there are ${Object.keys(MODES).join(", ")}`);
      return (sight) => (sight.mode === mode ? undefined : `mode ${modeWords(sight.mode)}`);
    },
  },
  {
    example: "the inverter does not trip for 10 min",
    pattern: /^the inverter (does not trip|trips)$/,
    make:
      ([how]) =>
      (sight, first) => {
        const trips = sight.trips - first.trips;
        return trips > 0 === (how === "trips") ? undefined : `${trips} trips`;
      },
  },
  {
    example: "the generator runs within 2 min",
    pattern: /^the generator (runs|stands)$/,
    make:
      ([how]) =>
      ({ world }) => {
        const { state } = world.generator;
        return (state === "running") === (how === "runs") ? undefined : `it is ${state}`;
      },
  },
  {
    example: "alarm «has not answered» within 15 s",
    pattern: /^(no )?alarm(?: «(.+?)»)?$/,
    make:
      ([no, words = ""]) =>
      ({ alarms }) => {
        const found = alarms.some((alarm) => alarm.includes(words));
        if (found === (no === undefined)) return undefined;
        return alarms.length === 0 ? "no alarm" : `alarms: ${alarms.join("; ")}`;
      },
  },
  {
    example: "house-2 is told «taken» within 2 s",
    pattern: /^(\S+) is told «(.+?)»$/,
    make:
      ([who = "", words = ""]) =>
      ({ answers }) =>
        answers.some((answer) => answer.startsWith(`${who}: `) && answer.includes(words))
          ? undefined
          : `answers: ${answers.join("; ") || "none"}`,
  },
];

const shown = (value: number, unit: string): string => {
  if (unit === "%") return `${(value * 100).toFixed(1)} %`;
  return Math.abs(value) >= 1_000 ? `${(value / 1_000).toFixed(2)} k${unit}` : `${value.toFixed(1)} ${unit}`;
};

const AMOUNT: Saying = {
  example: "the inverter on phase L1 below 95 % within 10 s",
  pattern: /^(.+?)(?: stays| is)? (below|above) (.+)$/,
  make: ([words = "", side, value = ""], vocabulary) => {
    const { unit, phase, read } = figureOf(words, value, vocabulary);
    const limit = amount(value, unit);
    return ({ world }) => {
      const is = read(world, phase);
      return (side === "below" ? is < limit : is > limit) ? undefined : shown(is, unit);
    };
  },
};

export const SAYINGS: readonly Saying[] = [...STATE, AMOUNT, LOADS];

const BECAUSE = /^(.+?), because (.+)$/;
const WHEN = /^(.+?) (within|for) (\S+ \S+)$/;

/** What is said of a load that is named, beside the sayings themselves. */
const OF_LOADS = ["on within 3 min", "off within 10 s", "stays on for 10 min", "above 1.5 kW within 10 s"];
const OFFERED: readonly Offered[] = [
  ...OF_LOADS.map(
    (words): Offered => ({ example: LOADS.example, said: { of: "load", as: (name) => `${name} ${words}` } }),
  ),
  ...SAYINGS,
];

/** What `text` expects. Throws Unclear, saying what may have been meant. */
export function parseExpectation(text: string, vocabulary: Vocabulary): Expectation {
  const [, body = text.trim(), because] = BECAUSE.exec(text.trim()) ?? [];
  const [, saying = body, word, time] = WHEN.exec(body) ?? [];
  const when = word === "within" || word === "for" ? word : "now";
  const lasts = time === undefined ? 0 : duration(time);
  for (const { pattern, make } of SAYINGS) {
    const hit = pattern.exec(saying);
    if (hit === null) continue;
    if (because !== undefined && pattern !== LOADS.pattern)
      throw new Unclear(`«because» belongs to loads that are on or off`);
    return { text, when, lasts, test: make(hit.slice(1), { ...vocabulary, because }) };
  }
  throw new Unclear(`«${text}» is no expectation; ${insteadOfPhrase(text, OFFERED, vocabulary)}`);
}
