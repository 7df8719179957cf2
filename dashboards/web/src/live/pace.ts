// How quickly plant time really passes, as the page sees it: a slow machine does not reach the speed that was asked for. Pure.

/** When something was heard (real ms, by the page's own clock) and the plant time that it told. */
export interface Mark {
  readonly real: number;
  readonly plant: number;
}

const WINDOW_MS = 20_000;
const SPAN_MIN_MS = 5_000;
const EVERY_MS = 1_000;
/** From here on whole numbers are close enough. */
const WHOLE_FROM = 10;

/** The marks of the last 20 s, at most one a second; a plant time that went back begins anew. */
export function marked(marks: readonly Mark[], mark: Mark): readonly Mark[] {
  const last = marks.at(-1);
  if (last === undefined || mark.plant < last.plant) return [mark];
  if (mark.real - last.real < EVERY_MS) return marks;
  return [...marks.filter(({ real }) => mark.real - real <= WINDOW_MS), mark];
}

/** Plant seconds per real second; undefined before five seconds were seen. */
export function paceOf(marks: readonly Mark[]): number | undefined {
  const [first, last] = [marks[0], marks.at(-1)];
  if (first === undefined || last === undefined || last.real - first.real < SPAN_MIN_MS) return undefined;
  const pace = (last.plant - first.plant) / (last.real - first.real);
  return pace >= WHOLE_FROM ? Math.round(pace) : Number(pace.toFixed(1));
}
