// The devices behind a Zigbee2MQTT bridge at the embedded broker: its list is larger than what other devices may send.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { type Broker, startBroker } from "@gridwright/runtime/broker/broker.ts";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";
import { openSecrets } from "@gridwright/runtime/secrets/secrets.ts";
import mqtt, { type MqttClient } from "mqtt";
import { loadSite } from "../../controller/cli/load-site.ts";

const MAIN = fileURLToPath(new URL("../../controller/cli/main.ts", import.meta.url));
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const SITE = `gridwright: 1
site: { id: yard, name: Yard }
links: { air: { kind: mqtt } }
devices:
  bridge: { link: air, profile: zigbee2mqtt-bridge, topic: zigbee2mqtt }
  lamp: { link: air, profile: zigbee2mqtt-plug, topic: zigbee2mqtt/lamp }
assets:
  lamp: { kind: load, name: Lamp, tier: 2, rating: 40 VA, switch: lamp/relay, onSilence: hold }
`;

const told = (name: string, unit: string) => ({ type: "numeric", name, property: name, unit, access: 1 });
const state = {
  ...{ type: "binary", name: "state", property: "state", access: 7 },
  value_on: "ON",
  value_off: "OFF",
};
const exposes = [
  { type: "switch", features: [state] },
  ...[told("power", "W"), told("voltage", "V"), told("current", "A"), told("energy", "kWh")],
];
const device = (friendly_name: string, model = "TS011F") => ({
  ...{ type: "Router", supported: true, disabled: false, friendly_name },
  definition: { vendor: "Tuya", model, exposes, description: "x".repeat(6_000) },
});
const LIST = JSON.stringify(
  ["lamp", "kettle", "pump 1", ...Array(40).keys()].map((name) => device(`${name}`)),
);

describe("gridwright scan mqtt", () => {
  const folder = mkdtempSync(join(tmpdir(), "gridwright-zigbee-"));
  const siteFile = join(folder, "site.yaml");
  let broker: Broker;
  let bridge: MqttClient;

  before(async () => {
    writeFileSync(siteFile, SITE);
    const { model } = loadSite(siteFile);
    const secrets = await openSecrets(folder, model);
    const io = hostClock();
    broker = await startBroker({ port: 0, users: secrets.brokerUsers, siteId: "yard", io, log: quiet });
    const me = { ready: true, pid: process.pid, ports: { mqtt: broker.port } };
    writeFileSync(
      join(folder, "run.json"),
      JSON.stringify({ siteFile, processes: { broker: me, control: me } }),
    );
    const { username, password, clientId = "" } = secrets.deviceLogin("bridge");
    const login = { username, password, clientId, reconnectPeriod: 0 };
    bridge = await mqtt.connectAsync(`mqtt://127.0.0.1:${broker.port}`, login);
  });
  after(async () => {
    await bridge.endAsync();
    await broker.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const scan = (...args: readonly string[]): Promise<{ code: number; out: string }> =>
    new Promise((resolve) => {
      const all = [MAIN, "scan", "mqtt", "--data", folder, ...args];
      execFile(process.execPath, all, { timeout: 20_000 }, (error, out, err) =>
        resolve({ code: error === null ? 0 : Number(error.code), out: `${out}${err}` }),
      );
    });

  test("a bridge that says nothing is named", async () => {
    const { code, out } = await scan();
    assert.equal(code, 1);
    assert.match(out, /^bridge \(zigbee2mqtt\): says nothing; does it run, with the login of bridge\?$/m);
  });

  test("its devices become lines of the site file", async () => {
    assert.ok(LIST.length > 200_000);
    await bridge.publishAsync("zigbee2mqtt/bridge/devices", LIST, { retain: true, qos: 1 });
    const { code, out } = await scan();
    assert.equal(code, 0, out);
    assert.match(
      out,
      /^ {2}kettle +Tuya TS011F +relay power voltage current energy_import +zigbee2mqtt-plug$/m,
    );
    assert.match(out, /^ {2}lamp +Tuya TS011F .* in the site file already$/m);
    assert.match(out, /^ {2}pump 1 .* rename it in Zigbee2MQTT first/m);
    assert.match(
      out,
      /^ {2}kettle: \{ link: air, profile: zigbee2mqtt-plug, topic: zigbee2mqtt\/kettle \}$/m,
    );
    const { bridge: said } = JSON.parse((await scan("--json")).out);
    assert.equal(said.devices.length, 43);
  });
});
