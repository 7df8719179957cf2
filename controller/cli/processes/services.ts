// The services process: the page with its API, local history, writers to metrics databases. It reads the journal and
// the live bus; nothing in control waits for it.
import { randomBytes } from "node:crypto";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Clock } from "@gridwright/contract/clock.ts";
import type { Log } from "@gridwright/contract/log.ts";
import type { Bus } from "@gridwright/contract/ports.ts";
import { render } from "@gridwright/contract/render.ts";
import { REQUEST_TTL_MAX_MS } from "@gridwright/contract/request.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import type { InfluxTarget } from "@gridwright/contract/site/site.ts";
import { millis } from "@gridwright/contract/units.ts";
import { connectBus } from "@gridwright/runtime/bus/bus.ts";
import { createRequester, type Requester, risingSeq } from "@gridwright/runtime/bus/requester.ts";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";
import { startRecorder } from "@gridwright/runtime/recorder/recorder.ts";

import { openSecrets, type Secrets } from "@gridwright/runtime/secrets/secrets.ts";
import { startWeb } from "@gridwright/runtime/web/web.ts";
import { loadSite } from "../load-site.ts";
import type { Running } from "./running.ts";
import type { Startup } from "./startup.ts";

const PAGE = fileURLToPath(new URL("../../../dashboards/web/dist", import.meta.url));

/** A password file is named from where the site file lies. */
const targetsOf = ({ site }: SiteModel, siteFile: string): readonly InfluxTarget[] =>
  site.metrics.influx.map(({ passwordFile, ...target }) =>
    passwordFile === undefined
      ? target
      : { ...target, passwordFile: resolve(dirname(siteFile), passwordFile) },
  );

interface Asking {
  readonly model: SiteModel;
  readonly bus: Bus;
  readonly secrets: Secrets;
  readonly io: Clock;
}

const requesterOf = ({ model, bus, secrets, io }: Asking): Requester =>
  createRequester({
    bus,
    siteId: model.site.site.id,
    issuer: "services",
    key: secrets.issuerKey("services") ?? new Uint8Array(),
    seq: risingSeq(io),
    random: randomBytes,
    io,
  });

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
    clientId: "services",
    ...secrets.login("services"),
    io,
    log,
  });
  const recorder = await startRecorder({
    journalDir: join(dataDir, "journal"),
    dataDir,
    model,
    influx: targetsOf(model, startup.siteFile),
    io,
    log,
    onProblem: (reason, url) =>
      reason === null
        ? log.info(`${url} takes data again`)
        : log.warn(`${url}: ${render(reason, { language: "en", names: {} })}`),
  });
  const requester = requesterOf({ model, bus, secrets, io });
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
    request: (body) => requester.send({ role: "technician", body, ttlMs: millis(REQUEST_TTL_MAX_MS) }),
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
