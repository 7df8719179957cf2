// Backups on an SFTP server, by the system's own client with a key: nothing is asked. The file is made on this machine first,
// since that client sends files only, sent under a draft's name, fetched again and compared, and only then named.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import { draftName, letGo } from "./keep.ts";
import type { BackupPlace } from "./place.ts";
import type { Storing } from "./storing.ts";

type SftpPlace = Extract<BackupPlace, { readonly kind: "sftp" }>;

/** Work below the data folder while a backup is made for a server; left out of backups by its name. */
const WORK = "backup.tmp";
const OUTPUT_CHARS_MAX = 1_000_000;
const CONNECT_SECONDS_MAX = 20;
/** A line that is dead for so long is given up, s. */
const ALIVE_EVERY_SECONDS = 15;

const failed = (why: string, cause?: unknown): GridwrightError =>
  new GridwrightError("backup-failed", why, { cause });

const OPTIONS: readonly string[] = [
  "BatchMode=yes",
  `ConnectTimeout=${CONNECT_SECONDS_MAX}`,
  `ServerAliveInterval=${ALIVE_EVERY_SECONDS}`,
  "StrictHostKeyChecking=yes",
  "LogLevel=ERROR",
];

/** Files by which the two know each other; without them the user's own. */
export interface SftpLogin {
  readonly key?: string;
  readonly knownHosts?: string;
}

interface Session extends SftpLogin {
  readonly place: SftpPlace;
}

/** What the client said, without its last word, which is always the same. */
const whyIn = (wrong: string): string =>
  wrong
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !/^Connection closed/.test(line))
    .slice(-2)
    .join("; ");

/** Runs one batch of commands; gives what it said. Throws `backup-failed`. */
function batch({ place, key, knownHosts }: Session, commands: readonly string[]): Promise<string> {
  const identity = key === undefined ? [] : ["-i", key, "-o", "IdentitiesOnly=yes"];
  const hosts = knownHosts === undefined ? [] : [`UserKnownHostsFile=${knownHosts}`];
  const options = [...OPTIONS, ...hosts].flatMap((option) => ["-o", option]);
  const args = ["-b", "-", "-P", String(place.port), ...options, ...identity, place.at];
  return new Promise((resolve, reject) => {
    const child = spawn("sftp", args, { stdio: ["pipe", "pipe", "pipe"] });
    let [said, wrong] = ["", ""];
    const keep = (before: string, chunk: Buffer): string =>
      (before + chunk.toString()).slice(-OUTPUT_CHARS_MAX);
    child.stdout.on("data", (chunk: Buffer) => {
      said = keep(said, chunk);
    });
    child.stderr.on("data", (chunk: Buffer) => {
      wrong = keep(wrong, chunk);
    });
    child.on("error", (cause) =>
      reject(failed(`sftp cannot be started (${cause.message}): apt install openssh-client`, cause)),
    );
    child.on("close", (code) =>
      code === 0
        ? resolve(said)
        : reject(failed(`${place.at} did not take the backup: ${whyIn(wrong) || `code ${code}`}`)),
    );
    child.stdin.on("error", () => undefined);
    child.stdin.end(`${commands.join("\n")}\n`);
  });
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of createReadStream(path)) hash.update(piece as Buffer);
  return hash.digest("hex");
}

const quoted = (path: string): string => `"${path}"`;

/** Puts a backup there and lets old ones go; gives where it is. Throws `backup-failed` and what the card throws. */
export async function intoSftp(
  session: Session,
  { name, site, keep, make, dataDir }: Storing,
): Promise<{ readonly at: string; readonly gone: number }> {
  const work = join(dataDir, WORK);
  const [made, back] = [join(work, name), join(work, "back")];
  const far = (one: string): string => quoted(`${session.place.folder}/${one}`);
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { recursive: true, mode: 0o700 });
  try {
    await make(made);
    await batch(session, [
      `-mkdir ${quoted(session.place.folder)}`,
      `put ${quoted(made)} ${far(draftName(name))}`,
      `get ${far(draftName(name))} ${quoted(back)}`,
    ]);
    if ((await hashOf(made)) !== (await hashOf(back)))
      throw failed(`What ${session.place.at} keeps is not what was sent.`);
    await batch(session, [`rename ${far(draftName(name))} ${far(name)}`]);
    const listed = await batch(session, [`ls -1 ${quoted(session.place.folder)}`]);
    const names = listed.split("\n").map((line) => basename(line.trim()));
    const old = keep === undefined ? [] : letGo(names, { site, keep, written: name });
    if (old.length > 0)
      await batch(
        session,
        old.map((one) => `rm ${far(one)}`),
      );
    return {
      at: `sftp://${session.place.at}:${session.place.port}${session.place.folder}/${name}`,
      gone: old.length,
    };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
