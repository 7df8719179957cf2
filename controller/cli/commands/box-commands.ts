// The commands for boxes with microcontrollers: their firmware, and what one count of their converter is.
import type { Command } from "commander";
import { UPDATE_KEY } from "../installed-root.ts";
import { type BoxUpdateFlags, runBoxUpdate } from "./box-update.ts";

type Write = (line: string) => void;

export function addBoxCommands(program: Command, write: Write): void {
  const box = program.command("box").description("boxes with microcontrollers: firmware and calibration");
  box
    .command("update")
    .description(
      "write signed firmware to a box by USB while all on it is off; what ran before is kept and comes back if need be",
    )
    .argument("<box>", "its id in the site file")
    .option("--image <file>", "a signed file with firmware (*.gwu); without it the one of this release")
    .option("--key <file>", "public key of those who make releases", UPDATE_KEY)
    .option("--data <dir>", "data folder of the site, running or not", "data")
    .option("--config <site.yaml>", "the site file, where nothing runs on the data folder")
    .option(
      "--port <device>",
      "another serial port: the board was carried to it; the site's own line is left alone",
    )
    .option("--seen-off", "I have seen that all on the box is off: for a box that says nothing")
    .option("--yes", "do it; without it this only says what would be done")
    .action((id: string, flags: BoxUpdateFlags) => runBoxUpdate(id, flags, write));
}
