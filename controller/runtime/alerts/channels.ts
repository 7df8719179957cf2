// The ways on which a notice leaves: a webhook, an ntfy server, e-mail. Each tries once and rejects with why not; secrets are read
// from their files at each try and stand in no message.
import { readFile } from "node:fs/promises";
import type { AlertChannel } from "@gridwright/contract/site/alerts-spec.ts";
import { createTransport } from "nodemailer";
import { SecretError } from "./failure.ts";
import type { Notice } from "./notice.ts";
import { DEADLINE_MS, post } from "./post.ts";

export type Of<K extends AlertChannel["kind"]> = Extract<AlertChannel, { readonly kind: K }>;
/** Ways that a notice leaves whole, to one address. */
export type PlainChannel = Of<"webhook" | "ntfy" | "email">;

async function secretOf(file: string): Promise<string> {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw new SecretError("the file of its secret cannot be read", { cause });
  });
  return text.trim();
}

async function bearer(tokenFile: string | undefined): Promise<Readonly<Record<string, string>>> {
  return tokenFile === undefined ? {} : { authorization: `Bearer ${await secretOf(tokenFile)}` };
}

const toWebhook = async ({ url, tokenFile }: Of<"webhook">, notice: Notice): Promise<void> =>
  post(url, {
    headers: { "content-type": "application/json", ...(await bearer(tokenFile)) },
    body: JSON.stringify(notice),
  });

const PRIORITY = { critical: "5", warning: "4", info: "3" } as const;

/** A header holds Latin letters only: ntfy reads what RFC 2047 says of others. */
const header = (text: string): string => `=?UTF-8?B?${Buffer.from(text, "utf8").toString("base64")}?=`;

async function toNtfy(
  { url, tokenFile }: Of<"ntfy">,
  { title, text, severity, event }: Notice,
): Promise<void> {
  const priority = event === "over" ? "3" : PRIORITY[severity];
  const tags = event === "over" ? "white_check_mark" : severity === "critical" ? "rotating_light" : "warning";
  const headers = { title: header(title), priority, tags, "content-type": "text/plain; charset=utf-8" };
  await post(url, { headers: { ...headers, ...(await bearer(tokenFile)) }, body: text });
}

async function toMail(channel: Of<"email">, { title, text, id, at }: Notice): Promise<void> {
  const { host, port, security, from, to, username, passwordFile } = channel;
  const auth =
    username === undefined || passwordFile === undefined
      ? {}
      : { auth: { user: username, pass: await secretOf(passwordFile) } };
  const transport = createTransport({
    ...{ host, port, secure: security === "tls", requireTLS: security === "starttls", ...auth },
    ignoreTLS: security === "none",
    ...{ connectionTimeout: DEADLINE_MS, greetingTimeout: DEADLINE_MS, socketTimeout: DEADLINE_MS },
  });
  try {
    await transport.sendMail({
      ...{ from, to: [...to], subject: title, text: `${text}\n\n${new Date(at).toISOString()} · ${id}\n` },
      headers: { "auto-submitted": "auto-generated" },
    });
  } finally {
    transport.close();
  }
}

/** Sends once; rejects with why it did not arrive, without a secret. */
export async function sendBy(channel: PlainChannel, notice: Notice): Promise<void> {
  switch (channel.kind) {
    case "webhook":
      return toWebhook(channel, notice);
    case "ntfy":
      return toNtfy(channel, notice);
    case "email":
      return toMail(channel, notice);
    default:
      channel satisfies never;
      throw new Error("no such channel");
  }
}
