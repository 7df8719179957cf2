// One request to a metrics database, with one deadline for all of it, body included. Sends, never retries.
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { constants, gzip } from "node:zlib";
import type { InfluxTarget } from "@gridwright/contract/site/site.ts";
import { type Answer, answerOf } from "./answers.ts";

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

const within = (signal: AbortSignal): AbortSignal =>
  AbortSignal.any([signal, AbortSignal.timeout(POST_DEADLINE_MS)]);

const whyOf = (error: unknown): string => {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message || cause.name : String(cause);
};

async function textOf(response: Response): Promise<string> {
  const text = await response.text();
  return text.slice(0, ANSWER_BYTES_MAX);
}

/** Who answers there; rejects when nobody does. */
export async function ping(target: InfluxTarget, signal: AbortSignal): Promise<Ping> {
  const response = await fetch(addressOf(target, "ping"), { signal: within(signal) });
  await textOf(response);
  return { influx: response.headers.has("x-influxdb-build") };
}

/** Writes lines; a network fault is an answer too. Rejects only when the password file cannot be read. */
export async function post(
  target: InfluxTarget,
  lines: readonly string[],
  signal: AbortSignal,
): Promise<Answer> {
  const url = addressOf(target, "write");
  url.searchParams.set("db", target.database);
  url.searchParams.set("precision", "ms");
  const text = Buffer.from(lines.join("\n"), "utf8");
  const small = text.length <= GZIP_ABOVE_BYTES;
  const body = small ? text : await compress(text, { level: constants.Z_BEST_SPEED });
  const headers = {
    "content-type": "text/plain; charset=utf-8",
    ...(small ? {} : { "content-encoding": "gzip" }),
    ...(await authorisation(target)),
  };
  try {
    const response = await fetch(url, { method: "POST", headers, body, signal: within(signal) });
    return answerOf(response.status, await textOf(response));
  } catch (error) {
    return { kind: "again", why: whyOf(error), lost: true };
  }
}
