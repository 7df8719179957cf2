// The deltas of the last half minute, so that a client whose line broke is told what it missed instead of everything.
// Bounded in beats and bytes; kept only while somebody listens or did so just now.

export interface Recent {
  /** The id of an event of this beat: it names the start of services too, whose beats begin anew. */
  idOf(beat: number): string;
  /** False when nobody has listened for so long that nobody can resume. */
  isWanted(beat: number, clients: number): boolean;
  add(beat: number, text: string): void;
  /** What was said after the event `id`, maybe nothing (""); undefined: it is too old, or not of this run. */
  since(id: string, beat: number): string | undefined;
  /** What was said up to this beat is not true any more. */
  forget(beat: number): void;
}

interface Limits {
  readonly run: string;
  readonly beats: number;
  readonly bytes: number;
}

interface Kept {
  readonly beat: number;
  readonly text: string;
}

export function keepRecent({ run, beats, bytes }: Limits): Recent {
  const kept: Kept[] = [];
  let size = 0;
  /** Everything said after this beat is kept. */
  let wholeAfter = 0;
  let listenedAt = 0;
  const drop = (): void => {
    const oldest = kept.shift();
    size -= oldest?.text.length ?? 0;
    wholeAfter = Math.max(wholeAfter, oldest?.beat ?? 0);
  };
  const forget = (beat: number): void => {
    kept.length = 0;
    size = 0;
    wholeAfter = beat + 1;
  };
  return {
    idOf: (beat) => `${run}-${beat}`,
    isWanted: (beat, clients) => {
      if (clients > 0) listenedAt = beat;
      const wanted = beat - listenedAt <= beats;
      if (!wanted) forget(beat);
      return wanted;
    },
    add: (beat, text) => {
      kept.push({ beat, text });
      size += text.length;
      while (size > bytes || (kept[0]?.beat ?? beat) <= beat - beats) drop();
    },
    since: (id, beat) => {
      const [, from, digits] = /^(.*)-(\d{1,15})$/.exec(id) ?? [];
      const last = Number(digits);
      if (from !== run || last < wholeAfter || last > beat) return undefined;
      return kept.flatMap((one) => (one.beat > last ? [one.text] : [])).join("");
    },
    forget,
  };
}
