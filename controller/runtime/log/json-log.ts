// The log adapter: one JSON line per message on stderr through pino; the supervisor or journald reads them.
import type { Log } from "@gridwright/contract/log.ts";
import pino from "pino";

export function jsonLog(process: string): Log {
  const logger = pino({ base: { process }, timestamp: pino.stdTimeFunctions.epochTime }, pino.destination(2));
  return {
    info: (message, fields) => logger.info(fields ?? {}, message),
    warn: (message, fields) => logger.warn(fields ?? {}, message),
    error: (message, fields) => logger.error(fields ?? {}, message),
  };
}
