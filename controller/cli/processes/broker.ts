// The broker process: nothing but the embedded broker, so that a flood or a bug in it costs only itself.
import type { Log } from "@gridwright/contract/log.ts";
import { startBroker } from "@gridwright/runtime/broker/broker.ts";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";
import { openSecrets } from "@gridwright/runtime/secrets/secrets.ts";
import { openTlsAt } from "@gridwright/runtime/tls/open.ts";
import { loadSite } from "../load-site.ts";
import type { Running } from "./running.ts";
import type { Startup } from "./startup.ts";

export async function runBroker(
  startup: Extract<Startup, { process: "broker" }>,
  log: Log,
): Promise<Running> {
  const { model } = loadSite(startup.siteFile);
  const { brokerUsers } = await openSecrets(startup.dataDir, model);
  const { listen: address, tlsPort } = model.site.broker;
  const io = hostClock();
  const { dataDir } = startup;
  const broker = await startBroker({
    port: startup.port,
    ...(address !== undefined && {
      network: { address, tlsPort, tls: () => openTlsAt({ dataDir, model, name: "broker", address, io }) },
    }),
    users: brokerUsers,
    siteId: model.site.site.id,
    io,
    log,
  });
  return { ports: { mqtt: broker.port }, stop: () => broker.close() };
}
