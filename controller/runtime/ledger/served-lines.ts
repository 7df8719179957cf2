// Lines of what members went without, on disk: `served/2026-11.jsonl` and so on by UTC month, each line synced. A line that a power
// cut left half written is put aside by the next one that is added; nothing else is ever changed.
import { join } from "node:path";
import type { ServedLine } from "@gridwright/core/ledger/served-month.ts";
import { appendSynced, textOf } from "../data-folder/chained-lines.ts";
import { makeFolder } from "../data-folder/made-folder.ts";
import { namesIn } from "../data-folder/names-in.ts";

const NAME = /^\d{4}-\d{2}\.jsonl$/;
const KINDS: ReadonlySet<unknown> = new Set(["begin", "off", "on", "day"]);

function lineIn(text: string): ServedLine | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null) return undefined;
    const isOurs = "k" in value && KINDS.has(value.k) && "at" in value && typeof value.at === "number";
    return isOurs ? (value as ServedLine) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const utcMonth = (t: number): string => new Date(t).toISOString().slice(0, 7);

export interface ServedLines {
  /** Lines of the newest two months. */
  newest(): Promise<readonly ServedLine[]>;
  /** Lines around a local month: its own, the one before and the one after. */
  around(month: string): Promise<readonly ServedLine[]>;
  /** When it began to be kept; null: not yet. */
  since(): Promise<number | null>;
  add(lines: readonly ServedLine[]): Promise<void>;
}

/** Opens or makes the folder. */
export async function openServedLines(folder: string): Promise<ServedLines> {
  await makeFolder(folder, 0o700);
  const names = async (): Promise<readonly string[]> =>
    (await namesIn(folder)).filter((name) => NAME.test(name)).sort();
  const read = async (of: readonly string[]): Promise<readonly ServedLine[]> =>
    (await Promise.all(of.map((name) => textOf(join(folder, name)))))
      .flatMap((text) => text.split("\n"))
      .flatMap((text) => lineIn(text) ?? []);
  return {
    newest: async () => read((await names()).slice(-2)),
    around: async (month) => {
      const all = await names();
      const next = all.find((name) => name > `${month}.jsonl`);
      const upTo = all.filter((name) => name <= `${month}.jsonl`).slice(-2);
      return read(next === undefined ? upTo : [...upTo, next]);
    },
    since: async () => {
      const [first] = await names();
      const [line] = first === undefined ? [] : await read([first]);
      return line?.at ?? null;
    },
    add: async (lines) => {
      // A line of its own begins anew where the last one was torn: an empty line says nothing.
      for (const [month, own] of Map.groupBy(lines, ({ at }) => utcMonth(at)))
        await appendSynced(
          join(folder, `${month}.jsonl`),
          `\n${own.map((line) => JSON.stringify(line)).join("\n")}\n`,
        );
    },
  };
}
