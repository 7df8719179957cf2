// A chain as a stranger reads it in a terminal: the member's sentence, then one labelled part for each question that a
// technician has.
import type { Input } from "@gridwright/contract/decision.ts";
import {
  consideredText,
  type InputText,
  inputText,
  memberSentence,
  ruleRank,
  settingText,
  skipText,
  type Told,
  technicianParagraph,
} from "@gridwright/contract/explain/explain.ts";
import { type PhraseKey, phrase, ruleText } from "@gridwright/contract/explain/phrases.ts";
import { nameOf, type Scene } from "@gridwright/contract/explain/scene.ts";
import { whenText } from "@gridwright/contract/explain/when.ts";
import { durationText, render } from "@gridwright/contract/render.ts";
import type { Wanted } from "@gridwright/core/memory.ts";
import type { Chain } from "@gridwright/runtime/journal/chain.ts";
import { wrap } from "./wrap.ts";

export interface Asked {
  readonly asset: string;
  /** The instant that was asked about; absent: now. */
  readonly at?: number;
}

interface Part {
  readonly label: PhraseKey;
  readonly lines: readonly string[];
}

const momentText = (at: number, { clock, now }: Scene): string =>
  clock.isoDay(at) === clock.isoDay(now) ? clock.second(at) : `${clock.day(at)} ${clock.second(at)}`;

/** What is told: the decision, else what the brain remembered. */
export const toldOf = (asset: string, wanted: Wanted, { decision }: Chain): Told =>
  decision ?? { asset, ...wanted, at: wanted.sinceWall };

/** Shares with a digit behind the point: 44.9 % and a threshold of 45 % must not read alike. */
function seenText(input: Input, scene: Scene): InputText {
  const text = inputText(input, scene);
  const { value, unit, quality } = input;
  if (quality !== "fresh" || unit !== "1" || typeof value !== "number") return text;
  const share = new Intl.NumberFormat(scene.language, { maximumFractionDigits: 1 }).format(value * 100);
  return { ...text, value: `${share} %` };
}

function seenLines({ inputs = [] }: Told, scene: Scene): string[] {
  const rows = inputs.map((input) => seenText(input, scene));
  const widths = (["point", "value"] as const).map((key) =>
    Math.max(0, ...rows.map((row) => row[key].length)),
  );
  return rows.map(({ point, value, age }) =>
    `${point.padEnd(widths[0] ?? 0)}  ${value.padStart(widths[1] ?? 0)}  ${age}`.trimEnd(),
  );
}

function commandLines({ commands }: Chain, scene: Scene): string[] {
  const sent = commands.find(({ event }) => event === "granted" || event === "released");
  if (sent === undefined) return [];
  const time = momentText(sent.t, scene);
  const followed = commands.find(({ event }) => event === "verified");
  if (followed !== undefined) {
    const after = durationText(followed.m - sent.m, scene.language);
    return [phrase(scene.language, "command-followed", { time, after })];
  }
  const failed = commands.some(({ event }) => event === "failed");
  return [phrase(scene.language, failed ? "command-failed" : "command-open", { time })];
}

/** The rule by which it stays so, where that is not the one that switched it. */
function keptLines(told: Told, wanted: Wanted, scene: Scene): string[] {
  const same = told.rule === wanted.rule && told.reason.code === wanted.reason.code;
  if (same || wanted.rule === "default") return [];
  const rule = ruleText(wanted.rule, scene.language);
  return [phrase(scene.language, "by-rule", { rule, reason: render(wanted.reason, scene) })];
}

function endLines({ next }: Chain, scene: Scene): string[] {
  if (next === undefined) return [];
  const { set, rule, reason, at } = next;
  return [
    phrase(scene.language, "next", {
      set: settingText(set, scene),
      when: whenText({ at, to: "second" }, scene),
      rule: ruleText(rule, scene.language),
      reason: render(reason, scene),
    }),
  ];
}

function partsOf(told: Told, wanted: Wanted, { chain, scene }: Telling): readonly Part[] {
  const { language } = scene;
  const rule = ruleText(told.rule, language);
  const { considered, skipped = [] } = told;
  const parts: readonly Part[] = [
    { label: "label-rule", lines: [phrase(language, "rule-rank", { rule, ...ruleRank(told.rule) })] },
    { label: "label-why", lines: [render(told.reason, scene)] },
    { label: "label-seen", lines: seenLines(told, scene) },
    {
      label: "label-lost",
      lines:
        considered?.length === 0
          ? [phrase(language, "lost-none")]
          : (considered ?? []).map((other) => consideredText(other, scene)),
    },
    { label: "label-passed", lines: skipped.map((skip) => skipText(skip, scene)) },
    { label: "label-command", lines: commandLines(chain, scene) },
    { label: "label-now", lines: keptLines(told, wanted, scene) },
    { label: "label-changes", lines: [render(wanted.until, scene)] },
    { label: "label-next", lines: endLines(chain, scene) },
  ];
  return parts.filter(({ lines }) => lines.length > 0);
}

/** What a member reads; where no decision is known, how it stands. */
function sentenceOf(told: Told, { chain, scene }: Telling): string {
  const { decision, wanted } = chain;
  // What it waited for when it was switched may long have come; what it waits for now has not.
  if (decision !== undefined) return memberSentence({ ...told, until: (wanted ?? told).until }, scene);
  const { set, reason, until } = told;
  return phrase(scene.language, "undecided", {
    set: settingText(set, scene),
    reason: render(reason, scene),
    until: render(until, scene),
  });
}

interface Telling {
  readonly chain: Chain;
  readonly scene: Scene;
}

/** The whole answer in lines of at most `width`. */
export function whyLines(
  { asset, at }: Asked,
  { chain, scene, width }: Telling & { width: number },
): string[] {
  const { wanted } = chain;
  if (wanted === undefined) return [];
  const told = toldOf(asset, wanted, chain);
  const title = phrase(scene.language, at === undefined ? "title" : "title-then", {
    name: nameOf(asset, scene),
    id: asset,
    set: settingText(wanted.set, scene),
    time: momentText(wanted.sinceWall, scene),
    at: momentText(at ?? scene.now, scene),
  });
  const parts = partsOf(told, wanted, { chain, scene });
  const labels = parts.map(({ label }) => phrase(scene.language, label));
  const indent = Math.max(...labels.map(({ length }) => length)) + 2;
  const body = parts.flatMap(({ lines }, index) =>
    lines
      .flatMap((line) => wrap(line, width - indent))
      .map((line, row) => `${(row === 0 ? (labels[index] ?? "") : "").padEnd(indent)}${line}`),
  );
  return [...wrap(title, width), "", ...wrap(sentenceOf(told, { chain, scene }), width), "", ...body];
}

/** The same for scripts. */
export function whyData(asked: Asked, { chain, scene }: Telling): Readonly<Record<string, unknown>> {
  const { asset, at } = asked;
  const { wanted, decision, next, commands } = chain;
  const told = wanted && toldOf(asset, wanted, chain);
  return {
    asset,
    at: at ?? scene.now,
    ...(wanted && { stands: wanted }),
    ...(decision && { decision }),
    commands: commands.map(({ t, event, detail }) => ({ t, event, ...(detail !== undefined && { detail }) })),
    ...(next && { next }),
    ...(told && { member: sentenceOf(told, { chain, scene }), technician: technicianParagraph(told, scene) }),
  };
}
