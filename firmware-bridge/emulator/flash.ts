// The flash of an emulated ATmega328P, which its boot loader can write (avr8js leaves SPM out): page buffer, erase and write as in
// chapter 26 of the data sheet, but at once. Only what runs in the boot section may.
import type { CPU } from "avr8js";

const BYTES = 0x8000;
const PAGE = 128;
const Z = 30;
const SPMCSR = 0x57;
const ERASE = 0x03;
const WRITE = 0x05;
const FILL = 0x01;

export interface Flash {
  readonly program: Uint16Array;
  readonly bytes: Uint8Array;
  /** Words: where the chip starts, and from where on it is the boot loader that runs. */
  readonly startsAt: number;
  readonly bootAt: number;
}

/** A boot loader and where its section begins, as the fuses say. */
export interface BootLoader {
  readonly at: number;
  readonly bytes: Uint8Array;
}

export function createFlash(image: Uint8Array, boot?: BootLoader): Flash {
  const program = new Uint16Array(BYTES / 2).fill(0xffff);
  const bytes = new Uint8Array(program.buffer);
  bytes.set(image);
  if (boot === undefined) return { program, bytes, startsAt: 0, bootAt: BYTES };
  bytes.set(boot.bytes, boot.at);
  return { program, bytes, startsAt: boot.at / 2, bootAt: boot.at / 2 };
}

/** What its boot loader's SPM does, called before it. */
export function programming(cpu: CPU, { bytes, bootAt }: Flash): () => void {
  const buffer = new Uint8Array(PAGE).fill(0xff);
  const write = (page: number): void => {
    for (const [place, byte] of buffer.entries()) bytes[page + place] = (bytes[page + place] ?? 0) & byte;
    buffer.fill(0xff);
  };
  return () => {
    if (cpu.pc < bootAt) return;
    const at = cpu.dataView.getUint16(Z, true);
    const page = at & ~(PAGE - 1);
    const what = cpu.dataView.getUint8(SPMCSR) & 0x1f;
    if (what === FILL) buffer.set(cpu.data.subarray(0, 2), at & (PAGE - 2));
    else if (what === ERASE) bytes.fill(0xff, page, page + PAGE);
    else if (what === WRITE) write(page);
    // The chip runs a copy: what a test does to it ends with its life.
    cpu.progBytes.set(bytes.subarray(page, page + PAGE), page);
    cpu.data[SPMCSR] = 0;
  };
}
