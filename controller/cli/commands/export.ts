// `gridwright export`: the history as a file, CSV or Parquet, of the assets and the time asked for. Reads only, also while a
// controller runs.

import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import { epoch } from "@gridwright/contract/units.ts";
import { openHistoryReader } from "@gridwright/runtime/recorder/history/reader.ts";
import { exportFile } from "../export/files.ts";
import { channelsOf, exportRows, oldestOf, type Width } from "../export/rows.ts";
import { assetNamed } from "./asset-named.ts";
import { journalPlace, siteOfJournal } from "./data-place.ts";
import { parseMoment } from "./moment.ts";

export interface ExportCommand {
  readonly folder: string;
  readonly out: string;
  readonly every: Width;
  readonly assets: readonly string[];
  readonly from?: string;
  readonly to?: string;
  readonly config?: string;
  readonly write: (line: string) => void;
  readonly progress: (text: string) => void;
  readonly signal: AbortSignal;
}

/** Writes the file; throws `usage` for an unknown folder, asset, time or ending. */
export async function runExport(command: ExportCommand): Promise<void> {
  const { folder, out, every, write, progress, signal } = command;
  if (!/\.(csv|parquet)$/.test(out))
    throw new GridwrightError("usage", `${out}: the name must end in .csv or .parquet.`);
  if (!existsSync(dirname(out)))
    throw new GridwrightError("usage", `${out}: there is no folder ${dirname(out)}; make it first.`);
  const place = journalPlace(folder);
  const model = siteOfJournal(place, command.config);
  const dataDir = dirname(place.journalDir);
  const reader = openHistoryReader(dataDir, model.zone);
  if (reader === undefined) throw new GridwrightError("usage", `${dataDir} holds no history yet.`);
  const reference = { now: reader.until, timezone: model.site.site.timezone };
  const channels = channelsOf(
    reader,
    command.assets.map((asset) => assetNamed(model, asset).id),
  );
  const from =
    command.from === undefined ? oldestOf(reader, channels) : parseMoment(command.from, reference).from;
  const to = command.to === undefined ? reader.until + 1 : parseMoment(command.to, reference).to + 1;
  const file = exportFile(out);
  let rows = 0;
  try {
    for (const [done, channel] of channels.entries())
      for (const piece of exportRows(reader, channel, { from: epoch(from), to: epoch(to), every })) {
        signal.throwIfAborted();
        await file.write(piece);
        rows += piece.length;
        progress(`${channel}: channel ${done + 1} of ${channels.length}, ${rows} rows`);
      }
    await file.finish();
  } catch (error) {
    file.abandon();
    throw error;
  } finally {
    reader.close();
    progress("");
  }
  const damaged = reader.damaged() === 0 ? "" : `; ${reader.damaged()} damaged blocks were left out`;
  write(`${out}: ${rows} rows of ${channels.length} channels${damaged}`);
}
