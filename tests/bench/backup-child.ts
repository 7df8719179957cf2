// One backup or restore in a process of its own, so that its memory is its own: says how long it took and the most that it held.
import { makeBackup } from "@gridwright/runtime/backup/make.ts";
import { restoreBackup } from "@gridwright/runtime/backup/restore.ts";

const [act = "", dataDir = "", file = "", siteFile = ""] = process.argv.slice(2);
const passphrase = "five old pumps by the mill";
const began = performance.now();
if (act === "backup") {
  const siteFiles = [{ from: siteFile, path: "site.yaml" }];
  await makeBackup({ dataDir, siteFiles, out: file, passphrase, now: Date.now() });
} else await restoreBackup({ path: file, passphrase, dataDir, siteFile });
const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
const cpuMs = (userCPUTime + systemCPUTime) / 1_000;
process.stdout.write(JSON.stringify({ ms: performance.now() - began, cpuMs, memoryBytes: maxRSS * 1_024 }));
