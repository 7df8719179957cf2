// The emulated ATmega328P with the committed image in its flash, rebuilt at each reset. It runs in exact virtual time, and
// leaps over its sleep. Nothing here knows what hangs on its pins.
import { readFileSync } from "node:fs";
import {
  AVRADC,
  AVRClock,
  AVREEPROM,
  AVRIOPort,
  AVRTimer,
  AVRUSART,
  AVRWatchdog,
  adcConfig,
  avrInstruction,
  CPU,
  type EEPROMMemoryBackend,
  portBConfig,
  portCConfig,
  portDConfig,
  timer1Config,
  usart0Config,
} from "avr8js";
import { readHex } from "../src/update/intel-hex.ts";
import { type BootLoader, createFlash, type Flash, programming } from "./flash.ts";

export const HZ = 16_000_000;
export const RAM_BEGIN = 0x100;
const SLEEP = 0x9588;
const SPM = 0x95e8;
const MCUSR = 0x54;
const UCSRA = 0xc0;
const UCSRB = 0xc1;
const RAM_BYTES = 2048;
const IMAGE = new URL("../firmware/gridwright-box.hex", import.meta.url);

/** Flash with the committed image, and behind it a boot loader where one is given. */
export const flashed = (boot?: BootLoader): Flash => createFlash(readHex(readFileSync(IMAGE, "utf8")), boot);

export type Chip = ReturnType<typeof createChip>;

/** A chip that has just been reset for this cause, with what its EEPROM and its flash hold. */
export function createChip(cause: number, eeprom: EEPROMMemoryBackend, flash: Flash) {
  const cpu = new CPU(flash.program.slice(), RAM_BYTES);
  cpu.pc = flash.startsAt;
  const watch = new AVRWatchdog(cpu, { watchdogInterrupt: 0x0c, MCUSR, WDTCSR: 0x60 }, new AVRClock(cpu, HZ));
  cpu.data[MCUSR] = cause;
  return {
    cpu,
    program: programming(cpu, flash),
    watch,
    eeprom: new AVREEPROM(cpu, eeprom),
    timer: new AVRTimer(cpu, timer1Config),
    line: new AVRUSART(cpu, usart0Config, HZ),
    adc: new AVRADC(cpu, adcConfig),
    b: new AVRIOPort(cpu, portBConfig),
    c: new AVRIOPort(cpu, portCConfig),
    d: new AVRIOPort(cpu, portDConfig),
  };
}

/** The emulator drops a byte that waits when the transmitter's interrupt is switched; the chip does not. */
export function keepReceived({ cpu, line }: Chip): void {
  const hook = cpu.writeHooks[UCSRB];
  const waiting = Reflect.get(line, "RXC");
  cpu.writeHooks[UCSRB] = (...call) => {
    const full = ((cpu.data[UCSRA] ?? 0) & 0x80) !== 0;
    const done = hook?.(...call);
    if (full) cpu.setInterruptFlag(waiting);
    return done ?? false;
  };
}

/** Runs until the cycle is reached or the watchdog fires, which it tells. Asleep, time leaps to the next event. */
export function runChip({ cpu, program }: Chip, until: number): "watchdog" | undefined {
  let fired = false;
  cpu.reset = () => {
    fired = true;
  };
  while (cpu.cycles < until && !fired) {
    const opcode = cpu.progMem[cpu.pc];
    const asleep = opcode === SLEEP;
    if (opcode === SPM) program();
    avrInstruction(cpu);
    const next: { cycles: number } | null = asleep ? Reflect.get(cpu, "nextClockEvent") : null;
    if (next !== null) cpu.cycles = Math.max(cpu.cycles, Math.min(next.cycles, until));
    cpu.tick();
  }
  return fired ? "watchdog" : undefined;
}
