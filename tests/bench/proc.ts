// What Linux counts of a process: memory, processor time, bytes written.
import { readFileSync } from "node:fs";

const KIB = 1_024;
/** Ticks of a second in /proc/<pid>/stat (USER_HZ; 100 on all that gridwright runs on). */
const USER_HZ = 100;

export interface Usage {
  /** Bytes in memory now, and the most so far. */
  readonly rss: number;
  readonly rssMax: number;
  /** Bytes that only this process holds. */
  readonly own: number;
  /** Seconds of processor time, user and system. */
  readonly cpu: number;
  /** Bytes that went to the storage layer. */
  readonly written: number;
}

const field = (text: string, name: string): number =>
  Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(text)?.[1] ?? Number.NaN);

export function usageOf(pid: number): Usage {
  const read = (file: string): string => readFileSync(`/proc/${pid}/${file}`, "utf8");
  const status = read("status");
  const rollup = read("smaps_rollup");
  const io = read("io");
  // The name may hold blanks: fields are counted from the closing parenthesis.
  const fields = read("stat")
    .replace(/^.*\)\s/, "")
    .split(" ");
  return {
    rss: field(status, "VmRSS") * KIB,
    rssMax: field(status, "VmHWM") * KIB,
    own: (field(rollup, "Private_Clean") + field(rollup, "Private_Dirty")) * KIB,
    cpu: (Number(fields[11]) + Number(fields[12])) / USER_HZ,
    written: field(io, "write_bytes") - field(io, "cancelled_write_bytes"),
  };
}

/** Bytes that only this process holds, by mapping: where it begins, and what it is of. */
export function mappingsOf(pid: number): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  let mapping = "";
  for (const line of readFileSync(`/proc/${pid}/smaps`, "utf8").split("\n")) {
    const head = /^([0-9a-f]+)-[0-9a-f]+ \S+ \S+ \S+ \S+\s*(.*)$/.exec(line);
    if (head !== null) mapping = `${head[1]} ${head[2] || "anonymous"}`;
    const held = /^Private_(?:Clean|Dirty):\s+(\d+)/.exec(line);
    if (held !== null) found.set(mapping, (found.get(mapping) ?? 0) + Number(held[1]) * KIB);
  }
  return found;
}
