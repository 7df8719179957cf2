// What a device gives and keeps by its profile: the line it speaks on, how often each of its points is expected, and whether
// it counts a lease itself. Pure.
import { parsePointName } from "../points.ts";
import { POLL_PERIOD_MS, type Profile } from "../profile.ts";
import { type Millis, millis, seconds } from "../units.ts";
import type { DeviceModel, Source } from "./model.ts";

/** A box says twice a second how it stands; a frame may get lost. */
const BOX_REPORT = seconds(1);

/** The family of links that its protocol needs. */
export function lineOf(profile: Profile): "mqtt" | "box" | "modbus" {
  if ("reportMs" in profile) return "mqtt";
  return profile.protocol === "box" ? "box" : "modbus";
}

/** Whether the device falls back by itself after a leased command to `point`, whose coil is `coil` in silence. */
export function countsLease({ profile }: DeviceModel, point: string, coil: boolean): boolean {
  if (profile.protocol === "modbus") {
    const spec = profile.points[point] ?? profile.points[point.replace(/_\d+$/, "")];
    const { lease, rewriteMs, fallback } = spec?.write ?? {};
    // A register with a watchdog falls back when it is not written again.
    return lease !== undefined || (rewriteMs !== undefined && typeof fallback === "object");
  }
  if (profile.protocol === "sunspec") return profile.points[point]?.write?.revert !== undefined;
  if (profile.protocol === "box") return profile.points[point]?.write === true;
  const spec = profile.points[point];
  const lease = spec?.write === true ? (spec.lease ?? "device") : "none";
  return lease === "device" || (lease === "on-only" && !coil);
}

/** How often a point of a device is expected, and the class under which it is read. */
function pollOf(
  { profile, spec }: DeviceModel,
  point: string,
): { readonly poll: string; readonly periodMs: Millis } {
  if ("reportMs" in profile) return { poll: "report", periodMs: millis(profile.reportMs) };
  if (profile.protocol === "box") return { poll: "report", periodMs: BOX_REPORT };
  const part = profile.protocol === "modbus" ? (profile.sums[point]?.[0]?.replace(/^-/, "") ?? point) : point;
  const poll = (profile.points[part] ?? profile.points[part.replace(/_\d+$/, "")])?.poll ?? "normal";
  return { poll, periodMs: poll === "fast" ? spec.fast : millis(POLL_PERIOD_MS[poll]) };
}

/** The points of a device by `device/point`. */
export function sourcesOf(device: DeviceModel): [string, Source][] {
  return device.points.flatMap((point) => {
    const name = parsePointName(point);
    if (name === undefined) return [];
    const { poll, periodMs } = pollOf(device, point);
    return [
      [`${device.id}/${point}`, { device: device.id, point, name, group: `${device.id}:${poll}`, periodMs }],
    ];
  });
}
