// The emulated RP2040 with the committed image in its flash, rebuilt at each reset, and what its own boot program does: it proves
// the checksum of the first 256 bytes and runs them from RAM. Nothing here knows what hangs on its pins.
import { readFileSync } from "node:fs";
import { BasePeripheral, I2CMode, Simulator } from "rp2040js";
import { readUf2 } from "./uf2.ts";

const IMAGE = new URL("../../../firmware-bridge/firmware/gridwright-box-rp2040.uf2", import.meta.url);
const BOOT_BYTES = 256;
const BOOT_TO = 0x2004_1f00;
const RAM_BEGIN = 0x2000_0000;
const CHIP_RESET = 0x40064;
const HAD_POWER_ON = 1 << 8;
const HAD_RUN = 1 << 16;
const WATCHDOG = 0x40058;
const WATCHDOG_CTRL = 0;
const SCRATCH = 0x0c;
const MEMORY_ADDRESS = 0x50;
const MEMORY_BUSY_NS = 5_000_000;

export type Pico = ReturnType<typeof createPico>;

/** How a chip started: with power, by its reset pin, or by its watchdog, which leaves it these words. */
export type Start = { readonly cause: "power-on" | "external" } | { readonly scratch: readonly number[] };

const nothing = (): void => undefined;
const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing };

/** As the boot program reckons it. */
function bootChecksum(bytes: Uint8Array): number {
  let crc = 0xffff_ffff;
  for (const byte of bytes) {
    crc ^= byte << 24;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000_0000 ? (crc << 1) ^ 0x04c1_1db7 : crc << 1;
  }
  return crc >>> 0;
}

/** The memory beside the chip; while it stores a byte it does not answer. */
export interface Memory {
  readonly bytes: Uint8Array;
  isThere: boolean;
}

function joinMemory({ rp2040, clock }: Simulator, memory: Memory): void {
  const [, line] = rp2040.i2c;
  if (line === undefined) throw new Error("the chip has a second I2C line");
  let place = 0;
  let isPlaced = false;
  let busyUntil = Number.NEGATIVE_INFINITY;
  line.onConnect = (address, mode) => {
    isPlaced = mode === I2CMode.Read;
    line.completeConnect(memory.isThere && address === MEMORY_ADDRESS && clock.nanos >= busyUntil);
  };
  line.onWriteByte = (byte) => {
    if (isPlaced) {
      memory.bytes[place] = byte;
      busyUntil = clock.nanos + MEMORY_BUSY_NS;
    } else place = byte;
    isPlaced = true;
    line.completeWrite(true);
  };
  line.onReadByte = () => line.completeRead(memory.bytes[place++ % memory.bytes.length] ?? 0xff);
}

class ResetCause extends BasePeripheral {
  cause = HAD_POWER_ON;
  override readUint32(): number {
    return this.cause;
  }
}

function boot({ rp2040 }: Simulator): void {
  const first = rp2040.flash.subarray(0, BOOT_BYTES);
  if (bootChecksum(first.subarray(0, BOOT_BYTES - 4)) !== rp2040.flashView.getUint32(BOOT_BYTES - 4, true))
    throw new Error("the chip does not start this image: its checksum is wrong");
  rp2040.sram.set(first, BOOT_TO - RAM_BEGIN);
  rp2040.core.SP = BOOT_TO;
  rp2040.core.PC = BOOT_TO;
}

/** A chip that has just been reset, with what the memory beside it holds. */
export function createPico(start: Start, memory: Memory) {
  const simulator = new Simulator();
  const { rp2040, clock } = simulator;
  rp2040.logger = silent;
  rp2040.flash.set(readUf2(readFileSync(IMAGE)));
  const cause = new ResetCause(rp2040, "CHIP_RESET");
  rp2040.peripherals[CHIP_RESET] = cause;
  const watchdog = rp2040.peripherals[WATCHDOG];
  if (watchdog === undefined) throw new Error("the chip has a watchdog");
  const fired = { watchdog: false };
  Reflect.set(watchdog, "onWatchdogTrigger", () => {
    fired.watchdog = true;
    // It would fire again at this very instant, and for ever.
    watchdog.writeUint32(WATCHDOG_CTRL, 0);
  });
  if ("cause" in start) cause.cause = start.cause === "power-on" ? HAD_POWER_ON : HAD_RUN;
  else {
    Reflect.set(watchdog, "reason", 1);
    for (const [at, word] of start.scratch.entries()) watchdog.writeUint32(SCRATCH + 4 * at, word);
  }
  joinMemory(simulator, memory);
  boot(simulator);
  return {
    rp2040,
    clock,
    fired,
    scratch: (): number[] => [0, 1].map((at) => watchdog.readUint32(SCRATCH + 4 * at)),
  };
}

/** Runs until the time is reached or the watchdog fires, which it tells. Asleep, time leaps to the next event. */
export function runPico({ rp2040, clock, fired }: Pico, untilNs: number): "watchdog" | undefined {
  const { core } = rp2040;
  while (clock.nanos < untilNs && !fired.watchdog) {
    if (core.waiting) {
      const next = clock.nanosToNextAlarm;
      clock.tick(next > 0 ? Math.min(next, untilNs - clock.nanos) : untilNs - clock.nanos);
    } else clock.tick((core.executeInstruction() * 1e9) / rp2040.clkSys);
  }
  return fired.watchdog ? "watchdog" : undefined;
}
