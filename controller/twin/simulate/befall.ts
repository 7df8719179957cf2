// Lets a day's troubles begin and end: faults of devices and links, the controller's death, a wrong clock. Weather,
// demand and the plant's own faults are the scenario's. Also keeps whose word is in doubt.
import type { Request } from "@gridwright/contract/request.ts";
import type { Liar } from "./liar.ts";
import type { Trust } from "./tick.ts";
import { type CardMode, endOf, type Trouble } from "./trouble.ts";
import type { SimLink } from "./wire.ts";

/** For so long after a fault ended its device is not counted on, ms. */
const DOUBT_MS = 180_000;

export interface Victims {
  readonly liars: ReadonlyMap<string, Liar>;
  /** By the link's id. */
  readonly links: ReadonlyMap<string, SimLink>;
  kill(card: CardMode): void;
  rise(): void;
}

interface Edge {
  readonly at: number;
  readonly begins: boolean;
  readonly trouble: Trouble;
}

const edgesOf = (troubles: readonly Trouble[]): Edge[] =>
  troubles
    .flatMap((trouble): Edge[] => [
      { at: trouble.at, begins: true, trouble },
      { at: endOf(trouble), begins: false, trouble },
    ])
    .sort((left, right) => left.at - right.at || Number(left.begins) - Number(right.begins));

export class Happenings {
  readonly #edges: readonly Edge[];
  readonly #victims: Victims;
  #next = 0;
  #requests: Request[] = [];
  /** By device: until when it is in doubt. */
  readonly #doubtUntil = new Map<string, number>();
  #anyUntil = Number.NEGATIVE_INFINITY;
  #killedUntil = Number.NEGATIVE_INFINITY;
  /** By how much the wall clock is wrong now, ms. */
  clockMs = 0;

  constructor(troubles: readonly Trouble[], victims: Victims) {
    this.#edges = edgesOf(troubles);
    this.#victims = victims;
  }

  /** Plant ms of the next begin or end. */
  get nextAt(): number {
    return this.#edges[this.#next]?.at ?? Number.POSITIVE_INFINITY;
  }

  /** Begins and ends what is due; true when anything did. */
  play(now: number): boolean {
    const from = this.#next;
    for (
      let edge = this.#edges[this.#next];
      edge !== undefined && edge.at <= now;
      edge = this.#edges[this.#next]
    ) {
      this.#apply(edge);
      this.#next += 1;
    }
    return this.#next > from;
  }

  /** Somebody outside of the day's own list asks. */
  ask(request: Request): void {
    this.#requests.push(request);
  }

  takeRequests(): readonly Request[] {
    const requests = this.#requests;
    this.#requests = [];
    return requests;
  }

  #apply({ trouble, begins }: Edge): void {
    const { liars, links } = this.#victims;
    switch (trouble.kind) {
      case "device":
        this.#turn(liars.get(trouble.device), begins ? trouble.mode : undefined);
        this.#doubt([trouble.device], endOf(trouble));
        return;
      case "link":
        this.#turn(links.get(trouble.link), begins ? trouble.mode : undefined);
        this.#doubt(links.get(trouble.link)?.devices ?? [], endOf(trouble));
        return;
      case "kill":
        this.#killedUntil = Math.max(this.#killedUntil, endOf(trouble) + DOUBT_MS);
        this.#live(trouble.card, begins);
        return;
      case "clock":
        this.clockMs = begins ? trouble.byMs : 0;
        return;
      case "request":
        if (begins) this.#requests.push(trouble.request);
        return;
      case "plant":
      case "cloud":
      case "demand":
      case "drain":
        return;
    }
  }

  #turn<M>(victim: { mode: M | undefined } | undefined, mode: M | undefined): void {
    if (victim !== undefined) victim.mode = mode;
  }

  #live(card: CardMode, dies: boolean): void {
    if (dies) this.#victims.kill(card);
    else this.#victims.rise();
  }

  #doubt(devices: readonly string[], end: number): void {
    const until = end + DOUBT_MS;
    for (const device of devices)
      this.#doubtUntil.set(device, Math.max(until, this.#doubtUntil.get(device) ?? until));
    this.#anyUntil = Math.max(this.#anyUntil, until);
  }

  trustAt(now: number): Trust {
    const killed = now < this.#killedUntil;
    return {
      doubts: (device) => now < (this.#doubtUntil.get(device) ?? Number.NEGATIVE_INFINITY),
      clear: !killed && now >= this.#anyUntil,
      killed,
    };
  }
}
