// The deltas of the last half minute, so that a client whose line broke is told what it missed instead of everything.
// Bounded in ms and bytes; kept only while somebody listens or did so just now.

export interface Recent {
  /** The id of an event of this moment (ms, never twice the same): it names the start of services too, whose clock begins anew. */
  idOf(at: number): string;
  /** False when nobody has listened for so long that nobody can resume. */
  isWanted(at: number, clients: number): boolean;
  add(at: number, text: string): void;
  /** What was said after the event `id`, maybe nothing (""); undefined: it is too old, or not of this run. */
  since(id: string, at: number): string | undefined;
  /** What was said up to this moment is not true any more. */
  forget(at: number): void;
}

interface Limits {
  readonly run: string;
  readonly ms: number;
  readonly bytes: number;
}

interface Kept {
  readonly at: number;
  readonly text: string;
}

export function keepRecent({ run, ms, bytes }: Limits): Recent {
  const kept: Kept[] = [];
  let size = 0;
  /** Everything said after this moment is kept. */
  let wholeAfter = 0;
  let listenedAt = 0;
  const drop = (): void => {
    const oldest = kept.shift();
    size -= oldest?.text.length ?? 0;
    wholeAfter = Math.max(wholeAfter, oldest?.at ?? 0);
  };
  const forget = (at: number): void => {
    kept.length = 0;
    size = 0;
    wholeAfter = at + 1;
  };
  return {
    idOf: (at) => `${run}-${at}`,
    isWanted: (at, clients) => {
      if (clients > 0) listenedAt = at;
      const wanted = at - listenedAt <= ms;
      if (!wanted) forget(at);
      return wanted;
    },
    add: (at, text) => {
      kept.push({ at, text });
      size += text.length;
      while (size > bytes || (kept[0]?.at ?? at) <= at - ms) drop();
    },
    since: (id, at) => {
      const [, from, digits] = /^(.*)-(\d{1,15})$/.exec(id) ?? [];
      const last = Number(digits);
      if (from !== run || last < wholeAfter || last > at) return undefined;
      return kept.flatMap((one) => (one.at > last ? [one.text] : [])).join("");
    },
    forget,
  };
}
