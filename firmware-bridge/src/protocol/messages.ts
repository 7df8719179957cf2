// Everything that box and host may say to each other, as one table. The codec, the C header, docs/box-protocol.md and
// the shared vectors are made from it, and its hash stands in every hello, so that the two can never disagree unseen.
// Whoever changes a row changes the hash. Quantities carry their unit in the name; whole numbers, little-endian.

import {
  bytesOf,
  CHANNELS,
  CODES,
  type CodeKind,
  type FieldKind,
  LEASE_MAX_MS,
  LOG_ENTRIES,
  PROTOCOL_VERSION,
} from "./codes.ts";

interface MessageRow {
  readonly type: number;
  readonly from: "host" | "box";
  readonly meaning: string;
  /** In the order in which they travel: kind, and what the value means. */
  readonly fields: Readonly<Record<string, readonly [FieldKind, string]>>;
}

const session = ["u32", "from the hello that answered this host's open"] as const;
const channel = ["u8", "0 … 3"] as const;

export const MESSAGES = {
  open: {
    type: 0x01,
    from: "host",
    meaning: "Begins a session; all older sessions end. The only message without a session.",
    fields: { nonce: ["u32", "comes back in the hello"] },
  },
  configure_channel: {
    type: 0x02,
    from: "host",
    meaning:
      "Says what hangs on a channel. Kept over resets. Switches nothing, and is refused while the channel is on.",
    fields: {
      session,
      channel,
      role: ["role", "machines follow the emergency stop and never start by themselves"],
      on_silence: ["silence", "what becomes of the channel when lease or host is gone"],
      level: ["level", "which level of the pin energises"],
      tier: ["u8", "need: 0 is never shed, higher ones close later after a dead bus"],
      partner: ["u8", "channel that must be on for this one to be on; 255: none"],
      min_on_s: ["u16", "shortest time on; protection does not wait for it"],
      min_off_s: ["u16", "shortest time off; nothing closes earlier"],
      hold_max_s: ["u16", "longest time that an unfinished job is held"],
      run_on_s: ["u16", "how long the channel runs on after its dependants stopped"],
      silence_ms: ["u16", "host silence that counts like the end of the lease; 0: the lease alone counts"],
      idle_ma: ["u16", "current from which the machine is idle, below it stands by"],
      run_ma: ["u16", "current from which the machine works"],
      overload_ma: ["u32", "current from which the machine is overloaded; 0: never"],
    },
  },
  configure_box: {
    type: 0x03,
    from: "host",
    meaning: "Says what the box measures and guards. Kept over resets.",
    fields: {
      session,
      duty: ["duty", "a feeder box pulls the shed line, a load box follows it"],
      nominal_dv: ["u16", "nominal voltage; 0: the box measures no voltage"],
      rated_ma: ["u32", "rated current of the feeder; 0: not guarded"],
      rated_va: ["u32", "rated apparent power of the feeder; 0: not guarded"],
      overload_percent: ["u16", "of the rating; from here shed after 100 ms"],
      slow_s: ["u16", "above 110 % for so long: shed; 0: never"],
      volt_gain: ["u16", "0.1 mV per count of the converter"],
      amp_gain: ["u16", "0.1 mA per count of the converter"],
      quiet_s: ["u16", "supply in order for so long before anything closes by itself"],
      stagger_s: ["u16", "between one tier and the next when closing by itself"],
    },
  },
  set: {
    type: 0x04,
    from: "host",
    meaning: "Switches a channel for a time that the box counts. Answered by ack.",
    fields: {
      session,
      channel,
      output: ["output", "wanted"],
      ttl_ms: ["u32", "1 … 900 000; after it the channel goes to rest by its own policy"],
    },
  },
  heartbeat: {
    type: 0x05,
    from: "host",
    meaning:
      "The host is there; any accepted command says so too. Answered by state, before it by measure where one is due.",
    fields: { session },
  },
  set_source: {
    type: 0x06,
    from: "host",
    meaning: "Which source feeds the bus: which table of the under-voltage and under-frequency guard holds.",
    fields: { session, source: ["source", "unknown: only voltage is guarded"] },
  },
  read_log_entry: {
    type: 0x07,
    from: "host",
    meaning: "Asks for one entry of the log; answered by event or by ack no_such_entry.",
    fields: { session, index: ["u16", "the oldest that is left where this one is gone"] },
  },
  hello: {
    type: 0x41,
    from: "box",
    meaning: "Answers open.",
    fields: {
      nonce: ["u32", "of the open"],
      session: ["u32", "for all commands from now on"],
      schema: ["u32", "hash of this table; where it differs the host says nothing more"],
      firmware: ["u16", "version × 100"],
      reset: ["reset", "why the box started"],
      channels: ["u8", "how many there are"],
      uptime_ms: ["u32", "since then"],
      log_next: ["u16", "index that the next event gets"],
    },
  },
  ack: {
    type: 0x42,
    from: "box",
    meaning: "Answers a command.",
    fields: {
      of_type: ["u8", "of the command"],
      of_sequence: ["u16", "of the command"],
      result: ["result", "waiting: accepted, and done when its cause allows"],
    },
  },
  state: {
    type: 0x43,
    from: "box",
    meaning:
      "Answers heartbeat. A box that is alone on its line also sends it twice a second and after every change.",
    fields: {
      uptime_ms: ["u32", "dates the events, which count in it"],
      outputs: ["u8", "bit per channel: energised"],
      leases: ["u8", "bit per channel: a lease runs"],
      cause_0: ["cause", "why channel 0 is as it is"],
      cause_1: ["cause", "channel 1"],
      cause_2: ["cause", "channel 2"],
      cause_3: ["cause", "channel 3"],
      flags: ["u8", "1 e-stop latched, 2 its loop open, 4 shedding, 8 measurement lost, 16 bus dead"],
      machine: ["machine", "from the current"],
      log_next: ["u16", "index that the next event gets: what is missing is read from the log"],
    },
  },
  measure: {
    type: 0x44,
    from: "box",
    meaning:
      "Twice a second, where voltage or current is measured; on a shared line before the state that is due.",
    fields: {
      voltage_cv: ["u16", "true RMS, 10 mV"],
      current_ma: ["u32", "true RMS"],
      frequency_mhz: ["u32", "millihertz, from zero crossings; 0: none"],
      apparent_va: ["u32", "product of the two"],
      power_w: ["i32", "mean of the product; positive: consumption"],
      energy_wh: ["u32", "since the start"],
      thermistor: [
        "u16",
        "1,024ths of the reference at the divider of 10 kΩ above a thermistor; where none is, senseless",
      ],
    },
  },
  event: {
    type: 0x45,
    from: "box",
    meaning: `Something happened; kept in the log until ${LOG_ENTRIES} newer ones came or the box restarts. Sent at once where the box is alone on its line.`,
    fields: {
      index: ["u16", "counts up since the start"],
      at_ms: ["u32", "uptime"],
      event: ["event", "what"],
      channel: ["u8", "255: the box"],
      value: ["u16", "what decided: V in 10 mV, A in 100 mA, Hz in 10 mHz, or a cause"],
    },
  },
} as const satisfies Readonly<Record<string, MessageRow>>;

export type MessageName = keyof typeof MESSAGES;
type Rows = typeof MESSAGES;
type Value<K> = K extends CodeKind ? (typeof CODES)[K][number] : number;

/** A message with all its fields; codes are words, everything else whole numbers. */
export type Message = {
  [N in MessageName]: { readonly kind: N } & {
    readonly [F in keyof Rows[N]["fields"]]: Rows[N]["fields"][F] extends readonly [infer K, string]
      ? Value<K>
      : never;
  };
}[MessageName];

export const MESSAGE_NAMES = Object.keys(MESSAGES) as MessageName[];

/** The fields of a message in the order in which they travel. */
export function fieldsOf(name: MessageName): readonly (readonly [name: string, kind: FieldKind])[] {
  const { fields }: MessageRow = MESSAGES[name];
  return Object.entries(fields).map(([field, [kind]]) => [field, kind] as const);
}

export const payloadBytes = (name: MessageName): number =>
  fieldsOf(name).reduce((sum, [, kind]) => sum + bytesOf(kind), 0);

/** FNV-1a (32 bit) of everything in the table that both sides must agree on; meanings are words for people. */
export function schemaHash(): number {
  const rows = MESSAGE_NAMES.map((name) => [MESSAGES[name].type, name, fieldsOf(name)]);
  const text = JSON.stringify([PROTOCOL_VERSION, CHANNELS, LEASE_MAX_MS, CODES, rows]);
  let hash = 0x811c9dc5;
  for (const letter of text) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash;
}
