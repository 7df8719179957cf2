// What `read` and `write` are told to touch: an asset or a device of the site, whole or one point of it.
import { GridwrightError } from "@gridwright/contract/errors.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { nearest } from "@gridwright/protocols/documents/nearest.ts";

/** A name to show and the `device/point` behind it. */
export interface Named {
  readonly name: string;
  readonly source: string;
}

export interface Target {
  readonly kind: "asset" | "device";
  readonly id: string;
  readonly points: readonly Named[];
}

const unknown = (mistake: string, written: string, known: readonly string[]): GridwrightError => {
  const near = nearest(written, known);
  const hint = near === undefined ? `there are: ${[...new Set(known)].join(", ")}` : `did you mean ${near}?`;
  return new GridwrightError("usage", `${mistake} "${written}"; ${hint}`);
};

function pointsOf(model: SiteModel, id: string): Named[] {
  const asset = model.assets[id];
  if (asset === undefined)
    return (model.devices[id]?.points ?? []).map((name) => ({ name, source: `${id}/${name}` }));
  const acts = asset.actuator;
  return [
    ...Object.entries(asset.points).map(([name, source]) => ({ name, source })),
    ...(acts === undefined ? [] : [{ name: acts.kind, source: `${acts.device}/${acts.point}` }]),
  ];
}

/** Finds `roof` or `roof/power`. An asset goes before a device of the same name. Throws `usage`. */
export function findTarget(model: SiteModel, text: string): Target {
  const [id = "", point] = text.split("/");
  if (model.assets[id] === undefined && model.devices[id] === undefined)
    throw unknown("The site has no asset or device", id, [
      ...Object.keys(model.assets),
      ...Object.keys(model.devices),
    ]);
  const all = pointsOf(model, id);
  const points = point === undefined ? all : all.filter(({ name }) => name === point);
  if (all.length === 0)
    throw new GridwrightError("usage", `${id} has no points: nothing measures or switches it.`);
  if (points.length === 0)
    throw unknown(
      `${id} has no point`,
      point ?? "",
      all.map(({ name }) => name),
    );
  return { kind: model.assets[id] === undefined ? "device" : "asset", id, points };
}
