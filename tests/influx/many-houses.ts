// A site of as many metered houses as wanted, and its journal as control writes it, of any length, as fast as it goes: every
// house's power moves each second, as powers do.
import assert from "node:assert/strict";
import type { SnapshotRecord } from "@gridwright/contract/records.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { epoch, mono } from "@gridwright/contract/units.ts";
import { openDisk } from "@gridwright/runtime/journal/disk.ts";
import { SegmentWriter } from "@gridwright/runtime/journal/writer.ts";
import { gardenModel } from "@gridwright/runtime/recorder/garden.ts";

const FLUSH_S = 10;
const SEED = 77;

export const houseNames = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, n) => `house-${n}`);

export function manyHouses(count: number): SiteModel {
  const { assets, ...model } = gardenModel();
  const { house } = assets;
  assert.ok(house);
  const names = houseNames(count);
  return {
    ...model,
    assets: Object.fromEntries(names.map((id) => [id, { ...house, id }])),
    channels: names.map((asset) => ({ asset, point: "power", source: `${asset}-meter/power`, unit: "W" })),
  };
}

/** A value that wanders as powers do: mostly by little, now and then a load that steps. */
function wanderer(seed: number): () => number {
  let state = seed * 2_654_435_761;
  let value = 200 + (seed % 13) * 90;
  const draw = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return () => {
    const before = Math.round(value);
    value += draw() < 0.004 ? (draw() - 0.5) * 1_600 : (draw() - 0.5) * 14;
    value = Math.min(6_000, Math.max(5, value));
    return Math.round(value) === before ? before + 1 : Math.round(value);
  };
}

/** Values of the next second, one of each house. */
export function powers(count: number): () => readonly number[] {
  const walks = Array.from({ length: count }, (_, n) => wanderer(SEED + n));
  return () => walks.map((walk) => walk());
}

export const housesSnapshot = (
  seen: readonly number[],
  { t, m, cause }: { readonly t: number; readonly m: number; readonly cause: SnapshotRecord["cause"] },
): SnapshotRecord => ({
  ...{ k: "snapshot", t: epoch(t), m: mono(m), cause, bootId: "boot-7", siteHash: "5eed" },
  ...{ groups: ["meters:normal"], ages: [140], seen },
  points: seen.map((_, n) => `house-${n}-meter/power`),
  ...{ memory: {}, leases: {}, alarms: [] },
});

export interface HousesJournal {
  readonly dir: string;
  readonly count: number;
  /** Wall time of the first second, ms. */
  readonly begin: number;
  readonly seconds: number;
}

/** The first second is a snapshot, each other one a tick in which every house has a new value. */
export function writeHousesJournal({ dir, count, begin, seconds }: HousesJournal): void {
  // How surely it lies on the card is not what is measured with it.
  const disk = { ...openDisk(dir), sync: () => undefined };
  const writer = new SegmentWriter(disk, { segmentBytesMax: 2_000_000, queueBytesMax: 64_000_000 });
  const next = powers(count);
  let seen = next();
  for (let s = 0; s < seconds; s += 1) {
    const at = { t: begin + s * 1_000, m: 5_000 + s * 1_000 };
    if (s === 0 || writer.state.full) {
      const snapshot = housesSnapshot(seen, { ...at, cause: s === 0 ? "start" : "segment" });
      writer.accept([{ k: "snapshot", line: JSON.stringify(snapshot), opens: true }]);
    }
    if (s > 0) {
      seen = next();
      const tick = { k: "tick", ...at, d: { 0: 140 }, c: { ...seen } };
      writer.accept([{ k: "tick", line: JSON.stringify(tick) }]);
    }
    if (s % FLUSH_S === FLUSH_S - 1) writer.attempt();
  }
  writer.attempt();
  writer.close();
}
