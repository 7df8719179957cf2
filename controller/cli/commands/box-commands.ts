// The commands for boxes with microcontrollers: their firmware, and what one count of their converter is.
import { QUANTITIES, type Quantity } from "@gridwright/firmware-bridge/src/box/gain.ts";
import { type Command, InvalidArgumentError } from "commander";
import { UPDATE_KEY } from "../installed-root.ts";
import { type BoxCalibrateFlags, runBoxCalibrate } from "./box-calibrate.ts";
import { type BoxUpdateFlags, runBoxUpdate } from "./box-update.ts";

type Write = (line: string) => void;

function quantityOf(text: string): Quantity {
  const found = QUANTITIES.find((one) => one === text);
  if (found === undefined) throw new InvalidArgumentError(`one of ${QUANTITIES.join(", ")}`);
  return found;
}

function referenceOf(text: string): number {
  const value = Number(text.replace(",", "."));
  if (!(value > 0)) throw new InvalidArgumentError("what the instrument shows, a number above 0");
  return value;
}

type CalibrateWords = [
  id: string,
  quantity: Quantity | undefined,
  reference: number | undefined,
  flags: BoxCalibrateFlags,
];

function addCalibrate(box: Command, write: Write): void {
  box
    .command("calibrate")
    .description(
      "make voltage or current of a box what an instrument shows; kept by the running site, told to the box at each hello",
    )
    .argument("<box>", "its id in the site file")
    .argument("[quantity]", "voltage or current", quantityOf)
    .argument(
      "[reference]",
      "what the instrument shows, in V or A; asked for where it is left out",
      referenceOf,
    )
    .option("--meter <point>", "a meter of the site as the instrument, for example house/voltage")
    .option("--undo", "take the last calibration back")
    .option("--data <dir>", "data folder of the running site", "data")
    .option("--yes", "do it; without it this only says what would be done")
    .action((...[id, quantity, reference, flags]: CalibrateWords) => {
      const wanted = quantity && { quantity, ...(reference !== undefined && { reference }) };
      return runBoxCalibrate(id, { wanted, flags }, write);
    });
}

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
  addCalibrate(box, write);
}
