// What the writer never does: it makes no million series by mistake. It says why instead, and asks the database nothing.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { Reason } from "@gridwright/contract/decision.ts";
import type { Channel } from "@gridwright/contract/site/model.ts";
import { epoch, mono } from "@gridwright/contract/units.ts";
import { gardenModel } from "../garden.ts";
import { startInfluxWriter } from "./influx-writer.ts";

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const MILLION = 1_000_000;

test("a million series by mistake are refused with the reason, and the database is left alone", async (context) => {
  let asked = 0;
  const server = createServer((_, response) => {
    asked += 1;
    response.writeHead(204).end();
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const dir = mkdtempSync(join(tmpdir(), "gridwright-series-"));
  context.after(() => {
    server.close();
    rmSync(dir, { recursive: true, force: true });
  });
  const channels = Array.from(
    { length: MILLION },
    (_, n): Channel => ({ asset: `house-${n}`, point: "power", source: "meter/power", unit: "W" }),
  );
  const problems: (Reason | null)[] = [];
  const writer = startInfluxWriter({
    ...{ journalDir: join(dir, "journal"), dataDir: dir, log: silent, random: () => 0.5 },
    model: { ...gardenModel(), channels },
    target: { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, database: "garden" },
    io: { now: () => mono(17), wall: () => epoch(17), sleep: async () => undefined },
    onProblem: (problem) => problems.push(problem),
  });
  await writer.close();
  assert.match(writer.status().trouble ?? "", /^refused: 1000000 channels .* 20000 at most$/);
  assert.deepEqual([asked, problems.map((problem) => problem?.code)], [0, ["alarm-influx"]]);
});
