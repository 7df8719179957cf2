// `gridwright twin`: the simulated plant alone, so that `gridwright run` in another terminal can control it as it would
// a real one. Its MQTT devices use the credentials that `run` makes in the same data folder.
import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { openSecrets } from "@gridwright/runtime/secrets/secrets.ts";
import { loadSite } from "../load-site.ts";
import type { Startup } from "../processes/startup.ts";
import type { Terminal } from "../supervisor/terminal.ts";
import { VILLAGE_DAY } from "./demo.ts";
import { serve } from "./serve.ts";

export interface TwinOptions {
  readonly site: string;
  readonly data: string;
  readonly seed: number;
  readonly speed: number;
  readonly pacePort: number;
  readonly scenario?: string;
  readonly terminal: Terminal;
}

/** A serial port cannot be made here: its devices are simulated only behind a gateway. */
const serialLines = ({ site }: SiteModel): string[] =>
  Object.entries(site.links).flatMap(([id, link]) =>
    link.kind === "box"
      ? [`  ${id.padEnd(18)} boxes: not simulated here (the demo runs the real firmware of one)`]
      : link.kind === "modbus-rtu"
        ? [
            `  ${id.padEnd(18)} a serial port: not simulated. To try its devices write kind: modbus-rtu-tcp, host: 127.0.0.1, port: 25001 for now`,
          ]
        : [],
  );

export async function twin({
  site,
  data,
  terminal,
  scenario,
  seed,
  speed,
  pacePort,
}: TwinOptions): Promise<void> {
  const siteFile = resolve(site);
  const dataDir = resolve(data);
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const { model } = loadSite(siteFile);
  await openSecrets(dataDir, model);
  const startup: Startup = {
    process: "twin",
    dataDir,
    siteFile,
    brokerPort: model.site.broker.port,
    pacePort,
    scenarioFile: scenario ?? VILLAGE_DAY,
    seed,
    startAt: Date.now(),
    speed,
    catchUp: false,
  };
  await serve({
    startups: [startup],
    terminal,
    welcome: ({ started }) => [
      `The twin of ${model.site.site.name} runs at ${speed}×. In another terminal:`,
      `  npm start -- --config ${site} --data ${data}${speed === 1 ? "" : ` --pace 127.0.0.1:${started.twin?.ports.pace}`}`,
      ...Object.entries(started.twin?.ports ?? {}).map(
        ([name, port]) => `  ${name.padEnd(18)} 127.0.0.1:${port}`,
      ),
      ...serialLines(model),
    ],
  });
}
