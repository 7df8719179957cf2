// A real mosquitto as the site's broker, with the files that services keep for it: opened to the network of the devices (a second
// address of loopback) by TLS, and without it to the one that cannot. mosquitto's own clients are the peers. What changes is taken
// up by the signal that the service manager sends.
import assert from "node:assert/strict";
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { epoch } from "@gridwright/contract/units.ts";
import { equip } from "@gridwright/runtime/beside/equip.ts";
import { mosquittoConf } from "@gridwright/runtime/broker/mosquitto-files.ts";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";
import { openSecrets, type Secrets } from "@gridwright/runtime/secrets/secrets.ts";
import { loadSite } from "../../controller/cli/load-site.ts";
import { freePort } from "../../controller/cli/supervisor/ports.ts";
import { needs } from "../tools/needs.ts";
import { until } from "../tools/until.ts";

const run = promisify(execFile);
const [HOME, AWAY] = ["127.0.0.1", "127.0.0.2"];
const DAY_MS = 86_400_000;
const real = hostClock();
let wall = real.wall();
const io = { ...real, wall: () => wall };

const SITE = (more = ""): string => `gridwright: 1
site: { id: mill, name: Mill }
broker: { program: mosquitto }
links: { air: { kind: mqtt } }
devices:
  meter: { link: air, profile: tasmota-plug, topic: meter }
  plug: { link: air, profile: tasmota-plug, topic: plug, plain: true }
${more}assets: {}
`;

const root = mkdtempSync(join(tmpdir(), "gridwright-mosquitto-site-"));
const [dataDir, folder, conf] = [join(root, "data"), join(root, "mosquitto"), join(root, "mosquitto.conf")];
const folders = { mosquitto: folder, influxdb: join(root, "influxdb") };
let ports = { port: 0, tlsPort: 0 };
let mosquitto: ChildProcess | undefined;
let secrets: Secrets;

function modelOf(more = "") {
  const file = join(root, "site.yaml");
  writeFileSync(file, SITE(more));
  const { model } = loadSite(file);
  // Loopback's second address is none that a site file may name.
  return { ...model, site: { ...model.site, broker: { ...model.site.broker, listen: AWAY } } };
}

interface Way {
  readonly at: string;
  readonly tls?: boolean;
  readonly login?: { readonly username: string; readonly password: string };
  readonly clientId?: string;
  readonly topic?: string;
}
/** What mosquitto_pub ended with: 0 where its message was taken. */
async function pub({ at, tls, login, clientId = "any", topic = "tele/meter/SENSOR" }: Way): Promise<number> {
  const args = [
    ...[
      "-h",
      at,
      "-p",
      `${tls ? ports.tlsPort : ports.port}`,
      "-i",
      clientId,
      "-q",
      "1",
      "-t",
      topic,
      "-m",
      "741",
    ],
    ...(tls ? ["--cafile", join(folder, "ca.crt")] : []),
    ...(login ? ["-u", login.username, "-P", login.password] : []),
  ];
  return run("mosquitto_pub", args, { timeout: 8_000 }).then(
    () => 0,
    (error: { code: number }) => error.code,
  );
}

const serial = async (): Promise<string> => {
  const shown = run("openssl", ["s_client", "-connect", `${AWAY}:${ports.tlsPort}`], { timeout: 8_000 });
  shown.child.stdin?.end();
  const asked = run("openssl", ["x509", "-noout", "-serial"]);
  asked.child.stdin?.end((await shown).stdout);
  return (await asked).stdout;
};

describe("mosquitto as the site's broker", {
  skip: needs("mosquitto", "mosquitto-clients", "openssl"),
}, () => {
  before(async () => {
    mkdirSync(folder);
    ports = { port: await freePort(), tlsPort: await freePort() };
    const model = modelOf();
    secrets = await openSecrets(dataDir, model);
    assert.deepEqual(await equip({ dataDir, model, folders, io }), { mosquitto: "new" });
    const network = { address: AWAY, tlsPort: ports.tlsPort, isPlain: true };
    // Started as root it would change to a user of its own, who may not read this folder.
    const user = process.getuid?.() === 0 ? "user root\n" : "";
    writeFileSync(conf, `${user}${mosquittoConf({ folder, port: ports.port, network })}`);
    mosquitto = spawn("mosquitto", ["-c", conf], { stdio: "ignore" });
    await until(() => pub({ at: HOME, login: secrets.login("operator") }), 0);
  });
  after(async () => {
    if (mosquitto !== undefined && mosquitto.exitCode === null) {
      mosquitto.kill();
      await once(mosquitto, "exit");
    }
    rmSync(root, { recursive: true });
  });

  it("keys, passwords and rights are for mosquitto's group at most", () => {
    for (const name of ["server.key", "passwords", "passwords-tls", "passwords-plain", "acl"])
      assert.equal(statSync(join(folder, name)).mode & 0o777, 0o640, name);
    const all = ["passwords", "passwords-tls", "passwords-plain"].map((name) =>
      [...readFileSync(join(folder, name), "utf8").matchAll(/^([^:]+):/gm)].map(([, who]) => who),
    );
    assert.deepEqual(all, [
      ["control", "services", "operator", "home-assistant", "device-meter", "device-plug"],
      ["device-meter", "device-plug"],
      ["device-plug"],
    ]);
  });

  it("takes each login where it belongs, and nobody without one", async () => {
    const [meter, plug] = [secrets.deviceLogin("meter"), secrets.deviceLogin("plug")];
    const control = secrets.login("control");
    const rows: readonly (readonly [string, Way, boolean])[] = [
      ["a device by TLS", { at: AWAY, tls: true, login: meter }, true],
      ["a device on this machine", { at: HOME, login: meter }, true],
      ["the plain one without TLS", { at: AWAY, login: plug }, true],
      ["another one without TLS", { at: AWAY, login: meter }, false],
      ["control by TLS", { at: AWAY, tls: true, login: control }, false],
      ["control without TLS", { at: AWAY, login: control }, false],
      ["nobody", { at: HOME }, false],
      ["nobody by TLS", { at: AWAY, tls: true }, false],
      ["a wrong password", { at: AWAY, tls: true, login: { ...meter, password: "12345678" } }, false],
    ];
    for (const [who, way, isIn] of rows) assert.equal((await pub(way)) === 0, isIn, who);
  });

  it("a reading passes from a device by TLS to control; what is another's does not", async () => {
    const { username, password } = secrets.login("control");
    const login = ["-h", HOME, "-p", `${ports.port}`, "-u", username, "-P", password];
    const hearing = run("mosquitto_sub", [...login, "-t", "tele/#", "-C", "1", "-W", "8", "-v"]);
    await until(async () => (await pub({ at: HOME, login: secrets.login("operator") })) === 0, true);
    const login2 = secrets.deviceLogin("meter");
    for (const topic of ["tele/plug/SENSOR", "cmnd/meter/POWER", "tele/meter/SENSOR"])
      await pub({ at: AWAY, tls: true, login: login2, topic, clientId: "control" });
    assert.equal((await hearing).stdout, "tele/meter/SENSOR 741\n");
  });

  it("what did not change is not written; a new device is let in, and a new certificate shown, at the signal", async () => {
    assert.deepEqual(await equip({ dataDir, model: modelOf(), folders, io }), { mosquitto: "same" });
    const told = () => readFileSync(join(folder, "changed"), "utf8");
    const [before, first] = [told(), await serial()];
    wall = epoch(wall + 370 * DAY_MS);
    const model = modelOf("  lamp: { link: air, profile: tasmota-plug, topic: lamp }\n");
    const { deviceLogin } = await openSecrets(dataDir, model);
    const lamp: Way = { at: HOME, login: deviceLogin("lamp") };
    assert.notEqual(await pub(lamp), 0);
    assert.deepEqual(await equip({ dataDir, model, folders, io }), { mosquitto: "new" });
    assert.notEqual(told(), before);
    mosquitto?.kill("SIGHUP");
    await until(() => pub(lamp), 0);
    assert.notEqual(await serial(), first);
  });
});
