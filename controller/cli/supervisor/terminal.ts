// What a person sees in the terminal: one readable line per log line of any process, and the address to open.
import { styleText } from "node:util";

export interface Terminal {
  /** A heading or a plain line of the supervisor itself. */
  say(line: string): void;
  /** Something that a script waits for; people are told in words. */
  event(event: Readonly<Record<string, unknown>>): void;
  /** A raw line that a process wrote: its JSON log, or anything else it let out. */
  line(process: string, raw: string): void;
}

interface LogLine {
  readonly level?: number;
  readonly time?: number;
  readonly msg?: string;
}

const WARN = 40;
const ERROR = 50;

const parse = (raw: string): LogLine | undefined => {
  if (!raw.startsWith("{")) return undefined;
  try {
    return JSON.parse(raw) as LogLine;
  } catch {
    return undefined;
  }
};

/** What every line has. */
const COMMON: ReadonlySet<string> = new Set(["level", "time", "msg", "process"]);
const DETAIL_MAX = 160;

/** Who and why of a warning, as ` (device: plug, why: …)`; other lines say enough by themselves. */
function details(log: LogLine): string {
  if ((log.level ?? 0) < WARN) return "";
  const said = Object.entries(log)
    .filter(([key]) => !COMMON.has(key))
    .map(([key, value]) => `${key}: ${typeof value === "string" ? value : JSON.stringify(value)}`);
  return said.length === 0 ? "" : ` (${said.join(", ").slice(0, DETAIL_MAX)})`;
}

const colour = (level: number, text: string): string => {
  if (level >= ERROR) return styleText("red", text);
  return level >= WARN ? styleText("yellow", text) : text;
};

/** For people: `10:42:07 control   main-meter has not answered for 12 s`. */
export function plainTerminal(write: (line: string) => void): Terminal {
  return {
    say: write,
    event: () => undefined,
    line(process, raw) {
      if (raw.trim() === "") return;
      const log = parse(raw);
      const time = new Date(log?.time ?? Date.now()).toTimeString().slice(0, 8);
      write(
        `${styleText("dim", `${time} ${process.padEnd(9)}`)} ${colour(log?.level ?? 0, log?.msg === undefined ? raw : log.msg + details(log))}`,
      );
    },
  };
}

/** For scripts: one JSON object a line. */
export function jsonTerminal(write: (line: string) => void): Terminal {
  return {
    say: (line) => {
      if (line !== "") write(JSON.stringify({ process: "supervisor", time: Date.now(), msg: line.trim() }));
    },
    event: (event) => write(JSON.stringify({ process: "supervisor", time: Date.now(), ...event })),
    line: (process, raw) => write(parse(raw) === undefined ? JSON.stringify({ process, msg: raw }) : raw),
  };
}
