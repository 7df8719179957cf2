// Counts MQTT packets at the socket, before the broker buffers them: the length that a header announces is judged as
// soon as it is read, so that an unfinished giant costs nothing. Pure; it holds at most a header's five bytes.

export interface PacketGuard {
  /** Looks at the next bytes; `refused`: a packet is larger than allowed or its length is not one. */
  look(chunk: Uint8Array): "fine" | "refused";
  /** Largest packet from now on, in bytes. */
  allow(bytes: number): void;
}

/** The remaining length has at most four bytes of seven bits. */
const LENGTH_BYTES_MAX = 4;

/** A guard that lets packets of at most `bytes` (header not counted) pass. */
export function createPacketGuard(bytes: number): PacketGuard {
  let most = bytes;
  let body = 0;
  let lengthBytes = -1;
  let length = 0;
  /** Takes one byte of a header; false when the packet is refused. */
  const header = (byte: number): boolean => {
    lengthBytes += 1;
    if (lengthBytes === 0) return true;
    length += (byte & 0x7f) * 128 ** (lengthBytes - 1);
    if (length > most) return false;
    if (byte >= 0x80) return lengthBytes < LENGTH_BYTES_MAX;
    body = length;
    length = 0;
    lengthBytes = -1;
    return true;
  };
  return {
    look(chunk) {
      for (let at = 0; at < chunk.length; ) {
        const skip = Math.min(body, chunk.length - at);
        body -= skip;
        at += skip;
        if (at < chunk.length && !header(chunk[at++] ?? 0)) return "refused";
      }
      return "fine";
    },
    allow: (next) => {
      most = next;
    },
  };
}
