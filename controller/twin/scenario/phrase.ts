// The small words that events and expectations of a scenario file share: durations, amounts, devices and points, and which
// loads a phrase means («water heaters of phase L1», «at least 2 of house-*-sockets»). Parsed once; a phrase nobody knows
// is a mistake.
import { PHASES, type PhaseName } from "@gridwright/contract/points.ts";
import { parseQuantity, type QuantityUnit, unitsOf } from "@gridwright/contract/quantity-text.ts";
import { isConsumer } from "@gridwright/contract/site/assets.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { nearest } from "@gridwright/protocols/documents/nearest.ts";
import { matches } from "../plant/scenario.ts";
import { insteadOf } from "./did-you-mean.ts";

/** What a phrase may speak of: the site, and the file's own names for groups of loads. */
export interface Vocabulary {
  readonly model: SiteModel;
  /** «water heaters» → patterns over asset ids. */
  readonly names: Readonly<Record<string, readonly string[]>>;
}

/** A phrase that means nothing here; its message says what would. Caught where the line is known. */
export class Unclear extends Error {
  override readonly name = "Unclear";
}

/** SI value of `4 s`, `2.5 kW`, `95 %`. Throws Unclear. */
export function amount(text: string, unit: QuantityUnit): number {
  const parsed = parseQuantity(text.trim(), unit);
  if (!parsed.ok) throw new Unclear(`«${text.trim()}»: ${parsed.why}`);
  return parsed.value;
}

export const duration = (text: string): number => amount(text, "ms");

/** A share of `of`, 1 for 100 %, from nothing to `most`. Throws Unclear. */
export function share(text: string, { most, of }: { readonly most: number; readonly of: string }): number {
  const value = amount(text, "%");
  if (value >= 0 && value <= most) return value;
  throw new Unclear(`«${text.trim()}» cannot be: write 0 % to ${most * 100} % of ${of}`);
}

const consumersOf = (model: SiteModel): readonly string[] =>
  Object.values(model.assets).flatMap(({ id, spec }) => (isConsumer(spec) ? [id] : []));

const PHASE = new RegExp(`^(.*?)(?: (?:of|on) phase (${PHASES.join("|")}))?$`);

function onPhase(model: SiteModel, id: string, phase: PhaseName): boolean {
  return model.assets[id]?.spec.phases.includes(phase) === true;
}

function named(word: string, { model, names }: Vocabulary): readonly string[] {
  const bare = word.replace(/^the /, "");
  const patterns = names[bare] ?? [bare];
  const found = consumersOf(model).filter((id) => patterns.some((glob) => matches(glob, id)));
  if (found.length > 0) return found;
  const ids = consumersOf(model);
  const known = [...Object.keys(names), ...ids];
  // Whoever writes its name as the page shows it is told its id.
  const called = Object.fromEntries(ids.map((id) => [model.assets[id]?.spec.name ?? id, id]));
  throw new Unclear(`no load is called «${word}» here; ${insteadOf(word, known, called)}`);
}

/** A name may hold an «and» itself. */
const splitAnd = (part: string, { names }: Vocabulary): readonly string[] =>
  names[part.replace(/^the /, "")] === undefined ? part.split(" and ") : [part];

/** Ids of the loads that `text` means: names or patterns joined by commas and «and», and a phase. Throws Unclear. */
export function loadsOf(text: string, vocabulary: Vocabulary): readonly string[] {
  const [, words = "", phase] = PHASE.exec(text.trim()) ?? [];
  const list =
    words === "every load" ? ["*"] : words.split(", ").flatMap((part) => splitAnd(part, vocabulary));
  const ids = [...new Set(list.flatMap((word) => named(word.trim(), vocabulary)))];
  const wanted = PHASES.find((name) => name === phase);
  const chosen = wanted === undefined ? ids : ids.filter((id) => onPhase(vocabulary.model, id, wanted));
  if (chosen.length === 0) throw new Unclear(`«${text}» means no load: none of them is on phase ${phase}`);
  return chosen;
}

/** A device by its id, or by a word that `names:` gives it. Throws Unclear. */
export function deviceOf(text: string, { model, names }: Vocabulary): string {
  const id = names[text.replace(/^the /, "")]?.[0] ?? text;
  if (model.devices[id] !== undefined) return id;
  throw new Unclear(`no device is called «${id}»; ${insteadOf(id, Object.keys(model.devices))}`);
}

/** A point by `device/point`. Throws Unclear. */
export function pointOf(source: string, { model }: Vocabulary): string {
  if (model.sources.has(source)) return source;
  const near = nearest(source, [...model.sources.keys()]);
  const cure = near === undefined ? "write device/point" : `do you mean «${near}»? Write device/point`;
  throw new Unclear(`there is no point «${source}»; ${cure}, as gridwright read lists them`);
}

const BARE = /^-?\d+(\.\d+)?$/;

/** SI value of what a point says: `100 %`, `0 A`, `no`; bare where its unit cannot be written. Throws Unclear. */
export function saidOf(text: string, source: string, { model }: Vocabulary): number {
  const kind = model.sources.get(source)?.name.kind;
  if (kind?.value === "switch") {
    if (text === "yes" || text === "no") return text === "yes" ? 1 : 0;
    throw new Unclear(`«${source}» says yes or no, not «${text}»`);
  }
  const unit = kind === undefined || kind.unit === "1" ? "%" : kind.unit;
  return unitsOf(unit) === "" && BARE.test(text) ? Number(text) : amount(text, unit);
}

/** The id of the one load that is meant. Throws Unclear. */
export function oneLoad(text: string, vocabulary: Vocabulary): string {
  const [id, second] = loadsOf(text, vocabulary);
  if (id === undefined || second !== undefined) throw new Unclear(`«${text}» must be one load`);
  return id;
}

/** How many of the loads it must be. */
export interface Quantity {
  readonly least: number;
  readonly most: number;
}

const COUNTS: readonly (readonly [RegExp, (count: number, all: number) => Quantity])[] = [
  [/^none of /, () => ({ least: 0, most: 0 })],
  [/^some of /, (_, all) => ({ least: 1, most: all })],
  [/^at least (\d+) of /, (count, all) => ({ least: count, most: all })],
  [/^at most (\d+) of /, (count) => ({ least: 0, most: count })],
  [/^(\d+) of /, (count) => ({ least: count, most: count })],
];

/** `at least 2 of the water heaters`: which loads, and how many of them. Without a count: all. Throws Unclear. */
export function countedLoads(
  text: string,
  vocabulary: Vocabulary,
): { readonly ids: readonly string[]; readonly count: Quantity } {
  for (const [words, make] of COUNTS) {
    const hit = words.exec(text);
    if (hit === null) continue;
    const ids = loadsOf(text.slice(hit[0].length), vocabulary);
    const count = make(Number(hit[1] ?? 0), ids.length);
    if (count.least > ids.length) throw new Unclear(`«${text}»: there are only ${ids.length} of them`);
    return { ids, count };
  }
  const ids = loadsOf(text, vocabulary);
  return { ids, count: { least: ids.length, most: ids.length } };
}
