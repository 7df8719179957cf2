// The story of decisions as it is leafed through: what is asked for, the pages that were read from the journal, and what
// control decided since. A controller of the view that shows it; it keeps nothing beyond.
import type { Act } from "@gridwright/contract/acts.ts";
import { actOf } from "@gridwright/contract/acts.ts";
import type { ApiDecision, ApiSite } from "@gridwright/contract/api.ts";
import type { PastDecisions } from "@gridwright/contract/api-past.ts";
import type { ReactiveController, ReactiveControllerHost } from "lit";
import { ask } from "../people/asking.ts";

export const PERIODS = { day: 86_400_000, week: 604_800_000, month: 2_592_000_000 } as const;
export type Period = keyof typeof PERIODS;

/** undefined: everything. */
export interface Wanted {
  readonly asset?: string | undefined;
  readonly member?: string | undefined;
  readonly act?: Act | undefined;
  readonly period?: Period | undefined;
}

const PAGE = 40;

/** What of the newest decisions is wanted, as the journal would answer it. */
export const fits = (site: ApiSite, { asset, member, act }: Wanted, decision: ApiDecision): boolean =>
  (asset === undefined || decision.asset === asset) &&
  (act === undefined || actOf(decision) === act) &&
  (member === undefined ||
    site.assets.some((other) => other.id === decision.asset && other.member === member));

/** Newest first, nothing twice, nothing before `from`. */
export function together(
  live: readonly ApiDecision[],
  read: readonly ApiDecision[],
  from: number,
): readonly ApiDecision[] {
  const all = new Map([...read, ...live].map((decision) => [decision.id, decision]));
  return [...all.values()].filter(({ at }) => at >= from).sort((a, b) => b.at - a.at);
}

export class StoryBook implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #wanted: Wanted = {};
  #read: readonly ApiDecision[] = [];
  /** Where older pages begin; null: there are none; undefined: nothing was read yet. */
  #reachedTo: number | null | undefined;
  #why: string | undefined;
  #busy = false;
  #turn = 0;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  get wanted(): Wanted {
    return this.#wanted;
  }
  get read(): readonly ApiDecision[] {
    return this.#read;
  }
  get reachedTo(): number | null | undefined {
    return this.#reachedTo;
  }
  get why(): string | undefined {
    return this.#why;
  }
  get busy(): boolean {
    return this.#busy;
  }

  hostConnected(): void {
    this.choose({}, Number.NaN);
  }

  /** Begins anew with what is wanted now; `plant`: plant time, ms since 1970. */
  choose(change: Wanted, plant: number): void {
    this.#wanted = { ...this.#wanted, ...change };
    this.#read = [];
    this.#reachedTo = undefined;
    void this.older(plant);
  }

  /** Plant time from which on the wanted period goes; 0: from the beginning. */
  from(plant: number): number {
    const { period } = this.#wanted;
    return period === undefined ? 0 : Math.max(0, Math.floor(plant - PERIODS[period]));
  }

  async older(plant: number): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    this.#busy = true;
    this.#host.requestUpdate();
    const { asset, member, act } = this.#wanted;
    const from = this.from(plant);
    const query = new URLSearchParams({
      limit: String(PAGE),
      ...(from > 0 && { from: String(from) }),
      ...(typeof this.#reachedTo === "number" && { before: String(this.#reachedTo) }),
      ...(asset !== undefined && { asset }),
      ...(member !== undefined && { member }),
      ...(act !== undefined && { act }),
    });
    const told = await ask<PastDecisions>("GET", `history/decisions?${query}`);
    if (turn !== this.#turn) return;
    this.#busy = false;
    this.#why = told.ok ? undefined : told.detail;
    if (told.ok) {
      this.#read = [...this.#read, ...told.data.decisions];
      this.#reachedTo = told.data.reachedTo;
    }
    this.#host.requestUpdate();
  }
}
