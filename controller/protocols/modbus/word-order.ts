// A value that makes no sense as it is read and would make sense with its words the other way round: the commonest
// mistake of a profile. Only a hint, with its cure: the manual says which order is right.
import { type PointBase, parsePointName } from "@gridwright/contract/points.ts";
import { decode } from "./codec.ts";
import type { Register } from "./registers.ts";

export interface WordHint {
  readonly point: string;
  /** In the point's own unit and sign. */
  readonly value: number;
  /** What to write in the profile. */
  readonly words: "big" | "little";
}

type Range = readonly [least: number, most: number];

/** What such a value usually is, its amount in the point's unit; wider than any plant, narrower than a swapped word. */
const USUAL: Partial<Record<PointBase, Range>> = {
  voltage: [80, 500],
  frequency: [40, 70],
  current: [0.005, 3_000],
  power: [0.5, 3e6],
  apparent_power: [0.5, 3e6],
  reactive_power: [0.5, 3e6],
  grid_power: [0.5, 3e6],
  load_power: [0.5, 3e6],
  pv_power: [0.5, 3e6],
  battery_power: [0.5, 3e6],
  battery_current: [0.005, 3_000],
  battery_voltage: [8, 1_000],
  soc: [0.01, 1],
  temperature: [0.5, 120],
};

const within = (amount: number, [least, most]: Range): boolean => amount >= least && amount <= most;

/** The hint for one register and the words that were read; undefined where there is nothing to suggest. */
export function wordHint(
  { point, encoding, value, count }: Pick<Register, "point" | "encoding" | "value" | "count">,
  words: readonly number[],
): WordHint | undefined {
  const base = parsePointName(point)?.base;
  const usual = base === undefined ? undefined : USUAL[base];
  if (usual === undefined || count < 2 || words.length !== count || value !== "number") return undefined;
  const other = encoding.words === "big" ? "little" : "big";
  const amount = (order: "big" | "little"): number | undefined => {
    const decoded = decode({ ...encoding, words: order }, words);
    return decoded.kind === "value" && typeof decoded.value === "number" ? decoded.value : undefined;
  };
  const now = amount(encoding.words);
  const turned = amount(other);
  if (now === 0 || turned === undefined || !within(Math.abs(turned), usual)) return undefined;
  const fits = now !== undefined && within(Math.abs(now), usual);
  return fits ? undefined : { point, value: turned, words: other };
}
