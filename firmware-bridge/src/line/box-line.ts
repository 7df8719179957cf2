// One serial line with its boxes: keeps it open, gives each box its turns, one question at a time, and takes what comes. A
// new connection is a new object, and nothing outlives the old one. A box that is silent costs the others one deadline a turn.

import type { Clock } from "@gridwright/contract/clock.ts";
import { messageOf } from "@gridwright/contract/errors.ts";
import type { Log } from "@gridwright/contract/log.ts";
import { elapsed, type Millis, millis } from "@gridwright/contract/units.ts";
import type { Box, Turn } from "../box/box.ts";
import type { Heard } from "../box/conversation.ts";
import { decodeMessage } from "../protocol/codec.ts";
import { createCutter } from "../protocol/frame.ts";
import { MESSAGES } from "../protocol/messages.ts";
import { createLending, type Lending } from "./lending.ts";

/** A port as it was opened, for one connection. */
export interface Wire {
  write(bytes: Uint8Array): unknown;
  destroy(): unknown;
  on(event: "data", listener: (chunk: Uint8Array) => void): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
  once(event: "close", listener: () => void): unknown;
}

export interface BoxLineOptions {
  readonly boxes: readonly Box[];
  /** Opens the port anew, with a deadline of its own; what it gives is closed by us. */
  readonly open: (signal: AbortSignal) => Promise<Wire>;
  /** The port, for people. */
  readonly place: string;
  readonly io: Clock;
  readonly random: () => number;
  readonly log: Log;
}

export interface BoxLine extends Pick<Lending, "lend" | "takeBack"> {
  /** Frames heard and dropped so far, and questions that were not answered. */
  readonly counts: { heard: number; broken: number; missed: number };
  close(): Promise<void>;
}

/** A box answers within a few ms; what takes longer is lost. On a shared line others wait meanwhile. */
const ANSWER_MAX: Millis = millis(80);
const ANSWER_MAX_ALONE: Millis = millis(300);
/** The pause before a port is tried again: first, longest. A box that is plugged in is back within 2 s. */
const RETRY_FIRST = 100;
const RETRY_MOST = 1_000;

const isHeard = (message: { readonly kind: keyof typeof MESSAGES }): message is Heard =>
  MESSAGES[message.kind].from === "box";

/** What a connection needs while it lasts. */
interface Talk {
  readonly wire: Wire;
  readonly ended: AbortController;
  turn: Turn | undefined;
  settled: () => void;
  wake: () => void;
}

export function createBoxLine(options: BoxLineOptions): BoxLine {
  const { boxes, place, io, random, log } = options;
  const counts = { heard: 0, broken: 0, missed: 0 };
  const stop = new AbortController();
  const lending = createLending(io);

  /** One connection to its end; why it ended. */
  async function connected(): Promise<string> {
    await lending.here(stop.signal);
    const signal = AbortSignal.any([stop.signal, lending.signal()]);
    const ended = await connect(options, signal, counts).catch((error: unknown) => messageOf(error));
    const why = lending.why() ?? ended;
    for (const box of boxes) box.lost(why);
    return why;
  }

  async function keep(): Promise<void> {
    let failures = 0;
    while (!stop.signal.aborted) {
      const began = io.now();
      const why = await connected();
      if (stop.signal.aborted) return;
      if (lending.why() !== undefined) continue;
      failures = elapsed(began, io.now()) > RETRY_MOST ? 1 : failures + 1;
      if (failures === 1) log.warn(`box line ${place} is down (${why}); it is tried again and again`);
      const pause = Math.min(RETRY_MOST, RETRY_FIRST * 2 ** Math.min(failures - 1, 8));
      // Rejects only when the line is closed.
      await io.sleep(millis(pause * (0.5 + random() / 2)), stop.signal).catch(() => undefined);
    }
  }
  const done = keep();
  return {
    counts,
    lend: lending.lend,
    takeBack: lending.takeBack,
    async close() {
      stop.abort();
      await done;
    },
  };
}

/** One connection from its opening to its end; says why it ended. */
async function connect(
  options: BoxLineOptions,
  signal: AbortSignal,
  counts: BoxLine["counts"],
): Promise<string> {
  const wire = await options.open(signal);
  const talk: Talk = {
    wire,
    ended: new AbortController(),
    turn: undefined,
    settled: () => undefined,
    wake: () => undefined,
  };
  let why = "the port was closed";
  wire.on("data", receiver(options, talk, counts));
  wire.on("error", (error) => {
    why = error.message;
  });
  wire.once("close", () => talk.ended.abort());
  signal.addEventListener("abort", () => wire.destroy(), { once: true, signal: talk.ended.signal });
  if (signal.aborted) wire.destroy();
  for (const box of options.boxes) {
    box.lost("the line came anew");
    box.onWake(() => talk.wake());
  }
  await serve(options, talk, counts);
  return why;
}

/** Takes bytes as they come: whole frames go to their box, and may settle the turn. */
function receiver({ boxes, io }: BoxLineOptions, talk: Talk, counts: BoxLine["counts"]) {
  const cut = createCutter();
  return (chunk: Uint8Array): void => {
    for (const piece of cut(chunk)) {
      const received = decodeMessage(piece);
      if (typeof received === "string") counts.broken++;
      else if (isHeard(received.message)) {
        const { address, message } = received;
        counts.heard++;
        const settles = talk.turn?.address === address && talk.turn.settledBy(message);
        boxes.find((box) => box.address === address)?.hear(message, io.now());
        if (settles) talk.settled();
      }
    }
  };
}

/** The box whose turn has been due for longest. */
function nextBox(boxes: readonly Box[]): Box | undefined {
  return boxes.reduce<Box | undefined>(
    (first, box) => (first === undefined || box.dueAt() < first.dueAt() ? box : first),
    undefined,
  );
}

/** Asks one box after the other until the connection ends. */
async function serve({ boxes, io }: BoxLineOptions, talk: Talk, counts: BoxLine["counts"]): Promise<void> {
  const { ended, wire } = talk;
  while (!ended.signal.aborted) {
    const box = nextBox(boxes);
    const now = io.now();
    const wait = box === undefined ? RETRY_MOST : elapsed(now, box.dueAt());
    const turn = wait > 0 ? undefined : box?.turn(now);
    if (turn === undefined) {
      await until(talk, io, millis(Math.max(1, wait)), (wake) => {
        talk.wake = wake;
      });
      continue;
    }
    talk.turn = turn;
    let isSettled = false;
    const waiting = until(talk, io, boxes.length === 1 ? ANSWER_MAX_ALONE : ANSWER_MAX, (wake) => {
      talk.settled = () => {
        isSettled = true;
        wake();
      };
    });
    wire.write(turn.frame);
    await waiting;
    talk.turn = undefined;
    talk.settled = () => undefined;
    if (isSettled || ended.signal.aborted) continue;
    counts.missed++;
    turn.missed();
  }
}

/** Resolves after a time, when it is woken, or when the connection ends. */
async function until(
  { ended }: Talk,
  io: Clock,
  ...[time, arm]: readonly [time: Millis, arm: (wake: () => void) => void]
): Promise<void> {
  const over = new AbortController();
  const wake = (): void => over.abort();
  arm(wake);
  ended.signal.addEventListener("abort", wake, { once: true, signal: over.signal });
  if (ended.signal.aborted) wake();
  // Rejects only when it is woken.
  await io.sleep(time, over.signal).catch(() => undefined);
  wake();
}
