// What cannot be told by who is gone: a control process that falls silent, and why a try of a channel was not taken.
import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Clock } from "@gridwright/contract/clock.ts";
import { topics } from "@gridwright/contract/messages.ts";
import type { AlertChannel } from "@gridwright/contract/site/alerts-spec.ts";
import { startAlerter } from "@gridwright/runtime/alerts/alerter.ts";
import { openAlerts } from "@gridwright/runtime/alerts/open-alerts.ts";
import { testDesk } from "@gridwright/runtime/people/desk-fixture.ts";
import { testBus, testClock, tickOf } from "@gridwright/runtime/web/garden-fixture.ts";
import { quietLog, siteOf } from "@gridwright/twin/testing/village.ts";
import { SMTPServer } from "smtp-server";
import { until } from "../tools/until.ts";
import { NO_OTHERS } from "./no-others.ts";

const site = (alerts: string) =>
  siteOf(`
gridwright: 1
site: { id: mill, name: Old mill }
links: { wire: { kind: modbus-rtu-tcp, host: 127.0.0.1, port: 25001 } }
devices: { m1: { link: wire, unit: 1, profile: eastron-sdm120 } }
assets: { pump: { kind: meter, name: Pump, measure: m1 } }
alerts: ${alerts}
`);
const nobody = (io: Clock) => ({ ...NO_OTHERS, io, desk: testDesk(io).desk });
const folder = (): string => mkdtempSync(join(tmpdir(), "gridwright-alerts-silence-"));
const heard: { readonly id: string; readonly event: string; readonly text: string }[] = [];
const sink = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on("data", (part: Buffer) => parts.push(part));
  request.on("end", () => {
    heard.push(JSON.parse(Buffer.concat(parts).toString()));
    response.end();
  });
});
const strict = new SMTPServer({
  ...{ disabledCommands: ["STARTTLS"], allowInsecureAuth: true, hideSTARTTLS: true },
  onAuth: (_auth, _session, done) => done(new Error("no")),
});
const portOf = (server: Pick<Server, "address">): number => (server.address() as AddressInfo).port;

before(async () => {
  await new Promise<void>((resolve) => sink.listen(0, "127.0.0.1", resolve));
  await new Promise<void>((resolve) => strict.listen(0, "127.0.0.1", resolve));
});
after(async () => {
  sink.close();
  await new Promise<void>((resolve) => strict.close(() => resolve()));
});

test("control that falls silent is told once within a minute, and once that it is heard again", async () => {
  const model = site(`{ channels: { hook: { kind: webhook, url: "http://127.0.0.1:${portOf(sink)}/" } } }`);
  const [bus, io] = [testBus(), testClock()];
  const places = { dataDir: folder(), siteFolder: folder(), more: () => [] };
  const alerter = await openAlerts({ ...nobody(io), model, bus, log: quietLog, ...places });
  const pass = async (seconds: number, isHeard: boolean): Promise<void> => {
    for (let second = 0; second < seconds; second += 1) {
      if (isHeard) bus.say(topics("mill").tick, tickOf());
      await io.move(1_000);
    }
  };
  const told = async () => heard.map(({ id, event }) => `${id} ${event}`);
  await pass(20, true);
  await pass(25, false);
  await pass(20, true);
  assert.deepEqual(await told(), [], "a restart is no news");
  await pass(58, false);
  await until(told, ["control-lost raised"]);
  assert.match(heard[0]?.text ?? "", /^The control process has not been heard for 3\d s: /);
  const withControl = async () => {
    await pass(10, true);
    return told();
  };
  await until(withControl, ["control-lost raised", "control-lost over"]);
  assert.match(heard[1]?.text ?? "", /^The control process is heard again\./);
  await alerter.close();
});

test("control that is never heard since services began is told too", async () => {
  heard.length = 0;
  const model = site(`{ channels: { hook: { kind: webhook, url: "http://127.0.0.1:${portOf(sink)}/" } } }`);
  const io = testClock();
  const places = { dataDir: folder(), siteFolder: folder(), more: () => [] };
  const alerter = await openAlerts({ ...nobody(io), model, bus: testBus(), log: quietLog, ...places });
  for (let second = 0; second < 50; second += 1) await io.move(1_000);
  await until(async () => heard.map(({ id }) => id), ["control-lost"]);
  await alerter.close();
});

test("a try that is not taken says why in one word, and no path", async () => {
  const closed = createServer();
  await new Promise<void>((resolve) => closed.listen(0, "127.0.0.1", resolve));
  const nobody = portOf(closed);
  await new Promise<void>((resolve) => closed.close(() => resolve()));
  const passwordFile = join(folder(), "password");
  writeFileSync(passwordFile, "not the password");
  const mail = (port: number): AlertChannel => ({
    ...{ kind: "email", host: "127.0.0.1", port, security: "none", from: "mill@example.org" },
    ...{ to: ["ana@example.org"], username: "mill", passwordFile },
  });
  const channels: Record<string, AlertChannel> = {
    "wrong-password": mail(portOf(strict.server)),
    "no-server": mail(nobody),
    "no-hook": { kind: "webhook", url: `http://127.0.0.1:${nobody}/` },
    "no-name": { kind: "ntfy", url: "http://nowhere.invalid/mill" },
    "no-secret": { kind: "ntfy", url: "http://127.0.0.1/mill", tokenFile: join(folder(), "gone") },
  };
  const parts = { ...NO_OTHERS, open: () => [], dataDir: folder(), io: testClock(), log: quietLog };
  const alerter = startAlerter({ model: site("{}"), channels, ...parts });
  const said: Record<string, unknown> = {};
  for (const id of Object.keys(channels)) said[id] = await alerter.test(id, "ana");
  await alerter.close();
  assert.deepEqual(said, {
    "wrong-password": { why: "answered", answered: 535 },
    "no-server": { why: "nobody" },
    "no-hook": { why: "nobody" },
    "no-name": { why: "nobody" },
    "no-secret": { why: "secret" },
  });
});
