// `gridwright box calibrate` beside a running site, with the real image on an emulated chip whose clamp is another one than the
// site file says.
import assert from "node:assert/strict";
import { createServer, type Server } from "node:net";
import { after, before, describe, test } from "node:test";
import { createMbapReader, encodeMbap } from "@gridwright/protocols/modbus/frame.ts";
import { answer } from "@gridwright/protocols/modbus/server.ts";
import { type BoxSite, startBoxSite, until } from "../firmware/box-site.ts";
import { needs } from "../tools/needs.ts";

/** What flows, and what the emulated clamp is: 0.2 A a count; the site file says more. */
const AMPS = 8;
const SAID_PER_COUNT = 0.25;
const METER_V = 228.4;

/** A meter on which every figure reads 228.4. */
function meter(): Promise<Server> {
  const words = new DataView(new ArrayBuffer(4));
  words.setFloat32(0, METER_V);
  const image = {
    read: (_table: string, address: number, count: number) =>
      Array.from({ length: count }, (_, at) => words.getUint16(((address + at) % 2) * 2)),
    write: () => undefined,
  };
  const server = createServer((socket) => {
    const read = createMbapReader();
    socket.on("error", () => socket.destroy());
    socket.on("data", (chunk) => {
      for (const { transaction, unit, pdu } of read(chunk).frames)
        socket.write(encodeMbap({ transaction, unit, pdu: answer(pdu, image) }));
    });
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

describe("gridwright box calibrate", { skip: needs("socat") }, () => {
  let site: BoxSite;
  let server: Server;
  const calibrate = (...args: readonly string[]) => site.command(["box", "calibrate", "shed", ...args]);
  const says = async (point: string): Promise<number> => {
    const { out } = await site.command(["read", `heater/${point}`, "--json"]);
    const { points } = JSON.parse(out) as { readonly points: readonly { readonly value: number | null }[] };
    return points[0]?.value ?? Number.NaN;
  };

  before(async () => {
    server = await meter();
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const lines = [
      `  lan: { kind: modbus-tcp, host: 127.0.0.1, port: ${port} }`,
      "devices:",
      `  shed: { link: usb, profile: gridwright-box, writesTried: true, box: { measures: { ampsPerCount: ${SAID_PER_COUNT} A } } }`,
      "  cupboard: { link: lan, profile: eastron-sdm120, unit: 1 }",
      "assets:",
      "  heater: { kind: load, name: Heater, tier: 4, rating: 2 kVA, switch: shed/relay_3, measure: shed, onSilence: off }",
      "  house: { kind: meter, name: House, measure: cupboard }",
    ];
    site = await startBoxSite(lines, { supply: { volts: 231, amps: AMPS, hz: 50 } });
    await until("the box measures", async () =>
      (await site.command(["read", "heater/current"])).out.includes("good"),
    );
  });
  after(async () => {
    await site?.stop();
    server?.close();
  });

  test("the box says too much with the wrong clamp; without --yes nothing is changed", async () => {
    assert.ok(Math.abs((await says("current")) - 10) < 0.2);
    const { code, out } = await calibrate("current", "8");
    assert.equal(code, 0);
    assert.match(out, /ampsPerCount: 0.25 A\n.*ampsPerCount: 0\.(2|19\d+|20\d+) A\n.*add --yes/s);
    assert.ok(Math.abs((await says("current")) - 10) < 0.2);
  });

  test("too little, or another clamp altogether, is refused", async () => {
    const little = await calibrate("current", "2", "--yes");
    assert.match(little.err, /2.00 A is too little.*at least 5.00 A/);
    const other = await calibrate("current", "24", "--yes");
    assert.match(other.err, /2\.\d\d times what the site file says/);
    assert.deepEqual([little.code, other.code], [1, 1]);
  });

  test("calibrated it says what flows, over a reset of the box and a restart of its line too; then it is taken back", async () => {
    const { code, out, err } = await calibrate("current", "8", "--yes");
    assert.deepEqual({ code, err }, { code: 0, err: "" }, out);
    assert.match(out, /the box says (7\.9|8\.[01])\d A now/);
    await site.pty.unplug();
    await site.pty.plug(site.server.port);
    await until("it is found again", async () => Math.abs((await says("current")) - AMPS) < 0.15);
    const undone = await calibrate("--undo");
    assert.match(undone.out, /ampsPerCount: 0.25 A, as the site file says/, undone.err);
    await until("it says too much again", async () => Math.abs((await says("current")) - 10) < 0.2);
  });

  test("a meter of the site is an instrument too", async () => {
    const { code, out, err } = await calibrate("voltage", "--meter", "house/voltage", "--yes");
    assert.deepEqual({ code, err }, { code: 0, err: "" }, out);
    assert.match(out, /the instrument 228.40 V/);
    await until("and it says so", async () => Math.abs((await says("voltage")) - METER_V) < 1);
  });
});
