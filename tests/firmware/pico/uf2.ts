// The bytes of a UF2 image from the flash's first address on.

const BLOCK_BYTES = 512;
const MAGIC = [
  [0, 0x0a32_4655],
  [4, 0x9e5d_5157],
  [508, 0x0ab1_6f30],
] as const;
const FLASH_BEGIN = 0x1000_0000;

/** Throws on a block that is none, or that lies elsewhere. */
export function readUf2(file: Uint8Array): Uint8Array {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const image = new Uint8Array((file.length / BLOCK_BYTES) * 256);
  for (let at = 0; at < file.length; at += BLOCK_BYTES) {
    const isBlock = MAGIC.every(([place, word]) => view.getUint32(at + place, true) === word);
    const to = isBlock ? view.getUint32(at + 12, true) - FLASH_BEGIN : -1;
    const length = isBlock ? view.getUint32(at + 16, true) : 0;
    if (to < 0 || to + length > image.length) throw new Error(`the block at byte ${at} is none of an image`);
    image.set(file.subarray(at + 32, at + 32 + length), to);
  }
  return image;
}
