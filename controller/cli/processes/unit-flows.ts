// The unit of the technicians' flows: a small supervisor of its own, under the flows' own user. It reads neither site file nor
// secrets; all it knows of the site is what services left for it in memory. What it starts is confined as anywhere else.
import { GridwrightError } from "@gridwright/contract/errors.ts";
import type { Notify } from "@gridwright/runtime/service-manager/notify.ts";
import { superviseFlows } from "../supervisor/flows.ts";
import { plainTerminal } from "../supervisor/terminal.ts";
import { PAGE_PORT, readFlowsPlace, type UnitPlace } from "./unit-place.ts";

/** Throws where services have not yet told where the flows are to be; the manager tries again. */
export async function runFlowsUnit(unitPlace: UnitPlace, notify: Notify): Promise<void> {
  process.title = "gridwright flows supervisor";
  const { dataDir, siteFile } = unitPlace;
  const place = readFlowsPlace(unitPlace);
  if (place === undefined)
    throw new GridwrightError("usage", "services have not told yet where the flows are; it is tried again");
  const ending = Promise.withResolvers<void>();
  process.once("SIGTERM", () => ending.resolve());
  // How long Node-RED takes is the supervisor's matter.
  notify.ready();
  const terminal = plainTerminal((line) => void process.stdout.write(`${line}\n`));
  const flows = superviseFlows(
    { ...{ dataDir, siteFile, place, terminal }, examples: [], prepared: true, onReady: () => undefined },
    `http://127.0.0.1:${PAGE_PORT}`,
  );
  await ending.promise;
  await flows.stop();
  notify.close();
}
