// Reasons as sentences, safe against a code that this page does not know yet (services may be newer than the page).
import type { Reason } from "@gridwright/contract/decision.ts";
import { type Told, technicianParagraph } from "@gridwright/contract/explain/explain.ts";
import { plainText } from "@gridwright/contract/explain/plain.ts";
import type { Scene } from "@gridwright/contract/explain/scene.ts";
import { SENTENCES } from "@gridwright/contract/reasons.ts";
import { render, type Wording } from "@gridwright/contract/render.ts";

/** A number and its unit stay on one line. */
const bound = (text: string): string =>
  text.replace(/(\d) (?=(?:%|s|min|h|A|V|Hz|k?(?:W|VA|Wh))\b|%)/g, "$1\u00a0");

/** False for a code that only newer services know. */
export const isKnown = ({ code }: Reason, { language }: Wording): boolean =>
  Object.hasOwn(SENTENCES[language], code);

/** The reason in words; its bare code when the catalogue has none. */
export const sentence = (reason: Reason, wording: Wording): string =>
  isKnown(reason, wording) ? bound(render(reason, wording)) : reason.code;

/** The cause as a member says it, where there is such a word for it; else the exact sentence. */
export const causeText = (reason: Reason, assets: readonly string[], wording: Scene): string =>
  plainText(reason, assets, wording) ?? sentence(reason, wording);

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Everything about one decision, for technicians. */
export const technicianText = (told: Told, scene: Scene): string => bound(technicianParagraph(told, scene));
