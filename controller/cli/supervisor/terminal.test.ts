import assert from "node:assert/strict";
import { test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { plainTerminal } from "./terminal.ts";

//  case                                  a process wrote                                             a person reads
const rows: readonly [string, string, string][] = [
  [
    "a warning says who and why",
    '{"level":40,"time":7,"process":"broker","msg":"a client was refused","user":"plug","total":3,"why":"wrong password"}',
    "a client was refused (user: plug, total: 3, why: wrong password)",
  ],
  [
    "news needs no more than its words",
    '{"level":30,"time":7,"msg":"connected to the broker","clientId":"control"}',
    "connected to the broker",
  ],
  ["what is no log line is shown as it is", "Segmentation fault", "Segmentation fault"],
];

test("a process's log in the terminal", () => {
  for (const [sentence, raw, then] of rows) {
    const lines: string[] = [];
    plainTerminal((line) => lines.push(stripVTControlCharacters(line))).line("broker", raw);
    assert.match(lines.join(), /^\d\d:\d\d:\d\d broker {4}/, sentence);
    assert.equal(lines.join().slice("00:00:00 broker    ".length), then, sentence);
  }
});

test("an empty line of a process is no line", () => {
  const lines: string[] = [];
  plainTerminal((line) => lines.push(line)).line("flows", " ");
  assert.deepEqual(lines, []);
});
