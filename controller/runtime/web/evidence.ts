// The evidence of a contested decision: itself, what was decided beside it, and what became of its command, from the live view
// where that still has it, else from the journal. It judges nothing.
import type { ApiDecision } from "@gridwright/contract/api.ts";
import type { Evidence } from "@gridwright/contract/contest.ts";
import type { JournalRecord } from "@gridwright/contract/records.ts";
import { millis } from "@gridwright/contract/units.ts";
import { inTime } from "../clock/in-time.ts";
import { idOf } from "../live/view.ts";
import type { Web } from "./options.ts";

const DEADLINE = millis(8_000);
/** Decided together. */
const TOGETHER_MS = 60_000;
const TOGETHER_MAX = 20;
/** What became of it is looked for so long after. */
const AFTER_MS = 1_800_000;
const AFTER_MAX = 30;
const KINDS: ReadonlySet<JournalRecord["k"]> = new Set(["decision", "lease"]);

const told = (record: JournalRecord): ApiDecision[] =>
  record.k === "decision" ? [{ ...record.decision, id: idOf(record.decision) }] : [];

/** Renewals say nothing new. */
const becameOf = (records: readonly JournalRecord[], { asset, at }: ApiDecision): Evidence["after"] =>
  records
    .flatMap((record) =>
      record.k === "lease" && record.asset === asset && record.event !== "renewed" && record.t >= at
        ? [
            {
              t: record.t,
              event: record.event,
              ...(record.detail !== undefined && { detail: record.detail }),
            },
          ]
        : [],
    )
    .toReversed()
    .slice(0, AFTER_MAX);

/** Undefined: neither the view nor the journal has such a decision; "late": the journal did not answer in time. */
export async function evidenceOf(web: Web, id: string): Promise<Evidence | "late" | undefined> {
  const { view, journal, io } = web;
  const at = Number.parseInt(id, 10);
  const asked = journal?.({
    ...{ from: at - TOGETHER_MS, before: at + AFTER_MS, kinds: KINDS, limit: 2_000 },
    wanted: (record) => record.k === "decision" || record.t >= at,
  });
  const found = asked === undefined ? { records: [] } : await inTime(io, DEADLINE, asked);
  if (found === undefined) return "late";
  const all = new Map([...view.decisions, ...found.records.flatMap(told)].map((one) => [one.id, one]));
  const decision = all.get(id);
  if (decision === undefined) return undefined;
  const together = [...all.values()]
    .filter((one) => one.asset !== decision.asset && Math.abs(one.at - at) <= TOGETHER_MS)
    .sort((a, b) => b.at - a.at)
    .slice(0, TOGETHER_MAX);
  return {
    ...{ decision, together, after: becameOf(found.records, decision) },
    agreed: [...view.alarms.values()].map(({ reason }) => reason),
  };
}
