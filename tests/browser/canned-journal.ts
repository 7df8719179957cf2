// A journal for the canned village: its story of the moment, the same again for each of some days before, and what people
// and devices said. Answered as the real one answers, from the newest back.
import type { Decision } from "@gridwright/contract/decision.ts";
import type { JournalRecord } from "@gridwright/contract/records.ts";
import { epoch, mono } from "@gridwright/contract/units.ts";
import type { JournalBack } from "@gridwright/runtime/web/options.ts";
import { lostMeter, MOMENT, villageStory } from "./village-moment.ts";

const DAYS = 6;
const DAY_MS = 86_400_000;
/** So many records are looked through for one question, as the real one unpacks only so much. */
const LOOKED_MAX = 60;

const stamp = (t: number) => ({ t: epoch(t), m: mono(t - MOMENT + 86_471_000) });
const decided = (decision: Decision): JournalRecord => ({ k: "decision", ...stamp(decision.at), decision });

const said: readonly JournalRecord[] = [
  { k: "lease", ...stamp(MOMENT - 20_000), asset: "house-4-heater", event: "granted" },
  { k: "alarm", ...stamp(MOMENT - 143_000), event: "raised", alarm: lostMeter },
  {
    ...{ k: "answer", ...stamp(MOMENT - 420_000) },
    answer: {
      ...{ id: "request-5", issuer: "operator", outcome: "accepted" },
      reason: { code: "answer-accepted", params: {} },
    },
  },
  {
    ...{ k: "request", ...stamp(MOMENT - 420_500) },
    request: {
      ...{ id: "request-5", issuer: "operator", role: "technician", seq: 31, ttlMs: 900_000 },
      body: { kind: "switch", asset: "saw", on: true, why: "the boards for the school" },
    },
  },
];

const story = villageStory();
const RECORDS: readonly JournalRecord[] = [
  ...said,
  ...Array.from({ length: DAYS }, (_, day) =>
    story.map((decision) => decided({ ...decision, at: epoch(decision.at - day * DAY_MS) })),
  ).flat(),
].toSorted((a, b) => b.t - a.t);

export const cannedJournal: JournalBack = async ({ from, before, kinds, wanted, limit }) => {
  const rest = RECORDS.filter(({ t }) => t >= from && t < before);
  const looked = rest.slice(0, LOOKED_MAX);
  const records = looked.filter((record) => kinds.has(record.k) && wanted(record)).slice(0, limit);
  const isAll = looked.length === rest.length && records.length < limit;
  const last = (records.length === limit ? records : looked).at(-1);
  return { records, reachedTo: isAll ? null : (last?.t ?? null) };
};
