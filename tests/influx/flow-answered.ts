// What the panel of the flow makes of a database's answer, beside what the journal says of the same moment.
import assert from "node:assert/strict";
import { readingsOf } from "@gridwright/grafana/panel/src/frames.ts";
import { plantOf } from "@gridwright/grafana/panel/src/plant.ts";
import { DEFAULTS, limitsOf } from "@gridwright/grafana/panel/src/settings.ts";
import type { ChannelSample } from "@gridwright/runtime/recorder/decode.ts";
import type { FrameDto } from "../panel/village-frames.ts";
import { END, VILLAGE } from "./village-journal.ts";

const SPAN_MS = DEFAULTS.valueMin * 60_000;

/** What the journal says last of all assets of a kind: what stands, and what fell silent within the last 20 minutes. */
function newestOf(held: readonly ChannelSample[], kind: string, point: string): readonly ChannelSample[] {
  const told = held.filter(
    ({ channel, t }) =>
      VILLAGE.assets[channel.asset]?.spec.kind === kind && channel.point === point && t <= END,
  );
  return [...Map.groupBy(told, ({ channel }) => channel.asset).values()].flatMap((samples) => {
    const last = samples.findLast(({ value }) => value !== null);
    const stands = last !== undefined && (last === samples.at(-1) || last.t > END - SPAN_MS);
    return stands ? [last] : [];
  });
}
const sumOf = (samples: readonly ChannelSample[]): number =>
  samples.reduce((sum, { value }) => sum + Number(value), 0);

/** Amounts, charge, supply and the age of the news are those of the journal. */
export function assertFlow(frames: readonly FrameDto[], held: readonly ChannelSample[]): void {
  const plant = plantOf({
    readings: readingsOf(frames),
    roles: DEFAULTS.roles,
    limits: limitsOf(DEFAULTS),
    present: { now: END, valueMs: SPAN_MS },
  });
  const part = (place: string) => plant.nodes.find((node) => node.place === place);
  const is = (what: string, found: number | undefined, samples: readonly ChannelSample[]): void => {
    assert.ok(samples.length > 0, what);
    assert.ok(Math.abs((found ?? Number.NaN) - sumOf(samples)) < 0.01, `${what}: ${found} ${sumOf(samples)}`);
  };
  is("sun", part("sun")?.power.value, newestOf(held, "pv", "power"));
  is("grid", part("grid")?.power.value, newestOf(held, "grid", "power"));
  is("battery", part("battery")?.power.value, newestOf(held, "battery", "battery_power"));
  is("charge", part("battery")?.charge?.value, newestOf(held, "battery", "soc"));
  is("machines", part("machines")?.power.value, newestOf(held, "machine", "power"));
  for (const assets of [plant.loads, plant.machines]) assert.ok(assets.length > 4);
  const supplied = [...plant.loads, ...plant.machines].filter(({ on }) => on === true).length;
  is("supplied", supplied, [...newestOf(held, "load", "switch"), ...newestOf(held, "machine", "switch")]);
  const age = END - (plant.newest ?? 0);
  assert.ok(age >= 0 && age < 60_000, `news are ${age} ms old`);
}
