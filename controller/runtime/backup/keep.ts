// Which backups of a place are let go: of the newest days, weeks and months that have one, the newest of each stays. It goes by
// the names alone and by how many there are, not by today's date: a computer whose clock is wrong must not lose any.

/** `7d,4w,12m`: of so many days, weeks and months. */
export interface Keep {
  readonly days: number;
  readonly weeks: number;
  readonly months: number;
}

const UNITS = { d: "days", w: "weeks", m: "months" } as const;
const COUNT_MOST = 1_000;
const DAY_MS = 86_400_000;
/** 1970 began on a Thursday: weeks begin on Mondays. */
const MONDAY_OFFSET_DAYS = 3;

/** Undefined: it is not said so. */
export function parseKeep(text: string): Keep | undefined {
  const keep = { days: 0, weeks: 0, months: 0 };
  for (const part of text.split(",")) {
    const [, digits = "", unit = ""] = /^\s*(\d{1,4})\s*([dwm])\s*$/.exec(part) ?? [];
    const count = Number(digits);
    if (!Object.hasOwn(UNITS, unit) || count < 1 || count > COUNT_MOST) return undefined;
    keep[UNITS[unit as keyof typeof UNITS]] = count;
  }
  return keep;
}

const NAME = /^gridwright-([a-z0-9-]+)-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z\.gwb$/;

/** File name of a backup; `at` in ms since 1970. */
export const backupName = (site: string, at: number): string =>
  `gridwright-${site}-${new Date(at).toISOString().replace(/[-:]|\.\d{3}/g, "")}.gwb`;

/** Begins the names of what is still being written. */
export const draftName = (name: string): string => `${name}.part`;

/** When a backup of this site was made, by its name, ms since 1970; undefined: it is none, or of another site. */
export function madeAtOf(name: string, site: string): number | undefined {
  const [, of, ...digits] = NAME.exec(name) ?? [];
  if (of !== site) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = digits.map(Number);
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

const day = (at: number): number => Math.floor(at / DAY_MS);
const PERIODS: readonly (readonly [unit: keyof Keep, of: (at: number) => string])[] = [
  ["days", (at) => String(day(at))],
  ["weeks", (at) => String(Math.floor((day(at) + MONDAY_OFFSET_DAYS) / 7))],
  ["months", (at) => new Date(at).toISOString().slice(0, 7)],
];

/** Names to remove among those of a place. `written`: the one that was just made, which always stays. */
export function letGo(
  names: readonly string[],
  { site, keep, written }: { readonly site: string; readonly keep: Keep; readonly written: string },
): readonly string[] {
  const ours = names
    .flatMap((name) => {
      const at = madeAtOf(name, site);
      return at === undefined ? [] : [{ name, at }];
    })
    .sort((a, b) => b.at - a.at);
  const staying = new Set([written]);
  for (const [unit, of] of PERIODS) {
    const seen = new Set<string>();
    for (const { name, at } of ours) {
      if (seen.size >= keep[unit]) break;
      if (!seen.has(of(at))) staying.add(name);
      seen.add(of(at));
    }
  }
  return ours.map(({ name }) => name).filter((name) => !staying.has(name));
}
