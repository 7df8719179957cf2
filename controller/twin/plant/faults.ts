// What can go wrong in the simulated plant, on demand. The physics reads the plant's own faults (grid, relay, battery
// management); the servers read those of devices and links. Data, so that scenario, test and command line share it.
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { z } from "zod";

const id = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/);

export const Fault = z.discriminatedUnion("kind", [
  /** The device answers nothing; its neighbours on the link go on. */
  z.strictObject({ kind: z.literal("device-dead"), device: id }),
  /** Each answer comes this much later (real time). */
  z.strictObject({ kind: z.literal("device-slow"), device: id, delayMs: z.int().positive().max(60_000) }),
  /** The device answers, but its values stand still. */
  z.strictObject({ kind: z.literal("device-stuck"), device: id }),
  /** Numbers are multiplied by `factor`, or senseless when it is left out. */
  z.strictObject({ kind: z.literal("device-wrong"), device: id, factor: z.number().optional() }),
  /** Connections of the link are closed and refused. */
  z.strictObject({ kind: z.literal("link-cut"), link: id }),
  z.strictObject({ kind: z.literal("grid-lost") }),
  /** The contact stays closed whatever the coil does. */
  z.strictObject({ kind: z.literal("relay-welded"), asset: id }),
  /** One point of a device says this, whatever is so; in the unit of its catalogue. */
  z.strictObject({
    kind: z.literal("point-says"),
    point: z.string().regex(/^[a-z0-9][a-z0-9-]*\/[a-z0-9_]+$/),
    value: z.number(),
  }),
  /** The generator cranks and does not start. */
  z.strictObject({ kind: z.literal("generator-dead") }),
  /** The battery management system is silent: no charging, its values are gone. */
  z.strictObject({ kind: z.literal("bms-lost") }),
  /** Somebody turned the set's own controller to Off. */
  z.strictObject({ kind: z.literal("generator-off") }),
  /** The set stands with a fault of its own. */
  z.strictObject({ kind: z.literal("generator-fault") }),
]);
export type Fault = z.infer<typeof Fault>;
export type FaultKind = Fault["kind"];

export interface ActiveFault {
  readonly fault: Fault;
  /** Plant ms since the start at which it ends; Infinity: until cleared. */
  readonly until: number;
}

/** The id a fault is about, or an empty text for those of the whole plant. */
export function subjectOf(fault: Fault): string {
  if ("device" in fault) return fault.device;
  if ("point" in fault) return fault.point;
  if ("link" in fault) return fault.link;
  return "asset" in fault ? fault.asset : "";
}

export const sameFault = (left: Fault, right: Fault): boolean =>
  left.kind === right.kind && subjectOf(left) === subjectOf(right);

/** The active fault of a kind about a subject. */
export function faultOf<K extends FaultKind>(
  faults: readonly ActiveFault[],
  kind: K,
  subject = "",
): Extract<Fault, { kind: K }> | undefined {
  for (const { fault } of faults)
    if (fault.kind === kind && subjectOf(fault) === subject) return fault as Extract<Fault, { kind: K }>;
  return undefined;
}

/** Whether a device neither says nor hears anything: it is dead, or its link is cut. */
export const isCut = (
  { faults, model }: { readonly faults: readonly ActiveFault[]; readonly model: SiteModel },
  device: string,
): boolean =>
  faultOf(faults, "device-dead", device) !== undefined ||
  faultOf(faults, "link-cut", model.devices[device]?.spec.link ?? "") !== undefined;
