// The site's MQTT broker: the embedded one, mosquitto beside it, or another. On this machine it is for this machine alone unless
// the site file names one address in the network of the devices; never all addresses, and never one that the internet can
// reach. There it speaks TLS, and without it to those devices alone that the site file calls plain.
import { z } from "zod";
import type { SiteModel } from "./model.ts";

const DEFAULT_PORT = 1883;
const DEFAULT_TLS_PORT = 8883;
const port = z.int().min(1).max(65_535);
const PRIVATE =
  /^(?:10|127|169\.254|172\.(?:1[6-9]|2\d|3[01])|192\.168|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\.|^f[cd][0-9a-f]{2}:/i;
const EVERYWHERE: ReadonlySet<string> = new Set(["0.0.0.0", "::", "*"]);
const LOOPBACK: ReadonlySet<string> = new Set(["127.0.0.1", "localhost", "::1"]);

/** True for an address that the internet cannot reach. */
export const isPrivateAddress = (address: string): boolean =>
  z.union([z.ipv4(), z.ipv6()]).safeParse(address).success && PRIVATE.test(address);

/** Whether some device comes to the broker without TLS. */
export const isPlain = ({ devices }: Pick<SiteModel, "devices">): boolean =>
  Object.values(devices).some(({ spec }) => spec.plain === true);

function listenMistake(address: string): string | undefined {
  if (EVERYWHERE.has(address))
    return "would open the broker on every network: name this machine's one address in the network of the devices";
  if (LOOPBACK.has(address))
    return "is where the broker listens anyway: leave it out, or name this machine's address in the network of the devices";
  if (!z.union([z.ipv4(), z.ipv6()]).safeParse(address).success)
    return "must be an IP address of this machine, for example 10.0.7.2";
  return PRIVATE.test(address)
    ? undefined
    : "is no address of a private network: a broker must not be reachable from the internet";
}

const listen = z
  .string()
  .superRefine((address, { addIssue }) => {
    const message = listenMistake(address);
    if (message !== undefined) addIssue({ code: "custom", message });
  })
  .describe(
    "this machine's address in the network of the MQTT devices, where their logins are taken by TLS, too; without it the broker is on loopback alone",
  );

const url = z
  .url({ protocol: /^mqtts?$/ })
  .refine((text) => !/^\w+:\/\/[^/]*@/.test(text), {
    error: "must not hold a password: name a file with credentials:",
  })
  .describe("a broker of the site's own instead of the embedded one, for example mqtt://10.0.7.2");

const written = z
  .strictObject({
    port: port
      .default(DEFAULT_PORT)
      .describe("port on this machine, and for devices that are plain in their network"),
    tlsPort: port.default(DEFAULT_TLS_PORT).describe("port for TLS in the network of the devices"),
    listen: listen.optional(),
    program: z
      .literal("mosquitto")
      .optional()
      .describe("mosquitto on this machine instead of the embedded broker: install.sh --mosquitto"),
    url: url.optional(),
    credentials: z
      .string()
      .min(1)
      .optional()
      .describe(
        "a JSON file of that broker's logins, beside the site file: {control: {username, password}, …}",
      ),
  })
  .refine((spec) => spec.url === undefined || spec.listen === undefined, {
    path: ["listen"],
    error: "is for a broker on this machine, which does not run beside the one that url: names",
  })
  .refine((spec) => spec.url === undefined || spec.program === undefined, {
    path: ["program"],
    error: "is for a broker on this machine, which does not run beside the one that url: names",
  });

/** `broker: mqtt://10.0.7.2` is short for `broker: {url: …}`. Without url the embedded broker serves. */
export const BrokerSpec = z
  .union([
    written,
    url.transform(
      (text): z.infer<typeof written> => ({ port: DEFAULT_PORT, tlsPort: DEFAULT_TLS_PORT, url: text }),
    ),
  ])
  .describe(
    "the MQTT broker: the embedded one, or mosquitto beside it, or another by its URL alone (broker: mqtt://10.0.7.2) or with its logins",
  );
