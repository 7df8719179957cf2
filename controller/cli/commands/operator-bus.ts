// A terminal beside the running site: finds what runs on a data folder and joins its live bus as the operator, for as long
// as one question takes.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Clock } from "@gridwright/contract/clock.ts";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import type { Bus } from "@gridwright/contract/ports.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { brokerPlace } from "@gridwright/runtime/bus/broker-place.ts";
import { connectBus } from "@gridwright/runtime/bus/bus.ts";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";
import { openSecrets, type Secrets } from "@gridwright/runtime/secrets/secrets.ts";
import { loadSite } from "../load-site.ts";
import type { RunFile } from "../supervisor/supervise.ts";

export interface OperatorSeat {
  readonly model: SiteModel;
  readonly bus: Bus;
  readonly secrets: Secrets;
  readonly io: Clock;
}

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** What runs on this data folder; also finds the demo below it. */
function running(data: string): { readonly dataDir: string; readonly run: RunFile } {
  for (const dataDir of [resolve(data), join(resolve(data), "demo")]) {
    const file = join(dataDir, "run.json");
    if (existsSync(file)) return { dataDir, run: JSON.parse(readFileSync(file, "utf8")) as RunFile };
  }
  throw new GridwrightError(
    "usage",
    `Nothing runs on ${data}. Start it first (npm start), or name its folder with --data DIR.`,
  );
}

/** Runs `use` with a seat on the bus of what runs on `data`. Throws `usage` where nothing runs. */
export async function asOperator<T>(data: string, use: (seat: OperatorSeat) => Promise<T>): Promise<T> {
  const { dataDir, run } = running(data);
  const { model } = loadSite(run.siteFile);
  const secrets = await openSecrets(dataDir, model);
  const io = hostClock();
  const embeddedPort = run.processes.broker?.ports.mqtt;
  const siteFolder = dirname(run.siteFile);
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
