// A mill with its own local history, for the ledger's tests: counters and power told minute by minute.
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SLOT_MS } from "@gridwright/contract/ledger.ts";
import type { History } from "@gridwright/contract/ports.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { localMonth } from "@gridwright/core/ledger/rules.ts";
import { type KeptLedger, openKeptLedger } from "@gridwright/runtime/ledger/kept-ledger.ts";
import { type EndedJob, mendLate, settleNow } from "@gridwright/runtime/ledger/settler.ts";
import { HistoryStore } from "@gridwright/runtime/recorder/history/store.ts";
import { quietLog, siteOf } from "@gridwright/twin/testing/village.ts";

/** A quarter of an hour, 2026-11-10 10:00 UTC. */
export const BEGIN = Date.UTC(2026, 10, 10, 10);
const MINUTE_MS = 60_000;
const meters = ["m1", "m2", "m3", "m4"].map(
  (id, place) => `  ${id}: { link: wire, unit: ${place + 1}, profile: eastron-sdm120 }`,
);

const siteText = (ledger: string): string => `
gridwright: 1
site: { id: mill, name: Mill, timezone: Europe/Madrid }
links: { wire: { kind: modbus-rtu-tcp, host: 127.0.0.1, port: 25001 } }
devices:
${meters.join("\n")}
members: { inn: { name: Inn }, forge: { name: Forge } }
assets:
  line: { kind: grid, name: Line, points: { grid_power: m4/power } }
  street: { kind: feeder, name: Street, parent: line, measure: m1 }
  inn-meter: { kind: meter, name: Inn, parent: street, member: inn, breaker: 25 A, measure: m2 }
  forge-meter: { kind: meter, name: Forge, parent: street, member: forge, breaker: 25 A, measure: m3 }
ledger:
${ledger}
`;
export const PLAIN =
  "  keys: [{ key: pro-rata }]\n  prices: [{ local: 0.08/kWh, bought: 0.24/kWh, given: 0.06/kWh }]\n  sums: agreed";
const models = new Map<string, SiteModel>();
/** The mill with a `ledger:` of its own. */
export function mill(ledger = PLAIN): SiteModel {
  const model = models.get(ledger) ?? siteOf(siteText(ledger));
  models.set(ledger, model);
  return model;
}

/** W of the line, inn and forge in a minute; undefined: that meter says nothing. Its counters follow from it. */
export type Story = (minute: number) => { readonly inn?: number; readonly forge?: number };
/** Counter of the meter at a minute where it is not what its power makes it. */
export type Counters = (id: "inn" | "forge", minute: number, wh: number) => number;

export const steady: Story = (minute) => ({ inn: 660 + 6 * (minute % 7), forge: 1_230 + 12 * (minute % 5) });
export const plainCounters: Counters = (_id, _minute, wh) => wh;

/** The history of `slots` quarters of an hour, and what tells that they are over. */
export function historyOf(slots: number, story: Story = steady, counters: Counters = plainCounters): History {
  const folder = mkdtempSync(join(tmpdir(), "gridwright-ledger-history-"));
  const store = new HistoryStore({
    path: join(folder, "h.sqlite"),
    daysPath: join(folder, "d.sqlite"),
    zone: mill().zone,
  });
  const total = { inn: 41_000, forge: 73_500, street: 9_000 };
  const samples: { channel: string; t: number; value: number | null }[] = [];
  for (let minute = 0; minute <= (slots * SLOT_MS) / MINUTE_MS + 2; minute += 1) {
    const t = BEGIN + minute * MINUTE_MS;
    const told = story(minute);
    const truth = steady(minute);
    for (const id of ["inn", "forge"] as const) {
      total[id] += (truth[id] ?? 0) / 60;
      const value = told[id] === undefined ? null : counters(id, minute, total[id]);
      samples.push({ channel: `${id}-meter/energy_import`, t, value });
    }
    const all = (truth.inn ?? 0) + (truth.forge ?? 0);
    total.street += all / 60;
    samples.push({ channel: "street/energy_import", t, value: total.street });
    samples.push({ channel: "line/grid_power", t, value: all + 30 });
  }
  store.accept({ samples, until: samples.at(-1)?.t, next: { segment: 1, offset: 0 } });
  return {
    query: async (query) => store.query(query),
    periods: async (query) => store.periods(query),
    counts: async () => store.counts(),
    close: async () => store.close(),
  };
}

export const dataFolder = (): string => mkdtempSync(join(tmpdir(), "gridwright-ledger-"));

export interface Kept {
  readonly dataDir: string;
  readonly history: History;
  readonly model?: SiteModel;
  readonly jobs?: readonly EndedJob[];
}

/** Opens the ledger of a folder, settles all that its history tells, and looks for what came late. */
export async function settled({ dataDir, history, model = mill(), jobs = [] }: Kept): Promise<KeptLedger> {
  const monthOf = (t: number): string => localMonth(model.zone, t);
  const kept = await openKeptLedger({ dataDir, monthOf, log: quietLog });
  const options = { kept, history, model, jobs: () => jobs, wall: () => BEGIN + 20 * 3_600_000 };
  while ((await settleNow(options)) > 0);
  await mendLate(options);
  return kept;
}
