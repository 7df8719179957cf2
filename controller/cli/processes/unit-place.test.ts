// The start orders that units find for themselves: by the site file, and by what lies beside it.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { readFlowsPlace, type UnitPlace, unitStartup } from "./unit-place.ts";

const SITE = (broker: string): string =>
  `gridwright: 1\nsite: { id: quay, name: Quay, timezone: Europe/Madrid }\nbroker: ${broker}\nlinks: {}\ndevices: {}\nassets: {}\n`;

let folder = "";
let place: UnitPlace;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gridwright-unit-"));
  place = {
    siteFile: join(folder, "etc/site.yaml"),
    dataDir: join(folder, "data"),
    runtimeDir: join(folder, "run"),
  };
  for (const name of ["etc", "run"]) mkdirSync(join(folder, name));
  writeFileSync(place.siteFile, SITE("{ port: 1894 }"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const beside = (name: string, text: string): void => writeFileSync(join(folder, "etc", name), text);

describe("what a unit is told", () => {
  it("ports come from the site file, and the page has its usual one", async () => {
    const { siteFile, dataDir } = place;
    const common = { siteFile, dataDir };
    assert.deepEqual(await unitStartup("broker", place), { ...common, process: "broker", port: 1894 });
    assert.deepEqual(await unitStartup("control", place), {
      ...common,
      process: "control",
      brokerPort: 1894,
    });
    assert.deepEqual(await unitStartup("services", place), {
      ...common,
      ...{ process: "services", brokerPort: 1894, pagePort: 8080, demo: false, equips: true },
    });
  });

  it("a site with a broker of its own needs no broker unit", async () => {
    writeFileSync(place.siteFile, SITE("{ url: mqtt://10.0.7.2 }"));
    assert.equal(await unitStartup("broker", place), undefined);
  });

  const rows: readonly (readonly [string, RegExp | object])[] = [
    ["192.168.7.10\n", { address: "192.168.7.10", port: 8443 }],
    ["10.0.7.2:9443", { address: "10.0.7.2", port: 9443 }],
    ["203.0.113.9", /listen: .*own network/],
    ["0.0.0.0", /listen: .*own network/],
    ["", /listen: .*own network/],
  ];
  for (const [text, wanted] of rows)
    it(`the page is opened to ${JSON.stringify(text)}, or that is refused`, async () => {
      beside("listen", text);
      const order = unitStartup("services", place);
      if (wanted instanceof RegExp) return assert.rejects(order, wanted);
      const found = await order;
      assert.deepEqual(found?.process === "services" && found.lan, wanted);
    });

  it("services make the flows' place once until the power goes, where flows are wanted", async () => {
    await unitStartup("services", place);
    assert.equal(readFlowsPlace(place), undefined);
    beside("flows", "");
    const first = await unitStartup("services", place);
    const made = readFlowsPlace(place);
    assert.ok(first?.process === "services" && made !== undefined);
    assert.deepEqual(first.flows, made);
    const again = await unitStartup("services", place);
    assert.deepEqual(again?.process === "services" && again.flows, made);
    assert.equal(statSync(join(place.runtimeDir, "flows.json")).mode & 0o777, 0o644);
    for (const secret of [made.token, made.key])
      assert.ok(Buffer.from(secret, "base64url").length * 8 >= 128);
  });
});
