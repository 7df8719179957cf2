// Makes the database that a target names, and where it says how long points are kept, the retention policies and the
// continuous query that leaves minutes behind; through the `influx` package. That package may hang when a link is cut
// inside an answer, so it gets a deadline from outside and is not used for writing.
import { readFile } from "node:fs/promises";
import type { Clock } from "@gridwright/contract/clock.ts";
import { GridwrightError, messageOf } from "@gridwright/contract/errors.ts";
import { channelMetrics } from "@gridwright/contract/metrics.ts";
import type { InfluxTarget } from "@gridwright/contract/site/metrics-spec.ts";
import { seconds } from "@gridwright/contract/units.ts";
import { InfluxDB } from "influx";
import { authorityOf } from "./ask.ts";

const PREPARE_DEADLINE = seconds(15);
const HOUR_MS = 3_600_000;
const RAW = "raw";
const MINUTES = "minutes";

async function clientOf(target: InfluxTarget): Promise<InfluxDB> {
  const { hostname, port, protocol } = new URL(target.url);
  const secure = protocol === "https:";
  const password =
    target.passwordFile === undefined ? "" : (await readFile(target.passwordFile, "utf8")).trim();
  return new InfluxDB({
    host: hostname,
    database: target.database,
    port: Number(port) || (secure ? 443 : 80),
    protocol: secure ? "https" : "http",
    options: await authorityOf(target),
    ...(target.username !== undefined && { username: target.username, password }),
  });
}

/** What comes later than this is not summed by the continuous query, but must be by `sumMinutes`. */
export const LATE_MS = 5 * HOUR_MS;
const RESAMPLE = "RESAMPLE EVERY 30m FOR 6h";

const quoted = (name: string): string => `"${name.replaceAll(/["\\]/g, "\\$&")}"`;

/** Each channel's minute as value (its mean), min, max and count, with the same names and tags. */
function minutesQuery({ database }: InfluxTarget, when = ""): string {
  const db = quoted(database);
  const names = channelMetrics().map(({ name }) => name);
  const sums = `mean("value") AS "value", min("value") AS "min", max("value") AS "max", count("value") AS "count"`;
  return `SELECT ${sums} INTO ${db}."${MINUTES}".:MEASUREMENT FROM ${db}."${RAW}"./^(${names.join("|")})$/${when} GROUP BY time(1m), *`;
}

async function makePolicies(client: InfluxDB, target: InfluxTarget, keepMs: number): Promise<void> {
  const { database } = target;
  const policies = await client.showRetentionPolicies(database);
  const duration = `${Math.ceil(keepMs / HOUR_MS)}h`;
  const raw = { database, duration, replication: 1, isDefault: true };
  if (policies.some(({ name }) => name === RAW)) await client.alterRetentionPolicy(RAW, raw);
  else await client.createRetentionPolicy(RAW, raw);
  const minutes = { database, duration: "INF", replication: 1, isDefault: false };
  if (!policies.some(({ name }) => name === MINUTES)) await client.createRetentionPolicy(MINUTES, minutes);
  const present = await client.showContinousQueries(database);
  if (present.some(({ name }) => name === MINUTES)) await client.dropContinuousQuery(MINUTES, database);
  await client.createContinuousQuery(MINUTES, minutesQuery(target), database, RESAMPLE);
}

async function prepare(target: InfluxTarget): Promise<void> {
  const client = await clientOf(target);
  await client.createDatabase(target.database);
  if (target.keep !== undefined) await makePolicies(client, target, target.keep);
}

async function withDeadline(target: InfluxTarget, io: Clock, work: Promise<void>): Promise<void> {
  const deadline = new AbortController();
  const late = io.sleep(PREPARE_DEADLINE, deadline.signal).then(
    () => {
      throw new GridwrightError("influx-unreachable", `${target.url}: no answer to CREATE DATABASE`);
    },
    () => undefined,
  );
  const done = work.catch((cause: unknown) => {
    const why = messageOf(cause);
    throw new GridwrightError("influx-refused", `${target.url}: cannot prepare ${target.database}: ${why}`, {
      cause,
    });
  });
  try {
    await Promise.race([done, late.then(() => done)]);
  } finally {
    deadline.abort();
  }
}

/** Rejects with influx-refused or influx-unreachable; preparing what is there already is no fault. */
export const prepareDatabase = (target: InfluxTarget, io: Clock): Promise<void> =>
  withDeadline(target, io, prepare(target));

/** Times of a portion's first and last value, ms since 1970. */
export interface PortionSpan {
  readonly from: number;
  readonly to: number;
}

/** Sums the minutes of a time that came too late for the continuous query, ms since 1970. Rejects as above. */
export const sumMinutes = (target: InfluxTarget, io: Clock, span: PortionSpan): Promise<void> => {
  const when = ` WHERE time >= ${Math.floor(span.from / 60_000) * 60_000}ms AND time <= ${span.to}ms`;
  const work = clientOf(target).then((client) => client.query(minutesQuery(target, when)));
  return withDeadline(
    target,
    io,
    work.then(() => undefined),
  );
};
