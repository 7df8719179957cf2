// How commands behave in a terminal: progress on one line, Ctrl-C, a reader that has read enough.
import { GridwrightError } from "@gridwright/contract/errors.ts";

/** Shows how far something is on one line of the terminal, which the next overwrites; nothing in a file or pipe. */
export function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
}

/** Ends with Ctrl-C; a second one ends the program at once. */
export function interrupted(): AbortSignal {
  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort(new GridwrightError("usage", "Ended by Ctrl-C.")));
  return stop.signal;
}

/** `gridwright read … | head`: a reader that has enough is no mistake. */
export function endWithReader(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit(0);
  });
}
