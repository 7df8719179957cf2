// Makes an event of a scenario file come true on the stage: in the plant, in a device, in the controller's machine, or as
// a request that a person sends. It changes what is, never what the brain thinks of it.
import type { Request } from "@gridwright/contract/request.ts";
import { beginFault, endFault } from "../plant/plant.ts";
import { resetInverter } from "../plant/schedule.ts";
import { type LoadState, type PlantWorld, plantEpoch } from "../plant/world.ts";
import type { StoryEvent } from "./event.ts";
import { resume, type Stage, stop } from "./stage.ts";

/** A request that is not numbered yet. */
export type Asked = Omit<Request, "id" | "seq">;

const loadsIn = (world: PlantWorld, ids: readonly string[]): LoadState[] =>
  ids.flatMap((id) => world.loadById.get(id) ?? []);

type Happening = {
  readonly [K in StoryEvent["kind"]]: (stage: Stage, event: Extract<StoryEvent, { kind: K }>) => void;
};

const HAPPENING: Happening = {
  fault: ({ world }, { fault, begins }) => (begins ? beginFault(world, fault) : endFault(world, fault)),
  clouds({ world }, { share }) {
    world.covered = share;
  },
  demand({ world }, { loads, share }) {
    for (const load of loadsIn(world, loads)) load.told = share;
  },
  level({ world }, { loads, share }) {
    for (const load of loadsIn(world, loads)) load.store = share;
  },
  processes: (stage, { run }) => (run ? resume(stage) : stop(stage)),
  clock(stage, { shows }) {
    stage.clockError = shows === undefined ? 0 : shows - plantEpoch(stage.world);
  },
  reset: ({ world }) => resetInverter(world),
  request: () => undefined,
};

/** Gives the request that the event is, if it is one. */
export function happen(stage: Stage, event: StoryEvent): Asked | undefined {
  (HAPPENING[event.kind] as (stage: Stage, event: StoryEvent) => void)(stage, event);
  if (event.kind !== "request") return undefined;
  const { issuer, role, ttlMs, body } = event;
  return { issuer, role, ttlMs, body };
}
