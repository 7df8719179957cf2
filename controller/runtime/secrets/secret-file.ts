// One file of secrets: plain JSON, 0600 in a folder of 0700, replaced in one step and synced. A file that cannot be
// read is an error, never a reason to make new secrets: every device would be locked out.
import { randomBytes } from "node:crypto";
import { chmod, open, readFile, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import { lockInTurn } from "../data-folder/lock.ts";
import { makeFolder, syncPath } from "../data-folder/made-folder.ts";

const SECRET_BYTES = 24;

/** A new secret: 192 random bits, as text that is safe in a URL and on a command line. */
export const newSecret = (): string => randomBytes(SECRET_BYTES).toString("base64url");

/** Reads a file of name → secret, adds a new one for each of `names` that it lacks, and returns all. */
export async function keepSecrets(
  path: string,
  names: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  const lacking = (known: object): readonly string[] => names.filter((name) => !Object.hasOwn(known, name));
  const before = await readSecrets(path);
  if (lacking(before).length === 0) return before;
  // Processes that start side by side must not make two of one name.
  const release = await lockInTurn(dirname(path), "secrets.lock");
  try {
    const old = await readSecrets(path);
    const made = lacking(old).map((name) => [name, newSecret()] as const);
    const all = { ...old, ...Object.fromEntries(made) };
    if (made.length > 0) await replaceSecretFile(path, all);
    return all;
  } finally {
    release();
  }
}

const unusable = (path: string, what: string, cause?: unknown) =>
  new GridwrightError("data-folder-unusable", `${path} ${what}`, { place: { file: path }, cause });

/** The JSON of a file that only its owner may read; undefined: there is none; null: it is not JSON. */
export async function readSecretFile(path: string): Promise<unknown> {
  const text = await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return undefined;
    throw unusable(path, `cannot be read: ${cause.message}. Give this user access to it.`, cause);
  });
  if (text === undefined) return undefined;
  await chmod(path, 0o600);
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

async function readSecrets(path: string): Promise<Readonly<Record<string, string>>> {
  const value = await readSecretFile(path);
  if (value === undefined) return {};
  const parsed = secretsIn(value);
  if (parsed === undefined)
    throw unusable(
      path,
      "is damaged. Restore it from a backup; deleting it makes new secrets, and every device must then be given its own again.",
    );
  return parsed;
}

function secretsIn(value: unknown): Readonly<Record<string, string>> | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const entries = Object.entries(value);
  return entries.every(([, secret]) => typeof secret === "string" && secret.length > 0)
    ? (Object.fromEntries(entries) as Record<string, string>)
    : undefined;
}

/** Writes `value` as JSON, 0600, in one step: a crash leaves the old file or the new one. Throws `data-folder-unusable`. */
export async function replaceSecretFile(path: string, value: unknown): Promise<void> {
  const folder = dirname(path);
  const draft = join(folder, `.${newSecret()}.tmp`);
  try {
    await makeFolder(folder, 0o700);
    await chmod(folder, 0o700);
    const file = await open(draft, "wx", 0o600);
    try {
      await file.writeFile(`${JSON.stringify(value, undefined, 2)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
    await syncPath(folder);
  } catch (cause) {
    throw unusable(path, `cannot be written: ${cause instanceof Error ? cause.message : cause}.`, cause);
  }
}
