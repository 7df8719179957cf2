// What `gridwright scan` may be told to look at: a host, a serial port, a small network.
import { GridwrightError } from "@gridwright/contract/errors.ts";
import type { Link } from "@gridwright/contract/site/site.ts";
import type { LinkPlace } from "@gridwright/protocols/identify/propose.ts";

export interface SerialFlags {
  readonly baud: number;
  readonly parity: "none" | "even" | "odd";
  readonly stopBits: 1 | 2;
}

export type ScanTarget =
  | { readonly kind: "place"; readonly place: LinkPlace }
  | { readonly kind: "net"; readonly hosts: readonly string[] };

const MODBUS_PORT = 502;
/** Addresses in one network: more is not a site but somebody's whole network. */
const HOSTS_MAX = 1_024;
const HELP =
  "scan tcp://10.0.0.7, scan rtu+tcp://10.0.0.7:4001 (a gateway), scan serial:/dev/ttyUSB0, scan net 10.0.0.0/24, or scan mqtt (Zigbee bridges)";

const mistake = (message: string): GridwrightError => new GridwrightError("usage", message);

const addressText = (value: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");

/** The hosts of `10.0.0.0/29`, without the network's own address and its broadcast. Throws `usage`. */
export function hostsOf(network: string): readonly string[] {
  const [, address = "", bits = ""] = /^(\d{1,3}(?:\.\d{1,3}){3})\/(\d{1,2})$/.exec(network) ?? [];
  const parts = address.split(".").map(Number);
  const prefix = Number(bits);
  if (address === "" || parts.some((part) => part > 255) || prefix > 32)
    throw mistake(`"${network}" is not a network; write it as 10.0.0.0/24.`);
  const size = 2 ** (32 - prefix);
  if (size > HOSTS_MAX)
    throw mistake(`${network} has ${size} addresses; at most ${HOSTS_MAX} (a /22) are looked at.`);
  const number = parts.reduce((sum, part) => sum * 256 + part, 0);
  const first = Math.floor(number / size) * size;
  const [skip, count] = size > 2 ? [1, size - 2] : [0, size];
  return Array.from({ length: count }, (_, index) => addressText(first + skip + index));
}

function tcpPlace(text: string, { baud }: SerialFlags): LinkPlace {
  const url = URL.parse(text);
  if (!url?.hostname) throw mistake(`"${text}" names no host; write tcp://10.0.0.7 or tcp://10.0.0.7:1502.`);
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  if (url.protocol === "tcp:")
    return { kind: "modbus-tcp", host, port: url.port === "" ? MODBUS_PORT : Number(url.port) };
  if (url.port === "") throw mistake(`"${text}" needs the gateway's port: rtu+tcp://10.0.0.7:4001.`);
  return { kind: "modbus-rtu-tcp", host, port: Number(url.port), baud };
}

/** Reads the arguments of the command. Throws `usage` with what is allowed. */
export function scanTarget(target: string, network: string | undefined, serial: SerialFlags): ScanTarget {
  if (target === "net") {
    if (network === undefined) throw mistake(`Which network? For example: gridwright scan net 10.0.0.0/24.`);
    return { kind: "net", hosts: hostsOf(network) };
  }
  if (network !== undefined) throw mistake(`"${network}" is one word too many. Allowed: ${HELP}.`);
  if (/^(rtu\+)?tcp:\/\//.test(target)) return { kind: "place", place: tcpPlace(target, serial) };
  if (target.startsWith("serial:/"))
    return {
      kind: "place",
      place: { kind: "modbus-rtu", device: target.slice("serial:".length), ...serial },
    };
  throw mistake(`"${target}" is nothing to scan. Allowed: ${HELP}.`);
}

/** The link of a site file that is this place, so that its line settings are not proposed anew. */
export function asInSite(target: ScanTarget, links: Readonly<Record<string, Link>>): ScanTarget {
  if (target.kind !== "place") return target;
  const { place } = target;
  for (const link of Object.values(links)) {
    if (place.kind === "modbus-rtu" && link.kind === "modbus-rtu" && link.device === place.device) {
      const { device, baud, parity, stopBits } = link;
      return { kind: "place", place: { kind: "modbus-rtu", device, baud, parity, stopBits } };
    }
    if (place.kind !== "modbus-rtu-tcp" || link.kind !== "modbus-rtu-tcp") continue;
    if (link.host === place.host && link.port === place.port)
      return { kind: "place", place: { ...place, baud: link.baud } };
  }
  return target;
}
