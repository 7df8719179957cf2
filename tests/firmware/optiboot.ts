// A box with a boot loader, in virtual time: optiboot as Debian ships it (arduino-core-avr) on the emulated chip, whose reset
// button somebody presses.
import { execFileSync } from "node:child_process";
import { EventEmitter } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as turnOfLoop } from "node:timers/promises";
import { mono } from "@gridwright/contract/units.ts";
import { createBox, RESET } from "@gridwright/firmware-bridge/emulator/emulated-box.ts";
import type { BootLoader } from "@gridwright/firmware-bridge/emulator/flash.ts";
import {
  type BoxImage,
  type Keep,
  type Outcome,
  type Underway,
  updateBox,
} from "@gridwright/firmware-bridge/src/update/course.ts";
import { randomFrom } from "@gridwright/twin/plant/random.ts";
import { createVirtualClock } from "./virtual-clock.ts";

/** Debian's own hex of it is some bytes longer than the section it was linked for, so it is linked for the next larger one. */
const SOURCE = "/usr/share/arduino/hardware/arduino/avr/bootloaders/optiboot";
const SECTION = 0x7c00;
const STEP_MS = 2;
const TURNS = 4;

export const OPTIBOOT_NEEDS = ["arduino-core-avr", "gcc-avr", "avr-libc", "binutils-avr", "make"] as const;

/** Compiled from its source, for the boot section of 1 kB. */
export function optiboot(): BootLoader {
  const folder = mkdtempSync(join(tmpdir(), "gridwright-optiboot-"));
  try {
    const elf = join(folder, "optiboot.elf");
    const bin = join(folder, "optiboot.bin");
    const place = [
      `-Wl,--section-start=.text=0x${SECTION.toString(16)}`,
      "-Wl,--section-start=.version=0x7ffe",
    ];
    const chip = ["-mmcu=atmega328p", "-DF_CPU=16000000L", "-DBAUD_RATE=115200", "-DLED_START_FLASHES=3"];
    const code = ["-Os", "-w", "-fno-split-wide-types", "-fno-inline-small-functions", "-nostartfiles"];
    const all = [...code, ...chip, ...place, `-I${SOURCE}`, "-o", elf, `${SOURCE}/optiboot.c`];
    execFileSync("avr-gcc", all);
    execFileSync("avr-objcopy", ["-O", "binary", "-j", ".text", elf, bin]);
    return { at: SECTION, bytes: readFileSync(bin) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What would be in the data folder. */
export function createKept() {
  let underway: Underway | undefined;
  let before: Uint8Array | undefined;
  const keep: Keep = {
    underway: () => underway,
    before: () => before,
    async begin(begun, held) {
      underway = begun;
      before = held;
    },
    async end() {
      underway = undefined;
    },
  };
  return keep;
}

export interface Bench {
  /** Pulls the plug out where it says this. */
  readonly pulled?: (text: string) => boolean;
  /** The port has no DTR; who is asked to presses the button. */
  readonly byHand?: true;
  readonly nobody?: true;
  readonly seenOff?: true;
  /** What becomes of the bytes on their way to the box. */
  readonly spoil?: (bytes: Uint8Array) => Uint8Array;
}

/** A box and the only line to it, whose time goes on while something is under way. */
function createLine(boot: BootLoader | undefined) {
  const box = createBox({ volts: 231, amps: 0, hz: 50 }, boot === undefined ? {} : { boot });
  const clock = createVirtualClock();
  let wire: EventEmitter | undefined;
  return {
    ...{ box, clock },
    async run(isOver: () => boolean, mostMs = 200_000): Promise<void> {
      for (const until = clock.now() + mostMs; !isOver() && clock.now() < until; ) {
        box.run(STEP_MS);
        const bytes = box.sent();
        if (bytes.length > 0) wire?.emit("data", bytes);
        clock.to(mono(clock.now() + STEP_MS));
        for (let turn = 0; turn < TURNS; turn++) await turnOfLoop();
      }
    },
    plug(spoil: (bytes: Uint8Array) => Uint8Array) {
      const fresh = new EventEmitter();
      wire = fresh;
      box.sent();
      return Object.assign(fresh, {
        write: (bytes: Uint8Array): void => {
          if (wire === fresh) box.write(spoil(bytes));
        },
        destroy: (): void => void fresh.emit("close"),
      });
    },
    pull(): void {
      const gone = wire;
      wire = undefined;
      gone?.emit("close");
    },
  };
}

export function createBenchBox(boot?: BootLoader) {
  const line = createLine(boot);
  const { box, clock } = line;
  const keep = createKept();
  const said: string[] = [];
  const press = (): void => box.restart(RESET.external);
  return {
    ...{ box, clock, keep, said, press, run: line.run },
    /** One call of the command, to its end. */
    async update(image: BoxImage, bench: Bench = {}): Promise<Outcome> {
      const { pulled = () => false, byHand, nobody, seenOff, spoil = (bytes) => bytes } = bench;
      const wire = line.plug(spoil);
      const reset = async (): Promise<void> => {
        if (byHand || nobody) throw new Error("no such wire");
        press();
      };
      const told = (text: string): void => {
        if (byHand && text.startsWith("Press")) press();
        if (pulled(text)) line.pull();
      };
      let ended = false;
      const course = updateBox({
        ...{ port: { wire, reset }, address: 1, image, keep, io: clock, random: randomFrom(0x71) },
        ...{ seenOff: seenOff === true, progress: told, nameOf: (point) => point },
        say(text) {
          said.push(text);
          told(text);
        },
      }).finally(() => {
        ended = true;
      });
      // Awaited below, after its time has gone on.
      course.catch(() => undefined);
      await line.run(() => ended);
      return course;
    },
  };
}
