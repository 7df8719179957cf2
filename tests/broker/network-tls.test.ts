// The embedded broker in the network of the devices, by TLS: openssl and mosquitto's own clients, which know the site's authority and
// nothing else, are the peers. A second address of loopback stands for that network.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { epoch } from "@gridwright/contract/units.ts";
import { type Broker, startBroker } from "@gridwright/runtime/broker/broker.ts";
import type { BrokerUser } from "@gridwright/runtime/broker/users.ts";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";
import { openTls } from "@gridwright/runtime/tls/site-tls.ts";
import { testClock } from "@gridwright/runtime/web/garden-fixture.ts";
import mqtt from "mqtt";
import { needs } from "../tools/needs.ts";
import { until } from "../tools/until.ts";

const run = promisify(execFile);
const AWAY = "127.0.0.2";
const DAY_MS = 86_400_000;
const real = hostClock();
let wall = real.wall();
const clock = { ...testClock(), wall: () => wall };
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };

const meter: BrokerUser = {
  ...{ name: "device-meter", password: "nine copper kettles", clientId: "device-meter", network: "tls" },
  ...{ publish: ["tele/meter/#"], subscribe: ["cmnd/meter/#"] },
};
const control: BrokerUser = {
  ...{ name: "control", password: "seven tin drums", publish: ["cmnd/meter/#"], subscribe: ["tele/meter/#"] },
};

const folder = mkdtempSync(join(tmpdir(), "gridwright-network-tls-"));
const tlsOf = (dataDir: string) =>
  openTls({ dataDir, site: "Mill", name: "broker", hosts: [AWAY, "mill.local"], io: clock });
let broker: Broker;
let [ours, strange] = ["", ""];

interface Ended {
  readonly code: number;
  readonly text: string;
}
const ended = (command: string, args: readonly string[], input = ""): Promise<Ended> => {
  const child = run(command, args, { timeout: 10_000 });
  child.child.stdin?.end(input);
  return child.then(
    ({ stdout, stderr }) => ({ code: 0, text: stdout + stderr }),
    (error: { code: number; stdout: string; stderr: string }) => ({
      ...{ code: error.code, text: error.stdout + error.stderr },
    }),
  );
};

const handshake = (...more: readonly string[]): Promise<Ended> =>
  ended("openssl", ["s_client", "-connect", `${AWAY}:${broker.tlsPort()}`, ...more]);
const TRUSTING = ["-verify_return_error", "-CAfile"];

const pub = (ca: string, { name, password }: BrokerUser): Promise<Ended> => {
  const at = [
    "-h",
    AWAY,
    "-p",
    `${broker.tlsPort()}`,
    "--cafile",
    ca,
    "-i",
    name,
    "-u",
    name,
    "-P",
    password,
  ];
  return ended("mosquitto_pub", [...at, "-q", "1", "-t", "tele/meter/SENSOR", "-m", '{"power":1374}']);
};

describe("the broker by TLS", { skip: needs("openssl", "mosquitto-clients") }, () => {
  before(async () => {
    for (const [name, path] of [
      ["ours", folder],
      ["strange", join(folder, "strange")],
    ] as const)
      writeFileSync(join(folder, `${name}.pem`), (await tlsOf(path)).authority);
    [ours, strange] = [join(folder, "ours.pem"), join(folder, "strange.pem")];
    broker = await startBroker({
      ...{ port: 0, users: [meter, control], siteId: "mill", io: clock, log },
      network: { address: AWAY, tlsPort: 0, tls: () => tlsOf(folder) },
    });
    await until(async () => broker.tlsPort() !== undefined, true);
  });
  after(async () => {
    await broker?.close();
    rmSync(folder, { recursive: true });
  });

  it("openssl believes it by address and by name for the site's authority, and for no other", async () => {
    for (const more of [
      [...TRUSTING, ours, "-verify_ip", AWAY],
      [...TRUSTING, ours, "-verify_hostname", "mill.local"],
    ]) {
      const { code, text } = await handshake(...more);
      assert.equal(code, 0, text);
      assert.match(text, /TLSv1\.[23]/);
      assert.match(text, /Verification: OK/);
    }
    assert.notEqual((await handshake(...TRUSTING, strange)).code, 0);
    assert.notEqual((await handshake(...TRUSTING, ours, "-verify_hostname", "bank.example")).code, 0);
    assert.notEqual((await handshake(...TRUSTING, ours, "-tls1_1", "-cipher", "ALL:@SECLEVEL=0")).code, 0);
  });

  it("mosquitto_pub's reading passes; a wrong authority, or a login of this machine, does not", async () => {
    const hearing = await mqtt.connectAsync(`mqtt://127.0.0.1:${broker.port}`, {
      ...{ username: "control", password: control.password, reconnectPeriod: 0 },
    });
    const heard: string[] = [];
    hearing.on("message", (topic, payload) => heard.push(`${topic} ${payload}`));
    await hearing.subscribeAsync("tele/meter/#");
    const { code, text } = await pub(ours, meter);
    assert.equal(code, 0, text);
    await until(async () => heard.length, 1);
    assert.deepEqual(heard, ['tele/meter/SENSOR {"power":1374}']);
    const failed = broker.stats().refused.handshake;
    assert.notEqual((await pub(strange, meter)).code, 0);
    await until(async () => broker.stats().refused.handshake > failed, true);
    assert.notEqual((await pub(ours, control)).code, 0);
    await hearing.endAsync(true);
    assert.equal(heard.length, 1);
  });

  it("without a plain device nothing there answers without TLS", async () => {
    const outcome = (port: number): Promise<string> =>
      new Promise((resolve) => {
        const socket = connect(port, AWAY, () =>
          socket.write(Buffer.from("101000044d5154540402003c000474657374", "hex")),
        );
        socket.on("data", (bytes) => resolve(`answered ${bytes.toString("hex")}`));
        socket.on("error", () => resolve("error"));
        socket.on("close", () => resolve("closed"));
      });
    assert.equal(await outcome(broker.port), "error", "that port is open on loopback alone");
    assert.match(await outcome(broker.tlsPort() ?? 0), /^(closed|answered 15)/, "an alert of TLS at most");
  });

  it("shows its new certificate without a restart", async () => {
    const serial = async (): Promise<string> =>
      /serial=(\w+)/.exec(
        (await ended("openssl", ["x509", "-noout", "-serial"], (await handshake()).text)).text,
      )?.[1] ?? assert.fail("no certificate");
    const first = await serial();
    wall = epoch(wall + 370 * DAY_MS);
    await clock.move(600_000);
    await until(async () => (await serial()) !== first, true);
  });
});
