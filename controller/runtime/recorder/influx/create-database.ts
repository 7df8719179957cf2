// Creates the database that a target names, through the `influx` package. That package may hang when a link is cut
// inside an answer, so it gets a deadline from outside and is not used for writing.

import { readFile } from "node:fs/promises";
import type { Clock } from "@gridwright/contract/clock.ts";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import type { InfluxTarget } from "@gridwright/contract/site/site.ts";
import { seconds } from "@gridwright/contract/units.ts";
import { InfluxDB } from "influx";

const CREATE_DEADLINE = seconds(15);

/** Rejects with influx-refused or influx-unreachable; creating one that exists is no fault. */
export async function createDatabase(target: InfluxTarget, io: Clock): Promise<void> {
  const { hostname, port, protocol } = new URL(target.url);
  const secure = protocol === "https:";
  const password =
    target.passwordFile === undefined ? "" : (await readFile(target.passwordFile, "utf8")).trim();
  const client = new InfluxDB({
    host: hostname,
    port: Number(port) || (secure ? 443 : 80),
    protocol: secure ? "https" : "http",
    ...(target.username !== undefined && { username: target.username, password }),
  });
  const deadline = new AbortController();
  const late = io.sleep(CREATE_DEADLINE, deadline.signal).then(
    () => {
      throw new GridwrightError("influx-unreachable", `${target.url}: no answer to CREATE DATABASE`);
    },
    () => undefined,
  );
  const created = client.createDatabase(target.database).catch((cause: unknown) => {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new GridwrightError("influx-refused", `${target.url}: cannot create ${target.database}: ${why}`, {
      cause,
    });
  });
  try {
    await Promise.race([created, late.then(() => created)]);
  } finally {
    deadline.abort();
  }
}
