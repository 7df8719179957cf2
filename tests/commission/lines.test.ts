// Scanning a line: a meter behind an RTU gateway, and the same behind a serial port (a pty pair
// of socat). Units that are not there stay silent, as on a real line.
import assert from "node:assert/strict";
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { createRtuReader, encodeRtu, requestLength } from "@gridwright/protocols/modbus/frame.ts";
import { answer, type RegisterImage, refusal } from "@gridwright/protocols/modbus/server.ts";
import { needs } from "../tools/needs.ts";
import { until } from "../tools/village.ts";

const MAIN = fileURLToPath(new URL("../../controller/cli/main.ts", import.meta.url));
const DEADLINE_MS = 25_000;
const UNIT = 3;

const float = (value: number): readonly [number, number] => {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, value);
  return [view.getUint16(0), view.getUint16(2)];
};

/** What an SDM630 shows: voltages at 0, 2, 4, powers at 12, the frequency at 70; all input registers. */
const SHOWN = new Map<number, number>(
  (
    [
      [0, 231.5],
      [2, 229.25],
      [4, 230.75],
      [12, 1_710.5],
      [52, 1_710.5],
      [70, 50.25],
    ] as const
  ).flatMap(([address, value]) => float(value).map((word, index) => [address + index, word] as const)),
);
const LAST = 400;
const meter: RegisterImage = {
  read: (table, address, count) =>
    table === "input" && address + count <= LAST
      ? Array.from({ length: count }, (_, index) => SHOWN.get(address + index) ?? 0)
      : refusal(2),
  write: () => refusal(1),
};

function serve(): Promise<Server> {
  const server = createServer((socket) => {
    const { read } = createRtuReader(requestLength);
    socket.on("error", () => socket.destroy());
    socket.on("data", (chunk) => {
      for (const { unit, pdu } of read(chunk))
        if (unit === UNIT) socket.write(encodeRtu({ unit, pdu: answer(pdu, meter) }));
    });
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

const gridwright = (...args: readonly string[]): Promise<string> =>
  new Promise((resolve, reject) => {
    execFile(process.execPath, [MAIN, ...args], { timeout: DEADLINE_MS }, (error, stdout, stderr) =>
      error === null ? resolve(stdout) : reject(new Error(`${stdout}\n${stderr}`, { cause: error })),
    );
  });

const portOf = (server: Server): number => {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
};

describe("a meter of a line, among silent units", () => {
  let server: Server;
  let folder = "";
  before(async () => {
    server = await serve();
    folder = mkdtempSync(join(tmpdir(), "gridwright-line-"));
  });
  after(() => {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function scanned(place: string): Promise<string> {
    const out = await gridwright("scan", place, "--units", "2,3", "--timeout", "150", "--json");
    const { places, proposal } = JSON.parse(out);
    assert.deepEqual(
      places[0].units.map(({ unit }: { unit: number }) => unit),
      [UNIT],
    );
    const [{ identity }] = places[0].units;
    assert.ok(identity.profiles.includes("eastron-sdm630"), String(identity.profiles));
    return proposal;
  }

  test("is found behind a gateway, and reads right with the profile that the technician knows", async () => {
    const proposal = await scanned(`rtu+tcp://127.0.0.1:${portOf(server)}`);
    const site = join(folder, "site.yaml");
    const known = proposal.replace(/profile: [a-z0-9-]+/, "profile: eastron-sdm630");
    writeFileSync(site, `gridwright: 1\nsite: { id: hut, name: Hut }\n${known}\n`);
    await gridwright("check", site);
    const asset = /assets:\n {2}([a-z0-9-]+):/.exec(known)?.[1] ?? "";
    const { points } = JSON.parse(await gridwright("read", asset, "--config", site, "--json"));
    const value = (name: string) => points.find(({ point }: { point: string }) => point === name)?.value;
    assert.deepEqual([value("voltage_l2"), value("power_l1"), value("frequency")], [229.25, 1_710.5, 50.25]);
  });

  test("is found behind a serial port too", { skip: needs("socat") }, async () => {
    const port = join(folder, "tty");
    const socat: ChildProcess = spawn(
      "socat",
      [`pty,raw,echo=0,link=${port}`, `tcp:127.0.0.1:${portOf(server)}`],
      { stdio: "ignore" },
    );
    try {
      await until("the pty is there", () => existsSync(port), { withinMs: 5_000 });
      assert.match(await scanned(`serial:${port}`), /kind: modbus-rtu, device: .*tty, baud: 9600/);
    } finally {
      socat.kill();
    }
  });
});
