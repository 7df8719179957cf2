// «Oops»: any member holds a machine with a reason, and it gets no start until a technician or its keeper says that it is safe
// again. What runs is let finish: who is in danger presses the emergency stop, which is wired. The hold itself is control's:
// it outlives this process and everything else.
import { join } from "node:path";
import type { Clock } from "@gridwright/contract/clock.ts";
import type { MachineState } from "@gridwright/contract/jobs.ts";
import type { Log } from "@gridwright/contract/log.ts";
import { render } from "@gridwright/contract/render.ts";
import { REQUEST_TTL_MAX_MS, type RequestBody } from "@gridwright/contract/request.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { elapsed, type Mono, millis, seconds } from "@gridwright/contract/units.ts";
import { works } from "@gridwright/core/jobs/machine.ts";
import { z } from "zod";
import type { Requester } from "../bus/requester.ts";
import { inTurns } from "../clock/in-turn.ts";
import { lookAgain } from "../clock/look-again.ts";
import { readKept } from "../data-folder/read-kept.ts";
import { replaceFile } from "../data-folder/replace-file.ts";

const LOOK = seconds(1);
const AGAIN_AFTER = seconds(30);

const Held = z.strictObject({
  why: z.string(),
  /** Account that pressed it. */
  by: z.string(),
  /** ms since 1970, plant time. */
  at: z.number(),
  /** Control holds it; false: it still runs, or control has not answered yet. */
  taken: z.boolean(),
});
export type Held = z.output<typeof Held>;
const Kept = z.strictObject({ version: z.literal(1), held: z.record(z.string(), Held) });

export interface OopsParts {
  readonly model: SiteModel;
  readonly dataDir: string;
  readonly requester: Requester;
  readonly io: Clock;
  readonly log: Log;
  /** How a machine stands; undefined: nobody knows yet. */
  readonly stateOf: (machine: string) => MachineState | undefined;
}

export interface Oops {
  all(): Readonly<Record<string, Held>>;
  /** Resolves once it is kept. False: no such machine. One that is held already stays so, with its first reason. */
  hold(machine: string, held: Omit<Held, "taken">): Promise<boolean>;
  /** Undefined: released; else why not, in English. */
  release(machine: string): Promise<string | undefined>;
  close(): Promise<void>;
}

const DAMAGED = "the file of held machines is damaged; it was put aside. What control holds stays held";

interface State extends OopsParts {
  readonly path: string;
  held: Readonly<Record<string, Held>>;
  /** When control was last asked to hold a machine. */
  readonly askedAt: Map<string, Mono>;
}

async function keep(state: State, held: State["held"]): Promise<void> {
  state.held = held;
  await replaceFile(state.path, JSON.stringify({ version: 1, held }));
}

/** Undefined: control took it; else why not. */
async function ask({ requester }: State, body: RequestBody): Promise<string | undefined> {
  const asking = { role: "technician", body, ttlMs: millis(REQUEST_TTL_MAX_MS) } as const;
  const { outcome, reason } = await requester.send(asking);
  return outcome === "refused" ? render(reason, { language: "en", names: {} }) : undefined;
}

/** Asks control to hold what stands still; what runs is looked at again. */
async function look(state: State): Promise<void> {
  for (const [machine, one] of Object.entries(state.held)) {
    if (one.taken || works(state.stateOf(machine) ?? "unknown")) continue;
    const last = state.askedAt.get(machine);
    const now = state.io.now();
    if (last !== undefined && elapsed(last, now) < AGAIN_AFTER) continue;
    state.askedAt.set(machine, now);
    const why = await ask(state, { kind: "hold", asset: machine, why: one.why });
    if (why !== undefined)
      state.log.warn("control does not hold a machine that a member held", { machine, why });
    else if (state.held[machine] === one)
      await keep(state, { ...state.held, [machine]: { ...one, taken: true } });
  }
}

async function release(state: State, machine: string): Promise<string | undefined> {
  const one = state.held[machine];
  if (one === undefined) return "nobody holds it";
  const cleared = { kind: "clear-hold", asset: machine, why: "it is safe again" } as const;
  const refused = one.taken ? await ask(state, cleared) : undefined;
  if (refused !== undefined) return refused;
  const { [machine]: _gone, ...held } = state.held;
  state.askedAt.delete(machine);
  await keep(state, held);
  return undefined;
}

export function startOops(parts: OopsParts): Oops {
  const { io, log, model, dataDir } = parts;
  const path = join(dataDir, "oops.json");
  const held = readKept(path, Kept, { log, damaged: DAMAGED })?.held ?? {};
  const state: State = { ...parts, path, held, askedAt: new Map() };
  const inTurn = inTurns();
  const looking = lookAgain(io, LOOK, {
    look: () => inTurn(() => look(state)),
    onError: (error) => log.error("a held machine could not be told to control", { error }),
  });
  return {
    all: () => state.held,
    hold: (machine, one) =>
      inTurn(async () => {
        if (model.assets[machine]?.spec.kind !== "machine") return false;
        if (state.held[machine] === undefined)
          await keep(state, { ...state.held, [machine]: { ...one, taken: false } });
        return true;
      }),
    release: (machine) => inTurn(() => release(state, machine)),
    close: looking.close,
  };
}
