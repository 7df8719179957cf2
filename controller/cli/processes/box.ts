// The box process (demo only): the firmware's real image on an emulated chip, its serial line as a port of this machine by
// socat, its converter and coils in the simulated plant. Where the plant says that its link is cut, the cable is pulled out.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import type { Log } from "@gridwright/contract/log.ts";
import { CHANNEL_NAMES } from "@gridwright/contract/site/box-spec.ts";
import type { DeviceModel, SiteModel } from "@gridwright/contract/site/model.ts";
import { type BoxServer, serveBox } from "@gridwright/firmware-bridge/emulator/box-server.ts";
import { createBox, type EmulatedBox } from "@gridwright/firmware-bridge/emulator/emulated-box.ts";
import type { Supply } from "@gridwright/firmware-bridge/emulator/wave.ts";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";
import { loadSite } from "../load-site.ts";
import type { Running } from "./running.ts";
import type { PacePlace, Startup } from "./startup.ts";

type BoxStartup = Extract<Startup, { process: "box" }>;

const ASK_EVERY_MS = 100;
const HIGH = 1;
const EXIT_PLANT_GONE = 75;

interface PlantAnswer {
  readonly values?: Readonly<Record<string, number | boolean | null>>;
  readonly faults?: readonly { readonly kind: string; readonly link?: string }[];
}

/** The port of one link, in and out like a plug. */
function createCable(path: string, server: BoxServer) {
  let socat: ChildProcess | undefined;
  return {
    plug(): void {
      if (socat !== undefined) return;
      const target = `tcp:127.0.0.1:${server.port},nodelay`;
      const fresh = spawn("socat", [`pty,rawer,link=${path}`, target], { stdio: "ignore" });
      fresh.once("exit", () => {
        if (socat === fresh) socat = undefined;
      });
      socat = fresh;
    },
    pull(): void {
      socat?.kill("SIGKILL");
      socat = undefined;
      rmSync(path, { force: true });
    },
  };
}

/** What the box's clamp and divider see: the first machine on it, or its first load. */
function measuredAsset(model: SiteModel, { id }: DeviceModel): string {
  const own = Object.values(model.assets).filter(({ actuator }) => actuator?.device === id);
  return (own.find(({ spec }) => spec.kind === "machine") ?? own[0])?.id ?? "";
}

/** Keeps coils of the plant as the box drives them. */
function createCoils(box: EmulatedBox, { id, spec }: DeviceModel, plant: Socket) {
  const told = new Map<string, boolean>();
  return (): void => {
    for (const [place, point] of CHANNEL_NAMES.entries()) {
      const level = spec.box?.channels[point]?.energised === "low" ? 0 : HIGH;
      const energised = Number(box.pin(place)) === level;
      if (told.get(point) === energised) continue;
      told.set(point, energised);
      plant.write(`${JSON.stringify({ id: point, coil: `${id}/${point}`, energised })}\n`);
    }
  };
}

async function plantAt({ host, port }: PacePlace, log: Log): Promise<Socket> {
  const socket = connect({ host, port, noDelay: true });
  await once(socket, "connect");
  socket.once("close", () => {
    log.warn("the plant went; the box starts anew with it");
    process.exit(EXIT_PLANT_GONE);
  });
  return socket;
}

/** The plant's answers, as they come. */
function listen(socket: Socket, hear: (answer: PlantAnswer) => void): void {
  createInterface({ input: socket }).on("line", (line) => {
    const { answer }: { readonly answer?: PlantAnswer } = JSON.parse(line);
    if (answer !== undefined) hear(answer);
  });
}

export async function runBox(startup: BoxStartup, log: Log): Promise<Running> {
  const { model } = loadSite(startup.siteFile);
  const link = model.site.links[startup.link];
  const [device, ...others] = Object.values(model.devices).filter(({ spec }) => spec.link === startup.link);
  if (link?.kind !== "box" || device === undefined || others.length > 0)
    throw new GridwrightError(
      "site-invalid",
      `The demo runs one box on a link; ${startup.link} has another number.`,
    );
  const supply: Supply = { volts: 0, amps: 0, hz: 50 };
  const box = createBox(supply, { address: device.spec.unit });
  const plant = await plantAt(startup.pace, log);
  const server = await serveBox({ box, io: hostClock(), stepped: createCoils(box, device, plant) });
  const cable = createCable(link.device, server);
  const asset = measuredAsset(model, device);
  listen(plant, ({ values, faults }) => {
    if (values === undefined) return;
    supply.volts = Number(values[`${asset}/voltage`] ?? 0);
    supply.amps = Number(values[`${asset}/current`] ?? 0);
    const cut = faults?.some((fault) => fault.kind === "link-cut" && fault.link === startup.link);
    if (cut) cable.pull();
    else cable.plug();
  });
  const query = `${JSON.stringify({ id: "box", query: [`${asset}/voltage`, `${asset}/current`] })}\n`;
  const asking = setInterval(() => plant.write(query), ASK_EVERY_MS);
  return {
    ports: { line: server.port },
    async stop() {
      clearInterval(asking);
      cable.pull();
      plant.removeAllListeners("close");
      plant.destroy();
      await server.close();
    },
  };
}
