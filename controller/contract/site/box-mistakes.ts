// Mistakes of boxes that only show between two keys: what a box with four channels and its own leases cannot keep.
import { type Asset, isConsumer } from "./assets.ts";
import { list, switchOf } from "./mistakes.ts";
import type { DeviceModel, Mistake } from "./model.ts";
import type { Site } from "./site.ts";

type Devices = Readonly<Record<string, DeviceModel>>;

const ADDRESS_MAX = 16;
const LEASE_MAX_MS = 900_000;
/** A box counts these in 16 bits of seconds, silence in 16 bits of ms. */
const SECONDS_MAX_MS = 65_535_000;
const SILENCE_MAX_MS = 65_535;
const LONGEST = "a box counts no longer than 18 h";

function deviceMistakes(id: string, { spec, profile }: DeviceModel): Mistake[] {
  const path = ["devices", id];
  if (profile.protocol !== "box")
    return spec.box === undefined
      ? []
      : [{ path: [...path, "box"], message: `profile "${spec.profile}" is no box` }];
  const silent = Object.entries(spec.box?.channels ?? {}).filter(
    ([, { silence = 0 }]) => silence > SILENCE_MAX_MS,
  );
  const guards = spec.box?.duty === "feeder" && spec.box.measures === undefined;
  return [
    ...(spec.unit >= 1 && spec.unit <= ADDRESS_MAX
      ? []
      : [{ path: [...path, "unit"], message: `a box has an address from 1 to ${ADDRESS_MAX}` }]),
    ...(spec.reversed ? [{ path: [...path, "reversed"], message: "turn its clamp round instead" }] : []),
    ...(guards ? [{ path: [...path, "box"], message: "a feeder box must measure: add measures" }] : []),
    ...silent.map(([channel]) => ({
      path: [...path, "box", "channels", channel, "silence"],
      message: "a box counts no longer than 65 s",
    })),
  ];
}

/** What a channel cannot do for its asset. */
function channelMistakes(id: string, spec: Asset): Mistake[] {
  const path = ["assets", id];
  const found: Mistake[] = [];
  const say = (key: string, message: string): void => void found.push({ path: [...path, key], message });
  if (!isConsumer(spec)) {
    say("switch", "a box switches loads, machines and vehicles: hang a lamp or a generator on a relay board");
    return found;
  }
  if (switchOf(spec)?.contact === "normally-closed")
    say(
      "switch",
      "a box opens its channels when it sheds: wire it normally-open; onSilence: on closes it again",
    );
  if (spec.onSilence === "hold")
    say("onSilence", "a box holds nothing without a host: say on, off or finish");
  const times = { minOn: spec.minOn, minOff: spec.minOff };
  const machine = spec.kind === "machine" ? { finishWithin: spec.finishWithin, runOn: spec.runOn } : {};
  for (const [key, time] of Object.entries({ ...times, ...machine }))
    if (time > SECONDS_MAX_MS) say(key, LONGEST);
  return found;
}

/** Machines that run with a machine of this box hang on another device: the box cannot see whether they run. */
function partnerMistakes(id: string, site: Site): Mistake[] {
  const spec = site.assets[id] as Asset;
  if (spec.kind !== "machine") return [];
  const boxOf = (asset: string): string | undefined => {
    const other = site.assets[asset];
    return other && switchOf(other)?.point.split("/")[0];
  };
  const here = spec.with.filter((other) => boxOf(other) === boxOf(id));
  return here.length < 2
    ? []
    : [
        {
          path: ["assets", id, "with"],
          message: `a channel waits for one other of its box, not for ${here.length}: ${list(here)}`,
        },
      ];
}

export function boxMistakes(site: Site, devices: Devices): Mistake[] {
  const isBox = (device: string): boolean => devices[device]?.profile.protocol === "box";
  const boxes = Object.entries(devices).filter(([id]) => isBox(id));
  const hanging = Object.entries(site.assets).filter(([, spec]) =>
    isBox(switchOf(spec)?.point.split("/")[0] ?? ""),
  );
  const lease = site.control.lease > LEASE_MAX_MS && boxes.length > 0;
  return [
    ...Object.entries(devices).flatMap(([id, device]) => deviceMistakes(id, device)),
    ...hanging.flatMap(([id, spec]) => [...channelMistakes(id, spec), ...partnerMistakes(id, site)]),
    ...(lease ? [{ path: ["control", "lease"], message: "boxes take no lease above 15 min" }] : []),
  ];
}
