// A foreign page in the browser of somebody who is signed in as an admin: forms, fetch with credentials, beacons, pictures, frames,
// event streams and sockets against the site's API. One lies on another site; the other on the very host, at another port, to
// which a browser sends the cookie along. Nothing is done, nothing is read, and what came with the cookie is in the audit.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, it } from "node:test";
import { joined, PASSWORD, testDesk } from "@gridwright/runtime/people/desk-fixture.ts";
import { testClock } from "@gridwright/runtime/web/garden-fixture.ts";
import { type Garden, startGarden } from "@gridwright/runtime/web/garden-web-fixture.ts";
import type { Browser, Page } from "playwright-core";
import { needs } from "../tools/needs.ts";
import { launch } from "./browser.ts";

const skip = needs("chromium");
const HOLD = JSON.stringify({ kind: "hold", asset: "kettle", why: "a joke" });
const NEW_TOKEN = JSON.stringify({ name: "mine", scopes: ["read", "request"], days: 30 });
/** Somebody else's account, so that what the victim does next is seen there. */
const SIGN_IN = JSON.stringify({ login: "admin-x", password: PASSWORD });
const CHANGES = [
  ["/api/v1/requests", HOLD],
  ["/api/v1/tokens", NEW_TOKEN],
  ["/api/v1/session", SIGN_IN],
] as const;

const clock = testClock();
const { desk, deeds } = testDesk(clock, ["anna"]);
const reached: unknown[] = [];
let garden: Garden;
let target: string;
let session: string;
let stranger: Server;
let browser: Browser;

before(async () => {
  if (skip) return;
  garden = await startGarden({
    ...{ io: clock, desk, demo: false },
    control: async (ask) => {
      reached.push(ask);
      return {
        id: "r-1",
        issuer: "services",
        outcome: "accepted",
        reason: { code: "answer-accepted", params: {} },
      };
    },
  });
  target = new URL((await garden.get("/api/v1/me")).url).origin;
  session = await joined(desk, "admin");
  stranger = createServer((_request, response) =>
    response.setHeader("content-type", "text/html").end("<!doctype html><title>cats</title><body>cats"),
  );
  stranger.listen(0, "127.0.0.1");
  await once(stranger, "listening");
  browser = await launch();
});
after(async () => {
  await browser?.close();
  stranger?.close();
  await garden?.close();
});

/** A page at `origin` in a browser that is signed in to the site. */
async function openPage(origin: string): Promise<Page> {
  const context = await browser.newContext();
  const cookie = { name: "gridwright-session", value: session, url: target };
  await context.addCookies([{ ...cookie, httpOnly: true, sameSite: "Strict" }]);
  const page = await context.newPage();
  await page.goto(origin);
  return page;
}

/** Runs in the page: each way to reach the site; gives what could be read of its answers. */
const ATTACK = `async ({ target, changes }) => {
  const read = [];
  const patience = (promise) => Promise.race([promise, new Promise((done) => setTimeout(done, 3000))]);
  const look = async (what, init) => {
    const answer = await fetch(target + what, { credentials: "include", ...init });
    const text = await answer.text();
    if (answer.type !== "opaque" && text !== "") read.push(what + ": " + text.slice(0, 80));
  };
  const never = (doing) => patience(doing).catch(() => undefined);
  const form = (path, body, enctype) => patience(new Promise((done) => {
    const frame = document.createElement("iframe");
    frame.name = "f" + Math.random();
    document.body.append(frame);
    const form = document.createElement("form");
    Object.assign(form, { method: "POST", action: target + path, enctype, target: frame.name });
    const field = document.createElement("input");
    // Sent as text/plain this is JSON.
    field.name = body.slice(0, -1) + ',"x":"';
    field.value = '"}';
    form.append(field);
    document.body.append(form);
    frame.addEventListener("load", done);
    form.submit();
  }));
  for (const [path, body] of changes) {
    for (const enctype of ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"])
      await form(path, body, enctype);
    for (const type of ["text/plain", "application/json"])
      for (const mode of ["no-cors", "cors"])
        await never(look(path, { method: "POST", mode, body, headers: { "content-type": type } }));
    navigator.sendBeacon(target + path, new Blob([body], { type: "text/plain" }));
  }
  for (const path of ["/api/v1/session", "/api/v1/sessions", "/api/v1/requests"])
    for (const method of ["PUT", "DELETE", "PATCH"]) await never(look(path, { method, body: "{}" }));
  for (const path of ["/api/v1/me", "/api/v1/state", "/api/v1/accounts", "/metrics"]) {
    await never(look(path));
    await never(new Promise((done) => {
      const image = new Image();
      image.onload = () => done(read.push("a picture of " + path));
      image.onerror = done;
      image.src = target + path;
    }));
  }
  await never(new Promise((done) => {
    const events = new EventSource(target + "/api/v1/events", { withCredentials: true });
    events.onmessage = ({ data }) => done(read.push("an event: " + data));
    events.onopen = () => done(read.push("a stream of events"));
    events.onerror = () => done(events.close());
  }));
  for (const path of ["/flows/comms", "/api/v1/events"])
    await never(new Promise((done) => {
      const socket = new WebSocket(target.replace("http", "ws") + path);
      socket.onopen = () => done(read.push("a socket to " + path));
      socket.onerror = done;
      socket.onclose = done;
    }));
  const shown = document.createElement("iframe");
  shown.src = target + "/";
  document.body.append(shown);
  await patience(new Promise((done) => shown.addEventListener("load", done)));
  try { if (shown.contentDocument?.body.textContent) read.push("a frame: " + shown.contentDocument.body.textContent); } catch {}
  return read;
}`;

const attack = (page: Page): Promise<readonly string[]> =>
  page.evaluate<readonly string[]>(`(${ATTACK})(${JSON.stringify({ target, changes: CHANGES })})`);

describe("a foreign page against a session that is signed in", { skip, timeout: 120_000 }, () => {
  //  where it lies, host, whether the browser sends the cookie along
  const ROWS = [
    ["on another site", "localhost", false],
    ["on the same host, at another port", "127.0.0.1", true],
  ] as const;
  for (const [where, host, withCookie] of ROWS)
    it(`${where}: does nothing and reads nothing`, async () => {
      const book = JSON.stringify(desk.kept.now());
      const before = deeds.length;
      const page = await openPage(`http://${host}:${(stranger.address() as AddressInfo).port}/`);
      assert.deepEqual(await attack(page), []);
      assert.deepEqual(reached, []);
      assert.equal(JSON.stringify(desk.kept.now()), book);
      const noted = deeds.slice(before);
      assert.ok(noted.every(({ did }) => did === "refused"));
      assert.equal(noted.length > 0, withCookie, `${noted.length} refusals in the audit`);
      await page.context().close();
    });

  it("the site's own page, with the same session, is heard", async () => {
    const page = await openPage(`${target}/`);
    const status = await page.evaluate<number>(
      `fetch("/api/v1/requests", { method: "POST", headers: { "content-type": "application/json" }, body: ${JSON.stringify(HOLD)} }).then(({ status }) => status)`,
    );
    assert.deepEqual([status, reached.length], [200, 1]);
    await page.context().close();
  });
});
