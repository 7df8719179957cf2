// All that `check` refuses of a site that can be read: contract's clashes, told where their cure is, and those that contract
// does not know. What only follows from a mistake that is told is left out; at least that one stays. Pure.
import { isConsumer } from "@gridwright/contract/site/assets.ts";
import { clashesIn } from "@gridwright/contract/site/clashes.ts";
import type { Mistake, SiteModel } from "@gridwright/contract/site/model.ts";
import { percent, timeText } from "./figures.ts";
import { retold } from "./retold.ts";
import { supplyClashes } from "./supply-clashes.ts";

const DAY_MS = 86_400_000;
/** What contract says of a socMax that is too low, by what it clashes with. */
const FOLLOWS_SOC_MAX = /, but the battery is charged to .* only: | leaves nothing to use below socMax /;

/** A battery that is charged to no more than what nobody may use. */
const nothingToUse = ({ assets }: SiteModel): readonly Mistake[] =>
  Object.values(assets).flatMap(({ id, spec }) => {
    if (spec.kind !== "battery") return [];
    const { socMax, socMin, restartReserve } = spec;
    const kept = socMin + restartReserve;
    if (socMax > kept + 1e-9) return [];
    const [least, most] = [percent(socMin), percent(socMax)];
    const what =
      socMax > socMin ? `socMin ${least} and restartReserve ${percent(restartReserve)}` : `socMin ${least}`;
    return [
      {
        path: ["assets", id, "socMax"],
        message: `socMax ${most} is not above ${what}: nothing of the battery could be used; write more than ${percent(kept)}, usually 90 % to 100 %`,
      },
    ];
  });

const runsTooLong = ({ assets }: SiteModel): readonly Mistake[] =>
  Object.values(assets).flatMap(({ id, spec }) =>
    isConsumer(spec) && spec.minOn > DAY_MS
      ? [
          {
            path: ["assets", id, "minOn"],
            message: `${timeText(spec.minOn)} is longer than a day: write at most 24 h`,
          },
        ]
      : [],
  );

/** A step beside several limits is told of the first one: what cures it there cures it beside the others. */
function firstLimits(found: readonly Mistake[]): readonly Mistake[] {
  const sides = found.map(({ path, message }) => `${path.join(".")} ${message.replace(/ above «.*/, "")}`);
  return found.filter((_, place) => sides.indexOf(sides[place] ?? "") === place);
}

/** Everything that contradicts itself, the weightiest first; empty for a site that can work as declared. */
export function refusalsOf(model: SiteModel): readonly Mistake[] {
  const unused = nothingToUse(model);
  const found = clashesIn(model).filter(
    ({ message }) => unused.length === 0 || !FOLLOWS_SOC_MAX.test(message),
  );
  return [
    ...supplyClashes(model),
    ...unused,
    ...firstLimits(found.map((mistake) => retold(model, mistake))),
    ...runsTooLong(model),
  ];
}
