// A guess at the profile of a device that has no identity check: where a profile says that voltages and the frequency
// stand, there must be values of a grid. A wrong address, type or word order gives something else. Only a guess: what it
// names must be compared with the device's own display.
import { parsePointName } from "@gridwright/contract/points.ts";
import type { ModbusProfile, Profile } from "@gridwright/contract/profile.ts";
import { decode } from "../modbus/codec.ts";
import { type Register, registersOf } from "../modbus/registers.ts";
import { type Asking, readWords } from "./asking.ts";

/** What a low-voltage grid of any country has. */
const VOLTS: readonly [number, number] = [85, 290];
const HERTZ: readonly [number, number] = [45, 65];

type Judged = "right" | "idle" | "wrong";

const within = (value: number, [least, most]: readonly [number, number]): boolean =>
  value >= least && value <= most;

/** Voltages and the frequency of a profile: few values are so narrow. */
export const telling = (profile: ModbusProfile): readonly Register[] =>
  registersOf(profile).filter(({ point, table }) => {
    const base = parsePointName(point)?.base;
    return (base === "voltage" || base === "frequency") && (table === "input" || table === "holding");
  });

function judge(register: Register, words: readonly number[] | undefined): Judged {
  const decoded = words && decode(register.encoding, words);
  if (decoded?.kind !== "value" || typeof decoded.value !== "number") return "wrong";
  if (register.point === "frequency") return within(decoded.value, HERTZ) ? "right" : "wrong";
  // A phase that is not connected has no voltage.
  if (decoded.value === 0) return "idle";
  return within(decoded.value, VOLTS) ? "right" : "wrong";
}

/** Words that were asked for already. */
export type Cache = Map<string, readonly number[] | undefined>;

function* wordsOf({ table, address, count }: Register, cache: Cache): Asking<readonly number[] | undefined> {
  if (table !== "input" && table !== "holding") return undefined;
  const key = `${table} ${address} ${count}`;
  if (!cache.has(key)) cache.set(key, yield* readWords(table, address, count));
  return cache.get(key);
}

/** How many values are right; 0 when one is wrong, or when frequency or voltage is missing. */
export function* score(registers: readonly Register[], cache: Cache): Asking<number> {
  const right = new Set<string>();
  for (const register of registers) {
    const judged = judge(register, yield* wordsOf(register, cache));
    if (judged === "wrong") return 0;
    if (judged === "right") right.add(register.point);
  }
  const voltage = [...right].some((point) => point.startsWith("voltage"));
  return right.has("frequency") && voltage ? right.size : 0;
}

/** Profiles whose voltages and frequency look right, those with the most such values first. */
export function* guess(profiles: readonly Profile[], cache: Cache): Asking<readonly string[]> {
  const found: { readonly name: string; readonly right: number }[] = [];
  for (const profile of profiles) {
    if (profile.protocol !== "modbus" || profile.identity.length > 0) continue;
    const registers = telling(profile);
    const right = registers.length === 0 ? 0 : yield* score(registers, cache);
    if (right > 0) found.push({ name: profile.profile, right });
  }
  return found.toSorted((a, b) => b.right - a.right).map(({ name }) => name);
}
