// `gridwright demo`: the village (or any site file) on its twin. Everything it writes lies in one folder that holds
// nothing but simulated data; each start begins anew, 24 h back, unless told to resume.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import type { FlowsPlace } from "@gridwright/contract/flows-place.ts";
import { lockDataFolder } from "@gridwright/runtime/data-folder/lock.ts";
import { openSecrets } from "@gridwright/runtime/secrets/secrets.ts";
import { type Document, parseDocument } from "yaml";
import { loadSite } from "../load-site.ts";
import type { Startup } from "../processes/startup.ts";
import { newFlowsPlace } from "../supervisor/flows-place.ts";
import { freePort } from "../supervisor/ports.ts";
import type { Terminal } from "../supervisor/terminal.ts";
import { BOX_STORY, hangOnBox, ownPorts } from "./demo-box.ts";
import { demoWelcome } from "./demo-welcome.ts";
import { serve } from "./serve.ts";

export interface DemoOptions {
  readonly site?: string;
  readonly data: string;
  readonly port: number;
  /** Nobody asked for this very port: any other will do. */
  readonly portIsDefault: boolean;
  readonly seed: number;
  readonly scenario?: string;
  /** Devices and broker take any free ports instead of the site's own where those are free. */
  readonly anyPorts?: boolean;
  /** The village's saw and extractor on an emulated box. */
  readonly box?: boolean;
  /** With the technicians' flows. */
  readonly flows?: boolean;
  /** Plant seconds per real second until the present is reached. */
  readonly speed: number;
  readonly terminal: Terminal;
}

export const VILLAGE = fileURLToPath(new URL("../../twin/sites/village.yaml", import.meta.url));
export const VILLAGE_DAY = fileURLToPath(new URL("../../twin/scenarios/village-day.yaml", import.meta.url));
/** Flows at work on the village. */
const VILLAGE_FLOWS = ["water-heater-by-surplus", "compressor-rests", "plenty-message"];
const DAY_MS = 86_400_000;
const SITE_FILE = "site.yaml";
/** Marks a folder as the demo's own, so that no real data is ever cleared. */
const MARK = "simulated-data";

/** The page's port, tried before anything else is begun. */
async function pagePortOf({ port, portIsDefault, terminal }: DemoOptions): Promise<number> {
  const free = await freePort(port, new Set());
  if (port === 0 || free === port) return port;
  if (!portIsDefault)
    throw new GridwrightError(
      "port-in-use",
      `Port ${port} of 127.0.0.1 is taken. Name another one, or any free one with --port 0.`,
    );
  terminal.say(`Port ${port} is taken; the page takes another one.`);
  return free;
}

/** Clears what an earlier demo left, once the folder is ours and nobody runs in it; returns the lock's release. */
function freshFolder(folder: string): () => void {
  const kept: ReadonlySet<string> = new Set(["supervisor.lock"]);
  if (
    existsSync(folder) &&
    readdirSync(folder).some((name) => !kept.has(name)) &&
    !existsSync(join(folder, MARK))
  )
    throw new GridwrightError(
      "data-folder-unusable",
      `${folder} holds something that is not the demo's; the demo clears its folder at each start. Give it another one with --data DIR.`,
      { place: { file: folder } },
    );
  const release = lockDataFolder(folder, "supervisor.lock");
  for (const name of readdirSync(folder))
    if (!kept.has(name)) rmSync(join(folder, name), { recursive: true });
  writeFileSync(
    join(folder, MARK),
    "Everything in this folder is simulated; the demo clears it at each start.\n",
  );
  return release;
}

/** The simulated plant has no serial ports: the line hangs behind a gateway instead. */
function gatewayFor(document: Document, link: string): void {
  document.setIn(["links", link, "kind"], "modbus-rtu-tcp");
  for (const key of ["device", "parity", "stopBits"]) document.deleteIn(["links", link, key]);
}

interface DemoSite {
  readonly brokerPort: number;
  readonly pacePort: number;
  /** Lines of boxes, each of which gets a process. */
  readonly boxes: readonly string[];
}

/** The text of the site file, with the village's box where one is wanted. */
function documentOf(options: DemoOptions): Document {
  const document = parseDocument(readFileSync(options.site ?? VILLAGE, "utf8"));
  if (options.box && options.site !== undefined)
    throw new GridwrightError(
      "usage",
      "--box is the village's; a site of your own has its boxes in its file.",
    );
  if (options.box) hangOnBox(document);
  return document;
}

/** Writes the site file that this demo runs: the given one with ports that are free here. */
async function siteWithFreePorts(options: DemoOptions, dataDir: string): Promise<DemoSite> {
  const { anyPorts = false } = options;
  const document = documentOf(options);
  const file = join(dataDir, SITE_FILE);
  writeFileSync(file, String(document));
  const { model } = loadSite(file);
  const taken = new Set<number>();
  for (const [id, link] of Object.entries(model.site.links)) {
    if (link.kind === "mqtt" || link.kind === "box") continue;
    if (link.kind === "modbus-rtu") gatewayFor(document, id);
    const port = anyPorts || link.kind === "modbus-rtu" ? 0 : link.port;
    document.setIn(["links", id, "host"], "127.0.0.1");
    document.setIn(["links", id, "port"], await freePort(port, taken));
  }
  const boxes = ownPorts(document, model, dataDir);
  const brokerPort = await freePort(anyPorts ? 0 : model.site.broker.port, taken);
  // The demo brings its own broker and opens the site's Modbus map where that is free.
  document.setIn(["broker"], { port: brokerPort });
  const map = model.site.outward.modbus;
  if (map !== undefined)
    document.setIn(["outward", "modbus", "port"], await freePort(anyPorts ? 0 : map.port, taken));
  document.setIn(["site", "simulated"], true);
  writeFileSync(file, String(document));
  return { brokerPort, pacePort: await freePort(anyPorts ? 0 : 15_019, taken), boxes };
}

interface DemoRun extends DemoSite {
  readonly dataDir: string;
  readonly siteFile: string;
  readonly pagePort: number;
  readonly speed: number;
  readonly flows?: FlowsPlace;
}

/** The processes in the order in which they need each other. */
function startupsOf({ scenario, seed, box }: DemoOptions, run: DemoRun): readonly Startup[] {
  const { dataDir, siteFile, brokerPort, pacePort, boxes, pagePort, speed, flows } = run;
  const common = { dataDir, siteFile, brokerPort };
  const pace = { host: "127.0.0.1", port: pacePort };
  const scenarioFile = scenario ?? (box ? BOX_STORY : VILLAGE_DAY);
  return [
    { ...common, process: "broker", port: brokerPort },
    {
      ...common,
      process: "twin",
      pacePort,
      scenarioFile,
      seed,
      startAt: Date.now() - (boxes.length > 0 ? 0 : DAY_MS),
      speed,
      catchUp: speed > 1,
    },
    ...boxes.map((link): Startup => ({ dataDir, siteFile, process: "box", link, pace })),
    { ...common, process: "control", pace },
    { ...common, process: "services", pagePort, demo: true, pace, scenarioFile, ...(flows && { flows }) },
  ];
}

export async function demo(options: DemoOptions): Promise<void> {
  const { terminal } = options;
  const dataDir = join(resolve(options.data), "demo");
  const pagePort = await pagePortOf(options);
  const release = freshFolder(dataDir);
  const siteFile = join(dataDir, SITE_FILE);
  const site = await siteWithFreePorts(options, dataDir);
  await openSecrets(dataDir, loadSite(siteFile).model);
  const flows = options.flows ? await newFlowsPlace(new Set([site.brokerPort, site.pacePort])) : undefined;
  // An emulated chip lives in real time.
  const speed = site.boxes.length > 0 ? 1 : options.speed;
  const startups = startupsOf(options, {
    ...site,
    dataDir,
    siteFile,
    pagePort,
    speed,
    ...(flows && { flows }),
  });
  await serve({
    startups,
    terminal,
    release,
    ...(flows && { flows: { place: flows, examples: options.site === undefined ? VILLAGE_FLOWS : [] } }),
    welcome: ({ started }) => demoWelcome({ model: loadSite(siteFile).model, started, dataDir, speed }),
  });
}
