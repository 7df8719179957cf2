import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { before, describe, it } from "node:test";
import type { Decision } from "@gridwright/contract/decision.ts";
import type { Sampling } from "@gridwright/contract/ports.ts";
import type { JournalRecord } from "@gridwright/contract/records.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { epoch, mono } from "@gridwright/contract/units.ts";
import { loadProfiles, parseSite } from "@gridwright/protocols/documents/site-file.ts";
import { createPlant, step } from "@gridwright/twin/plant/plant.ts";
import { deviceQuantity } from "@gridwright/twin/plant/quantity.ts";
import { setCoil } from "@gridwright/twin/plant/relays.ts";
import { readScenario } from "@gridwright/twin/plant/scenario-file.ts";
import { type PlantWorld, plantEpoch, plantMs } from "@gridwright/twin/plant/world.ts";
import { decide } from "./decide.ts";
import { sourcesByGroup } from "./known-points.ts";
import { type Leases, type Order, reconcile } from "./leases.ts";
import { initialMemory } from "./memory.ts";
import { initialObservation, observe } from "./observe.ts";
import { namesOf, snapshotOf, tickNews } from "./recorded.ts";
import { replay } from "./replay.ts";

const ROOM = new URL("../", import.meta.url);
const text = (path: string): string => readFileSync(new URL(path, ROOM), "utf8");

function village(): SiteModel {
  const folder = new URL("protocols/profiles/", ROOM);
  const files = readdirSync(folder).map((name) => ({
    name,
    text: readFileSync(new URL(name, folder), "utf8"),
  }));
  const parsed = parseSite(
    { name: "village.yaml", text: text("twin/sites/village.yaml") },
    loadProfiles(files).profiles,
  );
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.mistakes));
  return parsed.model;
}

/** Every group whose period has come, as its device says it; at one-second steps. */
const readAll = (model: SiteModel, world: PlantWorld): Sampling[] =>
  [...sourcesByGroup(model).values()].flatMap((members): Sampling[] => {
    const [, { periodMs = 1, device = "" } = {}] = members[0] ?? [];
    if (plantMs(world) % Math.max(1_000, periodMs) >= 1_000) return [];
    const samples = members.map(([, { point }]) => {
      const value = deviceQuantity(world, device, point);
      return value === undefined ? { point, absent: "not-available" as const } : { point, value };
    });
    return [{ device, at: mono(plantMs(world)), samples }];
  });

function obey(world: PlantWorld, { device, point, set, leaseMs }: Order): void {
  if (set.kind !== "switch") return;
  const hold = leaseMs === null ? {} : { holdMs: leaseMs };
  setCoil(world, `${device}/${point}`, { energised: set.on, ...hold });
}

interface Story {
  readonly model: SiteModel;
  readonly world: PlantWorld;
  readonly decisions: readonly Decision[];
  readonly records: readonly JournalRecord[];
  readonly conditions: ReadonlySet<string>;
}

/** The brain and the simulated village, without sockets, for so many plant minutes. */
function live(minutes: number, start: number): Story {
  const model = village();
  const scenario = readScenario(text("twin/scenarios/village-day.yaml"), "village-day.yaml");
  const world = createPlant({ model, scenario, seed: 20, start: epoch(start) });
  let observation = initialObservation(model);
  let memory = initialMemory(mono(plantMs(world)));
  let leases: Leases = {};
  const begun = { m: memory.at, t: plantEpoch(world), bootId: "test", siteHash: model.hash };
  const records: JournalRecord[] = [
    {
      k: "snapshot",
      cause: "start",
      ...begun,
      ...snapshotOf(model, observation, begun.m),
      memory,
      leases,
      alarms: [],
    },
  ];
  const conditions = new Set<string>();
  for (let second = 0; second < minutes * 60; second += 1) {
    step(world, 1_000);
    const at = { m: mono(plantMs(world)), t: plantEpoch(world) };
    const seen = observe({
      model,
      before: observation,
      samplings: readAll(model, world),
      now: at.m,
      wall: at.t,
    });
    observation = seen.after;
    const state = { ...observation, now: at.m, wall: at.t };
    const done = decide({ model, state, memory, requests: [] });
    const acted = reconcile({ model, desired: done.desired, leases, state, now: at.m });
    ({ memory } = done);
    ({ leases } = acted);
    for (const order of acted.orders) obey(world, order);
    for (const { id } of done.conditions) conditions.add(id);
    records.push({ k: "tick", ...at, ...tickNews(seen.news, namesOf(model)) });
    records.push(...done.decisions.map((decision): JournalRecord => ({ k: "decision", ...at, decision })));
  }
  const decisions = records.flatMap((record) => (record.k === "decision" ? [record.decision] : []));
  return { model, world, decisions, records, conditions };
}

describe("the brain runs the simulated village through its first two hours", () => {
  let story: Story;
  before(() => {
    story = live(120, Date.UTC(2026, 10, 21, 20));
  });
  const tier = (asset: string): number => {
    const spec = story.model.assets[asset]?.spec;
    return spec !== undefined && "tier" in spec ? spec.tier : -1;
  };
  const isOff = ({ set }: Decision): boolean => set.kind === "switch" && !set.on;

  it("and the inverter never trips", () => assert.equal(story.world.inverter.trips, 0));
  it("sheds for overload, the least needed only, and brings every one of them back", () => {
    const shed = story.decisions.filter((decision) => decision.rule === "overload" && isOff(decision));
    assert.ok(shed.length >= 3, `${shed.length} were shed`);
    assert.deepEqual([...new Set(shed.map(({ asset }) => tier(asset)))], [4]);
    for (const { asset, at } of shed)
      assert.ok(
        story.decisions.some((later) => later.asset === asset && later.at > at && !isOff(later)),
        asset,
      );
  });
  it("never touches tier 0", () => assert.ok(story.decisions.every(({ asset }) => tier(asset) !== 0)));
  it("sees the grid go, and no switch fails it", () => {
    assert.ok(story.conditions.has("grid-lost"));
    assert.deepEqual(
      [...story.conditions].filter((id) => id !== "grid-lost"),
      ["mode/returning"],
    );
  });
  it("and decides its journal again without a difference", () => {
    const { differences, ticks } = replay(story.model, story.records);
    assert.equal(ticks, 7_200);
    assert.deepEqual(differences, []);
  });
});
