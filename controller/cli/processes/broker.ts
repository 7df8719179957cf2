// The broker process: nothing but the embedded broker, so that a flood or a bug in it costs only itself.
import type { Log } from "@gridwright/contract/log.ts";
import { startBroker } from "@gridwright/runtime/broker/broker.ts";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";
import { openSecrets } from "@gridwright/runtime/secrets/secrets.ts";
import { loadSite } from "../load-site.ts";
import type { Running } from "./running.ts";
import type { Startup } from "./startup.ts";

export async function runBroker(
  startup: Extract<Startup, { process: "broker" }>,
  log: Log,
): Promise<Running> {
  const { model } = loadSite(startup.siteFile);
  const { brokerUsers } = await openSecrets(startup.dataDir, model);
  const { listen } = model.site.broker;
  const broker = await startBroker({
    port: startup.port,
    ...(listen !== undefined && { network: listen }),
    users: brokerUsers,
    siteId: model.site.site.id,
    io: hostClock(),
    log,
  });
  return { ports: { mqtt: broker.port }, stop: () => broker.close() };
}
