// A reader's view of the journal: decoded batches from a cursor on. Each reader has its own feed and its own cursor;
// none waits for another. What a segment's snapshot says is read again after a restart, without being told twice.
import { setImmediate } from "node:timers/promises";
import type { Cursor } from "@gridwright/contract/ports.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { type Damage, isBefore, readJournal, START } from "../journal/read.ts";
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

export function openFeed({ dir, model, from = START, onDamage }: FeedOptions): Feed {
  const decoder = new Decoder(model);
  let place: Cursor = { segment: from.segment, offset: 0 };
  return {
    async *more() {
      for await (const { records, next } of readJournal({ dir, from: place, onDamage })) {
        place = next;
        const decoded = decoder.decode(records);
        // A long journal is read without keeping the process from its other work.
        await setImmediate();
        if (isBefore(from, next)) yield { ...decoded, next };
      }
    },
  };
}
