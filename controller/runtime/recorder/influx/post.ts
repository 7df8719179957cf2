// One request to a metrics database, with one deadline for all of it, body included. Sends, never retries.
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { constants, gzip } from "node:zlib";
import type { InfluxTarget } from "@gridwright/contract/site/metrics-spec.ts";
import { type Answer, answerOf } from "./answers.ts";
import { askInflux } from "./ask.ts";

export const POST_DEADLINE_MS = 15_000;
const GZIP_ABOVE_BYTES = 1_000;
const ANSWER_BYTES_MAX = 4_096;
const compress = promisify(gzip);

/** Basic where there is a user name (InfluxDB 1.x), else the file's content as token (2.x, 3.x). */
export async function authorisation(target: InfluxTarget): Promise<Readonly<Record<string, string>>> {
  const secret =
    target.passwordFile === undefined ? "" : (await readFile(target.passwordFile, "utf8")).trim();
  if (target.username !== undefined) {
    const basic = Buffer.from(`${target.username}:${secret}`, "utf8").toString("base64");
    return { authorization: `Basic ${basic}` };
  }
  return secret === "" ? {} : { authorization: `Token ${secret}` };
}

/** An address below the target's own, which may lie behind a proxy's path. */
const addressOf = ({ url }: InfluxTarget, path: string): URL =>
  new URL(path, url.endsWith("/") ? url : `${url}/`);

export interface Ping {
  /** Keeps text and is durable once it answered; VictoriaMetrics is neither. */
  readonly influx: boolean;
}

/** Where lines go: by bucket to 2.x and 3.x, by database to all others. */
function writeAddress(target: InfluxTarget): URL {
  const { database, bucket, org } = target;
  const url = addressOf(target, bucket === undefined ? "write" : "api/v2/write");
  const place = bucket === undefined ? { db: database } : { bucket, ...(org !== undefined && { org }) };
  url.search = new URLSearchParams({ ...place, precision: "ms" }).toString();
  return url;
}

const within = (signal: AbortSignal): AbortSignal =>
  AbortSignal.any([signal, AbortSignal.timeout(POST_DEADLINE_MS)]);

const isFine = (status: number): boolean => status >= 200 && status < 300;

/** Several addresses that all refused are one failure without words of its own. */
const whyOf = (error: unknown): string => {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error)) return String(cause);
  return cause.message || ("code" in cause ? String(cause.code) : cause.name);
};

/** Who answers there; rejects when it is nobody, or a gateway that refuses: it must not be taken for either. 1.x and 2.x say so in a header, 3.x in the body. */
export async function ping(target: InfluxTarget, signal: AbortSignal): Promise<Ping> {
  const asked = { headers: await authorisation(target), signal: within(signal) };
  const { status, headers, text } = await askInflux(target, addressOf(target, "ping"), asked);
  if (!isFine(status)) throw new Error(`${status} ${text.slice(0, ANSWER_BYTES_MAX).trim()}`.trim());
  return { influx: headers["x-influxdb-build"] !== undefined || text.includes('"revision"') };
}

/** When a VictoriaMetrics was started, as it says itself; undefined: it does not say. Never rejects. */
export async function lifeOf(target: InfluxTarget, signal: AbortSignal): Promise<string | undefined> {
  try {
    const asked = { headers: await authorisation(target), signal: within(signal) };
    const { text } = await askInflux(target, addressOf(target, "metrics"), asked);
    return /^vm_app_start_timestamp\S* (\d+)/m.exec(text)?.[1];
  } catch {
    return undefined;
  }
}

/** Writes lines; a network fault is an answer too, as is an authority that cannot be read. Rejects only when the password file cannot be read. */
export async function post(
  target: InfluxTarget,
  lines: readonly string[],
  signal: AbortSignal,
): Promise<Answer> {
  const text = Buffer.from(lines.join("\n"), "utf8");
  const small = text.length <= GZIP_ABOVE_BYTES;
  const body = small ? text : await compress(text, { level: constants.Z_BEST_SPEED });
  const headers = {
    "content-type": "text/plain; charset=utf-8",
    ...(small ? {} : { "content-encoding": "gzip" }),
    ...(await authorisation(target)),
  };
  try {
    const asked = { method: "POST", headers, body, signal: within(signal) } as const;
    const told = await askInflux(target, writeAddress(target), asked);
    return answerOf(told.status, told.text.slice(0, ANSWER_BYTES_MAX), told.headers.date ?? null);
  } catch (error) {
    return { kind: "again", why: whyOf(error), lost: true };
  }
}
