// What somebody may have meant who wrote a phrase or a name that is none: the nearest few, put first. By words that are
// shared, the rarer the more; never a guess that is acted upon.
import { nearest } from "@gridwright/protocols/documents/nearest.ts";

const OFFERED_MAX = 3;
const LISTED_MAX = 12;
/** A word that is only near to one of the phrase. */
const NEAR_WEIGHT = 0.7;
const FUZZY_LETTERS_MIN = 4;
/** What shares less than this part of what the best shares is no guess. */
const LIKE_SHARE_MIN = 0.4;

/** «a», «b» or «c» */
function quoted(names: readonly string[]): string {
  const marked = names.map((name) => `«${name}»`);
  return [marked.slice(0, -1).join(", "), ...marked.slice(-1)].filter(Boolean).join(" or ");
}

/** What is said after «there is no …»: the nearest of `known`, or which there are. `called`: other words for some. */
export function insteadOf(
  word: string,
  known: readonly string[],
  called: Readonly<Record<string, string>> = {},
): string {
  const near = nearest(word, [...known, ...Object.keys(called)]);
  const rest = known.length - LISTED_MAX;
  const list = `here are ${known.slice(0, LISTED_MAX).join(", ")}`;
  if (near !== undefined) return `do you mean «${called[near] ?? near}»?${rest > 0 ? "" : ` T${list}`}`;
  return `t${list}${rest > 0 ? ` and ${rest} more, by their ids in the site file` : ""}`;
}

/** With its unit. */
const FIGURE = /(?<=^|\s)\d\S*( (%|[a-z]{1,3})(?=\s|$))?/g;

const SMALL: ReadonlySet<string> = new Set(["the", "is", "are", "of", "for", "a", "to", "in", "and"]);

/** Words as far as they tell phrases apart: figures, ids, marks and small words do not, one or many is one. */
const wordsOf = (text: string): ReadonlySet<string> =>
  new Set(
    text
      .toLowerCase()
      .replace(FIGURE, "")
      .split(/[\s,«»]+/)
      .filter((word) => /^\p{L}+$/u.test(word) && !SMALL.has(word))
      .map((word) => (word.length > 3 ? word.replace(/s$/, "") : word)),
  );

type Words = ReadonlySet<string>;

function likeness(written: Words, phrase: Words, rarity: ReadonlyMap<string, number>): number {
  const own = [...phrase];
  let sum = 0;
  for (const word of written) {
    const near = word.length < FUZZY_LETTERS_MIN ? undefined : nearest(word, own);
    if (phrase.has(word)) sum += rarity.get(word) ?? 0;
    else if (near !== undefined) sum += NEAR_WEIGHT * (rarity.get(near) ?? 0);
  }
  return sum;
}

/** The phrases that share most with `text`, best first; of equals the first and those that say little else. */
export function nearestPhrases(text: string, phrases: readonly string[]): readonly string[] {
  const all = [...new Set(phrases)].map((phrase) => ({ phrase, words: wordsOf(phrase) }));
  const count = new Map<string, number>();
  for (const { words } of all) for (const word of words) count.set(word, (count.get(word) ?? 0) + 1);
  const rarity = new Map([...count].map(([word, times]) => [word, 1 / times]));
  const written = wordsOf(text);
  const ranked = all
    .map(({ phrase, words }) => ({ phrase, like: likeness(written, words, rarity), size: words.size }))
    .filter(({ like }) => like > 0)
    .sort((left, right) => right.like - left.like || left.size - right.size);
  return ranked
    .filter(({ like }) => like >= (ranked[0]?.like ?? 0) * LIKE_SHARE_MIN)
    .slice(0, OFFERED_MAX)
    .map(({ phrase }) => phrase);
}

/** What is said after «… is no event»: the nearest phrases, and where all of them are. */
export function phraseHint(near: readonly string[]): string {
  const all = "all that can be written is in docs/scenarios.md, «Write your own»";
  return near.length === 0 ? all : `do you mean ${quoted(near.slice(0, OFFERED_MAX))}? (${all})`;
}
