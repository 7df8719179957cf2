// An agreement as the brain remembers it, and when it holds. Wall time says begin and end, as people meant it; an emergency
// is also counted by plant time, so that no setting of the clock makes it last.
import { type Agreement, EMERGENCY_MAX_MS } from "@gridwright/contract/agreement.ts";
import { later, type Mono, millis } from "@gridwright/contract/units.ts";
import type { PlantState } from "../state.ts";

export interface Agreed extends Agreement {
  /** Plant time at which an emergency is over whatever the clock says; null: no emergency. */
  readonly endsAt: Mono | null;
}

type Now = Pick<PlantState, "now" | "wall">;

/** As it is remembered from now on. */
export const agreedAt = (agreement: Agreement, { now, wall }: Now): Agreed => ({
  ...agreement,
  endsAt: agreement.emergency
    ? later(now, millis(Math.min(EMERGENCY_MAX_MS, (agreement.ends ?? wall) - wall)))
    : null,
});

export const isOver = ({ ends, endsAt }: Agreed, { now, wall }: Now): boolean =>
  (ends !== null && wall >= ends) || (endsAt !== null && now >= endsAt);

export const holds = (agreed: Agreed, at: Now): boolean =>
  (agreed.begins === null || at.wall >= agreed.begins) && !isOver(agreed, at);
