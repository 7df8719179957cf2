// Which devices say what is not believed, since when and why, as conditions that people are told of. A device's own
// «no value» is no condition: it is honest.
import type { BadReason } from "@gridwright/contract/reading.ts";
import type { ReasonCode } from "@gridwright/contract/reasons.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { elapsed, type Mono, seconds } from "@gridwright/contract/units.ts";
import { contradicts } from "./battery.ts";
import { keptBeside } from "./kept-beside.ts";
import type { Memory } from "./memory.ts";
import type { PlantState } from "./state.ts";
import type { Condition } from "./step.ts";
import type { Sight } from "./substitute.ts";
import { reason, type Tick } from "./tick.ts";

/** One wrong answer is told to nobody. */
const TOLD_AFTER = seconds(10);

/** `limit`: a battery's limit that contradicts what it does. */
const WORDS: Readonly<Record<Exclude<BadReason, "sentinel"> | "limit", ReasonCode>> = {
  limit: "alarm-reading-limit",
  "out-of-range": "alarm-reading-impossible",
  "not-a-number": "alarm-reading-no-number",
  contradicted: "alarm-reading-contradicted",
  "too-quick": "alarm-reading-too-quick",
  "from-the-future": "alarm-reading-future",
  "frozen-clock": "alarm-reading-frozen",
  stuck: "alarm-reading-stuck",
};
const isWhy = (why: string): why is keyof typeof WORDS => Object.hasOwn(WORDS, why);

/** Sources that an asset uses: of the others nobody need be told. */
const usedSources = keptBeside(({ channels, sources }: SiteModel): readonly string[] => {
  const used = new Set(channels.map(({ source }) => source));
  return [...sources.keys()].filter((source) => used.has(source));
});

function anyBad({ points }: PlantState): boolean {
  for (const reading of points.values()) if (reading?.quality === "bad") return true;
  return false;
}

/** `device why` → since when, and the first point of which it is so. */
export function doubtsNow({ model, layout, state }: Sight, memory: Memory): Memory["doubted"] {
  const before = memory.doubted;
  const doubts: Record<string, Memory["doubted"][string]> = {};
  for (const battery of layout.batteries.filter((each) => contradicts({ layout, state, memory }, each))) {
    const key = `${battery.id} limit`;
    doubts[key] = before[key] ?? { since: state.now, point: "discharge_current_limit" };
  }
  if (!anyBad(state)) return doubts;
  for (const source of usedSources(model)) {
    const reading = state.points.get(source);
    if (reading?.quality !== "bad" || !isWhy(reading.reason)) continue;
    const [device = "", point = ""] = source.split("/");
    const key = `${device} ${reading.reason}`;
    doubts[key] ??= before[key] ?? { since: state.now, point };
  }
  return doubts;
}

export function doubtedConditions({ memory, state }: Tick): readonly Condition[] {
  return Object.entries(memory.doubted).flatMap(([key, { since, point }]): Condition[] => {
    const [device = "", why = ""] = key.split(" ");
    if (!isWhy(why) || elapsed(since as Mono, state.now) < TOLD_AFTER) return [];
    return [
      {
        id: `reading-${why}/${device}`,
        severity: "warning",
        reason: reason(WORDS[why], { device, point }),
      },
    ];
  });
}
