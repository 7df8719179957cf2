// mqtt-packet keeps a four-byte buffer for each packet length that it ever wrote; made one by one between other work,
// each of them pins a slab of 64 kB. Made all at once they share a few slabs. Its table of numbers is not needed.
import { writeToStream } from "mqtt-packet";

/** Lengths below this are kept by the library. */
const KEPT_BELOW = 16_384;
/** What a publish of an empty payload to a topic of one letter takes behind its length. */
const OVERHEAD = 3;

let settled = false;

/** To be called before the first packet of a process; later calls do nothing. Takes some tens of ms, once. */
export function settlePacketMemory(): void {
  if (settled) return;
  settled = true;
  writeToStream.cacheNumbers = false;
  const sink = { write: () => true, cork: () => undefined, uncork: () => undefined };
  const payload = Buffer.alloc(KEPT_BELOW);
  for (let length = OVERHEAD; length < KEPT_BELOW; length += 1)
    writeToStream(
      {
        cmd: "publish",
        topic: "t",
        payload: payload.subarray(0, length - OVERHEAD),
        qos: 0,
        dup: false,
        retain: false,
      },
      sink as unknown as NodeJS.WritableStream,
    );
}
