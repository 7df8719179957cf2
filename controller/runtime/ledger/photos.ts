// Photos of meters that somebody read, beside the ledger: `photos/<sha256>.jpg`. The ledger's line names the hash, so that a photo
// cannot be changed unseen; one that a community takes away is told as missing, and nothing else changes.
import { createHash } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { replaceFile } from "../data-folder/replace-file.ts";

const FOLDER = "photos";
const NAMED = /^sha256:([0-9a-f]{64})$/;

const hashOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
const pathOf = (folder: string, hash: string): string => join(folder, FOLDER, `${hash}.jpg`);

/** What the ledger names it by. */
export const photoName = (bytes: Uint8Array): string => `sha256:${hashOf(bytes)}`;

/** Keeps it in the ledger's folder. */
export async function keepPhoto(folder: string, bytes: Uint8Array): Promise<void> {
  await mkdir(join(folder, FOLDER), { recursive: true, mode: 0o700 });
  await replaceFile(pathOf(folder, hashOf(bytes)), bytes);
}

/** The photo's hash, where the ledger keeps the photo itself; undefined: it names a place elsewhere. */
export const hashNamed = (photo: string | undefined): string | undefined => NAMED.exec(photo ?? "")?.[1];

/** Its bytes; undefined: it is not there any more. */
export async function photoOf(folder: string, hash: string): Promise<Buffer | undefined> {
  try {
    return await readFile(pathOf(folder, hash));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** Whether the kept photo is the one that the ledger named. */
export async function photoState(folder: string, hash: string): Promise<"whole" | "changed" | "missing"> {
  const bytes = await photoOf(folder, hash);
  if (bytes === undefined) return "missing";
  return hashOf(bytes) === hash ? "whole" : "changed";
}
