// The twin's line server on loopback: gives plant time to everybody (contract/pace.ts), waits for those who answer,
// and takes commands for tests and people: faults, a reset, questions about the truth. One JSON object per line.
import { createServer, type Socket } from "node:net";
import { createInterface } from "node:readline";
import type { Clock } from "@gridwright/contract/clock.ts";
import type { Log } from "@gridwright/contract/log.ts";
import { PACE_PATIENCE_MS, type PaceFrame } from "@gridwright/contract/pace.ts";
import { millis } from "@gridwright/contract/units.ts";
import { listen } from "./modbus-link.ts";

const CLIENTS_MAX = 32;
const LINE_MAX = 65_536;
const UNREAD_MAX = 4_194_304;
/** A client that was late this often in a row is not waited for until it answers again. */
const LATE_MAX = 3;

interface Client {
  readonly socket: Socket;
  /** Newest step it has answered; NaN: it never answers (services, tests). */
  done: number;
  late: number;
}

export interface PaceLineOptions {
  readonly host: string;
  readonly port: number;
  readonly io: Clock;
  readonly log: Log;
  /** Answers a command line; what comes back is sent as `{"answer": …}`. */
  readonly command: (line: Readonly<Record<string, unknown>>) => unknown;
}

export interface PaceLine {
  readonly port: number;
  send(frame: PaceFrame): void;
  /** Resolves when all who take part answered `m` or more, or PACE_PATIENCE_MS of real time have passed. */
  settled(m: number): Promise<void>;
  close(): Promise<void>;
}

function parse(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null
      ? (value as Readonly<Record<string, unknown>>)
      : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function write({ socket }: Client, message: unknown): void {
  if (!socket.writable) return;
  if (socket.writableLength > UNREAD_MAX) socket.destroy();
  else socket.write(`${JSON.stringify(message)}\n`);
}

/** Reads a client's lines: `done` moves it on, everything else is a command. */
function hear(client: Client, { command, log }: PaceLineOptions, moved: () => void): void {
  const { socket } = client;
  let unfinished = 0;
  socket.on("data", (chunk: Buffer) => {
    const end = chunk.lastIndexOf(10);
    unfinished = end < 0 ? unfinished + chunk.length : chunk.length - end - 1;
    if (unfinished > LINE_MAX) socket.destroy();
  });
  const lines = createInterface({ input: socket, crlfDelay: Number.POSITIVE_INFINITY });
  // The reader repeats its socket's error; it must be taken here, or a killed controller would end the twin.
  lines.on("error", (error: Error) => log.info("a pace client went away", { error: error.message }));
  lines.on("line", (line) => {
    const message = parse(line);
    if (typeof message?.done === "number") {
      client.done = message.done;
      client.late = 0;
      moved();
    } else
      write(client, { answer: message === undefined ? { error: "not a line of JSON" } : command(message) });
  });
}

/** Starts the line server. Rejects with `port-in-use`. */
export async function startPaceLine(options: PaceLineOptions): Promise<PaceLine> {
  const { io } = options;
  const clients = new Set<Client>();
  let moved: () => void = () => undefined;
  let newest: PaceFrame | undefined;
  const server = createServer({ noDelay: true }, (socket) => {
    const client: Client = { socket, done: Number.NaN, late: 0 };
    clients.add(client);
    socket.on("close", () => {
      clients.delete(client);
      moved();
    });
    hear(client, options, () => moved());
    if (newest !== undefined) write(client, newest);
  });
  server.maxConnections = CLIENTS_MAX;
  const port = await listen(server, options, "The twin's pace line");
  const awaited = (m: number): Client[] =>
    [...clients].filter(({ done, late }) => done < m && late < LATE_MAX);
  return {
    port,
    send(frame) {
      newest = frame;
      for (const client of clients) write(client, frame);
    },
    async settled(m) {
      if (awaited(m).length === 0) return;
      const patience = new AbortController();
      const { promise, resolve } = Promise.withResolvers<void>();
      moved = () => awaited(m).length === 0 && resolve();
      const timeout = io.sleep(millis(PACE_PATIENCE_MS), patience.signal).then(
        () => {
          for (const client of awaited(m)) client.late++;
        },
        () => undefined,
      );
      await Promise.race([promise, timeout]);
      moved = () => undefined;
      patience.abort();
    },
    close: () =>
      new Promise((closed) => {
        for (const { socket } of clients) socket.destroy();
        server.close(() => closed());
      }),
  };
}
