// Finds the SunSpec models of a device: the mark «SunS» at one of three bases, then ID, length, ID, length … until
// 0xFFFF. A generator: it yields what to read and is given the words, or undefined where the device refused.

export interface WordRequest {
  readonly address: number;
  readonly count: number;
}

export interface FoundModel {
  readonly id: number;
  /** Address of its ID register. */
  readonly address: number;
  /** Registers after ID and L. */
  readonly length: number;
}

export interface Discovered {
  readonly base: number;
  readonly models: readonly FoundModel[];
}

/** In the order of the SunSpec specification; 0-based, as on the wire. */
export const SUNSPEC_BASES = [40_000, 0, 50_000] as const;
const MARK = [0x5375, 0x6e53];
const END = 0xffff;
const MODELS_MAX = 64;

/** What the generator wants to know next; it must be given the words or undefined. */
export type Discovery = Generator<WordRequest, Discovered | undefined, readonly number[] | undefined>;

function* walk(base: number): Generator<WordRequest, readonly FoundModel[], readonly number[] | undefined> {
  const models: FoundModel[] = [];
  let address = base + MARK.length;
  while (models.length < MODELS_MAX && address < 0xffff) {
    const [id, length] = (yield { address, count: 2 }) ?? [];
    if (id === undefined || length === undefined || id === END) break;
    models.push({ id, address, length });
    address += 2 + length;
  }
  return models;
}

/** Discovers one device; returns undefined when none of the bases has the mark. */
export function* discover(): Discovery {
  for (const base of SUNSPEC_BASES) {
    const mark = yield { address: base, count: MARK.length };
    if (mark?.[0] === MARK[0] && mark?.[1] === MARK[1]) return { base, models: yield* walk(base) };
  }
  return undefined;
}
