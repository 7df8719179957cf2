// Cuts what changed in the view into deltas for the event stream: flow channels often, everything else once a second.
// Only what the page shows is streamed; the other channels are in GET /api/v1/state and in the history.
import type { ApiDelta, ApiState } from "@gridwright/contract/api.ts";
import { parsePointName } from "@gridwright/contract/points.ts";
import { controlOf, type Dirty, shown, stateOf, type View } from "../live/view.ts";

const STREAMED: ReadonlySet<string> = new Set([
  "power",
  "grid_power",
  "pv_power",
  "load_power",
  "battery_power",
  "soc",
  "grid_present",
  "running",
  "estop",
  "hand",
  "level",
  "temperature",
]);

/** Channels that the event stream carries: totals, never single phases. */
export function streamedChannels({ sourceOf }: View): readonly string[] {
  return [...sourceOf.keys()].filter((channel) => {
    const point = parsePointName(channel.split("/")[1] ?? "");
    return point !== undefined && point.phase === undefined && STREAMED.has(point.base);
  });
}

const pick = <V>(keys: Iterable<string>, from: ReadonlyMap<string, V>): Record<string, V> =>
  Object.fromEntries(
    [...keys].flatMap((key) => {
      const value = from.get(key);
      return value === undefined ? [] : [[key, value] as const];
    }),
  );

function takeChannels(view: View, wanted: ReadonlySet<string>): ApiDelta["channels"] | undefined {
  const state = controlOf(view).state;
  const names = [...view.dirty.channels].filter((name) => wanted.has(name));
  for (const name of names) view.dirty.channels.delete(name);
  if (names.length === 0) return undefined;
  return Object.fromEntries(names.map((name) => [name, shown(view, name, state)]));
}

/** What changed of `flow`, or undefined; leaves all else for later. */
export function takeFlow(view: View, flow: ReadonlySet<string>): ApiDelta | undefined {
  const channels = takeChannels(view, flow);
  return channels === undefined ? undefined : { t: view.head.t, channels };
}

/** Everything that changed of `streamed` and of all that is not a channel; undefined when nothing did. */
export function takeAll(view: View, streamed: ReadonlySet<string>): ApiDelta | undefined {
  const { dirty } = view;
  const channels = takeChannels(view, streamed);
  dirty.channels.clear();
  const control = controlOf(view);
  const delta: ApiDelta = {
    ...((dirty.head || control.state !== "live") && { ...view.head, control }),
    ...(channels !== undefined && { channels }),
    ...(dirty.assets.size > 0 && { assets: pick(dirty.assets, view.assets) }),
    ...(dirty.devices.size > 0 && { devices: pick(dirty.devices, view.devices) }),
    ...(dirty.decisions.length > 0 && { decisions: [...dirty.decisions].sort((a, b) => b.at - a.at) }),
    ...(dirty.alarms && { alarms: [...view.alarms.values()], cleared: view.cleared }),
    ...(dirty.fairness && view.fairness !== undefined && { fairness: view.fairness }),
  };
  clear(dirty);
  return Object.keys(delta).length === 0 ? undefined : delta;
}

function clear(dirty: Dirty): void {
  dirty.assets.clear();
  dirty.devices.clear();
  dirty.decisions.length = 0;
  dirty.alarms = false;
  dirty.fairness = false;
  dirty.head = false;
}

/** What a client gets when it asks or connects: the view with the alarms that are over. */
export const wholeState = (view: View, channels?: Iterable<string>): ApiState => ({
  ...stateOf(view, channels),
  cleared: view.cleared,
});

/** The `snapshot` event's data. */
export const snapshotText = (view: View, streamed: Iterable<string>): string =>
  JSON.stringify(wholeState(view, streamed));
