// The twin process: the simulated plant of the site, its devices on real sockets, and plant time.
import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Log } from "@gridwright/contract/log.ts";
import { epoch } from "@gridwright/contract/units.ts";
import { brokerPlace } from "@gridwright/runtime/bus/broker-place.ts";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";
import { openSecrets } from "@gridwright/runtime/secrets/secrets.ts";
import { readScenario } from "@gridwright/twin/plant/scenario-file.ts";
import { startTwin } from "@gridwright/twin/servers/twin.ts";
import { loadSite } from "../load-site.ts";
import type { Running } from "./running.ts";
import type { Startup } from "./startup.ts";

const HOST = "127.0.0.1";

export async function runTwin(startup: Extract<Startup, { process: "twin" }>, log: Log): Promise<Running> {
  const { model } = loadSite(startup.siteFile);
  const secrets = await openSecrets(startup.dataDir, model);
  const siteFolder = dirname(startup.siteFile);
  const { url } = await brokerPlace({ model, secrets, siteFolder, embeddedPort: startup.brokerPort });
  const twin = await startTwin({
    model,
    scenario: readScenario(readFileSync(startup.scenarioFile, "utf8"), startup.scenarioFile),
    seed: startup.seed,
    start: epoch(startup.startAt),
    speed: startup.catchUp ? { catchUp: startup.speed, after: 1 } : startup.speed,
    pace: { host: HOST, port: startup.pacePort },
    mqttUrl: url,
    credentials: secrets.deviceLogin,
    log,
    io: hostClock(),
  });
  const ports = Object.fromEntries(Object.entries(twin.addresses).map(([link, { port }]) => [link, port]));
  return { ports: { ...ports, pace: twin.pacePort }, stop: () => twin.close() };
}
