// How much energy there is, as one of six moods that a member understands at a glance. Pure; the words stand in
// words/*.json. What is not known is said, never guessed.
import type { ApiSite } from "@gridwright/contract/api.ts";
import type { AssetStatus } from "@gridwright/contract/messages.ts";
import { type Measure, measured, NONE, sum } from "../live/measure.ts";
import { type Known, readingOf } from "../live/merge.ts";

export type MoodKind = "plenty" | "enough" | "tight" | "scarce" | "dark" | "unknown";

export interface Mood {
  readonly kind: MoodKind;
  /** Loads that are off because others need it more. */
  readonly shed: number;
  readonly soc: Measure;
  /** W; discharge positive. */
  readonly batteryPower: Measure;
}

const PLENTY_SOC = 0.8;
/** The battery fills and is at least this full. */
const PLENTY_SOC_FILLING = 0.6;
const FILLING_W = -300;
const LOW_SOC = 0.3;
/** A charge older than this (plant time) says nothing about now. */
const OLD_SOC_MS = 900_000;

export const BATTERY_POWER = ["battery_power", "power"] as const;

const assetsOf = (site: ApiSite, kind: string) => site.assets.filter((asset) => asset.kind === kind);

/** Charge of all batteries: the mean; a site of several equal packs reads right, others nearly. */
export function chargeOf(known: Known): Measure {
  const measures = assetsOf(known.site, "battery").map(({ id }) => measured(known, id, ["soc"]));
  const total = sum(measures);
  const tooOld = total.t !== undefined && (known.state.t ?? total.t) - total.t > OLD_SOC_MS;
  if (total.belief === "none" || total.belief === "part" || tooOld) return { ...total, belief: "none" };
  return { ...total, value: total.value / measures.length };
}

/** Below the highest step of the community's ladder; without a ladder, below LOW_SOC. */
function isLow({ ladder }: ApiSite, soc: number): boolean {
  const steps = ladder.filter(({ by }) => by === "soc").map(({ below }) => below);
  return soc < (steps.length === 0 ? LOW_SOC : Math.max(...steps));
}

const ENERGY_RULES: ReadonlySet<string> = new Set(["ladder", "battery-limits"]);

type Facts = Pick<Mood, "soc" | "batteryPower">;

function kindOf(known: Known, { soc, batteryPower }: Facts, shed: readonly AssetStatus[]): MoodKind {
  if (known.state.mode === "dead-bus") return "dark";
  if (shed.some(({ rule }) => ENERGY_RULES.has(rule))) return "scarce";
  if (soc.belief !== "none" && isLow(known.site, soc.value) && known.state.mode !== "on-grid")
    return "scarce";
  if (shed.length > 0) return "tight";
  if (soc.belief === "none") return known.state.mode === "on-grid" ? "enough" : "unknown";
  const filling = batteryPower.belief !== "none" && batteryPower.value < FILLING_W;
  return soc.value >= PLENTY_SOC || (filling && soc.value >= PLENTY_SOC_FILLING) ? "plenty" : "enough";
}

export function moodOf(known: Known): Mood {
  const soc = chargeOf(known);
  const batteries = assetsOf(known.site, "battery");
  const batteryPower =
    batteries.length === 0 ? NONE : sum(batteries.map(({ id }) => measured(known, id, BATTERY_POWER)));
  const consumers = known.site.assets.filter(({ tier }) => tier !== undefined);
  const shed = consumers.flatMap(({ id }) => {
    const status = known.state.assets[id];
    return status?.shed === true && status.on !== true ? [status] : [];
  });
  return { kind: kindOf(known, { soc, batteryPower }, shed), shed: shed.length, soc, batteryPower };
}

/** A switch point that is fresh: true or false; else undefined. */
export function flagOf(known: Known, channel: string): boolean | undefined {
  const reading = readingOf(known, channel);
  return reading.v === true || reading.v === false ? reading.v : undefined;
}
