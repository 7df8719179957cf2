// A device's cable is pulled in a running village: each way that the site file names brings one alert within a minute and one
// recovery after, and the siren sounds in between. Real processes, real sinks; alerts go by the clock on the wall, so this takes minutes.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import type { ApiState } from "@gridwright/contract/api.ts";
import { SMTPServer } from "smtp-server";
import { parseDocument } from "yaml";
import { startVillage, until } from "../tools/village.ts";

const inTwin = (path: string): string =>
  fileURLToPath(new URL(`../../controller/twin/${path}`, import.meta.url));
const CABLE = "device-lost/pump-meter";
const MINUTE_MS = 60_000;

interface Heard {
  readonly way: string;
  readonly text: string;
  readonly at: number;
}

/** A server that takes POSTs and a mail server; what they hear of the cable. */
async function sinks() {
  const heard: Heard[] = [];
  const hear = (way: string, text: string): void => {
    if (/pump.meter|pump-meter/i.test(text)) heard.push({ way, text, at: Date.now() });
  };
  const http = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      hear(request.url ?? "", Buffer.concat(parts).toString());
      response.end();
    });
  });
  const smtp = new SMTPServer({
    ...{ disabledCommands: ["STARTTLS", "AUTH"], authOptional: true },
    onData: (stream, _session, done) => {
      const parts: Buffer[] = [];
      stream.on("data", (part: Buffer) => parts.push(part));
      stream.on("end", () => {
        hear("mail", Buffer.concat(parts).toString());
        done();
      });
    },
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  await new Promise<void>((resolve) => void smtp.listen(0, "127.0.0.1", () => resolve()));
  const portOf = (server: { address(): unknown }): number => (server.address() as AddressInfo).port;
  const close = async (): Promise<void> => {
    http.close();
    await new Promise<void>((resolve) => smtp.close(() => resolve()));
  };
  return { heard, httpPort: portOf(http), smtpPort: portOf(smtp.server), close };
}

/** The village with ways for alerts and a siren, and a story in which the pump's meter is cut off for an hour. */
function files({ httpPort, smtpPort }: { readonly httpPort: number; readonly smtpPort: number }) {
  const folder = mkdtempSync(join(tmpdir(), "gridwright-cable-"));
  const site = parseDocument(readFileSync(inTwin("sites/village.yaml"), "utf8"));
  site.setIn(
    ["assets", "siren"],
    site.createNode({ kind: "signal", name: "Siren", switch: "relays-village/relay_16", shows: "alert" }),
  );
  site.setIn(
    ["alerts"],
    site.createNode({
      channels: {
        hook: { kind: "webhook", url: `http://127.0.0.1:${httpPort}/hook` },
        phone: { kind: "ntfy", url: `http://127.0.0.1:${httpPort}/phone` },
        mail: {
          kind: "email",
          host: "127.0.0.1",
          port: smtpPort,
          security: "none",
          from: "a@example.org",
          to: ["b@example.org"],
        },
        siren: { kind: "output", asset: "siren", least: "warning" },
      },
    }),
  );
  const story = parseDocument(readFileSync(inTwin("scenarios/village-day.yaml"), "utf8"));
  story.setIn(
    ["events"],
    story.createNode([
      {
        at: "8 min",
        for: "60 min",
        fault: { kind: "device-dead", device: "pump-meter" },
        story: "a cable is pulled",
      },
    ]),
  );
  const [siteFile, scenario] = [join(folder, "site.yaml"), join(folder, "story.yaml")];
  writeFileSync(siteFile, String(site));
  writeFileSync(scenario, String(story));
  return { site: siteFile, scenario };
}

test("a pulled cable brings one alert on each way within a minute, a siren, and one recovery", async (context) => {
  const { heard, close, ...ports } = await sinks();
  context.after(close);
  const village = await startVillage({ ...files(ports), speed: 60 });
  context.after(() => village.stop());
  const { terminal } = village;
  const state = () => village.api<ApiState>("/api/v1/state");
  const isOpen = async (): Promise<boolean> => (await state()).alarms.some(({ id }) => id === CABLE);
  await until("control misses the device", isOpen, { withinMs: 90_000, terminal });
  const lostAt = Date.now();
  await until("every way has told it", () => heard.length >= 3, { withinMs: MINUTE_MS, terminal });
  assert.deepEqual(heard.map(({ way }) => way).sort(), ["/hook", "/phone", "mail"]);
  assert.ok(Math.max(...heard.map(({ at }) => at)) - lostAt < MINUTE_MS);
  const sounds = async (): Promise<boolean> => (await state()).assets.siren?.on === true;
  await until("the siren sounds", sounds, { withinMs: 20_000, terminal });
  await until("the cable is back", async () => !(await isOpen()), { withinMs: 3 * MINUTE_MS, terminal });
  await until("every way has told that it is over", () => heard.length >= 6, {
    withinMs: 3 * MINUTE_MS,
    terminal,
  });
  await until("the siren is silent", async () => !(await sounds()), { withinMs: 30_000, terminal });
  assert.deepEqual(
    heard.map(({ way }) => way).sort(),
    ["/hook", "/hook", "/phone", "/phone", "mail", "mail"],
    "one and one over on each way",
  );
});
