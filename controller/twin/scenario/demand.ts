// What the sky gives and what loads want, in the words of the field: «clouds take 94 % of the sun», «pump wants nothing».
// Shares have bounds: a load may want a little more than its rating, a store holds no more than all.
import type { Phrase, StoryEvent } from "./event.ts";
import { loadsOf, share, type Vocabulary } from "./phrase.ts";

/** An overload of one load is real, ten times its rating is a slip of the pen. */
const WANTS_MOST = 2;

const wants = (text: string, part: number, vocabulary: Vocabulary): StoryEvent => ({
  kind: "demand",
  loads: loadsOf(text, vocabulary),
  share: part,
});

/** `want` of the sockets, `wants` of a pump. */
const verb = (name: string, word: string): string => `${name} ${word}${name.endsWith("s") ? "" : "s"}`;

export const WEATHER: readonly Phrase[] = [
  {
    example: "clouds take 94 % of the sun",
    pattern: /^clouds take (.+?) of the sun$/,
    make: ([part = ""]) => ({ kind: "clouds", share: share(part, { most: 1, of: "the sun" }) }),
  },
  { example: "the sky clears", pattern: /^the sky clears$/, make: () => ({ kind: "clouds", share: 0 }) },
];

export const DEMAND: readonly Phrase[] = [
  {
    example: "sockets of phase L1 want 95 %",
    pattern: /^(.+?) wants? (\d[\d.]* ?%)(?: of (?:its|their) rating)?$/,
    make: ([loads = "", part = ""], at) =>
      wants(loads, share(part.replace(/ ?%/, " %"), { most: WANTS_MOST, of: "the rating" }), at),
    said: { of: "load", as: (name) => `${verb(name, "want")} 95 %` },
  },
  {
    example: "pump wants nothing",
    pattern: /^(.+?) wants? nothing$/,
    make: ([loads = ""], at) => wants(loads, 0, at),
    said: { of: "load", as: (name) => `${verb(name, "want")} nothing` },
  },
  {
    example: "sockets do as they like",
    pattern: /^(.+?) (?:does as it likes|do as they like)$/,
    make: ([loads = ""], at) => wants(loads, Number.NaN, at),
    said: {
      of: "load",
      as: (name) => `${name} ${name.endsWith("s") ? "do as they like" : "does as it likes"}`,
    },
  },
  {
    example: "water heaters stand at 20 %",
    pattern: /^(.+?) stands? at (.+?)$/,
    make: ([loads = "", part = ""], at) => ({
      kind: "level",
      loads: loadsOf(loads, at),
      share: share(part, { most: 1, of: "what it holds" }),
    }),
    said: { of: "load", as: (name) => `${verb(name, "stand")} at 20 %` },
  },
];
