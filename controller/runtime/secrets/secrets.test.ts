// Credentials: made once, kept, private, and each allowed its own topics only.
import assert from "node:assert/strict";
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { MqttProfile } from "@gridwright/contract/profile.ts";
import type { SiteModel } from "@gridwright/contract/site/model.ts";
import { figure } from "../../../tests/tools/figure.ts";
import { mayHear, mayPublish, mayRetain } from "../broker/users.ts";
import { openSecrets } from "./secrets.ts";

const profile = MqttProfile.parse({
  profile: "plug",
  title: "Plug",
  licence: "CC0-1.0",
  source: "test",
  tried: "simulated",
  protocol: "tasmota",
  reportMs: 10_000,
  points: { relay: { field: "relay", write: true } },
});

/** A model with one plug for each id; the rest of a site plays no part here. */
const siteWith = (...ids: string[]): SiteModel => {
  const devices = Object.fromEntries(
    ids.map((id) => [id, { id, profile, spec: { topic: `plug-of-${id}` }, points: ["relay"] }]),
  );
  const outward = { homeAssistant: { discoveryPrefix: "homeassistant" } };
  return {
    site: { site: { id: "valley" }, outward },
    devices,
    assets: {},
    channels: [],
  } as unknown as SiteModel;
};

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "gridwright-secrets-"));
});
afterEach(() => rm(folder, { recursive: true }));

const modeOf = async (path: string) => (await stat(path)).mode & 0o777;

test("the first start makes every credential, private and different", async () => {
  const secrets = await openSecrets(folder, siteWith("heater", "pump"));
  const files = (await readdir(secrets.folder)).sort();
  assert.deepEqual(files, ["broker.json", "issuers.json"]);
  assert.equal(await modeOf(secrets.folder), 0o700);
  for (const file of files) assert.equal(await modeOf(join(secrets.folder, file)), 0o600, file);
  const all = secrets.brokerUsers.map(({ password }) => password);
  assert.equal(new Set(all).size, 6);
  for (const secret of all) assert.ok(Buffer.from(secret, "base64url").length * 8 >= 128);
  assert.ok((secrets.issuerKey("operator")?.length ?? 0) * 8 >= 128);
  assert.equal(secrets.issuerKey("toString"), undefined);
});

test("a later start keeps them and adds what is new", async () => {
  const first = await openSecrets(folder, siteWith("heater"));
  const later = await openSecrets(folder, siteWith("heater", "pump"));
  assert.deepEqual(later.deviceLogin("heater"), first.deviceLogin("heater"));
  assert.deepEqual(later.login("control"), first.login("control"));
  assert.equal(later.deviceLogin("pump").clientId, "device-pump");
  assert.throws(() => later.deviceLogin("lamp"), /device-lamp/);
});

test("a damaged file is an error with its cure, never a reason for new secrets", async () => {
  const { folder: secretFolder } = await openSecrets(folder, siteWith("heater"));
  const path = join(secretFolder, "broker.json");
  for (const text of ['{"control":', "[]", '{"control":7}']) {
    await writeFile(path, text);
    await assert.rejects(openSecrets(folder, siteWith("heater")), {
      code: "data-folder-unusable",
      message: /backup/,
    });
    assert.equal(await readFile(path, "utf8"), text);
  }
});

test("a file that was opened to others is closed again", async () => {
  const { folder: secretFolder } = await openSecrets(folder, siteWith("heater"));
  await chmod(join(secretFolder, "issuers.json"), 0o644);
  await openSecrets(folder, siteWith("heater"));
  assert.equal(await modeOf(join(secretFolder, "issuers.json")), 0o600);
});

test("each credential may do its own part and no other's", async () => {
  const { brokerUsers } = await openSecrets(folder, siteWith("heater", "pump"));
  const rights = { publish: mayPublish, hear: mayHear, retain: mayRetain };
  //  who              does       where                            may
  const table: [string, keyof typeof rights, string, boolean][] = [
    ["device-heater", "publish", "tele/plug-of-heater/SENSOR", true],
    ["device-heater", "retain", "tele/plug-of-heater/LWT", true],
    ["device-heater", "publish", "tele/plug-of-pump/SENSOR", false],
    ["device-heater", "publish", "cmnd/plug-of-heater/POWER", false],
    ["device-heater", "hear", "cmnd/plug-of-heater/#", true],
    ["device-heater", "hear", "cmnd/+/POWER", false],
    ["device-heater", "hear", "gridwright/valley/tick", false],
    ["device-heater", "publish", "gridwright/valley/request/operator", false],
    ["control", "publish", "cmnd/plug-of-pump/Backlog0", true],
    ["control", "retain", "cmnd/plug-of-pump/Backlog0", false],
    ["control", "hear", "tele/plug-of-pump/+", true],
    ["control", "hear", "gridwright/valley/request/+", true],
    ["control", "publish", "gridwright/valley/tick", true],
    ["control", "retain", "gridwright/valley/snapshot", true],
    ["control", "publish", "gridwright/valley/answer/operator", true],
    ["services", "hear", "gridwright/valley/tick", true],
    ["services", "publish", "gridwright/valley/request/services", true],
    ["services", "publish", "gridwright/valley/request/operator", false],
    ["services", "publish", "gridwright/valley/tick", false],
    ["services", "retain", "gridwright/valley/request/services", false],
    ["services", "retain", "gridwright/valley/pump/power", true],
    ["services", "retain", "gridwright/valley/services", true],
    ["services", "retain", "homeassistant/device/gridwright_valley_pump/config", true],
    ["services", "publish", "homeassistant/sensor/pump/config", false],
    ["services", "publish", "gridwright/valley/answer/operator", false],
    ["services", "publish", "gridwright/valley/control", false],
    ["services", "publish", "gridwright/other/pump/power", false],
    ["services", "hear", "homeassistant/status", true],
    ["home-assistant", "hear", "homeassistant/+/+/config", true],
    ["home-assistant", "hear", "gridwright/valley/pump/power", true],
    ["home-assistant", "hear", "gridwright/valley/tick", false],
    ["home-assistant", "publish", "gridwright/valley/pump/switch/set", true],
    ["home-assistant", "retain", "gridwright/valley/pump/switch/set", false],
    ["home-assistant", "publish", "homeassistant/status", true],
    ["home-assistant", "publish", "gridwright/valley/request/services", false],
    ["home-assistant", "publish", "gridwright/valley/pump/power", false],
    ["home-assistant", "publish", "cmnd/plug-of-pump/POWER", false],
    ["operator", "hear", "gridwright/#", true],
    ["operator", "hear", "#", false],
    ["operator", "hear", "$SYS/#", false],
    ["operator", "publish", "gridwright/valley/request/operator", true],
    ["operator", "retain", "gridwright/valley/request/operator", false],
    ["operator", "publish", "cmnd/plug-of-heater/POWER", false],
  ];
  for (const [name, does, where, may] of table) {
    const user = brokerUsers.find((one) => one.name === name);
    assert.ok(user);
    assert.equal(rights[does](user, where), may, `${name} ${does} ${where}`);
  }
  const refused = table.filter(([, , , may]) => !may).length;
  figure("R4", { rights: table.length, refused });
});

test("devices alone may come in over their network", async () => {
  const { brokerUsers } = await openSecrets(folder, siteWith("heater", "pump"));
  const network = brokerUsers.filter((user) => user.network !== undefined).map(({ name }) => name);
  assert.deepEqual(network, ["device-heater", "device-pump"]);
});

test("processes that start side by side know the same secrets", async () => {
  const opened = await Promise.all([1, 2, 3, 4].map(() => openSecrets(folder, siteWith("heater", "pump"))));
  const known = opened.map(({ brokerUsers, issuerKey }) => [
    ...brokerUsers.map(({ name, password }) => `${name}:${password}`),
    issuerKey("services")?.toString("base64url"),
  ]);
  for (const one of known) assert.deepEqual(one, known[0]);
});
