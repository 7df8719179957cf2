// The site's one ladder with the limits of inverter and battery on it, as rows from the fullest battery down: what the
// community declared between the inverter's warning and the charge at which it cuts out.
import type { AssetOf } from "./assets.ts";
import type { SiteModel } from "./model.ts";
import { SURE_FIRST } from "./outage.ts";

export interface LadderRow {
  readonly by: "soc" | "voltage" | "hours";
  /** 0..1, V or h. */
  readonly value: number;
  readonly name: string;
  readonly path: readonly (string | number)[];
  /** Its place on the ladder; none: a limit of inverter or battery. */
  readonly place?: number;
  /** What it does, where that is no step of the ladder. */
  readonly does?: string;
  /** What must act first has the lower number. */
  readonly order: number;
}

/** How far rows must stand apart. */
export const minSpan = (by: "soc" | "voltage"): number => (by === "soc" ? 0.05 : 0.5);

const ORDER = { warning: 0, step: 1, reserve: 1, socMin: 2, bmsMin: 3, cutOff: 4 } as const;

function limitsOf(id: string, spec: AssetOf<"battery">): LadderRow[] {
  const row = (
    key: keyof typeof ORDER & keyof typeof spec,
    by: "soc" | "voltage",
    name: string,
  ): LadderRow[] => {
    const value = spec[key];
    return typeof value === "number"
      ? [{ by, value, name, path: ["assets", id, key], order: ORDER[key as keyof typeof ORDER] }]
      : [];
  };
  return [
    ...row("warning", "soc", "the inverter warns"),
    ...row("reserve", "soc", "tiers 2 to 4 leave the reserve"),
    ...row("socMin", "soc", "the inverter cuts out"),
    ...row("bmsMin", "soc", "the battery allows no more discharge"),
    ...row("cutOff", "voltage", "the inverter cuts out by voltage"),
  ];
}

const OUTAGE_WORDS = {
  normal: { name: "in an outage, for tiers 0 to 2", does: "tiers 3 and 4 wait" },
  essentials: { name: "in an outage, for tiers 0 and 1", does: "tiers 2 to 4 wait" },
} as const;

/** What must be sure in an outage before less needed loads are served; a duration of 0 asks for nothing. */
function outageRows(outage: SiteModel["site"]["outage"]): LadderRow[] {
  return SURE_FIRST.flatMap(({ key }): LadderRow[] => {
    const ms = outage[key];
    if (ms <= 0) return [];
    return [
      {
        ...{ by: "hours", value: ms / 3_600_000, ...OUTAGE_WORDS[key] },
        ...{ path: ["outage", key], order: ORDER.step },
      },
    ];
  });
}

/** All rows: by what they look at, in the order in which they must act, and there from the top down. */
export function rowsOf({ site, assets }: SiteModel): readonly LadderRow[] {
  const steps = site.ladder.map(
    ({ name, below }, place): LadderRow => ({
      ...below,
      name,
      path: ["ladder", place, "below"],
      place,
      order: ORDER.step,
    }),
  );
  const limits = Object.values(assets).flatMap(({ id, spec }) =>
    spec.kind === "battery" ? limitsOf(id, spec) : [],
  );
  return [...steps, ...outageRows(site.outage), ...limits].toSorted(
    (a, b) => a.order - b.order || b.value - a.value,
  );
}
