// The file that all figures of a run go to. Whether it can be written is tried before the first day: a run takes long, and
// what it found must not be lost at its end.
import {
  accessSync,
  closeSync,
  constants,
  openSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, resolve } from "node:path";
import { GridwrightError, messageOf } from "@gridwright/contract/errors.ts";

const statOf = (path: string): Stats | undefined => statSync(path, { throwIfNoEntry: false });

/** Throws what the machine says; leaves the file, or that there is none, as it was. */
function attempt(file: string): void {
  if (statOf(file) === undefined) {
    closeSync(openSync(file, "wx"));
    rmSync(file);
  } else accessSync(file, constants.W_OK);
}

/** What is in the way; undefined: nothing. */
function hindrance(file: string): string | undefined {
  const folder = dirname(resolve(file));
  const there = statOf(folder);
  if (there === undefined) return `there is no folder ${folder} (mkdir -p ${folder} makes it)`;
  if (!there.isDirectory()) return `${folder} is no folder`;
  if (statOf(file)?.isDirectory()) return "it is a folder itself";
  try {
    attempt(file);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

/** Throws `usage` where the report could not be written. */
export function refuseReport(file: string): void {
  const why = hindrance(file);
  // Without its cause: what the machine says of files would be told as one of the data folder.
  if (why !== undefined)
    throw new GridwrightError(
      "usage",
      `The report ${file} cannot be written: ${why}. Make that right, or give --report another file.`,
      { place: { file } },
    );
}

/** Writes the figures, as JSON. */
export function writeReport(file: string, figures: object): void {
  refuseReport(file);
  writeFileSync(file, `${JSON.stringify(figures, undefined, 2)}\n`);
}
