// `gridwright read`: what an asset or a device says now. While control runs it is read on the live bus, which costs the
// device nothing; with --raw, or when nothing runs, the device itself is asked, and its registers are shown.
import { GridwrightError } from "@gridwright/contract/errors.ts";
import { millis, seconds } from "@gridwright/contract/units.ts";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";
import { loadSite } from "../load-site.ts";
import { findRunning } from "./operator.ts";
import { openDeviceReader } from "./read-device.ts";
import { openLiveReader } from "./read-live.ts";
import { table } from "./table.ts";

export interface ReadCommand {
  readonly target: string;
  readonly data: string;
  readonly config?: string;
  readonly raw: boolean;
  readonly watch: boolean;
  readonly json: boolean;
  readonly write: (line: string) => void;
  /** Empties the screen before the next round of --watch. */
  readonly clear: () => void;
  readonly signal: AbortSignal;
}

/** One round: a table, and the same for scripts. */
export interface Round {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly data: readonly Readonly<Record<string, unknown>>[];
  /** A remark below the table. */
  readonly note?: string;
}

export interface Reader {
  read(): Promise<Round>;
  close(): Promise<void>;
}

const EVERY = seconds(1);

async function openReader(command: ReadCommand): Promise<Reader> {
  const { target, data, config, raw, signal } = command;
  const running = findRunning(data);
  if (running !== undefined && !raw && config === undefined) return openLiveReader(running, target);
  const file = config ?? running?.siteFile;
  if (file === undefined)
    throw new GridwrightError(
      "usage",
      `Nothing runs on ${data}. Name the site to read its devices directly: gridwright read ${target} --config site.yaml`,
    );
  return openDeviceReader(loadSite(file).model, target, { signal, beside: running !== undefined, raw });
}

function show(round: Round, { json, write }: ReadCommand): void {
  if (json) {
    write(JSON.stringify({ title: round.title, points: round.data }));
    return;
  }
  write(round.title);
  for (const line of table(round.head, round.rows, ["VALUE", "AGE"])) write(`  ${line}`);
  if (round.note !== undefined) write(`\n${round.note}`);
}

/** Reads and prints, again and again with `watch`; returns the exit code. */
export async function runRead(command: ReadCommand): Promise<number> {
  const { watch, clear, signal } = command;
  const io = hostClock();
  const reader = await openReader(command);
  try {
    do {
      const begun = io.now();
      const round = await reader.read();
      if (watch && !command.json) clear();
      show(round, command);
      const rest = millis(Math.max(0, EVERY - (io.now() - begun)));
      // Rejects only when it is ended by hand.
      if (watch) await io.sleep(rest, signal).catch(() => undefined);
    } while (watch && !signal.aborted);
    return 0;
  } finally {
    await reader.close();
  }
}
