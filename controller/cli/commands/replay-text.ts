// What a replay found, in words: how much was decided again and how fast, and the first difference as a person would
// tell it.
import type { Decision } from "@gridwright/contract/decision.ts";
import { settingText } from "@gridwright/contract/explain/explain.ts";
import { ruleText } from "@gridwright/contract/explain/phrases.ts";
import { nameOf, type Scene } from "@gridwright/contract/explain/scene.ts";
import { durationText, render } from "@gridwright/contract/render.ts";
import type { Difference, OtherDecisions } from "@gridwright/core/replay.ts";
import { differingKeys } from "@gridwright/core/same-json.ts";
import type { Replaying } from "./replay.ts";
import { wrap } from "./wrap.ts";

const count = (value: number): string => value.toLocaleString("en");

interface Progress {
  readonly share: number;
  readonly ticks: number;
  readonly tookMs: number;
}

const perSecond = ({ ticks, tookMs }: Omit<Progress, "share">): string =>
  count(Math.round(ticks / Math.max(0.001, tookMs / 1_000)));

/** `43 %, 12,400 ticks, 9,300 a second`. */
export const progressText = ({ share, ...done }: Progress): string =>
  `${Math.round(Math.min(1, Math.max(0, share)) * 100)} %, ${count(done.ticks)} ticks, ${perSecond(done)} a second`;

const says = ({ set, rule, reason }: Decision, scene: Scene): string =>
  `${settingText(set, scene)} by «${ruleText(rule, scene.language)}»: ${render(reason, scene)}`;

/** What differs for one asset of a tick. */
function assetLine(asset: string, { recorded, redecided }: OtherDecisions, scene: Scene): string | undefined {
  const then = recorded.find((decision) => decision.asset === asset);
  const now = redecided.find((decision) => decision.asset === asset);
  const name = nameOf(asset, scene);
  if (then === undefined)
    return now && `${name}: the journal has no decision; decided again it goes ${says(now, scene)}`;
  if (now === undefined)
    return `${name}: the journal says ${says(then, scene)}; decided again nothing is done`;
  const keys = differingKeys(then, now);
  if (keys.length === 0) return undefined;
  const [before, after] = [says(then, scene), says(now, scene)];
  return before === after
    ? `${name}: ${before}, both times, but ${keys.join(", ")} differ`
    : `${name}: the journal says ${before}; decided again it goes ${after}`;
}

export function differenceLines(difference: Difference, scene: Scene): string[] {
  if (difference.kind === "memory")
    return [`what the controller remembered differs in ${difference.keys.join(", ")}`];
  const { recorded, redecided } = difference;
  const assets = new Set([...recorded, ...redecided].map(({ asset }) => asset));
  const lines = [...assets].flatMap((asset) => assetLine(asset, difference, scene) ?? []);
  return lines.length > 0 ? lines : ["the same decisions in another order"];
}

function leftOut({ replayed: { skippedTicks, uncompared }, damage }: Replaying): string[] {
  const bytes = damage.reduce((sum, { from, to }) => sum + to - from, 0);
  return [
    ...(skippedTicks > 0
      ? [
          `${count(skippedTicks)} ticks were not decided again: they belong to another site file, or no snapshot stands before them. With --config another site file is taken.`,
        ]
      : []),
    ...(uncompared > 0
      ? [
          `${count(uncompared)} ticks were decided again but not compared: records before them are missing, damaged or merged on a full card.`,
        ]
      : []),
    ...(damage.length > 0
      ? [`${count(bytes)} bytes in ${count(damage.length)} places could not be read (see journal verify).`]
      : []),
  ];
}

function verdict({ replayed: { differences, ticks, uncompared } }: Replaying, scene: Scene): string[] {
  const [first] = differences;
  if (ticks === uncompared) return ["Nothing could be compared."];
  if (first === undefined) return ["No difference: everything was decided again as it was."];
  const { clock } = scene;
  const number = differences.length === 1 ? "1 difference" : `${count(differences.length)} differences`;
  return [
    `${number}. The first, at ${clock.isoDay(first.t)} ${clock.second(first.t)}:`,
    ...differenceLines(first, scene).map((line) => `- ${line}`),
    "Either another version of gridwright wrote this journal, or the brain knew something that is not in it.",
  ];
}

/** The whole report in lines of at most `width`. */
export function replayLines(replaying: Replaying, scene: Scene, width: number): string[] {
  const { from, to, tookMs } = replaying;
  const { ticks, decisions, snapshots } = replaying.replayed;
  const { clock } = scene;
  const moment = (at: number): string => `${clock.isoDay(at)} ${clock.second(at)}`;
  const text = [
    `From ${moment(from)} to ${moment(to)}: ${count(ticks)} ticks, ${count(decisions)} decisions and ${count(snapshots)} snapshots of memory were compared.`,
    `It took ${durationText(tookMs, "en")}: ${perSecond({ ticks, tookMs })} ticks a second.`,
    ...leftOut(replaying),
    ...verdict(replaying, scene),
  ];
  return text.flatMap((line) => wrap(line, width));
}

/** The same for scripts. */
export function replayData({ replayed, damage, from, to, tookMs }: Replaying): Record<string, unknown> {
  const { ticks, uncompared, decisions, snapshots, skippedTicks, differences } = replayed;
  return {
    ...{ from, to, ticks, uncompared, skippedTicks, decisions, snapshots },
    ...{ tookMs: Math.round(tookMs), damage, differences },
  };
}
