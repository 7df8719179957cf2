// What can happen in a scenario file, in the words of the field: «grid lost», «house-*-sockets want 95 %», «main-meter
// falls silent». One table of phrases, each with what it means; docs/scenarios.md lists them. Does nothing itself.
import { type RequestBody, ROLES, type Role } from "@gridwright/contract/request.ts";
import type { Fault } from "../plant/faults.ts";
import { DEMAND, WEATHER } from "./demand.ts";
import { deviceOf, duration, oneLoad, pointOf, saidOf, Unclear, type Vocabulary } from "./phrase.ts";
import { insteadOfPhrase, type Offered } from "./unknown-phrase.ts";

export type StoryEvent =
  | { readonly kind: "fault"; readonly fault: Fault; readonly begins: boolean }
  | { readonly kind: "clouds"; readonly share: number }
  /** NaN: they take again what their habit says. */
  | { readonly kind: "demand"; readonly loads: readonly string[]; readonly share: number }
  | { readonly kind: "level"; readonly loads: readonly string[]; readonly share: number }
  | { readonly kind: "processes"; readonly run: boolean }
  /** What the wall clock shows from now on; undefined: the truth. */
  | { readonly kind: "clock"; readonly shows?: number }
  | { readonly kind: "reset" }
  | {
      readonly kind: "request";
      readonly issuer: string;
      readonly role: Role;
      readonly ttlMs: number;
      readonly body: RequestBody;
    };

type Make = (groups: readonly string[], vocabulary: Vocabulary) => StoryEvent;

export interface Phrase extends Offered {
  readonly pattern: RegExp;
  readonly make: Make;
}

const fault = (made: Fault, begins: boolean): StoryEvent => ({ kind: "fault", fault: made, begins });

const SOURCES: readonly Phrase[] = [
  { example: "grid lost", pattern: /^grid lost$/, make: () => fault({ kind: "grid-lost" }, true) },
  { example: "grid back", pattern: /^grid back$/, make: () => fault({ kind: "grid-lost" }, false) },
  {
    example: "the generator will not start",
    pattern: /^the generator will not start$/,
    make: () => fault({ kind: "generator-dead" }, true),
  },
  {
    example: "the generator is mended",
    pattern: /^the generator is mended$/,
    make: () => fault({ kind: "generator-dead" }, false),
  },
  {
    example: "the battery management falls silent",
    pattern: /^the battery management falls silent$/,
    make: () => fault({ kind: "bms-lost" }, true),
  },
  {
    example: "the battery management answers again",
    pattern: /^the battery management answers again$/,
    make: () => fault({ kind: "bms-lost" }, false),
  },
  {
    example: "somebody resets the inverter",
    pattern: /^somebody resets the inverter$/,
    make: () => ({ kind: "reset" }),
  },
];

/** A fault of one device, in the words that follow its id. */
const device = (
  kind: "device-dead" | "device-stuck",
  begins: boolean,
  [id, words]: readonly [string, string],
): Phrase => ({
  example: `${id} ${words}`,
  pattern: new RegExp(`^(.+?) ${words}$`),
  make: ([name = ""], at) => fault({ kind, device: deviceOf(name, at) }, begins),
  said: { of: "device", as: (name) => `${name} ${words}` },
});

const DEVICES: readonly Phrase[] = [
  device("device-dead", true, ["main-meter", "falls silent"]),
  device("device-dead", false, ["main-meter", "answers again"]),
  device("device-stuck", true, ["gx-system", "is frozen but still answers"]),
  device("device-stuck", false, ["gx-system", "moves again"]),
  {
    example: "gx-battery/discharge_current_limit says 0 A",
    pattern: /^(\S+\/\S+) says (?!the truth)(.+)$/,
    make: ([point = "", value = ""], at) =>
      fault({ kind: "point-says", point: pointOf(point, at), value: saidOf(value, point, at) }, true),
  },
  {
    example: "gx-battery/discharge_current_limit says the truth again",
    pattern: /^(\S+\/\S+) says the truth again$/,
    make: ([point = ""], at) => fault({ kind: "point-says", point: pointOf(point, at), value: 0 }, false),
  },
  {
    example: "the relay of house-1-heater welds",
    pattern: /^the relay of (.+?) welds$/,
    make: ([load = ""], at) => fault({ kind: "relay-welded", asset: oneLoad(load, at) }, true),
    said: { of: "load", as: (name) => `the relay of ${name} welds` },
  },
  {
    example: "the relay of house-1-heater is changed",
    pattern: /^the relay of (.+?) is changed$/,
    make: ([load = ""], at) => fault({ kind: "relay-welded", asset: oneLoad(load, at) }, false),
  },
];

const CONTROLLER: readonly Phrase[] = [
  {
    example: "every process stops",
    pattern: /^every process stops$/,
    make: () => ({ kind: "processes", run: false }),
  },
  {
    example: "the processes start again",
    pattern: /^the processes start again$/,
    make: () => ({ kind: "processes", run: true }),
  },
  {
    example: "the clock jumps to 1970-01-01",
    pattern: /^the clock jumps to (\d{4}-\d{2}-\d{2})$/,
    make: ([date = ""]) => ({ kind: "clock", shows: new Date(`${date}T00:00:00Z`).getTime() }),
  },
  {
    example: "the clock is right again",
    pattern: /^the clock is right again$/,
    make: () => ({ kind: "clock" }),
  },
];

const roleOf = (word: string): Role => {
  const role = ROLES.find((one) => one === word);
  if (role === undefined) throw new Unclear(`«${word}» is no role; there are ${ROLES.join(", ")}`);
  return role;
};

const PEOPLE: readonly Phrase[] = [
  {
    example: "member house-2 asks for house-2-heater on for 10 min, because guests come",
    pattern: /^(\w+) (\S+) asks for (.+?) (on|off) for (.+?), because (.+)$/,
    make: ([role = "", issuer = "", load = "", on, ttl = "", why = ""], at) => ({
      kind: "request",
      issuer,
      role: roleOf(role),
      ttlMs: duration(ttl),
      body: { kind: "switch", asset: oneLoad(load, at), on: on === "on", why },
    }),
  },
  {
    example: "technician anna holds pump, because it leaks",
    pattern: /^(\w+) (\S+) holds (.+?), because (.+)$/,
    make: ([role = "", issuer = "", load = "", why = ""], at) => ({
      kind: "request",
      issuer,
      role: roleOf(role),
      ttlMs: 60_000,
      body: { kind: "hold", asset: oneLoad(load, at), why },
    }),
  },
  {
    example: "technician anna clears pump, because it is mended",
    pattern: /^(\w+) (\S+) clears (.+?), because (.+)$/,
    make: ([role = "", issuer = "", load = "", why = ""], at) => ({
      kind: "request",
      issuer,
      role: roleOf(role),
      ttlMs: 60_000,
      body: { kind: "clear-hold", asset: oneLoad(load, at), why },
    }),
  },
];

export const EVENT_PHRASES: readonly Phrase[] = [
  ...WEATHER,
  ...SOURCES,
  ...DEVICES,
  ...CONTROLLER,
  ...PEOPLE,
  ...DEMAND,
];

/** What `text` says happens. Throws Unclear, saying what may have been meant. */
export function parseEvent(text: string, vocabulary: Vocabulary): StoryEvent {
  for (const { pattern, make } of EVENT_PHRASES) {
    const hit = pattern.exec(text.trim());
    if (hit !== null) return make(hit.slice(1), vocabulary);
  }
  // Of a load that is named, what it wants is meant more often than what befalls its relay.
  const hint = insteadOfPhrase(text, [...DEMAND, ...EVENT_PHRASES], vocabulary);
  throw new Unclear(`«${text}» is no event; ${hint}`);
}
