// `gridwright run`: a real site. The plant is outside; nothing here is simulated.
import { resolve } from "node:path";
import { isEmbedded } from "@gridwright/runtime/bus/broker-place.ts";
import { lockDataFolder } from "@gridwright/runtime/data-folder/lock.ts";
import { openSecrets } from "@gridwright/runtime/secrets/secrets.ts";
import { loadSite, mistakeLine } from "../load-site.ts";
import type { PacePlace, Startup } from "../processes/startup.ts";
import type { Terminal } from "../supervisor/terminal.ts";
import { serve } from "./serve.ts";

export interface RunOptions {
  readonly config: string;
  readonly data: string;
  readonly port: number;
  /** Plant time from a twin instead of the machine's. */
  readonly pace?: PacePlace;
  readonly terminal: Terminal;
}

export async function runSite({ config, data, port, pace, terminal }: RunOptions): Promise<void> {
  const siteFile = resolve(config);
  const dataDir = resolve(data);
  const { model, advice } = loadSite(siteFile);
  for (const line of advice) terminal.say(`advice: ${mistakeLine(line)}`);
  const release = lockDataFolder(dataDir, "supervisor.lock");
  await openSecrets(dataDir, model);
  const brokerPort = model.site.broker.port;
  const common = { dataDir, siteFile, brokerPort };
  const startups: readonly Startup[] = [
    ...(isEmbedded(model) ? [{ ...common, process: "broker", port: brokerPort } as const] : []),
    { ...common, process: "control", ...(pace && { pace }) },
    { ...common, process: "services", pagePort: port, ...(pace && { pace }) },
  ];
  await serve({
    startups,
    terminal,
    release,
    welcome: ({ started }) => [
      `${model.site.site.name} is running: http://127.0.0.1:${started.services?.ports.page}/   (Ctrl-C ends it)`,
    ],
  });
}
