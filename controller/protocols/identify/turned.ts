// Profiles that would fit if the device gave its words the other way round: a setting of the device, or a relative of the
// one that the profile describes. Only a hint; nothing is proposed by it.
import type { IdentityCheck, ModbusProfile, Profile } from "@gridwright/contract/profile.ts";
import { wordCount } from "../modbus/codec.ts";
import type { Register } from "../modbus/registers.ts";
import type { Asking } from "./asking.ts";
import { type Cache, score, telling } from "./guess.ts";

/** Whether a register holds what an identity check wants. */
export type Holds = (check: IdentityCheck) => Asking<boolean>;

const other = (words: "big" | "little"): "big" | "little" => (words === "big" ? "little" : "big");

const turnedCheck = (check: IdentityCheck): IdentityCheck => ({ ...check, words: other(check.words) });
const turnedRegister = (register: Register): Register => ({
  ...register,
  encoding: { ...register.encoding, words: other(register.encoding.words) },
});

function* fits(profile: ModbusProfile, cache: Cache, holds: Holds): Asking<boolean> {
  const { identity } = profile;
  if (identity.length > 0) {
    if (identity.every(({ type }) => wordCount(type) < 2)) return false;
    for (const check of identity) if (!(yield* holds(turnedCheck(check)))) return false;
    return true;
  }
  const registers = telling(profile);
  if (registers.every(({ count }) => count < 2)) return false;
  return (yield* score(registers.map(turnedRegister), cache)) > 0;
}

/** The names of those profiles. */
export function* turned(
  profiles: readonly Profile[],
  cache: Cache,
  holds: Holds,
): Asking<readonly { readonly profile: string; readonly words: "big" | "little" }[]> {
  const found: { profile: string; words: "big" | "little" }[] = [];
  for (const profile of profiles) {
    if (profile.protocol !== "modbus" || !(yield* fits(profile, cache, holds))) continue;
    const own = profile.identity.find(({ type }) => wordCount(type) > 1)?.words;
    const words = own ?? telling(profile).find(({ count }) => count > 1)?.encoding.words ?? "big";
    found.push({ profile: profile.profile, words: other(words) });
  }
  return found;
}
