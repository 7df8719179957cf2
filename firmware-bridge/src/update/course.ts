// A new firmware for one box by USB, from the first look to its HELLO: it is written only while the box is at rest, what it ran
// before is kept first, and comes back where the new one does not say HELLO with its own version. Who cuts it off anywhere calls
// it again: the boot loader is never written.
import type { Clock } from "@gridwright/contract/clock.ts";
import { GridwrightError, messageOf } from "@gridwright/contract/errors.ts";
import { elapsed, later, type Millis, millis } from "@gridwright/contract/units.ts";
import type { Wire } from "../line/box-line.ts";
import { schemaHash } from "../protocol/messages.ts";
import { listen } from "./ears.ts";
import { holds, IMAGE_BYTES_MAX, readImage, writeImage } from "./flash.ts";
import { inTheWay, type Look, look, type Opened } from "./look.ts";
import { createStk500, isLost, SIGNATURE, type Stk500 } from "./stk500.ts";

export interface BoxImage {
  readonly bytes: Uint8Array;
  /** Version × 100, and the hash of the table it speaks: what its HELLO must say. */
  readonly firmware: number;
  readonly schema: number;
}

/** What was begun and not yet ended; `before` undefined: what ran before was never heard. */
export interface Underway {
  readonly from: number | null;
  readonly to: number;
}

/** What must outlive a power cut of this machine. */
export interface Keep {
  underway(): Underway | undefined;
  /** What the box ran before. */
  before(): Uint8Array | undefined;
  begin(underway: Underway, before: Uint8Array): Promise<void>;
  end(): Promise<void>;
}

export interface BoxPort {
  readonly wire: Wire;
  /** Resets the board by DTR; rejects where the port has no such wire. */
  readonly reset: () => Promise<void>;
}

export interface UpdateOptions {
  readonly port: BoxPort;
  readonly address: number;
  readonly image: BoxImage;
  readonly keep: Keep;
  readonly io: Clock;
  readonly random: () => number;
  readonly say: (line: string) => void;
  readonly progress: (text: string) => void;
  readonly nameOf: (point: string) => string;
  /** Somebody saw that all channels are off: for a box that says nothing which can be understood. */
  readonly seenOff: boolean;
}

/** same: it ran this one already. back: the new one did not say HELLO, what ran before does again. */
export interface Outcome {
  readonly kind: "done" | "same" | "back";
  readonly firmware: number;
}

interface Course extends UpdateOptions {
  readonly opened: Opened;
  readonly boot: Stk500;
}

const ATTEMPTS = 3;
const LOOKS = 5;
/** A new start says HELLO within half a second. */
const LOOKS_AFTER = 8;
/** The boot loader listens for a second after DTR. */
const BY_DTR: Millis = millis(2_500);
/** One that waits already, after a cut. */
const AT_ONCE: Millis = millis(1_000);
const BY_HAND: Millis = millis(60_000);

export const versionText = (firmware: number): string => (firmware / 100).toFixed(2);
const refused = (why: string): GridwrightError => new GridwrightError("update-refused", why);
const failed = (why: string): GridwrightError => new GridwrightError("update-failed", why);

/** Throws `update-refused` for an image that must not reach any box. */
export function proveImage({ bytes, schema }: BoxImage): void {
  if (bytes.length === 0 || bytes.length > IMAGE_BYTES_MAX)
    throw refused(`This image has ${bytes.length} bytes; a box takes 1 to ${IMAGE_BYTES_MAX}.`);
  if (schema !== schemaHash())
    throw refused(
      "This image speaks another table of messages than this gridwright: after it nobody could command the box. Install the gridwright that belongs to it first (gridwright update).",
    );
}

/** Throws `update-refused` while the box must not be reset. */
function mayReset({ keep, seenOff, nameOf }: Course, seen: Look): void {
  if (seen.kind === "answers" && seen.state !== undefined) {
    const why = inTheWay(seen.state, nameOf);
    if (why.length === 0) return;
    throw refused(
      `The box is not at rest: ${why.join("; ")}. What is on must be off first (gridwright hold ASSET --why update; afterwards gridwright clear ASSET).`,
    );
  }
  if (keep.underway() !== undefined || seenOff) return;
  throw refused(
    "The box says nothing that this program understands, so that it cannot tell whether its channels are off. Is it plugged in, and alone on its line? If so: go and see that everything on it is off, then add --seen-off.",
  );
}

/** The signature of the chip whose boot loader answers; undefined: none does in time. */
async function called({ boot, io, progress }: Course, within: Millis): Promise<string | undefined> {
  const until = later(io.now(), within);
  for (let left = within; left > 0; left = elapsed(io.now(), until)) {
    progress(`waiting for the boot loader, ${Math.ceil(left / 1_000)} s`);
    if (!(await boot.call())) continue;
    const signature = await boot.signature().catch((error: unknown) => {
      if (isLost(error)) return undefined;
      throw error;
    });
    if (signature !== undefined) return signature;
  }
  return undefined;
}

/** Brings the box into its boot loader, by DTR or by a person. Throws `update-failed` where none answers. */
async function enter(course: Course): Promise<void> {
  const { port, say } = course;
  // A port without DTR is met by the person's hand.
  const byDtr = await port.reset().then(
    () => true,
    () => false,
  );
  let signature = await called(course, byDtr ? BY_DTR : AT_ONCE);
  if (signature === undefined) {
    say("Press the reset button of the board itself (not the one of the box) now; there is a minute for it.");
    signature = await called(course, BY_HAND);
  }
  if (signature === undefined)
    throw failed(
      "No boot loader answered; nothing was written. This way is by USB only: a box on RS485 is carried to a USB port (--port). The board needs optiboot and its fuses (firmware-bridge/docs/build.md).",
    );
  if (signature !== SIGNATURE)
    throw refused(`This is no ATmega328P (its signature is ${signature}); nothing was written.`);
}

/**
 * Does this in the boot loader, and leaves it. Where a busy machine was late or a byte was lost, the boot loader has gone back to
 * its program: it is entered anew, and all is done once more.
 */
async function inBootLoader(course: Course, work: () => Promise<void>): Promise<void> {
  for (let at = 1; ; at++) {
    await enter(course);
    try {
      await work();
      return await course.boot.leave();
    } catch (error) {
      if (!isLost(error)) throw error;
      if (at === ATTEMPTS)
        throw failed(`${messageOf(error)} Call the update again: what was begun is brought to its end.`);
      course.say(`${messageOf(error)} Once more`);
    }
  }
}

const isRight = (seen: Look, { firmware, schema }: BoxImage): boolean =>
  seen.kind === "answers" && seen.firmware === firmware && seen.schema === schema;

const heardText = (seen: Look): string =>
  seen.kind === "silent" ? "it says nothing" : `it says firmware ${versionText(seen.firmware)}`;

async function write(course: Course, image: Uint8Array, held: number): Promise<void> {
  const { boot, progress, say } = course;
  await writeImage(boot, image, {
    held,
    progress: (share) => progress(`writing and reading back ${Math.round(share * 100)} %`),
  });
  say(`${image.length} bytes written, and read back the same`);
}

/** The new one did not say HELLO: what ran before comes back. */
async function goBack(course: Course, seen: Look): Promise<Outcome> {
  const { keep, say, image } = course;
  const before = keep.before();
  const from = keep.underway()?.from ?? null;
  const why = `After firmware ${versionText(image.firmware)} was written, ${heardText(seen)}`;
  if (before === undefined || from === null)
    throw failed(
      `${why}. What the box ran before never said HELLO either, so it is not written back. Call the update again with another image.`,
    );
  say(`${why}; firmware ${versionText(from)} is written back`);
  await inBootLoader(course, () => write(course, before, image.bytes.length));
  const again = await look(course.opened, LOOKS_AFTER);
  if (again.kind !== "answers" || again.firmware !== from)
    throw failed(
      `${why}; firmware ${versionText(from)} was written back, and ${heardText(again)}. Call the update again.`,
    );
  await keep.end();
  return { kind: "back", firmware: from };
}

/** Keeps what the box runs, once, and writes the new image. */
async function exchange(course: Course, seen: Look): Promise<void> {
  const { boot, keep, image, progress, say } = course;
  const held = await readImage(boot, (share) =>
    progress(`reading what it runs ${Math.round(share * 100)} %`),
  );
  if (keep.underway() === undefined) {
    const from = seen.kind === "answers" ? seen.firmware : null;
    await keep.begin({ from, to: image.firmware }, held);
    say(`what it runs is kept (${held.length} bytes)`);
  } else say("an update that was cut off goes on; what the box ran before it is kept already");
  if (holds(held, image.bytes)) say("the box holds this image already");
  else await write(course, image.bytes, held.length);
}

/** Throws `update-refused` with nothing written, `update-failed` or `link-down` where it must be called again. */
export async function updateBox(options: UpdateOptions): Promise<Outcome> {
  const { port, image, keep, io, say } = options;
  proveImage(image);
  const ears = listen(port.wire, io);
  const line = { wire: port.wire, ears, io };
  const course: Course = { ...options, opened: { ...options, ...line }, boot: createStk500(line) };
  const seen = await look(course.opened, LOOKS);
  if (isRight(seen, image)) {
    const ended = keep.underway() !== undefined;
    await keep.end();
    return { kind: ended ? "done" : "same", firmware: image.firmware };
  }
  mayReset(course, seen);
  say(
    seen.kind === "silent"
      ? "the box says nothing"
      : `the box runs firmware ${versionText(seen.firmware)} and is at rest`,
  );
  await inBootLoader(course, () => exchange(course, seen));
  const after = await look(course.opened, LOOKS_AFTER);
  if (!isRight(after, image)) return goBack(course, after);
  await keep.end();
  return { kind: "done", firmware: image.firmware };
}
