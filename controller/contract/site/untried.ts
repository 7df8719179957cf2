// Profiles that were only ever tried against the twin are read, never written, until a trial write on the very device
// succeeded (`writesTried: true`). A wholly simulated site (`simulated: true`) needs no trial.
import type { Actuator, AssetModel, SiteModel } from "./model.ts";

/** Whether nobody has yet written to this actuator's device with success. */
export function isUntried({ site, devices }: SiteModel, { device }: Actuator): boolean {
  const model = devices[device];
  return (
    site.site.simulated !== true && model?.profile.tried === "simulated" && model.spec.writesTried !== true
  );
}

/** The site with every untried actuator locked: control watches it and leaves it alone. */
export function lockUntried(model: SiteModel): SiteModel {
  const lock = (asset: AssetModel): AssetModel =>
    asset.actuator !== undefined && isUntried(model, asset.actuator)
      ? { ...asset, actuator: { ...asset.actuator, locked: true } }
      : asset;
  return {
    ...model,
    assets: Object.fromEntries(Object.entries(model.assets).map(([id, asset]) => [id, lock(asset)])),
  };
}
