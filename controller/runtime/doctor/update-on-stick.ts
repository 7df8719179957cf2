// A newer release on a stick that is plugged in: so that people are told without anybody asking the internet. Only the head of a
// file is read, and only what the installed key signed is told of.
import { join } from "node:path";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import { mountPoints } from "../backup/mounted.ts";
import { type Bundle, openBundle } from "../update/bundle.ts";
import { isLater, updateKey } from "../update/manifest.ts";
import type { Host } from "./host.ts";

const STICKS = /^\/(?:media|mnt|run\/media)\/./;
export const UPDATE_FILE = /\.gwu$/;
/** Of one stick. */
const FILES_MOST = 20;
export const PLATFORM = `${process.platform}-${process.arch}`;

async function opened(file: string, key: ReturnType<typeof updateKey>): Promise<readonly Bundle[]> {
  try {
    return [await openBundle(file, key)];
  } catch (error) {
    // Pulled out, of another key, or none at all: nobody is told of it.
    if (error instanceof GridwrightError || (error instanceof Error && "code" in error)) return [];
    throw error;
  }
}

function keyOf(host: Host, file: string): ReturnType<typeof updateKey> | undefined {
  const pem = host.read(file);
  try {
    return pem === undefined ? undefined : updateKey(pem, file);
  } catch (error) {
    if (error instanceof GridwrightError) return undefined;
    throw error;
  }
}

/** The newest that is later than what runs; undefined: there is none, or no key by which one could be believed. */
export async function updateOnStick(
  host: Host,
  { version, key: keyFile }: { readonly version: string; readonly key: string },
): Promise<{ readonly version: string; readonly file: string } | undefined> {
  const key = keyOf(host, keyFile);
  if (key === undefined) return undefined;
  const sticks = mountPoints(host.read("/proc/self/mountinfo") ?? "").filter((point) => STICKS.test(point));
  const files = sticks.flatMap((stick) =>
    host
      .list(stick)
      .filter((name) => UPDATE_FILE.test(name))
      .slice(0, FILES_MOST)
      .map((name) => join(stick, name)),
  );
  let best: { readonly version: string; readonly file: string } | undefined;
  for (const file of files)
    for (const { manifest } of await opened(file, key)) {
      const fits = [PLATFORM, "any"].includes(manifest.platform);
      if (fits && isLater(manifest.version, best?.version ?? version))
        best = { version: manifest.version, file };
    }
  return best;
}
