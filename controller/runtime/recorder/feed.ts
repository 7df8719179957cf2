// A reader's view of the journal: decoded batches from a cursor on. Each reader has its own feed and its own cursor;
// none waits for another. What a segment's snapshot says is read again after a restart, without being told twice.
import { setImmediate } from "node:timers/promises";
import type { Cursor } from "@gridwright/contract/ports.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { type Damage, isBefore, readJournal, START, segmentsIn } from "../journal/read.ts";
import { type Decoded, Decoder } from "./decode.ts";

export interface Batch extends Decoded {
  /** Commit this once the batch is safe. */
  readonly next: Cursor;
}

export interface FeedOptions {
  readonly dir: string;
  readonly model: SiteModel;
  readonly from: Cursor | undefined;
  readonly onDamage: (damage: Damage) => void;
}

export interface Feed {
  /** What came since the last call, to the present end. */
  more(): AsyncGenerator<Batch, void, undefined>;
}

interface Reading extends Omit<FeedOptions, "model"> {
  readonly decoder: Decoder;
  /** Records before are decoded and not told. */
  readonly untold?: Cursor;
}

function reading({ dir, decoder, from = START, untold = from, onDamage }: Reading): Feed["more"] {
  let place = from;
  return async function* more() {
    for await (const { records, next } of readJournal({ dir, from: place, onDamage })) {
      place = next;
      const decoded = decoder.decode(records);
      // A long journal is read without keeping the process from its other work.
      await setImmediate();
      if (isBefore(untold, next)) yield { ...decoded, next };
    }
  };
}

export function openFeed({ dir, model, from = START, onDamage }: FeedOptions): Feed {
  const place = { segment: from.segment, offset: 0 };
  return { more: reading({ dir, decoder: new Decoder(model), from: place, untold: from, onDamage }) };
}

export interface LiveFeed extends Feed {
  /** What comes before is not told. */
  readonly begins: Cursor;
}

/**
 * A second reader that begins behind the first block of the newest segment, so that what is new need not wait for a
 * long past. Undefined when `before` lies in that segment, or the segment has no block yet.
 */
export async function openLiveFeed(
  { dir, model, onDamage }: Omit<FeedOptions, "from">,
  before: Cursor,
): Promise<LiveFeed | undefined> {
  const ahead = (await segmentsIn(dir)).filter((number) => number >= before.segment);
  const segment = ahead.at(-1);
  if (segment === undefined || ahead.length === 1) return undefined;
  for await (const { records, next } of readJournal({ dir, from: { segment, offset: 0 } })) {
    const [snapshot, ...rest] = records;
    if (snapshot?.k !== "snapshot") return undefined;
    const decoder = new Decoder(model);
    decoder.learn(snapshot);
    decoder.decode(rest);
    return { begins: next, more: reading({ dir, decoder, from: next, onDamage }) };
  }
  return undefined;
}
