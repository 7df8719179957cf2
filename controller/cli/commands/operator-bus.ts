// A terminal beside the running site: finds what runs on a data folder and joins its live bus as the operator, for as long
// as one question takes.
import { dirname, join, resolve } from "node:path";
import type { Clock } from "@gridwright/contract/clock.ts";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import type { Bus } from "@gridwright/contract/ports.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { brokerPlace } from "@gridwright/runtime/bus/broker-place.ts";
import { connectBus } from "@gridwright/runtime/bus/bus.ts";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";
import { openSecrets, type Secrets } from "@gridwright/runtime/secrets/secrets.ts";
import { refuseClosed } from "../denied.ts";
import { installedRoot } from "../installed-root.ts";
import { loadSite } from "../load-site.ts";
import { readRun } from "../supervisor/run-file.ts";

export interface OperatorSeat {
  readonly model: SiteModel;
  readonly bus: Bus;
  readonly secrets: Secrets;
  readonly io: Clock;
}

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** What runs on this data folder; also finds the demo below it. */
function running(data: string): {
  readonly dataDir: string;
  readonly siteFile: string;
  readonly port?: number;
} {
  refuseClosed(data);
  for (const dataDir of [resolve(data), join(resolve(data), "demo")]) {
    const { siteFile, processes } = readRun(dataDir) ?? {};
    const port = processes?.broker?.ports.mqtt;
    if (siteFile !== undefined) return { dataDir, siteFile, ...(port !== undefined && { port }) };
  }
  throw new GridwrightError(
    "usage",
    installedRoot() === undefined
      ? `Nothing runs on ${data}. Start it first (npm start), or name its folder with --data DIR.`
      : `Nothing ever ran on ${data}. Start it first: sudo systemctl start gridwright.target; gridwright doctor says what is in the way.`,
  );
}

/** Runs `use` with a seat on the bus of what runs on `data`. Throws `usage` where nothing runs. */
export async function asOperator<T>(data: string, use: (seat: OperatorSeat) => Promise<T>): Promise<T> {
  const { dataDir, siteFile, port: embeddedPort } = running(data);
  const { model } = loadSite(siteFile);
  const secrets = await openSecrets(dataDir, model);
  const io = hostClock();
  const siteFolder = dirname(siteFile);
  const place = await brokerPlace({ model, secrets, siteFolder, ...(embeddedPort && { embeddedPort }) });
  const bus = connectBus({
    url: place.url,
    ...place.login("operator"),
    clientId: `operator-${process.pid}`,
    io,
    log: quiet,
  });
  try {
    return await use({ model, bus, secrets, io });
  } finally {
    await bus.close();
  }
}
