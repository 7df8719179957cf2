// One exchange with a metrics database over HTTP, or HTTPS by the authorities that the machine trusts or the one that the target
// names: read anew each time, since it may be renewed. Follows nobody elsewhere, reads a bounded answer, never retries.
import { readFile } from "node:fs/promises";
import { type IncomingHttpHeaders, type IncomingMessage, request as plain } from "node:http";
import { request as secure } from "node:https";
import type { InfluxTarget } from "@gridwright/contract/site/metrics-spec.ts";

const TEXT_BYTES_MAX = 1_048_576;

export interface Asked {
  readonly method?: "GET" | "POST";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  /** Ends it, wherever it is. */
  readonly signal: AbortSignal;
}

export interface Told {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** The authority to trust, as PEM; none: those that the machine trusts. Rejects when the file cannot be read. */
export const authorityOf = async ({ caFile }: InfluxTarget): Promise<{ readonly ca?: string }> =>
  caFile === undefined ? {} : { ca: await readFile(caFile, "utf8") };

async function textOf(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= TEXT_BYTES_MAX) chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Rejects when the network fails, the certificate is not believed or the signal ends it. */
export async function askInflux(
  target: InfluxTarget,
  url: URL,
  { method = "GET", headers, body, signal }: Asked,
): Promise<Told> {
  const trusted = await authorityOf(target);
  const length = body === undefined ? {} : { "content-length": String(body.length) };
  const options = { method, headers: { ...headers, ...length }, signal, ...trusted };
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const asking = (url.protocol === "https:" ? secure : plain)(url, options, resolve);
    asking.on("error", reject);
    asking.end(body);
  });
  return { status: answer.statusCode ?? 0, headers: answer.headers, text: await textOf(answer) };
}
