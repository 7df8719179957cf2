// The asset that a person means: by its id, or by the name that the page shows.
import { GridwrightError } from "@gridwright/contract/errors.ts";
import type { AssetModel, SiteModel } from "@gridwright/contract/site/model.ts";
import { nearest } from "@gridwright/protocols/documents/nearest.ts";

const NAMED_MAX = 8;

/** What gridwright can switch or limit: `genset, pump, saw and 14 more`. */
export function switchedText({ assets }: SiteModel): string {
  const ids = Object.values(assets).flatMap(({ id, actuator }) => (actuator ? [id] : []));
  const more = ids.length - NAMED_MAX;
  return more > 0 ? `${ids.slice(0, NAMED_MAX).join(", ")} and ${more} more` : ids.join(", ") || "nothing";
}

/** Those whose id or name holds every word that was written, else the nearest one. */
function nearTo(wanted: string, assets: readonly AssetModel[]): readonly string[] {
  const words = wanted.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== "");
  const holds = assets.filter(({ id, spec }) => {
    const text = `${id} ${spec.name}`.toLowerCase();
    return words.length > 0 && words.every((word) => text.includes(word));
  });
  if (holds.length > 0) return holds.slice(0, NAMED_MAX).map(({ id }) => id);
  const near = nearest(
    wanted,
    assets.flatMap(({ id, spec }) => [id, spec.name.toLowerCase()]),
  );
  return assets.filter(({ id, spec }) => id === near || spec.name.toLowerCase() === near).map(({ id }) => id);
}

/** Throws `usage` with the nearest names, else with all that can be switched. */
export function assetNamed(model: SiteModel, text: string): AssetModel {
  const wanted = text.trim().toLowerCase();
  const assets = Object.values(model.assets);
  const found = assets.find(({ id, spec }) => id === wanted || spec.name.toLowerCase() === wanted);
  if (found !== undefined) return found;
  const near = nearTo(wanted, assets);
  const hint = near.length > 0 ? `Did you mean ${near.join(", ")}?` : `It can switch ${switchedText(model)}.`;
  throw new GridwrightError("usage", `There is no "${text}" here. ${hint}`);
}
