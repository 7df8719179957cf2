// The boxes' firmware with another number, compiled from the sources as they are here.
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const FIRMWARE = fileURLToPath(new URL("../../firmware-bridge/firmware", import.meta.url));

/** As Intel HEX. Needs gcc-avr, avr-libc, binutils-avr and make. */
export function madeFirmware(firmware: number): string {
  const folder = mkdtempSync(join(tmpdir(), "gridwright-firmware-"));
  try {
    cpSync(FIRMWARE, folder, { recursive: true });
    const header = join(folder, "core", "box.h");
    const text = readFileSync(header, "utf8");
    writeFileSync(header, text.replace(/(#define GW_FIRMWARE) \d+/, `$1 ${firmware}`));
    execFileSync("make", ["OUT=out"], { cwd: folder, stdio: "ignore" });
    return readFileSync(join(folder, "out", "gridwright-box.hex"), "utf8");
  } finally {
    rmSync(folder, { recursive: true });
  }
}
