// The rules that hold for a slot: where it is counted, and key and prices of its local day. Pure data of the site file, so
// that the ledger can keep what it went by.
import type { LedgerMeter, LedgerPrices, LedgerRules, SharingKey } from "@gridwright/contract/ledger.ts";
import { heldOn, type LedgerKey, type LedgerSpec } from "@gridwright/contract/site/ledger-spec.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { offsetAt, type ZoneShift } from "@gridwright/contract/site/zone.ts";
import { epoch } from "@gridwright/contract/units.ts";
import { ledgerMeters } from "./meters.ts";

const MILLION = 1_000_000;
const NEED_STEPS = 1_000;

/** The local day of an instant: 2026-11-28. */
export const localDay = (zone: readonly ZoneShift[], t: number): string =>
  new Date(t + offsetAt(zone, epoch(t))).toISOString().slice(0, 10);
/** The local month of an instant: 2026-11. */
export const localMonth = (zone: readonly ZoneShift[], t: number): string => localDay(zone, t).slice(0, 7);

function weightOf({ site }: SiteModel, { key, shares, order }: LedgerKey, member: string): number {
  if (key === "static" || key === "hybrid") return Math.round((shares?.[member] ?? 0) * MILLION);
  if (key === "need") return Math.round((site.members[member]?.need ?? 1) * NEED_STEPS);
  if (key === "pro-rata") return 1;
  return (order ?? []).findIndex((row) => row.includes(member)) + 1;
}

function pricesOf({ prices }: LedgerSpec, day: string): LedgerPrices | null {
  const held = heldOn(prices, day);
  const whole = (price: number): number => Math.round(price * MILLION);
  return held === undefined
    ? null
    : { local: whole(held.local), bought: whole(held.bought), given: whole(held.given) };
}

/** Of a member who left the meter is nobody's. */
const onDay = (meter: LedgerMeter, present: readonly string[]): LedgerMeter => {
  const member = meter.account.replace("member:", "");
  return meter.role === "member" && !present.includes(member)
    ? { ...meter, account: `vacant:${member}` }
    : meter;
};

/** The rules at `t`; undefined: the site keeps no ledger. */
export function rulesAt(model: SiteModel, t: number): LedgerRules | undefined {
  const { ledger, members } = model.site;
  if (ledger === undefined) return undefined;
  const day = localDay(model.zone, t);
  const held = heldOn(ledger.keys, day);
  if (held === undefined) return undefined;
  const present = Object.keys(members)
    .filter((member) => (ledger.left[member] ?? "9999") > day)
    .sort();
  const weights = Object.fromEntries(present.map((member) => [member, weightOf(model, held, member)]));
  const key: SharingKey = { kind: held.key, weights };
  return {
    meters: ledgerMeters(model).map((meter) => onDay(meter, present)),
    key,
    prices: pricesOf(ledger, day),
  };
}
