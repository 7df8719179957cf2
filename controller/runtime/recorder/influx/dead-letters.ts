// Lines that a database will never take, kept for a person to look at. Bounded: what comes after the cap is only
// counted.
import { appendFile, stat } from "node:fs/promises";

const FILE_BYTES_MAX = 1_000_000;

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return 0;
    throw error;
  }
}

/** Appends a line with the reason; false when the file is full. */
export async function keepDeadLetter(path: string, line: string, why: string): Promise<boolean> {
  const text = `# ${why.replaceAll(/\s+/g, " ")}\n${line}\n`;
  if ((await sizeOf(path)) + text.length > FILE_BYTES_MAX) return false;
  await appendFile(path, text, { mode: 0o640 });
  return true;
}
