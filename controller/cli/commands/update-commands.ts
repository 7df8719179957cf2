// The commands of a new release: update, and what it asks of a release about the data.
import { parseQuantity } from "@gridwright/contract/quantity-text.ts";
import { type Millis, millis, minutes } from "@gridwright/contract/units.ts";
import { type Command, InvalidArgumentError } from "commander";
import { UPDATE_KEY } from "../installed-root.ts";
import { count } from "./flags.ts";
import { runDataFormat, runUpdate, type UpdateFlags } from "./update.ts";

const INSTALLED_ROOT = "/opt/gridwright";
/** A Pi that compiles everything anew takes half a minute. */
const PATIENCE = minutes(3);
const STOP = "systemctl stop gridwright.target";
const START = "systemctl start gridwright.target";

function time(text: string): Millis {
  const parsed = parseQuantity(text, "ms");
  if (parsed.ok && parsed.value > 0) return millis(parsed.value);
  throw new InvalidArgumentError("a time: 3 min");
}

export function addUpdateCommands(program: Command, write: (line: string) => void): void {
  program
    .command("update")
    .description(
      "install a signed release from a file or stick; it is taken back by itself unless it does well",
    )
    .argument("[place]", "the update (*.gwu), or a folder that holds some")
    .option("--root <dir>", "where releases are installed", INSTALLED_ROOT)
    .option("--data <dir>", "data folder of the site", "/var/lib/gridwright")
    .option("--key <file>", "public key of those who make releases", UPDATE_KEY)
    .option("--back", "go back to the release before")
    .option("--resume", "bring an update that was cut off to its end")
    .option("--stop <command>", "ends what runs", STOP)
    .option("--start <command>", "starts it", START)
    .option("--patience <time>", "how long it may take to do well before it is taken back", time, PATIENCE)
    .action((place: string | undefined, flags: UpdateFlags) => runUpdate(place, flags, write));
  program
    .command("data-format", { hidden: true })
    .argument("<format>", "of a data folder on which nobody runs", count)
    .requiredOption("--data <dir>")
    .action((format: number, { data }: { readonly data: string }) => runDataFormat(format, data));
}
