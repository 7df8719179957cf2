// What a point can read at most on this site: nameplates and breakers say more than the catalogue's range. A meter that
// shows ten times what its inverter can give is wrong, whatever the device says. Worked out once per model.
import type { PointBase } from "@gridwright/contract/points.ts";
import { type Asset, isConsumer } from "@gridwright/contract/site/assets.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { keptBeside } from "./kept-beside.ts";
import { NOMINAL_V } from "./view.ts";

/** A phase to neutral never has more than this share of its nominal voltage, not even when the neutral is lost. */
const VOLTAGE_SHARE = 1.8;
/** Electronic sources clip; a motor's start and a breaker's magnetic trip are multiples. */
const SHARE = { inverter: 4, pv: 2, generator: 4, consumer: 12, breaker: 12 } as const;
/** A rating in the site file may be a guess: below this nothing is called impossible, VA. */
const LEAST_VA = 6_000;

const AMPS: ReadonlySet<PointBase> = new Set(["current"]);
const VOLT_AMPS: ReadonlySet<PointBase> = new Set(["power", "apparent_power", "reactive_power"]);

/** VA that can flow through an asset at most; Infinity where nothing says so. */
function mostVa(spec: Asset): number {
  const { breaker } = spec;
  const broken = breaker === undefined ? Infinity : breaker * NOMINAL_V * spec.phases.length * SHARE.breaker;
  const rated = ((): number => {
    if (isConsumer(spec)) return spec.rating * SHARE.consumer;
    if (spec.kind === "inverter" || spec.kind === "pv" || spec.kind === "generator")
      return spec.rating > 0 ? spec.rating * SHARE[spec.kind] : Infinity;
    return Infinity;
  })();
  return Math.max(LEAST_VA, Math.min(broken, rated));
}

function mostOf(base: PointBase | undefined, spec: Asset): number {
  if (base === "voltage") return NOMINAL_V * VOLTAGE_SHARE;
  if (base !== undefined && VOLT_AMPS.has(base)) return mostVa(spec);
  return base !== undefined && AMPS.has(base) ? mostVa(spec) / NOMINAL_V : Infinity;
}

/** `device/point` → the greatest amount that it may read; missing: the catalogue's range alone counts. */
export const ceilings = keptBeside((model: SiteModel): ReadonlyMap<string, number> => {
  const most = new Map<string, number>();
  for (const { asset, source } of model.channels) {
    const spec = model.assets[asset]?.spec;
    const here = spec === undefined ? Infinity : mostOf(model.sources.get(source)?.name.base, spec);
    most.set(source, Math.max(here, most.get(source) ?? 0));
  }
  return new Map([...most].filter(([, value]) => Number.isFinite(value)));
});
