// Who switches in the hard week: the brain, through the readings and leases of the closed loop, or a policy of the field in
// its place. A policy sees the plant without age or error, which flatters it; the diesel set starts and stops for all by
// the same step of the site's ladder.
import { type Consumer, isConsumer } from "@gridwright/contract/site/assets.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import type { Epoch } from "@gridwright/contract/units.ts";
import { createPlant } from "@gridwright/twin/plant/plant.ts";
import { setCoil } from "@gridwright/twin/plant/relays.ts";
import type { Scenario } from "@gridwright/twin/plant/scenario.ts";
import type { Coil, PlantWorld } from "@gridwright/twin/plant/world.ts";
import { advance, setStage } from "@gridwright/twin/scenario/stage.ts";
import type { Load, Policy, Seen } from "./policies.ts";

export interface Origin {
  readonly model: SiteModel;
  readonly scenario: Scenario;
  readonly seed: number;
  readonly start: Epoch;
}

export interface Driver {
  readonly world: PlantWorld;
  /** Looks at the plant as it is now and switches. */
  tick(): void | Promise<void>;
}

export function drivenByBrain(origin: Origin): Driver {
  const stage = setStage(origin);
  return { world: stage.world, tick: () => advance(stage, 0) };
}

export const consumerOf = (model: SiteModel, id: string): Consumer | undefined => {
  const spec = model.assets[id]?.spec;
  return spec !== undefined && isConsumer(spec) ? spec : undefined;
};

const switchable = ({ model, loads }: PlantWorld): readonly Load[] =>
  loads.flatMap(({ id, coil, tier }) =>
    coil === undefined ? [] : [{ id, tier, house: consumerOf(model, id)?.member }],
  );

const moveTo = (world: PlantWorld, coil: Coil, energised: boolean): void => {
  if (coil.energised !== energised) setCoil(world, coil.source, { energised });
};

/** Below the threshold of the ladder's step it runs until above the other, never while the grid is there. */
function runGenerator(world: PlantWorld, running: boolean): boolean {
  const step = world.model.site.ladder.find((one) => "start" in one);
  const start = world.model.assets[world.generator.id]?.actuator;
  const coil = start && world.coils.get(`${start.device}/${start.point}`);
  if (step === undefined || coil === undefined) return false;
  const wanted = !world.grid.accepted && world.battery.soc < (running ? step.restore : step.below).value;
  moveTo(world, coil, wanted !== start?.inverted);
  return wanted;
}

export function drivenByPolicy<S>(origin: Origin, policy: Policy<S>): Driver {
  const world = createPlant(origin);
  const loads = switchable(world);
  let state = policy.start;
  let running = false;
  return {
    world,
    tick() {
      const load = Math.max(...world.phases.map(({ inverterVa }) => inverterVa)) / world.inverter.phaseRating;
      const seen: Seen = { now: world.m, soc: world.battery.soc, load, loads };
      const { after, off } = policy.next(state, seen);
      state = after;
      running = runGenerator(world, running);
      for (const { id, coil, inverted } of world.loads)
        if (coil !== undefined) moveTo(world, coil, !off.has(id) !== inverted);
    },
  };
}
