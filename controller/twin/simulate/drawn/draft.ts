// A site file that is being written, as plain data in the words of the site file: what hangs on what, and which addresses
// are taken. Every part of the draw adds to it; nothing here knows what is likely.
import type { PhaseName } from "@gridwright/contract/points.ts";
import type { Dice } from "./dice.ts";

/** What a key of a site file holds. */
export type Words =
  | string
  | number
  | boolean
  | readonly Words[]
  | { readonly [key: string]: Words | undefined };
export type Entry = { readonly [key: string]: Words | undefined };

/** How the plant is fed. `island`: inverter and battery alone; `backup`: they stand behind a line; `beside`: batteries that
 * are told how much stand beside a line and form nothing; `line`: only a line. */
export type Supply = "island" | "backup" | "beside" | "line";

export interface Frame {
  readonly supply: Supply;
  readonly phases: readonly PhaseName[];
  /** VA of the inverter in all phases, or what the line's breaker bears. */
  readonly ratingVa: number;
  /** The line is thin and often away. */
  readonly weak: boolean;
}

export interface Draft {
  readonly dice: Dice;
  readonly frame: Frame;
  readonly links: Record<string, Entry>;
  readonly devices: Record<string, Entry>;
  readonly members: Record<string, Entry>;
  readonly assets: Record<string, Entry>;
  /** VA that what cannot be switched off may still take, and what opted out. */
  firmVa: number;
  optOutVa: number;
  /** VA that a phase bears at the narrowest place above a load. */
  phaseVa: number;
}

const FIRST_PORT = 15_200;
const BROKER = "broker";

export const isModbus = ({ kind }: Entry): boolean => kind !== "mqtt";

/** Adds a link of its own by TCP; gives its id. */
export function tcp({ links }: Draft, id: string): string {
  links[id] ??= { kind: "modbus-tcp", host: "127.0.0.1", port: FIRST_PORT + Object.keys(links).length };
  return id;
}

/** Adds a serial line behind a gateway. */
export function line({ links }: Draft, id: string, baud: number): string {
  const port = FIRST_PORT + Object.keys(links).length;
  links[id] ??= { kind: "modbus-rtu-tcp", host: "127.0.0.1", port, baud, timeout: "300 ms" };
  return id;
}

/** Adds a device on a Modbus link under the next free unit. */
export function device(draft: Draft, id: string, spec: { link: string; profile: string } & Entry): string {
  const taken = Object.values(draft.devices).filter(({ link }) => link === spec.link).length;
  draft.devices[id] = { unit: taken + 1, ...spec };
  return id;
}

/** Adds a device that speaks over the site's broker. */
export function speaker(draft: Draft, id: string, profile: string): string {
  draft.links[BROKER] ??= { kind: "mqtt" };
  draft.devices[id] = { link: BROKER, profile, topic: id };
  return id;
}

const CHANNELS = { "waveshare-relay-8": 8, "waveshare-relay-16": 16 } as const;

/** The next free relay of the site's boards; a full board is followed by another. */
export function relay(draft: Draft): string {
  const { dice, devices } = draft;
  const boards = Object.entries(devices).filter(([id]) => id.startsWith("relays-"));
  const used = Object.values(draft.assets).map(pointOfSwitch);
  for (const [id, { profile }] of boards) {
    const count = CHANNELS[profile as keyof typeof CHANNELS];
    for (let channel = 1; channel <= count; channel += 1)
      if (!used.includes(`${id}/relay_${channel}`)) return `${id}/relay_${channel}`;
  }
  const id = `relays-${boards.length + 1}`;
  const profile = dice.one(["waveshare-relay-8", "waveshare-relay-16"]);
  const link = dice.chance(0.7) ? tcp(draft, id) : line(draft, id, dice.one([9_600, 38_400]));
  device(draft, id, { link, profile });
  return `${id}/relay_1`;
}

function pointOfSwitch({ switch: contact }: Entry): string | undefined {
  if (typeof contact === "string") return contact;
  return typeof contact === "object" && "point" in contact ? String(contact.point) : undefined;
}

/** A switch as the field wires it: what is normally on hangs on a contact that is closed without power. */
export const contact = (point: string, normallyOn: boolean): Words =>
  normallyOn ? { point, contact: "normally-closed" } : point;

/** 1 kVA rather than 1000 VA. */
export const kilo = (value: number, unit: string): string =>
  value >= 1_000 ? `${Math.round(value / 10) / 100} k${unit}` : `${Math.round(value)} ${unit}`;
export const percent = (share: number): string => `${Math.round(share * 100)} %`;
