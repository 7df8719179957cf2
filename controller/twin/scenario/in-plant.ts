// Makes an event of a scenario file come true in the simulated plant, in-process and behind a running twin's line alike.
import { beginFault, endFault } from "../plant/plant.ts";
import { resetInverter } from "../plant/schedule.ts";
import type { LoadState, PlantWorld } from "../plant/world.ts";
import type { StoryEvent } from "./event.ts";
import type { Sight } from "./expectation.ts";

/** What befalls the plant; all else befalls the controller or is asked of it. */
export type PlantEvent = Extract<StoryEvent, { kind: "fault" | "clouds" | "demand" | "level" | "reset" }>;

const ELSEWHERE: ReadonlySet<StoryEvent["kind"]> = new Set(["processes", "clock", "request"]);
export const isOfPlant = (event: StoryEvent): event is PlantEvent => !ELSEWHERE.has(event.kind);

const loadsIn = (world: PlantWorld, ids: readonly string[]): LoadState[] =>
  ids.flatMap((id) => world.loadById.get(id) ?? []);

export function happenInPlant(world: PlantWorld, event: PlantEvent): void {
  if (event.kind === "fault") (event.begins ? beginFault : endFault)(world, event.fault);
  else if (event.kind === "clouds") world.covered = event.share;
  else if (event.kind === "demand") for (const load of loadsIn(world, event.loads)) load.told = event.share;
  else if (event.kind === "level") for (const load of loadsIn(world, event.loads)) load.store = event.share;
  else resetInverter(world);
}

/** Relays that moved and trips of the inverter, so far. */
export const countsOf = (world: PlantWorld): Pick<Sight, "moves" | "trips"> => ({
  moves: world.coilList.reduce((sum, { changes }) => sum + changes, 0),
  trips: world.inverter.trips,
});
