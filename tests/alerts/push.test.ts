// Web push as a browser and its maker's server see it: what arrives is opened with the browser's own key, who sent it is proven
// by the site's, and what the server says is gone is forgotten.
import assert from "node:assert/strict";
import { createPublicKey, type KeyObject, verify } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Alarm } from "@gridwright/contract/alarms.ts";
import { epoch } from "@gridwright/contract/units.ts";
import { exportOf, removeAccount } from "@gridwright/runtime/people/changes.ts";
import { browsersOf } from "@gridwright/runtime/people/pushes.ts";
import { endSessions } from "@gridwright/runtime/people/sessions.ts";
import { statusOf } from "@gridwright/runtime/web/garden-fixture.ts";
import { until } from "../tools/until.ts";
import { Mill, PushServer } from "./push-mill.ts";

const server = new PushServer();
const { arrived, paths } = server;
before(() => server.start());
after(() => server.close());

const opening = async () => {
  arrived.length = 0;
  server.answers = 201;
  return Mill.open(server);
};
const LOST: Alarm = {
  ...{ id: "grid-lost/line", severity: "critical", raisedAt: epoch(1_790_000_000_000) },
  reason: { code: "alarm-grid-lost", params: {} },
};

/** The key that a browser was given, as OpenSSL takes it. */
function keyOf(publicKey: string): KeyObject {
  const point = Buffer.from(publicKey, "base64url");
  const part = (from: number, to: number): string => point.subarray(from, to).toString("base64url");
  return createPublicKey({
    format: "jwk",
    key: { kty: "EC", crv: "P-256", x: part(1, 33), y: part(33, 65) },
  });
}

test("push: technicians hear what counts for the channel, sealed for their browser, and that it is over", async () => {
  const { mill, alerter } = await opening();
  mill.raise({ ...LOST, id: "device-lost/m1", severity: "warning" });
  mill.raise(LOST);
  await mill.pass(30);
  await until(paths, ["/push/technician"]);
  assert.deepEqual(mill.readBy("technician"), {
    ...{
      title: "Urgent · Old mill",
      text: "The public grid is gone.",
      tag: "grid-lost/line",
      at: LOST.raisedAt,
    },
  });
  const [first] = arrived;
  assert.ok(!first?.body.toString("latin1").includes("grid"), "nobody in between reads it");
  assert.deepEqual(
    [first?.headers["content-encoding"], first?.headers.urgency, first?.headers.ttl],
    ["aes128gcm", "high", "14400"],
  );
  mill.raise(LOST, "cleared");
  await mill.pass(125);
  await until(paths, ["/push/technician", "/push/technician"]);
  assert.equal(mill.readBy("technician").text, "The public grid is back.");
  assert.equal(first?.headers.topic, arrived[1]?.headers.topic, "one takes the place of the other");
  await alerter.close();
});

test("push: the site proves who it is by its own key, made once and for its owner's eyes only", async () => {
  const { mill, alerter } = await opening();
  mill.raise(LOST);
  await mill.pass(10);
  await until(paths, ["/push/technician"]);
  const [, token = "", key = ""] =
    /^vapid t=(\S+), k=(\S+)$/.exec(String(arrived[0]?.headers.authorization)) ?? [];
  assert.equal(key, alerter.push?.publicKey);
  const [head = "", claims = "", signature = ""] = token.split(".");
  const isRight = (text: string): boolean =>
    verify(
      "sha256",
      Buffer.from(text),
      { key: keyOf(key), dsaEncoding: "ieee-p1363" },
      Buffer.from(signature, "base64url"),
    );
  assert.deepEqual([isRight(`${head}.${claims}`), isRight(`${head}.${claims}A`)], [true, false]);
  const { aud, sub, exp } = JSON.parse(Buffer.from(claims, "base64url").toString());
  assert.deepEqual([aud, sub], [server.origin, "mailto:ana@example.org"]);
  const ahead = exp * 1_000 - mill.io.wall();
  assert.ok(ahead > 3_600_000 && ahead < 24 * 3_600_000, `${ahead}`);
  await alerter.close();
  const file = join(mill.dataDir, "secrets", "push-key.json");
  assert.equal(statSync(file).mode & 0o777, 0o600);
  const before = readFileSync(file, "utf8");
  const again = await mill.alerter();
  assert.deepEqual([again.push?.publicKey, readFileSync(file, "utf8")], [key, before]);
  await again.close();
});

test("push: a home hears what was switched off there and why, in its own language; another home does not", async () => {
  const { mill, alerter } = await opening();
  const off = statusOf({
    ...{ on: false, wanted: false, shed: true, rule: "ladder" },
    reason: { code: "ladder-soc", params: { socRatio: 0.39, belowRatio: 0.4, step: "heaters" } },
  });
  await mill.pass(25, { "inn-heater": off });
  await until(paths, ["/push/inn"]);
  assert.equal(
    mill.readBy("inn").text,
    "Apagado en casa por falta de energía: Water heater. La batería estaba al 39 %, por debajo del 40 % donde empieza «heaters».",
  );
  await mill.pass(125, { "inn-heater": statusOf() });
  await until(paths, ["/push/inn", "/push/inn"]);
  assert.equal(mill.readBy("inn").text, "Vuelve a haber energía en casa para: Water heater.");
  await alerter.close();
});

test("push: what its server says is gone is forgotten; what it cannot take now is tried again", async () => {
  const { mill, alerter } = await opening();
  server.answers = 503;
  mill.raise(LOST);
  await mill.pass(8);
  await until(paths, ["/push/technician"]);
  server.answers = 410;
  await mill.pass(14);
  await until(paths, ["/push/technician", "/push/technician"]);
  await until(async () => browsersOf(mill.desk, "site").length, 0);
  await mill.pass(200);
  assert.equal(arrived.length, 2);
  await alerter.close();
});

test("push: the button tells one's own browsers; who has none is told so", async () => {
  const { mill, alerter } = await opening();
  const technician = mill.idOf("technician");
  assert.equal(await alerter.test("phones", technician), undefined);
  assert.equal(mill.readBy("technician").text, "This is a try. Alarms of the site come this way.");
  assert.deepEqual(await alerter.test("phones", "person-9"), { why: "no-browser" });
  server.answers = 403;
  assert.deepEqual(await alerter.test("phones", technician), { why: "answered", answered: 403 });
  await alerter.close();
});

test("push: it ends with the account, with a sign-out everywhere, and with the role; a copy of it is the owner's", async () => {
  const { mill, alerter } = await opening();
  const [inn, technician] = [mill.idOf("inn"), mill.idOf("technician")];
  assert.match(
    JSON.stringify(await exportOf(mill.desk, inn)),
    new RegExp(`"endpoint":"${server.origin}/push/inn"`),
  );
  const who = (audience: Parameters<typeof browsersOf>[1]) =>
    browsersOf(mill.desk, audience).map(({ account }) => account);
  assert.deepEqual([who("site"), who({ home: "inn" })], [[technician], [inn]]);
  await endSessions(mill.desk, technician);
  await removeAccount(mill.desk, { by: inn, id: inn });
  assert.deepEqual([who("site"), who({ home: "inn" })], [[], []]);
  assert.deepEqual(
    mill.desk.kept.now().pushes.map(({ account }) => account),
    [mill.idOf("forge")],
  );
  await alerter.close();
});
