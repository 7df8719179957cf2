// Several names as a person would list them: what they share is said once, long rows are counted.
import type { Language } from "@gridwright/contract/reasons.ts";
import { orderIn, perLanguage } from "../text/per-language.ts";
import { sayIn } from "../words/words.ts";

const NUMBERED = /^(.*\D)(\d+)$/;
/** Kinds of things that are named; more are counted. */
const PARTS_MAX = 4;
/** From this many in a row on only the first and last number are said. */
const RUN_MIN = 3;

/** Words before the number where several are meant; names that follow another pattern stay as they are. */
const PLURALS: readonly (readonly [RegExp, string])[] = [
  [/^((?!.* and ).*[^s\s]) of house $/, "$1s of houses "],
  [/^(.*) of house $/, "$1 of houses "],
  [/^(\S*[aeiou]) de la casa $/, "$1s de las casas "],
  [/^(.*) de la casa $/, "$1 de las casas "],
];

function plural(prefix: string): string {
  const found = PLURALS.find(([pattern]) => pattern.test(prefix));
  return found === undefined ? prefix : prefix.replace(found[0], found[1]);
}

/** Without a comma before «and». */
const listOf = perLanguage((language) => new Intl.ListFormat(language === "en" ? "en-GB" : language));

interface Part {
  readonly text: string;
  readonly count: number;
}

/** Runs of numbers that follow each other: [1,2,3,7] → [[1,2,3],[7]]. */
function runsOf(numbers: readonly number[]): readonly (readonly number[])[] {
  const runs: number[][] = [];
  for (const number of numbers) {
    const last = runs.at(-1);
    if (last?.at(-1) === number - 1) last.push(number);
    else runs.push([number]);
  }
  return runs;
}

function numbersText(numbers: readonly number[], language: Language): string {
  const say = sayIn(language);
  const texts = runsOf(numbers).flatMap((run) =>
    run.length < RUN_MIN
      ? run.map(String)
      : [say("names-to", { first: String(run[0]), last: String(run.at(-1)) })],
  );
  return listOf(language).format(texts);
}

function partOf(prefix: string, names: readonly string[], language: Language): Part {
  const count = names.length;
  if (count === 1) return { text: names[0] ?? "", count };
  const numbers = names.map((name) => Number(NUMBERED.exec(name)?.[2])).toSorted((a, b) => a - b);
  return { text: plural(prefix) + numbersText(numbers, language), count };
}

/** `Water heaters of houses 1 to 5, Saw`; at most PARTS_MAX things and then `… and 4 more`. */
export function namesText(names: readonly string[], language: Language): string {
  const order = orderIn(language);
  const groups = Map.groupBy(new Set(names), (name) => NUMBERED.exec(name)?.[1] ?? name);
  const parts = [...groups]
    .map(([prefix, members]) => partOf(prefix, members.toSorted(order), language))
    .sort((a, b) => b.count - a.count || order(a.text, b.text));
  const named = parts.length > PARTS_MAX ? parts.slice(0, PARTS_MAX - 1) : parts;
  const left = parts.slice(named.length).reduce((sum, { count }) => sum + count, 0);
  const texts = named.map(({ text }) => text);
  const several = named.some(({ count }) => count > 1) || left > 0;
  const list = several ? texts.join(", ") : listOf(language).format(texts);
  return left === 0 ? list : sayIn(language)("names-more", { names: list, count: String(left) });
}
