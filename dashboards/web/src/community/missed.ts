// Sun that nobody could use: while the batteries are full on the community's own grid, arrays are throttled. What they would
// have given is reckoned from the same hours of the days before. Pure.
import type { ApiSite } from "@gridwright/contract/api.ts";
import type { Rows } from "../past/past.ts";

/** Nearly full on an island, arrays are throttled. */
const FULL_FROM = 0.96;
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** So many channels are asked for at most. */
const CHANNELS_MAX = 8;

export interface MissedChannels {
  readonly sun: readonly string[];
  readonly charge: readonly string[];
  /** That the public grid is there; none: the site has no grid. */
  readonly grid: readonly string[];
}

const channels = ({ assets }: ApiSite, kind: string, point: string): readonly string[] =>
  assets
    .filter((asset) => asset.kind === kind && asset.points.includes(point))
    .map(({ id }) => `${id}/${point}`);

/** What must be known; undefined where the site does not measure it. */
export function missedChannels(site: ApiSite): MissedChannels | undefined {
  const sun = channels(site, "pv", "power");
  const charge = channels(site, "battery", "soc");
  const grid = channels(site, "grid", "grid_present");
  const isMeasured = sun.length > 0 && charge.length > 0;
  return isMeasured && sun.length + charge.length + grid.length <= CHANNELS_MAX
    ? { sun, charge, grid }
    : undefined;
}

interface Stretch {
  readonly at: number;
  readonly sunW: number;
  readonly throttled: boolean;
}

/** Stretches of which all is known. */
function stretchesOf({ sun, charge, grid }: MissedChannels, rows: Rows): readonly Stretch[] {
  const means = (names: readonly string[]) =>
    names.map((name) => new Map((rows[name] ?? []).map(({ t, mean }) => [t as number, mean])));
  const [suns, charges, grids] = [means(sun), means(charge), means(grid)];
  const [first] = suns;
  return [...(first?.keys() ?? [])].flatMap((at) => {
    const all = (maps: typeof suns) => maps.flatMap((map) => map.get(at) ?? []);
    const powers = all(suns);
    const socs = all(charges);
    if (powers.length < suns.length || socs.length < charges.length) return [];
    const full = socs.reduce((sum, soc) => sum + soc, 0) / socs.length >= FULL_FROM;
    const alone = all(grids).every((present) => present < 1);
    return [{ at, sunW: powers.reduce((sum, power) => sum + power, 0), throttled: full && alone }];
  });
}

/**
 * Wh that the arrays were short of the same hours of earlier days, while they were throttled since `today` (ms since 1970 UTC,
 * local midnight); 0: they were not; undefined: no earlier day says what the sun would have given.
 */
export function missedWh(
  wanted: MissedChannels,
  rows: Rows,
  { today, bucketMs }: { readonly today: number; readonly bucketMs: number },
): number | undefined {
  const stretches = stretchesOf(wanted, rows);
  const hourOf = (at: number): number => (((at - today) % DAY_MS) + DAY_MS) % DAY_MS;
  const free = Map.groupBy(
    stretches.filter(({ at, throttled }) => at < today && !throttled),
    ({ at }) => hourOf(at),
  );
  const throttled = stretches.filter((stretch) => stretch.at >= today && stretch.throttled);
  const missed = throttled.flatMap(({ at, sunW }) => {
    const before = free.get(hourOf(at));
    if (before === undefined) return [];
    const usual = before.reduce((sum, one) => sum + one.sunW, 0) / before.length;
    return [(Math.max(0, usual - sunW) * bucketMs) / HOUR_MS];
  });
  if (throttled.length > 0 && missed.length === 0) return undefined;
  return stretches.length === 0 ? undefined : missed.reduce((sum, wh) => sum + wh, 0);
}
