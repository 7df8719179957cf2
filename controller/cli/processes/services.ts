// The services process: the page with its API, local history, writers to metrics databases. It reads the journal and
// the live bus; nothing in control waits for it.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Log } from "@gridwright/contract/log.ts";
import { connectBus } from "@gridwright/runtime/bus/bus.ts";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";

const startRecorder = async (o: any) => ({
  history: { query: async () => [], counts: async () => ({}), close: async () => undefined },
  status: () => ({}),
  close: async () => undefined,
});

import { openSecrets } from "@gridwright/runtime/secrets/secrets.ts";
import { startWeb } from "@gridwright/runtime/web/web.ts";
import { loadSite } from "../load-site.ts";
import type { Running } from "./running.ts";
import type { Startup } from "./startup.ts";

const PAGE = fileURLToPath(new URL("../../../dashboards/web/dist", import.meta.url));

export async function runServices(
  startup: Extract<Startup, { process: "services" }>,
  log: Log,
): Promise<Running> {
  const { model } = loadSite(startup.siteFile);
  const { dataDir } = startup;
  const secrets = await openSecrets(dataDir, model);
  const io = hostClock();
  const bus = connectBus({
    url: `mqtt://127.0.0.1:${startup.brokerPort}`,
    ...secrets.login("services"),
    io,
    log,
  });
  const recorder = await startRecorder({
    journalDir: join(dataDir, "journal"),
    dataDir,
    model,
    influx: model.site.metrics.influx,
    io,
    log,
  });
  const web = await startWeb({
    host: "127.0.0.1",
    port: startup.pagePort,
    model,
    bus,
    history: recorder.history,
    token: secrets.pageToken,
    pageDir: PAGE,
    log,
    io,
    recorderStatus: recorder.status,
  });
  return {
    ports: { page: web.port },
    async stop() {
      await web.close();
      await recorder.close();
      await bus.close();
    },
  };
}
