// Web push: what a browser gives so that it can be told, what it is told, and whose servers may be in between. What is sent
// is sealed for that browser; its maker's servers see when, how much and to whom, and nothing else.
import { z } from "zod";

/** Hosts of the browsers' makers; one that begins with a dot is all below it. */
const MAKERS: readonly string[] = [
  ...["fcm.googleapis.com", "jmt17.google.com"],
  ...["updates.push.services.mozilla.com", "web.push.apple.com", ".notify.windows.com"],
];
const URL_CHARS_MAX = 1_000;

const isMakers = ({ protocol, host }: URL): boolean =>
  protocol === "https:" &&
  MAKERS.some((maker) => (maker.startsWith(".") ? host.endsWith(maker) : host === maker));

/** Whether a browser's address may be written to: one of a maker's servers, or of the site's own. No other: it would be a way
 * to make this site write to any host. */
export const isPushServer = (endpoint: string, own: readonly string[]): boolean => {
  if (!URL.canParse(endpoint)) return false;
  const url = new URL(endpoint);
  return isMakers(url) || own.includes(url.origin);
};

export const PushKeys = z.strictObject({
  p256dh: z
    .string()
    .max(87)
    .regex(/^[\w-]{87}$/)
    .describe("the browser's public key, base64url"),
  auth: z
    .string()
    .regex(/^[\w-]{22}$/)
    .describe("its secret for this one address, base64url"),
});
export type PushKeys = z.output<typeof PushKeys>;

const Wanted = z.strictObject({
  language: z.enum(["en", "es"]),
  home: z
    .boolean()
    .describe("what concerns the own home: a cut that is near, what was switched off, the day's allowance"),
  site: z.boolean().describe("alarms of the site; for technicians"),
});

/** What a browser asks for; the same address again changes what it wants. */
export const NewPush = Wanted.extend({
  endpoint: z.url({ protocol: /^https?$/ }).max(URL_CHARS_MAX),
  keys: PushKeys,
});
export type NewPush = z.output<typeof NewPush>;

const PushOf = Wanted.extend({
  id: z.string(),
  endpoint: z.string(),
  device: z.string().optional().describe("browser and system, as it named itself"),
  createdAt: z.number(),
});

export const PushAnswer = z
  .strictObject({
    key: z
      .string()
      .nullable()
      .describe("by which a browser knows this site, base64url; null: this site sends no push"),
    may: z.strictObject({ home: z.boolean(), site: z.boolean() }).describe("what one's account may be told"),
    browsers: z.array(PushOf).describe("one's own that are told"),
  })
  .meta({ id: "PushAnswer" });
export type PushAnswer = z.output<typeof PushAnswer>;

/** What is sealed for the browser, as JSON; its service worker shows it. */
export interface PushNotice {
  readonly title: string;
  readonly text: string;
  /** One of these is shown at a time: that it is over takes the place of what began. */
  readonly tag: string;
  /** ms since 1970 UTC. */
  readonly at: number;
}
