// The log adapter: one JSON line per message on stderr through pino; the supervisor or journald reads them. A reader
// that is gone costs the line, nothing more: pino's own destination would retry for ever and hold the whole process.
import { writeSync } from "node:fs";
import type { Log } from "@gridwright/contract/log.ts";
import pino from "pino";

const STDERR = 2;

/** Whether somebody took the line; nobody is waited for. */
function write(line: string): boolean {
  try {
    writeSync(STDERR, line);
    return true;
  } catch {
    return false;
  }
}

export function jsonLog(process: string): Log {
  const logger = pino({ base: { process }, timestamp: pino.stdTimeFunctions.epochTime }, { write });
  return {
    info: (message, fields) => logger.info(fields ?? {}, message),
    warn: (message, fields) => logger.warn(fields ?? {}, message),
    error: (message, fields) => logger.error(fields ?? {}, message),
  };
}
