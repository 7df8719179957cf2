// A slot's transfers, from what meters counted and the rules in force. Everything goes through the pool, which is empty again at
// the end of each slot: what sources gave and nobody counted is a loss of the feeder where it vanished. What belongs to all is
// served from the community's own energy first; the rest of it is shared by the key; what is used beyond it was bought.
import {
  type JobEntry,
  jobAccount,
  type LedgerMeter,
  type LedgerRules,
  lossesAccount,
  type MeterEntry,
  memberAccount,
  PLANT,
  POOL,
  type Transfer,
  type TransferKind,
} from "@gridwright/contract/ledger.ts";
import { NOTHING_TOLD } from "./entries.ts";
import { shareOut } from "./share-out.ts";

export interface Counted {
  readonly rules: LedgerRules;
  /** In the order of the rules' meters. */
  readonly entries: readonly MeterEntry[];
  readonly jobs: readonly JobEntry[];
}

const OWN: ReadonlySet<string> = new Set(["sun", "battery"]);

interface Seen {
  readonly meter: LedgerMeter;
  readonly entry: MeterEntry;
}

const seenIn = ({ rules, entries }: Counted): readonly Seen[] =>
  rules.meters.map((meter, place) => ({ meter, entry: entries[place] ?? NOTHING_TOLD }));

const isSource = ({ role }: LedgerMeter): boolean =>
  role !== "feeder" && role !== "member" && role !== "shared";

/** What the meter says flows down through it, Wh: use less what is given; a source takes nothing and gives. */
const downOf = ({ meter, entry: [wIn, out] }: Seen): number => (isSource(meter) ? out - wIn : wIn - out);

/** A transfer of a signed amount: below 0 it goes the other way; 0 is none. */
function moved(kind: TransferKind, [from, to]: readonly [string, string], wh: number): readonly Transfer[] {
  if (wh === 0) return [];
  return wh > 0 ? [[kind, from, to, wh]] : [[kind, to, from, -wh]];
}

const total = (values: Iterable<number>): number => [...values].reduce((sum, value) => sum + value, 0);

/** Wh used by account, in the order of the meters. */
function useOf(seen: readonly Seen[]): ReadonlyMap<string, number> {
  const use = new Map<string, number>();
  for (const { meter, entry } of seen)
    if (meter.role === "member" || meter.role === "shared")
      use.set(meter.account, (use.get(meter.account) ?? 0) + entry[0]);
  return use;
}

/** The community's own energy that its members and what belongs to all can have used, Wh. */
function ownEnergy(seen: readonly Seen[]): number {
  const parts = seen.map(({ meter: { role }, entry: [wIn, out] }) => {
    if (OWN.has(role)) return wIn - out;
    if (role === "grid") return -out;
    return role === "member" || role === "shared" ? out : 0;
  });
  return Math.max(0, total(parts));
}

/** Account → Wh of the community's own energy. */
function localOf({ rules: { key } }: Counted, seen: readonly Seen[]): ReadonlyMap<string, number> {
  const use = useOf(seen);
  const common = [...use].filter(([account]) => account.startsWith("shared:"));
  const own = ownEnergy(seen);
  const claim = ([id, used]: readonly [string, number]) => ({ id, use: used, weight: 1 });
  const first = shareOut("pro-rata", own, common.map(claim));
  const members = Object.entries(key.weights).map(([member, weight]) => {
    const id = memberAccount(member);
    return { id, use: use.get(id) ?? 0, weight };
  });
  return new Map([...first, ...shareOut(key.kind, own - total(first.values()), members)]);
}

function used(counted: Counted, seen: readonly Seen[]): readonly Transfer[] {
  const local = localOf(counted, seen);
  return [...useOf(seen)].flatMap(([account, use]) => {
    const own = local.get(account) ?? 0;
    return [...moved("local", [POOL, account], own), ...moved("bought", [POOL, account], use - own)];
  });
}

/** The feeder's meter above, or the plant; a feeder that told nothing is passed over. */
function aboveOf(seen: readonly Seen[], under: string | null): string {
  const feeder = seen.find(({ meter }) => meter.id === under);
  if (under === null || feeder === undefined) return PLANT;
  return feeder.entry[2] === "none" ? aboveOf(seen, feeder.meter.under) : under;
}

/** What each feeder's meter saw go down less what the meters below it saw, Wh; of the plant: what sources gave. */
export function residuals(counted: Counted): ReadonlyMap<string, number> {
  const seen = seenIn(counted);
  const told = seen.filter(({ meter, entry }) => meter.role !== "feeder" || entry[2] !== "none");
  const left = new Map<string, number>([[PLANT, 0]]);
  for (const one of told) if (one.meter.role === "feeder") left.set(one.meter.id, downOf(one));
  for (const one of told) {
    const above = aboveOf(seen, one.meter.under);
    left.set(above, (left.get(above) ?? 0) - downOf(one));
  }
  return left;
}

/** All transfers of a slot; those of the pool sum to 0. */
export function settle(counted: Counted): readonly Transfer[] {
  const seen = seenIn(counted);
  const flows = seen.flatMap(({ meter, entry: [wIn, out] }) => {
    if (meter.role === "feeder") return [];
    if (!isSource(meter)) return moved("given", [meter.account, POOL], out);
    return [...moved("flow", [meter.account, POOL], wIn), ...moved("flow", [POOL, meter.account], out)];
  });
  const losses = [...residuals(counted)].flatMap(([feeder, wh]) =>
    moved("loss", [POOL, lossesAccount(feeder)], wh),
  );
  const jobs = counted.jobs.flatMap(([, machine, member, wh]) =>
    moved("job", [`shared:${machine}`, jobAccount(member)], wh),
  );
  return [...flows, ...used(counted, seen), ...losses, ...jobs];
}
