// The bytes of an Intel HEX image from address 0, with the checksum of each line proven.

export function readHex(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const line of text.split("\n").filter((one) => one.startsWith(":"))) {
    const record = Buffer.from(line.slice(1).trim(), "hex");
    if (record.reduce((sum, byte) => sum + byte, 0) % 256 !== 0) throw new Error(`wrong checksum: ${line}`);
    const [length = 0, , , type] = record;
    const from = record.readUInt16BE(1);
    if (type === 0) for (let at = 0; at < length; at++) bytes[from + at] = record[4 + at] ?? 0;
  }
  return Uint8Array.from(bytes);
}
