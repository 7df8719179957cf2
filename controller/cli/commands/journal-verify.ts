// `gridwright journal verify`: reads every block of a journal and says what stands in it and what is damaged.
import { siteClock } from "@gridwright/contract/explain/when.ts";
import { segmentName } from "@gridwright/runtime/journal/format.ts";
import type { Damage } from "@gridwright/runtime/journal/read.ts";
import { type JournalCheck, verifyJournal } from "@gridwright/runtime/journal/verify.ts";
import { journalPlace, siteOfJournal } from "./data-place.ts";
import { table } from "./table.ts";
import { wrap } from "./wrap.ts";

export interface VerifyCommand {
  readonly folder: string;
  readonly config?: string;
  readonly json: boolean;
  readonly width: number;
  readonly write: (line: string) => void;
  /** Shows how far it is; empty text: nothing any more. */
  readonly progress: (text: string) => void;
}

const count = (value: number): string => value.toLocaleString("en");
const many = (value: number, what: string): string => `${count(value)} ${what}${value === 1 ? "" : "s"}`;

/** `640 B`, `18 kB`, `2.4 MB`. */
export function bytesText(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${Math.round(bytes / 1_000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

const damageText = ({ segment, from, to, why }: Damage): string =>
  why === "removed"
    ? `${segmentName(segment)}: was removed while it was read`
    : `${segmentName(segment)}: bytes ${from} to ${to} (${bytesText(to - from)}) cannot be read`;

/** Nothing that was written is lost, as far as the journal itself can tell. */
export const isWhole = ({ damage, missing, headless }: JournalCheck): boolean =>
  damage.length === 0 && missing === 0 && headless.length === 0;

function troubles({ damage, missing, headless, tail }: JournalCheck): string[] {
  return [
    ...damage.map(damageText),
    ...(missing > 0 ? [`${many(missing, "record")} missing between blocks`] : []),
    ...headless.map((segment) => `${segmentName(segment)}: does not begin with a snapshot`),
    ...(tail > 0
      ? [
          `The newest ${bytesText(tail)} are no whole block: it is being written, or the next start cuts it off.`,
        ]
      : []),
  ];
}

function report(dir: string, check: JournalCheck, text: (at: number) => string): string[] {
  const { segments, blocks, records, days, kinds, from, to } = check;
  const bytes = days.reduce((sum, day) => sum + day.bytes, 0);
  const rows = days.map((day) => [day.day, count(day.blocks), count(day.records), bytesText(day.bytes)]);
  const all = Object.entries(kinds).map(([kind, number]) => `${kind} ${count(number)}`);
  return [
    dir,
    ...(from === undefined || to === undefined ? [] : [`From ${text(from)} to ${text(to)}`]),
    `${many(segments, "segment")}, ${many(blocks, "block")}, ${many(records, "record")}, ${bytesText(bytes)}`,
    `Records: ${all.join(", ")}`,
    "",
    ...table(["DAY", "BLOCKS", "RECORDS", "ON THE CARD"], rows, ["BLOCKS", "RECORDS", "ON THE CARD"]),
    "",
    ...troubles(check),
    isWhole(check)
      ? "Whole: no damage, nothing missing."
      : "Not whole. Readers skip what is damaged and go on.",
  ];
}

/** Prints what was found; returns the exit code: 0 when the journal is whole. */
export async function runVerify(command: VerifyCommand): Promise<number> {
  const { folder, config, json, width, write, progress } = command;
  const place = journalPlace(folder);
  const known = config !== undefined || place.siteFile !== undefined;
  const timezone = known ? siteOfJournal(place, config).site.site.timezone : "UTC";
  const clock = siteClock(timezone, "en");
  const check = await verifyJournal(place.journalDir, {
    dayOf: clock.isoDay,
    onSegment: (begun, of) => progress(`segment ${begun} of ${of}`),
  });
  progress("");
  const text = (at: number): string => `${clock.isoDay(at)} ${clock.second(at)}`;
  if (json) write(JSON.stringify({ dir: place.journalDir, whole: isWhole(check), ...check }));
  else
    for (const line of report(place.journalDir, check, text).flatMap((one) =>
      one.includes("  ") ? [one] : wrap(one, width),
    ))
      write(line);
  return isWhole(check) ? 0 : 1;
}
