// The passphrase of backups: from a file that only its owner reads, from the environment, or asked at a terminal. Never an
// argument, which every user of the machine sees, and never in a message.
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { GridwrightError } from "@gridwright/contract/errors.ts";
import { PASSPHRASE_CHARS_MIN } from "@gridwright/runtime/backup/seal.ts";

export const PASSPHRASE_VARIABLE = "GRIDWRIGHT_BACKUP_PASSPHRASE";
/** Beside the site file, for the nightly backup. */
export const PASSPHRASE_FILE = "backup-passphrase";
const OTHERS_MAY = 0o077;

const refused = (message: string): GridwrightError => new GridwrightError("usage", message);

function fromFile(path: string): string {
  if (!existsSync(path)) throw refused(`There is no file ${path} with the passphrase of backups.`);
  if ((statSync(path).mode & OTHERS_MAY) !== 0)
    throw refused(`Others may read the passphrase in ${path}: chmod 600 ${path}`);
  return readFileSync(path, "utf8").replace(/\r?\n$/, "");
}

/** Asks at the terminal without showing what is typed. */
function asked(question: string): Promise<string> {
  process.stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const line = createInterface({ input: process.stdin, output: silent, terminal: true });
  return new Promise((resolve, reject) => {
    line.on("SIGINT", () => line.close());
    line.on("close", () => reject(refused("No passphrase was given.")));
    line.question("", (answer) => {
      process.stderr.write("\n");
      resolve(answer);
      line.close();
    });
  });
}

/** Twice where it is new: a slip would lock the backup for ever. */
async function atTerminal(isNew: boolean): Promise<string> {
  if (!process.stdin.isTTY)
    throw refused(
      `No passphrase: write it into a file that only you may read and name it with --passphrase-file, or set ${PASSPHRASE_VARIABLE}.`,
    );
  const first = await asked("Passphrase of the backup: ");
  if (isNew && first !== (await asked("Once more: "))) throw refused("The two are not the same.");
  return first;
}

export interface PassphraseAsked {
  /** As named by a person. */
  readonly file?: string;
  readonly siteFile?: string;
  /** It is chosen now, not only entered. */
  readonly isNew: boolean;
}

async function given({ file, siteFile, isNew }: PassphraseAsked): Promise<string> {
  if (file !== undefined) return fromFile(file);
  const { [PASSPHRASE_VARIABLE]: told } = process.env;
  if (told !== undefined) return told;
  const beside = siteFile === undefined ? undefined : join(dirname(siteFile), PASSPHRASE_FILE);
  return beside !== undefined && existsSync(beside) ? fromFile(beside) : atTerminal(isNew);
}

/** Throws `usage` where there is none or it is too short for a new one. */
export async function passphrase(wanted: PassphraseAsked): Promise<string> {
  const text = await given(wanted);
  if (text === "" || (wanted.isNew && text.length < PASSPHRASE_CHARS_MIN))
    throw refused(
      `A passphrase has at least ${PASSPHRASE_CHARS_MIN} characters: five random words are good, and easy to write down.`,
    );
  return text;
}
