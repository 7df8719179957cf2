// The command of the doctor.
import { LANGUAGES, type Language } from "@gridwright/contract/reasons.ts";
import { type Command, InvalidArgumentError } from "commander";
import { type DoctorFlags, runDoctor } from "./doctor.ts";

function language(text: string): Language {
  const found = LANGUAGES.find((one) => one === text);
  if (found !== undefined) return found;
  throw new InvalidArgumentError(`one of ${LANGUAGES.join(", ")}`);
}

export function addDoctorCommands(program: Command, write: (line: string) => void): void {
  program
    .command("doctor")
    .description(
      "what is well and what is not with machine and site, each with its cure; exit code 1: see to it, 2: at once",
    )
    .option("--data <dir>", "data folder of the site, running or not", "data")
    .option("--config <site.yaml>", "the site file, where the data folder does not name it")
    .option("--language <language>", "en or es", language, "en")
    .option("--json", "one JSON object instead of text")
    .action(async (flags: DoctorFlags) => {
      process.exitCode = await runDoctor(flags, write);
    });
}
