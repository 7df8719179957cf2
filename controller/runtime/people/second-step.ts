// The second step of signing in (TOTP, RFC 6238, as phones' authenticators make it) and its recovery codes. A code counts
// once. Which codes were used is remembered by their steps, not by the last one: after a leap of the clock the right time
// comes again, and its codes must still do.
import { Secret, TOTP } from "otpauth";
import type { Account } from "./book.ts";
import { digestOf } from "./digest.ts";

const STEP_S = 30;
/** A phone may be half a minute off either way. */
const STEPS_OFF = 1;
const DIGITS = 6;
/** RFC 4226 wants 128 bits at least and recommends 160. */
const SECRET_BYTES = 20;
const USED_KEPT = 8;
export const RECOVERY_CODES = 10;
/** Letters of a recovery code: some 70 bits. */
const RECOVERY_LETTERS = 14;
const ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789";

export type Second = NonNullable<Account["second"]>;
type Random = (bytes: number) => Uint8Array;

const totpOf = (secret: string, whose: { readonly issuer: string; readonly label: string }): TOTP =>
  new TOTP({
    ...whose,
    algorithm: "SHA1",
    digits: DIGITS,
    period: STEP_S,
    secret: Secret.fromBase32(secret),
  });
const NAMELESS = { issuer: "", label: "" };

/** 160 random bits as base32, as authenticators take them. */
export const newSecondSecret = (random: Random): string =>
  new Secret({ buffer: new Uint8Array(random(SECRET_BYTES)).buffer }).base32;

/** What an authenticator reads from a picture: `otpauth://totp/…`. */
export const secondUri = (
  secret: string,
  whose: { readonly issuer: string; readonly label: string },
): string => totpOf(secret, whose).toString();

/** The step of a code that fits at wall time `now` and was not used yet; undefined: it does not. */
function stepOf(code: string, { secret, used }: Second, now: number): number | undefined {
  const delta = totpOf(secret, NAMELESS).validate({ token: code, timestamp: now, window: STEPS_OFF });
  if (delta === null) return undefined;
  const step = Math.floor(now / (STEP_S * 1_000)) + delta;
  return used.includes(step) ? undefined : step;
}

const plainRecovery = (code: string): string => code.toLowerCase().replace(/[^a-z0-9]/g, "");

export interface Passed {
  /** As it stands after the code was used. */
  readonly second: Second;
  readonly by: "code" | "recovery";
}

/** Uses a code of the authenticator, or a recovery code, up; undefined: it is neither. */
export function passSecond(second: Second, given: string, now: number): Passed | undefined {
  const code = given.replace(/\s/g, "");
  const step = /^\d{6}$/.test(code) ? stepOf(code, second, now) : undefined;
  if (step !== undefined)
    return { second: { ...second, used: [...second.used, step].slice(-USED_KEPT) }, by: "code" };
  const hash = digestOf(plainRecovery(given));
  if (!second.recovery.includes(hash)) return undefined;
  return { second: { ...second, recovery: second.recovery.filter((one) => one !== hash) }, by: "recovery" };
}

/** Codes like `k7dmq-w2x9h-fa3q`; told once, kept as hashes. */
export function newRecovery(random: Random): {
  readonly codes: readonly string[];
  readonly hashes: string[];
} {
  const letters = (): string =>
    [...random(RECOVERY_LETTERS)].map((byte) => ALPHABET[byte % ALPHABET.length] ?? "").join("");
  const codes = Array.from({ length: RECOVERY_CODES }, () => letters().replace(/(.{5})(.{5})/, "$1-$2-"));
  return { codes, hashes: codes.map((code) => digestOf(plainRecovery(code))) };
}
