// What a member went without in a month, and what its days allowed: from lines that were kept as it happened, since the journal
// does not reach so far back. Pure; times are plant wall time, ms since 1970.
import type { Decider, Decision } from "@gridwright/contract/decision.ts";
import { isConsumer } from "@gridwright/contract/site/assets.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { SHEDS } from "../fairness/owners.ts";
import { isOff } from "../tick.ts";

/** Who takes supply from a load: rules that shed, its home's own day or limit, and a box that acted by itself. */
const TAKES: ReadonlySet<Decider> = new Set<Decider>([...SHEDS, "allowance", "box"]);

export type ServedLine =
  /** From here on it is known what was switched off. */
  | { readonly k: "begin"; readonly at: number }
  /** A member's load goes off for want of supply, or for its own day or limit. */
  | { readonly k: "off"; readonly at: number; readonly asset: string; readonly rule: Decider }
  /** It is no longer off for that. */
  | { readonly k: "on"; readonly at: number; readonly asset: string }
  /** A member's local day; the last line of a day counts. */
  | ServedDay;

export interface ServedDay {
  readonly k: "day";
  readonly at: number;
  /** Of the site's local time, 2026-11-03. */
  readonly day: string;
  readonly member: string;
  readonly allowanceWh: number;
  /** As its allowance counts it: less in surplus, more in scarcity. */
  readonly countedWh: number;
}

export interface Off {
  readonly asset: string;
  readonly rule: Decider;
  readonly ms: number;
  readonly times: number;
}

export interface Allowed {
  /** Days of which it is known. */
  readonly days: number;
  readonly grantedWh: number;
  readonly countedWh: number;
  /** Days on which it was used up. */
  readonly exceeded: number;
}

export interface Served {
  readonly offs: readonly Off[];
  /** null: its days are not limited. */
  readonly allowed: Allowed | null;
}

/** Whose load it is; undefined: nobody's, or no load. */
export function ownerOf({ assets }: SiteModel, asset: string): string | undefined {
  const spec = assets[asset]?.spec;
  return spec !== undefined && isConsumer(spec) ? spec.member : undefined;
}

/** What of a decision about a member's load is kept. `open`: loads that are off by an earlier line. */
export function servedLine(
  { asset, set, rule, at }: Pick<Decision, "asset" | "set" | "rule" | "at">,
  open: ReadonlyMap<string, Decider>,
): ServedLine | undefined {
  const taken = isOff(set) && TAKES.has(rule);
  if (!taken) return open.has(asset) ? { k: "on", at, asset } : undefined;
  return open.get(asset) === rule ? undefined : { k: "off", at, asset, rule };
}

export interface MonthSpan {
  /** Of the local month, ms; `to` is the next month's begin, or now where that is earlier. */
  readonly from: number;
  readonly to: number;
  readonly model: SiteModel;
}

/** Each stretch that a load was off, as lines tell it; what is still off ends at `to`. */
function* stretches(lines: readonly ServedLine[], to: number) {
  const open = new Map<string, { readonly since: number; readonly rule: Decider }>();
  for (const line of lines) {
    if (line.k !== "off" && line.k !== "on") continue;
    const before = open.get(line.asset);
    if (before !== undefined) yield { asset: line.asset, ...before, until: line.at };
    open.delete(line.asset);
    if (line.k === "off") open.set(line.asset, { since: line.at, rule: line.rule });
  }
  for (const [asset, { since, rule }] of open) yield { asset, since, rule, until: to };
}

function offsOf(lines: readonly ServedLine[], { from, to, model }: MonthSpan): ReadonlyMap<string, Off[]> {
  const all = new Map<string, Off & { readonly member: string }>();
  for (const { asset, rule, since, until } of stretches(lines, to)) {
    const ms = Math.min(until, to) - Math.max(since, from);
    const member = ownerOf(model, asset);
    if (ms <= 0 || member === undefined) continue;
    const before = all.get(`${asset} ${rule}`);
    all.set(`${asset} ${rule}`, {
      ...{ member, asset, rule },
      ...{ ms: (before?.ms ?? 0) + ms, times: (before?.times ?? 0) + 1 },
    });
  }
  const sorted = [...all.values()].sort((a, b) => b.ms - a.ms || (a.asset < b.asset ? -1 : 1));
  return new Map(
    [...Map.groupBy(sorted, ({ member }) => member)].map(([member, own]) => [
      member,
      own.map(({ member: _own, ...off }) => off),
    ]),
  );
}

function allowedOf(days: readonly ServedDay[]): Allowed | null {
  const last = [...new Map(days.map((day) => [day.day, day])).values()];
  if (last.length === 0) return null;
  return {
    days: last.length,
    grantedWh: last.reduce((sum, { allowanceWh }) => sum + allowanceWh, 0),
    countedWh: last.reduce((sum, { countedWh }) => sum + countedWh, 0),
    exceeded: last.filter(({ allowanceWh, countedWh }) => countedWh >= allowanceWh).length,
  };
}

/** Member → what it went without; `month` is the local month, 2026-11. Lines stand in the order in which they were kept. */
export function servedMonth(
  lines: readonly ServedLine[],
  month: string,
  span: MonthSpan,
): ReadonlyMap<string, Served> {
  const offs = offsOf(lines, span);
  const days = lines.filter((line): line is ServedDay => line.k === "day" && line.day.startsWith(month));
  const byMember = Map.groupBy(days, ({ member }) => member);
  return new Map(
    Object.keys(span.model.site.members).map((member) => [
      member,
      { offs: offs.get(member) ?? [], allowed: allowedOf(byMember.get(member) ?? []) },
    ]),
  );
}
