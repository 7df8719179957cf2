// The page in the people's network: by TLS, with a cookie that never travels without it, and only where it was asked for.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { type RequestOptions, request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { joined, PASSWORD, testDesk } from "../people/desk-fixture.ts";
import { openTls, type SiteTls } from "../tls/site-tls.ts";
import { testClock } from "./garden-fixture.ts";
import { type Garden, startGarden } from "./garden-web-fixture.ts";

const ADDRESS = "127.0.0.3";
const dataDir = mkdtempSync(join(tmpdir(), "gridwright-secure-"));
const io = testClock();
const real = { ...io, wall: () => Date.now() as ReturnType<typeof io.wall> };
const { desk } = testDesk(io);
let tls: SiteTls;
let garden: Garden;
before(async () => {
  tls = await openTls({ dataDir, name: "page", site: "Garden", hosts: [ADDRESS], io: real });
  garden = await startGarden({
    io,
    desk,
    demo: false,
    lan: { address: ADDRESS, port: 0, tls: async () => tls },
  });
  await joined(desk, "admin");
});
after(async () => {
  await garden.close();
  rmSync(dataDir, { recursive: true });
});

interface Got {
  readonly status: number | undefined;
  readonly cookie: string;
  readonly text: string;
}

const ask = (path: string, options: RequestOptions = {}, body = "") =>
  new Promise<Got>((resolve, reject) => {
    const place = { host: ADDRESS, port: garden.securePort, path, ca: tls.authority };
    const asking = request({ ...place, ...options }, (answer) => {
      let text = "";
      answer.on("data", (chunk) => {
        text += chunk;
      });
      answer.on("end", () =>
        resolve({ status: answer.statusCode, cookie: String(answer.headers["set-cookie"]), text }),
      );
    });
    asking.on("error", reject);
    asking.end(body);
  });

test("secure: who trusts the site's authority signs in, and the cookie stays on TLS", async () => {
  const body = JSON.stringify({ login: "admin-x", password: PASSWORD });
  const headers = { "content-type": "application/json", origin: `https://${ADDRESS}:${garden.securePort}` };
  const { status, cookie } = await ask("/api/v1/session", { method: "POST", headers }, body);
  assert.equal(status, 204);
  assert.match(cookie, /HttpOnly; Secure; SameSite=Strict/);
  const site = await ask("/api/v1/site", { headers: { cookie: cookie.split(";")[0] } });
  assert.equal(site.status, 200);
  assert.equal((await ask("/api/v1/site")).status, 401);
});

test("secure: the authority can be fetched, and holds no key", async () => {
  const { status, text } = await ask("/ca.crt");
  assert.equal(status, 200);
  assert.equal(text, tls.authority);
  assert.doesNotMatch(text, /PRIVATE/);
});

test("secure: plain HTTP gets nothing there", async () => {
  await assert.rejects(
    fetch(`http://${ADDRESS}:${garden.securePort}/`, { signal: AbortSignal.timeout(5_000) }),
  );
});

test("secure: a new certificate is shown without a restart", async () => {
  const before = tls;
  tls = {
    ...before,
    server: (await openTls({ dataDir, name: "page", site: "Garden", hosts: [ADDRESS, "x.local"], io: real }))
      .server,
  };
  await io.move(600_000 + 300);
  assert.equal((await ask("/ca.crt", { servername: "x.local", agent: false })).status, 200);
});

test("secure: an address that is not this machine's is named", async () => {
  const lan = { address: "192.0.2.77", port: 0, tls: async () => tls };
  await assert.rejects(startGarden({ demo: false, lan }), {
    code: "port-in-use",
    message: /192\.0\.2\.77:0/,
  });
});

test("secure: on loopback alone there is no authority to fetch", async () => {
  const alone = await startGarden({ demo: false });
  assert.equal((await alone.get("/ca.crt")).status, 404);
  await alone.close();
});
