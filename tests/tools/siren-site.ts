// A running village with a siren at its gate, for tests of alerts: real processes over a twin whose cables are pulled and plugged in,
// a technician who has an account, and the siren's coil as an independent Modbus client reads it.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadSite } from "@gridwright/cli/load-site.ts";
import type { ApiState } from "@gridwright/contract/api.ts";
import type { NewPush } from "@gridwright/contract/push.ts";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";
import { joined } from "@gridwright/runtime/people/desk-fixture.ts";
import { openPeople } from "@gridwright/runtime/people/open.ts";
import { pushOn } from "@gridwright/runtime/people/pushes.ts";
import { parse, parseDocument } from "yaml";
import { freePort } from "../../controller/cli/supervisor/ports.ts";
import { mbpoll } from "./peers.ts";
import { type Program, siteOnFreePorts, startProgram } from "./real-site.ts";
import { askTwin, until } from "./village.ts";

const STORY = fileURLToPath(new URL("../../controller/twin/scenarios/village-day.yaml", import.meta.url));
const UP_MAX_MS = 180_000;
/** The siren hangs on relay 11 of the village's board. */
const SIREN = { unit: 1, address: 10, type: "0" } as const;

export interface SirenSite {
  readonly page: string;
  /** Of the technician's session. */
  readonly cookie: string;
  readonly terminal: readonly string[];
  state(): Promise<ApiState>;
  /** Ids of the alarms that the page shows as open. */
  open(): Promise<readonly string[]>;
  /** The technician says to have seen it; gives control's answer. */
  acknowledge(alarm: string): Promise<string>;
  /** Whether the siren's coil is energised, by its own board. */
  sounds(): Promise<boolean>;
  pull(device: string): Promise<unknown>;
  plugIn(device: string): Promise<unknown>;
  /** Every process of the controller, at once; the plant goes on. */
  killController(): void;
  close(): void;
}

interface Wanted {
  /** Ways for alerts, by the form of the site file. */
  readonly channels: Readonly<Record<string, object>>;
  /** How long a command lasts that nobody renews. */
  readonly lease?: string;
  /** A browser of the technician's. */
  readonly browser?: Pick<NewPush, "endpoint" | "keys">;
  /** Plant seconds per real second. */
  readonly speed?: number;
}

/** The village's day with nothing happening in it. */
function calmStory(folder: string): string {
  const story = parseDocument(readFileSync(STORY, "utf8"));
  story.setIn(["events"], story.createNode([]));
  const file = join(folder, "story.yaml");
  writeFileSync(file, String(story));
  return file;
}

/** Accounts as people make them; gives the technician's session. */
async function people(site: string, dataDir: string, browser: Wanted["browser"]): Promise<string> {
  const desk = await openPeople({ dataDir, model: loadSite(site).model, io: hostClock() });
  await joined(desk, "admin");
  const session = await joined(desk, "technician");
  const account = desk.kept.now().accounts.at(-1)?.id ?? "";
  if (browser !== undefined) {
    const { endpoint, keys } = browser;
    await pushOn(desk, { account, browser: { endpoint, keys, language: "en", home: false, site: true } });
  }
  return session;
}

const siteOf = (folder: string, { channels, lease }: Wanted): Promise<string> =>
  siteOnFreePorts(folder, (site) => {
    site.setIn(
      ["assets", "siren"],
      site.createNode({ kind: "signal", name: "Siren", switch: "relays-village/relay_11", shows: "alert" }),
    );
    if (lease !== undefined) site.setIn(["control", "lease"], lease);
    site.setIn(["alerts"], site.createNode({ channels }));
  });

async function started(sign: RegExp, args: readonly string[]): Promise<Program> {
  const program = startProgram(...args);
  const isUp = (): boolean => program.terminal.some((line) => sign.test(line));
  await until(`${sign}`, isUp, { withinMs: UP_MAX_MS, terminal: program.terminal }).catch(
    (error: unknown) => {
      program.kill();
      throw error;
    },
  );
  return program;
}

export async function startSirenSite({ speed = 1, ...wanted }: Wanted): Promise<SirenSite> {
  const folder = mkdtempSync(join(tmpdir(), "gridwright-siren-"));
  const data = join(folder, "data");
  mkdirSync(data, { mode: 0o700 });
  const site = await siteOf(folder, wanted);
  const pace = await freePort();
  const common = ["--data", data];
  const twinFlags = ["--scenario", calmStory(folder), "--speed", `${speed}`, "--pace-port", `${pace}`];
  const twin = await started(/ runs at /, ["twin", site, ...common, ...twinFlags]);
  const session = await people(site, data, wanted.browser);
  const runFlags = ["--config", site, "--port", "0", "--pace", `127.0.0.1:${pace}`];
  const run = await started(/is running: http/, ["run", ...common, ...runFlags]).catch((error: unknown) => {
    twin.kill();
    throw error;
  });
  const page = /is running: (http:\S+)/.exec(run.terminal.join("\n"))?.[1] ?? "";
  const cookie = `gridwright-session=${session}`;
  const { links } = parse(readFileSync(site, "utf8")) as { links: Record<string, { port: number }> };
  const ask = async (path: string, init: RequestInit = {}): Promise<unknown> => {
    const headers = { cookie, "content-type": "application/json" };
    const answer = await fetch(`${page}api/v1/${path}`, { ...init, headers });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  const state = async (): Promise<ApiState> => (await ask("state")) as ApiState;
  const dead = (device: string) => ({ kind: "device-dead", device });
  return {
    ...{ page, cookie, terminal: run.terminal, state },
    open: async () => (await state()).alarms.map(({ id }) => id),
    acknowledge: async (alarm) => {
      const body = JSON.stringify({ kind: "acknowledge", alarm });
      return ((await ask("requests", { method: "POST", body })) as { outcome: string }).outcome;
    },
    sounds: async () => (await mbpoll({ ...SIREN, port: links["relays-village"]?.port ?? 0 }))[0] === 1,
    pull: (device) => askTwin(pace, { fault: dead(device) }),
    plugIn: (device) => askTwin(pace, { clear: dead(device) }),
    killController: run.kill,
    close() {
      run.kill();
      twin.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
