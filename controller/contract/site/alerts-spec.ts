// Whom alarms reach beside the page. Every channel is one that the site's people chose; passwords and tokens stand in files of
// their own, never here.
import { z } from "zod";
import { slug } from "./fields.ts";

const severity = z.enum(["info", "warning", "critical"]);
const least = severity.optional().describe("milder alarms do not go this way; none: as for all channels");

const tokenFile = z
  .string()
  .min(1)
  .optional()
  .describe("a file that holds a token, sent as Authorization: Bearer; named from where the site file lies");
const http = z.url({ protocol: /^https?$/ });
const address = z.email({ error: "must be an address such as ana@example.org" });

const email = z
  .strictObject({
    kind: z.literal("email"),
    host: z.string().min(1).describe("the mail server (SMTP)"),
    port: z.int().min(1).max(65_535).default(587),
    security: z
      .enum(["starttls", "tls", "none"])
      .default("starttls")
      .describe("none: in clear, for a server on this very machine alone"),
    ...{ least, from: address },
    to: z.array(address).min(1).max(50),
    username: z.string().min(1).optional(),
    passwordFile: z.string().min(1).optional().describe("a file that holds the password"),
  })
  .refine(({ security, host }) => security !== "none" || ["127.0.0.1", "localhost", "::1"].includes(host), {
    path: ["security"],
    error: "in clear only to a server on this very machine: use starttls or tls",
  })
  .refine(({ username, passwordFile }) => (username === undefined) === (passwordFile === undefined), {
    path: ["passwordFile"],
    error: "username and passwordFile belong together",
  });

const push = z
  .strictObject({
    kind: z.literal("push"),
    contact: address.describe("told to the push servers, so that who runs them can reach the site"),
    servers: z
      .array(
        http.refine((url) => new URL(url).origin === url, {
          error: "a server alone: https://push.example.org",
        }),
      )
      .max(10)
      .default([])
      .describe("push servers of your own, beside those of the browsers' makers"),
    least,
  })
  .describe(
    "to browsers whose owners switch it on in their account; it passes through the servers of the browser's maker, sealed",
  );

export const AlertChannel = z.union([
  z.strictObject({
    kind: z.literal("webhook"),
    url: http.describe("takes a JSON object by POST"),
    tokenFile,
    least,
  }),
  z.strictObject({
    kind: z.literal("ntfy"),
    url: http.describe("the topic's address: https://ntfy.example.org/mill"),
    tokenFile,
    least,
  }),
  email,
  push,
  z.strictObject({
    kind: z.literal("output"),
    asset: slug.describe(
      "a signal that shows: alert; it is lit, or sounds, while such an alarm stands that nobody has seen",
    ),
    least: severity.default("critical").describe("milder alarms leave it dark"),
  }),
]);
export type AlertChannel = z.output<typeof AlertChannel>;

export const AlertsSpec = z
  .strictObject({
    language: z.enum(["en", "es"]).default("en"),
    least: severity.default("warning").describe("milder alarms stay on the page"),
    channels: z.record(slug, AlertChannel).default({}),
  })
  .describe("where alarms go beside the page; none: nowhere");
export type AlertsSpec = z.output<typeof AlertsSpec>;
