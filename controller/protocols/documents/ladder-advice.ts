// Advice on the ladder: steps that stand in the wrong order, that chatter, or that come when what they would shed is off
// already. The step that breaks the order is named, not the one beside it. Part of advice.ts.
import type { AssetOf } from "@gridwright/contract/site/assets.ts";
import type { Mistake, SiteModel } from "@gridwright/contract/site/model.ts";
import type { LadderStep } from "@gridwright/contract/site/site.ts";
import { GAP, gapText, levelText, percent } from "./figures.ts";

/** Tiers from here on leave the battery's reserve to those before. */
const RESERVE_TIER = 2;
/** In an order, one step that sheds weighs more than all others together. */
const SHED_WEIGHT = 1_000;

type Rule = (model: SiteModel) => readonly Mistake[];

interface Rung {
  readonly step: LadderStep;
  readonly place: number;
}
interface Shed extends Rung {
  readonly step: Extract<LadderStep, { shed: number }>;
}

const isShed = (rung: Rung): rung is Shed => "shed" in rung.step;

/** Whether one may stand right after the other: less charge, and where both shed, more of what is needed. */
const follows = (later: Rung, before: Rung): boolean =>
  later.step.below.value < before.step.below.value &&
  (!isShed(later) || !isShed(before) || later.step.shed < before.step.shed);

const weightOf = (chain: readonly Rung[]): number =>
  chain.reduce((sum, rung) => sum + (isShed(rung) ? SHED_WEIGHT : 1), 0);
const heaviest = (chains: readonly (readonly Rung[])[]): readonly Rung[] =>
  chains.reduce((best, chain) => (weightOf(chain) > weightOf(best) ? chain : best), []);

/** The most steps that are in order among themselves: what is outside breaks it. */
function inOrder(rungs: readonly Rung[]): readonly Rung[] {
  const chains: (readonly Rung[])[] = [];
  for (const rung of rungs) {
    const before = chains.filter((chain) => chain.slice(-1).every((last) => follows(rung, last)));
    chains.push([...heaviest(before), rung]);
  }
  return heaviest(chains);
}

/** What a misplaced step says of its place beside one that is in order. */
function misplaced({ step, place }: Shed, other: Shed): readonly Mistake[] {
  const isLate = place > other.place;
  const [before, later] = isLate ? [other.step, step] : [step, other.step];
  const stands = isLate ? "stands after" : "stands before";
  const than = isLate ? "less than" : "more than";
  const tiers = `«${later.name}» sheds tier ${later.shed} and later after «${before.name}» did tier ${before.shed} and later`;
  return [
    ...(later.shed >= before.shed
      ? [
          {
            path: ["ladder", place, "shed"],
            message: `${tiers}: it never does anything new, as later steps shed earlier tiers`,
          },
        ]
      : []),
    ...(later.below.value >= before.below.value
      ? [
          {
            path: ["ladder", place, "below"],
            message: `«${step.name}» at ${levelText(step.below)} ${stands} «${other.step.name}» at ${levelText(other.step.below)}, but steps go down with the battery: write ${than} ${levelText(other.step.below)}, or move it`,
          },
        ]
      : []),
  ];
}

const order: Rule = ({ site }) => {
  const rungs = site.ladder.map((step, place): Rung => ({ step, place }));
  return Object.keys(GAP).flatMap((by) => {
    const own = rungs.filter(({ step }) => step.below.by === by);
    const right = inOrder(own);
    return own.filter(isShed).flatMap((rung) => {
      if (right.includes(rung)) return [];
      const steps = right.filter(isShed);
      const above = steps.findLast((one) => one.place < rung.place && !follows(rung, one));
      const other = above ?? steps.find((one) => one.place > rung.place && !follows(one, rung));
      return other === undefined ? [] : misplaced(rung, other);
    });
  });
};

/** Binary fractions make 0.45 − 0.4 a little less than 0.05. */
const lessThan = (value: number, limit: number): boolean => value < limit - 1e-9;

const gaps: Rule = ({ site }) =>
  site.ladder.flatMap(({ below, restore }, place) =>
    lessThan(restore.value - below.value, GAP[below.by])
      ? [
          {
            path: ["ladder", place, "restore"],
            message: `should be at least ${gapText(below.by)} above "below" (10 points are usual), or the step chatters`,
          },
        ]
      : [],
  );

const batteriesOf = ({ assets }: SiteModel): readonly AssetOf<"battery">[] =>
  Object.values(assets).flatMap(({ spec }) => (spec.kind === "battery" ? [spec] : []));

/** The last step of saving must come before the restart reserve, or nothing but tier 0 is left at once. */
const restartFirst: Rule = (model) => {
  const batteries = batteriesOf(model);
  const kept = Math.max(...batteries.map(({ socMin, restartReserve }) => socMin + restartReserve));
  // Steps nearer to the cut-out are refused already.
  const near = Math.max(...batteries.map(({ socMin }) => socMin)) + GAP.soc - 1e-9;
  return model.site.ladder.flatMap((step, place) =>
    "shed" in step && step.below.by === "soc" && step.below.value >= near && step.below.value <= kept
      ? [
          {
            path: ["ladder", place, "below"],
            message: `never begins: below ${Math.round(kept * 100)} % (socMin and restartReserve) all but tier 0 is off already`,
          },
        ]
      : [],
  );
};

/** What leaves the reserve is off before a step of its own comes, wherever no grid is there. */
const reserveFirst: Rule = (model) => {
  const reserve = Math.max(0, ...batteriesOf(model).map((battery) => battery.reserve ?? 0));
  const hasGrid = Object.values(model.assets).some(({ spec }) => spec.kind === "grid");
  const never = hasGrid ? "never begins without a grid" : "never begins";
  return model.site.ladder.flatMap((step, place) =>
    "shed" in step &&
    step.shed >= RESERVE_TIER &&
    step.below.by === "soc" &&
    step.below.value <= reserve + 1e-9
      ? [
          {
            path: ["ladder", place, "below"],
            message: `«${step.name}» ${never}: below ${percent(reserve)} (reserve) tiers ${RESERVE_TIER} to 4 are off already; write more than ${percent(reserve)} instead of ${percent(step.below.value)}, or a reserve below it`,
          },
        ]
      : [],
  );
};

/** All advice on the ladder. */
export const ladderAdvice = (model: SiteModel): readonly Mistake[] =>
  [order, gaps, restartFirst, reserveFirst].flatMap((rule) => rule(model));
