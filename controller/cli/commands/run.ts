// `gridwright run`: a real site. The plant is outside; nothing here is simulated.
import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import { loadSite } from "../load-site.ts";
import type { Startup } from "../processes/startup.ts";
import type { Terminal } from "../supervisor/terminal.ts";
import { serve } from "./serve.ts";

export interface RunOptions {
  readonly config: string;
  readonly data: string;
  readonly port: number;
  readonly terminal: Terminal;
}

export async function runSite({ config, data, port, terminal }: RunOptions): Promise<void> {
  const siteFile = resolve(config);
  const dataDir = resolve(data);
  const { model, advice } = loadSite(siteFile);
  for (const line of advice) terminal.say(`advice: ${line}`);
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const brokerPort = model.site.broker.port;
  const common = { dataDir, siteFile, brokerPort };
  const startups: readonly Startup[] = [
    { ...common, process: "broker", port: brokerPort },
    { ...common, process: "control" },
    { ...common, process: "services", pagePort: port },
  ];
  await serve({
    startups,
    terminal,
    welcome: ({ started }) => [
      `${model.site.site.name} is running: http://127.0.0.1:${started.services?.ports.page}/   (Ctrl-C ends it)`,
    ],
  });
}
