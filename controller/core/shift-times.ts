// Moves every plant time in the brain's memory, for a restart after which plant time has another origin. What is a
// time is known by its key: a new one must be named here, or it would stay behind.
import type { Memory } from "./memory.ts";

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

const TIMES: ReadonlySet<string> = new Set([
  "at",
  "since",
  "until",
  "expiresAt",
  "overSince",
  "deadSince",
  "gridSince",
  "reserveSince",
  "silentSince",
  "startedAt",
  "shedAt",
  "stoppedAt",
  "revivedAt",
  "endsAt",
  "spentSince",
  "cutSince",
  "goneSince",
]);
const TIME_MAPS: ReadonlySet<string> = new Set([
  "follows",
  "strays",
  "ineffective",
  "ladder",
  "crossed",
  "stops",
  "blind",
  "heard",
  "resorted",
  "cuts",
  "exporting",
  "finishing",
]);

function shifted(value: Json, by: number, times: boolean): Json {
  if (Array.isArray(value))
    return value.map((item: Json) =>
      typeof item === "number" && times ? item + by : shifted(item, by, false),
    );
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]: [string, Json]) => {
      if (typeof inner === "number") return [key, times || TIMES.has(key) ? inner + by : inner];
      const reason = key === "reason" || key === "until" || key === "set";
      return [key, reason ? inner : shifted(inner, by, TIME_MAPS.has(key) || key === "closings")];
    }),
  );
}

/** The memory with all its plant times moved by `by` ms. */
export const shiftTimes = (memory: Memory, by: number): Memory =>
  shifted(memory as unknown as Json, by, false) as unknown as Memory;
