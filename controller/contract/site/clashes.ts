// What a site declares that cannot all be true: a ladder that overlaps the inverter's or the battery's own limits, needs
// that the plant cannot carry, a reserve above what is charged. Each is refused, with the numbers that clash. Pure.
import { type Consumer, isConsumer } from "./assets.ts";
import { minSpan, rowsOf } from "./ladder-rows.ts";
import type { AssetModel, Mistake, SiteModel } from "./model.ts";

/** Most of the hot rating, and of what the batteries give, that may be impossible to switch off. */
const FIRM_SHARE = 0.7;
/** The reserve must leave at least this much of the charge to use. */
const RESERVE_GAP = 0.05;
const NOMINAL_V = 230;
/** Cold or starting power above this share of the rating is inrush, which is short. */
const COLD_FACTOR_MAX = 1.5;
const DAY_MS = 86_400_000;
/** Between battery and AC bus. */
const EFFICIENCY = 0.92;

type Rule = (model: SiteModel) => readonly Mistake[];

const percent = (share: number): string => `${Math.round(share * 1_000) / 10} %`;
const va = (value: number): string => `${Math.round(value)} VA`;
const assetsOf = ({ assets }: SiteModel): readonly AssetModel[] => Object.values(assets);
const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

/** Warning above every step, every step above the charge at which the inverter cuts out, and that above the battery's. */
const overlaps: Rule = (model) =>
  rowsOf(model).flatMap((row, place, rows) =>
    rows.slice(0, place).flatMap((above): Mistake[] => {
      if (above.by !== row.by || row.by === "hours" || above.order === row.order) return [];
      if (above.value - row.value >= minSpan(row.by) - 1e-9) return [];
      const text = (value: number) => (row.by === "soc" ? percent(value) : `${value} V`);
      const least = row.by === "soc" ? "5 points" : "0.5 V";
      return [
        {
          path: row.path,
          message: `«${row.name}» at ${text(row.value)} is not ${least} below «${above.name}» at ${text(above.value)}: they would act together or in the wrong order`,
        },
      ];
    }),
  );

const reserveTooHigh: Rule = (model) =>
  assetsOf(model).flatMap(({ id, spec }) => {
    if (spec.kind !== "battery" || spec.reserve === undefined) return [];
    const path = ["assets", id, "reserve"];
    if (spec.reserve > spec.socMax - RESERVE_GAP)
      return [
        {
          path,
          message: `a reserve of ${percent(spec.reserve)} leaves nothing to use below socMax ${percent(spec.socMax)}`,
        },
      ];
    return [];
  });

/** A step that ends above what the battery is charged to never ends. */
const neverEnds: Rule = (model) => {
  const most = Math.min(
    1,
    ...assetsOf(model).flatMap(({ spec }) => (spec.kind === "battery" ? [spec.socMax] : [])),
  );
  return model.site.ladder.flatMap(({ name, restore }, place) =>
    restore.by === "soc" && restore.value > most
      ? [
          {
            path: ["ladder", place, "restore"],
            message: `«${name}» ends above ${percent(restore.value)}, but the battery is charged to ${percent(most)} only: it would never end`,
          },
        ]
      : [],
  );
};

/** What no comfort or energy rule may take: tier 0, what has no switch, who opted out, circuits that are never switched. */
const isFirm = ({ site }: SiteModel, { id, actuator, spec }: AssetModel): boolean =>
  isConsumer(spec) &&
  (spec.tier === 0 ||
    actuator === undefined ||
    actuator.locked ||
    spec.optOut === true ||
    site.envelope.never.includes(id));

/** What cannot be switched off must be carried at any time. */
const tooMuchFirm: Rule = (model) => {
  const firm = total(
    assetsOf(model).flatMap((asset) => (isFirm(model, asset) ? [(asset.spec as Consumer).rating] : [])),
  );
  const rating = total(
    assetsOf(model).flatMap(({ spec }) => (spec.kind === "inverter" ? [spec.hotRating ?? spec.rating] : [])),
  );
  const gives = total(
    assetsOf(model).flatMap(({ spec }) =>
      spec.kind === "battery" && spec.dischargeMax !== undefined && spec.cutOff !== undefined
        ? [spec.dischargeMax * spec.cutOff * EFFICIENCY]
        : [],
    ),
  );
  const bounds = [
    ["the inverters' rating in the heat", rating],
    ["what the batteries' limits give", gives],
  ] as const;
  return bounds.flatMap(([what, limit]) =>
    limit > 0 && firm > limit * FIRM_SHARE
      ? [
          {
            path: ["assets"],
            message: `tier 0, opt-outs and loads that cannot or must not be switched take ${va(firm)} together, more than ${percent(FIRM_SHARE)} of ${what}, ${va(limit)}: too little would be left to switch off`,
          },
        ]
      : [],
  );
};

/** The least that a phase above a load bears, VA, and whose it is. */
function tightest(
  model: SiteModel,
  asset: AssetModel,
): { readonly limit: number; readonly by: string } | undefined {
  const inverters = assetsOf(model).filter(({ spec }) => spec.kind === "inverter");
  const above: AssetModel[] = [];
  for (let at: AssetModel | undefined = asset; at; at = model.assets[at.spec.parent ?? ""]) above.push(at);
  const bears = [...above, ...inverters].flatMap(({ id, spec }) => {
    const rated = spec.kind === "inverter" ? [(spec.hotRating ?? spec.rating) / spec.phases.length] : [];
    const breaker = spec.breaker === undefined ? [] : [spec.breaker * NOMINAL_V];
    return [...rated, ...breaker].map((limit) => ({ limit, by: id }));
  });
  return bears.toSorted((a, b) => a.limit - b.limit)[0];
}

/** A load that no empty plant could bring back, once it was switched off. */
const neverBack: Rule = (model) =>
  assetsOf(model).flatMap((asset) => {
    const { spec, actuator, id } = asset;
    if (!isConsumer(spec) || actuator === undefined || actuator.locked) return [];
    const { restoreMargin } = model.site.control;
    const need =
      (spec.rating * Math.min(spec.startFactor, COLD_FACTOR_MAX) * restoreMargin) / spec.phases.length;
    const least = tightest(model, asset);
    return least !== undefined && need > least.limit
      ? [
          {
            path: ["assets", id, "rating"],
            message: `needs ${va(need)} free on a phase to come back (rating × start × restoreMargin ${restoreMargin}), and ${least.by} bears ${va(least.limit)} in all: once off it would stay off`,
          },
        ]
      : [];
  });

const lifeOnRelay: Rule = (model) =>
  assetsOf(model).flatMap(({ id, spec, actuator }) =>
    isConsumer(spec) &&
    spec.lifeSupport === true &&
    actuator !== undefined &&
    !(actuator.inverted && actuator.leases)
      ? [
          {
            path: ["assets", id, actuator.kind],
            message: `a life hangs on it, and ${actuator.device}/${actuator.point} is a bare relay: give it its own UPS and take the switch away`,
          },
        ]
      : [],
  );

const restsTooLong: Rule = (model) =>
  assetsOf(model).flatMap(({ id, spec }) =>
    isConsumer(spec) && spec.minOff > DAY_MS
      ? [
          {
            path: ["assets", id, "minOff"],
            message: `${Math.round(spec.minOff / 3_600_000)} h is more than a day: once off it would be off for good`,
          },
        ]
      : [],
  );

const RULES: readonly Rule[] = [
  lifeOnRelay,
  tooMuchFirm,
  overlaps,
  reserveTooHigh,
  neverEnds,
  neverBack,
  restsTooLong,
];

/** Everything that contradicts itself; empty for a site that can work as declared. */
export const clashesIn = (model: SiteModel): readonly Mistake[] => RULES.flatMap((rule) => rule(model));
