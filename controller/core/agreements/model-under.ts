// The site as it is under what people agreed: the same plant with other tiers, allowances and thresholds. Rules read it as
// they read any site. The wiring is never touched.
import { isConsumer } from "@gridwright/contract/site/assets.ts";
import type { AssetModel, SiteModel } from "@gridwright/contract/site/model.ts";
import type { LadderStep } from "@gridwright/contract/site/site.ts";
import { wattHours } from "@gridwright/contract/units.ts";
import type { PlantState } from "../state.ts";
import { type Agreed, holds } from "./agreed.ts";

type Terms = Pick<Agreed, "tiers" | "allowancesWh" | "ladder">;
type Active = Terms & Pick<Agreed, "emergency">;

/** All in one; of two that say something of the same the later stands, an emergency before all. */
function termsOf(active: readonly Active[]): Terms {
  const ordered = [...active.filter(({ emergency }) => !emergency), ...active.filter((one) => one.emergency)];
  return ordered.reduce<Terms>(
    (all, { tiers, allowancesWh, ladder }) => ({
      tiers: { ...all.tiers, ...tiers },
      allowancesWh: { ...all.allowancesWh, ...allowancesWh },
      ladder: { ...all.ladder, ...ladder },
    }),
    { tiers: {}, allowancesWh: {}, ladder: {} },
  );
}

function assetUnder(asset: AssetModel, { tiers }: Terms): AssetModel {
  const tier = Object.hasOwn(tiers, asset.id) ? tiers[asset.id] : undefined;
  return tier === undefined || !isConsumer(asset.spec) ? asset : { ...asset, spec: { ...asset.spec, tier } };
}

function stepUnder(step: LadderStep, { ladder }: Terms): LadderStep {
  const other = Object.hasOwn(ladder, step.name) ? ladder[step.name] : undefined;
  if (other === undefined) return step;
  return {
    ...step,
    below: { by: "soc", value: other.below },
    restore: { by: "soc", value: other.restore },
  };
}

/** The model with the terms of these agreements, whatever the time. */
export function modelWith(model: SiteModel, active: readonly Active[]): SiteModel {
  const terms = termsOf(active);
  const assets = Object.fromEntries(
    Object.entries(model.assets).map(([id, asset]) => [id, assetUnder(asset, terms)]),
  );
  const members = Object.entries(model.site.members).map(([id, member]) => {
    const wh = Object.hasOwn(terms.allowancesWh, id) ? terms.allowancesWh[id] : undefined;
    return [id, wh === undefined ? member : { ...member, allowance: wattHours(wh) }] as const;
  });
  const site = {
    ...model.site,
    assets: Object.fromEntries(Object.entries(assets).map(([id, { spec }]) => [id, spec])),
    members: Object.fromEntries(members),
    ladder: model.site.ladder.map((step) => stepUnder(step, terms)),
  };
  return { ...model, site, assets };
}

/** The model with the tiers that loads are told to have now; itself where these are its own. */
export function modelWithTiers(model: SiteModel, tiers: Readonly<Record<string, number>>): SiteModel {
  const others = Object.entries(tiers).filter(([id, tier]) => {
    const spec = model.assets[id]?.spec;
    return spec !== undefined && isConsumer(spec) && spec.tier !== tier;
  });
  if (others.length === 0) return model;
  return modelWith(model, [
    { tiers: Object.fromEntries(others), allowancesWh: {}, ladder: {}, emergency: false },
  ]);
}

type Yieldings = Readonly<Record<string, { readonly tier: number }>>;
const lastYielding = new WeakMap<SiteModel, { readonly tiers: Yieldings; readonly model: SiteModel }>();

/** The model with loads that count as needed less for a time; the model itself while there are none. What people agreed
 * stands over it. */
export function modelYielding(model: SiteModel, tiers: Yieldings): SiteModel {
  if (Object.keys(tiers).length === 0) return model;
  const last = lastYielding.get(model);
  if (last?.tiers === tiers) return last.model;
  const less = Object.entries(tiers).flatMap(([id, { tier }]) => {
    const spec = model.assets[id]?.spec;
    return spec !== undefined && isConsumer(spec) && spec.tier < tier ? [[id, tier] as const] : [];
  });
  const made = modelWithTiers(model, Object.fromEntries(less));
  lastYielding.set(model, { tiers, model: made });
  return made;
}

interface Made {
  readonly active: readonly Agreed[];
  readonly model: SiteModel;
}
/** The last one made of each site: a tick asks for the same again, and layouts are kept beside it. */
const lastMade = new WeakMap<SiteModel, Made>();

const same = (a: readonly Agreed[], b: readonly Agreed[]): boolean =>
  a.length === b.length && a.every((one, place) => one === b[place]);

/** The model under what holds now; the model itself while nothing does. */
export function modelUnder(
  model: SiteModel,
  agreements: readonly Agreed[],
  at: Pick<PlantState, "now" | "wall">,
): SiteModel {
  const active = agreements.filter((one) => holds(one, at));
  if (active.length === 0) return model;
  const last = lastMade.get(model);
  if (last !== undefined && same(last.active, active)) return last.model;
  const made = modelWith(model, active);
  lastMade.set(model, { active, model: made });
  return made;
}
