// A small community for the ledger's tests, written as text: sun, battery and line above two feeders; three members, of whom
// inn has a roof of its own, a shared pump, and a meter of somebody who left.
import type {
  JobEntry,
  KeyKind,
  LedgerMeter,
  LedgerRules,
  MeterEntry,
  MeterRole,
  Transfer,
} from "@gridwright/contract/ledger.ts";
import type { Counted } from "./settle.ts";

type Placed = readonly [id: string, role: MeterRole, account: string, under?: string | null];
const meter = ([id, role, account, under = null]: Placed): LedgerMeter => ({
  ...{ id, role, account, under },
  channels: { in: `${id}/energy_import`, out: null, power: null },
});

const PLACED: readonly Placed[] = [
  ["roof", "sun", "sun"],
  ["battery", "battery", "battery"],
  ["line", "grid", "grid"],
  ["street", "feeder", "losses:street"],
  ["bakery-meter", "member", "member:bakery", "street"],
  ["inn-meter", "member", "member:inn", "street"],
  ["yard", "feeder", "losses:yard", "street"],
  ["forge-meter", "member", "member:forge", "yard"],
  ["saw", "shared", "shared:saw", "yard"],
  ["attic", "member", "vacant:attic"],
];
const METERS = PLACED.map(meter);

export const rulesOf = (
  kind: KeyKind,
  weights = { bakery: 300_000, forge: 200_000, inn: 500_000 },
): LedgerRules => ({
  meters: METERS,
  key: { kind, weights },
  prices: { local: 90_000, bought: 240_000, given: 70_000 },
});

/** Entries as `roof 700, battery 30/110`: in, out after the slash; `?` told nothing, `~` only a part. The others are 3 Wh. */
export function entriesOf(text: string): readonly MeterEntry[] {
  const said = new Map(
    text.split(", ").map((part) => {
      const [id = "", wh = ""] = part.split(" ");
      return [id, wh] as const;
    }),
  );
  return METERS.map(({ id }) => {
    const wh = said.get(id) ?? "3";
    if (wh === "?") return [0, 0, "none", null];
    const [wIn = "0", out = "0"] = wh.replace("~", "").split("/");
    return [Number(wIn), Number(out), wh.startsWith("~") ? "part" : "ok", null];
  });
}

export const counted = (
  text: string,
  kind: KeyKind = "pro-rata",
  jobs: readonly JobEntry[] = [],
): Counted => ({
  ...{ rules: rulesOf(kind), entries: entriesOf(text), jobs },
});

export const lines = (transfers: readonly Transfer[]): readonly string[] =>
  transfers.map(([kind, from, to, wh]) => `${kind} ${from} → ${to} ${wh}`);
