// Loaded before a program (NODE_OPTIONS=--import …): what its threads write to the journal meets a card that behaves as the
// file GRIDWRIGHT_CARD says: «slow» takes five seconds for each sync, «full» and «read-only» refuse as Linux does. Each time is
// noted in a file beside it.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

const SLOW_MS = 5_000;
const file = process.env.GRIDWRIGHT_CARD ?? "";
const { appendFileSync, readFileSync, openSync, writeSync, fdatasyncSync } = fs;
const idle = new Int32Array(new SharedArrayBuffer(4));
const MODES = { slow: undefined, full: "ENOSPC", "read-only": "EROFS" } as const;

function meet(): void {
  const mode = readFileSync(file, "utf8");
  if (mode in MODES) appendFileSync(`${file}.met`, `${mode}\n`);
  if (mode === "slow") Atomics.wait(idle, 0, 0, SLOW_MS);
  const code = Object.entries(MODES).find(([name]) => name === mode)?.[1];
  if (code !== undefined) throw Object.assign(new Error(`${code}: the card refuses`), { code });
}
const refusesOnly = (): void => {
  if (readFileSync(file, "utf8") !== "slow") meet();
};

fs.openSync = (path, flags, mode) => {
  if (String(path).endsWith(".gwj") && flags !== "r") refusesOnly();
  return openSync(path, flags, mode);
};
fs.writeSync = ((...args: Parameters<typeof writeSync>) => {
  refusesOnly();
  return writeSync(...args);
}) as typeof writeSync;
fs.fdatasyncSync = (fd) => {
  meet();
  fdatasyncSync(fd);
};
syncBuiltinESMExports();
