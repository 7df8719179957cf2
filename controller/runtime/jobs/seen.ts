// What the queue sees of the plant: each machine's power, counter, status input and supply from the live view, and how much
// of what the site takes now comes straight from the sun. What is not fresh is null.
import type { ApiReading } from "@gridwright/contract/api.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import type { MachineSeen } from "@gridwright/core/jobs/machine.ts";
import type { Seen } from "@gridwright/core/jobs/step.ts";
import { controlOf, shown, type View } from "../live/view.ts";

type Read = (channel: string) => ApiReading["v"];

const readerOf = (view: View): Read => {
  const { state } = controlOf(view);
  return (channel) => {
    const { q, v } = shown(view, channel, state);
    return q === "fresh" ? v : null;
  };
};
const numberOf = (value: ApiReading["v"]): number | null => (typeof value === "number" ? value : null);

function machineSeen(model: SiteModel, view: View, { id, read }: { id: string; read: Read }): MachineSeen {
  const status = view.assets.get(id);
  const running = read(`${id}/running`);
  const isSwitched = model.assets[id]?.actuator?.kind === "switch";
  return {
    powerW: numberOf(read(`${id}/power`)),
    counterWh: numberOf(read(`${id}/energy_import`)),
    running: typeof running === "boolean" ? running : null,
    supply: isSwitched ? (status?.on ?? null) : null,
    locked: status?.wanted === false ? status.reason : null,
  };
}

/** The point that tells what a source gives. */
const GIVES = { pv: "power", battery: "battery_power", grid: "power", generator: "power" } as const;

/** Sun as a share of all that sources give; null where an array or all of them are silent. */
function sunShare(model: SiteModel, read: Read): number | null {
  let sunW = 0;
  let allW = 0;
  for (const { id, spec } of Object.values(model.assets)) {
    if (!(spec.kind in GIVES)) continue;
    const watts = numberOf(read(`${id}/${GIVES[spec.kind as keyof typeof GIVES]}`));
    if (watts === null && spec.kind === "pv") return null;
    allW += Math.max(0, watts ?? 0);
    if (spec.kind === "pv") sunW += Math.max(0, watts ?? 0);
  }
  return allW > 0 ? sunW / allW : null;
}

export function seenOf(model: SiteModel, view: View): Seen {
  const read = readerOf(view);
  const machines = Object.values(model.assets).filter(({ spec }) => spec.kind === "machine");
  return {
    machines: Object.fromEntries(machines.map(({ id }) => [id, machineSeen(model, view, { id, read })])),
    sunShare: sunShare(model, read),
  };
}
