// What a Modbus device says of itself: function 43/14 (read device identification) and 17 (report server id).
// Modbus application protocol 1.1b3, sections 6.13 and 6.21. Pure; nothing here throws on bytes.

const DEVICE_ID = 0x2b;
const MEI_READ = 0x0e;
const SERVER_ID = 0x11;
/** Basic identification: vendor, product, revision. */
const BASIC = 1;
const HEAD = 7;
const MORE = 0xff;

export interface DeviceId {
  readonly vendor?: string;
  readonly product?: string;
  readonly revision?: string;
}

const NAMES: Readonly<Record<number, keyof DeviceId>> = { 0: "vendor", 1: "product", 2: "revision" };

/** Asks for the basic objects from `first` on. */
export const deviceIdRequest = (first: number): Uint8Array =>
  Uint8Array.of(DEVICE_ID, MEI_READ, BASIC, first);
export const serverIdRequest = (): Uint8Array => Uint8Array.of(SERVER_ID);

/** Printable ASCII, without what pads it. */
const textOf = (bytes: Uint8Array): string =>
  [...bytes]
    .map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : " "))
    .join("")
    .replace(/\s+/g, " ")
    .trim();

export interface DeviceIdPart {
  readonly id: DeviceId;
  /** The object to ask for next; absent: this was all. */
  readonly next?: number;
}

/** One response to `deviceIdRequest`; undefined when it is none, or cut. */
export function parseDeviceId(pdu: Uint8Array): DeviceIdPart | undefined {
  if (pdu[0] !== DEVICE_ID || pdu[1] !== MEI_READ || pdu.length < HEAD) return undefined;
  const found: Partial<Record<keyof DeviceId, string>> = {};
  let at = HEAD;
  for (let left = pdu[6] ?? 0; left > 0; left--) {
    const [object, length] = [pdu[at], pdu[at + 1]];
    if (object === undefined || length === undefined || at + 2 + length > pdu.length) return undefined;
    const name = NAMES[object];
    if (name !== undefined) found[name] = textOf(pdu.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
  const next = pdu[4] === MORE ? pdu[5] : undefined;
  return { id: found, ...(next !== undefined && { next }) };
}

/** The text in a response to `serverIdRequest`; undefined when it is none. */
export function parseServerId(pdu: Uint8Array): string | undefined {
  if (pdu[0] !== SERVER_ID || pdu.length < 2 || pdu[1] !== pdu.length - 2) return undefined;
  return textOf(pdu.subarray(2)) || undefined;
}
