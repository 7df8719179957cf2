// The embedded broker opened to the network of the devices, without TLS for those that cannot: their logins are taken there, and
// nobody else's. A second address of loopback stands for that network.
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, type TestContext, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import type { Clock } from "@gridwright/contract/clock.ts";
import type { LogFields } from "@gridwright/contract/log.ts";
import { millis } from "@gridwright/contract/units.ts";
import { type Broker, startBroker } from "@gridwright/runtime/broker/broker.ts";
import type { BrokerUser } from "@gridwright/runtime/broker/users.ts";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";
import { openTls } from "@gridwright/runtime/tls/site-tls.ts";
import mqtt from "mqtt";

const HOME = "127.0.0.1";
const AWAY = "127.0.0.2";
const host = hostClock();
/** Waits of seconds are over in a moment. */
const io: Clock = { ...host, sleep: (ms, signal) => host.sleep(millis(Math.min(ms, 15)), signal) };

const user = (name: string, rights: Partial<BrokerUser> = {}): BrokerUser => ({
  ...{ name, password: name.repeat(9), clientId: name, publish: [`tele/${name}/#`] },
  ...{ subscribe: [`cmnd/${name}/#`], ...rights },
});
const USERS = [
  user("plug", { network: "plain" }),
  user("lamp", { network: "plain" }),
  user("meter", { network: "tls" }),
  user("control"),
];

const folder = mkdtempSync(join(tmpdir(), "gridwright-network-"));
after(() => rmSync(folder, { recursive: true }));
const tls = () => openTls({ dataDir: folder, site: "Mill", name: "broker", hosts: [AWAY], io: host });

interface Rig {
  readonly broker: Broker;
  readonly told: readonly (readonly [message: string, fields: LogFields | undefined])[];
  /** "in", or the code of the CONNACK, or that nobody listens. */
  knock(address: string, name: string): Promise<string>;
}

async function rig(t: TestContext, port = 0, networkConnectionsMax = 9): Promise<Rig> {
  const told: [string, LogFields | undefined][] = [];
  const note = (message: string, fields?: LogFields): void => void told.push([message, fields]);
  const log = { info: () => undefined, warn: note, error: note };
  const limits = { networkConnectionsMax };
  const broker = await startBroker({
    ...{ port, users: USERS, siteId: "mill", io, log, limits },
    network: { address: AWAY, tlsPort: 0, tls },
  });
  t.after(() => broker.close());
  const knock = (address: string, name: string): Promise<string> => {
    const login = { username: name, password: name.repeat(9), clientId: name, reconnectPeriod: 0 };
    const client = mqtt.connect(`mqtt://${address}:${broker.port}`, login);
    t.after(() => client.end(true));
    return new Promise((resolve) => {
      client.once("connect", () => resolve("in"));
      client.once("error", (error) => resolve(String((error as { code?: unknown }).code)));
      client.once("close", () => resolve("closed"));
    });
  };
  return { broker, told, knock };
}

async function opened({ told }: Rig): Promise<LogFields | undefined> {
  for (let waited = 0; waited < 4_000; waited += 5) {
    const line = told.find(([message]) => message.includes("devices, without"));
    if (line !== undefined) return line[1];
    await wait(5);
  }
  return assert.fail("never opened");
}

test("a device comes in over its network; a login of this machine does not, right as it is", async (t) => {
  const here = await rig(t);
  assert.deepEqual(await opened(here), { host: AWAY, port: here.broker.port }, "told in the log");
  const rows = [
    [AWAY, "plug", "in"],
    [AWAY, "meter", "5"],
    [AWAY, "control", "5"],
    [HOME, "control", "in"],
    [HOME, "lamp", "in"],
  ] as const;
  for (const [address, name, then] of rows)
    assert.equal(await here.knock(address, name), then, `${name} at ${address}`);
  const why = here.told.flatMap(([message, fields]) => (message.includes("refused") ? [fields?.why] : []));
  assert.match(String(why[0]), /by TLS alone, unless the site file says plain/);
  assert.match(String(why[1]), /from this machine alone/);
});

test("an address that is not free yet costs loopback nothing, and is opened when it is", async (t) => {
  const squatter = createServer().listen(0, AWAY);
  await once(squatter, "listening");
  const here = await rig(t, (squatter.address() as AddressInfo).port);
  assert.equal(await here.knock(HOME, "control"), "in");
  await wait(60);
  squatter.close();
  await once(squatter, "close");
  await opened(here);
  assert.equal(await here.knock(AWAY, "plug"), "in");
  const failures = here.told.filter(([message]) => message.includes("is taken"));
  assert.equal(failures.length, 1, "told once, not at each attempt");
});

test("a flood from the network leaves loopback its places", async (t) => {
  const here = await rig(t, 0, 1);
  await opened(here);
  assert.equal(await here.knock(AWAY, "plug"), "in");
  assert.equal(await here.knock(AWAY, "lamp"), "closed");
  assert.equal(await here.knock(HOME, "control"), "in");
});
