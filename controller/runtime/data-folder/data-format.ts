// The format of a data folder, and the steps between two formats. Each step goes both ways, so that a release that does not prove
// itself can leave the data as the one before can read it. A step may be cut off and is then done again from its beginning, so
// it must bear that. Today there is one format.
import { GridwrightError } from "@gridwright/contract/errors.ts";
import { z } from "zod";
import { replaceIn, type Tree } from "../update/tree.ts";

/** What this program writes. */
export const DATA_FORMAT = 1;
/** Of folders that say nothing of it. */
const FIRST = 1;
const FILE = "format.json";

/** From format `from` to the next, and back. */
export interface FormatStep {
  readonly from: number;
  readonly up: (data: Tree) => void;
  readonly down: (data: Tree) => void;
}

/** In order, the newest last. */
export const FORMAT_STEPS: readonly FormatStep[] = [];

const Kept = z.strictObject({
  format: z.int().min(FIRST),
  /** A step to this one has begun. */
  towards: z.int().min(FIRST).optional(),
});
type Kept = z.output<typeof Kept>;

const failed = (why: string, cause?: unknown): GridwrightError =>
  new GridwrightError("data-format", why, { cause });

/** What the folder says of itself. Throws `data-format` where it makes no sense. */
export function formatOf(data: Tree): Kept {
  const text = data.read(FILE);
  if (text === undefined) return { format: FIRST };
  try {
    return Kept.parse(JSON.parse(text.toString("utf8")));
  } catch (cause) {
    if (!(cause instanceof SyntaxError || cause instanceof z.ZodError)) throw cause;
    throw failed(`${FILE} of the data folder is damaged: restore the folder from a backup.`, cause);
  }
}

const keep = (data: Tree, kept: Kept): void => replaceIn(data, FILE, `${JSON.stringify(kept)}\n`);

function step(data: Tree, [format, towards]: readonly [number, number], steps: readonly FormatStep[]): void {
  const found = steps.find(({ from }) => from === Math.min(format, towards));
  if (found === undefined)
    throw failed(
      `This data is of format ${format}; this program knows none to bring it to ${towards}. Run the release that wrote it, or restore a backup.`,
    );
  keep(data, { format, towards });
  if (towards > format) found.up(data);
  else found.down(data);
  keep(data, { format: towards });
}

/**
 * Brings the data to a format, step by step; first it ends a step that was cut off. Nobody else may use the folder meanwhile.
 * Throws `data-format` where a step is not known, before it changes anything.
 */
export function bringTo(data: Tree, wanted: number, steps: readonly FormatStep[] = FORMAT_STEPS): void {
  const { towards } = formatOf(data);
  if (towards !== undefined) step(data, [formatOf(data).format, towards], steps);
  for (let { format } = formatOf(data); format !== wanted; { format } = formatOf(data))
    step(data, [format, format < wanted ? format + 1 : format - 1], steps);
}
