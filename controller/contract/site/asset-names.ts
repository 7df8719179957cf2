// What people call each asset, for sentences that name one.
import type { SiteModel } from "./model.ts";

/** Asset id → its name. */
export const assetNames = ({ assets }: SiteModel): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.values(assets).map(({ id, spec }) => [id, spec.name]));
