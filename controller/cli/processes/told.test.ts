// The doctor of the services process is wired to the live bus, the data folder and the machine.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, it } from "node:test";
import { CHECKS } from "@gridwright/contract/doctor-words.ts";
import { topics } from "@gridwright/contract/messages.ts";
import { gardenModel, snapshotOf, testBus, testClock } from "@gridwright/runtime/web/garden-fixture.ts";
import { openDoctor } from "./told.ts";

const dataDir = mkdtempSync(join(tmpdir(), "gridwright-told-"));
after(() => rmSync(dataDir, { recursive: true }));
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

it("a control that is not heard is critical until it speaks; a secret that others may read is found", async () => {
  mkdirSync(join(dataDir, "secrets"));
  writeFileSync(join(dataDir, "secrets", "issuers.json"), '{"operator":"kS8vQ2mT7xwof"}', { mode: 0o644 });
  const [model, bus, io] = [gardenModel(), testBus(), testClock()];
  const startup = {
    ...({ process: "services", dataDir, siteFile: join(dataDir, "site.yaml") } as const),
    ...{ brokerPort: 1, pagePort: 1, demo: false },
  };
  const doctor = openDoctor({ startup, model, bus, io, log: quiet });
  const codes = async (check: string): Promise<readonly string[]> =>
    (await doctor.report()).findings.filter((one) => one.check === check).map(({ code }) => code);
  assert.deepEqual(new Set((await doctor.report()).findings.map(({ check }) => check)), new Set(CHECKS));
  assert.deepEqual(await codes("lateness"), ["lateness-silent"]);
  assert.deepEqual(await codes("secrets"), ["secret-open"]);
  const at = topics(model.site.site.id);
  bus.say(at.control, "online", true);
  bus.say(at.snapshot, snapshotOf({}));
  await io.move(21_000);
  bus.say(at.snapshot, snapshotOf({}));
  assert.deepEqual(await codes("lateness"), ["lateness-ok"]);
  await doctor.close();
});
