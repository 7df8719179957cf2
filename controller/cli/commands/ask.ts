// `gridwright hold | clear | ask`: requests to the running controller from a terminal, signed as the operator. Control
// weighs them like any other and answers with its reason; nothing here touches a device.
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import { render } from "@gridwright/contract/render.ts";
import { REQUEST_TTL_MAX_MS, type RequestBody } from "@gridwright/contract/request.ts";
import { assetNames } from "@gridwright/contract/site/asset-names.ts";
import { millis } from "@gridwright/contract/units.ts";
import { brokerPlace } from "@gridwright/runtime/bus/broker-place.ts";
import { connectBus } from "@gridwright/runtime/bus/bus.ts";
import { createRequester, risingSeq } from "@gridwright/runtime/bus/requester.ts";
import { hostClock } from "@gridwright/runtime/clock/host-clock.ts";
import { openSecrets } from "@gridwright/runtime/secrets/secrets.ts";
import { loadSite } from "../load-site.ts";
import type { RunFile } from "../supervisor/supervise.ts";
import { assetNamed } from "./asset-named.ts";

export interface AskOptions {
  readonly body: RequestBody;
  readonly data: string;
  readonly ttlMs?: number;
  readonly json: boolean;
  readonly write: (line: string) => void;
}

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** What runs on this data folder; also finds the demo below it. */
function running(data: string): { readonly dataDir: string; readonly run: RunFile } {
  for (const dataDir of [resolve(data), join(resolve(data), "demo")]) {
    const file = join(dataDir, "run.json");
    if (existsSync(file)) return { dataDir, run: JSON.parse(readFileSync(file, "utf8")) as RunFile };
  }
  throw new GridwrightError(
    "usage",
    `Nothing runs on ${data}. Start it first (npm start), or name its folder with --data DIR.`,
  );
}

/** Where to see what became of it. */
const next = (body: RequestBody, outcome: string): string =>
  "asset" in body && outcome !== "refused" ? `. What it does now, and why: gridwright why ${body.asset}` : "";

/** Sends one request; returns the exit code: 0 taken, 1 refused. */
export async function ask({
  body,
  data,
  ttlMs = REQUEST_TTL_MAX_MS,
  json,
  write,
}: AskOptions): Promise<number> {
  const { dataDir, run } = running(data);
  const { model } = loadSite(run.siteFile);
  const named = "asset" in body ? { ...body, asset: assetNamed(model, body.asset).id } : body;
  const secrets = await openSecrets(dataDir, model);
  const io = hostClock();
  const embeddedPort = run.processes.broker?.ports.mqtt;
  const siteFolder = dirname(run.siteFile);
  const place = await brokerPlace({ model, secrets, siteFolder, ...(embeddedPort && { embeddedPort }) });
  const bus = connectBus({
    url: place.url,
    ...place.login("operator"),
    clientId: `operator-${process.pid}`,
    io,
    log: quiet,
  });
  try {
    const requester = createRequester({
      bus,
      siteId: model.site.site.id,
      issuer: "operator",
      key: secrets.issuerKey("operator") ?? new Uint8Array(),
      seq: risingSeq(io),
      random: randomBytes,
      io,
    });
    const answer = await requester.send({ role: "technician", body: named, ttlMs: millis(ttlMs) });
    const names = assetNames(model);
    const words = render(answer.reason, { language: "en", names });
    const said = answer.outcome === "accepted" ? words : `${answer.outcome}: ${words}`;
    write(json ? JSON.stringify(answer) : `${said}${next(named, answer.outcome)}`);
    return answer.outcome === "refused" ? 1 : 0;
  } finally {
    await bus.close();
  }
}
