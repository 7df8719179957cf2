// A whole image through the boot loader, in an order in which no half of one ever runs: first the page at which the chip
// starts is made a loop that does nothing (all pins stay inputs, so that no coil has current), then all others, and when each was
// read back that page last. Cut off anywhere before, the box stands still until the next call.
import { GridwrightError } from "@gridwright/contract/errors.ts";
import { PAGE_BYTES, type Stk500 } from "./stk500.ts";

/** Above it boot loaders may lie. */
export const IMAGE_BYTES_MAX = 0x7000;
const ERASED = 0xff;
/** `rjmp .-2`: the chip stays where it is. */
const STAND_STILL = [0xff, 0xcf];

const paged = (bytes: Uint8Array): Uint8Array => {
  const whole = new Uint8Array(Math.ceil(bytes.length / PAGE_BYTES) * PAGE_BYTES).fill(ERASED);
  whole.set(bytes);
  return whole;
};
const pageAt = (image: Uint8Array, at: number): Uint8Array => image.subarray(at, at + PAGE_BYTES);
const isSame = (one: Uint8Array, other: Uint8Array): boolean => Buffer.compare(one, other) === 0;

type Progress = (share: number) => void;

/** All that a box runs, without what is erased at its end. */
export async function readImage(boot: Stk500, progress: Progress): Promise<Uint8Array> {
  const image = new Uint8Array(IMAGE_BYTES_MAX);
  for (let at = 0; at < IMAGE_BYTES_MAX; at += PAGE_BYTES) {
    image.set(await boot.read(at, PAGE_BYTES), at);
    progress((at + PAGE_BYTES) / IMAGE_BYTES_MAX);
  }
  return image.subarray(0, image.findLastIndex((byte) => byte !== ERASED) + 1);
}

async function prove(boot: Stk500, at: number, page: Uint8Array): Promise<void> {
  if (isSame(await boot.read(at, PAGE_BYTES), page)) return;
  throw new GridwrightError(
    "update-failed",
    `What was written at ${at} is read back otherwise: the box stands still, all its channels are off. Call the update again; where it stays so, its flash is worn out and the chip must be replaced.`,
  );
}

/** Whether the box holds exactly this image. */
export const holds = (held: Uint8Array, image: Uint8Array): boolean => isSame(paged(held), paged(image));

/** Writes and reads back an image. What lay behind its end is erased, so that a box holds this image and nothing else. */
export async function writeImage(
  boot: Stk500,
  image: Uint8Array,
  { held, progress }: { readonly held: number; readonly progress: Progress },
): Promise<void> {
  const whole = paged(image);
  const still = paged(Uint8Array.from(STAND_STILL));
  const erased = new Uint8Array(PAGE_BYTES).fill(ERASED);
  const end = Math.max(whole.length, Math.ceil(held / PAGE_BYTES) * PAGE_BYTES);
  const pages = Array.from({ length: end / PAGE_BYTES - 1 }, (_, place) => (place + 1) * PAGE_BYTES);
  const wanted = (at: number): Uint8Array => (at < whole.length ? pageAt(whole, at) : erased);
  const steps = 2 * pages.length;
  await boot.write(0, still);
  await prove(boot, 0, still);
  for (const [done, at] of pages.entries()) {
    await boot.write(at, wanted(at));
    progress(done / steps);
  }
  for (const [done, at] of pages.entries()) {
    await prove(boot, at, wanted(at));
    progress((pages.length + done) / steps);
  }
  await boot.write(0, pageAt(whole, 0));
  await prove(boot, 0, pageAt(whole, 0));
  progress(1);
}
