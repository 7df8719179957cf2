// `gridwright why`: why an asset stands as it does, or stood at some time: what was seen, which rule, what lost against
// it, what would change it. Reads the journal alone, whether a controller runs or not; takes no lock, asks nobody.

import { GridwrightError } from "@gridwright/contract/errors.ts";
import { phrase } from "@gridwright/contract/explain/phrases.ts";
import { placeOf, type Scene, sceneOf } from "@gridwright/contract/explain/scene.ts";
import { siteClock } from "@gridwright/contract/explain/when.ts";
import type { Language } from "@gridwright/contract/reasons.ts";
import type { AssetModel, SiteModel } from "@gridwright/contract/site/model.ts";
import { chainOf } from "@gridwright/runtime/journal/chain.ts";
import { type Span, spanOf } from "@gridwright/runtime/journal/seek.ts";
import { assetNamed, switchedText } from "./asset-named.ts";
import { journalPlace, siteOfJournal } from "./data-place.ts";
import { parseMoment } from "./moment.ts";
import { whyData, whyLines } from "./why-text.ts";
import { wrap } from "./wrap.ts";

export interface WhyCommand {
  readonly asset: string;
  readonly at?: string;
  readonly language: Language;
  readonly data: string;
  readonly config?: string;
  readonly json: boolean;
  readonly width: number;
  readonly write: (line: string) => void;
}

function tooEarly(at: number, { from }: Span, timezone: string): GridwrightError {
  const clock = siteClock(timezone, "en");
  const text = (time: number): string => `${clock.isoDay(time)} ${clock.second(time)}`;
  return new GridwrightError(
    "usage",
    `The journal begins at ${text(from)}; ${text(at)} was before it. Ask for a later time with --at.`,
  );
}

function switchedOr(model: SiteModel, text: string): AssetModel {
  const asset = assetNamed(model, text);
  if (asset.actuator !== undefined) return asset;
  throw new GridwrightError(
    "usage",
    `${asset.spec.name} (${asset.id}) has no switch or limit: gridwright only watches it. It can switch ${switchedText(model)}.`,
  );
}

function neverText({ id, spec }: AssetModel, { from }: Span, { clock, language }: Scene): string {
  return phrase(language, "never", { name: spec.name, id, day: clock.day(from), time: clock.second(from) });
}

/** Prints the chain; returns the exit code. Throws `usage` for an unknown asset or time. */
export async function runWhy(command: WhyCommand): Promise<number> {
  const { json, language, width, write } = command;
  const place = journalPlace(command.data);
  const model = siteOfJournal(place, command.config);
  const asset = switchedOr(model, command.asset);
  const { timezone } = model.site.site;
  const span = await spanOf(place.journalDir);
  if (span === undefined) throw new GridwrightError("usage", `${place.journalDir} holds no record yet.`);
  const at = command.at === undefined ? undefined : parseMoment(command.at, { now: span.to, timezone }).to;
  if (at !== undefined && at < span.from) throw tooEarly(at, span, timezone);
  const instant = Math.min(at ?? span.to, span.to);
  const chain = await chainOf({ dir: place.journalDir, model, asset: asset.id, at: instant });
  const scene = sceneOf(placeOf(model), { language, now: span.to });
  const asked = { asset: asset.id, ...(at !== undefined && { at: instant }) };
  const telling = { chain: chain ?? { commands: [] }, scene };
  if (json) write(JSON.stringify(whyData(asked, telling)));
  else if (chain?.wanted === undefined)
    for (const line of wrap(neverText(asset, span, scene), width)) write(line);
  else for (const line of whyLines(asked, { ...telling, width })) write(line);
  return 0;
}
