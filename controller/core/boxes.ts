// What an operator asks of a box with a microcontroller: its line for a while, and what one count of its converter is. A line is
// lent only while nothing on the box is on: who has it may start the box anew. Pure; nothing is switched by it.
import type { Reason } from "@gridwright/contract/decision.ts";
import { lastValue } from "@gridwright/contract/reading.ts";
import { type BoxBody, GAIN_FACTOR, type RequestBody } from "@gridwright/contract/request.ts";
import { assetSwitchedBy } from "@gridwright/contract/site/asset-names.ts";
import { CHANNEL_NAMES } from "@gridwright/contract/site/box-spec.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import type { PlantState } from "./state.ts";
import { reason } from "./tick.ts";

export const isOfBox = (body: RequestBody): body is BoxBody =>
  body.kind === "box-line" || body.kind === "box-gains";

/** The assets of this box that have supply by it, by their names; a channel without an asset by its own. */
function onNow(model: SiteModel, { points }: PlantState, device: string): readonly string[] {
  return CHANNEL_NAMES.filter((point) => lastValue(points.get(`${device}/${point}`)) === true).map(
    (point) => assetSwitchedBy(model, device, point)?.spec.name ?? point,
  );
}

const isFar = (value: number, nominal: number): boolean =>
  value < nominal * GAIN_FACTOR.least || value > nominal * GAIN_FACTOR.most;

/** Why control does not do it; undefined: it does. */
export function boxRefusal(model: SiteModel, state: PlantState, body: BoxBody): Reason | undefined {
  const { device } = body;
  const own = model.devices[device];
  if (own?.profile.protocol !== "box") return reason("answer-no-box", { device });
  if (body.kind === "box-gains") {
    const { measures } = own.spec.box ?? {};
    if (measures === undefined) return reason("answer-box-blind", { device });
    if (body.gains === null) return undefined;
    const { voltsPerCount, ampsPerCount } = body.gains;
    return isFar(voltsPerCount, measures.voltsPerCount) || isFar(ampsPerCount, measures.ampsPerCount)
      ? reason("answer-box-far", { device })
      : undefined;
  }
  if (!body.lend) return undefined;
  const others = Object.values(model.devices).filter(
    ({ id, spec }) => id !== device && spec.link === own.spec.link,
  );
  if (others.length > 0) return reason("answer-box-shared", { device });
  const on = onNow(model, state, device);
  return on.length > 0 ? reason("answer-box-on", { device, loads: on.join(", ") }) : undefined;
}
