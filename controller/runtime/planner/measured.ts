// How things stand now, as the planner takes them from the live view: charge, what runs, what sun and loads give and take.
// What is not fresh is unknown, and what is unknown in part is unknown as a sum.
import type { ApiReading } from "@gridwright/contract/api.ts";
import { isConsumer } from "@gridwright/contract/site/assets.ts";
import type { AssetModel, SiteModel } from "@gridwright/contract/site/model.ts";
import { hasHabits } from "@gridwright/core/plan/site/foretold.ts";
import type { KnownSite } from "@gridwright/core/plan/site/known.ts";
import type { Measured } from "@gridwright/core/plan/site/reality.ts";
import { controlOf, shown, type View } from "../live/view.ts";

interface Seen {
  readonly model: SiteModel;
  readonly view: View;
}

/** From here on a battery takes little, and arrays on an island are held back. */
const FULL_FROM = 0.96;

function fresh({ view }: Seen, channel: string): ApiReading["v"] | undefined {
  const { q, v } = shown(view, channel, controlOf(view).state);
  return q === "fresh" ? v : undefined;
}
function numberOf(seen: Seen, channel: string): number | undefined {
  const value = fresh(seen, channel);
  return typeof value === "number" ? value : undefined;
}
const assetsOf = ({ model }: Seen): readonly AssetModel[] => Object.values(model.assets);

/** A point now of all assets of a kind; undefined: not fresh. */
const pointNow = (
  seen: Seen,
  kind: AssetModel["spec"]["kind"],
  point: string,
): Record<string, number | undefined> =>
  Object.fromEntries(
    assetsOf(seen).flatMap(({ id, spec }) =>
      spec.kind === kind ? [[id, numberOf(seen, `${id}/${point}`)]] : [],
    ),
  );

const batteriesNow = (seen: Seen): KnownSite["soc"] => pointNow(seen, "battery", "soc");

/** What batteries, vehicles and tanks hold, as far as their own points tell it. */
export const heldNow = (seen: Seen): Pick<KnownSite, "soc" | "celsius"> => ({
  soc: { ...batteriesNow(seen), ...pointNow(seen, "ev", "soc") },
  celsius: pointNow(seen, "load", "temperature"),
});

/** W now by consumer; what is not fresh is left out. */
export const presentNow = (seen: Seen): Record<string, number> =>
  Object.fromEntries(
    assetsOf(seen).flatMap(({ id, spec }) => {
      const watts = isConsumer(spec) ? numberOf(seen, `${id}/power`) : undefined;
      return watts === undefined ? [] : [[id, watts]];
    }),
  );

export const runningNow = ({ model, view }: Seen): string[] =>
  Object.values(model.assets).flatMap(({ id, spec }) =>
    spec.kind === "generator" && view.assets.get(id)?.on === true ? [id] : [],
  );

function sumOf(values: readonly (number | undefined)[]): number | undefined {
  if (values.length === 0) return undefined;
  return values.reduce<number | undefined>(
    (sum, value) => (sum === undefined || value === undefined ? undefined : sum + value),
    0,
  );
}

/** A load's power; one that no meter knows counts as the forecast counts it, by its rating. */
function loadOf(seen: Seen, { id, spec }: AssetModel): number | undefined {
  if (!isConsumer(spec)) return undefined;
  return seen.view.sourceOf.has(`${id}/power`) ? numberOf(seen, `${id}/power`) : spec.rating * spec.duty;
}

export function measuredNow(seen: Seen): Measured {
  const charges = Object.values(batteriesNow(seen)).flatMap((soc) => soc ?? []);
  const soc = charges.length === 0 ? undefined : charges.reduce((sum, one) => sum + one, 0) / charges.length;
  const arrays = assetsOf(seen).filter(({ spec }) => spec.kind === "pv");
  const loads = assetsOf(seen).filter(({ spec }) => hasHabits(spec));
  const isLimited = arrays.some(({ id }) => (numberOf(seen, `${id}/limit`) ?? 1) < 1);
  return {
    soc,
    sunW: sumOf(arrays.map(({ id }) => numberOf(seen, `${id}/power`))),
    throttled: isLimited || (soc ?? 0) >= FULL_FROM,
    loadW: sumOf(loads.map((load) => loadOf(seen, load))),
    withheld: loads.some(({ id }) => seen.view.assets.get(id)?.on === false),
  };
}
