// Trial writes over the wire: an inverter whose reversion timer works, one whose does not, and what is refused.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { createMbapReader, encodeMbap } from "@gridwright/protocols/modbus/frame.ts";
import { answer } from "@gridwright/protocols/modbus/server.ts";
import { type SunspecImage, sunspecImage } from "@gridwright/protocols/sunspec/image.ts";
import { runWrite } from "../../controller/cli/commands/write.ts";

const MAIN = fileURLToPath(new URL("../../controller/cli/main.ts", import.meta.url));

/** An inverter of 704 (unit 7) whose limit ends by its timer, and one of 123 (unit 8) that forgets its timer. */
function inverters(log: string[]): Readonly<Record<number, SunspecImage>> {
  const honest: SunspecImage = sunspecImage({
    base: 0,
    models: [
      { id: 1, values: { Mn: "Huttworks" } },
      { id: 701, values: { W: 3_210, W_SF: 0, Hz: 50.02, Hz_SF: -2 } },
      {
        id: 704,
        values: { WMaxLimPct: 100, WMaxLimPct_SF: -1, WMaxLimPctEna: 0, WMaxLimPctRvrtTms: 0 },
      },
    ],
    onWrite(references) {
      log.push(...references);
      const seconds = honest.get("704:WMaxLimPctRvrtTms") ?? 0;
      if (references.includes("704:WMaxLimPctEna") && seconds > 0)
        setTimeout(() => honest.set("704:WMaxLimPctEna", 0), seconds * 1_000).unref();
    },
  });
  const forgetful = sunspecImage({
    models: [
      { id: 103, values: { W: 4_320, W_SF: 0 } },
      {
        id: 123,
        values: { WMaxLimPct: 100, WMaxLimPct_SF: 0, WMaxLim_Ena: 0, WMaxLimPct_RvrtTms: 0 },
      },
    ],
  });
  return { 7: honest, 8: forgetful };
}

function serve(units: Readonly<Record<number, SunspecImage>>): Promise<Server> {
  const server = createServer((socket) => {
    const read = createMbapReader();
    socket.on("error", () => socket.destroy());
    socket.on("data", (chunk) => {
      for (const { transaction, unit, pdu } of read(chunk).frames) {
        const image = units[unit];
        if (image) socket.write(encodeMbap({ transaction, unit, pdu: answer(pdu, image) }));
      }
    });
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

const siteText = (port: number): string => `gridwright: 1
site: { id: hut, name: Hut }
links:
  wire: { kind: modbus-tcp, host: 127.0.0.1, port: ${port} }
devices:
  honest: { link: wire, profile: sunspec, unit: 7 }
  forgetful: { link: wire, profile: sunspec, unit: 8 }
  relays: { link: wire, profile: waveshare-relay-16, unit: 9 }
  plain: { link: wire, profile: plain-relay, unit: 10 }
assets:
  lamp: { kind: load, name: Lamp, tier: 2, rating: 40 VA, switch: plain/relay_2, onSilence: on }
  roof: { kind: pv, name: Roof, rating: 5 kW, limit: honest/power_limit, measure: honest }
  barn: { kind: pv, name: Barn, rating: 6 kW, limit: forgetful/power_limit, measure: forgetful }
  router: { kind: load, name: Router, tier: 0, rating: 60 VA, switch: { point: relays/relay_3, contact: normally-closed }, onSilence: on, feedsController: true }
`;

/** A relay board without a timer, in the site's own folder of profiles. */
const PLAIN_RELAY = `profile: plain-relay
title: Relay board without a timer
licence: CC0-1.0
source: none
tried: hardware 1.0
protocol: modbus
points:
  relay: { table: coil, address: 0, type: bool, repeat: { count: 4 }, write: { function: 5, fallback: none } }
`;

describe("a trial write", () => {
  const folder = mkdtempSync(join(tmpdir(), "gridwright-write-"));
  const site = join(folder, "site.yaml");
  const log: string[] = [];
  const units = inverters(log);
  let server: Server;
  before(async () => {
    server = await serve(units);
    mkdirSync(join(folder, "profiles"));
    writeFileSync(join(folder, "profiles", "plain-relay.yaml"), PLAIN_RELAY);
    const address = server.address();
    writeFileSync(site, siteText(typeof address === "object" && address !== null ? address.port : 0));
  });
  after(() => {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const write = (...args: readonly string[]): Promise<{ code: number; out: string; err: string }> =>
    new Promise((resolve) => {
      const all = [MAIN, "write", ...args, "--data", folder, "--config", site];
      execFile(process.execPath, all, { timeout: 25_000 }, (error, out, err) =>
        resolve({ code: error === null ? 0 : Number(error.code), out, err }),
      );
    });

  test("sees the inverter go back by its own timer", async () => {
    const { code, out, err } = await write("roof/limit", "63.5 %", "--for", "2 s");
    assert.equal(code, 0, err);
    assert.match(out, /^before +100 %$/m);
    assert.match(out, /^written +63\.5 %, read back/m);
    assert.match(out, /^back +100 %, by the device itself$/m);
    assert.match(out, /^It works\. Write writesTried: true at device honest/m);
    assert.ok(log.includes("704:WMaxLimPctRvrtTms") && log.includes("704:WMaxLimPctEnaRvrt"));
    assert.equal(units[7]?.get("704:WMaxLimPct"), 63.5);
  });

  test("writes back what an inverter forgot, and says that its timer does not work", async () => {
    const { code, out } = await write("barn/limit", "40 %", "--for", "1 s");
    assert.equal(code, 1);
    assert.match(out, /^NOT BACK +still 40 %/m);
    assert.match(out, /^back +100 %, written back and read$/m);
    assert.match(out, /do not rely on it/);
    assert.deepEqual([units[8]?.get("123:WMaxLim_Ena"), units[8]?.get("123:WMaxLimPct")], [0, 100]);
  });

  test("what must not or cannot be written is refused with the reason", async () => {
    const cases: readonly (readonly [string, string, RegExp])[] = [
      ["router/switch", "off", /feeds the controller itself/],
      ["roof/power", "40 %", /Only roof\/limit can be written/],
      ["roof", "40 %", /Only roof\/limit can be written/],
      ["honest/power_limit", "40 %", /only an asset is written/],
      ["roof/limit", "40", /40 has no unit/],
      ["roof/limit", "140 %", /from 0 % to 100 %/],
      ["lamp/switch", "on", /cannot go back by itself.*--i-will-revert/],
      ["lamp/switch", "bright", /takes on or off, not "bright"/],
      ["roff/limit", "40 %", /no asset or device "roff"; did you mean roof/],
    ];
    for (const [target, value, message] of cases)
      await assert.rejects(
        runWrite({
          ...{ target, value, forMs: 20_000, why: "Trial", iWillRevert: false, data: folder, config: site },
          ...{ json: false, write: () => undefined, signal: new AbortController().signal },
        }),
        { code: "usage", message },
        target,
      );
  });
});
