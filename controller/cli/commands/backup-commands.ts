// The commands that keep a site beyond its card: backup, restore.
import { parseQuantity } from "@gridwright/contract/quantity-text.ts";
import { type Keep, parseKeep } from "@gridwright/runtime/backup/keep.ts";
import { type BackupPlace, parsePlace } from "@gridwright/runtime/backup/place.ts";
import { type Command, InvalidArgumentError } from "commander";
import { type BackupFlags, type RestoreFlags, runBackup, runRestore } from "./backup.ts";
import { PASSPHRASE_FILE, PASSPHRASE_VARIABLE } from "./passphrase.ts";

type Write = (line: string) => void;

const HOUR_MS = 3_600_000;

function backupPlace(text: string): BackupPlace {
  const place = parsePlace(text);
  if (place !== undefined) return place;
  throw new InvalidArgumentError(
    "a folder, usb:/media/stick/folder, or sftp://user@host/folder (with a key, never a password)",
  );
}

function keep(text: string): Keep {
  const parsed = parseKeep(text);
  if (parsed !== undefined) return parsed;
  throw new InvalidArgumentError("how many days, weeks and months: 7d,4w,12m");
}

function journalMs(text: string): number {
  const parsed = parseQuantity(text, "ms");
  if (parsed.ok && parsed.value >= HOUR_MS) return parsed.value;
  throw new InvalidArgumentError("a time of at least an hour: 14 d");
}

const FILE_HELP = `a file (mode 600) that holds the passphrase; without it ${PASSPHRASE_VARIABLE}`;

export function addBackupCommands(program: Command, write: Write): void {
  program
    .command("backup")
    .description(
      "the whole site into one encrypted file, while it runs: site file, secrets, ledger, history, journal",
    )
    .requiredOption(
      "--to <place>",
      "a folder, usb:/media/stick/folder, or sftp://user@host/folder",
      backupPlace,
    )
    .option("--data <dir>", "data folder of the site, running or not", "data")
    .option("--config <site.yaml>", "the site file, where the data folder does not name it")
    .option(
      "--keep <periods>",
      "let older ones there go: of so many days, weeks, months one each: 7d,4w,12m",
      keep,
    )
    .option(
      "--passphrase-file <file>",
      `${FILE_HELP}, the file ${PASSPHRASE_FILE} beside the site file, or it is asked`,
    )
    .option("--key <file>", "the key for SFTP; without it the user's own")
    .option("--known-hosts <file>", "the keys of SFTP servers; without it the user's own")
    .option("--journal <time>", "only so much of the journal: 14 d; without it all", journalMs)
    .action((flags: BackupFlags) => runBackup(flags, write));
  program
    .command("restore")
    .description("a site from a backup into an empty data folder")
    .argument("<file>", "the backup")
    .option("--data <dir>", "where to", "data")
    .option("--config <site.yaml>", "where the site file goes; without it below the data folder")
    .option("--passphrase-file <file>", `${FILE_HELP}, or it is asked`)
    .option("--check", "read all of it and say whether it is whole; writes nothing")
    .action((file: string, flags: RestoreFlags) => runRestore(file, flags, write));
}
