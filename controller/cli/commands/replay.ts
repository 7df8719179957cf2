// `gridwright replay`: decides a whole journal again, and says whether anything would be decided or remembered otherwise.
// Reads only; a controller may run meanwhile. Parts of another site file are counted, not judged.
import { GridwrightError } from "@gridwright/contract/errors.ts";
import { placeOf, sceneOf } from "@gridwright/contract/explain/scene.ts";
import type { Cursor } from "@gridwright/contract/ports.ts";
import type { JournalRecord } from "@gridwright/contract/records.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { createReplayer, type Replayed, type Replayer } from "@gridwright/core/replay.ts";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";
import { type Damage, readJournal, START } from "@gridwright/runtime/journal/read.ts";
import { placeOfTime, type Span, spanOf } from "@gridwright/runtime/journal/seek.ts";
import { journalPlace, siteOfJournal } from "./data-place.ts";
import { parseMoment } from "./moment.ts";
import { progressText, replayData, replayLines } from "./replay-text.ts";

export interface ReplayCommand {
  readonly folder: string;
  readonly from?: string;
  readonly to?: string;
  readonly config?: string;
  readonly json: boolean;
  readonly width: number;
  readonly write: (line: string) => void;
  /** Shows how far it is; empty text: nothing any more. */
  readonly progress: (text: string) => void;
}

/** What was found, and over which stretch. */
export interface Replaying extends Span {
  readonly replayed: Replayed;
  readonly damage: readonly Damage[];
  readonly tookMs: number;
}

interface Stretch extends Span {
  readonly dir: string;
  readonly model: SiteModel;
  readonly begin: Cursor;
  readonly onProgress: (at: number, ticks: number) => void;
}

/** Feeds records; those before `from` only as far back as the newest snapshot that is not after it. */
function feeder(replayer: Replayer, from: number): (record: JournalRecord) => void {
  let waiting: JournalRecord[] | undefined = [];
  return (record) => {
    if (waiting === undefined) {
      replayer.take(record);
      return;
    }
    if (record.k === "snapshot" && record.t <= from) waiting = [];
    waiting.push(record);
    if (record.t < from) return;
    for (const kept of waiting) replayer.take(kept);
    waiting = undefined;
  };
}

/** Replays a stretch of the journal; records that are missing in between end what can be compared. */
async function replayStretch({ dir, model, begin, from, to, onProgress }: Stretch) {
  const replayer = createReplayer(model);
  const damage: Damage[] = [];
  const feed = feeder(replayer, from);
  let nextSeq: number | undefined;
  for await (const chunk of readJournal({ dir, from: begin, onDamage: (found) => damage.push(found) })) {
    if (nextSeq !== undefined && chunk.firstSeq !== nextSeq) replayer.lose();
    nextSeq = chunk.firstSeq + chunk.records.length;
    for (const record of chunk.records) if (record.t <= to) feed(record);
    const last = chunk.records.at(-1)?.t ?? from;
    if (last > to) break;
    onProgress(last, replayer.ticks());
  }
  return { replayed: replayer.result(), damage };
}

/** Prints what was found; returns the exit code: 0 when everything was decided again as it was. */
export async function runReplay(command: ReplayCommand): Promise<number> {
  const { folder, json, width, write, progress } = command;
  const place = journalPlace(folder);
  const model = siteOfJournal(place, command.config);
  const dir = place.journalDir;
  const span = await spanOf(dir);
  if (span === undefined) throw new GridwrightError("usage", `${dir} holds no record yet.`);
  const reference = { now: span.to, timezone: model.site.site.timezone };
  const from = command.from === undefined ? span.from : parseMoment(command.from, reference).from;
  const to = command.to === undefined ? span.to : parseMoment(command.to, reference).to;
  if (from > to) throw new GridwrightError("usage", "--from is after --to: there is nothing between them.");
  const begin = command.from === undefined ? START : await placeOfTime(dir, from);
  const io = hostClock();
  const begun = io.now();
  const onProgress = (at: number, ticks: number): void =>
    progress(progressText({ share: (at - from) / Math.max(1, to - from), ticks, tookMs: io.now() - begun }));
  const found = await replayStretch({ dir, model, begin, from, to, onProgress });
  progress("");
  const replaying: Replaying = { ...found, from, to, tookMs: io.now() - begun };
  const scene = sceneOf(placeOf(model), { language: "en", now: span.to });
  if (json) write(JSON.stringify(replayData(replaying)));
  else for (const line of replayLines(replaying, scene, width)) write(line);
  const { ticks, uncompared, differences } = found.replayed;
  return differences.length === 0 && ticks > uncompared ? 0 : 1;
}
