// The bytes of an Intel HEX image from address 0, with the checksum of each line proven. What no line says is 0xff, as erased
// flash is.

const DATA = 0;
const END = 1;
const ERASED = 0xff;

/** Throws Error, which names the line, for what is no such image. `most` bounds its last address. */
export function readHex(text: string, most = 0x8000): Uint8Array {
  const image = new Uint8Array(most).fill(ERASED);
  let end = 0;
  let isWhole = false;
  for (const line of text.split("\n").filter((one) => one.startsWith(":"))) {
    const record = Buffer.from(line.slice(1).trim(), "hex");
    const [length = 0, , , type] = record;
    if (record.length !== length + 5 || record.reduce((sum, byte) => sum + byte, 0) % 256 !== 0)
      throw new Error(`wrong checksum: ${line}`);
    const from = record.readUInt16BE(1);
    if (type === END) isWhole = true;
    if (type !== DATA) continue;
    if (from + length > most) throw new Error(`it goes beyond address ${most}: ${line}`);
    image.set(record.subarray(4, 4 + length), from);
    end = Math.max(end, from + length);
  }
  if (!isWhole) throw new Error("it has no end: the file is cut off");
  return image.subarray(0, end);
}
