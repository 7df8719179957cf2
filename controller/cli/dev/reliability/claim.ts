// What RELIABILITY.md claims, as data: a sentence, the tests that prove it, and the figure that they tell. A test tells it by
// `figure()` of tests/tools/figure.ts after all that it asserts; the figure of a longer form of the test stands before a quick one's.

/** A test by its file and the beginning of its name. */
export interface Proof {
  readonly file: string;
  readonly test: string;
}

export interface Claim {
  /** R1 … R18 for a requirement, words for a test with a figure. */
  readonly id: string;
  readonly says: string;
  /** What the figure must at least be. */
  readonly goal: string;
  /** Of a fault that is recovered from: what is lost meanwhile. Such a claim stands in the table of recoveries. */
  readonly lost?: string;
  /** Values of the figure that the goal needs at least. */
  readonly least?: Readonly<Record<string, number>>;
  /** Values of the figure that may be so much. */
  readonly most?: Readonly<Record<string, number>>;
  /** With `{name}` where the tests' values go. */
  readonly figure: string;
  /** In `npm test`. */
  readonly quick: readonly Proof[];
  /** In `npm run test:long`. */
  readonly long?: readonly Proof[];
}

export type FigureValues = Readonly<Record<string, number | string>>;

/** What one file told of one claim. */
export interface Told {
  readonly values: FigureValues;
  /** Day, UTC. */
  readonly day: string;
}

/** Claim → file → what it told last; null: its test failed since. */
export type Figures = Readonly<Record<string, Readonly<Record<string, Told | null>>>>;

const files = (claim: Claim): readonly string[] => [
  ...new Set([...claim.quick, ...(claim.long ?? [])].map(({ file }) => file)),
];

export interface State {
  /** undefined: a value of the figure is missing. */
  readonly figure: string | undefined;
  /** Whether all that the goal needs was seen; less is told as less. */
  readonly isReached: boolean;
  /** Files of which a test failed since. */
  readonly red: readonly string[];
  /** The oldest day of what the figure is made of. */
  readonly day: string | undefined;
}

function reaches({ least = {}, most = {} }: Claim, values: FigureValues): boolean {
  const enough = Object.entries(least).every(([name, value]) => Number(values[name]) >= value);
  return enough && Object.entries(most).every(([name, value]) => Number(values[name]) <= value);
}

/** How a claim stands: values of quick forms, over them those of long ones. */
export function stateOf(claim: Claim, figures: Figures): State {
  const told = figures[claim.id] ?? {};
  const found = files(claim).flatMap((file) => told[file] ?? []);
  const values: FigureValues = Object.assign({}, ...found.map((one) => one.values));
  const names = [...claim.figure.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
  const isWhole = found.length > 0 && names.every((name) => values[name] !== undefined);
  const numbers = new Intl.NumberFormat("en-US");
  const text = (name: string): string => {
    const value = values[name];
    return typeof value === "number" ? numbers.format(value) : (value ?? "");
  };
  return {
    figure: isWhole ? claim.figure.replaceAll(/\{(\w+)\}/g, (_all, name: string) => text(name)) : undefined,
    isReached: reaches(claim, values),
    red: files(claim).filter((file) => told[file] === null),
    day: found.map(({ day }) => day).sort()[0],
  };
}

/** A line that a test wrote: `{"claim": …, "values": …}`. */
export interface Line {
  readonly claim: string;
  readonly values: FigureValues;
}

interface FileRun {
  readonly file: string;
  readonly passed: boolean;
  readonly lines: readonly Line[];
  readonly day: string;
}

/** The figures after a file was run: what it told, or that it failed for each claim that leans on it. */
export function after(
  figures: Figures,
  claims: readonly Claim[],
  { file, passed, lines, day }: FileRun,
): Figures {
  const changed = claims
    .filter((claim) => files(claim).includes(file))
    .flatMap((claim): [string, Record<string, Told | null>][] => {
      const own = lines.filter((line) => line.claim === claim.id);
      if (passed && own.length === 0) return [];
      const values: FigureValues = Object.assign({}, ...own.map((line) => line.values));
      return [[claim.id, { ...figures[claim.id], [file]: passed ? { values, day } : null }]];
    });
  return { ...figures, ...Object.fromEntries(changed) };
}
