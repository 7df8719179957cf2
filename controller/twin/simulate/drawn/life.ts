// How a drawn site lives on its day: what its line and its set give, how busy its machines are, and the troubles that its
// kind of plant has beside those of every day: a thin line that is often away, a set that does not start.
import { isConsumer } from "@gridwright/contract/site/assets.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { mix, randomFrom } from "../../plant/random.ts";
import type { Scenario } from "../../plant/scenario.ts";
import { type Day, drawDay, type Feed } from "../day.ts";
import type { Befalling, Trouble } from "../trouble.ts";
import { type Dice, diceOf } from "./dice.ts";
import type { Frame } from "./draft.ts";
import { kilo, percent } from "./draft.ts";

const SALT = 8_209;

/** Nobody sets an inverter's AC input above the breaker before it. */
function feedOf(dice: Dice, { weak, ratingVa }: Frame, { assets }: SiteModel): Feed {
  const breaker = Math.min(
    ...Object.values(assets).map(({ spec }) => (spec.kind === "grid" ? (spec.breaker ?? 16) : 99)),
  );
  const amps = weak ? Math.min(breaker, dice.one([4, 6, 10])) : breaker;
  return {
    grid: { inputLimit: `${amps} A`, charge: kilo(ratingVa * dice.between(0.05, 0.3), "W") },
    generator: { fuel: percent(dice.chance(0.2) ? dice.between(0.02, 0.2) : dice.between(0.3, 1)) },
  };
}

function habitsOf(dice: Dice, { assets }: SiteModel): Scenario["habits"] {
  return Object.fromEntries(
    Object.values(assets).flatMap(({ id, spec }) =>
      isConsumer(spec) && spec.kind === "machine" && dice.chance(0.5)
        ? [[id, { habit: "machine" as const, busy: dice.between(0.1, 0.9), share: dice.between(0.4, 1) }]]
        : [],
    ),
  );
}

interface Span {
  readonly dice: Dice;
  readonly hours: number;
}

/** Up to `most` of them, each for `low` to `high` minutes. */
function some(
  { dice, hours }: Span,
  most: number,
  make: () => readonly [Befalling, number, number],
): Trouble[] {
  return Array.from({ length: dice.whole(0, most) }, () => {
    const [what, low, high] = make();
    const at = Math.floor(dice.between(30, hours * 3_600 - 60)) * 1_000;
    return { ...what, at, forMs: Math.round(dice.between(low, high) * 60) * 1_000 };
  });
}

const fault = (kind: "grid-lost" | "generator-dead" | "generator-off" | "generator-fault"): Befalling => ({
  kind: "plant",
  fault: { kind },
});

/** Beside the faults of every day. */
function troublesOf(span: Span, frame: Frame, { assets }: SiteModel): Trouble[] {
  const { dice } = span;
  const set = Object.values(assets).some(({ spec }) => spec.kind === "generator");
  return [
    ...(frame.weak ? some(span, 6, () => [fault("grid-lost"), 0.2, dice.one([1, 20, 240])]) : []),
    ...(set && dice.chance(0.3)
      ? some(span, 2, () => [fault(dice.one(["generator-dead", "generator-off", "generator-fault"])), 2, 120])
      : []),
  ];
}

export interface Live {
  readonly frame: Frame;
  readonly model: SiteModel;
  readonly seed: number;
  readonly hours: number;
  readonly faults: boolean;
}

/** The day of a drawn site. */
export function drawLife({ frame, model, seed, hours, faults }: Live): Day {
  const dice = diceOf(randomFrom(mix(seed, SALT)));
  const feed = feedOf(dice, frame, model);
  const day = drawDay({ model, seed, hours, habits: habitsOf(dice, model), faults });
  const own = faults ? troublesOf({ dice, hours }, frame, model) : [];
  return { ...day, feed, troubles: [...day.troubles, ...own].sort((left, right) => left.at - right.at) };
}
