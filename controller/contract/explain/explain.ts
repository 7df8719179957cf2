// Puts a decision into words: one sentence for a member, one paragraph for a technician. Both are made of the reasons'
// own sentences and of the decision's data, so that a new reason or rule needs words and nothing here.
import {
  type Considered,
  type Decision,
  type Input,
  RULE_NAMES,
  type Setting,
  type Skip,
} from "../decision.ts";
import { durationText, quantityText, render } from "../render.ts";
import { type PhraseKey, phrase, ruleText } from "./phrases.ts";
import { plainText } from "./plain.ts";
import { nameOf, type Scene } from "./scene.ts";
import { whenText } from "./when.ts";

/** What is told: a decision, or as much as is known of one (how an asset stands says nothing of inputs). */
export type Told = Pick<Decision, "asset" | "set" | "rule" | "reason" | "until"> & {
  /** Plant time, ms since 1970. */
  readonly at: number;
} & Partial<Pick<Decision, "inputs" | "considered" | "skipped">>;

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

type Speaks = Pick<Scene, "language">;

const shareText = (share: number, { language }: Speaks): string => quantityText(share, "1", language);

/** `on`, `off`, `limited to 60 %`, `told to give 30 %`. */
export const settingText = (set: Setting, speaks: Speaks): string =>
  set.kind === "switch"
    ? phrase(speaks.language, set.on ? "set-on" : "set-off")
    : phrase(speaks.language, set.kind === "limit" ? "set-limit" : "set-setpoint", {
        share: shareText(set.share, speaks),
      });

function actKey({ asset, set }: Told, { assets }: Scene): PhraseKey {
  if (set.kind === "limit" && assets.get(asset)?.kind === "inverter") return "act-input";
  if (set.kind === "limit") return set.share < 1 ? "act-limited" : "act-unlimited";
  if (set.kind === "setpoint") return "act-setpoint";
  if (assets.get(asset)?.kind === "generator") return set.on ? "act-started" : "act-stopped";
  return set.on ? "act-on" : "act-off";
}

/** `Water heater of house 4 was switched off`. */
const actText = (told: Told, scene: Scene): string =>
  phrase(scene.language, actKey(told, scene), {
    name: nameOf(told.asset, scene),
    share: told.set.kind !== "switch" ? shareText(told.set.share, scene) : "",
  });

/** One sentence: what was done, when by the site's clock, why in plain words, what ends it. */
export const memberSentence = (told: Told, scene: Scene): string =>
  capital(
    phrase(scene.language, "member", {
      act: actText(told, scene),
      when: whenText({ at: told.at, to: "minute" }, scene),
      cause: plainText(told.reason, [told.asset], scene) ?? render(told.reason, scene),
      until: render(told.until, scene),
    }),
  );

export interface InputText {
  /** `asset/point`, as `gridwright read` takes it. */
  readonly point: string;
  readonly value: string;
  readonly age: string;
}

export function inputText({ point, value, unit, ageMs, quality }: Input, { language }: Scene): InputText {
  const age = durationText(ageMs, language);
  if (quality === "absent") return { point, value: phrase(language, "value-absent"), age: "" };
  if (quality !== "fresh" || value === null)
    return {
      point,
      value: phrase(language, quality === "stale" ? "value-stale" : "value-bad"),
      age: phrase(language, "age-silent", { age }),
    };
  const text =
    typeof value === "boolean" ? phrase(language, value ? "yes" : "no") : quantityText(value, unit, language);
  return { point, value: text, age: phrase(language, "age", { age }) };
}

/** `«the community's ladder» wanted it off (the battery was at 28 % …)`. */
export const consideredText = ({ rule, set, reason }: Considered, scene: Scene): string =>
  phrase(scene.language, "considered", {
    rule: ruleText(rule, scene.language),
    set: settingText(set, scene),
    reason: render(reason, scene),
  });

/** `Sockets of house 2 (it takes too little now to help)`. */
export const skipText = ({ asset, reason }: Skip, scene: Scene): string =>
  phrase(scene.language, "skip", { name: nameOf(asset, scene), reason: render(reason, scene) });

const IN_ORDER: readonly string[] = RULE_NAMES;

/** A rule's place in the order of authority; 1 is the highest. A box asks none of them: 0. */
export const ruleRank = (rule: Told["rule"]): { readonly place: string; readonly count: string } => ({
  place: String(IN_ORDER.indexOf(rule) + 1),
  count: String(RULE_NAMES.length),
});

const seenText = (inputs: readonly Input[], scene: Scene): string =>
  inputs
    .map((input) => inputText(input, scene))
    .map(({ point, value, age }) =>
      age === "" ? `${point} ${value}` : phrase(scene.language, "input", { point, value, age }),
    )
    .join(", ");

/**
 * One paragraph: rule and its authority, the reason with its figures, what it saw and how old that was, what lost
 * against it, who was passed over and why, what would change it. What `told` does not know is not spoken of.
 */
export function technicianParagraph(told: Told, scene: Scene): string {
  const { language } = scene;
  const { inputs = [], considered, skipped = [] } = told;
  const sentences = [
    phrase(language, "technician", {
      act: actText(told, scene),
      when: whenText({ at: told.at, to: "second" }, scene),
      rule: ruleText(told.rule, language),
      ...ruleRank(told.rule),
      reason: render(told.reason, scene),
    }),
    ...(inputs.length === 0 ? [] : [phrase(language, "seen", { inputs: seenText(inputs, scene) })]),
    ...lostText(considered, scene),
    ...(skipped.length === 0
      ? []
      : [
          phrase(language, "passed", {
            skipped: skipped.map((skip) => skipText(skip, scene)).join(", "),
          }),
        ]),
    phrase(language, "changes", { until: render(told.until, scene) }),
  ];
  return capital(sentences.join(" "));
}

function lostText(considered: Told["considered"], scene: Scene): readonly string[] {
  if (considered === undefined) return [];
  if (considered.length === 0) return [phrase(scene.language, "lost-none")];
  const texts = considered.map((other) => consideredText(other, scene));
  return [phrase(scene.language, "lost", { considered: texts.join("; ") })];
}
