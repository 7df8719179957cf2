// What a faulty device says instead of the truth, and whether it answers at all. One per device: it remembers what was
// said, so that a stuck device repeats itself and a delayed one tells of the past. The plant itself stays true.
import type { Sample } from "@gridwright/contract/ports.ts";
import { hashText, mix, randomAt } from "../plant/random.ts";
import { MISWIRED } from "./miswired.ts";
import type { DeviceMode } from "./trouble.ts";

/** A delayed device tells what was so long ago, ms. */
const DELAY_MS = 9_000;
const ANSWERS_OF_INTERMITTENT = 0.35;
const WRONG_FACTORS = [10, 0.1, -1, 1.4] as const;
const GARBAGE = [Number.NaN, 1e9, -32_768, 65_535, Number.POSITIVE_INFINITY] as const;

interface Said {
  readonly at: number;
  readonly samples: readonly Sample[];
}

/** What a meter of the same make truly says of such a group now; undefined: there is none. */
export type Neighbour = (group: string) => readonly Sample[] | undefined;

export interface LiarOptions {
  readonly seed: number;
  /** All faults that this day has for it. */
  readonly modes: readonly DeviceMode[];
  /** Whose address it may have. */
  readonly neighbour?: Neighbour;
}

export class Liar {
  readonly #seed: number;
  mode: DeviceMode | undefined;
  /** It will tell of the past somewhen. */
  readonly #remembers: boolean;
  /** By poll group: what was truly so lately, oldest first. */
  readonly #past = new Map<string, Said[]>();
  #throws = 0;
  readonly #neighbour: Neighbour;

  constructor(device: string, { seed, modes, neighbour = () => undefined }: LiarOptions) {
    this.#seed = mix(seed, hashText(device));
    this.#remembers = modes.includes("stuck") || modes.includes("delayed");
    this.#neighbour = neighbour;
  }

  #dice(): number {
    this.#throws += 1;
    return randomAt(this.#seed, this.#throws);
  }

  /** Whether it answers a request now. */
  answers(): boolean {
    if (this.mode === "off") return false;
    return this.mode !== "intermittent" || this.#dice() < ANSWERS_OF_INTERMITTENT;
  }

  /** How much longer than usual it takes, in timeouts. */
  lateness(): number {
    return this.mode === "slow" ? this.#dice() * 1.6 : 0;
  }

  /** What it says of a group at `now`, given the truth. */
  says(group: string, now: number, truth: readonly Sample[]): readonly Sample[] {
    if (this.mode === "misaddressed") return this.#neighbour(group) ?? truth;
    if (this.mode === "backwards" || this.mode === "phase-swapped") return MISWIRED[this.mode](truth);
    return this.#remembers ? this.#recalls(group, now, truth) : this.#says(truth);
  }

  #recalls(group: string, now: number, truth: readonly Sample[]): readonly Sample[] {
    const past = this.#past.get(group) ?? [];
    if (this.mode === "stuck") return past.at(-1)?.samples ?? truth;
    const old = past.findLastIndex(({ at }) => now - at >= DELAY_MS);
    if (old > 0) past.splice(0, old);
    past.push({ at: now, samples: truth });
    this.#past.set(group, past);
    return this.mode === "delayed" ? (past[0]?.samples ?? truth) : this.#says(truth);
  }

  #says(truth: readonly Sample[]): readonly Sample[] {
    if (this.mode === "wrong") return truth.map((sample) => this.#wrong(sample));
    return this.mode === "garbage" ? truth.map((sample) => this.#garbage(sample)) : truth;
  }

  #wrong(sample: Sample): Sample {
    if (!("value" in sample) || typeof sample.value !== "number") return sample;
    const factor = WRONG_FACTORS[this.#seed % WRONG_FACTORS.length] ?? 1;
    return { point: sample.point, value: sample.value * factor };
  }

  #garbage(sample: Sample): Sample {
    const { point } = sample;
    if (!("value" in sample)) return sample;
    const dice = this.#dice();
    if (typeof sample.value === "boolean") return { point, value: dice < 0.5 };
    const senseless = GARBAGE[Math.floor(dice * GARBAGE.length * 2)];
    return { point, value: senseless ?? sample.value * 20 * (this.#dice() - 0.5) };
  }
}
