// What the demo says once it runs: where to look, and commands to paste that really answer.
import { join, relative } from "node:path";
import type { DeviceModel, SiteModel } from "@gridwright/contract/site/model.ts";
import type { Supervised } from "../supervisor/supervise.ts";

export interface DemoRunning {
  readonly model: SiteModel;
  readonly started: Supervised["started"];
  readonly dataDir: string;
  readonly speed: number;
}

const DAY_MIN = 1_440;

/** A register of a Modbus TCP device that mbpoll can read: its address, and what it is. */
function readable({ id, link, spec, profile }: DeviceModel): string | undefined {
  if (link.kind !== "modbus-tcp" || profile.protocol !== "modbus") return undefined;
  const found = Object.entries(profile.points).find(
    ([point, { table, type }]) =>
      table === "holding" && type === "uint16" && /^(soc|voltage|battery_voltage)/.test(point),
  );
  if (found === undefined) return undefined;
  const [point, { address }] = found;
  return `  mbpoll -m tcp -0 -1 -a ${spec.unit} -r ${address} -p ${link.port} ${link.host}    # ${id}: ${point}, raw`;
}

function addresses(model: SiteModel): string[] {
  return Object.entries(model.site.links).flatMap(([id, link]) =>
    "port" in link ? [`  ${id.padEnd(18)} ${link.kind.padEnd(15)} ${link.host}:${link.port}`] : [],
  );
}

export function demoWelcome({ model, started, dataDir, speed }: DemoRunning): string[] {
  const folder = relative(process.cwd(), dataDir);
  const near = folder.startsWith("..") ? dataDir : folder;
  const mbpoll = Object.values(model.devices).flatMap((device) => readable(device) ?? []);
  const password = `$(grep -oP '"operator": "\\K[^"]+' ${join(near, "secrets", "broker.json")})`;
  const boxes = Object.values(model.site.links).filter(({ kind }) => kind === "box");
  const minutes = Math.round(DAY_MIN / Math.max(speed - 1, 1));
  return [
    "",
    `${model.site.site.name} is running, all of it simulated. Open`,
    `  http://127.0.0.1:${started.services?.ports.page}/`,
    "",
    speed > 1
      ? `It begins 24 hours ago and runs at up to ${speed}×: it reaches the present in ${minutes} minutes, later on a slow machine, and goes on at 1×.`
      : boxes.length > 0
        ? "It begins now and runs in real time, as its box does. After two minutes its cable is pulled out in the midst of a cut."
        : "It begins 24 hours ago and runs in real time.",
    "Its devices on real sockets:",
    ...addresses(model),
    ...mbpoll.slice(0, 1),
    "The live bus:",
    `  mosquitto_sub -h 127.0.0.1 -p ${started.broker?.ports.mqtt} -u operator -P "${password}" -t 'gridwright/#' -v`,
    `Everything it writes is in ${near} and is cleared at the next start. Ctrl-C ends it.`,
    "",
  ];
}
