// One box on an emulated RP2040, with a host on its serial line, a supply at its converter, and wires to pull; as emulated-box.ts is
// on an ATmega328P. The chip is rebuilt at each reset; the memory beside it and, but for a power cut, its scratch words stay.

import {
  createListener,
  createSender,
  type Ends,
  isOpen,
  type Jumpers,
} from "@gridwright/firmware-bridge/emulator/host-end.ts";
import { createWave, type Supply } from "@gridwright/firmware-bridge/emulator/wave.ts";
import { GPIOPinState } from "rp2040js";
import { createPico, type Memory, type Pico, runPico, type Start } from "./pico-chip.ts";

const MS = 1e6;
const BYTE_NS = 10e9 / 115_200;
const CONVERSION_NS = 8_000;
const FIRST_CHANNEL = 2;
export const PINS = {
  estop: 6,
  button: 7,
  shedOut: 8,
  shedIn: 9,
  pump: 10,
  driver: 11,
  shared: 12,
  address: 13,
} as const;
type WireName = "estop" | "button" | "shedIn";
const MEMORY_BYTES = 256;

/** Joins a chip to line, supply and wires. */
function wire({ rp2040, clock }: Pico, { wave, hear, jumpers }: Ends) {
  const { adc, gpio } = rp2040;
  const [line] = rp2040.uart;
  const set = (pin: number, high: boolean): void => gpio[pin]?.setInputValue(high);
  const queue: number[] = [];
  let isUnderway = false;
  const arrival = clock.createAlarm(() => {
    const byte = queue.shift();
    if (byte !== undefined) line?.feedByte(byte);
    isUnderway = queue.length > 0;
    if (isUnderway) arrival.schedule(BYTE_NS);
  });
  if (line !== undefined) line.onByte = hear;
  let asked = 0;
  const conversion = clock.createAlarm(() => adc.completeADCRead(4 * wave(asked, clock.nanos / 1e9), false));
  adc.onADCRead = (channel) => {
    asked = channel;
    conversion.schedule(CONVERSION_NS);
  };
  set(PINS.estop, false);
  set(PINS.button, true);
  set(PINS.shedIn, true);
  set(PINS.shared, jumpers.shared !== true);
  for (let bit = 0; bit < 4; bit++) set(PINS.address + bit, isOpen(jumpers, bit));
  return {
    set,
    write(bytes: Uint8Array): void {
      queue.push(...bytes);
      if (!isUnderway) arrival.schedule(BYTE_NS);
      isUnderway = true;
    },
  };
}

interface Moved {
  readonly atMs: number;
  readonly pin: number;
  readonly state: GPIOPinState;
}

/** One chip after the other on one board, in one time. */
function createBoard(supply: Supply, jumpers: Jumpers) {
  const memory: Memory = { bytes: new Uint8Array(MEMORY_BYTES).fill(0xff), isThere: true };
  let before = 0;
  let chip = createPico({ cause: "power-on" }, memory);
  const atMs = (): number => (before + chip.clock.nanos) / MS;
  const heard = createListener(atMs);
  const history: Moved[] = [];
  const plug = () => {
    const listen = heard.listen();
    for (const [pin, one] of chip.rp2040.gpio.entries())
      one.addListener((state) => history.push({ atMs: atMs(), pin, state }));
    return wire(chip, { wave: createWave(supply), hear: listen, jumpers });
  };
  let ends = plug();
  return {
    ...heard,
    history,
    atMs,
    chip: () => chip,
    memory,
    write: (bytes: Uint8Array): void => ends.write(bytes),
    wire: (name: WireName, high: boolean): void => ends.set(PINS[name], high),
    restart(start: Start): void {
      before += chip.clock.nanos;
      chip = createPico(start, memory);
      ends = plug();
    },
  };
}

export function createPicoBox(supply: Supply = { volts: 231, amps: 0, hz: 50 }, jumpers: Jumpers = {}) {
  const board = createBoard(supply, jumpers);
  const pin = (at: number): GPIOPinState | undefined => board.chip().rp2040.gpio[at]?.value;
  return {
    ...board,
    ...createSender(board, jumpers),
    supply,
    /** Gives the resets that the watchdog made meanwhile. */
    run(forMs: number): number {
      const end = board.atMs() + forMs;
      let resets = 0;
      while (end - board.atMs() > 1e-6) {
        const chip = board.chip();
        if (runPico(chip, chip.clock.nanos + (end - board.atMs()) * MS) === undefined) continue;
        resets++;
        board.restart({ scratch: chip.scratch() });
      }
      return resets;
    },
    /** The pin of a channel: high, low, or an input. */
    pin(channel: number): GPIOPinState {
      const state = pin(FIRST_CHANNEL + channel) ?? GPIOPinState.Input;
      return state > GPIOPinState.High ? GPIOPinState.Input : state;
    },
    linePulled: (): boolean => pin(PINS.shedOut) === GPIOPinState.Low,
  };
}

export type PicoBox = ReturnType<typeof createPicoBox>;
