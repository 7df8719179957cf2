// The site and the day of a seed, through the very parser and checks of real sites: a draw that `check` would refuse is a
// mistake of the draw and is thrown. The text of the site is what a person can try by hand.
import type { Profile } from "@gridwright/contract/profile.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { parseSite, refuseSite } from "@gridwright/protocols/documents/site-file.ts";
import type { Day } from "../day.ts";
import { drawSite } from "./draw-site.ts";
import { drawLife } from "./life.ts";
import { siteText } from "./site-text.ts";

export interface DrawnDay {
  readonly model: SiteModel;
  readonly day: Day;
  /** The site file. */
  readonly text: string;
}

/** The model of a site's text. Throws with every mistake that `check` finds in it. */
export function modelOf(text: string, profiles: ReadonlyMap<string, Profile>): SiteModel {
  const file = { name: "drawn.yaml", text };
  const parsed = parseSite(file, profiles);
  const mistakes = parsed.ok ? refuseSite(file, parsed.model) : parsed.mistakes;
  if (!parsed.ok || mistakes.length > 0)
    throw new Error(mistakes.map(({ path, message }) => `${path}: ${message}`).join("\n"));
  return parsed.model;
}

export interface DrawnOf {
  readonly seed: number;
  readonly hours: number;
  readonly faults: boolean;
  readonly profiles: ReadonlyMap<string, Profile>;
}

export function drawnDay({ seed, hours, faults, profiles }: DrawnOf): DrawnDay {
  const { file, frame } = drawSite(seed);
  const text = siteText(file);
  const model = modelOf(text, profiles);
  return { model, day: drawLife({ frame, model, seed, hours, faults }), text };
}
