// Firmware for boxes: the image that came with this release, or one out of a signed file (*.gwu), which may be a whole release or
// hold the image alone. The one of this release counts as signed with it.
import { readFileSync } from "node:fs";
import { GridwrightError, messageOf } from "@gridwright/contract/errors.ts";
import { type BoxImage, versionText } from "@gridwright/firmware-bridge/src/update/course.ts";
import { IMAGE_BYTES_MAX } from "@gridwright/firmware-bridge/src/update/flash.ts";
import { readHex } from "@gridwright/firmware-bridge/src/update/intel-hex.ts";
import { z } from "zod";
import { contentsOf, openBundle } from "../update/bundle.ts";
import { isPlain, updateKey } from "../update/manifest.ts";

/** Within a release, and within a file that holds an image alone. */
export const HEX_PATH = "firmware-bridge/firmware/gridwright-box.hex";
export const SAYS_PATH = "firmware-bridge/firmware/gridwright-box.json";
/** Of a file that holds an image alone: no update of a controller takes it. */
export const BOX_PLATFORM = "avr-atmega328p";
const ROOT = new URL("../../../", import.meta.url);
/** Hex is three times what it says. */
const HEX_BYTES_MAX = 3 * IMAGE_BYTES_MAX;

/** What its HELLO must say. */
const Says = z.strictObject({ firmware: z.int().min(1).max(65_535), schema: z.int().min(0) });

const refused = (place: string, why: string, cause?: unknown): GridwrightError =>
  new GridwrightError("update-refused", `${place} ${why}`, { place: { file: place }, cause });

function imageOf(place: string, hex: string, says: string): BoxImage {
  try {
    return { bytes: readHex(hex, IMAGE_BYTES_MAX), ...Says.parse(JSON.parse(says)) };
  } catch (error) {
    throw refused(place, `holds no image that can be used: ${messageOf(error)}`, error);
  }
}

/** Of this release. Throws `update-refused`. */
export function ownImage(): BoxImage {
  const text = (path: string): string => readFileSync(new URL(path, ROOT), "utf8");
  return imageOf("this release", text(HEX_PATH), text(SAYS_PATH));
}

function keyIn(file: string): ReturnType<typeof updateKey> {
  try {
    return updateKey(readFileSync(file, "utf8"), file);
  } catch (error) {
    if (error instanceof GridwrightError) throw error;
    throw new GridwrightError(
      "update-refused",
      `There is no key ${file} by which an image is believed; name it with --key.`,
      { cause: error },
    );
  }
}

/** Out of a signed file. Throws `update-refused`. */
export async function signedImage(path: string, keyFile: string): Promise<BoxImage> {
  const key = keyIn(keyFile);
  const bundle = await openBundle(path, key).catch((error: unknown) => {
    if (error instanceof GridwrightError) throw error;
    throw refused(path, `cannot be read: ${messageOf(error)}`, error);
  });
  const files = bundle.manifest.files.filter(isPlain);
  const wanted = files.filter((file) => file.path === HEX_PATH || file.path === SAYS_PATH);
  if (wanted.length !== 2) throw refused(path, "is signed, but holds no firmware for boxes.");
  if (wanted.some(({ size }) => size > HEX_BYTES_MAX))
    throw refused(path, "holds an image that no box has room for.");
  const texts = new Map<string, Buffer[]>();
  for await (const { file, bytes } of contentsOf(bundle))
    if (wanted.includes(file)) texts.set(file.path, [...(texts.get(file.path) ?? []), bytes]);
  const textOf = (name: string): string => Buffer.concat(texts.get(name) ?? []).toString("utf8");
  return imageOf(path, textOf(HEX_PATH), textOf(SAYS_PATH));
}

export const imageText = ({ bytes, firmware }: BoxImage): string =>
  `firmware ${versionText(firmware)} (${bytes.length} bytes)`;
