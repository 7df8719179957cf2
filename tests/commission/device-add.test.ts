// The credential of an MQTT device is shown once, in the words of its firmware, and bound to its client id.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, test } from "node:test";
import { runDeviceAdd } from "../../controller/cli/commands/device.ts";

const folder = mkdtempSync(join(tmpdir(), "gridwright-device-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const SITE = `gridwright: 1
site: { id: hut, name: Hut }
links:
  broker: { kind: mqtt }
  wire: { kind: modbus-tcp, host: 127.0.0.1 }
devices:
  lamp-plug: { link: broker, profile: tasmota-plug, topic: lamp }
  fridge-plug: { link: broker, profile: shelly-plug-gen2, topic: fridge }
  main: { link: wire, profile: eastron-sdm630, unit: 3 }
assets:
  lamp: { kind: load, name: Lamp, tier: 2, rating: 40 VA, switch: lamp-plug/relay, onSilence: on }
`;
const config = join(folder, "site.yaml");
writeFileSync(config, SITE);

async function add(id: string, json = false): Promise<readonly string[]> {
  const lines: string[] = [];
  await runDeviceAdd({
    ...{ id, data: join(folder, "data"), config, host: "10.0.7.2", json },
    write: (line) => lines.push(line),
  });
  return lines;
}

test("a credential is shown once, in the words of its firmware, and kept for its owner alone", async () => {
  const text = (await add("lamp-plug")).join("\n");
  const password = /MqttPassword (\S+);/.exec(text)?.[1] ?? "";
  assert.ok(password.length >= 32);
  assert.match(
    text,
    /Backlog MqttHost 10\.0\.7\.2; MqttPort 1883; MqttClient device-lamp-plug; MqttUser device-lamp-plug;/,
  );
  assert.match(text, /It may publish {2}stat\/lamp\/# {2}tele\/lamp\/#$/m);
  const file = join(folder, "data", "secrets", "devices", "lamp-plug.txt");
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.ok(readFileSync(file, "utf8").includes(password));
  await assert.rejects(add("lamp-plug"), { code: "usage", message: /was shown before.*lamp-plug\.txt/ });
});

test("it says what keeps the device outside: a broker on loopback, and where it is to listen", async () => {
  const opened = join(folder, "opened.yaml");
  writeFileSync(opened, SITE.replace("links:", "broker: { listen: 10.0.7.9, port: 1884 }\nlinks:"));
  const said = async (file: string): Promise<string> => {
    const lines: string[] = [];
    const write = (line: string): void => void lines.push(line);
    await runDeviceAdd({
      id: "fridge-plug",
      data: join(folder, `${basename(file)}-data`),
      config: file,
      json: false,
      write,
    });
    return lines.join("\n");
  };
  assert.match(await said(config), /on this machine alone: write broker: \{ listen: \S+ \}/);
  const open = await said(opened);
  assert.match(open, /"server":"10\.0\.7\.9:8883",.*"ssl_ca":"user_ca\.pem"/);
  assert.match(open, /trust the site's authority: gridwright tls ca/);
  assert.doesNotMatch(open, /this machine alone/);
});

test("each device has a password of its own, and JSON for scripts", async () => {
  const given = JSON.parse((await add("fridge-plug", true)).join("\n"));
  const passwords = JSON.parse(readFileSync(join(folder, "data", "secrets", "broker.json"), "utf8"));
  assert.equal(given.password, passwords["device-fridge-plug"]);
  assert.notEqual(given.password, passwords["device-lamp-plug"]);
  assert.deepEqual([given.clientId, given.host, given.port], ["device-fridge-plug", "10.0.7.2", 1_883]);
});

test("what is no MQTT device of the site gets none", async () => {
  await assert.rejects(add("main"), { code: "usage", message: /does not speak MQTT/ });
  await assert.rejects(add("oven"), {
    code: "usage",
    message: /its MQTT devices are: lamp-plug, fridge-plug/,
  });
});
