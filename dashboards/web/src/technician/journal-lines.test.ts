// Records of the journal as lines, in both languages.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ToldRecord } from "@gridwright/contract/api-past.ts";
import { sceneOf } from "@gridwright/contract/explain/scene.ts";
import type { Language } from "@gridwright/contract/reasons.ts";
import { epoch, millis, mono } from "@gridwright/contract/units.ts";
import { decision, NOW, site } from "../known-fixture.ts";
import { tellIn } from "../view/words.ts";
import { lineOf } from "./journal-lines.ts";

const stamp = { t: epoch(NOW), m: mono(71_000) };
const request = (body: object): ToldRecord =>
  ({
    ...{ k: "request", ...stamp },
    request: { id: "request-7", issuer: "operator", role: "technician", seq: 5, ttlMs: millis(9_000), body },
  }) as ToldRecord;
/** Services sign for whom the role names. */
const by = (role: string, body: object): ToldRecord => {
  const record = request(body) as ToldRecord & { k: "request" };
  return { ...record, request: { ...record.request, issuer: "services", role } } as ToldRecord;
};
const lease = (fields: object): ToldRecord =>
  ({ k: "lease", ...stamp, asset: "kettle", event: "failed", ...fields }) as ToldRecord;
const reason = { code: "answer-accepted", params: {} } as const;

const rows: [string, ToldRecord, Language, RegExp][] = [
  [
    "a decision with its rule",
    { k: "decision", ...stamp, decision: decision("kettle", 4_000) },
    "en",
    /^Kettle of House of figs off \(«.+»\): .+; .+/,
  ],
  [
    "the same in Spanish",
    { k: "decision", ...stamp, decision: decision("kettle", 4_000) },
    "es",
    /^Kettle of House of figs .+ \(«.+»\): /,
  ],
  [
    "a hold with its why",
    request({ kind: "hold", asset: "lathe", why: "new belt" }),
    "en",
    /^a technician holds The lathe off \(new belt\)$/,
  ],
  [
    "a wish in Spanish",
    request({ kind: "switch", asset: "lathe", on: true, why: "boards" }),
    "es",
    /quiere The lathe con corriente \(boards\)$/,
  ],
  [
    "a flow's own wish, in its name",
    by("flow", { kind: "limit", asset: "lathe", share: 0.35, why: "dust" }),
    "en",
    /^a flow wants The lathe at 35 % at most \(dust\)$/,
  ],
  [
    "what the plan takes back",
    by("planner", { kind: "withdraw", asset: "kettle", why: "no sun" }),
    "es",
    /^el plan ya no pide .+ \(no sun\)$/,
  ],
  ["a wish of a kind that is not known yet", request({ kind: "rain-dance" }), "en", /asks for rain-dance$/],
  [
    "an answer",
    { k: "answer", ...stamp, answer: { id: "request-7", issuer: "operator", outcome: "clipped", reason } },
    "en",
    /: taken in part, /,
  ],
  [
    "a command that failed, and why",
    lease({ detail: "no answer" }),
    "en",
    /^Kettle of House of figs: failed \(no answer\)$/,
  ],
  [
    "a command with what it told",
    lease({ event: "granted", desired: { set: { kind: "switch", on: false } } }),
    "es",
    /^Kettle of House of figs .+: enviada$/,
  ],
  [
    "a site file that was refused",
    { k: "config", ...stamp, siteHash: "5eed", outcome: "refused", detail: "line 7" },
    "en",
    /^refused: line 7$/,
  ],
];
for (const [sentence, record, language, expected] of rows)
  test(`journal: ${sentence}`, () => {
    const line = lineOf(record, sceneOf(site, { language, now: NOW }), tellIn(language));
    assert.match(line.replaceAll("\u00a0", " "), expected);
  });
