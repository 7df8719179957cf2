// `gridwright bus` against a real broker and real Modbus links: one that answers, one where nobody is.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { Bus } from "@gridwright/contract/ports.ts";
import { epoch } from "@gridwright/contract/units.ts";
import { createMbapReader, encodeMbap } from "@gridwright/protocols/modbus/frame.ts";
import { answer } from "@gridwright/protocols/modbus/server.ts";
import { type Broker, startBroker } from "@gridwright/runtime/broker/broker.ts";
import { connectBus } from "@gridwright/runtime/bus/bus.ts";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";
import { reportBuses } from "@gridwright/runtime/commission/bus-report.ts";
import { type OpenDevices, openDevices } from "@gridwright/runtime/devices.ts";
import { openSecrets } from "@gridwright/runtime/secrets/secrets.ts";
import { loadSite } from "../../controller/cli/load-site.ts";
import { until } from "../tools/village.ts";

const MAIN = fileURLToPath(new URL("../../controller/cli/main.ts", import.meta.url));
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** All registers of unit 4 read 230; the others are silent. */
function meter(): Promise<Server> {
  const image = {
    read: (_table: string, _address: number, count: number) => Array.from({ length: count }, () => 230),
    write: () => undefined,
  };
  const server = createServer((socket) => {
    const read = createMbapReader();
    socket.on("error", () => socket.destroy());
    socket.on("data", (chunk) => {
      for (const { transaction, unit, pdu } of read(chunk).frames)
        if (unit === 4) socket.write(encodeMbap({ transaction, unit, pdu: answer(pdu, image) }));
    });
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

const portOf = (server: Server): number => {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
};

const siteText = (port: number): string => `gridwright: 1
site: { id: hut, name: Hut }
links:
  cabinet: { kind: modbus-tcp, host: 127.0.0.1, port: ${port}, timeout: 60 ms }
  attic: { kind: modbus-tcp, host: 127.0.0.1, port: 9 }
devices:
  well: { link: cabinet, profile: eastron-sdm120, unit: 4 }
  dead: { link: cabinet, profile: eastron-sdm120, unit: 5 }
  far: { link: attic, profile: eastron-sdm120, unit: 6 }
assets:
  pump: { kind: meter, name: Pump, measure: well }
  oven: { kind: meter, name: Oven, measure: dead }
  roof: { kind: meter, name: Roof, measure: far }
`;

describe("how the links do, while control runs", () => {
  const folder = mkdtempSync(join(tmpdir(), "gridwright-bus-"));
  const siteFile = join(folder, "site.yaml");
  let server: Server;
  let broker: Broker;
  let bus: Bus;
  let open: OpenDevices;
  let stop: () => void;

  before(async () => {
    server = await meter();
    writeFileSync(siteFile, siteText(portOf(server)));
    const { model } = loadSite(siteFile);
    const secrets = await openSecrets(folder, model);
    const io = hostClock();
    const siteId = model.site.site.id;
    broker = await startBroker({
      ...{ port: 0, users: secrets.brokerUsers, siteId, io, log: quiet },
    });
    const url = `mqtt://127.0.0.1:${broker.port}`;
    bus = connectBus({
      url,
      clientId: "control",
      ...secrets.login("control"),
      io,
      log: quiet,
    });
    await until("control is on the bus", () => bus.connected, { withinMs: 5_000 });
    open = openDevices({
      model,
      bus,
      plant: io,
      io,
      speed: () => 1,
      random: () => 0.4,
      log: quiet,
      mode: () => "unknown",
      toldUntil: epoch(0),
    });
    const dead = (): string | undefined => open.buses.get("cabinet")?.health().breakers.dead;
    await until("the dead unit is left alone", () => dead() === "open", { withinMs: 8_000 });
    stop = reportBuses({ buses: open.buses, bus, siteId, io });
    const processes = {
      broker: { ready: true, pid: process.pid, ports: { mqtt: broker.port } },
      control: { ready: true, pid: process.pid, ports: {} },
    };
    writeFileSync(join(folder, "run.json"), JSON.stringify({ siteFile, processes }));
  });
  after(async () => {
    stop();
    await open.close();
    await bus.close();
    await broker.close();
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const gridwright = (...args: readonly string[]): Promise<{ code: number; out: string; err: string }> =>
    new Promise((resolve) => {
      execFile(process.execPath, [MAIN, ...args, "--data", folder], { timeout: 15_000 }, (error, out, err) =>
        resolve({ code: error === null ? 0 : Number(error.code), out, err }),
      );
    });

  test("a table of links and one of devices", async () => {
    const { out, err } = await gridwright("bus");
    assert.equal(err, "");
    assert.match(out, /^cabinet +up +(-|\d+ %) +(<1|\d+) ms/m);
    assert.match(out, /^attic is down: .*ECONNREFUSED/m);
    assert.match(out, /^well +cabinet +asked as planned +0/m);
    assert.match(out, /^dead +cabinet +left alone for a while +[1-9]\d* +no answer within 60 ms/m);
  });

  test("one link as JSON, and a name that is none", async () => {
    const { buses } = JSON.parse((await gridwright("bus", "cabinet", "--json")).out);
    assert.deepEqual(Object.keys(buses), ["cabinet"]);
    assert.ok(buses.cabinet.requests > 3 && buses.cabinet.timeouts >= 3);
    const { err, code } = await gridwright("bus", "cellar");
    assert.equal(code, 1);
    assert.match(err, /no Modbus link "cellar"; there are: cabinet, attic/);
  });
});
