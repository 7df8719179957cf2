// One box: the committed image on an emulated ATmega328P in exact virtual time, with a host on its serial line, a supply at
// its converter, and wires to pull. The chip is rebuilt at each reset; EEPROM and, but for a power cut, RAM stay.
import { type AVRPortConfig, EEPROMMemoryBackend, PinState, portBConfig, portDConfig } from "avr8js";
import { type Chip, createChip, flashed, HZ, keepReceived, RAM_BEGIN, runChip } from "./chip.ts";
import type { BootLoader } from "./flash.ts";
import { createListener, createSender, type Ends, isOpen, type Jumpers } from "./host-end.ts";
import { createWave, MIDDLE, type Supply } from "./wave.ts";

const MS = HZ / 1000;
export const RESET = { powerOn: 1, external: 2, watchdog: 8 } as const;

/** How this box is made and set up on its line. */
export interface Fitted extends Jumpers {
  /** None: the chip starts at 0. */
  readonly boot?: BootLoader;
}

interface Moved {
  readonly atMs: number;
  readonly port: "b" | "d";
  readonly levels: number;
  readonly outputs: number;
}

/** Joins a chip to line, supply and wires. */
function wire(chip: Chip, ends: Ends) {
  const { cpu, line, adc, b, c, d } = chip;
  const queue: number[] = [];
  const feed = (): void => {
    const byte = line.rxBusy ? undefined : queue.shift();
    if (byte !== undefined) line.writeByte(byte);
  };
  keepReceived(chip);
  line.onRxComplete = feed;
  line.onByteTransmit = ends.hear;
  adc.onADCRead = (input) => {
    const value = "channel" in input ? ends.wave(Number(input.channel), cpu.cycles / HZ) : MIDDLE;
    cpu.addClockEvent(() => adc.completeADCRead(value), adc.sampleCycles);
  };
  d.setPin(2, false);
  d.setPin(3, true);
  b.setPin(1, true);
  b.setPin(4, ends.jumpers.shared !== true);
  for (let bit = 0; bit < 4; bit++) c.setPin(2 + bit, isOpen(ends.jumpers, bit));
  return (bytes: Uint8Array): void => {
    queue.push(...bytes);
    feed();
  };
}

/** All that moved, over every start of the chip. */
function createRecord(atMs: () => number) {
  const history: Moved[] = [];
  return {
    history,
    watch({ cpu, b, d }: Chip): void {
      const note =
        (port: "b" | "d", { PORT, DDR }: AVRPortConfig) =>
        () =>
          history.push({ atMs: atMs(), port, levels: cpu.data[PORT] ?? 0, outputs: cpu.data[DDR] ?? 0 });
      b.addListener(note("b", portBConfig));
      d.addListener(note("d", portDConfig));
    },
  };
}

/** One chip after the other on one board, in one time. */
function createBoard(supply: Supply, jumpers: Fitted) {
  const eeprom = new EEPROMMemoryBackend(1024);
  const flash = flashed(jumpers.boot);
  let before = 0;
  let chip = createChip(RESET.powerOn, eeprom, flash);
  const sent: number[] = [];
  const cycles = (): number => before + chip.cpu.cycles;
  const atMs = (): number => cycles() / MS;
  const record = createRecord(atMs);
  const heard = createListener(atMs);
  const plug = (): ((bytes: Uint8Array) => void) => {
    record.watch(chip);
    const listen = heard.listen();
    const now = chip;
    const hear = (byte: number): void => {
      sent.push(byte);
      // What a boot loader says is no frame.
      if (now.cpu.pc < flash.bootAt) listen(byte);
    };
    return wire(chip, { wave: createWave(supply), hear, jumpers });
  };
  let write = plug();
  return {
    ...record,
    ...heard,
    cycles,
    atMs,
    flash: flash.bytes,
    chip: () => chip,
    write: (bytes: Uint8Array): void => write(bytes),
    /** The bytes on the line since the last call. */
    sent: (): Uint8Array => Uint8Array.from(sent.splice(0)),
    restart(cause: number): void {
      const ram = chip.cpu.data.slice(RAM_BEGIN);
      before += chip.cpu.cycles;
      chip = createChip(cause, eeprom, flash);
      if (cause !== RESET.powerOn) chip.cpu.data.set(ram, RAM_BEGIN);
      write = plug();
    },
  };
}

export function createBox(supply: Supply = { volts: 231, amps: 0, hz: 50 }, jumpers: Fitted = {}) {
  const board = createBoard(supply, jumpers);
  return {
    ...board,
    ...createSender(board, jumpers),
    supply,
    /** Gives the resets that the watchdog made meanwhile. */
    run(forMs: number): number {
      const end = board.cycles() + Math.round(forMs * MS);
      let resets = 0;
      while (board.cycles() < end) {
        const chip = board.chip();
        if (runChip(chip, end - board.cycles() + chip.cpu.cycles) === undefined) continue;
        resets++;
        board.restart(RESET.watchdog);
      }
      return resets;
    },
    /** The pin of a channel: high, low, or an input. */
    pin: (channel: number): PinState => board.chip().d.pinState(4 + channel),
    linePulled: (): boolean => board.chip().b.pinState(0) === PinState.Low,
  };
}

export type EmulatedBox = ReturnType<typeof createBox>;
