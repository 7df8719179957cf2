// The village's site file with ports that are free here, for processes that a measurement starts one by one.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseDocument } from "yaml";
import { freePort } from "../../controller/cli/supervisor/ports.ts";

const VILLAGE = fileURLToPath(new URL("../../controller/twin/sites/village.yaml", import.meta.url));

export interface VillageSite {
  readonly siteFile: string;
  readonly brokerPort: number;
  readonly pacePort: number;
}

export async function villageSite(folder: string): Promise<VillageSite> {
  const document = parseDocument(readFileSync(VILLAGE, "utf8"));
  const taken = new Set<number>();
  const site = document.toJS() as { links: Record<string, { kind: string }> };
  for (const [id, { kind }] of Object.entries(site.links))
    if (kind !== "mqtt") document.setIn(["links", id, "port"], await freePort(0, taken));
  const brokerPort = await freePort(0, taken);
  document.setIn(["broker", "port"], brokerPort);
  const siteFile = join(folder, "site.yaml");
  writeFileSync(siteFile, String(document));
  return { siteFile, brokerPort, pacePort: await freePort(0, taken) };
}
