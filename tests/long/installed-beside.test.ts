// An installed site with mosquitto as its broker and InfluxDB beside it, in a fresh Debian with a running systemd: one command installs
// both, closed. Opened to the devices' network a reading comes in by TLS and lies in the database by TLS; what changes is taken
// up by itself; uninstalled, all data is where it was.
import assert from "node:assert/strict";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, before, describe, it } from "node:test";
import { type Box, noBox, openBox } from "../deploy/box.ts";
import { givePackages } from "../deploy/box-packages.ts";
import { buildPackage } from "../deploy/built-package.ts";
import { handsOn } from "../deploy/hands.ts";
import { until } from "../tools/until.ts";

const INSTALL = "/opt/gridwright/current/deploy/install.sh";
const AT = "192.168.77.5";
const BACK_MS = 90_000;
const PEERS = ["/etc/mosquitto/gridwright", "/etc/influxdb/gridwright"];

const SITE = (devices: string): string => `gridwright: 1
site: { id: mill, name: Mill }
broker: { program: mosquitto, listen: ${AT} }
metrics: { influx: [{ url: "https://127.0.0.1:8086", username: gridwright, passwordFile: influxdb-password, caFile: /etc/influxdb/gridwright/ca.crt }] }
links: { air: { kind: mqtt } }
devices:
${devices}
assets:
  lamp: { kind: load, name: Lamp, tier: 3, rating: 1 kVA, measure: meter }
`;
const METER = "  meter: { link: air, profile: tasmota-plug, topic: meter }";

const folder = mkdtempSync(join(tmpdir(), "gridwright-beside-"));
const skip = noBox();
let box: Box;
const { done } = handsOn(() => box);
const read = (path: string): string => readFileSync(join(box.root, path.slice(1)), "utf8");
const listening = (): readonly string[] =>
  done("listening sockets", "ss", "-Hlnt")
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/)[3] ?? "");
const beyond = (): readonly string[] => listening().filter((one) => !/^(127\.0\.0\.1|\[::1\]):/.test(one));
const active = async (...units: readonly string[]): Promise<string> =>
  box
    .run("systemctl", "is-active", ...units)
    .output.trim()
    .replaceAll("\n", " ");
const passwordOf = (device: string): string =>
  (JSON.parse(read("/var/lib/gridwright/secrets/broker.json")) as Record<string, string>)[device] ?? "";
const publish = (device: string, ...more: readonly string[]) => {
  const at = ["-h", AT, "-p", "8883", "--cafile", "/etc/mosquitto/gridwright/ca.crt", "-q", "1"];
  const login = ["-i", `device-${device}`, "-u", `device-${device}`, "-P", passwordOf(`device-${device}`)];
  return box.run("mosquitto_pub", ...at, ...login, "-t", `tele/${device}/SENSOR`, ...more);
};
const stored = (): string =>
  box.run(
    ...["env", "SSL_CERT_FILE=/etc/influxdb/gridwright/ca.crt", "INFLUX_USERNAME=gridwright"],
    `INFLUX_PASSWORD=${read("/etc/gridwright/influxdb-password").trim()}`,
    ...["influx", "-ssl", "-host", "127.0.0.1", "-database", "gridwright", "-format", "csv"],
    ...["-execute", "SELECT last(value) FROM /power/"],
  ).output;

/** A reading of the meter, by TLS to mosquitto and by TLS to the database. */
const comesIn = (power: number): Promise<void> => {
  const sensor = JSON.stringify({ ENERGY: { Power: power, Voltage: 231 } });
  const both = async (): Promise<boolean> =>
    publish("meter", "-m", sensor).status === 0 && stored().includes(`,${power}`);
  return until(both, true, BACK_MS);
};

before(async () => {
  if (skip !== false) return;
  const deb = buildPackage(folder);
  box = await openBox();
  givePackages(box, "mosquitto", "mosquitto-clients", "influxdb", "influxdb-client");
  copyFileSync(deb, join(box.root, "srv", basename(deb)));
  done("install", "dpkg", "--force-unsafe-io", "-i", `/srv/${basename(deb)}`);
  done("mosquitto's clients, as peers", "apt-get", "install", "-y", "mosquitto-clients");
});
after(() => {
  box?.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("mosquitto and InfluxDB beside an installed site", { skip }, () => {
  it("one command installs both, and nothing listens beyond loopback", async () => {
    const said = done("install both", INSTALL, "--mosquitto", "--influxdb");
    assert.match(said, /mosquitto is the site's broker/);
    await until(
      () => active("mosquitto", "influxdb", "gridwright-control", "gridwright-services"),
      "active active active active",
      BACK_MS,
    );
    await until(() => active("gridwright-broker"), "inactive", BACK_MS);
    const site = read("/etc/gridwright/site.yaml");
    assert.match(site, /^broker: \{ program: mosquitto \}$/m);
    assert.match(site, /^metrics: .*https:.*caFile/m);
    assert.deepEqual(beyond(), []);
    for (const port of [1883, 8086]) assert.ok(listening().includes(`127.0.0.1:${port}`), `${port}`);
    const log = done("log", "journalctl", "--no-pager", "-o", "cat", "-u", "gridwright-control");
    assert.match(log, /connected to the broker/);
  });

  it("it may be run again: nothing is new, and no password either", () => {
    const files = ["/etc/gridwright/site.yaml", "/etc/gridwright/influxdb-password", `${PEERS[0]}/passwords`];
    const before = files.map(read);
    done("again", INSTALL, "--mosquitto", "--influxdb");
    assert.deepEqual(files.map(read), before);
  });

  it("keys and passwords are for their program's group at most, and nobody gets in without one", () => {
    const loose = done(
      "loose files",
      "find",
      ...PEERS,
      "/etc/gridwright",
      "-type",
      "f",
      "-perm",
      "/007",
      "-size",
      "+0",
    );
    const isPublic = /\/(ca\.crt|server\.crt|changed|site\.yaml)$/;
    assert.deepEqual(
      loose
        .trim()
        .split("\n")
        .filter((file) => !isPublic.test(file)),
      [],
    );
    for (const args of [
      ["mosquitto_pub", "-h", "127.0.0.1", "-t", "a", "-m", "b"],
      [
        "env",
        `SSL_CERT_FILE=${PEERS[1]}/ca.crt`,
        "influx",
        "-ssl",
        "-host",
        "127.0.0.1",
        "-execute",
        "SHOW USERS",
      ],
    ]) {
      const { status, output } = box.run(...args);
      assert.ok(status !== 0 || /unable to parse authentication|authorization failed/.test(output), output);
    }
  });
});

describe("a site that has both, opened to its devices", { skip }, () => {
  it("opened to the devices' network it speaks TLS there, which the audit notes", async () => {
    done("a network", "ip", "addr", "add", `${AT}/24`, "dev", "lo");
    writeFileSync(join(box.root, "srv/site.yaml"), SITE(METER));
    done("the site's own file", INSTALL, "--site", "/srv/site.yaml", "--mosquitto");
    await until(async () => beyond().join(), `${AT}:8883`, BACK_MS);
    await until(
      async () => read("/var/lib/gridwright/audit/audit.jsonl").includes('"did":"broker-opened"'),
      true,
      BACK_MS,
    );
    assert.match(
      read("/var/lib/gridwright/audit/audit.jsonl"),
      /"about":\{"at":"mqtts:\/\/192\.168\.77\.5:8883"\}/,
    );
  });

  it("a device's reading comes in by TLS and lies in the database by TLS", async () => {
    await comesIn(741);
  });

  it("a device that the site file got is let in after a start of services, without another command", async () => {
    const more = `${METER}\n  oven: { link: air, profile: tasmota-plug, topic: oven }`;
    writeFileSync(join(box.root, "etc/gridwright/site.yaml"), SITE(more));
    done("take it up", "systemctl", "restart", "gridwright-services");
    await until(async () => publish("oven", "-m", "{}").status, 0, BACK_MS);
  });

  it("what was taken back is renewed at once in all of them", async () => {
    const shown = () => PEERS.map((path) => read(`${path}/server.crt`));
    const before = shown();
    done("revoke", "gridwright", "tls", "revoke");
    done("start anew", "systemctl", "restart", "gridwright-services");
    await until(
      async () =>
        shown()
          .map((cert, at) => cert !== before[at])
          .join(),
      "true,true",
      BACK_MS,
    );
    await comesIn(852);
  });

  it("uninstalled, both stay closed with their data, and installed again it goes on", async () => {
    const said = done("uninstall", "dpkg", "-r", "gridwright");
    assert.match(said, /mosquitto stays as it was set up, closed/);
    assert.ok(stored().includes(",852"));
    assert.deepEqual(beyond(), [`${AT}:8883`]);
    for (const kept of [...PEERS.map((path) => `${path}/server.key`), "/etc/gridwright/influxdb-password"])
      assert.equal(box.run("test", "-s", kept).status, 0, kept);
    const deb = done("package", "sh", "-c", "ls /srv/*.deb").trim();
    done("install again", "dpkg", "--force-unsafe-io", "-i", deb);
    const renewing = PEERS.map((path) => `gridwright-renew@${path.split("/")[2]}.path`);
    await until(() => active(...renewing), "active active", BACK_MS);
    await comesIn(963);
  });
});
