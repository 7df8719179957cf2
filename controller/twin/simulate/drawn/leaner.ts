// A drawn site that broke, made small: asset by asset is left out, with the devices and members that only it had, as long
// as `check` still takes the site and the same invariant still breaks. What is left is what it takes to break it.
import type { Profile } from "@gridwright/contract/profile.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { parse } from "yaml";
import type { Day } from "../day.ts";
import { type DayOptions, runDay, type Violation } from "../run-day.ts";
import type { Trouble } from "../trouble.ts";
import type { Entry } from "./draft.ts";
import { modelOf } from "./drawn-day.ts";
import { siteText } from "./site-text.ts";

/** Runs that this may take. */
const RUNS_MAX = 40;
/** What the plant cannot be without. */
const KEPT: ReadonlySet<unknown> = new Set(["inverter", "battery", "grid", "feeder"]);

type Section = Record<string, Entry>;
interface Tree {
  links: Section;
  devices: Section;
  members?: Section;
  assets: Section;
  ladder?: Entry[];
  envelope?: { never?: string[] };
}

/** The site without an asset, and without what nothing else refers to then. */
export function without(text: string, id: string): string {
  const tree = parse(text) as Tree;
  delete tree.assets[id];
  const rest = JSON.stringify(tree.assets);
  const entries = <T extends object>(
    section: Record<string, T> | undefined,
    keeps: (key: string) => boolean,
  ) => Object.fromEntries(Object.entries(section ?? {}).filter(([key]) => keeps(key)));
  const devices = entries(tree.devices, (key) => rest.includes(`"${key}"`) || rest.includes(`"${key}/`));
  const used = new Set(Object.values(devices).map(({ link }) => link));
  const { never, ...envelope } = tree.envelope ?? {};
  return siteText({
    ...tree,
    devices,
    links: entries(tree.links, (key) => used.has(key)),
    members: entries(tree.members, (key) => rest.includes(`"member":"${key}"`)),
    ...(tree.ladder && { ladder: tree.ladder.filter(({ start }) => start !== id) }),
    ...(tree.envelope && {
      envelope: { ...envelope, ...(never && { never: never.filter((one) => one !== id) }) },
    }),
  });
}

/** Whether what a trouble is about is still there. */
function concerns({ site, assets }: SiteModel, trouble: Trouble): boolean {
  if (trouble.kind === "device") return site.devices[trouble.device] !== undefined;
  if (trouble.kind === "link") return site.links[trouble.link] !== undefined;
  if (trouble.kind === "demand" || trouble.kind === "drain")
    return trouble.loads.some((id) => assets[id] !== undefined);
  if (trouble.kind === "request")
    return !("asset" in trouble.request.body) || assets[trouble.request.body.asset] !== undefined;
  return trouble.kind !== "plant" || !("asset" in trouble.fault) || assets[trouble.fault.asset] !== undefined;
}

const onlyWhatIsThere = (model: SiteModel, day: Day): Day => ({
  ...day,
  troubles: day.troubles.filter((trouble) => concerns(model, trouble)),
});

/** The site of a text; undefined where `check` refuses it. */
function known(text: string, profiles: ReadonlyMap<string, Profile>): SiteModel | undefined {
  try {
    return modelOf(text, profiles);
  } catch {
    return undefined;
  }
}

export interface Broke {
  readonly text: string;
  readonly model: SiteModel;
  readonly day: Day;
  readonly violation: Violation;
}

export interface How {
  readonly profiles: ReadonlyMap<string, Profile>;
  /** A brain, a keeper, as in the run that broke. */
  readonly options: (model: SiteModel, day: Day) => DayOptions;
}

/** The same broken day on as small a site. */
export function leaner(broke: Broke, { profiles, options }: How): Broke {
  let least = broke;
  let runs = 0;
  const spare = Object.values(broke.model.assets).filter(({ spec }) => !KEPT.has(spec.kind));
  for (const { id } of spare.toReversed()) {
    const text = without(least.text, id);
    const model = runs < RUNS_MAX ? known(text, profiles) : undefined;
    if (model === undefined) continue;
    runs += 1;
    const day = onlyWhatIsThere(model, least.day);
    const { violation } = runDay(options(model, day));
    if (violation?.invariant !== broke.violation.invariant) continue;
    least = { text, model, violation, day: { ...day, hours: (violation.at + 1_000) / 3_600_000 } };
  }
  return least;
}
