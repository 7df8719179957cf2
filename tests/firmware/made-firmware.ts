// The boxes' firmware with another number, compiled from the sources as they are here.
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const FIRMWARE = fileURLToPath(new URL("../../firmware-bridge/firmware", import.meta.url));

const header = (root: string): string => join(root, "core", "box.h");
const [, number = ""] = /#define GW_FIRMWARE (\d+)/.exec(readFileSync(header(FIRMWARE), "utf8")) ?? [];
/** The number of the committed firmware, and of the next. */
export const NOW = Number(number);
export const NEXT = NOW + 1;
/** As it is told: hundredths. */
export const told = (firmware: number): string => (firmware / 100).toFixed(2);

/** As Intel HEX. Needs gcc-avr, avr-libc, binutils-avr and make. */
export function madeFirmware(firmware: number): string {
  const folder = mkdtempSync(join(tmpdir(), "gridwright-firmware-"));
  try {
    cpSync(FIRMWARE, folder, { recursive: true });
    const text = readFileSync(header(folder), "utf8");
    writeFileSync(header(folder), text.replace(/(#define GW_FIRMWARE) \d+/, `$1 ${firmware}`));
    execFileSync("make", ["OUT=out"], { cwd: folder, stdio: "ignore" });
    return readFileSync(join(folder, "out", "gridwright-box.hex"), "utf8");
  } finally {
    rmSync(folder, { recursive: true });
  }
}
