// How much power nobody needs now, as a flow may reckon with it: what goes out to the grid and what a battery that is
// nearly full is charged with. Pure. Undefined where what it hangs on is not fresh: unknown is no surplus.
import type { ApiAsset } from "@gridwright/contract/api.ts";
import { type Live, readingOf } from "./live.ts";

export interface FreePower {
  readonly watts: number;
  /** Lowest charge of the batteries, 0..1; null: the site has none. */
  readonly soc: number | null;
}

const fresh = (live: Live, id: string, points: readonly string[]): number | undefined => {
  const found = points.map((point) => readingOf(live, `${id}/${point}`)).find((one) => one !== undefined);
  return typeof found?.value === "number" ? found.value : undefined;
};

/** W, never negative. `fullFrom`: charge from which what the battery takes counts as spare. */
export function freePower(live: Live, assets: readonly ApiAsset[], fullFrom: number): FreePower | undefined {
  let watts = 0;
  let soc: number | null = null;
  for (const { id, kind } of assets) {
    if (kind === "battery") {
      const charge = fresh(live, id, ["soc"]);
      const power = fresh(live, id, ["battery_power", "power"]);
      if (charge === undefined || power === undefined) return undefined;
      soc = Math.min(soc ?? 1, charge);
      // Discharge is positive: what a battery gives is not spare, however full it is.
      if (power > 0 || charge >= fullFrom) watts -= power;
    }
    if (kind === "grid") watts -= fresh(live, id, ["grid_power", "power"]) ?? 0;
  }
  return { watts: Math.max(0, watts), soc };
}
