// Keeps what members went without, as control decides it: each load of a member that goes off for want of supply and comes back,
// and how each local day's allowance was used. What happened while services were away is read from the journal.

import { join } from "node:path";
import type { Clock } from "@gridwright/contract/clock.ts";
import type { Decider, Decision } from "@gridwright/contract/decision.ts";
import { messageOf } from "@gridwright/contract/errors.ts";
import type { Log } from "@gridwright/contract/log.ts";
import type { JournalRecord } from "@gridwright/contract/records.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { type Epoch, hours, seconds } from "@gridwright/contract/units.ts";
import { localDay } from "@gridwright/core/ledger/rules.ts";
import {
  ownerOf,
  type Served,
  type ServedDay,
  type ServedLine,
  servedLine,
  servedMonth,
} from "@gridwright/core/ledger/served-month.ts";
import { inTurns } from "../clock/in-turn.ts";
import { type Looking, lookAgain } from "../clock/look-again.ts";
import type { Backwards, FoundBackwards } from "../journal/backwards.ts";
import type { View } from "../live/view.ts";
import { monthSpan } from "./month-span.ts";
import { openServedLines, type ServedLines } from "./served-lines.ts";

const LOOK = seconds(5);
/** A day that runs is kept so often: what is lost of it when everything ends at once. */
const DAY_EVERY_MS = hours(4);
/** Of the time without services; more than a relay may close in a day, of every load. */
const MISSED_MAX = 20_000;
const DECISIONS: ReadonlySet<JournalRecord["k"]> = new Set(["decision"]);

export interface ServedParts {
  readonly dataDir: string;
  readonly model: SiteModel;
  readonly view: View;
  readonly journal: (asked: Omit<Backwards, "dir">) => Promise<FoundBackwards>;
  readonly io: Clock;
  readonly log: Log;
}

export interface ServedMonth {
  readonly members: ReadonlyMap<string, Served>;
  /** When it began to be kept, ms; null: not yet. */
  readonly since: number | null;
}

export const NOTHING_KEPT: ServedMonth = { members: new Map(), since: null };

export interface ServedKeeper {
  /** Of a local month, 2026-11. */
  month(month: string): Promise<ServedMonth>;
  close(): Promise<void>;
}

type Day = Omit<ServedDay, "k" | "at">;

class Keeping implements ServedKeeper {
  readonly #parts: ServedParts;
  readonly #lines: ServedLines;
  readonly #open = new Map<string, Decider>();
  /** Plant time of the newest decision that was looked at, by load. */
  readonly #lastAt = new Map<string, number>();
  readonly #days = new Map<string, ServedDay>();
  /** Two looks never write at once. */
  readonly #alone = inTurns();
  #begun = false;
  #looking: Looking | undefined;

  constructor(parts: ServedParts, lines: ServedLines) {
    this.#parts = parts;
    this.#lines = lines;
  }

  /** Goes on where the last line ends. */
  async begin(): Promise<void> {
    const { log, io, journal, model } = this.#parts;
    const kept = await this.#lines.newest();
    for (const line of kept) this.#follow(line);
    const last = kept.at(-1)?.at;
    this.#begun = last !== undefined;
    if (last !== undefined) {
      const wanted: Backwards["wanted"] = (record) =>
        record.k === "decision" && ownerOf(model, record.decision.asset) !== undefined;
      const asked = {
        from: last,
        before: Number.POSITIVE_INFINITY,
        limit: MISSED_MAX,
        kinds: DECISIONS,
        wanted,
      };
      const { records, reachedTo } = await journal(asked);
      if (reachedTo !== null)
        log.warn("services were away for long: statements miss a part of what was switched off", {
          until: reachedTo,
        });
      await this.#take(records.flatMap((record) => (record.k === "decision" ? [record.decision] : [])));
    }
    const onError = (error: unknown): void =>
      log.error("what members went without is not kept", {
        why: messageOf(error),
      });
    this.#looking = lookAgain(io, LOOK, { look: () => this.#alone(() => this.#look()), onError });
  }

  async month(month: string): Promise<ServedMonth> {
    const { model, view } = this.#parts;
    const { from, to } = monthSpan(model.zone, month);
    await this.#alone(() => this.#look());
    const lines = await this.#lines.around(month);
    const now = view.head.t ?? lines.at(-1)?.at ?? from;
    return {
      members: servedMonth([...lines, ...this.#days.values()], month, { from, to: Math.min(to, now), model }),
      since: await this.#lines.since(),
    };
  }

  async close(): Promise<void> {
    await this.#looking?.close();
    await this.#add([...this.#days.values()]);
  }

  #follow(line: ServedLine): void {
    if (line.k === "off") this.#open.set(line.asset, line.rule);
    if (line.k === "on") this.#open.delete(line.asset);
    if (line.k === "off" || line.k === "on") this.#lastAt.set(line.asset, line.at);
  }

  async #add(lines: readonly ServedLine[]): Promise<void> {
    if (lines.length > 0) await this.#lines.add(lines);
  }

  /** Decisions in any order, some of them known already. */
  async #take(decisions: readonly Decision[]): Promise<void> {
    const lines: ServedLine[] = [];
    for (const decision of decisions.toSorted((a, b) => a.at - b.at)) {
      const { asset, at } = decision;
      if (at <= (this.#lastAt.get(asset) ?? 0) || ownerOf(this.#parts.model, asset) === undefined) continue;
      this.#lastAt.set(asset, at);
      const line = servedLine(decision, this.#open);
      if (line === undefined) continue;
      this.#follow(line);
      lines.push(line);
    }
    await this.#add(lines);
  }

  async #look(): Promise<void> {
    const { view } = this.#parts;
    const { t: at } = view.head;
    if (at === null) return;
    if (!this.#begun) await this.#add([{ k: "begin", at }]);
    this.#begun = true;
    await this.#take(view.decisions);
    await this.#lookAtDays(at);
  }

  async #lookAtDays(at: Epoch): Promise<void> {
    const { view, model } = this.#parts;
    if (view.fairness === undefined) return;
    const day = localDay(model.zone, at);
    const lines: ServedDay[] = [];
    for (const [member, { allowanceWh, countedTodayWh: countedWh }] of Object.entries(
      view.fairness.members,
    )) {
      if (allowanceWh === null) continue;
      const now: Day = { day, member, allowanceWh, countedWh };
      const before = this.#days.get(member);
      if (before !== undefined && before.day === day && at - before.at < DAY_EVERY_MS) {
        // The newest word of a day is kept in memory; its time says when it was written last.
        this.#days.set(member, { ...before, ...now });
        continue;
      }
      if (before !== undefined) lines.push({ ...before, at });
      this.#days.set(member, { k: "day", at, ...now });
    }
    await this.#add(lines);
  }
}

/** Begins to keep it. Rejects with the card's own errors. */
export async function startServed(parts: ServedParts): Promise<ServedKeeper> {
  const keeping = new Keeping(parts, await openServedLines(join(parts.dataDir, "served")));
  await keeping.begin();
  return keeping;
}
