// Two plants for the brain's measurement: the village as its simulated physics give it, without sockets, and a made-up
// site of any size whose values move a little from tick to tick. Both obey at once.
import type { Sample, Sampling } from "@gridwright/contract/ports.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { epoch, mono } from "@gridwright/contract/units.ts";
import { bigGiven, bigSite } from "@gridwright/core/fixtures/big-site.ts";
import { coils, flow, type Given } from "@gridwright/core/fixtures/scene.ts";
import type { Step } from "@gridwright/core/step.ts";
import { createPlant, step as stepPlant } from "@gridwright/twin/plant/plant.ts";
import { deviceQuantity } from "@gridwright/twin/plant/quantity.ts";
import { setCoil } from "@gridwright/twin/plant/relays.ts";
import { village, villageDay } from "@gridwright/twin/testing/village.ts";
import type { BenchPlant } from "./decide.ts";

const START = Date.UTC(2026, 5, 21, 8);
const SEED = 20;
/** The made-up mains: 5 units beside the loads. */
const MAINS = 5;
const CALM_VA = 9_000;
/** Above 150 % of a phase of the made-up inverter. */
const OVERLOAD_VA = 46_000;
const ROUND_MS = 100_000;
const OVERLOAD_AT_MS = 40_000;
const OVERLOAD_MS = 1_000;
/** Times the number of loads, this makes an overload cut about a third of them. */
const DRAW_SCALE = 936;
/** Devices that are not fast answer in every fifth tick. */
const TURNS = 5;

interface PollGroup {
  readonly device: string;
  readonly fast: boolean;
  /** Point of the device, and its name as `device/point`. */
  readonly points: readonly (readonly [point: string, name: string])[];
}

function pollGroups(model: SiteModel): readonly PollGroup[] {
  const groups = Map.groupBy(model.sources, ([, { group }]) => group);
  return [...groups].map(([group, members]) => ({
    device: members[0]?.[1].device ?? "",
    fast: group.endsWith(":fast"),
    points: members.map(([name, { point }]) => [point, name] as const),
  }));
}

type Read = (name: string, point: string, device: string) => number | boolean | undefined;

function sample(point: string, value: number | boolean | undefined): Sample {
  return value === undefined ? { point, absent: "not-available" } : { point, value };
}

const answers = (groups: readonly PollGroup[], turn: number): readonly PollGroup[] =>
  groups.filter(({ fast }, index) => fast || index % TURNS === turn % TURNS);

function samplingsOf(groups: readonly PollGroup[], now: number, read: Read): readonly Sampling[] {
  return groups.map(({ device, points }) => ({
    device,
    at: mono(now),
    samples: points.map(([point, name]) => sample(point, read(name, point, device))),
  }));
}

export function villagePlant(): BenchPlant {
  const model = village();
  const world = createPlant({ model, scenario: villageDay(), seed: SEED, start: epoch(START) });
  const groups = pollGroups(model);
  let turn = 0;
  let last = 0;
  const obeyOne = ({ asset, set }: Step["desired"][number]): void => {
    const actuator = model.assets[asset]?.actuator;
    if (actuator === undefined || set.kind !== "switch") return;
    setCoil(world, `${actuator.device}/${actuator.point}`, { energised: set.on !== actuator.inverted });
  };
  return {
    name: "the village",
    model,
    samplings(now) {
      stepPlant(world, now - last);
      last = now;
      turn += 1;
      return samplingsOf(answers(groups, turn), now, (_, point, device) =>
        deviceQuantity(world, device, point),
      );
    },
    obey: ({ desired }) => desired.forEach(obeyOne),
  };
}

/** `calm`: everything is on. `short`: overloads keep about a third of the loads off and waiting for their return. */
export type Scene = "calm" | "short";

const isDraw = (name: string): boolean => name.startsWith("plug-") && /\/(?:power|current)$/.test(name);

function mains(scene: Scene, now: number): Given {
  const at = now % ROUND_MS;
  const over = scene === "short" && at >= OVERLOAD_AT_MS && at < OVERLOAD_AT_MS + OVERLOAD_MS;
  const va = over ? OVERLOAD_VA : CALM_VA + (now % 7) * 130;
  return { ...flow("inverter", [va, va, va]), ...flow("main", [va, va, va]) };
}

/** A site of `assets` assets; every measured draw moves a little at each answer. */
export function madeUpPlant(assets: number, scene: Scene): BenchPlant {
  const loads = assets - MAINS;
  const model = bigSite(loads);
  const groups = pollGroups(model);
  const given: Record<string, Given[string]> = { ...bigGiven(loads, [CALM_VA, CALM_VA, CALM_VA]) };
  let turn = 0;
  const read: Read = (name) => {
    const value = given[name];
    if (typeof value !== "number") return typeof value === "boolean" ? value : undefined;
    return isDraw(name) ? value * (DRAW_SCALE / loads) * (1 + (turn % 9) / 100) : value;
  };
  return {
    name: `made up, ${scene}`,
    model,
    samplings(now) {
      turn += 1;
      Object.assign(given, mains(scene, now));
      return samplingsOf(answers(groups, turn), now, read);
    },
    obey: (step) => void Object.assign(given, coils(model, step)),
  };
}
