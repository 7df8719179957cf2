// What a box says of itself when somebody opens it who is not control: which firmware it runs, and why it may not be reset now.
// Nothing is configured or switched by it.
import type { Clock } from "@gridwright/contract/clock.ts";
import { CHANNEL_NAMES } from "@gridwright/contract/site/box-spec.ts";
import { elapsed, later, type Millis, millis } from "@gridwright/contract/units.ts";
import { FLAGS } from "../box/samples.ts";
import { decodeMessage, encodeMessage } from "../protocol/codec.ts";
import { createCutter } from "../protocol/frame.ts";
import { type Message, schemaHash } from "../protocol/messages.ts";
import type { Ears } from "./ears.ts";

type Of<K extends Message["kind"]> = Extract<Message, { kind: K }>;

/** silent: nobody answers in words that this program knows. `state` is missing where the box speaks another table. */
export type Look =
  | { readonly kind: "silent" }
  | {
      readonly kind: "answers";
      readonly firmware: number;
      readonly schema: number;
      readonly state?: Of<"state">;
    };

export interface Opened {
  readonly wire: { write(bytes: Uint8Array): unknown };
  readonly ears: Ears;
  readonly address: number;
  readonly io: Clock;
  readonly random: () => number;
}

const ANSWER: Millis = millis(400);
const NONCE_SPAN = 2 ** 32;

/** The first message that is meant; undefined: it does not come in time. */
async function hear<K extends Message["kind"]>(
  { ears, io, address }: Opened,
  kind: K,
  isMeant: (message: Of<K>) => boolean,
): Promise<Of<K> | undefined> {
  const cut = createCutter();
  const until = later(io.now(), ANSWER);
  for (let left = ANSWER; left > 0; left = elapsed(io.now(), until)) {
    for (const piece of cut(await ears.some(left))) {
      const received = decodeMessage(piece);
      if (typeof received === "string" || received.address !== address) continue;
      const { message } = received;
      if (message.kind === kind && isMeant(message as Of<K>)) return message as Of<K>;
    }
  }
  return undefined;
}

/** Opens the box, up to so many times. Its leases go on. */
export async function look(opened: Opened, tries: number): Promise<Look> {
  const { wire, ears, address, random } = opened;
  for (let at = 0; at < tries; at++) {
    const nonce = Math.floor(random() * NONCE_SPAN);
    ears.forget();
    wire.write(encodeMessage(0, { kind: "open", nonce }, address));
    const hello = await hear(opened, "hello", (one) => one.nonce === nonce);
    if (hello === undefined) continue;
    const { firmware, schema, session } = hello;
    if (schema !== schemaHash()) return { kind: "answers", firmware, schema };
    for (let beat = 1; beat <= tries; beat++) {
      ears.forget();
      wire.write(encodeMessage(beat, { kind: "heartbeat", session }, address));
      const state = await hear(opened, "state", () => true);
      if (state !== undefined) return { kind: "answers", firmware, schema, state };
    }
  }
  return { kind: "silent" };
}

/** Why a box in this state must not be reset, each with its cure; `nameOf` names what hangs on a channel. */
export function inTheWay(state: Of<"state">, nameOf: (point: string) => string): readonly string[] {
  const on = CHANNEL_NAMES.filter((_, place) => (state.outputs & (1 << place)) !== 0);
  const says = (flag: number): boolean => (state.flags & flag) !== 0;
  return [
    ...on.map((point) => `${nameOf(point)} is on`),
    ...(says(FLAGS.estop) || says(FLAGS.estopOpen)
      ? [
          "its emergency stop is latched, which a reset would forget: find out why, then press the button on the box",
        ]
      : []),
    ...(says(FLAGS.shedding) ? ["it sheds: wait until the supply is in order again"] : []),
  ];
}
