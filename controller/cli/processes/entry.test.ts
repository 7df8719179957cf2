// How a supervised process ends: so that starting it again helps, or is known not to.
import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { EXIT_HOPELESS, type Started, type Startup } from "./startup.ts";

const ENTRY = new URL("./entry.ts", import.meta.url);

/** Starts a process by its order over the line; gives the code by which it ends, and whether it served before. */
const endOf = (startup: Startup): Promise<number | string | null> =>
  new Promise((resolve, reject) => {
    const child = fork(ENTRY, { stdio: "ignore" });
    child.once("error", reject);
    let served = false;
    child.once("message", (said: Partial<Started>) => {
      served = said.ready === true;
      if (served) child.disconnect();
    });
    child.once("exit", (code) => resolve(served ? `served, then ended by ${code}` : code));
    child.send({ startup });
  });

function folderWith(site: string | undefined): Pick<Startup, "dataDir" | "siteFile"> {
  const dataDir = mkdtempSync(join(tmpdir(), "gridwright-entry-"));
  const siteFile = join(dataDir, "site.yaml");
  if (site !== undefined) writeFileSync(siteFile, site);
  return { dataDir, siteFile };
}

const SITE = "gridwright: 1\nsite: { id: mill, name: Mill }\nlinks: {}\ndevices: {}\nassets: {}\n";
const services = { process: "services", brokerPort: 25_003, pagePort: 0, demo: false } as const;
const table: readonly (readonly [sentence: string, startup: Startup, then: number | string])[] = [
  ["no site file: hopeless", { ...folderWith(undefined), ...services }, EXIT_HOPELESS],
  [
    "one that cannot be: hopeless",
    { ...folderWith(SITE.replace("mill", "Mill 7")), ...services },
    EXIT_HOPELESS,
  ],
  [
    "a process whose supervisor is gone ends by itself",
    { ...folderWith(SITE), process: "broker", port: 0 },
    "served, then ended by 0",
  ],
];
for (const [sentence, startup, then] of table)
  test(`process: ${sentence}`, async () => assert.equal(await endOf(startup), then));
