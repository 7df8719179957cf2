// Makes an event of a scenario file come true on the stage: in the plant, in the controller's machine, or as a request that
// a person sends. It changes what is, never what the brain thinks of it.
import type { Request } from "@gridwright/contract/request.ts";
import { plantEpoch } from "../plant/world.ts";
import type { StoryEvent } from "./event.ts";
import { happenInPlant, isOfPlant } from "./in-plant.ts";
import { resume, type Stage, stop } from "./stage.ts";

/** A request that is not numbered yet. */
export type Asked = Omit<Request, "id" | "seq">;

/** Gives the request that the event is, if it is one. */
export function happen(stage: Stage, event: StoryEvent): Asked | undefined {
  if (isOfPlant(event)) happenInPlant(stage.world, event);
  else if (event.kind === "processes") (event.run ? resume : stop)(stage);
  else if (event.kind === "clock")
    stage.clockError = event.shows === undefined ? 0 : event.shows - plantEpoch(stage.world);
  else {
    const { issuer, role, ttlMs, body } = event;
    return { issuer, role, ttlMs, body };
  }
  return undefined;
}
