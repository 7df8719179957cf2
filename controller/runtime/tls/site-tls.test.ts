// The site's own authority: phones that install it trust the page, and it lasts, is renewed and is kept as it should be.
import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, request } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { epoch } from "@gridwright/contract/units.ts";
import { testClock } from "../web/garden-fixture.ts";
import { fingerprintOf } from "./certificates.ts";
import { EARLIEST_MS, openTls, revokeTls, tlsIn } from "./site-tls.ts";

const root = mkdtempSync(join(tmpdir(), "gridwright-tls-"));
after(() => rmSync(root, { recursive: true }));
const DAY = 86_400_000;
const NOW = Date.UTC(2027, 4, 3);
const HOSTS = ["127.0.0.1", "valley.local"];
const at = (wall: number) => ({ ...testClock(), wall: () => epoch(wall) });
const open = (
  name: string,
  { wall = NOW, hosts = HOSTS }: { wall?: number; hosts?: readonly string[] } = {},
) => openTls({ dataDir: join(root, name), site: "Valle de la Peña", hosts, io: at(wall) });

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
    ...{ dataDir: join(root, "trust"), site: "Valle de la Peña", hosts: HOSTS },
    io: at(Date.now()),
  });
  const other = await openTls({
    dataDir: join(root, "other"),
    site: "Other",
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
  assert.deepEqual([told?.fingerprint, told?.hosts], [stolen.fingerprint, HOSTS]);
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

test("tls: a damaged file is an error, never a new authority", async () => {
  await open("damage");
  writeFileSync(join(root, "damage", "secrets", "tls.json"), '{"ca":{}}');
  await assert.rejects(open("damage"), { code: "data-folder-unusable" });
});
