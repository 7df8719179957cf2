// Somebody pulls cables for a day: links and devices of the demo village, drawn by a seed, one after the other and some at once, each
// for minutes and then plugged in again; at 60×, so a day is 24 minutes. Nothing ends, the houses stay lit, each pull is told and over
// in the end. GRIDWRIGHT_CABLE_SEED plays a day again, GRIDWRIGHT_CABLE_HOURS a shorter one.
import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { loadSite } from "@gridwright/cli/load-site.ts";
import type { ApiState } from "@gridwright/contract/api.ts";
import type { JournalRecord } from "@gridwright/contract/records.ts";
import type { AssetModel, SiteModel } from "@gridwright/contract/site/model.ts";
import { readJournal, START } from "@gridwright/runtime/journal/read.ts";
import { randomFrom } from "@gridwright/twin/plant/random.ts";
import { type Onlooker, onlooker } from "../tools/onlooker.ts";
import { startVillage, until, type Village } from "../tools/village.ts";

const MINUTE_MS = 60_000;
const SEED = Number(process.env.GRIDWRIGHT_CABLE_SEED ?? randomInt(1_000_000));
/** The demo begins a day before now and hurries no more once it is here. */
const HOURS = Number(process.env.GRIDWRIGHT_CABLE_HOURS ?? 23.5);
/** Until the next pull, and for how long: plant minutes. */
const PAUSE_MIN = { least: 1, most: 9 };
const PULLED_MIN = { least: 3, most: 12 };
/** A pull is told within this, plant time. */
const TOLD_MAX_MS = 2 * MINUTE_MS;
/** Who is dark with no decision behind it; a dead bus comes back by itself within this. */
const NEEDED_TIER = 1;
const DARK_MAX_MS = 5 * MINUTE_MS;
const OVER = { withinMs: 120_000, everyMs: 250 };

interface Pull {
  readonly devices: readonly string[];
  /** Plant wall time. */
  readonly from: number;
  readonly until: number;
}
interface Truth {
  readonly m: number;
  readonly t: number;
  readonly relays: Readonly<Record<string, { readonly supplied: boolean }>>;
}

let village: Village;
let eyes: Onlooker;
let model: SiteModel;
before(async () => {
  village = await startVillage({ speed: 60 });
  ({ model } = loadSite(join(village.dataDir, "site.yaml")));
  eyes = await onlooker(village.processes().twin.ports.pace ?? 0);
});
after(async () => {
  eyes?.close();
  await village?.stop();
});

const truth = (): Promise<Truth> => eyes.ask<Truth>({ query: [] });
const state = (): Promise<ApiState> => village.api<ApiState>("/api/v1/state");
async function records(): Promise<readonly JournalRecord[]> {
  const all: JournalRecord[] = [];
  for await (const chunk of readJournal({ dir: join(village.dataDir, "journal"), from: START }))
    all.push(...chunk.records);
  return all;
}

describe(`a day of pulled cables, seed ${SEED}`, () => {
  const pulls: Pull[] = [];
  const random = randomFrom(SEED);
  const between = ({ least, most }: { readonly least: number; readonly most: number }): number =>
    Math.round((least + random() * (most - least)) * MINUTE_MS);

  /** A whole link, or one device of any kind. */
  async function pull(): Promise<void> {
    const links = Object.keys(model.site.links).filter((id) => model.site.links[id]?.kind !== "mqtt");
    const ids = Object.keys(model.devices);
    const link = random() < 0.3 ? links[Math.floor(random() * links.length)] : undefined;
    const device = ids[Math.floor(random() * ids.length)] ?? "";
    const fault = link === undefined ? { kind: "device-dead", device } : { kind: "link-cut", link };
    const forMs = between(PULLED_MIN);
    const { t: from } = await eyes.ask<Truth>({ fault, forMs });
    const devices = link === undefined ? [device] : ids.filter((id) => model.devices[id]?.spec.link === link);
    pulls.push({ devices, from, until: from + forMs });
  }

  let since: ReadonlyMap<string, number> = new Map();
  const dark = new Set<string>();
  const isNeeded = ({ spec }: AssetModel): boolean => "tier" in spec && spec.tier <= NEEDED_TIER;
  /** Notes needed loads that are dark for long with no decision behind it. */
  async function lookAt({ m, relays }: Truth): Promise<void> {
    const needed = Object.values(model.assets).filter(isNeeded);
    const out = needed.filter(({ id }) => relays[id]?.supplied !== true).map(({ id }) => id);
    const assets: ApiState["assets"] = out.length === 0 ? {} : (await state()).assets;
    since = new Map(out.map((id) => [id, assets[id]?.wanted === false ? m : (since.get(id) ?? m)]));
    for (const [id, from] of since) if (m - from > DARK_MAX_MS) dark.add(`${id} at ${m} ms`);
  }

  it("ends no process, and the houses stay lit", async (t) => {
    t.diagnostic(`seed ${SEED}`);
    const begun = village.processes();
    const first = await truth();
    let next = first.m + between(PAUSE_MIN);
    for (let now = first; now.m - first.m < HOURS * 60 * MINUTE_MS; now = await truth()) {
      await lookAt(now);
      if (now.m >= next) {
        await pull();
        next = now.m + between(PAUSE_MIN);
      }
      await eyes.frame();
    }
    const now = village.processes();
    for (const name of ["control", "broker", "twin", "services"] as const)
      assert.equal(now[name].pid, begun[name].pid, `${name} ended`);
    assert.deepEqual([...dark], []);
    assert.ok(pulls.length > HOURS * 2, `${pulls.length} pulls`);
  });

  it("each pull was told in time, and all of them are over in the end", async (t) => {
    const isLost = (id: string): boolean => id.startsWith("device-lost/");
    const over = async (): Promise<boolean> => {
      const { t: now, alarms } = await state();
      const ended = pulls.every((one) => one.until < (now ?? 0) - TOLD_MAX_MS);
      return ended && !alarms.some(({ id }) => isLost(id));
    };
    await until("every alarm of a lost device is over", over, { ...OVER, withinMs: 900_000 });
    const told = (await records()).flatMap((record) => (record.k === "alarm" ? [record] : []));
    const silent = pulls.flatMap(({ devices, from, until: to }) =>
      devices.flatMap((device) => {
        const own = told.filter(({ alarm }) => alarm.id === `device-lost/${device}`);
        const before = own.findLast(({ t: at }) => at <= from);
        const raised = own.some(
          ({ event, t: at }) => event === "raised" && at >= from && at <= Math.min(to, from + TOLD_MAX_MS),
        );
        return raised || before?.event === "raised" ? [] : [`${device} from ${new Date(from).toISOString()}`];
      }),
    );
    assert.deepEqual(silent, []);
    t.diagnostic(`${pulls.length} pulls`);
  });
});
