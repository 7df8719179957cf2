// The site's own authority: phones that install it trust the page, and it lasts, is renewed and is kept as it should be.
import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, request } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { epoch } from "@gridwright/contract/units.ts";
import { testClock } from "../web/garden-fixture.ts";
import { fingerprintOf } from "./certificates.ts";
import { EARLIEST_MS, keepServers, openTls, revokeTls, type TlsServer, tlsIn } from "./site-tls.ts";

const root = mkdtempSync(join(tmpdir(), "gridwright-tls-"));
after(() => rmSync(root, { recursive: true }));
const DAY = 86_400_000;
const NOW = Date.UTC(2027, 4, 3);
const HOSTS = ["127.0.0.1", "valley.local"];
const at = (wall: number) => ({ ...testClock(), wall: () => epoch(wall) });
const open = (
  name: string,
  {
    wall = NOW,
    hosts = HOSTS,
    server = "page",
  }: { wall?: number; hosts?: readonly string[]; server?: TlsServer } = {},
) => openTls({ dataDir: join(root, name), site: "Valle de la Peña", name: server, hosts, io: at(wall) });

/** What a client that trusts only `ca` meets at `host`. */
const meet = (port: number, servername: string, ca: string) =>
  new Promise<string>((resolve) => {
    const asking = request({ host: "127.0.0.1", port, servername, ca, method: "GET" }, (answer) =>
      resolve(String(answer.statusCode)),
    );
    asking.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    asking.end();
  });

test("tls: who installed the authority trusts the page by address and by name, and no other name", async () => {
  const { server, authority } = await openTls({
    ...{ dataDir: join(root, "trust"), site: "Valle de la Peña", name: "page", hosts: HOSTS },
    io: at(Date.now()),
  });
  const other = await openTls({
    dataDir: join(root, "other"),
    ...{ site: "Other", name: "page" },
    hosts: HOSTS,
    io: at(Date.now()),
  });
  const running = createServer(server, (_request, response) => response.writeHead(204).end());
  await new Promise<void>((done) => running.listen(0, "127.0.0.1", done));
  const { port } = running.address() as AddressInfo;
  assert.equal(await meet(port, "", authority), "204");
  assert.equal(await meet(port, "valley.local", authority), "204");
  assert.equal(await meet(port, "bank.example", authority), "ERR_TLS_CERT_ALTNAME_INVALID");
  assert.match(await meet(port, "valley.local", other.authority), /UNABLE_TO_VERIFY|SELF_SIGNED|SIGNATURE/);
  running.closeAllConnections();
  await new Promise((done) => running.close(done));
});

test("tls: an authority signs only for itself, a server signs nothing", async () => {
  const { server, authority, fingerprint } = await open("shape");
  const ca = new X509Certificate(authority);
  const leaf = new X509Certificate(server.cert);
  assert.deepEqual([ca.ca, leaf.ca], [true, false]);
  assert.ok(leaf.checkIssued(ca) && leaf.verify(ca.publicKey));
  assert.match(ca.subject, /Valle de la Peña/);
  assert.equal(fingerprint, ca.fingerprint256);
  assert.equal(leaf.subjectAltName, "IP Address:127.0.0.1, DNS:valley.local");
  assert.equal(statSync(join(root, "shape", "secrets", "tls.json")).mode & 0o777, 0o600);
});

test("tls: is kept, renewed in its last month, and made anew for another address by the same authority", async () => {
  const first = await open("life");
  assert.deepEqual(await open("life", { wall: NOW + 300 * DAY }), first);
  const renewed = await open("life", { wall: NOW + 370 * DAY });
  assert.notEqual(renewed.server.cert, first.server.cert);
  assert.equal(renewed.fingerprint, first.fingerprint);
  assert.ok(Date.parse(new X509Certificate(renewed.server.cert).validTo) > NOW + 760 * DAY);
  const moved = await open("life", { wall: NOW + 370 * DAY, hosts: ["10.0.7.2", ...HOSTS] });
  assert.notEqual(moved.server.cert, renewed.server.cert);
  assert.equal(moved.fingerprint, first.fingerprint);
  const old = await open("life", { wall: NOW + 3_300 * DAY });
  assert.notEqual(
    old.fingerprint,
    first.fingerprint,
    "an authority that ends within its last year is replaced",
  );
});

test("tls: what a clock in 1970 makes is valid when the clock is right", async () => {
  const { server, authority } = await open("past", { wall: 7_000 });
  for (const pem of [server.cert, authority]) {
    const { validFrom, validTo } = new X509Certificate(pem);
    assert.ok(Date.parse(validFrom) < EARLIEST_MS && Date.parse(validTo) > EARLIEST_MS + 390 * DAY);
  }
  assert.match(fingerprintOf(authority), /^(?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/);
});

test("tls: what is taken back is worth nothing to who installed what came after", async () => {
  const stolen = await open("revoked", { wall: Date.now() });
  const told = await tlsIn(join(root, "revoked"));
  assert.deepEqual(
    [told?.fingerprint, told?.servers.map(({ hosts }) => hosts)],
    [stolen.fingerprint, [HOSTS]],
  );
  assert.equal((await revokeTls(join(root, "revoked")))?.fingerprint, stolen.fingerprint);
  assert.equal(await tlsIn(join(root, "revoked")), undefined);
  const fresh = await open("revoked", { wall: Date.now() });
  const thief = createServer(stolen.server, (_request, response) => response.writeHead(204).end());
  await new Promise<void>((done) => thief.listen(0, "127.0.0.1", done));
  const { port } = thief.address() as AddressInfo;
  assert.equal(await meet(port, "valley.local", stolen.authority), "204");
  assert.match(await meet(port, "valley.local", fresh.authority), /UNABLE_TO_VERIFY|SELF_SIGNED|SIGNATURE/);
  thief.closeAllConnections();
  await new Promise((done) => thief.close(done));
});

test("tls: page, broker and database have a certificate each, by one authority, whoever comes first", async () => {
  const wall = NOW;
  const [broker, page, again] = await Promise.all([
    open("side-by-side", { wall, hosts: ["10.0.7.2"], server: "broker" }),
    open("side-by-side", { wall }),
    open("side-by-side", { wall, hosts: ["10.0.7.2"], server: "broker" }),
  ]);
  assert.equal(broker.authority, page.authority);
  assert.deepEqual(again, broker);
  assert.notEqual(broker.server.key, page.server.key);
  const late = await open("side-by-side", { wall: NOW + 370 * DAY, server: "page" });
  assert.notEqual(late.server.cert, page.server.cert);
  const names = async () =>
    (await tlsIn(join(root, "side-by-side")))?.servers.map(({ name, hosts }) => `${name} ${hosts}`);
  assert.deepEqual(await names(), [`page ${HOSTS}`, "broker 10.0.7.2"]);
  assert.deepEqual(await open("side-by-side", { wall, hosts: ["10.0.7.2"], server: "broker" }), broker);
  await keepServers(join(root, "side-by-side"), ["page", "influxdb"]);
  assert.deepEqual(await names(), [`page ${HOSTS}`], "what nobody shows is forgotten");
});

test("tls: a file from before there were others than the page is read as it is", async () => {
  const { server, authority } = await open("before");
  const file = join(root, "before", "secrets", "tls.json");
  const { ca } = JSON.parse(readFileSync(file, "utf8"));
  writeFileSync(file, JSON.stringify({ ca, server, hosts: HOSTS }));
  const now = await open("before");
  assert.deepEqual([now.server, now.authority], [server, authority]);
});

test("tls: a damaged file is an error, never a new authority", async () => {
  await open("damage");
  writeFileSync(join(root, "damage", "secrets", "tls.json"), '{"ca":{}}');
  await assert.rejects(open("damage"), { code: "data-folder-unusable" });
});
