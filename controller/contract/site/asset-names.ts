// What people call each asset, for sentences that name one, and which asset hangs on an output.
import type { AssetModel, SiteModel } from "./model.ts";

/** Asset id → its name. */
export const assetNames = ({ assets }: SiteModel): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.values(assets).map(({ id, spec }) => [id, spec.name]));

/** The asset that a device's output acts on; undefined: nothing hangs on it. */
export const assetSwitchedBy = (
  { assets }: Pick<SiteModel, "assets">,
  device: string,
  point: string,
): AssetModel | undefined =>
  Object.values(assets).find(({ actuator }) => actuator?.device === device && actuator.point === point);
