// Where alerts of a running site arrive in tests: a server that takes POSTs as a webhook, as ntfy and as a browser maker's push
// server, and a mail server. What they hear is told as one list, each entry with its way; web push is opened by the browser's own key.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";
import { browserAt, opened } from "../alerts/push-browser.ts";

export interface Heard {
  readonly way: "hook" | "ntfy" | "mail" | "push";
  readonly text: string;
  /** Real ms. */
  readonly at: number;
}

/** A mail as its reader sees it: soft line breaks of quoted-printable are none. */
const mailText = (raw: string): string => raw.replace(/=\r?\n/g, "");

const WAYS: Readonly<Record<string, Heard["way"]>> = { "/hook": "hook", "/ntfy": "ntfy", "/push": "push" };

function mailServer(hear: (text: string) => void): SMTPServer {
  return new SMTPServer({
    ...{ disabledCommands: ["STARTTLS", "AUTH"], authOptional: true },
    onData: (stream, _session, done) => {
      const parts: Buffer[] = [];
      stream.on("data", (part: Buffer) => parts.push(part));
      stream.on("end", () => {
        hear(mailText(Buffer.concat(parts).toString()));
        done();
      });
    },
  });
}

const portOf = (server: { address(): unknown }): number => (server.address() as AddressInfo).port;

/** Listens until `close`; `channels` is what a site file says to reach it, `browser` who subscribed. */
export async function alertSinks() {
  const heard: Heard[] = [];
  const hear = (way: Heard["way"], text: string): void => void heard.push({ way, text, at: Date.now() });
  const bodyText = (way: Heard["way"], body: Buffer): string =>
    way === "push" ? opened(browser, body).text : body.toString();
  const http = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const way = WAYS[request.url ?? ""];
      if (way !== undefined) hear(way, bodyText(way, Buffer.concat(parts)));
      response.writeHead(way === undefined ? 404 : 201).end();
    });
  });
  const smtp = mailServer((text) => hear("mail", text));
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  await new Promise<void>((resolve) => void smtp.listen(0, "127.0.0.1", () => resolve()));
  const origin = `http://127.0.0.1:${portOf(http)}`;
  const browser = browserAt(`${origin}/push`);
  const channels = {
    hook: { kind: "webhook", url: `${origin}/hook` },
    phone: { kind: "ntfy", url: `${origin}/ntfy` },
    mail: {
      ...{ kind: "email", host: "127.0.0.1", port: portOf(smtp.server), security: "none" },
      ...{ from: "a@example.org", to: ["b@example.org"] },
    },
    browsers: { kind: "push", contact: "a@example.org", servers: [origin] },
  };
  const close = async (): Promise<void> => {
    http.close();
    await new Promise<void>((resolve) => smtp.close(() => resolve()));
  };
  return { heard, channels, browser, close };
}
