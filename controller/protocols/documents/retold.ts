// What contract finds between two keys, told where its cure is written and with what to write there: at the step of a
// ladder, at the largest load. The verdict stays contract's: what is not known here passes as it is. Pure.
import { isConsumer } from "@gridwright/contract/site/assets.ts";
import { type LadderRow, rowsOf } from "@gridwright/contract/site/ladder-rows.ts";
import type { AssetModel, Mistake, SiteModel } from "@gridwright/contract/site/model.ts";
import type { Site } from "@gridwright/contract/site/site.ts";
import { GAP, gapText, levelText, timeText, va } from "./figures.ts";

/** More loads than this are counted, not named. */
const NAMED_MAX = 8;

const RESTORE = /^must be above `below`/;
const OVERLAP = /^«.*» at .* is not .* below «(.*)» at (.*): they would act together or in the wrong order$/;
const FIRM = /^tier 0, opt-outs and loads .* more than (\d+) % of (.*), (\d+) VA: too little would be left/;
const REST = / once off it would be off for good$/;

/** A step that ends below its beginning, with its name and both figures. */
export function retoldStep({ ladder }: Site, mistake: Mistake): Mistake {
  const [section, place] = mistake.path;
  const step = section === "ladder" && RESTORE.test(mistake.message) ? ladder[Number(place)] : undefined;
  if (step === undefined) return mistake;
  const { below, restore, name } = step;
  const [begins, ends] = [levelText(below), levelText(restore)];
  if (below.by !== restore.by) {
    const message = `restore ${ends} and below ${begins} («${name}») are not in the same measure: write both in %, in V or in h`;
    return { ...mistake, message };
  }
  const most = below.by === "soc" ? 1 : Number.POSITIVE_INFINITY;
  const least = levelText({ by: below.by, value: Math.min(most, below.value + GAP[below.by]) });
  return {
    ...mistake,
    message: `restore ${ends} is not above below ${begins} («${name}»): write ${least} or more`,
  };
}

const isDeclared = ({ place, path }: LadderRow): boolean => place !== undefined || path.at(-1) === "reserve";

/** Two rows that stand too near: told of what the community declared, with the figure that would do. */
function overlap(model: SiteModel, mistake: Mistake): Mistake {
  const [, name, figure] = OVERLAP.exec(mistake.message) ?? [];
  const rows = rowsOf(model);
  const low = rows.find(({ path }) => path.join() === mistake.path.join());
  const high = rows.find((row) => row.by === low?.by && row.name === name && levelText(row) === figure);
  if (low === undefined || high === undefined) return mistake;
  const { by } = low;
  const text = (value: number): string => levelText({ by, value });
  const say = (row: LadderRow, way: "above" | "below", other: LadderRow): string =>
    `«${row.name}» at ${text(row.value)} is not ${gapText(by)} ${way} «${other.name}» at ${text(other.value)}: they would act together or in the wrong order; write`;
  return isDeclared(high)
    ? {
        path: high.path,
        message: `${say(high, "above", low)} ${text(low.value + GAP[by])} or more, or lower ${low.path.at(-1)}`,
      }
    : {
        path: low.path,
        message: `${say(low, "below", high)} ${text(high.value - GAP[by])} or less, or raise ${high.path.at(-1)}`,
      };
}

/** Why no comfort or energy rule may take it; undefined: they may. */
function firmness({ site }: SiteModel, { id, spec, actuator }: AssetModel): string | undefined {
  if (!isConsumer(spec)) return undefined;
  if (spec.tier === 0) return "tier 0";
  if (actuator === undefined) return "no switch";
  if (actuator.locked) return "never written";
  if (spec.optOut) return "opted out";
  return site.envelope.never.includes(id) ? "envelope.never" : undefined;
}

/** Too much that cannot be switched off: what takes how much and why, at the largest of it. */
function tooMuchFirm(model: SiteModel, mistake: Mistake): Mistake {
  const [, share, what, limit] = FIRM.exec(mistake.message) ?? [];
  const firm = Object.values(model.assets)
    .flatMap((asset) => {
      const why = firmness(model, asset);
      return why !== undefined && isConsumer(asset.spec)
        ? [{ id: asset.id, why, va: asset.spec.rating }]
        : [];
    })
    .toSorted((a, b) => b.va - a.va);
  const [largest] = firm;
  if (largest === undefined) return mistake;
  const total = firm.reduce((sum, one) => sum + one.va, 0);
  const named = firm.slice(0, NAMED_MAX).map((one) => `${one.id} ${va(one.va)} (${one.why})`);
  const more = firm.length > NAMED_MAX ? ` and ${firm.length - NAMED_MAX} more` : "";
  const most = va((Number(limit) * Number(share)) / 100);
  return {
    path: ["assets", largest.id, "rating"],
    message: `what cannot or must not be switched off takes ${va(total)} together: ${named.join(", ")}${more}; at most ${most} may (${share} % of ${what}, ${limit} VA), or too little would be left to switch off: give one of them a switch and a tier from 1 on, or take a larger ${what?.includes("inverter") ? "inverter" : "battery"}`,
  };
}

function restsTooLong({ assets }: SiteModel, mistake: Mistake): Mistake {
  const spec = assets[String(mistake.path[1])]?.spec;
  if (spec === undefined || !isConsumer(spec)) return mistake;
  return { ...mistake, message: `${timeText(spec.minOff)} is longer than a day: write at most 24 h` };
}

const RETOLD: readonly (readonly [RegExp, (model: SiteModel, mistake: Mistake) => Mistake])[] = [
  [OVERLAP, overlap],
  [FIRM, tooMuchFirm],
  [REST, restsTooLong],
];

/** One of contract's mistakes as it is told here. */
export function retold(model: SiteModel, mistake: Mistake): Mistake {
  const tell = RETOLD.find(([pattern]) => pattern.test(mistake.message))?.[1];
  return tell === undefined ? mistake : tell(model, mistake);
}
