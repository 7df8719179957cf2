// The nearest known name to a misspelt one, for «did you mean …?».

/** Number of letters to change, insert, remove or swap with the next one (optimal string alignment). */
function distance(from: string, to: string): number {
  let [older, last]: [number[], number[]] = [[], Array.from({ length: to.length + 1 }, (_, index) => index)];
  for (let row = 1; row <= from.length; row++) {
    const now = [row];
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1] ? 0 : 1;
      const swapped =
        row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      now[column] = Math.min(
        (last[column] ?? 0) + 1,
        (now[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + same,
        swapped ? (older[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    [older, last] = [last, now];
  }
  return last[to.length] ?? 0;
}

/** The known name at most a third of its letters away from `written`, at least one; undefined when none is near. */
export function nearest(written: string, known: readonly string[]): string | undefined {
  const begins = (name: string): boolean => name.startsWith(written);
  const ranked = known
    .map((name) => ({ name, away: distance(written.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, away }) => away <= Math.max(1, Math.floor(name.length / 3)))
    .sort((a, b) => a.away - b.away || Number(begins(b.name)) - Number(begins(a.name)));
  return ranked[0]?.name;
}
