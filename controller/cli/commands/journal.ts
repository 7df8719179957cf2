// `gridwright journal tail | show | verify`: the journal as it is, for people and for scripts. Reads only, also while a
// controller writes.
import { styleText } from "node:util";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import { placeOf, type Scene, sceneOf } from "@gridwright/contract/explain/scene.ts";
import type { Cursor } from "@gridwright/contract/ports.ts";
import type { JournalRecord } from "@gridwright/contract/records.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";
import { type ReadOptions, readJournal, START, segmentsIn } from "@gridwright/runtime/journal/read.ts";
import { placeOfTime, type Span, spanOf } from "@gridwright/runtime/journal/seek.ts";
import { assetNamed } from "./asset-named.ts";
import { journalPlace, siteOfJournal } from "./data-place.ts";
import { keeps, type Wanted } from "./journal-filter.ts";
import { recordText } from "./journal-line.ts";
import { parseMoment } from "./moment.ts";
import { wrap } from "./wrap.ts";

export interface JournalCommand {
  readonly folder: string;
  readonly asset?: string;
  readonly kinds?: readonly JournalRecord["k"][];
  readonly from?: string;
  readonly to?: string;
  /** Only the last so many. */
  readonly last?: number;
  /** Goes on with what is written from now on. */
  readonly follow: boolean;
  readonly config?: string;
  readonly json: boolean;
  readonly colour: boolean;
  readonly width: number;
  readonly write: (line: string) => void;
  readonly signal: AbortSignal;
}

const KIND_WIDTH = 8;
const COLOURS = { decision: "yellow", alarm: "red", request: "cyan", answer: "cyan" } as const;

interface Sheet {
  readonly scene: Scene;
  readonly width: number;
  readonly colour: boolean;
  /** Lines of several days carry their date. */
  readonly dated: boolean;
}

function lines(
  record: JournalRecord,
  points: readonly string[],
  { scene, width, colour, dated }: Sheet,
): string[] {
  const { clock } = scene;
  const time = dated ? `${clock.isoDay(record.t)} ${clock.second(record.t)}` : clock.second(record.t);
  const head = `${time}  ${record.k.padEnd(KIND_WIDTH)}  `;
  const text = wrap(recordText(record, { scene, points }), width - head.length);
  const style =
    colour && Object.hasOwn(COLOURS, record.k) ? COLOURS[record.k as keyof typeof COLOURS] : undefined;
  const paint = (line: string): string =>
    style === undefined ? line : styleText(style, line, { validateStream: false });
  return text.map((line, row) => paint((row === 0 ? head : " ".repeat(head.length)) + line));
}

interface Open {
  readonly dir: string;
  readonly model: SiteModel;
  readonly span: Span;
  readonly wanted: Wanted;
}

async function open(command: JournalCommand): Promise<Open> {
  const place = journalPlace(command.folder);
  const model = siteOfJournal(place, command.config);
  const dir = place.journalDir;
  const span = await spanOf(dir);
  if (span === undefined) throw new GridwrightError("usage", `${dir} holds no record yet.`);
  const reference = { now: span.to, timezone: model.site.site.timezone };
  return {
    ...{ dir, model, span },
    wanted: {
      from: command.from === undefined ? Number.NEGATIVE_INFINITY : parseMoment(command.from, reference).from,
      to: command.to === undefined ? Number.POSITIVE_INFINITY : parseMoment(command.to, reference).to,
      ...(command.asset !== undefined && { asset: assetNamed(model, command.asset) }),
      ...(command.kinds && { kinds: new Set(command.kinds) }),
    },
  };
}

interface Line {
  readonly record: JournalRecord;
  readonly points: readonly string[];
}

/** Reads on from where it stands; knows the names of the last snapshot. */
class Reading {
  readonly #opened: Open;
  #points: readonly string[] = [];
  #at: Cursor;

  constructor(opened: Open, at: Cursor) {
    this.#opened = opened;
    this.#at = at;
  }

  /** What is wanted of the rest; with `follow` it goes on until the signal. */
  async *lines(follow?: ReadOptions["follow"]): AsyncGenerator<Line, void, undefined> {
    const { dir, wanted } = this.#opened;
    for await (const { records, next } of readJournal({ dir, from: this.#at, ...(follow && { follow }) })) {
      this.#at = next;
      for (const whole of records) {
        if (whole.k === "snapshot") this.#points = whole.points;
        const record = keeps(whole, wanted, this.#points);
        if (record !== undefined) yield { record, points: this.#points };
      }
      if ((records.at(-1)?.t ?? 0) > wanted.to) return;
    }
  }
}

/** The last `count` lines, reading no more segments than it takes; and the reading that goes on behind them. */
async function lastLines(opened: Open, count: number) {
  const segments = await segmentsIn(opened.dir);
  for (let back = 1; ; back *= 2) {
    const segment = segments.at(-Math.min(back, segments.length)) ?? START.segment;
    const reading = new Reading(opened, { segment, offset: 0 });
    const found = await Array.fromAsync(reading.lines());
    if (found.length >= count || back >= segments.length) return { reading, found: found.slice(-count) };
  }
}

/** Prints records; returns the exit code. Throws `usage` for an unknown folder, asset or time. */
export async function runJournal(command: JournalCommand): Promise<number> {
  const { json, last, follow, signal, write } = command;
  const opened = await open(command);
  const sheet = sheetOf(command, opened);
  const say = ({ record, points }: Line): void => {
    if (json) write(JSON.stringify(record));
    else for (const line of lines(record, points, sheet)) write(line);
  };
  if (last === undefined) {
    const from = command.from === undefined ? START : await placeOfTime(opened.dir, opened.wanted.from);
    let told = 0;
    for await (const line of new Reading(opened, from).lines()) {
      say(line);
      told += 1;
    }
    if (told === 0 && !json) write(nothingText(command, opened));
    return 0;
  }
  const { reading, found } = await lastLines(opened, last);
  for (const line of found) say(line);
  if (found.length === 0 && !json) write(nothingText(command, opened));
  if (follow) for await (const line of reading.lines({ clock: hostClock(), signal })) say(line);
  return 0;
}

/** What was looked for and where, so that nothing found is not taken for nothing done. */
function nothingText({ asset, kinds, from, to }: JournalCommand, { span }: Open): string {
  const wanted = [asset, kinds?.join(", "), from && `from ${from}`, to && `to ${to}`]
    .filter(Boolean)
    .join(", ");
  const [first, last] = [span.from, span.to].map((t) => new Date(t).toISOString());
  return `Nothing found${wanted === "" ? "" : ` for ${wanted}`}; the journal goes from ${first} to ${last}.`;
}

/** Lines of several days carry their date. */
function sheetOf({ width, colour }: JournalCommand, { model, span, wanted }: Open): Sheet {
  const scene = sceneOf(placeOf(model), { language: "en", now: span.to });
  const { isoDay } = scene.clock;
  const dated = isoDay(Math.max(span.from, wanted.from)) !== isoDay(Math.min(span.to, wanted.to));
  return { scene, dated, width, colour };
}
