// What a box is told about itself, from the site file alone: its own duties, and per channel what the asset on it needs.
// Pure. A channel without an asset is unused: its pin stays an input.
import type { BoxGains } from "@gridwright/contract/request.ts";
import type { Asset, Consumer } from "@gridwright/contract/site/assets.ts";
import { isConsumer } from "@gridwright/contract/site/assets.ts";
import { BoxSpec, CHANNEL_NAMES } from "@gridwright/contract/site/box-spec.ts";
import type { AssetModel, DeviceModel, SiteModel } from "@gridwright/contract/site/model.ts";
import type { Amps, Millis } from "@gridwright/contract/units.ts";
import { NO_CHANNEL } from "../protocol/codes.ts";
import type { Message } from "../protocol/messages.ts";

type Of<K extends Message["kind"]> = Omit<Extract<Message, { kind: K }>, "session">;
export type Adoption = Of<"configure_box"> | Of<"configure_channel">;
type ChannelSpec = NonNullable<BoxSpec["channels"]["relay_1"]>;

/** A machine works from a tenth of its rating on, and is idle from a fifth of that: below it only stands by. */
const WORKS_SHARE = 0.1;
const IDLE_SHARE = 0.2;
const NOMINAL_V = 230;
const PLACES: readonly string[] = CHANNEL_NAMES;

const seconds = (time: Millis): number => Math.ceil(time / 1_000);
const milliamps = (current: number): number => Math.round(current * 1_000);

const UNUSED = {
  kind: "configure_channel",
  role: "unused",
  on_silence: "off",
  level: "active_high",
  tier: 0,
  partner: NO_CHANNEL,
  min_on_s: 0,
  min_off_s: 0,
  hold_max_s: 0,
  run_on_s: 0,
  silence_ms: 0,
  idle_ma: 0,
  run_ma: 0,
  overload_ma: 0,
} as const satisfies Omit<Of<"configure_channel">, "channel">;

/** The place of the asset's switch on this box, 0 … 3; -1: it hangs elsewhere. */
const placeOf = (asset: AssetModel | undefined, box: string): number =>
  asset?.actuator?.device === box ? PLACES.indexOf(asset.actuator.point) : -1;

/** How long this asset runs on after the machines that need it, in ms; 0: none does. */
function runOnFor(id: string, assets: SiteModel["assets"]): number {
  const needing = Object.values(assets).flatMap(({ spec }) =>
    spec.kind === "machine" && spec.with.includes(id) ? [spec.runOn] : [],
  );
  return Math.max(0, ...needing);
}

function silenceOf(spec: Consumer, runsOn: boolean): Of<"configure_channel">["on_silence"] {
  if (spec.onSilence === "on") return "on";
  if (spec.onSilence === "finish") return "hold_until_idle";
  return runsOn ? "run_on" : "off";
}

const worksFrom = (spec: Asset): number | undefined => (spec.kind === "machine" ? spec.worksFrom : undefined);

function channelOf(asset: AssetModel, spec: Consumer, at: Place): Omit<Of<"configure_channel">, "channel"> {
  const { assets, box, own } = at;
  const runOn = runOnFor(asset.id, assets) as Millis;
  const needs = spec.kind === "machine" ? spec.with.map((id) => placeOf(assets[id], box)) : [];
  const volts = own.spec.box?.measures?.voltage ?? NOMINAL_V;
  const runA = (worksFrom(spec) ?? spec.rating * WORKS_SHARE) / volts;
  const wiring: Partial<ChannelSpec> = own.spec.box?.channels[at.channel] ?? {};
  return {
    ...UNUSED,
    role: spec.kind === "machine" ? "machine" : "load",
    on_silence: silenceOf(spec, runOn > 0),
    level: wiring.energised === "low" ? "active_low" : "active_high",
    tier: spec.tier,
    partner: needs.find((place) => place >= 0) ?? NO_CHANNEL,
    min_on_s: seconds(spec.minOn),
    min_off_s: seconds(spec.minOff),
    hold_max_s: spec.kind === "machine" ? seconds(spec.finishWithin) : 0,
    run_on_s: seconds(runOn),
    silence_ms: wiring.silence ?? 0,
    idle_ma: milliamps(runA * IDLE_SHARE),
    run_ma: milliamps(runA),
  };
}

interface Place {
  readonly assets: SiteModel["assets"];
  readonly own: DeviceModel;
  readonly box: string;
  readonly channel: (typeof CHANNEL_NAMES)[number];
}

function boxOf({ spec }: DeviceModel, gains: BoxGains | undefined): Of<"configure_box"> {
  const box = spec.box ?? BoxSpec.parse({});
  const measures = box.measures && { ...box.measures, ...gains };
  const feeder = box.duty === "feeder";
  return {
    kind: "configure_box",
    duty: feeder ? "feeder_box" : "load_box",
    nominal_dv: Math.round((measures?.voltage ?? 0) * 10),
    rated_ma: feeder ? milliamps(box.rating ?? (0 as Amps)) : 0,
    rated_va: feeder ? Math.round(box.ratedPower ?? 0) : 0,
    overload_percent: feeder ? Math.round(box.overload * 100) : 0,
    slow_s: feeder ? seconds(box.overloadFor ?? (0 as Millis)) : 0,
    volt_gain: Math.round((measures?.voltsPerCount ?? 0) * 10_000),
    amp_gain: Math.round((measures?.ampsPerCount ?? 0) * 10_000),
    quiet_s: seconds(box.quiet),
    stagger_s: seconds(box.stagger),
  };
}

/**
 * All that a box must be told before it may be used, the same each time; the box first, then its four channels. `gains`: as it
 * was calibrated, instead of what the site file says.
 */
export function adoptionOf(
  own: DeviceModel,
  { assets }: Pick<SiteModel, "assets">,
  gains?: BoxGains,
): readonly Adoption[] {
  const channels = CHANNEL_NAMES.map((channel, place): Adoption => {
    const asset = Object.values(assets).find((one) => placeOf(one, own.id) === place);
    if (asset === undefined || !isConsumer(asset.spec)) return { ...UNUSED, channel: place };
    return { ...channelOf(asset, asset.spec, { assets, own, box: own.id, channel }), channel: place };
  });
  return [boxOf(own, gains), ...channels];
}
