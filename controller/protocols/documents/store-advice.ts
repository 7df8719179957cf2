// Advice on what stores for the plan: what it counts but cannot move, and a tank that does not last from one day's sun to the
// next. All of them run; they only gain less than their owner expects. Part of advice.ts.
import type { Asset } from "@gridwright/contract/site/assets.ts";
import type { Mistake, SiteModel } from "@gridwright/contract/site/model.ts";

const kWh = (wattHours: number): string => `${Number((wattHours / 1_000).toFixed(1))} kWh`;

const tankOf = (spec: Asset) => (spec.kind === "load" ? spec.store : undefined);

/** The key that says that it stores; undefined: it does not. */
function keyOf(spec: Asset): "departs" | "store" | undefined {
  if (spec.kind === "ev") return spec.departs.length > 0 ? "departs" : undefined;
  return tankOf(spec) === undefined ? undefined : "store";
}

export function storeAdvice({ assets }: SiteModel): readonly Mistake[] {
  return Object.values(assets).flatMap(({ id, spec, actuator }): Mistake[] => {
    const key = keyOf(spec);
    if (key === undefined) return [];
    const { capacity = 0, daily = 0 } = tankOf(spec) ?? {};
    const unmoved: Mistake = {
      path: ["assets", id, key],
      message: "the plan counts with it and cannot ask it to wait: it has no switch and no limit",
    };
    const small: Mistake = {
      path: ["assets", id, "store", "capacity"],
      message: `is ${kWh(capacity)}, less than the ${kWh(daily)} drawn in a day: it does not last from one day's sun to the next`,
    };
    return [...(actuator === undefined ? [unmoved] : []), ...(daily > capacity ? [small] : [])];
  });
}
