// What is said of a phrase that is none: the nearest ones, of the very load or device that it begins with where it names
// one, and where all of them are listed.
import { nearestPhrases, phraseHint } from "./did-you-mean.ts";
import { deviceOf, loadsOf, Unclear, type Vocabulary } from "./phrase.ts";

export type Subject = "load" | "device";

/** A phrase as far as it can be offered. */
export interface Offered {
  /** As a person writes it, with examples in place of what varies. */
  readonly example: string;
  /** The same of one load or device, for whoever said of it what nobody knows. */
  readonly said?: { readonly of: Subject; as(name: string): string };
}

interface Begun {
  readonly of: Subject;
  readonly name: string;
  readonly rest: string;
}

function isKnown(look: () => unknown): boolean {
  try {
    look();
    return true;
  } catch (error) {
    if (error instanceof Unclear) return false;
    throw error;
  }
}

/** The loads, or the device, that the first words name, as many words as do. */
function subjectIn(text: string, vocabulary: Vocabulary): Begun | undefined {
  const words = text.trim().split(/\s+/);
  for (let count = words.length - 1; count > 0; count -= 1) {
    const name = words.slice(0, count).join(" ");
    const rest = words.slice(count).join(" ");
    if (isKnown(() => loadsOf(name, vocabulary))) return { of: "load", name, rest };
    if (isKnown(() => deviceOf(name, vocabulary))) return { of: "device", name, rest };
  }
  return undefined;
}

/** Gives the end of «… is no event; ». */
export function insteadOfPhrase(text: string, phrases: readonly Offered[], vocabulary: Vocabulary): string {
  const subject = subjectIn(text, vocabulary);
  const fitting =
    subject === undefined
      ? []
      : phrases.flatMap(({ said }) => (said?.of === subject.of ? [said.as(subject.name)] : []));
  if (subject !== undefined && fitting.length > 0)
    return phraseHint([...new Set([...nearestPhrases(subject.rest, fitting), ...fitting])]);
  const examples = phrases.map(({ example }) => example);
  return phraseHint(nearestPhrases(text, examples));
}
