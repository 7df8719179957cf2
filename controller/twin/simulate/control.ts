// The simulated controller: observe, decide, act, as runtime's loop does it, with one command per actuator under way.
// It knows only what links deliver and what its keeper kept.
import type { Request } from "@gridwright/contract/request.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { type Epoch, type Mono, mono } from "@gridwright/contract/units.ts";
import {
  commandFailed,
  type Leases,
  type Order,
  type Reconciled,
  type reconcile,
} from "@gridwright/core/leases.ts";
import { initialMemory, type Memory } from "@gridwright/core/memory.ts";
import { initialObservation, type News, observe } from "@gridwright/core/observe.ts";
import type { Observation, PlantState } from "@gridwright/core/state.ts";
import type { DecideInput, Step } from "@gridwright/core/step.ts";
import type { Keeper } from "./keeper.ts";
import type { CardMode } from "./trouble.ts";
import type { Arrival, SimLink } from "./wire.ts";

export interface ControlParts {
  readonly model: SiteModel;
  readonly links: readonly SimLink[];
  readonly brain: (input: DecideInput) => Step;
  readonly hands: typeof reconcile;
  readonly keeper: Keeper;
}

export interface Ticked {
  readonly state: PlantState;
  readonly news: News;
  readonly before: Memory;
  readonly step: Step;
  readonly acted: Reconciled;
}

export interface At {
  readonly now: Mono;
  readonly wall: Epoch;
  readonly requests: readonly Request[];
  /** Ticks were left out since the last one, in which nothing would have changed. */
  readonly leapt: boolean;
}

export class SimControl {
  readonly #parts: ControlParts;
  readonly #linkOf = new Map<string, SimLink>();
  #observation: Observation;
  #memory: Memory;
  #leases: Leases = {};
  #arrivals: Arrival[] = [];
  readonly #busy = new Set<string>();
  readonly #waiting = new Map<string, Order>();
  #failures: string[] = [];
  #wakeAt = 0;
  /** The soonest of the brain's timers. */
  timerAt = 0;
  /** Counts lives: what an earlier life sent is none of this one's. */
  #life = 0;
  alive = true;

  constructor(parts: ControlParts, now: Mono) {
    this.#parts = parts;
    this.#observation = initialObservation(parts.model);
    this.#memory = initialMemory(now);
    for (const link of parts.links) for (const device of link.devices) this.#linkOf.set(device, link);
  }

  hear(arrival: Arrival): void {
    if (this.alive) this.#arrivals.push(arrival);
  }

  /** Whether it ticks at `now`: its time has come, or a fast group was read and that is `urgent`. */
  isDue(now: number, urgent: boolean): boolean {
    if (!this.alive) return false;
    return this.#wakeAt <= now || (urgent && this.#arrivals.some(({ at, fast }) => fast && at <= now));
  }

  die(card: CardMode): void {
    this.#parts.keeper.die(card);
    this.alive = false;
    this.#arrivals = [];
    this.#busy.clear();
    this.#waiting.clear();
    this.#failures = [];
    this.#life += 1;
  }

  rise(now: Mono): void {
    const { keeper, model, links } = this.#parts;
    const known = keeper.resume(now);
    this.#observation = initialObservation(model);
    this.#memory = known?.memory ?? initialMemory(now);
    this.#leases = known?.leases ?? {};
    this.#wakeAt = now;
    this.alive = true;
    for (const link of links) link.renew(now);
  }

  /** A command did not reach its device since the last tick: it is sent again at the next. */
  get hasFailed(): boolean {
    return this.#failures.length > 0;
  }

  #drain(now: number) {
    const come = this.#arrivals.filter(({ at }) => at <= now);
    this.#arrivals = this.#arrivals.filter(({ at }) => at > now);
    return come.map(({ sampling }) => sampling);
  }

  tick({ now, wall, requests, leapt }: At): Ticked {
    const { model, brain, hands, keeper } = this.#parts;
    const samplings = this.#drain(now);
    const seen = observe({ model, before: this.#observation, samplings, now, wall });
    const state: PlantState = { ...seen.after, now, wall };
    // The ticks that were left out would have changed nothing but this.
    const before = leapt ? { ...this.#memory, at: mono(now - model.site.control.tick) } : this.#memory;
    const step = brain({ model, state, memory: before, requests });
    const failed = this.#failures;
    this.#failures = [];
    const leases = failed.reduce((all, asset) => commandFailed(all, asset, now), this.#leases);
    const acted = hands({ model, desired: step.desired, leases, state, now });
    this.#observation = seen.after;
    this.#memory = step.memory;
    this.#leases = acted.leases;
    this.timerAt = step.wakeAt;
    this.#wakeAt = Math.min(step.wakeAt, now + model.site.control.tick);
    for (const order of acted.orders) this.#send(order, now);
    keeper.note({ state, requests, news: seen.news, step, leases: acted.leases, events: acted.events });
    return { state, news: seen.news, before, step, acted };
  }

  #send(order: Order, now: number): void {
    if (this.#busy.has(order.asset)) this.#waiting.set(order.asset, order);
    else this.#start(order, now);
  }

  #start(order: Order, now: number): void {
    const life = this.#life;
    const { asset } = order;
    this.#busy.add(asset);
    this.#linkOf.get(order.device)?.push({
      order,
      sentAt: now,
      done: (confirmed) => {
        if (life !== this.#life) return;
        if (!confirmed) this.#failures.push(asset);
        this.#busy.delete(asset);
        const next = this.#waiting.get(asset);
        this.#waiting.delete(asset);
        if (next !== undefined) this.#start(next, now);
      },
    });
  }
}
