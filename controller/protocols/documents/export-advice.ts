// Advice on an agreed export: what arrays give when nobody commands them any more. A limit that merely ends leaves them at
// full power; one whose device keeps a value holds, when that value is low enough. Part of advice.ts.
import type { AssetOf } from "@gridwright/contract/site/assets.ts";
import { keepsShare } from "@gridwright/contract/site/mistakes.ts";
import type { AssetModel, Mistake, SiteModel } from "@gridwright/contract/site/model.ts";

interface Sun extends AssetModel {
  readonly spec: AssetOf<"pv">;
}

const isSun = (asset: AssetModel): asset is Sun => asset.spec.kind === "pv";

/** W that were agreed, all connections together; undefined: nothing was. */
function agreedW(model: SiteModel): number | undefined {
  const limits = Object.values(model.assets).flatMap(({ spec }) =>
    spec.kind === "grid" ? [spec.exportMax ?? Number.POSITIVE_INFINITY] : [],
  );
  const agreed = limits.reduce<number>((sum, watts) => sum + watts, 0);
  return limits.length > 0 && Number.isFinite(agreed) ? agreed : undefined;
}

const percent = (share: number): string => `${Math.floor(share * 100 + 1e-9)} %`;

/** Arrays that give more than was agreed and that nobody can limit: no inverter stands before the line either. */
function untold(model: SiteModel, suns: readonly Sun[], agreed: number): readonly Mistake[] {
  if (Object.values(model.assets).some(({ spec }) => spec.kind === "inverter")) return [];
  const free = suns.filter(({ actuator }) => actuator === undefined);
  const most = free.reduce((sum, { spec }) => sum + spec.rating, 0);
  return most <= agreed
    ? []
    : free.map(({ id }) => ({
        path: ["assets", id],
        message: `arrays without limit may give ${Math.round(most)} W, agreed are ${agreed} W: nothing here keeps that; say limit: where its inverter takes one, or set it in the inverter`,
      }));
}

interface Alone {
  readonly suns: readonly Sun[];
  /** W that arrays may give when nobody commands them, W that were agreed, and the share that keeps it. */
  readonly alone: number;
  readonly agreed: number;
  readonly enough: string;
}

/** Arrays that forget their limit when the controller is gone. */
function failing(model: SiteModel, { suns, alone, agreed, enough }: Alone): readonly Mistake[] {
  return suns.flatMap(({ id, actuator }) => {
    const device = model.devices[actuator?.device ?? ""];
    if (actuator?.kind !== "limit" || device?.profile.protocol !== "sunspec") return [];
    if (actuator.silentShare !== undefined) {
      const message = `when the controller is gone all arrays may give ${Math.round(alone)} W, agreed are ${agreed} W: with ${enough} at each they keep it`;
      return alone > agreed ? [{ path: ["assets", id, "onSilence"], message }] : [];
    }
    const cure = keepsShare(device, actuator.point)
      ? `say onSilence: ${enough}, which its device keeps by itself`
      : "set the limit in the inverter too";
    const message = `is not fail-safe for an agreed export: when the controller is gone the inverter goes back to full power; ${cure}`;
    return alone > agreed ? [{ path: ["assets", id, "limit"], message }] : [];
  });
}

/** All advice on arrays beside an agreed export. */
export function exportAdvice(model: SiteModel): readonly Mistake[] {
  const agreed = agreedW(model);
  if (agreed === undefined) return [];
  const suns = Object.values(model.assets).filter(isSun);
  const alone = suns.reduce((sum, { spec, actuator }) => sum + spec.rating * (actuator?.silentShare ?? 1), 0);
  const enough = percent(Math.min(1, agreed / suns.reduce((sum, { spec }) => sum + spec.rating, 0)));
  return [...untold(model, suns, agreed), ...failing(model, { suns, alone, agreed, enough })];
}
