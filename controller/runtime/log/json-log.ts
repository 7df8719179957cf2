// The log adapter: one JSON line per message on stderr through pino; the supervisor or journald reads them. A reader
// that is gone costs the line, nothing more: pino's own destination would retry for ever and hold the whole process.
import { writeSync } from "node:fs";
import type { Log } from "@gridwright/contract/log.ts";
import pino from "pino";

const STDERR = 2;

/** Writes what it can; counts what nobody took. */
function stderr() {
  let lost = 0;
  return {
    write(line: string): void {
      try {
        writeSync(STDERR, line);
      } catch {
        lost += 1;
      }
    },
    lost: () => lost,
  };
}

export function jsonLog(process: string): Log {
  const logger = pino({ base: { process }, timestamp: pino.stdTimeFunctions.epochTime }, stderr());
  return {
    info: (message, fields) => logger.info(fields ?? {}, message),
    warn: (message, fields) => logger.warn(fields ?? {}, message),
    error: (message, fields) => logger.error(fields ?? {}, message),
  };
}
