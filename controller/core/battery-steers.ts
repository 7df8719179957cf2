// What flows and technicians ask a battery to give or take beside a grid, inside what it and the connection bear. While one is
// asked to charge none gives, and the other way round: no battery ever charges another.
import type { Answer, Request } from "@gridwright/contract/request.ts";
import { later, millis } from "@gridwright/contract/units.ts";
import { personFirst, standingBefore, unexpired } from "./asked-by.ts";
import { type Pack, STEP, stepped } from "./battery-power.ts";
import { limitOf } from "./export-room.ts";
import { answer } from "./intake.ts";
import type { Layout } from "./layout.ts";
import type { Steer } from "./memory.ts";
import { reason, type Tick } from "./tick.ts";
import { NOMINAL_V } from "./view.ts";

type Steers = Readonly<Record<string, Steer>>;
type Grid = Layout["grids"][number];

/** Lent of what a breaker or a contract allows. */
const LENT = 0.9;

/** W that may be imported for it; no limit known: as much as the battery takes. */
const importMaxW = ({ spec, phases }: Grid): number =>
  LENT *
  Math.min(
    spec.importMax ?? Number.POSITIVE_INFINITY,
    (spec.breaker ?? Number.POSITIVE_INFINITY) * NOMINAL_V * phases.length,
  );

/** W that the connection still bears in that direction when told batteries rest. */
function roomW({ layout }: Tick, restW: number, sign: number): number {
  const sum = (of: (grid: Grid) => number): number =>
    layout.grids.reduce((total, grid) => total + of(grid), 0);
  return Math.max(0, sign < 0 ? sum(importMaxW) - restW : sum(limitOf) * LENT + restW);
}

/** Shares of the setpoints with what was asked in place of the automatic ones. `gridW`: import, W. */
export function steered(
  { tick, packs, gridW }: { readonly tick: Tick; readonly packs: readonly Pack[]; readonly gridW: number },
  automatic: readonly number[],
  steers: Steers,
): readonly number[] {
  const asked = packs.map(({ id, power, takeMaxW, giveMaxW }) => {
    const steer = steers[id];
    return steer && Math.max(-takeMaxW, Math.min(giveMaxW, steer.share * power));
  });
  const sign = Math.sign(asked.reduce<number>((sum, watts = 0) => sum + watts, 0));
  if (asked.every((watts) => watts === undefined)) return automatic;
  const wanted = asked.reduce<number>(
    (sum, watts = 0) => sum + (Math.sign(watts) === sign ? Math.abs(watts) : 0),
    0,
  );
  const restW = gridW + packs.reduce((sum, { givesW }) => sum + givesW, 0);
  const part = wanted > 0 ? Math.min(1, roomW(tick, restW, sign) / wanted) : 0;
  return packs.map(({ power }, place) => {
    const watts = asked[place];
    const own = watts === undefined ? (automatic[place] ?? 0) : (watts * part) / Math.max(1, power);
    const agrees = sign === 0 || Math.sign(own) === sign;
    return agrees ? stepped(own) : 0;
  });
}

export interface HeardSteers {
  readonly steers: Steers;
  /** Still without an answer. */
  readonly fresh: readonly Request[];
  readonly answers: readonly Answer[];
}

/** What stands, and what is asked anew; a program waits for what a person asked. */
export function hearSteers({ memory, requests, state }: Tick): HeardSteers {
  const standing = unexpired(memory.steers, state.now);
  if (requests.every(({ body }) => body.kind !== "setpoint"))
    return { steers: standing, fresh: [], answers: [] };
  const steers: Record<string, Steer> = { ...standing };
  const fresh: Request[] = [];
  const answers: Answer[] = [];
  for (const request of requests) {
    const { body, id, issuer, role, ttlMs } = request;
    if (body.kind !== "setpoint") continue;
    const person = standingBefore(request, steers[body.asset], state.now);
    if (person !== undefined) {
      answers.push(answer(request, "refused", personFirst(person)));
      continue;
    }
    const expiresAt = later(state.now, millis(ttlMs));
    steers[body.asset] = { id, issuer, role, share: body.share, why: body.why, expiresAt };
    fresh.push(request);
  }
  return { steers, fresh, answers };
}

/** The answer by what the battery is told now. */
export function steerAnswer(request: Request, told: number | undefined): Answer {
  const { body } = request;
  if (told === undefined || body.kind !== "setpoint")
    return answer(request, "refused", reason("answer-no-grid"));
  const asked = body.share;
  if (Math.abs(told) >= Math.abs(asked) - STEP) return answer(request, "accepted", reason("answer-accepted"));
  return answer(request, "clipped", reason("answer-battery-room", { shareRatio: Math.abs(told) }));
}
