// What a scenario file says, asked of a running twin over its line: what happens is made true in its plant, and what is expected
// is compared with its plant and with what control says, which the asker brings along. So one file is played in a closed loop
// and over real sockets alike.
import { GRID_MODES } from "@gridwright/contract/messages.ts";
import { z } from "zod";
import type { PlantWorld } from "../plant/world.ts";
import { parseEvent } from "../scenario/event.ts";
import { parseExpectation, type Sight } from "../scenario/expectation.ts";
import { countsOf, happenInPlant, isOfPlant } from "../scenario/in-plant.ts";
import { Unclear } from "../scenario/phrase.ts";

const PHRASES_MAX = 64;
const phrase = z.string().max(400);
const names = z.record(z.string(), z.array(phrase)).default({});
const count = z.int().nonnegative();

export const Happens = z.strictObject({
  id: z.unknown(),
  happens: z.array(phrase).max(PHRASES_MAX),
  names,
});
export const Expects = z.strictObject({
  id: z.unknown(),
  expects: z.array(z.strictObject({ text: phrase, since: z.strictObject({ moves: count, trips: count }) })),
  names,
  /** What control says; `why` by load. */
  said: z.strictObject({
    mode: z.enum(GRID_MODES).optional(),
    alarms: z.array(z.string()),
    why: z.record(z.string(), z.string()),
  }),
});

/** Gives the complaint about a phrase that means nothing, or that is not the plant's. */
function complaintOf(act: () => void): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    if (error instanceof Unclear) return error.message;
    throw error;
  }
}

export function makeHappen(world: PlantWorld, asked: z.infer<typeof Happens>): { readonly error?: string } {
  const vocabulary = { model: world.model, names: asked.names };
  const error = complaintOf(() => {
    const events = asked.happens.map((text) => parseEvent(text, vocabulary));
    for (const event of events)
      if (!isOfPlant(event)) throw new Unclear(`«${event.kind}» does not befall the plant`);
      else happenInPlant(world, event);
  });
  return error === undefined ? {} : { error };
}

/** For each expectation null where it is so now, else what is seen in its stead. */
export function witness(world: PlantWorld, { expects, names, said }: z.infer<typeof Expects>) {
  const sight: Sight = {
    ...{ world, mode: said.mode, alarms: said.alarms, answers: [] },
    ...countsOf(world),
    why: (load) => said.why[load],
  };
  const seen: (string | null)[] = [];
  const vocabulary = { model: world.model, names };
  const error = complaintOf(() => {
    for (const { text, since } of expects)
      seen.push(parseExpectation(text, vocabulary).test(sight, since) ?? null);
  });
  return { ...countsOf(world), seen, ...(error !== undefined && { error }) };
}
