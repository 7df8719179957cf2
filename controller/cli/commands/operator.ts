// What a command finds of a running controller, and how it speaks with it: as the operator, over the live bus.
import { dirname, join, resolve } from "node:path";
import type { Bus } from "@gridwright/contract/ports.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { brokerPlace } from "@gridwright/runtime/bus/broker-place.ts";
import { connectBus } from "@gridwright/runtime/bus/bus.ts";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";
import { openSecrets } from "@gridwright/runtime/secrets/secrets.ts";
import { loadSite } from "../load-site.ts";
import { readRun } from "../supervisor/run-file.ts";

export interface Found {
  readonly dataDir: string;
  readonly siteFile: string;
  /** Where the embedded broker listens; none: the site has a broker of its own. */
  readonly embeddedPort?: number;
}

export const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

function alive(pid: number | undefined): boolean {
  if (pid === undefined) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** The controller that runs on this data folder, or in the demo's below it; undefined: none does. */
export function findRunning(data: string): Found | undefined {
  for (const dataDir of [resolve(data), join(resolve(data), "demo")]) {
    const { siteFile, processes } = readRun(dataDir) ?? {};
    const embeddedPort = processes?.broker?.ports.mqtt;
    if (siteFile !== undefined && alive(processes?.control?.pid))
      return { dataDir, siteFile, ...(embeddedPort !== undefined && { embeddedPort }) };
  }
  return undefined;
}

export interface Operator {
  readonly model: SiteModel;
  readonly bus: Bus;
}

/** Joins the live bus of a running controller as the operator. */
export async function joinBus({ dataDir, siteFile, embeddedPort }: Found): Promise<Operator> {
  const { model } = loadSite(siteFile);
  const secrets = await openSecrets(dataDir, model);
  const place = await brokerPlace({
    ...{ model, secrets, siteFolder: dirname(siteFile) },
    ...(embeddedPort !== undefined && { embeddedPort }),
  });
  const bus = connectBus({
    url: place.url,
    ...place.login("operator"),
    clientId: `operator-${process.pid}`,
    io: hostClock(),
    log: quiet,
  });
  return { model, bus };
}
