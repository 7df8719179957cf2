// What the answers of metrics databases mean: only a clear word about the lines themselves sets lines aside.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Answer, answerOf } from "./answers.ts";

const OLD = "partial write: points beyond retention policy dropped=37";

//  case, status, body, then
const CASES: [string, number, string, Answer["kind"]][] = [
  ["204 is stored", 204, "", "done"],
  ["an unknown database is made", 404, '{"error":"database not found: \\"gridwright\\""}', "no-database"],
  ["a wrong password needs a person", 401, '{"error":"authorization failed"}', "denied"],
  ["a forbidden database needs a person", 403, '{"error":"not authorized"}', "denied"],
  [
    "a line that cannot be parsed is looked for",
    400,
    '{"error":"unable to parse \'x\': missing fields"}',
    "bad-lines",
  ],
  ["a type conflict is looked for", 400, '{"error":"partial write: field type conflict"}', "bad-lines"],
  ["2.x says the same with 422", 422, "partial write: field type conflict: input field", "bad-lines"],
  ["what is too old to be kept is no mistake", 400, OLD, "expired"],
  ["nor with 422", 422, OLD, "expired"],
  ["a 400 about something else throws nothing away", 400, "<html>Bad Request</html>", "again"],
  ["too much at once is halved", 413, "Request Entity Too Large", "too-large"],
  ["a busy database is tried again", 503, "timeout", "again"],
  ["a limited rate is tried again", 429, "slow down", "again"],
  ["a redirect is tried again", 302, "", "again"],
];
for (const [name, status, body, then] of CASES)
  test(name, () => assert.equal(answerOf(status, body).kind, then));

test("how many were too old, and by which clock", () =>
  assert.deepEqual(answerOf(400, OLD, "Sat, 28 Nov 2026 10:14:10 GMT"), {
    ...{ kind: "expired", why: `400 ${OLD}`, lines: 37, clock: Date.UTC(2026, 10, 28, 10, 14, 10) },
  }));
