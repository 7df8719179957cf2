// Alerts to real sinks: a mail server, an HTTP server that takes webhooks and what ntfy takes. One alert, one recovery, nothing
// twice, no secret in what is logged.
import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";
import type { Alarm } from "@gridwright/contract/alarms.ts";
import type { AlertChannel } from "@gridwright/contract/site/alerts-spec.ts";
import { epoch } from "@gridwright/contract/units.ts";
import { type Alerter, startAlerter } from "@gridwright/runtime/alerts/alerter.ts";
import { testClock } from "@gridwright/runtime/web/garden-fixture.ts";
import { siteOf } from "@gridwright/twin/testing/village.ts";
import { SMTPServer } from "smtp-server";
import { until } from "../tools/until.ts";
import { NO_OTHERS } from "./no-others.ts";

const TOKEN = "tk-8f3a51c7";
const PASSWORD = "sesame-4711";
const model = siteOf(`
gridwright: 1
site: { id: mill, name: Old mill }
links: { wire: { kind: modbus-rtu-tcp, host: 127.0.0.1, port: 25001 } }
devices: { m1: { link: wire, unit: 1, profile: eastron-sdm120 } }
assets: { pump: { kind: meter, name: Pump, measure: m1 } }
alerts: { language: es }
`);
const LOST: Alarm = {
  ...{ id: "device-lost/m1", severity: "warning", raisedAt: epoch(1_790_000_000_000) },
  reason: { code: "alarm-device-lost", params: { device: "m1", sinceMs: 31_000, why: "timeout" } },
};

interface Heard {
  readonly url: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

describe("an alarm leaves by every channel", () => {
  const heard: Heard[] = [];
  const mails: { readonly to: readonly string[]; readonly text: string }[] = [];
  const logged: string[] = [];
  const note = (message: string, fields: object = {}): void =>
    void logged.push(`${message} ${JSON.stringify(fields)}`);
  const log = { info: note, warn: note, error: note };
  let broken = false;
  const http = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      if (!broken)
        heard.push({
          url: request.url ?? "",
          headers: request.headers,
          body: Buffer.concat(parts).toString(),
        });
      response.writeHead(broken ? 503 : 200).end();
    });
  });
  const smtp = new SMTPServer({
    ...{ disabledCommands: ["STARTTLS"], allowInsecureAuth: true, hideSTARTTLS: true },
    onAuth: ({ username, password }, _session, done) =>
      username === "mill" && password === PASSWORD ? done(null, { user: "mill" }) : done(new Error("no")),
    onData: (stream, session, done) => {
      const parts: Buffer[] = [];
      stream.on("data", (part: Buffer) => parts.push(part));
      stream.on("end", () => {
        const to = session.envelope.rcptTo.map(({ address }) => address);
        mails.push({ to, text: Buffer.concat(parts).toString() });
        done();
      });
    },
  });
  let channels: Record<string, AlertChannel>;
  before(async () => {
    const folder = mkdtempSync(join(tmpdir(), "gridwright-alerts-"));
    const [tokenFile, passwordFile] = [join(folder, "token"), join(folder, "password")];
    writeFileSync(tokenFile, `${TOKEN}\n`);
    writeFileSync(passwordFile, `${PASSWORD}\n`);
    await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
    await new Promise<void>((resolve) => smtp.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
    const { port } = smtp.server.address() as AddressInfo;
    channels = {
      hook: { kind: "webhook", url: `${url}/hook`, tokenFile },
      phone: { kind: "ntfy", url: `${url}/mill`, tokenFile },
      mail: {
        ...{ kind: "email", host: "127.0.0.1", port, security: "none", from: "mill@example.org" },
        ...{ to: ["ana@example.org", "ben@example.org"], username: "mill", passwordFile },
      },
    };
  });
  after(async () => {
    http.close();
    await new Promise<void>((resolve) => smtp.close(() => resolve()));
  });
  beforeEach(() => {
    heard.length = 0;
    mails.length = 0;
    broken = false;
  });

  /** An alerter whose time moves by the second; `open` says what is open in each. */
  async function watched(dataDir: string, open: () => readonly Alarm[]) {
    const io = testClock();
    const alerter: Alerter = startAlerter({ ...NO_OTHERS, model, channels, open, dataDir, io, log });
    const pass = async (seconds: number): Promise<void> => {
      for (let second = 0; second < seconds; second += 1) await io.move(1_000);
    };
    return { alerter, pass };
  }
  const count = async () => [heard.length, mails.length];
  const folder = (): string => mkdtempSync(join(tmpdir(), "gridwright-alerts-data-"));

  test("one alert to each within a minute, one recovery after, and none again after a restart", async () => {
    let open: readonly Alarm[] = [LOST];
    const dataDir = folder();
    const first = await watched(dataDir, () => open);
    await first.pass(40);
    await until(count, [2, 1]);
    const [hook, phone] = [
      heard.find(({ url }) => url === "/hook"),
      heard.find(({ url }) => url === "/mill"),
    ];
    assert.equal(hook?.headers.authorization, `Bearer ${TOKEN}`);
    const { event, id, severity, site } = JSON.parse(hook?.body ?? "{}");
    assert.deepEqual([event, id, severity, site], ["raised", LOST.id, "warning", "Old mill"]);
    assert.match(phone?.body ?? "", /M1 no responde desde hace 31 s/);
    assert.equal(phone?.headers.priority, "4");
    assert.deepEqual(mails[0]?.to, ["ana@example.org", "ben@example.org"]);
    assert.match(mails[0]?.text ?? "", /^Subject: .*Aviso|^Subject: =\?UTF-8\?/m);
    await first.alerter.close();
    const second = await watched(dataDir, () => open);
    await second.pass(60);
    open = [];
    await second.pass(130);
    await until(count, [4, 2]);
    assert.deepEqual(
      heard
        .slice(2)
        .map(({ url }) => url)
        .sort(),
      ["/hook", "/mill"],
    );
    assert.equal(JSON.parse(heard.findLast(({ url }) => url === "/hook")?.body ?? "{}").event, "over");
    await second.alerter.close();
  });
  test("flapping brings one, not fifty", async () => {
    let second = 0;
    const { alerter, pass } = await watched(folder(), () => (second % 8 < 2 ? [LOST] : []));
    for (; second < 400; second += 1) await pass(1);
    await until(count, [2, 1]);
    await alerter.close();
    assert.deepEqual([heard.length, mails.length], [2, 1]);
  });
  test("a channel that is down is tried again and delays no other", async () => {
    broken = true;
    const { alerter, pass } = await watched(folder(), () => [LOST]);
    await pass(30);
    await until(count, [0, 1]);
    await until(async () => logged.some((line) => line.includes("it answered 503")), true);
    broken = false;
    await pass(80);
    await until(count, [2, 1]);
    await alerter.close();
  });
  test("each channel can be tried; why it did not arrive is said, and no secret is logged", async () => {
    const { alerter } = await watched(folder(), () => []);
    for (const id of Object.keys(channels)) assert.equal(await alerter.test(id, "ana"), undefined, id);
    assert.deepEqual([heard.length, mails.length], [2, 1]);
    broken = true;
    assert.deepEqual(await alerter.test("hook", "ana"), { why: "answered", answered: 503 });
    await assert.rejects(alerter.test("fax", "ana"), /no channel fax/);
    await alerter.close();
    assert.ok(!logged.join("\n").includes(TOKEN) && !logged.join("\n").includes(PASSWORD));
  });
});
